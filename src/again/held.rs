//! The case as a bundle holds it.

use super::Files;
use crate::case::{self, Case, CustodyEntry, Declaration, Earlier, EvidenceEntry, SourceFile};
use crate::digest::Sha256;
use crate::notice::{Locator, Notice};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A case with as much of its evidence as the edition holds.
pub(super) struct Held {
    pub case: Case,
    /// `statistics.json`.
    pub statistics: Value,
    /// Exhibits whose raw file is not here, with their kind where it is known.
    pub missing: BTreeMap<String, String>,
    /// Whether a file stands here without the access tokens that it came with.
    tokens_removed: bool,
    full: bool,
    software: String,
}

/// An exhibit as `notices.json` lists it.
struct Listed {
    exhibit: String,
    kind: String,
    /// Its path in the case folder; absent for a file that is withheld.
    file: Option<String>,
}

impl Held {
    /// Reads the case, or says why it cannot be read.
    pub fn read(files: &Files) -> Result<Self, String> {
        let text = |path: &str| -> Result<String, String> {
            let bytes = files
                .get(&format!("data/{path}"))
                .ok_or_else(|| format!("{path} is missing"))?;
            String::from_utf8(bytes.clone()).map_err(|_| format!("{path} is not UTF-8"))
        };
        let json = |path: &str| -> Result<Value, String> {
            serde_json::from_str(&text(path)?).map_err(|error| format!("{path}: {error}"))
        };
        let list = json("casefile.json")?;
        let notices = json("notices.json")?;
        let toml = text("case/case.toml")?;
        let declaration = case::parse(&toml).map_err(|error| super::first(&error))?;
        let digests = digests(&text("digests.txt")?);
        let custody_log = text("case/custody.jsonl").ok();
        let word = |name: &str| {
            list.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let full = word("edition") == "full";
        let withheld = withheld(&list);
        let mut missing = BTreeMap::new();
        let mut tokens_removed = false;
        let mut sources = Vec::new();
        for listed in listed(&notices)? {
            let own = format!("data/evidence/{}_", listed.exhibit);
            let bytes = files
                .range(own.clone()..)
                .next()
                .filter(|(path, _)| path.starts_with(&own));
            let entry = listed
                .file
                .as_deref()
                .and_then(|file| covering(&declaration, file));
            let (Some((_, bytes)), Some(file), Some(entry)) = (bytes, &listed.file, entry) else {
                // In a public edition an entry by a pattern can have become the exhibits that it
                // covers and that are withheld; it no longer names the others.
                let unnamed = !full && bytes.is_some() && listed.file.is_some();
                if !unnamed && !withheld.contains(&listed.exhibit) {
                    return Err(format!(
                        "notices.json lists {}, which casefile.json does not call withheld, and the bundle lacks its raw file or its entry in case.toml",
                        listed.exhibit
                    ));
                }
                missing.insert(listed.exhibit, listed.kind);
                continue;
            };
            let digest = Sha256::of(bytes);
            // As it was received: a copy without tokens has another.
            let sha256 = digests.get(&listed.exhibit).copied().unwrap_or(digest);
            tokens_removed |= sha256 != digest;
            sources.push(SourceFile {
                file: file.clone(),
                exhibit: listed.exhibit,
                bytes: bytes.clone(),
                sha256,
                declaration: entry.clone(),
            });
        }
        let Declaration {
            case: meta,
            study,
            findings,
            facts,
            recommendations,
            captions,
            witness_declaration,
            ..
        } = declaration;
        Ok(Held {
            case: Case {
                meta,
                study,
                findings,
                facts,
                recommendations,
                captions,
                witness_declaration,
                earlier: text("case/earlier.json").ok().map(Earlier::Record),
                sources,
                custody: custody(custody_log.as_deref()),
                toml,
                report: text("case/report.md").ok(),
                references: text("case/references.bib").ok(),
                custody_log,
                notices: of_the_folder(&notices),
                undeclared: Vec::new(),
            },
            statistics: json("statistics.json")?,
            missing,
            tokens_removed,
            full,
            software: word("software"),
        })
    }

    /// Whether all evidence of the case is here.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty()
    }

    /// Why the bundle cannot be built again from what it holds.
    pub fn cannot_be_built(&self) -> Option<String> {
        let own = concat!("casefile ", env!("CARGO_PKG_VERSION"));
        if self.software != own {
            return Some(format!(
                "it was built by {}, and this is {own}: only the same version gives the same bytes",
                self.software
            ));
        }
        if !self.is_whole() {
            let names: Vec<&str> = self.missing.keys().map(String::as_str).collect();
            return Some(format!(
                "evidence is withheld in this edition ({}), so the report cannot be made from what is here; the full edition can be built again",
                names.join(", ")
            ));
        }
        if self.tokens_removed {
            return Some(
                "a file stands here without the access tokens that it came with, and the report states the size of the original".into(),
            );
        }
        if !self.full {
            return Some(
                "the public edition holds a shortened case.toml, of which the report states the original's digest; the full edition can be built again".into(),
            );
        }
        None
    }
}

/// Digests of the files as they were received, by exhibit.
fn digests(text: &str) -> BTreeMap<String, Sha256> {
    text.lines()
        .filter_map(|line| line.split_once("  "))
        .filter_map(|(digest, name)| Some((name.to_owned(), Sha256::parse(digest)?)))
        .collect()
}

/// The exhibits that the bundle calls withheld. No others may be missing.
fn withheld(list: &Value) -> BTreeSet<String> {
    let withheld = list.get("withheld").and_then(Value::as_array);
    let exhibit = |own: &Value| Some(own.get("exhibit")?.as_str()?.to_owned());
    withheld.into_iter().flatten().filter_map(exhibit).collect()
}

/// The exhibits, in their order.
fn listed(notices: &Value) -> Result<Vec<Listed>, String> {
    let sources = notices.get("sources").and_then(Value::as_array);
    let sources = sources.ok_or("notices.json lists no sources")?;
    let read = |source: &Value| {
        let text = |name: &str| source.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Listed {
            exhibit: text("exhibit")?,
            kind: text("kind")?,
            file: text("file"),
        })
    };
    let list: Option<Vec<Listed>> = sources.iter().map(read).collect();
    list.ok_or_else(|| {
        "notices.json does not say which file each exhibit is: the bundle was built before casefile could run it again".into()
    })
}

/// The entry that governs a file: one that names it outright, else the first pattern that fits.
fn covering<'d>(declaration: &'d Declaration, file: &str) -> Option<&'d EvidenceEntry> {
    let named = |entry: &&EvidenceEntry| entry.file.get_ref() == file;
    let entries = &declaration.evidence;
    entries.iter().find(named).or_else(|| {
        let covers = |entry: &&EvidenceEntry| case::covers(entry.file.get_ref(), file);
        entries.iter().find(covers)
    })
}

fn custody(log: Option<&str>) -> Vec<CustodyEntry> {
    let lines = log.unwrap_or_default().lines();
    lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// Remarks on the folder that the case was built in, which the bundle does not hold.
fn of_the_folder(notices: &Value) -> Vec<Notice> {
    let list = notices.get("notices").and_then(Value::as_array);
    let message = |notice: &Value| {
        let undeclared = notice.get("code")?.as_str()? == "undeclared-file";
        let message = notice.get("message")?.as_str()?.to_owned();
        undeclared.then_some(message)
    };
    list.into_iter()
        .flatten()
        .filter_map(message)
        .map(|message| Notice::caution("undeclared-file", Locator::file("evidence"), message))
        .collect()
}
