//! `casefile help`: commands, and the topics that need a page.

use super::terminal::Terminal;
use casefile::case::Kind;
use casefile::error::{Problem, Result};
use casefile::import;
use casefile::stats;
use clap::CommandFactory;

/// Print help on a command, or on a topic: language, statistics, formats, case, codes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile help language\n  casefile help formats\n  casefile help build"
)]
pub struct Help {
    /// Command or topic.
    topic: Option<String>,
}

const TOPICS: &str = "language, statistics, formats, case, codes";

impl Help {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let mut root = super::Cli::command();
        let text = match self.topic.as_deref() {
            None => root.render_long_help().to_string(),
            Some("language") => include_str!("../../templates/help/language.txt").to_owned(),
            Some("case") => include_str!("../../templates/help/case.txt").to_owned(),
            Some("statistics") => statistics(),
            Some("formats") => formats(),
            Some("codes") => include_str!("../../templates/help/codes.txt").to_owned(),
            Some(name) => match root.find_subcommand_mut(name) {
                Some(command) => command
                    .clone()
                    .bin_name(format!("casefile {name}"))
                    .render_long_help()
                    .to_string(),
                None => {
                    let commands: Vec<String> = super::Cli::command()
                        .get_subcommands()
                        .map(|command| command.get_name().to_owned())
                        .collect();
                    return Err(Problem::new(
                        "no-such-topic",
                        "help",
                        "there is no such command or topic",
                    )
                    .value(name)
                    .hint(format!(
                        "commands: {}; topics: {TOPICS}",
                        commands.join(", ")
                    ))
                    .into());
                }
            },
        };
        terminal.data(&text);
        Ok(0)
    }
}

/// Which interval is used where and why, with the measured coverage, and every method.
fn statistics() -> String {
    let mut out = wrapped(
        "How casefile estimates. The report prints each method that it used; statistics.json names the method of each number.",
    );
    out.push('\n');
    let (reading, tables) = stats::COVERAGE
        .split_once("## Tables")
        .unwrap_or((stats::COVERAGE, ""));
    out.push_str(&wrapped(reading));
    out.push_str(&narrow(tables));
    out.push_str("\nMethods\n");
    for method in stats::Method::ALL {
        let description = method.description();
        out.push_str(&format!(
            "\n{}\n  {}\n  source: {}\n",
            description.id, description.name, description.source
        ));
        for assumption in description.assumptions {
            out.push_str(&format!("  assumes: {assumption}\n"));
        }
    }
    out
}

/// Paragraphs in lines of at most 80 columns, without the marks of Markdown.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    for paragraph in text.lines() {
        let paragraph = paragraph
            .trim_start_matches(['#', ' '])
            .replace(['*', '`'], "");
        let mut width = 0;
        for word in paragraph.split(' ') {
            let length = word.chars().count();
            if width > 0 && width + 1 + length > 80 {
                out.push('\n');
                width = 0;
            } else if width > 0 {
                out.push(' ');
                width += 1;
            }
            out.push_str(word);
            width += length;
        }
        out.push('\n');
    }
    out
}

/// The tables with their columns numbered and coverage alone, to fit a terminal.
fn narrow(tables: &str) -> String {
    let mut out = String::new();
    for line in tables.lines().filter(|line| !line.starts_with("|---")) {
        let cells: Vec<&str> = line
            .split('|')
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect();
        if cells.first() == Some(&"ads") {
            for (number, name) in cells.iter().skip(2).enumerate() {
                out.push_str(&format!("  {:>2}  {name}\n", number + 1));
            }
            out.push_str("\n ads between");
            for number in 1..cells.len() - 1 {
                out.push_str(&format!("{number:>5}"));
            }
        } else if line.starts_with('|') {
            for (column, cell) in cells.iter().enumerate() {
                let coverage = cell
                    .split(" / ")
                    .next()
                    .unwrap_or(cell)
                    .replace("refused", "-");
                let width = if column < 2 { 4 + column * 4 } else { 5 };
                out.push_str(&format!("{coverage:>width$}"));
            }
        } else {
            out.push_str(line.trim_start_matches(['#', ' ']));
        }
        out.push('\n');
    }
    out
}

/// The table of formats, and the columns of the tables that a person fills in.
fn formats() -> String {
    let mut out = String::from(
        "Formats that casefile reads. Detection is by content; `casefile inspect FILE` says what a file is and why.\n",
    );
    for format in import::FORMATS {
        out.push_str(&format!(
            "\n{} ({})\n  {}\n  gives: {}\n  cannot give: {}\n  gender: {}\n{}",
            format.name,
            format.kind.name(),
            format.what,
            format.gives,
            format.cannot,
            gender(format.gender),
            if format.estimated.is_empty() {
                String::new()
            } else {
                format!("  estimated: {}\n", format.estimated)
            }
        ));
    }
    out.push_str("\nTables that a person fills in (CSV or XLSX, first row = headings, in any order and case).\nA spreadsheet with other headings needs a column map in case.toml:\n  columns = { sender_pseudonym = \"Who\", received_at_local = \"When\" }\n* = required\n");
    for kind in Kind::ALL {
        let columns = import::columns(kind);
        if columns.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{}\n", kind.name()));
        for column in columns {
            out.push_str(&format!(
                "  {:<24}{} {} (e.g. {})\n",
                column.name,
                if column.required { "*" } else { " " },
                column.meaning,
                column.example
            ));
        }
    }
    out
}

/// Whether genders are those of delivery; targeting never feeds a share.
fn gender(gender: import::GenderOf) -> &'static str {
    match gender {
        import::GenderOf::Delivery => {
            "of those who were shown the ad, as the platform assigns it (delivery, not targeting)"
        }
        import::GenderOf::Targeting => {
            "whom the advertiser asked for (targeting, not delivery): listed, never counted"
        }
        import::GenderOf::None => "none",
    }
}
