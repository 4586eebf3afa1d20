//! Makes every character printable: PDF/A forbids glyphs that stand for a missing one
//! (ISO 19005-3, 6.2.11.8) and characters without meaning outside one font (6.2.11.7.3), and a
//! reader must see what cannot be seen.

use super::fonts::FONTS;
use serde_json::Value;
use std::collections::BTreeMap;
use typst::text::Font;
use unicode_normalization::char::{compose, is_combining_mark};

/// The bit of the family for data, the second of those shipped.
pub const SANS: u32 = 1 << 1;

/// Replaces what cannot be printed by its code point, `[U+1F600]`.
pub struct Legible {
    /// For each character met, the families that have it, as bits.
    known: BTreeMap<char, u32>,
    /// The variants of each family.
    shipped: Vec<Vec<&'static Font>>,
}

impl Legible {
    pub fn new() -> Self {
        let mut shipped: Vec<Vec<&Font>> = Vec::new();
        for font in FONTS.iter() {
            match shipped
                .last_mut()
                .filter(|family| family[0].info().family == font.info().family)
            {
                Some(family) => family.push(font),
                None => shipped.push(vec![font]),
            }
        }
        Legible {
            known: BTreeMap::new(),
            shipped,
        }
    }

    /// The name of the family with this bit.
    pub fn name(&self, family: u32) -> Option<&str> {
        Some(
            &self
                .shipped
                .get(family.trailing_zeros() as usize)?
                .first()?
                .info()
                .family,
        )
    }

    /// Every string of a JSON value; keys are ours.
    pub fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    pub fn text(&mut self, text: &str) -> String {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
            return text.into();
        }
        let mut out = String::with_capacity(text.len());
        // What a combining mark would stand on, and the families that have all of it.
        let mut last = None;
        for c in text.chars() {
            match c {
                '\r' => {}
                '\t' => out.push_str("    "),
                '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                    out.push('\n');
                    last = None;
                }
                // They choose between two pictures of one character.
                '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {}
                _ if shapes(c) => out.push(c),
                _ => last = self.push(&mut out, last, c),
            }
        }
        out
    }

    /// Appends one character, joined with the last where one glyph stands for both.
    fn push(
        &mut self,
        out: &mut String,
        last: Option<(char, u32)>,
        c: char,
    ) -> Option<(char, u32)> {
        let joined = last.and_then(|(base, _)| compose(base, c));
        if let Some(joined) =
            joined.filter(|_| out.chars().next_back() == last.map(|(base, _)| base))
        {
            let families = self.families(joined);
            if families != 0 {
                out.pop();
                out.push(joined);
                return Some((joined, families));
            }
        }
        let below = if is_combining_mark(c) {
            last.map_or(0, |(_, families)| families)
        } else {
            u32::MAX
        };
        let families = below & self.families(c);
        if families == 0 {
            out.push_str(&code_point(c));
            return None;
        }
        out.push(c);
        Some((c, families))
    }

    /// Bit `i` is set where all variants of family `i` have the character, so that it prints in
    /// italics as well as upright.
    pub fn families(&mut self, c: char) -> u32 {
        if hidden(c) {
            return 0;
        }
        if let Some(found) = self.known.get(&c) {
            return *found;
        }
        let has = |font: &&Font| font.info().coverage.contains(u32::from(c));
        let families = self
            .shipped
            .iter()
            .enumerate()
            .filter(|(_, family)| family.iter().all(has));
        let found = families.map(|(index, _)| 1 << index).sum();
        self.known.insert(c, found);
        found
    }
}

fn code_point(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// Leave no mark and are needed to write: soft hyphen, joiners, direction marks, word joiner.
fn shapes(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2060}'
    )
}

/// Controls, overrides and isolates of direction, invisible operators, fillers, tags, private use.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{206F}' | '\u{3164}' | '\u{E000}'..='\u{F8FF}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..)
}
