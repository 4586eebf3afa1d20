//! Evidence: the raw files as tables whose rows know where they stand.
//!
//! Nothing is aggregated here. A cell that the file does not have is `None`, never zero.

mod secrets;

pub use secrets::{has_secrets, without_secrets};

use crate::case::Kind;
use crate::digest::Sha256;
use crate::notice::{Locator, Notice};
use jiff::civil::{Date, DateTime};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file of the case after import.
#[derive(Debug, Clone)]
pub struct Source {
    pub exhibit: String,
    pub file: String,
    pub bytes: u64,
    pub sha256: Sha256,
    pub kind: Kind,
    /// Name of the import format, such as `meta-ads-manager`.
    pub format: &'static str,
    pub withheld: bool,
    pub title: Option<String>,
    pub obtained: Option<crate::case::Obtained>,
    pub rows: RowAccount,
    /// When a cumulative export was taken, and how that is known.
    pub snapshot: Option<Snapshot>,
    /// Access tokens and signed addresses in the raw file.
    pub secrets: Secrets,
    /// Headings that no rule uses, kept so that nothing is dropped silently.
    pub unused_columns: Vec<String>,
    /// How its cells were read; `None` for what is no table, or was made into one.
    pub reading: Option<Reading>,
}

/// How the cells of a table were read: enough for somebody else to read the raw file again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Such as `UTF-8`; `workbook` for XLSX.
    pub encoding: &'static str,
    pub delimiter: Option<char>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Headings as they stand in the file, each with casefile's name of its column.
    pub headings: Vec<(String, Option<&'static str>)>,
    /// Cells of the longest row.
    pub width: usize,
    /// Decimal separator by column.
    pub decimals: BTreeMap<&'static str, char>,
    /// Currency that stands in the heading of the amount.
    pub currency: Option<String>,
    /// By column: words of its cells, and what each was read as.
    pub words: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Columns that the file does not have, and the value that all its rows were given.
    pub given: BTreeMap<&'static str, String>,
}

/// What happens to access tokens and signed addresses of a raw file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Secrets {
    #[default]
    None,
    /// The bundle holds a copy without them; the digest is that of the file as it was received.
    Removed,
    /// They cannot be taken out, so the bundle does not hold the file.
    Kept,
}

/// Every row of a file: read, or excluded for a reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RowAccount {
    /// Data rows in the file, header and preamble not counted.
    pub in_file: u64,
    pub read: u64,
    pub excluded: Vec<Exclusion>,
}

/// One excluded row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Exclusion {
    pub row: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Kebab-case reason, such as `totals-row`.
    pub reason: &'static str,
    /// More in words; never a text, handle or identity.
    pub detail: String,
}

/// The moment of a cumulative export.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Snapshot {
    /// Local time as written; no zone is assumed.
    pub at: DateTime,
    pub basis: SnapshotBasis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotBasis {
    /// Stated in `case.toml`.
    Declared,
    /// Read from the file name.
    FileName,
    /// End of the reporting period.
    ReportingEnd,
}

/// Gender of the audience as the platform reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    Female,
    Male,
    Unknown,
}

/// An amount of money in millionths of the currency unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Micros(pub i64);

/// One breakdown cell of one ad: DELIVERY, never targeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    pub locator: Locator,
    pub platform: Option<Arc<str>>,
    pub account: Option<Arc<str>>,
    pub campaign: Option<Arc<str>>,
    pub ad_set: Option<Arc<str>>,
    pub ad: Option<Arc<str>>,
    pub period_start: Option<Date>,
    pub period_end: Option<Date>,
    /// A day of a daily breakdown, where the file has one.
    pub day: Option<Date>,
    pub age: Option<Arc<str>>,
    pub gender: Option<Gender>,
    pub region: Option<Arc<str>>,
    pub country: Option<Arc<str>>,
    pub placement: Option<Arc<str>>,
    pub device: Option<Arc<str>>,
    pub impressions: Option<u64>,
    pub reach: Option<u64>,
    pub clicks: Option<u64>,
    pub results: Option<u64>,
    /// Counts of which the file gives a range only; the count itself is then absent.
    pub ranges: Ranges,
    /// Part of the people whom the ad reached that falls into this cell, where the platform
    /// publishes shares of a total that it does not.
    pub share: Option<Share>,
    /// Whether the cells of one ad are groups of accounts of which each account is in one, so that
    /// reach within the ad adds up. Over ads it never does.
    pub disjoint: bool,
    pub spend: Option<Micros>,
    pub currency: Option<Arc<str>>,
}

/// A part of one, in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(pub u32);

/// Ranges of the counts of a cell, where it is masked (`<5`) or published as a range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ranges {
    pub impressions: Option<CountRange>,
    pub reach: Option<CountRange>,
    pub clicks: Option<CountRange>,
    pub results: Option<CountRange>,
}

impl Ranges {
    pub fn is_empty(&self) -> bool {
        *self == Ranges::default()
    }
}

/// A count known as a range: never its middle, and never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountRange {
    pub low: u64,
    /// `None` where nothing bounds it from above.
    pub high: Option<u64>,
}

impl CountRange {
    pub fn exact(count: u64) -> Self {
        CountRange {
            low: count,
            high: Some(count),
        }
    }

    /// The range of the sum.
    pub fn plus(self, other: CountRange) -> Self {
        CountRange {
            low: self.low.saturating_add(other.low),
            high: self.high.zip(other.high).map(|(a, b)| a.saturating_add(b)),
        }
    }
}

/// A test ad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdRow {
    pub locator: Locator,
    /// As it appears in the delivery exports (ad, ad set or full path).
    pub ad: String,
    pub account: Option<String>,
    /// Arm stated by the tester; `[study] arms` takes precedence.
    pub arm: Option<String>,
    /// Ads of one block ran alike but for the creative; a block with one ad an arm is a pair.
    pub block: Option<String>,
    /// What the creative shows, in words; its digest, never the picture.
    pub creative: Option<String>,
    pub creative_sha256: Option<String>,
    pub text: Option<String>,
    pub targeting: Option<String>,
    pub objective: Option<String>,
    pub start: Option<Date>,
    pub end: Option<Date>,
    pub budget: Option<Micros>,
    pub spend: Option<Micros>,
    pub currency: Option<String>,
}

/// Something that a test account received. Identities and texts never leave this room but through
/// the full edition's raw files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    pub locator: Locator,
    pub event: String,
    pub received: Received,
    pub channel: Option<String>,
    /// `in` unless the file says `out`; outgoing rows are kept and not counted as contacts.
    pub incoming: bool,
    pub ad: Option<String>,
    pub account: Option<String>,
    /// Handle, number or pseudonym as logged: an identity.
    pub sender: Option<String>,
    /// What tells this sender from all others of the case: an identity.
    pub person: Option<String>,
    /// Digest of what two files that hold the same event have in common; `None` for logs by hand.
    pub fingerprint: Option<String>,
    pub sender_gender: Option<Gender>,
    /// Message, call, comment, follow, offer...
    pub event_type: Option<String>,
    pub call_seconds: Option<u64>,
    /// Category by the first coder; several are separated in the file by `;`.
    pub codes: Vec<String>,
    pub coder: Option<String>,
    /// Category by the second coder.
    pub second_codes: Vec<String>,
    pub second_coder: Option<String>,
    pub evidence_ref: Option<String>,
    /// Digest of the screenshot or recording, in lower case.
    pub evidence_sha256: Option<String>,
    /// Number of pictures, recordings and files that came with it; they are never read.
    pub media: Option<u64>,
    /// Their types, such as `photo`.
    pub media_types: Vec<String>,
    /// Texts and notes: never printed, only searched for by the leak scan.
    pub private_texts: Vec<String>,
}

/// When a contact was received.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Received {
    /// Local time as logged, to the resolution of the file; `None` where missing or unreadable.
    pub local: Option<DateTime>,
    /// Seconds since 1970 UTC, where the zone is known.
    pub utc_seconds: Option<i64>,
    /// Whether only the day is known.
    pub day_only: bool,
    pub basis: TimeBasis,
    pub resolution: Resolution,
}

/// How it is known in which zone a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeBasis {
    /// The file gives it in UTC or with its offset.
    File,
    /// The file gives a local time, and the user its zone.
    Declared,
    /// A local time of a zone that nobody states.
    Unknown,
}

/// To what a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    Second,
    Minute,
    Day,
}

/// An account seen in the investigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    pub locator: Locator,
    /// Handle or pseudonym: an identity.
    pub account: String,
    pub platform: Option<String>,
    pub first_seen: Option<Date>,
    pub identified: Option<Date>,
    /// How the person behind it was confirmed (court record, registry...).
    pub confirmed_by: Option<String>,
    pub reported: Option<Date>,
    pub removed: Option<Date>,
    /// Last day on which it was checked; needed to censor accounts that were not removed.
    pub last_checked: Option<Date>,
    pub private_texts: Vec<String>,
}

/// An item that a recommendation system served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    pub locator: Locator,
    /// The test account.
    pub account: String,
    /// What the test account follows or looked at.
    pub follows: Option<String>,
    pub session: Option<String>,
    pub date: Option<Date>,
    pub rank: Option<u64>,
    /// Codes of the item; empty means coded as none of them.
    pub codes: Vec<String>,
    /// Whether a coder looked at the item at all.
    pub coded: bool,
    pub private_texts: Vec<String>,
}

/// A statement, reply, or silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    pub locator: Locator,
    pub id: String,
    /// Who said it, as it may be published.
    pub source: String,
    /// `platform`, `merchant`, `expert`, `former-employee`, `authority`, `other`.
    pub role: Option<String>,
    pub date: Option<Date>,
    /// What was asked.
    pub asked: Option<String>,
    pub asked_on: Option<Date>,
    /// The words, or `None` where a request for comment went unanswered.
    pub quote: Option<String>,
    pub reference: Option<String>,
}

/// What a platform publishes of an ad without saying who saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextRow {
    pub locator: Locator,
    pub platform: Option<String>,
    /// The ad, campaign or id in the platform's library.
    pub ad: Option<String>,
    pub advertiser: Option<String>,
    pub payer: Option<String>,
    pub first_shown: Option<Date>,
    pub last_shown: Option<Date>,
    pub impressions: Option<CountRange>,
    pub reach: Option<CountRange>,
    pub clicks: Option<CountRange>,
    /// Number of ads, where the row is not of one ad.
    pub ads: Option<u64>,
    /// Whole units of the currency, as the platform publishes ranges.
    pub spend: Option<AmountRange>,
    pub currency: Option<String>,
    pub targeting: Targeting,
}

/// An amount known as a range; equal ends where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmountRange {
    pub low: Micros,
    /// `None` where nothing bounds it from above.
    pub high: Option<Micros>,
}

/// Whom the advertiser asked for: TARGETING. It shares no type with the gender of delivery, so it
/// can enter no share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Targeting {
    pub genders: Option<TargetedGenders>,
    pub ages: Option<String>,
    pub places: Option<String>,
}

/// The genders that an advertiser asked for, in words; deliberately no [`Gender`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetedGenders(pub String);

/// A page or item that a capture tool saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureRow {
    pub locator: Locator,
    /// Name by which contacts refer to it.
    pub reference: Option<String>,
    /// Address that was captured; it may name a person.
    pub url: Option<String>,
    pub captured: Received,
    pub tool: Option<String>,
    pub method: Option<String>,
    /// Digest of the saved file, in lower case.
    pub sha256: Option<String>,
    /// Where the file was stored.
    pub stored: Option<String>,
    /// What the tool says of its success.
    pub status: Option<String>,
    pub private_texts: Vec<String>,
}

/// Codes of an event, given in a sheet of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    pub locator: Locator,
    pub event: String,
    pub codes: Vec<String>,
    pub coder: Option<String>,
    pub second_codes: Vec<String>,
    pub second_coder: Option<String>,
    pub sender_gender: Option<Gender>,
    pub ad: Option<String>,
}

/// All evidence of a case.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// In the order of the exhibit numbers.
    pub sources: Vec<Source>,
    pub ads: Vec<AdRow>,
    pub delivery: Vec<DeliveryRow>,
    pub contacts: Vec<ContactRow>,
    pub accounts: Vec<AccountRow>,
    pub feeds: Vec<FeedRow>,
    pub statements: Vec<StatementRow>,
    pub context: Vec<ContextRow>,
    pub captures: Vec<CaptureRow>,
    pub notices: Vec<Notice>,
}

impl Evidence {
    /// The source with this path.
    pub fn source(&self, file: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.file == file)
    }

    /// Snapshot of each file that has one.
    pub fn snapshots(&self) -> BTreeMap<&str, &Snapshot> {
        self.sources
            .iter()
            .filter_map(|s| Some((s.file.as_str(), s.snapshot.as_ref()?)))
            .collect()
    }
}
