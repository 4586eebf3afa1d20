//! SMS Backup & Restore (SyncTech, Android): messages (`smses`) and calls (`calls`) as XML. Fields as
//! in the vendor's "Fields in XML backup files".

use super::chat;
use crate::error::{Error, Problem, Result};
use crate::import::part::Part;
use crate::import::transcript::{Entry, Transcript};
use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "sms-backup";

/// Longest name of an entity, or number of a character, between `&` and `;`.
const LONGEST_REFERENCE: usize = 10;

/// Attributes that are used. `data` holds base64 media and is never looked at: attributes are borrowed
/// from the text, so passing it over neither copies nor decodes it.
const USED: &[&str] = &[
    "address",
    "body",
    "count",
    "ct",
    "date",
    "duration",
    "msg_box",
    "number",
    "presentation",
    "text",
    "type",
];
/// Names in addresses of callers who withhold theirs (RFC 3323: `anonymous@anonymous.invalid`).
const WITHHELD: &[&str] = &[
    "anonymous",
    "unknown",
    "private",
    "restricted",
    "unavailable",
];
const MEDIA_BYTES: &str = "data";

/// Why the part is of this format.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    if !part.text.trim_start().starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(part.text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(root) | Event::Empty(root) => return is_root(name(&root)),
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn is_root(name: &str) -> Option<String> {
    matches!(name, "smses" | "calls")
        .then(|| format!("its root element is `{name}`, as SMS Backup & Restore writes it"))
}

/// Transcribes the part.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let mut reader = Reader::from_str(part.text);
    // Nothing between the elements is used.
    reader.config_mut().allow_dangling_amp = true;
    let mut backup = Backup::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => backup
                .open(&tag, into)
                .map_err(|error| broken(part, &reader, &error))?,
            Ok(Event::Empty(tag)) => {
                backup
                    .open(&tag, into)
                    .map_err(|error| broken(part, &reader, &error))?;
                backup.close(name(&tag), into);
            }
            Ok(Event::End(tag)) => backup.close(tag.name().as_ref(), into),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => return Err(unreadable(part, &reader, &error)),
        }
    }
    if backup.depth > 0 {
        return Err(truncated(part));
    }
    backup.check_count(into);
    Ok(())
}

/// Where the reader stands.
#[derive(Default)]
struct Backup {
    depth: usize,
    /// Number of records that the root states.
    stated: Option<u64>,
    seen: u64,
    mms: Option<Mms>,
}

/// A multimedia message, gathered until its element ends.
#[derive(Default)]
struct Mms {
    fields: Fields,
    texts: Vec<String>,
    media: u64,
    media_types: BTreeSet<&'static str>,
    from: Vec<String>,
}

type Fields = BTreeMap<&'static str, String>;

impl Backup {
    fn open(
        &mut self,
        tag: &BytesStart<'_>,
        into: &mut Transcript,
    ) -> std::result::Result<(), String> {
        self.depth += 1;
        let fields = fields(tag, into)?;
        match (self.depth, name(tag)) {
            (1, _) => self.stated = value(&fields, "count").and_then(|count| count.parse().ok()),
            (2, "sms") => write_sms(&fields, into),
            (2, "mms") => {
                self.mms = Some(Mms {
                    fields,
                    ..Mms::default()
                })
            }
            (2, "call") => write_call(&fields, into),
            (2, _) => into.leave_out(
                "unknown-record",
                "an element that is no message and no call",
            ),
            (_, "part") => self.mms.iter_mut().for_each(|mms| mms.add_part(&fields)),
            (_, "addr") => self.mms.iter_mut().for_each(|mms| mms.add_address(&fields)),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, into: &mut Transcript) {
        if self.depth == 2 {
            self.seen += 1;
            if let Some(mms) = self.mms.take_if(|_| name == "mms") {
                mms.write(into);
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn check_count(&self, into: &mut Transcript) {
        if self.stated.is_some_and(|stated| stated != self.seen) {
            into.remark("count-differs", None);
        }
    }
}

fn name<'a>(tag: &'a BytesStart<'_>) -> &'a str {
    tag.name().into_inner()
}

/// The attributes that are used; the names of the others are noted.
fn fields(tag: &BytesStart<'_>, into: &mut Transcript) -> std::result::Result<Fields, String> {
    let mut fields = Fields::new();
    let mut attributes = tag.attributes();
    // The check for repeated names takes quadratic time; the first of a name counts.
    attributes.with_checks(false);
    for attribute in attributes {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref();
        match USED.iter().find(|used| **used == key) {
            Some(used) => {
                fields
                    .entry(used)
                    .or_insert_with(|| unescaped(&attribute.value));
            }
            None if key == MEDIA_BYTES => {}
            None => {
                into.unused.insert(key.to_owned());
            }
        }
    }
    Ok(fields)
}

/// A value that is there: the format writes `null` for a missing one.
fn value<'a>(fields: &'a Fields, key: &str) -> Option<&'a str> {
    let value = fields.get(key)?.as_str();
    (!value.trim().is_empty() && value != "null" && value != "(Unknown)").then_some(value)
}

fn write_sms(fields: &Fields, into: &mut Transcript) {
    let Some(direction) = direction(value(fields, "type"), into) else {
        return;
    };
    let body = value(fields, "body");
    if body.is_none() {
        into.remark("no-content", None);
    }
    if value(fields, "address").is_none() {
        into.remark("number-withheld", None);
    }
    let entry = start(fields, direction, "sms", into);
    if direction == "in" {
        entry.set("sender", value(fields, "address").unwrap_or_default());
        chat::set_telephone_key(entry);
    }
    entry.set("thread", value(fields, "address").unwrap_or_default());
    entry
        .set("event_type", "message")
        .set("text", body.unwrap_or_default());
}

/// Direction of a message by its type or box: 1 received, 2 sent. The others were not sent, or not
/// yet, and are left out.
fn direction(kind: Option<&str>, into: &mut Transcript) -> Option<&'static str> {
    match kind {
        Some("1") => return Some("in"),
        Some("2") => return Some("out"),
        Some("3") => into.leave_out("not-sent", "a draft"),
        Some("4") => into.leave_out("not-sent", "in the outbox"),
        Some("5") => into.leave_out("not-sent", "sending failed"),
        Some("6") => into.leave_out("not-sent", "queued"),
        _ => into.leave_out("unknown-type", "neither received nor sent, by its type"),
    }
    None
}

fn start<'t>(
    fields: &Fields,
    direction: &str,
    channel: &str,
    into: &'t mut Transcript,
) -> &'t mut Entry {
    let time = value(fields, "date").and_then(time);
    if time.is_none() {
        into.remark("no-time", None);
    }
    let entry = into.entry();
    entry.set("received_at_local", time.unwrap_or_default());
    entry.set("channel", channel).set("direction", direction)
}

/// A time in milliseconds since 1970, UTC.
fn time(milliseconds: &str) -> Option<String> {
    let milliseconds: i64 = milliseconds.trim().parse().ok().filter(|time| *time > 0)?;
    Some(Timestamp::from_millisecond(milliseconds).ok()?.to_string())
}

impl Mms {
    fn add_part(&mut self, fields: &Fields) {
        let content_type = value(fields, "ct")
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match content_type.split('/').next().unwrap_or_default() {
            // The order of the parts on the screen.
            _ if content_type == "application/smil" => {}
            "text" if content_type == "text/plain" => {
                self.texts.extend(value(fields, "text").map(str::to_owned))
            }
            "image" => self.add_media("photo"),
            "video" => self.add_media("video"),
            "audio" => self.add_media("audio"),
            "text" if content_type.contains("vcard") => self.add_media("contact"),
            _ => self.add_media("document"),
        }
    }

    fn add_media(&mut self, kind: &'static str) {
        self.media += 1;
        self.media_types.insert(kind);
    }

    /// Type 137 is the sender of a message (OMA MMS, PduHeaders.FROM).
    fn add_address(&mut self, fields: &Fields) {
        if value(fields, "type") == Some("137") {
            let address =
                value(fields, "address").filter(|address| *address != "insert-address-token");
            self.from.extend(address.map(str::to_owned));
        }
    }

    /// Who sent a received message; `address` lists all numbers of a group, which says nothing.
    fn sender(&self) -> Option<&str> {
        let single = value(&self.fields, "address").filter(|address| !address.contains('~'));
        self.from.first().map(String::as_str).or(single)
    }

    fn write(self, into: &mut Transcript) {
        let Some(direction) = direction(value(&self.fields, "msg_box"), into) else {
            return;
        };
        if self.texts.is_empty() && self.media == 0 {
            into.remark("no-content", None);
        }
        if direction == "in" && self.sender().is_none() {
            into.remark("number-withheld", None);
        }
        let entry = start(&self.fields, direction, "mms", into);
        if direction == "in" {
            entry.set("sender", self.sender().unwrap_or_default());
            chat::set_telephone_key(entry);
        }
        entry.set("thread", value(&self.fields, "address").unwrap_or_default());
        entry
            .set("event_type", "message")
            .set("text", self.texts.join("\n"));
        if self.media > 0 {
            let types: Vec<&str> = self.media_types.into_iter().collect();
            entry
                .set("media", self.media.to_string())
                .set("media_types", types.join(";"));
        }
    }
}

fn write_call(fields: &Fields, into: &mut Transcript) {
    let (direction, event) = match value(fields, "type") {
        Some("1") => ("in", "call"),
        Some("2") => ("out", "call"),
        Some("3") => ("in", "call_missed"),
        Some("4") => ("in", "voicemail"),
        Some("5" | "6") => {
            into.remark("call-rejected", None);
            ("in", "call_missed")
        }
        Some("7") => {
            into.remark("call-answered-elsewhere", None);
            ("in", "call")
        }
        _ => {
            into.leave_out("unknown-type", "neither incoming nor outgoing, by its type");
            return;
        }
    };
    // A withheld number can be anybody's: without a sender, such calls are not taken for one person's.
    let withheld = value(fields, "presentation").is_some_and(is_withheld);
    let number = value(fields, "number").filter(|number| !withheld && is_number(number));
    if number.is_none() {
        into.remark("number-withheld", None);
    }
    let duration = value(fields, "duration")
        .filter(|seconds| seconds.bytes().all(|byte| byte.is_ascii_digit()));
    let entry = start(fields, direction, "phone", into);
    if direction == "in" {
        entry.set("sender", number.unwrap_or_default());
        chat::set_telephone_key(entry);
    }
    entry.set("thread", number.unwrap_or_default());
    entry
        .set("event_type", event)
        .set("call_duration_s", duration.unwrap_or_default());
}

/// Android's `CallLog.Calls`: 1 allowed, 2 restricted, 3 unknown, 4 payphone, 5 unavailable. What
/// stands beside it as a number is then none.
fn is_withheld(presentation: &str) -> bool {
    matches!(presentation.trim(), "2" | "3" | "4" | "5")
}

/// Older Androids write -1, -2, -3 for a number that is unknown, withheld, or of a payphone; others a
/// word in the language of the telephone (`Anonymous`, `Unbekannt`), which has no digit. An address
/// of internet telephony needs none.
fn is_number(number: &str) -> bool {
    let number = number.trim();
    let has_digit = number.chars().any(char::is_numeric);
    !matches!(number, "-1" | "-2" | "-3") && (has_digit || is_internet_address(number))
}

fn is_internet_address(number: &str) -> bool {
    let parts = number.split_once('@');
    let name = parts.map(|(name, _)| name.strip_prefix("sip:").unwrap_or(name).to_lowercase());
    name.is_some_and(|name| !name.is_empty() && !WITHHELD.contains(&name.as_str()))
}

/// A value without its references. Emoji are written as pairs of surrogates (`&#55357;&#56832;`), which
/// XML forbids: a pair becomes its character, a lone one U+FFFD. Unknown entities are kept as they
/// stand: a document type defines nothing here.
fn unescaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        rest = match reference(after) {
            Some((Reference::Char(c), next)) => {
                out.push(c);
                next
            }
            Some((Reference::Code(code), next)) => join(code, next, &mut out),
            None => {
                out.push('&');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

enum Reference {
    Char(char),
    Code(u32),
}

/// The reference that stands after `&`, and what follows it.
fn reference(text: &str) -> Option<(Reference, &str)> {
    let end = text
        .bytes()
        .take(LONGEST_REFERENCE)
        .position(|byte| byte == b';')?;
    let (name, next) = (text.get(..end)?, text.get(end + 1..)?);
    let found = match name {
        "amp" => Reference::Char('&'),
        "lt" => Reference::Char('<'),
        "gt" => Reference::Char('>'),
        "quot" => Reference::Char('"'),
        "apos" => Reference::Char('\''),
        _ => Reference::Code(code(name.strip_prefix('#')?)?),
    };
    Some((found, next))
}

fn code(number: &str) -> Option<u32> {
    match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => number.parse().ok(),
    }
}

/// Writes the character of a number, joined with the next one where both are a surrogate pair.
fn join<'a>(code: u32, next: &'a str, out: &mut String) -> &'a str {
    if (0xD800..0xDC00).contains(&code)
        && let Some((Reference::Code(low), after)) = next.strip_prefix('&').and_then(reference)
        && (0xDC00..0xE000).contains(&low)
    {
        let joined = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        out.push(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
        return after;
    }
    let c = char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'));
    out.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
    next
}

fn unreadable(part: &Part<'_>, reader: &Reader<&[u8]>, error: &quick_xml::Error) -> Error {
    use quick_xml::errors::{IllFormedError, SyntaxError};
    match error {
        // Told only where the text ends too early.
        quick_xml::Error::Syntax(error) if *error != SyntaxError::InvalidBangMarkup => {
            truncated(part)
        }
        quick_xml::Error::IllFormed(IllFormedError::MissingEndTag(_)) => truncated(part),
        error => broken(part, reader, &error.to_string()),
    }
}

fn truncated(part: &Part<'_>) -> Error {
    let message =
        "the file ends in the middle: an element is not closed, so records may be missing";
    let last = u64::try_from(part.text.lines().count()).unwrap_or(u64::MAX);
    Problem::new("truncated-file", part.file, message)
        .line(last)
        .hint("copy the file from the phone again, or make a new backup")
        .into()
}

fn broken(part: &Part<'_>, reader: &Reader<&[u8]>, error: &str) -> Error {
    let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
    let line = part
        .text
        .bytes()
        .take(at)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1;
    Problem::new(
        "malformed-xml",
        part.file,
        format!("the file is no well-formed XML: {error}"),
    )
    .line(u64::try_from(line).unwrap_or(u64::MAX))
    .hint("copy the file from the phone again, or make a new backup")
    .into()
}
