//! Citations in a text, as Pandoc writes them: `[@key]`, `[@key, p. 12]`, `[see @key; @other]`.

use super::locator::Locator;
use std::ops::Range;

/// One pair of brackets: the works that stand together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    pub works: Vec<Cited>,
}

/// A work in a citation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cited {
    /// Words before it: "see".
    pub prefix: String,
    pub key: String,
    pub locator: Option<Locator>,
}

impl Citation {
    /// As a person writes it, for messages.
    pub fn written(&self) -> String {
        let works: Vec<String> = self
            .works
            .iter()
            .map(|work| {
                let gap = if work.prefix.is_empty() { "" } else { " " };
                let place = work
                    .locator
                    .as_ref()
                    .map(|place| format!(", {}", place.written()));
                format!(
                    "{}{gap}@{}{}",
                    work.prefix,
                    work.key,
                    place.unwrap_or_default()
                )
            })
            .collect();
        format!("[{}]", works.join("; "))
    }
}

/// Brackets that are meant as a citation.
#[derive(Debug, Clone)]
pub struct Found {
    /// Byte range with the brackets.
    pub range: Range<usize>,
    /// Byte range of each work's key and place, from its `@`: digits there are none of prose.
    pub marks: Vec<Range<usize>>,
    /// The citation, or where it is none and why.
    pub citation: Result<Citation, (Range<usize>, &'static str)>,
}

/// Every citation of a text outside the ranges of `skip` (code, links), in order. Brackets are
/// meant as a citation when one of their parts, which `;` divides, has a word that begins with `@`.
pub fn citations(text: &str, skip: &[Range<usize>]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open = None;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let skipped = skip.iter().any(|range| range.contains(&at));
        match c {
            '[' if !skipped && !matches!(before, Some('\\' | '!')) => open = Some(at),
            // A paragraph ends here, and with it whatever was open.
            '\n' if before == Some('\n') => open = None,
            _ if skipped => open = None,
            ']' => {
                if let Some(start) = open.take() {
                    let leads = text[at + 1..].starts_with(['(', '[']);
                    let inside = start + 1..at;
                    if !leads && let Some(one) = read(text, inside) {
                        found.push(one);
                    }
                }
            }
            _ => {}
        }
        before = Some(c);
    }
    found
}

/// Where the key of a part begins, at its `@`.
fn sign(part: &str) -> Option<usize> {
    part.match_indices('@').map(|(at, _)| at).find(|at| {
        let before = part[..*at].chars().next_back();
        let after = part[at + 1..].chars().next();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '-' | '('))
            && after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '{'))
    })
}

fn read(text: &str, inside: Range<usize>) -> Option<Found> {
    let content = text.get(inside.clone())?;
    content.split(';').find_map(sign)?;
    let mut marks = Vec::new();
    let mut works = Vec::new();
    let mut fault = None;
    let mut start = inside.start;
    for part in content.split(';') {
        let range = start..start + part.len();
        start = range.end + 1;
        if let Some(at) = sign(part) {
            marks.push(range.start + at..range.end);
        }
        match work(part) {
            Ok(work) => works.push(work),
            Err(why) => {
                let lead = part.len() - part.trim_start().len();
                let place = range.start + lead..range.start + part.trim_end().len().max(lead);
                fault.get_or_insert((place, why));
            }
        }
    }
    Some(Found {
        range: inside.start - 1..inside.end + 1,
        marks,
        citation: match fault {
            Some(fault) => Err(fault),
            None => Ok(Citation { works }),
        },
    })
}

fn work(part: &str) -> Result<Cited, &'static str> {
    let at = sign(part).ok_or("a part of this citation names no work")?;
    let (prefix, rest) = part.split_at(at);
    let rest = &rest[1..];
    let prefix: Vec<&str> = prefix.split_whitespace().collect();
    let prefix = prefix.join(" ");
    if prefix.ends_with('-') {
        return Err("a citation cannot leave its author out");
    }
    let plain =
        |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | ',' | '\'' | '\u{2019}' | '-' | ':');
    if !prefix.chars().all(plain) {
        return Err("the words before a key must be plain words");
    }
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || "_:.+/-".contains(c)))
        .unwrap_or(rest.len());
    // Marks at the end belong to the sentence, as in Pandoc.
    let key = rest[..end].trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let after = rest[key.len()..].trim();
    if key.is_empty() {
        return Err("a key holds letters, digits and any of _ : . + / - only");
    }
    let locator = match after.strip_prefix(',') {
        None if after.is_empty() => None,
        None => return Err("what follows the key is no place in the work"),
        Some(place) => {
            Some(Locator::read(place).ok_or("what follows the key is no place in the work")?)
        }
    };
    Ok(Cited {
        prefix,
        key: key.to_owned(),
        locator,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Vec<String> {
        citations(text, &[])
            .into_iter()
            .map(|found| match found.citation {
                Ok(citation) => citation.written(),
                Err((range, why)) => format!("{}: {why}", &text[range]),
            })
            .collect()
    }

    #[test]
    fn citations_are_read_as_pandoc_writes_them() {
        for (text, expected) in [
            ("[@ali2019]", "[@ali2019]"),
            ("[@ali2019, pp. 3-4]", "[@ali2019, p. 3\u{2013}4]"),
            ("[see @a; @b:c, sec. 2]", "[see @a; @b:c, sec. 2]"),
            ("[see also\n@a]", "[see also @a]"),
            ("a [@doe] b", "[@doe]"),
        ] {
            assert_eq!(written(text), [expected], "{text}");
        }
    }

    #[test]
    fn other_brackets_are_left_alone() {
        for text in [
            "[a]",
            "[desk@example.org]",
            "\\[@a]",
            "[@a](https://example.org)",
            "[@a][b]",
            "![@a]",
            "[ @ ]",
            "[@]",
            "@a",
            "[a\n\n@b]",
        ] {
            assert_eq!(written(text), [""; 0], "{text}");
        }
        assert!(citations("`[@a]`", std::slice::from_ref(&(0..6))).is_empty());
    }

    #[test]
    fn what_is_no_citation_says_why() {
        for (text, expected) in [
            (
                "[@a, 93 percent]",
                "@a, 93 percent: what follows the key is no place in the work",
            ),
            (
                "[@a 12]",
                "@a 12: what follows the key is no place in the work",
            ),
            (
                "[@a; see b]",
                "see b: a part of this citation names no work",
            ),
            ("[-@a]", "-@a: a citation cannot leave its author out"),
            (
                "[*see* @a]",
                "*see* @a: the words before a key must be plain words",
            ),
            (
                "[@{a b}]",
                "@{a b}: a key holds letters, digits and any of _ : . + / - only",
            ),
        ] {
            assert_eq!(written(text), [expected], "{text}");
        }
    }
}
