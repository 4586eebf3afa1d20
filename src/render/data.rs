//! Tables as CSV, and the JSON Schema of the statistics.

use crate::document::{Cell, Document, Table};

/// JSON Schema (draft 2020-12) of `statistics.json`.
pub const STATISTICS_SCHEMA: &str = include_str!("../../templates/schema/statistics.schema.json");

/// Name and version of the format of `sentences.json`.
const SENTENCES_FORMAT: &str = "casefile-sentences-1";

/// `sentences.json`: the prose of the report, by which two versions are compared as they read.
pub fn sentences(document: &Document) -> Vec<u8> {
    let list = crate::document::sentences(document);
    let json = serde_json::json!({ "schema": SENTENCES_FORMAT, "sentences": list });
    let mut bytes = serde_json::to_vec_pretty(&json).expect("strings always serialise");
    bytes.push(b'\n');
    bytes
}

/// A table as CSV (RFC 4180): UTF-8, `\r\n`, one header row, missing values empty.
///
/// A cell that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, CSV
/// injection); plain numbers, also negative ones, stay as they are.
pub fn csv(table: &Table) -> Vec<u8> {
    let with_detail: Vec<bool> = (0..table.columns.len())
        .map(|index| {
            table
                .rows
                .iter()
                .any(|row| row.get(index).is_some_and(|cell| cell.detail.is_some()))
        })
        .collect();
    let mut header = Vec::new();
    for (column, detailed) in table.columns.iter().zip(&with_detail) {
        let label = column.unit.as_ref().map_or_else(
            || column.label.clone(),
            |unit| format!("{} ({})", column.label, held(unit)),
        );
        header.push(label.clone());
        if *detailed {
            header.push(format!("{label}: detail"));
        }
    }
    let mut out = Vec::new();
    record(&mut out, header.iter().map(String::as_str));
    for row in &table.rows {
        let mut cells: Vec<&str> = Vec::new();
        for (cell, detailed) in row.iter().zip(&with_detail) {
            cells.push(raw(cell));
            if *detailed {
                cells.push(cell.detail.as_deref().unwrap_or(""));
            }
        }
        record(&mut out, cells.into_iter());
    }
    out
}

fn raw(cell: &Cell) -> &str {
    cell.raw.as_deref().unwrap_or("")
}

/// One line of a CSV (RFC 4180), safe to open in a spreadsheet program.
pub fn record<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let safe = neutral(cell);
        if safe.contains([',', '"', '\n', '\r']) {
            out.push(b'"');
            out.extend(safe.replace('"', "\"\"").bytes());
            out.push(b'"');
        } else {
            out.extend(safe.bytes());
        }
    }
    out.extend(b"\r\n");
}

/// Takes the power to run from a cell that a spreadsheet would take for a formula.
pub fn neutral(cell: &str) -> String {
    let dangerous = cell.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}',
    ]);
    if dangerous && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The unit of what the CSV holds: shares as fractions, where the page prints per cent.
fn held(unit: &str) -> String {
    unit.replace('%', "fraction")
        .replace("percentage points", "difference of fractions")
}
