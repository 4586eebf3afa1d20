//! A web page that a browser saved with all its files (MHTML), as Chrome and Hunchly do. Only the
//! headers of the file are read.

use super::web_address::without_secrets;
use crate::error::{Problem, Result};
use crate::import::part::Part;
use crate::import::transcript::Transcript;
use jiff::fmt::rfc2822::DateTimeParser;
use mail_parser::{HeaderValue, Message, MessageParser};

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "web-page-capture";

/// The header that names the page; Blink writes it in Chrome, Edge, Opera.
const ADDRESS: &str = "Snapshot-Content-Location";
/// Most bytes of headers that are looked at.
const HEADERS: usize = 65_536;

/// Why the part is of this format.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let headers = headers(part.bytes);
    let mut names = headers
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name);
    let first = names.clone().next()?;
    let is_header = first
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let named = names.any(|name| name.eq_ignore_ascii_case(ADDRESS));
    (is_header && named)
        .then(|| format!("it has the header `{ADDRESS}`, as browsers write it into a saved page"))
}

/// Transcribes the part.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let headers = headers(part.bytes);
    let Some(message) = MessageParser::default().parse_headers(headers.as_bytes()) else {
        let problem = Problem::new("no-headers", part.file, "the saved page has no headers");
        return Err(problem.hint("save the page again").into());
    };
    let date = message.header_raw("Date").and_then(utc);
    if date.is_none() {
        into.remark("date-unreadable", Some(1));
    }
    let address = text(&message, ADDRESS)
        .map(|address| without_secrets(&address))
        .unwrap_or_default();
    if address.is_empty() {
        into.remark("no-address", Some(1));
    }
    let is_blink = message
        .header_raw("From")
        .is_some_and(|from| from.contains("Saved by Blink"));
    let entry = into.entry();
    entry
        .set("source_url", address)
        .set("captured_at", date.unwrap_or_default());
    entry.set("tool", if is_blink { "Blink (MHTML)" } else { "MHTML" });
    entry
        .set("title", message.subject().unwrap_or_default())
        .set("method", "page capture");
    Ok(())
}

/// The headers of the file, up to the first blank line.
fn headers(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let bytes = bytes.get(..HEADERS).unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let lines = text
        .split_inclusive('\n')
        .take_while(|line| !line.trim().is_empty());
    lines.collect::<String>() + "\n"
}

fn text(message: &Message<'_>, name: &'static str) -> Option<String> {
    match message.header(name)? {
        HeaderValue::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

fn utc(date: &str) -> Option<String> {
    let parser = DateTimeParser::new().relaxed_weekday(true);
    Some(parser.parse_timestamp(date.trim()).ok()?.to_string())
}
