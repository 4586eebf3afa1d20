//! What stops a run. Every error names its subject, its place, the offending value and the remedy;
//! all problems that can be found are reported together, not just the first.

use std::fmt;

/// Whether the case could not be processed, or was processed and found wanting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The input cannot be used: exit code 2.
    Unusable,
    /// The input was read and an assertion of the case does not hold: exit code 1.
    Wanting,
}

/// One thing that is wrong, with its place and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable kebab-case code, listed by `casefile help codes`.
    pub code: &'static str,
    /// The file, case entry or argument at fault.
    pub subject: String,
    /// One-based line (or spreadsheet row) in the subject.
    pub line: Option<u64>,
    /// One-based column, in characters, where it is known.
    pub column: Option<u64>,
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// The value found, as found.
    pub value: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    pub severity: Severity,
}

impl Problem {
    /// A problem that makes the input unusable.
    pub fn new(code: &'static str, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Problem {
            code,
            subject: subject.into(),
            line: None,
            column: None,
            message: message.into(),
            value: None,
            hint: None,
            severity: Severity::Unusable,
        }
    }

    /// The one-based line, or spreadsheet row.
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The one-based column in characters.
    pub fn column(mut self, column: u64) -> Self {
        self.column = Some(column);
        self
    }

    /// The offending value. Long values are cut, control characters are made visible when printed.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The remedy.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Marks the problem as a failed assertion rather than unusable input.
    pub fn wanting(mut self) -> Self {
        self.severity = Severity::Wanting;
        self
    }
}

/// Makes hostile text safe to print on a terminal: control and bidirectional-override characters
/// become visible escapes, and anything longer than `limit` characters is cut.
pub fn printable(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == limit {
            out.push('…');
            break;
        }
        if acts(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character acts on a terminal, or cannot be seen.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{E000}'..='\u{F8FF}')
}

/// JSON that is safe to print on a terminal, and means the same: JSON allows any character of a string
/// as `\uXXXX` (RFC 8259, 7). Line feeds stay, since JSON that is laid out has them between its parts.
pub fn printable_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && acts(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", printable(&self.subject, 300))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        write!(f, ": {}", printable(&self.message, 2000))?;
        if let Some(value) = &self.value {
            write!(f, ": `{}`", printable(value, 120))?;
        }
        write!(f, " [{}]", self.code)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {}", printable(hint, 2000))?;
        }
        Ok(())
    }
}

/// One or more problems that stop the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub problems: Vec<Problem>,
}

impl Error {
    /// 1 when every problem is a failed assertion, 2 when something could not be used at all.
    pub fn exit_code(&self) -> u8 {
        if self
            .problems
            .iter()
            .all(|p| p.severity == Severity::Wanting)
        {
            1
        } else {
            2
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error {
            problems: vec![problem],
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;

/// Gathers problems so that a user sees all of them at once.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    pub fn push(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    /// Keeps the value of a success, or the problems of a failure.
    pub fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.found.extend(error.problems);
                None
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The value, if nothing was found wrong.
    pub fn finish<T>(self, value: T) -> Result<T> {
        if self.found.is_empty() {
            Ok(value)
        } else {
            Err(self.into_error())
        }
    }

    /// All that was found, each problem once, in the order found.
    pub fn into_error(self) -> Error {
        let mut problems: Vec<Problem> = Vec::new();
        for problem in self.found {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        Error { problems }
    }
}
