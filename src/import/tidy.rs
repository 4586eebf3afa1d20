//! casefile's own tables, one for each kind: a spreadsheet with the documented headings, or with
//! other headings and a column map in `case.toml`.

use super::delivery::{self, Style};
use super::formats::Fit;
use super::heading::{self, Heading};
use super::open::Opened;
use super::reader::Reader;
use super::sheet::{Record, Sheet};
use super::tidy_columns::{Column, columns};
use super::{Imported, Input, captures, context, people, records, words};
use crate::case::Kind;
use crate::error::{Problem, Result};

/// The name of the tidy format of `kind`.
pub(super) const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Ads => "tidy-ads",
        Kind::Delivery => "tidy-delivery",
        Kind::Contacts => "tidy-contacts",
        Kind::Accounts => "tidy-accounts",
        Kind::Feeds => "tidy-feeds",
        Kind::Statements => "tidy-statements",
        Kind::Context => "tidy-context",
        Kind::Captures => "tidy-captures",
        Kind::Attachment => "attachment",
    }
}

/// Columns that tell one kind from the others where the user does not say: a table of this kind
/// has at least one of them.
fn telling(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Ads => &[
            "arm",
            "creative",
            "creative_sha256",
            "targeting",
            "objective",
            "budget",
        ],
        Kind::Delivery => &["impressions", "reach", "clicks", "results", "share"],
        Kind::Contacts => &["received_at_local"],
        Kind::Accounts => &[
            "first_seen",
            "identified",
            "confirmed_by",
            "reported",
            "removed",
            "last_checked",
        ],
        Kind::Feeds => &["follows", "session", "rank", "coded"],
        Kind::Statements => &["asked", "asked_on", "quote", "role", "reference"],
        Kind::Context => &[
            "targeted_gender",
            "targeted_age",
            "targeted_places",
            "payer",
        ],
        Kind::Captures => &["captured_at", "source_url"],
        Kind::Attachment => &[],
    }
}

/// Headings under which custody logs hold the columns of captures.
const OF_CUSTODY_LOGS: [(&str, &str); 4] = [
    ("evidence_id", "evidence_ref"),
    (captures::IN_UTC, "captured_at"),
    ("item_description", "title"),
    ("tool+version", "tool"),
];

fn find(table: &'static [Column], heading: &Heading) -> Option<&'static str> {
    let key = heading::snake(&heading.key);
    let is_captures = table.iter().any(|column| column.name == "captured_at");
    let key = OF_CUSTODY_LOGS
        .iter()
        .find(|(other, _)| is_captures && *other == key)
        .map_or(key.as_str(), |(_, name)| name);
    table
        .iter()
        .find(|column| column.name == key)
        .map(|column| column.name)
}

/// Whether a heading is casefile's own name of a column of `kind`.
pub(super) fn is_own_name(kind: Kind, name: &str, title: &str) -> bool {
    find(columns(kind), &heading::heading(title)) == Some(name)
}

/// Whether any tidy table has this heading.
pub(super) fn is_known(heading: &Heading) -> bool {
    Kind::ALL
        .into_iter()
        .any(|kind| find(columns(kind), heading).is_some())
}

/// What must be there for a table of `kind`, in words, if it is missing.
fn missing(kind: Kind, has: &dyn Fn(&str) -> bool) -> Option<String> {
    if kind == Kind::Delivery {
        if !["ad", "ad_set", "campaign"].into_iter().any(has) {
            return Some("ad".into());
        }
        let measured = [
            "impressions",
            "reach",
            "clicks",
            "results",
            "share",
            "spend",
        ]
        .into_iter()
        .any(has);
        return (!measured).then(|| "impressions".into());
    }
    if kind == Kind::Context && !has("ad") && !has("advertiser") {
        return Some("ad".into());
    }
    if kind == Kind::Captures && !has("evidence_ref") && !has("source_url") {
        return Some("evidence_ref".into());
    }
    columns(kind)
        .iter()
        .find(|column| column.required && !has(column.name))
        .map(|column| column.name.into())
}

/// Names of casefile that the heading row has, its own or through the map.
fn found(kind: Kind, sheet: &Sheet, header: usize, input: &Input<'_>) -> Vec<&'static str> {
    let table = columns(kind);
    let Some(record) = sheet.records.get(header) else {
        return Vec::new();
    };
    let headings: Vec<Heading> = record
        .cells()
        .map(|cell| heading::heading(&cell.text()))
        .collect();
    let mapped = |column: &Column| {
        input.hints.columns.get(column.name).is_some_and(|title| {
            headings
                .iter()
                .any(|h| h.key == heading::heading(title).key)
        })
    };
    let own = |column: &Column| headings.iter().any(|h| find(table, h) == Some(column.name));
    table
        .iter()
        .filter(|column| mapped(column) || own(column))
        .map(|column| column.name)
        .collect()
}

pub(super) fn fit(kind: Kind, opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let names = |heading: &Heading| find(columns(kind), heading);
    let Some((header, hits)) = heading::search(sheet, &names, opened.input) else {
        return Fit::No(format!("no heading of the table of {}", kind.name()));
    };
    let found = found(kind, sheet, header, opened.input);
    let has = |name: &str| found.contains(&name);
    if let Some(name) = missing(kind, &has) {
        return Fit::No(format!("no column `{name}`"));
    }
    let declared = opened.input.hints.kind == Some(kind)
        || opened.input.hints.format.as_deref() == Some(name(kind));
    if !declared && !telling(kind).iter().any(|name| has(name)) {
        return Fit::No(format!(
            "no column that only a table of {} has",
            kind.name()
        ));
    }
    let row = sheet.records.get(header).map_or(1, |record| record.row);
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} headings of the table of {} in row {row}",
            kind.name()
        ),
    }
}

/// Why a table declared to be of `kind` cannot be read: the column that it lacks, and how to map it.
pub(super) fn lacking(kind: Kind, opened: &Opened<'_>, sheet: &Sheet) -> Problem {
    let names = |heading: &Heading| find(columns(kind), heading);
    let header = heading::search(sheet, &names, opened.input).map_or(0, |(header, _)| header);
    let found = found(kind, sheet, header, opened.input);
    let name = missing(kind, &|name| found.contains(&name)).unwrap_or_default();
    let record = sheet.records.get(header);
    let titles: Vec<String> = record
        .map(|r| r.cells().map(|cell| cell.text().into_owned()).collect())
        .unwrap_or_default();
    let what = if kind == Kind::Delivery && name == "ad" {
        "`ad` (nor `ad_set`, nor `campaign`)".to_owned()
    } else {
        format!("`{name}`")
    };
    let mut problem = Problem::new(
        "missing-column",
        opened.input.file,
        format!(
            "a table of {} needs a column {what}; the headings of the file are: {}",
            kind.name(),
            heading::listed(&titles)
        ),
    );
    problem.line = record.map(|record| record.row);
    let example = titles
        .iter()
        .find(|title| !title.is_empty())
        .map_or("heading in the file", String::as_str);
    problem.hint(format!(
        "say in the evidence entry which heading it is, for example `columns = {{ {name} = \"{example}\" }}`; `casefile help formats` prints the table"
    ))
}

/// Reads a sheet as the table of `kind`.
pub(super) fn read(
    kind: Kind,
    opened: &Opened<'_>,
    sheet: &Sheet,
    header: usize,
) -> Result<Imported> {
    let table = columns(kind);
    let names = |heading: &Heading| find(table, heading);
    let layout = heading::resolve(sheet, header, &names, table, kind, opened.input)?;
    if kind == Kind::Delivery {
        let style = Style::plain(name(kind));
        return delivery::read(opened, sheet, layout, style);
    }
    let reader = Reader::new(opened.input, sheet, layout, table);
    match kind {
        Kind::Ads => records::ads(opened, reader),
        Kind::Statements => records::statements(opened, reader),
        Kind::Contacts => people::contacts(opened, reader),
        Kind::Accounts => people::accounts(opened, reader),
        Kind::Context => context::read(opened, reader, name(kind)),
        Kind::Captures => captures::read(opened, reader, name(kind)),
        _ => people::feeds(opened, reader),
    }
}

/// The rows that have `id`, which must be there in every row but empty rows and sums at the end.
pub(super) fn usable<'a>(reader: &Reader<'a>, id: &str) -> Vec<&'a Record> {
    let width = reader.layout.width;
    let mut rows = Vec::new();
    for record in reader.records() {
        if record.is_blank() {
            reader.exclude(record, "blank-row", "the row is empty");
            continue;
        }
        let filled = record.filled();
        let first = record
            .cells()
            .find(|cell| !cell.is_blank())
            .map_or_else(String::new, |cell| cell.text().into_owned());
        let missing = reader.value(record, id).is_none();
        if (words::means_summary(&first) && filled <= width.div_ceil(2)) || (missing && filled <= 2)
        {
            reader.exclude(
                record,
                "summary-row",
                "the row sums others or remarks on them",
            );
        } else if missing {
            reader.push(
                reader.problem("missing-cell", format!("this row has no `{id}`"))
                    .line(record.row)
                    .hint("every row needs one; number the rows in a copy of the file and record the copy"),
            );
        } else {
            rows.push(record);
        }
    }
    rows
}

/// Refuses rows that have the same `key`, naming both.
pub(super) fn unique(
    reader: &Reader<'_>,
    rows: &[&Record],
    code: &'static str,
    what: &str,
    key: &dyn Fn(&Record) -> Vec<String>,
) {
    let mut first = std::collections::BTreeMap::new();
    for record in rows {
        match first.entry(key(record)) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(record.row);
            }
            std::collections::btree_map::Entry::Occupied(entry) => reader.push(
                reader
                    .problem(code, format!("row {} has the same {what}", entry.get()))
                    .line(record.row)
                    .hint("correct it in a copy of the file and record the copy"),
            ),
        }
    }
}
