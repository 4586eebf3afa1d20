//! A place in a cited work: "p. 12", "sec. 3.1", "§ 4".
//!
//! A report prints no number that a person typed. The number of a page is the exception, so it is
//! read strictly: a word for the kind of place, then numbers and nothing else. `93 percent` is none.

use hayagriva::citationberg::taxonomy;
use std::str::FromStr;

/// Words for a kind of place (without a full stop), its name in CSL, and whether its numbers may
/// have parts ("3.1"): those of pages and lines do not.
const KINDS: [(&[&str], &str, bool); 14] = [
    (&["p", "pp", "page", "pages"], "page", false),
    (
        &["sec", "secs", "section", "sections", "§", "§§"],
        "section",
        true,
    ),
    (
        &["ch", "chap", "chaps", "chapter", "chapters"],
        "chapter",
        true,
    ),
    (
        &["para", "paras", "paragraph", "paragraphs", "¶", "¶¶"],
        "paragraph",
        true,
    ),
    (&["fig", "figs", "figure", "figures"], "figure", true),
    (&["table", "tables"], "table", true),
    (
        &["art", "arts", "article", "articles"],
        "article-locator",
        true,
    ),
    (&["app", "apps", "appendix", "appendices"], "appendix", true),
    (&["eq", "eqs", "equation", "equations"], "equation", true),
    (&["n", "nn", "note", "notes"], "note", false),
    (&["l", "ll", "line", "lines"], "line", false),
    (&["vol", "vols", "volume", "volumes"], "volume", false),
    (&["pt", "pts", "part", "parts"], "part", false),
    (&["col", "cols", "column", "columns"], "column", false),
];

/// Longest number of a place: no book has a page 100,000.
const MOST_DIGITS: usize = 5;

/// A place in a work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locator {
    /// Its kind, as CSL names it.
    pub(super) kind: &'static str,
    /// Its numbers, with an en dash in ranges: "12–14".
    pub(super) numbers: String,
}

impl Locator {
    /// Reads "pp. 12-14, 20"; `None` where this is no place.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .find(|c: char| c == '.' || c.is_whitespace() || c.is_numeric())
            .unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        let lower = word.to_lowercase();
        let (_, kind, parts) = KINDS
            .into_iter()
            .find(|(words, ..)| words.contains(&lower.as_str()))?;
        let rest = rest.strip_prefix('.').unwrap_or(rest).trim();
        let mut numbers = Vec::new();
        for list in rest.split(',') {
            let ends: Vec<&str> = list
                .split(['-', '\u{2013}'])
                .map(str::trim)
                .filter(|end| !end.is_empty())
                .collect();
            let sound = matches!(ends.len(), 1 | 2) && ends.iter().all(|end| is_number(end, parts));
            if !sound {
                return None;
            }
            numbers.push(ends.join("\u{2013}"));
        }
        Some(Locator {
            kind,
            numbers: numbers.join(", "),
        })
    }

    /// The kind for the citation processor. Every name of [`KINDS`] is one of CSL's.
    pub(super) fn csl(&self) -> taxonomy::Locator {
        taxonomy::Locator::from_str(self.kind).unwrap_or(taxonomy::Locator::Page)
    }

    /// As a person writes it: for messages.
    pub(super) fn written(&self) -> String {
        let word = KINDS
            .iter()
            .find(|(_, kind, _)| *kind == self.kind)
            .and_then(|(words, ..)| words.first())
            .unwrap_or(&"p");
        format!("{word}. {}", self.numbers)
    }
}

/// "12", "12a", "A3", "xiv", and, with `parts`, "3.1.2", "40(4)".
fn is_number(text: &str, parts: bool) -> bool {
    let part = |text: &str| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let letters = text.chars().filter(char::is_ascii_alphabetic).count();
        digits + letters == text.chars().count()
            && (1..=MOST_DIGITS).contains(&digits)
            && letters <= 1
    };
    let roman = |text: &str| {
        (1..=9).contains(&text.len())
            && (text.chars().all(|c| "ivxlcdm".contains(c))
                || text.chars().all(|c| "IVXLCDM".contains(c)))
    };
    if !parts {
        return part(text) || roman(text);
    }
    let closed = text.matches('(').count() == text.matches(')').count();
    closed
        && text
            .split(['.', '('])
            .map(|own| own.strip_suffix(')').unwrap_or(own))
            .enumerate()
            .all(|(index, own)| {
                part(own) || roman(own) || (index > 0 && matches!(own.as_bytes(), [b'a'..=b'z']))
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_word_and_numbers() {
        for (text, numbers) in [
            ("p. 12", "12"),
            ("p.12", "12"),
            ("pp. 12-14, 20", "12\u{2013}14, 20"),
            ("pp. 12--14", "12\u{2013}14"),
            ("Sec. 3.1", "3.1"),
            ("§ 4", "4"),
            ("§4", "4"),
            ("chap. iv", "iv"),
            ("fig. 2b", "2b"),
            ("table A1", "A1"),
            ("art. 40(4)", "40(4)"),
            ("pages xi–xii", "xi\u{2013}xii"),
        ] {
            let read = Locator::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(read.numbers, numbers, "{text}");
        }
        for (_, kind, _) in KINDS {
            assert!(taxonomy::Locator::from_str(kind).is_ok(), "{kind}");
        }
    }

    #[test]
    fn anything_else_is_no_place() {
        for text in [
            "12",
            "93 percent",
            "p. 93 percent",
            "p. 93%",
            "p. 93.5",
            "p. 93.5 %",
            "p.",
            "p",
            "",
            "p. 12 of men",
            "percent 93",
            "pp. 1-2-3",
            "p. 123456",
            "p. ９３",
            "p. 9³",
            "p. ½",
            "p. 12; sec. 3",
            "sec. 3..1",
            "sec. .1",
            "p. 12 13",
            "almost 93 of 100",
            "§ 93 %",
            "p. twelve",
            "fig. 93 men",
            "p. 12,",
            "sec. 40)",
            "sec. (4)",
        ] {
            assert_eq!(Locator::read(text), None, "{text}");
        }
    }
}
