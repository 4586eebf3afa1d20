//! Objects and lists in a cell, as programs write them that are no JSON writers: JSON itself, the
//! notation of Python (`[{'age': '65+', 'gender': None}]`), and JSON whose quotation marks were
//! taken out (`[{age: 65+, gender: male}]`).
//!
//! A word without quotation marks ends at the next comma or bracket, so texts that hold these are
//! no business of this reader.

use serde_json::{Map, Value};
use std::iter::Peekable;
use std::str::Chars;

/// Demographics have four levels.
const DEPTH: usize = 8;

/// The value of a cell that is a list or an object; `None` where it is neither, or is broken.
pub fn read(text: &str) -> Option<Value> {
    let text = text.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let mut chars = text.chars().peekable();
    let value = value(&mut chars, DEPTH)?;
    blanks(&mut chars);
    chars.next().is_none().then_some(value)
}

fn blanks(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| c.is_whitespace()).is_some() {}
}

fn value(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Value> {
    blanks(chars);
    let depth = depth.checked_sub(1)?;
    match *chars.peek()? {
        '[' => list(chars, depth),
        '{' => object(chars, depth),
        mark @ ('"' | '\'') => quoted(chars, mark).map(Value::String),
        _ => Some(word(chars, &[',', ']', '}'])),
    }
}

fn list(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Value> {
    chars.next();
    let mut items = Vec::new();
    loop {
        blanks(chars);
        if chars.next_if_eq(&']').is_some() {
            return Some(Value::Array(items));
        }
        items.push(value(chars, depth)?);
        end(chars, ']')?;
    }
}

fn object(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Value> {
    chars.next();
    let mut fields = Map::new();
    loop {
        blanks(chars);
        if chars.next_if_eq(&'}').is_some() {
            return Some(Value::Object(fields));
        }
        let name = match *chars.peek()? {
            mark @ ('"' | '\'') => quoted(chars, mark)?,
            _ => match word(chars, &[':', ',', '{', '}', '[', ']']) {
                Value::String(name) => name,
                _ => return None,
            },
        };
        blanks(chars);
        chars.next_if_eq(&':')?;
        let value = value(chars, depth)?;
        // A key that occurs twice is a text that looks like one.
        if fields.insert(name, value).is_some() {
            return None;
        }
        end(chars, '}')?;
    }
}

/// A comma, or the end of the list or object, which is left for the caller.
fn end(chars: &mut Peekable<Chars<'_>>, close: char) -> Option<()> {
    blanks(chars);
    if chars.next_if_eq(&',').is_some() || *chars.peek()? == close {
        return Some(());
    }
    None
}

fn quoted(chars: &mut Peekable<Chars<'_>>, mark: char) -> Option<String> {
    chars.next();
    let mut text = String::new();
    loop {
        match chars.next()? {
            '\\' => text.push(escaped(chars)?),
            c if c == mark => return Some(text),
            c => text.push(c),
        }
    }
}

fn escaped(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    let digits = match chars.next()? {
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'r' => return Some('\r'),
        'x' => 2,
        'u' => 4,
        other => return Some(other),
    };
    let code = (0..digits).try_fold(0, |code, _| Some(code * 16 + chars.next()?.to_digit(16)?))?;
    // Half a surrogate pair: such letters are in free texts only.
    Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// A word without quotation marks.
fn word(chars: &mut Peekable<Chars<'_>>, ends: &[char]) -> Value {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| !ends.contains(c)) {
        text.push(c);
    }
    match text.trim() {
        "" | "null" | "None" | "nan" | "NaN" => Value::Null,
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        word => Value::String(word.to_owned()),
    }
}

/// A word or number as text; `None` where it is missing or has parts.
pub fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
