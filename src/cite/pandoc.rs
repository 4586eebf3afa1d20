//! Citations in prose, as Pandoc writes them: `[@key]`, `[@key, p. 5]`, `[see @a; @b, ch. 2]`.
//!
//! Only the bracketed form is a citation. `@key` in running text is left as it is: it may be an
//! address or a handle. So is every bracket that is not one citation from end to end.

use std::ops::Range;

/// A stretch of prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment<'t> {
    Text(&'t str),
    Citation(Citation),
}

/// One bracket: one or several works cited together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    pub cites: Vec<Cite>,
    /// Bytes of the text, brackets included: for the line of a problem, and to put a mark in place.
    pub range: Range<usize>,
}

/// One work in a bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cite {
    pub key: String,
    /// "see"
    pub before: String,
    pub locator: Option<(Locator, String)>,
    /// What follows and is no locator, with the comma or space before it.
    pub after: String,
}

/// What a number in a citation counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locator {
    Page,
    Chapter,
    Section,
    Paragraph,
    Figure,
    Table,
    Line,
    Volume,
    Note,
}

impl Locator {
    /// Before the number, in styles that leave it out.
    pub fn short(self) -> &'static str {
        match self {
            Locator::Page => "p. ",
            Locator::Chapter => "chap. ",
            Locator::Section => "sec. ",
            Locator::Paragraph => "para. ",
            Locator::Figure => "fig. ",
            Locator::Table => "table ",
            Locator::Line => "line ",
            Locator::Volume => "vol. ",
            Locator::Note => "note ",
        }
    }
}

/// The words that Pandoc takes for locators, with and without a stop.
const WORDS: [(&str, Locator); 26] = [
    ("p.", Locator::Page),
    ("pp.", Locator::Page),
    ("page", Locator::Page),
    ("pages", Locator::Page),
    ("ch.", Locator::Chapter),
    ("chap.", Locator::Chapter),
    ("chaps.", Locator::Chapter),
    ("chapter", Locator::Chapter),
    ("chapters", Locator::Chapter),
    ("sec.", Locator::Section),
    ("secs.", Locator::Section),
    ("section", Locator::Section),
    ("sections", Locator::Section),
    ("§", Locator::Section),
    ("§§", Locator::Section),
    ("para.", Locator::Paragraph),
    ("paragraph", Locator::Paragraph),
    ("¶", Locator::Paragraph),
    ("fig.", Locator::Figure),
    ("figure", Locator::Figure),
    ("table", Locator::Table),
    ("line", Locator::Line),
    ("vol.", Locator::Volume),
    ("volume", Locator::Volume),
    ("n.", Locator::Note),
    ("note", Locator::Note),
];

/// Divides prose at its citations. Together the segments are the whole text.
pub fn parse_citations(text: &str) -> Vec<Segment<'_>> {
    let mut out = Vec::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(open) = text[from..].find('[').map(|at| from + at) {
        from = open + 1;
        let Some(close) = text[from..].find(['[', ']']).map(|at| from + at) else {
            break;
        };
        // A bracket in a bracket starts anew: citations do not nest. `[text](to)` is a link.
        if !text[close..].starts_with(']') || text[close + 1..].starts_with(['(', '[', ':']) {
            continue;
        }
        if text[..open].ends_with('\\') {
            continue;
        }
        let cites: Option<Vec<Cite>> = text[from..close].split(';').map(cite).collect();
        if let Some(cites) = cites {
            if open > done {
                out.push(Segment::Text(&text[done..open]));
            }
            out.push(Segment::Citation(Citation {
                cites,
                range: open..close + 1,
            }));
            done = close + 1;
            from = done;
        }
    }
    if done < text.len() {
        out.push(Segment::Text(&text[done..]));
    }
    out
}

/// Marks where a citation stands in rendered prose: `OPEN index CLOSE`, like the marks of numbers.
/// Private-use characters are refused in prose.
pub const OPEN: char = '\u{E002}';
pub const CLOSE: char = '\u{E003}';

/// Puts a mark in the place of each citation, but for those that touch `skip`: the byte ranges of
/// code, where Markdown shows brackets as they are.
pub fn mark(text: &str, skip: &[Range<usize>]) -> (String, Vec<Citation>) {
    let mut cited = Vec::new();
    let marked = replaced(text, skip, |citation| {
        cited.push(citation.clone());
        format!("{OPEN}{}{CLOSE}", cited.len() - 1)
    });
    (marked, cited)
}

/// Puts letters in the place of each citation, so that its digits are not taken for numbers typed
/// by hand and all ranges hold.
pub fn masked(text: &str, skip: &[Range<usize>]) -> String {
    replaced(text, skip, |citation| "x".repeat(citation.range.len()))
}

fn replaced(
    text: &str,
    skip: &[Range<usize>],
    mut with: impl FnMut(&Citation) -> String,
) -> String {
    parse_citations(text)
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) => text.to_owned(),
            Segment::Citation(citation) => {
                let range = &citation.range;
                if skip
                    .iter()
                    .any(|code| code.start < range.end && range.start < code.end)
                {
                    text[range.clone()].to_owned()
                } else {
                    with(&citation)
                }
            }
        })
        .collect()
}

/// "see @key, p. 5 and elsewhere". A key starts after a space or at the start, so that an address
/// such as `desk@example.org` is none.
fn cite(text: &str) -> Option<Cite> {
    let mark = text
        .match_indices('@')
        .map(|(at, _)| at)
        .find(|&at| at == 0 || text[..at].ends_with(char::is_whitespace))?;
    let rest = &text[mark + 1..];
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || "_:.#$%&-+?<>~/".contains(c)))
        .unwrap_or(rest.len());
    // Final punctuation belongs to the sentence, not to the key.
    let key =
        rest[..end].trim_end_matches([':', '.', '?', '#', '$', '%', '&', '<', '>', '~', '/', '+']);
    if !key.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let tail = &rest[key.len()..];
    // A second key needs a semicolon before it: what this bracket means is not clear.
    if tail.contains(" @") {
        return None;
    }
    let (locator, after) = match tail.trim_start().strip_prefix(',') {
        Some(tail) => locator(tail.trim()),
        None => (None, apart(" ", tail)),
    };
    Some(Cite {
        key: key.to_owned(),
        before: text[..mark].trim().to_owned(),
        locator,
        after,
    })
}

/// "p. 5", "5-7", "ch. 2": a word that counts, if any, and what is counted.
fn locator(text: &str) -> (Option<(Locator, String)>, String) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or(("", text));
    let known = WORDS.iter().find(|(known, _)| {
        known.trim_end_matches('.') == word.trim_end_matches('.') && !word.is_empty()
    });
    let (kind, rest) = match known {
        Some((_, kind)) => (*kind, rest.trim_start()),
        None => (Locator::Page, text),
    };
    let end = rest
        .find(|c: char| c == ',' || c.is_whitespace())
        .unwrap_or(rest.len());
    let value = &rest[..end];
    let counts = value.chars().any(|c| c.is_ascii_digit())
        || (known.is_some()
            && !value.is_empty()
            && value.chars().all(|c| "ivxlcdmIVXLCDM-–".contains(c)));
    if counts {
        let separator = if rest[end..].starts_with(',') {
            ", "
        } else {
            " "
        };
        let after = rest[end..].trim_start_matches(',');
        (Some((kind, value.to_owned())), apart(separator, after))
    } else {
        (None, apart(", ", text))
    }
}

fn apart(separator: &str, text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("{separator}{text}"),
    }
}
