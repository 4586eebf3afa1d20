//! Every sample export is read or refused as the documentation says.

use crate::support::{root, shared};
use casefile::import::{Hints, Imported, Input, Table, detect, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files that need an answer of the user, and the answer: the name of the account under test.
const ACCOUNTS: [(&str, &str); 8] = [
    ("instagram_message_requests_message_1.json", "Test Account"),
    ("instagram_graph_comments_INCOMING.json", "test_account"),
    ("mail.eml", "test@example.invalid"),
    ("messenger_e2ee_José_7.json", "Test Account"),
    ("whatsapp_android_us.txt", "Tester"),
    ("whatsapp_ios_de.txt", "Tester"),
    ("whatsapp_ios_fi.txt", "Tester"),
    ("WhatsApp Chat with +123 45 6789.txt", "Tester"),
];

pub fn hints_for(name: &str) -> Hints {
    let account = ACCOUNTS.iter().find(|(file, _)| *file == name);
    Hints {
        account: account.map(|(_, account)| (*account).to_owned()),
        ..Hints::default()
    }
}

/// Files of the shared folder, sorted, without its own texts.
fn samples() -> Option<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for folder in ["samples", "real"] {
        let base = shared(folder)?;
        collect(&base, folder, &mut found);
    }
    found.retain(|(name, _)| !name.ends_with("INDEX.md") && !name.ends_with("README.md"));
    found.sort();
    Some(found)
}

fn collect(folder: &Path, name: &str, found: &mut Vec<(String, PathBuf)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let own = format!("{name}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            collect(&path, &own, found);
        } else {
            found.push((own, path));
        }
    }
}

/// How many of each word, as `2 totals-row, 1 blank-row`.
fn counted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    let told: Vec<String> = counts
        .iter()
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    told.join(", ")
}

fn sum(imported: &Imported) -> String {
    let Table::Delivery(rows) = &imported.table else {
        return String::new();
    };
    let impressions: Option<u64> = rows
        .iter()
        .filter_map(|row| row.impressions)
        .map(Some)
        .reduce(|a, b| a.zip(b).map(|(a, b)| a + b))
        .flatten();
    impressions.map_or_else(String::new, |sum| sum.to_string())
}

/// One line of the table.
fn line(name: &str, path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let hints = hints_for(&file);
    let input = Input {
        file: &file,
        bytes: &bytes,
        hints: &hints,
    };
    let shown = name.replace('|', "\\|");
    match read(&input) {
        Ok(imported) => {
            let rows = &imported.rows;
            assert_eq!(
                rows.read + rows.excluded.len() as u64,
                rows.in_file,
                "{name}: every row is read or excluded for a reason"
            );
            let detection = detect(&input).unwrap();
            let excluded = counted(rows.excluded.iter().map(|exclusion| exclusion.reason));
            let noticed: Vec<&str> = imported.notices.iter().map(|notice| notice.code).collect();
            format!(
                "| {shown} | {} | {} | {} | {excluded} | {} | {} |",
                detection.format,
                rows.in_file,
                rows.read,
                noticed.join(", "),
                sum(&imported)
            )
        }
        Err(error) => {
            let codes = counted(error.problems.iter().map(|problem| problem.code));
            format!("| {shown} | refused: {codes} | | | | | |")
        }
    }
}

const HEAD: &str = "\
# Sample exports, read

What casefile makes of each of the sample exports that its developers have beside the checkout: real
exports of public audits, and synthetic files that show a platform's layout. `rows` = `read` + `excluded`,
always. `impressions` is their sum where the format has them. Files of messages were read with the name of
the account under test. Made by the test `every_sample_is_read_or_refused_as_documented`, which
fails when a line changes; `CASEFILE_WRITE_SAMPLES=1` writes it anew.

| file | format | rows | read | excluded | noticed | impressions |
|---|---|---|---|---|---|---|
";

/// What `inspect --json` says of a sample, without what may not be passed on (headings, first rows) and
/// the formats that it is not.
fn inspected(name: &str, path: &Path) -> String {
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_casefile"));
    command.args(["inspect", "--json"]).arg(path);
    if let Some(account) = hints_for(&file).account {
        command.args(["--account", &account]);
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(text.trim()).unwrap_or_default();
    let errors = String::from_utf8(output.stderr).unwrap();
    let codes: Vec<&str> = errors
        .lines()
        .filter(|line| line.ends_with(']'))
        .filter_map(|line| line.rsplit('[').next()?.strip_suffix(']'))
        .collect();
    assert_eq!(
        output.status.success(),
        codes.is_empty(),
        "{name}: {errors}"
    );
    let Some(object) = value.as_object_mut() else {
        return serde_json::json!({ "file": name, "refused": codes }).to_string();
    };
    for key in ["columns", "unused_columns", "preview", "file", "runners_up"] {
        object.remove(key);
    }
    if let Some(excluded) = object
        .get_mut("rows")
        .and_then(|rows| rows.get_mut("excluded"))
    {
        let reasons = excluded.as_array().unwrap().iter();
        let reasons = reasons.map(|one| one["reason"].as_str().unwrap());
        *excluded = counted(reasons).into();
    }
    for notice in object
        .get_mut("notices")
        .and_then(serde_json::Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        notice["locator"].as_object_mut().unwrap().remove("file");
    }
    let mut line = serde_json::json!({ "file": name });
    if !codes.is_empty() {
        line["refused"] = codes.into();
    }
    line.as_object_mut().unwrap().append(object);
    line.to_string()
}

#[test]
fn what_inspect_says_of_every_sample_is_known() {
    let Some(samples) = samples() else {
        return;
    };
    let lines: Vec<String> = samples
        .iter()
        .map(|(name, path)| inspected(name, path))
        .collect();
    let snapshot = root().join("tests/snapshots/inspect.jsonl");
    if std::env::var_os("CASEFILE_WRITE_SAMPLES").is_some() {
        std::fs::create_dir_all(snapshot.parent().unwrap()).unwrap();
        std::fs::write(&snapshot, format!("{}\n", lines.join("\n"))).unwrap();
    }
    let written = std::fs::read_to_string(&snapshot).unwrap();
    for (is, was) in lines.iter().zip(written.lines()) {
        assert_eq!(is, was);
    }
    assert_eq!(lines.len(), written.lines().count());
}

#[test]
fn every_sample_is_read_or_refused_as_documented() {
    let Some(samples) = samples() else {
        return;
    };
    let lines: Vec<String> = samples
        .iter()
        .map(|(name, path)| line(name, path))
        .collect();
    let table = format!("{HEAD}{}\n", lines.join("\n"));
    let document = root().join("src/import/SAMPLES.md");
    if std::env::var_os("CASEFILE_WRITE_SAMPLES").is_some() {
        std::fs::write(&document, &table).unwrap();
    }
    let written = std::fs::read_to_string(&document).unwrap();
    for (is, was) in table.lines().zip(written.lines()) {
        assert_eq!(is, was);
    }
    assert_eq!(table, written);
}
