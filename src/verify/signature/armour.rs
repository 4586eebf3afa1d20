//! The text around an SSH signature or key, and the strings inside.

use ssh_encoding::base64::{Base64, Encoding as _};

/// The bytes between two marker lines. Lines may have any length and either line ending, as
/// ssh-keygen allows; ssh-key's own reader wants 70 characters a line.
pub(crate) fn dearmour(text: &[u8], begin: &str, end: &str) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not text".to_owned())?;
    let body = text
        .trim()
        .strip_prefix(begin)
        .ok_or_else(|| format!("it does not start with the line `{}`", begin.trim()))?;
    let (body, after) = body
        .split_once(end)
        .ok_or_else(|| format!("it is cut off: the line `{}` is missing", end.trim()))?;
    if !after.is_empty() {
        return Err(format!("there is text after `{}`", end.trim()));
    }
    let mut base64 = String::with_capacity(body.len());
    base64.extend(body.chars().filter(|c| !c.is_ascii_whitespace()));
    Base64::decode_vec(&base64).map_err(|error| format!("its base64 text is damaged: {error}"))
}

/// Takes a string off the front: its length in four bytes, then the bytes (RFC 4251, section 5).
pub(crate) fn string<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (string, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(string)
}
