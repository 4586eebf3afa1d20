//! Nobody is exposed: what the public edition withholds must not stand in it anywhere else.
//!
//! The scan knows every identity and every private text of the evidence and looks for each in
//! every file of the public edition. One hit stops the build: a value that is withheld in one
//! place and printed in another was not withheld (redaction by search is no redaction).

use crate::artifacts::{Artifacts, Role};
use crate::error::{Error, Problem};
use crate::evidence::Evidence;
use crate::notice::Locator;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;
use std::io::Read as _;
use unicode_normalization::UnicodeNormalization as _;

/// Longest term that a coded column may hold, in characters and in words.
const LONGEST_TERM: usize = 48;
const MOST_WORDS: usize = 5;

/// Whether a value of a column that is published is a term (a code, a channel) rather than free
/// text, which could hold anything: a message, a name, a number.
fn is_term(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    value.chars().count() <= LONGEST_TERM
        && value.split_whitespace().count() <= MOST_WORDS
        && digits < 5
        && !value.contains(['@', '\n'])
        && !value.contains("://")
}

/// Free text in the columns of contacts, accounts and feeds that the report prints. The value is
/// not repeated in the message.
pub fn free_text(evidence: &Evidence) -> Vec<Problem> {
    let mut cells: Vec<(&str, &str, &Locator)> = Vec::new();
    for row in &evidence.contacts {
        cells.extend(
            row.codes
                .iter()
                .chain(&row.second_codes)
                .map(|code| ("a category", code.as_str(), &row.locator)),
        );
        cells.extend(
            row.channel
                .iter()
                .map(|value| ("the channel", value.as_str(), &row.locator)),
        );
        cells.extend(
            row.event_type
                .iter()
                .map(|value| ("the type of event", value.as_str(), &row.locator)),
        );
    }
    for row in &evidence.accounts {
        cells.extend(
            row.platform
                .iter()
                .map(|value| ("the platform", value.as_str(), &row.locator)),
        );
        cells.extend(
            row.confirmed_by
                .iter()
                .map(|value| ("`confirmed_by`", value.as_str(), &row.locator)),
        );
    }
    for row in &evidence.feeds {
        cells.extend(
            row.codes
                .iter()
                .map(|code| ("a code", code.as_str(), &row.locator)),
        );
    }
    cells
        .into_iter()
        .filter(|(_, value, _)| !is_term(value))
        .map(|(what, _, locator)| {
            let problem = Problem::new("free-text", locator.file.to_string(), format!("{what} of this row is free text, and the report prints it; the text is not repeated here"))
                .hint("use a short term (48 characters, 5 words, no address, no telephone number) and put the rest into `notes`, which is never printed");
            match locator.row {
                Some(row) => problem.line(row),
                None => problem,
            }
        })
        .collect()
}

/// Shorter identities would be found by chance everywhere.
const SHORTEST_IDENTITY: usize = 3;
/// Shorter notes ("yes", "no text") say nothing about anybody.
const SHORTEST_TEXT: usize = 12;

/// A value that must not be published.
struct Protected<'a> {
    value: String,
    locator: &'a Locator,
    what: &'static str,
    /// An identity counts only as a whole word; a text also inside another.
    whole_word: bool,
    /// The identity as it is written, where it is one plain word such as `Will`: the report's own
    /// words could hold it by chance.
    plain: Option<String>,
}

/// Longest name that occurs in prose by chance.
const LONGEST_PLAIN: usize = 8;

/// Whether a name is one capitalised word such as `Will`, `May` or `Group`, which occurs in prose by
/// chance.
fn is_plain(value: &str) -> bool {
    let mut letters = value.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(char::is_lowercase)
        && value.chars().count() <= LONGEST_PLAIN
}

fn protected(evidence: &Evidence) -> Vec<Protected<'_>> {
    let mut list = Vec::new();
    let mut identity = |value: &str, locator| {
        // A handle is written with and without its sign.
        let written = value.trim().trim_start_matches('@');
        let plain = (written == value.trim() && is_plain(written))
            .then(|| written.nfc().collect::<String>());
        let value = folded(written);
        if value.chars().count() >= SHORTEST_IDENTITY {
            list.push(Protected {
                value,
                locator,
                what: "an identity",
                whole_word: true,
                plain,
            });
        }
    };
    for row in &evidence.contacts {
        if let Some(sender) = &row.sender {
            identity(sender, &row.locator);
        }
        // The name of the account in a download is that of whoever ran it.
        if let (Some(account), Some(_)) = (&row.account, &row.fingerprint) {
            identity(account, &row.locator);
        }
    }
    for row in &evidence.accounts {
        identity(&row.account, &row.locator);
    }
    for row in &evidence.feeds {
        identity(&row.account, &row.locator);
    }
    for row in &evidence.captures {
        if let Some(reference) = &row.reference {
            identity(reference, &row.locator);
        }
    }
    let addresses = evidence.captures.iter().filter_map(|row| {
        let url = row.url.as_ref()?;
        Some((url, &row.locator))
    });
    for (url, locator) in addresses {
        list.push(Protected {
            value: folded(url.trim()),
            locator,
            what: "the address of a capture",
            whole_word: false,
            plain: None,
        });
    }
    let texts = evidence
        .contacts
        .iter()
        .map(|row| (&row.private_texts, &row.locator))
        .chain(
            evidence
                .accounts
                .iter()
                .map(|row| (&row.private_texts, &row.locator)),
        )
        .chain(
            evidence
                .feeds
                .iter()
                .map(|row| (&row.private_texts, &row.locator)),
        )
        .chain(
            evidence
                .captures
                .iter()
                .map(|row| (&row.private_texts, &row.locator)),
        );
    for (texts, locator) in texts {
        for text in texts {
            let value = folded(text.trim());
            if value.chars().count() >= SHORTEST_TEXT {
                list.push(Protected {
                    value,
                    locator,
                    what: "a private text",
                    whole_word: false,
                    plain: None,
                });
            }
        }
    }
    list
}

/// Text as it is compared: in compatible composed form (NFKC), in lower case, with single blanks, and
/// with one mark for each that looks alike: typesetting curls apostrophes and joins hyphens.
fn folded(text: &str) -> String {
    let alike = text.chars().filter_map(alike).nfkc();
    let mut joined = String::with_capacity(text.len());
    for c in alike {
        if !(c == '-' && joined.ends_with('-')) {
            joined.push(c);
        }
    }
    let words: Vec<String> = joined
        .to_lowercase()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    words.join(" ")
}

/// The mark for all that look like this one; none for what cannot be seen.
fn alike(c: char) -> Option<char> {
    match c {
        // Soft hyphen, joiners, changes of direction, byte order mark, variation selectors.
        '\u{AD}'
        | '\u{34F}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => None,
        '\u{2018}'..='\u{201B}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{2BC}'
        | '\u{2B9}'
        | '\u{B4}'
        | '\u{FF07}' => Some('\''),
        '\u{201C}'..='\u{201F}' | '\u{2033}' => Some('"'),
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}' => Some('-'),
        c => Some(c),
    }
}

/// The text without marks that stand between its words: tags of HTML, emphasis of Markdown.
fn unmarked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_tag = false;
    for c in text.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            '*' | '`' => {}
            _ if in_tag => {}
            _ => out.push(c),
        }
    }
    out
}

/// What the report prints of withheld rows and of tables that people wrote, as one text.
fn printed(evidence: &Evidence) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for row in &evidence.contacts {
        parts.extend(
            row.codes
                .iter()
                .chain(&row.second_codes)
                .map(String::as_str),
        );
        parts.extend(
            [&row.channel, &row.event_type]
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
    }
    for row in &evidence.accounts {
        parts.extend(
            [&row.platform, &row.confirmed_by]
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
    }
    for row in &evidence.feeds {
        parts.extend(row.codes.iter().map(String::as_str));
    }
    for row in &evidence.ads {
        let own = [
            &row.arm,
            &row.creative,
            &row.text,
            &row.targeting,
            &row.objective,
        ];
        parts.push(&row.ad);
        parts.extend(own.into_iter().flatten().map(String::as_str));
    }
    for row in &evidence.statements {
        let own = [&row.asked, &row.quote, &row.reference];
        parts.push(&row.source);
        parts.extend(own.into_iter().flatten().map(String::as_str));
    }
    parts.join("\n")
}

/// Plain words in a text, as they are written: `Will` is a name, `will` is none.
fn plain_hits<'p>(protected: &'p [Protected<'p>], text: &str) -> Vec<&'p Protected<'p>> {
    let composed: String = text.chars().filter_map(alike).nfc().collect();
    let words: std::collections::BTreeSet<&str> =
        composed.split(|c: char| !c.is_alphanumeric()).collect();
    protected
        .iter()
        .filter(|item| {
            item.plain
                .as_deref()
                .is_some_and(|name| words.contains(name))
        })
        .collect()
}

/// The digits of a telephone number, if the value is one.
fn telephone(value: &str) -> Option<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let only = value
        .chars()
        .all(|c| c.is_ascii_digit() || SEPARATORS.contains(&c));
    (only && digits.len() >= SHORTEST_TELEPHONE).then_some(digits)
}

/// What stands between the digits of a telephone number.
const SEPARATORS: [char; 8] = [' ', '\u{a0}', '-', '.', '(', ')', '/', '+'];
/// So many digits do not come together by chance.
const SHORTEST_TELEPHONE: usize = 9;

/// The texts that a file of the edition holds: itself, or the parts of a zip container such as a
/// workbook. What is neither text nor such a container cannot be read here.
fn texts(bytes: &[u8]) -> Vec<String> {
    if bytes.starts_with(b"PK") {
        let mut texts = Vec::new();
        if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) {
            for index in 0..archive.len() {
                let mut part = Vec::new();
                if let Ok(entry) = archive.by_index(index) {
                    // As much as could be read is searched; a bomb is cut off.
                    let _ = entry.take(LARGEST_PART).read_to_end(&mut part);
                }
                texts.push(text(&part));
            }
        }
        return texts;
    }
    vec![text(bytes)]
}

/// Bytes of a part of a container that are searched.
const LARGEST_PART: u64 = 64 << 20;

/// UTF-16 where the file says so, UTF-8 otherwise.
fn text(bytes: &[u8]) -> String {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The ways in which a value can be written in our outputs.
fn spellings(value: &str) -> Vec<String> {
    let html = value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;");
    let json = serde_json::to_string(value).unwrap_or_default();
    let csv = value.replace('"', "\"\"");
    let mut all = vec![
        value.to_owned(),
        html,
        json.trim_matches('"').to_owned(),
        csv,
    ];
    all.sort();
    all.dedup();
    all
}

/// Searches every file, and the text that the PDF is set from, for every protected value.
///
/// Errors name the file of the edition and the row of the evidence, never the value.
pub fn scan(evidence: &Evidence, artifacts: &Artifacts, document_json: &str) -> Result<(), Error> {
    let protected = protected(evidence);
    let mut patterns: Vec<String> = Vec::new();
    let mut owners: Vec<usize> = Vec::new();
    for (index, item) in protected.iter().enumerate() {
        for spelling in spellings(&item.value) {
            patterns.push(spelling);
            owners.push(index);
        }
    }
    if patterns.is_empty() {
        return Ok(());
    }
    let telephones: Vec<(String, &Protected)> = protected
        .iter()
        .filter_map(|item| Some((telephone(&item.value)?, item)))
        .collect();
    let search = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(&patterns)
        .map_err(|error| {
            Error::from(
                Problem::new(
                    "leak-scan",
                    "public edition",
                    format!("the search for withheld values could not be prepared: {error}"),
                )
                .hint("report this as a defect of casefile"),
            )
        })?;
    let mut leaks: BTreeMap<(String, &Locator, &'static str), u64> = BTreeMap::new();
    let look = |path: &str, text: &str, leaks: &mut BTreeMap<_, u64>| {
        let folded = folded(text);
        for hit in search.find_overlapping_iter(&folded) {
            let Some(item) = owners
                .get(hit.pattern().as_usize())
                .and_then(|&index| protected.get(index))
            else {
                continue;
            };
            let before = folded
                .get(..hit.start())
                .and_then(|s| s.chars().next_back());
            let after = folded.get(hit.end()..).and_then(|s| s.chars().next());
            let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            if item.plain.is_some() {
                continue;
            }
            if !item.whole_word || !(joins(before) || joins(after)) {
                *leaks
                    .entry((path.to_owned(), item.locator, item.what))
                    .or_default() += 1;
            }
        }
    };
    let dial = |path: &str, text: &str| -> Vec<(String, &Locator)> {
        let compact: String = text.chars().filter(|c| !SEPARATORS.contains(c)).collect();
        let found = telephones
            .iter()
            .filter(|(digits, _)| compact.contains(digits));
        found
            .map(|(_, item)| (path.to_owned(), item.locator))
            .collect()
    };
    let mut between_marks = BTreeMap::new();
    let mut dialled = Vec::new();
    let mut named: Vec<(String, &Protected)> = plain_hits(&protected, &printed(evidence))
        .into_iter()
        .map(|item| ("report.html".to_owned(), item))
        .collect();
    for (path, artifact) in artifacts.iter() {
        // A PDF is compressed: what it is set from is searched instead.
        if artifact.media_type != "application/pdf" {
            for text in texts(&artifact.bytes) {
                look(path, &text, &mut leaks);
                if artifact.media_type.starts_with("text/") {
                    look(path, &unmarked(&text), &mut between_marks);
                }
                dialled.extend(dial(path, &text));
                // Words that somebody wrote; what is made of them holds no others.
                if matches!(artifact.role, Role::Case | Role::Evidence) {
                    let found = plain_hits(&protected, &text);
                    named.extend(found.into_iter().map(|item| (path.to_owned(), item)));
                }
            }
        }
    }
    look("report.pdf", document_json, &mut leaks);
    dialled.extend(dial("report.pdf", document_json));
    for (leak, count) in between_marks {
        leaks.entry(leak).or_insert(count);
    }
    for (path, item) in named {
        leaks.entry((path, item.locator, item.what)).or_insert(1);
    }
    for (path, locator) in dialled {
        leaks.entry((path, locator, "an identity")).or_insert(1);
    }
    let problems: Vec<Problem> = leaks
        .into_iter()
        .map(|((path, locator, what), count)| {
            let place = locator.row.map_or_else(|| locator.file.to_string(), |row| format!("{}, row {row}", locator.file));
            Problem::new("leak", path, format!("the public edition would show {what} that it withholds ({count} time(s)): the one in {place}"))
                .hint("remove it from the text or public file that holds it; the value itself is not printed here")
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error { problems })
    }
}
