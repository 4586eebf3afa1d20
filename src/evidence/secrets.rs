//! Access tokens and signed addresses: what platforms write into exports and nobody may publish.

use regex::bytes::{Captures, Regex};
use std::borrow::Cow;
use std::io::Read as _;
use std::sync::LazyLock;

/// What opens an account or a private file: tokens and secrets of the Graph API and of OAuth
/// (RFC 6749, 6750), and the signatures (`oh`, `oe`, `_nc_...`) of Meta's content servers. Names and
/// values are joined as in addresses, JSON, JSON inside CSV, and addresses inside addresses.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let joined = r#"(?:"|\\"|'|%22)*\s*(?:=|:|%3d|%253d)\s*(?:"|\\"|'|%22)*"#;
    let start = r"(?:[?&;]|\\u0026|%26|%2526)";
    let value = r"[A-Za-z0-9_|.%~+/\-]";
    let names = "access(?:_|-|%5f)?token|appsecret_proof|client_secret|refresh_token";
    let signed = "(?:oh|oe|_nc_[a-z0-9_]+)(?:=|%3d|%253d)";
    Regex::new(&format!(
        r"(?i-u)((?:{names}){joined}){value}{{4,}}|(bearer\s+){value}{{12,}}|({start}{signed}){value}{{4,}}"
    ))
    .ok()
});

/// What stands where a secret stood.
const REMOVED: &[u8] = b"REMOVED";

/// The file without its secrets; borrowed where it has none. `None` where it has some that cannot
/// be taken out, because it is packed or written in two bytes a character.
pub fn without_secrets(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if bytes.starts_with(b"PK") {
        return (!packed(bytes)).then_some(Cow::Borrowed(bytes));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        return (!has_secrets(&narrow)).then_some(Cow::Borrowed(bytes));
    }
    let secret = SECRET.as_ref()?;
    if !has_secrets(bytes) {
        return Some(Cow::Borrowed(bytes));
    }
    Some(secret.replace_all(bytes, |found: &Captures<'_>| {
        let mut out = name(found).to_vec();
        out.extend(REMOVED);
        out
    }))
}

/// The part of a find that is no secret.
fn name<'b>(found: &Captures<'b>) -> &'b [u8] {
    let start = (1..=3).find_map(|group| found.get(group));
    start.map_or(&[], |start| start.as_bytes())
}

/// Whether a text holds a secret that has not been removed.
pub fn has_secrets(bytes: &[u8]) -> bool {
    SECRET.as_ref().is_none_or(|secret| {
        secret.captures_iter(bytes).any(|found| {
            found
                .get(0)
                .map(|all| &all.as_bytes()[name(&found).len()..])
                != Some(REMOVED)
        })
    })
}

/// Bytes of a part of an archive that are searched.
const LARGEST_PART: u64 = 64 << 20;

/// Whether a part of an archive or workbook holds a secret.
fn packed(bytes: &[u8]) -> bool {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return has_secrets(bytes);
    };
    (0..archive.len()).any(|index| {
        let mut part = Vec::new();
        if let Ok(entry) = archive.by_index(index) {
            // As much as could be read is searched; a bomb is cut off.
            let _ = entry.take(LARGEST_PART).read_to_end(&mut part);
        }
        has_secrets(&part)
    })
}
