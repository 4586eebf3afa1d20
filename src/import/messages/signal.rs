//! Chats of Signal as two unofficial tools write them. signal-export (carderne): `data.json`, one
//! message a line, in a folder for each chat. sigtop: the rows of Signal's database, of which no
//! description was at hand.

use super::chat::{self, Draft, Media};
use crate::error::{Problem, Result};
use crate::import::part::{Json, Part};
use crate::import::transcript::Transcript;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "signal-export";

const CHANNEL: &str = "signal";
/// How signal-export names the account itself.
const SELF: &str = "Me";
/// How signal-export names a sender that it cannot find.
const NOBODY: &str = "No-Sender";
const USED: [&str; 8] = [
    "date",
    "sender",
    "body",
    "sticker",
    "attachments",
    "deleted",
    "call",
    "missed",
];
const USED_OF_ROW: [&str; 14] = [
    "type",
    "sent_at",
    "body",
    "conversationId",
    "source",
    "sourceServiceId",
    "sourceUuid",
    "attachments",
    "sticker",
    "deletedForEveryone",
    "isErased",
    "callHistoryDetails",
    "callHistory",
    "call_history",
];
const CALL_HISTORY: [&str; 3] = ["callHistoryDetails", "callHistory", "call_history"];
const OUTCOME_UNANSWERED: [&str; 4] = ["declined", "unanswered", "missed", "notaccepted"];

/// Texts that signal-export writes for calls, such as `Incoming voice call (accepted, 1m 2s)`.
static CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"^(Incoming|Outgoing|Missed) (?:[a-z]+ )?call(?: \(([a-z ]+)(?:, (?:(\d{1,6})m )?(\d{1,6})s)?\))?$";
    Regex::new(pattern).ok()
});

/// Why the part is a chat of Signal; `None` where it is not.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let records = records(part)?;
    let (_, first) = records.first()?;
    if is_line(first) {
        return Some(
            "it has lines with `sender`, `body` and `date`, as signal-export writes".to_string(),
        );
    }
    is_row(first).then(|| {
        "it has rows of Signal's database, with `sent_at` and `conversationId`".to_string()
    })
}

/// Transcribes a chat.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let Some(records) = records(part) else {
        let message = "this is no chat of Signal";
        return Err(Problem::new("wrong-format", part.file, message).into());
    };
    // signal-export names the folder after the chat, and the file always the same.
    let folder = part
        .path
        .rsplit('/')
        .nth(1)
        .filter(|_| part.name() == "data.json");
    for (line, record) in records {
        let draft = if is_line(record) {
            chat::note_unused(record, &USED, into);
            exported(record, folder)
        } else if is_row(record) {
            chat::note_unused(record, &USED_OF_ROW, into);
            database_row(record)
        } else {
            Err("malformed-record")
        };
        match (draft, line) {
            (Ok(draft), _) => draft.put(line, into),
            (Err(reason), Some(line)) => into.leave_out_at(line, reason, ""),
            (Err(reason), None) => into.leave_out(reason, ""),
        }
    }
    Ok(())
}

/// The records, with their lines where each has one. A chat with a single message is whole JSON.
fn records<'p>(part: &'p Part<'_>) -> Option<Vec<(Option<u64>, &'p Value)>> {
    match part.json()? {
        Json::Lines(lines) => Some(
            lines
                .iter()
                .map(|(line, value)| (Some(*line), value))
                .collect(),
        ),
        Json::Whole(Value::Array(rows)) => Some(rows.iter().map(|row| (None, row)).collect()),
        Json::Whole(value) => Some(vec![(Some(1), value)]),
    }
}

fn is_line(record: &Value) -> bool {
    let texts = ["date", "sender", "body"]
        .iter()
        .all(|key| record.get(key).is_some_and(Value::is_string));
    texts
        && ["reactions", "attachments"]
            .iter()
            .all(|key| record.get(key).is_some())
}

fn is_row(record: &Value) -> bool {
    let keys = ["type", "conversationId"]
        .iter()
        .all(|key| record.get(key).is_some_and(Value::is_string));
    keys && chat::integer(record, "sent_at").is_some()
}

/// A call as the words of signal-export tell it.
struct Told {
    outgoing: bool,
    missed: bool,
    seconds: Option<i64>,
}

fn told(body: &str) -> Option<Told> {
    let found = CALL.as_ref()?.captures(body)?;
    let group = |number| found.get(number).map(|group| group.as_str());
    let number = |digits: &str| digits.parse::<i64>().ok();
    let minutes = group(3).and_then(number).unwrap_or(0);
    Some(Told {
        outgoing: group(1) == Some("Outgoing"),
        missed: group(1) == Some("Missed") || group(2).is_some_and(is_unanswered),
        seconds: group(4)
            .and_then(number)
            .map(|seconds| minutes.saturating_mul(60).saturating_add(seconds)),
    })
}

fn is_unanswered(outcome: &str) -> bool {
    let outcome = outcome.to_ascii_lowercase();
    OUTCOME_UNANSWERED
        .iter()
        .any(|word| outcome.starts_with(word))
}

/// A line of signal-export.
fn exported(record: &Value, folder: Option<&str>) -> std::result::Result<Draft, &'static str> {
    let body = chat::string(record, "body").unwrap_or_default().trim();
    let flag = record.get("call").and_then(Value::as_bool);
    // Older versions have no flag and tell calls with words only.
    let told = told(body).filter(|_| flag != Some(false));
    let outgoing = told.as_ref().is_some_and(|told| told.outgoing);
    let mut draft = Draft::new(CHANNEL);
    draft.set_some("thread", folder);
    set_sender(&mut draft, chat::string(record, "sender"), outgoing);
    draft.set_time(chat::string(record, "date").and_then(chat::iso));
    if chat::is_true(record, "deleted") {
        draft.set("event_type", "unsent");
        return Ok(draft);
    }
    if flag == Some(true) || told.is_some() {
        let missed =
            chat::is_true(record, "missed") || told.as_ref().is_some_and(|told| told.missed);
        chat::set_call(&mut draft, missed, told.and_then(|told| told.seconds));
        return Ok(draft);
    }
    message(draft, body, &media(record))
}

/// Older versions name the other person even where the account called.
fn set_sender(draft: &mut Draft, sender: Option<&str>, outgoing: bool) {
    let sender = if outgoing {
        Some(SELF)
    } else {
        sender.filter(|name| *name != NOBODY)
    };
    draft.set_sender(sender);
    draft.set_some(
        "direction",
        sender.map(|name| if name == SELF { "out" } else { "in" }),
    );
}

fn message(
    mut draft: Draft,
    body: &str,
    media: &Media,
) -> std::result::Result<Draft, &'static str> {
    draft.set("event_type", "message");
    draft.set_media(media);
    draft.set("text", body);
    // Notices (of keys, of timers, of groups) are exported as messages of nothing.
    if draft.has("text") || draft.has("media") {
        Ok(draft)
    } else {
        Err("empty-record")
    }
}

fn media(record: &Value) -> Media {
    let mut media = Media::default();
    for item in chat::items(record, "attachments") {
        media.add(attachment(item), 1);
    }
    let sticker = record.get("sticker").is_some_and(|sticker| match sticker {
        Value::String(text) => !text.trim().is_empty(),
        other => other.is_object(),
    });
    media.add("sticker", usize::from(sticker));
    media
}

fn attachment(item: &Value) -> &'static str {
    if let Some(mime) = chat::string(item, "contentType") {
        return chat::kind_of_mime(mime);
    }
    let name = ["name", "fileName", "path"]
        .iter()
        .find_map(|key| chat::string(item, key));
    name.map_or("file", chat::kind_of_name)
}

/// A row of the database.
fn database_row(record: &Value) -> std::result::Result<Draft, &'static str> {
    let kind = chat::string(record, "type").unwrap_or_default();
    let details = CALL_HISTORY.iter().find_map(|key| record.get(key));
    let out = match kind {
        "incoming" => Some(false),
        "outgoing" => Some(true),
        "call-history" => details.and_then(called),
        _ => return Err("system-message"),
    };
    let mut draft = Draft::new(CHANNEL);
    draft.set_some("thread", chat::string(record, "conversationId"));
    draft.set_some("direction", out.map(|out| if out { "out" } else { "in" }));
    let source = ["source", "sourceServiceId", "sourceUuid"]
        .iter()
        .find_map(|key| chat::string(record, key));
    draft.set_sender(if out == Some(true) {
        source.or(Some(SELF))
    } else {
        source
    });
    draft.set_time(chat::integer(record, "sent_at").and_then(chat::utc_of_ms));
    if kind == "call-history" {
        let outcome = details.and_then(|details| chat::string(details, "status"));
        chat::set_call(&mut draft, outcome.is_some_and(is_unanswered), None);
        return Ok(draft);
    }
    if chat::is_true(record, "deletedForEveryone") || chat::is_true(record, "isErased") {
        draft.set("event_type", "unsent");
        return Ok(draft);
    }
    message(
        draft,
        chat::string(record, "body").unwrap_or_default(),
        &media(record),
    )
}

/// Whether the account itself called.
fn called(details: &Value) -> Option<bool> {
    match chat::string(details, "direction") {
        Some("Outgoing") => Some(true),
        Some("Incoming") => Some(false),
        _ => details
            .get("wasIncoming")
            .and_then(Value::as_bool)
            .map(|incoming| !incoming),
    }
}
