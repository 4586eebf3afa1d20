//! Number to text, in one place. Rounding never claims more than the data: ranges and intervals
//! print outward, and nothing prints as 0 % or 100 % unless it is exactly that.

use jiff::civil::Date;

/// Between a number and its unit.
const NBSP: char = '\u{00A0}';
const MINUS: char = '\u{2212}';
const EN_DASH: char = '\u{2013}';
/// Slack for the error of a product of two floats, far below any printed digit.
const SLACK: f64 = 1e-9;

/// An integer with commas between thousands.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A float with `digits` decimals, commas between thousands and a true minus sign.
pub fn decimal(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let grouped = whole
        .parse::<u64>()
        .map_or_else(|_| whole.to_owned(), count);
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !zero {
        MINUS.to_string()
    } else {
        String::new()
    };
    if fraction.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{fraction}")
    }
}

/// A share between 0 and 1 as a percentage.
pub fn percent(share: f64, digits: usize) -> String {
    let value = share * 100.0;
    let text = decimal(value, digits);
    let smallest = libm::pow(10.0, -(digits as f64));
    if share > 0.0 && text == decimal(0.0, digits) {
        return format!("less than {}{NBSP}%", decimal(smallest, digits));
    }
    if share < 1.0 && text == decimal(100.0, digits) {
        return format!("more than {}{NBSP}%", decimal(100.0 - smallest, digits));
    }
    format!("{text}{NBSP}%")
}

/// Which end of a range or interval a number is: decides the direction of rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Low,
    High,
}

impl End {
    /// `value` with `digits` decimals, away from the middle of its range.
    fn round(self, value: f64, digits: usize) -> f64 {
        let scale = libm::pow(10.0, digits as f64);
        match self {
            End::Low => (value * scale + SLACK).floor() / scale,
            End::High => (value * scale - SLACK).ceil() / scale,
        }
    }
}

/// The end of a range of shares, rounded outward.
pub fn percent_end(share: f64, end: End, digits: usize) -> String {
    format!(
        "{}{NBSP}%",
        decimal(end.round(share * 100.0, digits), digits)
    )
}

/// The end of an interval of differences of shares, rounded outward.
pub fn points_end(difference: f64, end: End, digits: usize) -> String {
    format!(
        "{}{NBSP}percentage points",
        signed(end.round(difference * 100.0, digits), digits)
    )
}

/// The end of an interval of positive numbers, to three significant digits, rounded outward.
pub fn significant_end(value: f64, end: End) -> String {
    let digits = significant_decimals(value);
    decimal(end.round(value, digits), digits)
}

/// Decimals that give three significant digits.
fn significant_decimals(value: f64) -> usize {
    let magnitude = if value == 0.0 {
        0.0
    } else {
        libm::floor(libm::log10(value.abs()))
    };
    (2.0 - magnitude).clamp(0.0, 9.0) as usize
}

/// Two shares as a range of percentages, rounded outward.
pub fn percent_range(low: f64, high: f64, digits: usize) -> String {
    // One share is no range.
    if low == high {
        return percent(low, digits);
    }
    let (down, up) = (
        End::Low.round(low * 100.0, digits),
        End::High.round(high * 100.0, digits),
    );
    if decimal(down, digits) == decimal(up, digits) {
        return format!("{}{NBSP}%", decimal(down, digits));
    }
    format!(
        "{}{EN_DASH}{}{NBSP}%",
        decimal(down, digits),
        decimal(up, digits)
    )
}

/// A difference of two shares in percentage points, with its sign.
pub fn points(difference: f64, digits: usize) -> String {
    // As many decimals as it takes not to print a difference as none.
    let digits = (digits..6)
        .find(|&digits| {
            difference == 0.0 || decimal(difference * 100.0, digits) != decimal(0.0, digits)
        })
        .unwrap_or(digits);
    format!(
        "{}{NBSP}percentage points",
        signed(difference * 100.0, digits)
    )
}

/// An interval of differences in percentage points, rounded outward.
pub fn points_range(low: f64, high: f64, digits: usize) -> String {
    let (down, up) = (
        End::Low.round(low * 100.0, digits),
        End::High.round(high * 100.0, digits),
    );
    format!(
        "{} to {}{NBSP}percentage points",
        signed(down, digits),
        signed(up, digits)
    )
}

fn signed(value: f64, digits: usize) -> String {
    let text = decimal(value, digits);
    if value > 0.0 && text != decimal(0.0, digits) {
        format!("+{text}")
    } else {
        text
    }
}

/// A positive number to three significant digits.
pub fn significant(value: f64) -> String {
    decimal(value, significant_decimals(value))
}

/// Two positive numbers as an interval, each to three significant digits, rounded outward.
pub fn significant_range(low: f64, high: f64) -> String {
    format!(
        "{} to {}",
        significant_end(low, End::Low),
        significant_end(high, End::High)
    )
}

/// A p-value, never as 0.
pub fn p_value(p: f64) -> String {
    if p < 0.0001 {
        "p < 0.0001".into()
    } else {
        // Up, so that rounding never makes a result look rarer than it is.
        let digits = if p < 0.1 { 4 } else { 2 };
        format!(
            "p = {}",
            decimal(End::High.round(p, digits).min(1.0), digits)
        )
    }
}

/// Millionths of a currency unit, to the cent.
pub fn money(micros: i64, currency: &str) -> String {
    let cents = (i128::from(micros).abs() + 5_000) / 10_000;
    let sign = if micros < 0 && cents > 0 {
        MINUS.to_string()
    } else {
        String::new()
    };
    let whole = count(u64::try_from(cents / 100).unwrap_or(u64::MAX));
    format!("{currency}{NBSP}{sign}{whole}.{:02}", cents % 100)
}

/// "23 November 2026".
pub fn date_words(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::try_from(date.month())
        .ok()
        .and_then(|m| MONTHS.get(m.checked_sub(1)?))
        .copied()
        .unwrap_or("");
    format!("{}{NBSP}{month} {}", date.day(), date.year())
}

/// "1 day", "2 days".
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{}{NBSP}{}", count(n), if n == 1 { one } else { many })
}

/// The numbers of a set as ranges: "2-9, 14".
pub fn ranges<'a>(rows: impl IntoIterator<Item = &'a u64>) -> String {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for &row in rows {
        match parts.last_mut() {
            Some((_, end)) if *end + 1 == row => *end = row,
            _ => parts.push((row, row)),
        }
    }
    runs(&parts)
}

/// First and last numbers of runs as ranges.
pub fn runs(runs: &[(u64, u64)]) -> String {
    let written: Vec<String> = runs
        .iter()
        .map(|(a, b)| {
            if a == b {
                a.to_string()
            } else {
                format!("{a}{EN_DASH}{b}")
            }
        })
        .collect();
    written.join(", ")
}
