//! A file that is no table, written out as one: a row for each of its records, under casefile's
//! own headings.

use std::collections::{BTreeMap, BTreeSet};

/// The rows of a file. Each record of the file becomes an entry or is left out with a reason; their
/// numbers together are the number of records of the file.
#[derive(Debug, Default)]
pub struct Transcript {
    pub entries: Vec<Entry>,
    /// What the platform says of an ad without saying who saw it: targeting, totals, payer.
    pub context: Vec<Entry>,
    pub left_out: Vec<LeftOut>,
    pub remarks: Vec<Remark>,
    /// Thread -> names of its participants, where the file lists them.
    pub participants: BTreeMap<String, BTreeSet<String>>,
    /// Whether the cells of an ad are groups of accounts of which each account is in one, so that
    /// its reach adds up: Meta counts an account of its Accounts Center in one country, age and gender
    /// (Ad Library API, `age_country_gender_reach_breakdown`).
    pub disjoint: bool,
    /// Keys of the file that nothing uses.
    pub unused: BTreeSet<String>,
    /// Number of the member of the archive that is being transcribed, from 1.
    member: Option<u64>,
    /// Row before the first of this member: rows run on through an archive, so that each has a
    /// number of its own.
    base: u64,
    last: u64,
}

/// One row: the values by casefile's names of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub member: Option<u64>,
    /// The record's number in the file, from 1, or the line on which it starts.
    pub row: u64,
    pub values: Vec<(&'static str, String)>,
}

/// A record that gives no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub member: Option<u64>,
    pub row: u64,
    /// Kebab-case reason.
    pub reason: &'static str,
    /// More in words; never a text, handle or identity.
    pub detail: String,
}

/// Something that the reader of the report should know: told once a file for each code, with the
/// number of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub code: &'static str,
    pub row: Option<u64>,
}

impl Entry {
    /// Sets a value; an empty one is not set.
    pub fn set(&mut self, column: &'static str, value: impl Into<String>) -> &mut Self {
        let value = value.into();
        if !value.trim().is_empty() {
            self.values.push((column, value));
        }
        self
    }

    pub fn get(&self, column: &str) -> Option<&str> {
        let mut values = self.values.iter();
        values
            .find(|(name, _)| *name == column)
            .map(|(_, value)| value.as_str())
    }
}

impl Transcript {
    /// Starts a member of an archive.
    pub fn start(&mut self, member: Option<u64>) {
        self.member = member;
        self.base = self.last;
    }

    /// The next record, as a row.
    pub fn entry(&mut self) -> &mut Entry {
        self.push(self.last + 1)
    }

    /// A record that starts on a line.
    pub fn entry_at(&mut self, line: u64) -> &mut Entry {
        self.push(self.base + line)
    }

    fn push(&mut self, row: u64) -> &mut Entry {
        self.last = self.last.max(row);
        let at = self.entries.len();
        self.entries.push(Entry {
            member: self.member,
            row,
            values: Vec::new(),
        });
        &mut self.entries[at]
    }

    /// The next record, left out.
    pub fn leave_out(&mut self, reason: &'static str, detail: impl Into<String>) {
        self.push_left_out(self.last + 1, reason, detail.into());
    }

    /// A record that starts on a line, left out.
    pub fn leave_out_at(&mut self, line: u64, reason: &'static str, detail: impl Into<String>) {
        self.push_left_out(self.base + line, reason, detail.into());
    }

    fn push_left_out(&mut self, row: u64, reason: &'static str, detail: String) {
        self.last = self.last.max(row);
        self.left_out.push(LeftOut {
            member: self.member,
            row,
            reason,
            detail,
        });
    }

    /// A row of context; it is no record of its own.
    pub fn context(&mut self) -> &mut Entry {
        let at = self.context.len();
        self.context.push(Entry {
            member: self.member,
            row: self.last.max(1),
            values: Vec::new(),
        });
        &mut self.context[at]
    }

    pub fn remark(&mut self, code: &'static str, row: Option<u64>) {
        self.remarks.push(Remark { code, row });
    }
}
