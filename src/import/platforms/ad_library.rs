//! Meta's Ad Library: how many people of each age and gender an ad reached (EU and UK), or which
//! share of them (political ads).
//!
//! Fields as in Meta's documentation of the archived ad (`ads_archive`); the pages of the library
//! itself, as scrapers save them, hold the same numbers under `transparency_by_location`.

use super::ad_library_script as script;
use super::response::{self, Object, count, first_text, text, texts};
use crate::error::Result;
use crate::import::part::Part;
use crate::import::transcript::{Entry, Transcript};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "meta-ad-library";

const REACH: &str = "age_country_gender_reach_breakdown";
const SHARES: &str = "demographic_distribution";
const REGIONS: [&str; 2] = ["delivery_by_region", "region_distribution"];
const TOTALS: [&str; 4] = [
    "eu_total_reach",
    "uk_total_reach",
    "br_total_reach",
    "total_reach",
];
const GENDERS: [&str; 3] = ["male", "female", "unknown"];
const PLACES: [&str; 3] = ["eu_transparency", "uk_transparency", "br_transparency"];
const IDS: [&str; 3] = ["ad_archive_id", "id", "_id"];
const PLATFORMS: [&str; 2] = ["publisher_platforms", "publisher_platform"];
const FIRST_SHOWN: [&str; 2] = ["ad_delivery_start_time", "start_date"];
const LAST_SHOWN: [&str; 2] = ["ad_delivery_stop_time", "end_date"];

/// Keys that only ads of the library have.
const LIBRARY_KEYS: [&str; 8] = [
    "ad_archive_id",
    "ad_delivery_start_time",
    "ad_snapshot_url",
    REACH,
    "delivery_by_region",
    SHARES,
    "eu_total_reach",
    "transparency_by_location",
];

/// Keys of an ad that are used, beside those of a place.
const USED: [&str; 20] = [
    "ad_archive_id",
    "id",
    "_id",
    "page_id",
    "page_name",
    "publisher_platforms",
    "publisher_platform",
    "ad_delivery_start_time",
    "start_date",
    "ad_delivery_stop_time",
    "end_date",
    "bylines",
    "funding_entity",
    "beneficiary_payers",
    "aaa_info",
    "impressions",
    "spend",
    "currency",
    "snapshot",
    "transparency_by_location",
];

/// Keys of the reach and targeting in a place, or of the ad itself.
const USED_OF_PLACE: [&str; 16] = [
    REACH,
    SHARES,
    "delivery_by_region",
    "region_distribution",
    "eu_total_reach",
    "uk_total_reach",
    "br_total_reach",
    "total_reach",
    "total_reach_by_location",
    "target_gender",
    "gender_audience",
    "target_ages",
    "age_audience",
    "target_locations",
    "location_audience",
    "payer_beneficiary_data",
];

enum Record<'a> {
    Ad(Ad<'a>),
    LeftOut(&'static str, &'static str),
}

struct Ad<'a> {
    fields: &'a Object,
    /// The same for copies of one ad.
    key: String,
    name: String,
    advertiser: Option<String>,
    first: Option<String>,
    last: Option<String>,
}

/// A number of people, or a share of them.
enum Cell {
    Reach {
        country: Option<String>,
        age: Option<String>,
        gender: &'static str,
        people: u64,
    },
    Share {
        age: Option<String>,
        gender: String,
        share: String,
    },
    LeftOut(&'static str, &'static str),
}

/// The cells of an ad, and what a reader must know of them.
#[derive(Default)]
struct Cells {
    cells: Vec<Cell>,
    /// Genders without a number in a row of country and age.
    absent: u64,
    /// Whether the cells add up to a total that the platform states: then those absent are none.
    whole: bool,
    remarks: BTreeSet<&'static str>,
}

/// Why the part is of this format; `None` where it is not.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let records = response::records(part);
    if records.is_empty() {
        let table = script::is_table(part.text);
        return table.then(|| "a table written by Meta's own Ad Library script".to_string());
    }
    let known = |fields: &&Object| is_library_ad(fields);
    let mut objects = records.iter().flat_map(|value| objects(value));
    objects
        .any(|object| object.as_object().as_ref().is_some_and(known))
        .then(|| "ads with keys of Meta's Ad Library".to_string())
}

/// Transcribes the part: an entry for each cell of age and gender of each ad.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    into.disjoint = true;
    let top = response::records(part);
    let table = if top.is_empty() {
        script::ads(part.text)
    } else {
        Vec::new()
    };
    let mut records: Vec<Record> = top
        .iter()
        .flat_map(|value| objects(value))
        .map(record)
        .collect();
    records.extend(table.iter().map(line));
    let any_ad = records.iter().any(|record| matches!(record, Record::Ad(_)));
    if !any_ad && top.iter().any(|value| response::is_graph_error(value)) {
        return Err(response::api_error(part));
    }
    name_ads(&mut records, into);
    let kept = kept(&records);
    for (index, record) in records.iter().enumerate() {
        match record {
            Record::LeftOut(reason, detail) => into.leave_out(reason, *detail),
            Record::Ad(ad) => match kept.get(&ad.key) {
                Some((last, copy)) if *last != index => leave_out_copy(ad, copy, into),
                _ => write(ad, into),
            },
        }
    }
    // Pages of one answer follow each other in a file; only the last one's next page is missing.
    if top.last().is_some_and(|value| response::has_next(value)) {
        into.remark("paging-truncated", None);
    }
    Ok(())
}

/// The ads of an answer, or the value itself.
fn objects(value: &Value) -> Vec<&Value> {
    match value.get("data").and_then(Value::as_array) {
        Some(ads) => ads.iter().collect(),
        None => vec![value],
    }
}

fn is_library_ad(fields: &Object) -> bool {
    let insights = fields.contains_key("date_start") && fields.contains_key("date_stop");
    !insights && LIBRARY_KEYS.iter().any(|key| fields.contains_key(*key))
}

fn record(value: &Value) -> Record<'_> {
    if response::is_graph_error(value) {
        return Record::LeftOut("error-object", "an error message in place of data");
    }
    match value.as_object() {
        Some(fields) if is_library_ad(fields) || first_text(fields, &IDS).is_some() => {
            Record::Ad(ad(fields))
        }
        _ => Record::LeftOut("no-ad", "the record is no ad of the library"),
    }
}

/// A line of the script's table.
fn line(value: &Option<Value>) -> Record<'_> {
    match value {
        Some(value) => record(value),
        None => Record::LeftOut("broken-line", "the line does not fit the heading"),
    }
}

fn ad(fields: &Object) -> Ad<'_> {
    let name = first_text(fields, &IDS).unwrap_or_default();
    let snapshot = fields.get("snapshot").and_then(Value::as_object);
    let of_snapshot = || first_text(snapshot?, &["page_name"]);
    Ad {
        fields,
        key: name.clone(),
        name,
        advertiser: first_text(fields, &["page_name"]).or_else(of_snapshot),
        first: first_day(fields, &FIRST_SHOWN),
        last: first_day(fields, &LAST_SHOWN),
    }
}

fn first_day(fields: &Object, keys: &[&str]) -> Option<String> {
    keys.iter()
        .find_map(|key| fields.get(*key).and_then(response::day))
}

/// Names the ads without id by their page and first day; ads that share both by their place in the
/// file too, unless they are copies.
fn name_ads(records: &mut [Record<'_>], into: &mut Transcript) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (number, record) in (1..).zip(records) {
        let Record::Ad(ad) = record else { continue };
        if !ad.name.is_empty() {
            continue;
        }
        into.remark("ad-without-id", None);
        let page = ad
            .advertiser
            .clone()
            .or_else(|| first_text(ad.fields, &["page_id"]));
        let parts: Vec<String> = page.into_iter().chain(ad.first.clone()).collect();
        let name = parts.join(" ");
        // No id is as long as an ad, so that the key is no ad's id.
        ad.key = Value::Object(ad.fields.clone()).to_string();
        let copy = names.get(&name).is_some_and(|key| *key == ad.key);
        let taken = name.is_empty() || (names.contains_key(&name) && !copy);
        ad.name = if taken {
            format!("{name} record {number}")
        } else {
            name.clone()
        };
        ad.name = ad.name.trim().to_string();
        names.entry(name).or_insert_with(|| ad.key.clone());
    }
}

/// The last copy of each ad and its place in the file. The same ad can be on several pages.
fn kept<'a>(records: &[Record<'a>]) -> BTreeMap<String, (usize, &'a Object)> {
    let ads = records.iter().enumerate();
    ads.filter_map(|(index, record)| match record {
        Record::Ad(ad) => Some((ad.key.clone(), (index, ad.fields))),
        Record::LeftOut(..) => None,
    })
    .collect()
}

fn leave_out_copy(ad: &Ad<'_>, kept: &Object, into: &mut Transcript) {
    let mut used = USED.iter().chain(&USED_OF_PLACE);
    // Scrapers save the whole page in the snapshot, with addresses that change.
    if used.any(|key| *key != "snapshot" && ad.fields.get(*key) != kept.get(*key)) {
        into.remark("repeated-ad-differs", None);
    }
    for _ in cells(ad.fields).cells {
        into.leave_out("repeated-ad", "a later copy of the ad is used");
    }
}

fn write(ad: &Ad<'_>, into: &mut Transcript) {
    let found = cells(ad.fields);
    for cell in &found.cells {
        write_cell(ad, cell, into);
    }
    for code in found.remarks {
        into.remark(code, None);
    }
    write_context(ad, into);
    note_unused(ad.fields, into);
}

fn write_cell(ad: &Ad<'_>, cell: &Cell, into: &mut Transcript) {
    match cell {
        Cell::LeftOut(reason, detail) => into.leave_out(reason, *detail),
        Cell::Reach {
            country,
            age,
            gender,
            people,
        } => {
            begin(ad, age, into)
                .set("gender", *gender)
                .set("country", country.as_deref().unwrap_or_default())
                .set("reach", people.to_string());
        }
        Cell::Share { age, gender, share } => {
            begin(ad, age, into)
                .set("gender", gender)
                .set("share", share);
        }
    }
}

fn begin<'a>(ad: &Ad<'_>, age: &Option<String>, into: &'a mut Transcript) -> &'a mut Entry {
    let or_unset = |value: &Option<String>| value.clone().unwrap_or_default();
    into.entry()
        .set("ad", &ad.name)
        .set("campaign", or_unset(&ad.advertiser))
        .set("period_start", or_unset(&ad.first))
        .set("period_end", or_unset(&ad.last))
        .set("age", or_unset(age))
}

/// The objects that hold reach and targeting of an ad: places on the library's pages, the ad itself
/// in the interface's answer.
fn places(fields: &Object) -> Vec<&Object> {
    let by_location = fields.get("transparency_by_location");
    let named = PLACES
        .iter()
        .filter_map(|key| by_location?.get(*key)?.as_object());
    let about = fields.get("aaa_info").and_then(Value::as_object);
    named.chain([fields]).chain(about).collect()
}

/// Every cell of an ad in the order of the file, used or not; at least one.
fn cells(fields: &Object) -> Cells {
    let mut found = Cells::default();
    let mut seen = BTreeMap::new();
    let mut located = 0;
    for place in places(fields) {
        let Some(reach) = place.get(REACH).filter(|value| !value.is_null()) else {
            continue;
        };
        let before = found.cells.len();
        read_reach(reach, &mut seen, &mut found);
        let mut new = found.cells.iter().skip(before);
        if new.any(|cell| matches!(cell, Cell::Reach { .. })) {
            located += 1;
            check_total(place, reach, &mut found);
        }
    }
    if located > 1 {
        found.remarks.insert("several-places");
    }
    if found.absent > 0 && !found.whole {
        found.remarks.insert("cells-absent");
    }
    for place in places(fields) {
        read_shares(place.get(SHARES), &mut found);
        for key in REGIONS {
            read_regions(place.get(key), &mut found);
        }
    }
    if found.cells.is_empty() {
        let detail = "the ad has neither reach nor shares by age and gender";
        found.cells.push(Cell::LeftOut("no-demographics", detail));
    }
    found
}

type CellKey = (Option<String>, Option<String>, &'static str);

fn read_reach(reach: &Value, seen: &mut BTreeMap<CellKey, u64>, found: &mut Cells) {
    let Some(countries) = reach.as_array() else {
        return unreadable(found);
    };
    for country in countries {
        let Some(ages) = country
            .get("age_gender_breakdowns")
            .and_then(Value::as_array)
        else {
            unreadable(found);
            continue;
        };
        for age in ages {
            let Some(fields) = age.as_object() else {
                unreadable(found);
                continue;
            };
            let country = country.get("country").and_then(text);
            let age = fields.get("age_range").and_then(text);
            for gender in GENDERS {
                let key = (country.clone(), age.clone(), gender);
                read_people(fields.get(gender), key, seen, found);
            }
        }
    }
}

/// A count of a gender. Where nobody was counted the key is missing or null; that is no record, and
/// not zero.
fn read_people(
    value: Option<&Value>,
    key: CellKey,
    seen: &mut BTreeMap<CellKey, u64>,
    found: &mut Cells,
) {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        found.absent += 1;
        return;
    };
    let Some(people) = count(value) else {
        return unreadable(found);
    };
    if let Some(earlier) = seen.get(&key) {
        if *earlier != people {
            found.remarks.insert("repeated-cell-differs");
        }
        let detail = "the ad has this country, age and gender before";
        return found.cells.push(Cell::LeftOut("repeated-cell", detail));
    }
    seen.insert(key.clone(), people);
    let (country, age, gender) = key;
    found.cells.push(Cell::Reach {
        country,
        age,
        gender,
        people,
    });
}

fn unreadable(found: &mut Cells) {
    let detail = "the cell is not of the documented form";
    found.cells.push(Cell::LeftOut("unreadable-cell", detail));
}

/// The platform estimates the total by itself: cells need not add up to it.
fn check_total(place: &Object, reach: &Value, found: &mut Cells) {
    let Some(total) = TOTALS
        .iter()
        .find_map(|key| place.get(*key).and_then(count))
    else {
        return;
    };
    let ages = reach.as_array().into_iter().flatten();
    let ages = ages.filter_map(|country| country.get("age_gender_breakdowns")?.as_array());
    let people = ages.flatten().flat_map(|age| {
        let counted = GENDERS.iter();
        counted.filter_map(|gender| age.get(*gender).and_then(count))
    });
    let sum = people.fold(0, u64::saturating_add);
    if sum == total {
        found.whole = true;
    } else {
        found.remarks.insert("reach-total-differs");
    }
}

/// Shares of the people reached. The interface writes fractions under the name `percentage`; files
/// derived from it may have percentages, which their sum tells.
fn read_shares(value: Option<&Value>, found: &mut Cells) {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return;
    };
    let Some(items) = value.as_array() else {
        return unreadable(found);
    };
    let places = decimal_places(items);
    found
        .cells
        .extend(items.iter().map(|item| share(item, places)));
}

/// How far the decimal point of the shares has to move to make them fractions.
fn decimal_places(items: &[Value]) -> Option<i64> {
    let number = |item: &Value| item.get("percentage").and_then(text)?.parse::<f64>().ok();
    let all: f64 = items.iter().filter_map(number).sum();
    let split = items.iter().filter(|item| !is_all_row(item));
    let split: f64 = split.filter_map(number).sum();
    // A row for all ages and genders can be a part of the whole or the whole once more.
    [all, split].into_iter().find_map(|sum| match sum {
        0.95..=1.05 => Some(0),
        95.0..=105.0 => Some(2),
        _ => None,
    })
}

/// Automated app ads have no demographics; their row says `All (Automated App Ads)`.
fn is_all_row(item: &Value) -> bool {
    let all = |key| {
        let word = item.get(key).and_then(Value::as_str);
        word.is_some_and(|word| word.trim().starts_with("All (Automated"))
    };
    all("age") || all("gender")
}

fn share(item: &Value, places: Option<i64>) -> Cell {
    let gender = item.get("gender").and_then(text);
    let written = item.get("percentage").and_then(text);
    let Some(places) = places else {
        let detail = "the shares of the ad add up neither to 1 nor to 100";
        return Cell::LeftOut("shares-do-not-sum", detail);
    };
    if is_all_row(item) {
        return Cell::LeftOut("all-row", "all ages or genders of an automated app ad");
    }
    match (
        gender,
        written.and_then(|text| response::plain_decimal(&text, places)),
    ) {
        (Some(gender), Some(share)) => Cell::Share {
            age: item.get("age").and_then(text),
            gender: known_gender(gender),
            share,
        },
        _ => Cell::LeftOut("unreadable-cell", "the cell is not of the documented form"),
    }
}

/// Derived files write genders with capitals.
fn known_gender(word: String) -> String {
    let lower = word.to_lowercase();
    if GENDERS.contains(&lower.as_str()) {
        lower
    } else {
        word
    }
}

fn read_regions(value: Option<&Value>, found: &mut Cells) {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return;
    };
    let number = value.as_array().map_or(1, Vec::len);
    let left = || Cell::LeftOut("region-share", "shares by region are not split by gender");
    found.cells.extend((0..number).map(|_| left()));
}

/// What the library says of the ad without saying who saw it.
fn write_context(ad: &Ad<'_>, into: &mut Transcript) {
    let fields = ad.fields;
    let places = places(fields);
    let platforms = PLATFORMS.iter().map(|key| texts(fields.get(*key)));
    let platform = platforms.into_iter().find(|listed| !listed.is_empty());
    let range = |key| fields.get(key).and_then(range).unwrap_or_default();
    into.context()
        .set("platform", platform.unwrap_or_default().join(", "))
        .set("advertiser", ad.advertiser.clone().unwrap_or_default())
        .set("ad", &ad.name)
        .set("payer", payer(fields).unwrap_or_default())
        .set("first_shown", ad.first.clone().unwrap_or_default())
        .set("last_shown", ad.last.clone().unwrap_or_default())
        .set("impressions", range("impressions"))
        .set("reach", total(&places).unwrap_or_default())
        .set("spend", range("spend"))
        .set(
            "currency",
            first_text(fields, &["currency"]).unwrap_or_default(),
        )
        .set(
            "targeted_gender",
            targeted_gender(&places).unwrap_or_default(),
        )
        .set("targeted_age", targeted_age(&places).unwrap_or_default())
        .set(
            "targeted_places",
            targeted_places(&places).unwrap_or_default(),
        );
}

fn payer(fields: &Object) -> Option<String> {
    if let Some(name) = first_text(fields, &["bylines", "funding_entity"]) {
        return Some(name);
    }
    let about = fields
        .get("aaa_info")
        .and_then(|about| about.get("payer_beneficiary_data"));
    let listed = fields.get("beneficiary_payers").or(about)?.as_array()?;
    let mut names: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for name in listed
        .iter()
        .filter_map(|item| item.get("payer").and_then(text))
    {
        if seen.insert(name.clone()) {
            names.push(name);
        }
    }
    Some(names.join("; "))
}

/// Bounds as the interface gives them; the topmost range has no upper one.
fn range(value: &Value) -> Option<String> {
    let bound = |key| value.get(key).and_then(count);
    match (bound("lower_bound"), bound("upper_bound")) {
        (Some(low), Some(high)) if low <= high => Some(format!("{low}-{high}")),
        (Some(low), None) => Some(format!(">={low}")),
        (None, None) => count(value).map(|exact| exact.to_string()),
        _ => None,
    }
}

/// The total reach: that of the EU before that of other places, as they must not be added.
fn total(places: &[&Object]) -> Option<String> {
    let stated = TOTALS.iter().find_map(|key| first(places, key, count));
    let listed = || {
        let list = first(places, "total_reach_by_location", |value| {
            value.as_array().cloned()
        })?;
        match list.as_slice() {
            [only] => only.get("value").and_then(count),
            _ => None,
        }
    };
    stated.or_else(listed).map(|people| people.to_string())
}

/// What the first place that has the key says.
fn first<T>(places: &[&Object], key: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    places
        .iter()
        .find_map(|place| place.get(key).and_then(&read))
}

fn targeted_gender(places: &[&Object]) -> Option<String> {
    ["target_gender", "gender_audience"]
        .iter()
        .find_map(|key| first(places, key, text))
        .map(|word| word.to_lowercase())
}

fn targeted_age(places: &[&Object]) -> Option<String> {
    let listed = first(places, "target_ages", |value| Some(texts(Some(value))));
    if let Some(ages) = listed.filter(|ages| !ages.is_empty()) {
        let range = ages.len() == 2;
        return Some(ages.join(if range { " to " } else { "; " }));
    }
    let audience = first(places, "age_audience", |value| value.as_object().cloned())?;
    let bound = |key| first_text(&audience, &[key]);
    match (bound("min"), bound("max")) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("from {min}")),
        (None, Some(max)) => Some(format!("to {max}")),
        (None, None) => None,
    }
}

fn targeted_places(places: &[&Object]) -> Option<String> {
    let list = |value: &Value| value.as_array().cloned().filter(|list| !list.is_empty());
    let listed = ["target_locations", "location_audience"]
        .iter()
        .find_map(|key| first(places, key, list))?;
    let named: Vec<String> = listed.iter().filter_map(place_name).collect();
    Some(named.join("; "))
}

/// A place in words. The library hides how some are called and gives their number.
fn place_name(place: &Value) -> Option<String> {
    let name = place.get("name").and_then(text);
    let hidden = place
        .get("num_obfuscated")
        .and_then(count)
        .filter(|number| *number > 0);
    let words = match (name, hidden) {
        (Some(name), Some(hidden)) => format!("{name} and {hidden} not named"),
        (Some(name), None) => name,
        (None, Some(hidden)) => format!("{hidden} not named"),
        (None, None) => return None,
    };
    let excluded = place.get("excluded") == Some(&Value::Bool(true));
    Some(if excluded {
        format!("not {words}")
    } else {
        words
    })
}

fn note_unused(fields: &Object, into: &mut Transcript) {
    let used: Vec<&str> = USED.iter().chain(&USED_OF_PLACE).copied().collect();
    for place in places(fields) {
        response::note_unused(place, &used, into);
    }
    let location = fields
        .get("transparency_by_location")
        .and_then(Value::as_object);
    if let Some(location) = location {
        response::note_unused(location, &PLACES, into);
    }
}
