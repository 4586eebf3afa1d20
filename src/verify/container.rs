//! Reads a zip without trusting it, and says of every byte that is not as the format demands to
//! which entry or structure it belongs.
//!
//! Nothing is unpacked: files are slices of the input, so a declared size can allocate nothing, and
//! no byte can be part of two files.

use super::Fault;
use super::entries::{self, Entry, check, check_order, pair, tile};
use super::headers::{Header, central_at, local_at, signed, walk};
use super::layout::{self, number, saturate};
use std::collections::{BTreeMap, BTreeSet};

const END: &str = "end of central directory";
const DIRECTORY: &str = "central directory";

/// What could be read.
#[derive(Default)]
pub(super) struct Container<'a> {
    /// Names in the order of the central directory, repeated ones included.
    pub names: Vec<String>,
    /// The files about whose bytes there is no doubt.
    pub files: BTreeMap<String, &'a [u8]>,
    /// The names of the others.
    pub unreadable: BTreeSet<String>,
    pub faults: Vec<Fault>,
}

pub(super) fn read(bytes: &[u8]) -> Container<'_> {
    let mut faults = Vec::new();
    let (walked, walked_to) = walk(bytes);
    let end = find_end(bytes, walked_to, &mut faults);
    let limit = end.unwrap_or(bytes.len());
    let directory = find_directory(bytes, end, walked_to);
    let (start, shift) = directory.unwrap_or((limit, 0));
    let records = directory
        .map(|_| read_directory(bytes, start, end, &mut faults))
        .unwrap_or_default();
    if directory.is_none() {
        faults.push(Fault::new(
            DIRECTORY,
            "cannot be found; the entries are read from their local headers",
        ));
    }
    if let Some(end) = end {
        let count = u16::try_from(records.len()).unwrap_or(u16::MAX);
        let expected = layout::end(count, saturate(end - start), saturate(start - shift));
        let found = bytes.get(end..).unwrap_or_default();
        let reasons = layout::compare(&layout::END, &expected, found, end);
        faults.extend(reasons.into_iter().map(|reason| Fault::new(END, reason)));
    }
    if shift > 0 {
        faults.push(Fault::new(
            entries::WHOLE,
            format!("{shift} bytes stand before the zip, and its offsets do not count them"),
        ));
    }

    let mut entries = pair(bytes, &records, shift, walked, &mut faults);
    tile(&mut entries, start, &mut faults);
    for entry in &entries {
        check(entry, bytes, shift, &mut faults);
    }
    check_order(&entries, &mut faults);
    collect(entries, faults)
}

fn collect<'a>(entries: Vec<Entry<'a>>, faults: Vec<Fault>) -> Container<'a> {
    let mut container = Container {
        faults,
        ..Container::default()
    };
    for entry in entries {
        container.names.push(entry.name.clone());
        // Of two entries with one name nobody can say which one a tool would take.
        let twice = container.files.remove(&entry.name).is_some()
            || container.unreadable.contains(&entry.name);
        match entry.data {
            Some(data) if !twice => {
                container.files.insert(entry.name, data);
            }
            _ => {
                container.unreadable.insert(entry.name);
            }
        }
    }
    container
}

/// The end record: the last 22 bytes, or else the last place after the entries that is signed so.
/// Entries can hold zips themselves, so no end record is looked for among those that were walked.
fn find_end(bytes: &[u8], walked_to: usize, faults: &mut Vec<Fault>) -> Option<usize> {
    let last = bytes.len().checked_sub(layout::END_LENGTH);
    let found = last.and_then(|last| {
        (walked_to..=last)
            .rev()
            .find(|at| signed(bytes, *at, layout::END_SIGNATURE))
    });
    match (found, last) {
        (Some(at), Some(last)) if at < last => faults.push(Fault::new(
            END,
            format!("{} bytes follow it, from byte {}", last - at, at + layout::END_LENGTH),
        )),
        (None, _) => faults.push(Fault::new(
            END,
            format!("is missing from the end of the {} bytes: the file is damaged, cut short, or no zip", bytes.len()),
        )),
        _ => {}
    }
    found
}

/// Where the central directory starts, and how many bytes stand before the zip that its offsets do
/// not count.
fn find_directory(bytes: &[u8], end: Option<usize>, walked_to: usize) -> Option<(usize, usize)> {
    let field = |offset| Some(number(bytes, end? + offset, 4)? as usize);
    let declared = field(16);
    let before_end = field(12).and_then(|length| end?.checked_sub(length));
    let candidates = [declared, before_end, Some(walked_to)];
    let first = candidates
        .into_iter()
        .flatten()
        .find_map(|at| central_at(bytes, at, end))?;
    let shift = declared
        .and_then(|declared| first.at.checked_sub(declared))
        .unwrap_or(0);
    let leads = |at| local_at(bytes, at).is_some_and(|local| local.name == first.name);
    let shifted = !leads(first.offset) && leads(first.offset.saturating_add(shift));
    Some((first.at, if shifted { shift } else { 0 }))
}

/// The central headers from `start` on.
fn read_directory<'a>(
    bytes: &'a [u8],
    start: usize,
    end: Option<usize>,
    faults: &mut Vec<Fault>,
) -> Vec<Header<'a>> {
    let mut records = Vec::new();
    let mut at = start;
    while let Some(record) = central_at(bytes, at, end) {
        at = record.next;
        records.push(record);
    }
    let limit = end.unwrap_or(bytes.len());
    if at < limit {
        let zip64 = if signed(bytes, at, layout::ZIP64_SIGNATURE) {
            " (zip64)"
        } else {
            ""
        };
        let reason = format!("bytes {at} to {limit} hold no header of an entry{zip64}");
        faults.push(Fault::new(DIRECTORY, reason));
    }
    records
}
