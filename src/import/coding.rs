//! Coding sheets: the codes of events that another file holds, joined by the number of the event.
//! So coders can work on a sheet of their own, and a download of messages stays as it came.

use super::formats::Fit;
use super::heading::{self, Heading};
use super::open::Opened;
use super::reader::Reader;
use super::sheet::{Record, Sheet};
use super::tidy::{unique, usable};
use super::{Imported, Table, finish, tidy_columns};
use crate::case::Kind;
use crate::error::{Problem, Problems, Result};
use crate::evidence::{CodeRow, ContactRow, Evidence};
use crate::notice::{Locator, Notice};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) const NAME: &str = "coding-sheet";

/// The columns of the contact log that a coding sheet may have.
const COLUMNS: [&str; 8] = [
    "event_id",
    "code_primary",
    "code_secondary",
    "coder",
    "second_coder_code",
    "second_coder",
    "sender_apparent_gender",
    "ad_id",
];

fn name(heading: &Heading) -> Option<&'static str> {
    let key = heading::snake(&heading.key);
    COLUMNS.into_iter().find(|column| *column == key)
}

/// Recognised by the event's number beside codes, without the time of the event.
pub(super) fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let Some((header, _)) = heading::search(sheet, &name, opened.input) else {
        return Fit::No("no heading of a coding sheet".into());
    };
    let record = &sheet.records[header];
    let keys: BTreeSet<String> = record
        .cells()
        .map(|cell| heading::snake(&heading::heading(&cell.text()).key))
        .collect();
    let mapped = |name: &str| opened.input.hints.columns.contains_key(name);
    let has = |name: &str| keys.contains(name) || mapped(name);
    if !has("event_id") {
        return Fit::No("no column `event_id`".into());
    }
    if has("received_at_local") {
        return Fit::No("it has the time of the events, so it is a contact log".into());
    }
    if !has("code_primary") && !has("second_coder_code") {
        return Fit::No("no column of codes".into());
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!("numbers of events and codes in row {}", record.row),
    }
}

pub(super) fn read(opened: &Opened<'_>, sheet: &Sheet, header: usize) -> Result<Imported> {
    let table = tidy_columns::columns(Kind::Contacts);
    let layout = heading::resolve(sheet, header, &name, table, Kind::Contacts, opened.input)?;
    let reader = Reader::new(opened.input, sheet, layout, table);
    let records = usable(&reader, "event_id");
    unique(&reader, &records, "duplicate-event", "`event_id`", &|r| {
        vec![reader.raw(r, "event_id")]
    });
    let rows = records.iter().map(|record| row(&reader, record)).collect();
    finish(
        opened,
        reader,
        NAME,
        Kind::Contacts,
        &records,
        Table::Codes(rows),
        &|_| "rows that need a look",
    )
}

fn row(reader: &Reader<'_>, record: &Record) -> CodeRow {
    let mut codes = reader.codes(record, "code_primary");
    for code in reader.codes(record, "code_secondary") {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    CodeRow {
        locator: reader.locator(record),
        event: reader.raw(record, "event_id"),
        codes,
        coder: reader.value(record, "coder"),
        second_codes: reader.codes(record, "second_coder_code"),
        second_coder: reader.value(record, "second_coder"),
        sender_gender: reader.gender(record, "sender_apparent_gender"),
        ad: reader.value(record, "ad_id"),
    }
}

/// Gives the events their codes. An event that is coded twice, in two sheets or in a sheet and its
/// own log, is a problem; codes of an event that no file holds are noticed.
pub(super) fn join(evidence: &mut Evidence, sheets: Vec<CodeRow>, problems: &mut Problems) {
    let mut events: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in evidence.contacts.iter().enumerate() {
        events.entry(&row.event).or_default().push(index);
    }
    for row in &sheets {
        let places = events.get(row.event.as_str()).map_or(0, Vec::len);
        if places > 1 {
            problems.push(ambiguous(&row.locator, places));
        }
    }
    let places: Vec<Option<usize>> = sheets
        .iter()
        .map(|row| events.get(row.event.as_str())?.first().copied())
        .collect();
    let mut missing: BTreeMap<Arc<str>, (u64, Locator)> = BTreeMap::new();
    let mut coded: BTreeMap<usize, Locator> = BTreeMap::new();
    for (row, place) in sheets.into_iter().zip(places) {
        let Some(place) = place else {
            let slot = missing.entry(row.locator.file.clone());
            slot.or_insert((0, row.locator)).0 += 1;
            continue;
        };
        let Some(contact) = evidence.contacts.get_mut(place) else {
            continue;
        };
        let own = (!contact.codes.is_empty() || !contact.second_codes.is_empty())
            .then(|| contact.locator.clone());
        if let Some(other) = coded.insert(place, row.locator.clone()).or(own) {
            problems.push(coded_twice(&row.locator, &other));
            continue;
        }
        apply(contact, row);
    }
    for (count, first) in missing.into_values() {
        evidence.notices.push(Notice::caution(
            "codes-without-event",
            first,
            format!(
                "{count} row(s) of this coding sheet name events that no file of the case holds; their codes are not used"
            ),
        ));
    }
}

fn apply(contact: &mut ContactRow, row: CodeRow) {
    contact.codes = row.codes;
    contact.coder = row.coder;
    contact.second_codes = row.second_codes;
    contact.second_coder = row.second_coder;
    contact.sender_gender = row.sender_gender.or(contact.sender_gender);
    contact.ad = row.ad.or(contact.ad.take());
}

/// Numbers of events that logs by hand have in common tell nothing.
fn ambiguous(sheet: &Locator, places: usize) -> Problem {
    let problem = Problem::new(
        "duplicate-event",
        sheet.file.to_string(),
        format!("{places} events of the case have the number of this row, so its codes may belong to any of them"),
    )
    .hint("give the events of each log numbers of their own, such as `A-1` and `B-1`");
    match sheet.row {
        Some(row) => problem.line(row),
        None => problem,
    }
}

fn coded_twice(sheet: &Locator, other: &Locator) -> Problem {
    let place = other.row.map_or_else(
        || other.file.to_string(),
        |row| format!("{}, row {row}", other.file),
    );
    let problem = Problem::new(
        "coded-twice",
        sheet.file.to_string(),
        format!("the event of this row has codes in {place} already"),
    )
    .hint(
        "a second coder's codes stand in `second_coder_code` of one sheet; keep one sheet an event",
    );
    match sheet.row {
        Some(row) => problem.line(row),
        None => problem,
    }
}
