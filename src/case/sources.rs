//! The files of the evidence: which there are, which entry covers each, and whether they are still the
//! ones that were recorded.

use super::check::at;
use super::{Declaration, EvidenceEntry, SourceFile};
use crate::digest::Sha256;
use crate::error::{Problem, Problems};
use crate::notice::{Locator, Notice};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeMap;
use std::path::Path;

/// Files under `folder/evidence`, as paths with `/`, in byte order. Links are not followed.
fn walk(folder: &Path, under: &str, found: &mut Vec<String>, problems: &mut Problems) {
    let entries = match std::fs::read_dir(folder.join(under)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => {
            return problems.push(
                Problem::new("unreadable", under, format!("cannot be listed: {error}"))
                    .hint("check the permissions"),
            );
        }
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            problems.push(
                Problem::new("file-name", under, "a file name is not UTF-8")
                    .value(entry.file_name().to_string_lossy())
                    .hint("rename the file"),
            );
            continue;
        };
        let path = format!("{under}/{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(folder, &path, found, problems),
            Ok(kind) if kind.is_file() => found.push(path),
            _ => problems.push(
                Problem::new(
                    "evidence-link",
                    path,
                    "this is a link or a device, not a file",
                )
                .hint("copy the file itself with `casefile add`"),
            ),
        }
    }
}

fn pattern(glob: &str) -> Option<GlobMatcher> {
    let wild = glob.contains(['*', '?']);
    let escaped: String = glob
        .chars()
        .flat_map(|c| {
            if matches!(c, '[' | ']' | '{' | '}' | '!') {
                vec!['[', c, ']']
            } else {
                vec![c]
            }
        })
        .collect();
    wild.then(|| {
        GlobBuilder::new(&escaped)
            .literal_separator(true)
            .build()
            .ok()
            .map(|g| g.compile_matcher())
    })
    .flatten()
}

/// Files of the system, such as `.DS_Store` and locks of open workbooks.
fn is_hidden(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|file| file.starts_with('.'))
}

/// Whether `casefile`'s pattern (or plain path) of an evidence entry covers the file.
pub fn covers(entry: &str, path: &str) -> bool {
    pattern(entry).map_or(entry == path, |matcher| matcher.is_match(path))
}

pub(super) fn read(
    folder: &Path,
    declaration: &Declaration,
    toml: &str,
    problems: &mut Problems,
    notices: &mut Vec<Notice>,
    undeclared_files: &mut Vec<String>,
) -> Vec<SourceFile> {
    let mut present = Vec::new();
    walk(folder, "evidence", &mut present, problems);
    present.sort();
    // A file named outright belongs to that entry even where a pattern covers it too.
    let mut owner: BTreeMap<&str, &EvidenceEntry> = BTreeMap::new();
    for entry in &declaration.evidence {
        let name = entry.file.get_ref().as_str();
        if pattern(name).is_none() && owner.insert(name, entry).is_some() {
            problems.push(
                at(
                    "evidence-twice",
                    toml,
                    &entry.file,
                    "this file is declared twice",
                )
                .value(name)
                .hint("keep one entry"),
            );
        }
    }
    for entry in &declaration.evidence {
        let name = entry.file.get_ref();
        let Some(matcher) = pattern(name) else {
            continue;
        };
        let mut matched = 0;
        for path in present.iter().filter(|path| matcher.is_match(path)) {
            matched += 1;
            if !is_hidden(path) {
                owner.entry(path).or_insert(entry);
            }
        }
        if matched == 0 {
            problems.push(
                at(
                    "evidence-missing",
                    toml,
                    &entry.file,
                    "no file matches this pattern",
                )
                .value(name.clone())
                .hint("`*` matches within one folder, `**` across folders"),
            );
        }
        if entry.sha256.is_some() {
            problems.push(at("evidence-digest", toml, &entry.file, "a pattern cannot have one digest").value(name.clone()).hint("remove `sha256`; custody.jsonl holds the digest of each file added with `casefile add`"));
        }
    }
    let undeclared: Vec<&String> = present
        .iter()
        .filter(|path| !owner.contains_key(path.as_str()) && !is_hidden(path))
        .collect();
    if !undeclared.is_empty() {
        // Without the names: a name can hold an identity. `casefile check` tells them.
        notices.push(Notice::caution(
            "undeclared-file",
            Locator::file("evidence"),
            format!(
                "{} file(s) in the evidence folder are not declared in case.toml and were not read",
                undeclared.len()
            ),
        ));
    }
    undeclared_files.extend(undeclared.into_iter().cloned());
    let mut sources = Vec::new();
    for (index, (file, entry)) in owner.into_iter().enumerate() {
        let bytes = match std::fs::symlink_metadata(folder.join(file)).and_then(|m| {
            if m.is_file() {
                std::fs::read(folder.join(file))
            } else {
                Err(std::io::Error::other("not a regular file"))
            }
        }) {
            Ok(bytes) => bytes,
            Err(error) => {
                problems.push(
                    at(
                        "evidence-missing",
                        toml,
                        &entry.file,
                        format!("this evidence file cannot be read: {error}"),
                    )
                    .value(file)
                    .hint("put the file back, or remove its entry"),
                );
                continue;
            }
        };
        let sha256 = Sha256::of(&bytes);
        if let Some(expected) = entry.sha256.as_deref().and_then(Sha256::parse)
            && expected != sha256
        {
            problems.push(
                at("evidence-changed", toml, &entry.file, format!("{file} has changed: its SHA-256 is {sha256}")).value(expected.to_string()).hint("restore the original; if the new file is meant, record it with `casefile add` and change `sha256`"),
            );
        }
        sources.push(SourceFile {
            file: file.to_owned(),
            exhibit: format!("EX-{:03}", index + 1),
            bytes,
            sha256,
            declaration: entry.clone(),
        });
    }
    sources
}
