//! What other programs write around the same files, and lies in the places where they write it.

use super::{Files, failing, names, sample};
use casefile::verify::{self, Outcome, Verdict, Verification};
use std::io::Write;

/// How a program packs.
#[derive(Clone, Copy, Default)]
pub struct Foreign {
    pub deflate: bool,
    /// Sums and sizes behind the data: with a signature or not, and the width of a size.
    pub descriptor: Option<(bool, usize)>,
    pub zip64: bool,
    pub folders: bool,
    /// In both headers.
    pub extra: &'static [u8],
}

/// Times of Unix, as Info-ZIP writes them.
const TIMES: &[u8] = b"UT\x05\0\x03abcdux\x0b\0\x01\x04\0\0\0\0\x04\0\0\0\0";
/// Three times, as NTFS has them.
const NTFS: &[u8] = b"\x0a\0\x20\0\0\0\0\0\x01\0\x18\0abcdefghabcdefghabcdefgh";

pub const PROGRAMS: [Foreign; 8] = [
    Foreign {
        deflate: false,
        descriptor: None,
        zip64: false,
        folders: true,
        extra: TIMES,
    },
    Foreign {
        deflate: true,
        descriptor: Some((true, 4)),
        zip64: false,
        folders: true,
        extra: TIMES,
    },
    Foreign {
        deflate: true,
        descriptor: Some((false, 4)),
        zip64: false,
        folders: false,
        extra: b"",
    },
    Foreign {
        deflate: false,
        descriptor: Some((true, 4)),
        zip64: false,
        folders: false,
        extra: b"",
    },
    Foreign {
        deflate: true,
        descriptor: Some((true, 8)),
        zip64: true,
        folders: true,
        extra: b"",
    },
    Foreign {
        deflate: false,
        descriptor: Some((false, 8)),
        zip64: true,
        folders: false,
        extra: TIMES,
    },
    Foreign {
        deflate: true,
        descriptor: None,
        zip64: true,
        folders: true,
        extra: TIMES,
    },
    Foreign {
        deflate: false,
        descriptor: None,
        zip64: true,
        folders: false,
        extra: NTFS,
    },
];

impl Foreign {
    pub fn pack(&self, files: &Files) -> Vec<u8> {
        let mut entries: Vec<(String, &[u8])> = Vec::new();
        if self.folders {
            entries.extend(
                ["", "data/", "data/tables/"].map(|path| (format!("toy-1.0.0/{path}"), &[][..])),
            );
        }
        entries.extend(
            files
                .iter()
                .rev()
                .map(|(path, bytes)| (format!("toy-1.0.0/{path}"), &bytes[..])),
        );
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, bytes) in &entries {
            let folder = name.ends_with('/');
            let deflate = self.deflate && !folder;
            let later = self.descriptor.filter(|_| !folder);
            let data = if deflate {
                deflated(bytes)
            } else {
                bytes.to_vec()
            };
            let mut sum = crc32fast::Hasher::new();
            sum.update(bytes);
            let sum = sum.finalize();
            let flags =
                if later.is_some() { 8u16 } else { 0 } | if name.is_ascii() { 0 } else { 0x0800 };
            let told = [bytes.len() as u64, data.len() as u64];
            let at = out.len() as u64;
            let head = |sum: u32, told: [u64; 2], extra: &[u8]| {
                let mut head = Vec::new();
                for number in [45, flags, if deflate { 8 } else { 0 }, 0x6000, 0x5C64] {
                    head.extend(number.to_le_bytes());
                }
                head.extend(sum.to_le_bytes());
                for size in [told[1], told[0]] {
                    let short = if self.zip64 { u32::MAX } else { size as u32 };
                    head.extend(short.to_le_bytes());
                }
                head.extend((name.len() as u16).to_le_bytes());
                head.extend((extra.len() as u16).to_le_bytes());
                head
            };
            let extra = |numbers: &[u64]| {
                let mut extra = self.extra.to_vec();
                if self.zip64 {
                    extra.extend(
                        [
                            &1u16.to_le_bytes()[..],
                            &(8 * numbers.len() as u16).to_le_bytes(),
                        ]
                        .concat(),
                    );
                    numbers
                        .iter()
                        .for_each(|number| extra.extend(number.to_le_bytes()));
                }
                extra
            };
            let local = if later.is_some() {
                (0, [0; 2])
            } else {
                (sum, told)
            };
            let local_extra = extra(&local.1);
            out.extend(
                [
                    b"PK\x03\x04",
                    &head(local.0, local.1, &local_extra)[..],
                    name.as_bytes(),
                    &local_extra,
                    &data,
                ]
                .concat(),
            );
            if let Some((signed, width)) = later {
                out.extend(if signed { &b"PK\x07\x08"[..] } else { b"" });
                out.extend(sum.to_le_bytes());
                out.extend(&told[1].to_le_bytes()[..width]);
                out.extend(&told[0].to_le_bytes()[..width]);
            }
            let extra = extra(&[told[0], told[1], at]);
            directory.extend([b"PK\x01\x02\x2d\x03", &head(sum, told, &extra)[..]].concat());
            directory.extend([0; 6]);
            directory.extend(if folder { 0x41ED_0010u32 } else { 0x81A4_0000 }.to_le_bytes());
            directory.extend(if self.zip64 { u32::MAX } else { at as u32 }.to_le_bytes());
            directory.extend([name.as_bytes(), &extra].concat());
        }
        let (start, length, count) = (
            out.len() as u64,
            directory.len() as u64,
            entries.len() as u64,
        );
        out.extend(directory);
        if self.zip64 {
            let at = out.len() as u64;
            out.extend(
                [
                    b"PK\x06\x06",
                    &44u64.to_le_bytes()[..],
                    &[45, 3, 45, 0],
                    &[0; 8],
                ]
                .concat(),
            );
            [count, count, length, start]
                .iter()
                .for_each(|number| out.extend(number.to_le_bytes()));
            out.extend(
                [
                    b"PK\x06\x07\0\0\0\0",
                    &at.to_le_bytes()[..],
                    &1u32.to_le_bytes(),
                ]
                .concat(),
            );
        }
        let short = |number: u64| if self.zip64 { u32::MAX } else { number as u32 };
        out.extend(b"PK\x05\x06\0\0\0\0");
        (0..2).for_each(|_| out.extend((short(count) as u16).to_le_bytes()));
        out.extend([short(length).to_le_bytes(), short(start).to_le_bytes()].concat());
        out.extend([0, 0]);
        out
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn check(bytes: &[u8]) -> Verification {
    verify::zip("toy-1.0.0.zip", bytes)
}

#[test]
fn every_way_of_packing_the_same_files_leaves_them_intact() {
    let bundle = sample();
    for (index, program) in PROGRAMS.iter().enumerate() {
        let verification = check(&program.pack(&bundle.files));
        assert_eq!(
            verification.verdict,
            Verdict::ContentsIntact,
            "{index}\n{verification}"
        );
        assert_eq!(verification.root, Some(bundle.root));
        let Outcome::Rebuilt { reasons } = &verification.checks[0].outcome else {
            panic!("{verification}");
        };
        assert!(!reasons.is_empty());
    }
}

#[test]
fn an_altered_file_is_named_however_it_was_packed() {
    for (index, program) in PROGRAMS.iter().enumerate() {
        for altered in ["<p>sharez</p>", "<p>longer shares</p>", "<p>", ""] {
            let mut files = sample().files;
            files.insert("data/report.html".into(), altered.into());
            let verification = check(&program.pack(&files));
            assert_eq!(verification.verdict, Verdict::Failed);
            assert!(
                names(&verification, "data/report.html"),
                "{index}\n{verification}"
            );
            let failing = failing(&verification);
            for check in ["list", "payload-manifest", "checksums"] {
                assert!(failing.contains(check), "{index}: {check}\n{verification}");
            }
        }
    }
}

/// Replaces the one place where some bytes stand.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let places: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(from))
        .collect();
    let [at] = places[..] else {
        panic!("{} places of {from:?}", places.len());
    };
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn a_lie_where_other_programs_write_something_damages_the_container() {
    let files = sample().files;
    let pack = |index: usize| PROGRAMS[index].pack(&files);
    let first =
        |bytes: &[u8], four: &[u8]| bytes.windows(4).position(|found| found == four).unwrap();
    let set = |mut bytes: Vec<u8>, at: usize, to: &[u8]| {
        bytes[at..at + to.len()].copy_from_slice(to);
        bytes
    };
    let plain = pack(0);
    let central = first(&plain, b"PK\x01\x02");
    let bare = pack(2);
    let bare_central = first(&bare, b"PK\x01\x02");
    let described = pack(1);
    let wide = pack(6);
    let record = first(&wide, b"PK\x06\x06");
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a descriptor with another sum", {
            let at = first(&described, b"PK\x07\x08");
            set(described.clone(), at + 4, b"\0\0\0\0")
        }, "no data descriptor that agrees"),
        ("a descriptor with another size", {
            let at = first(&described, b"PK\x07\x08");
            set(described.clone(), at + 8, b"\xff")
        }, "no data descriptor that agrees"),
        ("a local header that tells another size than the descriptor", {
            // Folders come first; the first file is the first header with flag 3.
            let at = described.windows(8).position(|found| found == b"PK\x03\x04\x2d\0\x08\0").unwrap();
            set(described.clone(), at + 18, b"\x05\0\0\0\x05\0\0\0")
        }, "local header: stored size"),
        ("an extra field that is not whole", set(plain.clone(), 30 + 10 + 2, b"\xff\0"), "its extra fields are not whole"),
        ("an extra field that renames", set(plain.clone(), 30 + 10, b"up"), "0x7075"),
        ("an extra field that renames, in the directory", set(plain.clone(), central + 46 + 10, b"up"), "0x7075"),
        ("a folder that is a link", set(plain.clone(), central + 38, &0xA1FF_0000u32.to_le_bytes()), "(a symbolic link)"),
        (
            "a length of extra fields that leads into other headers",
            set(bare.clone(), bare_central + 30, b"\x01\x08"),
            "no header stands where this one should end",
        ),
        ("a comment of an entry", set(plain.clone(), central + 32, b"\x01\0"), "length of the comment"),
        ("another disk", set(plain.clone(), central + 34, b"\x01\0"), "disk at byte"),
        ("a zip64 record of another count", set(wide.clone(), record + 32, b"\x01"), "zip64 records"),
        ("a zip64 record of another place", set(wide.clone(), record + 48, b"\x01\0"), ""),
        ("a zip64 record with data of its own", set(wide.clone(), record + 4, b"\x2d"), "zip64 records"),
        ("a zip64 locator that points elsewhere", set(wide.clone(), record + 56 + 8, b"\x01\0"), "zip64 records"),
        ("a folder that holds nothing", replaced(&replaced(&plain, b"toy-1.0.0/data/tables/UT\x05\0\x03abcdux\x0b\0\x01\x04\0\0\0\0\x04\0\0\0\0PK\x03\x04", b"toy-1.0.0/data/tablez/UT\x05\0\x03abcdux\x0b\0\x01\x04\0\0\0\0\x04\0\0\0\0PK\x03\x04"), b"toy-1.0.0/data/tables/UT\x05\0\x03abcdux\x0b\0\x01\x04\0\0\0\0\x04\0\0\0\0PK\x01\x02", b"toy-1.0.0/data/tablez/UT\x05\0\x03abcdux\x0b\0\x01\x04\0\0\0\0\x04\0\0\0\0PK\x01\x02"), "a folder that holds no file"),
    ];
    for (lie, bytes, said) in cases {
        let verification = check(&bytes);
        assert_eq!(
            verification.verdict,
            Verdict::Failed,
            "{lie}\n{verification}"
        );
        assert!(
            failing(&verification).contains("container"),
            "{lie}\n{verification}"
        );
        assert!(names(&verification, said), "{lie}: {said}\n{verification}");
    }
}

#[test]
fn deflated_data_end_exactly_where_they_should() {
    let mut files = sample().files;
    let program = PROGRAMS[2];
    let honest = program.pack(&files);
    let report = deflated(&files["data/report.html"]);
    // One byte more behind the end of the stream, and the sizes to match: the program below packs
    // already deflated bytes as they are.
    let at = honest
        .windows(report.len())
        .position(|found| found == report)
        .unwrap();
    let mut bytes = honest.clone();
    bytes.insert(at + report.len(), 0);
    let verification = check(&bytes);
    assert_eq!(verification.verdict, Verdict::Failed, "{verification}");
    files.insert("data/report.html".into(), Vec::new());
    assert_eq!(check(&program.pack(&files)).verdict, Verdict::Failed);
}
