//! What differs, as a value: printed, written as JSON, shown on a page and told in a report.

use super::exhibits::{self, ExhibitChange};
use super::side::{Contents, Estimate, Finding, Head, Sentence, Side};
use super::{parameters, sequence};
use crate::digest::Sha256;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// All differences, each list in a fixed order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes {
    pub old: Head,
    pub new: Head,
    /// Edition, and the program that built it.
    pub about: Vec<Change>,
    pub evidence: Vec<ExhibitChange>,
    /// Keys of `case.toml`.
    pub parameters: Vec<Change>,
    /// Estimates by their lasting path.
    pub numbers: Vec<Item>,
    pub findings: Vec<Item>,
    /// In reading order; `None` where a bundle does not list its sentences.
    pub sentences: Option<Vec<SentenceChange>>,
    /// Digests of every other file of the payload that differs, those that say the above included.
    pub files: Vec<Change>,
}

/// A key that is set to another value; null where it is not set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub key: String,
    pub old: Value,
    pub new: Value,
}

impl Change {
    /// What is compared, in words; an expression as it is written.
    pub fn part(&self) -> String {
        match self.key.starts_with(EXPECT) {
            true => self.key.clone(),
            false => self.key.replace('_', " "),
        }
    }
}

/// Before the expression of an assertion.
const EXPECT: &str = "expect ";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Added,
    Removed,
    Changed,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
        }
    }
}

/// A number or finding that is not the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    pub id: String,
    /// What it is, in words; of the new bundle where it is in both.
    pub label: String,
    pub change: Kind,
    /// What of it differs.
    pub fields: Vec<Change>,
}

/// A sentence that stands in one of the two only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentenceChange {
    /// [`Kind::Added`] or [`Kind::Removed`]: a sentence that reads otherwise is one of each.
    pub change: Kind,
    pub section: String,
    pub anchor: String,
    pub text: String,
}

impl Changes {
    /// Whether there is no difference at all.
    pub fn is_empty(&self) -> bool {
        self.about.is_empty()
            && self.evidence.is_empty()
            && self.parameters.is_empty()
            && self.numbers.is_empty()
            && self.findings.is_empty()
            && self.sentences.iter().flatten().next().is_none()
            && self.files.is_empty()
    }

    /// How many sentences stand in the new bundle only, or in the old only.
    pub fn sentences_of(&self, kind: Kind) -> u64 {
        let all = self.sentences.iter().flatten();
        all.filter(|sentence| sentence.change == kind).count() as u64
    }

    /// One object on one line, keys in a fixed order.
    pub fn to_json(&self) -> String {
        let mut json = json!({ "schema": "casefile-diff-1", "same": self.is_empty() });
        let own = serde_json::to_value(self).expect("strings and numbers always serialise");
        if let (Value::Object(all), Value::Object(own)) = (&mut json, own) {
            all.extend(own);
        }
        json.to_string()
    }
}

/// Compares two bundles.
pub fn compare(old: &Side, new: &Side) -> Changes {
    let about = [
        (
            "edition",
            old.head.edition.name().to_owned(),
            new.head.edition.name().to_owned(),
        ),
        (
            "software",
            old.head.software.clone(),
            new.head.software.clone(),
        ),
    ];
    let digest = |sha256: &Sha256| Value::from(sha256.to_string());
    let Contents {
        exhibits,
        parameters,
        estimates,
        findings,
        sentences,
    } = &old.contents;
    let other = &new.contents;
    let both = sentences.as_deref().zip(other.sentences.as_deref());
    Changes {
        old: old.head.clone(),
        new: new.head.clone(),
        about: about
            .into_iter()
            .filter_map(|(key, old, new)| changed(key, old.into(), new.into()))
            .collect(),
        evidence: exhibits::compare(exhibits, &other.exhibits),
        parameters: by_key(
            &parameters::renamed(parameters, &parameters::names(exhibits, other)),
            &other.parameters,
            Value::clone,
        ),
        numbers: items(
            estimates.iter().map(|own| (own.id.as_str(), own)),
            other.estimates.iter().map(|own| (own.id.as_str(), own)),
            |own| own.label.clone(),
            numbers,
        ),
        findings: in_their_order(
            items(
                findings.iter().map(|own| (own.id.as_str(), own)),
                other.findings.iter().map(|own| (own.id.as_str(), own)),
                |own| format!("Finding {}", own.number),
                told,
            ),
            &[&other.findings, findings],
        ),
        sentences: both.map(|(old, new)| prose(old, new)),
        files: by_key(&old.files, &new.files, digest),
    }
}

fn changed(key: &str, old: Value, new: Value) -> Option<Change> {
    (old != new).then(|| Change {
        key: key.to_owned(),
        old,
        new,
    })
}

/// Keys in byte order whose values differ.
fn by_key<T>(
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    value: impl Fn(&T) -> Value,
) -> Vec<Change> {
    let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of = |map: &BTreeMap<String, T>, key| map.get(key).map_or(Value::Null, &value);
    keys.into_iter()
        .filter_map(|key| changed(key, of(old, key), of(new, key)))
        .collect()
}

/// Findings in the order in which the new bundle numbers them; those that only the old has, behind.
fn in_their_order(mut items: Vec<Item>, findings: &[&Vec<Finding>]) -> Vec<Item> {
    items.sort_by_key(|item| {
        findings.iter().enumerate().find_map(|(side, findings)| {
            let own = findings.iter().find(|own| own.id == item.id)?;
            Some((side, own.number))
        })
    });
    items
}

/// What differs by id, in byte order of the ids.
fn items<'a, T: 'a>(
    old: impl Iterator<Item = (&'a str, &'a T)>,
    new: impl Iterator<Item = (&'a str, &'a T)>,
    label: impl Fn(&T) -> String,
    fields: impl Fn(&T) -> Vec<(String, Value)>,
) -> Vec<Item> {
    let (old, new): (BTreeMap<&str, &T>, BTreeMap<&str, &T>) = (old.collect(), new.collect());
    let ids: std::collections::BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let item = |id: &str| {
        let (a, b) = (old.get(id), new.get(id));
        let fields_of = |own: Option<&&T>| -> BTreeMap<String, Value> {
            own.map_or_else(BTreeMap::new, |own| fields(own).into_iter().collect())
        };
        // In the order in which they are named, not in that of the alphabet.
        let mut named = b.or(a).map_or_else(Vec::new, |own| fields(own));
        named.extend(a.map_or_else(Vec::new, |own| fields(own)));
        let (left, right) = (fields_of(a), fields_of(b));
        let mut told = Vec::new();
        for (key, _) in named {
            let of = |map: &BTreeMap<String, Value>| map.get(&key).cloned().unwrap_or_default();
            if !told.iter().any(|own: &Change| own.key == key) {
                told.extend(changed(&key, of(&left), of(&right)));
            }
        }
        let change = match (a, b) {
            (Some(_), None) => Kind::Removed,
            (None, _) => Kind::Added,
            _ => Kind::Changed,
        };
        let differs = change != Kind::Changed || !told.is_empty();
        differs.then(|| Item {
            id: id.to_owned(),
            label: b.or(a).map_or_else(String::new, |own| label(own)),
            change,
            fields: told,
        })
    };
    ids.into_iter().filter_map(item).collect()
}

/// The parts of a number that are compared: what it is and how it was estimated. The rows that it
/// rests on differ wherever the evidence does.
fn numbers(own: &Estimate) -> Vec<(String, Value)> {
    let label = Value::from(own.label.clone());
    let fields = [
        ("label", &label),
        ("text", &own.text),
        ("value", &own.value),
        ("low", &own.low),
        ("high", &own.high),
        ("level", &own.level),
        ("k", &own.k),
        ("n", &own.n),
        ("units", &own.units),
        ("p", &own.p),
        ("method", &own.method),
        ("refusal", &own.refusal),
    ];
    fields
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .into()
}

/// The parts of a finding; each assertion is a part of its own.
fn told(own: &Finding) -> Vec<(String, Value)> {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    let mut fields = vec![
        ("number".to_owned(), Value::from(own.number)),
        ("statement".into(), own.statement.clone().into()),
        ("does_not_say".into(), text(&own.does_not_say)),
        ("design".into(), text(&own.design)),
        ("robustness".into(), text(&own.robustness)),
    ];
    fields.extend(own.assertions.iter().map(|assertion| {
        let holds = if assertion.holds { "holds" } else { "fails" };
        let value = format!("{holds}: {}", assertion.evaluated);
        (
            format!("{EXPECT}{}", assertion.expression),
            Value::from(value),
        )
    }));
    fields
}

/// Sentences that stand in one only, in reading order. A sentence that moved to another section is
/// another sentence.
fn prose(old: &[Sentence], new: &[Sentence]) -> Vec<SentenceChange> {
    let key = |own: &Sentence| (own.section.clone(), own.text.clone());
    let (a, b): (Vec<_>, Vec<_>) = (old.iter().map(key).collect(), new.iter().map(key).collect());
    let told = |change, sentence: &Sentence| SentenceChange {
        change,
        section: sentence.section.clone(),
        anchor: sentence.anchor.clone(),
        text: sentence.text.clone(),
    };
    let mut found = Vec::new();
    for (left, right) in sequence::hunks(&a, &b) {
        found.extend(old[left].iter().map(|own| told(Kind::Removed, own)));
        found.extend(new[right].iter().map(|own| told(Kind::Added, own)));
    }
    found
}
