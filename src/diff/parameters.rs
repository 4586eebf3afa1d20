//! Keys of `case.toml` one by one, so that a change of one shows as that.

use super::exhibits::{self, Exhibit};
use super::side::Contents;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What names an entry of a list, so that an entry that was added shifts no other.
const NAMES: [&str; 4] = ["id", "file", "for", "name"];

/// Compared apart: findings as they read, and what says which bundle this one corrects.
const ELSEWHERE: [&str; 4] = [
    "finding",
    "case.supersedes",
    "case.correction",
    "case.earlier",
];

/// The keys that are set, such as `study.level` and `study.arms[child].ads`, with their values.
pub(super) fn of(toml: &str) -> Result<BTreeMap<String, Value>, String> {
    let table: toml::Table = toml
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_owned())?;
    let mut out = BTreeMap::new();
    put(String::new(), &toml::Value::Table(table), &mut out);
    Ok(out)
}

/// What an entry of `[[evidence]]` in the old bundle is called in the new one. A public `case.toml` names a
/// withheld file by its number, which a file that was added shifts.
pub(super) fn names(old: &[Exhibit], new: &Contents) -> BTreeMap<String, String> {
    let declared = |name: &&str| has_entry(&new.parameters, name);
    // Another exhibit of the new bundle may have the number of one that is gone.
    let gone = |own: &Exhibit| format!("{} of the earlier version", own.exhibit);
    let mut names: BTreeMap<String, String> = old
        .iter()
        .map(|own| (own.exhibit.clone(), gone(own)))
        .collect();
    for (old, new) in exhibits::pairs(old, &new.exhibits) {
        let now = [new.file.as_deref(), Some(new.exhibit.as_str())];
        if let Some(now) = now.into_iter().flatten().find(declared) {
            let was = [Some(&old.exhibit), old.file.as_ref()];
            names.extend(
                was.into_iter()
                    .flatten()
                    .map(|was| (was.clone(), now.to_owned())),
            );
        }
    }
    names
}

/// The keys, with entries of `[[evidence]]` called by other names.
pub(super) fn renamed(
    parameters: &BTreeMap<String, Value>,
    names: &BTreeMap<String, String>,
) -> BTreeMap<String, Value> {
    let rename = |(key, value): (&String, &Value)| match entry(key)
        .and_then(|(name, part)| Some((names.get(name)?, part)))
    {
        Some((name, part)) => {
            let value = match part {
                "file" => Value::from(name.clone()),
                _ => value.clone(),
            };
            (format!("evidence[{name}].{part}"), value)
        }
        None => (key.clone(), value.clone()),
    };
    parameters.iter().map(rename).collect()
}

/// The entry of `[[evidence]]` that a key belongs to, and the key in it. A name may hold a bracket.
pub(super) fn entry(key: &str) -> Option<(&str, &str)> {
    key.strip_prefix("evidence[")?.rsplit_once("].")
}

/// Whether anything is set in the entry of this name.
pub(super) fn has_entry(parameters: &BTreeMap<String, Value>, name: &str) -> bool {
    let start = format!("evidence[{name}].");
    let mut keys = parameters.range(start.clone()..);
    keys.next().is_some_and(|(key, _)| key.starts_with(&start))
}

fn put(path: String, value: &toml::Value, out: &mut BTreeMap<String, Value>) {
    if ELSEWHERE.contains(&path.as_str()) {
        return;
    }
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
                let key = match key.chars().all(plain) {
                    true => key.clone(),
                    false => format!("\"{key}\""),
                };
                let within = if path.is_empty() { "" } else { "." };
                put(format!("{path}{within}{key}"), value, out);
            }
        }
        toml::Value::Array(list) if list.iter().any(toml::Value::is_table) => {
            let mut taken = BTreeSet::new();
            for (index, value) in list.iter().enumerate() {
                let name = NAMES
                    .iter()
                    .find_map(|name| value.get(name)?.as_str().map(str::to_owned))
                    .filter(|name| taken.insert(name.clone()));
                let name = name.unwrap_or_else(|| (index + 1).to_string());
                put(format!("{path}[{name}]"), value, out);
            }
        }
        other => {
            out.insert(path, plain(other));
        }
    }
}

fn plain(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text.clone()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(flag) => Value::from(*flag),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(list) => list.iter().map(plain).collect(),
        toml::Value::Table(table) => table
            .iter()
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect(),
    }
}
