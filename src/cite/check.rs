//! What must be right in a record before it is published: identifiers that resolve.

use super::record::Record;
use crate::error::{Problem, Problems, Result};

/// Checks the identifiers of a record. `subject` is where they were written: `case.toml`.
///
/// # Errors
/// `cite-doi`, `cite-url`, `cite-orcid`, all of them together.
pub fn check(record: &Record, subject: &str) -> Result<()> {
    let mut problems = Problems::default();
    if let Some(doi) = &record.doi
        && !is_doi(doi)
    {
        problems.push(
            Problem::new("cite-doi", subject, "this is not a DOI")
                .value(doi.clone())
                .hint("write it without the resolver, like 10.5281/zenodo.1234567"),
        );
    }
    if let Some(url) = &record.url
        && !is_web_address(url)
    {
        problems.push(
            Problem::new("cite-url", subject, "this is not the address of a web page")
                .value(url.clone())
                .hint("write the permanent address with https://"),
        );
    }
    for orcid in record
        .authors
        .iter()
        .filter_map(|author| author.orcid.as_ref())
    {
        if !is_orcid(orcid) {
            problems.push(
                Problem::new(
                    "cite-orcid",
                    subject,
                    "this is not an ORCID iD: its form or its check digit is wrong",
                )
                .value(orcid.clone())
                .hint("copy it from orcid.org, like 0000-0002-1825-0097"),
            );
        }
    }
    problems.finish(())
}

/// Whether the text is a DOI of the form that both CFF 1.2.0 and DataCite 4.5 accept.
pub fn is_doi(doi: &str) -> bool {
    let Some((prefix, suffix)) = doi
        .strip_prefix("10.")
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    (4..=9).contains(&prefix.len())
        && prefix.bytes().all(|b| b.is_ascii_digit())
        && !suffix.is_empty()
        && suffix
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b":/_;-.()[]\\".contains(&b))
}

/// Whether the text is an ORCID iD with a right check digit (ISO 7064 MOD 11-2).
pub fn is_orcid(orcid: &str) -> bool {
    let groups: Vec<&str> = orcid.split('-').collect();
    if groups.len() != 4 || groups.iter().any(|group| group.len() != 4) {
        return false;
    }
    let digits: Vec<u8> = groups.concat().into_bytes();
    let Some((last, body)) = digits.split_last() else {
        return false;
    };
    if !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let total = body.iter().fold(0u32, |total, digit| {
        (total + u32::from(digit - b'0')) * 2 % 11
    });
    let check = match (12 - total) % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    *last == check
}

/// Whether the text is an absolute address of the web, with a host and without white space.
pub fn is_web_address(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["https://", "http://"].iter().any(|scheme| {
        lower.strip_prefix(scheme).is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
    }) && !url.chars().any(|c| c.is_whitespace() || c.is_control())
        // A fragment or query in brackets would be no URI (RFC 3986, 3.3); a host may have them.
        && !url.splitn(4, '/').nth(3).is_some_and(|path| path.contains(['[', ']']))
}
