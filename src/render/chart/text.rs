//! Text of a picture, measured before it is drawn, so that labels never overlap or leave it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Semibold,
}

/// Advances of the shipped sans in thousandths of an em: regular, semibold. Kerning is left out;
/// it makes real text slightly narrower, never wider by more than a thousandth or two.
static ADVANCES: LazyLock<BTreeMap<char, [f64; 2]>> = LazyLock::new(|| {
    include_str!("../../../templates/fonts/web/advances.tsv")
        .lines()
        .filter_map(advance)
        .collect()
});

fn advance(line: &str) -> Option<(char, [f64; 2])> {
    let mut fields = line.split('\t');
    let character = char::from_u32(u32::from_str_radix(fields.next()?, 16).ok()?)?;
    Some((
        character,
        [fields.next()?.parse().ok()?, fields.next()?.parse().ok()?],
    ))
}

/// The advance of a character that the shipped font lacks and the reader's system font draws:
/// nothing for combining marks and joiners, a full em for wide scripts and pictographs, and 0.65 em
/// for all others, which no common Arabic, Hebrew, Greek or Cyrillic face exceeds on average.
fn fallback(character: char) -> f64 {
    match u32::from(character) {
        0x0300..=0x036F
        | 0x0591..=0x05C7
        | 0x0610..=0x061A
        | 0x064B..=0x065F
        | 0x200B..=0x200F
        | 0xFE00..=0xFE0F => 0.0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF00..=0xFF60
        | 0x1F000.. => 1000.0,
        _ => 650.0,
    }
}

/// Width in the unit of `size`.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let face = match weight {
        Weight::Regular => 0,
        Weight::Semibold => 1,
    };
    let thousandths: f64 = text
        .chars()
        .map(|c| {
            ADVANCES
                .get(&c)
                .map_or_else(|| fallback(c), |both| both[face])
        })
        .sum();
    thousandths * size / 1000.0
}

/// One line without control characters (not allowed in XML 1.0) and without bidirectional controls
/// (a label that is cut would leave them open).
pub fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}'))
        .collect();
    visible
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text, or as much of it as fits `room` with an ellipsis.
pub fn cut(text: &str, size: f64, weight: Weight, room: f64) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        let shorter = format!("{}…", kept.trim_end());
        if width(&shorter, size, weight) <= room {
            return shorter;
        }
    }
    "…".into()
}

/// At most `most` lines no wider than `room`; the last one is cut where the text goes on.
pub fn wrap(text: &str, size: f64, weight: Weight, room: f64, most: usize) -> Vec<String> {
    let text = clean(text);
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if lines.len() + 1 >= most.max(1) {
            lines.push(cut(rest, size, weight, room));
            break;
        }
        let end = line_end(rest, size, weight, room);
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines
}

/// Where the first line ends: after the last word that fits, or inside a word that fits no line
/// (scripts without spaces); at least one character.
fn line_end(text: &str, size: f64, weight: Weight, room: f64) -> usize {
    let mut fits = 0;
    let mut at_word = None;
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        if character == ' ' {
            at_word = Some(end);
        } else if width(&text[..end], size, weight) > room {
            return at_word.unwrap_or(if fits == 0 { end } else { fits });
        }
        fits = end;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widths_are_those_of_the_font() {
        // Source Sans 3: H 652, e 496, l 255, o 542.
        assert_eq!(width("Hello", 10.0, Weight::Regular), 22.0);
        assert!(width("Hello", 10.0, Weight::Semibold) > 22.0);
    }

    #[test]
    fn cut_text_fits_and_short_text_is_untouched() {
        assert_eq!(cut("short", 10.0, Weight::Regular, 100.0), "short");
        let long = cut("a very long label indeed", 10.0, Weight::Regular, 60.0);
        assert!(
            long.ends_with('…') && width(&long, 10.0, Weight::Regular) <= 60.0,
            "{long}"
        );
    }

    #[test]
    fn lines_break_at_words_and_inside_scripts_without_spaces() {
        assert_eq!(
            wrap("one two three", 10.0, Weight::Regular, 38.0, 9),
            ["one two", "three"]
        );
        let lines = wrap("银项链广告儿童模特", 10.0, Weight::Regular, 40.0, 9);
        assert_eq!(lines, ["银项链广", "告儿童模", "特"]);
        assert!(wrap("one two three four", 10.0, Weight::Regular, 38.0, 2)[1].ends_with('…'));
    }

    #[test]
    fn controls_are_removed() {
        assert_eq!(clean(" a\u{0}\u{1b}b\n\u{202E}c  d "), "ab c d");
    }
}
