//! TikTok Ads Manager: reports by age and gender, by place, and by campaign, ad group or ad.
//!
//! No specification is public; the layouts are those that the code of one agency reads. A report
//! breaks its numbers down in columns `Age` and `Gender`, or in one column `Audience`
//! (`18-24 - Male`), which in the report by place holds places. Its period stands in the file name
//! only, and a report of one campaign does not name it.

use crate::case::Kind;
use crate::error::{Problem, Result};
use crate::import::delivery::{self, Style};
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::{Record, Sheet};
use crate::import::{Imported, Table, date, remarks, tidy_columns, words};
use std::borrow::Cow;

pub const NAME: &str = "tiktok-ads-manager";

/// Headings of columns that are made of others.
const OF_AUDIENCE: &str = "Audience: gender";
const OF_FILE_NAME: &str = "File name: campaign";

/// Headings that only reports of TikTok have.
const TELLING: [&str; 7] = [
    "clicks (destination)",
    "cpc (destination)",
    "ctr (destination)",
    "2-second video views",
    "6-second video views",
    "cost per 1,000 people reached",
    "by day",
];

/// Headings that describe the ad and are no breakdown.
const ATTRIBUTES: [&str; 3] = ["primary status", "secondary status", "status"];

fn name(heading: &Heading) -> Option<&'static str> {
    Some(match heading.key.as_str() {
        "age" => "age",
        "gender" | "audience: gender" => "gender",
        "campaign name" | "file name: campaign" => "campaign",
        "ad group name" => "ad_set",
        "ad name" => "ad",
        "country/region" => "country",
        "by day" => "day",
        "impressions" => "impressions",
        "reach" => "reach",
        "clicks (destination)" => "clicks",
        "cost" | "spend" => "spend",
        "currency" => "currency",
        _ => return None,
    })
}

/// Whether the format has this heading.
pub fn is_known(heading: &Heading) -> bool {
    heading.key == "audience" || name(heading).is_some()
}

fn keys(record: &Record) -> Vec<String> {
    let cells = record.cells();
    cells
        .map(|cell| heading::heading(&cell.text()).key)
        .collect()
}

/// Recognised by impressions and cost beside a heading that only TikTok has, or below `Audience`.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let Some((header, hits)) = heading::search(sheet, &name, opened.input) else {
        return Fit::No("no heading of TikTok Ads Manager".into());
    };
    let Some(record) = sheet.records.get(header) else {
        return Fit::No("no heading of TikTok Ads Manager".into());
    };
    let keys = keys(record);
    let has = |key: &str| keys.iter().any(|known| known == key);
    let measured = has("impressions") && (has("cost") || has("spend"));
    let audience = keys.first().is_some_and(|key| key == "audience");
    let grouped = has("ad group name") && has("cost");
    if !measured || !(audience || grouped || TELLING.iter().any(|key| has(key))) {
        return Fit::No("no impressions and cost beside a heading that only TikTok has".into());
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} headings of TikTok Ads Manager in row {}",
            record.row
        ),
    }
}

/// What a cell of the column `Audience` holds.
enum Audience {
    /// An age, a gender, or both.
    People(String, String),
    Place,
    /// Nothing, or a word that can be either.
    Open,
}

fn audience(text: &str) -> Audience {
    if words::missing_value(text) || words::fold(text) == "unknown" {
        return Audience::Open;
    }
    if is_age(text) {
        return Audience::People(text.to_owned(), String::new());
    }
    if words::gender(text).is_some() {
        return Audience::People(String::new(), text.to_owned());
    }
    let parts = text
        .rsplit_once(['-', '–', '—'])
        .map(|(age, gender)| (age.trim(), gender.trim()));
    match parts {
        Some((age, gender))
            if words::gender(gender).is_some()
                && (is_age(age) || words::fold(age) == "unknown") =>
        {
            Audience::People(age.to_owned(), gender.to_owned())
        }
        _ => Audience::Place,
    }
}

/// `18-24` with any dash, or `55+`.
fn is_age(text: &str) -> bool {
    let age = words::age(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let between = age
        .split_once('-')
        .is_some_and(|(low, high)| digits(low) && digits(high));
    between || age.strip_suffix('+').is_some_and(digits)
}

/// A row without numbers of an audience of its own.
fn is_apart(record: &Record) -> bool {
    let first = record.cells().find(|cell| !cell.is_blank());
    first.is_none_or(|cell| words::labels_total(&cell.text()))
}

pub fn read(opened: &Opened<'_>, sheet: &Sheet, header: usize) -> Result<Imported> {
    let input = opened.input;
    let keys = sheet.records.get(header).map(keys).unwrap_or_default();
    let has = |key: &str| keys.iter().any(|known| known == key);
    let column = keys.iter().position(|key| key == "audience");
    let places = match column {
        Some(column) => holds_places(opened, sheet, header, column)?,
        None => false,
    };
    let split = column.filter(|_| !places);
    let named = ["campaign name", "ad group name", "ad name"]
        .into_iter()
        .any(has)
        || ["campaign", "ad_set", "ad"]
            .into_iter()
            .any(|name| input.hints.columns.contains_key(name));
    let in_name = date::period_in_file_name(input.file);
    let stem = date::stem(input.file);
    let campaign = match &in_name {
        Some((_, _, name)) if !name.is_empty() => name.as_str(),
        _ => stem,
    };
    let whole = completed(sheet, header, split, (!named).then_some(campaign));
    let clicks = has("clicks (destination)");
    let names = |heading: &Heading| match heading.key.as_str() {
        "audience" if places => Some("region"),
        "audience" => Some("age"),
        "clicks (all)" if !clicks => Some("clicks"),
        _ => name(heading),
    };
    let table = tidy_columns::columns(Kind::Delivery);
    let layout = heading::resolve(&whole, header, &names, table, Kind::Delivery, input)?;
    let dated = ["day", "period_start", "period_end"]
        .into_iter()
        .any(|name| layout.has(name));
    let style = Style {
        format: NAME,
        is_attribute: |key| ATTRIBUTES.contains(&key),
        names_repeat: |layout| !layout.has("campaign"),
        is_total: words::labels_total,
        disjoint: false,
        exact_counts: false,
    };
    let mut imported = delivery::read(opened, &whole, layout, style)?;
    if split.is_some() {
        imported.reading = None;
    }
    if let (false, Some(reading)) = (named, &mut imported.reading) {
        reading.headings.retain(|(title, _)| title != OF_FILE_NAME);
        reading.given.insert("campaign", campaign.to_owned());
    }
    if !named {
        imported
            .notices
            .push(remarks::notice("name-from-file", input.file));
    }
    if let (false, Some((start, end, _)), Table::Delivery(rows)) =
        (dated, in_name, &mut imported.table)
    {
        for row in rows {
            (row.period_start, row.period_end) = (Some(start), Some(end));
        }
        imported
            .notices
            .push(remarks::notice("period-from-file", input.file));
    }
    Ok(imported)
}

/// Whether the column `Audience` holds places rather than ages and genders.
fn holds_places(opened: &Opened<'_>, sheet: &Sheet, header: usize, column: usize) -> Result<bool> {
    let (mut people, mut place) = (false, None);
    for record in sheet.records.iter().skip(header + 1) {
        if is_apart(record) {
            continue;
        }
        match audience(&record.cell(column).text()) {
            Audience::People(..) => people = true,
            Audience::Place => place = place.or(Some(record)),
            Audience::Open => {}
        }
    }
    match place {
        Some(record) if people => Err(Problem::new(
            "mixed-audience",
            opened.input.file,
            "column `Audience` holds ages and genders, but this cell is neither",
        )
        .line(record.row)
        .value(record.cell(column).text())
        .hint("export one breakdown a file: by age and gender, or by place")
        .into()),
        place => Ok(place.is_some()),
    }
}

/// The sheet with age and gender in columns of their own, and with the campaign where no column
/// names it.
fn completed(sheet: &Sheet, header: usize, split: Option<usize>, campaign: Option<&str>) -> Sheet {
    let width = sheet.records.get(header).map_or(0, Record::len);
    let complete = |(index, record): (usize, &Record)| {
        let cell = split.map(|column| record.cell(column).text().into_owned());
        let own = index > header && !is_apart(record);
        let (age, gender) = match cell.as_deref().filter(|_| own).map(audience) {
            Some(Audience::People(age, gender)) => (Some(age), gender),
            // `Unknown` alone: both.
            Some(_) => (None, cell.clone().unwrap_or_default()),
            None => (None, String::new()),
        };
        let title = |title: &'static str, value: &str| -> Cow<'static, str> {
            match index.cmp(&header) {
                std::cmp::Ordering::Less => Cow::Borrowed(""),
                std::cmp::Ordering::Equal => Cow::Borrowed(title),
                std::cmp::Ordering::Greater => Cow::Owned(value.to_owned()),
            }
        };
        let mut added = Vec::new();
        if split.is_some() {
            added.push(title(OF_AUDIENCE, &gender));
        }
        if let Some(campaign) = campaign {
            added.push(title(OF_FILE_NAME, if own { campaign } else { "" }));
        }
        let added: Vec<&str> = added.iter().map(AsRef::as_ref).collect();
        let change = split.zip(age.as_deref());
        record.edited(width, change, &added)
    };
    Sheet {
        name: sheet.name.clone(),
        records: sheet.records.iter().enumerate().map(complete).collect(),
    }
}
