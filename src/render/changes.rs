//! The differences between two bundles as a page that stands alone, in the style of the report.

use super::html::{Font, STYLE, environment, fonts, visible};
use crate::diff::{Change, Changes, Exhibit, ExhibitChange, Head, Item, Kind, shown};
use crate::error::{Problem, Result};
use crate::numbers::plural;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::Value;

/// What the template receives.
#[derive(Serialize)]
struct Page {
    title: &'static str,
    generator: &'static str,
    style: &'static str,
    fonts: Vec<Font>,
    answer: String,
    heads: [HeadView; 2],
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct HeadView {
    name: &'static str,
    text: String,
    root: Option<String>,
}

/// A section with a table, or with sentences by the place where they stand.
#[derive(Serialize, Default)]
struct Part {
    id: &'static str,
    title: &'static str,
    count: String,
    told: String,
    columns: Vec<&'static str>,
    /// The first cell names the row.
    rows: Vec<Vec<Cell>>,
    places: Vec<Place>,
}

#[derive(Serialize, PartialEq, Eq)]
struct Cell {
    /// `None` where there is nothing.
    text: Option<String>,
    /// What stands under it in smaller type.
    detail: Option<String>,
}

impl Cell {
    fn of(text: impl Into<String>) -> Self {
        Cell {
            text: Some(text.into()),
            detail: None,
        }
    }

    fn value(value: &Value) -> Self {
        Cell {
            text: text(value),
            detail: None,
        }
    }
}

#[derive(Serialize)]
struct Place {
    anchor: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    added: bool,
    text: String,
}

/// Writes the page: the same bytes for the same differences.
pub fn page(changes: &Changes) -> Result<Vec<u8>> {
    let answer = if changes.is_empty() {
        "The two bundles say the same."
    } else {
        "The two bundles differ."
    };
    let page = Page {
        title: "What differs between two bundles",
        generator: concat!("casefile ", env!("CARGO_PKG_VERSION")),
        style: STYLE,
        fonts: fonts(),
        answer: answer.into(),
        heads: [head("Earlier", &changes.old), head("Later", &changes.new)],
        parts: parts(changes),
    };
    let written = environment().and_then(|environment| {
        let template = environment.get_template("diff.html")?;
        template.render(minijinja::Value::from(Serde(&page)))
    });
    let text = written.map_err(|error| {
        Problem::new(
            "template-failed",
            "page of differences",
            format!("the page could not be written: {error:#}"),
        )
        .hint("this is a defect of casefile: please report it")
    })?;
    Ok(visible(&text).into_bytes())
}

fn head(name: &'static str, own: &Head) -> HeadView {
    HeadView {
        name,
        text: format!(
            "{} version {} of {}, {} edition",
            own.id,
            own.version,
            own.date,
            own.edition.name()
        ),
        root: own.root.map(|root| root.grouped()),
    }
}

/// What a reader asks first comes first: what is claimed, then what it rests on, then the bytes.
fn parts(changes: &Changes) -> Vec<Part> {
    let pairs = |list: &[Change]| list.iter().map(pair).collect::<Vec<_>>();
    let mut parts = vec![
        part(
            "findings",
            "Findings",
            &["Finding", "Change", "Part", "Before", "After"],
            changes.findings.iter().flat_map(finding).collect(),
        ),
        sentences(changes),
        part(
            "evidence",
            "Evidence",
            &["Exhibit", "Change", "SHA-256 before", "SHA-256 after"],
            changes.evidence.iter().map(exhibit).collect(),
        ),
        part(
            "parameters",
            "Parameters",
            &["Parameter", "Before", "After"],
            pairs(&changes.parameters),
        ),
        part(
            "numbers",
            "Numbers",
            &["Number", "Before", "After"],
            changes.numbers.iter().map(number).collect(),
        ),
        part(
            "files",
            "Files",
            &["File", "SHA-256 before", "SHA-256 after"],
            pairs(&changes.files),
        ),
    ];
    if !changes.about.is_empty() {
        parts.push(part(
            "about",
            "Edition and program",
            &["What", "Before", "After"],
            pairs(&changes.about),
        ));
    }
    parts
}

fn part(
    id: &'static str,
    title: &'static str,
    columns: &[&'static str],
    rows: Vec<Vec<Cell>>,
) -> Part {
    // A finding with several parts has a row for each.
    let mut names: Vec<&Cell> = rows.iter().filter_map(|row| row.first()).collect();
    names.dedup();
    let count = names.len() as u64;
    Part {
        id,
        title,
        count: count.to_string(),
        told: match count {
            0 => "No difference.".into(),
            count => format!("{}.", plural(count, "difference", "differences")),
        },
        columns: columns.to_vec(),
        rows,
        places: Vec::new(),
    }
}

fn text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| shown(value))
}

fn pair(change: &Change) -> Vec<Cell> {
    vec![
        Cell::of(change.key.as_str()),
        Cell::value(&change.old),
        Cell::value(&change.new),
    ]
}

fn named(item: &Item) -> Cell {
    Cell {
        text: Some(item.label.clone()),
        detail: Some(item.id.clone()),
    }
}

/// A row for each part: these are texts.
fn finding(item: &Item) -> Vec<Vec<Cell>> {
    let row = |field: &Change| {
        vec![
            named(item),
            Cell::of(item.change.name()),
            Cell::of(field.part()),
            Cell::value(&field.old),
            Cell::value(&field.new),
        ]
    };
    item.fields.iter().map(row).collect()
}

/// One row; that it came or went is seen by the side that is empty.
fn number(item: &Item) -> Vec<Cell> {
    vec![
        named(item),
        estimate(&item.fields, |field| &field.old),
        estimate(&item.fields, |field| &field.new),
    ]
}

/// One side of a number: as it is printed, or else its value, and under it what else differs. Where
/// it reads the same on both sides, what differs stands alone.
fn estimate(fields: &[Change], side: impl Fn(&Change) -> &Value) -> Cell {
    let first = ["text", "value"]
        .into_iter()
        .find_map(|key| fields.iter().find(|field| field.key == key));
    let others: Vec<String> = fields
        .iter()
        .filter(|field| first.is_none_or(|first| first.key != field.key))
        .filter_map(|field| Some(format!("{} {}", field.part(), text(side(field))?)))
        .collect();
    let others = (!others.is_empty()).then(|| others.join("; "));
    match first {
        Some(first) => Cell {
            text: text(side(first)),
            detail: others,
        },
        None => Cell {
            text: others,
            detail: None,
        },
    }
}

fn exhibit(change: &ExhibitChange) -> Vec<Cell> {
    let name = |own: &Exhibit| match &own.file {
        Some(file) => format!("{} {file} ({})", own.exhibit, own.kind),
        None => format!("{} ({}, withheld)", own.exhibit, own.kind),
    };
    let (old, new) = (change.old.as_ref(), change.new.as_ref());
    let mut named = new.or(old).map(name).unwrap_or_default();
    if let (Some(old), Some(new)) = (old, new)
        && old.exhibit != new.exhibit
    {
        named.push_str(&format!(", before {}", old.exhibit));
    }
    let digest = |own: Option<&Exhibit>| Cell {
        text: own.map(|own| own.sha256.to_string()),
        detail: None,
    };
    vec![
        Cell::of(named),
        Cell::of(change.change.name()),
        digest(old),
        digest(new),
    ]
}

fn sentences(changes: &Changes) -> Part {
    let mut out = part("sentences", "Sentences", &[], Vec::new());
    let Some(list) = &changes.sentences else {
        out.count = "not compared".into();
        out.told = "Not compared, since a bundle does not list its sentences.".into();
        return out;
    };
    if list.is_empty() {
        return out;
    }
    let count = |kind| plural(changes.sentences_of(kind), "sentence", "sentences");
    out.count = list.len().to_string();
    out.told = format!(
        "{} of the earlier bundle only, {} of the later only.",
        count(Kind::Removed),
        count(Kind::Added)
    );
    for sentence in list {
        if out
            .places
            .last()
            .is_none_or(|own| own.anchor != sentence.anchor)
        {
            out.places.push(Place {
                anchor: sentence.anchor.clone(),
                lines: Vec::new(),
            });
        }
        if let Some(place) = out.places.last_mut() {
            place.lines.push(Line {
                added: sentence.change == Kind::Added,
                text: sentence.text.clone(),
            });
        }
    }
    out
}
