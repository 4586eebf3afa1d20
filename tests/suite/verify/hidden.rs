//! What a description could say twice or in another place, so that two readers see two things; and
//! files of a few kilobytes that would fill the memory of a careless reader, or keep it busy.

use super::foreign::PROGRAMS;
use super::forgery::{after, edit_text, forge, relist};
use super::{Files, check, sample};
use casefile::verify::Verdict;

const CRATE: &str = "data/ro-crate-metadata.json";
const PACKAGE: &str = "data/datapackage.json";
const LIST: &str = "data/casefile.json";

#[test]
fn a_second_statement_of_the_same_thing_is_a_fault() {
    let edits: [(&str, &str, &str, &[&str]); 10] = [
        (
            CRATE,
            "\"contentSize\": \"13\"",
            "\"contentSize\": \"13\", \"contentSize\": \"14\"",
            &["ro-crate"],
        ),
        (
            CRATE,
            "\"@graph\"",
            "\"@graph\": [], \"@graph\"",
            &["ro-crate"],
        ),
        (
            CRATE,
            "\"@graph\": [",
            "\"@graph\": [ {\"@id\": \"report.html\", \"sha256\": \"0\"},",
            &["ro-crate"],
        ),
        (
            CRATE,
            "\"@graph\": [",
            "\"@graph\": [ {\"@id\": \"./report.html\", \"sha256\": \"0\"},",
            &["ro-crate"],
        ),
        (
            CRATE,
            "\"@graph\": [",
            "\"@graph\": [ {\"@id\": \"./report.html\", \"@type\": [\"File\"]},",
            &["ro-crate"],
        ),
        (
            CRATE,
            "\"@graph\": [",
            "\"@graph\": [ {\"@id\": \"./\", \"name\": \"other\"},",
            &["ro-crate"],
        ),
        (
            CRATE,
            "\"@id\": \"./\"",
            "\"@id\": \"./other/\"",
            &["ro-crate"],
        ),
        (
            PACKAGE,
            "\"path\": \"report.html\"",
            "\"path\": \"report.html\", \"data\": [1]",
            &["data-package"],
        ),
        (
            PACKAGE,
            "\"path\": \"report.html\"",
            "\"path\": \"report.html\", \"path\": \"report.html\"",
            &["data-package"],
        ),
        (
            PACKAGE,
            "\"resources\": [",
            "\"resources\": [], \"resources\": [",
            &["data-package"],
        ),
    ];
    for (list, from, to, expected) in edits {
        let edit = |files: &mut Files| {
            edit_text(files, list, from, to);
            relist(files);
        };
        assert_eq!(after(edit, &[]), expected, "{from} -> {to}");
    }
}

#[test]
fn a_list_of_values_that_the_format_does_not_allow_is_a_fault() {
    for (from, to) in [
        ("\"version\": \"1.0.0\"", "\"version\": \"1.0 0\""),
        ("\"version\": \"1.0.0\"", "\"version\": \"\""),
        ("\"id\": \"toy\"", "\"id\": \".toy\""),
        ("\"date\": \"2026-11-23\"", "\"date\": \"23 Nov 2026\""),
    ] {
        let mut files = sample().files;
        edit_text(&mut files, LIST, from, to);
        forge(&mut files, &[]);
        let verification = casefile::verify::folder(&files);
        let found = verification.failures().any(|check| check.name == "list");
        assert!(found, "{from} -> {to}\n{verification}");
    }
}

/// Packed by a common program, with a list that states the size of what was put in.
fn packed(path: &str, bytes: Vec<u8>) -> Vec<u8> {
    let mut files = sample().files;
    files.insert(path.into(), bytes);
    if path != LIST && path.starts_with("data/") {
        relist(&mut files);
    }
    PROGRAMS[2].pack(&files)
}

#[test]
fn a_small_file_that_grows_into_millions_of_faults_or_values_is_refused() {
    const SIZE: usize = 48 << 20;
    let of = |open: &str, one: &str, close: &str| {
        [open, &one.repeat(SIZE / one.len()), close]
            .concat()
            .into_bytes()
    };
    let cases = [
        ("manifest-sha256.txt", of("", "\n", "")),
        ("SHA256SUMS", of("", "x\n", "")),
        ("bag-info.txt", of("", "\n", "")),
        ("data/digests.txt", of("", "\n", "")),
        (CRATE, of("{\"@graph\":[", "{},", "{}]}")),
        (
            CRATE,
            of(
                "{\"@graph\":[{\"hasPart\":[",
                "{\"@id\":\"\"},",
                "{\"@id\":\"\"}]}]}",
            ),
        ),
        (CRATE, of("{\"x\":[", "0,", "0]}")),
        (CRATE, of("{\"@graph\":", "[", "")),
        (PACKAGE, of("{\"resources\":[", "{},", "{}]}")),
        (LIST, of("{\"casefile\":2,\"files\":[", "{},", "{}]}")),
        (LIST, of("", "[", "")),
    ];
    for (path, bytes) in cases {
        let packed = packed(path, bytes);
        assert!(packed.len() < SIZE / 50, "{path}: {} bytes", packed.len());
        let verification = check(&packed);
        assert_eq!(verification.verdict, Verdict::Failed, "{path}");
        // All that is kept of it is what is reported.
        assert!(verification.checks.len() < 400_000, "{path}");
    }
}

#[test]
fn a_great_many_signatures_parts_or_folders_cost_no_time() {
    let mut files = sample().files;
    for number in 1..=30_000 {
        files.insert(format!("signatures/{number}.sig"), b"x".to_vec());
        files.insert(format!("timestamps/{}.tsr", number + 1), b"x".to_vec());
    }
    let parts = "{\"@id\": \"other\"},".repeat(60_000);
    edit_text(
        &mut files,
        CRATE,
        "\"hasPart\": [",
        &format!("\"hasPart\": [{parts}"),
    );
    relist(&mut files);
    forge(&mut files, &[]);
    let verification = check(&super::raw::Raw::of(&files).build());
    assert_eq!(verification.verdict, Verdict::Failed);
}
