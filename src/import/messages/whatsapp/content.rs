//! What a signed line holds: words of a person, media, a call, or what WhatsApp itself wrote under a
//! person's name.

use super::{DIRECTION_MARKS, GENERATED, words};
use regex::Regex;
use std::sync::LazyLock;

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

/// What a signed line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Message,
    Call,
    MissedCall,
    Unsent,
    Notice,
}

impl Kind {
    pub fn event(self) -> &'static str {
        match self {
            Kind::Message | Kind::Notice => "message",
            Kind::Call => "call",
            Kind::MissedCall => "call_missed",
            Kind::Unsent => "unsent",
        }
    }
}

pub struct Content {
    pub kind: Kind,
    /// Type of the one media item, empty where it is not known.
    pub media: Option<&'static str>,
    pub text: String,
    /// Duration of a call.
    pub seconds: Option<u64>,
    /// What to remark where the lists do not settle what the line is.
    pub remark: Option<&'static str>,
    pub detail: &'static str,
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
    pub fn is_empty(&self) -> bool {
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
pub fn content(sender: &str, text: &str) -> Content {
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

pub fn is_listed_notice(plain: &str) -> bool {
    words::NOTICES.iter().any(|notice| plain.contains(notice))
}

/// Whether WhatsApp's own words are a notice of a list. Only for lines that no person wrote: the words
/// are as short as ` left`. A quoted title or question follows in the next lines.
pub fn is_known_notice(plain: &str) -> bool {
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
pub fn lower(text: &str) -> String {
    let text = text.replace(DIRECTION_MARKS, "");
    let text = text.replace('\u{2019}', "'");
    let text = text.replace(['\u{A0}', '\u{202F}'], " ");
    text.trim().trim_end_matches('.').to_lowercase()
}

pub fn is_one_of(plain: &str, list: &[&str]) -> bool {
    list.contains(&plain)
}

/// Whether the text begins with one of the list, as whole words.
pub fn begins_with(plain: &str, list: &[&str]) -> bool {
    after_words(plain, list).is_some()
}

/// What follows one of the list, as whole words, at the beginning of the text.
fn after_words<'p>(plain: &'p str, list: &[&str]) -> Option<&'p str> {
    let mut after = list.iter().filter_map(|words| plain.strip_prefix(words));
    after.find(|after| !after.starts_with(|c: char| c.is_alphanumeric()))
}
