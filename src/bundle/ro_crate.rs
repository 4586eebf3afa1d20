//! The bundle as an RO-Crate 1.3 (<https://w3id.org/ro/crate/1.3>): section 3 of the format.

use super::format::{self, List, Listed};
use super::{About, Creator, Label, license_address};
use serde_json::{Value, json};

/// Where a licence that is no address stands, or the sentence that none was stated.
const LICENSE: &str = "#license";
const PUBLISHER: &str = "#publisher";
const PROGRAM: &str = "#program";
const BUILD: &str = "#build";

/// `ro-crate-metadata.json` for the files of the list.
pub(super) fn text(label: &Label, list: &List) -> String {
    let about = &label.about;
    let mut graph = vec![descriptor(), root(label, list), license(about)];
    graph.extend(
        list.publisher
            .iter()
            .map(|name| json!({ "@id": PUBLISHER, "@type": "Organization", "name": name })),
    );
    for (index, author) in about.authors.iter().enumerate() {
        graph.extend(person(index, author));
    }
    graph.push(program(&list.software));
    graph.push(build(list));
    graph.extend(list.files.iter().map(file));
    let crate_ = json!({
        "@context": "https://w3id.org/ro/crate/1.3/context",
        "@graph": graph,
    });
    format!("{crate_:#}\n")
}

fn descriptor() -> Value {
    json!({
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": { "@id": "./" },
        "conformsTo": { "@id": "https://w3id.org/ro/crate/1.3" },
    })
}

fn root(label: &Label, list: &List) -> Value {
    let about = &label.about;
    let refer = |id: String| json!({ "@id": id });
    let mut root = json!({
        "@id": "./",
        "@type": "Dataset",
        "name": list.title,
        "description": about.description,
        "version": list.version,
        "datePublished": list.date,
        "identifier": list.top_folder(),
        "license": refer(about.license.as_deref().and_then(license_address).unwrap_or_else(|| LICENSE.into())),
        "inLanguage": about.language,
        "mentions": refer(BUILD.into()),
        "hasPart": list.files.iter().map(|file| refer(format::crate_id(&file.path))).collect::<Vec<_>>(),
    });
    let mut add = |name: &str, value: Value| root[name] = value;
    if list.publisher.is_some() {
        add("publisher", refer(PUBLISHER.into()));
    }
    if !about.authors.is_empty() {
        let authors = about.authors.iter().enumerate();
        add(
            "author",
            authors
                .map(|(index, author)| refer(id_of(index, author)))
                .collect(),
        );
    }
    if !about.keywords.is_empty() {
        add("keywords", json!(about.keywords));
    }
    if let Some(url) = &about.url {
        add("url", json!(url));
    }
    if let Some(doi) = &about.doi {
        add("sameAs", json!(format!("https://doi.org/{doi}")));
    }
    root
}

fn license(about: &About) -> Value {
    match (
        &about.license,
        about.license.as_deref().and_then(license_address),
    ) {
        (Some(name), Some(address)) => json!({
            "@id": address, "@type": "CreativeWork", "name": name,
            "description": "Licence of what the publisher made. Evidence belongs to whom it belonged.",
        }),
        (Some(words), None) => json!({
            "@id": LICENSE, "@type": "CreativeWork", "name": words, "description": words,
        }),
        (None, _) => json!({
            "@id": LICENSE, "@type": "CreativeWork", "name": "No licence stated",
            "description": "The publisher stated no licence.",
        }),
    }
}

fn id_of(index: usize, author: &Creator) -> String {
    author
        .address()
        .unwrap_or_else(|| format!("#author-{}", index + 1))
}

/// Whoever has an ORCID is a person; of others the case does not say.
fn person(index: usize, author: &Creator) -> Vec<Value> {
    let mut entity = json!({
        "@id": id_of(index, author),
        "@type": if author.orcid.is_some() { "Person" } else { "Organization" },
        "name": author.name,
    });
    let Some(affiliation) = &author.affiliation else {
        return vec![entity];
    };
    let id = format!("#affiliation-{}", index + 1);
    let relation = if author.orcid.is_some() {
        "affiliation"
    } else {
        "parentOrganization"
    };
    entity[relation] = json!({ "@id": id });
    vec![
        entity,
        json!({ "@id": id, "@type": "Organization", "name": affiliation }),
    ]
}

/// What made the report. A SoftwareApplication must have an address of its own, and a bundle should
/// not promise for ever that an address holds.
fn program(software: &str) -> Value {
    let (name, version) = software.split_once(' ').unwrap_or((software, ""));
    json!({ "@id": PROGRAM, "@type": "CreativeWork", "name": name, "version": version })
}

/// What was made of what.
fn build(list: &List) -> Value {
    let (evidence, made): (Vec<&Listed>, Vec<&Listed>) = list
        .files
        .iter()
        .partition(|file| matches!(file.role.as_str(), "evidence" | "case"));
    let refer = |files: Vec<&Listed>| -> Value {
        let ids = files
            .iter()
            .map(|file| json!({ "@id": format::crate_id(&file.path) }));
        ids.collect()
    };
    json!({
        "@id": BUILD,
        "@type": "CreateAction",
        "name": "Report made from the case and its evidence",
        "instrument": { "@id": PROGRAM },
        "object": refer(evidence),
        "result": refer(made),
    })
}

fn file(file: &Listed) -> Value {
    json!({
        "@id": format::crate_id(&file.path),
        "@type": "File",
        "name": file.path,
        "description": description(&file.role),
        "encodingFormat": file.media_type,
        "contentSize": file.bytes.to_string(),
        "sha256": file.sha256,
    })
}

/// What a file of this role is, for the reader of a crate.
pub(super) fn description(role: &str) -> &'static str {
    match role {
        "report" => "The report",
        "figure" => "A figure of the report",
        "table" => "A table of the report",
        "data" => "Machine-readable results",
        "evidence" => "A raw file exactly as received",
        "case" => "The declaration of the case",
        "citation" => "How to cite the report",
        "tool" => "Checks or recomputes the bundle without casefile",
        _ => "A record of how the report was made",
    }
}
