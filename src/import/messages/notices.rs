//! Texts that Instagram and Messenger write themselves into a conversation. They are in the
//! language of the account. The English ones are from the lists of several parsers of the downloads.
//!
//! TO BE REVIEWED by speakers: those in German, Spanish, French, Portuguese, Italian, Turkish and
//! Polish are the few that a download or a parser shows, or whose wording is beyond doubt. Texts of
//! which that cannot be said count as messages and are remarked ([`Names::may_be_notice`]).

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
    // German
    ("gefällt eine nachricht", Reaction),
    ("hat mit * auf deine nachricht reagiert", Reaction),
    ("hat * auf deine nachricht reagiert", Reaction),
    ("hat einen anhang gesendet", Attachment),
    ("hat ein foto gesendet", Attachment),
    ("hat ein video gesendet", Attachment),
    ("hat eine sprachnachricht gesendet", Attachment),
    ("hat dich angerufen", Call),
    ("hat deinen anruf verpasst", CallMissed),
    // Spanish
    ("le gustó un mensaje", Reaction),
    ("reaccionó * a tu mensaje", Reaction),
    ("envió un archivo adjunto", Attachment),
    ("envió una foto", Attachment),
    ("envió un video", Attachment),
    ("te llamó", Call),
    ("perdió tu llamada", CallMissed),
    // French
    ("a aimé un message", Reaction),
    ("a réagi * à votre message", Reaction),
    ("a envoyé une pièce jointe", Attachment),
    ("a envoyé une photo", Attachment),
    ("a envoyé une vidéo", Attachment),
    ("vous a appelé", Call),
    ("vous a appelé(e)", Call),
    ("a manqué votre appel", CallMissed),
    // Portuguese
    ("curtiu uma mensagem", Reaction),
    ("reagiu * à sua mensagem", Reaction),
    ("enviou um anexo", Attachment),
    ("enviou uma foto", Attachment),
    ("enviou um vídeo", Attachment),
    ("ligou para você", Call),
    // Italian
    ("ha inviato un allegato", Attachment),
    ("ha inviato una foto", Attachment),
    ("ha inviato un video", Attachment),
    ("ti ha chiamato", Call),
    // Turkish
    ("bir mesajı beğendi", Reaction),
    // Polish
    ("wysłał(a) załącznik", Attachment),
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
    ("gefällt eine nachricht", Reaction),
    ("hat mit * auf deine nachricht reagiert", Reaction),
    ("du hast einen anhang gesendet", Attachment),
    ("le gustó un mensaje", Reaction),
    ("reaccionó con * a tu mensaje", Reaction),
    ("enviaste un archivo adjunto", Attachment),
    ("a aimé un message", Reaction),
    ("a réagi avec * à votre message", Reaction),
    ("vous avez envoyé une pièce jointe", Attachment),
    ("curtiu uma mensagem", Reaction),
    ("reagiu com * à sua mensagem", Reaction),
    ("você enviou um anexo", Attachment),
    ("hai inviato un allegato", Attachment),
    ("bir mesajı beğendi", Reaction),
];

/// Texts that stand alone and are likely reactions, of whose wording nobody is certain: they are
/// remarked, and count as messages.
const POSSIBLE: &[&str] = &[
    "hat eine nachricht mit *gefällt mir* markiert",
    "hat auf deine nachricht mit * reagiert",
    "indicó que le gusta un mensaje",
    "reaccionó * a tu mensaje",
    "a réagi * à votre message",
    "a réagi * à ton message",
    "reagiu * à sua mensagem",
    "gostou de uma mensagem",
    "ha messo *mi piace* a un messaggio",
    "ha reagito * al tuo messaggio",
    "vond een bericht leuk",
    "heeft * gereageerd op je bericht",
    "mesajına * ifadesini bıraktı",
    "polubił(a) wiadomość",
    "lubi wiadomość",
    "zareagował(a) * na twoją wiadomość",
];

/// Names that stand for any account that was deleted or that blocked the account under test.
const DELETED: &[&str] = &[
    "instagram user",
    "facebook user",
    "instagram-nutzer",
    "facebook-nutzer",
    "usuario de instagram",
    "usuario de facebook",
    "utilisateur instagram",
    "utilisateur facebook",
    "utilisateur d'instagram",
    "utilisateur de facebook",
    "usuário do instagram",
    "usuário do facebook",
    "utilizador do instagram",
    "utilizador do facebook",
    "utente instagram",
    "utente facebook",
    "utente di instagram",
    "utente di facebook",
    "instagram kullanıcısı",
    "facebook kullanıcısı",
    "instagram-gebruiker",
    "facebook-gebruiker",
    "użytkownik instagrama",
    "użytkownik facebooka",
];

/// Whether a name stands for any account that is gone.
pub fn is_deleted(name: &str) -> bool {
    DELETED.contains(&plain(name).as_str())
}

/// Those who may be named in front of a notice.
#[derive(Debug)]
pub struct Names {
    /// The people of a conversation.
    people: Vec<String>,
    /// The same with their first names, and `You`.
    all: Vec<String>,
}

/// Most people of one conversation whose names are looked for; groups are smaller.
const MOST_NAMES: usize = 300;

impl Names {
    /// Facebook writes some notices with the first name only.
    pub fn of<'n>(people: impl Iterator<Item = &'n str>) -> Self {
        let people = people.map(plain).filter(|name| !name.is_empty());
        let people: Vec<String> = people.take(MOST_NAMES).collect();
        let both = people.iter().flat_map(|name| {
            let first = name.split(' ').next().unwrap_or_default().to_string();
            [name.clone(), first]
        });
        let mut all: Vec<String> = both.chain(["you".to_string()]).collect();
        all.sort();
        all.dedup();
        Names { people, all }
    }

    /// Whether a text that is no known notice may be one, in a language without rules: it starts with
    /// the name of somebody in the conversation, as notices do in all languages of Europe, or reads
    /// like a reaction.
    pub fn may_be_notice(&self, text: &str) -> bool {
        if text.len() > LONGEST || self.notice(text).is_some() {
            return false;
        }
        let text = plain(text);
        let mut people = self.people.iter();
        let is_possible = |pattern: &&str| fits(&text, pattern);
        people.any(|name| after(&text, name).is_some()) || POSSIBLE.iter().any(is_possible)
    }

    /// What the platform tells with a text; `None` where the text is somebody's own words.
    pub fn notice(&self, text: &str) -> Option<Notice> {
        if text.len() > LONGEST {
            return None;
        }
        let text = plain(text);
        let alone = look_up(&text, ALONE);
        let named = || {
            self.all
                .iter()
                .find_map(|name| look_up(after(&text, name)?, AFTER_A_NAME))
        };
        alone.or_else(named)
    }
}

/// Longest text in bytes that can be a notice: names of groups and nicknames are short.
const LONGEST: usize = 600;

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

/// Whether a text is of a pattern, in which each `*` is any text.
fn fits(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return text == pattern;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = text
        .strip_prefix(start)
        .and_then(|text| text.strip_suffix(end));
    inner.is_some_and(|inner| inner.contains(middle))
}
