//! Objects and lists in a cell, as programs write them that are no JSON writers: JSON itself, the
//! notation of Python (`[{'age': '65+', 'gender': None}]`), and JSON whose quotation marks were
//! taken out (`[{age: 65+, gender: male}]`).
//!
//! A word without quotation marks ends at the next comma or bracket. Where free texts have lost
//! their marks too, only a list of the keys that can follow tells a comma inside from one between.

use serde_json::{Map, Value};
use std::iter::Peekable;
use std::str::Chars;

/// Demographics have four levels.
const DEPTH: usize = 8;

/// The value of a cell that is a list or an object; `None` where it is neither, or is broken.
pub fn read(text: &str) -> Option<Value> {
    whole(text, &[])
}

/// The value of a cell that has lost every quotation mark. Its objects have none but these keys,
/// and a comma ends a value only before one of them.
pub fn read_unquoted(text: &str, keys: &[&str]) -> Option<Value> {
    whole(text, keys)
}

fn whole(text: &str, keys: &[&str]) -> Option<Value> {
    let text = text.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let mut reader = Reader {
        chars: text.chars().peekable(),
        keys,
    };
    let value = reader.value(DEPTH)?;
    reader.blanks();
    reader.chars.next().is_none().then_some(value)
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    /// Empty where texts have their quotation marks.
    keys: &'a [&'a str],
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.chars.next_if(|c| c.is_whitespace()).is_some() {}
    }

    /// The quotation mark that stands here.
    fn mark(&mut self) -> Option<char> {
        let is_mark = |c: &char| self.keys.is_empty() && matches!(c, '"' | '\'');
        self.chars.peek().copied().filter(is_mark)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.blanks();
        let depth = depth.checked_sub(1)?;
        if let Some(mark) = self.mark() {
            return self.quoted(mark).map(Value::String);
        }
        match *self.chars.peek()? {
            '[' => self.list(depth),
            '{' => self.object(depth),
            _ => Some(word(&self.bare())),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.chars.next();
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.chars.next_if_eq(&']').is_some() {
                return Some(Value::Array(items));
            }
            items.push(self.value(depth)?);
            self.end(']')?;
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.chars.next();
        let mut fields = Map::new();
        loop {
            self.blanks();
            if self.chars.next_if_eq(&'}').is_some() {
                return Some(Value::Object(fields));
            }
            let name = self.key()?;
            let value = self.value(depth)?;
            // A key that occurs twice is a text that looks like one.
            if fields.insert(name, value).is_some() {
                return None;
            }
            self.end('}')?;
        }
    }

    /// A comma, or the end of the list or object, which is left for the caller.
    fn end(&mut self, close: char) -> Option<()> {
        self.blanks();
        if self.chars.next_if_eq(&',').is_some() || *self.chars.peek()? == close {
            return Some(());
        }
        None
    }

    /// A key and its colon.
    fn key(&mut self) -> Option<String> {
        let name = match self.mark() {
            Some(mark) => self.quoted(mark)?,
            None => self
                .until(&[':', ',', '{', '}', '[', ']'])
                .trim()
                .to_owned(),
        };
        self.blanks();
        self.chars.next_if_eq(&':')?;
        let known = self.keys.is_empty() || self.keys.contains(&name.as_str());
        (known && !name.is_empty()).then_some(name)
    }

    fn quoted(&mut self, mark: char) -> Option<String> {
        self.chars.next();
        let mut text = String::new();
        loop {
            match self.chars.next()? {
                '\\' => text.push(self.escaped()?),
                c if c == mark => return Some(text),
                c => text.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let digits = match self.chars.next()? {
            'n' => return Some('\n'),
            't' => return Some('\t'),
            'r' => return Some('\r'),
            'x' => 2,
            'u' => 4,
            other => return Some(other),
        };
        let code = (0..digits).try_fold(0, |code, _| {
            Some(code * 16 + self.chars.next()?.to_digit(16)?)
        })?;
        // Half a surrogate pair: such letters are in free texts only.
        Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn until(&mut self, ends: &[char]) -> String {
        let mut text = String::new();
        while let Some(c) = self.chars.next_if(|c| !ends.contains(c)) {
            text.push(c);
        }
        text
    }

    /// A word, or free text, without quotation marks.
    fn bare(&mut self) -> String {
        if self.keys.is_empty() {
            return self.until(&[',', ']', '}']);
        }
        let mut text = String::new();
        loop {
            text.push_str(&self.until(&[',', '}']));
            let comma = self.chars.peek() == Some(&',');
            if !comma || self.key_follows() {
                return text;
            }
            self.chars.next();
            text.push(',');
        }
    }

    /// Whether the comma that stands here is before a key.
    fn key_follows(&self) -> bool {
        let mut ahead = Reader {
            chars: self.chars.clone(),
            keys: self.keys,
        };
        ahead.chars.next();
        ahead.blanks();
        ahead.key().is_some()
    }
}

fn word(text: &str) -> Value {
    match text.trim() {
        "" | "null" | "None" | "nan" | "NaN" => Value::Null,
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        word => Value::String(unescaped(word)),
    }
}

/// Letters that JSON wrote as `\u00e9`. Other escapes have lost their quotation mark and stay.
pub fn unescaped(text: &str) -> String {
    if !text.contains("\\u") {
        return text.to_owned();
    }
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.to_owned())
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
