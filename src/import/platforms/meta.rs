//! Meta Ads Manager exports, CSV and XLSX, in any choice and order of columns and in any language
//! whose headings are known.

use super::meta_headings;
use crate::case::Kind;
use crate::error::{Problem, Result};
use crate::evidence::Gender;
use crate::import::delivery::{self, Style};
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading, Layout};
use crate::import::open::Opened;
use crate::import::sheet::{Record, Sheet};
use crate::import::{Imported, Table, date, remarks, tidy_columns, words};
use std::collections::BTreeSet;

pub const NAME: &str = "meta-ads-manager";

/// Ids that name an ad, ad set or campaign where the export has no names.
const IDS: [(&str, &str); 3] = [
    ("campaign id", "campaign"),
    ("ad set id", "ad_set"),
    ("ad id", "ad"),
];
/// What the headings of one sheet mean.
struct Headings {
    /// Whether clicks on the link are reported; clicks of all kinds count only where they are not.
    link_clicks: bool,
    /// Ids that stand in for names.
    ids: Vec<(&'static str, &'static str)>,
    /// Whether a spreadsheet program has destroyed ids that would have named the ads.
    damaged_ids: bool,
}

impl Headings {
    fn of(sheet: &Sheet, header: usize) -> Self {
        let Some(record) = sheet.records.get(header) else {
            return Headings {
                link_clicks: false,
                ids: Vec::new(),
                damaged_ids: false,
            };
        };
        let keys: Vec<String> = record
            .cells()
            .map(|cell| heading::heading(&cell.text()).key)
            .collect();
        let has = |name: &str| {
            keys.iter()
                .any(|key| meta_headings::name(key) == Some(name))
        };
        let (mut ids, mut damaged_ids) = (Vec::new(), false);
        for (key, name) in IDS {
            let column = keys.iter().position(|known| known == key);
            let Some(column) = column.filter(|_| !has(name)) else {
                continue;
            };
            if sheet
                .records
                .iter()
                .skip(header + 1)
                .any(|r| r.cell(column).is_damaged_id())
            {
                damaged_ids = true;
            } else {
                ids.push((key, name));
            }
        }
        Headings {
            link_clicks: has("clicks"),
            ids,
            damaged_ids,
        }
    }

    fn name(&self, heading: &Heading) -> Option<&'static str> {
        let key = heading.key.as_str();
        if let Some((_, name)) = self.ids.iter().find(|(id, _)| *id == key) {
            return Some(name);
        }
        match meta_headings::name(key) {
            None if !self.link_clicks && meta_headings::is_all_clicks(key) => Some("clicks"),
            name => name,
        }
    }
}

fn known(heading: &Heading) -> Option<&'static str> {
    meta_headings::name(&heading.key)
}

/// Recognised by impressions or reach beside a name of Ads Manager for an ad, ad set or campaign,
/// or beside its reporting period.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let Some((header, hits)) = heading::search(sheet, &known, opened.input) else {
        return Fit::No("no heading of Ads Manager".into());
    };
    let record = &sheet.records[header];
    let mut found: Vec<&str> = record
        .cells()
        .filter_map(|cell| known(&heading::heading(&cell.text())))
        .collect();
    found.extend(opened.input.hints.columns.keys().map(String::as_str));
    let has = |names: &[&str]| found.iter().any(|name| names.contains(name));
    if !has(&["impressions", "reach"]) {
        return Fit::No("neither impressions nor reach among the headings".into());
    }
    let named = record.cells().any(|cell| {
        let heading = heading::heading(&cell.text());
        IDS.iter().any(|(key, _)| *key == heading.key)
            || matches!(
                known(&heading),
                Some("campaign" | "ad_set" | "ad" | "period_start")
            )
    });
    if !named {
        return Fit::No(
            "no campaign, ad set, ad or reporting period under the headings of Ads Manager".into(),
        );
    }
    let raw = above(sheet, header).any(|text| text.to_lowercase().contains("this is raw data"))
        || sheet
            .name
            .as_deref()
            .is_some_and(|name| name.to_lowercase().contains("raw"));
    Fit::Yes {
        header,
        leads: raw,
        reason: format!("{hits} headings of Ads Manager in row {}", record.row),
    }
}

/// The cells above the headings.
fn above(sheet: &Sheet, header: usize) -> impl Iterator<Item = String> {
    let records = sheet.records.iter().take(header);
    records.flat_map(|record: &Record| record.cells().map(|cell| cell.text().into_owned()))
}

pub fn read(opened: &Opened<'_>, sheet: &Sheet, header: usize) -> Result<Imported> {
    let headings = Headings::of(sheet, header);
    let names = |heading: &Heading| headings.name(heading);
    let table = tidy_columns::columns(Kind::Delivery);
    let layout = heading::resolve(sheet, header, &names, table, Kind::Delivery, opened.input)?;
    if let Some(problem) = unconfirmed_gender(opened, sheet, &layout) {
        return Err(problem.into());
    }
    let dated = layout.has("period_start") || layout.has("period_end") || layout.has("day");
    let style = Style {
        format: NAME,
        is_attribute: meta_headings::is_attribute,
        names_repeat: |layout| !layout.has("campaign"),
        is_total: words::labels_total,
        disjoint: false,
        exact_counts: true,
    };
    let all_clicks = layout.has("clicks") && !headings.link_clicks;
    let kinds = kinds_of_results(sheet, &layout);
    let mut imported = delivery::read(opened, sheet, layout, style)?;
    if all_clicks {
        imported
            .notices
            .push(remarks::notice("all-clicks", opened.input.file));
    }
    if kinds > 1 {
        imported
            .notices
            .push(remarks::notice("mixed-results", opened.input.file));
    }
    if headings.damaged_ids {
        imported
            .notices
            .push(remarks::notice("damaged-ids", opened.input.file));
    }
    // The raw sheet of a report has its period above the headings.
    let period = above(sheet, header).find_map(|text| {
        let rest = text.strip_prefix("Report Period:")?;
        date::period(rest)
    });
    if let (false, Some((start, end)), Table::Delivery(rows)) = (dated, period, &mut imported.table)
    {
        for row in rows {
            (row.period_start, row.period_end) = (Some(start), Some(end));
        }
    }
    Ok(imported)
}

/// How many kinds of results the rows count.
fn kinds_of_results(sheet: &Sheet, layout: &Layout) -> usize {
    let is_kind = |index: &usize| {
        let key = heading::heading(layout.title(*index)).key;
        matches!(key.as_str(), "result type" | "result indicator")
    };
    let Some(column) = layout.unused.iter().copied().find(is_kind) else {
        return 0;
    };
    let results = layout.columns.get("results").copied();
    let kinds: BTreeSet<String> = sheet
        .records
        .iter()
        .skip(layout.header + 1)
        .filter(|record| results.is_none_or(|index| !record.cell(index).is_blank()))
        .map(|record| record.cell(column).text().into_owned())
        .filter(|kind| !words::missing_value(kind) && kind != "0")
        .collect();
    kinds.len()
}

/// Headings of some languages are not known for certain: a column of words for genders under an
/// unknown heading is told, and neither read nor passed over in silence.
fn unconfirmed_gender(opened: &Opened<'_>, sheet: &Sheet, layout: &Layout) -> Option<Problem> {
    if layout.has("gender") {
        return None;
    }
    let column = layout.unused.iter().copied().find(|column| {
        // A heading that says so itself is whom the advertiser asked for.
        let title = words::fold(layout.title(*column));
        !words::says_targeting(&title) && holds_genders(sheet, layout.header, *column)
    })?;
    let title = layout.title(column);
    let message = format!(
        "column `{title}` holds words for genders, under a heading that casefile does not know"
    );
    let row = sheet
        .records
        .get(layout.header)
        .map_or(1, |record| record.row);
    let hint = format!(
        "if it is the gender of those who were shown the ad, add `columns = {{ gender = \"{title}\" }}` to the evidence entry; \
         if it is another, such as whom the ad was targeted at, delete the column in a copy of the file and record the copy"
    );
    Some(
        Problem::new("unconfirmed-gender", opened.input.file, message)
            .line(row)
            .hint(hint),
    )
}

/// Whether nine in ten of the words of a column are words for genders, men or women among them.
fn holds_genders(sheet: &Sheet, header: usize, column: usize) -> bool {
    let mut distinct = BTreeSet::new();
    for record in sheet.records.iter().skip(header + 1) {
        let text = words::fold(&record.cell(column).text());
        if !words::missing_value(&text) && !words::means_all(&text) {
            distinct.insert(text);
        }
        // No language has that many words for genders.
        if distinct.len() > 100 {
            return false;
        }
    }
    let genders: Vec<Gender> = distinct
        .iter()
        .filter_map(|text| words::gender(text))
        .collect();
    let both = genders.contains(&Gender::Male) && genders.contains(&Gender::Female);
    // Men, women, and a word or two for the unknown of a language that is not known.
    (both && distinct.len() <= 5)
        || genders.len() * 10 >= distinct.len() * 9
            && genders
                .iter()
                .any(|gender| matches!(gender, Gender::Male | Gender::Female))
}
