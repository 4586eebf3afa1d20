//! CSL-JSON, for citation managers and for our own formatted citations.

use super::text::unstopped;
use super::work::Work;
use super::{Author, Kind, PartKind};
use serde_json::{Map, Value, json};

/// The record or part as an array of one item, valid by the CSL project's `csl-data.json`.
pub fn csl_json(work: &Work) -> String {
    let mut item = item(work);
    // The digest is no variable of CSL; notes are kept by every manager.
    let notes: Vec<String> = work
        .digest_note()
        .into_iter()
        .chain(work.correction_note())
        .collect();
    if !notes.is_empty() {
        item.insert("note".into(), notes.join(". ").into());
    }
    let record = &work.record;
    if let Some(text) = record.abstract_.as_ref().filter(|_| work.part.is_none()) {
        item.insert("abstract".into(), text.as_str().into());
    }
    if !record.keywords.is_empty() {
        item.insert("keyword".into(), record.keywords.join(", ").into());
    }
    super::text::json(&json!([item]))
}

/// What styles print of the item.
pub fn styled(work: &Work) -> Map<String, Value> {
    let mut item = item(work);
    // A publisher who stands as author is not named twice (APA 7, 9.29).
    if work.record.authors.is_empty() {
        item.shift_remove("publisher");
    }
    // hayagriva parses "van der Berg" into particle and name unless a particle is given: a family
    // name is printed as its bearer writes it.
    if let Some(names) = item.get_mut("author").and_then(Value::as_array_mut) {
        for name in names.iter_mut().filter_map(Value::as_object_mut) {
            if name.contains_key("family") {
                name.insert("dropping-particle".into(), "".into());
            }
        }
    }
    item
}

/// The item.
fn item(work: &Work) -> Map<String, Value> {
    let record = &work.record;
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| {
        item.insert(key.into(), value);
    };
    put("id", work.key().into());
    put(
        "type",
        match (work.part.as_ref().map(|part| part.kind), record.kind) {
            (Some(PartKind::Finding), _) => "chapter",
            (Some(PartKind::Figure), _) => "figure",
            (Some(PartKind::Table), _) => "chapter",
            (None, Kind::Report) => "report",
            (None, Kind::Dataset) => "dataset",
        }
        .into(),
    );
    // A style sets its own mark after a title, inside quotation marks at that: a part that is a
    // sentence would end twice.
    let title = work.title();
    put(
        "title",
        match &work.part {
            Some(_) => unstopped(&title).into(),
            None => title.into(),
        },
    );
    if let Some(container) = work.container() {
        put("container-title", container.into());
    }
    let authors = work.responsible();
    if !authors.is_empty() {
        put("author", authors.iter().map(name).collect());
    }
    let date = record.date;
    put(
        "issued",
        json!({ "date-parts": [[date.year(), date.month(), date.day()]] }),
    );
    if let Some(publisher) = &record.publisher {
        put("publisher", publisher.as_str().into());
    }
    put("version", record.version.as_str().into());
    if work.part.is_none() {
        put("genre", record.kind.word().into());
    }
    if let Some(doi) = work.doi() {
        put("DOI", doi.into());
    }
    if let Some(url) = work.url() {
        put("URL", url.into());
    }
    if !record.language.is_empty() {
        put("language", record.language.as_str().into());
    }
    item
}

fn name(author: &Author) -> Value {
    match (&author.family, &author.given) {
        (Some(family), Some(given)) => json!({ "family": family, "given": given }),
        (Some(family), None) => json!({ "family": family }),
        _ => json!({ "literal": author.display() }),
    }
}
