//! What a version corrects: the reason, and each number, finding, exhibit and parameter that is not as
//! it was.

use super::compose::Material;
use super::pen::{Pen, text_column};
use super::{Block, Cell, Definition, Inline, NoteWeight, Table};
use crate::diff::{Change, Changes, Exhibit, ExhibitChange, ExhibitKind, Head, Item, Kind, shown};
use crate::findings::{Quantity, Scalar};
use crate::numbers::{date_words, plural};
use serde_json::Value;
use std::collections::BTreeSet;

/// The note that heads the findings of a version that replaces another.
pub fn note(material: &Material) -> Option<Block> {
    let meta = &material.case.meta;
    let (supersedes, correction) = (meta.supersedes.as_ref()?, meta.correction.as_ref()?);
    let mut text = vec![
        Inline::text(format!("{correction} This version replaces the bundle ")),
        Inline::Code {
            text: supersedes.clone(),
        },
    ];
    if material.case.earlier.is_some() {
        text.push(Inline::text(". What differs is listed under "));
        text.push(Inline::Link {
            text: vec![Inline::text(TITLE)],
            to: format!("#{}", super::CORRECTIONS),
        });
        text.push(Inline::text("."));
    } else {
        text.push(Inline::text(". With both bundles at hand, "));
        text.push(Inline::Code {
            text: "casefile diff".into(),
        });
        text.push(Inline::text(" lists what differs."));
    }
    Some(Block::Note {
        weight: NoteWeight::Caution,
        title: format!("Correction of {}", date_words(meta.date.0)),
        text,
    })
}

/// Title of the section.
pub const TITLE: &str = "What this version corrects";

/// Empty where nothing is known of the version that is corrected but its digest.
pub fn corrections(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let Some(changes) = material.corrections else {
        return Vec::new();
    };
    // A full edition that corrects a public one is told what the public may see.
    let of_public = !material.public && changes.new.edition.name() == "public";
    let bundle = match of_public {
        true => format!("{}.zip", material.bundle.trim_end_matches("-full.zip")),
        false => material.bundle.clone(),
    };
    let mut blocks = vec![
        Block::Definitions {
            items: about(material, &changes.old),
        },
        Block::Paragraph {
            text: vec![Inline::text(told(changes))],
        },
    ];
    if of_public {
        blocks.push(Block::Paragraph {
            text: vec![Inline::text(
                "The public editions of both versions were compared: of what only this full edition shows, nothing is told here.",
            )],
        });
    }
    if !changes.numbers.is_empty() {
        blocks.push(Block::Table(numbers(pen, material, changes)));
    }
    if !changes.findings.is_empty() {
        blocks.push(Block::Table(findings(pen, &changes.findings)));
    }
    if !changes.evidence.is_empty() {
        blocks.push(Block::Table(evidence(pen, &changes.evidence)));
    }
    if !changes.parameters.is_empty() {
        let rows = changes.parameters.iter().map(|own| {
            let [before, after] = pair(own);
            vec![Cell::head(own.key.clone()), before, after]
        });
        let rows = rows.collect();
        blocks.push(Block::Table(table(
            pen,
            "parameters",
            "Parameters of the case that are not as they were",
            &["Parameter", "Before", "After"],
            rows,
        )));
    }
    blocks.push(Block::Paragraph {
        text: vec![
            Inline::text("The file "),
            Inline::Code {
                text: "corrections.json".into(),
            },
            Inline::text(
                " in the bundle lists all of this, sentence by sentence. Anyone who has both bundles can compare them:",
            ),
        ],
    });
    blocks.push(Block::Code {
        text: format!("casefile diff {} {}", changes.old.file_name(), bundle),
        label: "Command that compares the two versions".into(),
    });
    blocks
}

fn about(material: &Material, old: &Head) -> Vec<Definition> {
    let meta = &material.case.meta;
    let date = old
        .date
        .parse::<jiff::civil::Date>()
        .map_or_else(|_| old.date.clone(), date_words);
    // It may have been published under another name.
    let id = match old.id == meta.id {
        true => String::new(),
        false => format!("{}, ", old.id),
    };
    let mut corrects = vec![Inline::text(format!(
        "{id}version {} of {date}, {} edition",
        old.version,
        old.edition.name()
    ))];
    if let Some(root) = old.root {
        corrects.push(Inline::text(", root "));
        corrects.push(Inline::Code {
            text: root.grouped(),
        });
    }
    let line = |term: &str, description| Definition {
        term: term.into(),
        description,
    };
    let reason = meta.correction.clone().unwrap_or_default();
    vec![
        line("Corrected on", vec![Inline::text(date_words(meta.date.0))]),
        line("Reason", vec![Inline::text(reason)]),
        line("Corrects", corrects),
    ]
}

/// How much differs, in a paragraph.
fn told(changes: &Changes) -> String {
    let count = |list: usize, one: &str, many: &str| plural(list as u64, one, many);
    let mut out = format!(
        "Not as they were: {}, {}, {}, {}.",
        count(changes.numbers.len(), "number", "numbers"),
        count(changes.findings.len(), "finding", "findings"),
        count(changes.evidence.len(), "exhibit", "exhibits"),
        count(changes.parameters.len(), "parameter", "parameters"),
    );
    out.push_str(&match &changes.sentences {
        Some(_) => format!(
            " Apart from this section, {} of the earlier version were taken out, moved or written otherwise, and {} in this one were added, moved or written otherwise.",
            plural(changes.sentences_of(Kind::Removed), "sentence", "sentences"),
            plural(changes.sentences_of(Kind::Added), "sentence", "sentences"),
        ),
        None => " The earlier bundle does not list its sentences, so these were not compared.".into(),
    });
    let statements = |own: &ExhibitChange| {
        [&own.old, &own.new]
            .iter()
            .any(|own| own.as_ref().is_some_and(|own| own.kind == "statements"))
            && own.new.as_ref().is_none_or(|own| own.withheld)
            && own.old.as_ref().is_some_and(|own| !own.withheld)
    };
    if changes.evidence.iter().any(statements) {
        out.push_str(
            " Statements that the earlier version showed are withheld now: their section is not among what was compared.",
        );
    }
    out
}

fn table(pen: &mut Pen, id: &str, caption: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    pen.table(
        &format!("table-corrections-{id}"),
        vec![Inline::text(caption)],
        columns.iter().map(|label| text_column(label)).collect(),
        rows,
    )
}

/// Before and after, in words; empty where there is none.
fn pair(change: &Change) -> [Cell; 2] {
    [&change.old, &change.new].map(|value| match value {
        Value::Null => Cell::default(),
        value => Cell::words(shown(value)),
    })
}

/// Numbers that the report prints of a longer list, unless its texts state more: where a level changes,
/// hundreds of intervals do, and none of those who read the report would read on.
const LONGEST_LIST: usize = 60;

/// The numbers, those that the case's own texts state before the others.
fn numbers(pen: &mut Pen, material: &Material, changes: &Changes) -> Table {
    let findings = &material.findings;
    let of_findings = findings
        .findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.statement).chain(&finding.caveat));
    let stated: BTreeSet<&str> = of_findings
        .chain(&findings.abstract_)
        .chain(&findings.narrative)
        .flat_map(|prose| &prose.numbers)
        .map(|printed| printed.quantity.id.as_str())
        .collect();
    let (first, others): (Vec<&Item>, Vec<&Item>) = changes
        .numbers
        .iter()
        .partition(|item| stated.contains(item.id.as_str()));
    let longest = first.len().max(LONGEST_LIST);
    let items = first.into_iter().chain(others);
    let rows = items
        .enumerate()
        .map(|(at, item)| number(pen, material, &changes.old, item, at < longest))
        .collect();
    let caption = "Numbers that are not as they were, those of the findings and of the text first";
    Table {
        longest,
        ..table(
            pen,
            "numbers",
            caption,
            &["Number", "Before", "After"],
            rows,
        )
    }
}

/// A row; with provenance where the report prints it, since what it leaves out needs no note in it.
fn number(
    pen: &mut Pen,
    material: &Material,
    old: &Head,
    item: &Item,
    printed_here: bool,
) -> Vec<Cell> {
    let now = material.findings.results.get(&item.id);
    let text = item.fields.iter().find(|field| field.key == "text");
    let printed = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    // What is printed may be the same where the number behind it is not.
    let after = now.and_then(Quantity::text);
    let before = match text {
        Some(field) => printed(Some(&field.old)),
        None => after.clone(),
    };
    let before = (item.change != Kind::Added).then_some(before).flatten();
    let parts = |of: fn(&Change) -> &Value| {
        let other = item.fields.iter().filter(|field| field.key != "text");
        let parts: Vec<String> = other
            .filter(|field| !of(field).is_null())
            .map(|field| format!("{} {}", field.key, shown(of(field))))
            .collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    };
    let cell = |text: Option<String>, detail, provenance| match text {
        // An estimate without a value still has what it was refused for.
        None => Cell {
            detail,
            ..Cell::default()
        },
        Some(text) => Cell {
            detail,
            ..Cell::words(text).traced(provenance)
        },
    };
    // It may have been a number of something else, under the same path.
    let label = item.fields.iter().find(|field| field.key == "label");
    let label = label.and_then(|field| field.old.as_str());
    let label = label.unwrap_or(&item.label);
    let source = before.as_ref().filter(|_| printed_here).map(|text| {
        let mut quantity = Quantity::plain(
            format!("before/{}", item.id),
            format!("{label}, in version {}", old.version),
            Some(Scalar::Text(text.clone())),
            format!(
                "`{}` in statistics.json of the bundle that is corrected",
                item.id
            ),
        );
        quantity.method = "As the earlier version states it".into();
        quantity.method_source = old.root.map_or_else(String::new, |root| {
            format!("The bundle with the root {root}.")
        });
        pen.trace(&quantity)
    });
    let before = cell(before, parts(|field| &field.old), source);
    let traced = now.filter(|_| printed_here && after.is_some());
    let traced = traced.map(|own| pen.trace(own));
    let after = cell(after, parts(|field| &field.new), traced);
    let head = Cell {
        detail: Some(item.id.clone()),
        ..Cell::head(item.label.clone())
    };
    vec![head, before, after]
}

fn findings(pen: &mut Pen, items: &[Item]) -> Table {
    let mut rows = Vec::new();
    for item in items {
        for field in &item.fields {
            let [before, after] = pair(field);
            let head = Cell {
                detail: Some(format!("{}, {}", item.id, item.change.name())),
                ..Cell::head(item.label.clone())
            };
            let part = Cell::words(field.part());
            rows.push(vec![head, part, before, after]);
        }
    }
    table(
        pen,
        "findings",
        "Findings that are not as they were",
        &["Finding", "Part", "Before", "After"],
        rows,
    )
}

fn evidence(pen: &mut Pen, changes: &[ExhibitChange]) -> Table {
    let held = |own: &Option<Exhibit>| own.as_ref().is_some_and(|own| own.withheld);
    let row = |own: &ExhibitChange| {
        let exhibit = own.new.as_ref().or(own.old.as_ref());
        let number = exhibit.map_or_else(String::new, |own| own.exhibit.clone());
        let earlier = own.old.as_ref().filter(|old| old.exhibit != number);
        let change = match own.change {
            ExhibitKind::Added => "added",
            ExhibitKind::Removed => "taken out",
            ExhibitKind::Changed => match (held(&own.old), held(&own.new)) {
                (false, true) => "other bytes, now withheld",
                (true, false) => "other bytes, withheld before",
                _ => "other bytes",
            },
            ExhibitKind::Withheld => "the same bytes, now withheld",
            ExhibitKind::Disclosed => "the same bytes, withheld before",
            ExhibitKind::Renumbered => "the same bytes under another number",
        };
        let digest = |own: Option<&Exhibit>| {
            own.map_or_else(Cell::default, |own| Cell::words(own.sha256.to_string()))
        };
        vec![
            Cell {
                detail: earlier.map(|old| format!("before: {}", old.exhibit)),
                ..Cell::head(number)
            },
            Cell {
                detail: exhibit.map(|own| own.kind.clone()),
                ..Cell::words(change)
            },
            digest(own.old.as_ref()),
            digest(own.new.as_ref()),
        ]
    };
    let rows = changes.iter().map(row).collect();
    table(
        pen,
        "evidence",
        "Exhibits that are not as they were",
        &["Exhibit", "Change", "SHA-256 before", "SHA-256 after"],
        rows,
    )
}
