//! The citation as a person prints it, in a real CSL style.
//!
//! What a style prints of a report differs, and no style has a place for a digest. A printed
//! citation of ours says which version it means and identifies its bytes: what the style left out
//! of publisher, version, address and digest is added after it, in this order, a sentence each.

use super::style::{self, Style};
use super::text::stopped;
use super::work::Work;
use super::{Part, Record, csl, printed};
use hayagriva::citationberg::json::Item;
use hayagriva::{BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest};

/// One line: the report, or a part in it, in a style; always with version and digest.
pub fn formatted(record: &Record, part: Option<&Part>, style: Style) -> String {
    of_work(&Work::new(record, part), style)
}

pub fn of_work(work: &Work, style: Style) -> String {
    let styled = set(work, style).unwrap_or_else(|| stopped(&work.title()));
    let mut out = stopped(styled.trim());
    let mut add = |sentence: &str| {
        out.push(' ');
        out.push_str(&stopped(sentence));
    };
    let record = &work.record;
    if let Some(publisher) = record
        .publisher
        .as_ref()
        .filter(|name| !holds(&styled, name))
    {
        add(publisher);
    }
    if !states(&styled, &record.version) {
        add(&format!("Version {}", record.version));
    }
    let address = work
        .doi()
        .map(|doi| format!("https://doi.org/{doi}"))
        .or_else(|| work.url());
    if let Some(address) = address {
        // Styles may print an address without its scheme.
        let bare = address
            .split_once("://")
            .map_or(address.as_str(), |(_, rest)| rest);
        if !styled.contains(bare.trim_start_matches("doi.org/")) {
            add(&address);
        }
    }
    if let Some(digest) = work.digest() {
        add(&format!("SHA-256 {digest}"));
    }
    out
}

/// Whether a text holds a name; styles change capitals.
fn holds(styled: &str, name: &str) -> bool {
    styled.to_lowercase().contains(&name.to_lowercase())
}

/// Whether the style printed the version as a version: "1" may stand anywhere.
fn states(styled: &str, version: &str) -> bool {
    let styled = styled.to_lowercase();
    let version = version.to_lowercase();
    ["version ", "v. ", "ver. ", "v"].iter().any(|word| {
        styled
            .match_indices(&format!("{word}{version}"))
            .any(|(at, found)| {
                let rest = &styled[at + found.len()..];
                let before = styled[..at].chars().next_back();
                // "1.0" is not stated by "version 1.0.1".
                let longer = rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
                    || (rest.starts_with('.')
                        && rest[1..].starts_with(|c: char| c.is_ascii_digit()));
                !longer && !before.is_some_and(char::is_alphanumeric)
            })
    })
}

/// What the style makes of the record's CSL-JSON: the same item that the bundle carries.
fn set(work: &Work, style: Style) -> Option<String> {
    let sheet = style.sheet()?;
    let item: Item = serde_json::from_value(csl::styled(work).into()).ok()?;
    let mut driver = BibliographyDriver::new();
    driver.citation(CitationRequest::new(
        vec![CitationItem::with_entry(&item)],
        sheet,
        Some(style.locale()),
        style::words(),
        None,
    ));
    let rendered = driver.finish(BibliographyRequest {
        style: sheet,
        locale: Some(style.locale()),
        locale_files: style::words(),
    });
    // The number before the entry in a list means nothing for one entry.
    let entry = rendered.bibliography?.items.into_iter().next()?;
    Some(printed::entry(&entry)).filter(|text| !text.is_empty())
}
