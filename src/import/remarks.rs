//! What the transcribers of messages, libraries and captures remark, in words.

use crate::notice::{Locator, Notice};

/// Code, sentence, and whether a number may be affected.
const REMARKS: &[(&str, &str, bool)] = &[
    (
        "account-silent",
        "the account under test sent nothing in this file, or is named otherwise in it: all messages count as incoming",
        true,
    ),
    (
        "ad-without-id",
        "ads without a library number, named by page and first day shown",
        true,
    ),
    (
        "all-clicks",
        "clicks of all kinds stand for clicks on the link, which the export does not have",
        true,
    ),
    (
        "call-answered-elsewhere",
        "calls answered on another device",
        false,
    ),
    (
        "call-rejected",
        "calls turned away by the user or a block list, which count as missed",
        false,
    ),
    (
        "call-rows-joined",
        "calls that the file tells in two rows, of the start and of the end, read as one",
        false,
    ),
    (
        "call-text-unknown",
        "calls with a text in a language for which casefile has no rules: one call may be told in two rows",
        true,
    ),
    (
        "call-without-caller",
        "missed calls for which the file names no caller",
        true,
    ),
    (
        "cells-absent",
        "ads of which the platform gives no number for a gender in some country and age, and no total that would show it to be none: absent is not zero, so their sums may be too small",
        true,
    ),
    (
        "content-unavailable",
        "messages or comments without content: removed, not exported, or an attachment that is missing",
        false,
    ),
    (
        "count-differs",
        "the file states another number of records than it holds",
        true,
    ),
    (
        "damaged-ids",
        "a spreadsheet program has shortened the numbers of campaigns, ad sets or ads, which are not used",
        true,
    ),
    (
        "date-order-inferred",
        "dates whose order of day and month is known only because time runs forward in no other order",
        true,
    ),
    (
        "date-order-overruled",
        "dates that cannot be read in the order stated for the file, read in the only possible one",
        true,
    ),
    (
        "date-unreadable",
        "records whose date is missing, has no zone or cannot be read",
        true,
    ),
    (
        "dated-continuation",
        "lines that begin with a date in another style than the chat's, read as part of the message above",
        true,
    ),
    (
        "deleted-account",
        "senders whose account is deleted or not available, told apart by conversation or number only",
        true,
    ),
    (
        "export-limit",
        "the chat has nearly as many messages as WhatsApp exports; earlier ones may be missing",
        true,
    ),
    (
        "fractional-results",
        "conversions are given in fractions, as a model attributes them, and are not counted",
        false,
    ),
    (
        "hidden-comments",
        "comments that the platform hides; others may be missing from the file",
        true,
    ),
    (
        "language-without-rules",
        "the platform's own texts are in a language for which casefile has no rules: reactions and notices may count as messages",
        true,
    ),
    (
        "line-not-classified",
        "lines that the program wrote under a name and that casefile does not know; they count as messages without text",
        true,
    ),
    (
        "mixed-levels",
        "rows of different levels (account, campaign, ad set, ad) in one file: totals and their parts may count the same people twice",
        true,
    ),
    (
        "mixed-results",
        "results of several kinds in one column: their sum counts unlike things",
        true,
    ),
    (
        "more-pages",
        "the answer of the interface goes on in a further page: records may be missing",
        true,
    ),
    (
        "name-from-file",
        "no column names the campaign, ad group or ad: the file counts as one campaign that is called like the file",
        false,
    ),
    (
        "nested-level-unknown",
        "rows nested in objects whose kind the file does not say: their names are taken as names of ads",
        true,
    ),
    ("no-address", "saved pages without an address", false),
    (
        "no-content",
        "messages without content: empty, to be seen once, or not exported",
        false,
    ),
    (
        "no-disclaimer",
        "spend on ads that did not say who paid for them",
        false,
    ),
    (
        "no-sender",
        "records whose sender the file does not name",
        true,
    ),
    (
        "no-time",
        "records without a usable time, which count in no series over time",
        true,
    ),
    (
        "notice-not-classified",
        "lines without a name that casefile does not know, left out as notices; a missed call in another language may be among them",
        true,
    ),
    (
        "notification-time",
        "the time is that of the notification, not of the comment",
        false,
    ),
    (
        "number-withheld",
        "records without a number, which are not taken for one person's",
        true,
    ),
    (
        "other-content",
        "messages with a contact card, place, poll, game or invoice, which are not counted as media",
        false,
    ),
    (
        "other-digest",
        "captures whose digest is of another algorithm than SHA-256, which is left out",
        false,
    ),
    (
        "paging-truncated",
        "the answer has a further page that the file does not hold: data may be missing",
        true,
    ),
    (
        "people-by-thread",
        "senders are told apart by conversation, since names are not unique: one person in two conversations counts as two",
        false,
    ),
    (
        "period-from-file",
        "no column holds dates: the period is that in the file name",
        false,
    ),
    (
        "platform-assumed",
        "no path tells whether the conversation is of Instagram or Facebook; it is read as Instagram",
        false,
    ),
    (
        "possible-system-text",
        "messages that begin with the name of somebody in the conversation, or that read like a reaction: perhaps written by the platform, in a language for which casefile has no rules",
        true,
    ),
    (
        "reach-total-differs",
        "ads whose cells of reach do not add up to the total reach that the platform states",
        true,
    ),
    (
        "repeated-ad-differs",
        "earlier copies of an ad that differ from the last copy, which is used",
        true,
    ),
    (
        "repeated-cell-differs",
        "ads that state a country, age and gender twice with different counts: the first is used",
        true,
    ),
    (
        "ring-duration",
        "missed calls with a duration, which is how long the telephone rang and is left out",
        false,
    ),
    (
        "same-name",
        "rows of ads that share name, campaign and ad set but not the number: the number is added to the name",
        true,
    ),
    (
        "sender-split-unsure",
        "senders whose name may hold a colon; the shortest reading was taken",
        true,
    ),
    (
        "several-places",
        "ads with cells from several places (EU, UK, Brazil): total reach and targeting are those of the first, cells are of all",
        false,
    ),
    (
        "several-regions",
        "ads shown in several regions, whose ranges are not added up",
        false,
    ),
    (
        "time-differs-from-name",
        "calls whose time differs from that in the name of the file",
        true,
    ),
    (
        "time-from-name",
        "calls whose time was taken from the name of the file",
        false,
    ),
    (
        "time-goes-back",
        "messages dated before the one above them",
        true,
    ),
    (
        "time-word-unknown",
        "messages whose time stands beside an unknown word that may mean the afternoon; their time is left out",
        true,
    ),
    (
        "unreadable-reach",
        "ads whose number of people is worded in a way that casefile does not know; it is left out",
        true,
    ),
    (
        "unreadable-regions",
        "ads whose regions cannot be read, which have no times shown",
        true,
    ),
    (
        "user-deleted",
        "pages that the holder of the account had deleted",
        false,
    ),
    (
        "wacz-extra-pages",
        "the web archive has further pages in pages/extraPages.jsonl, which are not read",
        false,
    ),
    (
        "wacz-hash-form",
        "digests of the web archive are written without the colon",
        false,
    ),
    (
        "wacz-hash-unchecked",
        "digests of the web archive of another kind than SHA-256, not checked",
        true,
    ),
    (
        "wacz-no-digest",
        "no digest vouches for the list of files of the web archive",
        true,
    ),
    (
        "wacz-signature-unchecked",
        "the web archive is signed; the signature was not checked",
        false,
    ),
    (
        "wacz-unlisted-file",
        "files that the list of the web archive does not name: nothing vouches for them",
        true,
    ),
    ("wacz-unsigned", "the web archive is not signed", false),
    (
        "wacz-verified",
        "the whole chain of digests of the web archive holds",
        false,
    ),
];

/// A remark with the number of what it speaks of, and the first rows.
pub(super) fn sentence(meaning: &str, what: &str, count: u64, first: &[u64]) -> String {
    if first.is_empty() {
        return meaning.to_owned();
    }
    let rows: Vec<String> = first.iter().map(u64::to_string).collect();
    let more = if count > first.len() as u64 {
        " ..."
    } else {
        ""
    };
    let plural = if count == 1 { "" } else { "s" };
    format!(
        "{meaning}: {count} {what}{plural} (row {}{more})",
        rows.join(", ")
    )
}

/// What a remark says of its records.
pub(super) fn meaning(code: &str) -> &'static str {
    let found = REMARKS.iter().find(|(known, _, _)| *known == code);
    found.map_or("records that need a look", |(_, words, _)| words)
}

/// Whether a number may be affected.
pub(super) fn is_caution(code: &str) -> bool {
    let found = REMARKS.iter().find(|(known, _, _)| *known == code);
    found.is_none_or(|(_, _, caution)| *caution)
}

/// A remark on a whole file.
pub(super) fn notice(code: &'static str, file: &str) -> Notice {
    if is_caution(code) {
        Notice::caution(code, Locator::file(file), meaning(code))
    } else {
        Notice::info(code, Locator::file(file), meaning(code))
    }
}

/// Why a record of a file that is transcribed gives no row.
const EXCLUSIONS: &[(&str, &str)] = &[
    (
        "all-row",
        "a row over all ages or genders, whose parts are read",
    ),
    ("broken-line", "a line that does not fit the headings"),
    ("call-end", "the end of a call that another row tells"),
    (
        "channel-post",
        "a post of a channel, which is no message to the account",
    ),
    (
        "damaged-id",
        "an id that a spreadsheet program has shortened",
    ),
    ("draft", "a draft, which was not sent"),
    (
        "empty-record",
        "a record without content, as programs write for their own notices",
    ),
    ("error-object", "an error message in place of data"),
    (
        "malformed-record",
        "a record that is not written as the format has it",
    ),
    ("no-ad", "a record that names no ad"),
    ("no-delivery", "an ad without delivery"),
    (
        "no-demographics",
        "an ad of which the file does not say who saw it",
    ),
    ("no-link", "a capture without an address"),
    ("no-message", "a line before the first message"),
    ("no-row", "something that is no row of data"),
    ("not-sent", "a message that was not sent"),
    (
        "other-breakdown",
        "a row broken down by something that casefile has no column for",
    ),
    (
        "other-notification",
        "a notification about something else than a comment",
    ),
    ("own-notes", "a note of the account to itself"),
    ("reaction", "a reaction to a message, which is no message"),
    (
        "region-share",
        "a share by region, which is not split by gender",
    ),
    (
        "repeated-ad",
        "an earlier copy of an ad; the last one is read",
    ),
    ("repeated-cell", "a cell that another row states"),
    (
        "repeated-event",
        "a copy of an event that another record tells",
    ),
    (
        "shares-do-not-sum",
        "shares of an ad that do not add up to a whole",
    ),
    ("system-message", "a notice of the program"),
    (
        "unknown-direction",
        "a record that is neither incoming nor outgoing",
    ),
    (
        "unknown-record",
        "a record of a kind that casefile does not know",
    ),
    (
        "unknown-type",
        "a record of a type that casefile does not know",
    ),
    ("unreadable-cell", "a cell whose number cannot be read"),
    (
        "unreadable-page",
        "a page of a web archive that cannot be read",
    ),
    (
        "unreadable-period",
        "a row whose period ends before it begins",
    ),
    (
        "unsupported-message",
        "a message of a type that the program did not export",
    ),
    (
        "without-headers",
        "a part of a mailbox without headers of mail",
    ),
    (
        "zero-or-absent",
        "a zero that may stand for an absent count",
    ),
];

/// What a reason for leaving out a record says; empty where it says it itself.
pub(super) fn reason(code: &str) -> &'static str {
    let found = EXCLUSIONS.iter().find(|(known, _)| *known == code);
    found.map_or("", |(_, words)| words)
}
