//! Small counts and shares in English words.

const ONES: [&str; 20] = [
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// A count up to 99 in words; larger counts are clearer in figures, so there is no answer.
pub fn count(value: u64) -> Option<String> {
    let value = usize::try_from(value).ok()?;
    if let Some(word) = ONES.get(value) {
        return Some((*word).to_owned());
    }
    let tens = TENS.get(value / 10)?;
    Some(match value % 10 {
        0 => (*tens).to_owned(),
        ones => format!("{tens}-{}", ONES.get(ones)?),
    })
}

/// Fractions that a reader hears at once, as parts of sixty.
const FRACTIONS: [(u32, &str); 13] = [
    (6, "one in ten"),
    (12, "one in five"),
    (15, "one in four"),
    (18, "three in ten"),
    (20, "one in three"),
    (24, "two in five"),
    (30, "half"),
    (36, "three in five"),
    (40, "two in three"),
    (42, "seven in ten"),
    (45, "three in four"),
    (48, "four in five"),
    (54, "nine in ten"),
];

/// The ends of a range, finer near none and all.
const ENDS: [(u32, &str); 4] = [
    (0, "none"),
    (3, "one in twenty"),
    (57, "nineteen in twenty"),
    (60, "all"),
];

fn fraction(sixtieths: u32) -> f64 {
    f64::from(sixtieths) / 60.0
}

/// A share as a fraction that does not claim more than it: "more than four in five" for 0.83,
/// "almost four in five" for 0.79.
pub fn share(share: f64) -> String {
    // Nearer than this, a fraction says the same as the share, to half a per cent.
    const SAME: f64 = 0.005;
    const ALMOST: f64 = 0.025;
    if share <= 0.0 {
        return "none".into();
    }
    if share >= 1.0 {
        return "all".into();
    }
    let above = FRACTIONS
        .iter()
        .find(|(at, _)| fraction(*at) > share && fraction(*at) - share <= ALMOST);
    let below = FRACTIONS
        .iter()
        .rfind(|(at, _)| fraction(*at) <= share + 1e-12);
    match (below, above) {
        (Some((at, words)), _) if share - fraction(*at) < SAME => (*words).into(),
        (_, Some((_, words))) => format!("almost {words}"),
        (Some((_, words)), None) => format!("more than {words}"),
        (None, None) => "fewer than one in ten".into(),
    }
}

/// A range of shares, rounded outward: "between four in five and nineteen in twenty".
pub fn range(low: f64, high: f64) -> String {
    let (low, high) = (at_most(low), at_least(high));
    if low == high {
        low.into()
    } else {
        format!("between {low} and {high}")
    }
}

/// The largest fraction that is no larger.
pub fn at_most(share: f64) -> &'static str {
    steps()
        .into_iter()
        .rfind(|(at, _)| fraction(*at) <= share + 1e-12)
        .map_or("none", |(_, words)| words)
}

/// The smallest fraction that is no smaller.
pub fn at_least(share: f64) -> &'static str {
    steps()
        .into_iter()
        .find(|(at, _)| fraction(*at) >= share - 1e-12)
        .map_or("all", |(_, words)| words)
}

fn steps() -> Vec<(u32, &'static str)> {
    let mut steps = [FRACTIONS.as_slice(), &ENDS].concat();
    steps.sort_unstable_by_key(|(at, _)| *at);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a fraction in words amounts to.
    fn amount(words: &str) -> f64 {
        let all = [FRACTIONS.as_slice(), &ENDS].concat();
        let found = all.iter().find(|(_, name)| *name == words);
        fraction(found.unwrap_or_else(|| panic!("{words}")).0)
    }

    #[test]
    fn a_share_in_words_never_claims_more_than_it() {
        for step in 1..10_000 {
            let value = f64::from(step) / 10_000.0;
            let words = share(value);
            if let Some(words) = words.strip_prefix("more than ") {
                assert!(amount(words) < value, "{value}: {words}");
            } else if let Some(words) = words.strip_prefix("almost ") {
                assert!(
                    value < amount(words) && amount(words) - value <= 0.025,
                    "{value}: {words}"
                );
            } else if words == "fewer than one in ten" {
                assert!(value < 0.1, "{value}");
            } else {
                assert!(
                    (0.0..0.005001).contains(&(value - amount(&words) + 1e-12)),
                    "{value}: {words}"
                );
            }
        }
        assert_eq!((share(0.0).as_str(), share(1.0).as_str()), ("none", "all"));
        assert_eq!(share(0.8), "four in five");
        assert_eq!(share(0.83), "more than four in five");
        assert_eq!(share(0.79), "almost four in five");
        assert_eq!(share(1.0 / 3.0), "one in three");
    }

    #[test]
    fn a_range_in_words_holds_the_range() {
        for low in 0..=100 {
            for high in low..=100 {
                let (low, high) = (f64::from(low) / 100.0, f64::from(high) / 100.0);
                assert!(amount(at_most(low)) <= low + 1e-9, "{low}");
                assert!(amount(at_least(high)) >= high - 1e-9, "{high}");
            }
        }
        assert_eq!(
            range(0.805, 0.945),
            "between four in five and nineteen in twenty"
        );
        assert_eq!(range(0.5, 0.5), "half");
    }
}
