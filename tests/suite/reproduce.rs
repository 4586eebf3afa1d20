//! Same input, same bytes: across folders, orders, zones, locales, threads and processes; and the
//! committed sample report is what this machine builds.

use crate::support::root;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const SAMPLE: &str = "datasets/child-jewellery-ads";

fn copy(from: &Path, to: &Path, backwards: bool) {
    std::fs::create_dir_all(to).expect("a temporary folder can be written");
    let mut entries: Vec<_> = std::fs::read_dir(from)
        .expect("the sample is there")
        .flatten()
        .collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    if backwards {
        entries.reverse();
    }
    for entry in entries {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target, backwards);
        } else {
            std::fs::copy(entry.path(), target).expect("a temporary folder can be written");
        }
    }
}

/// SHA-256 of the bundle that a fresh process builds.
fn digest(case: &Path, variables: &[(&str, &str)]) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_casefile"))
        .args(["build", "--unrecorded"])
        .arg(case)
        .arg("--out")
        .arg(out.path())
        .arg("--json")
        .envs(variables.iter().copied())
        .output()
        .expect("the program starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("--json prints JSON");
    summary["sha256"].as_str().expect("a digest").to_owned()
}

#[test]
fn folder_order_zone_locale_threads_and_process_do_not_matter() {
    let sample = root().join(SAMPLE);
    let expected = digest(&sample, &[]);
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let other = elsewhere.path().join("a folder with spaces/äöü");
    copy(&sample, &other, true);
    assert_eq!(
        digest(
            &other,
            &[
                ("TZ", "Pacific/Kiritimati"),
                ("LC_ALL", "tr_TR.UTF-8"),
                ("LANG", "tr_TR.UTF-8")
            ]
        ),
        expected
    );
    assert_eq!(
        digest(
            &other,
            &[
                ("TZ", "America/St_Johns"),
                ("POLARS_MAX_THREADS", "1"),
                ("RAYON_NUM_THREADS", "1"),
                ("HOME", "/nonexistent")
            ]
        ),
        expected
    );
    assert_eq!(
        digest(
            &sample,
            &[
                ("POLARS_MAX_THREADS", "7"),
                ("RAYON_NUM_THREADS", "5"),
                ("LC_ALL", "C")
            ]
        ),
        expected
    );
}

fn files(folder: &Path, under: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder)
        .expect("the folder is there")
        .flatten()
    {
        let path = format!("{under}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{path}/"), found);
        } else if !path.ends_with(".zip") {
            found.insert(path, std::fs::read(entry.path()).expect("a readable file"));
        }
    }
}

#[test]
fn the_committed_sample_report_is_what_this_machine_builds() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let status = Command::new(env!("CARGO_BIN_EXE_casefile"))
        .args(["build", "--unrecorded", SAMPLE, "--out"])
        .arg(out.path())
        .current_dir(root())
        .output()
        .expect("the program starts")
        .status;
    assert!(status.success());
    let (mut built, mut committed) = (BTreeMap::new(), BTreeMap::new());
    files(
        &out.path().join("child-jewellery-ads-1.0.0"),
        "",
        &mut built,
    );
    files(
        &root().join("reports/child-jewellery-ads-1.0.0"),
        "",
        &mut committed,
    );
    assert_eq!(
        built.keys().collect::<Vec<_>>(),
        committed.keys().collect::<Vec<_>>()
    );
    let differing: Vec<&String> = built
        .iter()
        .filter(|(path, bytes)| committed.get(*path) != Some(bytes))
        .map(|(path, _)| path)
        .collect();
    assert!(
        differing.is_empty(),
        "these files differ from the committed ones: {differing:?}; if the change is meant, run README's first command and commit reports/"
    );
}

#[test]
fn the_statistics_of_the_sample_meet_their_schema() {
    let case = casefile::case::load(&root().join(SAMPLE)).expect("the sample loads");
    let prepared = casefile::prepare(&case).expect("the sample is sound");
    let bytes =
        casefile::findings::statistics(&case, &prepared.evidence, &prepared.findings.results);
    let value: serde_json::Value = serde_json::from_slice(&bytes).expect("statistics are JSON");
    let schema: serde_json::Value = serde_json::from_str(casefile::render::data::STATISTICS_SCHEMA)
        .expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let faults: Vec<String> = validator
        .iter_errors(&value)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
    let estimates = value["estimates"].as_array().expect("estimates");
    assert!(estimates.len() > 100);
    let pooled = estimates
        .iter()
        .find(|estimate| estimate["id"] == "share/child/pooled")
        .expect("the pooled share of the child arm");
    assert_eq!(
        (pooled["k"].as_u64(), pooled["n"].as_u64()),
        (Some(59_971), Some(68_842))
    );
    assert!((pooled["value"].as_f64().expect("a number") - 59_971.0 / 68_842.0).abs() < 1e-15);
    for estimate in estimates {
        if let (Some(value), Some(low), Some(high)) = (
            estimate["value"].as_f64(),
            estimate["low"].as_f64(),
            estimate["high"].as_f64(),
        ) {
            assert!(
                low <= value && value <= high,
                "a value lies within its own interval: {estimate}"
            );
        }
    }
}
