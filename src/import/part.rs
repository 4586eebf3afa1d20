//! One text to transcribe: a file, or a member of an archive.

use super::Hints;
use serde_json::Value;
use std::cell::OnceCell;

/// A file or a member of an archive, with what the user says of the file.
pub struct Part<'a> {
    /// Path of the file inside the case folder: the subject of problems.
    pub file: &'a str,
    /// Path of the part: of the file, or of the member inside the archive. It may name people.
    pub path: &'a str,
    pub bytes: &'a [u8],
    /// The bytes decoded, without byte order marks; empty where they are no text.
    pub text: &'a str,
    pub hints: &'a Hints,
    json: OnceCell<Option<Json>>,
}

/// A text read as JSON.
pub enum Json {
    Whole(Value),
    /// One value a line, each with its one-based line.
    Lines(Vec<(u64, Value)>),
}

impl<'a> Part<'a> {
    pub fn new(
        file: &'a str,
        path: &'a str,
        bytes: &'a [u8],
        text: &'a str,
        hints: &'a Hints,
    ) -> Self {
        Part {
            file,
            path,
            bytes,
            text,
            hints,
            json: OnceCell::new(),
        }
    }

    /// The text as JSON, or as JSON Lines; `None` where it is neither.
    pub fn json(&self) -> Option<&Json> {
        self.json.get_or_init(|| json(self.text)).as_ref()
    }

    /// The last component of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

fn json(text: &str) -> Option<Json> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Some(Json::Whole(value));
    }
    // Half of a pair of UTF-16 units, as programs cut texts, is no JSON (RFC 8259, 8.2).
    let repaired = text.contains("\\ud").then(|| whole_surrogates(text));
    if let Some(value) = repaired
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
    {
        return Some(Json::Whole(value));
    }
    let text = repaired.as_deref().unwrap_or(text);
    let lines = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty());
    let values: Result<Vec<(u64, Value)>, _> = lines
        .map(|(line, number)| serde_json::from_str(line).map(|value| (number, value)))
        .collect();
    values
        .ok()
        .filter(|values| values.len() > 1)
        .map(Json::Lines)
}

/// The text with each half of a pair of UTF-16 units that stands alone replaced by U+FFFD.
fn whole_surrogates(text: &str) -> String {
    let unit = |at: usize| -> Option<u16> {
        let escape = text.get(at..at + 6)?;
        let digits = escape.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at + found;
        out.push_str(&text[at..start]);
        let (length, kept) = match (unit(start), unit(start + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, true),
            (Some(0xD800..=0xDFFF), _) => (6, false),
            // An escaped backslash must not lend itself to what follows.
            _ => (2, true),
        };
        let mut end = (start + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        if kept {
            out.push_str(&text[start..end]);
        } else {
            out.push_str("\\ufffd");
        }
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
