//! Raw files to tables: what a file is, what its rows say, and which rows were left out and why.
//!
//! A file goes through four steps. `open` turns bytes into sheets of cells or into texts, or refuses
//! them. `formats` asks each format whether a sheet or text is its own. What is no table (messages,
//! interfaces, libraries, captures) is transcribed to one: each of its records becomes a row under
//! casefile's headings, or is left out for a reason (`transcript`). `heading` gives the columns of
//! tables casefile's names, and `reader` turns cells into values, deciding once for the whole file how
//! numbers and dates are written. Whatever can be read in two ways is refused with both readings;
//! nothing is guessed.
//!
//! Formats stand in three folders, one file each: `platforms` (delivery and context), `messages` (what
//! test accounts received), `captures`. A new one is a file and a row of the table in `formats`.
//!
#![doc = include_str!("SAMPLES.md")]

mod archive;
mod captures;
mod choose;
mod coding;
mod context;
mod conventions;
mod date;
mod delimited;
mod delivery;
mod events;
mod formats;
mod heading;
mod messages;
mod number;
mod open;
mod part;
mod people;
mod platforms;
mod propose;
mod reader;
mod reading;
mod records;
mod refuse;
mod remarks;
mod repeats;
mod sheet;
mod sums;
mod text;
mod tidy;
mod tidy_columns;
mod transcribed;
mod transcript;
mod whole;
mod words;
mod workbook;

pub use formats::{FORMATS, Format, GenderOf};
pub use tidy_columns::{Column, Form, columns};
pub use whole::{import, import_files, import_watched};

use crate::case::{DateOrder, EvidenceEntry, Kind};
use crate::error::{Error, Problem, Problems, Result};
use crate::evidence::{
    AccountRow, AdRow, CaptureRow, CodeRow, ContactRow, ContextRow, DeliveryRow, Evidence, FeedRow,
    Reading as TableReading, RowAccount, Snapshot, SnapshotBasis, StatementRow,
};
use crate::notice::{Locator, Notice};
use formats::Reading;
use open::{Content, Opened};
use reader::Reader;
use sheet::Record;
use std::collections::{BTreeMap, BTreeSet};
use transcript::Transcript;

/// How many rows a preview shows.
const PREVIEW_ROWS: usize = 5;

/// A file with what the user says of it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Path inside the case folder.
    pub file: &'a str,
    pub bytes: &'a [u8],
    pub hints: &'a Hints,
}

/// What the user says of a file, where the file alone does not say it or casefile should insist.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    pub kind: Option<Kind>,
    pub format: Option<String>,
    /// casefile's column -> heading in the file.
    pub columns: BTreeMap<String, String>,
    /// casefile's column -> cell in the file -> what to read instead.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    pub sheet: Option<String>,
    /// Row of the headings, from 1.
    pub header_row: Option<u64>,
    pub delimiter: Option<char>,
    pub decimal: Option<char>,
    pub date_order: Option<DateOrder>,
    pub snapshot: Option<String>,
    /// The account under test, as it is named in the file.
    pub account: Option<String>,
    /// Zone of local times.
    pub timezone: Option<String>,
}

impl From<&EvidenceEntry> for Hints {
    fn from(entry: &EvidenceEntry) -> Self {
        Hints {
            kind: entry.kind,
            format: entry.format.clone(),
            columns: entry.columns.clone(),
            values: entry.values.clone(),
            sheet: entry.sheet.clone(),
            header_row: entry.header_row,
            delimiter: entry.delimiter,
            decimal: entry.decimal,
            date_order: entry.date_order,
            snapshot: entry.snapshot.clone(),
            account: entry.account.clone(),
            timezone: entry.timezone.clone(),
        }
    }
}

/// What a file is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    pub format: &'static str,
    pub kind: Kind,
    pub reason: String,
    /// Formats that were not chosen, each with the reason.
    pub runners_up: Vec<(&'static str, String)>,
}

/// A heading of the file, and casefile's name for the column if it uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUse {
    pub header: String,
    pub canonical: Option<&'static str>,
}

/// The rows of a file.
#[derive(Debug, Clone)]
pub enum Table {
    Ads(Vec<AdRow>),
    Delivery(Vec<DeliveryRow>),
    Contacts(Vec<ContactRow>),
    Accounts(Vec<AccountRow>),
    Feeds(Vec<FeedRow>),
    Statements(Vec<StatementRow>),
    Context(Vec<ContextRow>),
    Captures(Vec<CaptureRow>),
    /// Codes of events that other files hold.
    Codes(Vec<CodeRow>),
    Attachment,
}

impl Table {
    fn len(&self) -> usize {
        match self {
            Table::Ads(rows) => rows.len(),
            Table::Delivery(rows) => rows.len(),
            Table::Contacts(rows) => rows.len(),
            Table::Accounts(rows) => rows.len(),
            Table::Feeds(rows) => rows.len(),
            Table::Statements(rows) => rows.len(),
            Table::Context(rows) => rows.len(),
            Table::Captures(rows) => rows.len(),
            Table::Codes(rows) => rows.len(),
            Table::Attachment => 0,
        }
    }
}

/// A file, read.
#[derive(Debug, Clone)]
pub struct Imported {
    pub kind: Kind,
    pub format: &'static str,
    pub rows: RowAccount,
    pub snapshot: Option<Snapshot>,
    /// Headings that nothing uses.
    pub unused_columns: Vec<String>,
    pub notices: Vec<Notice>,
    pub table: Table,
    /// What the file says of ads without saying who saw them: targeting, payer, totals.
    pub context: Vec<ContextRow>,
    /// Such as `UTF-8`; `workbook` for XLSX and `binary` for attachments.
    pub encoding: &'static str,
    pub delimiter: Option<char>,
    /// Sheet that was read, of a workbook.
    pub sheet: Option<String>,
    pub columns: Vec<ColumnUse>,
    /// casefile's names of the columns in the preview; none that may name a person.
    pub preview_columns: Vec<&'static str>,
    /// The first rows as casefile reads them.
    pub preview: Vec<Vec<String>>,
    /// How the cells of a table were read, where the file is one.
    pub reading: Option<TableReading>,
}

/// What the file is. An error says why it is refused.
pub fn detect(input: &Input<'_>) -> Result<Detection> {
    let opened = open::open(input)?;
    if let Content::Document(name) = opened.content {
        let reason = if input.hints.kind == Some(Kind::Attachment) {
            "declared as attachment".into()
        } else {
            format!("a {name}")
        };
        return Ok(Detection {
            format: tidy::name(Kind::Attachment),
            kind: Kind::Attachment,
            reason,
            runners_up: Vec::new(),
        });
    }
    if let Content::Texts { members, .. } = &opened.content {
        let (choice, runners_up) = choose::choose_text(&opened, members)?;
        return Ok(Detection {
            format: choice.format.name,
            kind: choice.format.kind,
            reason: choice.reason,
            runners_up,
        });
    }
    let (choice, runners_up) = choose::choose(&opened)?;
    Ok(Detection {
        format: choice.format.name,
        kind: choice.format.kind,
        reason: choice.reason,
        runners_up,
    })
}

/// Reads the file as what it is, or as what the user says that it is.
pub fn read(input: &Input<'_>) -> Result<Imported> {
    let opened = open::open(input)?;
    if matches!(opened.content, Content::Document(_)) {
        return Ok(Imported {
            kind: Kind::Attachment,
            format: tidy::name(Kind::Attachment),
            rows: RowAccount::default(),
            snapshot: None,
            unused_columns: Vec::new(),
            notices: Vec::new(),
            table: Table::Attachment,
            context: Vec::new(),
            encoding: opened.encoding,
            delimiter: None,
            sheet: None,
            columns: Vec::new(),
            preview_columns: Vec::new(),
            preview: Vec::new(),
            reading: None,
        });
    }
    if let Content::Texts { members, names } = &opened.content {
        let (choice, _) = choose::choose_text(&opened, members)?;
        return transcribed::texts(&opened, members, names, &choice);
    }
    let (choice, _) = choose::choose(&opened)?;
    if let Some(line) = opened.open_quote {
        return Err(Problem::new(
            "unclosed-quote",
            input.file,
            "a quotation mark opens a cell here and is never closed: the file was cut or changed",
        )
        .line(line)
        .hint("take the file again from where it came from")
        .into());
    }
    let sheet = &opened.sheets()[choice.sheet];
    if sheet.records.len() <= choice.header + 1 {
        return Err(Problem::new("no-rows", input.file, "the file has headings and no rows")
            .line(sheet.records[choice.header].row)
            .hint("export it again; an ad without delivery has no rows, and then the file can be left out")
            .into());
    }
    let mut imported = match choice.format.reading {
        Reading::Table { read, .. } => read(&opened, sheet, choice.header)?,
        Reading::Rows { transcribe, .. } => {
            transcribed::check_widths(input.file, sheet, choice.header)?;
            let mut transcript = Transcript::default();
            transcribe(&opened, sheet, choice.header, &mut transcript)?;
            transcribed::rows(&opened, choice.format, transcript)?
        }
        Reading::Text { .. } => {
            return Err(
                Problem::new("unknown-format", input.file, "this format reads no tables").into(),
            );
        }
    };
    // A cut number still reads as a number, so a last line without its end is worth a look.
    let last = input.bytes.iter().rev().find(|byte| **byte != 0);
    if imported.delimiter.is_some() && last.is_some_and(u8::is_ascii_digit) {
        let row = sheet.records.last().map_or(0, |record| record.row);
        imported.notices.push(Notice::caution(
            "no-final-newline",
            Locator::row(input.file, row),
            "the file ends with a digit and without a line end: if it was cut, its last number is too small",
        ));
    }
    let others: Vec<&str> = opened
        .sheets()
        .iter()
        .enumerate()
        .filter(|(index, other)| *index != choice.sheet && !other.records.is_empty())
        .filter_map(|(_, other)| other.name.as_deref())
        .collect();
    if !others.is_empty() {
        // Names of sheets and files can be those of people.
        let message = if imported.kind.withheld_by_default() {
            format!("{} other sheet(s) were not read", others.len())
        } else {
            format!("other sheets were not read: {}", others.join(", "))
        };
        let locator = Locator::file(input.file);
        imported.notices.push(if opened.encoding == "archive" {
            Notice::caution("unread-sheets", locator, message)
        } else {
            Notice::info("unread-sheets", locator, message)
        });
    }
    Ok(imported)
}

/// The reading of one sheet as [`Imported`], or its problems. `shown` are the records of the rows
/// of `table`, in its order.
fn finish(
    opened: &Opened<'_>,
    reader: Reader<'_>,
    format: &'static str,
    kind: Kind,
    shown: &[&Record],
    table: Table,
    meaning: &dyn Fn(&str) -> &'static str,
) -> Result<Imported> {
    let input = opened.input;
    let show: Vec<&Column> = columns(kind)
        .iter()
        .filter(|column| !column.identifying && reader.layout.has(column.name))
        .collect();
    let sound = reader.is_sound();
    let preview = if sound {
        shown
            .iter()
            .take(PREVIEW_ROWS)
            .map(|record| {
                show.iter()
                    .map(|column| reader.shown(record, column))
                    .collect()
            })
            .collect()
    } else {
        Vec::new()
    };
    let sheet = reader.sheet.name.clone();
    let reading = sound.then(|| reading::of(opened, &reader, shown));
    let (snapshot, layout, rows, mut notices) = match (
        snapshot(input, kind),
        reader.finish(table.len() as u64, meaning),
    ) {
        (Ok(snapshot), Ok((layout, rows, notices))) => (snapshot, layout, rows, notices),
        (snapshot, read) => {
            let errors = snapshot.err().into_iter().chain(read.err());
            return Err(Error {
                problems: errors.flat_map(|error| error.problems).collect(),
            });
        }
    };
    notices.splice(0..0, opened.notices.iter().cloned());
    let unused = |index: &usize| match layout.title(*index) {
        "" => format!("(column {} without a heading)", index + 1),
        title => title.to_owned(),
    };
    Ok(Imported {
        kind,
        format,
        rows,
        snapshot,
        unused_columns: layout.unused.iter().map(unused).collect(),
        notices,
        table,
        context: Vec::new(),
        encoding: opened.encoding,
        delimiter: opened.delimiter,
        sheet,
        columns: layout.uses,
        preview_columns: show.iter().map(|column| column.name).collect(),
        preview,
        reading,
    })
}

/// When a cumulative export was taken: as declared, else as its file name says.
fn snapshot(input: &Input<'_>, kind: Kind) -> Result<Option<Snapshot>> {
    if let Some(text) = &input.hints.snapshot {
        let Some(moment) = date::read(text, None) else {
            return Err(
                Problem::new("not-a-time", input.file, "`snapshot` is not a time")
                    .value(text)
                    .hint("write it as `snapshot = \"2024-03-07T18:30\"`")
                    .into(),
            );
        };
        let at = moment
            .date
            .to_datetime(moment.time.unwrap_or(jiff::civil::Time::midnight()));
        return Ok(Some(Snapshot {
            at,
            basis: SnapshotBasis::Declared,
        }));
    }
    if kind != Kind::Delivery {
        return Ok(None);
    }
    Ok(date::in_file_name(input.file).map(|at| Snapshot {
        at,
        basis: SnapshotBasis::FileName,
    }))
}

#[cfg(test)]
#[path = "../../tests/unit/mod.rs"]
mod unit;
