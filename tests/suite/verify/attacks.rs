//! Hostile containers, each with what must be said of it.

use super::raw::{Raw, RawEntry};
use super::{Files, check, failing, names, sample};
use casefile::verify::Verdict;
use std::collections::BTreeSet;

/// One attack on the container: what it is, how it is made, what must be said, which checks fail.
type Attack = (
    &'static str,
    fn(&mut Raw),
    &'static str,
    &'static [&'static str],
);

/// What fails when the report cannot be read.
const UNREAD: &[&str] = &[
    "container",
    "payload-manifest",
    "checksums",
    "list",
    "bag-info",
];

/// What fails when a file stands beside `data/` under a bad name.
const UNKNOWN: &[&str] = &["names", "bag", "tag-manifest", "checksums"];

const REPORT: &str = "data/report.html";

const ATTACKS: &[Attack] = &[
    (
        "prepended bytes",
        |zip| zip.before = b"#!/bin/sh\n".to_vec(),
        "10 bytes stand before the zip",
        &["container"],
    ),
    (
        "trailing bytes",
        |zip| zip.after = b"more".to_vec(),
        "4 bytes follow it",
        &["container"],
    ),
    (
        "a comment",
        |zip| zip.comment = b"hello".to_vec(),
        "(a comment)",
        &["container"],
    ),
    (
        "bytes between",
        |zip| zip.between = vec![0; 7],
        "belong to no entry",
        &["container"],
    ),
    (
        "a compressed entry",
        |zip| zip.entry(REPORT).method = 8,
        "(deflate)",
        UNREAD,
    ),
    (
        "an unknown method",
        |zip| zip.entry(REPORT).method = 99,
        "(not stored)",
        UNREAD,
    ),
    (
        "an encrypted entry",
        |zip| zip.entry(REPORT).flags = 1,
        "(encrypted)",
        UNREAD,
    ),
    (
        "sizes after the data",
        |zip| zip.entry(REPORT).flags = 8,
        "(sizes after the data)",
        &["container"],
    ),
    (
        "a symbolic link",
        |zip| zip.entry(REPORT).attributes = 0xA1FF_0000,
        "(a symbolic link)",
        &["container"],
    ),
    (
        "a directory",
        |zip| zip.entry(REPORT).attributes = 0x41ED_0010,
        "(a directory)",
        &["container"],
    ),
    (
        "a device",
        |zip| zip.entry(REPORT).attributes = 0x61A4_0000,
        "(not a regular file)",
        &["container"],
    ),
    (
        "an executable",
        |zip| zip.entry(REPORT).attributes = 0x81ED_0000,
        "(executable)",
        &["container"],
    ),
    (
        "an extra field",
        |zip| zip.entry(REPORT).extra = vec![1, 0, 0, 0],
        "(an extra field)",
        &["container"],
    ),
    (
        "a wrong sum",
        |zip| zip.entry(REPORT).crc ^= 1,
        "its data were altered",
        &["container"],
    ),
    (
        "altered data",
        |zip| zip.entry(REPORT).data[3] ^= 1,
        "its data were altered",
        &[
            "container",
            "payload-manifest",
            "checksums",
            "list",
            "ro-crate",
            "data-package",
        ],
    ),
    (
        "a size that reaches past the end",
        |zip| zip.entry(REPORT).sizes = [0xFFFF_FFF0; 2],
        "its data would end at byte",
        UNREAD,
    ),
    (
        "a size that takes in the next entry",
        |zip| zip.entry(REPORT).sizes = [60; 2],
        "shares bytes",
        &[
            "container",
            "payload-manifest",
            "checksums",
            "list",
            "ro-crate",
            "bag-info",
        ],
    ),
    (
        "a promise of much from little",
        |zip| zip.entry(REPORT).sizes[1] = 0xFFFF_FFFE,
        "size at byte",
        UNREAD,
    ),
    (
        "another size in the directory",
        |zip| zip.entry(REPORT).listed_sizes = Some([3; 2]),
        "stored size at byte",
        UNREAD,
    ),
    (
        "zip64 sizes",
        |zip| zip.entry(REPORT).listed_sizes = Some([u32::MAX; 2]),
        "stored size at byte",
        UNREAD,
    ),
    (
        "two entries of the same bytes",
        |zip| zip.entry("data/tables/50 % ü.csv").listed_offset = Some(0),
        "shares bytes",
        &[
            "container",
            "names",
            "payload-manifest",
            "tag-manifest",
            "checksums",
            "list",
            "bag-info",
        ],
    ),
    (
        "another name in the directory",
        |zip| zip.entry(REPORT).listed_as = Some(b"toy-1.0.0/data/report.htm".to_vec()),
        "calls it `toy-1.0.0/data/report.html`",
        UNREAD,
    ),
    (
        "an entry that the directory does not list",
        |zip| zip.entry(REPORT).listed = false,
        "that the central directory does not list",
        &["container"],
    ),
    (
        "entries out of order",
        |zip| zip.entries.swap(3, 4),
        "out of byte order",
        &["container"],
    ),
    (
        "the same name twice",
        |zip| {
            zip.entries
                .insert(6, RawEntry::new("toy-1.0.0/data/report.html", b"other"))
        },
        "occurs more than once",
        &[
            "names",
            "payload-manifest",
            "checksums",
            "list",
            "bag-info",
            "container",
        ],
    ),
    (
        "a name that differs in case",
        |zip| {
            zip.entries
                .insert(5, RawEntry::new("toy-1.0.0/data/Report.html", b"other"))
        },
        "in case only",
        &[
            "container",
            "names",
            "payload-manifest",
            "checksums",
            "list",
            "bag-info",
        ],
    ),
    (
        "a file that is also a folder",
        |zip| {
            zip.entries
                .insert(8, RawEntry::new("toy-1.0.0/data/report.html/x", b"x"))
        },
        "a folder that is also a file",
        &["names", "payload-manifest", "checksums", "list", "bag-info"],
    ),
    (
        "a climbing path",
        |zip| add(zip, "toy-1.0.0/../../etc/cron.d/x"),
        "`..` segment",
        &["container", "names", "bag", "tag-manifest", "checksums"],
    ),
    (
        "an absolute path",
        |zip| add(zip, "/etc/passwd"),
        "is absolute",
        &["container", "names"],
    ),
    (
        "a backslash",
        |zip| add(zip, "toy-1.0.0\\..\\x"),
        "holds a backslash",
        &["names"],
    ),
    (
        "a drive",
        |zip| add(zip, "C:/x"),
        "a backslash or a colon",
        &["container", "names"],
    ),
    (
        "a question mark",
        |zip| add(zip, "toy-1.0.0/zz?"),
        "Windows does not allow",
        UNKNOWN,
    ),
    (
        "a device",
        |zip| add(zip, "toy-1.0.0/zz/nul.txt"),
        "a device on Windows",
        UNKNOWN,
    ),
    (
        "a control character",
        |zip| add(zip, "toy-1.0.0/zz\x1b[2J"),
        "holds a control character",
        UNKNOWN,
    ),
    (
        "a folder entry",
        |zip| add(zip, "toy-1.0.0/zz/"),
        "holds an empty",
        &["container", "names", "bag", "tag-manifest", "checksums"],
    ),
    (
        "a file beside the folder",
        |zip| add(zip, "zz"),
        "stands outside the folder `toy-1.0.0`",
        &["names"],
    ),
    (
        "another folder",
        |zip| {
            zip.entries
                .iter_mut()
                .for_each(|entry| entry.name[0] = b'b')
        },
        "this folder should be called `toy-1.0.0`",
        &["list"],
    ),
    (
        "a name that is not UTF-8",
        |zip| {
            add(zip, "toy-1.0.0/zz");
            zip.entries.last_mut().unwrap().name = b"toy-1.0.0/zz\xff".to_vec();
        },
        "its name is not UTF-8",
        &["container", "bag", "tag-manifest", "checksums"],
    ),
    (
        "one entry listed twice",
        |zip| {
            let mut again = zip.entry(REPORT).clone();
            again.listed_offset = Some(0);
            zip.entries.push(again);
        },
        "occurs more than once",
        &[
            "container",
            "names",
            "payload-manifest",
            "tag-manifest",
            "checksums",
            "list",
            "bag-info",
        ],
    ),
    (
        "zip64 records",
        |zip| zip.directory_end = b"PK\x06\x06 and 72 more bytes".to_vec(),
        "(zip64)",
        &["container"],
    ),
    (
        "a second zip behind the first",
        |zip| zip.after = Raw::of(&Files::from([("zz".to_owned(), b"x".to_vec())])).build(),
        "bytes stand before the zip",
        &["container", "bag", "tag-manifest", "checksums"],
    ),
    (
        "a count that is too low",
        |zip| zip.count_off_by = 1,
        "entries at byte",
        &["container"],
    ),
    (
        "no entry at all",
        |zip| zip.entries.clear(),
        "no file could be read",
        &["container", "bag"],
    ),
];

pub fn add(zip: &mut Raw, name: &str) {
    zip.entries.push(RawEntry::new(name, b"x"));
}

/// What another program may do that packs the same files again.
const REBUILT: [&str; 3] = ["an executable", "an extra field", "entries out of order"];

#[test]
fn every_attack_on_the_container_is_called_by_its_name() {
    let files = sample().files;
    for (attack, make, said, expected) in ATTACKS {
        let mut zip = Raw::of(&files);
        make(&mut zip);
        let verification = check(&zip.build());
        let expected: BTreeSet<&str> = expected.iter().copied().collect();
        assert_eq!(failing(&verification), expected, "{attack}\n{verification}");
        let verdict = if REBUILT.contains(attack) {
            Verdict::ContentsIntact
        } else {
            Verdict::Failed
        };
        assert_eq!(verification.verdict, verdict, "{attack}\n{verification}");
        assert!(
            names(&verification, said),
            "{attack}: {said}\n{verification}"
        );
    }
}

#[test]
fn thousands_of_entries_on_the_same_bytes_cost_no_time() {
    let mut zip = Raw::of(&sample().files);
    let mut shared = RawEntry::new("toy-1.0.0/data/zz", &vec![0; 4 << 20]);
    zip.entries.push(shared.clone());
    let mut short = zip.build();
    let offset = short
        .windows(17)
        .position(|bytes| bytes == b"toy-1.0.0/data/zz")
        .unwrap()
        - 30;
    shared.listed_offset = Some(offset as u32);
    shared.data.clear();
    zip.entries.extend(std::iter::repeat_n(shared, 20_000));
    short.clear();
    let verification = check(&zip.build());
    assert!(failing(&verification).contains("container"));
    assert!(failing(&verification).contains("names"));
}
