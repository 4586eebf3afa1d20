//! Finds the central directory and the records that end the file.

use super::entries;
use super::fault::Faults;
use super::headers::{self, Header};
use super::judge::Found;
use super::layout::{self, number, saturate};
use super::source::Source;
use crate::bundle::format::MOST_ENTRIES;

pub(super) const END: &str = "end of central directory";
const DIRECTORY: &str = "central directory";

/// The most bytes of a directory that are read: that of a bundle has at most 24 MiB.
const LARGEST: u64 = 64 << 20;

/// The central directory, or what stands in its place.
pub(super) struct Directory {
    pub records: Vec<Header>,
    /// Where it starts, and so where the entries end.
    pub start: u64,
    /// How many bytes stand before the zip that its offsets do not count.
    pub shift: u64,
}

/// Reads the directory; local headers were followed up to `walked_to`.
pub(super) fn read(source: &mut Source, walked_to: u64, found: &mut Found) -> Directory {
    let end = find_end(source, walked_to, &mut found.faults);
    let zip64 = end.and_then(|end| Zip64::before(source, end));
    if let Some(end) = end.filter(|_| zip64.is_none()) {
        check_locator(source, end, &mut found.faults);
    }
    let limit = zip64.as_ref().map(|zip64| zip64.at).or(end);
    let Some((start, shift)) = find_directory(source, end, zip64.as_ref(), limit, walked_to) else {
        let reason = "cannot be found; the entries are read from their local headers";
        found.faults.add(DIRECTORY, reason);
        let start = limit.unwrap_or(source.length());
        check_end(source, end, zip64, &[], [start, start, 0], found);
        return Directory {
            records: Vec::new(),
            start,
            shift: 0,
        };
    };
    let limit = limit.unwrap_or(source.length());
    let size = limit.saturating_sub(start).min(LARGEST);
    let region = usize::try_from(size)
        .ok()
        .and_then(|size| source.get(start, size));
    let region = region.unwrap_or_default().to_vec();
    let (records, stop) = headers::directory(&region, start);
    let stop = start + stop as u64;
    if records.len() == headers::MOST_HEADERS {
        let reason = format!("lists more than {} entries", headers::MOST_HEADERS - 1);
        found.faults.add(DIRECTORY, reason);
    } else if stop < limit {
        let zip64 = if source.starts_with(stop, layout::ZIP64_SIGNATURE) {
            " (zip64)"
        } else {
            ""
        };
        let reason = format!("bytes {stop} to {limit} hold no header of an entry{zip64}");
        found.faults.add(DIRECTORY, reason);
    }
    check_end(source, end, zip64, &records, [start, limit, shift], found);
    if shift > 0 {
        let reason =
            format!("{shift} bytes stand before the zip, and its offsets do not count them");
        found.faults.add(entries::WHOLE, reason);
    }
    Directory {
        records,
        start,
        shift,
    }
}

/// The end record: the last 22 bytes, or else the last place after the entries that is signed so.
/// Entries can hold zips themselves, so no end record is looked for among those that were walked.
fn find_end(source: &mut Source, walked_to: u64, faults: &mut Faults) -> Option<u64> {
    let last = source.length().checked_sub(layout::END_LENGTH as u64);
    let found = last.and_then(|last| {
        if source.starts_with(last, layout::END_SIGNATURE) {
            return Some(last);
        }
        source.find_last(walked_to, last, layout::END_SIGNATURE)
    });
    match (found, last) {
        (Some(at), Some(last)) if at < last => {
            let after = at + layout::END_LENGTH as u64;
            faults.add(END, format!("{} bytes follow it, from byte {after}", last - at));
        }
        (None, _) => faults.add(
            END,
            format!(
                "is missing from the end of the {} bytes: the file is damaged, cut short, or no zip",
                source.length()
            ),
        ),
        _ => {}
    }
    found
}

/// Some readers follow a locator wherever it leads, to a directory of other files: one that leads to
/// no record directly before it is a fault, also where it stands in what belongs to an entry.
fn check_locator(source: &mut Source, end: u64, faults: &mut Faults) {
    let at = end.saturating_sub(layout::LOCATOR_LENGTH as u64);
    if source.starts_with(at, layout::LOCATOR_SIGNATURE) {
        let reason = format!(
            "a zip64 locator stands before it at byte {at}, and no zip64 record before that"
        );
        faults.add(END, reason);
    }
}

/// Where the central directory starts, and how many bytes stand before the zip that its offsets do
/// not count.
fn find_directory(
    source: &mut Source,
    end: Option<u64>,
    zip64: Option<&Zip64>,
    limit: Option<u64>,
    walked_to: u64,
) -> Option<(u64, u64)> {
    let record = end.and_then(|end| Some(source.get(end, layout::END_LENGTH)?.to_vec()));
    let field = |at| record.as_ref().and_then(|record| number(record, at, 4));
    let declared = zip64.map(|zip64| zip64.start).or_else(|| field(16));
    let length = zip64.map(|zip64| zip64.length).or_else(|| field(12));
    let before_end = length.and_then(|length| limit?.checked_sub(length));
    let candidates = [declared, before_end, Some(walked_to)];
    let inside = |at: &u64| limit.is_none_or(|limit| *at < limit);
    let signed = candidates
        .into_iter()
        .flatten()
        .filter(inside)
        .find(|at| headers::is_central(source, *at));
    // A damaged signature loses no directory whose place and length agree.
    let start = signed.or(declared.filter(|at| before_end == Some(*at) && inside(at)))?;
    let shift = declared
        .and_then(|declared| start.checked_sub(declared))
        .unwrap_or(0);
    let first = source.get(start, layout::CENTRAL_LENGTH)?.to_vec();
    let offset = number(&first, 42, 4)?;
    let name_length = usize::try_from(number(&first, 28, 2)?).ok()?;
    let name = source
        .get(start + layout::CENTRAL_LENGTH as u64, name_length)
        .map(<[u8]>::to_vec);
    let mut leads =
        |at| headers::local_at(source, at).is_some_and(|local| Some(local.name) == name);
    let shifted = shift > 0 && !leads(offset) && leads(offset.saturating_add(shift));
    Some((start, if shifted { shift } else { 0 }))
}

/// The zip64 end record and its locator (APPNOTE 4.3.14 and 4.3.15).
struct Zip64 {
    at: u64,
    record: Vec<u8>,
    locator: Vec<u8>,
    length: u64,
    start: u64,
}

impl Zip64 {
    /// The two where they stand directly before the end record at `end`.
    fn before(source: &mut Source, end: u64) -> Option<Self> {
        let locator_at = end.checked_sub(layout::LOCATOR_LENGTH as u64)?;
        let at = locator_at.checked_sub(layout::ZIP64_LENGTH as u64)?;
        let locator = source.get(locator_at, layout::LOCATOR_LENGTH)?.to_vec();
        let record = source.get(at, layout::ZIP64_LENGTH)?.to_vec();
        let signed = locator.starts_with(&layout::LOCATOR_SIGNATURE)
            && record.starts_with(&layout::ZIP64_SIGNATURE);
        Some(Zip64 {
            length: number(&record, 40, 8)?,
            start: number(&record, 48, 8)?,
            at,
            record,
            locator,
        })
        .filter(|_| signed)
    }

    /// Whether both say what is so, for a directory of `entries` at `start` and one disk.
    fn agrees(&self, entries: u64, start: u64) -> bool {
        let mut record = [&layout::ZIP64_SIGNATURE[..], &44u64.to_le_bytes()].concat();
        // Who made it, and the version needed, are free.
        record.extend(self.record.get(12..16).unwrap_or_default());
        record.extend([0; 8]);
        for number in [entries, entries, self.at.saturating_sub(start), start] {
            record.extend(number.to_le_bytes());
        }
        let mut locator = [&layout::LOCATOR_SIGNATURE[..], &[0; 4]].concat();
        locator.extend(self.at.to_le_bytes());
        locator.extend(1u32.to_le_bytes());
        self.record == record && self.locator == locator
    }

    /// Who made it, and the version needed, where they are not those of the format.
    fn versions(&self, records: &[Header]) -> Option<String> {
        let wide = |header: &Header| header.stored.max(header.size) >= layout::FULL;
        let version = u64::from(layout::version_needed(records.iter().any(wide)));
        let found = [12, 14].map(|at| number(&self.record, at, 2).unwrap_or_default());
        (found != [version; 2]).then(|| {
            let [made_by, needed] = found;
            format!(
                "zip64 record at byte {}: expected made by and version needed {version}, found {made_by} and {needed}",
                self.at
            )
        })
    }
}

/// Compares the end record with the directory, which holds `records` from `start` to `limit`.
fn check_end(
    source: &mut Source,
    end: Option<u64>,
    zip64: Option<Zip64>,
    records: &[Header],
    [start, limit, shift]: [u64; 3],
    found: &mut Found,
) {
    let Some(end) = end else { return };
    let record = source.get(end, layout::END_LENGTH).unwrap_or_default();
    let count = records.len() as u64;
    let short = u16::try_from(count).unwrap_or(u16::MAX);
    let length = limit.saturating_sub(start);
    let offset = start.saturating_sub(shift);
    let large = layout::needs_zip64(length, offset);
    let stated = if large { u32::MAX } else { saturate(length) };
    let expected = layout::end(short, stated, saturate(offset));
    // In zip64 a full field refers to the larger record, and one that is not may say what is so.
    let elsewhere = |one: &layout::Differing| match one.field {
        "entries" | "entries on this disk" => one.found == 0xFFFF,
        "length of the directory" => [layout::FULL, length].contains(&one.found),
        "offset of the directory" => one.found == layout::FULL,
        _ => false,
    };
    for one in layout::compare(&layout::END, &expected, record, end) {
        match zip64 {
            Some(_) if elsewhere(&one) => {
                if large {
                    found.differences.add("zip64", END, one.text);
                }
            }
            _ => found.faults.add(END, one.text),
        }
    }
    // Fields that are full say nothing without the larger records.
    match zip64 {
        None if large || count > MOST_ENTRIES as u64 => found.faults.add(
            END,
            format!("{count} entries in {} bytes need zip64", source.length()),
        ),
        Some(zip64) if large && zip64.agrees(count, start) => {
            if let Some(reason) = zip64.versions(records) {
                found.differences.add("zip64", END, reason);
            }
        }
        Some(zip64) if !zip64.agrees(count, start) => {
            let reason = format!(
                "the zip64 records at byte {} do not agree with it",
                zip64.at
            );
            found.faults.add(END, reason);
        }
        Some(zip64) => {
            let reason = format!("zip64 records stand before it at byte {}", zip64.at);
            found.differences.add("zip64", END, reason);
        }
        None => {}
    }
}
