//! A column map for a table of no known format: proposed, never used until the user confirms it.

use super::platforms::meta_headings;
use super::sheet::{Record, Sheet};
use super::{heading, number, tidy, tidy_columns, words};
use crate::case::Kind;
use std::collections::BTreeMap;

/// Rows that are looked at to see what a column holds.
const SAMPLE: usize = 200;

/// Words in headings of tables made by hand, and casefile's column of delivery that each means.
const WORDS: &[(&str, &str)] = &[
    ("impression", "impressions"),
    ("views", "impressions"),
    ("shown", "impressions"),
    ("reach", "reach"),
    ("people", "reach"),
    ("click", "clicks"),
    ("spend", "spend"),
    ("spent", "spend"),
    ("cost", "spend"),
    ("gender", "gender"),
    ("sex", "gender"),
    ("age", "age"),
    ("country", "country"),
    ("region", "region"),
    ("campaign", "campaign"),
    ("ad set", "ad_set"),
    ("ad group", "ad_set"),
    ("creative", "ad"),
    ("ad", "ad"),
    ("day", "day"),
    ("share", "share"),
    ("percentage", "share"),
];

/// Words in headings of contact logs made by hand.
const CONTACT_WORDS: &[(&str, &str)] = &[
    ("event", "event_id"),
    ("id", "event_id"),
    ("when", "received_at_local"),
    ("time", "received_at_local"),
    ("date", "received_at_local"),
    ("received", "received_at_local"),
    ("channel", "channel"),
    ("sender", "sender_pseudonym"),
    ("from", "sender_pseudonym"),
    ("who", "sender_pseudonym"),
    ("category", "code_primary"),
    ("code", "code_primary"),
    ("coder", "coder"),
    ("notes", "notes"),
];

/// `kind` and `columns` for the evidence entry, where the headings or the cells suggest a table of
/// delivery or a contact log.
pub(super) fn columns(sheet: &Sheet, header: &Record) -> Option<String> {
    let targeted = header
        .cells()
        .any(|cell| words::says_targeting(&cell.text()));
    let delivery = map(sheet, header, Kind::Delivery, WORDS);
    let measured = ["impressions", "reach", "clicks", "share"];
    if !targeted
        && delivery.contains_key("gender")
        && measured.iter().any(|name| delivery.contains_key(name))
    {
        return Some(entry(Kind::Delivery, &delivery));
    }
    let contacts = map(sheet, header, Kind::Contacts, CONTACT_WORDS);
    let needed = ["event_id", "received_at_local"];
    needed
        .iter()
        .all(|name| contacts.contains_key(name))
        .then(|| entry(Kind::Contacts, &contacts))
}

/// casefile's columns -> headings of the file.
fn map(
    sheet: &Sheet,
    header: &Record,
    kind: Kind,
    known: &[(&str, &'static str)],
) -> BTreeMap<&'static str, String> {
    let mut columns = BTreeMap::new();
    for (index, cell) in header.cells().enumerate() {
        let title = cell.text().into_owned();
        // Whom an advertiser asked for is never whom the platform showed an ad.
        if title.is_empty() || (kind == Kind::Delivery && words::says_targeting(&title)) {
            continue;
        }
        let key = heading::heading(&title).key;
        let own = tidy_columns::columns(kind)
            .iter()
            .find(|column| column.name == heading::snake(&key))
            .map(|column| column.name);
        let by_platform = (kind == Kind::Delivery)
            .then(|| meta_headings::name(&key))
            .flatten();
        let by_cells =
            (kind == Kind::Delivery && holds_genders(sheet, header, index)).then_some("gender");
        let name = own
            .or(by_platform)
            .or(by_cells)
            .or_else(|| by_word(&key, known));
        if let Some(name) = name {
            columns.entry(name).or_insert(title);
        }
    }
    // A count must be a count.
    columns.retain(|name, title| !is_count(name) || holds_numbers(sheet, header, title));
    columns
}

fn is_count(name: &str) -> bool {
    matches!(name, "impressions" | "reach" | "clicks" | "spend" | "share")
}

/// The column whose word stands in the heading, as a word of its own or as its start.
fn by_word(key: &str, known: &[(&str, &'static str)]) -> Option<&'static str> {
    let plain = key.replace(['_', '-', '.'], " ");
    let has = |word: &str| {
        plain == word
            || plain.starts_with(&format!("{word} "))
            || plain.ends_with(&format!(" {word}"))
            || plain.contains(&format!(" {word} "))
            || (word.len() > 4 && plain.contains(word))
    };
    known
        .iter()
        .find(|(word, _)| has(word))
        .map(|(_, name)| *name)
}

fn below<'s>(sheet: &'s Sheet, header: &'s Record) -> impl Iterator<Item = &'s Record> {
    let rows = sheet.records.iter();
    rows.filter(|record| record.row > header.row).take(SAMPLE)
}

/// Whether nearly all cells of a column are words for genders, of which two occur.
fn holds_genders(sheet: &Sheet, header: &Record, index: usize) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let (mut known, mut all) = (0, 0);
    for record in below(sheet, header) {
        let cell = record.cell(index);
        let text = cell.text();
        if words::missing_value(&text) {
            continue;
        }
        all += 1;
        if let Some(gender) = words::gender(&text) {
            known += 1;
            seen.insert(gender);
        }
    }
    seen.len() > 1 && known * 10 >= all * 9
}

fn holds_numbers(sheet: &Sheet, header: &Record, title: &str) -> bool {
    let Some(index) = header.cells().position(|cell| cell.text() == title) else {
        return false;
    };
    below(sheet, header).all(|record| {
        let cell = record.cell(index);
        let text = cell.text();
        words::missing_value(&text)
            || number::shape(&text) != number::Shape::NotANumber
            || number::range(&text, '.').is_some()
    })
}

fn entry(kind: Kind, columns: &BTreeMap<&'static str, String>) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let own = |(name, title): &(&&'static str, &String)| tidy::is_own_name(kind, name, title);
    let pairs: Vec<String> = columns
        .iter()
        .filter(|pair| !own(pair))
        .map(|(name, title)| format!("{name} = {}", quoted(title)))
        .collect();
    format!(
        "`kind = \"{}\"` and `columns = {{ {} }}` in the evidence entry",
        kind.name(),
        pairs.join(", ")
    )
}
