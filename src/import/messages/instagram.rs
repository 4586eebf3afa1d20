//! Conversations of Instagram's and Facebook's "Download your information" in JSON: files
//! `message_<n>.json`, one folder for each conversation, the newest message first.

use super::chat::{self, Call, CallRow, Draft, Mark, Media, Phase, Seen};
use super::mojibake::repaired;
use super::notices::{Names, Notice, is_deleted};
use crate::error::{Problem, Result};
use crate::import::part::{Json, Part};
use crate::import::transcript::Transcript;
use serde_json::Value;
use std::borrow::Cow;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "instagram-messages";
/// Name of the same format, as Facebook's downloads have it.
pub const FACEBOOK_NAME: &str = "facebook-messages";

/// Folders of conversations; strangers write to the second and third.
const FOLDERS: [&str; 7] = [
    "inbox",
    "message_requests",
    "filtered_threads",
    "archived_threads",
    "e2ee_cutover",
    "secret_conversations",
    BROADCAST,
];
/// Folder of channels, in which one account writes to all who follow it.
const BROADCAST: &str = "broadcast";
/// Folders of conversations that the account did not accept.
const REQUESTS: [&str; 2] = ["message_requests", "filtered_threads"];

/// Arrays of media in a message.
const MEDIA: [(&str, &str); 5] = [
    ("photos", "photo"),
    ("videos", "video"),
    ("gifs", "gif"),
    ("audio_files", "audio"),
    ("files", "file"),
];

const USED_OF_FILE: [&str; 3] = ["participants", "messages", "thread_path"];
const USED_OF_MESSAGE: [&str; 14] = [
    "sender_name",
    "timestamp_ms",
    "content",
    "photos",
    "videos",
    "gifs",
    "audio_files",
    "files",
    "sticker",
    "share",
    "call_duration",
    "missed",
    "is_unsent",
    "type",
];

/// Why the part is a conversation of Instagram or Facebook; `None` where it is not.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let file = conversation(part)?;
    let people = chat::items(file, "participants")
        .iter()
        .any(|one| one.get("name").is_some());
    let sent = chat::items(file, "messages")
        .iter()
        .any(|one| one.get("sender_name").is_some());
    let path = file.get("thread_path").is_some_and(Value::is_string);
    (sent || (people && path))
        .then(|| "it has `participants` and `messages` with `sender_name`".to_string())
}

/// Whether the conversation is of Facebook and not of Instagram.
pub fn is_facebook(part: &Part<'_>) -> bool {
    platform(part) == Some(Platform::Facebook)
}

/// Whether an archive has conversations but no requests: the download may leave out what strangers
/// wrote.
pub fn lacks_requests(paths: &[&str]) -> bool {
    let conversations = paths.iter().any(|path| has_conversation(path, &FOLDERS));
    conversations
        && !paths
            .iter()
            .any(|path| has_conversation(path, &["message_requests"]))
}

/// Whether a file is a page of a download in HTML, whose times have no zone and whose words are in
/// the language of the account: to be requested again as JSON.
pub fn is_html_export(path: &str, text: &str) -> bool {
    let end = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let head = text
        .chars()
        .take(2000)
        .collect::<String>()
        .to_ascii_lowercase();
    let of_meta = has_folder(path, &["your_instagram_activity", "your_facebook_activity"])
        || has_conversation(path, &FOLDERS);
    matches!(end.as_str(), "html" | "htm") && head.contains("<html") && of_meta
}

/// Transcribes a conversation.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let Some(file) = conversation(part) else {
        let message = "this is no conversation of a download of Instagram or Facebook";
        return Err(Problem::new("wrong-format", part.file, message).into());
    };
    let thread = Thread::of(part, file);
    let messages = chat::items(file, "messages");
    let calls = chat::joined(call_rows(messages, &thread));
    let mut seen = Seen::of(into, thread.id.as_deref());
    let mark = Mark::of(into);
    chat::note_unused(file, &USED_OF_FILE, into);
    if thread.is_channel {
        leave_out_channel(messages, into);
        return Ok(());
    }
    chat::note_participants(thread.id.as_deref(), participants(file).map(repaired), into);
    if platform(part).is_none() {
        into.remark("platform-assumed", None);
    }
    for (index, message) in messages.iter().enumerate() {
        chat::note_unused(message, &USED_OF_MESSAGE, into);
        match draft(message, &thread, calls.get(&index)) {
            Ok(draft) => draft.put_unless_seen(&mut seen, into),
            Err(reason) => into.leave_out(reason, ""),
        }
    }
    mark.remark(into);
    Ok(())
}

/// What a channel sends goes to nobody in particular.
fn leave_out_channel(messages: &[Value], into: &mut Transcript) {
    for message in messages {
        chat::note_unused(message, &USED_OF_MESSAGE, into);
        into.leave_out("channel-post", "");
    }
}

fn conversation<'p>(part: &'p Part<'_>) -> Option<&'p Value> {
    let Json::Whole(file) = part.json()? else {
        return None;
    };
    let is = file.get("participants")?.is_array() && file.get("messages")?.is_array();
    is.then_some(file)
}

/// What holds for all messages of a file.
struct Thread {
    id: Option<String>,
    channel: &'static str,
    names: Names,
    /// One account writes to all who follow it.
    is_channel: bool,
}

impl Thread {
    fn of(part: &Part<'_>, file: &Value) -> Self {
        let path = chat::string(file, "thread_path").map(repaired);
        let folder = path.as_deref().unwrap_or_default();
        let request = has_folder(folder, &REQUESTS) || has_folder(part.path, &REQUESTS);
        let tail = path.as_deref().and_then(|path| path.rsplit('/').next());
        Thread {
            id: tail.or_else(|| folder_of(part.path)).map(str::to_string),
            channel: channel(is_facebook(part), request),
            names: names(file),
            is_channel: [folder, part.path]
                .iter()
                .any(|path| has_folder(path, &[BROADCAST])),
        }
    }
}

fn channel(facebook: bool, request: bool) -> &'static str {
    match (facebook, request) {
        (false, false) => "instagram_dm",
        (false, true) => "instagram_dm_request",
        (true, false) => "facebook_message",
        (true, true) => "facebook_message_request",
    }
}

/// Those who take part, as the file lists them.
fn participants(file: &Value) -> impl Iterator<Item = &str> {
    let people = chat::items(file, "participants").iter();
    people.filter_map(|one| chat::string(one, "name"))
}

/// All names that a notice may start with: of those in the conversation, and of those who left it.
fn names(file: &Value) -> Names {
    let people = participants(file);
    let senders = chat::items(file, "messages")
        .iter()
        .filter_map(|one| chat::string(one, "sender_name"));
    let distinct: std::collections::BTreeSet<&str> = people.chain(senders).collect();
    let names: Vec<Cow<'_, str>> = distinct.into_iter().map(repaired).collect();
    Names::of(names.iter().map(AsRef::as_ref))
}

fn has_folder(path: &str, folders: &[&str]) -> bool {
    path.split('/')
        .any(|component| folders.contains(&component))
}

/// Whether a path is within one of these folders of conversations.
fn has_conversation(path: &str, folders: &[&str]) -> bool {
    let above = path.split('/').zip(path.split('/').skip(1));
    above
        .into_iter()
        .any(|(above, folder)| above == "messages" && folders.contains(&folder))
}

/// The folder of a conversation in the path of its file.
fn folder_of(path: &str) -> Option<&str> {
    let mut components = path.rsplit('/').skip(1);
    let folder = components.next()?;
    components
        .next()
        .is_some_and(|above| FOLDERS.contains(&above))
        .then_some(folder)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Platform {
    Instagram,
    Facebook,
}

/// The platform, where a path tells it: the files of the two are alike.
fn platform(part: &Part<'_>) -> Option<Platform> {
    let paths = [part.path, part.file];
    let within = |folder| paths.iter().any(|path| has_folder(path, &[folder]));
    let named = |word: &str| paths.iter().any(|path| is_named(path, word));
    if within("your_facebook_activity") || within("e2ee_cutover") {
        Some(Platform::Facebook)
    } else if within("your_instagram_activity") || named("instagram") {
        Some(Platform::Instagram)
    } else if named("facebook") {
        Some(Platform::Facebook)
    } else {
        None
    }
}

/// Whether a path has a word, other than in the folder that is named after those who talk.
fn is_named(path: &str, word: &str) -> bool {
    let talk = folder_of(path);
    let mut components = path.split('/').filter(|component| Some(*component) != talk);
    components.any(|component| component.to_ascii_lowercase().contains(word))
}

fn content(message: &Value) -> Option<Cow<'_, str>> {
    chat::string(message, "content").map(repaired)
}

fn call_rows(messages: &[Value], thread: &Thread) -> Vec<CallRow> {
    messages
        .iter()
        .enumerate()
        .filter_map(|(index, message)| call_row(index, message, thread))
        .collect()
}

/// The row as part of a call: by its duration, its type, or its text.
fn call_row(index: usize, message: &Value, thread: &Thread) -> Option<CallRow> {
    let notice = content(message).and_then(|text| thread.names.notice(&text));
    let seconds = chat::integer(message, "call_duration").filter(|seconds| *seconds >= 0);
    let missed = chat::is_true(message, "missed");
    let phase = match notice {
        Some(Notice::CallMissed) => Phase::Missed,
        _ if missed => Phase::Missed,
        Some(Notice::CallStart) => Phase::Start,
        Some(Notice::CallEnd) => Phase::End,
        Some(Notice::Call) => Phase::Whole,
        _ if seconds.is_some() || chat::string(message, "type") == Some("Call") => Phase::Whole,
        _ => return None,
    };
    Some(CallRow {
        index,
        ms: chat::integer(message, "timestamp_ms"),
        phase,
        seconds,
    })
}

fn media(message: &Value) -> Media {
    let mut media = Media::default();
    for (key, kind) in MEDIA {
        media.add(kind, chat::items(message, key).len());
    }
    for (key, kind) in [("sticker", "sticker"), ("share", "share")] {
        media.add(
            kind,
            usize::from(message.get(key).is_some_and(Value::is_object)),
        );
    }
    media
}

/// The row of a message, or why it has none.
fn draft(
    message: &Value,
    thread: &Thread,
    call: Option<&Call>,
) -> std::result::Result<Draft, &'static str> {
    if !message.is_object() {
        return Err("malformed-record");
    }
    let words = content(message);
    let notice = words.as_deref().and_then(|text| thread.names.notice(text));
    let media = media(message);
    let mut draft = Draft::new(thread.channel);
    set_origin(&mut draft, message, thread);
    if chat::is_true(message, "is_unsent") || notice == Some(Notice::Unsent) {
        draft.set("event_type", "unsent");
        draft.set_media(&media);
        draft.set_some("text", words.filter(|_| notice.is_none()));
        return Ok(draft);
    }
    match call {
        Some(Call::Ends) => return Err("call-end"),
        Some(Call::Is {
            missed,
            seconds,
            joined,
        }) => {
            chat::set_call(&mut draft, *missed, *seconds);
            remark_call(&mut draft, *joined, words.is_some() && notice.is_none());
            return Ok(draft);
        }
        None => {}
    }
    if let Some(reason) = no_message(message, notice).filter(|_| media.is_empty()) {
        return Err(reason);
    }
    set_message(&mut draft, words.filter(|_| notice.is_none()), &media);
    Ok(draft)
}

/// Thread, sender and time.
fn set_origin(draft: &mut Draft, message: &Value, thread: &Thread) {
    let sender = chat::string(message, "sender_name").map(repaired);
    let deleted = sender.as_deref().is_some_and(is_deleted);
    draft.set_some("thread", thread.id.as_deref());
    match (&sender, &thread.id) {
        // The name is the same for all deleted accounts: the conversation tells them apart.
        (Some(name), Some(thread)) if deleted => draft.set("sender", format!("{name} ({thread})")),
        _ => draft.set_sender(sender.as_deref()),
    }
    let key = chat::key_in_thread(thread.id.as_deref(), sender.as_deref());
    draft.set_some("sender_key", key);
    if deleted {
        draft.remark("deleted-account");
    }
    draft.set_time(chat::integer(message, "timestamp_ms").and_then(chat::utc_of_ms));
    let text = content(message).unwrap_or_default();
    if thread.names.may_be_notice(&text) {
        draft.remark("possible-system-text");
    }
}

fn remark_call(draft: &mut Draft, joined: bool, unknown_text: bool) {
    if joined {
        draft.remark("call-rows-joined");
    }
    if unknown_text {
        draft.remark("call-text-unknown");
    }
}

/// Why a row without media is no message.
fn no_message(message: &Value, notice: Option<Notice>) -> Option<&'static str> {
    match (notice, chat::string(message, "type")) {
        (Some(Notice::Reaction), _) => Some("reaction"),
        (Some(Notice::System), _) => Some("system-message"),
        // Facebook's older files: people added to a group, or gone from it.
        (_, Some("Subscribe" | "Unsubscribe")) => Some("system-message"),
        _ => None,
    }
}

fn set_message(draft: &mut Draft, words: Option<Cow<'_, str>>, media: &Media) {
    draft.set("event_type", "message");
    draft.set_media(media);
    draft.set_some("text", words);
    if media.is_empty() && !draft.has("text") {
        draft.remark("content-unavailable");
    }
}
