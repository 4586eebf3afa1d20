//! Google's Ads Transparency Center and its political ads, as tables of the public data set. Its
//! genders and ages are whom the advertiser asked for; nothing says who was shown the ads.
//!
//! Fields as in the data set `google_ads_transparency_center` and in the bundle of political ads.
//! Lists stand in a cell as JSON, or are flattened with the name of the field before a dot or `_`.

use super::library_context::Columns;
use super::loose_objects;
use crate::error::Result;
use crate::import::formats::Fit;
use crate::import::heading::{self, Heading};
use crate::import::open::Opened;
use crate::import::sheet::{Record, Sheet};
use crate::import::transcript::Transcript;
use crate::import::{Input, date, number, words};
use serde_json::Value;

pub const NAME: &str = "google-transparency";

const IDS: &[&str] = &["creative_id", "ad_id"];
const ADVERTISER: &[&str] = &[
    "advertiser_disclosed_name",
    "advertiser_legal_name",
    "advertiser_name",
];
const FIRST_SHOWN: &[&str] = &[
    "first_shown",
    "region_stats_first_shown",
    "date_range_start",
];
const LAST_SHOWN: &[&str] = &["last_shown", "region_stats_last_shown", "date_range_end"];
const LOWER: &[&str] = &[
    "times_shown_lower_bound",
    "region_stats_times_shown_lower_bound",
];
const UPPER: &[&str] = &[
    "times_shown_upper_bound",
    "region_stats_times_shown_upper_bound",
];
const REGIONS: &[&str] = &["region_stats"];
const SELECTION: &[&str] = &["audience_selection_approach_info"];
const DEMOGRAPHIC: &[&str] = &[
    "demographic_info",
    "audience_selection_approach_info_demographic_info",
];
const PLACES: &[&str] = &[
    "geo_location",
    "audience_selection_approach_info_geo_location",
    "geo_targeting_included",
];

/// Fields that only these tables have, one of them beside an id.
const TELLING: [&str; 9] = [
    "advertiser_disclosed_name",
    "advertiser_legal_name",
    "advertiser_verification_status",
    "age_targeting",
    "audience_selection_approach_info",
    "creative_page_url",
    "gender_targeting",
    "region_stats",
    "times_shown_lower_bound",
];

/// Fields that tell the headings from the rows below.
pub fn field(heading: &Heading) -> Option<&'static str> {
    let key = heading::snake(&heading.key).replace('.', "_");
    [
        IDS,
        ADVERTISER,
        FIRST_SHOWN,
        LAST_SHOWN,
        LOWER,
        UPPER,
        REGIONS,
        SELECTION,
    ]
    .into_iter()
    .flatten()
    .chain(&TELLING)
    .find(|known| **known == key)
    .copied()
}

/// Recognised by the id of an ad beside two fields of the data set.
pub fn fit(opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let no = || Fit::No("no fields of Google's Ads Transparency Center".into());
    let found = heading::search(sheet, &field, opened.input)
        .and_then(|(header, hits)| Some((header, hits, sheet.records.get(header)?)));
    let Some((header, hits, record)) = found else {
        return no();
    };
    let columns = Columns::of(record);
    let telling = TELLING.iter().filter(|name| columns.has(name)).count();
    if columns.find(IDS).is_none() || telling < 2 {
        return no();
    }
    Fit::Yes {
        header,
        leads: false,
        reason: format!(
            "{hits} fields of Google's Ads Transparency Center in row {}",
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
        if record.is_blank() {
            into.leave_out_at(record.row, "blank-row", "the row is empty");
            continue;
        }
        let Some(ad) = columns.text(record, IDS) else {
            into.leave_out_at(record.row, "no-ad", "the row names no ad");
            continue;
        };
        write(opened.input, record, &columns, &ad, into);
    }
    columns.note_unused(into);
    Ok(())
}

fn write(input: &Input<'_>, record: &Record, columns: &Columns, ad: &str, into: &mut Transcript) {
    let regions = match columns
        .text(record, REGIONS)
        .as_deref()
        .map(loose_objects::read)
    {
        Some(Some(Value::Array(items))) => items,
        Some(Some(item @ Value::Object(_))) => vec![item],
        Some(_) => {
            into.remark("unreadable-regions", Some(record.row));
            Vec::new()
        }
        None => Vec::new(),
    };
    if regions.len() > 1 {
        into.remark("several-regions", Some(record.row));
    }
    let day = |text: String| {
        date::read(&text, input.hints.date_order).map(|moment| moment.date.to_string())
    };
    let own_day = |names| columns.text(record, names).and_then(day);
    let days = |name| {
        let of = move |region: &Value| day(loose_objects::text(region.get(name)?)?);
        regions.iter().filter_map(of)
    };
    let shown = match regions.as_slice() {
        [] => bounds(columns.text(record, LOWER), columns.text(record, UPPER))
            .or_else(|| bucket(&columns.text(record, &["impressions"])?)),
        [region] => {
            let bound = |name| region.get(name).and_then(loose_objects::text);
            bounds(
                bound("times_shown_lower_bound"),
                bound("times_shown_upper_bound"),
            )
        }
        // Regions overlap (`EEA`), and ranges of several are of no use as a sum.
        _ => None,
    };
    let first = own_day(FIRST_SHOWN).or_else(|| days("first_shown").min());
    let last = own_day(LAST_SHOWN).or_else(|| days("last_shown").max());
    let selection = columns
        .text(record, SELECTION)
        .and_then(|text| loose_objects::read(&text));
    let selected = |name: &str| loose_objects::text(selection.as_ref()?.get(name)?);
    let demographic = columns
        .text(record, DEMOGRAPHIC)
        .or_else(|| selected("demographic_info"))
        .and_then(|code| criteria(&code));
    let targeted = |names: &[&str]| {
        columns
            .text(record, names)
            .or_else(|| demographic.map(str::to_owned))
            .unwrap_or_default()
    };
    let places = columns
        .text(record, PLACES)
        .or_else(|| selected("geo_location"))
        .map(|text| criteria(&text).map_or(text, str::to_owned));
    into.entry_at(record.row)
        .set("platform", "google")
        .set("ad", ad)
        .set(
            "advertiser",
            columns.text(record, ADVERTISER).unwrap_or_default(),
        )
        .set("first_shown", first.unwrap_or_default())
        .set("last_shown", last.unwrap_or_default())
        .set("impressions", shown.unwrap_or_default())
        .set("targeted_gender", targeted(&["gender_targeting"]))
        .set("targeted_age", targeted(&["age_targeting"]))
        .set("targeted_places", places.unwrap_or_default());
}

/// What the advertiser did with a criterion, in words; `None` for another word.
fn criteria(code: &str) -> Option<&'static str> {
    Some(match code {
        "CRITERIA_INCLUDED" => "criteria included, not published",
        "CRITERIA_EXCLUDED" => "criteria excluded, not published",
        "CRITERIA_INCLUDED_AND_EXCLUDED" => "criteria included and excluded, not published",
        "CRITERIA_UNUSED" => "not targeted",
        _ => return None,
    })
}

/// Bounds of the times shown; the topmost range has no upper one.
fn bounds(low: Option<String>, high: Option<String>) -> Option<String> {
    let count = |text: String| number::read(&text, '.')?.count();
    match (low.and_then(count), high.and_then(count)) {
        (Some(low), Some(high)) if low <= high => Some(format!("{low}-{high}")),
        (Some(low), None) => Some(format!(">={low}")),
        (None, Some(high)) => Some(format!("0-{high}")),
        _ => None,
    }
}

/// A range of the political ads: `≤ 10k`, `10k-100k`, `> 10M`.
fn bucket(text: &str) -> Option<String> {
    let folded = words::fold(text);
    let count = |text: &str| -> Option<u64> {
        let text = text.trim();
        let (digits, factor) = match (text.strip_suffix('k'), text.strip_suffix('m')) {
            (Some(digits), _) => (digits, 1_000),
            (_, Some(digits)) => (digits, 1_000_000),
            _ => (text, 1),
        };
        digits.parse::<u64>().ok()?.checked_mul(factor)
    };
    if let Some(rest) = folded.strip_prefix(['≤', '<']) {
        let high = count(rest.trim_start_matches('='))?;
        let most = folded.starts_with('≤') || rest.starts_with('=');
        return Some(format!("{}{high}", if most { "≤" } else { "<" }));
    }
    if let Some(rest) = folded.strip_prefix(['≥', '>']) {
        let low = count(rest.trim_start_matches('='))?;
        let least = folded.starts_with('≥') || rest.starts_with('=');
        return Some(format!("{}{low}", if least { ">=" } else { ">" }));
    }
    match folded.split_once(['-', '–']) {
        Some((low, high)) => {
            let (low, high) = (count(low)?, count(high)?);
            (low <= high).then(|| format!("{low}-{high}"))
        }
        None => count(&folded).map(|exact| exact.to_string()),
    }
}
