use super::common::{SHARED, codes, has_samples, new_part};
use crate::error::Error;
use crate::import::captures::wacz;
use crate::import::transcript::Transcript;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const PAGES: &str = concat!(
    "{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All\"}\n",
    "{\"url\":\"https://x.invalid/a?access_token=S&b=1\",\"ts\":\"2024-03-01T17:00:00.000Z\",\"title\":\"A\"}\n",
    "\n{\"url\":\"https://x.invalid/b\"}\nnot json\n{\"title\":\"no address\"}\n",
);

fn sha(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn package(resources: &[(&str, &[u8])]) -> serde_json::Value {
    let resources: Vec<_> = resources
        .iter()
        .map(|(path, bytes)| json!({"name": path, "path": path, "hash": format!("sha256:{}", sha(bytes)), "bytes": bytes.len()}))
        .collect();
    json!({"profile": "data-package", "wacz_version": "1.1.1", "software": "example 1.0", "resources": resources,
        "mainPageUrl": "https://x.invalid/p", "mainPageDate": "2024-03-01T17:00:00Z", "title": "Main"})
}

fn digest(package: &str, signed: bool) -> String {
    let mut digest =
        json!({"path": "datapackage.json", "hash": format!("sha256:{}", sha(package.as_bytes()))});
    if signed {
        digest["signedData"] = json!({"signature": "x"});
    }
    digest.to_string()
}

fn attempt(bytes: &[u8]) -> Result<Transcript, Error> {
    let part = new_part("evidence/a.wacz", "a.wacz", bytes, "");
    let mut into = Transcript::default();
    into.start(None);
    wacz::transcribe(&part, &mut into)?;
    Ok(into)
}

#[test]
fn a_whole_archive_is_verified_and_its_pages_are_rows() {
    let warc: &[u8] = b"WARC/1.0";
    let package = package(&[
        ("pages/pages.jsonl", PAGES.as_bytes()),
        ("archive/data.warc", warc),
    ])
    .to_string();
    let bytes = zip(&[
        ("datapackage.json", package.as_bytes()),
        ("datapackage-digest.json", digest(&package, true).as_bytes()),
        ("pages/pages.jsonl", PAGES.as_bytes()),
        ("archive/data.warc", warc),
    ]);
    assert!(wacz::recognise(&new_part("f", "f", &bytes, "")).is_some());
    let archive = attempt(&bytes).unwrap();
    assert_eq!(
        codes(&archive),
        [
            "wacz-signature-unchecked",
            "wacz-verified",
            "date-unreadable"
        ]
    );
    let rows: Vec<Vec<(&str, &str)>> = archive
        .entries
        .iter()
        .map(|entry| {
            entry
                .values
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect()
        })
        .collect();
    assert_eq!(
        rows[0],
        [
            ("source_url", "https://x.invalid/a?b=1"),
            ("captured_at", "2024-03-01T17:00:00Z"),
            ("tool", "example 1.0"),
            ("title", "A"),
            ("method", "web archive"),
        ]
    );
    assert_eq!(
        rows[1],
        [
            ("source_url", "https://x.invalid/b"),
            ("tool", "example 1.0"),
            ("method", "web archive")
        ]
    );
    assert_eq!(rows.len(), 2);
    let left: Vec<(u64, &str)> = archive
        .left_out
        .iter()
        .map(|left| (left.row, left.reason))
        .collect();
    assert_eq!(left, [(3, "unreadable-page"), (4, "no-link")]);
}

#[test]
fn without_a_list_of_pages_the_main_page_is_the_row() {
    let warc: &[u8] = b"WARC/1.0";
    let package = package(&[("archive/data.warc", warc)])
        .to_string()
        .replace("sha256:", "sha256");
    let bytes = zip(&[
        ("datapackage.json", package.as_bytes()),
        ("archive/data.warc", warc),
        ("extra.txt", b"x"),
        ("pages/extraPages.jsonl", b"x"),
    ]);
    let archive = attempt(&bytes).unwrap();
    assert_eq!(
        codes(&archive),
        [
            "wacz-no-digest",
            "wacz-unsigned",
            "wacz-hash-form",
            "wacz-unlisted-file",
            "wacz-unlisted-file",
            "wacz-extra-pages"
        ]
    );
    assert_eq!(archive.entries.len(), 1);
    assert_eq!(
        archive.entries[0].get("source_url"),
        Some("https://x.invalid/p")
    );
    assert_eq!(archive.entries[0].get("title"), Some("Main"));
}

#[test]
fn another_digest_is_not_checked_and_the_archive_not_called_verified() {
    let package = package(&[("a", b"x")])
        .to_string()
        .replace("sha256:", "md5:");
    let digest = digest(&package, false);
    let archive = attempt(&zip(&[
        ("datapackage.json", package.as_bytes()),
        ("datapackage-digest.json", digest.as_bytes()),
        ("a", b"x"),
    ]))
    .unwrap();
    assert_eq!(codes(&archive), ["wacz-unsigned", "wacz-hash-unchecked"]);
}

#[test]
fn every_broken_link_of_the_chain_is_named() {
    let package = package(&[("a", b"right"), ("missing", b"x"), ("long", b"abc")]).to_string();
    let bytes = zip(&[
        ("datapackage.json", package.as_bytes()),
        (
            "datapackage-digest.json",
            digest("another", false).as_bytes(),
        ),
        ("a", b"wrong"),
        ("long", b"abcd"),
    ]);
    let problems = attempt(&bytes).unwrap_err().problems;
    assert!(
        problems
            .iter()
            .all(|problem| problem.code == "wacz-broken" && problem.subject == "evidence/a.wacz")
    );
    let messages: Vec<&str> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    let differs = |path: &str, found: &[u8], stated: &[u8]| {
        format!(
            "`{path}` has the SHA-256 {}, but {} is stated",
            sha(found),
            sha(stated)
        )
    };
    assert_eq!(
        messages,
        [
            differs("datapackage.json", package.as_bytes(), b"another"),
            differs("a", b"wrong", b"right"),
            "`missing` is listed, but missing or unreadable".to_owned(),
            "`long` has 4 bytes, but the list says 3".to_owned(),
            differs("long", b"abcd", b"abc"),
        ]
    );
}

#[test]
fn names_that_stand_twice_or_lead_elsewhere_are_refused() {
    let bytes = zip(&[
        ("datapackage.json", b"{}"),
        ("../x", b"x"),
        ("a/../../y", b"x"),
    ]);
    let problems = attempt(&bytes).unwrap_err().problems;
    assert_eq!(
        problems
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>(),
        ["unsafe-archive"; 2]
    );
    let mut bytes = zip(&[("datapackage.json", b"{}"), ("aa", b"x"), ("bb", b"y")]);
    while let Some(at) = bytes.windows(2).position(|two| two == b"bb") {
        bytes[at..at + 2].copy_from_slice(b"aa");
    }
    assert_eq!(
        attempt(&bytes).unwrap_err().problems[0].code,
        "unsafe-archive"
    );
}

#[test]
fn an_archive_that_grows_too_much_is_refused() {
    let zeros = vec![0; 10 << 20];
    let bytes = zip(&[("datapackage.json", b"{}"), ("a", &zeros)]);
    assert!(bytes.len() * 200 < zeros.len());
    assert_eq!(attempt(&bytes).unwrap_err().problems[0].code, "zip-bomb");
}

#[test]
fn a_file_longer_than_the_archive_states_is_not_read_to_its_end() {
    let long = vec![b'x'; 100_000];
    let package = package(&[("a", &long)]).to_string();
    let mut bytes = zip(&[("datapackage.json", package.as_bytes()), ("a", &long)]);
    let stated = 100_000_u32.to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|four| four == stated) {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let problems = attempt(&bytes).unwrap_err().problems;
    assert_eq!(problems[0].code, "wacz-broken");
}

#[test]
fn a_cut_archive_and_other_archives_are_no_web_archives() {
    let bytes = zip(&[("datapackage.json", b"{\"wacz_version\":\"1\"}")]);
    assert!(wacz::recognise(&new_part("f", "f", &bytes, "")).is_some());
    assert!(wacz::recognise(&new_part("f", "f", &bytes[..bytes.len() - 4], "")).is_none());
    assert_eq!(
        attempt(&bytes[..bytes.len() - 4]).unwrap_err().problems[0].code,
        "broken-archive"
    );
    assert_eq!(
        attempt(&bytes).unwrap_err().problems[0].message,
        "`datapackage.json` lists no files"
    );
    let other = zip(&[("datapackage.json", b"{}")]);
    assert!(wacz::recognise(&new_part("f", "f", &other, "")).is_none());
    assert!(wacz::recognise(&new_part("f", "f", b"PK", "")).is_none());
}

#[test]
fn the_sample_with_invented_digests_is_broken_in_every_link() {
    if !has_samples() {
        return;
    }
    let sample = |name: &str| std::fs::read(format!("{SHARED}/samples/synthetic/{name}")).unwrap();
    let bytes = zip(&[
        ("datapackage.json", &sample("wacz_datapackage.json")),
        (
            "datapackage-digest.json",
            &sample("wacz_datapackage-digest.json"),
        ),
        ("pages/pages.jsonl", PAGES.as_bytes()),
        ("archive/data.warc.gz", b"x"),
    ]);
    assert!(wacz::recognise(&new_part("f", "f", &bytes, "")).is_some());
    assert_eq!(attempt(&bytes).unwrap_err().problems.len(), 5);
}
