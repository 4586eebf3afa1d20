//! Each estimate computed again, beside the published one.

use super::RECOMPUTE;
use super::held::Held;
use crate::cube;
use crate::error::Problems;
use crate::evidence::Evidence;
use crate::findings::{self, Language, Results};
use crate::import;
use crate::verify::Check;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The parts of an estimate that are numbers.
const NUMBERS: [&str; 7] = ["value", "low", "high", "level", "k", "n", "p"];

/// Why it is not an error that the bundle lacks an estimate which the evidence at hand gives.
const UNSTATED: &str = "computing what is here gives them and the bundle lacks them, which may be for evidence that is withheld in this edition";

/// How far apart two floats may lie: another version may add them up in another order.
const CLOSE: f64 = 1e-12;

/// What the evidence at hand gives.
struct Own {
    evidence: Evidence,
    results: Arc<Results>,
    /// Those that the case states whatever its texts ask for. What a text asks for may hang on a value
    /// that is withheld.
    standard: Arc<Results>,
}

/// What can be said of one estimate.
enum Verdict {
    Agrees,
    Differs(String),
    NotCheckable(String),
}

/// A verdict for each estimate: those that agree together, those that differ or are not stated one by
/// one, those that cannot be checked by their reason. Never none at all.
pub(super) fn estimates(held: &Held) -> Vec<Check> {
    let own = if held.is_whole() {
        match crate::prepare(&held.case) {
            Ok(prepared) => Own {
                evidence: prepared.evidence,
                standard: prepared.findings.results.clone(),
                results: prepared.findings.results,
            },
            Err(error) => return vec![Check::failed(RECOMPUTE, "case", super::first(&error))],
        }
    } else {
        in_part(held)
    };
    let reported = held.statistics.get("estimates").and_then(Value::as_array);
    let Some(reported) = reported else {
        return vec![Check::failed(
            RECOMPUTE,
            "statistics.json",
            "it lists no estimates",
        )];
    };
    let mut agree = 0_usize;
    let mut checks = Vec::new();
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for estimate in reported {
        let id = estimate
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        told.insert(id);
        let computed = own.results.get(id);
        let computed = computed.map(|quantity| findings::as_json(quantity, &own.evidence));
        match verdict(held, id, estimate, computed.as_ref()) {
            Verdict::Agrees => agree += 1,
            Verdict::Differs(how) => checks.push(Check::failed(RECOMPUTE, id, how)),
            Verdict::NotCheckable(why) => *open.entry(why).or_default() += 1,
        }
    }
    let computed = own.results.iter().map(|quantity| quantity.id.as_str());
    for id in computed.filter(|id| !told.contains(id)) {
        if own.standard.get(id).is_some() && elsewhere(held, id).is_empty() {
            checks.push(Check::failed(
                RECOMPUTE,
                id,
                "computing again gives this estimate, which the bundle lacks",
            ));
        } else {
            *open.entry(UNSTATED.into()).or_default() += 1;
        }
    }
    let detail = format!(
        "{agree} of {} estimates computed again and equal",
        reported.len()
    );
    if agree > 0 {
        checks.insert(0, Check::passed(RECOMPUTE, "statistics.json", detail));
    }
    let open = open.into_iter().map(|(why, count)| {
        Check::not_checked(
            RECOMPUTE,
            "statistics.json",
            format!("{count} estimates: {why}"),
        )
    });
    checks.extend(open);
    if checks.is_empty() {
        checks.push(Check::not_checked(
            RECOMPUTE,
            "statistics.json",
            "it states no estimates, and the evidence at hand gives none: nothing was compared",
        ));
    }
    checks
}

/// Computes what the evidence at hand gives. What goes wrong on the way goes wrong for lack of
/// evidence; values that rest on it are not compared.
fn in_part(held: &Held) -> Own {
    let case = &held.case;
    let (evidence, _) = import::import_watched(&case.sources, &mut |_, _| ());
    let mut lacking = Problems::default();
    let cube = cube::cube(case, &evidence, &mut lacking);
    let results = Arc::new(findings::compute(case, &cube));
    let language = Language::new(case, Arc::new(cube), results.clone());
    let mut complete = (*results).clone();
    let mut texts: Vec<&str> = case.report.iter().map(String::as_str).collect();
    texts.extend(
        case.meta
            .abstract_
            .as_ref()
            .map(|own| own.get_ref().as_str()),
    );
    for finding in &case.findings {
        texts.push(finding.text.get_ref());
        texts.extend(
            finding
                .caveat
                .iter()
                .map(|caveat| caveat.get_ref().as_str()),
        );
        for expect in &finding.expect {
            if let Ok(judgement) = language.judge(expect.get_ref()) {
                complete.remember(&judgement.values);
            }
        }
    }
    texts.extend(
        case.recommendations
            .iter()
            .map(|own| own.text.get_ref().as_str()),
    );
    texts.extend(case.captions.iter().map(|own| own.text.get_ref().as_str()));
    let witness_declaration = case
        .witness_declaration
        .as_ref()
        .and_then(|own| own.text.as_ref());
    texts.extend(witness_declaration.map(|text| text.get_ref().as_str()));
    // One expression at a time: one that has no value here hides those behind it.
    for expression in texts.iter().flat_map(|text| expressions(text)) {
        complete.remember(&language.printed(expression));
    }
    Own {
        evidence,
        results: Arc::new(complete),
        standard: results,
    }
}

/// The expressions of a text, with their brackets.
fn expressions(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start..].find("}}") else {
            break;
        };
        found.push(&rest[start..start + length + 2]);
        rest = &rest[start + length + 2..];
    }
    found
}

fn verdict(held: &Held, id: &str, reported: &Value, own: Option<&Value>) -> Verdict {
    // Which rows count, and which ads there are, may depend on files that are not here.
    let elsewhere = elsewhere(held, id);
    // What an estimate says that it rests on excuses nothing by itself: a forged one could name any
    // exhibit that is withheld, and go uncompared.
    let withheld: Vec<&str> = sources(reported)
        .into_iter()
        .filter(|exhibit| elsewhere.contains(exhibit))
        .collect();
    if !withheld.is_empty() {
        return Verdict::NotCheckable(format!(
            "raw evidence is withheld in this edition: {}",
            withheld.join(", ")
        ));
    }
    let difference = match own {
        Some(own) => difference(reported, own),
        None => Some("computing again does not give it".into()),
    };
    // Equal numbers from all rows that they rest on are equal all the same; none and none are not.
    let is_none = |value: &Value| ["value", "low"].iter().all(|name| value[*name].is_null());
    match difference {
        None if elsewhere.is_empty() || !is_none(reported) => Verdict::Agrees,
        Some(how) if elsewhere.is_empty() => Verdict::Differs(how),
        _ => Verdict::NotCheckable(format!(
            "may depend on evidence that is withheld in this edition: {}",
            elsewhere.join(", ")
        )),
    }
}

/// Exhibits that an estimate rests on.
fn sources(estimate: &Value) -> Vec<&str> {
    let list = estimate.get("sources").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|source| source.get("exhibit")?.as_str())
        .collect()
}

/// Exhibits that are not here and of a kind that can decide which rows an estimate counts.
fn elsewhere<'h>(held: &'h Held, id: &str) -> Vec<&'h str> {
    let kinds: &[&str] = match id.split('/').next().unwrap_or_default() {
        "contacts" | "rate" | "rate_ratio" => &["contacts", "delivery", "ads"],
        "agreement" => &["contacts"],
        "accounts" => &["accounts"],
        "feed" | "feeds" => &["feeds"],
        _ => &["delivery", "ads"],
    };
    held.missing
        .iter()
        .filter(|(_, kind)| kinds.contains(&kind.as_str()))
        .map(|(exhibit, _)| exhibit.as_str())
        .collect()
}

/// The numbers in which two estimates differ, in words.
fn difference(reported: &Value, own: &Value) -> Option<String> {
    let parts: Vec<String> = NUMBERS
        .iter()
        .filter(|name| !same(&reported[**name], &own[**name]))
        .map(|name| {
            format!(
                "{name} is {} and computes to {}",
                reported[*name], own[*name]
            )
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(x), Some(y)) if a.is_f64() || b.is_f64() => {
            (x - y).abs() <= CLOSE * x.abs().max(y.abs())
        }
        _ => a == b,
    }
}
