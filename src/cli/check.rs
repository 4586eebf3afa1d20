//! `casefile check`: every problem at once, with place and remedy.

use super::load_whole;
use super::terminal::Terminal;
use casefile::error::Result;
use std::path::PathBuf;

/// Report every problem in the case, its data and its prose, at once, with place and remedy.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  casefile check my-case")]
pub struct Check {
    /// Case folder.
    #[arg(default_value = ".")]
    case: PathBuf,
    /// Print problems or the summary as JSON on stdout.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let outcome = load_whole(&self.case).and_then(|case| {
            super::tell_undeclared(terminal, &case);
            casefile::check(&case)
        });
        match outcome {
            Ok(summary) if self.json => terminal
                .line(&serde_json::json!({ "problems": [], "summary": summary }).to_string()),
            Ok(summary) => {
                terminal.line(&format!(
                    "ok: {} files, {} rows read, {} excluded, {} ads in {} arms, {} findings hold, {} notices",
                    summary.files, summary.rows_read, summary.rows_excluded, summary.ads, summary.arms, summary.findings, summary.notices
                ));
            }
            Err(error) if self.json => {
                let problems: Vec<_> = error
                    .problems
                    .iter()
                    .map(|p| serde_json::json!({ "code": p.code, "subject": p.subject, "line": p.line, "column": p.column, "message": p.message, "value": p.value, "hint": p.hint }))
                    .collect();
                terminal.line(&serde_json::json!({ "problems": problems }).to_string());
                return Ok(error.exit_code());
            }
            Err(error) => return Err(error),
        }
        Ok(0)
    }
}
