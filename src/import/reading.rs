//! What is told of how a table was read, so that somebody else can read the raw file again.

use super::open::Opened;
use super::reader::Reader;
use super::sheet::Record;
use super::tidy_columns::{Column, Form};
use crate::evidence::{Gender, Reading};
use std::collections::BTreeMap;

/// How the cells below the headings were read. Only for a sheet in which no problem was found: the
/// words of the rows that count are read once more.
pub(super) fn of(opened: &Opened<'_>, reader: &Reader<'_>, rows: &[&Record]) -> Reading {
    let layout = &reader.layout;
    let titles = reader
        .sheet
        .records
        .get(layout.header)
        .into_iter()
        .flat_map(Record::cells);
    let headings = titles
        .map(|cell| cell.text().into_owned())
        .zip(layout.uses.iter().map(|own| own.canonical))
        .collect();
    let mark = |column: &Column| {
        let index = reader.column(column.name)?;
        Some((column.name, *reader.decimals.get(&index)?))
    };
    let words = |column: &Column| {
        let words = words(reader, column, rows);
        (!words.is_empty()).then_some((column.name, words))
    };
    Reading {
        encoding: opened.encoding,
        delimiter: opened.delimiter,
        sheet: reader.sheet.name.clone(),
        headings,
        width: reader
            .sheet
            .records
            .iter()
            .map(Record::len)
            .max()
            .unwrap_or(0),
        decimals: reader.table.iter().filter_map(mark).collect(),
        currency: layout.currency.clone(),
        words: reader.table.iter().filter_map(words).collect(),
        given: BTreeMap::new(),
    }
}

/// The words of a column that are read as something else than they say.
fn words(reader: &Reader<'_>, column: &Column, rows: &[&Record]) -> BTreeMap<String, String> {
    let said = reader.input.hints.values.get(column.name);
    let Some(index) = reader.column(column.name) else {
        return BTreeMap::new();
    };
    let read: fn(&Reader<'_>, &Record, &str) -> Option<String> = match column.form {
        Form::Gender => |reader, record, name| {
            reader.gender(record, name).map(|gender| {
                let word = match gender {
                    Gender::Female => "female",
                    Gender::Male => "male",
                    Gender::Unknown => "unknown",
                };
                word.to_owned()
            })
        },
        Form::Age => |reader, record, name| reader.age(record, name),
        Form::Date => |reader, record, name| reader.date(record, name).map(|day| day.to_string()),
        _ => return said.cloned().unwrap_or_default(),
    };
    // Senders' genders are free words, of which those that are not known count as unknown.
    if reader.table.iter().any(|own| own.name == "sender_key") {
        return BTreeMap::new();
    }
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for record in rows {
        let cell = record.cell(index);
        let text = cell.text();
        // Rows with the same word most often follow each other.
        if text == last.as_str() || text.is_empty() {
            continue;
        }
        last = text.into_owned();
        if !words.contains_key(&last)
            && let Some(meaning) = read(reader, record, column.name)
        {
            words.insert(last.clone(), meaning);
        }
    }
    if column.form == Form::Date {
        words.retain(|word, meaning| word != meaning);
    }
    words
}
