//! `casefile add`: record raw files.

use super::said::Said;
use super::terminal::Terminal;
use super::{expand, files, load, name_of, read};
use casefile::case::{CustodyEntry, Kind, custody_line};
use casefile::digest::Sha256;
use casefile::error::{Problem, Problems, Result};
use casefile::import::{self, Input};
use std::path::{Path, PathBuf};

/// Record raw files: detect what they are, copy them unchanged, hash them, and write a custody
/// entry and an entry in case.toml for each.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  casefile add exports/*.csv --case my-case --by \"A. Reporter\" --from \"Ads Manager\" --on 2024-11-05"
)]
pub struct Add {
    /// Files, or folders of files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Case folder.
    #[arg(long, default_value = ".")]
    case: PathBuf,
    #[command(flatten)]
    origin: Origin,
    /// Print a summary as JSON.
    #[arg(long)]
    json: bool,
}

/// Where files come from, for the chain of custody.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Origin {
    #[command(flatten)]
    pub said: Said,
    /// Who obtained the files.
    #[arg(long)]
    pub by: Option<String>,
    /// From whom or where.
    #[arg(long)]
    pub from: Option<String>,
    /// How.
    #[arg(long)]
    pub how: Option<String>,
    /// Day on which they were obtained, as 2024-11-05.
    #[arg(long)]
    pub on: Option<jiff::civil::Date>,
}

/// A file that will be recorded.
pub struct Recorded {
    /// Path inside the case folder.
    pub path: String,
    pub bytes: Vec<u8>,
    pub sha256: Sha256,
    pub kind: Kind,
    pub format: &'static str,
    pub reason: String,
    /// Folder named on the command line that the file came from.
    pub group: Option<String>,
    /// Last day that the file speaks of.
    pub last_day: Option<jiff::civil::Date>,
    pub ads: Vec<String>,
    /// What its delivery is counted in, as `[study] measure` calls it.
    pub measures: Vec<&'static str>,
}

impl Add {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let case = self.case.join("case.toml");
        let toml = String::from_utf8(read(&case)?).map_err(|_| {
            Problem::new(
                "case-syntax",
                case.display().to_string(),
                "this is not UTF-8 text",
            )
            .hint("save it as UTF-8")
        })?;
        let recorded = detect(&self.files, &self.origin)?;
        let declared = casefile::case::parse(&toml)?;
        let known: Vec<&str> = declared
            .evidence
            .iter()
            .map(|entry| entry.file.get_ref().as_str())
            .collect();
        let fresh: Vec<&Recorded> = recorded
            .iter()
            .filter(|file| {
                !known
                    .iter()
                    .any(|entry| casefile::case::covers(entry, &file.path))
            })
            .collect();
        store(&self.case, &recorded, &self.origin)?;
        let entries = entries(&fresh.into_iter().collect::<Vec<_>>(), &self.origin);
        if !entries.is_empty() {
            files::write(
                &case,
                format!(
                    "{}\n{entries}",
                    toml.trim_end_matches('\n').to_owned() + "\n"
                )
                .as_bytes(),
            )?;
        }
        report(terminal, &recorded, self.json);
        // The case as it now stands, so that a mistake shows at once.
        load(&self.case).map(|_| 0)
    }
}

/// Detects what the files are. All that cannot be used are reported together.
pub fn detect(paths: &[PathBuf], origin: &Origin) -> Result<Vec<Recorded>> {
    let mut problems = Problems::default();
    let mut recorded: Vec<Recorded> = Vec::new();
    for (path, group) in expand(paths)? {
        let Some(file) = problems.take(one(&path, group, origin)) else {
            continue;
        };
        match recorded.iter().find(|other| other.path == file.path) {
            Some(other) if other.sha256 == file.sha256 => {}
            Some(_) => problems.push(
                Problem::new(
                    "name-twice",
                    path.display().to_string(),
                    "two different files have this name",
                )
                .value(file.path)
                .hint("rename one of them, or add them with their folders"),
            ),
            None => recorded.push(file),
        }
    }
    problems.finish(recorded)
}

fn one(path: &Path, group: Option<String>, origin: &Origin) -> Result<Recorded> {
    let bytes = read(path)?;
    let name = name_of(path)?;
    if name.contains(['*', '?', '\\']) {
        return Err(Problem::new(
            "file-name",
            path.display().to_string(),
            "a name with `*`, `?` or a backslash would be taken for a pattern",
        )
        .hint("rename the file")
        .into());
    }
    let shown = path.display().to_string();
    let hints = origin.said.hints()?;
    let input = Input {
        file: &shown,
        bytes: &bytes,
        hints: &hints,
    };
    let detection = import::detect(&input)?;
    let sha256 = Sha256::of(&bytes);
    let mut last_day = None;
    let mut ads = Vec::new();
    let mut measures = Vec::new();
    // Numbers that need a decision (`decimal`, `columns`) are told by `check`, once the file is recorded.
    if let Ok(imported) = import::read(&input)
        && let import::Table::Delivery(rows) = &imported.table
    {
        let taken = imported
            .snapshot
            .as_ref()
            .map(|snapshot| snapshot.at.date());
        last_day = rows.iter().filter_map(|row| row.period_end).max().or(taken);
        ads = rows
            .iter()
            .filter_map(|row| {
                row.ad
                    .clone()
                    .or_else(|| row.ad_set.clone())
                    .or_else(|| row.campaign.clone())
                    .map(|name| name.to_string())
            })
            .collect();
        ads.sort();
        ads.dedup();
        let has = [
            (
                "impressions",
                rows.iter()
                    .any(|row| row.impressions.is_some() || row.ranges.impressions.is_some()),
            ),
            ("reach", rows.iter().any(|row| row.reach.is_some())),
            ("shares", rows.iter().any(|row| row.share.is_some())),
        ];
        measures.extend(has.iter().filter(|(_, has)| *has).map(|(name, _)| *name));
    }
    let inside = group.as_ref().map_or_else(
        || format!("evidence/{name}"),
        |folder| format!("evidence/{folder}/{name}"),
    );
    Ok(Recorded {
        path: inside,
        sha256,
        kind: detection.kind,
        format: detection.format,
        reason: detection.reason,
        group,
        last_day,
        ads,
        measures,
        bytes,
    })
}

/// Copies the files into the case and extends the custody log.
pub fn store(case: &Path, recorded: &[Recorded], origin: &Origin) -> Result<()> {
    let log_path = case.join("custody.jsonl");
    let mut log = match std::fs::read_to_string(&log_path) {
        Ok(log) => log,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(super::unreadable(&log_path, &error)),
    };
    let mut problems = Problems::default();
    for file in recorded {
        let target = case.join(&file.path);
        if let Ok(present) = std::fs::read(&target)
            && Sha256::of(&present) != file.sha256
        {
            problems.push(
                Problem::new("name-taken", file.path.clone(), "the case already holds another file of this name; evidence is never overwritten").value(Sha256::of(&present).to_string()).hint("rename the new file"),
            );
        }
    }
    problems.finish(())?;
    for file in recorded {
        let target = case.join(&file.path);
        if !target.exists() {
            files::write(&target, &file.bytes)?;
        }
        if already(&log, file) {
            continue;
        }
        let entry = CustodyEntry {
            number: 0,
            action: "add".into(),
            file: file.path.clone(),
            bytes: file.bytes.len() as u64,
            sha256: file.sha256.to_string(),
            on: origin.on.map(|day| day.to_string()),
            by: origin.by.clone(),
            from: origin.from.clone(),
            how: origin.how.clone(),
            previous: String::new(),
        };
        log.push_str(&custody_line(&log, entry));
        log.push('\n');
    }
    files::write(&log_path, log.as_bytes())
}

/// Whether the last entry of the log for this file holds this very content.
fn already(log: &str, file: &Recorded) -> bool {
    let mut entries = log
        .lines()
        .filter_map(|line| serde_json::from_str::<CustodyEntry>(line).ok());
    let last = entries.rfind(|entry| entry.file == file.path);
    last.is_some_and(|entry| entry.sha256 == file.sha256.to_string())
}

/// `[[evidence]]` entries: one a file, one for all files of a folder that are of one format.
pub fn entries(recorded: &[&Recorded], origin: &Origin) -> String {
    let mut out = String::new();
    let mut done: Vec<&str> = Vec::new();
    for file in recorded {
        let group = file.group.as_deref().filter(|group| {
            let of_group: Vec<&&Recorded> = recorded
                .iter()
                .filter(|other| other.group.as_deref() == Some(group))
                .collect();
            of_group.len() > 1 && of_group.iter().all(|other| other.format == file.format)
        });
        match group {
            Some(group) if done.contains(&group) => continue,
            Some(group) => {
                done.push(group);
                out.push_str(&entry(&format!("evidence/{group}/*"), None, file, origin));
            }
            None => out.push_str(&entry(&file.path, Some(&file.sha256), file, origin)),
        }
    }
    out
}

fn entry(path: &str, sha256: Option<&Sha256>, file: &Recorded, origin: &Origin) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut out = format!("[[evidence]]\nfile = {}\n", quoted(path));
    if let Some(sha256) = sha256 {
        out.push_str(&format!("sha256 = \"{sha256}\"\n"));
    }
    out.push_str(&format!("kind = \"{}\"\n", file.kind.name()));
    if file.kind != Kind::Attachment {
        out.push_str(&format!("format = \"{}\"\n", file.format));
    }
    out.push_str(&origin.said.entry());
    let mut obtained = Vec::new();
    obtained.extend(origin.on.map(|on| format!("on = {on}")));
    for (name, value) in [
        ("by", &origin.by),
        ("from", &origin.from),
        ("how", &origin.how),
    ] {
        obtained.extend(
            value
                .as_ref()
                .map(|value| format!("{name} = {}", quoted(value))),
        );
    }
    if !obtained.is_empty() {
        out.push_str(&format!("obtained = {{ {} }}\n", obtained.join(", ")));
    }
    out.push('\n');
    out
}

/// Says what was recorded.
pub fn report(terminal: &mut Terminal, recorded: &[Recorded], json: bool) {
    if json {
        let list: Vec<_> = recorded.iter().map(|file| serde_json::json!({ "file": file.path, "sha256": file.sha256, "kind": file.kind, "format": file.format })).collect();
        return terminal.line(&serde_json::json!({ "recorded": list }).to_string());
    }
    for file in recorded {
        terminal.line(&format!(
            "{}  {}  {} ({})",
            file.sha256,
            super::terminal::safe(&file.path),
            file.format,
            super::terminal::safe(&file.reason)
        ));
    }
}
