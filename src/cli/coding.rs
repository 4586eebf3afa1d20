//! `casefile coding`: a sheet for coders to fill in.

use super::terminal::Terminal;
use super::{files, load};
use casefile::error::{Problem, Result};
use casefile::evidence::ContactRow;
use casefile::render::data;
use std::path::PathBuf;

/// Write a sheet with one row an incoming event, for coders to fill in and `add` to take back.
///
/// Codes join the events by `event_id`. The sheet is confidential: it is for the coders only.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  casefile coding my-case --out codes.csv\n  ... fill in code_primary and coder, then:\n  casefile add codes.csv --case my-case\n\nThe codes that casefile knows the meaning of are listed by `casefile help case`."
)]
pub struct Coding {
    /// Case folder.
    case: PathBuf,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
    /// Put the words of the messages into the sheet.
    #[arg(long)]
    with_text: bool,
    /// Only events that have no code yet.
    #[arg(long)]
    uncoded: bool,
}

impl Coding {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        if self.out.exists() {
            return Err(Problem::new(
                "file-exists",
                self.out.display().to_string(),
                "there is a file of this name, which may hold codes",
            )
            .hint("choose another name")
            .into());
        }
        let case = load(&self.case)?;
        let evidence = casefile::import::import(&case)?;
        let rows: Vec<&ContactRow> = evidence
            .contacts
            .iter()
            .filter(|row| row.incoming && (!self.uncoded || row.codes.is_empty()))
            .collect();
        if rows.is_empty() {
            return Err(Problem::new(
                "no-events",
                self.case.display().to_string(),
                "the case has no incoming event to code",
            )
            .hint("add the downloads of messages first: `casefile add FILES... --case DIR`")
            .into());
        }
        files::write(&self.out, &self.sheet(&rows))?;
        terminal.say(&format!(
            "{} events written to {}; it is confidential",
            rows.len(),
            super::terminal::safe(&self.out.display().to_string())
        ));
        Ok(0)
    }

    fn sheet(&self, rows: &[&ContactRow]) -> Vec<u8> {
        // A spreadsheet program takes the file for UTF-8 by its mark.
        let mut out = "\u{FEFF}".as_bytes().to_vec();
        let mut header = vec![
            "event_id",
            "received",
            "channel",
            "event_type",
            "call_duration_s",
            "media_types",
            "sender_apparent_gender",
            "code_primary",
            "code_secondary",
            "coder",
            "second_coder_code",
            "second_coder",
        ];
        if self.with_text {
            header.push("text");
        }
        data::record(&mut out, header.into_iter());
        for row in rows {
            let received = row.received.local.map(|at| at.to_string());
            let seconds = row.call_seconds.map(|seconds| seconds.to_string());
            let media = row.media_types.join("; ");
            let text = row.private_texts.join(" | ");
            let mut cells = vec![
                row.event.as_str(),
                received.as_deref().unwrap_or_default(),
                row.channel.as_deref().unwrap_or_default(),
                row.event_type.as_deref().unwrap_or_default(),
                seconds.as_deref().unwrap_or_default(),
                media.as_str(),
            ];
            // Cells for the coders.
            cells.extend([""; 6]);
            if self.with_text {
                cells.push(&text);
            }
            data::record(&mut out, cells.into_iter());
        }
        out
    }
}
