//! Messenger's download of end-to-end encrypted conversations: flat files `<name>_<n>.json` with
//! keys in camel case, clean UTF-8, the oldest message first.

use super::chat::{self, Call, CallRow, Draft, Mark, Media, Phase, Seen};
use super::notices::{Names, Notice};
use crate::error::{Problem, Result};
use crate::import::part::{Json, Part};
use crate::import::transcript::Transcript;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "messenger-e2ee";

const CHANNEL: &str = "messenger_e2ee";
const USED_OF_FILE: [&str; 3] = ["participants", "threadName", "messages"];
const USED_OF_MESSAGE: [&str; 6] = [
    "isUnsent",
    "media",
    "senderName",
    "text",
    "timestamp",
    "type",
];

/// Why the part is such a conversation; `None` where it is not.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let file = conversation(part)?;
    let messages = chat::items(file, "messages");
    let sent = messages
        .iter()
        .any(|message| message.get("senderName").is_some());
    (sent || messages.is_empty())
        .then(|| "it has `threadName` and `messages` with `senderName`".to_string())
}

/// Transcribes a conversation.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let Some(file) = conversation(part) else {
        let message = "this is no conversation of a download of Messenger";
        return Err(Problem::new("wrong-format", part.file, message).into());
    };
    let messages = chat::items(file, "messages");
    let thread = chat::string(file, "threadName");
    let names = names(file);
    let rows = messages
        .iter()
        .enumerate()
        .filter_map(|(index, one)| call_row(index, one, &names));
    let calls = chat::joined(rows.collect());
    let mut seen = Seen::of(into, thread);
    let mark = Mark::of(into);
    chat::note_participants(thread, participants(file).map(Cow::Borrowed), into);
    chat::note_unused(file, &USED_OF_FILE, into);
    for (index, message) in messages.iter().enumerate() {
        chat::note_unused(message, &USED_OF_MESSAGE, into);
        match draft(message, thread, &names, calls.get(&index)) {
            Ok(draft) => draft.put_unless_seen(&mut seen, into),
            Err(reason) => into.leave_out(reason, ""),
        }
    }
    mark.remark(into);
    Ok(())
}

fn conversation<'p>(part: &'p Part<'_>) -> Option<&'p Value> {
    let Json::Whole(file) = part.json()? else {
        return None;
    };
    let is = file.get("threadName")?.is_string() && file.get("messages")?.is_array();
    is.then_some(file)
}

/// Those who take part, as the file lists them.
fn participants(file: &Value) -> impl Iterator<Item = &str> {
    let people = chat::items(file, "participants").iter();
    let names = people.filter_map(Value::as_str);
    names.filter(|name| !name.trim().is_empty())
}

fn names(file: &Value) -> Names {
    let people = participants(file);
    let senders = chat::items(file, "messages")
        .iter()
        .filter_map(|one| chat::string(one, "senderName"));
    let distinct: BTreeSet<&str> = people.chain(senders).collect();
    Names::of(distinct.into_iter())
}

fn notice(message: &Value, names: &Names) -> Option<Notice> {
    names.notice(chat::string(message, "text")?)
}

fn call_row(index: usize, message: &Value, names: &Names) -> Option<CallRow> {
    let phase = match notice(message, names)? {
        Notice::CallStart => Phase::Start,
        Notice::CallEnd => Phase::End,
        Notice::CallMissed => Phase::Missed,
        Notice::Call => Phase::Whole,
        _ => return None,
    };
    Some(CallRow {
        index,
        ms: chat::integer(message, "timestamp"),
        phase,
        seconds: None,
    })
}

/// Media by the ends of their names. Where Meta could not fetch one, its name is a sentence: it was
/// sent all the same, of an unknown kind.
fn media(message: &Value) -> Media {
    let mut media = Media::default();
    for item in chat::items(message, "media") {
        media.add(
            chat::kind_of_name(chat::string(item, "uri").unwrap_or_default()),
            1,
        );
    }
    media
}

/// The row of a message, or why it has none.
fn draft(
    message: &Value,
    thread: Option<&str>,
    names: &Names,
    call: Option<&Call>,
) -> std::result::Result<Draft, &'static str> {
    if !message.is_object() {
        return Err("malformed-record");
    }
    let notice = notice(message, names);
    let placeholder = chat::string(message, "type") == Some("placeholder");
    let words = chat::string(message, "text").filter(|_| notice.is_none() && !placeholder);
    let media = media(message);
    let mut draft = Draft::new(CHANNEL);
    draft.set_some("thread", thread);
    let sender = chat::string(message, "senderName");
    draft.set_sender(sender);
    draft.set_some("sender_key", chat::key_in_thread(thread, sender));
    draft.set_time(chat::integer(message, "timestamp").and_then(chat::utc_of_ms));
    if words.is_some_and(|text| names.may_be_notice(text)) {
        draft.remark("possible-system-text");
    }
    let unsent = chat::is_true(message, "isUnsent") || notice == Some(Notice::Unsent);
    match (call, notice) {
        _ if unsent => draft.set("event_type", "unsent"),
        (Some(Call::Ends), _) => return Err("call-end"),
        (
            Some(Call::Is {
                missed, seconds, ..
            }),
            _,
        ) => {
            chat::set_call(&mut draft, *missed, *seconds);
            return Ok(draft);
        }
        (None, Some(Notice::Reaction)) if media.is_empty() => return Err("reaction"),
        (None, Some(Notice::System)) if media.is_empty() => return Err("system-message"),
        _ => draft.set("event_type", "message"),
    }
    draft.set_media(&media);
    draft.set_some("text", words);
    if !unsent && media.is_empty() && !draft.has("text") {
        draft.remark("content-unavailable");
    }
    Ok(draft)
}
