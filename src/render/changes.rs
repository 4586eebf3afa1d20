//! The differences between two bundles as a page that stands alone, in the style of the report.

use super::html::{Font, STYLE, environment, fonts, visible};
use crate::diff::{Change, Changes, Exhibit, ExhibitChange, Head, Item, Kind, shown};
use crate::error::{Problem, Result};
use crate::numbers::plural;
use minijinja::value::{Serde, Value};
use serde::Serialize;

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
    /// `None` where there is nothing; the first cell names the row.
    rows: Vec<Vec<Option<String>>>,
    places: Vec<Place>,
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
        template.render(Value::from(Serde(&page)))
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

fn parts(changes: &Changes) -> Vec<Part> {
    let pairs = |list: &[Change]| list.iter().map(pair).collect::<Vec<_>>();
    let mut parts = vec![
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
            &["Number", "Change", "Part", "Before", "After"],
            items(&changes.numbers),
        ),
        part(
            "findings",
            "Findings",
            &["Finding", "Change", "Part", "Before", "After"],
            items(&changes.findings),
        ),
        sentences(changes),
        part(
            "files",
            "Files",
            &["File", "SHA-256 before", "SHA-256 after"],
            pairs(&changes.files),
        ),
    ];
    if !changes.about.is_empty() {
        let about = part(
            "about",
            "Edition and program",
            &["What", "Before", "After"],
            pairs(&changes.about),
        );
        parts.insert(0, about);
    }
    parts
}

fn part(
    id: &'static str,
    title: &'static str,
    columns: &[&'static str],
    rows: Vec<Vec<Option<String>>>,
) -> Part {
    // A number with several parts has a row for each.
    let mut names: Vec<&Option<String>> = rows.iter().filter_map(|row| row.first()).collect();
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

fn text(value: &serde_json::Value) -> Option<String> {
    (!value.is_null()).then(|| shown(value))
}

fn pair(change: &Change) -> Vec<Option<String>> {
    vec![
        Some(change.key.clone()),
        text(&change.old),
        text(&change.new),
    ]
}

fn items(items: &[Item]) -> Vec<Vec<Option<String>>> {
    let rows = items.iter().flat_map(|item| {
        item.fields.iter().map(|field| {
            vec![
                Some(format!("{} ({})", item.label, item.id)),
                Some(item.change.name().to_owned()),
                Some(field.part()),
                text(&field.old),
                text(&field.new),
            ]
        })
    });
    rows.collect()
}

fn exhibit(change: &ExhibitChange) -> Vec<Option<String>> {
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
    vec![
        Some(named),
        Some(change.change.name().to_owned()),
        old.map(|own| own.sha256.to_string()),
        new.map(|own| own.sha256.to_string()),
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
