//! Writing to the person: data to stdout, messages to stderr, a closed pipe without a panic.

use casefile::error::{Error, printable};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// The two streams.
pub struct Terminal {
    closed: bool,
    failure: Option<std::io::Error>,
    color: bool,
}

impl Terminal {
    pub fn new() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Terminal {
            closed: false,
            failure: None,
            color: !plain && std::io::stderr().is_terminal(),
        }
    }

    /// Data, to stdout. Once the reader has gone, nothing more is written.
    pub fn data(&mut self, text: &str) {
        if self.closed || self.failure.is_some() {
            return;
        }
        let mut out = std::io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            if error.kind() == std::io::ErrorKind::BrokenPipe {
                self.closed = true;
            } else {
                self.failure = Some(error);
            }
        }
    }

    /// A line of data.
    pub fn line(&mut self, text: &str) {
        self.data(&format!("{text}\n"));
    }

    /// A message, to stderr.
    pub fn say(&mut self, text: &str) {
        // If stderr is gone, there is nobody left to tell.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Every problem with its place and remedy.
    pub fn problems(&mut self, error: &Error) {
        let (red, bold, reset) = if self.color {
            ("\u{1b}[31m", "\u{1b}[1m", "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        for problem in &error.problems {
            self.say(&format!("{red}error{reset}: {problem}"));
        }
        if error.problems.len() > 1 {
            self.say(&format!("{bold}{} problems{reset}", error.problems.len()));
        }
    }

    /// The exit code, or 2 where data could not be written.
    pub fn finish(self, code: u8) -> ExitCode {
        match self.failure {
            Some(error) => {
                let _ = writeln!(
                    std::io::stderr().lock(),
                    "error: stdout: cannot be written: {error} [not-written]\n  hint: free some space or choose another place"
                );
                ExitCode::from(2)
            }
            None => ExitCode::from(code),
        }
    }
}

/// Text of somebody else, safe for a terminal.
pub fn safe(text: &str) -> String {
    printable(text, 200)
}
