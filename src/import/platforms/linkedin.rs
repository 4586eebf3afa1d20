//! LinkedIn's campaign performance report. LinkedIn reports its demographics by job, not by gender.
//!
//! Lines with the title and the period stand above the headings. The days are written as
//! `3/1/2024`; the period in words, where it is, says which part is the month.

use crate::case::DateOrder;
use crate::error::{Problem, Result};
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::{Record, Sheet};
use crate::import::transcript::Transcript;
use crate::import::{date, number, words};
use jiff::civil::Date;

pub const NAME: &str = "linkedin-campaigns";

fn field(heading: &Heading) -> Option<&'static str> {
    // `(in UTC)` stands behind the heading of the day.
    let key = heading.key.trim_end_matches("(in utc)").trim_end();
    Some(match key {
        "start date" => "day",
        "account name" => "advertiser",
        "campaign name" => "ad",
        "campaign group name" => "group",
        "total spent" => "spend",
        "impressions" => "impressions",
        "clicks" => "clicks",
        "reach" => "reach",
        "currency" => "currency",
        _ => return None,
    })
}

/// Whether the format has this heading.
pub fn is_known(heading: &Heading) -> bool {
    field(heading).is_some()
}

/// Recognised by `Total Spent` beside impressions and clicks, below the title of the report or
/// beside the day in UTC.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let no = || Fit::No("no title and headings of a LinkedIn campaign report".into());
    let found = heading::search(sheet, &field, opened.input)
        .and_then(|(header, hits)| Some((header, hits, sheet.records.get(header)?)));
    let Some((header, hits, record)) = found else {
        return no();
    };
    let keys: Vec<String> = record
        .cells()
        .map(|cell| words::fold(&cell.text()))
        .collect();
    let has = |key: &str| keys.iter().any(|known| known == key);
    let titled = sheet.records.iter().take(header).any(|record| {
        words::fold(&record.cell(0).text()).starts_with("campaign performance report")
    });
    let in_utc = keys.iter().any(|key| key.ends_with("(in utc)"));
    if !has("impressions") || !has("clicks") || !has("total spent") || !(titled || in_utc) {
        return no();
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} headings of a LinkedIn campaign report in row {}",
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
    let titles: Vec<Heading> = headings
        .cells()
        .map(|cell| heading::heading(&cell.text()))
        .collect();
    let fields: Vec<Option<&str>> = titles.iter().map(field).collect();
    for (title, known) in titles.iter().zip(&fields) {
        if known.is_none_or(|name| name == "group") && !title.key.is_empty() {
            into.unused.insert(title.key.clone());
        }
    }
    let order = opened
        .input
        .hints
        .date_order
        .or(order(sheet, header, &fields));
    let column = |name: &str| fields.iter().position(|known| *known == Some(name));
    let impressions = column("impressions");
    let mut sum = Some(0u64);
    for record in sheet.records.iter().skip(header + 1) {
        let count = impressions.and_then(|column| count(&record.cell(column).text()));
        if record.is_blank() {
            into.leave_out_at(record.row, "blank-row", "the row is empty");
        } else if words::labels_total(&record.cell(0).text()) {
            let detail = check_total(opened.input.file, record, count, sum)?;
            into.leave_out_at(record.row, "totals-row", detail);
        } else {
            sum = sum
                .zip(count)
                .and_then(|(sum, count)| sum.checked_add(count));
            write(record, &fields, &titles, order, into);
        }
    }
    Ok(())
}

fn write(
    record: &Record,
    fields: &[Option<&'static str>],
    titles: &[Heading],
    order: Option<DateOrder>,
    into: &mut Transcript,
) {
    let entry = into.entry_at(record.row);
    entry.set("platform", "linkedin");
    for ((known, title), column) in fields.iter().zip(titles).zip(0..) {
        let text = record.cell(column).text().into_owned();
        match *known {
            Some("day") => {
                let day = order.and_then(|order| date::read(&text, Some(order)));
                // Otherwise the days of the file decide, or the user.
                let day = day.map_or(text, |moment| moment.date.to_string());
                entry.set("first_shown", &day).set("last_shown", day);
            }
            Some("spend") => {
                entry.set("spend", text);
                entry.set("currency", title.currency.clone().unwrap_or_default());
            }
            Some("currency") if title.key == "currency" => {
                entry.set("currency", text);
            }
            Some(name) if name != "group" => {
                entry.set(name, text);
            }
            _ => {}
        }
    }
}

/// A whole number with or without separators of thousands: no count of impressions has decimals.
fn count(text: &str) -> Option<u64> {
    ['.', ',']
        .into_iter()
        .find_map(|mark| number::read(text, mark)?.count())
}

/// What is said of a row of totals. Days of a campaign add up in impressions.
fn check_total(
    file: &str,
    record: &Record,
    stated: Option<u64>,
    sum: Option<u64>,
) -> Result<String> {
    match (stated, sum) {
        (Some(stated), Some(sum)) if stated == sum => Ok(format!(
            "its {stated} impressions equal the sum of its rows"
        )),
        (Some(stated), Some(sum)) => Err(Problem::new(
            "totals-mismatch",
            file,
            format!("the totals row says {stated} impressions, but the rows that it sums have {sum}: rows are missing or were changed"),
        )
        .line(record.row)
        .value(stated.to_string())
        .hint("export the file again in full; a file that is known to be incomplete can be listed without being read with `kind = \"attachment\"`")
        .into()),
        _ => Ok("not checked: the row has no impressions".into()),
    }
}

/// The order of day and month, where the period in words is that of the days read in one order
/// only.
fn order(sheet: &Sheet, header: usize, fields: &[Option<&str>]) -> Option<DateOrder> {
    let above: Vec<String> = sheet
        .records
        .iter()
        .take(header)
        .flat_map(Record::cells)
        .map(|cell| cell.text().into_owned())
        .collect();
    let stated = |label: &str| -> Option<Date> {
        let text = above.iter().find_map(|text| text.strip_prefix(label))?;
        // The time behind the day is that of the account.
        let day: Vec<&str> = text.split(',').take(2).collect();
        let text = day.join(",");
        (date::shape(text.trim()) == date::Shape::Plain)
            .then(|| date::read(text.trim(), None))
            .flatten()
            .map(|moment| moment.date)
    };
    let (start, end) = (stated("Report Start:")?, stated("Report End:")?);
    let column = fields.iter().position(|known| *known == Some("day"))?;
    let fits = |order: DateOrder| {
        sheet.records.iter().skip(header + 1).all(|record| {
            let text = record.cell(column).text().into_owned();
            match date::read(&text, Some(order)) {
                Some(moment) => (start..=end).contains(&moment.date),
                None => words::missing_value(&text) || words::labels_total(&text),
            }
        })
    };
    match (fits(DateOrder::Dmy), fits(DateOrder::Mdy)) {
        (true, false) => Some(DateOrder::Dmy),
        (false, true) => Some(DateOrder::Mdy),
        _ => None,
    }
}
