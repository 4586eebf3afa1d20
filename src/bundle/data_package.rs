//! The bundle as a Data Package 2.0 (<https://datapackage.org/standard/data-package/>): section 4 of
//! the format.

use super::columns::{self, Columns};
use super::format::{List, Listed, PAYLOAD_FOLDER};
use super::{About, Label, license_address, ro_crate};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// `datapackage.json` for the files of the list, whose bytes are in `files` by their path in the bag.
pub(super) fn text(label: &Label, list: &List, files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut taken = BTreeSet::new();
    let resources: Vec<Value> = list
        .files
        .iter()
        .map(|file| {
            let bytes = files.get(&format!("{PAYLOAD_FOLDER}{}", file.path));
            resource(file, bytes.map_or(&[], Vec::as_slice), &mut taken)
        })
        .collect();
    let mut package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": list.top_folder().to_lowercase(),
        "id": list.top_folder(),
        "title": list.title,
        "description": label.about.description,
        "version": list.version,
        "created": format!("{}T00:00:00Z", list.date),
    });
    about(&label.about, &mut package);
    package["resources"] = Value::from(resources);
    format!("{package:#}\n")
}

fn about(about: &About, package: &mut Value) {
    if let Some(license) = &about.license {
        package["licenses"] = match license_address(license) {
            Some(address) if address == *license => json!([{ "path": address }]),
            Some(address) => json!([{ "name": license, "path": address }]),
            None => json!([{ "title": license, "name": "other" }]),
        };
    }
    if !about.authors.is_empty() {
        let authors = about.authors.iter().map(|author| {
            let mut entry = Map::new();
            entry.insert("title".into(), author.name.clone().into());
            entry.extend(
                author
                    .address()
                    .map(|path| ("path".to_owned(), path.into())),
            );
            entry.extend(
                author
                    .affiliation
                    .clone()
                    .map(|name| ("organization".to_owned(), name.into())),
            );
            entry.insert("roles".into(), json!(["author"]));
            Value::Object(entry)
        });
        package["contributors"] = authors.collect();
    }
    if !about.keywords.is_empty() {
        package["keywords"] = json!(about.keywords);
    }
    if let Some(url) = &about.url {
        package["homepage"] = json!(url);
    }
}

fn resource(file: &Listed, bytes: &[u8], taken: &mut BTreeSet<String>) -> Value {
    let mut resource = json!({
        "name": name(&file.path, taken),
        "path": file.path,
        "description": ro_crate::description(&file.role),
        "mediatype": file.media_type,
        "bytes": file.bytes,
        "hash": format!("sha256:{}", file.sha256),
    });
    let table = matches!(
        file.media_type.as_str(),
        "text/csv" | "text/tab-separated-values"
    );
    match columns::read(bytes).filter(|_| table) {
        Some(columns) => describe(&mut resource, &columns, file.role != "evidence"),
        None => {
            resource["type"] = json!("file");
            if table {
                resource["description"] =
                    json!("A text file that is no regular table: read it with care");
            }
        }
    }
    resource
}

/// Fields of evidence are text, as received: what its numbers mean is for the reader of the format
/// to say, and not for us to guess.
fn describe(resource: &mut Value, columns: &Columns, typed: bool) {
    resource["type"] = json!("table");
    resource["format"] = json!("csv");
    resource["encoding"] = json!("utf-8");
    resource["dialect"] = json!({ "delimiter": columns.delimiter.to_string(), "quoteChar": "\"", "doubleQuote": true, "header": true });
    let fields: Vec<Value> = columns
        .fields
        .iter()
        .map(|field| json!({ "name": field.name, "type": if typed { field.kind } else { "string" } }))
        .collect();
    resource["schema"] = json!({ "fields": fields, "missingValues": [""] });
}

/// A name that no other resource has, of the characters that the standard asks for.
fn name(path: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String = path
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let mut name = plain.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{plain}-{number}");
        number += 1;
    }
    name
}
