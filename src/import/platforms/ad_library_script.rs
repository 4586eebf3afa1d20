//! The table that Meta's own script writes of the Ad Library (`save_to_csv` of
//! Ad-Library-API-Script-Repository).
//!
//! The script takes every double quote out of the JSON of a field, so that its objects read
//! `{percentage: 0.5, age: 45-54, gender: male}`. They are read back for the fields that have
//! parts; where a free text inside makes them ambiguous, the field is left as it is.

use super::response::Object;
use serde_json::{Map, Value};

/// Fields with parts.
const STRUCTURED: [&str; 11] = [
    "age_country_gender_reach_breakdown",
    "beneficiary_payers",
    "delivery_by_region",
    "demographic_distribution",
    "estimated_audience_size",
    "impressions",
    "potential_reach",
    "region_distribution",
    "spend",
    "target_locations",
    "total_reach_by_location",
];

/// Fields whose values the script joins by commas.
const LISTS: [&str; 2] = ["publisher_platforms", "target_ages"];

/// Keys inside the fields with parts: a comma ends a value only before one of them.
const KEYS: [&str; 21] = [
    "age",
    "age_gender_breakdowns",
    "age_range",
    "beneficiary",
    "country",
    "current",
    "excluded",
    "female",
    "gender",
    "key",
    "lower_bound",
    "male",
    "name",
    "num_obfuscated",
    "payer",
    "percentage",
    "region",
    "type",
    "unknown",
    "upper_bound",
    "value",
];

/// Countries hold ages; nothing is nested more deeply.
const DEPTH: usize = 4;

/// Whether the text is such a table: a field on demographics in the heading, and a cell with
/// objects that have lost their quotes.
pub fn is_table(text: &str) -> bool {
    let heading = text.lines().next().and_then(cells).unwrap_or_default();
    let fields = [
        "demographic_distribution",
        "age_country_gender_reach_breakdown",
    ];
    let demographic = heading.iter().any(|name| fields.contains(&name.trim()));
    demographic
        && text
            .match_indices("[{")
            .any(|(at, _)| text.get(at + 2..).is_some_and(|rest| key(rest).is_some()))
}

/// The ads of the table; `None` for a line that does not fit the heading.
pub fn ads(text: &str) -> Vec<Option<Value>> {
    let mut lines = text.lines();
    let heading = lines.next().and_then(cells).unwrap_or_default();
    lines
        .filter(|line| !line.trim().is_empty())
        .map(|line| ad(&heading, &cells(line)?))
        .collect()
}

/// The script drops empty cells at the end of a line, but never writes more than the heading has.
fn ad(heading: &[String], cells: &[String]) -> Option<Value> {
    if cells.len() > heading.len() {
        return None;
    }
    let mut ad = Map::new();
    for (name, cell) in heading.iter().zip(cells) {
        let cell = cell.trim();
        if !cell.is_empty() && cell != "null" {
            ad.insert(name.trim().to_string(), field(name.trim(), cell));
        }
    }
    Some(Value::Object(ad))
}

fn field(name: &str, cell: &str) -> Value {
    if LISTS.contains(&name) {
        let items = cell.split(',').map(|item| Value::from(item.trim()));
        return Value::Array(items.collect());
    }
    if STRUCTURED.contains(&name) && cell.starts_with(['[', '{']) {
        return whole(cell).unwrap_or_else(|| Value::from(cell));
    }
    Value::String(unescaped(cell))
}

/// The cells of a line; `None` where a quote is not closed. No value has a line break: the script
/// takes them out.
fn cells(line: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        let after = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (cell, after) = quoted_cell(quoted)?;
                found.push(cell);
                after
            }
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (cell, after) = rest.split_at_checked(end)?;
                found.push(cell.to_string());
                after
            }
        };
        if after.trim().is_empty() {
            return Some(found);
        }
        rest = after.strip_prefix(',')?;
    }
}

/// A cell up to its closing quote, and what follows. Programs that save the table again may double
/// quotes.
fn quoted_cell(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        cell.push_str(before);
        let Some(further) = after.strip_prefix('"') else {
            return Some((cell, after));
        };
        cell.push('"');
        rest = further;
    }
}

/// A cell read to its end.
fn whole(cell: &str) -> Option<Value> {
    let (value, rest) = value(cell, 0)?;
    rest.trim().is_empty().then_some(value)
}

fn value(text: &str, depth: usize) -> Option<(Value, &str)> {
    if depth > DEPTH {
        return None;
    }
    match text.strip_prefix('[') {
        Some(inner) => list(inner, depth),
        None => object(text.strip_prefix('{')?, depth),
    }
}

fn list(text: &str, depth: usize) -> Option<(Value, &str)> {
    let mut items = Vec::new();
    let mut rest = text.trim_start();
    if let Some(after) = rest.strip_prefix(']') {
        return Some((Value::Array(items), after));
    }
    loop {
        let (item, after) = object(rest.trim_start().strip_prefix('{')?, depth + 1)?;
        items.push(item);
        let after = after.trim_start();
        if let Some(after) = after.strip_prefix(']') {
            return Some((Value::Array(items), after));
        }
        rest = after.strip_prefix(',')?;
    }
}

fn object(text: &str, depth: usize) -> Option<(Value, &str)> {
    let mut fields: Object = Map::new();
    let mut rest = text.trim_start();
    if let Some(after) = rest.strip_prefix('}') {
        return Some((Value::Object(fields), after));
    }
    loop {
        let (name, after) = key(rest)?;
        let after = after.trim_start();
        let (value, after) = if after.starts_with(['[', '{']) {
            value(after, depth + 1)?
        } else {
            scalar(after)?
        };
        // A key that occurs twice is a free text that looks like one.
        if fields.insert(name.to_string(), value).is_some() {
            return None;
        }
        let after = after.trim_start();
        if let Some(after) = after.strip_prefix('}') {
            return Some((Value::Object(fields), after));
        }
        rest = after.strip_prefix(',')?;
    }
}

/// A key and what follows its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let (name, after) = text.split_at_checked(end)?;
    let after = after.strip_prefix(':')?;
    KEYS.contains(&name).then_some((name, after))
}

/// A value without parts, up to the end of its object or the next key.
fn scalar(text: &str) -> Option<(Value, &str)> {
    let ends = |(at, c): &(usize, char)| match c {
        '}' => true,
        ',' => text.get(at + 1..).is_some_and(|rest| key(rest).is_some()),
        _ => false,
    };
    let (end, _) = text.char_indices().find(ends)?;
    let (raw, rest) = text.split_at_checked(end)?;
    let value = match raw.trim() {
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        other => Value::String(unescaped(other)),
    };
    Some((value, rest))
}

/// Letters that JSON wrote as `\u00e9`. Other escapes have lost their quote and stay.
fn unescaped(text: &str) -> String {
    if !text.contains("\\u") {
        return text.to_string();
    }
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.to_string())
}
