//! WACZ, web archives of Browsertrix, ArchiveWeb.page and others (Webrecorder's WACZ 1.1.1): a ZIP with
//! a list of its files and their digests. The digests are checked; of the content only the list of
//! pages is read.

use super::web_address::without_secrets;
use crate::error::{Problem, Problems, Result};
use crate::import::part::Part;
use crate::import::transcript::Transcript;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "wacz";

const PACKAGE: &str = "datapackage.json";
const PACKAGE_DIGEST: &str = "datapackage-digest.json";
const PAGES: &str = "pages/pages.jsonl";
const EXTRA_PAGES: &str = "pages/extraPages.jsonl";

/// Most bytes that an archive may unpack to, and how many for each byte of it: web archives are
/// compressed before they are put into the ZIP and hardly grow.
const MOST_BYTES: u64 = 4 << 30;
const MOST_GROWTH: u64 = 200;
/// Most bytes of a list that is held in memory, and of a line of the list of pages.
const LONGEST_LIST: u64 = 64 << 20;
const LONGEST_LINE: u64 = 16 << 20;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Why the part is of this format.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    if !part.bytes.starts_with(b"PK") {
        return None;
    }
    let mut archive = ZipArchive::new(Cursor::new(part.bytes)).ok()?;
    let package: Value = serde_json::from_slice(&read(&mut archive, PACKAGE)?).ok()?;
    package.get("wacz_version")?;
    Some(format!("it is a ZIP whose `{PACKAGE}` has `wacz_version`"))
}

/// Transcribes the part.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    let mut archive = open(part)?;
    check_names(part, &archive)?;
    check_size(part, &archive)?;
    let Some(bytes) = read(&mut archive, PACKAGE) else {
        return Err(broken(part, format!("`{PACKAGE}` is missing or cannot be read")).into());
    };
    let Ok(package) = serde_json::from_slice::<Value>(&bytes) else {
        return Err(broken(part, format!("`{PACKAGE}` is no JSON")).into());
    };
    verify(part, &mut archive, &package, &bytes, into)?;
    let software = text(&package, &["software"]);
    if archive.index_for_name(EXTRA_PAGES).is_some() {
        into.remark("wacz-extra-pages", None);
    }
    if archive.index_for_name(PAGES).is_some() {
        return write_pages(part, &mut archive, software, into);
    }
    let page = Page {
        address: text(&package, &["mainPageUrl", "mainPageURL"]),
        time: text(&package, &["mainPageDate"]),
        title: text(&package, &["title"]),
    };
    write(&page, software, into);
    Ok(())
}

fn open<'a>(part: &Part<'a>) -> Result<Archive<'a>> {
    ZipArchive::new(Cursor::new(part.bytes)).map_err(|error| {
        Problem::new(
            "broken-archive",
            part.file,
            format!("the web archive cannot be opened: {error}"),
        )
        .hint("export the web archive again, or check that the whole file was copied")
        .into()
    })
}

/// Refuses names that stand twice, of which a reader would see only one, and names that lead elsewhere.
fn check_names(part: &Part<'_>, archive: &Archive<'_>) -> Result<()> {
    let mut problems = Problems::default();
    let hint = "export the web archive again; do not unpack this one";
    if archive.has_duplicate_names() {
        let problem = Problem::new(
            "unsafe-archive",
            part.file,
            "the web archive has two files of one name",
        );
        problems.push(problem.hint(hint));
    }
    for name in archive.file_names_raw() {
        let name = String::from_utf8_lossy(name);
        let leads_out = name.split(['/', '\\']).any(|step| step == "..")
            || name.starts_with(['/', '\\'])
            || name.get(1..2) == Some(":");
        if leads_out {
            let problem = Problem::new(
                "unsafe-archive",
                part.file,
                "a name in the web archive leads out of it",
            );
            problems.push(problem.value(name).hint(hint));
        }
    }
    problems.finish(())
}

/// Refuses an archive that unpacks to too much, by the sizes that it states: no file is read further.
fn check_size(part: &Part<'_>, archive: &Archive<'_>) -> Result<()> {
    let length = u64::try_from(part.bytes.len()).unwrap_or(u64::MAX);
    let most = MOST_BYTES.min(length.saturating_mul(MOST_GROWTH));
    let mut stated: u64 = 0;
    for index in 0..archive.len() {
        let size = archive
            .by_index_data(index)
            .map_or(u64::MAX, |file| file.size());
        stated = stated.saturating_add(size);
    }
    let message = format!("the web archive unpacks to more than {most} bytes");
    let problem = Problem::new("zip-bomb", part.file, message)
        .hint("do not unpack it; ask where the file comes from");
    if stated > most {
        Err(problem.into())
    } else {
        Ok(())
    }
}

/// A small file of the archive, whole.
fn read(archive: &mut Archive<'_>, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = archive.by_name(name).ok()?;
    file.take(LONGEST_LIST + 1).read_to_end(&mut bytes).ok()?;
    let length = u64::try_from(bytes.len()).ok()?;
    (length <= LONGEST_LIST).then_some(bytes)
}

/// Checks the chain of digests: that of the list, and by the list those of the files.
fn verify(
    part: &Part<'_>,
    archive: &mut Archive<'_>,
    package: &Value,
    bytes: &[u8],
    into: &mut Transcript,
) -> Result<()> {
    let mut problems = Problems::default();
    let vouched = verify_package(part, archive, bytes, into, &mut problems);
    let resources = package.get("resources").and_then(Value::as_array);
    let mut listed: BTreeSet<&str> = BTreeSet::from([PACKAGE, PACKAGE_DIGEST]);
    let mut all_checked = true;
    for resource in resources.into_iter().flatten() {
        let Some(path) = resource.get("path").and_then(Value::as_str) else {
            problems.push(broken(
                part,
                format!("a file listed in `{PACKAGE}` has no path"),
            ));
            continue;
        };
        // A path that is listed again is no second file to unpack.
        if listed.insert(path) {
            all_checked &= verify_resource(part, archive, path, resource, into, &mut problems);
        }
    }
    if resources.is_none_or(Vec::is_empty) {
        problems.push(broken(part, format!("`{PACKAGE}` lists no files")));
    }
    let is_listed = |name: &[u8]| std::str::from_utf8(name).is_ok_and(|name| listed.contains(name));
    for _ in archive
        .file_names_raw()
        .filter(|name| !name.ends_with(b"/") && !is_listed(name))
    {
        into.remark("wacz-unlisted-file", None);
    }
    if problems.is_empty() && vouched && all_checked {
        into.remark("wacz-verified", None);
    }
    problems.finish(())
}

/// Checks the list against its digest; whether there is one that could be checked.
fn verify_package(
    part: &Part<'_>,
    archive: &mut Archive<'_>,
    bytes: &[u8],
    into: &mut Transcript,
    problems: &mut Problems,
) -> bool {
    if archive.index_for_name(PACKAGE_DIGEST).is_none() {
        into.remark("wacz-no-digest", None);
        into.remark("wacz-unsigned", None);
        return false;
    }
    let digest = read(archive, PACKAGE_DIGEST)
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let Some(digest) = digest else {
        problems.push(broken(part, format!("`{PACKAGE_DIGEST}` cannot be read")));
        return false;
    };
    let is_signed = digest
        .get("signedData")
        .is_some_and(|signed| !signed.is_null());
    into.remark(
        if is_signed {
            "wacz-signature-unchecked"
        } else {
            "wacz-unsigned"
        },
        None,
    );
    let found = hex(&Sha256::digest(bytes));
    compare(part, PACKAGE, digest.get("hash"), &found, into, problems)
}

/// Checks a listed file; whether its digest could be checked.
fn verify_resource(
    part: &Part<'_>,
    archive: &mut Archive<'_>,
    path: &str,
    resource: &Value,
    into: &mut Transcript,
    problems: &mut Problems,
) -> bool {
    let Some((found, length)) = digest(archive, path) else {
        problems.push(broken(
            part,
            format!("`{path}` is listed, but missing or unreadable"),
        ));
        return false;
    };
    if let Some(stated) = resource
        .get("bytes")
        .and_then(Value::as_u64)
        .filter(|stated| *stated != length)
    {
        problems.push(broken(
            part,
            format!("`{path}` has {length} bytes, but the list says {stated}"),
        ));
    }
    compare(part, path, resource.get("hash"), &found, into, problems)
}

/// Compares a digest with the stated one; whether that was possible.
fn compare(
    part: &Part<'_>,
    path: &str,
    stated: Option<&Value>,
    found: &str,
    into: &mut Transcript,
    problems: &mut Problems,
) -> bool {
    let Some(stated) = stated.and_then(Value::as_str) else {
        problems.push(broken(part, format!("no digest is stated for `{path}`")));
        return false;
    };
    let Some(rest) = stated.strip_prefix("sha256") else {
        into.remark("wacz-hash-unchecked", None);
        return false;
    };
    // Some writers forget the colon.
    let digest = rest.strip_prefix(':').unwrap_or_else(|| {
        into.remark("wacz-hash-form", None);
        rest
    });
    if !digest.eq_ignore_ascii_case(found) {
        problems.push(broken(
            part,
            format!("`{path}` has the SHA-256 {found}, but {digest} is stated"),
        ));
    }
    true
}

/// SHA-256 and length of a file of the archive. It is read to one byte beyond the length that the
/// archive states, so that a lie about it is found and costs nothing.
fn digest(archive: &mut Archive<'_>, path: &str) -> Option<(String, u64)> {
    let file = archive.by_name(path).ok()?;
    let stated = file.size();
    let mut reader = file.take(stated.saturating_add(1));
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut length: u64 = 0;
    loop {
        let read = reader.read(&mut buffer).ok()?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read)?);
        length = length.checked_add(u64::try_from(read).ok()?)?;
    }
    (length <= stated).then(|| (hex(&hasher.finalize()), length))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn broken(part: &Part<'_>, message: String) -> Problem {
    Problem::new("wacz-broken", part.file, message)
        .hint("the web archive is not as it was written: get it again from where it was made, and compare")
}

/// A page of the archive.
struct Page<'a> {
    address: Option<&'a str>,
    time: Option<&'a str>,
    title: Option<&'a str>,
}

/// Writes the list of pages, one JSON object a line; the first says what the list is.
fn write_pages(
    part: &Part<'_>,
    archive: &mut Archive<'_>,
    software: Option<&str>,
    into: &mut Transcript,
) -> Result<()> {
    let Ok(file) = archive.by_name(PAGES) else {
        return Err(broken(part, format!("`{PAGES}` cannot be read")).into());
    };
    let stated = file.size();
    let mut lines = BufReader::new(file.take(stated));
    let mut is_first = true;
    while let Some(line) = next_line(part, &mut lines)? {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Value>(&line) {
            Ok(Value::Object(page))
                if is_first && page.contains_key("format") && !page.contains_key("url") => {}
            Ok(page) => {
                let page = Page {
                    address: text(&page, &["url"]),
                    time: text(&page, &["ts"]),
                    title: text(&page, &["title"]),
                };
                write(&page, software, into);
            }
            Err(_) => into.leave_out(
                "unreadable-page",
                "a line of the list of pages that is no JSON",
            ),
        }
        is_first = false;
    }
    Ok(())
}

/// The next line; an unreadable or endless one stops the run.
fn next_line(part: &Part<'_>, lines: &mut impl BufRead) -> Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = lines.take(LONGEST_LINE).read_until(b'\n', &mut line);
    let is_cut = !line.ends_with(b"\n")
        && u64::try_from(line.len()).is_ok_and(|length| length >= LONGEST_LINE);
    match read {
        Ok(0) => Ok(None),
        Ok(_) if !is_cut => Ok(Some(line)),
        _ => Err(broken(part, format!("`{PAGES}` cannot be read to its end")).into()),
    }
}

fn write(page: &Page<'_>, software: Option<&str>, into: &mut Transcript) {
    let Some(address) = page
        .address
        .map(without_secrets)
        .filter(|address| !address.is_empty())
    else {
        into.leave_out("no-link", "a page without an address");
        return;
    };
    let time = page.time.and_then(|time| time.parse::<Timestamp>().ok());
    if time.is_none() {
        into.remark("date-unreadable", None);
    }
    let entry = into.entry();
    entry.set("source_url", address);
    entry.set(
        "captured_at",
        time.map_or(String::new(), |time| time.to_string()),
    );
    entry
        .set("tool", software.unwrap_or_default())
        .set("title", page.title.unwrap_or_default());
    entry.set("method", "web archive");
}

fn text<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    keys.iter()
        .find_map(|key| value.get(*key))
        .and_then(Value::as_str)
}
