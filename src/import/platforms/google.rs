//! Google Ads: the gender report as CSV, and the workbook that a widespread script writes.

use crate::case::Kind;
use crate::error::Result;
use crate::import::delivery::{self, Style};
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::{Cell, Record, Sheet};
use crate::import::{Imported, Table, date, remarks, tidy_columns, words};

pub const REPORT: &str = "google-ads-gender";
pub const SCRIPT: &str = "google-ads-scripts";

fn report_name(heading: &Heading) -> Option<&'static str> {
    Some(match heading.key.as_str() {
        "gender" => "gender",
        "campaign" => "campaign",
        "ad group" => "ad_set",
        "account" | "account name" => "account",
        "impr." | "impressions" => "impressions",
        "clicks" => "clicks",
        "conversions" => "results",
        "cost" => "spend",
        "currency code" | "currency" => "currency",
        "day" => "day",
        "device" => "device",
        _ => return None,
    })
}

fn script_name(heading: &Heading) -> Option<&'static str> {
    Some(match heading.key.as_str() {
        "campaignname" => "campaign",
        "adgroupname" => "ad_set",
        "criteria" => "gender",
        "clicks" => "clicks",
        "impressions" => "impressions",
        "cost" => "spend",
        "date" => "day",
        _ => return None,
    })
}

/// Whether the headings of either format have this one.
pub fn is_known(heading: &Heading) -> bool {
    report_name(heading)
        .or_else(|| script_name(heading))
        .is_some()
}

fn no_attribute(key: &str) -> bool {
    matches!(
        key,
        "demographic status"
            | "status"
            | "campaign status"
            | "ad group status"
            | "ctr"
            | "avg. cpc"
            | "avg. cpm"
    )
}

/// Recognised by the heading `Impr.` or by a line such as `Gender report` above the headings, with
/// a column for gender.
pub fn fit_report(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let Some((header, hits)) = heading::search(sheet, &report_name, opened.input) else {
        return Fit::No("no heading of a Google Ads report".into());
    };
    let record = &sheet.records[header];
    let keys: Vec<String> = record
        .cells()
        .map(|cell| words::fold(&cell.text()))
        .collect();
    let has = |key: &str| keys.iter().any(|k| k == key);
    let titled = header > 0 && sheet.records[0].filled() == 1;
    let totals = sheet
        .records
        .iter()
        .rev()
        .take(5)
        .any(|r| words::labels_total(&r.cell(0).text()));
    if !has("gender") {
        return Fit::No("no heading `Gender`".into());
    }
    if !(has("impr.") || (has("impressions") && has("ad group") && (titled || totals))) {
        return Fit::No("no heading `Impr.`".into());
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} headings of a Google Ads report in row {}",
            record.row
        ),
    }
}

/// Recognised by the headings `CampaignName` and `Criteria`.
pub fn fit_script(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let Some((header, hits)) = heading::search(sheet, &script_name, opened.input) else {
        return Fit::No("no heading of a Google Ads script".into());
    };
    let record = &sheet.records[header];
    let keys: Vec<String> = record
        .cells()
        .map(|cell| words::fold(&cell.text()))
        .collect();
    let has = |key: &str| keys.iter().any(|k| k == key);
    if !has("campaignname") || !has("criteria") || !has("impressions") {
        return Fit::No("no headings `CampaignName`, `Criteria` and `Impressions`".into());
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} headings of a Google Ads script in row {}",
            record.row
        ),
    }
}

/// Whether conversions are parts of one, as data-driven attribution divides them over ads.
fn has_fractions(sheet: &Sheet, header: usize) -> bool {
    let titles = sheet
        .records
        .get(header)
        .into_iter()
        .flat_map(Record::cells);
    let is_conversions = |cell: Cell<'_>| words::fold(&cell.text()) == "conversions";
    let Some(column) = titles.into_iter().position(is_conversions) else {
        return false;
    };
    sheet.records.iter().skip(header + 1).any(|record| {
        let cell = record.cell(column);
        let text = cell.text();
        let decimals = text.rsplit_once(['.', ',']).map(|(_, decimals)| decimals);
        // Three digits behind a mark may be thousands.
        decimals.is_some_and(|decimals| {
            decimals.len() != 3 && decimals.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        })
    })
}

pub fn read_report(opened: &Opened<'_>, sheet: &Sheet, header: usize) -> Result<Imported> {
    let table = tidy_columns::columns(Kind::Delivery);
    let fractions = has_fractions(sheet, header);
    let names = |heading: &Heading| {
        let name = report_name(heading);
        name.filter(|name| !(fractions && *name == "results"))
    };
    let layout = heading::resolve(sheet, header, &names, table, Kind::Delivery, opened.input)?;
    let mut imported = delivery::read(
        opened,
        sheet,
        layout,
        Style {
            format: REPORT,
            is_attribute: no_attribute,
            names_repeat: |_| false,
            is_total: words::labels_total,
            disjoint: false,
            exact_counts: true,
        },
    )?;
    if fractions {
        let notice = remarks::notice("fractional-results", opened.input.file);
        imported.notices.push(notice);
    }
    let period = sheet
        .records
        .iter()
        .take(header)
        .find_map(|record| date::period(&record.cell(0).text()));
    if let (Some((start, end)), Table::Delivery(rows)) = (period, &mut imported.table) {
        for row in rows {
            row.period_start = row.period_start.or(Some(start));
            row.period_end = row.period_end.or(Some(end));
        }
    }
    Ok(imported)
}

pub fn read_script(opened: &Opened<'_>, sheet: &Sheet, header: usize) -> Result<Imported> {
    let table = tidy_columns::columns(Kind::Delivery);
    let layout = heading::resolve(
        sheet,
        header,
        &script_name,
        table,
        Kind::Delivery,
        opened.input,
    )?;
    delivery::read(
        opened,
        sheet,
        layout,
        Style {
            format: SCRIPT,
            is_attribute: no_attribute,
            names_repeat: |layout| !layout.has("ad_set"),
            is_total: |_| false,
            disjoint: false,
            exact_counts: true,
        },
    )
}
