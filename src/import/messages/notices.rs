//! Texts that Instagram and Messenger write themselves into a conversation. They are in the
//! language of the account; only the English ones are known here. Collected from the lists of
//! several parsers of the downloads.

/// What a text of the platform tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Reaction,
    CallStart,
    CallEnd,
    CallMissed,
    /// A call that is told in one row.
    Call,
    /// Stands for media.
    Attachment,
    Unsent,
    /// Of the group, the theme, the settings: nobody said anything.
    System,
}

use Notice::{Attachment, Call, CallEnd, CallMissed, CallStart, Reaction, System, Unsent};

/// Texts that follow a name or `You`, in lower case, without the full stop; `*` is any text.
const AFTER_A_NAME: &[(&str, Notice)] = &[
    ("liked a message", Reaction),
    ("reacted to your message", Reaction),
    ("reacted * to your message", Reaction),
    ("started an audio call", CallStart),
    ("started a video call", CallStart),
    ("started a video chat", CallStart),
    ("started a call", CallStart),
    ("called you", Call),
    ("missed a call", CallMissed),
    ("missed an audio call", CallMissed),
    ("missed a video call", CallMissed),
    ("missed a video chat", CallMissed),
    ("missed your call", CallMissed),
    ("missed your audio call", CallMissed),
    ("missed your video call", CallMissed),
    ("missed your video chat", CallMissed),
    ("missed a call from *", CallMissed),
    ("missed an audio call from *", CallMissed),
    ("missed a video call from *", CallMissed),
    ("missed a video chat with *", CallMissed),
    ("sent an attachment", Attachment),
    ("sent a photo", Attachment),
    ("sent a video", Attachment),
    ("sent a voice message", Attachment),
    ("sent a gif", Attachment),
    ("sent a sticker", Attachment),
    ("shared a story", Attachment),
    ("unsent a message", Unsent),
    ("created the group", System),
    ("named the group *", System),
    ("changed the group name to *", System),
    ("removed the group name", System),
    ("changed the group photo", System),
    ("removed the group photo", System),
    ("changed the theme", System),
    ("changed the theme to *", System),
    ("changed the chat theme", System),
    ("changed the chat theme to *", System),
    ("set the emoji to *", System),
    ("set the quick reaction to *", System),
    ("set the nickname for *", System),
    ("set your nickname to *", System),
    ("set their own nickname to *", System),
    ("set his own nickname to *", System),
    ("set her own nickname to *", System),
    ("cleared the nickname for *", System),
    ("added * to the group", System),
    ("removed * from the group", System),
    ("added * as a group admin", System),
    ("removed * as a group admin", System),
    ("joined the group", System),
    ("left the group", System),
    ("joined the call", System),
    ("joined the audio call", System),
    ("joined the video call", System),
    ("joined the video chat", System),
    ("left the call", System),
    ("left the video chat", System),
    ("pinned a message", System),
    ("unpinned a message", System),
    ("turned on vanish mode", System),
    ("turned off vanish mode", System),
    (
        "wasn't notified about this message because they're in quiet mode",
        System,
    ),
];

/// Texts that stand alone.
const ALONE: &[(&str, Notice)] = &[
    ("liked a message", Reaction),
    ("reacted to your message", Reaction),
    ("reacted * to your message", Reaction),
    ("call ended", CallEnd),
    ("audio call ended", CallEnd),
    ("video call ended", CallEnd),
    ("video chat ended", CallEnd),
    ("the call ended", CallEnd),
    ("the audio call ended", CallEnd),
    ("the video call ended", CallEnd),
    ("the video chat ended", CallEnd),
    ("missed call", CallMissed),
    ("missed audio call", CallMissed),
    ("missed video call", CallMissed),
    ("missed video chat", CallMissed),
    ("this message was unsent", Unsent),
    ("user unsent a message", Unsent),
    ("you are now connected on messenger", System),
    ("you can now message and call each other*", System),
];

/// Those who may be named in front of a notice: the people of a conversation and `You`.
#[derive(Debug)]
pub struct Names(Vec<String>);

/// Most people of one conversation whose names are looked for; groups are smaller.
const MOST_NAMES: usize = 300;

impl Names {
    /// Facebook writes some notices with the first name only.
    pub fn of<'n>(people: impl Iterator<Item = &'n str>) -> Self {
        let people = people
            .map(plain)
            .filter(|name| !name.is_empty())
            .take(MOST_NAMES);
        let both = people.flat_map(|name| {
            let first = name.split(' ').next().unwrap_or_default().to_string();
            [name, first]
        });
        let mut names: Vec<String> = both.chain(["you".to_string()]).collect();
        names.sort();
        names.dedup();
        Names(names)
    }

    /// What the platform tells with a text; `None` where the text is somebody's own words.
    pub fn notice(&self, text: &str) -> Option<Notice> {
        if text.len() > LONGEST {
            return None;
        }
        let text = plain(text);
        let alone = look_up(&text, ALONE);
        let named = || {
            self.0
                .iter()
                .find_map(|name| look_up(after(&text, name)?, AFTER_A_NAME))
        };
        alone.or_else(named)
    }
}

/// Longest text in bytes that can be a notice: names of groups and nicknames are short.
const LONGEST: usize = 600;

/// Whether a text starts with a name: the platform writes so in all of its European languages.
pub fn starts_with_name(text: &str, name: &str) -> bool {
    !name.trim().is_empty() && after(&plain(text), &plain(name)).is_some()
}

fn after<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.strip_prefix(name)?.strip_prefix(' ')
}

/// Lower case, one form of the apostrophe, no full stop and no space at the end.
fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches('.').trim_end();
    text.replace('\u{2019}', "'").to_lowercase()
}

fn look_up(text: &str, rules: &[(&str, Notice)]) -> Option<Notice> {
    rules
        .iter()
        .find(|(pattern, _)| fits(text, pattern))
        .map(|(_, notice)| *notice)
}

fn fits(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => text == pattern,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}
