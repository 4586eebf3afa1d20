//! What could run away in a `.bib` file: nested braces, rings of abbreviations and cross-references.

use biblatex::{RawChunk, Spanned};
use std::collections::BTreeMap;

/// Braces within braces.
const DEEPEST: usize = 60;
/// Steps in following abbreviations or cross-references of one entry.
pub const BUDGET: usize = 2_000;

/// Where braces are nested too deeply to be followed.
pub fn too_deep(source: &str) -> Option<usize> {
    let mut depth = 0usize;
    source.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

/// Whether the abbreviations of a field come to an end within the budget.
pub fn ends(
    field: &[Spanned<RawChunk>],
    known: &BTreeMap<&str, &Vec<Spanned<RawChunk>>>,
    depth: usize,
    budget: &mut usize,
) -> bool {
    field.iter().all(|chunk| {
        if *budget == 0 || depth > 20 {
            return false;
        }
        *budget -= 1;
        match chunk.v {
            RawChunk::Normal(_) => true,
            RawChunk::Abbreviation(name) => known
                .get(name)
                .is_none_or(|field| ends(field, known, depth + 1, budget)),
        }
    })
}

/// The keys in a field, if it holds nothing but keys.
pub fn keys(field: &[Spanned<RawChunk>]) -> Option<Vec<String>> {
    let mut text = String::new();
    for chunk in field {
        match chunk.v {
            RawChunk::Normal(part) => text.push_str(part),
            RawChunk::Abbreviation(_) => return None,
        }
    }
    let plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_:.-+/,".contains(c);
    text.chars().all(plain).then(|| {
        text.split(',')
            .map(|key| key.trim().to_owned())
            .filter(|key| !key.is_empty())
            .collect()
    })
}

/// Whether the links from a key end, within a few steps.
pub fn acyclic(
    key: &str,
    links: &BTreeMap<String, Vec<String>>,
    depth: usize,
    budget: &mut usize,
) -> bool {
    if depth > 8 || *budget == 0 {
        return false;
    }
    *budget -= 1;
    links.get(key).is_none_or(|next| {
        next.iter()
            .all(|key| acyclic(key, links, depth + 1, budget))
    })
}
