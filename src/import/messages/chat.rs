//! What the transcribers of JSON chats have in common: times, media, rows in the making.

use crate::import::transcript::{Entry, Transcript};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The first millisecond of 2000, before which none of these services existed. An earlier time is
/// a missing one (0), or is not in milliseconds.
const EARLIEST_MS: i64 = 946_684_800_000;
/// The first millisecond of 2100.
const LATEST_MS: i64 = 4_102_444_800_000;

/// The string under a key, where it is not blank.
pub fn string<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    object
        .get(key)?
        .as_str()
        .filter(|text| !text.trim().is_empty())
}

/// The whole number under a key; some exports write numbers as strings or with a fraction of 0.
pub fn integer(object: &Value, key: &str) -> Option<i64> {
    match object.get(key)? {
        Value::String(digits) => digits.trim().parse().ok(),
        number => number.as_i64().or_else(|| whole(number.as_f64()?)),
    }
}

fn whole(number: f64) -> Option<i64> {
    let exact = number.fract() == 0.0 && number.abs() < 9e15;
    exact.then_some(number as i64)
}

/// An identifier, which may be a string or a number.
pub fn identifier(object: &Value, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(id) if !id.trim().is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

pub fn is_true(object: &Value, key: &str) -> bool {
    object.get(key).and_then(Value::as_bool) == Some(true)
}

/// The items of the array under a key; none where there is no array.
pub fn items<'v>(object: &'v Value, key: &str) -> &'v [Value] {
    object
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// UTC time of milliseconds since 1970, where it is a plausible one.
pub fn utc_of_ms(ms: i64) -> Option<String> {
    if !(EARLIEST_MS..LATEST_MS).contains(&ms) {
        return None;
    }
    let time = Timestamp::from_millisecond(ms).ok()?;
    let digits = if ms % 1000 == 0 { 0 } else { 3 };
    Some(format!("{time:.digits$}"))
}

/// UTC time of seconds since 1970, where it is a plausible one.
pub fn utc_of_s(seconds: i64) -> Option<String> {
    utc_of_ms(seconds.checked_mul(1000)?)
}

/// UTC time of a number of seconds or milliseconds since 1970: between 2000 and 2100, the two
/// cannot be confused.
pub fn utc_of_number(number: i64) -> Option<String> {
    utc_of_s(number).or_else(|| utc_of_ms(number))
}

/// An ISO 8601 time with its offset, or without where it has none. Also reads `+0000` and a space
/// for the `T`.
pub fn iso(text: &str) -> Option<String> {
    let pieces = Pieces::parse(text.trim()).ok()?;
    let time = pieces.time()?;
    let local = DateTime::from_parts(pieces.date(), time);
    let plausible = (2000..2100).contains(&local.year());
    let digits = if time.subsec_nanosecond() / 1_000_000 == 0 {
        0
    } else {
        3
    };
    let zone = pieces.to_numeric_offset().map_or(String::new(), zone);
    plausible.then(|| format!("{local:.digits$}{zone}"))
}

fn zone(offset: Offset) -> String {
    if offset.seconds() == 0 {
        "Z".to_string()
    } else {
        offset_text(offset)
    }
}

fn offset_text(offset: Offset) -> String {
    let minutes = offset.seconds().unsigned_abs() / 60;
    let sign = if offset.is_negative() { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The media of one message: how many, and of which kinds.
#[derive(Debug, Default)]
pub struct Media {
    count: usize,
    kinds: BTreeSet<&'static str>,
}

impl Media {
    pub fn add(&mut self, kind: &'static str, count: usize) {
        if count > 0 {
            self.count = self.count.saturating_add(count);
            self.kinds.insert(kind);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// Kind of a media type such as `image/jpeg`.
pub fn kind_of_mime(mime: &str) -> &'static str {
    match mime.split('/').next() {
        _ if mime == "image/gif" => "gif",
        Some("image") => "photo",
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "file",
    }
}

/// Kind of a file by the end of its name.
pub fn kind_of_name(name: &str) -> &'static str {
    let end = name
        .rsplit_once('.')
        .map_or("", |(_, end)| end)
        .to_ascii_lowercase();
    match end.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "heic" | "heif" | "bmp" | "tif" | "tiff" => "photo",
        "gif" => "gif",
        "mp4" | "mov" | "mkv" | "webm" | "3gp" | "mpeg" | "qt" | "avi" => "video",
        "m4a" | "aac" | "mp3" | "ogg" | "oga" | "opus" | "wav" | "flac" | "amr" => "audio",
        _ => "file",
    }
}

/// Fewest digits of a telephone number: those of emergency calls and short codes.
const FEWEST_DIGITS: usize = 3;

/// The digits of a telephone number, behind a `+` where one is written: ways to set them apart are
/// many, and the same person is written in several. `None` where the text is no such number. Nothing
/// is made of a leading 0 or 00, which mean different numbers in different countries.
pub fn telephone(text: &str) -> Option<String> {
    let text = text.trim_matches(is_between_digits);
    let (plus, rest) = match text.strip_prefix('+') {
        Some(rest) => ("+", rest),
        None => ("", text),
    };
    let is_number = rest
        .chars()
        .all(|c| c.is_ascii_digit() || is_between_digits(c));
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (is_number && digits.len() >= FEWEST_DIGITS).then(|| format!("{plus}{digits}"))
}

/// Blanks, hyphens and brackets, and the marks of writing direction that telephones put around.
fn is_between_digits(c: char) -> bool {
    let mark =
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let hyphen = matches!(c, '-' | '\u{2010}'..='\u{2013}');
    mark || hyphen || c.is_whitespace() || matches!(c, '(' | ')' | '.' | '/')
}

/// Sets the key of a sender who is named by a telephone number.
pub fn set_telephone_key(entry: &mut Entry) {
    let key = entry.get("sender").and_then(telephone);
    entry.set("sender_key", key.unwrap_or_default());
}

/// Key of a sender whose name is not unique on the platform: only within one conversation does it
/// tell who somebody is.
pub fn key_in_thread(thread: Option<&str>, sender: Option<&str>) -> Option<String> {
    Some(format!("{}/{}", thread?, sender?))
}

/// What a part has added to a transcript, to remark once what holds for all of it.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    entries: usize,
    remarks: usize,
}

impl Mark {
    pub fn of(into: &Transcript) -> Self {
        Mark {
            entries: into.entries.len(),
            remarks: into.remarks.len(),
        }
    }

    /// Remarks that the part has keys by conversation, and texts in a language without rules.
    pub fn remark(self, into: &mut Transcript) {
        let mut entries = into.entries.iter().skip(self.entries);
        let by_thread = entries.any(|entry| entry.get("sender_key").is_some());
        let mut remarks = into.remarks.iter().skip(self.remarks);
        let unread = remarks.any(|remark| remark.code == "possible-system-text");
        if by_thread {
            into.remark("people-by-thread", None);
        }
        if unread {
            into.remark("language-without-rules", None);
        }
    }
}

/// Notes who takes part in a conversation.
pub fn note_participants<'n>(
    thread: Option<&str>,
    names: impl Iterator<Item = Cow<'n, str>>,
    into: &mut Transcript,
) {
    let Some(thread) = thread else {
        return;
    };
    let known = into.participants.entry(thread.to_owned()).or_default();
    known.extend(names.map(Cow::into_owned));
}

/// A row in the making: it becomes an entry only when it is known to be no duplicate.
#[derive(Debug)]
pub struct Draft {
    entry: Entry,
    remarks: Vec<&'static str>,
}

impl Draft {
    pub fn new(channel: &str) -> Self {
        let entry = Entry {
            member: None,
            row: 0,
            values: Vec::new(),
        };
        let mut draft = Draft {
            entry,
            remarks: Vec::new(),
        };
        draft.set("channel", channel);
        draft
    }

    pub fn set(&mut self, column: &'static str, value: impl Into<String>) {
        self.entry.set(column, value);
    }

    pub fn set_some(&mut self, column: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.entry.set(column, value);
        }
    }

    /// Sets the time, or remarks that there is none.
    pub fn set_time(&mut self, time: Option<String>) {
        match time {
            Some(time) => self.set("received_at_local", time),
            None => self.remark("no-time"),
        }
    }

    /// Sets the sender, or remarks that there is none.
    pub fn set_sender(&mut self, sender: Option<impl Into<String>>) {
        match sender {
            Some(sender) => self.set("sender", sender),
            None => self.remark("no-sender"),
        }
    }

    pub fn set_media(&mut self, media: &Media) {
        if !media.is_empty() {
            let kinds: Vec<&str> = media.kinds.iter().copied().collect();
            self.set("media", media.count.to_string());
            self.set("media_types", kinds.join(";"));
        }
    }

    pub fn remark(&mut self, code: &'static str) {
        self.remarks.push(code);
    }

    pub fn has(&self, column: &str) -> bool {
        self.entry.get(column).is_some()
    }

    /// Makes the draft the next entry, or the entry of a line.
    pub fn put(self, line: Option<u64>, into: &mut Transcript) {
        let entry = match line {
            Some(line) => into.entry_at(line),
            None => into.entry(),
        };
        entry.values = self.entry.values;
        let row = entry.row;
        for code in self.remarks {
            into.remark(code, Some(row));
        }
    }

    /// Makes the draft the next entry, or leaves it out where the same event was seen.
    pub fn put_unless_seen(self, seen: &mut Seen, into: &mut Transcript) {
        if seen.is_new(&self.entry) {
            self.put(None, into);
        } else {
            into.leave_out("repeated-event", "");
        }
    }
}

/// Columns that together are one event. The channel is not among them: a conversation that is
/// accepted moves from the requests to the inbox, and downloads may hold it in both.
const EVENT: [&str; 6] = [
    "thread",
    "sender",
    "received_at_local",
    "event_type",
    "text",
    "media_types",
];

/// The events of a transcript so far.
#[derive(Debug)]
pub struct Seen(BTreeSet<[String; 6]>);

impl Seen {
    /// The events in some threads; all where no threads are given.
    pub fn of(into: &Transcript, thread: Option<&str>) -> Self {
        let within = |entry: &&Entry| thread.is_none() || entry.get("thread") == thread;
        Seen(into.entries.iter().filter(within).map(event).collect())
    }

    /// Whether the event is new; from now on it is not. Without a time, sender and thread, nothing
    /// can tell two events from one.
    fn is_new(&mut self, entry: &Entry) -> bool {
        let told = ["received_at_local", "sender", "thread"];
        !told.iter().all(|column| entry.get(column).is_some()) || self.0.insert(event(entry))
    }
}

fn event(entry: &Entry) -> [String; 6] {
    EVENT.map(|column| entry.get(column).unwrap_or("").to_string())
}

/// Notes the keys of an object that nothing uses.
pub fn note_unused(object: &Value, used: &[&str], into: &mut Transcript) {
    let keys = object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    for key in keys.filter(|key| !used.contains(&key.as_str())) {
        if !into.unused.contains(key) {
            into.unused.insert(key.clone());
        }
    }
}

/// A call as a chat tells it: in one row, or in two, of its start and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Start,
    End,
    /// Nobody answered.
    Missed,
    Whole,
}

/// A row that tells of a call.
#[derive(Debug, Clone, Copy)]
pub struct CallRow {
    pub index: usize,
    pub ms: Option<i64>,
    pub phase: Phase,
    pub seconds: Option<i64>,
}

/// What becomes of a row that tells of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// The row is the call.
    Is {
        missed: bool,
        seconds: Option<i64>,
        joined: bool,
    },
    /// The row tells how a call ended that another row is.
    Ends,
}

/// Longest time for which an unanswered call rings.
const RINGING_MS: i64 = 5 * 60 * 1000;
/// Longest time for which a call of unknown duration is taken to last.
const CALL_MS: i64 = 24 * 60 * 60 * 1000;

/// Joins the start of each call to its end. Instagram writes an answered call as `started` and
/// `ended`, a missed one as `started` and `missed`; to count both would count one call as two.
pub fn joined(mut rows: Vec<CallRow>) -> BTreeMap<usize, Call> {
    // Files that have the newest first give rows of one millisecond in reverse.
    rows.sort_by_key(|row| (row.ms, row.phase != Phase::Start, row.index));
    let mut calls: BTreeMap<usize, Call> = rows.iter().map(|row| (row.index, alone(row))).collect();
    for (start, end) in rows.iter().zip(rows.iter().skip(1)) {
        if ends(start, end) {
            calls.insert(start.index, whole_call(start, end));
            calls.insert(end.index, Call::Ends);
        }
    }
    calls
}

fn alone(row: &CallRow) -> Call {
    let missed = row.phase == Phase::Missed || row.seconds == Some(0);
    Call::Is {
        missed,
        seconds: row.seconds,
        joined: false,
    }
}

fn whole_call(start: &CallRow, end: &CallRow) -> Call {
    let seconds = end.seconds.or(start.seconds.filter(|seconds| *seconds > 0));
    let missed = end.phase == Phase::Missed || seconds == Some(0);
    Call::Is {
        missed,
        seconds,
        joined: true,
    }
}

fn ends(start: &CallRow, end: &CallRow) -> bool {
    let (Some(from), Some(to)) = (start.ms, end.ms) else {
        return false;
    };
    let lasted = to.saturating_sub(from);
    let longest = match end.phase {
        Phase::Missed => RINGING_MS,
        Phase::End => end.seconds.map_or(CALL_MS, |s| {
            s.saturating_mul(1000).saturating_add(RINGING_MS)
        }),
        Phase::Start | Phase::Whole => return false,
    };
    start.phase == Phase::Start && lasted <= longest
}

/// Writes a call into a draft.
pub fn set_call(draft: &mut Draft, missed: bool, seconds: Option<i64>) {
    draft.set("event_type", if missed { "call_missed" } else { "call" });
    draft.set_some(
        "call_duration_s",
        seconds.map(|seconds| seconds.to_string()),
    );
}
