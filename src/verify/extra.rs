//! Extra fields of headers (APPNOTE 4.5): read only as far as to know that they do no harm.

use super::layout::number;

/// What the extra fields of a header say.
#[derive(Default)]
pub(super) struct Extra {
    /// The numbers of zip64 (APPNOTE 4.5.3), in their order.
    zip64: Option<Vec<u64>>,
    /// The bytes, as far as they can be the field of the format.
    pub kept: Vec<u8>,
    /// Why the fields cannot stand in a bundle's container.
    pub fault: Option<String>,
}

/// Enough to tell the fields from the longest of the format.
const LONGEST_KEPT: usize = 32;
const ZIP64: u64 = 0x0001;
/// At most two sizes, a place and a disk.
const LONGEST_ZIP64: usize = 28;
/// The most bytes of the number of an owner or group.
const LONGEST_OWNER: u8 = 8;

impl Extra {
    /// Up to the first field that is at fault: there may be thousands behind it.
    pub fn read(mut bytes: &[u8]) -> Self {
        let kept = bytes.get(..LONGEST_KEPT).unwrap_or(bytes);
        let mut extra = Extra {
            kept: kept.to_vec(),
            ..Extra::default()
        };
        let mut seen = Vec::new();
        while extra.fault.is_none() && !bytes.is_empty() {
            let whole = number(bytes, 0, 2).zip(number(bytes, 2, 2));
            let part = whole.and_then(|(tag, length)| {
                let rest = bytes.get(4..)?;
                Some((tag, rest.split_at_checked(usize::try_from(length).ok()?)?))
            });
            let Some((tag, (data, rest))) = part else {
                extra.fault = Some("its extra fields are not whole".into());
                break;
            };
            extra.fault = fault(tag, data, &seen);
            if tag == ZIP64 && extra.fault.is_none() {
                let (words, _) = data.as_chunks::<8>();
                extra.zip64 = Some(words.iter().map(|word| u64::from_le_bytes(*word)).collect());
            }
            seen.push(tag);
            bytes = rest;
        }
        extra
    }

    /// The fields with the numbers of zip64 in place of each that is full (APPNOTE 4.4.1.4).
    pub fn widen<const N: usize>(&mut self, fields: [u64; N]) -> [u64; N] {
        let mut numbers = self.zip64.iter().flatten();
        fields.map(|field| {
            if field != u64::from(u32::MAX) {
                return field;
            }
            match numbers.next() {
                Some(number) => *number,
                None => {
                    self.fault
                        .get_or_insert_with(|| "a size or place of zip64 is missing".into());
                    field
                }
            }
        })
    }
}

/// Why a field cannot stand behind those of the tags `seen`.
fn fault(tag: u64, data: &[u8], seen: &[u64]) -> Option<String> {
    match holds_its_own(tag, data) {
        None => Some(format!(
            "it has an extra field {tag:#06x}, which may change its meaning"
        )),
        Some(_) if seen.contains(&tag) => Some(format!("it has two extra fields {tag:#06x}")),
        Some(false) => Some(format!(
            "its extra field {tag:#06x} holds something else than such a field does"
        )),
        Some(true) => None,
    }
}

/// Whether a field of zip64, or of times and owners, which no content depends on, holds that and has
/// no room for anything else, such as headers of other files; `None` for any other field.
fn holds_its_own(tag: u64, data: &[u8]) -> Option<bool> {
    Some(match tag {
        ZIP64 => data.len() <= LONGEST_ZIP64,
        // Unix: which times there are, and at most three.
        0x5455 => data.len() <= 13 && data.first().is_none_or(|times| *times <= 0b111),
        // Two times, an owner and a group.
        0x5855 => data.len() <= 12,
        0x7855 => data.len() <= 4,
        0x7875 => is_owners(data),
        // NTFS: four bytes that are reserved, then a part of tag 1 with three times.
        0x000A => data.len() == 32 && data.get(4..8) == Some(&[1, 0, 24, 0][..]),
        _ => return None,
    })
}

/// Version 1, then the numbers of an owner and a group, each behind its length, and nothing after them.
fn is_owners(data: &[u8]) -> bool {
    let [1, owner, rest @ ..] = data else {
        return false;
    };
    let Some([group, rest @ ..]) = rest.get(usize::from(*owner)..) else {
        return false;
    };
    *owner.max(group) <= LONGEST_OWNER && rest.len() == usize::from(*group)
}
