//! Dates and times as people and programs write them. `3/4/2024` is read only where another date
//! of the file, or the user, says which part is the month.

use super::words::fold;
use crate::case::DateOrder;
use jiff::civil::{Date, DateTime, Time};

/// What a written date says about the order of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The order does not matter: ISO 8601, `31.12.2024`, a month in words, or `4/4/2024`.
    Plain,
    Decided(DateOrder),
    Ambiguous,
    NotADate,
}

/// A date, with the time of day and the offset from UTC in seconds where they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub date: Date,
    pub time: Option<Time>,
    /// Whether the time is written with its seconds.
    pub seconds: bool,
    pub offset: Option<i32>,
}

/// The three numbers of a date, and the mark between them.
fn numbers(text: &str) -> Option<(&str, &str, &str, char)> {
    let mark = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.split(mark);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    (parts.next().is_none() && digits(a, 4) && digits(b, 2) && digits(c, 4))
        .then_some((a, b, c, mark))
}

/// The date part of a text that may go on with a time.
fn date_part(text: &str) -> &str {
    let text = text.trim();
    let end = text
        .find([' ', 'T', ',', '\u{202F}', '\u{A0}'])
        .unwrap_or(text.len());
    &text[..end]
}

/// What `text` says about the order of day and month in its file.
pub(super) fn shape(text: &str) -> Shape {
    let Some((a, b, c, mark)) = numbers(date_part(text)) else {
        return if read(text, None).is_some() {
            Shape::Plain
        } else {
            Shape::NotADate
        };
    };
    if a.len() == 4 || (mark == '.' && c.len() == 4) {
        return Shape::Plain;
    }
    if c.len() != 4 {
        return if c.len() == 2 {
            Shape::Ambiguous
        } else {
            Shape::NotADate
        };
    }
    let (a, b) = (a.parse().unwrap_or(0), b.parse().unwrap_or(0));
    match (a, b) {
        (1..=12, 1..=12) if a == b => Shape::Plain,
        (1..=12, 1..=12) => Shape::Ambiguous,
        (13..=31, 1..=12) => Shape::Decided(DateOrder::Dmy),
        (1..=12, 13..=31) => Shape::Decided(DateOrder::Mdy),
        _ => Shape::NotADate,
    }
}

/// Reads a date with or without a time.
///
/// Years have four digits unless `order` is given; then two digits mean 20xx. Dots mean day,
/// month, year everywhere that they are in use, so they need no order.
pub(super) fn read(text: &str, order: Option<DateOrder>) -> Option<Moment> {
    let text = text.trim();
    if let Some(moment) = in_words(text) {
        return Some(moment);
    }
    let part = date_part(text);
    let date = if part.len() == 8 && part.bytes().all(|b| b.is_ascii_digit()) {
        civil(&part[..4], &part[4..6], &part[6..])?
    } else {
        let (a, b, c, mark) = numbers(part)?;
        match (a.len(), order) {
            (4, _) if mark == '-' && (b.len() != 2 || c.len() != 2) => return None,
            (4, _) => civil(a, b, c)?,
            (2, Some(DateOrder::Ymd)) => civil(a, b, c)?,
            (_, Some(DateOrder::Mdy)) => civil(c, a, b)?,
            (_, Some(DateOrder::Dmy)) => civil(c, b, a)?,
            (_, _) if c.len() == 4 && (mark == '.' || a == b) => civil(c, b, a)?,
            _ => return None,
        }
    };
    let rest = text[part.len()..].trim_start_matches([',', 'T', ' ', '\u{202F}', '\u{A0}']);
    if rest.is_empty() {
        return (part.len() == text.len()).then_some(Moment {
            date,
            time: None,
            seconds: false,
            offset: None,
        });
    }
    let (time, seconds, offset) = clock(rest)?;
    Some(Moment {
        date,
        time: Some(time),
        seconds,
        offset,
    })
}

fn civil(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = match year.len() {
        4 => year.parse().ok()?,
        2 => 2000 + year.parse::<i16>().ok()?,
        _ => return None,
    };
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `17:05`, `17:05:30.5`, `5:05 PM`, each with `Z`, `+01:00` or `-0500` behind it if it has one.
fn clock(text: &str) -> Option<(Time, bool, Option<i32>)> {
    let (text, offset) = split_offset(text.trim());
    let folded = fold(text);
    let (digits, half) = match folded
        .strip_suffix("pm")
        .or_else(|| folded.strip_suffix("p.m."))
    {
        Some(rest) => (rest, Some(12)),
        None => match folded
            .strip_suffix("am")
            .or_else(|| folded.strip_suffix("a.m."))
        {
            Some(rest) => (rest, Some(0)),
            None => (folded.as_str(), None),
        },
    };
    let mut parts = digits.trim().split(':');
    let hour: i8 = number(parts.next()?)?;
    let minute: i8 = number(parts.next()?)?;
    let seconds = parts.next();
    let second: i8 = seconds.map_or(Some(0), |s| number(s.split(['.', ',']).next()?))?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(noon) => hour % 12 + noon,
        None => hour,
    };
    let time = Time::new(hour, minute, second, 0).ok()?;
    Some((time, seconds.is_some(), offset))
}

/// One or two digits.
fn number(text: &str) -> Option<i8> {
    ((1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Takes an offset from UTC, in seconds, off the end of a time.
fn split_offset(text: &str) -> (&str, Option<i32>) {
    if let Some(rest) = text.strip_suffix(['Z', 'z']) {
        return (rest, Some(0));
    }
    if let Some(at) = text.rfind(['+', '-', '−'])
        && at > 0
        && let Some(seconds) = offset(&text[at..])
    {
        return (text[..at].trim_end(), Some(seconds));
    }
    (text, None)
}

/// Seconds of `+01:00`, `-0500`, `+2`, or `Z`.
pub(super) fn offset(text: &str) -> Option<i32> {
    let text = text.trim();
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let sign = if text.starts_with('+') { 1 } else { -1 };
    let digits: String = text
        .strip_prefix(['+', '-', '−'])?
        .chars()
        .filter(|c| *c != ':')
        .collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// `1 March 2024`, `Mar 1, 2024`, each with a time behind it if it has one.
fn in_words(text: &str) -> Option<Moment> {
    let month_of = |word: &str| {
        let word = word.trim_end_matches('.');
        MONTHS
            .iter()
            .position(|m| *m == word || (word.len() >= 3 && m.starts_with(word)))
            .and_then(|i| i8::try_from(i + 1).ok())
    };
    let folded = fold(text).replace(',', " ");
    let mut words = folded.split_whitespace();
    let (first, second, year) = (words.next()?, words.next()?, words.next()?);
    let (month, day) = match month_of(first) {
        Some(month) => (month, second),
        None => (month_of(second)?, first),
    };
    let day = number(day.trim_end_matches('.'))?;
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month, day).ok()?;
    let rest: Vec<&str> = words.collect();
    if rest.is_empty() {
        return Some(Moment {
            date,
            time: None,
            seconds: false,
            offset: None,
        });
    }
    let (time, seconds, offset) = clock(&rest.join(" "))?;
    Some(Moment {
        date,
        time: Some(time),
        seconds,
        offset,
    })
}

/// First and last day of `August 1, 2026 - August 31, 2026`.
pub(super) fn period(text: &str) -> Option<(Date, Date)> {
    let (start, end) = text.split_once(" - ").or_else(|| text.split_once(" – "))?;
    let (start, end) = (read(start, None)?.date, read(end, None)?.date);
    (start <= end).then_some((start, end))
}

/// First and last day of `..._20260101_20260131_...`, and the name without them, without the zone
/// behind them and without its ending.
pub(super) fn period_in_file_name(path: &str) -> Option<(Date, Date, String)> {
    let parts: Vec<&str> = stem(path).split('_').collect();
    let day = |text: &str| {
        let plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| read(text, None)).flatten()
    };
    let days = parts.windows(2).enumerate().find_map(|(at, pair)| {
        let (start, end) = (day(pair.first()?)?.date, day(pair.last()?)?.date);
        (start <= end).then_some((at, start, end))
    });
    let (at, start, end) = days?;
    let is_zone = |text: &str| text.starts_with("GMT") || text.starts_with("UTC");
    let name: Vec<&str> = parts
        .iter()
        .enumerate()
        .filter(|(index, part)| !(at..at + 2).contains(index) && !is_zone(part))
        .map(|(_, part)| *part)
        .collect();
    Some((start, end, name.join("_")))
}

/// The name of a file without its folder and its ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The time in a file name such as `2020-09-01_11:13.csv` or
/// `Report output_ 2020-08-31T11_28_00.955Z.xlsx`: the only place where many exports have it.
pub(super) fn in_file_name(path: &str) -> Option<DateTime> {
    let name = path.rsplit('/').next()?;
    let bytes = name.as_bytes();
    let digits = |at: usize, n: usize| -> Option<i16> {
        let part = bytes.get(at..at + n)?;
        part.iter()
            .all(u8::is_ascii_digit)
            .then(|| std::str::from_utf8(part).ok()?.parse().ok())
            .flatten()
    };
    let is = |at: usize, marks: &[u8]| bytes.get(at).is_some_and(|b| marks.contains(b));
    (0..bytes.len()).find_map(|at| {
        let year = digits(at, 4)?;
        let free = at == 0 || !bytes[at - 1].is_ascii_digit();
        if !free || !is(at + 4, b"-") || !is(at + 7, b"-") || !is(at + 10, b"T_ ") {
            return None;
        }
        // `09:00`, `09_00`... or `0900`.
        let gap = usize::from(is(at + 13, b":_-.h"));
        let at_minute = at + 13 + gap;
        let after = at_minute + 2;
        let small = |at: usize| digits(at, 2).and_then(|n| i8::try_from(n).ok());
        // `2020-09-01 11-13-2020` and `2020-09-01_2020-09-14` would be two dates, not a time.
        let goes_on = bytes.get(after).is_some_and(u8::is_ascii_digit);
        if goes_on || gap == 0 && is(after, b"-") {
            return None;
        }
        let second = if gap == 1
            && is(after, b":_-.")
            && !bytes.get(after + 3).is_some_and(u8::is_ascii_digit)
        {
            small(after + 1)
        } else {
            None
        };
        DateTime::new(
            year,
            small(at + 5)?,
            small(at + 8)?,
            small(at + 11)?,
            small(at_minute)?,
            second.unwrap_or(0),
            0,
        )
        .ok()
    })
}
