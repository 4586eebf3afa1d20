//! Tables that name people: contact logs, accounts, feeds. What is read here leaves only as counts
//! and codes; no message of this file holds the cell of an identifying column.

use super::open::Opened;
use super::reader::Reader;
use super::sheet::Record;
use super::tidy::{name, unique, usable};
use super::{Imported, Table, date, finish, number, words};
use crate::case::Kind;
use crate::error::Result;
use crate::evidence::{AccountRow, ContactRow, FeedRow, Gender, Received, Resolution, TimeBasis};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn contacts(opened: &Opened<'_>, reader: Reader<'_>) -> Result<Imported> {
    contacts_of(opened, reader, name(Kind::Contacts))
}

/// [`contacts`] of another format.
pub(super) fn contacts_of(
    opened: &Opened<'_>,
    reader: Reader<'_>,
    format: &'static str,
) -> Result<Imported> {
    let records = usable(&reader, "event_id");
    unique(&reader, &records, "duplicate-event", "`event_id`", &|r| {
        vec![reader.raw(r, "event_id")]
    });
    let mut zones = Zones::new();
    let rows: Vec<ContactRow> = records
        .iter()
        .map(|record| contact(&reader, record, &mut zones))
        .collect();
    spellings(&reader, &rows);
    finish(
        opened,
        reader,
        format,
        Kind::Contacts,
        &records,
        Table::Contacts(rows),
        &meaning,
    )
}

fn meaning(code: &str) -> &'static str {
    match code {
        "missing-time" => "events without a date, which count in no series over time",
        "unreadable-time" => "events whose date cannot be read, which count in no series over time",
        "unreadable-duration" => "calls whose duration cannot be read",
        "gender-as-unknown" => {
            "senders whose apparent gender is another word than male, female and unknown, which count as unknown"
        }
        "ambiguous-time" => {
            "events at a local time that occurs twice or never because the clocks change, which have no time in UTC"
        }
        "zone-unknown" => {
            "events at a local time of which nobody states the zone; beside times of other files their order may be wrong (declare `timezone`)"
        }
        "spelled-codes" => {
            "events with a code that differs from another code only in case, blanks or hyphens; these count as different codes"
        }
        _ => "rows that need a look",
    }
}

fn contact(reader: &Reader<'_>, record: &Record, zones: &mut Zones) -> ContactRow {
    let mut codes = reader.codes(record, "code_primary");
    for code in reader.codes(record, "code_secondary") {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let duration = reader.value(record, "call_duration_s");
    let call_seconds = duration.as_deref().and_then(number::seconds);
    if duration.is_some() && call_seconds.is_none() {
        reader.remark("unreadable-duration", record);
    }
    let sender_gender = reader.value(record, "sender_apparent_gender").map(|text| {
        words::gender(&text).unwrap_or_else(|| {
            reader.remark("gender-as-unknown", record);
            Gender::Unknown
        })
    });
    let sender = reader
        .value(record, "sender_pseudonym")
        .filter(|name| !words::means_nobody(name));
    let private = ["notes", "text"]
        .into_iter()
        .filter_map(|name| reader.text(record, name))
        .collect();
    ContactRow {
        locator: reader.locator(record),
        event: reader.raw(record, "event_id"),
        received: received(reader, record, "received_at_local", zones),
        channel: reader.value(record, "channel"),
        incoming: incoming(reader, record),
        ad: reader.value(record, "ad_id"),
        account: reader.value(record, "account_under_test"),
        sender: sender.clone(),
        person: reader.value(record, "sender_key").or(sender),
        fingerprint: None,
        sender_gender,
        event_type: reader.value(record, "event_type"),
        call_seconds,
        codes,
        coder: reader.value(record, "coder"),
        second_codes: reader.codes(record, "second_coder_code"),
        second_coder: reader.value(record, "second_coder"),
        evidence_ref: reader.value(record, "evidence_ref"),
        evidence_sha256: reader
            .value(record, "evidence_sha256")
            .map(|digest| digest.to_lowercase()),
        media: reader.count(record, "media"),
        media_types: reader.codes(record, "media_types"),
        private_texts: private,
    }
}

fn incoming(reader: &Reader<'_>, record: &Record) -> bool {
    match reader
        .value(record, "direction")
        .map(|text| words::fold(&text))
        .as_deref()
    {
        None | Some("in" | "incoming" | "inbound" | "received") => true,
        Some("out" | "outgoing" | "outbound" | "sent") => false,
        Some(word) => {
            reader.unreadable(
                "unread-direction",
                record,
                "direction",
                "this is neither incoming nor outgoing",
                word,
                "write `in` or `out` in a copy, or say what the word means: `values = { direction = { \"...\" = \"out\" } }`",
            );
            true
        }
    }
}

/// Time zones by name, from the database that is built in: the same on every machine.
pub(super) struct Zones {
    database: TimeZoneDatabase,
    known: BTreeMap<String, Option<TimeZone>>,
}

impl Zones {
    pub fn new() -> Self {
        Zones {
            database: TimeZoneDatabase::bundled(),
            known: BTreeMap::new(),
        }
    }

    pub fn get(&mut self, name: &str) -> Option<TimeZone> {
        if let Some(zone) = self.known.get(name) {
            return zone.clone();
        }
        let by_offset = date::offset(name)
            .and_then(|seconds| Offset::from_seconds(seconds).ok())
            .map(TimeZone::fixed);
        let zone = by_offset.or_else(|| self.database.get(name).ok());
        self.known.insert(name.to_owned(), zone.clone());
        zone
    }
}

/// The time in a column, in the zone of the column `timezone`.
pub(super) fn received(
    reader: &Reader<'_>,
    record: &Record,
    column: &str,
    zones: &mut Zones,
) -> Received {
    let none = Received {
        local: None,
        utc_seconds: None,
        day_only: false,
        basis: TimeBasis::Unknown,
        resolution: Resolution::Day,
    };
    let moment = match reader.moment(record, column) {
        Some(Ok(moment)) => moment,
        Some(Err(_)) => {
            reader.remark("unreadable-time", record);
            return none;
        }
        None => {
            reader.remark("missing-time", record);
            return none;
        }
    };
    let zone_name = reader.value(record, "timezone");
    let zone = match (moment.offset, &zone_name) {
        (Some(seconds), _) => Offset::from_seconds(seconds).ok().map(TimeZone::fixed),
        (None, Some(name)) => {
            let zone = zones.get(name);
            if zone.is_none() {
                let problem = reader
                    .problem("unknown-timezone", "this is no time zone")
                    .line(record.row)
                    .value(name);
                reader.push(problem.hint(
                    "write an IANA name such as `America/New_York`, or an offset such as `+01:00`",
                ));
            }
            zone
        }
        (None, None) => None,
    };
    let Some(time) = moment.time else {
        return Received {
            local: Some(moment.date.to_datetime(jiff::civil::Time::midnight())),
            utc_seconds: None,
            day_only: true,
            ..none
        };
    };
    let mut local: DateTime = moment.date.to_datetime(time);
    if moment.offset.is_none() && zone_name.is_none() {
        reader.remark("zone-unknown", record);
    }
    let utc_seconds = zone.and_then(|zone| {
        let stamp = zone.to_ambiguous_timestamp(local).unambiguous().ok();
        if stamp.is_none() {
            reader.remark("ambiguous-time", record);
        }
        stamp.map(|stamp| stamp.as_second())
    });
    // An instant is told in the zone of the file's other times, where the user names it.
    if let (Some(_), Some(name), Some(seconds)) = (moment.offset, &zone_name, utc_seconds)
        && let (Some(zone), Ok(stamp)) = (zones.get(name), jiff::Timestamp::from_second(seconds))
    {
        local = zone.to_datetime(stamp);
    }
    Received {
        local: Some(local),
        utc_seconds,
        day_only: false,
        basis: match (moment.offset, zone_name) {
            (Some(_), _) => TimeBasis::File,
            (None, Some(_)) => TimeBasis::Declared,
            (None, None) => TimeBasis::Unknown,
        },
        resolution: if moment.seconds {
            Resolution::Second
        } else {
            Resolution::Minute
        },
    }
}

/// Codes that differ only in spelling would split a category without anybody noticing.
fn spellings(reader: &Reader<'_>, rows: &[ContactRow]) {
    let plain = |code: &str| words::fold(code).replace([' ', '-'], "_");
    let mut spelled: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        for code in row.codes.iter().chain(&row.second_codes) {
            spelled.entry(plain(code)).or_default().insert(code);
        }
    }
    for row in rows {
        let mut codes = row.codes.iter().chain(&row.second_codes);
        if codes.any(|code| spelled.get(&plain(code)).is_some_and(|set| set.len() > 1)) {
            reader.remark_row("spelled-codes", row.locator.row.unwrap_or(0));
        }
    }
}

pub(super) fn accounts(opened: &Opened<'_>, reader: Reader<'_>) -> Result<Imported> {
    let records = usable(&reader, "account");
    unique(
        &reader,
        &records,
        "duplicate-account",
        "platform and account",
        &|r| vec![reader.raw(r, "platform"), reader.raw(r, "account")],
    );
    let rows = records
        .iter()
        .map(|record| AccountRow {
            locator: reader.locator(record),
            account: reader.raw(record, "account"),
            platform: reader.value(record, "platform"),
            first_seen: reader.date(record, "first_seen"),
            identified: reader.date(record, "identified"),
            confirmed_by: reader.value(record, "confirmed_by"),
            reported: reader.date(record, "reported"),
            removed: reader.date(record, "removed"),
            last_checked: reader.date(record, "last_checked"),
            private_texts: reader.text(record, "notes").into_iter().collect(),
        })
        .collect();
    finish(
        opened,
        reader,
        name(Kind::Accounts),
        Kind::Accounts,
        &records,
        Table::Accounts(rows),
        &meaning,
    )
}

pub(super) fn feeds(opened: &Opened<'_>, reader: Reader<'_>) -> Result<Imported> {
    let records = usable(&reader, "account");
    // Only a place in a session identifies an item.
    let placed: Vec<&Record> = records
        .iter()
        .copied()
        .filter(|r| {
            reader.value(r, "rank").is_some()
                && (reader.value(r, "session").is_some() || reader.value(r, "date").is_some())
        })
        .collect();
    unique(
        &reader,
        &placed,
        "duplicate-item",
        "account, session, date and rank",
        &|r| {
            ["account", "session", "date", "rank"]
                .iter()
                .map(|name| reader.raw(r, name))
                .collect()
        },
    );
    let rows = records
        .iter()
        .map(|record| {
            let coded = reader.value(record, "coded");
            let yes = coded.as_deref().map(words::yes);
            if yes == Some(None) {
                let problem = reader
                    .problem("not-yes-or-no", "column `coded` says yes or no")
                    .line(record.row);
                reader.push(
                    problem
                        .value(coded.unwrap_or_default())
                        .hint("write `yes`, `no`, or leave it empty for yes"),
                );
            }
            FeedRow {
                locator: reader.locator(record),
                account: reader.raw(record, "account"),
                follows: reader.value(record, "follows"),
                session: reader.value(record, "session"),
                date: reader.date(record, "date"),
                rank: reader.count(record, "rank"),
                codes: reader.codes(record, "codes"),
                coded: yes.flatten().unwrap_or(true),
                private_texts: reader.text(record, "notes").into_iter().collect(),
            }
        })
        .collect();
    finish(
        opened,
        reader,
        name(Kind::Feeds),
        Kind::Feeds,
        &records,
        Table::Feeds(rows),
        &meaning,
    )
}
