//! The bundle format as data: names, the list, and how each text file is written. Pure functions
//! only; what they mean together is told in `FORMAT.md`, which the page of [`crate::bundle`] shows.

use crate::digest::Sha256;
use serde::{Deserialize, Deserializer, Serialize};

/// The format version that this crate writes and reads, `casefile` in the list.
pub const VERSION: u32 = 2;

pub const DECLARATION_FILE: &str = "bagit.txt";
pub const INFO_FILE: &str = "bag-info.txt";
pub const PAYLOAD_FOLDER: &str = "data/";
/// The list of the payload; it cannot list itself.
pub const LIST_FILE: &str = "data/casefile.json";
/// The description as an RO-Crate 1.3, rooted at `data/`.
pub const CRATE_FILE: &str = "data/ro-crate-metadata.json";
/// The description as a Data Package 2.0.
pub const PACKAGE_FILE: &str = "data/datapackage.json";
/// What the report prints the digest of.
pub const DIGESTS_FILE: &str = "data/digests.txt";
pub const CUSTODY_FILE: &str = "data/case/custody.jsonl";
pub const SIGNATURES_FOLDER: &str = "signatures/";
pub const TIMESTAMPS_FOLDER: &str = "timestamps/";
/// The namespace of SSH signatures over a bundle.
pub const SIGNATURE_NAMESPACE: &str = "casefile";

/// The three lists of the payload.
pub const LISTS: [&str; 3] = [LIST_FILE, CRATE_FILE, PACKAGE_FILE];

/// Whether the crate and the package describe this file: everything under `data/` but the three
/// lists, which could not hold each other's digests.
pub fn is_described(path: &str) -> bool {
    path.starts_with(PAYLOAD_FOLDER) && !LISTS.contains(&path)
}

/// Whether a file can be added to a bundle after it was sealed: signatures and timestamps, which
/// speak of the root and so cannot be part of it.
pub fn is_attached(path: &str) -> bool {
    path.starts_with(SIGNATURES_FOLDER) || path.starts_with(TIMESTAMPS_FOLDER)
}

/// A path relative to `data/` as an RO-Crate writes it: a URI reference (RFC 3986, 3.3).
pub fn crate_id(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The whole of `bagit.txt` (RFC 8493, 2.1.1).
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Everything that may stand outside `data/`.
pub const TAG_FILES: [&str; 5] = [
    "SHA256SUMS",
    INFO_FILE,
    DECLARATION_FILE,
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
];

/// The roles that a file of the payload can have.
pub const ROLES: [&str; 9] = [
    "report", "figure", "table", "data", "evidence", "case", "record", "citation", "tool",
];

/// Who may read the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// For everybody: confidential evidence, texts and identities stay out.
    Public,
    /// For a regulator or court: holds the withheld evidence.
    Full,
}

impl Edition {
    pub fn name(self) -> &'static str {
        match self {
            Edition::Public => "public",
            Edition::Full => "full",
        }
    }
}

/// Evidence that is kept out of this edition, as far as it may be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// The exhibit's number.
    pub exhibit: String,
    /// The file's name, where the name itself gives nothing away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub bytes: u64,
    #[serde(deserialize_with = "digest")]
    pub sha256: Sha256,
    pub reason: String,
}

/// The chain of custody, pinned so that a log that was cut at either end shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custody {
    /// Lines of the log.
    pub entries: u64,
    /// Digest of the last line, without its newline.
    #[serde(deserialize_with = "digest")]
    pub head: Sha256,
}

impl Custody {
    /// What pins this log, or `None` when it is empty.
    pub fn of(log: &str) -> Option<Self> {
        Some(Custody {
            head: Sha256::of(log.split_terminator('\n').next_back()?.as_bytes()),
            entries: log.split_terminator('\n').count() as u64,
        })
    }
}

/// The bundle that this one corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supersedes {
    /// Its root, or the digest of its zip.
    #[serde(deserialize_with = "digest")]
    pub sha256: Sha256,
    /// What changed and why.
    pub correction: String,
}

/// One file of the payload, as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Relative to the folder of the list, that is to `data/`.
    pub path: String,
    pub role: String,
    /// IANA media type.
    pub media_type: String,
    pub bytes: u64,
    #[serde(deserialize_with = "digest")]
    pub sha256: Sha256,
}

/// `data/casefile.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// [`VERSION`].
    pub casefile: u32,
    /// Name and version of the program that wrote the bundle.
    pub software: String,
    pub id: String,
    pub version: String,
    pub edition: Edition,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The date of the case, `YYYY-MM-DD`.
    pub date: String,
    /// Digest of the evidence that the case rests on.
    #[serde(deserialize_with = "digest")]
    pub evidence: Sha256,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Supersedes>,
    /// Every file under `data/` but this one, in byte order of the path.
    pub files: Vec<Listed>,
    /// In the order of the exhibits.
    pub withheld: Vec<Withheld>,
}

fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sha256, D::Error> {
    let text = String::deserialize(deserializer)?;
    Sha256::parse(&text).ok_or_else(|| serde::de::Error::custom("not a SHA-256 digest"))
}

impl List {
    /// The bytes of `casefile.json`: two spaces of indent, fields in the order of the struct, a
    /// final newline.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and integers always serialise") + "\n"
    }

    /// The folder in which everything stands, which is also the name of the zip without `.zip`.
    pub fn top_folder(&self) -> String {
        top_folder(&self.id, &self.version, self.edition)
    }

    /// The headers of `bag-info.txt`, given the size of the payload (RFC 8493, 2.2.2).
    pub fn bag_info(&self, octets: u64, files: usize) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if let Some(publisher) = &self.publisher {
            headers.push(("Source-Organization", header_value(publisher)));
        }
        headers.extend([
            ("External-Identifier", header_value(&self.top_folder())),
            ("External-Description", header_value(&self.title)),
            ("Bagging-Date", header_value(&self.date)),
            ("Bag-Software-Agent", header_value(&self.software)),
            ("Payload-Oxum", format!("{octets}.{files}")),
            ("Casefile-Edition", self.edition.name().to_owned()),
            (
                "Casefile-Evidence-Digest",
                format!("sha256:{}", self.evidence),
            ),
        ]);
        headers
    }
}

/// `<id>-<version>`, with `-full` for the full edition, so that the two can be unpacked side by side.
pub fn top_folder(id: &str, version: &str, edition: Edition) -> String {
    match edition {
        Edition::Public => format!("{id}-{version}"),
        Edition::Full => format!("{id}-{version}-full"),
    }
}

/// Headers as text: `Label: value`, one line each. Long values are not folded, since readers
/// disagree on the white space of a fold.
pub fn headers(headers: &[(&'static str, String)]) -> String {
    headers
        .iter()
        .map(|(label, value)| format!("{label}: {value}\n"))
        .collect()
}

/// A value that stays on its line in every reader: each run of white space, control characters and
/// line separators becomes one space, none is left at the ends.
pub fn header_value(text: &str) -> String {
    let breaks = |c: char| c.is_control() || c.is_whitespace();
    let words: Vec<&str> = text.split(breaks).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The three lists of digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manifest {
    /// The payload (RFC 8493, 2.1.3).
    Payload,
    /// Everything else but itself (RFC 8493, 2.2.1).
    Tags,
    /// Both, for `sha256sum -c`.
    Sums,
}

impl Manifest {
    pub fn file(self) -> &'static str {
        match self {
            Manifest::Payload => "manifest-sha256.txt",
            Manifest::Tags => "tagmanifest-sha256.txt",
            Manifest::Sums => "SHA256SUMS",
        }
    }

    /// Whether this manifest must list the file.
    pub fn covers(self, path: &str) -> bool {
        let payload = path.starts_with(PAYLOAD_FOLDER);
        match self {
            _ if is_attached(path) => false,
            Manifest::Payload => payload,
            Manifest::Tags => !payload && path != Manifest::Tags.file(),
            Manifest::Sums => path != Manifest::Sums.file() && path != Manifest::Tags.file(),
        }
    }

    /// BagIt writes `%` as `%25`; `sha256sum` knows no such escape.
    pub fn escapes_percent(self) -> bool {
        self != Manifest::Sums
    }

    /// The manifest's text for files given in byte order of the path.
    pub fn render<'a>(self, files: impl Iterator<Item = (&'a str, Sha256)>) -> String {
        files
            .filter(|(path, _)| self.covers(path))
            .map(|(path, sha256)| match self.escapes_percent() {
                true => format!("{sha256}  {}\n", path.replace('%', "%25")),
                false => format!("{sha256}  {path}\n"),
            })
            .collect()
    }
}

/// The longest path in a bundle, in bytes.
pub const LONGEST_PATH: usize = 255;

/// Why a path must not stand in a bundle, or `None` when it may.
///
/// Stricter than a file system: what a tool could take for another place, another name, or two
/// lines of a manifest is refused.
pub fn path_fault(path: &str) -> Option<&'static str> {
    if path.len() > LONGEST_PATH {
        return Some("is longer than 255 bytes");
    }
    if path.starts_with('/') {
        return Some("is absolute");
    }
    if path.contains(['\\', ':']) {
        return Some("holds a backslash or a colon");
    }
    if path.contains(['<', '>', '"', '|', '?', '*']) {
        return Some("holds a character that Windows does not allow, and tools replace");
    }
    let deceives = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    if path.contains(deceives) {
        return Some("holds a control character, line separator or change of writing direction");
    }
    path.split('/').find_map(segment_fault)
}

fn segment_fault(segment: &str) -> Option<&'static str> {
    if segment.is_empty() || segment == "." || segment == ".." {
        return Some("holds an empty, `.` or `..` segment");
    }
    if is_device(segment) {
        return Some("has a segment that is a device on Windows");
    }
    let ends_badly = segment.ends_with('.') || segment.ends_with(char::is_whitespace);
    (ends_badly || segment.starts_with(char::is_whitespace))
        .then_some("has a segment that ends in a dot, or starts or ends in white space")
}

/// Whether Windows takes a name for a device, whatever follows its first dot.
fn is_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment);
    let stem = stem.to_ascii_lowercase();
    let numbered = |stem: &str| {
        matches!(
            stem.as_bytes(),
            [b'c', b'o', b'm', b'0'..=b'9'] | [b'l', b'p', b't', b'0'..=b'9']
        )
    };
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered(&stem)
}

/// The folders that a path stands in, outermost first.
pub fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// The first size or place that no field of four bytes holds: it stands in a field of zip64.
pub const FULL: u64 = 0xFFFF_FFFF;
/// The most files: as many as there can be without zip64.
pub const MOST_ENTRIES: usize = 0xFFFE;

/// The length of the container that holds entries with the given (length of the name, size), in
/// bytes: 30 for each local header, 46 for each central one, the name in both, 22 at the end; and
/// what zip64 adds: 20 in both headers of a large entry, 8 for a far place (12 where that is all that
/// the field holds), 76 for the records of a directory that is far.
pub fn container_length(entries: impl Iterator<Item = (usize, u64)>) -> u64 {
    let (mut local, mut central) = (0_u64, 0_u64);
    for (name, size) in entries {
        let (large, far) = (size >= FULL, local >= FULL);
        let wide = if large { 20 } else { 0 };
        let place = match (far, large) {
            (false, _) => 0,
            (true, true) => 8,
            (true, false) => 12,
        };
        let name = name as u64;
        local = local.saturating_add(30 + name + wide).saturating_add(size);
        central = central.saturating_add(46 + name + wide + place);
    }
    let records = if local.max(central) > FULL { 76 } else { 0 };
    local.saturating_add(central).saturating_add(22 + records)
}
