//! Text as citations take it: one line, without what a reader cannot see.

use serde::Serialize;

/// One line: each run of white space and controls as one space; what is invisible and changes
/// order or meaning of the rest (overrides of direction, tags, noncharacters) left out. Joiners,
/// which Arabic, Indic scripts and emoji need, are kept.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            gap = true;
        } else if !deceives(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// As [`line`], `None` where nothing is left.
pub fn maybe(text: Option<&str>) -> Option<String> {
    text.map(line).filter(|text| !text.is_empty())
}

/// Text inside a line: white space at the ends matters.
pub fn run(text: &str) -> String {
    text.chars()
        .filter(|c| !deceives(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn deceives(c: char) -> bool {
    u32::from(c) & 0xFFFE == 0xFFFE
        || matches!(c,
            '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FEFF}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..)
}

/// The text with a full stop, unless it ends a sentence already.
pub fn stopped(text: &str) -> String {
    if text.ends_with(['.', '?', '!', '。', '؟']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// The text without the full stop that ends it; an ellipsis stays.
pub fn unstopped(text: &str) -> &str {
    text.strip_suffix('.')
        .filter(|rest| !rest.ends_with('.'))
        .unwrap_or(text)
}

/// JSON with two spaces of indent and a final newline.
///
/// Every value of ours serialises: keys are strings, and there are no numbers that JSON lacks.
pub fn json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Characters of a URI (RFC 3986) as they are, all others percent-encoded. `%` is kept: an address
/// is encoded already where its author saw the need.
pub fn uri(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
