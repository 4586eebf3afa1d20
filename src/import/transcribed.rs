//! A transcript to rows: what all files that are no tables have in common.

use super::archive::Member;
use super::choose::TextChoice;
use super::delivery::{self, Style};
use super::formats::{Format, Reading};
use super::heading::{self, Heading, Layout};
use super::messages::instagram;
use super::open::Opened;
use super::reader::Reader;
use super::sheet::{Record, Sheet};
use super::tidy_columns::{Column, columns};
use super::transcript::{Entry, Remark, Transcript};
use super::{Imported, Table, captures, context, conventions, events, people, remarks, words};
use crate::case::Kind;
use crate::error::{Problem, Problems, Result};
use crate::notice::{Locator, Notice};
use std::collections::{BTreeMap, BTreeSet};

/// Reads the texts that are of the chosen format.
pub(super) fn texts(
    opened: &Opened<'_>,
    members: &[Member<'_>],
    names: &[String],
    choice: &TextChoice,
) -> Result<Imported> {
    let Reading::Text { transcribe, .. } = choice.format.reading else {
        return Err(Problem::new(
            "unknown-format",
            opened.input.file,
            "this format reads no texts",
        )
        .into());
    };
    let mut transcript = Transcript::default();
    let mut problems = Problems::default();
    for member in members
        .iter()
        .filter(|member| events::is_broken(&opened.part(member)))
    {
        let number = member.number.unwrap_or(1);
        problems.push(
            Problem::new(
                "broken-json",
                opened.input.file,
                format!("member {number} of the archive, in the order of the names, begins like JSON and is none: it was cut or changed"),
            )
            .hint("download the archive again"),
        );
    }
    for member in choice
        .members
        .iter()
        .filter_map(|index| members.get(*index))
    {
        transcript.start(member.number);
        problems.take(transcribe(&opened.part(member), &mut transcript));
    }
    problems.finish(())?;
    let mut imported = rows(opened, choice.format, transcript)?;
    if format_is_download(choice.format.name) && !names.is_empty() {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if instagram::lacks_requests(&names) {
            imported.notices.push(Notice::caution(
                "requests-missing",
                Locator::file(opened.input.file),
                "the download has no folder of message requests, where strangers write: request it again with all messages, or what they wrote is missing",
            ));
        }
    }
    imported
        .notices
        .extend(unread(opened, members, names, choice));
    Ok(imported)
}

/// What of an archive was not read: texts of other kinds, and archives inside it.
fn unread(
    opened: &Opened<'_>,
    members: &[Member<'_>],
    names: &[String],
    choice: &TextChoice,
) -> Option<Notice> {
    let texts = members.len() - choice.members.len();
    let packed = names
        .iter()
        .filter(|name| name.to_lowercase().ends_with(".zip"))
        .count();
    let told: Vec<String> = [
        (texts, "text(s) that are no records of this format"),
        (packed, "archive(s) inside the archive"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if told.is_empty() {
        return None;
    }
    let locator = Locator::file(opened.input.file);
    let message = format!("not read as {}: {}", choice.format.name, told.join(", "));
    Some(if packed > 0 {
        Notice::caution("unread-members", locator, message)
    } else {
        Notice::info("unread-members", locator, message)
    })
}

/// Whether the format is that of a download in which requests have a folder of their own.
fn format_is_download(name: &str) -> bool {
    [instagram::NAME, instagram::FACEBOOK_NAME].contains(&name)
}

/// Refuses a text file with rows of another number of cells than the headings; short rows of totals do
/// no harm. No cell is told, since it may name a person.
pub(super) fn check_widths(file: &str, sheet: &Sheet, header: usize) -> Result<()> {
    let is_total = |record: &Record| words::labels_total(&record.cell(0).text());
    let mut problems = Problems::default();
    for problem in conventions::wrong_widths(file, sheet, header, false, &is_total) {
        problems.push(problem);
    }
    problems.finish(())
}

/// The rows of a transcript, as a table of the kind of its format.
pub(super) fn rows(
    opened: &Opened<'_>,
    format: &'static Format,
    mut transcript: Transcript,
) -> Result<Imported> {
    let prints = if format.kind == Kind::Contacts {
        events::complete(opened, &mut transcript)?
    } else {
        BTreeMap::new()
    };
    let context = sheet(columns(Kind::Context), &transcript.context);
    let sheet = sheet(columns(format.kind), &transcript.entries);
    let mut imported = if sheet.records.len() > 1 {
        let mut imported = read(opened, format.kind, format.name, &sheet, &transcript)?;
        imported.context = context::rows(opened, &context)?;
        imported
    } else if context.records.len() > 1 {
        // Ads of which the file does not say who saw them: each is a row of context.
        transcript
            .left_out
            .retain(|record| record.reason != "no-demographics");
        read(opened, Kind::Context, format.name, &context, &transcript)?
    } else {
        return Err(nothing(opened, &transcript).into());
    };
    if let Table::Contacts(rows) = &mut imported.table {
        for row in rows {
            let print = row.locator.row.and_then(|number| prints.get(&number));
            row.fingerprint = print.cloned();
        }
    }
    imported
        .unused_columns
        .extend(transcript.unused.iter().cloned());
    imported
        .notices
        .extend(told(opened.input.file, &transcript.remarks));
    // The table that was read is not the one that stands in the file.
    imported.reading = None;
    Ok(imported)
}

fn read(
    opened: &Opened<'_>,
    kind: Kind,
    format: &'static str,
    sheet: &Sheet,
    transcript: &Transcript,
) -> Result<Imported> {
    let table = columns(kind);
    let layout = layout(opened, kind, sheet)?;
    let mut reader = Reader::new(opened.input, sheet, layout, table);
    reader.leave_out(&transcript.left_out);
    match kind {
        Kind::Delivery => {
            let style = Style {
                disjoint: transcript.disjoint,
                ..Style::plain(format)
            };
            delivery::read_with(opened, reader, style)
        }
        Kind::Context => context::read(opened, reader, format),
        Kind::Captures => captures::read(opened, reader, format),
        _ => people::contacts_of(opened, reader, format),
    }
}

/// A layout in which each heading is casefile's own name.
pub(super) fn layout(opened: &Opened<'_>, kind: Kind, sheet: &Sheet) -> Result<Layout> {
    let table = columns(kind);
    let own = |heading: &Heading| {
        let known = table.iter().find(|column| column.name == heading.key);
        known.map(|column| column.name)
    };
    // The user's column map is for files that have headings of their own.
    let hints = super::Hints::default();
    let input = super::Input {
        hints: &hints,
        ..*opened.input
    };
    heading::resolve(sheet, 0, &own, table, kind, &input)
}

/// The entries as a sheet with a heading row, in the order of the documented table. Values that the
/// table has no column for served the transcript only.
fn sheet(table: &'static [Column], entries: &[Entry]) -> Sheet {
    let used: BTreeSet<&str> = entries
        .iter()
        .flat_map(|entry| entry.values.iter().map(|(name, _)| *name))
        .collect();
    let names: Vec<&str> = table
        .iter()
        .map(|column| column.name)
        .filter(|name| used.contains(name))
        .collect();
    let mut records = vec![Record::from_text(0, &names.iter().collect())];
    records.extend(entries.iter().map(|entry| {
        let cells: csv::StringRecord = names
            .iter()
            .map(|name| entry.get(name).unwrap_or_default())
            .collect();
        Record::from_text(entry.row, &cells).of_member(entry.member)
    }));
    Sheet {
        name: None,
        records,
    }
}

/// Why a file without a single row is refused.
fn nothing(opened: &Opened<'_>, transcript: &Transcript) -> Problem {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for record in &transcript.left_out {
        *reasons.entry(record.reason).or_default() += 1;
    }
    let told: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    let (message, hint) = if told.is_empty() {
        (
            "the file has no records".to_owned(),
            "if nothing happened, the file can be listed without being read: `kind = \"attachment\"`",
        )
    } else {
        (
            format!(
                "no record of the file holds data; left out: {}",
                told.join(", ")
            ),
            "`casefile help codes` says what each reason means; `kind = \"attachment\"` lists the file without reading it",
        )
    };
    Problem::new("no-rows", opened.input.file, message).hint(hint)
}

/// The remarks, one a code.
fn told(file: &str, list: &[Remark]) -> Vec<Notice> {
    let mut by_code: BTreeMap<&'static str, Vec<Option<u64>>> = BTreeMap::new();
    for remark in list {
        by_code.entry(remark.code).or_default().push(remark.row);
    }
    by_code
        .into_iter()
        .map(|(code, rows)| {
            let first: Vec<u64> = rows.iter().flatten().take(3).copied().collect();
            let count = rows.len() as u64;
            let message = remarks::sentence(remarks::meaning(code), "record", count, &first);
            if remarks::is_caution(code) {
                Notice::caution(code, Locator::file(file), message)
            } else {
                Notice::info(code, Locator::file(file), message)
            }
        })
        .collect()
}
