//! The page for a browser calls an authority as the command does: its table of short names is that of
//! the crate `const-oid`.

use crate::support::root;
use std::collections::BTreeMap;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::db::DB;

/// What `x509-cert` writes before the `=`: the shortest name, of those the first, in upper case.
fn short(dotted: &str) -> Option<String> {
    let oid = ObjectIdentifier::new(dotted).ok()?;
    let names = DB.find_names_for_oid(oid);
    names.min_by_key(|name| name.len()).map(str::to_uppercase)
}

/// The table of the page: names by the arcs before the last, and the last.
fn table() -> BTreeMap<String, BTreeMap<u32, String>> {
    let path = "templates/verify/timestamp/x509_names.js";
    let script = std::fs::read_to_string(root().join(path)).unwrap();
    let (_, text) = script.split_once("X509_NAMES = `").unwrap();
    let (text, _) = text.split_once('`').unwrap();
    let mut table = BTreeMap::<String, BTreeMap<u32, String>>::new();
    let mut words = text.split_whitespace();
    let mut before = "";
    while let Some(word) = words.next() {
        let arc = match word.strip_suffix(':') {
            Some(arcs) => {
                before = arcs;
                words.next().unwrap()
            }
            None => word,
        };
        let name = words.next().unwrap().to_owned();
        let group = table.entry(before.to_owned()).or_default();
        assert!(group.insert(arc.parse().unwrap(), name).is_none());
    }
    table
}

#[test]
fn the_page_names_the_parts_of_a_name_as_the_command_does() {
    let table = table();
    for (before, group) in &table {
        // Beside those that are there, those that could have been forgotten.
        let near = 0..group.keys().max().unwrap().min(&150) + 50;
        for arc in near.chain(group.keys().copied()) {
            let dotted = format!("{before}.{arc}");
            assert_eq!(group.get(&arc), short(&dotted).as_ref(), "{dotted}");
        }
    }
    assert_eq!(table["2.5.4"][&3], "CN");
}
