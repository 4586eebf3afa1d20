//! The table of import formats. A new format is one file, and one row here.

use super::captures::{auto_archiver, mhtml, wacz};
use super::heading::Heading;
use super::messages::{
    comments, google_voice, imazing, instagram, mail, messenger, signal, sms_backup, telegram,
    whatsapp,
};
use super::open::Opened;
use super::part::Part;
use super::platforms::{
    ad_library, google, google_transparency, insights, library_context, library_report,
    library_tables, linkedin, meta, meta_ab_test, meta_headings, tiktok, tiktok_library,
};
use super::sheet::Sheet;
use super::transcript::Transcript;
use super::{Imported, coding, tidy};
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
        /// Whether of several sheets this one is known to be the one that counts.
        leads: bool,
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

/// A format of texts, read by the module of its name.
macro_rules! text {
    ($module:ident, $kind:expr, $what:expr, $gives:expr, $cannot:expr, $gender:expr, $estimated:expr) => {
        Format {
            name: $module::NAME,
            kind: $kind,
            what: $what,
            gives: $gives,
            cannot: $cannot,
            gender: $gender,
            estimated: $estimated,
            reading: Reading::Text {
                recognise: $module::recognise,
                transcribe: $module::transcribe,
            },
        }
    };
}

/// How platforms make what they report of their own ads.
const PLATFORM_ESTIMATES: &str =
    "reach, and the genders and ages of accounts, are estimated by the platform";

/// All formats, the most specific first.
pub const FORMATS: &[Format] = &[
    Format {
        name: linkedin::NAME,
        kind: Kind::Context,
        what: "campaign performance report of LinkedIn, CSV",
        gives: "impressions, clicks, reach and spend by campaign and day",
        cannot: "who was shown the ads: LinkedIn reports by job, not by gender",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Rows {
            fit: linkedin::fit,
            transcribe: linkedin::transcribe,
        },
    },
    Format {
        name: tiktok::NAME,
        kind: Kind::Delivery,
        what: "report of TikTok Ads Manager by age and gender, by place, or by campaign, ad group or ad, CSV or XLSX",
        gives: "impressions, clicks on the destination, cost, and reach where it is exported, by age and gender, place or day",
        cannot: "exact counts below 5, which are masked; reach within ages and genders; the campaign of a report that names none",
        gender: GenderOf::Delivery,
        estimated: "the genders and ages of accounts are estimated by the platform; counts below 5 are ranges",
        reading: Reading::Table {
            fit: tiktok::fit,
            read: tiktok::read,
        },
    },
    Format {
        name: meta_ab_test::NAME,
        kind: Kind::Delivery,
        what: "result of an A/B test of Meta, CSV",
        gives: "impressions, reach, results and spend of each version of the test",
        cannot: "who was shown the versions; the campaigns behind them; their period",
        gender: GenderOf::None,
        estimated: "reach is estimated by the platform",
        reading: Reading::Table {
            fit: meta_ab_test::fit,
            read: meta_ab_test::read,
        },
    },
    Format {
        name: meta::NAME,
        kind: Kind::Delivery,
        what: "export of Meta Ads Manager, CSV or XLSX, any choice of columns, ten interface languages",
        gives: "impressions, reach, clicks, results and spend by campaign, ad set, ad, age, gender, region, country, placement, day",
        cannot: "who was targeted; when a cumulative export was taken, unless its file name says so; reach that adds up",
        gender: GenderOf::Delivery,
        estimated: PLATFORM_ESTIMATES,
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
        estimated: PLATFORM_ESTIMATES,
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
        estimated: PLATFORM_ESTIMATES,
        reading: Reading::Table {
            fit: google::fit_script,
            read: google::read_script,
        },
    },
    text!(
        insights,
        Kind::Delivery,
        "insights of Meta's Marketing API, JSON or JSON Lines, nested or paged",
        "impressions, reach, clicks and spend by campaign, ad set, ad and the breakdowns of the request",
        "reach that adds up; breakdowns by hour or asset, whose rows are left out",
        GenderOf::Delivery,
        PLATFORM_ESTIMATES
    ),
    text!(
        ad_library,
        Kind::Delivery,
        "Meta Ad Library: API, JSON Lines, scraped pages, the CSV of Meta's own script",
        "reach by country, age and gender of any ad shown in the EU or UK; shares of people reached of political ads; targeting, payer and totals as context",
        "impressions by gender; reach or shares that add up over ads; gender of commercial ads shown only elsewhere",
        GenderOf::Delivery,
        "reach is estimated by Meta; shares are of people reached, not of impressions"
    ),
    text!(
        tiktok_library,
        Kind::Context,
        "TikTok's commercial content API, details of ads",
        "days shown, reach as a range, and whom the advertiser asked for",
        "who was shown the ad: its genders are targeting",
        GenderOf::Targeting,
        "reach is published in steps"
    ),
    Format {
        name: instagram::NAME,
        kind: Kind::Contacts,
        what: "messages of an Instagram download (JSON), a file or the whole archive",
        gives: "messages and calls with sender, time in UTC, media counted, requests told apart",
        cannot: "text and media of what was unsent; who a deleted account was",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Text {
            recognise: |part| instagram::recognise(part).filter(|_| !instagram::is_facebook(part)),
            transcribe: instagram::transcribe,
        },
    },
    Format {
        name: instagram::FACEBOOK_NAME,
        kind: Kind::Contacts,
        what: "messages of a Facebook download (JSON), a file or the whole archive",
        gives: "messages and calls with sender, time in UTC, media counted, requests told apart",
        cannot: "text and media of what was unsent; who a deleted account was",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Text {
            recognise: |part| instagram::recognise(part).filter(|_| instagram::is_facebook(part)),
            transcribe: instagram::transcribe,
        },
    },
    text!(
        messenger,
        Kind::Contacts,
        "end-to-end encrypted conversations of a Messenger download (JSON)",
        "messages with sender, time in UTC, media counted",
        "calls; text of what was unsent",
        GenderOf::None,
        ""
    ),
    text!(
        comments,
        Kind::Contacts,
        "comments received: Instagram Graph API, webhooks, scrapers (JSON); comments that the account wrote are refused",
        "comments and replies with sender and time",
        "comments that the platform hides: their number is a lower bound",
        GenderOf::None,
        ""
    ),
    text!(
        telegram,
        Kind::Contacts,
        "Telegram export (result.json), one chat or all",
        "messages and calls with sender, time, media counted",
        "the time zone of older exports: declare `timezone`",
        GenderOf::None,
        ""
    ),
    text!(
        signal,
        Kind::Contacts,
        "conversation written by signal-export (data.json)",
        "messages and calls with sender, local time, media counted",
        "the time zone: declare `timezone`",
        GenderOf::None,
        ""
    ),
    text!(
        whatsapp,
        Kind::Contacts,
        "WhatsApp chat (.txt), or the archive that holds it, of any locale",
        "messages with sender and local time to the minute or second, media counted",
        "the time zone: declare `timezone`; calls that were answered; order of day and month where nothing shows it",
        GenderOf::None,
        ""
    ),
    text!(
        sms_backup,
        Kind::Contacts,
        "SMS Backup & Restore, messages or calls (XML)",
        "SMS, MMS and calls with number, direction, time in UTC, duration; media counted, never decoded",
        "who called with a withheld number",
        GenderOf::None,
        ""
    ),
    text!(
        google_voice,
        Kind::Contacts,
        "pages of a Google Voice Takeout (HTML), or its archive",
        "texts, calls, missed calls and voicemails with number, direction, time with offset, duration",
        "who called with a withheld number",
        GenderOf::None,
        ""
    ),
    text!(
        mail,
        Kind::Contacts,
        "mailbox (mbox) or mail (eml)",
        "mails with sender and time with offset; attachments counted",
        "bodies, which are not read",
        GenderOf::None,
        ""
    ),
    text!(
        wacz,
        Kind::Captures,
        "web archive (WACZ)",
        "captured addresses with their time; whether the chain of digests holds",
        "whether a signature is valid: it is told and not checked",
        GenderOf::None,
        ""
    ),
    text!(
        mhtml,
        Kind::Captures,
        "saved web page (MHTML), as browsers and Hunchly write it",
        "address, title and time of the capture",
        "the page itself, which is not read",
        GenderOf::None,
        ""
    ),
    Format {
        name: coding::NAME,
        kind: Kind::Contacts,
        what: "codes of events that another file holds, by `event_id`, CSV or XLSX (`casefile coding` writes one to fill in)",
        gives: "codes, coders, the ad and the apparent gender of the sender",
        cannot: "the events themselves",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Table {
            fit: coding::fit,
            read: coding::read,
        },
    },
    Format {
        name: library_tables::NAME,
        kind: Kind::Delivery,
        what: "table made of Meta's Ad Library with ages and genders: one row, one column, or one list a cell; CSV or XLSX",
        gives: "shares of the people reached (political ads) or their numbers (EU and UK) by ad, age, gender and country; ranges of impressions and spend as context",
        cannot: "counts behind the shares; shares by region within a gender; ads whose shares do not sum to one",
        gender: GenderOf::Delivery,
        estimated: PLATFORM_ESTIMATES,
        reading: Reading::Rows {
            fit: library_tables::fit,
            transcribe: library_tables::transcribe,
        },
    },
    Format {
        name: library_context::NAME,
        kind: Kind::Context,
        what: "table made of Meta's Ad Library, one row an ad, without ages and genders; CSV or XLSX",
        gives: "advertiser, payer, dates, ranges of impressions and spend, and targeting where it has it",
        cannot: "who was shown the ads",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Rows {
            fit: library_context::fit,
            transcribe: library_context::transcribe,
        },
    },
    Format {
        name: library_report::NAME,
        kind: Kind::Context,
        what: "Meta's Ad Library Report: spend on political ads by page, CSV, or the archive as it is downloaded",
        gives: "what each page spent in the period of the report, who paid, and the number of its ads",
        cannot: "single ads; who was shown them",
        gender: GenderOf::None,
        estimated: "amounts up to 100 are published as a range",
        reading: Reading::Rows {
            fit: library_report::fit,
            transcribe: library_report::transcribe,
        },
    },
    Format {
        name: google_transparency::NAME,
        kind: Kind::Context,
        what: "table of Google's Ads Transparency Center or of its political ads, CSV",
        gives: "advertiser, dates, ranges of the times shown, and whether and how the ads were targeted",
        cannot: "who was shown the ads: its genders and ages are targeting",
        gender: GenderOf::Targeting,
        estimated: "",
        reading: Reading::Rows {
            fit: google_transparency::fit,
            transcribe: google_transparency::transcribe,
        },
    },
    Format {
        name: imazing::MESSAGES,
        kind: Kind::Contacts,
        what: "messages of an iPhone exported by iMazing or PhoneView, CSV or XLSX",
        gives: "messages with time, direction, sender, conversation and number of attachments",
        cannot: "the zone of the times; whom a message came about; deleted messages",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Rows {
            fit: imazing::fit_messages,
            transcribe: imazing::messages,
        },
    },
    Format {
        name: imazing::CALLS,
        kind: Kind::Contacts,
        what: "call history of an iPhone exported by iMazing, CSV or XLSX",
        gives: "incoming, outgoing and missed calls with time, number and duration",
        cannot: "the zone of the times; who called from a withheld number",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Rows {
            fit: imazing::fit_calls,
            transcribe: imazing::calls,
        },
    },
    Format {
        name: auto_archiver::NAME,
        kind: Kind::Captures,
        what: "sheet of Bellingcat's auto-archiver, CSV or XLSX",
        gives: "captured addresses with time, archiver, success, digest and place of storage",
        cannot: "the captured pages; whether the stored files are those of the digests",
        gender: GenderOf::None,
        estimated: "",
        reading: Reading::Rows {
            fit: auto_archiver::fit,
            transcribe: auto_archiver::transcribe,
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
    tidy!(
        Kind::Context,
        "casefile's table of what platforms publish about ads, CSV or XLSX",
        "targeting, payer, days and totals, as ranges where they are ranges",
        "who was shown an ad: its genders are targeting",
        GenderOf::Targeting
    ),
    tidy!(
        Kind::Captures,
        "casefile's list of captured pages and items (evidence.csv), CSV or XLSX",
        "what was captured when and how, and which captures are exhibits of the case",
        "the captures themselves, which are not read",
        GenderOf::None
    ),
];

/// Whether any format has this heading.
pub(super) fn is_known(heading: &Heading) -> bool {
    meta_headings::name(&heading.key).is_some()
        || google::is_known(heading)
        || tiktok::is_known(heading)
        || library_context::field(heading).is_some()
        || library_report::is_known(heading)
        || linkedin::is_known(heading)
        || google_transparency::field(heading).is_some()
        || imazing::is_known(&heading.key)
        || tidy::is_known(heading)
}
