//! The entries of a zip: which bytes each claims, and what is wrong with it.

use super::Fault;
use super::headers::{Header, local_at, signed};
use super::layout::{self, Facts, saturate};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The subject of what belongs to no entry.
pub(super) const WHOLE: &str = "container";

/// An entry: its central header and the local one that it points to, as far as either exists.
pub(super) struct Entry<'a> {
    pub name: String,
    central: Option<Header<'a>>,
    local: Option<Header<'a>>,
    /// Where the local header should start.
    at: usize,
    /// The bytes that the entry claims, header and data; empty when it has no local header.
    span: Range<usize>,
    /// Its data, where both headers agree on them and no other entry claims them.
    pub data: Option<&'a [u8]>,
}

/// Puts each central header together with the local header that it points to, and adds the local
/// headers that nothing points to.
pub(super) fn pair<'a>(
    bytes: &'a [u8],
    records: &[Header<'a>],
    shift: usize,
    walked: Vec<Header<'a>>,
    faults: &mut Vec<Fault>,
) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    let mut lost = BTreeMap::new();
    for record in records {
        let at = record.offset.saturating_add(shift);
        let local = local_at(bytes, at).filter(|local| {
            signed(bytes, at, layout::LOCAL_SIGNATURE) || local.name == record.name
        });
        if local.is_none() {
            lost.insert(record.name, entries.len());
        }
        entries.push(entry(bytes, Some(*record), local, at));
    }
    let pointed_at: BTreeSet<usize> = entries.iter().map(|entry| entry.at).collect();
    for local in walked
        .into_iter()
        .filter(|local| !pointed_at.contains(&local.at))
    {
        // A central header that points to nothing is taken for the one of the same name.
        if let Some(found) = lost
            .remove(local.name)
            .and_then(|index: usize| entries.get_mut(index))
        {
            *found = entry(bytes, found.central, Some(local), local.at);
            continue;
        }
        let unlisted = entry(bytes, None, Some(local), local.at);
        // Without any directory that is one fault, already reported.
        if !records.is_empty() {
            let reason = format!(
                "has a local header at byte {} that the central directory does not list",
                local.at
            );
            faults.push(Fault::new(&unlisted.name, reason));
        }
        entries.push(unlisted);
    }
    entries
}

fn entry<'a>(
    bytes: &'a [u8],
    central: Option<Header<'a>>,
    local: Option<Header<'a>>,
    at: usize,
) -> Entry<'a> {
    let headers: Vec<Header> = central.into_iter().chain(local).collect();
    let name = headers.first().map_or(&[][..], |header| header.name);
    let stored = headers
        .iter()
        .map(|header| header.stored)
        .min()
        .unwrap_or(0);
    let plain = headers
        .iter()
        .all(|header| header.method == 0 && header.flags & 1 == 0);
    let agreed = headers
        .iter()
        .all(|header| header.name == name && header.stored == stored && header.size == stored);
    let data_at = local.map_or(at, |local| local.next);
    let end = data_at.saturating_add(if local.is_some() { stored as usize } else { 0 });
    let readable = local.is_some() && plain && agreed && std::str::from_utf8(name).is_ok();
    Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        central,
        local,
        at,
        span: at..end,
        data: bytes.get(data_at..end).filter(|_| readable),
    }
}

/// Names the bytes before `start`, where the entries should end, that no entry claims or that two do.
pub(super) fn tile(entries: &mut [Entry], start: usize, faults: &mut Vec<Fault>) {
    let mut order: Vec<usize> = (0..entries.len())
        .filter(|index| !entries[*index].span.is_empty())
        .collect();
    order.sort_by_key(|index| (entries[*index].span.start, entries[*index].span.end));
    let mut covered = 0;
    let mut last: Option<usize> = None;
    for index in order {
        let Entry {
            name,
            local,
            span,
            data,
            ..
        } = &mut entries[index];
        let (from, mut to) = (span.start, span.end);
        if to > start {
            let reason = format!("its data would end at byte {to}, but the entries end at {start}");
            faults.push(Fault::new(name.as_str(), reason));
            *data = None;
            // Only its header is sure to be its own: what follows may be other entries.
            to = local.map_or(from, |local| local.next);
        }
        if to > start {
            continue;
        }
        if from > covered {
            faults.push(Fault::new(
                WHOLE,
                format!("bytes {covered} to {from} belong to no entry"),
            ));
        }
        if let Some(last) = last.filter(|_| from < covered) {
            *data = None;
            let name = name.clone();
            let other = &mut entries[last];
            other.data = None;
            let reason = format!(
                "shares bytes {from} to {} with `{}`",
                covered.min(to),
                other.name
            );
            faults.push(Fault::new(name, reason));
        }
        if to > covered {
            covered = to;
            last = Some(index);
        }
    }
    if covered < start {
        faults.push(Fault::new(
            WHOLE,
            format!("bytes {covered} to {start} belong to no entry"),
        ));
    }
}

/// Compares the headers of an entry with what its name and data demand.
pub(super) fn check(entry: &Entry, bytes: &[u8], shift: usize, faults: &mut Vec<Fault>) {
    let mut fault = |reason: String| faults.push(Fault::new(&entry.name, reason));
    let (central, local) = (entry.central, entry.local);
    let Some(known) = central.or(local) else {
        return;
    };
    if std::str::from_utf8(known.name).is_err() {
        fault("its name is not UTF-8".into());
    }
    // What the headers should say: the sum of the data, and the size on which a header agrees with
    // itself.
    let headers = || [central, local].into_iter().flatten();
    let agreed = headers()
        .find(|header| header.stored == header.size)
        .unwrap_or(known);
    let same_crc = headers().all(|header| header.crc == known.crc);
    let computed = entry.data.map(layout::crc32);
    if let Some(sum) = computed.filter(|sum| same_crc && *sum != known.crc) {
        fault(format!(
            "its data were altered: expected CRC-32 {:#010x}, found {sum:#010x}",
            known.crc
        ));
    }
    let facts = Facts {
        name: known.name,
        crc: computed.filter(|_| !same_crc).unwrap_or(known.crc),
        size: agreed.size,
        offset: saturate(entry.at.saturating_sub(shift)),
    };
    if let Some(central) = central {
        let found = bytes.get(central.at..).unwrap_or_default();
        for reason in layout::compare(&layout::CENTRAL, &facts.central(), found, central.at) {
            fault(format!("central header: {reason}"));
        }
    }
    let Some(local) = local else {
        return fault(format!(
            "its central header points to byte {}, where no local header stands",
            entry.at
        ));
    };
    if local.name != known.name {
        fault(format!(
            "its local header at byte {} calls it `{}`",
            local.at,
            String::from_utf8_lossy(local.name)
        ));
    }
    let found = bytes.get(local.at..).unwrap_or_default();
    for reason in layout::compare(&layout::LOCAL, &facts.local(), found, local.at) {
        fault(format!("local header: {reason}"));
    }
}

/// Entries must stand in byte order of the names, in the directory and before it.
pub(super) fn check_order(entries: &[Entry], faults: &mut Vec<Fault>) {
    for pair in entries.windows(2) {
        let [before, entry] = pair else { continue };
        if entry.central.is_some() && entry.name < before.name {
            faults.push(Fault::new(
                &entry.name,
                format!("is listed after `{}`, out of byte order", before.name),
            ));
        }
        if entry.central.is_some() && entry.at < before.at {
            faults.push(Fault::new(
                &entry.name,
                format!("is stored before `{}`, which is listed first", before.name),
            ));
        }
    }
}
