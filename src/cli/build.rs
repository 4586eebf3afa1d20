//! `casefile build`: evidence to report and bundle.

use super::files;
use super::load_whole;
use super::progress::Progress;
use super::terminal::Terminal;
use casefile::bundle::{Bundle, Edition};
use casefile::case::{Case, with_build};
use casefile::error::{Problem, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Build the report: HTML, PDF, figures, tables, statistics and the sealed bundle.
///
/// They appear together in `<out>/<id>-<version>/`, or not at all.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile build my-case\n  casefile build my-case --edition full --out regulator"
)]
pub struct Build {
    /// Case folder.
    #[arg(default_value = ".")]
    case: PathBuf,
    /// `public` withholds confidential evidence, contact texts and identities; `full` holds them.
    #[arg(long, value_parser = ["public", "full"], default_value = "public")]
    edition: String,
    /// Folder for reports [default: `reports` beside the case].
    #[arg(long)]
    out: Option<PathBuf>,
    /// Leave custody.jsonl as it is: do not record this build.
    #[arg(long)]
    unrecorded: bool,
    /// Show the report in the browser.
    #[arg(long)]
    open: bool,
    /// Print a summary as JSON.
    #[arg(long)]
    json: bool,
}

impl Build {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let edition = if self.edition == "full" {
            Edition::Full
        } else {
            Edition::Public
        };
        let case = load_whole(&self.case)?;
        super::tell_undeclared(terminal, &case);
        let mut progress = Progress::new(super::lines(&case), "rows");
        let built =
            casefile::build_watched(&case, edition, &mut |rows, what| progress.step(rows, what))?;
        drop(progress);
        let name = built.bundle.name.trim_end_matches(".zip").to_owned();
        let folder = self.reports()?.join(&name);
        let mut out: BTreeMap<String, &[u8]> = BTreeMap::new();
        for (path, artifact) in built.artifacts.iter() {
            // The evidence is in the bundle; a second copy beside it would only go astray.
            if artifact.role != casefile::artifacts::Role::Evidence {
                out.insert(path.to_owned(), &artifact.bytes);
            }
        }
        let seal = format!("{}  {}\n", built.bundle.sha256, built.bundle.name);
        out.insert(built.bundle.name.clone(), &built.bundle.bytes);
        out.insert(format!("{}.sha256", built.bundle.name), seal.as_bytes());
        files::write_folder(&folder, &out)?;
        if !self.unrecorded {
            self.record(terminal, &case, &built);
        }
        let report = folder.join("report.html");
        if self.json {
            terminal.line(
                &serde_json::json!({
                    "folder": folder.display().to_string(),
                    "report": report.display().to_string(),
                    "bundle": folder.join(&built.bundle.name).display().to_string(),
                    "sha256": built.bundle.sha256,
                    "root": built.bundle.root,
                    "digest": built.digest,
                    "edition": edition.name(),
                    "files": out.len(),
                })
                .to_string(),
            );
        } else {
            terminal.line(&report.display().to_string());
            terminal.line(&folder.join("report.pdf").display().to_string());
            terminal.line(&folder.join(&built.bundle.name).display().to_string());
            terminal.say(&format!("bundle sha256 {}", built.bundle.sha256));
            terminal.say(&format!(
                "root          {} (publish this)",
                built.bundle.root
            ));
        }
        if self.open {
            open(&report)?;
        }
        Ok(0)
    }

    /// Extends the chain of custody by this build, unless it is the one recorded last. The case may
    /// stand where nothing can be written: then the report is no worse, and the person is told.
    fn record(&self, terminal: &mut Terminal, case: &Case, built: &casefile::Built) {
        let path = self.case.join("custody.jsonl");
        let log = std::fs::read_to_string(&path).unwrap_or_default();
        let Bundle {
            name,
            bytes,
            sha256,
            ..
        } = &built.bundle;
        let date = case.meta.date.to_string();
        let longer = with_build(&log, name, bytes.len() as u64, *sha256, date);
        if let Some(Err(error)) = longer.map(|longer| files::write(&path, longer.as_bytes())) {
            terminal.say("note: the report is built, and this build could not be recorded:");
            terminal.problems(&error);
        }
    }

    /// Where reports go.
    fn reports(&self) -> Result<PathBuf> {
        if let Some(out) = &self.out {
            return Ok(out.clone());
        }
        let case = self
            .case
            .canonicalize()
            .map_err(|error| super::unreadable(&self.case, &error))?;
        let beside = case.parent().map(Path::to_path_buf);
        Ok(beside
            .ok_or_else(|| {
                Problem::new(
                    "no-place",
                    case.display().to_string(),
                    "there is no folder beside the case",
                )
                .hint("name one with `--out`")
            })?
            .join("reports"))
    }
}

/// Shows a file with the system's own opener.
fn open(path: &Path) -> Result<()> {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let status = std::process::Command::new(opener)
        .arg(path)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    match status {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::new(
            "not-opened",
            path.display().to_string(),
            format!("the report is built and `{opener}` cannot be started: {error}"),
        )
        .hint("open the file yourself")
        .into()),
    }
}
