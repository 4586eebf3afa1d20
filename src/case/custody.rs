//! The chain of custody, `custody.jsonl`: who added which file, and which bundles were built of them.

use super::SourceFile;
use crate::digest::Sha256;
use crate::error::{Problem, Problems, Result};
use std::collections::BTreeMap;

const CUSTODY: &str = "custody.jsonl";
/// What stands before the first line.
const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const BUILD: &str = "build";

/// One line of `custody.jsonl`: who added which file, when, from where; or which bundle was built.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct CustodyEntry {
    /// Position in the log, from 1.
    pub number: u64,
    /// `add` or `build`.
    pub action: String,
    /// Path in the case folder; of a build, the name of the bundle.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    /// Date given by the person (`obtained.on`), or empty: the log never reads a clock by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// SHA-256 of the previous line (without its newline); 64 zeros for the first line.
    pub previous: String,
}

/// Reads `custody.jsonl` and checks its hash chain.
pub(super) fn read(log: Option<&str>) -> Result<Vec<CustodyEntry>> {
    let mut problems = Problems::default();
    let mut entries: Vec<CustodyEntry> = Vec::new();
    let mut previous = ZEROS.to_owned();
    let log = log.unwrap_or_default();
    // Other line ends give every line another digest, and an editor changes them unasked.
    if log.contains('\r') || !(log.is_empty() || log.ends_with('\n')) {
        problems.push(
            Problem::new(
                "custody-syntax",
                CUSTODY,
                "each line must end in a line feed, without a carriage return",
            )
            .hint("restore the log from a copy; an editor may have changed its line ends"),
        );
    }
    for (index, line) in log.lines().enumerate() {
        let number = index as u64 + 1;
        match serde_json::from_str::<CustodyEntry>(line) {
            Ok(entry) => {
                if entry.previous != previous || entry.number != number {
                    problems.push(
                        Problem::new("custody-chain", CUSTODY, "the chain of custody is broken here: a line was changed, added or removed")
                            .line(number)
                            .value(entry.previous.clone())
                            .hint(format!("expected number {number} and previous {previous}; restore the log from a copy")),
                    );
                }
                entries.push(entry);
            }
            Err(error) => problems.push(
                Problem::new(
                    "custody-syntax",
                    CUSTODY,
                    format!("not a custody entry: {error}"),
                )
                .line(number)
                .hint("restore the log from a copy; only `casefile add` and `casefile build` write it"),
            ),
        }
        previous = Sha256::of(line.as_bytes()).to_string();
    }
    problems.finish(entries)
}

/// The next line of the custody log, chained to the last line of `log`.
pub fn custody_line(log: &str, mut entry: CustodyEntry) -> String {
    let last = log.lines().last();
    entry.number = log.lines().count() as u64 + 1;
    entry.previous = last.map_or_else(
        || ZEROS.to_owned(),
        |line| Sha256::of(line.as_bytes()).to_string(),
    );
    serde_json::to_string(&entry).unwrap_or_default()
}

/// A declared file that differs from what custody recorded stops the build.
pub(super) fn check(sources: &[SourceFile], custody: &[CustodyEntry], problems: &mut Problems) {
    let last: BTreeMap<&str, &CustodyEntry> = custody
        .iter()
        .map(|entry| (entry.file.as_str(), entry))
        .collect();
    for source in sources {
        if let Some(entry) = last.get(source.file.as_str())
            && entry.sha256 != source.sha256.to_string()
        {
            problems.push(
                Problem::new("evidence-changed", &source.file, format!("this file is not the one that custody entry {} recorded: it had SHA-256 {}", entry.number, entry.sha256))
                    .value(source.sha256.to_string())
                    .hint("restore the original; if the new file is meant, record it with `casefile add`"),
            );
        }
    }
}

/// The log as far as it belongs to the next bundle: up to the last file that was added. The record
/// of builds after it cannot be part of what is built, or no case would give the same bytes twice.
pub(super) fn before_builds(
    mut entries: Vec<CustodyEntry>,
    log: Option<String>,
) -> (Vec<CustodyEntry>, Option<String>) {
    let kept = entries
        .iter()
        .rposition(|entry| entry.action != BUILD)
        .map_or(0, |last| last + 1);
    entries.truncate(kept);
    let log = log.map(|log| log.split_inclusive('\n').take(kept).collect());
    (entries, log.filter(|log: &String| !log.is_empty()))
}

/// The log with an entry for a bundle that was built, or `None` when the last build of this name is
/// the same.
pub fn with_build(
    log: &str,
    bundle: &str,
    bytes: u64,
    sha256: Sha256,
    on: String,
) -> Option<String> {
    let entries = log
        .lines()
        .filter_map(|line| serde_json::from_str::<CustodyEntry>(line).ok());
    let last = entries
        .filter(|entry| entry.action == BUILD && entry.file == bundle)
        .fold(None, |_, entry| Some(entry));
    let sha256 = sha256.to_string();
    if last.is_some_and(|last| last.sha256 == sha256) {
        return None;
    }
    let entry = CustodyEntry {
        number: 0,
        action: BUILD.into(),
        file: bundle.to_owned(),
        bytes,
        sha256,
        on: Some(on),
        by: None,
        from: None,
        how: Some(concat!("casefile ", env!("CARGO_PKG_VERSION")).into()),
        previous: String::new(),
    };
    let end = if log.is_empty() || log.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    Some(format!("{log}{end}{}\n", custody_line(log, entry)))
}
