//! Writes the zip. `verify` knows the same bytes from the format alone and shares none of this code.

use super::format;
use crate::error::{Problem, Result};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// The container of `files`, each under `top/`, as determined by names and contents alone.
pub(super) fn write(
    subject: &str,
    top: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<u8>> {
    let length = format::container_length(
        files
            .iter()
            .map(|(path, bytes)| (top.len() + 1 + path.len(), bytes.len() as u64)),
    );
    if length > format::LARGEST_CONTAINER || files.len() > format::MOST_ENTRIES {
        let size = format!("{length} bytes in {} files", files.len());
        return Err(Problem::new(
            "bundle-too-large",
            subject,
            "a bundle must stay under 4 GiB and 65,535 files",
        )
        .value(size)
        .hint("leave large evidence out of this edition, or split the case")
        .into());
    }
    fill(top, files, usize::try_from(length).unwrap_or(0)).map_err(|error| {
        Problem::new(
            "bundle-not-written",
            subject,
            format!("the zip could not be written: {error}"),
        )
        .into()
    })
}

fn fill(
    top: &str,
    files: &BTreeMap<String, Vec<u8>>,
    length: usize,
) -> zip::result::ZipResult<Vec<u8>> {
    // Every option that the crate would else take from the machine or the clock is stated.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(length)));
    for (path, bytes) in files {
        zip.start_file(format!("{top}/{path}"), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
