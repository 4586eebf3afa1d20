//! Insights of Meta's Marketing API: delivery of the advertiser's own ads, as JSON.
//!
//! Row keys and breakdowns as in Meta's business SDK (`adsinsights.py`); the shape of the answers
//! as in Meta's documentation of the Insights edge.

use super::response::{self, Object, first_text, text};
use crate::error::{Problem, Result};
use crate::import::part::Part;
use crate::import::transcript::{Entry, Transcript};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "meta-insights";

/// Answers nest accounts, campaigns, ad sets, ads and their insights; no deeper.
const DEPTH: usize = 16;

/// Edges of the Graph API that hold objects with insights of their own, and their level.
const EDGES: [(&str, Level); 3] = [
    ("campaigns", Level::Campaign),
    ("adsets", Level::AdSet),
    ("ads", Level::Ad),
];

/// Breakdowns and measures by casefile's columns; of several keys the first that has a value.
const COLUMNS: [(&str, &[&str]); 12] = [
    ("account", &["account_name", "account_id"]),
    ("age", &["age"]),
    ("gender", &["gender"]),
    ("country", &["country"]),
    ("region", &["region", "dma"]),
    ("platform", &["publisher_platform"]),
    ("placement", &["platform_position"]),
    ("device", &["impression_device", "device_platform"]),
    ("impressions", &["impressions"]),
    ("reach", &["reach"]),
    ("spend", &["spend"]),
    ("currency", &["account_currency"]),
];

/// What the ad was set to, never whom it reached.
const TARGETING: [(&str, &str); 3] = [
    ("targeted_gender", "gender_targeting"),
    ("targeted_age", "age_targeting"),
    ("targeted_places", "location"),
];

/// Breakdowns (of the SDK's enumeration) that casefile has no column for. Their rows are parts of
/// a cell and would pass for the whole of it.
const OTHER_BREAKDOWNS: [&str; 20] = [
    "hourly_stats_aggregated_by_advertiser_time_zone",
    "hourly_stats_aggregated_by_audience_time_zone",
    "frequency_value",
    "ad_format_asset",
    "app_id",
    "body_asset",
    "call_to_action_asset",
    "description_asset",
    "image_asset",
    "landing_destination",
    "link_url_asset",
    "media_asset_url",
    "media_creator",
    "media_format",
    "place_page_id",
    "product_id",
    "skan_campaign_id",
    "title_asset",
    "user_segment_key",
    "video_asset",
];

const ENTITY_KEYS: [&str; 6] = [
    "campaign_id",
    "campaign_name",
    "adset_id",
    "adset_name",
    "ad_id",
    "ad_name",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Campaign,
    AdSet,
    Ad,
}

impl Level {
    const NAMED: [Level; 3] = [Level::Campaign, Level::AdSet, Level::Ad];

    fn keys(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Level::Campaign => ("campaign", "campaign_id", "campaign_name"),
            Level::AdSet => ("ad_set", "adset_id", "adset_name"),
            Level::Ad => ("ad", "ad_id", "ad_name"),
        }
    }
}

/// The object of the Graph API whose insights are nested in it.
#[derive(Clone, Copy)]
struct Parent<'a> {
    fields: &'a Object,
    level: Option<Level>,
}

enum Record<'a> {
    Row(&'a Object, Option<Parent<'a>>),
    LeftOut(&'static str, &'static str),
}

/// The records of a file, in its order.
#[derive(Default)]
struct Found<'a> {
    records: Vec<Record<'a>>,
    errors: bool,
    /// Nested answers whose next page no file can continue.
    truncated: u64,
}

/// Names of a row's objects, from the outermost.
type Names = [Option<String>; 3];

/// A row with what it says of itself.
struct Row<'a> {
    fields: &'a Object,
    names: Names,
    period: Option<(String, String)>,
    parent: Option<Parent<'a>>,
    /// Whether the object around the row names it without saying what it is.
    level_unknown: bool,
}

/// Why the part is of this format; `None` where it is not.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let records = response::records(part);
    if !records.is_empty() && records.iter().all(|value| response::is_graph_error(value)) {
        return Some("an error message of Meta's interface".to_string());
    }
    let found = found(&records);
    let mut rows = found.records.iter();
    rows.any(|record| matches!(record, Record::Row(..)))
        .then(|| "rows with date_start and date_stop".to_string())
}

/// Transcribes the part: an entry for each row of insights.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let top = response::records(part);
    let found = found(&top);
    let any_row = found.records.iter().any(|r| matches!(r, Record::Row(..)));
    if found.errors && !any_row {
        return Err(response::api_error(part));
    }
    let known = names_by_id(&found.records);
    let mut rows: Vec<Option<Row>> = found.records.iter().map(|r| row(r, &known)).collect();
    tell_apart(&mut rows, into);
    check_periods(part, &rows)?;
    let days = are_days(&rows);
    let link_clicks = rows.iter().flatten().any(|row| {
        row.fields
            .get("inline_link_clicks")
            .is_some_and(|v| text(v).is_some())
    });
    let clicks = if link_clicks {
        "inline_link_clicks"
    } else {
        "clicks"
    };
    let mut targeted = BTreeSet::new();
    for (record, row) in found.records.iter().zip(&rows) {
        match (record, row) {
            (Record::LeftOut(reason, detail), _) => into.leave_out(reason, *detail),
            (Record::Row(..), Some(row)) => write(row, days, clicks, &mut targeted, into),
            (Record::Row(..), None) => {}
        }
    }
    remark_levels(&rows, into);
    // Pages of one answer follow each other in a file; only the last one's next page is missing.
    let next = top.last().is_some_and(|value| response::has_next(value));
    for _ in 0..found.truncated + u64::from(next) {
        into.remark("paging-truncated", None);
    }
    Ok(())
}

fn found<'a>(top: &[&'a Value]) -> Found<'a> {
    let mut found = Found::default();
    for value in top {
        visit(value, None, 0, &mut found);
    }
    found
}

fn visit<'a>(value: &'a Value, parent: Option<Parent<'a>>, depth: usize, found: &mut Found<'a>) {
    if depth > DEPTH {
        return left(found, "no-row", "the objects are nested too deeply");
    }
    if let Some(items) = value.as_array() {
        return visit_all(items, parent, depth, found);
    }
    let Some(fields) = value.as_object() else {
        return left(found, "no-row", "the value is no object");
    };
    if is_row(fields) {
        found.records.push(Record::Row(fields, parent));
        return;
    }
    if response::is_graph_error(value) {
        found.errors = true;
        return left(found, "error-object", "an error message in place of data");
    }
    if let Some(items) = fields.get("data").and_then(Value::as_array) {
        visit_all(items, parent, depth, found);
        // The outermost answer may be continued by the next one in the file.
        if depth > 0 && response::has_next(value) {
            found.truncated += 1;
        }
        return;
    }
    nested(fields, parent, depth, found);
}

fn visit_all<'a>(
    items: &'a [Value],
    parent: Option<Parent<'a>>,
    depth: usize,
    found: &mut Found<'a>,
) {
    for item in items {
        visit(item, parent, depth + 1, found);
    }
}

/// An object that holds insights, or edges whose objects do. Objects without delivery have no
/// `insights` key at all.
fn nested<'a>(fields: &'a Object, parent: Option<Parent<'a>>, depth: usize, found: &mut Found<'a>) {
    let before = found.records.len();
    let level = parent.and_then(|parent| parent.level);
    if let Some(insights) = fields.get("insights").filter(|value| !value.is_null()) {
        visit(insights, Some(Parent { fields, level }), depth + 1, found);
    }
    for (edge, level) in EDGES {
        if let Some(objects) = fields.get(edge).filter(|value| !value.is_null()) {
            let within = Parent {
                fields,
                level: Some(level),
            };
            visit(objects, Some(within), depth + 1, found);
        }
    }
    if found.records.len() == before {
        left(found, "no-delivery", "the object holds no insights");
    }
}

fn left(found: &mut Found<'_>, reason: &'static str, detail: &'static str) {
    found.records.push(Record::LeftOut(reason, detail));
}

/// Rows have both dates; ads of the Ad Library have keys of their own.
fn is_row(fields: &Object) -> bool {
    let dated = |key| {
        let date = fields.get(key).and_then(Value::as_str);
        date.is_some_and(|date| response::iso_date(date.trim()).is_some())
    };
    let library = ["ad_snapshot_url", "ad_archive_id"];
    dated("date_start")
        && dated("date_stop")
        && !library.iter().any(|key| fields.contains_key(*key))
}

/// Names of objects by level and id, where the file gives an id just one name. Rows may lack the
/// name that other rows of the same object have.
fn names_by_id(records: &[Record<'_>]) -> BTreeMap<(Level, String), Option<String>> {
    let mut names = BTreeMap::new();
    for record in records {
        let Record::Row(fields, parent) = record else {
            continue;
        };
        for level in Level::NAMED {
            let (_, id_key, name_key) = level.keys();
            let id = first_text(fields, &[id_key]);
            let name = first_text(fields, &[name_key]);
            note_name(&mut names, level, id, name);
            if let Some(Parent {
                fields,
                level: Some(known),
            }) = parent
                && *known == level
            {
                let (id, name) = (first_text(fields, &["id"]), first_text(fields, &["name"]));
                note_name(&mut names, level, id, name);
            }
        }
    }
    names
}

fn note_name(
    names: &mut BTreeMap<(Level, String), Option<String>>,
    level: Level,
    id: Option<String>,
    name: Option<String>,
) {
    let (Some(id), Some(name)) = (id, name) else {
        return;
    };
    let known = names
        .entry((level, id))
        .or_insert_with(|| Some(name.clone()));
    if known.as_ref() != Some(&name) {
        *known = None;
    }
}

fn row<'a>(
    record: &Record<'a>,
    known: &BTreeMap<(Level, String), Option<String>>,
) -> Option<Row<'a>> {
    let Record::Row(fields, parent) = record else {
        return None;
    };
    let mut names = Level::NAMED.map(|level| {
        let (_, id_key, name_key) = level.keys();
        let id = first_text(fields, &[id_key]);
        let name = id
            .clone()
            .and_then(|id| known.get(&(level, id)).cloned().flatten());
        first_text(fields, &[name_key]).or(name).or(id)
    });
    let level_unknown = parent.is_some_and(|parent| name_by_parent(fields, parent, &mut names));
    Some(Row {
        fields,
        names,
        period: period(fields),
        parent: *parent,
        level_unknown,
    })
}

/// The object around a row names it, where the row itself does not. True where the file does not
/// say what that object is; its name then counts as the name of an ad.
fn name_by_parent(fields: &Object, parent: Parent<'_>, names: &mut Names) -> bool {
    let id = first_text(parent.fields, &["id"]);
    let name = first_text(parent.fields, &["name"]);
    let same = |key, own: &Option<String>| own.is_some() && first_text(fields, &[key]) == *own;
    let told = Level::NAMED.into_iter().find(|level| {
        let (_, id_key, name_key) = level.keys();
        same(id_key, &id) || same(name_key, &name)
    });
    let account = id.as_ref().is_some_and(|id| id.starts_with("act_"));
    let told = told.or(parent.level);
    let level = told.unwrap_or(Level::Ad);
    let [campaign, ad_set, ad] = names;
    let slot = match level {
        Level::Campaign => campaign,
        Level::AdSet => ad_set,
        Level::Ad => ad,
    };
    let label = name.or(id);
    let named = told.is_some() && fields.contains_key(level.keys().2);
    if named || label.is_none() || (told.is_none() && (account || slot.is_some())) {
        return false;
    }
    *slot = label;
    told.is_none()
}

/// The days of a row, where they are in order.
fn period(fields: &Object) -> Option<(String, String)> {
    let day = |key| first_text(fields, &[key]).and_then(|text| response::iso_date(&text));
    let (start, stop) = (day("date_start")?, day("date_stop")?);
    (start <= stop).then_some((start, stop))
}

/// Adds the id to the name of ads that have one name and the same campaign and ad set but
/// different ids: they would pass for one ad.
fn tell_apart(rows: &mut [Option<Row<'_>>], into: &mut Transcript) {
    let mut ids: BTreeMap<Names, BTreeSet<String>> = BTreeMap::new();
    for row in rows.iter().flatten() {
        if let Some(id) = first_text(row.fields, &["ad_id"]) {
            ids.entry(row.names.clone()).or_default().insert(id);
        }
    }
    for row in rows.iter_mut().flatten() {
        let several = ids.get(&row.names).is_some_and(|ids| ids.len() > 1);
        if let (true, [_, _, Some(name)]) = (several, &mut row.names)
            && let Some(id) = first_text(row.fields, &["ad_id"])
        {
            *name = format!("{name} ({id})");
            into.remark("same-name", None);
        }
    }
}

/// Refuses totals of days beside those days: together they would count people twice. Rows of
/// different ads may have periods of their own, as each ad runs in its own time.
fn check_periods(part: &Part<'_>, rows: &[Option<Row<'_>>]) -> Result<()> {
    let by_ad = rows.iter().flatten().all(|row| row.names[2].is_some());
    let mut periods: BTreeMap<Option<&Names>, BTreeSet<&(String, String)>> = BTreeMap::new();
    for row in rows.iter().flatten() {
        if let Some(period) = &row.period {
            let ad = by_ad.then_some(&row.names);
            periods.entry(ad).or_default().insert(period);
        }
    }
    for periods in periods.values() {
        let mut longest: Option<&(String, String)> = None;
        for period in periods {
            if let Some(earlier) = longest
                && period.0 <= earlier.1
            {
                return Err(overlap(part, earlier, period).into());
            }
            // Without an overlap each period ends after those before it.
            longest = Some(period);
        }
    }
    Ok(())
}

fn overlap(part: &Part<'_>, first: &(String, String), second: &(String, String)) -> Problem {
    let message = format!(
        "rows of different periods that overlap: {} to {} and {} to {}",
        first.0, first.1, second.0, second.1
    );
    Problem::new("overlapping-periods", part.file, message)
        .hint("keep the rows of one period, or of consecutive periods, in a file")
}

/// Whether the file has a row for each of several days (`time_increment=1`).
fn are_days(rows: &[Option<Row<'_>>]) -> bool {
    let periods: BTreeSet<_> = rows
        .iter()
        .flatten()
        .filter_map(|r| r.period.as_ref())
        .collect();
    periods.len() > 1 && periods.iter().all(|(start, stop)| start == stop)
}

fn write(
    row: &Row<'_>,
    days: bool,
    clicks: &'static str,
    targeted: &mut BTreeSet<Vec<(&'static str, String)>>,
    into: &mut Transcript,
) {
    note_unused(row.fields, clicks, into);
    if let Some(parent) = row.parent {
        let used = ["id", "name", "insights", "campaigns", "adsets", "ads"];
        response::note_unused(parent.fields, &used, into);
    }
    let further = |key: &&str| row.fields.get(*key).is_some_and(|value| !value.is_null());
    if OTHER_BREAKDOWNS.iter().any(further) {
        let detail = "the row is a part of a cell, by hour, frequency or another breakdown";
        return into.leave_out("other-breakdown", detail);
    }
    let Some((start, stop)) = &row.period else {
        return into.leave_out("unreadable-period", "the period ends before it starts");
    };
    let entry = into.entry();
    set_names(entry, &row.names);
    for (column, keys) in COLUMNS {
        entry.set(column, first_text(row.fields, keys).unwrap_or_default());
    }
    entry.set(
        "clicks",
        first_text(row.fields, &[clicks]).unwrap_or_default(),
    );
    entry.set("period_start", start).set("period_end", stop);
    if days {
        entry.set("day", start);
    }
    write_targeting(row, targeted, into);
}

fn set_names(entry: &mut Entry, names: &Names) {
    for (level, name) in Level::NAMED.into_iter().zip(names) {
        entry.set(level.keys().0, name.as_deref().unwrap_or_default());
    }
}

/// A row of context for each ad and its targeting.
fn write_targeting(
    row: &Row<'_>,
    targeted: &mut BTreeSet<Vec<(&'static str, String)>>,
    into: &mut Transcript,
) {
    let said: Vec<(&'static str, String)> = TARGETING
        .into_iter()
        .filter_map(|(column, key)| Some((column, first_text(row.fields, &[key])?)))
        .collect();
    if said.is_empty() {
        return;
    }
    let name = row.names.iter().rev().flatten().next().cloned();
    let account = first_text(row.fields, &["account_name"]);
    let mut values = vec![
        ("ad", name.unwrap_or_default()),
        ("advertiser", account.unwrap_or_default()),
    ];
    values.extend(said);
    if targeted.insert(values.clone()) {
        let context = into.context();
        for (column, value) in values {
            context.set(column, value);
        }
    }
}

fn note_unused(fields: &Object, clicks: &str, into: &mut Transcript) {
    let mut used = vec!["date_start", "date_stop", clicks];
    used.extend(ENTITY_KEYS);
    used.extend(TARGETING.map(|(_, key)| key));
    used.extend(COLUMNS.iter().flat_map(|(_, keys)| keys.iter().copied()));
    response::note_unused(fields, &used, into);
}

/// Remarks what the names of the rows do not say by themselves.
fn remark_levels(rows: &[Option<Row<'_>>], into: &mut Transcript) {
    let level = |row: &Row<'_>| row.names.iter().rposition(Option::is_some);
    let levels: BTreeSet<_> = rows.iter().flatten().map(level).collect();
    if levels.len() > 1 {
        into.remark("mixed-levels", None);
    }
    for _ in rows.iter().flatten().filter(|row| row.level_unknown) {
        into.remark("nested-level-unknown", None);
    }
}
