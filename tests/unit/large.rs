//! Containers beyond 4 GiB, whose zeros take no room: not in memory, where nobody writes to them, and
//! not on the disk, where they are left out.

use super::container::fill;
use super::format::{self, FULL};
use crate::verify::{Check, Known, Outcome, file};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Steps over zeros instead of writing them.
struct Sparse(File);

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.iter().all(|byte| *byte == 0) {
            self.0.seek(SeekFrom::Current(bytes.len() as i64))?;
            return Ok(bytes.len());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

type Files = BTreeMap<String, Vec<u8>>;

/// Files of so many zeros, packed in the folder `toy`.
fn packed(files: &[(&str, u64)]) -> (tempfile::TempPath, File) {
    let zeros = |size: u64| vec![0; usize::try_from(size).unwrap()];
    let files: Files = files
        .iter()
        .map(|(path, size)| ((*path).to_owned(), zeros(*size)))
        .collect();
    let (file, path) = tempfile::NamedTempFile::new().unwrap().into_parts();
    let written = fill(Sparse(file), "toy", &files).unwrap().0;
    let sizes = files
        .iter()
        .map(|(path, bytes)| (4 + path.len(), bytes.len() as u64));
    assert_eq!(
        written.metadata().unwrap().len(),
        format::container_length(sizes)
    );
    (path, written)
}

fn container_checks(path: &Path) -> Vec<Check> {
    let verification = file("toy.zip", path, &Known::default()).unwrap();
    let checks = verification.checks.into_iter();
    checks.filter(|check| check.name == "container").collect()
}

fn passes(path: &Path) {
    let checks = container_checks(path);
    assert_eq!(checks.len(), 1, "{checks:?}");
    assert!(
        matches!(checks[0].outcome, Outcome::Passed { .. }),
        "{checks:?}"
    );
}

fn fails(checks: &[Check], subject: &str, with: &str) {
    let named = |check: &Check| match &check.outcome {
        Outcome::Failed { reason } => check.subject == subject && reason.contains(with),
        _ => false,
    };
    assert!(checks.iter().any(named), "{checks:?}");
}

fn read_at(file: &mut File, at: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(at)).unwrap();
    file.read_exact(&mut bytes).unwrap();
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_large_file_is_packed_with_zip64_and_verifies() {
    let (path, mut zip) = packed(&[("a", 3), ("b", FULL), ("c", 4)]);
    // Section 10 of the format, by hand: a (38 bytes with its data), b (35 and 20), c (39), then three
    // central headers, of which that of c says in zip64 where it stands.
    let (b, c) = (38, 38 + 55 + FULL);
    let directory = c + 39;
    let local = hex(&read_at(&mut zip, b, 55));
    assert!(local.starts_with("504b03042d000000000000002100"), "{local}");
    let sizes = "ffffffff00000000".repeat(2);
    assert!(
        local.ends_with(&format!(
            "ffffffffffffffff05001400746f792f6201001000{sizes}"
        )),
        "{local}"
    );
    let mut central = hex(&read_at(&mut zip, directory + 51 + 51 + 20, 51 + 12 + 98));
    let end = central.split_off(2 * 63);
    assert!(central.starts_with("504b01020a030a00"), "{central}");
    let place = hex(&c.to_le_bytes());
    assert!(
        central.ends_with(&format!("0000a481ffffffff746f792f6301000800{place}")),
        "{central}"
    );
    let word = |number: u64| hex(&number.to_le_bytes());
    let length = 3 * 51 + 20 + 12;
    let expected = [
        "504b0606".to_owned(),
        word(44),
        "2d002d00".to_owned(),
        word(0),
        word(3),
        word(3),
        word(length),
        word(directory),
        "504b060700000000".to_owned(),
        word(directory + length),
        "01000000".to_owned(),
        "504b05060000000003000300ffffffffffffffff0000".to_owned(),
    ];
    assert_eq!(end, expected.concat());
    passes(&path);
    // What stands in zip64 alone: the upper half of the size of b in its local header, and that of the
    // place of c.
    for (at, wrong) in [(b + 35 + 4 + 4, 1), (directory + 122 + 51 + 4 + 6, 4)] {
        zip.seek(SeekFrom::Start(at)).unwrap();
        zip.write_all(&[wrong]).unwrap();
    }
    let checks = container_checks(&path);
    fails(&checks, "toy/b", "size");
    fails(&checks, "toy/c", "offset of the local header");
}

#[test]
fn two_large_files_have_their_places_beside_their_sizes() {
    let (path, mut zip) = packed(&[("a", FULL - 1), ("b", FULL + 1)]);
    // 35 bytes and a, 55 and b, then the central headers.
    let b = 35 + FULL - 1;
    let directory = b + 55 + FULL + 1;
    let central = hex(&read_at(&mut zip, directory + 51, 51 + 28));
    assert!(central.starts_with("504b01022d032d00"), "{central}");
    let sizes = "0000000001000000".repeat(2);
    let place = hex(&b.to_le_bytes());
    assert!(
        central.ends_with(&format!("a481ffffffff746f792f6201001800{sizes}{place}")),
        "{central}"
    );
    passes(&path);
}
