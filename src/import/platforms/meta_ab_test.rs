//! The result of an A/B test of Meta: totals of each version, by no breakdown.

use crate::case::Kind;
use crate::error::Result;
use crate::import::delivery::{self, Style};
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::Sheet;
use crate::import::{Imported, tidy_columns};

pub const NAME: &str = "meta-ab-test";

fn name(heading: &Heading) -> Option<&'static str> {
    Some(match heading.key.as_str() {
        "version" => "campaign",
        "impressions" => "impressions",
        "reach" => "reach",
        "results" => "results",
        "amount spent" => "spend",
        "currency" => "currency",
        _ => return None,
    })
}

/// Headings that describe the test and are no breakdown.
const ATTRIBUTES: [&str; 3] = ["is winner", "objective", "key metric"];

/// Recognised by the headings `Version`, `Confidence` and `Is winner`.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let no = || Fit::No("no headings `Version`, `Confidence` and `Is winner`".into());
    let found = heading::search(sheet, &name, opened.input)
        .and_then(|(header, hits)| Some((header, hits, sheet.records.get(header)?)));
    let Some((header, hits, record)) = found else {
        return no();
    };
    let keys: Vec<String> = record
        .cells()
        .map(|cell| heading::heading(&cell.text()).key)
        .collect();
    let has = |key: &str| keys.iter().any(|known| known == key);
    if !["version", "confidence", "is winner"].into_iter().all(has) {
        return no();
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!("{hits} headings of a Meta A/B test in row {}", record.row),
    }
}

pub fn read(opened: &Opened<'_>, sheet: &Sheet, header: usize) -> Result<Imported> {
    let table = tidy_columns::columns(Kind::Delivery);
    let layout = heading::resolve(sheet, header, &name, table, Kind::Delivery, opened.input)?;
    let style = Style {
        is_attribute: |key| ATTRIBUTES.contains(&key),
        ..Style::plain(NAME)
    };
    delivery::read(opened, sheet, layout, style)
}
