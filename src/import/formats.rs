//! The table of import formats. A new format is one file, and one row here.

use super::heading::Heading;
use super::open::Opened;
use super::part::Part;
use super::sheet::Sheet;
use super::transcript::Transcript;
use super::{Imported, google, meta, meta_headings, tidy};
use crate::case::Kind;
use crate::error::Result;

/// Whether the genders of a format are those of the people who were shown the ad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenderOf {
    /// Counts or shares of people who were shown it.
    Delivery,
    /// Whom the advertiser asked for: it never feeds a share.
    Targeting,
    None,
}

/// Whether a sheet is of a format.
pub(super) enum Fit {
    Yes {
        header: usize,
        hits: usize,
        reason: String,
    },
    No(String),
}

/// How the rows of a format are read.
#[derive(Clone, Copy)]
pub(super) enum Reading {
    /// A table whose headings have casefile's names, or get them.
    Table {
        fit: fn(&Opened<'_>, &Sheet) -> Fit,
        read: fn(&Opened<'_>, &Sheet, usize) -> Result<Imported>,
    },
    /// A table whose rows mean something else than casefile's: they are transcribed.
    Rows {
        fit: fn(&Opened<'_>, &Sheet) -> Fit,
        transcribe: fn(&Opened<'_>, &Sheet, usize, &mut Transcript) -> Result<()>,
    },
    /// Another text, or an archive of them: its records are transcribed.
    Text {
        /// Why a part is of the format; `None` where it is not.
        recognise: fn(&Part<'_>) -> Option<String>,
        transcribe: fn(&Part<'_>, &mut Transcript) -> Result<()>,
    },
}

/// One import format.
pub struct Format {
    pub name: &'static str,
    pub kind: Kind,
    pub what: &'static str,
    pub gives: &'static str,
    pub cannot: &'static str,
    pub gender: GenderOf,
    /// How its numbers were made, for the reader of the report; empty where they are counts.
    pub estimated: &'static str,
    pub(super) reading: Reading,
}

/// A tidy table: reading and recognising go by its kind.
macro_rules! tidy {
    ($kind:expr, $what:expr, $gives:expr, $cannot:expr, $gender:expr) => {
        Format {
            name: tidy::name($kind),
            kind: $kind,
            what: $what,
            gives: $gives,
            cannot: $cannot,
            gender: $gender,
            estimated: "",
            reading: Reading::Table {
                fit: |opened, sheet| tidy::fit($kind, opened, sheet),
                read: |opened, sheet, header| tidy::read($kind, opened, sheet, header),
            },
        }
    };
}

/// All formats, the most specific first.
pub const FORMATS: &[Format] = &[
    Format {
        name: meta::NAME,
        kind: Kind::Delivery,
        what: "export of Meta Ads Manager, CSV or XLSX, any choice of columns, ten interface languages",
        gives: "impressions, reach, clicks, results and spend by campaign, ad set, ad, age, gender, region, country, placement, day",
        cannot: "who was targeted; when a cumulative export was taken, unless its file name says so; reach that adds up",
        gender: GenderOf::Delivery,
        estimated: "reach, and the genders and ages of accounts, are estimated by the platform",
        reading: Reading::Table {
            fit: meta::fit,
            read: meta::read,
        },
    },
    Format {
        name: google::REPORT,
        kind: Kind::Delivery,
        what: "gender report of Google Ads as CSV",
        gives: "impressions, clicks and cost by campaign, ad group and gender",
        cannot: "age within gender; reach; the gender of about a third of the audience",
        gender: GenderOf::Delivery,
        estimated: "reach, and the genders and ages of accounts, are estimated by the platform",
        reading: Reading::Table {
            fit: google::fit_report,
            read: google::read_report,
        },
    },
    Format {
        name: google::SCRIPT,
        kind: Kind::Delivery,
        what: "workbook of a Google Ads script with CampaignName and Criteria",
        gives: "impressions and clicks by campaign and gender, with the time of the run from the file name",
        cannot: "age within gender; reach; spend; the gender of about a third of the audience",
        gender: GenderOf::Delivery,
        estimated: "reach, and the genders and ages of accounts, are estimated by the platform",
        reading: Reading::Table {
            fit: google::fit_script,
            read: google::read_script,
        },
    },
    tidy!(
        Kind::Delivery,
        "casefile's table of delivery, CSV or XLSX",
        "what its columns hold, one row a breakdown cell of one ad",
        "anything about how the numbers were made: state the source in `obtained`",
        GenderOf::Delivery
    ),
    tidy!(
        Kind::Ads,
        "casefile's table of the ads that were placed, CSV or XLSX",
        "what was tested: creatives in words, arms, targeting, dates, budgets",
        "who was shown the ads",
        GenderOf::None
    ),
    tidy!(
        Kind::Contacts,
        "casefile's contact log, coded by hand, CSV or XLSX",
        "counts, rates, people, times and categories of what test accounts received",
        "the gender of a sender, beyond what appeared to the coder",
        GenderOf::None
    ),
    tidy!(
        Kind::Accounts,
        "casefile's table of accounts that were seen, CSV or XLSX",
        "how long accounts stayed online before and after they were reported",
        "who is behind an account, beyond how that was confirmed",
        GenderOf::None
    ),
    tidy!(
        Kind::Feeds,
        "casefile's table of items that test accounts were served, CSV or XLSX",
        "share of coded items by account and session",
        "what other accounts are served",
        GenderOf::None
    ),
    tidy!(
        Kind::Statements,
        "casefile's table of statements, CSV or XLSX",
        "who said what when, what was asked, and who did not answer",
        "whether a statement is true",
        GenderOf::None
    ),
];

/// Whether any format has this heading.
pub(super) fn is_known(heading: &Heading) -> bool {
    meta_headings::name(&heading.key).is_some()
        || google::is_known(heading)
        || tidy::is_known(heading)
}
