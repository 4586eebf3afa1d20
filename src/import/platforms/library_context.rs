//! Tables made of Meta's Ad Library, one row an ad, without demographics: who placed and paid for
//! the ad, when it was shown, and the ranges of its impressions and spend.
//!
//! The columns are the fields of the interface, flattened by whoever made the table: `spend`
//! becomes `spend_lower` and `spend_upper` (Radlibrary), `spend_min` and `spend_max`, or `min_spend`
//! and `max_spend`, or stays an object in a cell.

use super::loose_objects;
use crate::error::Result;
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::{Cell, Record, Sheet};
use crate::import::transcript::{Entry, Transcript};
use crate::import::{Input, date, number, words, workbook};
use serde_json::Value;
use std::collections::BTreeSet;

pub const NAME: &str = "meta-ad-library-list";

pub const IDS: &[&str] = &["ad_archive_id", "adlib_id", "ad_id", "id"];
const ADVERTISER: &[&str] = &["page_name"];
const PAYER: &[&str] = &["bylines", "byline", "funding_entity"];
const FIRST_SHOWN: &[&str] = &["ad_delivery_start_time"];
const LAST_SHOWN: &[&str] = &["ad_delivery_stop_time"];
const REACH: &[&str] = &[
    "eu_total_reach",
    "uk_total_reach",
    "br_total_reach",
    "total_reach",
];
const PLATFORMS: &[&str] = &["publisher_platforms", "publisher_platform"];
const LOWER: [&str; 4] = ["{}_lower", "{}_min", "min_{}", "{}_lower_bound"];
const UPPER: [&str; 4] = ["{}_upper", "{}_max", "max_{}", "{}_upper_bound"];

/// Fields that only tables of the library have.
const TELLING: [&str; 6] = [
    "ad_creation_time",
    "ad_delivery_start_time",
    "ad_snapshot_url",
    "eu_total_reach",
    "impressions_lower",
    "min_impressions",
];

/// Other fields of the library that tell its headings from the rows below.
const OTHERS: [&str; 20] = [
    "age",
    "age_country_gender_reach_breakdown",
    "currency",
    "demographic_distribution",
    "gender",
    "impressions",
    "impressions_max",
    "impressions_min",
    "impressions_upper",
    "max_impressions",
    "max_spend",
    "min_spend",
    "page_id",
    "percentage",
    "spend",
    "spend_lower",
    "spend_max",
    "spend_min",
    "spend_upper",
    "target_gender",
];

/// The topmost range of impressions has no upper bound; one widespread table writes it as this
/// number twice.
const TOPMOST: u64 = 1_000_000;

/// The columns of a table by the names of the interface's fields.
pub struct Columns {
    keys: Vec<String>,
    titles: Vec<String>,
    /// Columns that something was read from.
    used: std::cell::RefCell<BTreeSet<usize>>,
}

impl Columns {
    pub fn of(record: &Record) -> Self {
        let titles: Vec<String> = record
            .cells()
            .map(|cell| cell.text().into_owned())
            .collect();
        let key = |title: &String| heading::snake(&words::fold(title)).replace('.', "_");
        Columns {
            keys: titles.iter().map(key).collect(),
            titles,
            used: std::cell::RefCell::default(),
        }
    }

    pub fn titles(&self) -> &[String] {
        &self.titles
    }

    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.keys.iter().position(|key| key == name))
    }

    pub fn has(&self, name: &str) -> bool {
        self.find(&[name]).is_some()
    }

    /// Marks a column as used.
    pub fn uses(&self, column: usize) {
        self.used.borrow_mut().insert(column);
    }

    /// The cell of the first of the columns that the table has; `None` where it is missing.
    pub fn cell<'r>(&self, record: &'r Record, names: &[&str]) -> Option<Cell<'r>> {
        let column = self.find(names)?;
        self.uses(column);
        let cell = record.cell(column);
        let missing = words::missing_value(&cell.text());
        (!missing).then_some(cell)
    }

    pub fn text(&self, record: &Record, names: &[&str]) -> Option<String> {
        self.cell(record, names)
            .map(|cell| cell.text().into_owned())
    }

    fn count(&self, record: &Record, names: &[&str]) -> Option<u64> {
        count(&self.text(record, names)?)
    }

    /// Tells which columns nothing has used.
    pub fn note_unused(&self, into: &mut Transcript) {
        let used = self.used.borrow();
        let titles = self.titles.iter().enumerate();
        let unused = titles.filter(|(index, title)| !used.contains(index) && !title.is_empty());
        into.unused.extend(unused.map(|(_, title)| title.clone()));
    }
}

/// A whole number, written plainly or as a program writes numbers with decimals.
pub fn count(text: &str) -> Option<u64> {
    number::read(text, '.')?.count()
}

/// Whether a heading is a field of the library; for finding the row of the headings.
pub fn field(heading: &Heading) -> Option<&'static str> {
    let key = heading::snake(&heading.key);
    [IDS, ADVERTISER, PAYER, FIRST_SHOWN, LAST_SHOWN, REACH]
        .into_iter()
        .flatten()
        .chain(&TELLING)
        .chain(&OTHERS)
        .find(|known| **known == key)
        .copied()
}

/// Recognised by the id of an ad and its page beside a field that only the library has.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let found = heading::search(sheet, &field, opened.input)
        .and_then(|(header, hits)| Some((header, hits, sheet.records.get(header)?)));
    let Some((header, hits, record)) = found else {
        return Fit::No("no field of Meta's Ad Library".into());
    };
    let columns = Columns::of(record);
    let page = columns.find(&["page_name", "page_id", "bylines", "funding_entity"]);
    let telling = columns.find(&TELLING);
    if columns.find(IDS).is_none() || page.is_none() || telling.is_none() {
        return Fit::No("no id, page and dates or ranges of ads of Meta's Ad Library".into());
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} fields of Meta's Ad Library in row {}, none on demographics",
            record.row
        ),
    }
}

pub fn transcribe(
    opened: &Opened<'_>,
    sheet: &Sheet,
    header: usize,
    into: &mut Transcript,
) -> Result<()> {
    let Some(headings) = sheet.records.get(header) else {
        return Ok(());
    };
    let columns = Columns::of(headings);
    for record in sheet.records.iter().skip(header + 1) {
        match name(record, &columns) {
            Ok(ad) => {
                let about = About::of(opened.input, record, &columns);
                about.write(&ad, into.entry_at(record.row));
                about.tell(record.row, into);
            }
            Err((reason, detail)) => into.leave_out_at(record.row, reason, detail),
        }
    }
    columns.note_unused(into);
    Ok(())
}

/// The id of the ad of a row, or why the row gives none.
pub fn name(
    record: &Record,
    columns: &Columns,
) -> std::result::Result<String, (&'static str, &'static str)> {
    if record.is_blank() {
        return Err(("blank-row", "the row is empty"));
    }
    let Some(cell) = columns.cell(record, IDS) else {
        return Err(("no-ad", "the row names no ad"));
    };
    if cell.is_damaged_id() {
        return Err((
            "damaged-id",
            "a spreadsheet program has shortened the id of the ad",
        ));
    }
    Ok(cell.text().into_owned())
}

/// What a row says of its ad beside demographics.
pub struct About {
    pub advertiser: Option<String>,
    pub first: Option<String>,
    pub last: Option<String>,
    unreadable_date: bool,
    values: Vec<(&'static str, String)>,
}

impl About {
    pub fn of(input: &Input<'_>, record: &Record, columns: &Columns) -> Self {
        let mut unreadable_date = false;
        let mut day = |names| {
            let cell = columns.cell(record, names)?;
            let day = day(input, &cell);
            unreadable_date |= day.is_none();
            day
        };
        let (first, last) = (day(FIRST_SHOWN), day(LAST_SHOWN));
        let list = |names| columns.text(record, names).map(|text| listed(&text));
        let values = [
            ("platform", list(PLATFORMS).map(|words| words.join(", "))),
            ("payer", columns.text(record, PAYER)),
            ("impressions", range(record, columns, "impressions")),
            ("spend", range(record, columns, "spend")),
            ("currency", columns.text(record, &["currency"])),
            (
                "reach",
                columns
                    .count(record, REACH)
                    .map(|people| people.to_string()),
            ),
            (
                "targeted_gender",
                columns
                    .text(record, &["target_gender"])
                    .map(|word| word.to_lowercase()),
            ),
            (
                "targeted_age",
                list(&["target_ages"])
                    .map(|ages| ages.join(if ages.len() == 2 { " to " } else { "; " })),
            ),
            (
                "targeted_places",
                list(&["target_locations"]).map(|places| places.join("; ")),
            ),
        ];
        About {
            advertiser: columns.text(record, ADVERTISER),
            first,
            last,
            unreadable_date,
            values: values
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
        }
    }

    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.advertiser.is_none() && self.first.is_none()
    }

    pub fn write(&self, ad: &str, entry: &mut Entry) {
        entry
            .set("ad", ad)
            .set("advertiser", self.advertiser.clone().unwrap_or_default())
            .set("first_shown", self.first.clone().unwrap_or_default())
            .set("last_shown", self.last.clone().unwrap_or_default());
        for (name, value) in &self.values {
            entry.set(name, value);
        }
    }

    /// What a reader must know of it.
    pub fn tell(&self, row: u64, into: &mut Transcript) {
        if self.unreadable_date {
            into.remark("date-unreadable", Some(row));
        }
    }
}

/// A day, whatever time follows it.
fn day(input: &Input<'_>, cell: &Cell<'_>) -> Option<String> {
    let date = match cell {
        Cell::Moment(at) => at.date(),
        Cell::Number(days) => workbook::serial_date(*days)?.date(),
        Cell::Text(text) => date::read(text, input.hints.date_order)?.date,
    };
    Some(date.to_string())
}

/// The words of a list: JSON, Python, or separated by commas. Of objects their names.
fn listed(text: &str) -> Vec<String> {
    let word = |item: &Value| {
        let name = item.get("name").unwrap_or(item);
        let excluded = item
            .get("excluded")
            .is_some_and(|value| *value == Value::Bool(true));
        let name = loose_objects::text(name)?;
        Some(if excluded {
            format!("not {name}")
        } else {
            name
        })
    };
    match loose_objects::read(text) {
        Some(Value::Array(items)) => items.iter().filter_map(word).collect(),
        _ => text
            .split(',')
            .map(|word| word.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect(),
    }
}

/// The range of `what`: two columns, or an object with bounds in a cell.
fn range(record: &Record, columns: &Columns, what: &str) -> Option<String> {
    let bound = |patterns: [&str; 4]| {
        let names = patterns.map(|pattern| pattern.replace("{}", what));
        let names = names.each_ref().map(String::as_str);
        columns.count(record, &names)
    };
    let (mut low, mut high) = (bound(LOWER), bound(UPPER));
    if low.is_none() && high.is_none() {
        let text = columns.text(record, &[what])?;
        let braced = if text.contains("lower_bound") && !text.starts_with('{') {
            format!("{{{text}}}")
        } else {
            text
        };
        let Some(object) = loose_objects::read(&braced) else {
            let exact = count(&braced).map(|exact| exact.to_string());
            return exact.or_else(|| number::range(&braced, '.').map(|_| braced));
        };
        let bound = |name| count(&loose_objects::text(object.get(name)?)?);
        (low, high) = (bound("lower_bound"), bound("upper_bound"));
    }
    match (low, high) {
        (Some(TOPMOST), Some(TOPMOST)) if what == "impressions" => Some(format!(">={TOPMOST}")),
        (Some(low), Some(high)) if low <= high => Some(format!("{low}-{high}")),
        (Some(low), None) => Some(format!(">={low}")),
        (None, Some(high)) => Some(format!("0-{high}")),
        _ => None,
    }
}
