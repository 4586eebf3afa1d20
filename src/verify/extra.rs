//! Extra fields of headers (APPNOTE 4.5): read only as far as to know that they do no harm.

use super::layout::number;

/// What the extra fields of a header say.
#[derive(Default)]
pub(super) struct Extra {
    /// The numbers of zip64 (APPNOTE 4.5.3), in their order.
    zip64: Option<Vec<u64>>,
    /// Why the fields cannot stand in a bundle's container.
    pub fault: Option<String>,
}

const ZIP64: u64 = 0x0001;
/// Times and owners, which no content depends on: Unix (three kinds), its new form, NTFS.
const HARMLESS: [u64; 5] = [0x5455, 0x5855, 0x7875, 0x7855, 0x000A];

impl Extra {
    pub fn read(mut bytes: &[u8]) -> Self {
        let mut extra = Extra::default();
        while !bytes.is_empty() {
            let whole = number(bytes, 0, 2).zip(number(bytes, 2, 2));
            let part = whole.and_then(|(tag, length)| {
                let rest = bytes.get(4..)?;
                Some((tag, rest.split_at_checked(usize::try_from(length).ok()?)?))
            });
            let Some((tag, (data, rest))) = part else {
                extra.fault = Some("its extra fields are not whole".into());
                break;
            };
            if tag == ZIP64 && extra.zip64.is_none() {
                let (words, _) = data.as_chunks::<8>();
                extra.zip64 = Some(words.iter().map(|word| u64::from_le_bytes(*word)).collect());
            } else if tag == ZIP64 {
                extra.fault = Some("it has two zip64 extra fields".into());
            } else if !HARMLESS.contains(&tag) {
                extra.fault = Some(format!(
                    "it has an extra field {tag:#06x}, which may change its meaning"
                ));
            }
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
