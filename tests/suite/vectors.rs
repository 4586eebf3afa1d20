//! The test vectors of the format: each has exactly the verdict that stands in their list.

use super::support::root;
use casefile::digest::Sha256;
use casefile::verify::signature::Signers;
use casefile::verify::timestamp::Authorities;
use casefile::verify::{self, Known, Outcome, Verification};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    root().join("tests/vectors")
}

fn vectors() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("verdicts.json")).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    list["vectors"].as_array().unwrap().clone()
}

fn text<'v>(vector: &'v Value, field: &str) -> &'v str {
    vector[field].as_str().unwrap()
}

/// What the verifier of a vector knows from elsewhere.
fn known(vector: &Value) -> Known {
    let given = |what: &str| Some(folder().join(vector["known"][what].as_str()?));
    Known {
        signers: given("signers")
            .map(|path| Signers::parse(&std::fs::read_to_string(path).unwrap()).unwrap()),
        authorities: given("authorities")
            .map(|path| Authorities::parse(&std::fs::read(path).unwrap()).unwrap()),
    }
}

fn verify(vector: &Value) -> Verification {
    let file = text(vector, "file");
    verify::file(file, &folder().join("zips").join(file), &known(vector)).unwrap()
}

/// The checks that did not pass: name, subject, outcome.
type Checks = BTreeSet<(String, String, String)>;

fn found(verification: &Verification) -> Checks {
    let wanting = verification.checks.iter().filter_map(|check| {
        let outcome = match check.outcome {
            Outcome::Passed { .. } => return None,
            Outcome::Rebuilt { .. } => "rebuilt",
            Outcome::Failed { .. } => "failed",
            Outcome::NotChecked { .. } => "not-checked",
        };
        Some((check.name.into(), check.subject.clone(), outcome.into()))
    });
    wanting.collect()
}

fn expected(vector: &Value) -> Checks {
    let checks = vector["checks"].as_array().unwrap().iter();
    let owned = |check: &Value, field| text(check, field).to_owned();
    checks
        .map(|check| {
            (
                owned(check, "name"),
                owned(check, "subject"),
                owned(check, "outcome"),
            )
        })
        .collect()
}

#[test]
fn every_vector_has_exactly_its_verdict_and_its_checks() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        let verification = verify(&vector);
        let verdict = serde_json::to_value(verification.verdict).unwrap();
        let (found, expected) = (found(&verification), expected(&vector));
        if verdict == vector["verdict"] && found == expected {
            continue;
        }
        let list = |checks: Vec<&(String, String, String)>| -> String {
            checks
                .iter()
                .map(|check| format!("\n    {check:?}"))
                .collect()
        };
        wrong.push(format!(
            "{}: {verdict}, expected {}\n  too many:{}\n  missing:{}\n{verification}",
            text(&vector, "name"),
            vector["verdict"],
            list(found.difference(&expected).collect()),
            list(expected.difference(&found).collect()),
        ));
    }
    assert!(
        wrong.is_empty(),
        "{}\n\n{} wrong",
        wrong.join("\n\n"),
        wrong.len()
    );
}

#[test]
fn the_command_says_what_the_library_says() {
    for name in [
        "valid-sample",
        "repacked-7-zip",
        "forged-crate-package",
        "signed-and-stamped",
        "signed-foreign",
    ] {
        let vectors = vectors();
        let vector = vectors
            .iter()
            .find(|vector| text(vector, "name") == name)
            .unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_casefile"));
        command.current_dir(folder()).arg("verify").arg("--json");
        command.arg(Path::new("zips").join(text(vector, "file")));
        for (flag, what) in [
            ("--allowed-signers", "signers"),
            ("--authorities", "authorities"),
        ] {
            if let Some(path) = vector["known"][what].as_str() {
                command.args([flag, path]);
            }
        }
        let output = command.output().unwrap();
        let failed = vector["verdict"] == "failed";
        assert_eq!(output.status.code(), Some(i32::from(failed)), "{name}");
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            said,
            serde_json::to_value(verify(vector)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn the_root_of_each_bundle_that_is_whole_is_the_listed_one() {
    for vector in vectors().iter().filter(|vector| !vector["root"].is_null()) {
        let root = verify(vector).root.map(|root| root.to_string());
        assert_eq!(
            root.as_deref(),
            vector["root"].as_str(),
            "{}",
            text(vector, "name")
        );
    }
}

#[test]
fn the_format_prints_the_root_of_the_smallest_bundle() {
    let vectors = vectors();
    let vector = vectors
        .iter()
        .find(|vector| text(vector, "name") == "valid-small")
        .unwrap();
    let format = std::fs::read_to_string(root().join("src/bundle/FORMAT.md")).unwrap();
    let block = format.rsplit("```text\n").next().unwrap();
    let manifest = block.split("```").next().unwrap();
    assert_eq!(
        Sha256::of(manifest.as_bytes()).to_string(),
        text(vector, "root")
    );
    assert!(format.contains(&format!("`{}`", text(vector, "root"))));
}

#[test]
fn there_are_vectors_of_every_verdict_and_every_check() {
    let vectors = vectors();
    let count = |verdict: &str| {
        vectors
            .iter()
            .filter(|vector| vector["verdict"] == verdict)
            .count()
    };
    assert!(count("failed") >= 110, "{}", count("failed"));
    assert!(count("contents-intact") >= 10 && count("verified") >= 10);
    let failing: BTreeSet<String> = vectors
        .iter()
        .flat_map(expected)
        .filter(|(_, _, outcome)| outcome == "failed")
        .map(|(name, _, _)| name)
        .collect();
    // Every check of the format fails somewhere, so that none can be left out.
    let valid = vectors
        .iter()
        .find(|vector| text(vector, "name") == "valid-sample")
        .unwrap();
    let all = verify(valid)
        .checks
        .into_iter()
        .map(|check| check.name.to_owned());
    assert_eq!(failing, all.collect());
}

#[test]
fn the_folder_holds_the_listed_zips_and_no_others() {
    let vectors = vectors();
    let mut listed = BTreeSet::new();
    for vector in &vectors {
        let file = text(vector, "file");
        let bytes = std::fs::read(folder().join("zips").join(file)).unwrap();
        assert_eq!(
            text(vector, "sha256"),
            Sha256::of(&bytes).to_string(),
            "{file}"
        );
        listed.insert(file.to_owned());
    }
    let there: BTreeSet<String> = std::fs::read_dir(folder().join("zips"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, listed);
}
