//! Numbers as people and programs write them. A number is read in one way or not at all: where
//! `1,234` may be 1234 or 1.234, another cell or the user decides.

use crate::evidence::{CountRange, Micros};

/// What a written number says about the separators in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No separator that matters.
    Plain,
    /// Can only be read with this decimal separator.
    Decided(char),
    /// One separator before exactly three digits: thousands or decimals.
    Ambiguous,
    NotANumber,
}

/// A decimal number, exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    pub negative: bool,
    /// All digits, without leading zeros.
    digits: String,
    /// How many of the digits stand after the point; negative for trailing zeros left out.
    scale: i64,
}

/// No ad was shown more often; a larger count is a damaged number, and sums cannot overflow.
const LARGEST_COUNT: u64 = 1_000_000_000_000;

/// The signs that stand beside an amount.
const SYMBOLS: [&str; 12] = [
    "$", "€", "£", "¥", "₩", "₹", "zł", "kr", "R$", "US$", "%", "CHF",
];

/// A count given as a range: `<5`, `≤100`, `>1000`, `≥ 1000`, `100-199`.
pub(super) fn range(text: &str, mark: char) -> Option<CountRange> {
    let text = text.trim();
    let count = |text: &str| read(text, mark)?.count();
    let after = |signs: [&str; 2]| signs.into_iter().find_map(|sign| text.strip_prefix(sign));
    if let Some(rest) = after(["<=", "≤"]) {
        return Some(CountRange {
            low: 0,
            high: Some(count(rest)?),
        });
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Some(CountRange {
            low: 0,
            high: Some(count(rest)?.checked_sub(1)?),
        });
    }
    if let Some(rest) = after([">=", "≥"]) {
        return Some(CountRange {
            low: count(rest)?,
            high: None,
        });
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Some(CountRange {
            low: count(rest)?.checked_add(1)?,
            high: None,
        });
    }
    let (low, high) = text.split_once(['-', '–'])?;
    let (low, high) = (count(low)?, count(high)?);
    (low <= high).then_some(CountRange {
        low,
        high: Some(high),
    })
}

/// The numbers of a text that may be a range: `1.000-5.000` has two, `<1.000` one.
pub(super) fn ends(text: &str) -> Vec<&str> {
    let text = text.trim().trim_start_matches(['<', '>', '=', '≤', '≥']);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match text.split_once(['-', '–']) {
        Some((low, high)) if digit(low.trim_end().chars().next_back()) => vec![low, high],
        _ => vec![text],
    }
}

/// The number without currency, percent sign, blanks and apostrophes between its digits.
fn core(text: &str) -> Option<String> {
    let mut rest = text.trim();
    if rest
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'))
    {
        return Some(rest.to_owned());
    }
    for symbol in SYMBOLS {
        rest = rest
            .trim_start_matches(symbol)
            .trim_end_matches(symbol)
            .trim();
    }
    if let Some(code) = rest.get(..3)
        && code.bytes().all(|b| b.is_ascii_uppercase())
    {
        rest = rest[3..].trim();
    }
    if let Some(at) = rest.len().checked_sub(3)
        && rest
            .get(at..)
            .is_some_and(|code| code.bytes().all(|b| b.is_ascii_uppercase()))
    {
        rest = rest[..at].trim();
    }
    let group = |c: char| {
        matches!(
            c,
            ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\'' | '\u{2019}'
        )
    };
    if !rest.contains(group) {
        return Some(rest.to_owned());
    }
    // Blanks and apostrophes may only stand before groups of three digits.
    let whole = rest.split(['.', ',']).next().unwrap_or("");
    let mut groups = whole.split(group);
    let first = groups
        .next()
        .unwrap_or("")
        .trim_start_matches(['-', '+', '−']);
    let grouped = (1..=3).contains(&first.len())
        && groups.all(|g| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()));
    (grouped && !rest[whole.len()..].contains(group)).then(|| rest.replace(group, ""))
}

/// Sign, digits with separators, and exponent.
fn parts(core: &str) -> Option<(bool, &str, i64)> {
    let (negative, rest) = match core.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, core.strip_prefix('+').unwrap_or(core)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            exponent.parse::<i64>().ok().filter(|e| e.abs() <= 400)?,
        ),
        None => (rest, 0),
    };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let marks = mantissa
        .bytes()
        .filter(|b| matches!(b, b'.' | b','))
        .count();
    (digits > 0 && digits + marks == mantissa.len()).then_some((negative, mantissa, exponent))
}

/// Whether `whole` is digits in groups of three separated by `mark`.
fn grouped(whole: &str, mark: char) -> bool {
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or("");
    let mut any = false;
    let all = groups.all(|group| {
        any = true;
        group.len() == 3
    });
    any && all && (1..=3).contains(&first.len()) && !first.starts_with('0')
}

/// What `text` says about the decimal separator of its file.
pub(super) fn shape(text: &str) -> Shape {
    let Some(core) = core(text) else {
        return Shape::NotANumber;
    };
    let Some((_, mantissa, exponent)) = parts(&core) else {
        return Shape::NotANumber;
    };
    let commas = mantissa.matches(',').count();
    let dots = mantissa.matches('.').count();
    let blanks = text.trim().chars().any(char::is_whitespace) || text.contains(['\'', '\u{2019}']);
    let mark = match (commas, dots) {
        (0, 0) => return Shape::Plain,
        (0, _) => '.',
        (_, 0) => ',',
        _ => {
            let decimal = if mantissa.rfind(',') > mantissa.rfind('.') {
                ','
            } else {
                '.'
            };
            return if read(text, decimal).is_some() {
                Shape::Decided(decimal)
            } else {
                Shape::NotANumber
            };
        }
    };
    let other = if mark == '.' { ',' } else { '.' };
    if commas + dots > 1 {
        return if grouped(mantissa, mark) {
            Shape::Decided(other)
        } else {
            Shape::NotANumber
        };
    }
    if grouped(mantissa, mark) && exponent == 0 && !blanks {
        Shape::Ambiguous
    } else {
        Shape::Decided(mark)
    }
}

/// The number, where `decimal` separates the decimals and the other mark groups of three digits.
pub(super) fn read(text: &str, decimal: char) -> Option<Decimal> {
    let core = core(text)?;
    let (negative, mantissa, exponent) = parts(&core)?;
    let (whole, fraction) = mantissa.split_once(decimal).unwrap_or((mantissa, ""));
    let thousands = if decimal == ',' { '.' } else { ',' };
    if whole.contains(thousands) && !grouped(whole, thousands)
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let digits: String = whole
        .chars()
        .filter(char::is_ascii_digit)
        .chain(fraction.chars())
        .collect();
    let digits = digits.trim_start_matches('0').to_owned();
    let scale = i64::try_from(fraction.len()).ok()? - exponent;
    Some(Decimal {
        negative: negative && !digits.is_empty(),
        digits,
        scale,
    })
}

impl Decimal {
    /// The number in units of 10^-`places`, rounded half to even, or `None` if it is too large.
    fn scaled(&self, places: i64) -> Option<i64> {
        let surplus = self.scale - places;
        if surplus <= 0 {
            if self.digits.is_empty() {
                return Some(0);
            }
            let value: i64 = self.digits.parse().ok()?;
            return value.checked_mul(10i64.checked_pow(u32::try_from(-surplus).ok()?)?);
        }
        let cut = self
            .digits
            .len()
            .saturating_sub(usize::try_from(surplus).ok()?);
        let (kept, lost) = self.digits.split_at(cut);
        let kept: i64 = if kept.is_empty() {
            0
        } else {
            kept.parse().ok()?
        };
        // The lost digits with their leading zeros restored, compared with 5000...
        let lost = format!(
            "{}{lost}",
            "0".repeat(usize::try_from(surplus).ok()?.saturating_sub(lost.len()))
        );
        let half = format!("5{}", "0".repeat(lost.len() - 1));
        let up = match lost.cmp(&half) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => kept % 2 == 1,
            std::cmp::Ordering::Greater => true,
        };
        kept.checked_add(i64::from(up))
    }

    /// Whole, not negative, and no larger than [`LARGEST_COUNT`]; `12.0` is whole.
    pub fn count(&self) -> Option<u64> {
        let lost = usize::try_from(self.scale.max(0))
            .ok()?
            .min(self.digits.len());
        let whole = self.digits.as_bytes()[self.digits.len() - lost..]
            .iter()
            .all(|b| *b == b'0');
        (whole && !self.negative)
            .then(|| self.scaled(0))
            .flatten()
            .and_then(|n| u64::try_from(n).ok())
            .filter(|n| *n <= LARGEST_COUNT)
    }

    /// Millionths, rounded half to even beyond six decimals.
    pub fn micros(&self) -> Option<Micros> {
        let value = self.scaled(6)?;
        Some(Micros(if self.negative { -value } else { value }))
    }

    /// Billionths of a number up to nine, rounded half to even beyond nine decimals.
    pub fn billionths(&self) -> Option<i64> {
        let value = self.scaled(9)?;
        Some(if self.negative { -value } else { value })
    }

    /// Plain decimal notation, for messages.
    pub fn plain(&self) -> String {
        let scale = usize::try_from(self.scale.max(0)).unwrap_or(0).min(400);
        let zeros = "0".repeat(usize::try_from(-self.scale.min(0)).unwrap_or(0));
        let digits = format!("{:0>width$}{zeros}", self.digits, width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.negative { "-" } else { "" };
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }
}

/// Seconds of a duration such as `75`, `2 min`, `1:15`, `00:01:15` or `1h 2m 5s`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let text = super::words::fold(text);
    if text.contains(':') {
        let parts: Vec<&str> = text.split(':').collect();
        if !(2..=3).contains(&parts.len()) || parts.iter().any(|p| p.is_empty() || p.len() > 3) {
            return None;
        }
        return parts
            .iter()
            .try_fold(0u64, |sum, part| Some(sum * 60 + part.parse::<u64>().ok()?));
    }
    let mut total = 0u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let factor = match &rest[..letters] {
            "" | "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
            _ => return None,
        };
        rest = rest[letters..].trim_start_matches(['.', ',']).trim_start();
        total = total.checked_add(number.checked_mul(factor)?)?;
    }
    (!text.is_empty()).then_some(total)
}
