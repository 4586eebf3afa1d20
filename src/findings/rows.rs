//! The rows of the evidence that a value rests on, as runs: an arm can rest on a million rows, and
//! hundreds of values on the same.

use crate::notice::Locator;
use crate::numbers;
use std::collections::BTreeMap;
use std::sync::Arc;

/// First and last row of a run.
type Run = (u64, u64);

/// Rows by file. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows(Arc<BTreeMap<Arc<str>, Vec<Run>>>);

impl Rows {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The files, sorted.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|file| &**file)
    }

    /// Each file with its rows as a reader sees them: "2–9, 14".
    pub fn by_file(&self) -> impl Iterator<Item = (&str, String)> {
        self.0
            .iter()
            .map(|(file, runs)| (&**file, numbers::runs(runs)))
    }

    /// Rows of either.
    pub fn and(&self, other: &Rows) -> Rows {
        let mut all = (*self.0).clone();
        for (file, runs) in other.0.iter() {
            let own = all.entry(Arc::clone(file)).or_default();
            own.extend(runs);
            merge(own);
        }
        Rows(Arc::new(all))
    }
}

impl<'a> FromIterator<&'a Locator> for Rows {
    fn from_iter<T: IntoIterator<Item = &'a Locator>>(locators: T) -> Self {
        let mut files: BTreeMap<Arc<str>, Vec<Run>> = BTreeMap::new();
        let mut last: Option<&Arc<str>> = None;
        let mut runs: Vec<Run> = Vec::new();
        for locator in locators {
            // Rows of a file most often follow each other.
            if last.is_some_and(|file| **file != *locator.file) {
                let done = last.map(Arc::clone).unwrap_or_default();
                files.entry(done).or_default().append(&mut runs);
            }
            last = Some(&locator.file);
            if let Some(row) = locator.row {
                match runs.last_mut() {
                    Some((_, end)) if *end + 1 == row => *end = row,
                    _ => runs.push((row, row)),
                }
            }
        }
        if let Some(file) = last {
            files.entry(Arc::clone(file)).or_default().append(&mut runs);
        }
        files.values_mut().for_each(merge);
        Rows(Arc::new(files))
    }
}

/// Sorts runs and joins those that touch.
fn merge(runs: &mut Vec<Run>) {
    runs.sort_unstable();
    let mut merged: Vec<Run> = Vec::with_capacity(runs.len());
    for &(start, end) in runs.iter() {
        match merged.last_mut() {
            Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    *runs = merged;
}
