//! What a public edition shows of a bibliography: the works that it cites, in the fields that describe
//! a work. Notes, paths of files, works that are not cited and text between entries stay with the author.

use std::collections::BTreeMap;

/// Fields of BibLaTeX (manual, 2.2.2) that describe the work itself.
const DESCRIBING: [&str; 44] = [
    "address",
    "author",
    "bookauthor",
    "booksubtitle",
    "booktitle",
    "chapter",
    "date",
    "doi",
    "edition",
    "editor",
    "editora",
    "editorb",
    "editorc",
    "eprint",
    "eprinttype",
    "eventtitle",
    "institution",
    "isbn",
    "issn",
    "issue",
    "issuetitle",
    "journal",
    "journaltitle",
    "langid",
    "language",
    "location",
    "maintitle",
    "month",
    "number",
    "organization",
    "pages",
    "pagetotal",
    "part",
    "publisher",
    "school",
    "series",
    "shorttitle",
    "subtitle",
    "title",
    "translator",
    "type",
    "url",
    "volume",
    "year",
];

/// Fields of BibLaTeX (manual, 2.2.2) that hold names of people.
const PEOPLE: [&str; 15] = [
    "afterword",
    "annotator",
    "author",
    "bookauthor",
    "commentator",
    "editor",
    "editora",
    "editorb",
    "editorc",
    "foreword",
    "holder",
    "introduction",
    "shortauthor",
    "shorteditor",
    "translator",
];

/// The entry as it is published, and its words without markup, names also as they are spoken, so that
/// withheld names are found in them however they are written in the file.
pub(super) fn entry(entry: &biblatex::Entry) -> (String, String) {
    let mut shown = entry.clone();
    shown
        .fields
        .retain(|name, _| DESCRIBING.contains(&name.as_str()));
    let mut words: Vec<String> = shown.fields.values().map(|chunks| plain(chunks)).collect();
    let people = PEOPLE
        .iter()
        .filter_map(|field| entry.get_as::<Vec<biblatex::Person>>(field).ok())
        .flatten();
    words.extend(people.map(|person| {
        let parts = [&person.given_name, &person.prefix, &person.name];
        let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }));
    (shown.to_biblatex_string(), words.join("\n"))
}

fn plain(chunks: &[biblatex::Spanned<biblatex::Chunk>]) -> String {
    let text = chunks.iter().map(|chunk| chunk.v.get());
    text.collect()
}

/// A chain of entries or abbreviations that leads back to itself, or further than any is long.
/// The reader of BibLaTeX follows them without an end.
pub(super) fn cycle<'s>(raw: &biblatex::RawBibliography<'s>) -> Option<&'s str> {
    use biblatex::RawChunk;
    let mut leads: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names: BTreeMap<String, &'s str> = BTreeMap::new();
    let abbreviation = |name: &str| format!("string {}", name.to_ascii_lowercase());
    for pair in &raw.abbreviations {
        let name = abbreviation(pair.key.v);
        for chunk in &pair.value.v {
            if let RawChunk::Abbreviation(other) = chunk.v {
                leads
                    .entry(name.clone())
                    .or_default()
                    .push(abbreviation(other));
            }
        }
        names.insert(name, pair.key.v);
    }
    for entry in &raw.entries {
        let name = format!("entry {}", entry.v.key.v);
        for field in &entry.v.fields {
            let kind = field.key.v.to_ascii_lowercase();
            if !["crossref", "xdata", "xref"].contains(&kind.as_str()) {
                continue;
            }
            for chunk in &field.value.v {
                let (RawChunk::Normal(text) | RawChunk::Abbreviation(text)) = chunk.v;
                let others = text.split(',').map(str::trim).filter(|own| !own.is_empty());
                let others = others.map(|own| format!("entry {own}"));
                leads.entry(name.clone()).or_default().extend(others);
            }
        }
        names.insert(name, entry.v.key.v);
    }
    // Length of the longest chain from each, found by taking away what leads nowhere any more.
    let mut rounds = 0;
    while !leads.is_empty() && rounds < DEEPEST {
        let open: std::collections::BTreeSet<String> = leads.keys().cloned().collect();
        leads.retain(|_, others| others.iter().any(|other| open.contains(other)));
        if leads.len() == open.len() {
            break;
        }
        rounds += 1;
    }
    let first = leads.keys().next()?;
    names.get(first).copied()
}

/// Entries that inherit of entries: more than any library has.
const DEEPEST: usize = 16;
