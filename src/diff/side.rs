//! One of two bundles, as it is compared.

use super::exhibits::{self, Exhibit};
use super::{Files, parameters};
use crate::bundle::Edition;
use crate::bundle::format::{LIST_FILE, List, Manifest, PAYLOAD_FOLDER, is_attached, top_folder};
use crate::digest::Sha256;
use crate::error::{Problem, Result};
use crate::verify::{Outcome, Verification};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Which bundle it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Digest of the manifest of manifests; a report that is being written has none yet.
    pub root: Option<Sha256>,
    pub id: String,
    pub version: String,
    pub edition: Edition,
    /// Of the case, `YYYY-MM-DD`.
    pub date: String,
    pub software: String,
}

impl Head {
    /// Name of the bundle's zip.
    pub fn file_name(&self) -> String {
        format!("{}.zip", top_folder(&self.id, &self.version, self.edition))
    }
}

/// A bundle, read for comparing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    pub head: Head,
    pub contents: Contents,
    /// Digests of all files but signatures and timestamps, by path in the top folder.
    #[serde(skip)]
    pub files: BTreeMap<String, Sha256>,
}

/// What a bundle says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    /// In the order of their numbers.
    pub exhibits: Vec<Exhibit>,
    /// Keys of `case.toml` and what they are set to.
    pub parameters: BTreeMap<String, Value>,
    pub estimates: Vec<Estimate>,
    pub findings: Vec<Finding>,
    /// `None` where the bundle does not list them.
    pub sentences: Option<Vec<Sentence>>,
}

/// A number of `statistics.json`; null where there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub id: String,
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub value: Value,
    #[serde(default)]
    pub low: Value,
    #[serde(default)]
    pub high: Value,
    #[serde(default)]
    pub level: Value,
    #[serde(default)]
    pub k: Value,
    #[serde(default)]
    pub n: Value,
    #[serde(default)]
    pub units: Value,
    #[serde(default)]
    pub p: Value,
    /// As it is printed.
    #[serde(default)]
    pub text: Value,
    #[serde(default)]
    pub method: Value,
    #[serde(default)]
    pub refusal: Value,
}

/// A finding as its own file of the bundle states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub id: String,
    /// Position among the findings, from 1.
    pub number: u64,
    pub statement: String,
    #[serde(default)]
    pub does_not_say: Option<String>,
    #[serde(default)]
    pub design: Option<String>,
    #[serde(default)]
    pub robustness: Option<String>,
    #[serde(default)]
    pub assertions: Vec<Assertion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    pub expression: String,
    pub evaluated: String,
    pub holds: bool,
}

/// A sentence and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub section: String,
    pub anchor: String,
    pub text: String,
}

#[derive(Deserialize)]
struct Statistics {
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    estimates: Vec<Estimate>,
}

#[derive(Deserialize)]
struct Prose {
    sentences: Vec<Sentence>,
}

impl Side {
    /// Reads a bundle that was verified; `name` is what to call it.
    ///
    /// # Errors
    ///
    /// `diff-unverified` where a check failed, or where the files are not those that were verified;
    /// `diff-unreadable` for a file that this version cannot read.
    pub fn read(name: &str, verification: &Verification, files: &Files) -> Result<Self> {
        let failed = verification.failures().find_map(|check| {
            let Outcome::Failed { reason } = &check.outcome else {
                return None;
            };
            Some(format!("{}: {reason}", check.subject))
        });
        let unverified = |why: String| {
            Problem::new(
                "diff-unverified",
                name,
                format!("this does not verify, and what does not verify is not compared: {why}"),
            )
            .hint(format!(
                "`casefile verify` says all that is wrong with {name}; ask its publisher for it again"
            ))
        };
        if let Some(first) = failed {
            return Err(unverified(first).into());
        }
        let root = files.get(Manifest::Tags.file()).map(|own| Sha256::of(own));
        if root.is_none() || root != verification.root {
            return Err(unverified("its files are not those that were verified".into()).into());
        }
        let reader = Reader { name, files };
        let list: List = reader.json(LIST_FILE)?;
        let withheld = list.withheld.iter().map(|own| own.exhibit.clone());
        Ok(Side {
            head: Head {
                root,
                id: list.id,
                version: list.version,
                edition: list.edition,
                date: list.date,
                software: list.software,
            },
            contents: Contents::read(name, files, &withheld.collect())?,
            files: files
                .iter()
                .filter(|(path, _)| path.starts_with(PAYLOAD_FOLDER) && !is_attached(path))
                .map(|(path, bytes)| (path.clone(), Sha256::of(bytes)))
                .collect(),
        })
    }
}

impl Side {
    /// Without the names of files that `new` does not name, and what was set for these: it may be that
    /// the new edition withholds them.
    pub fn limited_to(mut self, new: &Contents) -> Self {
        let named: BTreeSet<&str> = new
            .exhibits
            .iter()
            .filter_map(|own| own.file.as_deref())
            .collect();
        let now = parameters::names(&self.contents.exhibits, new);
        let mut hidden = BTreeMap::new();
        for exhibit in &mut self.contents.exhibits {
            if let Some(file) = exhibit.file.take_if(|file| !named.contains(file.as_str())) {
                hidden.insert(file, exhibit.exhibit.clone());
            }
        }
        let kept = parameters::renamed(&self.contents.parameters, &hidden);
        let told = |key: &str| {
            parameters::entry(key).is_none_or(|(own, _)| {
                let now = now.get(own).map_or(own, String::as_str);
                parameters::has_entry(&new.parameters, now)
            })
        };
        self.contents.parameters = kept.into_iter().filter(|(key, _)| told(key)).collect();
        self
    }
}

impl Contents {
    /// Reads what a bundle says from its files; `withheld` are the exhibits whose files it holds back.
    ///
    /// # Errors
    ///
    /// `diff-unreadable`, for every file that cannot be read.
    pub fn read(name: &str, files: &Files, withheld: &BTreeSet<String>) -> Result<Self> {
        let reader = Reader { name, files };
        let statistics: Statistics = reader.json("data/statistics.json")?;
        let mut parameters = parameters::of(&reader.text("data/case/case.toml")?)
            .map_err(|reason| reader.fault("data/case/case.toml", &reason))?;
        // What the case leaves out has its default; the statistics state what was used.
        for (key, value) in statistics.parameters {
            parameters.insert(format!("study.{key}"), value);
        }
        let mut findings = Vec::new();
        let folder = "data/findings/";
        let own = files.range(folder.to_owned()..);
        for (path, _) in own.take_while(|(path, _)| path.starts_with(folder)) {
            findings.push(reader.json::<Finding>(path)?);
        }
        findings.sort_by(|a, b| (a.number, &a.id).cmp(&(b.number, &b.id)));
        let sentences = "data/sentences.json";
        let sentences = match files.contains_key(sentences) {
            true => Some(reader.json::<Prose>(sentences)?.sentences),
            false => None,
        };
        Ok(Contents {
            exhibits: exhibits::read(
                &reader.text("data/digests.txt")?,
                &reader.json("data/notices.json")?,
                withheld,
            ),
            parameters,
            estimates: statistics.estimates,
            findings,
            sentences,
        })
    }
}

struct Reader<'f> {
    name: &'f str,
    files: &'f Files,
}

impl Reader<'_> {
    fn fault(&self, path: &str, reason: &str) -> Problem {
        Problem::new(
            "diff-unreadable",
            self.name,
            format!("{path} cannot be read: {reason}"),
        )
        .hint("it may be of another version of casefile; compare the bundles with that version")
    }

    fn text(&self, path: &str) -> Result<String> {
        let bytes = self.files.get(path);
        let bytes = bytes.ok_or_else(|| self.fault(path, "there is no such file"))?;
        let text = String::from_utf8(bytes.clone());
        Ok(text.map_err(|_| self.fault(path, "this is no UTF-8 text"))?)
    }

    fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let text = self.text(path)?;
        Ok(serde_json::from_str(&text).map_err(|error| self.fault(path, &error.to_string()))?)
    }
}
