//! ZIP archives: the texts of a download, each with its path. Pictures and recordings are not
//! unpacked.

use super::text;
use crate::error::{Problem, Result};
use std::io::{Cursor, Read as _};
use zip::ZipArchive;
use zip::result::ZipError;

/// Most bytes of text that are unpacked from one archive; no download of messages has as many.
const MOST_BYTES: u64 = 1 << 30;
/// Most members, of any kind.
const MOST_MEMBERS: usize = 1_000_000;
/// Ends of names of members that may hold records.
const TEXTS: [&str; 12] = [
    ".json", ".jsonl", ".csv", ".tsv", ".txt", ".xml", ".html", ".htm", ".eml", ".mbox", ".mhtml",
    ".mht",
];

/// A text of an archive, or the file itself.
pub(super) struct Member<'a> {
    /// Its number in the archive, in the order of the names, from 1; `None` for a file of its own.
    pub number: Option<u64>,
    pub path: String,
    pub bytes: std::borrow::Cow<'a, [u8]>,
    pub text: std::borrow::Cow<'a, str>,
}

/// What an archive holds.
pub(super) struct Archive {
    /// Names of all members, sorted.
    pub names: Vec<String>,
    pub texts: Vec<Member<'static>>,
}

/// Whether the bytes are an archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok()
}

/// Unpacks the texts, in the order of their names.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Archive> {
    let broken = |error: &dyn std::fmt::Display| {
        Problem::new(
            "broken-archive",
            file,
            format!("the archive cannot be unpacked: {error}"),
        )
        .hint("download it again, or unpack it and add the files that it holds")
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if archive.len() > MOST_MEMBERS {
        return Err(broken(&format!("it has more than {MOST_MEMBERS} members")).into());
    }
    // A name in no known encoding is that of no text of a download.
    let mut members: Vec<(String, usize)> = archive
        .file_names()
        .enumerate()
        .map(|(index, name)| {
            (
                name.map_or_else(|_| String::new(), |n| n.into_owned()),
                index,
            )
        })
        .collect();
    members.sort();
    let mut texts = Vec::new();
    let mut left = MOST_BYTES;
    for ((name, index), number) in members.iter().zip(1..) {
        let lower = name.to_lowercase();
        if name.ends_with('/') || !TEXTS.iter().any(|end| lower.ends_with(end)) {
            continue;
        }
        let mut unpacked = Vec::new();
        let member = match archive.by_index(*index) {
            Ok(member) => member,
            Err(ZipError::UnsupportedArchive(reason))
                if reason.to_lowercase().contains("password") =>
            {
                return Err(Problem::new(
                    "locked-archive",
                    file,
                    "the archive is locked with a password",
                )
                .hint("unpack it with its password and add the files that it holds")
                .into());
            }
            Err(error) => return Err(broken(&error).into()),
        };
        let size = member
            .take(left + 1)
            .read_to_end(&mut unpacked)
            .map_err(|error| broken(&error))? as u64;
        let Some(rest) = left.checked_sub(size) else {
            return Err(Problem::new(
                "too-large",
                file,
                format!("the texts of the archive have more than {MOST_BYTES} bytes"),
            )
            .hint("unpack it and add the files that hold the messages")
            .into());
        };
        left = rest;
        // A member in no known encoding holds no records; others are told by their number.
        let Ok(decoded) = text::decode(file, &unpacked) else {
            continue;
        };
        let text = decoded.text.into_owned();
        texts.push(Member {
            number: Some(number),
            path: name.clone(),
            bytes: unpacked.into(),
            text: text.into(),
        });
    }
    let names = members.into_iter().map(|(name, _)| name).collect();
    Ok(Archive { names, texts })
}
