//! Small counts in English words.

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
