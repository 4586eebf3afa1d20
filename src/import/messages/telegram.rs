//! Telegram Desktop's export in JSON (`result.json`): of the whole account, or of a single chat.
//! Fields: core.telegram.org/import-export; ids are numbers in older files and strings such as
//! `user123` in newer ones.

use super::chat::{self, Draft, Media};
use crate::error::{Problem, Result};
use crate::import::part::{Json, Part};
use crate::import::transcript::Transcript;
use serde_json::Value;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "telegram-export";

/// Kinds of chats.
const TYPES: [&str; 11] = [
    "personal_chat",
    "bot_chat",
    "private_group",
    "private_supergroup",
    "public_group",
    "public_supergroup",
    "private_channel",
    "public_channel",
    "saved_messages",
    "replies",
    "verification_codes",
];

/// Contents that are neither words nor media.
const OTHER_CONTENT: [&str; 6] = [
    "contact_information",
    "location_information",
    "poll",
    "game_title",
    "invoice_information",
    "place_name",
];

const USED_OF_CHAT: [&str; 3] = ["type", "id", "messages"];
const USED_OF_MESSAGE: [&str; 15] = [
    "type",
    "date",
    "date_unixtime",
    "from",
    "from_id",
    "actor",
    "actor_id",
    "action",
    "duration_seconds",
    "discard_reason",
    "text",
    "media_type",
    "mime_type",
    "photo",
    "file",
];

/// Why the part is an export of Telegram; `None` where it is not.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let Json::Whole(file) = part.json()? else {
        return None;
    };
    if is_chat(file) {
        return Some("it is a chat of Telegram with `type` and `messages`".to_string());
    }
    let chats = file.get("chats").or_else(|| file.get("left_chats"))?;
    let list = chats.get("list")?.as_array()?;
    let whole = file.get("personal_information").is_some();
    ((list.is_empty() && whole) || list.iter().any(is_chat))
        .then(|| "it has `chats` with a `list` of chats of Telegram".to_string())
}

/// Transcribes all chats of the export.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let Some(Json::Whole(file)) = part.json() else {
        let message = "this is no export of Telegram";
        return Err(Problem::new("wrong-format", part.file, message).into());
    };
    let own = file
        .get("personal_information")
        .and_then(|own| chat::identifier(own, "user_id"));
    if file.get("messages").is_some() {
        transcribe_chat(file, own.as_deref(), into);
    }
    for section in ["chats", "left_chats"] {
        let chats = file
            .get(section)
            .map_or(&[][..], |chats| chat::items(chats, "list"));
        for one in chats {
            transcribe_chat(one, own.as_deref(), into);
        }
    }
    Ok(())
}

fn is_chat(value: &Value) -> bool {
    let known = chat::string(value, "type").is_some_and(|kind| TYPES.contains(&kind));
    let messages = value.get("messages").and_then(Value::as_array);
    // A conversation of Messenger has messages, too, but also participants.
    known && value.get("participants").is_none() && messages.is_some()
}

/// What holds for all messages of a chat.
struct Chat {
    thread: Option<String>,
    side: Side,
}

/// How the direction of a message is told.
enum Side {
    /// The account under test has this id; all others write to it.
    Own(String),
    /// The other person of the chat has this id; the account under test wrote the rest.
    Other(String),
    Unknown,
}

fn transcribe_chat(chat: &Value, own: Option<&str>, into: &mut Transcript) {
    chat::note_unused(chat, &USED_OF_CHAT, into);
    if !chat.get("messages").is_some_and(Value::is_array) {
        into.leave_out("malformed-record", "a chat without messages");
        return;
    }
    let messages = chat::items(chat, "messages");
    let thread = chat::identifier(chat, "id").or_else(|| chat::identifier(chat, "name"));
    let kind = chat::string(chat, "type").unwrap_or_default();
    let context = Chat {
        thread,
        side: side(chat, own),
    };
    let skipped = match kind {
        "saved_messages" => Some("own-notes"),
        "public_channel" | "private_channel" => Some("channel-post"),
        _ => None,
    };
    for message in messages {
        chat::note_unused(message, &USED_OF_MESSAGE, into);
        match skipped.map_or_else(|| draft(message, &context), Err) {
            Ok(draft) => draft.put(None, into),
            Err(reason) => into.leave_out(reason, ""),
        }
    }
}

fn side(chat: &Value, own: Option<&str>) -> Side {
    if let Some(own) = own {
        return Side::Own(plain_id(own).to_string());
    }
    let other = chat::identifier(chat, "id").filter(|id| other_is(chat, id));
    match other {
        Some(other) if chat::string(chat, "type") == Some("personal_chat") => Side::Other(other),
        _ => Side::Unknown,
    }
}

/// Whether the id of a personal chat is that of the other person. In old files, with ids that are
/// numbers, it need not be: there it has to be among the senders.
fn other_is(chat: &Value, id: &str) -> bool {
    let mut senders = chat::items(chat, "messages").iter().filter_map(sender_id);
    senders.any(|sender| sender.starts_with("user") || sender == id)
}

fn sender_id(message: &Value) -> Option<String> {
    chat::identifier(message, "from_id").or_else(|| chat::identifier(message, "actor_id"))
}

/// An id without the word that newer files put before the number of a person.
fn plain_id(id: &str) -> &str {
    id.strip_prefix("user").unwrap_or(id)
}

/// The key of a sender: the id as newer files write it, so that a person of an older file is the same,
/// and no telephone number.
fn identity(id: &str) -> String {
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("user{id}")
    } else {
        id.to_string()
    }
}

impl Side {
    fn direction(&self, sender: Option<&str>) -> Option<&'static str> {
        let sender = plain_id(sender?);
        match self {
            Side::Own(own) => Some(if sender == own { "out" } else { "in" }),
            Side::Other(other) => Some(if sender == other { "in" } else { "out" }),
            Side::Unknown => None,
        }
    }
}

/// The row of a message, or why it has none.
fn draft(message: &Value, chat: &Chat) -> std::result::Result<Draft, &'static str> {
    match (
        chat::string(message, "type"),
        chat::string(message, "action"),
    ) {
        _ if !message.is_object() => Err("malformed-record"),
        (Some("message"), _) => Ok(words(message, chat)),
        (Some("service"), Some("phone_call")) => Ok(phone_call(message, chat)),
        (Some("service"), _) => Err("system-message"),
        // `unsupported`: newer than the version of Telegram that wrote the export.
        _ => Err("unsupported-message"),
    }
}

fn words(message: &Value, chat: &Chat) -> Draft {
    let mut draft = origin(message, chat, "from");
    let media = media(message);
    draft.set("event_type", "message");
    draft.set_media(&media);
    draft.set_some("text", message.get("text").map(text));
    let other = OTHER_CONTENT.iter().any(|key| message.get(key).is_some());
    if other {
        draft.remark("other-content");
    } else if media.is_empty() && !draft.has("text") {
        draft.remark("content-unavailable");
    }
    draft
}

fn phone_call(message: &Value, chat: &Chat) -> Draft {
    let mut draft = origin(message, chat, "actor");
    let unanswered = matches!(
        chat::string(message, "discard_reason"),
        Some("missed" | "busy")
    );
    let seconds = chat::integer(message, "duration_seconds").filter(|seconds| *seconds >= 0);
    chat::set_call(&mut draft, unanswered, seconds);
    draft
}

/// Thread, sender, direction and time.
fn origin(message: &Value, chat: &Chat, key: &str) -> Draft {
    let id = sender_id(message);
    let mut draft = Draft::new("telegram");
    draft.set_some("thread", chat.thread.as_deref());
    match (chat::string(message, key), &id) {
        (Some(name), _) => draft.set("sender", name),
        (None, Some(id)) => {
            draft.set("sender", format!("deleted account ({})", plain_id(id)));
            draft.remark("deleted-account");
        }
        (None, None) => draft.remark("no-sender"),
    }
    draft.set_some("sender_key", id.as_deref().map(identity));
    draft.set_some("direction", chat.side.direction(id.as_deref()));
    draft.set_time(time(message));
    draft
}

/// UTC where the file has it; older files only have the local time of the computer, without a zone.
fn time(message: &Value) -> Option<String> {
    let utc = chat::integer(message, "date_unixtime").and_then(chat::utc_of_s);
    utc.or_else(|| chat::iso(chat::string(message, "date")?))
}

/// A text is a string, or a list of strings and of formatted pieces.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(pieces) => pieces.iter().filter_map(piece).collect(),
        _ => String::new(),
    }
}

fn piece(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("text")?.as_str())
}

fn media(message: &Value) -> Media {
    let mut media = Media::default();
    let kind = match chat::string(message, "media_type") {
        Some("sticker") => Some("sticker"),
        Some("animation") => Some("gif"),
        Some("voice_message" | "audio_file") => Some("audio"),
        Some("video_message" | "video_file") => Some("video"),
        Some(_) => message.get("file").map(|_| "file"),
        None => file_kind(message),
    };
    media.add("photo", usize::from(message.get("photo").is_some()));
    if let Some(kind) = kind {
        media.add(kind, 1);
    }
    media
}

fn file_kind(message: &Value) -> Option<&'static str> {
    message.get("file")?;
    Some(chat::string(message, "mime_type").map_or("file", chat::kind_of_mime))
}
