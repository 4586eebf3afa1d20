//! Repair of the JSON of Instagram's and Facebook's downloads, whose escapes hold the bytes of the
//! UTF-8 text and not its characters: `Jos\u00c3\u00a9` for `José`.

use std::borrow::Cow;

/// The text meant. Only a text whose characters are all at most U+00FF, one of them beyond ASCII,
/// and are as bytes valid UTF-8 is repaired; a clean text is hardly ever such and stays as it is.
pub fn repaired(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        _ => Cow::Borrowed(text),
    }
}
