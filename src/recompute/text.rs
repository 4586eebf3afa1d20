//! Words of a case as SQL text that no word can break out of.

/// A string literal. Quotation marks are doubled; characters that cannot be seen, or that turn the
/// direction of a line, are written by their number, so that a statement is what it looks like.
pub(super) fn literal(text: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut plain = String::new();
    for c in text.chars() {
        if is_hidden(c) {
            if !plain.is_empty() {
                parts.push(format!("'{plain}'"));
                plain.clear();
            }
            parts.push(format!("chr({})", u32::from(c)));
        } else {
            plain.push(c);
            if c == '\'' {
                plain.push(c);
            }
        }
    }
    if !plain.is_empty() || parts.is_empty() {
        parts.push(format!("'{plain}'"));
    }
    match parts.as_slice() {
        [only] => only.clone(),
        _ => format!("({})", parts.join(" || ")),
    }
}

/// A literal, or `NULL`.
pub(super) fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), literal)
}

/// One line of words for a comment: nothing in it can end the line.
pub(super) fn comment(text: &str) -> String {
    text.chars()
        .map(|c| if is_hidden(c) { ' ' } else { c })
        .collect()
}

/// Control characters, marks of order, joiners and separators of lines.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e01ef}')
}

/// A pattern of `case.toml` (`*` for any characters, `?` for one) as a regular expression.
pub(super) fn pattern(glob: &str) -> String {
    let mut out = String::new();
    for c in glob.chars() {
        match c {
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            c if c.is_ascii_punctuation() => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A table of literals: `INSERT INTO name VALUES` and one row a line. Nothing without rows.
pub(super) fn values(table: &str, rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("  ({})", row.join(", ")))
        .collect();
    format!("INSERT INTO {table} VALUES\n{};\n", rows.join(",\n"))
}
