//! The evidence under the digests that the report prints, the chain of custody, and what stands
//! beside the sealed files: signatures and timestamps.

use super::forgery::{edit_text, forge, relist};
use super::raw::Raw;
use super::{Files, check, failing, names, sample};
use crate::bundle::label;
use casefile::artifacts::{Artifact, Artifacts, Role};
use casefile::bundle::{Label, seal};
use casefile::digest::Sha256;
use casefile::verify::{Outcome, Verdict, Verification};
use std::collections::BTreeSet;

const LOG: &str = "data/case/custody.jsonl";
const LIST: &str = "data/casefile.json";
const EXHIBIT: &str = "data/evidence/EX-001_export.csv";

/// A chained log of some entries.
fn log(entries: usize) -> String {
    let mut previous = "0".repeat(64);
    let mut log = String::new();
    for number in 1..=entries {
        let line = format!(r#"{{"number":{number},"file":"f{number}","previous":"{previous}"}}"#);
        previous = Sha256::of(line.as_bytes()).to_string();
        log.push_str(&line);
        log.push('\n');
    }
    log
}

/// A bundle with evidence, statistics and a log of three entries.
fn whole() -> Files {
    let digests = format!(
        "{}  EX-001\n{}  EX-001 without access tokens\n{}  EX-002\n{}  statistics.json\n",
        Sha256::of(b"a,b\nsecret,2\n"),
        Sha256::of(b"a,b\n1,2\n"),
        Sha256::of(b"secret"),
        Sha256::of(b"{}\n"),
    );
    let evidence = Sha256::of(digests.as_bytes());
    let mut artifacts = Artifacts::default();
    for (path, text, role) in [
        ("digests.txt", digests, Role::Record),
        ("case/custody.jsonl", log(3), Role::Record),
        (
            "evidence/EX-001_export.csv",
            "a,b\n1,2\n".into(),
            Role::Evidence,
        ),
        ("report.html", "<p>shares</p>".into(), Role::Report),
        ("statistics.json", "{}\n".into(), Role::Data),
    ] {
        let bytes = text.into_bytes();
        let artifact = Artifact {
            bytes,
            media_type: "text/plain",
            role,
        };
        artifacts.add(path, artifact).unwrap();
    }
    seal(
        &Label {
            evidence,
            ..label()
        },
        &artifacts,
    )
    .unwrap()
    .files
}

/// Writes every list anew for the files as they are, as a forger would.
fn consistent(mut files: Files) -> Files {
    for path in ["data/ro-crate-metadata.json", "data/datapackage.json"] {
        let list: casefile::bundle::format::List = serde_json::from_slice(&files[LIST]).unwrap();
        for file in &list.files {
            let bytes = &files[&format!("data/{}", file.path)];
            let text = String::from_utf8(files[path].clone()).unwrap();
            let text = text.replace(&file.sha256.to_string(), &Sha256::of(bytes).to_string());
            // Only the log changes its length here.
            let text = match file.path.ends_with("jsonl") {
                true => text
                    .replace(
                        &format!("\"contentSize\": \"{}\"", file.bytes),
                        &format!("\"contentSize\": \"{}\"", bytes.len()),
                    )
                    .replace(
                        &format!("\"bytes\": {},", file.bytes),
                        &format!("\"bytes\": {},", bytes.len()),
                    ),
                false => text,
            };
            files.insert(path.into(), text.into_bytes());
        }
    }
    relist(&mut files);
    forge(&mut files, &[]);
    files
}

fn verify(files: &Files) -> Verification {
    check(&Raw::of(files).build())
}

#[test]
fn a_log_that_was_cut_or_edited_is_found_though_all_digests_agree() {
    let files = whole();
    assert_eq!(
        verify(&files).verdict,
        Verdict::Verified,
        "{}",
        verify(&files)
    );
    let three = log(3);
    let (first, rest) = three.split_at(three.find('\n').unwrap() + 1);
    let last = three.trim_end().rfind('\n').unwrap() + 1;
    let logs: [(&str, String, &str); 9] = [
        ("cut at the tail", log(2), "pins 3 entries"),
        (
            "cut at the head",
            rest.to_owned(),
            "breaks the chain: expected number 1",
        ),
        (
            "cut in the middle",
            format!("{first}{}", &three[last..]),
            "breaks the chain: expected number 2",
        ),
        ("extended", log(4), "pins 3 entries"),
        ("emptied", String::new(), "found 0 up to none"),
        (
            "edited at the head",
            three.replacen("\"f1\"", "\"fx\"", 1),
            "custody.jsonl:2",
        ),
        (
            "edited at the tail",
            three.replacen("\"f3\"", "\"fx\"", 1),
            "was cut or extended",
        ),
        (
            "without its last line feed",
            three.trim_end().to_owned(),
            "does not end in a line feed",
        ),
        (
            "with other line ends",
            three.replace('\n', "\r\n"),
            "breaks the chain: expected number 2",
        ),
    ];
    for (what, log, said) in logs {
        let mut forged = files.clone();
        forged.insert(LOG.into(), log.into_bytes());
        let verification = verify(&consistent(forged));
        assert_eq!(
            failing(&verification),
            BTreeSet::from(["custody"]),
            "{what}\n{verification}"
        );
        assert!(names(&verification, said), "{what}: {said}\n{verification}");
    }
}

#[test]
fn a_log_that_no_list_pins_and_a_pin_without_a_log_are_faults() {
    let mut files = whole();
    let list = String::from_utf8(files[LIST].clone()).unwrap();
    let (from, to) = (
        list.find("  \"custody\"").unwrap(),
        list.find("  \"files\"").unwrap(),
    );
    files.insert(
        LIST.into(),
        format!("{}{}", &list[..from], &list[to..]).into_bytes(),
    );
    forge(&mut files, &[]);
    let verification = verify(&files);
    assert_eq!(
        failing(&verification),
        BTreeSet::from(["custody"]),
        "{verification}"
    );

    let mut files = whole();
    files.remove(LOG);
    forge(&mut files, &[]);
    assert!(failing(&verify(&files)).contains("custody"));
}

/// What is done, how, which checks may fail, what is named.
type Edit = (
    &'static str,
    fn(&mut Files),
    &'static [&'static str],
    &'static str,
);

#[test]
fn evidence_that_the_report_does_not_rest_on_is_named() {
    let edits: [Edit; 8] = [
        (
            "other evidence",
            |files| drop(files.insert(EXHIBIT.into(), b"a,b\n1,3\n".to_vec())),
            &["evidence"],
            EXHIBIT,
        ),
        (
            "other statistics",
            |files| drop(files.insert("data/statistics.json".into(), b"[]\n".to_vec())),
            &["evidence"],
            "data/statistics.json",
        ),
        (
            "another list of digests",
            |files| {
                let digest = Sha256::of(b"a,b\n1,2\n").to_string();
                edit_text(
                    files,
                    "data/digests.txt",
                    &digest,
                    &Sha256::of(b"x").to_string(),
                );
            },
            &["evidence"],
            "data/digests.txt",
        ),
        (
            "a digest that the list does not state",
            |files| {
                let list: casefile::bundle::format::List =
                    serde_json::from_slice(&files[LIST]).unwrap();
                edit_text(
                    files,
                    LIST,
                    &list.evidence.to_string(),
                    &Sha256::of(b"x").to_string(),
                );
            },
            &["bag-info", "evidence"],
            "data/digests.txt",
        ),
        (
            "a file under no exhibit",
            |files| {
                let bytes = files.remove(EXHIBIT).unwrap();
                files.insert("data/evidence/export.csv".into(), bytes);
            },
            &["data-package", "evidence", "list", "ro-crate"],
            "is not called by an exhibit",
        ),
        (
            "an exhibit that is gone",
            |files| drop(files.remove(EXHIBIT)),
            &["data-package", "evidence", "list", "ro-crate"],
            "states EX-001, of which the bundle holds no file",
        ),
        (
            "a second file of an exhibit",
            |files| {
                let twin = "data/evidence/EX-001_twin.csv";
                files.insert(twin.into(), b"a,b\n1,2\n".to_vec());
            },
            &["data-package", "evidence", "list", "ro-crate"],
            "is one of 2 files that are called by EX-001",
        ),
        (
            "an exhibit that is stated twice",
            |files| {
                let digests = files.get_mut("data/digests.txt").unwrap();
                digests.extend(format!("{}  EX-001\n", Sha256::of(b"x")).bytes());
            },
            &["bag-info", "data-package", "evidence", "list", "ro-crate"],
            "states EX-001 a second time",
        ),
    ];
    for (what, edit, expected, named) in edits {
        let mut files = whole();
        edit(&mut files);
        let files = if expected.contains(&"list") {
            forge(&mut files, &[]);
            files
        } else {
            consistent(files)
        };
        let verification = verify(&files);
        let failing = failing(&verification);
        assert!(failing.contains("evidence"), "{what}\n{verification}");
        assert!(
            failing.iter().all(|check| expected.contains(check)),
            "{what}\n{verification}"
        );
        assert!(
            names(&verification, named),
            "{what}: {named}\n{verification}"
        );
    }
}

#[test]
fn signatures_and_timestamps_stand_in_one_sequence_and_change_no_root() {
    let files = sample().files;
    let with = |paths: &[&str]| {
        let mut files = files.clone();
        files.extend(paths.iter().map(|path| ((*path).to_owned(), b"x".to_vec())));
        verify(&files)
    };
    let root = verify(&files).root;
    let sequences: [&[&str]; 4] = [
        &["timestamps/1.tsr"],
        &["timestamps/1.tsr", "timestamps/1.tsq", "timestamps/1.pem"],
        &["timestamps/1.tsr", "timestamps/2.tsr", "timestamps/2.pem"],
        &["signatures/1.sig", "signatures/2.sig"],
    ];
    for paths in sequences {
        let verification = with(paths);
        assert_eq!(verification.root, root);
        assert!(
            !names(&verification, "out of sequence"),
            "{paths:?}\n{verification}"
        );
        assert!(
            !failing(&verification).contains("bag"),
            "{paths:?}\n{verification}"
        );
    }
    for path in [
        "signatures/0.sig",
        "signatures/2.sig",
        "signatures/01.sig",
        "signatures/+1.sig",
        "signatures/1.SIG",
        "signatures/1.asc",
        "signatures/a/1.sig",
        "signatures/x.sig",
        "signatures/99999999999999999999999.sig",
        "timestamps/1.tsq",
        "timestamps/1.pem",
        "timestamps/2.tsr",
        "timestamps/1.sig",
    ] {
        let verification = with(&[path]);
        assert!(
            failing(&verification).contains("bag"),
            "{path}\n{verification}"
        );
        assert!(names(&verification, path), "{path}\n{verification}");
        assert_eq!(verification.root, root);
    }
    // No signature, and none that could be checked: neither passes.
    let unsigned = verify(&files);
    let of = |verification: &Verification| {
        let check = verification
            .checks
            .iter()
            .find(|check| check.name == "signature");
        check.map(|check| check.outcome.clone())
    };
    assert!(matches!(of(&unsigned), Some(Outcome::NotChecked { .. })));
    assert!(matches!(
        of(&with(&["signatures/1.sig"])),
        Some(Outcome::Failed { .. })
    ));
}
