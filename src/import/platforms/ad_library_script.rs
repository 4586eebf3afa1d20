//! The table that Meta's own script writes of the Ad Library (`save_to_csv` of
//! Ad-Library-API-Script-Repository).
//!
//! The script takes every double quote out of the JSON of a field, so that its objects read
//! `{percentage: 0.5, age: 45-54, gender: male}`. They are read back for the fields that have
//! parts; where a free text inside makes them ambiguous, the field is left as it is.

use super::loose_objects::{read_unquoted, unescaped};
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

/// Keys inside the fields with parts.
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
            .filter_map(|(at, _)| text.get(at + 2..)?.split([':', ',', '[', '"']).next())
            .any(|name| KEYS.contains(&name.trim()))
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
        return read_unquoted(cell, &KEYS).unwrap_or_else(|| Value::from(cell));
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
