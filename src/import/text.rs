//! Bytes to text: byte order marks, UTF-8, UTF-16, and Windows-1252 as the last resort.

use crate::error::{Problem, Result};
use crate::notice::{Locator, Notice};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Text with the name of the encoding that it was read in.
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub encoding: &'static str,
    pub notices: Vec<Notice>,
}

/// Decodes by byte order mark, else as UTF-8, else as Windows-1252 with a notice.
///
/// Byte order marks are removed at the start of every line, because some exports repeat them in
/// mid-file, and the line ends of old Macintosh programs become newlines.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Decoded<'a>> {
    let mut notices = Vec::new();
    let (text, encoding) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (utf16(file, UTF_16LE, rest)?, "UTF-16LE"),
        [0xFE, 0xFF, rest @ ..] => (utf16(file, UTF_16BE, rest)?, "UTF-16BE"),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (
                Cow::Borrowed(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
                "UTF-8",
            ),
            Err(_) => {
                notices.push(Notice::caution(
                    "encoding-assumed",
                    Locator::file(file),
                    "the file is not valid UTF-8 and was read as Windows-1252; letters outside a-z may be wrong",
                ));
                (
                    WINDOWS_1252.decode_without_bom_handling(bytes).0,
                    "Windows-1252",
                )
            }
        },
    };
    if text.contains('\0') {
        return Err(Problem::new(
            "not-a-table",
            file,
            "the file holds binary data, not a table",
        )
        .hint("if it is a document, recording or picture, declare `kind = \"attachment\"` for it")
        .into());
    }
    let mut text = text;
    if text.contains("\n\u{FEFF}") {
        text = Cow::Owned(text.replace("\n\u{FEFF}", "\n"));
    }
    if !text.contains('\n') && text.contains('\r') {
        text = Cow::Owned(text.replace('\r', "\n"));
    }
    Ok(Decoded {
        text,
        encoding,
        notices,
    })
}

fn utf16<'a>(file: &str, encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        return Err(Problem::new(
            "broken-text",
            file,
            format!(
                "the file says it is {} and is not: it was cut or changed",
                encoding.name()
            ),
        )
        .hint("take the file again from where it came from")
        .into());
    }
    Ok(text)
}

/// Undoes one round of UTF-8 read as Windows-1252 (`DÃ©but` for `Début`), where that is what
/// happened; any other text is returned as it is.
pub(super) fn undo_double_encoding(text: &str) -> Cow<'_, str> {
    if !text.contains(['Ã', 'Â', 'â', 'å', 'æ', 'ç', 'è', 'é', 'ã']) {
        return Cow::Borrowed(text);
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
    match String::from_utf8(bytes.into_owned()) {
        Ok(repaired) if !unmappable => Cow::Owned(repaired),
        _ => Cow::Borrowed(text),
    }
}
