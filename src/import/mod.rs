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
mod words;
mod workbook;

pub use formats::{FORMATS, Format, GenderOf};
pub use tidy_columns::{Column, Form, columns};

use crate::case::{Case, DateOrder, EvidenceEntry, Kind, SourceFile};
use crate::error::{Error, Problem, Problems, Result};
use crate::evidence::{
    AccountRow, AdRow, CaptureRow, CodeRow, ContactRow, ContextRow, DeliveryRow, Evidence, FeedRow,
    RowAccount, Secrets, Snapshot, SnapshotBasis, Source, StatementRow, without_secrets,
};
use crate::notice::{Locator, Notice};
use formats::Reading;
use open::{Content, Opened};
use reader::Reader;
use sheet::Record;
use std::borrow::Cow;
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

/// Reads every source of the case. All problems of all files are reported together; rows stand in
/// the order of the exhibits, and within a file in its own order.
pub fn import(case: &Case) -> Result<Evidence> {
    import_files(&case.sources)
}

/// [`import`] for files that stand in the order of their exhibits.
pub fn import_files(sources: &[SourceFile]) -> Result<Evidence> {
    let (evidence, problems) = import_watched(sources, &mut |_, _| ());
    problems.finish(evidence)
}

/// [`import_files`], telling `watch` after each file how many rows it had, and its name. Files that
/// cannot be read are missing from the evidence and told in the problems.
pub fn import_watched(
    sources: &[SourceFile],
    watch: &mut dyn FnMut(u64, &str),
) -> (Evidence, Problems) {
    let mut evidence = Evidence::default();
    let mut problems = Problems::default();
    let mut codes = Vec::new();
    same_bytes(sources, &mut problems);
    for source in sources {
        let input = Input {
            file: &source.file,
            bytes: &source.bytes,
            hints: &Hints::from(&source.declaration),
        };
        if let Some(imported) = problems.take(read(&input)) {
            watch(imported.rows.in_file, &source.file);
            add(&mut evidence, &mut codes, source, imported);
        }
    }
    events::unite(&mut evidence);
    coding::join(&mut evidence, codes, &mut problems);
    absent_campaigns(&mut evidence);
    (evidence, problems)
}

/// Files of people with the same bytes would count everybody twice. Exports of delivery can be equal:
/// a cumulative count need not have changed.
fn same_bytes(sources: &[SourceFile], problems: &mut Problems) {
    let mut known: BTreeMap<&crate::digest::Sha256, &str> = BTreeMap::new();
    for source in sources {
        let people = source
            .declaration
            .kind
            .is_some_and(|kind| kind != Kind::Attachment && kind.withheld_by_default());
        if !people {
            continue;
        }
        match known.get(&source.sha256) {
            None => {
                known.insert(&source.sha256, &source.file);
            }
            Some(first) => problems.push(
                Problem::new(
                    "same-file-twice",
                    source.file.clone(),
                    "this file has the same bytes as another of the case, so all that it holds would count twice",
                )
                .value(*first)
                .hint("take one of them out of the case"),
            ),
        }
    }
}

fn add(evidence: &mut Evidence, codes: &mut Vec<CodeRow>, source: &SourceFile, imported: Imported) {
    let declaration = &source.declaration;
    let withheld = match imported.kind {
        Kind::Contacts => true,
        kind => declaration
            .confidential
            .unwrap_or(kind.withheld_by_default()),
    };
    let secrets = match without_secrets(&source.bytes) {
        None => Secrets::Kept,
        Some(Cow::Borrowed(_)) => Secrets::None,
        Some(Cow::Owned(_)) => Secrets::Removed,
    };
    if secrets != Secrets::None {
        let what = if secrets == Secrets::Kept {
            "the file holds access tokens or signed addresses that cannot be taken out, so no edition holds it"
        } else {
            "the file holds access tokens or signed addresses; the bundle holds a copy without them, and the digest is that of the file as it was received"
        };
        evidence.notices.push(Notice::info(
            "secrets-removed",
            Locator::file(source.file.clone()),
            what,
        ));
    }
    evidence.sources.push(Source {
        exhibit: source.exhibit.clone(),
        file: source.file.clone(),
        bytes: source.bytes.len() as u64,
        sha256: source.sha256,
        kind: imported.kind,
        format: imported.format,
        withheld,
        title: declaration.title.clone(),
        obtained: declaration.obtained.clone(),
        rows: imported.rows,
        snapshot: imported.snapshot,
        secrets,
        unused_columns: imported.unused_columns,
    });
    evidence.notices.extend(imported.notices);
    evidence.context.extend(imported.context);
    match imported.table {
        Table::Ads(rows) => evidence.ads.extend(rows),
        Table::Delivery(rows) => evidence.delivery.extend(rows),
        Table::Contacts(rows) => evidence.contacts.extend(rows),
        Table::Accounts(rows) => evidence.accounts.extend(rows),
        Table::Feeds(rows) => evidence.feeds.extend(rows),
        Table::Statements(rows) => evidence.statements.extend(rows),
        Table::Context(rows) => evidence.context.extend(rows),
        Table::Captures(rows) => evidence.captures.extend(rows),
        Table::Codes(rows) => codes.extend(rows),
        Table::Attachment => {}
    }
}

/// An export without a campaign column cannot tell apart ad sets of one name that, as another
/// export shows, run in several campaigns.
fn absent_campaigns(evidence: &mut Evidence) {
    let mut campaigns: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &evidence.delivery {
        if let (Some(ad_set), Some(campaign)) = (&row.ad_set, &row.campaign) {
            campaigns.entry(ad_set).or_default().insert(campaign);
        }
    }
    let mut affected: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &evidence.delivery {
        if let (Some(ad_set), None) = (&row.ad_set, &row.campaign)
            && campaigns
                .get(&**ad_set)
                .is_some_and(|names| names.len() > 1)
        {
            affected
                .entry(&row.locator.file)
                .or_default()
                .insert(ad_set);
        }
    }
    let notices: Vec<Notice> = affected
        .into_iter()
        .map(|(file, ad_sets)| {
            let names: Vec<&str> = ad_sets.into_iter().collect();
            let message = format!(
                "the file has no campaign column, and other files show ad sets of the same name in several campaigns: {}",
                names.join(", ")
            );
            Notice::caution("campaign-absent", Locator::file(file), message)
        })
        .collect();
    evidence.notices.extend(notices);
}

#[cfg(test)]
#[path = "../../tests/unit/mod.rs"]
mod unit;
