//! Differences as lines for a person. What bundles say is somebody's text: nothing of it acts on a
//! terminal.

use super::changes::{Change, Changes, Item, Kind};
use super::exhibits::{Exhibit, ExhibitChange};
use super::side::Head;
use crate::error::printable;
use crate::numbers::plural;
use serde_json::Value;
use std::fmt;

/// Longest text that is printed whole, in characters; the JSON and the page have all.
const LONGEST: usize = 2000;

fn safe(text: &str) -> String {
    printable(text, LONGEST)
}

/// A value in one line; "none" where there is none.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".into(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl fmt::Display for Changes {
    /// A part after the other, each with how many differences it has, then the conclusion; no final
    /// newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        head(f, "old", &self.old)?;
        head(f, "new", &self.new)?;
        for change in &self.about {
            writeln!(f, "{}", line(change))?;
        }
        title(f, "evidence", self.evidence.len())?;
        for change in &self.evidence {
            writeln!(f, "  {}", exhibit(change))?;
        }
        title(f, "parameters", self.parameters.len())?;
        for change in &self.parameters {
            writeln!(f, "  {}", line(change))?;
        }
        for (name, items) in [("numbers", &self.numbers), ("findings", &self.findings)] {
            title(f, name, items.len())?;
            for item in items {
                write_item(f, item)?;
            }
        }
        match &self.sentences {
            None => writeln!(
                f,
                "sentences: not compared, since a bundle does not list its own"
            )?,
            Some(list) => {
                title(f, "sentences", list.len())?;
                let mut place = None;
                for sentence in list {
                    if place != Some(&sentence.anchor) {
                        writeln!(f, "  at {}", safe(&sentence.anchor))?;
                        place = Some(&sentence.anchor);
                    }
                    let sign = if sentence.change == Kind::Added {
                        '+'
                    } else {
                        '-'
                    };
                    writeln!(f, "    {sign} {}", safe(&sentence.text))?;
                }
            }
        }
        title(f, "files", self.files.len())?;
        for change in &self.files {
            let kind = match (&change.old, &change.new) {
                (Value::Null, _) => Kind::Added,
                (_, Value::Null) => Kind::Removed,
                _ => Kind::Changed,
            };
            writeln!(f, "  {:<8} {}", kind.name(), safe(&change.key))?;
        }
        match self.is_empty() {
            true => write!(f, "same: the two bundles say the same"),
            false => write!(f, "different"),
        }
    }
}

fn head(f: &mut fmt::Formatter<'_>, name: &str, own: &Head) -> fmt::Result {
    let root = own.root.map(|root| format!(", root {root}"));
    writeln!(
        f,
        "{name}: {} version {} of {}, {} edition{}",
        safe(&own.id),
        safe(&own.version),
        safe(&own.date),
        own.edition.name(),
        root.unwrap_or_default()
    )
}

fn title(f: &mut fmt::Formatter<'_>, name: &str, count: usize) -> fmt::Result {
    match count {
        0 => writeln!(f, "{name}: no difference"),
        count => writeln!(
            f,
            "{name}: {}",
            plural(count as u64, "difference", "differences")
        ),
    }
}

fn line(change: &Change) -> String {
    format!(
        "{}: {} -> {}",
        safe(&change.key),
        safe(&shown(&change.old)),
        safe(&shown(&change.new))
    )
}

fn write_item(f: &mut fmt::Formatter<'_>, item: &Item) -> fmt::Result {
    writeln!(
        f,
        "  {:<8} {}: {}",
        item.change.name(),
        safe(&item.id),
        safe(&item.label)
    )?;
    for change in &item.fields {
        writeln!(f, "             {}", line(change))?;
    }
    Ok(())
}

/// "changed    EX-002 evidence/ads.csv: sha256 ... -> ...".
fn exhibit(change: &ExhibitChange) -> String {
    let name = |own: &Exhibit| {
        let file = own.file.as_deref().unwrap_or("(withheld)");
        format!("{} {} ({})", own.exhibit, file, own.kind)
    };
    let (old, new) = (change.old.as_ref(), change.new.as_ref());
    let named = match (old, new) {
        (Some(a), Some(b)) if a.exhibit != b.exhibit => {
            format!("{}, before {}", name(b), a.exhibit)
        }
        (_, Some(own)) | (Some(own), None) => name(own),
        (None, None) => String::new(),
    };
    let digests = match (old, new) {
        (Some(a), Some(b)) if a.sha256 != b.sha256 => {
            format!("sha256 {} -> {}", a.sha256, b.sha256)
        }
        (_, Some(own)) | (Some(own), None) => format!("sha256 {}", own.sha256),
        (None, None) => String::new(),
    };
    format!("{:<10} {}: {digests}", change.change.name(), safe(&named))
}
