//! `statistics.json`: every result, for machines.

use super::quantity::{Quantity, Scalar, unit_name};
use super::results::Results;
use crate::case::Case;
use crate::evidence::Evidence;
use crate::stats::Method;
use serde_json::{Map, Value, json};

/// Name and version of the format.
pub const STATISTICS_FORMAT: &str = "casefile-statistics-1";

/// All results as JSON, in the order of their ids. Files are named by exhibit only, so that both
/// editions hold the same bytes.
pub fn statistics(case: &Case, evidence: &Evidence, results: &Results) -> Vec<u8> {
    let estimates: Vec<Value> = results
        .iter()
        .map(|quantity| as_json(quantity, evidence))
        .collect();
    let document = json!({
        "schema": STATISTICS_FORMAT,
        "case": { "id": case.meta.id, "version": case.meta.version, "title": case.meta.title, "date": case.meta.date.to_string() },
        "program": concat!("casefile ", env!("CARGO_PKG_VERSION")),
        "parameters": {
            "outcome": case.study.outcome,
            "measure": case.study.measure,
            "level": case.study.level,
            "seed": case.study.seed,
        },
        "estimates": estimates,
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// One result as it stands in `statistics.json`.
pub fn as_json(quantity: &Quantity, evidence: &Evidence) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    let own = quantity.estimate;
    let pair = match quantity.scalar {
        Some(
            Scalar::ShareRange(a, b)
            | Scalar::ShareInterval(a, b)
            | Scalar::PointsInterval(a, b)
            | Scalar::NumberInterval(a, b),
        ) => Some((a, b)),
        _ => None,
    };
    put("id", json!(quantity.id));
    put("label", json!(quantity.label));
    put(
        "value",
        match quantity.scalar {
            Some(Scalar::Count(count)) => json!(count),
            _ => json!(quantity.number()),
        },
    );
    put(
        "low",
        json!(pair.map(|p| p.0).or_else(|| own.and_then(|e| e.low))),
    );
    put(
        "high",
        json!(pair.map(|p| p.1).or_else(|| own.and_then(|e| e.high))),
    );
    let is_range = matches!(quantity.scalar, Some(Scalar::ShareRange(..)));
    put(
        "level",
        json!(own.and_then(|e| e.level).filter(|_| !is_range)),
    );
    put("k", json!(own.and_then(|e| e.k)));
    // A count is its own n.
    let counted = match quantity.scalar {
        Some(Scalar::Count(count)) if own.is_none() => Some(count),
        _ => None,
    };
    put("n", json!(own.map(|e| e.n).or(counted)));
    put(
        "units",
        json!(
            own.map(|e| unit_name(e.units))
                .or(counted.map(|_| "counted"))
        ),
    );
    put("p", json!(own.and_then(|e| e.p)));
    put("text", json!(quantity.text()));
    // By its name: an aspect of an estimate (a p-value, a plain ratio) can have a method of its own.
    let method = Method::ALL
        .into_iter()
        .find(|method| method.description().name == quantity.method);
    let plain = if quantity.method == "Count" {
        "count"
    } else {
        "plain"
    };
    put("method", json!(method.map_or(plain, Method::id)));
    put("method_name", json!(quantity.method));
    put("method_source", json!(quantity.method_source));
    put(
        "assumptions",
        json!(
            method.map_or(&["Counted or declared; no inference."][..], |method| {
                method.description().assumptions
            })
        ),
    );
    put("refusal", json!(quantity.why));
    put("query", json!(quantity.query));
    let sources: Vec<Value> = quantity
        .rows
        .by_file()
        .filter_map(|(file, rows)| {
            let source = evidence.source(file)?;
            Some(json!({ "exhibit": source.exhibit, "sha256": source.sha256, "rows": rows }))
        })
        .collect();
    put("sources", Value::Array(sources));
    Value::Object(out)
}
