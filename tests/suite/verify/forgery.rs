//! Edits in a perfect container, with the bag's own files written anew to hide them.

use super::raw::Raw;
use super::{Files, check, failing, names, sample};
use casefile::digest::Sha256;
use casefile::verify;
use std::collections::BTreeSet;

/// A file of the bag and its text, given the other files.
type Writer = (&'static str, fn(&Files) -> String);

/// Writes the bag's own files anew for the payload, as a forger would, except those that are kept.
pub fn forge(files: &mut Files, keep: &[&str]) {
    let writers: [Writer; 4] = [
        ("bag-info.txt", |files| {
            let payload: Vec<&Vec<u8>> = files
                .iter()
                .filter(|(path, _)| path.starts_with("data/"))
                .map(|(_, bytes)| bytes)
                .collect();
            let octets: usize = payload.iter().map(|bytes| bytes.len()).sum();
            let oxum = format!("Payload-Oxum: {octets}.{}", payload.len());
            let info = String::from_utf8_lossy(&files["bag-info.txt"]);
            let lines = info.lines().map(|line| {
                if line.starts_with("Payload-Oxum") {
                    &oxum
                } else {
                    line
                }
            });
            lines.map(|line| format!("{line}\n")).collect()
        }),
        ("manifest-sha256.txt", |files| {
            digests(files, |path| path.starts_with("data/")).replace('%', "%25")
        }),
        ("SHA256SUMS", |files| {
            digests(files, |path| {
                path != "SHA256SUMS" && path != "tagmanifest-sha256.txt"
            })
        }),
        ("tagmanifest-sha256.txt", |files| {
            digests(files, |path| {
                !path.starts_with("data/") && path != "tagmanifest-sha256.txt"
            })
        }),
    ];
    for (path, write) in writers {
        if !keep.contains(&path) {
            let text = write(files);
            files.insert(path.to_owned(), text.into_bytes());
        }
    }
}

fn digests(files: &Files, covers: fn(&str) -> bool) -> String {
    let covered = files.iter().filter(|(path, _)| covers(path));
    covered
        .map(|(path, bytes)| format!("{}  {path}\n", Sha256::of(bytes)))
        .collect()
}

/// The lists that state the payload.
const LISTS: [&str; 3] = [
    "data/casefile.json",
    "data/ro-crate-metadata.json",
    "data/datapackage.json",
];

/// Replaces a text in the list.
pub fn edit_list(files: &mut Files, from: &str, to: &str) {
    edit_text(files, LISTS[0], from, to);
}

/// Replaces a text in a file.
pub fn edit_text(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[path].clone()).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    files.insert(path.into(), text.replacen(from, to, 1).into_bytes());
}

/// Writes sizes and digests of the two other lists anew into the first.
pub fn relist(files: &mut Files) {
    let mut list: casefile::bundle::format::List =
        serde_json::from_slice(&files[LISTS[0]]).unwrap();
    for file in &mut list.files {
        let bytes = &files[&format!("data/{}", file.path)];
        file.bytes = bytes.len() as u64;
        file.sha256 = Sha256::of(bytes);
    }
    files.insert(LISTS[0].into(), list.to_json().into_bytes());
}

/// Applies an edit, forges all else but what is kept, and says which checks fail.
pub fn after(edit: impl Fn(&mut Files), keep: &[&str]) -> Vec<&'static str> {
    let mut files = sample().files;
    edit(&mut files);
    forge(&mut files, keep);
    let packed = check(&Raw::of(&files).build());
    let unpacked = verify::folder(&files);
    assert_eq!(failing(&packed), failing(&unpacked), "{packed}\n{unpacked}");
    failing(&packed).into_iter().collect()
}

#[test]
fn a_forger_who_forgets_one_file_is_found_out_by_it() {
    let edit = |files: &mut Files| {
        drop(files.insert("data/report.html".into(), b"<p>sharez</p>".to_vec()))
    };
    assert_eq!(after(edit, &[]), ["data-package", "list", "ro-crate"]);
    assert_eq!(
        after(edit, &["manifest-sha256.txt"]),
        ["data-package", "list", "payload-manifest", "ro-crate"]
    );
    assert_eq!(
        after(edit, &["SHA256SUMS"]),
        ["checksums", "data-package", "list", "ro-crate"]
    );
    assert_eq!(
        after(edit, &["tagmanifest-sha256.txt"]),
        ["data-package", "list", "ro-crate", "tag-manifest"]
    );

    let digests = [
        Sha256::of(b"<p>shares</p>").to_string(),
        Sha256::of(b"<p>sharez</p>").to_string(),
    ];
    let consistent = |files: &mut Files| {
        edit(files);
        for list in LISTS {
            edit_text(files, list, &digests[0], &digests[1]);
        }
        relist(files);
    };
    assert_eq!(
        after(consistent, &[]),
        [""; 0],
        "only the published digest tells this from the original"
    );
    assert_eq!(after(consistent, &["SHA256SUMS"]), ["checksums"]);
    assert_eq!(
        after(consistent, &["manifest-sha256.txt"]),
        ["payload-manifest"]
    );
    assert_eq!(
        after(consistent, &["tagmanifest-sha256.txt"]),
        ["tag-manifest"]
    );
    let longer = |files: &mut Files| {
        drop(files.insert("data/report.html".into(), b"<p>longer</p> ".to_vec()))
    };
    assert_eq!(
        after(longer, &["bag-info.txt"]),
        ["bag-info", "data-package", "list", "ro-crate"]
    );
}

#[test]
fn the_list_must_agree_with_everything_and_have_its_one_form() {
    let cases: [(&str, &str, &[&str]); 14] = [
        ("\"casefile\": 2", "\"casefile\": 3", &["list"]),
        ("\"casefile\": 2", "\"casefile\": \"2\"", &["list"]),
        (
            "\"id\": \"toy\"",
            "\"id\": \"boy\"",
            &["bag-info", "data-package", "list", "ro-crate"],
        ),
        (
            "\"edition\": \"public\"",
            "\"edition\": \"full\"",
            &["bag-info", "data-package", "list", "ro-crate"],
        ),
        (
            "Who is shown",
            "Who was shown",
            &["bag-info", "data-package", "ro-crate"],
        ),
        (
            "2026-11-23",
            "2026-11-24",
            &["bag-info", "data-package", "ro-crate"],
        ),
        ("\"publisher\": \"A newsroom\",\n  ", "", &["bag-info"]),
        ("\"bytes\": 13", "\"bytes\": 14", &["list"]),
        ("\"bytes\": 13", "\"bytes\": 13.0", &["list"]),
        ("\"role\": \"data\"", "\"role\": \"dato\"", &["list"]),
        (
            "report.html",
            "../report.html",
            &["data-package", "list", "ro-crate"],
        ),
        ("  \"files\"", "   \"files\"", &["list"]),
        ("  \"files\"", "  \"secret\": 1,\n  \"files\"", &["list"]),
        ("  \"files\"", "  \"id\": \"toy\",\n  \"files\"", &["list"]),
    ];
    for (from, to, expected) in cases {
        // The unpacked bag has no folder whose name could disagree, so the zip is checked alone.
        let mut files = sample().files;
        edit_list(&mut files, from, to);
        forge(&mut files, &[]);
        let verification = check(&Raw::of(&files).build());
        let failing: Vec<&str> = failing(&verification).into_iter().collect();
        assert_eq!(failing, expected, "{from} -> {to}\n{verification}");
    }
}

#[test]
fn a_header_that_is_wrong_doubled_unknown_or_missing_is_named() {
    for (from, to, named) in [
        (
            "2026-11-23",
            "2026-11-24",
            "Bagging-Date: expected `2026-11-23`, found `2026-11-24`",
        ),
        ("Bagging-Date: 2026-11-23\n", "", "has no Bagging-Date"),
        (
            "Casefile-Edition",
            "Bagging-Date: 1999-01-01\nCasefile-Edition",
            "has Bagging-Date 2 times",
        ),
        (
            "Casefile-Edition",
            "X: 1\nCasefile-Edition",
            "does not know, `X`",
        ),
        (
            "Payload-Oxum: ",
            "Payload-Oxum:  ",
            "Payload-Oxum: expected",
        ),
        ("\n", "\r\n", "is not written as the format demands"),
    ] {
        let mut files = sample().files;
        let info = String::from_utf8(files["bag-info.txt"].clone())
            .unwrap()
            .replacen(from, to, 1);
        files.insert("bag-info.txt".into(), info.into_bytes());
        forge(&mut files, &["bag-info.txt"]);
        let verification = check(&Raw::of(&files).build());
        assert_eq!(
            failing(&verification),
            BTreeSet::from(["bag-info"]),
            "{verification}"
        );
        assert!(names(&verification, named), "{named}\n{verification}");
    }
}

#[test]
fn a_manifest_has_one_form_only() {
    for edit in [
        |text: &str| text.to_uppercase().replace("DATA/", "data/"),
        |text: &str| text.replace("  ", " *"),
        |text: &str| text.replace('\n', "\r\n"),
        |text: &str| text.trim_end().to_owned(),
        |text: &str| format!("{text}\n"),
        |text: &str| format!("\u{feff}{text}"),
        |text: &str| text.lines().rev().map(|line| format!("{line}\n")).collect(),
        |text: &str| {
            text.lines()
                .map(|line| format!("{line}\n{line}\n"))
                .collect()
        },
        |text: &str| text.replace("data/", "./data/"),
        |text: &str| text.replace("%25", "%"),
    ] {
        let mut files = sample().files;
        let text = edit(std::str::from_utf8(&files["manifest-sha256.txt"]).unwrap());
        files.insert("manifest-sha256.txt".into(), text.clone().into_bytes());
        forge(&mut files, &["manifest-sha256.txt"]);
        let verification = verify::folder(&files);
        assert!(
            failing(&verification).contains("payload-manifest"),
            "{text}\n{verification}"
        );
    }
}

#[test]
fn a_withheld_file_in_the_bundle_is_found_under_any_name() {
    let mut files = sample().files;
    files.insert("data/innocent.txt".into(), b"secret".to_vec());
    forge(&mut files, &[]);
    let verification = check(&Raw::of(&files).build());
    assert_eq!(failing(&verification), BTreeSet::from(["list", "withheld"]));
    assert!(names(&verification, "exhibit EX-002"), "{verification}");
}

#[test]
fn a_change_hidden_in_one_or_two_of_the_three_standards_is_found_by_the_rest() {
    let old = Sha256::of(b"<p>shares</p>").to_string();
    let new = Sha256::of(b"<p>sharez</p>").to_string();
    let checks = ["list", "ro-crate", "data-package"];
    for hidden in 0..7 {
        let inside = |index: usize| hidden & (1 << index) != 0;
        let edit = |files: &mut Files| {
            files.insert("data/report.html".into(), b"<p>sharez</p>".to_vec());
            for (index, list) in LISTS.iter().enumerate() {
                if inside(index) {
                    edit_text(files, list, &old, &new);
                }
            }
            if inside(0) {
                relist(files);
            }
        };
        let failing = after(edit, &[]);
        for (index, check) in checks.iter().enumerate() {
            // The list names the other two, so that editing these alone shows in it as well.
            if !inside(index) {
                assert!(failing.contains(check), "{hidden}: {failing:?}");
            }
        }
    }
}

#[test]
fn a_weaker_digest_in_place_of_a_strong_one_is_a_fault() {
    let sha256 = Sha256::of(b"<p>shares</p>").to_string();
    let weaker = |files: &mut Files| {
        let to = "md5:d41d8cd98f00b204e9800998ecf8427e";
        edit_text(files, LISTS[2], &format!("sha256:{sha256}"), to);
        relist(files);
    };
    assert_eq!(after(weaker, &[]), ["data-package"]);
    let without = |files: &mut Files| {
        let from = format!("\"sha256\": \"{sha256}\"");
        edit_text(
            files,
            LISTS[1],
            &from,
            "\"md5\": \"d41d8cd98f00b204e9800998ecf8427e\"",
        );
        relist(files);
    };
    assert_eq!(after(without, &[]), ["ro-crate"]);
    let added = |files: &mut Files| {
        files.insert(
            "manifest-md5.txt".into(),
            b"d41d8cd98f00b204e9800998ecf8427e  data/empty.txt\n".to_vec(),
        );
    };
    assert!(after(added, &[]).contains(&"bag"));
}

#[test]
fn another_file_in_a_description_or_one_too_few_is_named() {
    let edits: [(&str, &str, &str, &str); 6] = [
        (
            LISTS[1],
            "\"@id\": \"empty.txt\",",
            "\"@id\": \"other.txt\",",
            "ro-crate",
        ),
        (
            LISTS[1],
            "\"@type\": \"File\"",
            "\"@type\": \"Book\"",
            "ro-crate",
        ),
        (
            LISTS[1],
            "\"contentSize\": \"13\"",
            "\"contentSize\": \"013\"",
            "ro-crate",
        ),
        (
            LISTS[1],
            "\"version\": \"1.0.0\"",
            "\"version\": \"1.0.1\"",
            "ro-crate",
        ),
        (
            LISTS[2],
            "\"path\": \"empty.txt\"",
            "\"path\": \"../empty.txt\"",
            "data-package",
        ),
        (
            LISTS[2],
            "\"mediatype\": \"text/plain\"",
            "\"mediatype\": \"text/html\"",
            "data-package",
        ),
    ];
    for (list, from, to, check) in edits {
        let edit = |files: &mut Files| {
            edit_text(files, list, from, to);
            relist(files);
        };
        assert_eq!(after(edit, &[]), [check], "{from} -> {to}");
    }
}
