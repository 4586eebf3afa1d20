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
use crate::bundle::format::{self, LIST_FILE, List, PAYLOAD_FOLDER};
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
            .task(index, entry)
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

    /// What the list says, and of a file that it does not list, what is read of a text.
    fn of(&self, path: Option<&str>) -> u64 {
        let listed = self
            .sizes
            .as_ref()
            .zip(path)
            .and_then(|(sizes, path)| sizes.get(path));
        listed.copied().unwrap_or(content::LONGEST_TEXT)
    }

    fn task(&self, index: usize, entry: &Entry) -> Option<Task> {
        Some(Task {
            index,
            data: entry.data.clone()?,
            deflated: entry.deflated(),
            size: entry.size(),
            kept: self.path(entry).map_or(0, content::kept),
        })
    }

    /// The entries to read: all whose bytes are their own, except those that would inflate to more
    /// than they may.
    fn tasks(&self, entries: &[Entry], found: &mut Found) -> Vec<Task> {
        let mut seals = content::MOST_OF_SEALS;
        let mut tasks = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let Some(mut task) = self.task(index, entry) else {
                continue;
            };
            let limit = self.of(self.path(entry));
            if task.deflated && task.size > limit {
                let reason = format!(
                    "would inflate to {} bytes, where at most {limit} are expected; it was not",
                    task.size
                );
                found.faults.add(&entry.name, reason);
                continue;
            }
            // Many signatures together could be large, and each is kept.
            if self.path(entry).is_some_and(content::is_seal) {
                seals = seals.saturating_sub(task.size);
                task.kept = if seals == 0 { 0 } else { task.kept };
            }
            tasks.push(task);
        }
        tasks
    }

    /// In a container that somebody rebuilt no file is larger than the list says.
    fn check(&self, entries: &[Entry], found: &mut Found) {
        for entry in entries
            .iter()
            .filter(|entry| !entry.deflated() && entry.data.is_some())
        {
            let path = self
                .path(entry)
                .filter(|path| path.starts_with(PAYLOAD_FOLDER));
            let limit = self.of(path);
            if path.is_some_and(|path| !format::LISTS.contains(&path)) && entry.size() > limit {
                let reason = format!("holds {} bytes; {LIST_FILE} says {limit}", entry.size());
                found.faults.add(&entry.name, reason);
            }
        }
    }
}

/// Each folder that has an entry is that of a file, and has one only.
fn check_folders(entries: &[Entry], found: &mut Found) {
    let files = entries.iter().filter(|entry| !entry.is_folder());
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        folders.extend(format::folders(&file.name));
    }
    for entry in entries.iter().filter(|entry| entry.name.ends_with('/')) {
        let name = &entry.name;
        if !entry.is_folder() {
            found
                .faults
                .add(name, "is named like a folder, but is none");
        } else if !folders.remove(name.trim_end_matches('/')) {
            let reason = "is an entry for a folder that holds no file, or that has one already";
            found.faults.add(name, reason);
        }
    }
    if entries.iter().all(Entry::is_folder) {
        found.faults.add(entries::WHOLE, "holds no file");
    }
}
