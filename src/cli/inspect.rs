//! `casefile inspect`: what is this file?

use super::read;
use super::terminal::{Terminal, safe};
use casefile::case::Kind;
use casefile::digest::Sha256;
use casefile::error::Result;
use casefile::import::{self, Hints, Imported, Input};
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
    /// Insist on what one row is: ads, delivery, contacts, accounts, feeds, statements, attachment.
    #[arg(long, value_parser = super::inspect::kind)]
    kind: Option<Kind>,
    /// Insist on a format; `casefile help formats` lists them.
    #[arg(long)]
    format: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Parses the word for a kind.
pub fn kind(word: &str) -> std::result::Result<Kind, String> {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    Kind::ALL
        .into_iter()
        .find(|kind| kind.name() == word)
        .ok_or_else(|| format!("kinds are: {}", names.join(", ")))
}

impl Inspect {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let mut problems = casefile::error::Problems::default();
        for path in &self.files {
            if let Some((detection, imported, bytes)) = problems.take(self.look(path)) {
                if self.json {
                    terminal.line(&as_json(path, &bytes, &detection, &imported));
                } else {
                    terminal.data(&as_text(path, &bytes, &detection, &imported));
                }
            }
        }
        problems.finish(0)
    }

    fn look(&self, path: &std::path::Path) -> Result<(import::Detection, Imported, Vec<u8>)> {
        let bytes = read(path)?;
        let name = path.display().to_string();
        let hints = Hints {
            kind: self.kind,
            format: self.format.clone(),
            ..Hints::default()
        };
        let input = Input {
            file: &name,
            bytes: &bytes,
            hints: &hints,
        };
        let detection = import::detect(&input)?;
        let imported = import::read(&input)?;
        Ok((detection, imported, bytes))
    }
}

fn period(imported: &Imported) -> Option<String> {
    let import::Table::Delivery(rows) = &imported.table else {
        return None;
    };
    let start = rows.iter().filter_map(|row| row.period_start).min()?;
    let end = rows.iter().filter_map(|row| row.period_end).max()?;
    Some(format!("{start} to {end}"))
}

fn dimensions(imported: &Imported) -> Vec<&'static str> {
    let import::Table::Delivery(rows) = &imported.table else {
        return Vec::new();
    };
    let has = |test: &dyn Fn(&casefile::evidence::DeliveryRow) -> bool| rows.iter().any(test);
    [
        ("gender", has(&|row| row.gender.is_some())),
        ("age", has(&|row| row.age.is_some())),
        ("region", has(&|row| row.region.is_some())),
        ("country", has(&|row| row.country.is_some())),
        ("placement", has(&|row| row.placement.is_some())),
        ("device", has(&|row| row.device.is_some())),
        ("day", has(&|row| row.day.is_some())),
    ]
    .into_iter()
    .filter_map(|(name, present)| present.then_some(name))
    .collect()
}

fn measures(imported: &Imported) -> Vec<(&'static str, u64)> {
    let import::Table::Delivery(rows) = &imported.table else {
        return Vec::new();
    };
    // Reach is not additive, so it is named here without a sum.
    [
        (
            "impressions",
            rows.iter().map(|row| row.impressions).collect::<Vec<_>>(),
        ),
        ("clicks", rows.iter().map(|row| row.clicks).collect()),
        ("results", rows.iter().map(|row| row.results).collect()),
    ]
    .into_iter()
    .filter_map(|(name, values)| {
        values
            .iter()
            .any(Option::is_some)
            .then(|| (name, values.into_iter().flatten().sum()))
    })
    .collect()
}

fn as_text(
    path: &std::path::Path,
    bytes: &[u8],
    detection: &import::Detection,
    imported: &Imported,
) -> String {
    let mut out = String::new();
    let mut line =
        |name: &str, value: String| out.push_str(&format!("{name:<12} {}\n", safe(&value)));
    line("file", path.display().to_string());
    line("sha256", Sha256::of(bytes).to_string());
    line("size", format!("{} bytes", bytes.len()));
    line(
        "format",
        format!("{} ({})", detection.format, detection.reason),
    );
    for (format, why) in &detection.runners_up {
        line("", format!("not {format}: {why}"));
    }
    line("kind", detection.kind.name().into());
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
        line("sum", format!("{sum} {name}"));
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
    out.push('\n');
    out
}

fn as_json(
    path: &std::path::Path,
    bytes: &[u8],
    detection: &import::Detection,
    imported: &Imported,
) -> String {
    let columns: Vec<_> = imported
        .columns
        .iter()
        .map(|column| serde_json::json!({ "header": column.header, "canonical": column.canonical }))
        .collect();
    let runners_up: Vec<_> = detection
        .runners_up
        .iter()
        .map(|(format, why)| serde_json::json!({ "format": format, "reason": why }))
        .collect();
    let sums: serde_json::Map<String, serde_json::Value> = measures(imported)
        .into_iter()
        .map(|(name, sum)| (name.to_owned(), sum.into()))
        .collect();
    serde_json::json!({
        "file": path.display().to_string(),
        "sha256": Sha256::of(bytes),
        "bytes": bytes.len(),
        "format": detection.format,
        "kind": detection.kind,
        "reason": detection.reason,
        "runners_up": runners_up,
        "encoding": imported.encoding,
        "delimiter": imported.delimiter.map(String::from),
        "rows": imported.rows,
        "period": period(imported),
        "snapshot": imported.snapshot.as_ref().map(|s| s.at.to_string()),
        "dimensions": dimensions(imported),
        "sums": sums,
        "columns": columns,
        "unused_columns": imported.unused_columns,
        "notices": imported.notices,
        "preview": imported.preview,
    })
    .to_string()
}
