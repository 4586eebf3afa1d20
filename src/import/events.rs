//! Events of downloads: who wrote them, which account received them, and the same event in two files.

use super::open::Opened;
use super::part::Part;
use super::people::Zones;
use super::transcript::{Entry, Transcript};
use super::words::fold;
use crate::digest::Sha256;
use crate::error::{Problem, Problems, Result};
use crate::evidence::{ContactRow, Evidence, Exclusion};
use crate::notice::Notice;
use std::collections::{BTreeMap, BTreeSet};

/// Gives the events of a download what the table of contacts needs: an id, the account that
/// received them, their direction, their zone, and what tells their senders apart. Returns, for each
/// row, the digest by which the same event is known in another file.
pub(super) fn complete(
    opened: &Opened<'_>,
    transcript: &mut Transcript,
) -> Result<BTreeMap<u64, String>> {
    let hints = opened.input.hints;
    let account = hints.account.as_deref();
    let mut problems = Problems::default();
    check_account(opened, transcript, &mut problems);
    if let Some(zone) = &hints.timezone
        && Zones::new().get(zone).is_none()
    {
        problems.push(
            Problem::new(
                "unknown-timezone",
                opened.input.file,
                "this is no time zone",
            )
            .value(zone)
            .hint("write an IANA name such as `America/New_York`, or an offset such as `+01:00`"),
        );
    }
    problems.finish(())?;
    let digest = Sha256::of(opened.input.bytes).to_string();
    let start = digest.get(..8).unwrap_or_default();
    let open = undirected(transcript);
    let mut sent = 0u64;
    let mut prints = BTreeMap::new();
    for entry in &mut transcript.entries {
        if entry.get("direction").is_none() {
            let own = entry.get("sender").zip(account);
            let own = own.is_some_and(|(sender, account)| same_name(sender, account));
            entry.set("direction", if own { "out" } else { "in" });
        }
        sent += u64::from(entry.get("direction") == Some("out"));
        entry.set("event_id", format!("{start}-{}", entry.row));
        let key = sender_key(entry);
        entry.values.retain(|(name, _)| *name != "sender_key");
        if let Some(key) = key {
            entry.set("sender_key", key);
        }
        if let Some(sender) = entry.get("sender").map(str::to_owned) {
            entry.set("sender_pseudonym", sender);
        }
        if let (Some(account), None) = (account, entry.get("account_under_test")) {
            entry.set("account_under_test", account);
        }
        if let Some(zone) = &hints.timezone {
            entry.set("timezone", zone);
        }
        prints.extend(fingerprint(entry).map(|print| (entry.row, print)));
    }
    if open > 0 && sent == 0 {
        transcript.remark("account-silent", None);
    }
    Ok(prints)
}

fn undirected(transcript: &Transcript) -> usize {
    let entries = transcript.entries.iter();
    entries
        .filter(|entry| entry.get("direction").is_none())
        .count()
}

/// Names are compared without regard to case, blanks and the form in which letters are composed.
fn same_name(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

/// Where the file does not say which messages its owner wrote, the user names the account; it must
/// take part in every conversation of which the file lists who takes part.
fn check_account(opened: &Opened<'_>, transcript: &Transcript, problems: &mut Problems) {
    let open = undirected(transcript);
    let Some(account) = opened.input.hints.account.as_deref() else {
        if open > 0 {
            problems.push(
                Problem::new(
                    "account-unknown",
                    opened.input.file,
                    format!("the file does not say which messages its owner wrote ({open} of them), so incoming and outgoing cannot be told apart"),
                )
                .hint(account_hint(transcript)),
            );
        }
        return;
    };
    let threads = &transcript.participants;
    let without = threads
        .values()
        .filter(|names| !names.iter().any(|name| same_name(name, account)))
        .count();
    if open > 0 && without > 0 {
        problems.push(
            Problem::new(
                "account-unknown",
                opened.input.file,
                format!(
                    "in {without} of {} conversations no participant has the name that `account` states",
                    threads.len()
                ),
            )
            .hint(account_hint(transcript)),
        );
    }
}

/// How to name the account: the only one that takes part in each of several conversations is likely
/// it.
fn account_hint(transcript: &Transcript) -> String {
    let mut threads: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (thread, names) in &transcript.participants {
        let names = names.iter().map(String::as_str);
        threads.entry(thread).or_default().extend(names);
    }
    for entry in &transcript.entries {
        let names = threads.entry(entry.get("thread").unwrap_or_default());
        names.or_default().extend(entry.get("sender"));
    }
    let mut common = threads.values().cloned();
    let first = common.next().unwrap_or_default();
    let common = common.fold(first, |all, own| all.intersection(&own).copied().collect());
    let mut common = common.into_iter();
    let likely = match (threads.len() > 1, common.next(), common.next()) {
        (true, Some(name), None) => {
            format!(
                "; `{name}` takes part in each of the {} conversations",
                threads.len()
            )
        }
        _ => String::new(),
    };
    format!(
        "add `account = \"...\"` to the evidence entry, with the name of the account under test as it stands in the file{likely}"
    )
}

/// Channels in which a name, or a number, is that of the same people.
fn family(channel: &str) -> &str {
    let channel = channel
        .trim_end_matches("_request")
        .trim_end_matches("_spam");
    match channel {
        "sms" | "mms" | "phone" | "google_voice" => "telephone",
        other => other,
    }
}

/// What tells the sender from all others of the case: a telephone number wherever it occurs, any
/// other name within its platform only.
fn sender_key(entry: &Entry) -> Option<String> {
    let key = entry.get("sender_key").or_else(|| entry.get("sender"))?;
    let digits: String = key.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 7
        && key
            .chars()
            .all(|c| c.is_ascii_digit() || " +-()./\u{a0}\u{202f}".contains(c));
    Some(if is_number {
        format!("telephone:{digits}")
    } else {
        format!(
            "{}:{}",
            family(entry.get("channel").unwrap_or_default()),
            fold(key)
        )
    })
}

/// What two files that hold the same event have in common.
fn fingerprint(entry: &Entry) -> Option<String> {
    let at = entry.get("received_at_local")?;
    let part = |name: &str| entry.get(name).unwrap_or_default().trim().to_owned();
    let parts = [
        family(entry.get("channel").unwrap_or_default()).to_owned(),
        fold(&part("sender")),
        // Without a name, two missed calls of one minute are of two people where their chats differ.
        if entry.get("sender").is_none() {
            part("thread")
        } else {
            String::new()
        },
        part("direction"),
        // Milliseconds are in some exports of a platform and not in others.
        at.split('.')
            .next()
            .unwrap_or(at)
            .trim_end_matches('Z')
            .to_owned(),
        part("event_type"),
        part("text"),
        part("media_types"),
        part("call_duration_s"),
    ];
    Some(Sha256::of(parts.join("\u{1f}").as_bytes()).to_string())
}

/// Takes out the events that an earlier file holds as well: archives overlap, and are requested twice.
/// Each file may hold an event several times (two greetings within a minute); the most that one file
/// holds is what counts.
pub(super) fn unite(evidence: &mut Evidence) {
    let mut most: BTreeMap<String, u64> = BTreeMap::new();
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut own: BTreeMap<String, u64> = BTreeMap::new();
    let mut file = String::new();
    let mut repeated: BTreeMap<String, Vec<(ContactRow, String)>> = BTreeMap::new();
    let rows = std::mem::take(&mut evidence.contacts);
    for row in rows {
        if *row.locator.file != *file {
            // The counts of a file take effect when it is done.
            merge(&mut most, &mut own);
            file = row.locator.file.to_string();
        }
        let Some(print) = row.fingerprint.clone() else {
            evidence.contacts.push(row);
            continue;
        };
        let count = own.entry(print.clone()).or_default();
        *count += 1;
        if *count <= most.get(&print).copied().unwrap_or(0) {
            let origin = first.get(&print).cloned().unwrap_or_default();
            repeated
                .entry(file.clone())
                .or_default()
                .push((row, origin));
        } else {
            first.entry(print).or_insert_with(|| file.clone());
            evidence.contacts.push(row);
        }
    }
    for (file, rows) in repeated {
        exclude(evidence, &file, &rows);
    }
}

fn merge(most: &mut BTreeMap<String, u64>, own: &mut BTreeMap<String, u64>) {
    for (print, count) in std::mem::take(own) {
        let slot = most.entry(print).or_default();
        *slot = count.max(*slot);
    }
}

/// Accounts for the rows of a file that another file holds.
fn exclude(evidence: &mut Evidence, file: &str, rows: &[(ContactRow, String)]) {
    let exhibits: BTreeMap<String, String> = evidence
        .sources
        .iter()
        .map(|source| (source.file.clone(), source.exhibit.clone()))
        .collect();
    if let Some(source) = evidence
        .sources
        .iter_mut()
        .find(|source| source.file == file)
    {
        source.rows.read -= rows.len() as u64;
        for (row, origin) in rows {
            let other = exhibits.get(origin).map_or("another file", String::as_str);
            source.rows.excluded.push(Exclusion {
                row: row.locator.row.unwrap_or(0),
                sheet: row.locator.sheet.as_deref().map(str::to_owned),
                reason: "repeated-event",
                detail: format!("the same event is in {other}"),
            });
        }
        source.rows.excluded.sort();
    }
    if let Some((first, _)) = rows.first() {
        evidence.notices.push(Notice::caution(
            "event-in-several-files",
            first.locator.clone(),
            format!(
                "{} event(s) of this file are in another file as well, with the same sender, time and content; each is counted once",
                rows.len()
            ),
        ));
    }
}

/// Whether a text of an archive begins like JSON and is none: it was cut, and its messages would be
/// missing without a word.
pub(super) fn is_broken(part: &Part<'_>) -> bool {
    let name = part.path.to_lowercase();
    let named = name.ends_with(".json") || name.ends_with(".jsonl");
    named && part.text.trim_start().starts_with(['{', '[']) && part.json().is_none()
}
