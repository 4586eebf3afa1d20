//! WhatsApp: the text that a phone writes when a chat is exported (`WhatsApp Chat with X.txt`, or
//! `_chat.txt` on an iPhone). The pattern of a line follows Pustur/whatsapp-chat-parser; what
//! WhatsApp writes itself is told from what people wrote by lists of words.

mod dates;
mod words;

use super::chat;
use crate::error::Result;
use crate::import::part::Part;
use crate::import::transcript::{Entry, Transcript};
use dates::{Decided, How, Manner, Number, Written};
use jiff::civil::Time;
use regex::{Captures, Regex};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

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

/// The head of a line that starts a message. Spaces before and inside `PM` can be narrow or not
/// breaking: a pattern with plain spaces would take such lines for more words of the message above.
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)^[\u{200E}\u{200F}\u{202A}-\u{202E}\u{FEFF}]*
        (?P<open>\[)?
        (?P<date>(?P<a>\d{1,4})(?P<sep>[-/.])\x20?(?P<b>\d{1,4})[-/.]\x20?(?P<c>\d{1,4}))[,.،]?
        [\x20\u{202F}\u{A0}](?P<before>\D{0,20}?)
        (?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2}))?
        (?:
            (?P<after>[\x20\u{202F}\u{A0}]?[^\d\s\[\]:–-]{1,6}(?:[\x20\u{202F}\u{A0}][^\d\s\[\]:–-]{1,6})?)?
            (?:(?P<close>\])(?:\x20-|:)?\x20?|(?P<dash>[\x20\u{202F}\u{A0}][-–])(?:\x20|$))
        |
            (?P<half>(?i:[\x20\u{202F}\u{A0}][ap]\.?[\x20\u{202F}\u{A0}]?m\.?))?(?P<colon>:)?\x20
        )
        (?P<rest>.*)$";
    Regex::new(pattern).expect("a constant pattern")
});

/// A file that was exported with the chat: `<attached: 0001-PHOTO.jpg>`, in any language.
static ATTACHED_TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\u{200E}]?<[^<>:\d]{3,30}:\x20?([^<>]+\.[A-Za-z0-9]{2,5})>\s*$")
        .expect("a constant pattern")
});

/// The same on Android: `IMG-20230630-WA0000.jpg (file attached)`.
static ATTACHED_FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\u{200E}]?([^\r\n]{1,255}\.[A-Za-z0-9]{2,5}) \(([^()]{3,40})\)\s*$")
        .expect("a constant pattern")
});
static WHATSAPP_FILE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Z]{3}-\d{8}-WA\d+\.").expect("a constant pattern"));

/// How the head of a message is set off from its words. A chat keeps to one style; a dated line in
/// another style is one that somebody pasted into a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Style {
    shape: Shape,
    /// A word stands at the time that no list knows.
    unknown_word: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Brackets,
    Dash,
    Colon,
    Bare,
}

/// A line that starts a message.
struct Head<'a> {
    style: Style,
    written: Written<'a>,
    clock: Clock,
    rest: &'a str,
}

/// The time of day as written.
#[derive(Debug, Clone, Copy)]
struct Clock {
    hour: u32,
    minute: u32,
    second: Option<u32>,
    half: Half,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    First,
    Second,
    /// No mark: a clock of 24 hours.
    None,
    /// A word that no list knows, which may be such a mark.
    Unknown,
}

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

/// The style of most dated lines, of the first of them where two are as frequent.
fn usual_style(text: &str) -> Option<Style> {
    let mut counts: BTreeMap<Style, (usize, std::cmp::Reverse<u64>)> = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        if let Some(head) = head(line, number) {
            counts
                .entry(head.style)
                .or_insert((0, std::cmp::Reverse(number)))
                .0 += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(style, _)| style)
}

/// Reads the head of a line; `None` where the line starts no message.
fn head(line: &str, number: u64) -> Option<Head<'_>> {
    let found = HEAD.captures(line)?;
    let clock = clock(&found)?;
    let style = Style {
        shape: shape(&found)?,
        unknown_word: clock.half == Half::Unknown,
    };
    let [a, b, c] = [
        figure(&found, "a")?,
        figure(&found, "b")?,
        figure(&found, "c")?,
    ];
    let manner = Manner {
        separator: found.name("sep")?.as_str().chars().next()?,
        year_digits: [a.digits == 4, c.digits == 4],
        half_day_clock: matches!(clock.half, Half::First | Half::Second),
        seconds: clock.second.is_some(),
    };
    let text = found.name("date")?.as_str();
    let written = Written {
        line: number,
        text,
        numbers: [a, b, c],
        manner,
    };
    let rest = found.name("rest")?.as_str();
    written.is_date().then_some(Head {
        style,
        written,
        clock,
        rest,
    })
}

fn shape(found: &Captures<'_>) -> Option<Shape> {
    let has = |group| found.name(group).is_some();
    match (has("open"), has("close")) {
        (true, true) => Some(Shape::Brackets),
        (false, false) if has("dash") => Some(Shape::Dash),
        (false, false) if has("colon") => Some(Shape::Colon),
        (false, false) => Some(Shape::Bare),
        _ => None,
    }
}

fn clock(found: &Captures<'_>) -> Option<Clock> {
    let hour = figure(found, "hour")?.value;
    let minute = figure(found, "minute")?.value;
    let second = match found.name("second") {
        Some(_) => Some(figure(found, "second")?.value),
        None => None,
    };
    let word = |group| {
        found
            .name(group)
            .map_or(String::new(), |word| bare_word(word.as_str()))
    };
    let half = half(
        &word("before"),
        &format!("{}{}", word("after"), word("half")),
    );
    let possible = hour < 24 && minute < 60 && second.is_none_or(|second| second < 60);
    possible.then_some(Clock {
        hour,
        minute,
        second,
        half,
    })
}

/// A word without dots, in lower case: `p. m.` is `pm`, `kl.` is `kl`.
fn bare_word(word: &str) -> String {
    let word = word.trim().to_lowercase().replace('.', "");
    if word.chars().filter(|c| !c.is_whitespace()).count() <= 2 {
        word.split_whitespace().collect()
    } else {
        word.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn half(before: &str, after: &str) -> Half {
    let [before, after] = [(before, words::BEFORE_TIME), (after, words::AFTER_TIME)].map(
        |(word, without_meaning)| {
            if words::FIRST_HALF.contains(&word) {
                Half::First
            } else if words::SECOND_HALF.contains(&word) {
                Half::Second
            } else if without_meaning.contains(&word) {
                Half::None
            } else {
                Half::Unknown
            }
        },
    );
    match (before, after) {
        (half, Half::None) | (Half::None, half) => half,
        _ => Half::Unknown,
    }
}

/// A group of the pattern as a number. Arabic, Persian and Devanagari digits are digits, too.
fn figure(found: &Captures<'_>, group: &str) -> Option<Number> {
    let text = found.name(group)?.as_str();
    let mut value: u32 = 0;
    for c in text.chars() {
        let zero = match c {
            '0'..='9' => '0',
            '\u{0660}'..='\u{0669}' => '\u{0660}',
            '\u{06F0}'..='\u{06F9}' => '\u{06F0}',
            '\u{0966}'..='\u{096F}' => '\u{0966}',
            _ => return None,
        };
        let digit = u32::from(c).checked_sub(u32::from(zero))?;
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    Some(Number {
        value,
        digits: text.chars().count(),
    })
}

impl Clock {
    /// The time of day; `None` where a word that nothing knows may mean the afternoon. It cannot in a
    /// chat with hours above 12.
    fn time(&self, has_24_hours: bool) -> Option<Time> {
        let hour = match self.half {
            Half::Unknown if !has_24_hours => return None,
            Half::First if self.hour <= 12 => self.hour % 12,
            Half::Second if self.hour <= 12 => self.hour % 12 + 12,
            _ => self.hour,
        };
        let small = |number: u32| i8::try_from(number).ok();
        Time::new(
            small(hour)?,
            small(self.minute)?,
            small(self.second.unwrap_or(0))?,
            0,
        )
        .ok()
    }
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

fn is_listed_notice(plain: &str) -> bool {
    words::NOTICES.iter().any(|notice| plain.contains(notice))
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

/// What a signed line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Message,
    Call,
    MissedCall,
    Unsent,
    Notice,
}

impl Kind {
    fn event(self) -> &'static str {
        match self {
            Kind::Message | Kind::Notice => "message",
            Kind::Call => "call",
            Kind::MissedCall => "call_missed",
            Kind::Unsent => "unsent",
        }
    }
}

struct Content {
    kind: Kind,
    /// Type of the one media item, empty where it is not known.
    media: Option<&'static str>,
    text: String,
    /// Duration of a call.
    seconds: Option<u64>,
    /// What to remark where the lists do not settle what the line is.
    remark: Option<&'static str>,
    detail: &'static str,
}

impl Content {
    fn of(kind: Kind) -> Self {
        Content {
            kind,
            media: None,
            text: String::new(),
            seconds: None,
            remark: None,
            detail: "",
        }
    }

    /// A message of which the export has nothing.
    fn is_empty(&self) -> bool {
        self.kind == Kind::Message && self.text.is_empty() && self.media.is_none()
    }

    fn media(kind: &'static str, caption: &str) -> Self {
        Content {
            media: Some(kind),
            text: words_of(caption),
            ..Content::of(Kind::Message)
        }
    }

    fn message(text: &str) -> Self {
        Content {
            text: words_of(text),
            ..Content::of(Kind::Message)
        }
    }
}

/// Tells what WhatsApp wrote under a person's name from what the person wrote.
fn content(sender: &str, text: &str) -> Content {
    let generated = text.trim_start().starts_with(GENERATED);
    let plain = lower(text);
    if is_one_of(&plain, words::DELETED) || generated && begins_with(&plain, words::DELETED) {
        return Content::of(Kind::Unsent);
    }
    if is_one_of(&plain, words::MISSED_CALLS)
        || generated && begins_with(&plain, words::MISSED_CALLS)
    {
        return Content::of(Kind::MissedCall);
    }
    if let Some(details) = after_words(&plain, words::CALLS).filter(|_| generated) {
        return call(details);
    }
    if let Some(content) = media(text).or_else(|| view_once(&plain, generated)) {
        return content;
    }
    if is_placeholder(&plain, generated) {
        return Content::of(Kind::Message);
    }
    if let Some(notice) = notice(sender, text, &plain, generated) {
        return notice;
    }
    let own_name = starts_with_own_name(sender, text);
    Content {
        remark: own_name.then_some("possible-system-text"),
        ..Content::message(text)
    }
}

/// A call by what stands behind `Voice call`: how long it lasted, or that nobody answered.
fn call(details: &str) -> Content {
    let details = details.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.'));
    let kind = if begins_with(details, words::NO_ANSWER) {
        Kind::MissedCall
    } else {
        Kind::Call
    };
    Content {
        seconds: seconds(details),
        ..Content::of(kind)
    }
}

/// Seconds of `1 hr 5 min`; `None` where a word of it is in no list.
fn seconds(duration: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut pieces = duration.split_whitespace().peekable();
    pieces.peek()?;
    while let Some(number) = pieces.next() {
        let number: u64 = number.parse().ok()?;
        let unit = pieces.next()?.trim_end_matches(['.', ',']);
        let (_, length) = words::UNITS
            .iter()
            .find(|(words, _)| words.contains(&unit))?;
        total = total.checked_add(number.checked_mul(*length)?)?;
    }
    Some(total)
}

/// A photo or video to be seen once, which the export does not have. Without the invisible mark, only
/// the whole sentence is WhatsApp's.
fn view_once(plain: &str, generated: bool) -> Option<Content> {
    let found = words::VIEW_ONCE.iter();
    let (_, kind) = found
        .into_iter()
        .find(|(words, _)| plain.starts_with(words))?;
    let is_sentence = plain.contains(words::VIEW_ONCE_REASON);
    (generated || is_sentence).then(|| Content::media(kind, ""))
}

/// Whether WhatsApp wrote the text in place of a message that it could not show.
fn is_placeholder(plain: &str, generated: bool) -> bool {
    is_one_of(plain, words::PLACEHOLDERS)
        || generated && begins_with(plain, words::PLACEHOLDER_STARTS)
}

/// Two traps: notices that begin with the sender's own name, and, on an iPhone, notices that carry
/// the name of the chat and begin with an invisible mark.
fn notice(sender: &str, text: &str, plain: &str, generated: bool) -> Option<Content> {
    let listed = is_listed_notice(plain);
    let own_name = starts_with_own_name(sender, text);
    let is_number = sender.starts_with('+') && !sender.contains(char::is_alphabetic);
    if own_name && (listed || is_number) {
        return Some(Content {
            detail: "a notice about the sender",
            ..Content::of(Kind::Notice)
        });
    }
    if !generated {
        return None;
    }
    if words::PLACES.iter().any(|place| plain.contains(place)) {
        return Some(Content::media("location", ""));
    }
    if begins_with(plain, words::POLLS) {
        return Some(Content::message(text));
    }
    if is_known_notice(plain) {
        return Some(Content {
            detail: "a notice under a name",
            ..Content::of(Kind::Notice)
        });
    }
    // It may be a call or a message in another language, so it counts.
    Some(Content {
        remark: Some("line-not-classified"),
        ..Content::of(Kind::Message)
    })
}

/// Whether WhatsApp's own words are a notice of a list. Only for lines that no person wrote: the words
/// are as short as ` left`. A quoted title or question follows in the next lines.
fn is_known_notice(plain: &str) -> bool {
    let first = plain.lines().next().unwrap_or_default();
    let first = first.trim_end_matches('.');
    let has = |words: &&str| first.contains(*words);
    is_listed_notice(first)
        || words::GROUP_NOTICES.iter().any(has)
        || words::LEAVING.iter().any(|words| first.ends_with(words))
}

fn starts_with_own_name(sender: &str, text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| {
        DIRECTION_MARKS.contains(&c) || c == '~' || c.is_whitespace()
    });
    text.strip_prefix(sender)
        .is_some_and(|after| after.starts_with([' ', '\u{A0}', '\u{202F}', '\u{202C}']))
}

/// A media item, with its caption.
fn media(text: &str) -> Option<Content> {
    if let Some(tag) = ATTACHED_TAG.captures(text) {
        let caption = text.get(..tag.get(0)?.start())?;
        return Some(Content::media(type_of_file(tag.get(1)?.as_str()), caption));
    }
    let (first, caption) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(file) = ATTACHED_FILE.captures(first) {
        let name = file.get(1)?.as_str();
        let listed = words::ATTACHED.contains(&file.get(2)?.as_str().to_lowercase().as_str());
        if listed || WHATSAPP_FILE.is_match(name) {
            return Some(Content::media(type_of_file(name), caption));
        }
    }
    omitted(text)
}

/// `<Media omitted>`, or after an invisible mark `image omitted`, alone or behind a caption.
fn omitted(text: &str) -> Option<Content> {
    let text = text.trim_end();
    let (caption, words) = match text.rfind(GENERATED) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None if text.starts_with('<') && text.ends_with('>') => ("", text),
        None => return None,
    };
    let plain = lower(words);
    let plain = plain.trim_matches(['<', '>', ' ']);
    let (_, kind) = words::OMITTED.iter().find(|(words, _)| *words == plain)?;
    Some(Content::media(kind, caption))
}

/// The type of a file, as its name tells: WhatsApp's own beginnings, else the ending.
fn type_of_file(name: &str) -> &'static str {
    let upper = name.to_uppercase();
    const BEGINNINGS: &[(&str, &str)] = &[
        ("IMG", "photo"),
        ("PHOTO", "photo"),
        ("VID", "video"),
        ("VIDEO", "video"),
        ("AUD", "audio"),
        ("PTT", "audio"),
        ("AUDIO", "audio"),
        ("STK", "sticker"),
        ("STICKER", "sticker"),
        ("GIF", "gif"),
        ("DOC", "document"),
    ];
    let word = upper.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let word = word.split('-').next().unwrap_or(word);
    if let Some((_, kind)) = BEGINNINGS.iter().find(|(start, _)| *start == word) {
        return kind;
    }
    match upper.rsplit('.').next().unwrap_or_default() {
        "JPG" | "JPEG" | "PNG" | "HEIC" => "photo",
        "MP4" | "MOV" | "3GP" => "video",
        "OPUS" | "M4A" | "MP3" | "OGG" | "AAC" | "AMR" => "audio",
        "WEBP" => "sticker",
        "GIF" => "gif",
        "VCF" => "contact",
        _ => "document",
    }
}

/// The words of a person, without WhatsApp's mark of an edited message.
fn words_of(text: &str) -> String {
    let text = text.trim();
    let open = text.rfind('<').unwrap_or(text.len());
    let (words, tag) = text.split_at_checked(open).unwrap_or((text, ""));
    let tag = tag.to_lowercase().replace(".>", ">");
    let is_edited = words::EDITED.contains(&tag.as_str());
    let kept = if is_edited { words } else { text };
    kept.trim_matches(|c: char| c == GENERATED || c.is_whitespace())
        .to_owned()
}

/// A text in lower case, without invisible marks and the full stop at its end, and with one form of
/// the apostrophe and of the blank.
fn lower(text: &str) -> String {
    let text = text.replace(DIRECTION_MARKS, "");
    let text = text.replace('\u{2019}', "'");
    let text = text.replace(['\u{A0}', '\u{202F}'], " ");
    text.trim().trim_end_matches('.').to_lowercase()
}

fn is_one_of(plain: &str, list: &[&str]) -> bool {
    list.contains(&plain)
}

/// Whether the text begins with one of the list, as whole words.
fn begins_with(plain: &str, list: &[&str]) -> bool {
    after_words(plain, list).is_some()
}

/// What follows one of the list, as whole words, at the beginning of the text.
fn after_words<'p>(plain: &'p str, list: &[&str]) -> Option<&'p str> {
    let mut after = list.iter().filter_map(|words| plain.strip_prefix(words));
    after.find(|after| !after.starts_with(|c: char| c.is_alphanumeric()))
}
