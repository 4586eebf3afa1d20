//! The container's headers, byte for byte, as the format lays them down (see [`crate::bundle`]),
//! written from APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.

/// A field's name and its length in bytes.
type Field = (&'static str, usize);

pub(super) const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";
pub(super) const CENTRAL_SIGNATURE: [u8; 4] = *b"PK\x01\x02";
pub(super) const END_SIGNATURE: [u8; 4] = *b"PK\x05\x06";
pub(super) const ZIP64_SIGNATURE: [u8; 4] = *b"PK\x06\x06";

/// Lengths without names, in bytes.
pub(super) const LOCAL_LENGTH: usize = 30;
pub(super) const CENTRAL_LENGTH: usize = 46;
pub(super) const END_LENGTH: usize = 22;

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

const VERSION_NEEDED: u16 = 10;
/// Unix (3), version 1.0.
const MADE_BY: u16 = 0x030A;
const UTF8_NAME: u16 = 0x0800;
/// 1 January 1980, the first day that the field can hold.
const DATE: u16 = 0x0021;
/// A regular file with mode 0644, in the upper half as Unix writes it.
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// What varies between the headers of a bundle's entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub name: &'a [u8],
    pub crc: u32,
    pub size: u32,
    /// Where the local header starts.
    pub offset: u32,
}

impl Facts<'_> {
    /// From the version needed to the length of the extra field: the same in both headers.
    fn common(&self) -> Vec<u8> {
        let flags = if self.name.is_ascii() { 0 } else { UTF8_NAME };
        // A name came out of a field of two bytes, or is shorter than a path may be.
        let name_length = u16::try_from(self.name.len()).unwrap_or(u16::MAX);
        let mut out = Vec::new();
        for number in [VERSION_NEEDED, flags, 0, 0, DATE] {
            out.extend(number.to_le_bytes());
        }
        for number in [self.crc, self.size, self.size] {
            out.extend(number.to_le_bytes());
        }
        out.extend(name_length.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    /// The local header without the name.
    pub fn local(&self) -> Vec<u8> {
        [&LOCAL_SIGNATURE[..], &self.common()].concat()
    }

    /// The central header without the name.
    pub fn central(&self) -> Vec<u8> {
        let mut out = [
            &CENTRAL_SIGNATURE[..],
            &MADE_BY.to_le_bytes(),
            &self.common(),
        ]
        .concat();
        out.extend([0; 6]);
        out.extend(ATTRIBUTES.to_le_bytes());
        out.extend(self.offset.to_le_bytes());
        out
    }
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

/// The whole container of files given by full name in byte order, or `None` where only zip64 could.
pub(super) fn rebuild<'a>(files: impl Iterator<Item = (String, &'a [u8])>) -> Option<Vec<u8>> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    for (name, bytes) in files {
        let facts = Facts {
            name: name.as_bytes(),
            crc: crc32(bytes),
            size: u32::try_from(bytes.len()).ok()?,
            offset: u32::try_from(out.len()).ok()?,
        };
        for part in [&facts.local(), facts.name, bytes] {
            out.extend(part);
        }
        directory.extend(facts.central());
        directory.extend(facts.name);
        count = count.checked_add(1)?;
    }
    let offset = u32::try_from(out.len()).ok()?;
    let length = u32::try_from(directory.len()).ok()?;
    out.extend(directory);
    out.extend(end(count, length, offset));
    Some(out)
}

/// Every field of a header that is not as expected, each with its place and both values.
pub(super) fn compare(fields: &[Field], expected: &[u8], found: &[u8], at: usize) -> Vec<String> {
    let mut faults = Vec::new();
    let mut from = 0;
    for &(name, length) in fields {
        let (want, have) = (number(expected, from, length), number(found, from, length));
        if want != have {
            let meaning = meaning(name, have.unwrap_or_default());
            let digits = 2 + 2 * length;
            faults.push(format!(
                "{name} at byte {}: expected {:#0digits$x}, found {:#0digits$x}{meaning}",
                at + from,
                want.unwrap_or_default(),
                have.unwrap_or_default(),
            ));
        }
        from += length;
    }
    faults
}

/// What a wrong value would make of the entry, for the reader who does not know zip by heart.
fn meaning(field: &str, value: u32) -> &'static str {
    match (field, value) {
        ("compression method", 8) => " (deflate)",
        ("compression method", _) => " (not stored)",
        ("flags", flags) if flags & 1 != 0 => " (encrypted)",
        ("flags", flags) if flags & 8 != 0 => " (sizes after the data)",
        ("external attributes", value) => match value >> 16 & 0o170_000 {
            0o120_000 => " (a symbolic link)",
            0o040_000 => " (a directory)",
            0o100_000 | 0 if value >> 16 & 0o7111 != 0 => " (executable)",
            0o100_000 | 0 => "",
            _ => " (not a regular file)",
        },
        ("length of the extra field", _) => " (an extra field)",
        ("length of the comment", _) => " (a comment)",
        _ => "",
    }
}

/// A place or length as a field of four bytes; one that does not fit can equal none.
pub(super) fn saturate(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A little-endian number of at most four bytes.
pub(super) fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(
        field
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u32::from(*byte)),
    )
}

/// CRC-32 (ISO-HDLC, reflected polynomial 0xEDB88320): APPNOTE.TXT 4.4.7.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut crc = u32::MAX;
    for word in words {
        // Eight tables take eight bytes a step: a bundle can be gigabytes.
        let [a, b, c, d, e, f, g, h] = *word;
        let [a, b, c, d] = (crc ^ u32::from_le_bytes([a, b, c, d])).to_le_bytes();
        let lanes = [h, g, f, e, d, c, b, a];
        crc = lanes
            .iter()
            .zip(&CRC_TABLES)
            .fold(0, |sum, (byte, table)| sum ^ table[usize::from(*byte)]);
    }
    for byte in rest {
        crc = crc >> 8 ^ CRC_TABLES[0][usize::from(crc.to_le_bytes()[0] ^ byte)];
    }
    !crc
}

/// `CRC_TABLES[k][b]` is the CRC of byte `b` followed by `k` zero bytes.
static CRC_TABLES: [[u32; 256]; 8] = crc_tables();

const fn crc_tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut entry = 256;
    while entry < 8 * 256 {
        let (zeros, byte) = (entry / 256, entry % 256);
        let shorter: u32 = tables[zeros - 1][byte];
        tables[zeros][byte] = (shorter >> 8) ^ tables[0][(shorter & 0xFF) as usize];
        entry += 1;
    }
    tables
}
