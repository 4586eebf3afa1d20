//! Ads of TikTok's commercial content library, as its interface answers them: what an ad was set
//! to and how many people saw it, never who they were.
//!
//! Fields as in TikTok's documentation of `/v2/research/adlib/ad/detail/` and `/ad/query/`.

use super::response::{self, Object, first_text, texts};
use crate::error::Result;
use crate::import::part::Part;
use crate::import::transcript::Transcript;
use serde_json::Value;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "tiktok-ad-library";

const AD_KEYS: [&str; 4] = ["id", "first_shown_date", "last_shown_date", "reach"];
const ADVERTISER_KEYS: [&str; 3] = ["business_name", "paid_for_by", "paid_by"];
const TARGETING_KEYS: [&str; 3] = ["country", "age", "gender"];

enum Record<'a> {
    Ad(&'a Object),
    LeftOut(&'static str, &'static str),
}

/// Why the part is of this format; `None` where it is not.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let records = response::records(part);
    if !records.is_empty() && records.iter().all(|value| is_error(value)) {
        return Some("an error message of TikTok's interface".to_string());
    }
    let mut found = records.iter().flat_map(|value| found(value));
    found
        .any(|record| matches!(record, Record::Ad(_)))
        .then(|| "ads with advertiser and first or last day shown".to_string())
}

/// Transcribes the part: an entry for each ad.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let top = response::records(part);
    let found: Vec<Record> = top.iter().flat_map(|value| found(value)).collect();
    let any_ad = found.iter().any(|record| matches!(record, Record::Ad(_)));
    if !any_ad && top.iter().any(|value| is_error(value)) {
        return Err(response::api_error(part));
    }
    for record in found {
        match record {
            Record::Ad(fields) => write(fields, into),
            Record::LeftOut(reason, detail) => into.leave_out(reason, detail),
        }
    }
    let more = |value: &&Value| value.pointer("/data/has_more") == Some(&Value::Bool(true));
    if top.last().is_some_and(more) {
        into.remark("paging-truncated", None);
    }
    Ok(())
}

/// Every answer has an `error`; its code is `ok` where nothing went wrong.
fn is_error(value: &Value) -> bool {
    let code = value.pointer("/error/code").and_then(Value::as_str);
    code.is_some_and(|code| code != "ok") && value.pointer("/error/log_id").is_some()
}

/// The ads of an answer: one with its details, a list, or an ad that was taken out of its answer.
fn found(value: &Value) -> Vec<Record<'_>> {
    if is_error(value) {
        return vec![Record::LeftOut(
            "error-object",
            "an error message in place of data",
        )];
    }
    let data = value.get("data").unwrap_or(value);
    match data.get("ads").and_then(Value::as_array) {
        Some(ads) => ads.iter().map(record).collect(),
        None => vec![record(data)],
    }
}

fn record(value: &Value) -> Record<'_> {
    let ad = value.get("ad").and_then(Value::as_object);
    let shown = ad.is_some_and(|ad| AD_KEYS.iter().any(|key| ad.contains_key(*key)));
    match value.as_object() {
        Some(fields) if shown && fields.get("advertiser").is_some_and(Value::is_object) => {
            Record::Ad(fields)
        }
        _ => Record::LeftOut("no-ad", "the record holds no ad with its advertiser"),
    }
}

fn write(fields: &Object, into: &mut Transcript) {
    let empty = Object::new();
    let part = |key| fields.get(key).and_then(Value::as_object).unwrap_or(&empty);
    let (ad, advertiser, group) = (part("ad"), part("advertiser"), part("ad_group"));
    let targeting = group.get("targeting_info").and_then(Value::as_object);
    let targeting = targeting.unwrap_or(&empty);
    response::note_unused(fields, &["ad", "advertiser", "ad_group"], into);
    response::note_unused(ad, &AD_KEYS, into);
    response::note_unused(advertiser, &ADVERTISER_KEYS, into);
    response::note_unused(group, &["targeting_info"], into);
    response::note_unused(targeting, &TARGETING_KEYS, into);

    let seen = ad.get("reach").and_then(seen);
    let reach = seen.as_deref().and_then(bucket);
    if seen.is_some() && reach.is_none() {
        into.remark("unreadable-reach", None);
    }
    let shown = |key| ad.get(key).and_then(day).unwrap_or_default();
    into.entry()
        .set("platform", "tiktok")
        .set("ad", first_text(ad, &["id"]).unwrap_or_default())
        .set(
            "advertiser",
            first_text(advertiser, &["business_name"]).unwrap_or_default(),
        )
        .set(
            "payer",
            first_text(advertiser, &["paid_for_by", "paid_by"]).unwrap_or_default(),
        )
        .set("first_shown", shown("first_shown_date"))
        .set("last_shown", shown("last_shown_date"))
        .set("reach", reach.unwrap_or_default())
        .set(
            "targeted_gender",
            targeted_gender(targeting.get("gender")).unwrap_or_default(),
        )
        .set("targeted_age", chosen(targeting.get("age")).join("; "))
        .set(
            "targeted_places",
            texts(targeting.get("country")).join("; "),
        );
}

/// The number of people as the interface words it; lists of ads have it without its countries.
fn seen(reach: &Value) -> Option<String> {
    let all = reach.get("unique_users_seen").unwrap_or(reach);
    response::text(all)
}

/// A day as `yyyymmdd`, number or text, or as an ISO date.
fn day(value: &Value) -> Option<String> {
    let text = response::text(value)?;
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return response::day(value);
    }
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    response::iso_date(&format!("{year}-{month}-{day}"))
}

/// The names of a map that are true, in its order.
fn chosen(value: Option<&Value>) -> Vec<&str> {
    let fields = value.and_then(Value::as_object).into_iter().flatten();
    fields
        .filter(|(_, chosen)| **chosen == Value::Bool(true))
        .map(|(name, _)| name.as_str())
        .collect()
}

/// The genders that the ad was set to, in words.
fn targeted_gender(value: Option<&Value>) -> Option<String> {
    let chosen = chosen(value);
    let known = match (chosen.contains(&"male"), chosen.contains(&"female")) {
        (true, true) => Some("all"),
        (true, false) => Some("men"),
        (false, true) => Some("women"),
        (false, false) => None,
    };
    match (known, chosen.contains(&"unknown")) {
        (Some(known), true) => Some(format!("{known} and unknown")),
        (Some(known), false) => Some(known.to_string()),
        (None, unknown) => unknown.then(|| "unknown".to_string()),
    }
}

/// A number of people as a range: `16K` is rounded and stands for 15500 to 16499, `10K-100K` names
/// its bounds, a plain number is exact.
fn bucket(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(low) = text.strip_prefix('>').or_else(|| text.strip_suffix('+')) {
        return Some(format!(">={}", people(low)?.0));
    }
    if let Some(high) = text.strip_prefix('<') {
        return Some(format!("<{}", people(high)?.0));
    }
    if let Some((low, high)) = text.split_once(['-', '–']) {
        let (low, high) = (people(low)?.0, people(high)?.0);
        return (low <= high).then(|| format!("{low}-{high}"));
    }
    let (count, step) = people(text)?;
    if step == 1 {
        return Some(count.to_string());
    }
    let low = count.saturating_sub(step / 2);
    let high = count.checked_add(step / 2)?.checked_sub(1)?;
    Some(format!("{low}-{high}"))
}

/// A count such as `1.2M`, and the step to which it is rounded.
fn people(text: &str) -> Option<(u64, u64)> {
    let text = text.trim();
    let units: [(&[char], u64); 3] = [
        (&['K', 'k'], 1_000),
        (&['M', 'm'], 1_000_000),
        (&['B', 'b'], 1_000_000_000),
    ];
    let scaled = units
        .iter()
        .find_map(|(letters, unit)| Some((text.strip_suffix(*letters)?, *unit)));
    let (number, unit) = scaled.unwrap_or((text, 1));
    let (whole, fraction) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
    let digits = format!("{whole}{fraction}");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut step = unit;
    for _ in 0..fraction.len() {
        step = (step % 10 == 0).then_some(step / 10)?;
    }
    let count = digits.parse::<u64>().ok()?.checked_mul(step)?;
    Some((count, step))
}
