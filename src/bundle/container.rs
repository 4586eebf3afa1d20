//! Writes the zip. `verify` knows the same bytes from the format alone and shares none of this code.

use super::format;
use crate::error::{Problem, Result};
use std::collections::BTreeMap;
use std::io::{Cursor, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// The container of `files`, each under `top/`, as determined by names and contents alone.
pub(super) fn write(
    subject: &str,
    top: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<u8>> {
    if files.len() > format::MOST_ENTRIES {
        return Err(Problem::new(
            "bundle-too-large",
            subject,
            "a bundle must stay under 65,535 files",
        )
        .value(format!("{} files", files.len()))
        .hint("split the case")
        .into());
    }
    let length = format::container_length(
        files
            .iter()
            .map(|(path, bytes)| (top.len() + 1 + path.len(), bytes.len() as u64)),
    );
    let memory = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    let written = fill(Cursor::new(memory), top, files);
    written.map(Cursor::into_inner).map_err(|error| {
        Problem::new(
            "bundle-not-written",
            subject,
            format!("the zip could not be written: {error}"),
        )
        .into()
    })
}

pub(super) fn fill<W: Write + Seek>(
    into: W,
    top: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> zip::result::ZipResult<W> {
    // Every option that the crate would else take from the machine or the clock is stated.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(into);
    for (path, bytes) in files {
        let large = bytes.len() as u64 >= format::FULL;
        zip.start_file(format!("{top}/{path}"), options.large_file(large))?;
        zip.write_all(bytes)?;
    }
    zip.finish()
}
