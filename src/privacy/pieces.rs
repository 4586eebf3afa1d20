//! The parts in which a text is searched: recordings and exports can have gigabytes.

use super::{SHORTEST_IDENTITY, alike};
use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;

/// A part of a text that is searched at once.
#[derive(Clone, Copy)]
pub(super) struct Piece<'t> {
    pub text: &'t str,
    /// Whether the text begins or ends with it; else it shares that end with its neighbour.
    pub first: bool,
    pub last: bool,
}

impl Piece<'_> {
    /// Whether an edge may cut the word from `from` to `to` of the text's `length` bytes, folded or not,
    /// which then stands whole in the neighbour. Folding takes away blanks, which end a word, and what
    /// cannot be seen, which does not.
    pub fn cuts(&self, from: usize, to: usize, length: usize) -> bool {
        let seen = |c: &char| alike(*c).is_some();
        let in_word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let begins = || in_word(self.text.chars().find(seen));
        let ends = || in_word(self.text.chars().rev().find(seen));
        !self.first && from == 0 && begins() || !self.last && to == length && ends()
    }

    pub fn whole(&self) -> bool {
        self.first && self.last
    }
}

/// Bytes from one piece to the next.
const STEP: usize = 4 << 20;
/// Bytes that neighbouring pieces share at least, and how many times the longest value: a value stands
/// whole in one of them, unless it is drawn out by thousands of blanks.
const SHARED: usize = 64 << 10;
const TIMES_LONGEST: usize = 16;
/// Marks behind one letter.
const MOST_MARKS: usize = 64;

/// How texts are cut.
pub(super) struct Pieces {
    shared: usize,
    /// Whether a value has characters that only damaged text has.
    odd: bool,
}

impl Pieces {
    /// For the values that are searched for.
    pub fn of<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let (mut longest, mut odd) = (0, false);
        for value in values {
            longest = longest.max(value.len());
            odd |= value.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER);
        }
        Pieces {
            shared: SHARED.max(longest.saturating_mul(TIMES_LONGEST)),
            odd,
        }
    }

    /// Gives the pieces of some bytes as text.
    pub fn each(&self, bytes: &[u8], mut take: impl FnMut(Piece)) {
        let step = STEP.max(self.shared);
        let mut from = 0_usize;
        loop {
            let to = whole(bytes, from.saturating_add(step).saturating_add(self.shared));
            let last = to == bytes.len();
            let start = if from == 0 { 0 } else { whole(bytes, from) };
            let text = self.readable(bytes.get(start..to).unwrap_or_default());
            take(Piece {
                text: &text,
                first: from == 0,
                last,
            });
            if last {
                return;
            }
            from += step;
        }
    }

    /// What can be read of some bytes: of what is no text, only what is as long as a name, between
    /// controls.
    fn readable<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        if self.odd || std::str::from_utf8(bytes).is_ok() {
            return String::from_utf8_lossy(bytes);
        }
        let mut out = String::new();
        for chunk in bytes.utf8_chunks() {
            let control = |c: char| c.is_control() && !c.is_whitespace();
            let mut runs = chunk.valid().split(control).peekable();
            while let Some(run) = runs.next() {
                if run.len() >= SHORTEST_IDENTITY {
                    out.push_str(run);
                }
                // The last of all may go on in the next piece.
                if runs.peek().is_some() || !chunk.invalid().is_empty() {
                    out.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        out.into()
    }
}

/// The first place from `at` on that cuts no character and no mark from its letter, which would look
/// like something else between words.
fn whole(bytes: &[u8], at: usize) -> usize {
    let inside = |at: &usize| {
        let rest = bytes.get(*at..at.saturating_add(4).min(bytes.len()));
        let rest = rest.unwrap_or_default();
        let next = rest
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next());
        rest.first().is_some_and(|byte| byte & 0xC0 == 0x80) || next.is_some_and(is_combining_mark)
    };
    let places = at..at.saturating_add(MOST_MARKS);
    places
        .into_iter()
        .find(|at| !inside(at))
        .unwrap_or(at)
        .min(bytes.len())
}
