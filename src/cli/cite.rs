//! `casefile cite`: how to cite a bundle, or one finding, figure or table of it.

use super::read;
use super::terminal::Terminal;
use casefile::cite::{Format, Record, Style, formatted, record};
use casefile::error::{Problem, Result};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest record that is read: a report with thousands of parts has less.
const LARGEST: u64 = 16 << 20;

/// Print how to cite a bundle, or one finding, figure or table of it.
///
/// Reads `data/citation.record.json` of the bundle and nothing else; `casefile verify` says whether
/// the bundle is whole. Always names the version and the SHA-256 of what is cited.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile cite child-jewellery-ads-1.0.0.zip\n  casefile cite child-jewellery-ads-1.0.0.zip \"Finding 1\" --style harvard\n  casefile cite child-jewellery-ads-1.0.0.zip figure-share --format bibtex\n\nWithout --style and --format: APA 7."
)]
pub struct Cite {
    /// Bundle (zip), or the unpacked folder.
    bundle: PathBuf,
    /// Finding, figure or table: its anchor, its id, or its label such as "Figure 3".
    part: Option<String>,
    /// Citation style.
    #[arg(long, value_name = "STYLE", value_parser = style, conflicts_with = "format",
        help = "apa, chicago-author-date, mla, harvard, ieee or vancouver")]
    style: Option<Style>,
    /// Machine-readable format.
    #[arg(long, value_name = "FORMAT", value_parser = format,
        help = "bibtex, ris, csl-json, cff, datacite or json-ld")]
    format: Option<Format>,
}

impl Cite {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let record = record_of(&self.bundle)?;
        let part = self
            .part
            .as_deref()
            .map(|name| record.part(name))
            .transpose()?;
        match self.format {
            Some(format) => terminal.data(&format.write(&record, part)?),
            None => terminal.line(&formatted(&record, part, self.style.unwrap_or_default())),
        }
        Ok(0)
    }
}

fn style(name: &str) -> std::result::Result<Style, String> {
    Style::parse(name)
        .ok_or_else(|| format!("the styles are: {}", Style::ALL.map(Style::name).join(", ")))
}

fn format(name: &str) -> std::result::Result<Format, String> {
    Format::ALL
        .into_iter()
        .find(|format| format.name() == name)
        .ok_or_else(|| {
            format!(
                "the formats are: {}",
                Format::ALL.map(Format::name).join(", ")
            )
        })
}

fn record_of(bundle: &Path) -> Result<Record> {
    if bundle.is_dir() {
        return record::read(&read(&bundle.join("data").join(record::FILE))?);
    }
    let failed = |message: String| {
        Problem::new("cite-bundle", bundle.display().to_string(), message)
            .hint("name a bundle that `casefile build` wrote; `casefile verify` says what is wrong with it")
    };
    let file = std::fs::File::open(bundle).map_err(|error| super::unreadable(bundle, &error))?;
    let mut zip =
        zip::ZipArchive::new(file).map_err(|error| failed(format!("is no bundle: {error}")))?;
    let wanted = format!("data/{}", record::FILE);
    // One folder holds everything, so the record is two folders deep.
    let name = zip
        .file_names()
        .filter_map(|name| name.ok().map(|name| name.into_owned()))
        .find(|name| {
            name.split_once('/')
                .is_some_and(|(_, inside)| inside == wanted)
        })
        .ok_or_else(|| failed(format!("holds no {wanted}")))?;
    let mut bytes = Vec::new();
    let entry = zip
        .by_name(&name)
        .map_err(|error| failed(format!("{name} cannot be read: {error}")))?;
    entry
        .take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(format!("{name} cannot be read: {error}")))?;
    record::read(&bytes)
}
