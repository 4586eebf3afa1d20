//! Nobody is exposed: what the public edition withholds must not stand in it anywhere else.
//!
//! The scan knows every identity and every private text of the evidence and looks for each in
//! every file of the public edition. One hit stops the build: a value that is withheld in one
//! place and printed in another was not withheld (redaction by search is no redaction).

mod pieces;

use crate::artifacts::{Artifacts, Role};
use crate::error::{Error, Problem};
use crate::evidence::Evidence;
use crate::notice::Locator;
use aho_corasick::{AhoCorasick, MatchKind};
use pieces::{Piece, Pieces};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
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
    let mut joined = String::with_capacity(text.len());
    let mut push = |c| {
        if !(c == '-' && joined.ends_with('-')) {
            joined.push(c);
        }
    };
    let mut rest = text;
    while !rest.is_empty() {
        // ASCII is composed already, but for the last of it, which a mark behind it may change.
        let ascii = rest.bytes().take_while(u8::is_ascii).count();
        let plain = if ascii < rest.len() {
            ascii.saturating_sub(1)
        } else {
            ascii
        };
        let others = rest.get(ascii..).unwrap_or_default();
        let others = others.bytes().take_while(|byte| !byte.is_ascii()).count();
        rest.get(..plain)
            .unwrap_or_default()
            .chars()
            .for_each(&mut push);
        let composed = rest.get(plain..ascii + others).unwrap_or_default();
        composed
            .chars()
            .filter_map(alike)
            .nfkc()
            .for_each(&mut push);
        rest = rest.get(ascii + others..).unwrap_or_default();
    }
    let mut out = String::with_capacity(joined.len());
    for word in joined.to_lowercase().split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
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
fn plain_hits<'p, 'e>(protected: &'p [Protected<'e>], piece: Piece) -> Vec<&'p Protected<'e>> {
    let names: BTreeSet<&str> = protected
        .iter()
        .filter_map(|item| item.plain.as_deref())
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let composed: String = piece.text.chars().filter_map(alike).nfc().collect();
    let last = composed.len();
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut at = 0;
    for word in composed.split(|c: char| !c.is_alphanumeric()) {
        let end = at + word.len();
        found.extend(names.get(word).filter(|_| !piece.cuts(at, end, last)));
        let behind = composed.get(end..).and_then(|rest| rest.chars().next());
        at = end + behind.map_or(0, char::len_utf8);
    }
    protected
        .iter()
        .filter(|item| {
            item.plain
                .as_deref()
                .is_some_and(|name| found.contains(name))
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

/// Gives what a file of the edition holds: itself, or the parts of a zip container such as a workbook.
/// What is neither text nor such a container cannot be read here.
fn each_content(bytes: &[u8], mut take: impl FnMut(&[u8])) {
    let archive = bytes.starts_with(b"PK").then(|| Cursor::new(bytes));
    let Some(mut archive) = archive.and_then(|bytes| zip::ZipArchive::new(bytes).ok()) else {
        return take(&in_utf8(bytes));
    };
    for index in 0..archive.len() {
        let mut part = Vec::new();
        if let Ok(entry) = archive.by_index(index) {
            // As much as could be read is searched; a bomb is cut off.
            let _ = entry.take(LARGEST_PART).read_to_end(&mut part);
        }
        take(&in_utf8(&part));
    }
}

/// Bytes of a part of a container that are searched.
const LARGEST_PART: u64 = 64 << 20;

/// Decoded where the file says that it is UTF-16.
fn in_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => match encoding.decode(bytes).0 {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        },
        None => Cow::Borrowed(bytes),
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

/// By file of the edition, row of the evidence and what it is.
type Leaks<'e> = BTreeMap<(String, &'e Locator, &'static str), u64>;

fn searching<P: AsRef<[u8]>>(patterns: impl IntoIterator<Item = P>) -> Result<AhoCorasick, Error> {
    let built = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(patterns);
    built.map_err(|error| {
        let problem = format!("the search for withheld values could not be prepared: {error}");
        Problem::new("leak-scan", "public edition", problem)
            .hint("report this as a defect of casefile")
            .into()
    })
}

/// Searches every file, and the text that the PDF is set from, for every protected value.
///
/// Errors name the file of the edition and the row of the evidence, never the value.
pub fn scan<'e>(
    evidence: &'e Evidence,
    artifacts: &Artifacts,
    document_json: &str,
) -> Result<(), Error> {
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
    let search = searching(&patterns)?;
    let dials = searching(telephones.iter().map(|(digits, _)| digits))?;
    let pieces = Pieces::of(patterns.iter().map(String::as_str));
    // How often each stands in a file, as far as it is searched as a whole and not in pieces.
    let mut leaks: Leaks = BTreeMap::new();
    let look = |path: &str, piece: Piece, leaks: &mut Leaks<'e>| {
        let folded = folded(piece.text);
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
            let cut = piece.cuts(hit.start(), hit.end(), folded.len());
            if !item.whole_word || !(cut || joins(before) || joins(after)) {
                *leaks
                    .entry((path.to_owned(), item.locator, item.what))
                    .or_default() += u64::from(piece.whole());
            }
        }
    };
    let dial = |path: &str, piece: Piece, dialled: &mut BTreeSet<_>| {
        let compact: String = piece
            .text
            .chars()
            .filter(|c| !SEPARATORS.contains(c))
            .collect();
        for hit in dials.find_overlapping_iter(&compact) {
            if let Some((_, item)) = telephones.get(hit.pattern().as_usize()) {
                dialled.insert((path.to_owned(), item.locator));
            }
        }
    };
    let mut between_marks = BTreeMap::new();
    let mut dialled = BTreeSet::new();
    let mut named: BTreeSet<(String, &Locator, &'static str)> = BTreeSet::new();
    let mut name = |path: &str, piece: Piece| {
        let found = plain_hits(&protected, piece).into_iter();
        named.extend(found.map(|item| (path.to_owned(), item.locator, item.what)));
    };
    pieces.each(printed(evidence).as_bytes(), |piece| {
        name("report.html", piece);
    });
    for (path, artifact) in artifacts.iter() {
        // A PDF is compressed: what it is set from is searched instead.
        if artifact.media_type == "application/pdf" {
            continue;
        }
        let is_text = artifact.media_type.starts_with("text/");
        // Words that somebody wrote; what is made of them holds no others.
        let written = matches!(artifact.role, Role::Case | Role::Evidence);
        each_content(&artifact.bytes, |content| {
            pieces.each(content, |piece| {
                look(path, piece, &mut leaks);
                dial(path, piece, &mut dialled);
                if written {
                    name(path, piece);
                }
            });
            if !is_text {
                return;
            }
            pieces.each(
                unmarked(&String::from_utf8_lossy(content)).as_bytes(),
                |piece| {
                    look(path, piece, &mut between_marks);
                },
            );
            // An export that is not UTF-8 is read as Windows-1252.
            if std::str::from_utf8(content).is_err() {
                let western = encoding_rs::WINDOWS_1252
                    .decode_without_bom_handling(content)
                    .0;
                pieces.each(western.as_bytes(), |piece| {
                    look(path, piece, &mut between_marks);
                    if written {
                        name(path, piece);
                    }
                });
            }
        });
    }
    pieces.each(document_json.as_bytes(), |piece| {
        look("report.pdf", piece, &mut leaks);
        dial("report.pdf", piece, &mut dialled);
    });
    for (leak, count) in between_marks {
        leaks.entry(leak).or_insert(count);
    }
    for leak in named {
        leaks.entry(leak).or_insert(1);
    }
    for (path, locator) in dialled {
        leaks.entry((path, locator, "an identity")).or_insert(1);
    }
    let problems: Vec<Problem> = leaks
        .into_iter()
        .map(|((path, locator, what), count)| {
            let place = locator.row.map_or_else(|| locator.file.to_string(), |row| format!("{}, row {row}", locator.file));
            let times = if count == 0 { String::new() } else { format!(" ({count} time(s))") };
            Problem::new("leak", path, format!("the public edition would show {what} that it withholds{times}: the one in {place}"))
                .hint("remove it from the text or public file that holds it; the value itself is not printed here")
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error { problems })
    }
}
