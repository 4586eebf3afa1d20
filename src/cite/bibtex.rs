//! BibTeX that classic BibTeX and biblatex read alike.
//!
//! `@techreport` is in both (biblatex reads it as `@report`), `@report` and `@dataset` are not in
//! classic BibTeX; it demands an `institution`, so a report without publisher is `@misc`, as is a
//! data set. Version and digest stand in fields that both print: classic BibTeX knows no `version`.

use super::work::Work;
use super::{Author, Kind};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The record or part as one entry.
pub fn bibtex(work: &Work) -> String {
    let record = &work.record;
    let mut fields: Vec<(&str, String)> = Vec::new();
    // The inner braces keep capitals that a style would lower.
    let title = |text: &str| format!("{{{{{}}}}}", escaped(text));
    let text = |text: &str| format!("{{{}}}", escaped(text));
    fields.push(("title", title(&work.title())));
    let authors = work.responsible();
    if !authors.is_empty() {
        let names: Vec<String> = authors.iter().map(name).collect();
        fields.push(("author", format!("{{{}}}", names.join(" and "))));
    }
    let version = format!("Version {}", record.version);
    let kind = match (&work.part, record.kind, &record.publisher) {
        (Some(_), _, _) => {
            fields.push(("booktitle", title(&work.whole_title())));
            if let Some(publisher) = &record.publisher {
                fields.push(("publisher", text(publisher)));
            }
            fields.push(("edition", text(&version)));
            "incollection"
        }
        (None, Kind::Report, Some(publisher)) => {
            fields.push(("institution", text(publisher)));
            fields.push(("type", text(record.kind.word())));
            fields.push(("number", text(&version)));
            "techreport"
        }
        (None, _, publisher) => {
            if let Some(publisher) = publisher {
                fields.push(("publisher", text(publisher)));
            }
            fields.push((
                "howpublished",
                text(&format!(
                    "{}, version {}",
                    record.kind.word(),
                    record.version
                )),
            ));
            "misc"
        }
    };
    fields.push(("year", format!("{{{}}}", record.date.year())));
    if let Some(month) = usize::try_from(record.date.month())
        .ok()
        .and_then(|month| MONTHS.get(month - 1))
    {
        // The macro, not a word: styles print it in their own language.
        fields.push(("month", (*month).into()));
    }
    if let Some(doi) = work.doi() {
        fields.push(("doi", verbatim(doi)));
    }
    if let Some(url) = work.url() {
        fields.push(("url", verbatim(&url)));
    }
    let notes: Vec<String> = work
        .digest_note()
        .into_iter()
        .chain(work.correction_note())
        .collect();
    if !notes.is_empty() {
        fields.push(("note", text(&notes.join(". "))));
    }
    if record.language.split('-').next() == Some("en") {
        fields.push(("langid", "{english}".into()));
    }
    if let Some(license) = &record.license {
        fields.push(("copyright", text(license)));
    }
    if !record.keywords.is_empty() {
        // A comma separates keywords, so a keyword cannot have one.
        let words: Vec<String> = record
            .keywords
            .iter()
            .map(|word| word.replace(',', " "))
            .collect();
        fields.push(("keywords", text(&words.join(", "))));
    }
    if let (Some(abstract_), None) = (&record.abstract_, &work.part) {
        fields.push(("abstract", text(abstract_)));
    }
    let mut out = format!("@{kind}{{{},\n", work.key());
    for (field, value) in fields {
        out.push_str(&format!("  {field:<12} = {value},\n"));
    }
    out.push_str("}\n");
    out
}

/// "Family, Given"; a name that is not divided stands in braces of its own, or it would be.
fn name(author: &Author) -> String {
    let part = |text: &str| {
        // A comma or `and` would divide the list or the name; braces hold them together.
        let divides =
            text.contains(',') || text.split(' ').any(|word| word.eq_ignore_ascii_case("and"));
        if divides {
            format!("{{{}}}", escaped(text))
        } else {
            escaped(text)
        }
    };
    match (&author.family, &author.given) {
        (Some(family), Some(given)) => format!("{}, {}", part(family), part(given)),
        _ => format!("{{{}}}", escaped(&author.display())),
    }
}

/// Text whose every character prints as itself.
///
/// BibTeX counts braces whether a backslash stands before them or not, so `\{` is written only
/// where braces pair; others become commands. Hyphens are kept from joining into dashes.
fn escaped(text: &str) -> String {
    let paired = pairs(text);
    let mut out = String::with_capacity(text.len());
    let mut last = None;
    for c in text.chars() {
        match c {
            '{' | '}' if paired => out.extend(['\\', c]),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '%' | '&' | '#' | '$' | '_' => out.extend(['\\', c]),
            '-' if last == Some('-') => out.push_str("{}-"),
            _ => out.push(c),
        }
        last = Some(c);
    }
    out
}

/// Whether each opening brace has its closing one after it.
fn pairs(text: &str) -> bool {
    let mut open = 0usize;
    for c in text.chars() {
        match c {
            '{' => open += 1,
            '}' if open == 0 => return false,
            '}' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

/// Fields that LaTeX reads verbatim: what is no URI character is encoded, so braces are balanced.
fn verbatim(address: &str) -> String {
    format!("{{{}}}", super::text::uri(address))
}
