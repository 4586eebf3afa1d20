//! Headings to casefile's names: which row holds them, what each column is, and what nothing uses.

use super::sheet::Sheet;
use super::text::undo_double_encoding;
use super::tidy_columns::Column;
use super::words::fold;
use super::{ColumnUse, Input};
use crate::case::Kind;
use crate::error::{Problem, Problems, Result};
use crate::notice::{Locator, Notice};
use std::collections::BTreeMap;

/// How many rows are searched for the headings.
pub(super) const SEARCH_ROWS: usize = 10;

/// A heading as it is compared: folded, double encoding undone, the currency taken off its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub key: String,
    pub currency: Option<String>,
}

pub(super) fn heading(text: &str) -> Heading {
    let text = undo_double_encoding(text);
    // A folded code of three letters in brackets, such as `(usd)`, where it is written in capitals.
    let folded = fold(&text);
    if let Some((rest, code)) = folded.strip_suffix(')').and_then(|t| t.rsplit_once('('))
        && code.len() == 3
        && code.bytes().all(|b| b.is_ascii_lowercase())
        && text.contains(&code.to_ascii_uppercase())
    {
        return Heading {
            key: rest.trim_end().to_owned(),
            currency: Some(code.to_ascii_uppercase()),
        };
    }
    Heading {
        key: folded,
        currency: None,
    }
}

/// A heading in the form of casefile's own names: `Ad set` and `ad-set` are `ad_set`.
pub(super) fn snake(key: &str) -> String {
    key.replace([' ', '-'], "_")
}

/// The columns of a table by casefile's names.
pub(super) struct Layout {
    /// Index of the heading row among the records.
    pub header: usize,
    /// Number of cells of the heading row.
    pub width: usize,
    pub columns: BTreeMap<&'static str, usize>,
    pub uses: Vec<ColumnUse>,
    /// Currency in the heading of the amount.
    pub currency: Option<String>,
    /// Columns that nothing uses.
    pub unused: Vec<usize>,
    pub notices: Vec<Notice>,
}

impl Layout {
    pub fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// Heading of a column as it stands in the file.
    pub fn title(&self, index: usize) -> &str {
        self.uses.get(index).map_or("", |use_| use_.header.as_str())
    }
}

/// What a heading is called in casefile's table.
pub(super) type Names<'n> = &'n dyn Fn(&Heading) -> Option<&'static str>;

/// Index of the row, among the first ones, in which most different columns are recognised, with
/// their number.
pub(super) fn search(sheet: &Sheet, names: Names<'_>, input: &Input<'_>) -> Option<(usize, usize)> {
    let mapped: Vec<String> = input
        .hints
        .columns
        .values()
        .map(|title| heading(title).key)
        .collect();
    if let Some(row) = input.hints.header_row {
        let stated = sheet.records.iter().position(|record| record.row == row);
        return stated.map(|index| (index, sheet.records[index].filled().max(1)));
    }
    let mut best: Option<(usize, usize)> = None;
    for (index, record) in sheet.records.iter().take(SEARCH_ROWS).enumerate() {
        let mut seen: Vec<String> = Vec::new();
        for cell in record.cells() {
            let heading = heading(&cell.text());
            let name = names(&heading).map(str::to_owned);
            let found = name.or_else(|| mapped.contains(&heading.key).then(|| heading.key.clone()));
            seen.extend(found.filter(|name| !name.is_empty()));
        }
        seen.sort_unstable();
        seen.dedup();
        if !seen.is_empty() && best.is_none_or(|(_, hits)| seen.len() > hits) {
            best = Some((index, seen.len()));
        }
    }
    best
}

/// Assigns casefile's names to the columns of the heading row. The column map of `case.toml` goes
/// first; of two columns with one name the first counts.
pub(super) fn resolve(
    sheet: &Sheet,
    header: usize,
    names: Names<'_>,
    table: &'static [Column],
    kind: Kind,
    input: &Input<'_>,
) -> Result<Layout> {
    let Some(record) = sheet.records.get(header) else {
        return Err(
            Problem::new("no-headings", input.file, "the file has no row of headings").into(),
        );
    };
    let titles: Vec<String> = record
        .cells()
        .map(|cell| undo_double_encoding(&cell.text()).into_owned())
        .collect();
    let headings: Vec<Heading> = titles.iter().map(|title| heading(title)).collect();
    let folded: Vec<String> = titles
        .iter()
        .map(|title| fold(title).replace([' ', '_'], ""))
        .collect();
    let has = |key: &str| folded.iter().any(|own| own == key);
    if kind == Kind::Delivery && has("agebracket") && has("creativeurl") {
        // Snapchat's library of political ads: its genders and ages are whom advertisers asked for.
        return Err(targeting(input, record.row, "AgeBracket").into());
    }
    let mut given: Vec<Option<&'static str>> = vec![None; titles.len()];
    let mut problems = Problems::default();
    let mut columns: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (name, title) in &input.hints.columns {
        let Some(column) = table.iter().find(|column| column.name == name) else {
            let names: Vec<&str> = table.iter().map(|column| column.name).collect();
            problems.push(
                Problem::new(
                    "unknown-column",
                    input.file,
                    format!(
                        "the column map names a column that a table of {} does not have",
                        kind.name()
                    ),
                )
                .value(name)
                .hint(format!(
                    "the columns of {} are: {}",
                    kind.name(),
                    names.join(", ")
                )),
            );
            continue;
        };
        if kind == Kind::Delivery && super::words::says_targeting(title) {
            problems.push(targeting(input, record.row, title));
            continue;
        }
        let wanted = heading(title);
        let exact = titles.iter().position(|t| t == title);
        match exact.or_else(|| headings.iter().position(|h| h.key == wanted.key)) {
            Some(index) => {
                given[index] = Some(column.name);
                columns.insert(column.name, index);
            }
            None => problems.push(
                Problem::new(
                    "unmapped-column",
                    input.file,
                    format!(
                        "the column map of `{name}` names a heading that the file does not have"
                    ),
                )
                .line(record.row)
                .value(title)
                .hint(format!("the headings of the file are: {}", listed(&titles))),
            ),
        }
    }
    let mut notices = Vec::new();
    for (index, heading) in headings.iter().enumerate() {
        if given[index].is_some() || heading.key.is_empty() {
            continue;
        }
        let Some(name) = names(heading) else { continue };
        match columns.get(name) {
            None => {
                columns.insert(name, index);
                given[index] = Some(name);
            }
            Some(first)
                if input.hints.columns.contains_key(name)
                    || headings[*first].key != heading.key => {}
            Some(first) => {
                let differs = sheet
                    .records
                    .iter()
                    .skip(header + 1)
                    .find(|r| r.cell(*first).text() != r.cell(index).text());
                match differs {
                    None => given[index] = Some(name),
                    Some(row) => notices.push(Notice::caution(
                        "duplicate-heading",
                        Locator {
                            file: input.file.into(),
                            sheet: sheet.name.as_deref().map(Into::into),
                            row: Some(row.row),
                        },
                        format!(
                            "two columns are called `{}` and differ; the first is used",
                            titles[index]
                        ),
                    )),
                }
            }
        }
    }
    let currency = columns
        .get("spend")
        .and_then(|index| headings[*index].currency.clone());
    let unused = (0..titles.len())
        .filter(|index| given[*index].is_none())
        .filter(|index| {
            !titles[*index].is_empty()
                || sheet
                    .records
                    .iter()
                    .skip(header + 1)
                    .any(|r| !r.cell(*index).is_blank())
        })
        .collect();
    let uses = titles
        .into_iter()
        .zip(given)
        .map(|(header, canonical)| ColumnUse { header, canonical })
        .collect();
    problems.finish(Layout {
        header,
        width: record.len(),
        columns,
        uses,
        currency,
        unused,
        notices,
    })
}

/// Whom an advertiser asked for can be no delivery, whatever the user says.
fn targeting(input: &Input<'_>, row: u64, title: &str) -> Problem {
    Problem::new(
        "targeting-as-delivery",
        input.file,
        "this column says whom the advertiser asked for, not whom the platform showed the ad",
    )
    .line(row)
    .value(title)
    .hint("record the table as `kind = \"context\"`, with `columns = { ad = \"...\", targeted_gender = \"...\" }`: it is then listed and never counted")
}

/// Headings in a sentence.
pub(super) fn listed(titles: &[String]) -> String {
    let quoted: Vec<String> = titles
        .iter()
        .filter(|t| !t.is_empty())
        .map(|t| format!("`{t}`"))
        .collect();
    if quoted.is_empty() {
        "none".into()
    } else {
        quoted.join(", ")
    }
}
