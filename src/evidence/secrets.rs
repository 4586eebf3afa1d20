//! Access tokens and signed addresses: what platforms write into exports and nobody may publish.

use regex::bytes::Regex;
use std::borrow::Cow;
use std::io::Read as _;
use std::sync::LazyLock;

/// Parameters of addresses that open an account or a private file: access tokens of the Graph API,
/// and the signatures (`oh`, `oe`, `_nc_...`) of Meta's content servers.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?i-u)(access_token(?:=|%3D|"\s*:\s*"))[A-Za-z0-9_|.%\-]+"#,
        r"|([?&](?:amp;)?(?:oh|oe|_nc_[a-z0-9_]+)=)[A-Za-z0-9_.%\-]+",
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
    let Some(secret) = SECRET.as_ref() else {
        return None;
    };
    Some(
        secret.replace_all(bytes, |found: &regex::bytes::Captures<'_>| {
            let start = found.get(1).or_else(|| found.get(2));
            let mut out = start.map_or_else(Vec::new, |start| start.as_bytes().to_vec());
            out.extend(REMOVED);
            out
        }),
    )
}

/// Whether a text holds a secret that has not been removed.
pub fn has_secrets(bytes: &[u8]) -> bool {
    SECRET.as_ref().is_none_or(|secret| {
        secret
            .find_iter(bytes)
            .any(|found| !found.as_bytes().ends_with(REMOVED))
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
