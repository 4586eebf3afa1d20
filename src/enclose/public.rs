//! The copies of the case that the public edition holds: what names withheld files, and people who
//! gave them, is left out.

use crate::case::Case;
use crate::evidence::Evidence;

/// The exhibit under which a withheld file is known in the public edition.
fn exhibit_of<'e>(evidence: &'e Evidence, file: &str) -> Option<&'e str> {
    evidence
        .source(file)
        .filter(|source| source.withheld)
        .map(|source| source.exhibit.as_str())
}

/// `case.toml` for the public edition: the names of withheld files are exhibit numbers, and where
/// they came from is left out; comments are gone. The full edition holds the original.
pub(super) fn case(of: &Case, evidence: &Evidence) -> String {
    let Ok(mut table) = of.toml.parse::<toml::Table>() else {
        return String::new();
    };
    // A place on the machine where the case was built.
    if let Some(about) = table.get_mut("case").and_then(toml::Value::as_table_mut) {
        about.remove("earlier");
    }
    let entries = table
        .get_mut("evidence")
        .and_then(toml::Value::as_array_mut);
    for entry in entries
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table_mut)
    {
        let named = entry
            .get("file")
            .and_then(toml::Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let own = of
            .sources
            .iter()
            .filter(|source| *source.declaration.file.get_ref() == named);
        let exhibits: Vec<&str> = own
            .filter_map(|source| exhibit_of(evidence, &source.file))
            .collect();
        if !exhibits.is_empty() {
            entry.insert("file".into(), toml::Value::String(exhibits.join(", ")));
            entry.remove("obtained");
            entry.remove("columns");
            // Words of the cells, and the name of the account that received the messages.
            entry.remove("values");
            entry.remove("account");
            entry.remove("sheet");
        }
    }
    let body = toml::to_string(&table).unwrap_or_default();
    format!(
        "# Public edition: names and origins of withheld files, and comments, are left out.\n{body}"
    )
}

/// The custody log for the public edition: entries of withheld files name the exhibit and leave out
/// who gave the file, and how. It is chained anew, since the digests of single lines that say more would
/// confirm a guess of what each of them says; the full edition holds the original.
pub(super) fn custody(case: &Case, evidence: &Evidence) -> String {
    let mut out = String::new();
    for entry in &case.custody {
        let mut entry = entry.clone();
        let exhibit = exhibit_of(evidence, &entry.file);
        // A file that is no longer declared may have been taken out for its name.
        let undeclared = entry.action == "add" && evidence.source(&entry.file).is_none();
        if exhibit.is_some() || undeclared {
            entry.file = exhibit.unwrap_or("no longer declared").to_owned();
            (entry.by, entry.from, entry.how) = (None, None, None);
        }
        let line = crate::case::custody_line(&out, entry);
        out.push_str(&line);
        out.push('\n');
    }
    out
}
