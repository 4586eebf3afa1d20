//! `casefile new`: a case folder that builds at once.

use super::add::{Origin, Recorded, detect, entries, report, store};
use super::terminal::Terminal;
use super::{files, load, name_of};
use casefile::case::Kind;
use casefile::error::{Problem, Result};
use std::path::PathBuf;

/// Scaffold a case: detect and record the given raw files, write a case.toml that builds as it is.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  casefile new my-case exports/*.csv messages.xlsx --by \"A. Reporter\"\n\nA folder among the files stands for all files in it. The date of the report is the last day of the\ndata unless `--date` gives another; change it in case.toml."
)]
pub struct New {
    /// Folder to make; its name becomes the id of the case.
    dir: PathBuf,
    /// Raw files, or folders of files.
    files: Vec<PathBuf>,
    /// Date of the report, as 2026-11-23.
    #[arg(long)]
    date: Option<jiff::civil::Date>,
    /// Title of the report.
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    origin: Origin,
    /// Print a summary as JSON.
    #[arg(long)]
    json: bool,
}

impl New {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let case = self.dir.join("case.toml");
        if case.exists() {
            return Err(Problem::new(
                "case-exists",
                case.display().to_string(),
                "there is a case here already",
            )
            .hint("add files to it with `casefile add FILES... --case DIR`")
            .into());
        }
        let recorded = detect(&self.files, &self.origin)?;
        let last_day = recorded.iter().filter_map(|file| file.last_day).max();
        let Some(date) = self.date.or(last_day) else {
            return Err(Problem::new(
                "no-date",
                self.dir.display().to_string(),
                "the files name no day, so the report has no date",
            )
            .hint("give one: --date 2026-11-23")
            .into());
        };
        let toml = self.scaffold(&recorded, date)?;
        casefile::case::parse(&toml)?;
        self.place(&recorded, &toml)?;
        report(terminal, &recorded, self.json);
        if !self.json {
            terminal.say(&format!(
                "next: edit {}, then `casefile build {}`",
                case.display(),
                self.dir.display()
            ));
        }
        load(&self.dir).map(|_| 0)
    }

    /// Makes the folder aside and moves it into place; an existing folder is filled file by file.
    fn place(&self, recorded: &[Recorded], toml: &str) -> Result<()> {
        if self.dir.exists() {
            store(&self.dir, recorded, &self.origin)?;
            return files::write(&self.dir.join("case.toml"), toml.as_bytes());
        }
        files::make_folder(&self.dir, |aside| {
            store(aside, recorded, &self.origin)?;
            files::write(&aside.join("case.toml"), toml.as_bytes())
        })
    }

    fn scaffold(&self, recorded: &[Recorded], date: jiff::civil::Date) -> Result<String> {
        let folder = match self.dir.canonicalize() {
            Ok(dir) => name_of(&dir)?,
            Err(_) => name_of(&self.dir)?,
        };
        let id: String = folder
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let id = id.trim_matches('-');
        let id = if casefile::case::is_slug(id) {
            id
        } else {
            "case"
        };
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let title = self
            .title
            .clone()
            .unwrap_or_else(|| format!("Who was shown the ads of {folder}?"));
        let mut out = format!(
            "casefile = 1\n\n[case]\nid = \"{id}\"\ntitle = {}\ndate = {date}   # of the report; the only clock\nversion = \"1.0.0\"\nlanguage = \"en\"\n# publisher = \"...\"\n# authors = [{{ given = \"...\", family = \"...\", affiliation = \"...\" }}]\n# license = \"CC-BY-4.0\"\n# Works that texts cite as [@key] stand in references.bib beside this file (BibLaTeX).\n\n",
            quoted(&title)
        );
        out.push_str(&entries(&recorded.iter().collect::<Vec<_>>(), &self.origin));
        out.push_str("[study]\n# question = \"...\"\noutcome = \"male\"           # whose share is reported: male or female\n");
        // The first measure that all files have.
        let delivery = || recorded.iter().filter(|file| file.kind == Kind::Delivery);
        let measure = ["impressions", "reach", "shares"]
            .into_iter()
            .find(|name| delivery().all(|file| file.measures.contains(name)))
            .unwrap_or("impressions");
        out.push_str(&format!(
            "measure = \"{measure}\"\nlevel = 0.95\nseed = 1\n"
        ));
        let mut ads: Vec<&String> = recorded
            .iter()
            .filter(|file| file.kind == Kind::Delivery)
            .flat_map(|file| &file.ads)
            .collect();
        ads.sort();
        ads.dedup();
        out.push_str("# Without arms, all ads form one arm. To compare, name them; `*` and `?` match, ignoring case:\n# arms = [\n#   { id = \"a\", label = \"First arm\", ads = [\"* first *\"] },\n#   { id = \"b\", label = \"Second arm\", ads = [\"* second *\"] },\n# ]\n# contrasts = [[\"a\", \"b\"]]\n");
        if !ads.is_empty() {
            out.push_str("# The exports name these ads:\n");
            for ad in ads.iter().take(40) {
                out.push_str(&format!("#   {}\n", quoted(ad)));
            }
            if ads.len() > 40 {
                out.push_str(&format!("#   and {} more\n", ads.len() - 40));
            }
        }
        out.push_str("\n# [[finding]]\n# id = \"mostly-men\"\n# text = \"The ads went to men {{ share('all').range }} of the time.\"\n# expect = [\"share('all').min > 0.5\"]\n");
        Ok(out)
    }
}
