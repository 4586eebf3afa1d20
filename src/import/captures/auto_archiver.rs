//! The sheet of Bellingcat's auto-archiver: one row a link, with what became of it.
//!
//! Headings are those of its documentation. Archived texts are not read.

use super::web_address::without_secrets;
use crate::error::Result;
use crate::import::formats::Fit;
use crate::import::heading;
use crate::import::open::Opened;
use crate::import::platforms::library_context::Columns;
use crate::import::sheet::Sheet;
use crate::import::transcript::Transcript;
use crate::import::words;

pub const NAME: &str = "auto-archiver";

const HEADINGS: [&str; 14] = [
    "link",
    "archive_status",
    "destination_folder",
    "archive_location",
    "archive_date",
    "thumbnail",
    "upload_timestamp",
    "upload_title",
    "text_content",
    "screenshot",
    "hash",
    "perceptual_hashes",
    "wacz",
    "replaywebpage",
];

/// Recognised by the headings `link`, `archive status` and `archive location`.
pub fn fit(_opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    let rows = sheet.records.iter().take(heading::SEARCH_ROWS).enumerate();
    for (header, record) in rows {
        let columns = Columns::of(record);
        let needed = ["link", "archive_status", "archive_location"];
        if needed.into_iter().all(|name| columns.has(name)) {
            let hits = HEADINGS.iter().filter(|name| columns.has(name)).count();
            return Fit::Yes {
                header,
                leads: false,
                reason: format!("{hits} headings of auto-archiver in row {}", record.row),
            };
        }
    }
    Fit::No("no headings `link`, `archive status` and `archive location`".into())
}

pub fn transcribe(
    _opened: &Opened<'_>,
    sheet: &Sheet,
    header: usize,
    into: &mut Transcript,
) -> Result<()> {
    let Some(headings) = sheet.records.get(header) else {
        return Ok(());
    };
    let columns = Columns::of(headings);
    for record in sheet.records.iter().skip(header + 1) {
        if record.is_blank() {
            into.leave_out_at(record.row, "blank-row", "the row is empty");
            continue;
        }
        let own = |name: &str| columns.text(record, &[name]);
        let Some(link) = own("link") else {
            into.leave_out_at(record.row, "no-link", "the row has no link");
            continue;
        };
        let (method, status) = own("archive_status")
            .map(|text| status(&text))
            .unwrap_or_default();
        let hash = own("hash");
        let sha256 = hash.as_deref().and_then(sha256);
        if sha256.is_none() && hash.is_some_and(|hash| hash.contains(':')) {
            into.remark("other-digest", Some(record.row));
        }
        // Several addresses stand in one cell, each on its line.
        let stored = own("archive_location")
            .and_then(|text| text.lines().next().map(without_secrets))
            .unwrap_or_default();
        into.entry_at(record.row)
            .set("source_url", without_secrets(&link))
            .set("captured_at", own("archive_date").unwrap_or_default())
            .set("tool", "auto-archiver")
            .set("method", method)
            .set("sha256", sha256.unwrap_or_default())
            .set("storage_path", stored)
            .set("status", status)
            .set("title", own("upload_title").unwrap_or_default());
    }
    columns.note_unused(into);
    Ok(())
}

/// The archiver and what it says: `wacz: success`, `[cached] wacz: success`, `Archive failed ...`.
fn status(text: &str) -> (String, String) {
    let text = text.lines().next().unwrap_or_default().trim();
    let (cached, rest) = match text.strip_prefix("[cached]") {
        Some(rest) => (true, rest.trim()),
        None => (false, text),
    };
    let folded = words::fold(rest);
    if folded.starts_with("archive failed") {
        return (String::new(), "failed".into());
    }
    if folded.starts_with("archive in progress") {
        return (String::new(), "in progress".into());
    }
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    match rest.split_once(':') {
        Some((archiver, outcome)) if is_name(archiver.trim()) => {
            let outcome = plain_words(outcome.trim());
            let cached = if cached { " (cached)" } else { "" };
            (archiver.trim().to_owned(), format!("{outcome}{cached}"))
        }
        _ => (String::new(), plain_words(rest).to_owned()),
    }
}

/// What the tool says, where it is words only: the message of an error may hold an address.
fn plain_words(text: &str) -> &str {
    let plain = |c: char| c.is_alphabetic() || c == ' ' || c == '-';
    if text.len() <= 40 && text.chars().all(plain) {
        text
    } else {
        "other"
    }
}

/// The digest of `SHA-256:<hex>`; other algorithms are no SHA-256, whatever their length.
fn sha256(text: &str) -> Option<String> {
    let (algorithm, hex) = text.split_once(':')?;
    algorithm
        .eq_ignore_ascii_case("SHA-256")
        .then(|| hex.trim().to_owned())
}
