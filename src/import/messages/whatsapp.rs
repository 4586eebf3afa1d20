//! WhatsApp: the text that a phone writes when a chat is exported (`WhatsApp Chat with X.txt`, or
//! `_chat.txt` on an iPhone). The pattern of a line follows Pustur/whatsapp-chat-parser; what
//! WhatsApp writes itself is told from what people wrote by lists of words.

mod content;
mod dates;
mod heads;
mod words;

use super::chat;
use crate::error::Result;
use crate::import::part::Part;
use crate::import::transcript::{Entry, Transcript};
use content::{Kind, begins_with, content, is_known_notice, is_listed_notice, lower};
use dates::{Decided, How, Written};
use heads::{Head, Shape, head, usual_style};
use std::collections::BTreeSet;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "whatsapp-chat";

/// WhatsApp exports about the last 40,000 messages of a chat and says nothing when there were more.
const NEAR_LIMIT: usize = 39_500;
/// Non-blank lines that are looked at to recognise a chat, and how many of ten must start a message.
const LOOKED_AT: usize = 50;
const OF_TEN: usize = 6;
/// Longest sender's name in bytes, and most colons that it is tried to end at: bounds for hostile lines.
const LONGEST_NAME: usize = 200;
const MOST_COLONS: usize = 8;
/// Marks of writing direction: invisible, and put by WhatsApp around what it writes itself.
const DIRECTION_MARKS: [char; 8] = [
    '\u{200E}', '\u{200F}', '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{FEFF}',
];
const GENERATED: char = '\u{200E}';

/// A message with the lines that continue it.
struct Message<'a> {
    head: Head<'a>,
    more: Vec<&'a str>,
}

/// Why the part is of this format.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    // signal-export's chat.md has lines of the same pattern.
    if part.name().ends_with(".md") {
        return None;
    }
    let lines = part
        .text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LOOKED_AT);
    let heads: Vec<Option<Head<'_>>> = lines.map(|line| head(line, 0)).collect();
    let styled = |head: &&Head<'_>| matches!(head.style.shape, Shape::Brackets | Shape::Dash);
    let found = heads.iter().flatten().filter(styled).count();
    let names_itself = part.name() == "_chat.txt"
        || words::CHAT_FILES
            .iter()
            .any(|file| part.name().starts_with(file));
    let enough = if names_itself {
        found > 0
    } else {
        found * 10 >= heads.len() * OF_TEN
    };
    let has_sender = heads
        .iter()
        .flatten()
        .any(|head| !candidates(head.rest).is_empty());
    (found > 0 && enough && has_sender)
        .then(|| "its lines begin as WhatsApp's exported messages do".to_owned())
}

/// Transcribes the part.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let messages = messages(part.text, into);
    let written: Vec<Written<'_>> = messages
        .iter()
        .map(|message| message.head.written)
        .collect();
    let decided = dates::decide(part.file, &written, part.hints.date_order)?;
    let has_24_hours = messages.iter().any(|message| message.head.clock.hour > 12);
    remark_on_dates(&messages, &decided, has_24_hours, into);
    if messages.len() >= NEAR_LIMIT {
        into.remark("export-limit", None);
    }
    let senders = known_senders(&messages, part.hints.account.as_deref());
    let chat = Chat {
        thread: chat_name(part.name()),
        other: other_person(part, &senders),
        senders,
        has_24_hours,
    };
    for (message, decided) in messages.iter().zip(&decided) {
        write(message, decided, &chat, into);
    }
    Ok(())
}

/// What holds for all messages of the chat.
struct Chat<'a> {
    thread: Option<&'a str>,
    /// The other person of a chat of two, where the file and the account under test tell.
    other: Option<String>,
    senders: BTreeSet<String>,
    has_24_hours: bool,
}

/// The messages of the file, with what stands before the first one left out.
fn messages<'a>(text: &'a str, into: &mut Transcript) -> Vec<Message<'a>> {
    let style = usual_style(text);
    let mut messages: Vec<Message<'a>> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let head = head(line, number);
        if let Some(head) = head.as_ref().filter(|head| Some(head.style) != style)
            && !messages.is_empty()
        {
            into.remark("dated-continuation", Some(head.written.line));
        }
        match (
            head.filter(|head| Some(head.style) == style),
            messages.last_mut(),
        ) {
            (Some(head), _) => messages.push(Message {
                head,
                more: Vec::new(),
            }),
            (None, Some(message)) => message.more.push(line),
            (None, None) if line.trim().is_empty() => {}
            (None, None) => {
                into.leave_out_at(number, "no-message", "a line before the first message")
            }
        }
    }
    messages
}

fn remark_on_dates(
    messages: &[Message<'_>],
    decided: &[Decided],
    has_24_hours: bool,
    into: &mut Transcript,
) {
    let mut latest = None;
    for (message, decided) in messages.iter().zip(decided) {
        let line = Some(message.head.written.line);
        match decided.how {
            How::Sequence => into.remark("date-order-inferred", line),
            How::Overruled => into.remark("date-order-overruled", line),
            How::Certain | How::Stated => {}
        }
        let Some(time) = message.head.clock.time(has_24_hours) else {
            into.remark("time-word-unknown", line);
            continue;
        };
        let now = Some(decided.date.to_datetime(time));
        if now < latest {
            into.remark("time-goes-back", line);
        }
        latest = now;
    }
}

/// Senders of lines that leave no doubt where the name ends, and the account under test.
fn known_senders(messages: &[Message<'_>], account: Option<&str>) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = account
        .iter()
        .map(|account| clean(account).to_owned())
        .collect();
    for message in messages {
        if let [(sender, _)] = candidates(message.head.rest).as_slice() {
            known.insert(clean(sender).to_owned());
        }
    }
    known
}

/// The ways to split a line into the sender's name and the words, the shortest name first.
fn candidates(rest: &str) -> Vec<(&str, &str)> {
    let mut found: Vec<(&str, &str)> = rest
        .match_indices(": ")
        .take_while(|(at, _)| *at <= LONGEST_NAME)
        .take(MOST_COLONS)
        .filter_map(|(at, colon)| Some((rest.get(..at)?, rest.get(at + colon.len()..)?)))
        // The mark before WhatsApp's own words: the name has ended before it.
        .filter(|(sender, _)| !clean(sender).is_empty() && !clean(sender).contains(GENERATED))
        .collect();
    // A message without words, where something took the blank at the end of the line away.
    if found.is_empty()
        && let Some(sender) = rest
            .strip_suffix(':')
            .filter(|sender| sender.len() <= LONGEST_NAME)
        && !clean(sender).is_empty()
    {
        found.push((sender, ""));
    }
    // A notice that has a colon: `Alice created group "Trip: 2024"`.
    let is_notice = found
        .first()
        .is_some_and(|(sender, _)| is_listed_notice(&sender.to_lowercase()));
    if is_notice { Vec::new() } else { found }
}

/// A name without the marks around it: `~ Name` is somebody who is not in the phone's contacts.
fn clean(sender: &str) -> &str {
    let invisible = |c: char| DIRECTION_MARKS.contains(&c) || c.is_whitespace();
    let sender = sender.trim_matches(invisible);
    match sender.strip_prefix('~') {
        Some(name) if name.starts_with(char::is_whitespace) => name.trim_matches(invisible),
        _ => sender,
    }
}

/// The name of the chat in the name of its file.
fn chat_name(file: &str) -> Option<&str> {
    let name = words::CHAT_FILES
        .iter()
        .find_map(|start| file.strip_prefix(start))?;
    Some(name.strip_suffix(".txt").unwrap_or(name).trim())
}

fn other_person(part: &Part<'_>, senders: &BTreeSet<String>) -> Option<String> {
    if let Some(name) = chat_name(part.name()).filter(|name| senders.contains(*name)) {
        return Some(name.to_owned());
    }
    let account = clean(part.hints.account.as_deref()?);
    let mut others = senders.iter().filter(|sender| *sender != account);
    let other = others.next()?;
    others.next().is_none().then(|| other.clone())
}

fn write(message: &Message<'_>, decided: &Decided, chat: &Chat<'_>, into: &mut Transcript) {
    let line = message.head.written.line;
    let candidates = candidates(message.head.rest);
    let Some((sender, first)) = choose(&candidates, &chat.senders) else {
        write_unsigned(message, decided, chat, into);
        return;
    };
    let text = whole(first, &message.more);
    let content = content(clean(sender), &text);
    if content.kind == Kind::Notice {
        into.leave_out_at(line, "system-message", content.detail);
        return;
    }
    if candidates.len() > 1 && !chat.senders.contains(clean(sender)) {
        into.remark("sender-split-unsure", Some(line));
    }
    if let Some(code) = content.remark {
        into.remark(code, Some(line));
    } else if content.is_empty() {
        into.remark("no-content", Some(line));
    }
    let entry = start(message, decided, chat, into);
    entry.set("sender", clean(sender));
    chat::set_telephone_key(entry);
    entry.set("event_type", content.kind.event());
    if let Some(media) = content.media {
        entry.set("media", "1").set("media_types", media);
    }
    let seconds = content.seconds.map(|seconds| seconds.to_string());
    entry.set("call_duration_s", seconds.unwrap_or_default());
    entry.set("text", content.text);
}

/// A line without a sender: a missed call, or a notice. One that no list knows may be a missed call in
/// another language, which is told.
fn write_unsigned(
    message: &Message<'_>,
    decided: &Decided,
    chat: &Chat<'_>,
    into: &mut Transcript,
) {
    let line = message.head.written.line;
    let plain = lower(message.head.rest);
    if !begins_with(&plain, words::MISSED_CALLS) {
        into.leave_out_at(line, "system-message", "a line without a sender");
        if !plain.is_empty() && !is_known_notice(&plain) {
            into.remark("notice-not-classified", Some(line));
        }
        return;
    }
    if chat.other.is_none() {
        into.remark("call-without-caller", Some(line));
    }
    let entry = start(message, decided, chat, into);
    // Only the phone that was called says "missed".
    entry
        .set("direction", "in")
        .set("event_type", "call_missed");
    entry.set("sender", chat.other.clone().unwrap_or_default());
    chat::set_telephone_key(entry);
}

fn start<'t>(
    message: &Message<'_>,
    decided: &Decided,
    chat: &Chat<'_>,
    into: &'t mut Transcript,
) -> &'t mut Entry {
    let entry = into.entry_at(message.head.written.line);
    if let Some(time) = message.head.clock.time(chat.has_24_hours) {
        let time = time.to_string();
        let shown = if message.head.clock.second.is_some() {
            time.as_str()
        } else {
            time.get(..5).unwrap_or(&time)
        };
        entry.set("received_at_local", format!("{}T{shown}", decided.date));
    }
    entry
        .set("channel", "whatsapp")
        .set("thread", chat.thread.unwrap_or_default());
    entry
}

/// The shortest name that is a sender elsewhere, else the shortest.
fn choose<'a>(
    candidates: &[(&'a str, &'a str)],
    known: &BTreeSet<String>,
) -> Option<(&'a str, &'a str)> {
    let elsewhere = candidates
        .iter()
        .find(|(sender, _)| known.contains(clean(sender)));
    elsewhere.or(candidates.first()).copied()
}

fn whole(first: &str, more: &[&str]) -> String {
    let mut text = first.to_owned();
    for line in more {
        text.push('\n');
        text.push_str(line);
    }
    text
}
