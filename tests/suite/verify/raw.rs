//! A zip writer that shares nothing with the crate's.

use super::Files;

/// A zip written by hand, so that every lie can be told.
#[derive(Default)]
pub struct Raw {
    pub entries: Vec<RawEntry>,
    pub before: Vec<u8>,
    /// Between the entries and the central directory.
    pub between: Vec<u8>,
    /// Between the central directory and its end record.
    pub directory_end: Vec<u8>,
    pub count_off_by: u16,
    pub comment: Vec<u8>,
    pub after: Vec<u8>,
}

#[derive(Clone)]
pub struct RawEntry {
    pub name: Vec<u8>,
    pub data: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    /// Stored size and size, as declared.
    pub sizes: [u32; 2],
    pub attributes: u32,
    pub extra: Vec<u8>,
    /// Only the central header has these.
    pub listed_as: Option<Vec<u8>>,
    pub listed_sizes: Option<[u32; 2]>,
    pub listed_offset: Option<u32>,
    pub listed: bool,
}

impl RawEntry {
    pub fn new(name: &str, data: &[u8]) -> Self {
        let size = data.len() as u32;
        RawEntry {
            name: name.into(),
            data: data.to_vec(),
            flags: if name.is_ascii() { 0 } else { 0x0800 },
            method: 0,
            crc: slow_crc32(data),
            sizes: [size, size],
            attributes: 0x81A4_0000,
            extra: Vec::new(),
            listed_as: None,
            listed_sizes: None,
            listed_offset: None,
            listed: true,
        }
    }
}

impl Raw {
    pub fn build(&self) -> Vec<u8> {
        let (mut out, mut directory, mut count) = (self.before.clone(), Vec::new(), 0u16);
        for entry in &self.entries {
            let offset = (out.len() - self.before.len()) as u32;
            out.extend(b"PK\x03\x04\x0a\0");
            out.extend(common(entry, &entry.name, entry.sizes));
            out.extend([&entry.name[..], &entry.extra, &entry.data].concat());
            if !entry.listed {
                continue;
            }
            count += 1;
            let name = entry.listed_as.as_ref().unwrap_or(&entry.name);
            directory.extend(b"PK\x01\x02\x0a\x03\x0a\0");
            directory.extend(common(
                entry,
                name,
                entry.listed_sizes.unwrap_or(entry.sizes),
            ));
            directory.extend([0; 6]);
            directory.extend(entry.attributes.to_le_bytes());
            directory.extend(entry.listed_offset.unwrap_or(offset).to_le_bytes());
            directory.extend([&name[..], &entry.extra].concat());
        }
        out.extend(&self.between);
        let offset = (out.len() - self.before.len()) as u32;
        let length = directory.len() as u32;
        out.extend(directory);
        out.extend(&self.directory_end);
        count -= self.count_off_by;
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        out.extend([length.to_le_bytes(), offset.to_le_bytes()].concat());
        out.extend((self.comment.len() as u16).to_le_bytes());
        out.extend([&self.comment[..], &self.after].concat());
        out
    }

    pub fn of(files: &Files) -> Self {
        let entry =
            |(path, bytes): (&String, &Vec<u8>)| RawEntry::new(&format!("toy-1.0.0/{path}"), bytes);
        Raw {
            entries: files.iter().map(entry).collect(),
            ..Raw::default()
        }
    }

    pub fn entry(&mut self, path: &str) -> &mut RawEntry {
        let name = format!("toy-1.0.0/{path}").into_bytes();
        self.entries
            .iter_mut()
            .find(|entry| entry.name == name)
            .unwrap()
    }
}

/// From the flags to the length of the extra field.
fn common(entry: &RawEntry, name: &[u8], sizes: [u32; 2]) -> Vec<u8> {
    let mut out = Vec::new();
    for number in [entry.flags, entry.method, 0, 0x21] {
        out.extend(number.to_le_bytes());
    }
    for number in [entry.crc, sizes[0], sizes[1]] {
        out.extend(number.to_le_bytes());
    }
    out.extend((name.len() as u16).to_le_bytes());
    out.extend((entry.extra.len() as u16).to_le_bytes());
    out
}

/// Bit by bit from the definition.
fn slow_crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
