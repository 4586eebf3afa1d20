//! Verification: whatever is done to a bundle is noticed and named.

use super::bundle::{artifacts, label, sample};
use casefile::bundle::{Bundle, Edition, Label, seal};
use casefile::digest::Sha256;
use casefile::verify::{self, Outcome, Verdict, Verification};
use std::collections::{BTreeMap, BTreeSet};

mod attacks;
mod damage;
mod foreign;
mod forgery;
mod hidden;
pub mod raw;
mod record;
mod repacked;

use attacks::add;
use raw::Raw;

type Files = BTreeMap<String, Vec<u8>>;

fn check(bytes: &[u8]) -> Verification {
    verify::zip("toy-1.0.0.zip", bytes)
}

/// The checks that did not pass: failed, or of a container that another program packed.
fn failing(verification: &Verification) -> BTreeSet<&'static str> {
    let wanting =
        |outcome: &Outcome| matches!(outcome, Outcome::Failed { .. } | Outcome::Rebuilt { .. });
    let checks = verification.checks.iter();
    checks
        .filter(|check| wanting(&check.outcome))
        .map(|check| check.name)
        .collect()
}

/// Whether some check that did not pass names the text as its subject or in a reason.
fn names(verification: &Verification, text: &str) -> bool {
    verification
        .checks
        .iter()
        .any(|check| match &check.outcome {
            Outcome::Failed { reason } => check.subject.contains(text) || reason.contains(text),
            Outcome::Rebuilt { reasons } => reasons.iter().any(|reason| reason.contains(text)),
            _ => false,
        })
}

/// The entry or structure that each byte of the bundle belongs to, by the documented layout.
fn owners(bundle: &Bundle) -> Vec<String> {
    let (mut local, mut central) = (Vec::new(), Vec::new());
    for (path, bytes) in &bundle.files {
        let name = format!("toy-1.0.0/{path}");
        local.extend(std::iter::repeat_n(
            name.clone(),
            30 + name.len() + bytes.len(),
        ));
        central.extend(std::iter::repeat_n(name.clone(), 46 + name.len()));
    }
    local.extend(central);
    local.extend(std::iter::repeat_n(
        "end of central directory".to_owned(),
        22,
    ));
    assert_eq!(local.len(), bundle.bytes.len());
    local
}

#[test]
fn a_sealed_bundle_passes_every_check() {
    let bundle = sample();
    let verification = verify::zip(&bundle.name, &bundle.bytes);
    assert!(verification.passed(), "{verification}");
    assert_eq!(verification.sha256, Some(bundle.sha256));
    assert_eq!(verification.root, Some(bundle.root));
    let checks: Vec<&str> = verification.checks.iter().map(|check| check.name).collect();
    let expected = [
        "container",
        "names",
        "bag",
        "payload-manifest",
        "tag-manifest",
        "checksums",
        "list",
        "ro-crate",
        "data-package",
        "bag-info",
        "evidence",
        "custody",
        "withheld",
        "signature",
        "timestamp",
    ];
    assert_eq!(checks, expected);
    assert!(
        verification
            .checks
            .iter()
            .all(|check| matches!(check.outcome, Outcome::Passed { .. })
                || ["signature", "timestamp"].contains(&check.name)),
        "all but the signature, which it does not have"
    );
}

#[test]
fn an_unpacked_bag_passes_and_has_the_root_of_the_zip() {
    for edition in [Edition::Public, Edition::Full] {
        let bundle = seal(
            &Label { edition, ..label() },
            &artifacts(&[("ä", "1"), ("b", "2")]),
        )
        .unwrap();
        let verification = verify::folder(&bundle.files);
        assert!(verification.passed(), "{verification}");
        assert_eq!(verification.root, Some(bundle.root));
        assert!(matches!(
            verification.checks[0].outcome,
            Outcome::NotChecked { .. }
        ));
    }
}

#[test]
fn any_flipped_byte_is_named_with_its_owner() {
    let bundle = sample();
    for (at, owner) in owners(&bundle).iter().enumerate() {
        for mask in [0x01, 0x20, 0xFF] {
            let mut bytes = bundle.bytes.clone();
            bytes[at] ^= mask;
            let verification = check(&bytes);
            assert!(
                failing(&verification).contains("container"),
                "byte {at} ^ {mask:#x}\n{verification}"
            );
            assert!(
                names(&verification, owner),
                "byte {at} ^ {mask:#x} of {owner}\n{verification}"
            );
        }
    }
}

#[test]
fn any_flipped_byte_of_an_unpacked_file_is_named() {
    let files = sample().files;
    for (path, bytes) in &files {
        for at in 0..bytes.len() {
            for mask in [0x01, 0x20, 0xFF] {
                let mut files = files.clone();
                files.get_mut(path).unwrap()[at] ^= mask;
                let verification = verify::folder(&files);
                assert!(!verification.passed(), "byte {at} of {path} ^ {mask:#x}");
                assert!(
                    names(&verification, path),
                    "byte {at} of {path} ^ {mask:#x}\n{verification}"
                );
            }
        }
    }
}

#[test]
fn any_removed_byte_is_noticed() {
    let bundle = sample();
    for at in 0..bundle.bytes.len() {
        let mut bytes = bundle.bytes.clone();
        bytes.remove(at);
        let verification = check(&bytes);
        assert!(
            failing(&verification).contains("container"),
            "without byte {at}\n{verification}"
        );
    }
}

#[test]
fn any_inserted_byte_is_noticed() {
    let bundle = sample();
    for at in (0..=bundle.bytes.len())
        .step_by(3)
        .chain([bundle.bytes.len()])
    {
        for byte in [0, b'P', 0xFF] {
            let mut bytes = bundle.bytes.clone();
            bytes.insert(at, byte);
            let verification = check(&bytes);
            assert!(
                failing(&verification).contains("container"),
                "{byte} at {at}\n{verification}"
            );
        }
    }
}

#[test]
fn a_bundle_cut_anywhere_is_noticed_and_what_is_left_is_checked() {
    let bundle = sample();
    for length in 0..bundle.bytes.len() {
        let verification = check(&bundle.bytes[..length]);
        assert!(
            failing(&verification).contains("container"),
            "{length} bytes\n{verification}"
        );
        assert!(
            names(&verification, "end of central directory"),
            "{length} bytes\n{verification}"
        );
    }
    let without_directory = bundle.bytes.len() - 22 - 46;
    let verification = check(&bundle.bytes[..without_directory]);
    assert_eq!(
        failing(&verification),
        BTreeSet::from(["container"]),
        "{verification}"
    );
}

#[test]
fn heaps_of_damage_never_pass_and_never_panic() {
    let bundle = sample();
    let mut state = 1u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..3000 {
        let mut bytes = bundle.bytes.clone();
        for _ in 0..=next(6) {
            let at = next(bytes.len());
            let length = next(40).min(bytes.len() - at);
            match next(4) {
                0 => bytes[at] = [0, 0xFF, b'P', 0x7F][next(4)],
                1 => bytes.truncate(at.max(1)),
                2 => drop(bytes.splice(at..at + length, std::iter::repeat_n(0xFF, next(9)))),
                _ => {
                    let copy = bytes[at..at + length].to_vec();
                    let to = next(bytes.len());
                    drop(bytes.splice(to..to, copy));
                }
            }
        }
        let same = bytes == bundle.bytes;
        assert_eq!(check(&bytes).verdict == Verdict::Verified, same);
    }
}

#[test]
fn any_missing_extra_or_renamed_file_is_named_in_a_perfect_container() {
    let bundle = sample();
    assert!(check(&Raw::of(&bundle.files).build()).passed());
    for path in bundle.files.keys() {
        let mut without = bundle.files.clone();
        let bytes = without.remove(path).unwrap();
        let verification = check(&Raw::of(&without).build());
        assert!(names(&verification, path), "without {path}\n{verification}");
        assert!(
            !failing(&verification).contains("container"),
            "{verification}"
        );

        without.insert(format!("{path}.old"), bytes);
        let verification = check(&Raw::of(&without).build());
        assert!(
            names(&verification, path) && names(&verification, &format!("{path}.old")),
            "{verification}"
        );
    }
    for path in [
        "data/new.txt",
        "data/tables/a",
        "fetch.txt",
        "manifest-md5.txt",
        "zzz/a",
    ] {
        let mut more = bundle.files.clone();
        more.insert(path.to_owned(), b"new".to_vec());
        let verification = check(&Raw::of(&more).build());
        assert!(names(&verification, path), "{path}\n{verification}");
    }
}

#[test]
fn all_faults_are_reported_not_only_the_first() {
    let mut files = sample().files;
    files.insert("data/report.html".into(), b"other".to_vec());
    files.insert("data/new.txt".into(), b"new".to_vec());
    files.remove("data/empty.txt");
    let verification = check(&Raw::of(&files).build());
    let text = verification.to_string();
    let found = Sha256::of(b"other");
    let expected = Sha256::of(b"<p>shares</p>");
    for line in [
        format!(
            "payload-manifest  data/report.html: is altered: manifest-sha256.txt expects {expected}, found {found}"
        ),
        "payload-manifest  data/new.txt: is extra: manifest-sha256.txt does not list it".into(),
        "payload-manifest  data/empty.txt: is missing".into(),
        "list              data/new.txt: is extra: data/casefile.json does not list it".into(),
        "checksums         data/empty.txt: is missing".into(),
    ] {
        assert!(text.contains(&line), "{line}\n{text}");
    }
}

#[test]
fn a_zip_inside_the_bundle_is_not_taken_for_the_bundle() {
    let inner = Raw::of(&BTreeMap::from([("inner.txt".to_owned(), b"x".to_vec())])).build();
    let mut artifacts = artifacts(&[("a.txt", "1")]);
    let media_type = "application/zip";
    let role = casefile::artifacts::Role::Evidence;
    artifacts
        .add(
            "inner.zip",
            casefile::artifacts::Artifact {
                bytes: inner,
                media_type,
                role,
            },
        )
        .unwrap();
    let bundle = seal(&label(), &artifacts).unwrap();
    assert!(check(&bundle.bytes).passed());
    let verification = check(&bundle.bytes[..bundle.bytes.len() - 1]);
    assert_eq!(
        failing(&verification),
        BTreeSet::from(["container"]),
        "{verification}"
    );
    assert!(!names(&verification, "inner.txt"), "{verification}");
}

#[test]
fn what_is_no_bundle_is_said_to_be_none() {
    let inputs: [&[u8]; 5] = [b"", b"PK", b"PK\x05\x06", &[0; 22], &[0xFF; 5000]];
    for bytes in inputs {
        let verification = check(bytes);
        assert_eq!(
            failing(&verification),
            BTreeSet::from(["bag", "container"]),
            "{verification}"
        );
        let not_checked = verification
            .checks
            .iter()
            .filter(|c| matches!(c.outcome, Outcome::NotChecked { .. }));
        assert_eq!(not_checked.count(), 12);
    }
    assert!(!verify::folder(&Files::new()).passed());
}

#[test]
fn verdicts_cannot_act_on_the_terminal() {
    let mut zip = Raw::of(&sample().files);
    add(&mut zip, "toy-1.0.0/zz\x1b[2J\u{202e}txt\n  passed");
    let text = verify::zip("\x1b]0;x\x07.zip", &zip.build()).to_string();
    assert!(
        text.contains("zz\\u{1b}[2J\\u{202e}txt\\u{a}  passed"),
        "{text}"
    );
    assert!(
        !text.contains(|c: char| c.is_control() && c != '\n'),
        "{text:?}"
    );
    assert!(text.contains("\nNOT verified: "), "{text}");
}

#[test]
fn verdicts_are_also_data() {
    let json = serde_json::to_value(check(b"")).unwrap();
    assert_eq!(json["sha256"], Sha256::of(b"").to_string());
    assert_eq!(json["checks"][0]["name"], "container");
    assert_eq!(json["checks"][0]["outcome"], "failed");
    assert!(json["checks"][0]["reason"].is_string());
    assert!(
        json["checks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|check| check["outcome"] == "not-checked")
    );
}
