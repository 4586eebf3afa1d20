//! Mail: one message (`.eml`), or many in a file (mbox, RFC 4155). Of a message only its headers are
//! read, and of its attachments only what kind they are.

use crate::error::Result;
use crate::import::part::Part;
use crate::import::transcript::Transcript;
use jiff::fmt::rfc2822::DateTimeParser;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MimeHeaders};
use std::collections::BTreeSet;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "mail";

/// Most bytes of headers that are looked at to recognise a mail.
const HEADERS: usize = 65_536;
/// Most boundaries that are followed in one message: a bound for hostile ones.
const MOST_BOUNDARIES: usize = 100;
/// Headers that are used.
const USED: &[&str] = &[
    "from",
    "to",
    "date",
    "subject",
    "message-id",
    "references",
    "content-type",
    "content-disposition",
    "x-gmail-labels",
];
/// Google's label of a message that was never sent.
const DRAFTS: &[&str] = &["draft", "drafts"];

/// Why the part is of this format.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let bytes = without_mark(part.bytes);
    let start = String::from_utf8_lossy(bytes.get(..HEADERS).unwrap_or(bytes));
    let (headers, is_mbox) = match start.strip_prefix("From ") {
        Some(rest) => (rest.split_once('\n')?.1, true),
        None => (start.as_ref(), false),
    };
    let names = header_names(headers)?;
    let has = |name: &str| names.iter().any(|found| found.eq_ignore_ascii_case(name));
    if has("Snapshot-Content-Location") {
        return None;
    }
    let dated = has("Date") || has("Subject");
    let is_mail = if is_mbox {
        has("From") || has("Date")
    } else {
        has("From") && dated
    };
    let what = if is_mbox {
        "it begins with a `From ` line and headers of mail"
    } else {
        "it begins with headers of mail"
    };
    is_mail.then(|| what.to_owned())
}

/// Names of the headers up to the first blank line; `None` where another line is among them.
fn header_names(text: &str) -> Option<Vec<&str>> {
    let lines = text.lines().take_while(|line| !line.trim().is_empty());
    let mut names = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t']) && !names.is_empty() || line.starts_with(">From ") {
            continue;
        }
        names.push(header_name(line.as_bytes())?);
    }
    Some(names)
}

/// The name of the header that a line begins with (RFC 5322, section 2.2).
fn header_name(line: &[u8]) -> Option<&str> {
    let colon = line
        .iter()
        .position(|byte| *byte == b':')
        .filter(|at| *at > 0)?;
    let name = line.get(..colon)?;
    let is_name = name.iter().all(|byte| (33..=126).contains(byte));
    is_name.then_some(std::str::from_utf8(name).ok()).flatten()
}

/// Transcribes the part.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let bytes = without_mark(part.bytes);
    if !bytes.starts_with(b"From ") {
        write(bytes, 1, part, into);
        return Ok(());
    }
    for (line, message) in messages(bytes) {
        write(message, line, part, into);
    }
    Ok(())
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// The messages of an mbox, each with the line of its `From ` line and without that line.
fn messages(bytes: &[u8]) -> Vec<(u64, &[u8])> {
    let mut starts: Vec<(u64, usize, usize)> = Vec::new();
    let mut at = 0;
    let mut lines = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .zip(1..)
        .peekable();
    while let Some((line, number)) = lines.next() {
        let after = at + line.len();
        // A body can have a line that begins so; it is followed by words, not by a header.
        let next = lines.peek().map(|(next, _)| *next).unwrap_or_default();
        if line.starts_with(b"From ")
            && (header_name(next).is_some() || next.starts_with(b">From "))
        {
            starts.push((number, at, after));
        }
        at = after;
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(_, at, _)| *at)
        .chain([bytes.len()]);
    let found = starts.iter().zip(ends);
    found
        .filter_map(|((line, _, start), end)| Some((*line, bytes.get(*start..end)?)))
        .collect()
}

fn write(bytes: &[u8], line: u64, part: &Part<'_>, into: &mut Transcript) {
    let Some(message) = headers(bytes) else {
        into.leave_out_at(line, "without-headers", "no headers of mail");
        return;
    };
    note_unused(&message, into);
    if is_draft(&message) {
        into.leave_out_at(line, "draft", "labelled as a draft");
        return;
    }
    let sender = addresses(message.from()).into_iter().next();
    if sender.is_none() {
        into.remark("no-sender", Some(line));
    }
    let time = message.header_raw("Date").and_then(time);
    if time.is_none() {
        into.remark("date-unreadable", Some(line));
    }
    let attachments = attachments(&message, bytes);
    let recipient = recipient(&message, sender.as_deref(), part.hints.account.as_deref());
    let entry = into.entry_at(line);
    entry.set("received_at_local", time.unwrap_or_default());
    entry.set("channel", "email").set("event_type", "email");
    entry
        .set("sender_key", sender.as_deref().unwrap_or_default())
        .set("sender", sender.unwrap_or_default())
        .set("account_under_test", recipient.unwrap_or_default());
    entry.set("thread", thread(&message).unwrap_or_default());
    entry.set("text", message.subject().unwrap_or_default());
    if attachments.count > 0 {
        let kinds: Vec<&str> = attachments.kinds.into_iter().collect();
        entry
            .set("media", attachments.count.to_string())
            .set("media_types", kinds.join(";"));
    }
}

/// A message, or a part of one, by its headers alone: the parser would decode the body, too. They end at
/// a blank line, or at the boundary before the next part.
fn headers(bytes: &[u8]) -> Option<Message<'_>> {
    let mut end = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) || line.starts_with(b"--") {
            break;
        }
        end += line.len();
    }
    MessageParser::default()
        .parse_headers(bytes.get(..end)?)
        .filter(|message| !message.headers().is_empty())
}

fn note_unused(message: &Message<'_>, into: &mut Transcript) {
    let names = message
        .headers()
        .iter()
        .map(|header| header.name().to_ascii_lowercase());
    into.unused
        .extend(names.filter(|name| !USED.contains(&name.as_str())));
}

fn is_draft(message: &Message<'_>) -> bool {
    let labels = message
        .header_raw("X-Gmail-Labels")
        .unwrap_or_default()
        .to_lowercase();
    labels
        .split(',')
        .any(|label| DRAFTS.contains(&label.trim()))
}

fn addresses(field: Option<&Address<'_>>) -> Vec<String> {
    let all = field
        .into_iter()
        .flat_map(Address::iter)
        .filter_map(|address| address.address());
    all.map(|address| address.trim().to_lowercase())
        .filter(|address| !address.is_empty())
        .collect()
}

/// The one address that a message went to. A message that the account itself sent went to somebody
/// else, who is not under test.
fn recipient(message: &Message<'_>, sender: Option<&str>, account: Option<&str>) -> Option<String> {
    let sent_by_account = account
        .map(|account| account.trim().to_lowercase())
        .is_some_and(|account| sender == Some(&account));
    let mut to = addresses(message.to());
    (to.len() == 1 && !sent_by_account)
        .then(|| to.pop())
        .flatten()
}

/// The time with its offset. A date without a zone is not taken for UTC.
fn time(date: &str) -> Option<String> {
    let parser = DateTimeParser::new().relaxed_weekday(true);
    let time = parser.parse_zoned_datetime(date.trim()).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// The first message of the conversation (RFC 5322, section 3.6.4), or the message itself.
fn thread(message: &Message<'_>) -> Option<String> {
    let root = match message.references() {
        HeaderValue::Text(id) => Some(id.to_string()),
        HeaderValue::TextList(ids) => ids.first().map(|id| id.to_string()),
        _ => None,
    };
    root.or(message.message_id().map(str::to_owned))
}

#[derive(Default)]
struct Attachments {
    count: u64,
    kinds: BTreeSet<&'static str>,
}

/// Counts the attachments by the headers of the parts; nothing is decoded. Only boundaries that some
/// header announced are followed, whatever their depth.
fn attachments(message: &Message<'_>, bytes: &[u8]) -> Attachments {
    let mut found = Attachments::default();
    let mut boundaries: BTreeSet<Vec<u8>> = boundary(message).into_iter().collect();
    if boundaries.is_empty() {
        add(message, &mut found);
        return found;
    }
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let Some(name) = line.trim_ascii_end().strip_prefix(b"--") else {
            continue;
        };
        if !boundaries.contains(name) {
            continue;
        }
        let Some(part) = bytes.get(at..).and_then(headers) else {
            continue;
        };
        match boundary(&part) {
            Some(inner) if boundaries.len() < MOST_BOUNDARIES => {
                boundaries.insert(inner);
            }
            Some(_) => {}
            None => add(&part, &mut found),
        }
    }
    found
}

/// The boundary between the parts of a message.
fn boundary(message: &Message<'_>) -> Option<Vec<u8>> {
    let content_type = message
        .content_type()
        .filter(|kind| kind.ctype().eq_ignore_ascii_case("multipart"))?;
    content_type
        .attribute("boundary")
        .map(|boundary| boundary.as_bytes().to_vec())
}

/// Counts a part that is an attachment: it says so, or it is no text.
fn add(part: &Message<'_>, found: &mut Attachments) {
    let kind = part
        .content_type()
        .map_or("text", |kind| kind.ctype())
        .to_ascii_lowercase();
    let disposition = part
        .header(HeaderName::ContentDisposition)
        .and_then(HeaderValue::as_content_type);
    let attached = disposition.is_some_and(|disposition| disposition.is_attachment());
    let kind = match kind.as_str() {
        "text" | "multipart" if !attached => return,
        "image" => "photo",
        "video" => "video",
        "audio" => "audio",
        "message" => "message",
        _ => "document",
    };
    found.count += 1;
    found.kinds.insert(kind);
}
