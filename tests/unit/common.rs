//! Helpers of the tests. SHARED marks the tests over the samples.
#![allow(dead_code)]

use crate::error::Result;
use crate::import::Hints;
use crate::import::part::Part;
use crate::import::transcript::{Entry, Transcript};
use std::sync::LazyLock;

/// A part of which the user says nothing.
pub fn new_part<'a>(file: &'a str, path: &'a str, bytes: &'a [u8], text: &'a str) -> Part<'a> {
    static NOTHING_SAID: LazyLock<Hints> = LazyLock::new(Hints::default);
    Part::new(file, path, bytes, text, &NOTHING_SAID)
}

/// Whether the sample exports are beside the checkout; under CI they must be.
pub fn has_samples() -> bool {
    let present = std::path::Path::new(SHARED).exists();
    assert!(
        present || std::env::var_os("CI").is_none(),
        "{SHARED} is missing, and CI must have it"
    );
    if !present {
        eprintln!("skipped: {SHARED} is not on this machine");
    }
    present
}

pub const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");

pub fn sample(name: &str) -> String {
    std::fs::read_to_string(format!("{SHARED}/samples/{name}")).expect("the sample is there")
}

pub fn part<'a>(path: &'a str, text: &'a str) -> Part<'a> {
    new_part(path, path, text.as_bytes(), text)
}

pub type Transcriber = fn(&Part<'_>, &mut Transcript) -> Result<()>;

pub fn read(transcriber: Transcriber, path: &str, text: &str) -> Transcript {
    let mut into = Transcript::default();
    into.start(None);
    transcriber(&part(path, text), &mut into).expect("it is transcribed");
    into
}

/// The values of a row as `column=value`, in the order of the alphabet.
pub fn row(entry: &Entry) -> String {
    joined(entry, " | ")
}

/// As [`row`], for rows whose values can be told apart without a mark between.
pub fn line(entry: &Entry) -> String {
    joined(entry, " ")
}

fn joined(entry: &Entry, between: &str) -> String {
    let mut values: Vec<String> = entry
        .values
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    values.sort();
    values.join(between)
}

/// The values of a row in their own order.
pub fn values(entry: &Entry) -> Vec<(&str, &str)> {
    entry
        .values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

pub fn rows(into: &Transcript) -> Vec<String> {
    into.entries.iter().map(row).collect()
}

pub fn column<'t>(into: &'t Transcript, name: &str) -> Vec<&'t str> {
    into.entries
        .iter()
        .map(|entry| entry.get(name).unwrap_or("-"))
        .collect()
}

pub fn left_out(into: &Transcript) -> Vec<(u64, &'static str)> {
    into.left_out
        .iter()
        .map(|one| (one.row, one.reason))
        .collect()
}

pub fn codes(into: &Transcript) -> Vec<&'static str> {
    into.remarks.iter().map(|one| one.code).collect()
}

pub fn remarks(into: &Transcript) -> Vec<(&'static str, Option<u64>)> {
    into.remarks.iter().map(|one| (one.code, one.row)).collect()
}
