//! Compares the headers of an entry with what its name and data demand, and tells what only shows
//! that another program packed the same files from what damages the container.

use super::content::Content;
use super::entries::Entry;
use super::fault::{Fault, Faults};
use super::headers::Header;
use super::layout::{self, Differing, Facts};

/// What was found in a container.
#[derive(Default)]
pub(super) struct Found {
    pub faults: Faults,
    pub differences: Differences,
}

/// How a container differs from the one that its files determine, without harm. One line for each
/// kind of difference: all entries of a rebuilt container differ in the same ways.
#[derive(Default)]
pub(super) struct Differences {
    kinds: Vec<(&'static str, u64, Fault)>,
}

impl Differences {
    pub fn add(&mut self, kind: &'static str, subject: &str, reason: String) {
        match self.kinds.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, times, _)) => *times += 1,
            None => self.kinds.push((kind, 1, Fault::new(subject, reason))),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    pub fn into_reasons(self) -> Vec<String> {
        let reason = |(kind, times, first): (&str, u64, Fault)| match times {
            1 => format!("{}: {}", first.subject, first.reason),
            _ => format!(
                "{kind} differs {times} times, first in `{}`: {}",
                first.subject, first.reason
            ),
        };
        self.kinds.into_iter().map(reason).collect()
    }
}

/// Compares an entry with what the format determines; `content` is what its data are.
pub(super) fn check(
    entry: &Entry,
    content: Option<&Result<Content, String>>,
    shift: u64,
    found: &mut Found,
) {
    let (central, local) = (entry.central.as_ref(), entry.local.as_ref());
    let Some(known) = central.or(local) else {
        return;
    };
    let mut fault = |reason: String| found.faults.add(&entry.name, reason);
    if std::str::from_utf8(&known.name).is_err() {
        fault("its name is not UTF-8".into());
    }
    if entry.described == Some(false) {
        fault("no data descriptor that agrees with its central header follows its data".into());
    }
    // What the headers should say: the sum of the data, and the size on which a header agrees with
    // itself.
    let telling = || entry.headers().filter(|header| !untold(entry, header));
    let whole = |header: &&Header| header.stored == header.size;
    let agreed = telling().find(whole).unwrap_or(known);
    let same_crc = telling().all(|header| header.crc == known.crc);
    let computed = content.and_then(|content| content.as_ref().ok());
    if let Some(Err(reason)) = content {
        fault(format!("its data cannot be unpacked: {reason}"));
    }
    if let Some(content) = computed.filter(|content| same_crc && content.crc != known.crc) {
        fault(format!(
            "its data were altered: expected CRC-32 {:#010x}, found {:#010x}",
            known.crc, content.crc
        ));
    }
    let size = if entry.deflated() { known } else { agreed };
    let facts = Facts {
        name: &known.name,
        crc: computed
            .filter(|_| !same_crc)
            .map_or(known.crc, |content| content.crc),
        stored: if entry.deflated() {
            known.stored
        } else {
            size.size
        },
        size: size.size,
        offset: entry.at.saturating_sub(shift),
    };
    if let Some(header) = central {
        let differing = compare(&layout::CENTRAL, &facts.central(), header, &facts);
        grade("central header", entry, header, &differing, &facts, found);
        // Attributes that do not differ are those of a file.
        let of_a_file = differing
            .iter()
            .all(|one| one.field != "external attributes");
        if entry.is_folder() && of_a_file {
            let reason = "is named like a folder, and its attributes make it a file";
            found.faults.add(&entry.name, reason);
        }
    }
    let Some(header) = local else {
        let reason = format!(
            "its central header points to byte {}, where no local header stands",
            entry.at
        );
        return found.faults.add(&entry.name, reason);
    };
    if header.name != known.name {
        let name = String::from_utf8_lossy(&header.name);
        let reason = format!("its local header at byte {} calls it `{name}`", header.at);
        found.faults.add(&entry.name, reason);
    }
    let differing = compare(&layout::LOCAL, &facts.local(), header, &facts);
    grade("local header", entry, header, &differing, &facts, found);
    if entry.is_folder() {
        let reason = "is an entry for a folder".to_owned();
        found.differences.add("folder", &entry.name, reason);
    }
}

/// Every field of a header that is not as expected, its extra field and the numbers in it included.
fn compare(
    fields: &[layout::Field],
    (fixed, extra): &(Vec<u8>, Vec<u8>),
    header: &Header,
    facts: &Facts,
) -> Vec<Differing> {
    let mut differing = layout::compare(fields, fixed, &header.fixed, header.at);
    let same =
        |field: &str, differing: &[Differing]| differing.iter().all(|one| one.field != field);
    for (field, expected, found) in [
        ("stored size", facts.stored, header.stored),
        ("size", facts.size, header.size),
        ("offset of the local header", facts.offset, header.offset),
    ] {
        let stands_there = fields.iter().any(|(known, _)| *known == field);
        if stands_there && expected != found && same(field, &differing) {
            let text = format!("{field} in its field of zip64: expected {expected}, found {found}");
            differing.push(Differing { field, found, text });
        }
    }
    if header.extra != *extra && same("length of the extra field", &differing) {
        let text = "the extra field is not the one of zip64 that is expected".to_owned();
        differing.push(Differing {
            field: "extra field",
            found: 0,
            text,
        });
    }
    differing
}

/// Whether sum and sizes follow the data, so that this header does not tell them.
fn untold(entry: &Entry, header: &Header) -> bool {
    entry.described.is_some()
        && entry
            .local
            .as_ref()
            .is_some_and(|local| local.at == header.at)
}

fn grade(
    kind: &str,
    entry: &Entry,
    header: &Header,
    differing: &[Differing],
    facts: &Facts,
    found: &mut Found,
) {
    for one in differing {
        let mut reason = format!("{kind}: {}", one.text);
        if harmless(one, header, entry, facts) {
            found.differences.add(one.field, &entry.name, reason);
            continue;
        }
        let about = header.extra_fault.as_ref();
        if let Some(extra) = about.filter(|_| one.field.ends_with("extra field")) {
            reason.push_str(": ");
            reason.push_str(extra);
        }
        found.faults.add(&entry.name, reason);
    }
}

/// Whether a field may differ in a rebuilt container (section 10 of the format).
fn harmless(one: &Differing, header: &Header, entry: &Entry, facts: &Facts) -> bool {
    let untold = untold(entry, header);
    let told = |resolved: u64, expected: u64| {
        resolved == expected || untold && (one.found == 0 || resolved == 0)
    };
    match one.field {
        "version needed" | "made by" | "time" | "date" | "internal attributes" => true,
        "flags" => {
            let known = layout::FREE_FLAGS | layout::DESCRIBED_LATER;
            let differ = |other: &Header| (other.flags ^ header.flags) & !layout::FREE_FLAGS != 0;
            header.flags & !known == 0 && !entry.headers().any(differ)
        }
        "compression method" => entry.headers().all(|header| header.method == 8),
        "CRC-32" => untold && one.found == 0,
        "stored size" => told(header.stored, facts.stored),
        "size" => told(header.size, facts.size),
        "length of the extra field" | "extra field" => header.extra_fault.is_none(),
        "external attributes" => plain(one.found, entry.is_folder()),
        "offset of the local header" => header.offset == entry.at,
        _ => false,
    }
}

/// Whether attributes leave a file a file and a folder a folder, in the upper half as Unix writes
/// them, in the lowest byte as DOS does (4.4.15): no link, device or label of a volume.
fn plain(attributes: u64, folder: bool) -> bool {
    let (unix, dos) = (attributes >> 16 & 0o170_000, attributes & 0xFF);
    match folder {
        true => matches!(unix, 0 | 0o040_000) && dos & 0x08 == 0,
        false => matches!(unix, 0 | 0o100_000) && dos & 0x18 == 0,
    }
}

/// Entries stand in byte order of the names, in the directory and before it.
pub(super) fn check_order(entries: &[Entry], differences: &mut Differences) {
    for pair in entries.windows(2) {
        let [before, entry] = pair else { continue };
        if entry.central.is_some() && entry.name < before.name {
            let reason = format!("is listed after `{}`, out of byte order", before.name);
            differences.add("order of the directory", &entry.name, reason);
        }
        if entry.central.is_some() && entry.at < before.at {
            let reason = format!("is stored before `{}`, which is listed first", before.name);
            differences.add("order of the entries", &entry.name, reason);
        }
    }
}
