//! Meta Ads Manager exports, CSV and XLSX, in any choice and order of columns and in any language
//! whose headings are known.

use super::delivery::{self, Style};
use super::formats::Fit;
use super::heading::{self, Heading};
use super::open::Opened;
use super::sheet::Sheet;
use super::{Imported, meta_headings, tidy_columns};
use crate::case::Kind;
use crate::error::Result;

pub(super) const NAME: &str = "meta-ads-manager";

/// What a heading of this sheet means; clicks of all kinds count only where clicks on the link are
/// not reported.
fn namer(sheet: &Sheet, header: usize) -> impl Fn(&Heading) -> Option<&'static str> + use<> {
    let link_clicks = sheet.records.get(header).is_some_and(|record| {
        record
            .cells()
            .any(|cell| meta_headings::name(&heading::heading(&cell.text()).key) == Some("clicks"))
    });
    move |heading| match meta_headings::name(&heading.key) {
        None if !link_clicks && meta_headings::is_all_clicks(&heading.key) => Some("clicks"),
        name => name,
    }
}

fn known(heading: &Heading) -> Option<&'static str> {
    meta_headings::name(&heading.key)
}

/// Recognised by impressions or reach beside a name of Ads Manager for an ad, ad set or campaign,
/// or beside its reporting period.
pub(super) fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
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
        matches!(
            known(&heading::heading(&cell.text())),
            Some("campaign" | "ad_set" | "ad" | "period_start")
        )
    });
    if !named {
        return Fit::No(
            "no campaign, ad set, ad or reporting period under the headings of Ads Manager".into(),
        );
    }
    let raw = sheet.records.iter().take(header).any(|r| {
        r.cells()
            .any(|cell| cell.text().to_lowercase().contains("this is raw data"))
    }) || sheet
        .name
        .as_deref()
        .is_some_and(|name| name.to_lowercase().contains("raw"));
    Fit::Yes {
        header,
        hits: hits * 2 + usize::from(raw),
        reason: format!("{hits} headings of Ads Manager in row {}", record.row),
    }
}

pub(super) fn read(opened: &Opened<'_>, sheet: &Sheet, header: usize) -> Result<Imported> {
    let names = namer(sheet, header);
    let table = tidy_columns::columns(Kind::Delivery);
    let layout = heading::resolve(sheet, header, &names, table, Kind::Delivery, opened.input)?;
    let style = Style {
        format: NAME,
        is_attribute: meta_headings::is_attribute,
        names_repeat: |layout| !layout.has("campaign"),
        labelled_totals: false,
        disjoint: false,
    };
    delivery::read(opened, sheet, layout, style)
}
