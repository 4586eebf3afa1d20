//! Reads a zip without trusting it, and says of every byte that is not as the format demands to
//! which entry or structure it belongs.
//!
//! Nothing is unpacked to a disk, no declared size is believed, and no byte can be part of two
//! files.

use super::content::{self, Content};
use super::directory;
use super::entries::{self, Entry, pair, tile};
use super::headers::walk;
use super::judge::{self, Found};
use super::names;
use super::pass::{self, Task};
use super::source::Source;
use crate::bundle::format::{LIST_FILE, List, PAYLOAD_FOLDER};
use crate::digest::Sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What could be read.
pub(super) struct Container {
    pub sha256: Sha256,
    /// Names in the order of the central directory, repeated ones included, folders left out.
    pub names: Vec<String>,
    /// The files about whose bytes there is no doubt.
    pub files: BTreeMap<String, Content>,
    /// The names of the others.
    pub unreadable: BTreeSet<String>,
    pub found: Found,
}

pub(super) fn read(source: &mut Source) -> io::Result<Container> {
    let mut found = Found::default();
    let (walked, walked_to) = walk(source);
    let directory = directory::read(source, walked_to, &mut found);
    let (start, shift) = (directory.start, directory.shift);
    let records = directory.records;
    let mut entries = pair(source, records, shift, start, walked, &mut found.faults);
    tile(&mut entries, start, &mut found.faults);
    source.failure()?;

    let limits = Limits::read(source, &entries)?;
    let tasks = limits.tasks(&entries, &mut found);
    let (sha256, mut contents) = pass::run(source, tasks)?;
    for (index, entry) in entries.iter().enumerate() {
        judge::check(entry, contents.get(&index), shift, &mut found);
    }
    judge::check_order(&entries, &mut found.differences);
    check_folders(&entries, &mut found);
    if !found.differences.is_empty() {
        limits.check(&entries, &mut found);
    }

    let mut container = Container {
        sha256,
        names: Vec::new(),
        files: BTreeMap::new(),
        unreadable: BTreeSet::new(),
        found,
    };
    for (index, entry) in entries.into_iter().enumerate() {
        if !entry.is_folder() {
            let content = contents.remove(&index).and_then(Result::ok);
            container.put(entry.name, content);
        }
    }
    Ok(container)
}

impl Container {
    fn put(&mut self, name: String, content: Option<Content>) {
        self.names.push(name.clone());
        // Of two entries with one name nobody can say which one a tool would take.
        let twice = self.files.remove(&name).is_some() || self.unreadable.contains(&name);
        match content {
            Some(content) if !twice => drop(self.files.insert(name, content)),
            _ => drop(self.unreadable.insert(name)),
        }
    }
}

/// How large each file may be by the list, which is read first for it.
struct Limits {
    /// The top folder and a slash.
    prefix: String,
    /// By the path in the top folder.
    sizes: Option<BTreeMap<String, u64>>,
}

impl Limits {
    fn read(source: &mut Source, entries: &[Entry]) -> io::Result<Self> {
        let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
        let prefix = names::top_folder(&names).map_or(String::new(), |top| format!("{top}/"));
        let name = format!("{prefix}{LIST_FILE}");
        let mut limits = Limits {
            prefix,
            sizes: None,
        };
        let Some((index, entry)) = entries
            .iter()
            .enumerate()
            .find(|(_, entry)| entry.name == name)
        else {
            return Ok(limits);
        };
        let task = limits
            .task(index, entry, content::LONGEST_TEXT)
            .filter(|task| task.size <= content::LONGEST_TEXT);
        if let Some(task) = task
            && let Ok(content) = pass::one(source, &task)?
            && let Ok(list) = serde_json::from_slice::<List>(&content.text.unwrap_or_default())
        {
            let path = |path| format!("{PAYLOAD_FOLDER}{path}");
            let sizes = list
                .files
                .into_iter()
                .map(|file| (path(file.path), file.bytes));
            limits.sizes = Some(sizes.collect());
        }
        Ok(limits)
    }

    fn path<'e>(&self, entry: &'e Entry) -> Option<&'e str> {
        entry.name.strip_prefix(&self.prefix)
    }

    /// The size that the list says.
    fn listed(&self, entry: &Entry) -> Option<u64> {
        self.sizes.as_ref()?.get(self.path(entry)?).copied()
    }

    /// What is read of an entry, of which `kept` bytes are kept.
    fn task(&self, index: usize, entry: &Entry, kept: u64) -> Option<Task> {
        Some(Task {
            index,
            data: entry.data.clone()?,
            deflated: entry.deflated(),
            size: entry.size(),
            kept,
        })
    }

    /// The entries to read: all whose bytes are their own, except those that would inflate to more
    /// than they may.
    fn tasks(&self, entries: &[Entry], found: &mut Found) -> Vec<Task> {
        let mut keeping = content::Keeping::default();
        let mut tasks = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let Some(mut task) = self.task(index, entry, 0) else {
                continue;
            };
            // Of a file that is not listed, no more than of a text.
            let limit = self.listed(entry).unwrap_or(content::LONGEST_TEXT);
            if task.deflated && task.size > limit {
                let reason = format!(
                    "would inflate to {} bytes, where at most {limit} are expected; it was not",
                    task.size
                );
                found.faults.add(&entry.name, reason);
                continue;
            }
            task.kept = self
                .path(entry)
                .map_or(0, |path| keeping.of(path, task.size));
            tasks.push(task);
        }
        tasks
    }

    /// In a container that somebody rebuilt no file is larger than the list says.
    fn check(&self, entries: &[Entry], found: &mut Found) {
        for entry in entries.iter().filter(|entry| !entry.deflated()) {
            let size = entry.size();
            if let Some(limit) = self.listed(entry).filter(|limit| size > *limit) {
                let reason = format!("holds {size} bytes; {LIST_FILE} says {limit}");
                found.faults.add(&entry.name, reason);
            }
        }
    }
}

/// Each folder that has an entry is that of a file, and has one only.
fn check_folders(entries: &[Entry], found: &mut Found) {
    let files = entries.iter().filter(|entry| !entry.is_folder());
    let files: BTreeSet<&str> = files.map(|file| file.name.as_str()).collect();
    let mut seen = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.name.ends_with('/')) {
        let name = &entry.name;
        if !entry.is_folder() {
            found
                .faults
                .add(name, "is named like a folder, but is none");
            continue;
        }
        // Names in a folder sort directly behind the folder's own.
        let first = files.range(name.as_str()..).next();
        let holds = first.is_some_and(|first| first.starts_with(name.as_str()));
        if !holds || !seen.insert(name) {
            let reason = "is an entry for a folder that holds no file, or that has one already";
            found.faults.add(name, reason);
        }
    }
    if entries.iter().all(Entry::is_folder) {
        found.faults.add(entries::WHOLE, "holds no file");
    }
}
