//! A file opened far enough to be recognised: sheets of cells, or a document that is only listed.

use super::sheet::Sheet;
use super::{Input, delimited, heading, refuse, text, workbook};
use crate::case::Kind;
use crate::error::{Problem, Result};
use crate::notice::Notice;

/// The content of a file.
pub(super) struct Opened<'a> {
    pub input: &'a Input<'a>,
    pub content: Content,
    pub encoding: &'static str,
    pub delimiter: Option<char>,
    /// Line of a quotation mark that nothing closes.
    pub open_quote: Option<u64>,
    pub notices: Vec<Notice>,
}

pub(super) enum Content {
    /// A document, picture or recording, by the name of its type: hashed, never read.
    Document(&'static str),
    Table(Vec<Sheet>),
}

impl<'a> Opened<'a> {
    fn document(input: &'a Input<'a>, name: &'static str) -> Self {
        Opened {
            input,
            content: Content::Document(name),
            encoding: "binary",
            delimiter: None,
            open_quote: None,
            notices: Vec::new(),
        }
    }

    /// The sheets; none for a document.
    pub fn sheets(&self) -> &[Sheet] {
        match &self.content {
            Content::Table(sheets) => sheets,
            Content::Document(_) => &[],
        }
    }
}

/// Opens a file, or refuses it with its own message.
pub(super) fn open<'a>(input: &'a Input<'a>) -> Result<Opened<'a>> {
    let bytes = input.bytes;
    if input.kind == Some(Kind::Attachment) {
        return Ok(Opened::document(input, document(input).unwrap_or("file")));
    }
    if let Some(problem) = refuse::by_name(input.file) {
        return Err(problem.into());
    }
    if bytes.is_empty() {
        return Err(Problem::new("empty-file", input.file, "the file is empty")
            .hint("take the file again from where it came from")
            .into());
    }
    if bytes.starts_with(b"PK") && contains(bytes, b"xl/workbook.xml") {
        let sheets = workbook::read(input.file, bytes)?;
        return Ok(Opened {
            content: Content::Table(sheets),
            encoding: "workbook",
            ..Opened::document(input, "workbook")
        });
    }
    if let Some(problem) = refuse::by_bytes(input.file, bytes) {
        return Err(problem.into());
    }
    if let Some(name) = document(input) {
        return match input.kind {
            None => Ok(Opened::document(input, name)),
            Some(kind) => Err(Problem::new(
                "not-a-table",
                input.file,
                format!(
                    "this is a {name}, and evidence of kind {} is a table",
                    kind.name()
                ),
            )
            .hint("declare `kind = \"attachment\"` for it")
            .into()),
        };
    }
    let decoded = text::decode(input.file, bytes)?;
    if let Some(problem) = refuse::by_text(input.file, &decoded.text) {
        return Err(problem.into());
    }
    if decoded.text.trim().is_empty() {
        return Err(
            Problem::new("empty-file", input.file, "the file has no content")
                .hint("take the file again from where it came from")
                .into(),
        );
    }
    let mapped: Vec<String> = input
        .columns
        .values()
        .map(|title| heading::heading(title).key)
        .collect();
    let known = |cell: &str| {
        let heading = heading::heading(cell);
        super::formats::is_known(&heading) || mapped.contains(&heading.key)
    };
    let table = delimited::read(input.file, &decoded.text, &known)?;
    Ok(Opened {
        input,
        content: Content::Table(vec![table.sheet]),
        encoding: decoded.encoding,
        delimiter: Some(table.delimiter),
        open_quote: table.open_quote,
        notices: decoded.notices,
    })
}

/// Documents, pictures and recordings by their first bytes (magic numbers of the IANA media type
/// registrations), plain text by its name.
fn document(input: &Input<'_>) -> Option<&'static str> {
    let bytes = input.bytes;
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let lower = input.file.to_lowercase();
    if starts(b"%PDF-") {
        Some("PDF document")
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Some("PNG picture")
    } else if starts(b"\xFF\xD8\xFF") {
        Some("JPEG picture")
    } else if starts(b"GIF8") || (starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")) {
        Some("picture")
    } else if bytes.get(4..8) == Some(b"ftyp") {
        Some("MP4 recording")
    } else if starts(b"PK") {
        Some("ZIP archive")
    } else if is_html(bytes) {
        Some("web page")
    } else if input.kind.is_none()
        && (lower.ends_with(".txt") || lower.ends_with(".md"))
        && !refuse::is_chat(bytes)
    {
        Some("text document")
    } else {
        None
    }
}

fn is_html(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes))
        .trim_start_matches('\u{FEFF}')
        .trim_start()
        .to_lowercase();
    start.starts_with("<!doctype html") || (start.starts_with('<') && start.contains("<html"))
}

/// Whether `needle` occurs in `bytes`.
pub(super) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
