//! `casefile help`: commands, and the topics that need a page.

use super::terminal::Terminal;
use casefile::case::Kind;
use casefile::error::{Problem, Result};
use casefile::import;
use clap::CommandFactory;

/// Print help on a command, or on a topic: language, formats, case, codes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile help language\n  casefile help formats\n  casefile help build"
)]
pub struct Help {
    /// Command or topic.
    topic: Option<String>,
}

const TOPICS: &str = "language, formats, case, codes";

impl Help {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let mut root = super::Cli::command();
        let text = match self.topic.as_deref() {
            None => root.render_long_help().to_string(),
            Some("language") => include_str!("../../templates/help/language.txt").to_owned(),
            Some("case") => include_str!("../../templates/help/case.txt").to_owned(),
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

/// The table of formats, and the columns of the tables that a person fills in.
fn formats() -> String {
    let mut out = String::from(
        "Formats that casefile reads. Detection is by content; `casefile inspect FILE` says what a file is and why.\n",
    );
    for format in import::FORMATS {
        out.push_str(&format!(
            "\n{} ({})\n  {}\n  gives: {}\n  cannot give: {}\n  gender: {}\n",
            format.name,
            format.kind.name(),
            format.what,
            format.gives,
            format.cannot,
            gender(format.gender)
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
        import::GenderOf::None => "none",
    }
}
