//! Sealing: the bytes of a bundle are determined by its content, and are those that the format says.

use casefile::artifacts::{Artifact, Artifacts, Role};
use casefile::bundle::{About, Bundle, Edition, Label, Withheld, format, seal};
use casefile::digest::Sha256;

/// What the report of a toy rests on: an exhibit that is withheld, which reads `secret`.
const DIGESTS: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b  EX-002\n";

pub fn artifacts(files: &[(&str, &str)]) -> Artifacts {
    let mut artifacts = Artifacts::default();
    let all = files.iter().chain(&[("digests.txt", "DIGESTS")]);
    for (path, text) in all {
        let text = text.replace("DIGESTS", DIGESTS);
        let bytes = text.as_bytes().to_vec();
        artifacts
            .add(
                *path,
                Artifact {
                    bytes,
                    media_type: "text/plain",
                    role: Role::Data,
                },
            )
            .unwrap();
    }
    artifacts
}

pub fn label() -> Label {
    Label {
        id: "toy".into(),
        version: "1.0.0".into(),
        title: "Who is shown what?".into(),
        publisher: Some("A newsroom".into()),
        date: "2026-11-23".into(),
        edition: Edition::Public,
        evidence: Sha256::of(DIGESTS.as_bytes()),
        supersedes: None,
        about: About {
            description: "Whom two ads were shown to".into(),
            language: "en".into(),
            ..About::default()
        },
        withheld: vec![Withheld {
            exhibit: "EX-002".into(),
            file: None,
            bytes: 6,
            sha256: Sha256::of(b"secret"),
            reason: "names people".into(),
        }],
    }
}

/// A bundle with a name that is not ASCII, a percent sign, an empty file and a folder.
pub fn sample() -> Bundle {
    let files = [
        ("report.html", "<p>shares</p>"),
        ("tables/50 % ü.csv", "a,b\n1,2\n"),
        ("empty.txt", ""),
    ];
    seal(&label(), &artifacts(&files)).unwrap()
}

fn text<'a>(bundle: &'a Bundle, path: &str) -> &'a str {
    std::str::from_utf8(&bundle.files[path]).unwrap()
}

#[test]
fn the_order_in_which_files_are_added_does_not_matter() {
    let one = seal(&label(), &artifacts(&[("a", "1"), ("b", "2")])).unwrap();
    let other = seal(&label(), &artifacts(&[("b", "2"), ("a", "1")])).unwrap();
    assert_eq!(one, other);
    assert_eq!(one.sha256, Sha256::of(&one.bytes));
}

#[test]
fn the_container_is_byte_for_byte_the_documented_one() {
    let bundle = sample();
    let mut expected = super::verify::raw::Raw::default();
    for (path, bytes) in &bundle.files {
        expected.entries.push(super::verify::raw::RawEntry::new(
            &format!("toy-1.0.0/{path}"),
            bytes,
        ));
    }
    assert_eq!(bundle.bytes, expected.build());
}

#[test]
fn the_first_header_has_exactly_these_bytes() {
    let bundle = sample();
    assert_eq!(bundle.bytes[..14], *b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0");
    assert_eq!(bundle.bytes[26..50], *b"\x14\0\0\0toy-1.0.0/SHA256SUMS");
    let end = bundle.bytes.len() - 22;
    assert_eq!(
        bundle.bytes[end..end + 12],
        *b"PK\x05\x06\0\0\0\0\x0c\0\x0c\0"
    );
    assert_eq!(bundle.bytes[end + 20..], *b"\0\0");
}

#[test]
fn the_length_is_known_before_a_byte_is_written() {
    let bundle = sample();
    let entries = bundle
        .files
        .iter()
        .map(|(path, bytes)| ("toy-1.0.0/".len() + path.len(), bytes.len() as u64));
    assert_eq!(format::container_length(entries), bundle.bytes.len() as u64);
}

#[test]
fn the_editions_have_their_own_names_and_folders() {
    let full = Label {
        edition: Edition::Full,
        withheld: Vec::new(),
        ..label()
    };
    let full = seal(&full, &artifacts(&[("secret.txt", "secret")])).unwrap();
    assert_eq!(full.name, "toy-1.0.0-full.zip");
    assert!(text(&full, "bag-info.txt").contains("External-Identifier: toy-1.0.0-full\n"));
    assert_eq!(sample().name, "toy-1.0.0.zip");
}

#[test]
fn the_bag_says_what_it_holds() {
    let bundle = sample();
    let paths: Vec<&str> = bundle.files.keys().map(String::as_str).collect();
    let expected = [
        "SHA256SUMS",
        "bag-info.txt",
        "bagit.txt",
        "data/casefile.json",
        "data/datapackage.json",
        "data/digests.txt",
        "data/empty.txt",
        "data/report.html",
        "data/ro-crate-metadata.json",
        "data/tables/50 % ü.csv",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
    ];
    assert_eq!(paths, expected);
    let octets: usize = bundle
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("data/"))
        .map(|(_, b)| b.len())
        .sum();
    let expected = format!(
        "Source-Organization: A newsroom\nExternal-Identifier: toy-1.0.0\n\
         External-Description: Who is shown what?\nBagging-Date: 2026-11-23\n\
         Bag-Software-Agent: casefile {}\nPayload-Oxum: {octets}.7\nCasefile-Edition: public\n\
         Casefile-Evidence-Digest: sha256:{}\n",
        env!("CARGO_PKG_VERSION"),
        Sha256::of(DIGESTS.as_bytes())
    );
    assert_eq!(text(&bundle, "bag-info.txt"), expected);
    let empty = Sha256::of(b"");
    assert!(text(&bundle, "manifest-sha256.txt").contains(&format!("{empty}  data/empty.txt\n")));
    assert!(text(&bundle, "manifest-sha256.txt").contains("  data/tables/50 %25 ü.csv\n"));
    assert!(text(&bundle, "SHA256SUMS").contains("  data/tables/50 % ü.csv\n"));
}

#[test]
fn the_list_names_every_file_and_every_withheld_exhibit() {
    let list: serde_json::Value =
        serde_json::from_str(text(&sample(), "data/casefile.json")).unwrap();
    assert_eq!(list["casefile"], 2);
    assert_eq!(list["edition"], "public");
    let report = &list["files"][3];
    assert_eq!(
        (&report["path"], &report["role"], &report["bytes"]),
        (&"report.html".into(), &"data".into(), &13.into())
    );
    let withheld = &list["withheld"][0];
    assert_eq!(withheld["sha256"], Sha256::of(b"secret").to_string());
    assert_eq!(
        withheld.get("file"),
        None,
        "a name that was not given must not appear"
    );
}

#[test]
fn no_title_can_add_a_header() {
    for line_break in [
        "\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\u{1e}",
    ] {
        let title = format!("  A{line_break}Bagging-Date: 1999-01-01{line_break} B ");
        let bundle = seal(&Label { title, ..label() }, &artifacts(&[("a", "1")])).unwrap();
        let info = text(&bundle, "bag-info.txt");
        assert!(
            info.contains("\nExternal-Description: A Bagging-Date: 1999-01-01 B\n"),
            "{info:?}"
        );
        assert_eq!(info.lines().count(), 8);
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let label = Label {
        id: "a toy".into(),
        version: "1.".into(),
        date: "23.11.2026".into(),
        ..label()
    };
    let files = [
        ("Casefile.JSON", ""),
        ("secret.txt", "secret"),
        ("a\u{202e}b", ""),
        ("Secret.txt/x", ""),
    ];
    let error = seal(&label, &artifacts(&files)).unwrap_err();
    let found: Vec<(&str, &str)> = error
        .problems
        .iter()
        .map(|problem| (problem.code, problem.subject.as_str()))
        .collect();
    let expected = [
        ("bundle-name", "id"),
        ("bundle-name", "version"),
        ("bundle-date", "date"),
        ("reserved-path", "Casefile.JSON"),
        ("file-and-folder", "Secret.txt/x"),
        ("unsafe-path", "a\u{202e}b"),
        ("withheld-file-included", "secret.txt"),
    ];
    assert_eq!(found, expected);
}
