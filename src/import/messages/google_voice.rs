//! Google Voice, as Google Takeout exports it: an HTML file for each call, voicemail, and stretch of
//! a conversation. Marks as in psanford/google-voice-takeout-parser and wjcarpenter/gvoice-sms-takeout-xml.

use super::chat;
use crate::error::{Problem, Result};
use crate::import::part::Part;
use crate::import::transcript::{Entry, Transcript};
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "google-voice";

/// Bounds on the HTML. Google's files stay far below; above, the parser's time and memory grow with the
/// square of the input.
const DEEPEST: usize = 64;
const MOST_OPEN_STYLES: usize = 4;
const LONGEST_TAG: usize = 4096;
/// Elements without an end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Elements that a parser opens again in each paragraph until they are closed.
const STYLES: &[&str] = &[
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Texts that Google writes in place of a message without words.
const PLACEHOLDERS: &[&str] = &["MMS Sent", "MMS Received"];

/// `<contact> - <kind> - 2016-11-22T22_27_58Z.html`; contact and kind can be missing.
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(.*?) ?- )?(?:(Text|Missed|Received|Placed|Voicemail|Recorded) - )?(\d{4}-\d{2}-\d{2})T(\d{2})_(\d{2})_(\d{2})Z")
        .expect("a constant pattern")
});

struct Selectors {
    call: Selector,
    message: Selector,
    participant: Selector,
    phone: Selector,
    name: Selector,
    own_name: Selector,
    call_time: Selector,
    message_time: Selector,
    duration: Selector,
    label: Selector,
    transcript: Selector,
    words: Selector,
    sender: Selector,
    media: Selector,
    deleted: Selector,
}

static SELECT: LazyLock<Selectors> = LazyLock::new(|| {
    let select = |css| Selector::parse(css).expect("a constant selector");
    Selectors {
        call: select("div.haudio"),
        message: select("div.hChatLog div.message"),
        participant: select("div.participants a.tel"),
        phone: select("a.tel"),
        name: select(".fn"),
        own_name: select("abbr.fn"),
        call_time: select("abbr.published"),
        message_time: select("abbr.dt"),
        duration: select("abbr.duration"),
        label: select("a[rel=tag]"),
        transcript: select("span.full-text"),
        words: select("q"),
        sender: select("cite.sender"),
        media: select("img, video, audio, a.vcard"),
        deleted: select("div.deletedStatusContainer"),
    }
});

/// Why the part is of this format.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    let has = |mark: &str| part.text.contains(mark);
    let is_html = part.text.trim_start().starts_with('<');
    let is_call = has("class=\"haudio\"") && has("class=\"published\"");
    let is_chat = has("class=\"hChatLog") && (has("class=\"message\"") || has("google.com/voice#"));
    (is_html && (is_call || is_chat))
        .then(|| "it has the marks of a page of Google Voice".to_owned())
}

/// Transcribes the part.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    check_bounds(part)?;
    let page = Html::parse_document(part.text);
    let file = File::of(part);
    for call in page.select(&SELECT.call) {
        write_call(&call, &page, &file, into);
    }
    let thread = thread(&page, &file);
    for message in page.select(&SELECT.message) {
        write_message(&message, &file, thread.as_deref(), into);
    }
    if page
        .select(&SELECT.deleted)
        .any(|status| text_of(&status).contains("True"))
    {
        into.remark("user-deleted", None);
    }
    Ok(())
}

/// What the path of the file tells.
struct File<'a> {
    channel: &'static str,
    contact: Option<&'a str>,
    kind: Option<String>,
    /// Time of the first record, in UTC.
    time: Option<String>,
}

impl<'a> File<'a> {
    fn of(part: &'a Part<'_>) -> Self {
        let in_spam = part
            .path
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| folder.eq_ignore_ascii_case("spam"));
        let channel = if in_spam {
            "google_voice_spam"
        } else {
            "google_voice"
        };
        let Some(found) = FILE.captures(part.name()) else {
            return File {
                channel,
                contact: None,
                kind: None,
                time: None,
            };
        };
        let group = |number| found.get(number).map(|group| group.as_str());
        let [date, hour, minute, second] =
            [3, 4, 5, 6].map(|number| group(number).unwrap_or_default());
        let time = valid_time(&format!("{date}T{hour}:{minute}:{second}Z"));
        let contact = group(1)
            .map(str::trim)
            .filter(|contact| !contact.is_empty() && *contact != "Group Conversation");
        File {
            channel,
            contact,
            kind: group(2).map(str::to_lowercase),
            time,
        }
    }
}

/// Refuses a page that no phone service writes and that would keep the parser busy for hours.
fn check_bounds(part: &Part<'_>) -> Result<()> {
    let (mut depth, mut styles) = (0_usize, 0_usize);
    for tag in part.text.split('<').skip(1) {
        let length = tag.find('>').unwrap_or(tag.len());
        let end = tag.strip_prefix('/');
        let name: String = end
            .unwrap_or(tag)
            .chars()
            .take(10)
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let name = name.to_ascii_lowercase();
        let is_style = STYLES.contains(&name.as_str());
        if name.is_empty() || VOID.contains(&name.as_str()) {
            // Neither opens nor closes anything.
        } else if end.is_some() {
            depth = depth.saturating_sub(1);
            styles = styles.saturating_sub(usize::from(is_style));
        } else {
            depth += 1;
            styles += usize::from(is_style);
        }
        if depth > DEEPEST || styles > MOST_OPEN_STYLES || length > LONGEST_TAG {
            let message = "the page is nested or tagged as no page of Google Voice is";
            return Err(Problem::new("html-too-deep", part.file, message)
                .hint("export the file again")
                .into());
        }
    }
    Ok(())
}

fn write_call(call: &ElementRef<'_>, page: &Html, file: &File<'_>, into: &mut Transcript) {
    let Some((direction, event)) = kind_of_call(page, file) else {
        into.leave_out(
            "unknown-type",
            "neither received, placed, missed nor voicemail",
        );
        return;
    };
    let time = first_title(call, &SELECT.call_time).and_then(|title| valid_time(&title));
    remark_on_time(time.as_deref(), file, into);
    let person = person(call);
    if person.is_none() {
        into.remark("number-withheld", None);
    }
    let duration = first_title(call, &SELECT.duration).and_then(|title| seconds(&title));
    let transcript = call
        .select(&SELECT.transcript)
        .next()
        .map(|words| text_of(&words));
    let thread = file.contact.map(str::to_owned).or(person.clone());
    let entry = into.entry();
    entry.set(
        "received_at_local",
        time.or(file.time.clone()).unwrap_or_default(),
    );
    entry
        .set("channel", file.channel)
        .set("direction", direction)
        .set("event_type", event);
    if direction != "out" {
        entry.set("sender", person.unwrap_or_default());
        chat::set_telephone_key(entry);
    }
    entry.set("thread", thread.unwrap_or_default());
    entry.set("call_duration_s", duration.unwrap_or_default());
    set_media(call, entry);
    entry.set("text", transcript.unwrap_or_default());
}

/// Direction and event of a call, by its labels, else by the name of its file.
fn kind_of_call(page: &Html, file: &File<'_>) -> Option<(&'static str, &'static str)> {
    let labels: BTreeSet<String> = page
        .select(&SELECT.label)
        .filter_map(|label| Some(label.attr("href")?.rsplit_once('#')?.1.to_lowercase()))
        .collect();
    let is = |kind: &str| labels.contains(kind);
    let named = file.kind.as_deref();
    let by_label = [
        ("voicemail", ("in", "voicemail")),
        ("missed", ("in", "call_missed")),
        ("received", ("in", "call")),
        ("placed", ("out", "call")),
    ];
    let found = by_label.iter().find(|(label, _)| is(label));
    let found = found.or_else(|| by_label.iter().find(|(label, _)| named == Some(*label)));
    // A recording does not say who called.
    let recorded = (is("recorded") || named == Some("recorded")).then_some(("", "call"));
    found.map(|(_, kind)| *kind).or(recorded)
}

fn remark_on_time(time: Option<&str>, file: &File<'_>, into: &mut Transcript) {
    let instant = |time: &str| time.parse::<Timestamp>().ok().map(|time| time.as_second());
    match (
        time.and_then(instant),
        file.time.as_deref().and_then(instant),
    ) {
        (None, None) => into.remark("no-time", None),
        (None, Some(_)) => into.remark("time-from-name", None),
        (Some(time), Some(named)) if time != named => into.remark("time-differs-from-name", None),
        _ => {}
    }
}

fn write_message(
    message: &ElementRef<'_>,
    file: &File<'_>,
    thread: Option<&str>,
    into: &mut Transcript,
) {
    let sender = message.select(&SELECT.sender).next();
    let is_own = sender.is_some_and(|sender| is_own(&sender));
    let person = sender.and_then(|sender| person(&sender));
    let time = first_title(message, &SELECT.message_time).and_then(|title| valid_time(&title));
    let words = message
        .select(&SELECT.words)
        .next()
        .map(|words| text_of(&words))
        .unwrap_or_default();
    let words = if PLACEHOLDERS.contains(&words.trim()) {
        String::new()
    } else {
        words
    };
    if time.is_none() {
        into.remark("no-time", None);
    }
    if person.is_none() && !is_own {
        into.remark("number-withheld", None);
    }
    if words.trim().is_empty() && message.select(&SELECT.media).next().is_none() {
        into.remark("no-content", None);
    }
    let entry = into.entry();
    entry.set("received_at_local", time.unwrap_or_default());
    entry
        .set("channel", file.channel)
        .set("event_type", "message");
    if sender.is_some() {
        entry.set("direction", if is_own { "out" } else { "in" });
    }
    entry
        .set("sender", person.unwrap_or_default())
        .set("thread", thread.unwrap_or_default());
    chat::set_telephone_key(entry);
    set_media(message, entry);
    entry.set("text", words.trim());
}

/// Own messages are written by `Me`, as an abbreviation: a contact of that name is a `span`.
fn is_own(sender: &ElementRef<'_>) -> bool {
    sender
        .select(&SELECT.own_name)
        .any(|name| text_of(&name).trim() == "Me")
}

/// The number of a person, else the name.
fn person(element: &ElementRef<'_>) -> Option<String> {
    let phone = element.select(&SELECT.phone).next()?;
    let name = || {
        phone
            .select(&SELECT.name)
            .next()
            .map(|name| text_of(&name).trim().to_owned())
    };
    number(&phone).or_else(|| name().filter(|name| !name.is_empty()))
}

fn number(phone: &ElementRef<'_>) -> Option<String> {
    let number = phone.attr("href")?.strip_prefix("tel:")?.trim();
    (!number.is_empty()).then(|| number.to_owned())
}

/// The conversation: its contact in the name of the file, which is the same in all files of the
/// conversation, else those who take part in it.
fn thread(page: &Html, file: &File<'_>) -> Option<String> {
    if let Some(contact) = file.contact {
        return Some(contact.to_owned());
    }
    let mut numbers: BTreeSet<String> = page
        .select(&SELECT.participant)
        .filter_map(|phone| number(&phone))
        .collect();
    if numbers.is_empty() {
        let senders = page
            .select(&SELECT.message)
            .filter_map(|message| message.select(&SELECT.sender).next());
        numbers = senders
            .filter(|sender| !is_own(sender))
            .filter_map(|sender| person(&sender))
            .collect();
    }
    (!numbers.is_empty()).then(|| numbers.into_iter().collect::<Vec<_>>().join("~"))
}

fn set_media(element: &ElementRef<'_>, entry: &mut Entry) {
    let kinds: Vec<&str> = element
        .select(&SELECT.media)
        .map(|media| match media.value().name() {
            "img" => "photo",
            "video" => "video",
            "audio" => "audio",
            _ => "contact",
        })
        .collect();
    if !kinds.is_empty() {
        let unique: BTreeSet<&str> = kinds.iter().copied().collect();
        let unique: Vec<&str> = unique.into_iter().collect();
        entry
            .set("media", kinds.len().to_string())
            .set("media_types", unique.join(";"));
    }
}

/// The machine-readable value of an element: what it shows is in the words of a locale.
fn first_title(element: &ElementRef<'_>, selector: &Selector) -> Option<String> {
    Some(
        element
            .select(selector)
            .next()?
            .attr("title")?
            .trim()
            .to_owned(),
    )
}

/// A time with its offset, as it is written, if it is one.
fn valid_time(time: &str) -> Option<String> {
    time.parse::<Timestamp>().ok().map(|_| time.to_owned())
}

/// Seconds of a duration such as `PT1M4S`.
fn seconds(duration: &str) -> Option<String> {
    let duration: SignedDuration = duration.parse().ok()?;
    Some(duration.as_secs())
        .filter(|seconds| *seconds >= 0)
        .map(|seconds| seconds.to_string())
}

/// The words of an element, with its line breaks.
fn text_of(element: &ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(words) => text.push_str(words),
            Node::Element(inner) if inner.name() == "br" => text.push('\n'),
            _ => {}
        }
    }
    text
}
