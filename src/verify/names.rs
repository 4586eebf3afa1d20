//! What an unpacking tool could be made to do by names alone.

use super::fault::Fault;
use crate::bundle::format::{self, TAG_FILES};
use std::collections::{BTreeMap, BTreeSet};

/// The folder in which everything should stand: that of `bagit.txt`, or else of the first entry.
pub(super) fn top_folder(names: &[String]) -> Option<&str> {
    let declaration = names.iter().find_map(|name| {
        let (top, path) = name.split_once('/')?;
        (path == format::DECLARATION_FILE).then_some(top)
    });
    declaration.or_else(|| Some(names.first()?.split_once('/')?.0))
}

/// Unsafe names, files that are also folders, names that stand outside the top folder, and names that would overwrite each
/// other on some file system.
pub(super) fn check(names: &[String], top: Option<&str>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let taken: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    for name in names {
        if let Some(fault) = format::path_fault(name) {
            faults.push(Fault::new(name, format!("this name {fault}")));
        }
        let inside = top.is_none_or(|top| {
            name.strip_prefix(top)
                .is_some_and(|path| path.starts_with('/'))
        });
        if !inside {
            faults.push(Fault::new(
                name,
                format!("stands outside the folder `{}`", top.unwrap_or_default()),
            ));
        }
        let lower = name.to_lowercase();
        if let Some(folder) = format::folders(&lower).find(|folder| taken.contains(*folder)) {
            faults.push(Fault::new(
                name,
                format!("stands in a folder that is also a file, `{folder}`"),
            ));
        }
        match seen.insert(lower, name) {
            Some(other) if other == name => faults.push(Fault::new(name, "occurs more than once")),
            Some(other) => faults.push(Fault::new(
                name,
                format!("differs from `{other}` in case only"),
            )),
            None => {}
        }
    }
    faults
}

/// Files that the format does not know, given by their path in the top folder; among signatures and
/// timestamps those that are out of sequence.
pub(super) fn unknown<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Fault> {
    let (attached, others): (Vec<&str>, Vec<&str>) =
        paths.partition(|path| format::is_attached(path));
    let mut faults: Vec<Fault> = others
        .into_iter()
        .filter(|path| !path.starts_with(format::PAYLOAD_FOLDER) && !TAG_FILES.contains(path))
        .map(|path| {
            Fault::new(
                path,
                "is extra: only the bag's own files may stand outside `data/`",
            )
        })
        .collect();
    for (folder, endings) in [
        (format::SIGNATURES_FOLDER, &[".sig"][..]),
        (format::TIMESTAMPS_FOLDER, &[".tsr", ".tsq", ".pem"]),
    ] {
        let inside: Vec<&str> = attached
            .iter()
            .filter_map(|path| path.strip_prefix(folder))
            .collect();
        let first = endings.first().copied().unwrap_or_default();
        let count = inside.iter().filter(|name| name.ends_with(first)).count();
        let known = |name: &str| {
            let number = endings.iter().find_map(|ending| name.strip_suffix(ending));
            number.is_some_and(|text| {
                let number = text.parse().unwrap_or(0);
                (1..=count).contains(&number) && text == number.to_string()
            })
        };
        for name in inside.iter().filter(|name| !known(name)) {
            faults.push(Fault::new(
                format!("{folder}{name}"),
                format!("is out of sequence: files here are called 1{first}, 2{first}..."),
            ));
        }
    }
    faults
}
