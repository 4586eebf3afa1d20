//! The container's headers, byte for byte, as the format lays them down (see [`crate::bundle`]),
//! written from APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.9, 4.3.12 and 4.3.14 to 4.3.16.

/// A field's name and its length in bytes.
pub(super) type Field = (&'static str, usize);

pub(super) const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";
pub(super) const CENTRAL_SIGNATURE: [u8; 4] = *b"PK\x01\x02";
pub(super) const END_SIGNATURE: [u8; 4] = *b"PK\x05\x06";
pub(super) const ZIP64_SIGNATURE: [u8; 4] = *b"PK\x06\x06";
pub(super) const LOCATOR_SIGNATURE: [u8; 4] = *b"PK\x06\x07";
pub(super) const DESCRIPTOR_SIGNATURE: [u8; 4] = *b"PK\x07\x08";

/// Lengths without names, in bytes.
pub(super) const LOCAL_LENGTH: usize = 30;
pub(super) const CENTRAL_LENGTH: usize = 46;
pub(super) const END_LENGTH: usize = 22;
/// The zip64 end record without extensible data, and its locator.
pub(super) const ZIP64_LENGTH: usize = 56;
pub(super) const LOCATOR_LENGTH: usize = 20;

pub(super) const LOCAL: [Field; 11] = [
    ("signature", 4),
    ("version needed", 2),
    ("flags", 2),
    ("compression method", 2),
    ("time", 2),
    ("date", 2),
    ("CRC-32", 4),
    ("stored size", 4),
    ("size", 4),
    ("length of the name", 2),
    ("length of the extra field", 2),
];

pub(super) const CENTRAL: [Field; 17] = [
    ("signature", 4),
    ("made by", 2),
    ("version needed", 2),
    ("flags", 2),
    ("compression method", 2),
    ("time", 2),
    ("date", 2),
    ("CRC-32", 4),
    ("stored size", 4),
    ("size", 4),
    ("length of the name", 2),
    ("length of the extra field", 2),
    ("length of the comment", 2),
    ("disk", 2),
    ("internal attributes", 2),
    ("external attributes", 4),
    ("offset of the local header", 4),
];

pub(super) const END: [Field; 8] = [
    ("signature", 4),
    ("disk", 2),
    ("disk of the directory", 2),
    ("entries on this disk", 2),
    ("entries", 2),
    ("length of the directory", 4),
    ("offset of the directory", 4),
    ("length of the comment", 2),
];

/// Versions 1.0 and, where sizes stand in a field of zip64, 4.5 (APPNOTE 4.4.3.2).
const VERSION_NEEDED: u16 = 10;
const VERSION_OF_ZIP64: u16 = 45;
/// Unix, in the upper byte of who made it.
const UNIX: u16 = 3 << 8;
/// The first number that does not fit into a field of four bytes: all ones refer to zip64.
pub(super) const FULL: u64 = 0xFFFF_FFFF;
const ZIP64_TAG: u16 = 1;
const UTF8_NAME: u16 = 0x0800;
/// Bits 0, 6 and 13: traditional and strong encryption, masked header values (APPNOTE 4.4.4).
pub(super) const ENCRYPTED: u16 = 0x2041;
/// Bit 3: sums and sizes follow the data.
pub(super) const DESCRIBED_LATER: u16 = 0x0008;
/// Bits 1 and 2, how hard deflate tried, and 11, the encoding of the name: no reader of a
/// bundle's entry depends on them, so the two headers may differ in them.
pub(super) const FREE_FLAGS: u16 = 0x0806;
/// 1 January 1980, the first day that the field can hold.
const DATE: u16 = 0x0021;
/// A regular file with mode 0644, in the upper half as Unix writes it.
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// What varies between the headers of a bundle's entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub name: &'a [u8],
    pub crc: u32,
    pub stored: u64,
    pub size: u64,
    /// Where the local header starts.
    pub offset: u64,
}

impl Facts<'_> {
    /// The sizes where they stand in a field of zip64, and then both.
    fn wide_sizes(&self) -> Vec<u64> {
        match self.stored.max(self.size) >= FULL {
            true => vec![self.size, self.stored],
            false => Vec::new(),
        }
    }

    fn version(&self) -> u16 {
        version_needed(!self.wide_sizes().is_empty())
    }

    /// From the version needed to the length of the extra field, which both headers have in the same
    /// order. The method is always the one of the format, stored.
    fn common(&self, extra: &[u8]) -> Vec<u8> {
        let flags = if self.name.is_ascii() { 0 } else { UTF8_NAME };
        // A name came out of a field of two bytes, or is shorter than a path may be.
        let name_length = u16::try_from(self.name.len()).unwrap_or(u16::MAX);
        let mut out = Vec::new();
        for number in [self.version(), flags, 0, 0, DATE] {
            out.extend(number.to_le_bytes());
        }
        let wide = !self.wide_sizes().is_empty();
        let size = |size| if wide { u32::MAX } else { saturate(size) };
        for number in [self.crc, size(self.stored), size(self.size)] {
            out.extend(number.to_le_bytes());
        }
        out.extend(name_length.to_le_bytes());
        out.extend(saturate(extra.len() as u64).to_le_bytes().iter().take(2));
        out
    }

    /// The local header without the name, and its extra field.
    pub fn local(&self) -> (Vec<u8>, Vec<u8>) {
        let extra = zip64_field(&self.wide_sizes());
        let fixed = [&LOCAL_SIGNATURE[..], &self.common(&extra)].concat();
        (fixed, extra)
    }

    /// The central header without the name, and its extra field.
    pub fn central(&self) -> (Vec<u8>, Vec<u8>) {
        let mut numbers = self.wide_sizes();
        numbers.extend(Some(self.offset).filter(|offset| *offset >= FULL));
        let extra = zip64_field(&numbers);
        let mut out = [
            &CENTRAL_SIGNATURE[..],
            &(UNIX | self.version()).to_le_bytes(),
            &self.common(&extra),
        ]
        .concat();
        out.extend([0; 6]);
        out.extend(ATTRIBUTES.to_le_bytes());
        out.extend(saturate(self.offset).to_le_bytes());
        (out, extra)
    }
}

/// Of an entry, or of all, of which some have sizes in a field of zip64 or none has.
pub(super) fn version_needed(wide: bool) -> u16 {
    if wide {
        VERSION_OF_ZIP64
    } else {
        VERSION_NEEDED
    }
}

/// The extra field of zip64 with these numbers, if there are any (APPNOTE 4.5.3).
fn zip64_field(numbers: &[u64]) -> Vec<u8> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    let length = saturate(bytes.len() as u64).to_le_bytes();
    let mut out = ZIP64_TAG.to_le_bytes().to_vec();
    out.extend(length.iter().take(2));
    out.extend(bytes);
    out
}

/// Whether the end record of a directory of this length and offset needs those of zip64.
pub(super) fn needs_zip64(length: u64, offset: u64) -> bool {
    length.max(offset) > FULL
}

/// The end record for `entries`, whose directory has the given length and offset.
pub(super) fn end(entries: u16, length: u32, offset: u32) -> Vec<u8> {
    let mut out = [&END_SIGNATURE[..], &[0; 4]].concat();
    out.extend(entries.to_le_bytes());
    out.extend(entries.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A field that is not as expected.
pub(super) struct Differing {
    pub field: &'static str,
    pub found: u64,
    /// Its place and both values, for a person.
    pub text: String,
}

/// Every field of a header that is not as expected.
pub(super) fn compare(fields: &[Field], expected: &[u8], found: &[u8], at: u64) -> Vec<Differing> {
    let mut differing = Vec::new();
    let mut from = 0;
    for &(field, length) in fields {
        let (want, have) = (number(expected, from, length), number(found, from, length));
        if want != have {
            let found = have.unwrap_or_default();
            let meaning = meaning(field, found);
            let digits = 2 + 2 * length;
            let text = format!(
                "{field} at byte {}: expected {:#0digits$x}, found {found:#0digits$x}{meaning}",
                at + from as u64,
                want.unwrap_or_default(),
            );
            differing.push(Differing { field, found, text });
        }
        from += length;
    }
    differing
}

/// What a wrong value would make of the entry, for the reader who does not know zip by heart.
fn meaning(field: &str, value: u64) -> &'static str {
    match (field, value) {
        ("compression method", 8) => " (deflate)",
        ("compression method", _) => " (not stored)",
        ("flags", flags) if flags & u64::from(ENCRYPTED) != 0 => " (encrypted)",
        ("flags", flags) if flags & 8 != 0 => " (sizes after the data)",
        ("external attributes", value) => match value >> 16 & 0o170_000 {
            0o120_000 => " (a symbolic link)",
            0o040_000 => " (a directory)",
            0o100_000 | 0 if value >> 16 & 0o7111 != 0 => " (executable)",
            0o100_000 | 0 => "",
            _ => " (not a regular file)",
        },
        ("length of the extra field", 1..) => " (an extra field)",
        ("length of the comment", _) => " (a comment)",
        _ => "",
    }
}

/// A place or length as a field of four bytes; one that does not fit can equal none.
pub(super) fn saturate(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A little-endian number of at most eight bytes.
pub(super) fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(
        field
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)),
    )
}
