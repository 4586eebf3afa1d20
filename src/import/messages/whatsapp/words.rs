//! Words that WhatsApp itself writes into a chat, in the language of the phone: English, German,
//! Spanish, French, Finnish. To be reviewed and extended; lower case. Collected from exports and from
//! parsers; no list of WhatsApp's own is public.

/// A call that was not answered.
pub const MISSED_CALLS: &[&str] = &[
    "missed voice call",
    "missed video call",
    "missed group voice call",
    "missed group video call",
    "verpasster sprachanruf",
    "verpasster videoanruf",
    "verpasster anruf",
    "verpasster gruppenanruf",
    "llamada perdida",
    "llamada de voz perdida",
    "videollamada perdida",
    "videollamada grupal perdida",
    "appel vocal manqué",
    "appel vidéo manqué",
    "appel manqué",
    "vastaamaton puhelu",
    "vastaamaton äänipuhelu",
    "vastaamaton videopuhelu",
];

/// A call under a person's name (newer iPhones): `Voice call, 2 min`.
pub const CALLS: &[&str] = &[
    "voice call",
    "video call",
    "sprachanruf",
    "videoanruf",
    "llamada de voz",
    "videollamada",
    "appel vocal",
    "appel vidéo",
    "äänipuhelu",
    "videopuhelu",
];

/// A message that was taken back.
pub const DELETED: &[&str] = &[
    "this message was deleted",
    "you deleted this message",
    "diese nachricht wurde gelöscht",
    "du hast diese nachricht gelöscht",
    "se eliminó este mensaje",
    "eliminaste este mensaje",
    "este mensaje fue eliminado",
    "ce message a été supprimé",
    "vous avez supprimé ce message",
    "tämä viesti poistettiin",
    "poistit tämän viestin",
];

/// A media item that was left out of the export, and its type where the words name it.
pub const OMITTED: &[(&str, &str)] = &[
    ("media omitted", ""),
    ("image omitted", "photo"),
    ("video omitted", "video"),
    ("video note omitted", "video"),
    ("audio omitted", "audio"),
    ("sticker omitted", "sticker"),
    ("gif omitted", "gif"),
    ("document omitted", "document"),
    ("contact card omitted", "contact"),
    ("view once voice message omitted", "audio"),
    ("medien ausgeschlossen", ""),
    ("medien weggelassen", ""),
    ("bild weggelassen", "photo"),
    ("video weggelassen", "video"),
    ("videonachricht weggelassen", "video"),
    ("audio weggelassen", "audio"),
    ("sticker weggelassen", "sticker"),
    ("gif weggelassen", "gif"),
    ("dokument weggelassen", "document"),
    ("kontaktkarte weggelassen", "contact"),
    ("kontaktkarte ausgelassen", "contact"),
    ("multimedia omitido", ""),
    ("archivo omitido", ""),
    ("imagen omitida", "photo"),
    ("video omitido", "video"),
    ("vídeo omitido", "video"),
    ("audio omitido", "audio"),
    ("sticker omitido", "sticker"),
    ("gif omitido", "gif"),
    ("documento omitido", "document"),
    ("tarjeta de contacto omitida", "contact"),
    ("médias omis", ""),
    ("fichier omis", ""),
    ("image absente", "photo"),
    ("image omise", "photo"),
    ("vidéo absente", "video"),
    ("vidéo omise", "video"),
    ("audio omis", "audio"),
    ("sticker omis", "sticker"),
    ("gif retiré", "gif"),
    ("document manquant", "document"),
    ("fiche contact omise", "contact"),
    ("media jätetty pois", ""),
    ("kuva jätetty pois", "photo"),
    ("video jätetty pois", "video"),
    ("ääni jätetty pois", "audio"),
    ("tarra jätetty pois", "sticker"),
    ("gif jätetty pois", "gif"),
    ("dokumentti jätetty pois", "document"),
    ("yhteystieto jätetty pois", "contact"),
];

/// After the name of a file that was exported beside the chat.
pub const ATTACHED: &[&str] = &[
    "file attached",
    "datei angehängt",
    "archivo adjunto",
    "fichier joint",
    "tiedosto liitetty",
    "tiedosto liitteenä",
];

/// Marks of an edited message, where they stand at its end.
pub const EDITED: &[&str] = &[
    "<this message was edited>",
    "<diese nachricht wurde bearbeitet.>",
    "<diese nachricht wurde bearbeitet>",
    "<se editó este mensaje.>",
    "<se editó este mensaje>",
    "<ce message a été modifié>",
    "<tätä viestiä muokattiin>",
];

/// Notices of WhatsApp that can stand under a person's name, or that quote a title, which may hold the
/// colon that otherwise ends a sender's name.
pub const NOTICES: &[&str] = &[
    "end-to-end encrypted",
    "message timer",
    "disappearing messages",
    "security code",
    "is a contact",
    "pinned a message",
    "changed their phone number",
    "changed to a new number",
    "blocked this contact",
    "created this group",
    "created group",
    "changed the subject",
    "changed the group",
    "changed this group",
    "joined using",
    "uses a default timer",
    "ende-zu-ende-verschlüsselt",
    "selbstlöschende nachrichten",
    "sicherheitsnummer",
    "ist ein kontakt",
    "telefonnummer geändert",
    "hat die gruppe",
    "hat den betreff",
    "de extremo a extremo",
    "mensajes temporales",
    "código de seguridad",
    "es un contacto",
    "creó el grupo",
    "cambió el asunto",
    "de bout en bout",
    "messages éphémères",
    "code de sécurité",
    "est un contact",
    "a créé le groupe",
    "a changé le sujet",
    "päästä päähän",
    "katoavat viestit",
    "turvakoodi",
    "on yhteystieto",
    "loi ryhmän",
    "vaihtoi aiheen",
];

/// Places and polls, which WhatsApp writes for the person who sent them.
pub const PLACES: &[&str] = &["https://maps.google.com/", "https://foursquare.com/"];
pub const POLLS: &[&str] = &[
    "poll:",
    "umfrage:",
    "encuesta:",
    "sondage :",
    "sondage:",
    "kysely:",
];

/// Words between date and time that leave the time as it is.
pub const BEFORE_TIME: &[&str] = &[
    "", "klo", "kl", "at", "um", "à", "a las", "às", "alle", "om", "o",
];
/// Words after the time that leave it as it is.
pub const AFTER_TIME: &[&str] = &["", "uhr", "h", "hrs"];
/// Marks of the first and of the second half of the day, without dots and spaces.
pub const FIRST_HALF: &[&str] = &["am", "上午", "午前", "오전", "πμ", "ص", "öö", "vorm"];
pub const SECOND_HALF: &[&str] = &["pm", "下午", "午後", "오후", "μμ", "م", "ös", "nachm"];

/// Beginnings of the name of a file that names the chat after them.
pub const CHAT_FILES: &[&str] = &[
    "WhatsApp Chat with ",
    "WhatsApp Chat mit ",
    "WhatsApp-Chat mit ",
    "Chat de WhatsApp con ",
    "Discussion WhatsApp avec ",
];
