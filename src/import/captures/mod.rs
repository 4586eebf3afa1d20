//! What capture tools saved: addresses, times, digests. The captured pages are not read.

pub mod auto_archiver;
pub mod mhtml;
pub mod wacz;
pub mod web_address;

use super::open::Opened;
use super::people::{Zones, received};
use super::reader::Reader;
use super::sheet::Record;
use super::{Imported, Table, finish, heading};
use crate::case::Kind;
use crate::error::Result;
use crate::evidence::{CaptureRow, Received, TimeBasis};
use jiff::tz::Offset;

/// Heading of times in UTC that are written without their zone.
pub(super) const IN_UTC: &str = "captured_at_utc";

/// The rows of a table of captures.
pub(in crate::import) fn read(
    opened: &Opened<'_>,
    reader: Reader<'_>,
    format: &'static str,
) -> Result<Imported> {
    let mut zones = Zones::new();
    let records: Vec<&Record> = reader
        .records()
        .filter(|record| {
            let blank = record.is_blank();
            if blank {
                reader.exclude(record, "blank-row", "the row is empty");
            }
            !blank
        })
        .collect();
    let rows = records
        .iter()
        .map(|record| row(&reader, record, &mut zones))
        .collect();
    finish(
        opened,
        reader,
        format,
        Kind::Captures,
        &records,
        Table::Captures(rows),
        &meaning,
    )
}

fn meaning(code: &str) -> &'static str {
    match code {
        "missing-time" => "captures without a time",
        "unreadable-time" => "captures whose time cannot be read",
        "ambiguous-time" => {
            "captures at a local time that occurs twice or never because the clocks change"
        }
        "not-a-digest" => "captures whose digest is no SHA-256, which is left out",
        _ => "rows that need a look",
    }
}

/// The time of a capture; where the heading says that it is in UTC, the file gives the zone.
fn captured(reader: &Reader<'_>, record: &Record, zones: &mut Zones) -> Received {
    let received = received(reader, record, "captured_at", zones);
    let in_utc = reader.column("captured_at").is_some_and(|column| {
        let key = heading::heading(reader.layout.title(column)).key;
        heading::snake(&key) == IN_UTC
    });
    match received.local {
        Some(local) if in_utc && received.utc_seconds.is_none() && !received.day_only => Received {
            utc_seconds: Offset::UTC
                .to_timestamp(local)
                .ok()
                .map(|stamp| stamp.as_second()),
            basis: TimeBasis::File,
            ..received
        },
        _ => received,
    }
}

fn row(reader: &Reader<'_>, record: &Record, zones: &mut Zones) -> CaptureRow {
    CaptureRow {
        locator: reader.locator(record),
        reference: reader.value(record, "evidence_ref"),
        url: reader.value(record, "source_url"),
        captured: captured(reader, record, zones),
        tool: reader.value(record, "tool"),
        method: reader.value(record, "method"),
        sha256: digest(reader, record),
        stored: reader.value(record, "storage_path"),
        status: reader.value(record, "status"),
        private_texts: ["title", "notes"]
            .into_iter()
            .filter_map(|name| reader.text(record, name))
            .collect(),
    }
}

/// A SHA-256 in lower case, with or without the name of its algorithm.
fn digest(reader: &Reader<'_>, record: &Record) -> Option<String> {
    let text = reader.value(record, "sha256")?.to_lowercase();
    let hex = ["sha-256:", "sha256:"]
        .into_iter()
        .find_map(|name| text.strip_prefix(name))
        .unwrap_or(&text)
        .trim();
    let whole = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !whole {
        reader.remark("not-a-digest", record);
    }
    whole.then(|| hex.to_owned())
}
