//! What the answers of the advertising platforms' interfaces have in common.

use crate::error::{Error, Problem};
use crate::import::part::{Json, Part};
use crate::import::transcript::Transcript;
use jiff::{Timestamp, civil::Date, tz::Offset};
use serde_json::{Map, Value};

pub type Object = Map<String, Value>;

/// Seconds of 2001-09-09. Smaller numbers are no dates of ads, and `20240301` is no second.
const FIRST_SECOND: i64 = 1_000_000_000;

/// The outermost values of a text: the items of an array, or one a line.
pub fn records<'a>(part: &'a Part<'_>) -> Vec<&'a Value> {
    let values: Vec<&Value> = match part.json() {
        Some(Json::Whole(value)) => vec![value],
        Some(Json::Lines(lines)) => lines.iter().map(|(_, value)| value).collect(),
        None => Vec::new(),
    };
    values
        .into_iter()
        .flat_map(|value| match value {
            Value::Array(items) => items.iter().collect(),
            other => vec![other],
        })
        .collect()
}

/// An error message of Meta's Graph API, which answers `{"error":{"message","type","code",...}}`.
pub fn is_graph_error(value: &Value) -> bool {
    let error = value.get("error").and_then(Value::as_object);
    value.get("data").is_none()
        && error.is_some_and(|error| {
            error.contains_key("message")
                && (error.contains_key("type") || error.contains_key("fbtrace_id"))
        })
}

/// The problem of a file that holds nothing but error messages. Their words are not repeated: they
/// may name the request, with its access token.
pub fn api_error(part: &Part<'_>) -> Error {
    let message = "this file holds an error message of the platform's interface, not data";
    Problem::new("api-error", part.file, message)
        .hint("repeat the request and save its answer")
        .into()
}

/// Whether an answer says that there is a further page.
pub fn has_next(value: &Value) -> bool {
    value.pointer("/paging/next").is_some_and(Value::is_string)
}

/// A word or number as text; `None` where the value is empty or has parts.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
        Value::Number(number) => {
            let raw = number.to_string();
            Some(plain_decimal(&raw, 0).unwrap_or(raw))
        }
        _ => None,
    }
}

/// The text of the first of the keys that has one.
pub fn first_text(object: &Object, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| object.get(*key).and_then(text))
}

/// The texts of a list, or a single text.
pub fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
        Some(other) => text(other).into_iter().collect(),
        None => Vec::new(),
    }
}

/// An exact count, written as a number or as its digits.
pub fn count(value: &Value) -> Option<u64> {
    text(value)?.parse().ok()
}

/// A number without sign as plain decimal text, its decimal point moved to the left. The digits
/// are kept as they are: a share must not change in its last digit.
pub fn plain_decimal(text: &str, left: i64) -> Option<String> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    // No number of an advertising platform has an exponent beyond this; a hostile one would fill
    // the memory with zeros.
    if whole.is_empty() || !plain || digits.len() > 60 || exponent.unsigned_abs() > 40 {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()? + exponent - left;
    let before = usize::try_from(point.max(0)).ok()?;
    let zeros = usize::try_from((-point).max(0)).ok()?;
    let padded = format!("{}{digits}", "0".repeat(zeros));
    let padded = format!("{padded:0<before$}");
    let (whole, fraction) = padded.split_at_checked(before)?;
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() {
        whole.to_string()
    } else {
        format!("{whole}.{fraction}")
    })
}

/// A day, from an ISO date or time, or from seconds since 1970 (in UTC).
pub fn day(value: &Value) -> Option<String> {
    let text = text(value)?;
    if let Ok(second) = text.parse::<i64>() {
        let time = Timestamp::from_second(second).ok()?;
        let date = Offset::UTC.to_datetime(time).date();
        return (second >= FIRST_SECOND).then(|| date.to_string());
    }
    let (date, rest) = text.split_at_checked(10)?;
    let ends = rest.is_empty() || rest.starts_with(['T', ' ']);
    iso_date(date).filter(|_| ends)
}

/// A date `YYYY-MM-DD` that the calendar has.
pub fn iso_date(text: &str) -> Option<String> {
    let dashed = text.len() == 10 && text.split('-').count() == 3;
    let date: Date = text.parse().ok()?;
    dashed.then(|| date.to_string())
}

/// Notes the keys of an object that nothing uses.
pub fn note_unused(object: &Object, used: &[&str], into: &mut Transcript) {
    for key in object.keys().filter(|key| !used.contains(&key.as_str())) {
        if !into.unused.contains(key) {
            into.unused.insert(key.clone());
        }
    }
}
