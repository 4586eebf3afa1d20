//! Meta's Ad Library Report: what each page spent on political ads in a country, by the disclaimer
//! that names the payer. It says nothing of single ads.
//!
//! Each archive holds the table of advertisers, one for each region, and one of regions. Amounts up
//! to 100 are written as `≤100`. Files before 2023 write some headings with capitals.

use crate::error::Result;
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::{Record, Sheet};
use crate::import::transcript::Transcript;
use crate::import::words;

pub const NAME: &str = "meta-ad-library-report";

fn field(heading: &Heading) -> Option<&'static str> {
    Some(match heading.key.as_str() {
        "page id" => "page id",
        "page name" => "advertiser",
        "disclaimer" => "payer",
        "amount spent" => "spend",
        "number of ads in library" => "ads",
        _ => return None,
    })
}

/// Whether the format has this heading.
pub fn is_known(heading: &Heading) -> bool {
    field(heading).is_some()
}

fn fields(record: &Record) -> Vec<(Option<&'static str>, Heading)> {
    let headings = record.cells().map(|cell| heading::heading(&cell.text()));
    headings.map(|heading| (field(&heading), heading)).collect()
}

/// Recognised by the headings `Page ID`, `Disclaimer` and `Amount spent`.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let no = || Fit::No("no headings `Page ID`, `Disclaimer` and `Amount spent`".into());
    let found = heading::search(sheet, &field, opened.input)
        .and_then(|(header, hits)| Some((header, hits, sheet.records.get(header)?)));
    let Some((header, hits, record)) = found else {
        return no();
    };
    let fields = fields(record);
    let has = |name: &str| fields.iter().any(|(known, _)| *known == Some(name));
    if !has("page id") || !has("payer") || !has("spend") {
        return no();
    }
    let name = sheet.name.as_deref().unwrap_or_default();
    let whole = name.to_lowercase().contains("_advertisers");
    Fit::Yes {
        header,
        leads: whole,
        reason: format!(
            "{hits} headings of the Ad Library Report in row {}",
            record.row
        ),
    }
}

pub fn transcribe(
    _opened: &Opened<'_>,
    sheet: &Sheet,
    header: usize,
    into: &mut Transcript,
) -> Result<()> {
    let fields = sheet.records.get(header).map(fields).unwrap_or_default();
    for (known, heading) in &fields {
        if known.is_none_or(|name| name == "page id") && !heading.key.is_empty() {
            into.unused.insert(heading.key.clone());
        }
    }
    for record in sheet.records.iter().skip(header + 1) {
        if record.is_blank() {
            into.leave_out_at(record.row, "blank-row", "the row is empty");
            continue;
        }
        let entry = into.entry_at(record.row);
        entry.set("platform", "facebook");
        let mut undisclosed = false;
        for (column, (known, heading)) in fields.iter().enumerate() {
            let text = record.cell(column).text().into_owned();
            match *known {
                Some("payer") if is_no_disclaimer(&text) => undisclosed = true,
                Some("spend") => {
                    entry.set("spend", text);
                    entry.set("currency", heading.currency.clone().unwrap_or_default());
                }
                Some(name) if name != "page id" => {
                    entry.set(name, text);
                }
                _ => {}
            }
        }
        if undisclosed {
            into.remark("no-disclaimer", Some(record.row));
        }
    }
    Ok(())
}

/// What the report writes where the ads did not say who paid.
fn is_no_disclaimer(text: &str) -> bool {
    words::fold(text) == "these ads ran without a disclaimer"
}
