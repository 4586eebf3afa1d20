//! A file opened far enough to be recognised: sheets of cells, or a document that is only listed.

use super::archive::{self, Member};
use super::formats::{FORMATS, Reading};
use super::messages::instagram;
use super::part::Part;
use super::sheet::Sheet;
use super::{Input, delimited, heading, refuse, text, workbook};
use crate::case::Kind;
use crate::error::{Problem, Result};
use crate::notice::Notice;

/// The content of a file.
pub(super) struct Opened<'a> {
    pub input: &'a Input<'a>,
    pub content: Content<'a>,
    pub encoding: &'static str,
    pub delimiter: Option<char>,
    /// Line of a quotation mark that nothing closes.
    pub open_quote: Option<u64>,
    pub notices: Vec<Notice>,
}

pub(super) enum Content<'a> {
    /// A document, picture or recording, by the name of its type: hashed, never read.
    Document(&'static str),
    Table(Vec<Sheet>),
    /// Texts of a shape of their own; several if they come out of an archive.
    Texts {
        members: Vec<Member<'a>>,
        /// Names of all members of the archive, texts or not.
        names: Vec<String>,
    },
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
            Content::Document(_) | Content::Texts { .. } => &[],
        }
    }

    /// A text as the formats see it.
    pub fn part<'p>(&self, member: &'p Member<'_>) -> Part<'p>
    where
        'a: 'p,
    {
        Part::new(
            self.input.file,
            &member.path,
            &member.bytes,
            &member.text,
            self.input.hints,
        )
    }
}

/// Opens a file, or refuses it with its own message.
pub(super) fn open<'a>(input: &'a Input<'a>) -> Result<Opened<'a>> {
    let bytes = input.bytes;
    if input.hints.kind == Some(Kind::Attachment) {
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
    if bytes.starts_with(b"PK")
        && let Some(opened) = archive(input)?
    {
        return Ok(opened);
    }
    if let Some(problem) = refuse::by_bytes(input.file, bytes) {
        return Err(problem.into());
    }
    if is_html(bytes)
        && let Ok(decoded) = text::decode(input.file, bytes)
    {
        if let Some(opened) = own_text(input, &decoded) {
            return Ok(opened);
        }
        if instagram::is_html_export(input.file, &decoded.text) {
            return Err(refuse::html_export(input.file).into());
        }
    }
    if let Some(name) = document(input) {
        return match input.hints.kind {
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
    if let Some(problem) = refuse::by_name_in_lines(input.file, &decoded.text) {
        return Err(problem.into());
    }
    if let Some(opened) = own_text(input, &decoded) {
        return Ok(opened);
    }
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
    let table = table(input, &decoded.text)?;
    Ok(Opened {
        input,
        content: Content::Table(vec![table.sheet]),
        encoding: decoded.encoding,
        delimiter: Some(table.delimiter),
        open_quote: table.open_quote,
        notices: decoded.notices,
    })
}

/// A text as a table.
fn table(input: &Input<'_>, text: &str) -> Result<delimited::Delimited> {
    let mapped: Vec<String> = input
        .hints
        .columns
        .values()
        .map(|title| heading::heading(title).key)
        .collect();
    let known = |cell: &str| {
        let heading = heading::heading(cell);
        super::formats::is_known(&heading) || mapped.contains(&heading.key)
    };
    delimited::read(input.file, text, input.hints.delimiter, &known)
}

/// A text that a format recognises as a whole.
fn own_text<'a>(input: &'a Input<'a>, decoded: &text::Decoded<'a>) -> Option<Opened<'a>> {
    let member = Member {
        number: None,
        path: input.file.to_owned(),
        bytes: input.bytes.into(),
        text: decoded.text.clone(),
    };
    let opened = Opened {
        input,
        content: Content::Document("text"),
        encoding: decoded.encoding,
        delimiter: None,
        open_quote: None,
        notices: decoded.notices.clone(),
    };
    recognised(&opened.part(&member)).then(|| Opened {
        content: Content::Texts {
            members: vec![member],
            names: Vec::new(),
        },
        ..opened
    })
}

/// Whether any format of texts recognises the part.
fn recognised(part: &Part<'_>) -> bool {
    FORMATS.iter().any(|format| match format.reading {
        Reading::Text { recognise, .. } => recognise(part).is_some(),
        Reading::Table { .. } | Reading::Rows { .. } => false,
    })
}

/// An archive whose texts are of formats that casefile reads: a download of messages, a web
/// archive, or an archive of tables. `None` where it holds none.
fn archive<'a>(input: &'a Input<'a>) -> Result<Option<Opened<'a>>> {
    let opened = Opened {
        encoding: "archive",
        ..Opened::document(input, "ZIP archive")
    };
    let whole = Member {
        number: None,
        path: input.file.to_owned(),
        bytes: input.bytes.into(),
        text: "".into(),
    };
    // A web archive is one record with a chain of digests: its members mean nothing without it.
    if recognised(&opened.part(&whole)) {
        return Ok(Some(Opened {
            content: Content::Texts {
                members: vec![whole],
                names: Vec::new(),
            },
            ..opened
        }));
    }
    if !archive::is_archive(input.bytes) {
        return Ok(None);
    }
    let unpacked = archive::read(input.file, input.bytes)?;
    if unpacked
        .texts
        .iter()
        .any(|member| recognised(&opened.part(member)))
    {
        return Ok(Some(Opened {
            content: Content::Texts {
                members: unpacked.texts,
                names: unpacked.names,
            },
            ..opened
        }));
    }
    let page = |member: &&Member<'_>| instagram::is_html_export(&member.path, &member.text);
    if unpacked.texts.iter().any(|member| page(&member)) {
        return Err(refuse::html_export(input.file).into());
    }
    let mut sheets = Vec::new();
    for member in &unpacked.texts {
        if member.path.to_lowercase().ends_with(".csv") && !member.text.trim().is_empty() {
            let mut sheet = table(input, &member.text)?.sheet;
            sheet.name = Some(member.path.clone());
            sheets.push(sheet);
        }
    }
    if sheets.is_empty() {
        return Ok(None);
    }
    Ok(Some(Opened {
        content: Content::Table(sheets),
        ..opened
    }))
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
    } else if input.hints.kind.is_none()
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
