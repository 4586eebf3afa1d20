//! `casefile diff`: what is different between two bundles.

use super::terminal::{Terminal, safe};
use super::{files, name_of};
use casefile::again;
use casefile::diff::{Files, Side, compare};
use casefile::error::{Problem, Problems, Result, printable_json};
use casefile::verify::{self, Known, Verdict};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Compare two bundles: evidence, parameters, numbers, findings, sentences and files that differ.
///
/// Both are verified first; what does not verify is not compared. Exit code 0 when they say the same,
/// 1 when they differ, 2 when they could not be compared.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile diff my-case-1.0.0.zip my-case-1.1.0.zip\n  casefile diff my-case-1.0.0.zip my-case-1.1.0.zip --json\n  casefile diff my-case-1.0.0.zip my-case-1.1.0.zip --page changes.html"
)]
pub struct Diff {
    /// Earlier bundle (zip), or the folder that it was unpacked to.
    old: PathBuf,
    /// Later bundle, or folder.
    new: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Also write a page (HTML) that shows the differences, outside both bundles.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

impl Diff {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        if let Some(page) = &self.page {
            for bundle in [&self.old, &self.new] {
                keep_apart(page, bundle)?;
            }
        }
        let mut problems = Problems::default();
        let old = problems.take(side(&self.old, terminal));
        let new = problems.take(side(&self.new, terminal));
        let (Some(old), Some(new)) = (old, new) else {
            return Err(problems.into_error());
        };
        let changes = compare(&old, &new);
        if let Some(page) = &self.page {
            files::write(page, &casefile::render::changes::page(&changes)?)?;
        }
        if self.json {
            terminal.line(&printable_json(&changes.to_json()));
        } else {
            terminal.line(&changes.to_string());
        }
        Ok(u8::from(!changes.is_empty()))
    }
}

/// Refuses a page that would replace a bundle that is compared, or stand in the folder of one.
fn keep_apart(page: &Path, bundle: &Path) -> Result<()> {
    let place = |path: &Path| std::fs::canonicalize(path).ok();
    let Some(own) = place(bundle) else {
        return Ok(());
    };
    // The page, and folders on the way to it, may not be there yet: writing makes them.
    let page_place = std::path::absolute(page)
        .ok()
        .and_then(|page| page.ancestors().find_map(place));
    let inside = page_place.is_some_and(|page| page.starts_with(&own));
    if !inside {
        return Ok(());
    }
    let reason = if own.is_dir() {
        "this is in the folder of a bundle that is compared, and the page would alter the bundle"
    } else {
        "this is one of the bundles that are compared, and would be replaced by the page"
    };
    Err(
        Problem::new("not-written", page.display().to_string(), reason)
            .hint("name another file in `--page`")
            .into(),
    )
}

/// Verifies a bundle and reads it for comparing.
fn side(bundle: &Path, terminal: &mut Terminal) -> Result<Side> {
    if bundle.is_dir() {
        let mut places = BTreeMap::new();
        super::verify::gather(bundle, "", &mut places)?;
        let read = |(path, place): (&String, &PathBuf)| Ok((path.clone(), super::read(place)?));
        let files = places.iter().map(read).collect::<Result<Files>>()?;
        let shown = bundle.display().to_string();
        return Side::read(&shown, &verify::folder(&files), &files);
    }
    let name = name_of(bundle)?;
    let verification = verify::file(&name, bundle, &Known::default())
        .map_err(|error| super::unreadable(bundle, &error))?;
    // Only a bundle without a fault is unpacked.
    let files = match verification.passed() {
        true => again::unpack(&super::read(bundle)?),
        false => Some(Files::new()),
    };
    let files = files.ok_or_else(|| {
        Problem::new("diff-unverified", &name, "this cannot be unpacked")
            .hint("ask its publisher for it again")
    })?;
    if verification.verdict == Verdict::ContentsIntact {
        terminal.say(&format!(
            "note: {}: contents intact, in a zip that another program packed",
            safe(&name)
        ));
    }
    Side::read(&name, &verification, &files)
}
