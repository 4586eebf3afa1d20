//! Tables made of Meta's Ad Library with ages and genders: the shares of the people whom an ad
//! reached (political ads), or their numbers (EU and UK).
//!
//! They come in three shapes: one row a cell (`ad_id, age, gender, percentage`), one column a cell
//! (`male_45-54`, `US_18-24_male`; AdDownloader), or all cells of an ad as a list in one cell, as
//! Python or JSON writes it. A row that is a cell keeps its number; where a row holds several
//! cells, the cells are counted through the file.

use super::library_context::{self, About, Columns};
use super::loose_objects;
use crate::error::Result;
use crate::evidence::Gender;
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::{Record, Sheet};
use crate::import::transcript::{Entry, Transcript};
use crate::import::{number, words};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub const NAME: &str = "meta-ad-library-table";

const SHARES: &[&str] = &["demographic_distribution"];
const REACH: &[&str] = &["age_country_gender_reach_breakdown"];
const GENDERS: [&str; 3] = ["male", "female", "unknown"];
/// One, in billionths.
const ONE: i64 = 1_000_000_000;

type Why = (&'static str, &'static str);
const UNREADABLE: Why = ("unreadable-cell", "the cell is not of the documented form");

/// How a table holds its cells.
enum Shape {
    Long,
    Lists,
    Wide(Vec<Wide>),
}

/// A column that is a cell.
struct Wide {
    column: usize,
    country: Option<String>,
    age: String,
    gender: String,
}

/// A share as it is written.
struct Written {
    age: Option<String>,
    gender: Option<String>,
    share: Option<i64>,
}

/// A cell, or why it gives none.
type Cell = std::result::Result<Filled, Why>;

struct Filled {
    country: Option<String>,
    age: Option<String>,
    gender: String,
    /// Column and value.
    measure: (&'static str, String),
}

/// `male_45-54`, `45-54_male`, or either with a country before it.
fn wide(column: usize, title: &str) -> Option<Wide> {
    let parts: Vec<&str> = title.trim().split('_').collect();
    let (country, rest) = match parts.as_slice() {
        [country, rest @ ..] if rest.len() == 2 => (Some(*country), rest),
        rest => (None, rest),
    };
    let &[first, second] = rest else { return None };
    let is_country =
        |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if !country.is_none_or(is_country) {
        return None;
    }
    let gender = |text: &str| GENDERS.contains(&text.to_lowercase().as_str());
    let age = |text: &str| {
        let digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        let between = text
            .split_once('-')
            .is_some_and(|(low, high)| digits(low) && digits(high));
        between
            || text.strip_suffix('+').is_some_and(digits)
            || text.eq_ignore_ascii_case("unknown")
    };
    let (age, gender) = if age(first) && gender(second) {
        (first, second)
    } else if gender(first) && age(second) {
        (second, first)
    } else {
        return None;
    };
    Some(Wide {
        column,
        country: country.map(str::to_owned),
        age: age.to_owned(),
        gender: gender.to_lowercase(),
    })
}

fn shape(columns: &Columns) -> Option<Shape> {
    columns.find(library_context::IDS)?;
    if columns.find(SHARES).or(columns.find(REACH)).is_some() {
        return Some(Shape::Lists);
    }
    if columns.has("gender") && columns.has("percentage") {
        return Some(Shape::Long);
    }
    let titles = columns.titles().iter().enumerate();
    let cells: Vec<Wide> = titles
        .filter_map(|(column, title)| wide(column, title))
        .collect();
    let genders: BTreeSet<&str> = cells.iter().map(|cell| cell.gender.as_str()).collect();
    (genders.len() > 1).then_some(Shape::Wide(cells))
}

fn known(heading: &Heading) -> Option<&'static str> {
    library_context::field(heading)
}

/// Recognised by the id of an ad beside ages and genders in one of the three shapes.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let found = heading::search(sheet, &known, opened.input)
        .and_then(|(header, hits)| Some((header, hits, sheet.records.get(header)?)));
    let Some((header, hits, record)) = found else {
        return Fit::No("no field of Meta's Ad Library".into());
    };
    let how = match shape(&Columns::of(record)) {
        Some(Shape::Long) => "one row a cell of age and gender",
        Some(Shape::Wide(_)) => "one column a cell of age and gender",
        Some(Shape::Lists) => "the cells of age and gender as a list",
        None => return Fit::No("no ages and genders of ads of Meta's Ad Library".into()),
    };
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} fields of Meta's Ad Library in row {}, {how}",
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
    into.disjoint = true;
    let Some(headings) = sheet.records.get(header) else {
        return Ok(());
    };
    let columns = Columns::of(headings);
    let records = sheet.records.get(header + 1..).unwrap_or_default();
    match shape(&columns) {
        Some(Shape::Long) => long(opened, records, &columns, into),
        Some(Shape::Lists) => {
            let cells = |record: &Record| lists(record, &columns);
            by_ad(opened, records, &columns, &cells, into);
        }
        Some(Shape::Wide(wide)) => {
            for cell in &wide {
                columns.uses(cell.column);
            }
            let reach = holds_reach(records, &wide);
            let cells = |record: &Record| match reach {
                true => wide_reach(record, &wide),
                false => wide_shares(record, &wide),
            };
            by_ad(opened, records, &columns, &cells, into);
        }
        None => {}
    }
    columns.note_unused(into);
    Ok(())
}

/// A table with a row for each cell.
fn long(opened: &Opened<'_>, records: &[Record], columns: &Columns, into: &mut Transcript) {
    let mut ads: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut named: Vec<std::result::Result<String, Why>> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let ad = library_context::name(record, columns);
        if let Ok(ad) = &ad {
            ads.entry(ad.clone()).or_default().push(index);
        }
        named.push(ad);
    }
    let mut cells: BTreeMap<usize, Cell> = BTreeMap::new();
    for places in ads.values() {
        let own = places.iter().filter_map(|index| records.get(*index));
        let written = own.map(|record| Written {
            age: columns.text(record, &["age"]),
            gender: columns.text(record, &["gender"]),
            share: columns
                .text(record, &["percentage"])
                .and_then(|text| billionths(&text)),
        });
        cells.extend(places.iter().copied().zip(shares(written.collect())));
    }
    let mut told = BTreeSet::new();
    for (index, (record, ad)) in records.iter().zip(named).enumerate() {
        let cell = ad.and_then(|ad| {
            let cell = cells.remove(&index).unwrap_or(Err(UNREADABLE))?;
            Ok((ad, cell))
        });
        match cell {
            Err((reason, detail)) => into.leave_out_at(record.row, reason, detail),
            Ok((ad, cell)) => {
                let about = About::of(opened.input, record, columns);
                write(&ad, &about, &cell, into.entry_at(record.row));
                if !about.is_empty() && told.insert(ad.clone()) {
                    about.write(&ad, into.context());
                    about.tell(record.row, into);
                }
            }
        }
    }
}

/// A table with a row for each ad.
fn by_ad(
    opened: &Opened<'_>,
    records: &[Record],
    columns: &Columns,
    cells_of: &dyn Fn(&Record) -> Vec<Cell>,
    into: &mut Transcript,
) {
    // Pages of a search overlap: the last copy of an ad counts.
    let mut last: BTreeMap<String, &Record> = BTreeMap::new();
    for record in records {
        if let Ok(ad) = library_context::name(record, columns) {
            last.insert(ad, record);
        }
    }
    for record in records {
        let ad = match library_context::name(record, columns) {
            Ok(ad) => ad,
            Err((reason, detail)) => {
                into.leave_out(reason, detail);
                continue;
            }
        };
        let cells = cells_of(record);
        let kept = last.get(&ad).filter(|kept| kept.row != record.row);
        if let Some(kept) = kept {
            let mut pairs = record.cells().zip(kept.cells());
            if pairs.any(|(own, other)| own != other) {
                into.remark("repeated-ad-differs", Some(record.row));
            }
            for _ in cells {
                into.leave_out("repeated-ad", "a later copy of the ad is used");
            }
            continue;
        }
        let about = About::of(opened.input, record, columns);
        for cell in cells {
            match cell {
                Ok(cell) => write(&ad, &about, &cell, into.entry()),
                Err((reason, detail)) => into.leave_out(reason, detail),
            }
        }
        if !about.is_empty() {
            about.write(&ad, into.context());
        }
        about.tell(record.row, into);
    }
}

fn write(ad: &str, about: &About, cell: &Filled, entry: &mut Entry) {
    let or_unset = |value: &Option<String>| value.clone().unwrap_or_default();
    let (measure, value) = &cell.measure;
    entry
        .set("ad", ad)
        .set("campaign", or_unset(&about.advertiser))
        .set("period_start", or_unset(&about.first))
        .set("period_end", or_unset(&about.last))
        .set("age", or_unset(&cell.age))
        .set("gender", &cell.gender)
        .set("country", or_unset(&cell.country))
        .set(measure, value);
}

/// The cells of the lists in a row; at least one.
fn lists(record: &Record, columns: &Columns) -> Vec<Cell> {
    let mut cells = Vec::new();
    if let Some(text) = columns.text(record, SHARES) {
        match loose_objects::read(&text) {
            Some(Value::Array(items)) => {
                cells.extend(shares(items.iter().map(written).collect()));
            }
            _ => cells.push(Err(UNREADABLE)),
        }
    }
    if let Some(text) = columns.text(record, REACH) {
        match loose_objects::read(&text) {
            Some(Value::Array(countries)) => cells.extend(reach(&countries)),
            _ => cells.push(Err(UNREADABLE)),
        }
    }
    if cells.is_empty() {
        cells.push(Err(NO_DEMOGRAPHICS));
    }
    cells
}

const NO_DEMOGRAPHICS: Why = (
    "no-demographics",
    "the ad has neither reach nor shares by age and gender",
);

fn written(item: &Value) -> Written {
    let field = |name| item.get(name).and_then(loose_objects::text);
    Written {
        age: field("age"),
        gender: field("gender"),
        share: field("percentage").and_then(|text| billionths(&text)),
    }
}

/// The reach by country, age and gender. A gender without anybody has no key: that is no cell, and
/// not zero.
fn reach(countries: &[Value]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut seen = BTreeSet::new();
    for country in countries {
        let name = country.get("country").and_then(loose_objects::text);
        let Some(Value::Array(ages)) = country.get("age_gender_breakdowns") else {
            cells.push(Err(UNREADABLE));
            continue;
        };
        for age in ages {
            let age_range = age.get("age_range").and_then(loose_objects::text);
            for gender in GENDERS {
                let Some(value) = age.get(gender).filter(|value| !value.is_null()) else {
                    continue;
                };
                let people = loose_objects::text(value);
                let people = people.and_then(|text| library_context::count(&text));
                let first = seen.insert((name.clone(), age_range.clone(), gender));
                cells.push(match people {
                    None => Err(UNREADABLE),
                    Some(_) if !first => Err((
                        "repeated-cell",
                        "the ad has this country, age and gender before",
                    )),
                    Some(people) => Ok(Filled {
                        country: name.clone(),
                        age: age_range.clone(),
                        gender: gender.to_owned(),
                        measure: ("reach", people.to_string()),
                    }),
                });
            }
        }
    }
    cells
}

/// Whether columns with a country hold numbers of people: whole numbers whose sum in some row is
/// neither one nor a hundred. The library publishes shares without a country.
fn holds_reach(records: &[Record], wide: &[Wide]) -> bool {
    let mut beyond = false;
    for record in records {
        let mut sum = 0i64;
        for cell in wide {
            let text = record.cell(cell.column).text().into_owned();
            if words::missing_value(&text) {
                continue;
            }
            if cell.country.is_none() {
                return false;
            }
            let Some(value) = billionths(&text).filter(|value| value % ONE == 0) else {
                return false;
            };
            sum = sum.saturating_add(value);
        }
        // Whole numbers that are shares add up to a whole exactly, or are rounded in every row.
        beyond |= sum != 0 && sum != ONE && sum != ONE.saturating_mul(100);
    }
    beyond
}

fn wide_reach(record: &Record, wide: &[Wide]) -> Vec<Cell> {
    let cell = |wide: &Wide| -> Option<Cell> {
        let text = record.cell(wide.column).text().into_owned();
        if words::missing_value(&text) {
            return None;
        }
        Some(match library_context::count(&text) {
            None => Err(UNREADABLE),
            // AdDownloader writes zero for a gender that the library does not give.
            Some(0) => Err((
                "zero-or-absent",
                "the program that made the table writes 0 for numbers that are not given too",
            )),
            Some(people) => Ok(Filled {
                country: wide.country.clone(),
                age: Some(wide.age.clone()),
                gender: wide.gender.clone(),
                measure: ("reach", people.to_string()),
            }),
        })
    };
    at_least_one(wide.iter().filter_map(cell).collect())
}

fn wide_shares(record: &Record, wide: &[Wide]) -> Vec<Cell> {
    let own: Vec<(&Wide, String)> = wide
        .iter()
        .map(|wide| (wide, record.cell(wide.column).text().into_owned()))
        .filter(|(_, text)| !words::missing_value(text))
        .collect();
    let written = own.iter().map(|(wide, text)| Written {
        // With its country, so that the same cell of two countries is no repeat.
        age: Some(match &wide.country {
            Some(country) => format!("{country} {}", wide.age),
            None => wide.age.clone(),
        }),
        gender: Some(wide.gender.clone()),
        share: billionths(text),
    });
    let mut cells = shares(written.collect());
    for (cell, (wide, _)) in cells.iter_mut().zip(&own) {
        if let Ok(cell) = cell {
            (cell.country, cell.age) = (wide.country.clone(), Some(wide.age.clone()));
        }
    }
    at_least_one(cells)
}

fn at_least_one(mut cells: Vec<Cell>) -> Vec<Cell> {
    if cells.is_empty() {
        cells.push(Err(NO_DEMOGRAPHICS));
    }
    cells
}

/// A share or percentage in billionths.
fn billionths(text: &str) -> Option<i64> {
    // A comma alone separates decimals: no share has thousands. The sum tells if it did not.
    let mark = if text.contains(',') && !text.contains('.') {
        ','
    } else {
        '.'
    };
    number::read(text, mark)?
        .billionths()
        .filter(|value| *value >= 0)
}

/// What the shares of one ad have to be divided by: they sum to one, or to a hundred.
fn scale(sum: i64) -> Option<i64> {
    let near = |whole: i64| (whole / 100 * 95..=whole / 100 * 105).contains(&sum);
    [1, 100].into_iter().find(|whole| near(ONE * whole))
}

/// Automated app ads have no demographics; their row says `All (Automated App Ads)`.
fn is_all_row(written: &Written) -> bool {
    let all = |word: &Option<String>| {
        let folded = word.as_deref().map(words::fold);
        folded.is_some_and(|word| word.starts_with("all (automated") || word == "all")
    };
    all(&written.age) || all(&written.gender)
}

/// The shares of one ad as fractions, one for each that is written.
fn shares(list: Vec<Written>) -> Vec<Cell> {
    let mut seen = BTreeSet::new();
    let first: Vec<bool> = list
        .iter()
        .map(|written| seen.insert((&written.age, &written.gender, written.share)))
        .collect();
    let sum = |keep: &dyn Fn(&Written) -> bool| -> i64 {
        let kept = list
            .iter()
            .zip(&first)
            .filter(|(written, first)| **first && keep(written));
        kept.filter_map(|(written, _)| written.share)
            .fold(0, i64::saturating_add)
    };
    // A row for all ages and genders can be a part of the whole or the whole once more.
    let divisor = scale(sum(&|_| true)).or_else(|| scale(sum(&|written| !is_all_row(written))));
    let cell = |(written, first): (&Written, &bool)| -> Cell {
        let Some(divisor) = divisor else {
            return Err((
                "shares-do-not-sum",
                "the shares of the ad add up neither to 1 nor to 100",
            ));
        };
        if is_all_row(written) {
            return Err(("all-row", "all ages or genders of an automated app ad"));
        }
        if !first {
            return Err((
                "repeated-cell",
                "the ad has this age, gender and share before",
            ));
        }
        let (Some(gender), Some(share)) = (&written.gender, written.share) else {
            return Err(UNREADABLE);
        };
        Ok(Filled {
            country: None,
            age: written.age.clone(),
            gender: match words::gender(gender) {
                Some(Gender::Male) => "male".into(),
                Some(Gender::Female) => "female".into(),
                Some(Gender::Unknown) => "unknown".into(),
                None => gender.clone(),
            },
            measure: ("share", plain(share / divisor)),
        })
    };
    list.iter().zip(&first).map(cell).collect()
}

/// Billionths as a plain decimal number.
fn plain(billionths: i64) -> String {
    let text = format!("{}.{:09}", billionths / ONE, billionths % ONE);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
