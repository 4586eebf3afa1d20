//! `casefile inspect`: what is this file?

use super::read;
use super::said::Said;
use super::terminal::{Terminal, safe};
use casefile::digest::Sha256;
use casefile::error::{Problems, Result};
use casefile::evidence::{ContactRow, DeliveryRow};
use casefile::import::{self, Imported, Input, Table};
use std::path::PathBuf;

/// Say what a file is: format, rows, columns, problems, first rows as casefile reads them.
///
/// Nothing is written. For files that name people, the first rows show only columns that do not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  casefile inspect exports/2020-09-01_18:58.csv")]
pub struct Inspect {
    /// Files to look at.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    said: Said,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let hints = self.said.hints()?;
        let mut problems = Problems::default();
        for path in &self.files {
            let Some(bytes) = problems.take(read(path)) else {
                continue;
            };
            let name = path.display().to_string();
            let input = Input {
                file: &name,
                bytes: &bytes,
                hints: &hints,
            };
            // What cannot be detected cannot be read either: one of the two says why.
            let Some(detection) = problems.take(import::detect(&input)) else {
                continue;
            };
            // A file whose rows raise a question is still of a format, for a reason.
            let imported = problems.take(import::read(&input));
            let look = Look {
                file: &name,
                bytes: &bytes,
                detection: &detection,
                imported: imported.as_ref(),
            };
            if self.json {
                terminal.line(&look.json());
            } else {
                terminal.data(&look.text());
            }
        }
        problems.finish(0)
    }
}

/// What is known of a file.
struct Look<'a> {
    file: &'a str,
    bytes: &'a [u8],
    detection: &'a import::Detection,
    imported: Option<&'a Imported>,
}

fn period(imported: &Imported) -> Option<String> {
    let days: Vec<jiff::civil::Date> = match &imported.table {
        Table::Delivery(rows) => rows
            .iter()
            .flat_map(|row| [row.period_start, row.period_end, row.day])
            .flatten()
            .collect(),
        Table::Contacts(rows) => rows
            .iter()
            .filter_map(|row| Some(row.received.local?.date()))
            .collect(),
        Table::Captures(rows) => rows
            .iter()
            .filter_map(|row| Some(row.captured.local?.date()))
            .collect(),
        Table::Context(rows) => rows
            .iter()
            .flat_map(|row| [row.first_shown, row.last_shown])
            .flatten()
            .collect(),
        _ => Vec::new(),
    };
    let (start, end) = (days.iter().min()?, days.iter().max()?);
    Some(format!("{start} to {end}"))
}

/// What the counts of delivery are broken down by, or what is known of events.
fn dimensions(imported: &Imported) -> Vec<&'static str> {
    let present: Vec<(&'static str, bool)> = match &imported.table {
        Table::Delivery(rows) => {
            let has = |test: &dyn Fn(&DeliveryRow) -> bool| rows.iter().any(test);
            vec![
                ("gender", has(&|row| row.gender.is_some())),
                ("age", has(&|row| row.age.is_some())),
                ("region", has(&|row| row.region.is_some())),
                ("country", has(&|row| row.country.is_some())),
                ("placement", has(&|row| row.placement.is_some())),
                ("device", has(&|row| row.device.is_some())),
                ("day", has(&|row| row.day.is_some())),
            ]
        }
        Table::Contacts(rows) => {
            let has = |test: &dyn Fn(&ContactRow) -> bool| rows.iter().any(test);
            vec![
                ("channel", has(&|row| row.channel.is_some())),
                ("sender", has(&|row| row.sender.is_some())),
                ("direction", has(&|row| !row.incoming)),
                ("ad", has(&|row| row.ad.is_some())),
                ("codes", has(&|row| !row.codes.is_empty())),
            ]
        }
        _ => Vec::new(),
    };
    present
        .into_iter()
        .filter_map(|(name, present)| present.then_some(name))
        .collect()
}

/// Sums over all rows. Reach and shares do not add up: they are only named.
fn measures(imported: &Imported) -> Vec<(&'static str, Option<u64>)> {
    match &imported.table {
        Table::Delivery(rows) => {
            type Count = fn(&DeliveryRow) -> Option<u64>;
            let counts: [(&'static str, Count, bool); 5] = [
                ("impressions", |row| row.impressions, true),
                ("clicks", |row| row.clicks, true),
                ("results", |row| row.results, true),
                ("reach", |row| row.reach, false),
                ("share", |row| row.share.map(|share| share.0.into()), false),
            ];
            counts
                .into_iter()
                .filter(|(_, count, _)| rows.iter().any(|row| count(row).is_some()))
                .map(|(name, count, adds)| {
                    (name, adds.then(|| rows.iter().filter_map(count).sum()))
                })
                .collect()
        }
        Table::Contacts(rows) => {
            let incoming = rows.iter().filter(|row| row.incoming).count() as u64;
            vec![
                ("incoming", Some(incoming)),
                ("outgoing", Some(rows.len() as u64 - incoming)),
            ]
        }
        _ => Vec::new(),
    }
}

impl Look<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        let mut line =
            |name: &str, value: String| out.push_str(&format!("{name:<12} {}\n", safe(&value)));
        line("file", self.file.to_owned());
        line("sha256", Sha256::of(self.bytes).to_string());
        line("size", format!("{} bytes", self.bytes.len()));
        let detection = self.detection;
        line(
            "format",
            format!("{} ({})", detection.format, detection.reason),
        );
        for (format, why) in &detection.runners_up {
            line("", format!("not {format}: {why}"));
        }
        line("kind", detection.kind.name().into());
        if let Some(imported) = self.imported {
            read_as(imported, &mut line);
        }
        out.push('\n');
        out
    }

    fn json(&self) -> String {
        let detection = self.detection;
        let runners_up: Vec<_> = detection
            .runners_up
            .iter()
            .map(|(format, why)| serde_json::json!({ "format": format, "reason": why }))
            .collect();
        let mut value = serde_json::json!({
            "file": self.file,
            "sha256": Sha256::of(self.bytes),
            "bytes": self.bytes.len(),
            "format": detection.format,
            "kind": detection.kind,
            "reason": detection.reason,
            "runners_up": runners_up,
        });
        if let (Some(imported), Some(object)) = (self.imported, value.as_object_mut()) {
            object.extend(as_json(imported));
        }
        value.to_string()
    }
}

/// How the rows were read, line by line.
fn read_as(imported: &Imported, line: &mut dyn FnMut(&str, String)) {
    line("encoding", imported.encoding.into());
    if let Some(delimiter) = imported.delimiter {
        line("delimiter", format!("{delimiter:?}"));
    }
    line(
        "rows",
        format!(
            "{} in the file, {} read, {} excluded",
            imported.rows.in_file,
            imported.rows.read,
            imported.rows.excluded.len()
        ),
    );
    for exclusion in imported.rows.excluded.iter().take(5) {
        line(
            "",
            format!(
                "row {}: {} ({})",
                exclusion.row, exclusion.reason, exclusion.detail
            ),
        );
    }
    if let Some(period) = period(imported) {
        line("period", period);
    }
    if let Some(snapshot) = &imported.snapshot {
        line("snapshot", snapshot.at.to_string());
    }
    let dimensions = dimensions(imported);
    if !dimensions.is_empty() {
        line("broken down", dimensions.join(", "));
    }
    for (name, sum) in measures(imported) {
        match sum {
            Some(sum) => line("sum", format!("{sum} {name}")),
            None => line("measure", format!("{name}, which does not add up")),
        }
    }
    if !imported.context.is_empty() {
        line("context", format!("{} ads", imported.context.len()));
    }
    for column in &imported.columns {
        line(
            "column",
            format!(
                "{} -> {}",
                column.header,
                column.canonical.unwrap_or("not used")
            ),
        );
    }
    for notice in &imported.notices {
        let row = notice
            .locator
            .row
            .map_or(String::new(), |row| format!("row {row}: "));
        line(
            "notice",
            format!("{row}{} [{}]", notice.message, notice.code),
        );
    }
    for row in &imported.preview {
        line("read as", row.join(" | "));
    }
}

fn as_json(imported: &Imported) -> serde_json::Map<String, serde_json::Value> {
    let columns: Vec<_> = imported
        .columns
        .iter()
        .map(|column| serde_json::json!({ "header": column.header, "canonical": column.canonical }))
        .collect();
    let sums: serde_json::Map<String, serde_json::Value> = measures(imported)
        .into_iter()
        .map(|(name, sum)| (name.to_owned(), sum.into()))
        .collect();
    let value = serde_json::json!({
        "encoding": imported.encoding,
        "delimiter": imported.delimiter.map(String::from),
        "rows": imported.rows,
        "period": period(imported),
        "snapshot": imported.snapshot.as_ref().map(|s| s.at.to_string()),
        "dimensions": dimensions(imported),
        "measures": sums,
        "context": imported.context.len(),
        "columns": columns,
        "unused_columns": imported.unused_columns,
        "notices": imported.notices,
        "preview": imported.preview,
    });
    match value {
        serde_json::Value::Object(object) => object,
        _ => serde_json::Map::new(),
    }
}
