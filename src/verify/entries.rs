//! The entries of a zip: which bytes each claims.

use super::fault::Faults;
use super::headers::{Header, local_at};
use super::layout;
use super::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The subject of what belongs to no entry.
pub(super) const WHOLE: &str = "container";

/// An entry: its central header and the local one that it points to, as far as either exists.
pub(super) struct Entry {
    pub name: String,
    pub central: Option<Header>,
    pub local: Option<Header>,
    /// Where the local header should start.
    pub at: u64,
    /// The bytes that the entry claims, header, data and data descriptor; empty when it has no
    /// local header.
    pub span: Range<u64>,
    /// Its data, where both headers agree on them and no other entry claims them.
    pub data: Option<Range<u64>>,
    /// Whether sum and sizes follow the data where they should, and agree.
    pub described: Option<bool>,
}

impl Entry {
    pub fn headers(&self) -> impl Iterator<Item = &Header> {
        self.central.iter().chain(&self.local)
    }

    /// The size that its headers agree on.
    pub fn size(&self) -> u64 {
        self.headers().next().map_or(0, |header| header.size)
    }

    pub fn deflated(&self) -> bool {
        self.headers().any(|header| header.method == 8)
    }

    /// Whether this is an entry for a folder, which holds nothing.
    pub fn is_folder(&self) -> bool {
        let empty = |header: &Header| header.method == 0 && header.size == 0 && header.stored == 0;
        self.name.ends_with('/') && self.data.is_some() && self.headers().all(empty)
    }
}

/// Puts each central header together with the local header that it points to, and adds the local
/// headers that nothing points to. The entries should end at `start`.
pub(super) fn pair(
    source: &mut Source,
    records: Vec<Header>,
    shift: u64,
    start: u64,
    walked: Vec<Header>,
    faults: &mut Faults,
) -> Vec<Entry> {
    let without_directory = records.is_empty();
    let mut walked: BTreeMap<u64, Header> =
        walked.into_iter().map(|local| (local.at, local)).collect();
    let places = records
        .iter()
        .map(|record| record.offset.saturating_add(shift));
    let starts: BTreeSet<u64> = places.chain([start]).collect();
    let mut entries = Vec::new();
    let mut lost = BTreeMap::new();
    // Many central headers may point to one place: what stands there is read once.
    let mut read: BTreeMap<u64, Option<Header>> = BTreeMap::new();
    for record in records {
        let at = record.offset.saturating_add(shift);
        let local = match walked.get(&at) {
            Some(local) => Some(local.clone()),
            None => {
                let there = read.entry(at).or_insert_with(|| local_at(source, at));
                let meant = |local: &&Header| {
                    local.fixed.starts_with(&layout::LOCAL_SIGNATURE) || local.name == record.name
                };
                there.as_ref().filter(meant).cloned()
            }
        };
        if local.is_none() {
            lost.insert(record.name.clone(), entries.len());
        }
        entries.push(entry(source, Some(record), local, at, &starts));
    }
    walked.retain(|at, _| !starts.contains(at));
    for (at, local) in walked {
        // A central header that points to nothing is taken for the one of the same name.
        if let Some(found) = lost
            .remove(&local.name)
            .and_then(|index: usize| entries.get_mut(index))
        {
            *found = entry(source, found.central.take(), Some(local), at, &starts);
            continue;
        }
        let unlisted = entry(source, None, Some(local), at, &starts);
        // Without any directory that is one fault, already reported.
        if !without_directory {
            let reason =
                format!("has a local header at byte {at} that the central directory does not list");
            faults.add(&unlisted.name, reason);
        }
        entries.push(unlisted);
    }
    entries
}

fn entry(
    source: &mut Source,
    central: Option<Header>,
    local: Option<Header>,
    at: u64,
    starts: &BTreeSet<u64>,
) -> Entry {
    let later = central.as_ref().is_some_and(Header::described_later)
        && local.as_ref().is_some_and(Header::described_later);
    // What a data descriptor tells, the local header does not.
    let telling: Vec<&Header> = central
        .iter()
        .chain(local.iter().filter(|_| !later))
        .collect();
    let first = telling.first().copied();
    let stored = telling.iter().map(|header| header.stored).min();
    let name = first.map_or(&[][..], |header| &header.name);
    let agreed = telling.iter().all(|header| {
        let whole = header.method == 8 || header.size == header.stored;
        first.is_some_and(|first| header.stored == first.stored && header.size == first.size)
            && whole
    });
    let readable = central.iter().chain(&local).all(|header| {
        let plain = header.flags & layout::ENCRYPTED == 0 && matches!(header.method, 0 | 8);
        plain && header.name == name && first.is_some_and(|first| header.method == first.method)
    });
    let unknown = central.is_none() && local.as_ref().is_some_and(Header::described_later);
    let data_at = local.as_ref().map_or(at, |local| local.next);
    let end = match &local {
        Some(_) => data_at.saturating_add(stored.unwrap_or(0)),
        None => at,
    };
    let descriptor = central
        .as_ref()
        .filter(|_| later)
        .map(|central| descriptor(source, central, end, starts));
    let whole = local.is_some() && agreed && readable && !unknown && end <= source.length();
    Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        span: at..end.saturating_add(descriptor.unwrap_or_default().unwrap_or(0)),
        data: (whole && std::str::from_utf8(name).is_ok()).then_some(data_at..end),
        described: descriptor.map(|length| length.is_some()),
        central,
        local,
        at,
    }
}

/// The length of the data descriptor at `at`, if one stands there that agrees with the central
/// header (APPNOTE 4.3.9): with or without a signature, with sizes of four or eight bytes. Where
/// two forms would agree, it is the one behind which something else starts.
fn descriptor(
    source: &mut Source,
    central: &Header,
    at: u64,
    starts: &BTreeSet<u64>,
) -> Option<u64> {
    let mut agreeing = Vec::new();
    for signature in [&layout::DESCRIPTOR_SIGNATURE[..], &[]] {
        for width in [4, 8] {
            if width == 4 && central.stored.max(central.size) > u64::from(u32::MAX) {
                continue;
            }
            let mut expected = [signature, &central.crc.to_le_bytes()].concat();
            for size in [central.stored, central.size] {
                expected.extend(size.to_le_bytes().get(..width).unwrap_or_default());
            }
            if source.get(at, expected.len()) == Some(&expected[..]) {
                agreeing.push(expected.len() as u64);
            }
        }
    }
    let fitting = agreeing
        .iter()
        .find(|length| starts.contains(&at.saturating_add(**length)));
    fitting.or(agreeing.first()).copied()
}

/// Names the bytes before `start`, where the entries should end, that no entry claims or that two do.
pub(super) fn tile(entries: &mut [Entry], start: u64, faults: &mut Faults) {
    let mut order: Vec<usize> = (0..entries.len())
        .filter(|index| {
            entries
                .get(*index)
                .is_some_and(|entry| !entry.span.is_empty())
        })
        .collect();
    order.sort_by_key(|index| {
        let span = entries.get(*index).map(|entry| &entry.span);
        span.map(|span| (span.start, span.end))
    });
    let mut covered = 0;
    let mut last: Option<usize> = None;
    for index in order {
        let Some(entry) = entries.get_mut(index) else {
            continue;
        };
        let (from, mut to) = (entry.span.start, entry.span.end);
        if to > start {
            let reason = format!("its data would end at byte {to}, but the entries end at {start}");
            faults.add(&entry.name, reason);
            entry.data = None;
            // Only its header is sure to be its own: what follows may be other entries.
            to = entry.local.as_ref().map_or(from, |local| local.next);
        }
        if to > start {
            continue;
        }
        if from > covered {
            faults.add(
                WHOLE,
                format!("bytes {covered} to {from} belong to no entry"),
            );
        }
        if let Some(last) = last.filter(|_| from < covered) {
            entry.data = None;
            let name = entry.name.clone();
            let reason = format!("shares bytes {from} to {}", covered.min(to));
            if let Some(other) = entries.get_mut(last) {
                other.data = None;
                faults.add(name, format!("{reason} with `{}`", other.name));
            }
        }
        if to > covered {
            covered = to;
            last = Some(index);
        }
    }
    if covered < start {
        faults.add(
            WHOLE,
            format!("bytes {covered} to {start} belong to no entry"),
        );
    }
}
