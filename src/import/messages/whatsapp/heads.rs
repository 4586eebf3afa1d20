//! The heads of lines: date, time and what sets them off from the words of a message.

use super::dates::{Manner, Number, Written};
use super::words;
use jiff::civil::Time;
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The head of a line that starts a message. Spaces before and inside `PM` can be narrow or not
/// breaking: a pattern with plain spaces would take such lines for more words of the message above.
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)^[\u{200E}\u{200F}\u{202A}-\u{202E}\u{FEFF}]*
        (?P<open>\[)?
        (?P<date>(?P<a>\d{1,4})(?P<sep>[-/.])\x20?(?P<b>\d{1,4})[-/.]\x20?(?P<c>\d{1,4}))[,.،]?
        [\x20\u{202F}\u{A0}](?P<before>\D{0,20}?)
        (?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2}))?
        (?:
            (?P<after>[\x20\u{202F}\u{A0}]?[^\d\s\[\]:–-]{1,6}(?:[\x20\u{202F}\u{A0}][^\d\s\[\]:–-]{1,6})?)?
            (?:(?P<close>\])(?:\x20-|:)?\x20?|(?P<dash>[\x20\u{202F}\u{A0}][-–])(?:\x20|$))
        |
            (?P<half>(?i:[\x20\u{202F}\u{A0}][ap]\.?[\x20\u{202F}\u{A0}]?m\.?))?(?P<colon>:)?\x20
        )
        (?P<rest>.*)$";
    Regex::new(pattern).expect("a constant pattern")
});

/// How the head of a message is set off from its words. A chat keeps to one style; a dated line in
/// another style is one that somebody pasted into a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Style {
    pub shape: Shape,
    /// A word stands at the time that no list knows.
    pub unknown_word: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    Brackets,
    Dash,
    Colon,
    Bare,
}

/// A line that starts a message.
pub struct Head<'a> {
    pub style: Style,
    pub written: Written<'a>,
    pub clock: Clock,
    pub rest: &'a str,
}

/// The time of day as written.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    pub hour: u32,
    pub minute: u32,
    pub second: Option<u32>,
    pub half: Half,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    First,
    Second,
    /// No mark: a clock of 24 hours.
    None,
    /// A word that no list knows, which may be such a mark.
    Unknown,
}

/// The style of most dated lines, of the first of them where two are as frequent.
pub fn usual_style(text: &str) -> Option<Style> {
    let mut counts: BTreeMap<Style, (usize, std::cmp::Reverse<u64>)> = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        if let Some(head) = head(line, number) {
            counts
                .entry(head.style)
                .or_insert((0, std::cmp::Reverse(number)))
                .0 += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(style, _)| style)
}

/// Reads the head of a line; `None` where the line starts no message.
pub fn head(line: &str, number: u64) -> Option<Head<'_>> {
    let found = HEAD.captures(line)?;
    let clock = clock(&found)?;
    let style = Style {
        shape: shape(&found)?,
        unknown_word: clock.half == Half::Unknown,
    };
    let [a, b, c] = [
        figure(&found, "a")?,
        figure(&found, "b")?,
        figure(&found, "c")?,
    ];
    let manner = Manner {
        separator: found.name("sep")?.as_str().chars().next()?,
        year_digits: [a.digits == 4, c.digits == 4],
        half_day_clock: matches!(clock.half, Half::First | Half::Second),
        seconds: clock.second.is_some(),
    };
    let text = found.name("date")?.as_str();
    let written = Written {
        line: number,
        text,
        numbers: [a, b, c],
        manner,
    };
    let rest = found.name("rest")?.as_str();
    written.is_date().then_some(Head {
        style,
        written,
        clock,
        rest,
    })
}

fn shape(found: &Captures<'_>) -> Option<Shape> {
    let has = |group| found.name(group).is_some();
    match (has("open"), has("close")) {
        (true, true) => Some(Shape::Brackets),
        (false, false) if has("dash") => Some(Shape::Dash),
        (false, false) if has("colon") => Some(Shape::Colon),
        (false, false) => Some(Shape::Bare),
        _ => None,
    }
}

fn clock(found: &Captures<'_>) -> Option<Clock> {
    let hour = figure(found, "hour")?.value;
    let minute = figure(found, "minute")?.value;
    let second = match found.name("second") {
        Some(_) => Some(figure(found, "second")?.value),
        None => None,
    };
    let word = |group| {
        found
            .name(group)
            .map_or(String::new(), |word| bare_word(word.as_str()))
    };
    let half = half(
        &word("before"),
        &format!("{}{}", word("after"), word("half")),
    );
    let possible = hour < 24 && minute < 60 && second.is_none_or(|second| second < 60);
    possible.then_some(Clock {
        hour,
        minute,
        second,
        half,
    })
}

/// A word without dots, in lower case: `p. m.` is `pm`, `kl.` is `kl`.
fn bare_word(word: &str) -> String {
    let word = word.trim().to_lowercase().replace('.', "");
    if word.chars().filter(|c| !c.is_whitespace()).count() <= 2 {
        word.split_whitespace().collect()
    } else {
        word.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn half(before: &str, after: &str) -> Half {
    let [before, after] = [(before, words::BEFORE_TIME), (after, words::AFTER_TIME)].map(
        |(word, without_meaning)| {
            if words::FIRST_HALF.contains(&word) {
                Half::First
            } else if words::SECOND_HALF.contains(&word) {
                Half::Second
            } else if without_meaning.contains(&word) {
                Half::None
            } else {
                Half::Unknown
            }
        },
    );
    match (before, after) {
        (half, Half::None) | (Half::None, half) => half,
        _ => Half::Unknown,
    }
}

/// A group of the pattern as a number. Arabic, Persian and Devanagari digits are digits, too.
fn figure(found: &Captures<'_>, group: &str) -> Option<Number> {
    let text = found.name(group)?.as_str();
    let mut value: u32 = 0;
    for c in text.chars() {
        let zero = match c {
            '0'..='9' => '0',
            '\u{0660}'..='\u{0669}' => '\u{0660}',
            '\u{06F0}'..='\u{06F9}' => '\u{06F0}',
            '\u{0966}'..='\u{096F}' => '\u{0966}',
            _ => return None,
        };
        let digit = u32::from(c).checked_sub(u32::from(zero))?;
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    Some(Number {
        value,
        digits: text.chars().count(),
    })
}

impl Clock {
    /// The time of day; `None` where a word that nothing knows may mean the afternoon. It cannot in a
    /// chat with hours above 12.
    pub fn time(&self, has_24_hours: bool) -> Option<Time> {
        let hour = match self.half {
            Half::Unknown if !has_24_hours => return None,
            Half::First if self.hour <= 12 => self.hour % 12,
            Half::Second if self.hour <= 12 => self.hour % 12 + 12,
            _ => self.hour,
        };
        let small = |number: u32| i8::try_from(number).ok();
        Time::new(
            small(hour)?,
            small(self.minute)?,
            small(self.second.unwrap_or(0))?,
            0,
        )
        .ok()
    }
}
