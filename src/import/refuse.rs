//! Files that look like data and are not, or that casefile knows and does not read: each is refused
//! with its own message.

use super::heading::{SEARCH_ROWS, heading};
use super::sheet::{Record, Sheet};
use super::{open, words};
use crate::error::Problem;

const AS_ATTACHMENT: &str = "to list it without reading it, declare `kind = \"attachment\"`";
const AS_CONTACTS: &str = "code the events in the contact log that `casefile help formats` prints; to list the file without reading it, declare \
     `kind = \"attachment\"` and `confidential = true`, which keeps it out of the public edition";

/// Files that programs leave behind.
pub(super) fn by_name(file: &str) -> Option<Problem> {
    let name = file.rsplit('/').next().unwrap_or(file);
    if name.starts_with(".~lock.") || name.starts_with("~$") {
        return Some(
            Problem::new("lock-file", file, "this is the lock file that a spreadsheet program leaves while a file is open, not data")
                .hint("close the file in the spreadsheet program, and record the file itself"),
        );
    }
    matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini").then(|| {
        Problem::new(
            "stray-file",
            file,
            "this file belongs to the file manager, not to the evidence",
        )
        .hint("delete it from the evidence folder")
    })
}

/// Files of other programs that casefile does not read, by their bytes.
pub(super) fn by_bytes(file: &str, bytes: &[u8]) -> Option<Problem> {
    let old_excel = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let open_document =
        bytes.starts_with(b"PK") && open::contains(bytes, b"opendocument.spreadsheet");
    (old_excel || open_document).then(|| {
        let what = if old_excel {
            "an Excel workbook of the old format or locked with a password"
        } else {
            "an OpenDocument spreadsheet"
        };
        Problem::new(
            "unsupported-workbook",
            file,
            format!("this is {what}, which casefile does not read"),
        )
        .hint(format!(
            "save a copy as .xlsx or as CSV in UTF-8 and record the copy; {AS_ATTACHMENT}"
        ))
    })
}

/// The pages of a download of messages, whose times have no zone and whose words are those of the
/// account's language.
pub(super) fn html_export(file: &str) -> Problem {
    Problem::new(
        "html-export",
        file,
        "this is a download of messages as web pages, whose times have no zone",
    )
    .hint("request the download again in the format JSON, with all messages and the whole time")
}

/// Lines that start with the name of a file.
pub(super) fn by_name_in_lines(file: &str, text: &str) -> Option<Problem> {
    let line = text.lines().next()?;
    let (named, _) = line.split_once(".csv:")?;
    (!named.contains(['"', ',', ';', '\t']) && !named.is_empty()).then(|| {
        Problem::new("grep-output", file, "each line starts with the name of another file: this is the output of a search (grep), not an export")
            .line(1)
            .value(line)
            .hint("record the files that were searched instead")
    })
}

/// Text that is no table and of no format that casefile reads.
pub(super) fn by_text(file: &str, text: &str) -> Option<Problem> {
    if is_chat(text.as_bytes()) {
        return Some(messages(file, "a WhatsApp chat"));
    }
    let start = text.trim_start();
    if start.starts_with('{') || start.starts_with('[') {
        return Some(json(file, text));
    }
    let xml = [
        ("<smses", "an SMS backup"),
        ("<calls", "a call log backup"),
        ("<?xml", "an XML file"),
        ("<plist", "a property list"),
    ];
    if start.starts_with('<') {
        let what = xml
            .iter()
            .find(|(tag, _)| start.get(..4096).unwrap_or(start).contains(tag))
            .map_or("a markup file", |(_, what)| what);
        return Some(messages(file, what));
    }
    let mail = start.starts_with("From ")
        || [
            "Return-Path:",
            "Received:",
            "MIME-Version:",
            "Message-ID:",
            "From:",
        ]
        .iter()
        .any(|h| start.starts_with(h));
    mail.then(|| messages(file, "an e-mail or mailbox"))
}

fn unread(file: &str, what: &str, remedy: &str) -> Problem {
    Problem::new(
        "unsupported-format",
        file,
        format!("casefile does not read this file: it is {what}"),
    )
    .hint(format!("{remedy}; {AS_ATTACHMENT}"))
}

/// Files that hold messages or calls, and so name people.
fn messages(file: &str, what: &str) -> Problem {
    Problem::new(
        "unsupported-format",
        file,
        format!("casefile does not read this file: it is {what}"),
    )
    .hint(AS_CONTACTS)
}

/// Which JSON it is, by its keys.
fn json(file: &str, text: &str) -> Problem {
    let read: Result<serde_json::Value, _> =
        serde_json::from_str(text.trim_start_matches('\u{FEFF}'));
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_lines = text.lines().count() > 1
        && lines
            .take(3)
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok());
    if let Err(error) = &read
        && !is_lines
    {
        return Problem::new(
            "broken-json",
            file,
            "the file begins like JSON and breaks off or breaks its rules here: it was cut or changed",
        )
        .line(error.line() as u64)
        .hint("take the file again from where it came from");
    }
    let value = read.ok();
    // JSON Lines, or a file that was cut: the keys still tell.
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    if has("fbtrace_id")
        || value.as_ref().is_some_and(|v| {
            v.get("error").is_some_and(|e| {
                e.get("message").is_some()
                    && e.get("code").is_some_and(serde_json::Value::is_number)
            })
        })
    {
        return Problem::new(
            "api-error",
            file,
            "this file holds an error message of the platform's interface, not data",
        )
        .hint("repeat the request; the error is a sign that it was refused");
    }
    if has("comments_media_comments")
        || has("media_comments")
        || has("comments_v2")
        || (has("string_map_data") && has("Comment"))
    {
        return Problem::new("outgoing-comments", file, "these are comments that the account itself wrote, not comments that it received")
            .hint("a download of an account's own data does not hold what others wrote under its posts; record a contact log instead");
    }
    let known = [
        (
            has("date_start") && has("date_stop"),
            "Marketing API insights",
            "export the report as CSV from Ads Manager",
        ),
        (
            has("ad_delivery_start_time")
                || has("ad_snapshot_url")
                || has("demographic_distribution")
                || has("ad_archive_id"),
            "Meta Ad Library data, whose numbers are ranges and shares of an unknown total",
            "export the delivery of your own ads from Ads Manager",
        ),
        (
            has("advertiser") && has("targeting_info"),
            "a TikTok ad library record: its genders are targeting, not delivery",
            "export the report from TikTok Ads Manager",
        ),
        (
            has("wacz_version") || (has("signedData") && has("hash")),
            "a part of a web archive",
            "record the web archive itself",
        ),
    ];
    for (found, what, remedy) in known {
        if found {
            return unread(file, what, remedy);
        }
    }
    if (has("participants") && has("messages"))
        || has("from_id")
        || has("senderName")
        || has("sender")
        || has("username")
    {
        return messages(file, "an export of messages or comments");
    }
    unread(
        file,
        "a JSON file",
        "write it as one of the tables that `casefile help formats` prints",
    )
}

/// Whether most of the first lines start like those of a WhatsApp chat:
/// `12/31/24, 5:04 PM - ` or `[31.12.24, 17:04:05] `.
pub(super) fn is_chat(bytes: &[u8]) -> bool {
    let sample = String::from_utf8_lossy(bytes.get(..8192).unwrap_or(bytes));
    let lines: Vec<&str> = sample
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(50)
        .collect();
    let starts = lines
        .iter()
        .filter(|line| is_chat_line(line.trim_start_matches(['\u{200E}', '\u{FEFF}'])))
        .count();
    !lines.is_empty() && starts * 10 >= lines.len() * 6
}

fn is_chat_line(line: &str) -> bool {
    let bracketed = line.starts_with('[');
    let line = line.trim_start_matches('[');
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let end = if bracketed {
        line.find(']')
    } else {
        line.find(" - ")
    };
    let Some(stamp) = end.and_then(|end| line.get(..end)) else {
        return false;
    };
    stamp.len() <= 40
        && stamp.starts_with(|c: char| c.is_ascii_digit())
        && digits(stamp) >= 6
        && stamp.contains([':', '.'])
}

/// Tables that casefile knows and does not read.
pub(super) fn by_sheet(file: &str, sheet: &Sheet) -> Option<Problem> {
    let first = sheet.records.first()?;
    let corner = first.cell(0).text().into_owned();
    let aggregate = [
        "sum - ",
        "sum of ",
        "count - ",
        "count of ",
        "average - ",
        "average of ",
        "summe - ",
        "summe von ",
        "somme de ",
        "row labels",
    ];
    let folded = words::fold(&corner);
    let labelled = |text: &str| {
        matches!(
            words::fold(text).as_str(),
            "total result" | "gesamtergebnis" | "grand total" | "suma total"
        )
    };
    // A platform's report may end in a total of that name; no pivot table has both its headings.
    let is_report = sheet.records.iter().take(SEARCH_ROWS).any(|record| {
        let has = |name: &str| record.cells().any(|cell| heading(&cell.text()).key == name);
        has("impressions") && (has("cost") || has("spend"))
    });
    let labels = |record: &Record| {
        let from = usize::from(is_report);
        record.cells().skip(from).any(|cell| labelled(&cell.text()))
    };
    let pivot = aggregate.iter().any(|start| folded.starts_with(start))
        || sheet.records.iter().take(3).any(labels);
    if pivot {
        return Some(
            Problem::new(
                "pivot-table",
                file,
                "this is a pivot table made in a spreadsheet program, not an export",
            )
            .line(first.row)
            .value(corner)
            .hint("record the export that it was made from"),
        );
    }
    sheet
        .records
        .iter()
        .take(SEARCH_ROWS)
        .find_map(|record| by_headings(file, record))
}

/// Tables of the Ad Library that hold neither ads nor advertisers.
fn by_headings(file: &str, record: &Record) -> Option<Problem> {
    let has = |name: &str| record.cells().any(|cell| heading(&cell.text()).key == name);
    let (code, message, remedy) = if has("location name") && has("amount spent") {
        (
            "spend-by-place",
            "this is the table of spend by place of a Meta Ad Library Report: it names no advertiser and no ad",
            "use the table of advertisers of the same report, or the whole archive",
        )
    } else if has("region") && has("percentage") && !has("gender") {
        (
            "region-shares",
            "this is a table of Meta's Ad Library with shares by region: they are not split by gender, so nothing is read from them",
            "use the table of shares by age and gender",
        )
    } else {
        return None;
    };
    let problem = Problem::new(code, file, message).line(record.row);
    Some(problem.hint(format!("{remedy}; {AS_ATTACHMENT}")))
}
