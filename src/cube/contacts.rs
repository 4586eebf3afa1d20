//! Contacts as events: who becomes a number here, in the order of the first event.

use super::ads::{Ad, match_ad};
use crate::evidence::{ContactRow, Evidence, Gender};
use crate::notice::{Locator, Notice};
use jiff::civil::Time;
use std::collections::{BTreeMap, BTreeSet};

/// An incoming contact without its identity and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactEvent {
    pub locator: Locator,
    /// Position of the ad in the cube, where the log names one that the exports know.
    pub ad: Option<usize>,
    pub arm: Option<usize>,
    /// Number of the person behind it, from 1 in the order of the first event; `None` = not logged.
    pub person: Option<usize>,
    pub person_gender: Option<Gender>,
    pub channel: Option<String>,
    pub event_type: Option<String>,
    pub codes: Vec<String>,
    pub second_codes: Vec<String>,
    /// Minutes between the start of the ad's first day and the event, in the log's local time;
    /// `None` where either is unknown or only the day was logged.
    pub minutes_after_start: Option<i64>,
    /// Local day, for counts over time.
    pub day: Option<jiff::civil::Date>,
}

/// All contacts of a case.
#[derive(Debug, Clone, Default)]
pub struct Contacts {
    /// Incoming, in the order of time.
    pub events: Vec<ContactEvent>,
    /// Outgoing rows: kept, not counted as contacts.
    pub outgoing: usize,
    /// Number of distinct people.
    pub people: usize,
    /// Coders named in the log.
    pub coders: usize,
    /// Whether the case has a contact log at all.
    pub recorded: bool,
}

impl Contacts {
    /// Categories that occur, by falling count, then name.
    pub fn categories(&self) -> Vec<String> {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        for code in self.events.iter().flat_map(|event| &event.codes) {
            *counts.entry(code).or_default() += 1;
        }
        let mut list: Vec<(&String, usize)> = counts.into_iter().collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        list.into_iter().map(|(code, _)| code.clone()).collect()
    }

    /// Channels that occur, by falling count, then name.
    pub fn channels(&self) -> Vec<String> {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        for channel in self
            .events
            .iter()
            .filter_map(|event| event.channel.as_ref())
        {
            *counts.entry(channel).or_default() += 1;
        }
        let mut list: Vec<(&String, usize)> = counts.into_iter().collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        list.into_iter()
            .map(|(channel, _)| channel.clone())
            .collect()
    }
}

/// Distinct people behind some events.
pub fn people<'a>(events: impl IntoIterator<Item = &'a ContactEvent>) -> usize {
    events
        .into_iter()
        .filter_map(|event| event.person)
        .collect::<BTreeSet<_>>()
        .len()
}

/// Seconds since 1970 in UTC; of a time in no known zone, as if it were UTC: the best that can be
/// done to order it.
fn instant(row: &ContactRow) -> Option<i64> {
    let received = &row.received;
    let local = || {
        let local = received.local?;
        let stamp = jiff::tz::TimeZone::UTC.to_timestamp(local).ok()?;
        Some(stamp.as_second())
    };
    received.utc_seconds.or_else(local)
}

/// Orders the log in time, numbers the people and joins the ads.
pub fn number(evidence: &Evidence, ads: &[Ad], notices: &mut Vec<Notice>) -> Contacts {
    let mut rows: Vec<&ContactRow> = evidence.contacts.iter().collect();
    rows.sort_by_cached_key(|row| (instant(row).is_none(), instant(row), &row.locator));
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut events = Vec::new();
    let mut unknown_ads: BTreeMap<&str, (u64, &Locator)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.incoming) {
        let next = numbers.len() + 1;
        let person = row
            .person
            .as_deref()
            .map(|person| *numbers.entry(person).or_insert(next));
        let ad = row.ad.as_deref().and_then(|name| match_ad(ads, name));
        if row.ad.is_some() && ad.is_none() {
            unknown_ads
                .entry(&row.locator.file)
                .or_insert((0, &row.locator))
                .0 += 1;
        }
        let start = ad
            .and_then(|index| ads.get(index))
            .and_then(|ad| ad.start)
            .map(|day| day.to_datetime(Time::midnight()));
        let minutes_after_start = match (start, row.received.local) {
            (Some(start), Some(at)) if !row.received.day_only => {
                Some(at.duration_since(start).as_mins())
            }
            _ => None,
        };
        events.push(ContactEvent {
            locator: row.locator.clone(),
            ad,
            arm: ad.and_then(|index| ads.get(index)).and_then(|ad| ad.arm),
            person,
            person_gender: row.sender_gender,
            channel: row.channel.clone(),
            event_type: row.event_type.clone(),
            codes: row.codes.clone(),
            second_codes: row.second_codes.clone(),
            minutes_after_start,
            day: row.received.local.map(|at| at.date()),
        });
    }
    let early: Vec<&ContactEvent> = events
        .iter()
        .filter(|event: &&ContactEvent| event.minutes_after_start.is_some_and(|m| m < 0))
        .collect();
    if let Some(first) = early.first() {
        notices.push(Notice::caution("contact-before-start", first.locator.clone(), format!("{} contact(s) came before the first day of the ad that they are about; they are counted, and left out of the time to the first contact", early.len())));
    }
    for (_, (count, first)) in unknown_ads {
        notices.push(Notice::caution("contact-of-unknown-ad", first.clone(), format!("{count} contact(s) name an ad that no delivery export knows; they are counted in no arm")));
    }
    let coders: BTreeSet<&str> = evidence
        .contacts
        .iter()
        .flat_map(|row| [row.coder.as_deref(), row.second_coder.as_deref()])
        .flatten()
        .collect();
    Contacts {
        outgoing: rows.iter().filter(|row| !row.incoming).count(),
        people: numbers.len(),
        coders: coders.len(),
        recorded: evidence
            .sources
            .iter()
            .any(|source| source.kind == crate::case::Kind::Contacts),
        events,
    }
}
