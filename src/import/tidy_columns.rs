//! The documented table of each kind: what a spreadsheet for casefile looks like.

use crate::case::Kind;

/// How the cells of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    /// A name: a cell of `NA` is a name, a cell of `-` is missing.
    Name,
    Count,
    Money,
    Date,
    Moment,
    Gender,
    Age,
    /// Seconds, or a duration such as `2 min` or `1:15`.
    Duration,
    /// Codes separated by `;`.
    Codes,
    YesNo,
    /// A part of one, or of a hundred.
    Share,
    /// A count or a range of counts.
    CountRange,
    /// An amount or a range of amounts.
    MoneyRange,
}

/// One column of a tidy table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    /// Whether the table cannot be read without it.
    pub required: bool,
    pub meaning: &'static str,
    pub example: &'static str,
    pub form: Form,
    /// Whether its cells may name or describe a person: never shown.
    pub identifying: bool,
}

const fn column(
    name: &'static str,
    form: Form,
    meaning: &'static str,
    example: &'static str,
) -> Column {
    Column {
        name,
        required: false,
        meaning,
        example,
        form,
        identifying: false,
    }
}

impl Column {
    const fn required(self) -> Self {
        Column {
            required: true,
            ..self
        }
    }

    const fn identifying(self) -> Self {
        Column {
            identifying: true,
            ..self
        }
    }
}

use Form::{
    Age, Codes, Count, CountRange, Duration, Gender, Moment, Money, MoneyRange, Name, Share, Text,
    YesNo,
};

const ADS: &[Column] = &[
    column(
        "ad",
        Name,
        "the ad as it is called in the delivery exports",
        "Ring, child 3",
    )
    .required(),
    column(
        "account",
        Name,
        "advertiser account that placed it",
        "account-1",
    ),
    column("arm", Name, "arm of the test", "child"),
    column(
        "block",
        Name,
        "ads of a block ran alike: same audience, days, account and budget; only the creative differs",
        "bracelet-1",
    ),
    column(
        "creative",
        Text,
        "what the picture shows, in words",
        "child wearing the ring",
    ),
    column(
        "creative_sha256",
        Text,
        "digest of the picture, which is never copied",
        "9f86d081...",
    ),
    column("text", Text, "text of the ad", "New in the shop"),
    column(
        "targeting",
        Text,
        "audience that was chosen",
        "women's jewellery, 18-65+, US",
    ),
    column("objective", Text, "objective that was chosen", "Traffic"),
    column("start", Form::Date, "first day", "2024-03-01"),
    column("end", Form::Date, "last day", "2024-03-07"),
    column(
        "budget",
        Money,
        "budget in the currency of the account",
        "50.00",
    ),
    column("spend", Money, "amount spent", "49.87"),
    column("currency", Name, "ISO 4217 code", "USD"),
];

const DELIVERY: &[Column] = &[
    column(
        "ad",
        Name,
        "the ad; a table by ad set or campaign has `ad_set` or `campaign` instead",
        "Ring, child 3",
    )
    .required(),
    column("campaign", Name, "campaign of the ad", "Jewellery"),
    column(
        "ad_set",
        Name,
        "ad set or ad group of the ad",
        "Interest: jewellery",
    ),
    column("account", Name, "advertiser account", "account-1"),
    column("platform", Name, "platform that showed it", "instagram"),
    column(
        "period_start",
        Form::Date,
        "first day that the numbers cover",
        "2024-03-01",
    ),
    column(
        "period_end",
        Form::Date,
        "last day that the numbers cover",
        "2024-03-07",
    ),
    column(
        "day",
        Form::Date,
        "the day, in a table with one row a day",
        "2024-03-02",
    ),
    column("age", Age, "age group as the platform writes it", "25-34"),
    column("gender", Gender, "male, female or unknown", "male"),
    column(
        "region",
        Name,
        "region as the platform writes it",
        "California",
    ),
    column("country", Name, "ISO 3166 code or name", "US"),
    column("placement", Name, "where it was shown", "feed"),
    column(
        "device",
        Name,
        "device that showed it",
        "Android smartphone",
    ),
    column(
        "impressions",
        Count,
        "times shown; empty if not reported, never 0 for that",
        "410",
    ),
    column(
        "reach",
        Count,
        "people reached as the platform estimates them; never summed",
        "301",
    ),
    column("clicks", Count, "clicks on the link", "12"),
    column(
        "results",
        Count,
        "results as the objective counts them",
        "3",
    ),
    column(
        "share",
        Share,
        "part of the people reached, where the platform publishes shares of an unknown total",
        "0.113043",
    ),
    column("spend", Money, "amount spent", "13.20"),
    column("currency", Name, "ISO 4217 code", "USD"),
];

const CONTACTS: &[Column] = &[
    column("event_id", Name, "a name for the event, used once", "E001").required(),
    column(
        "received_at_local",
        Moment,
        "date and time as the device showed it",
        "2024-03-01 17:00",
    )
    .required(),
    column(
        "timezone",
        Name,
        "IANA time zone or offset of that time",
        "America/New_York",
    ),
    column("channel", Name, "how it came", "instagram_dm"),
    column(
        "direction",
        Name,
        "`in`, or `out` for what the test account sent",
        "in",
    ),
    column(
        "ad_id",
        Name,
        "the ad that it came about, as in the delivery exports",
        "Ring, child 3",
    ),
    column(
        "account_under_test",
        Name,
        "test account that received it",
        "test-1",
    )
    .identifying(),
    column(
        "sender_pseudonym",
        Name,
        "pseudonym of the sender, the same each time",
        "S-0001",
    )
    .identifying(),
    column(
        "sender_key",
        Name,
        "what tells senders of one name apart, or joins those of one person; default: the pseudonym",
        "S-0001",
    )
    .identifying(),
    column(
        "sender_apparent_gender",
        Gender,
        "male, female or unknown",
        "male",
    ),
    column(
        "sender_gender_basis",
        Name,
        "profile_name, profile_photo, self_stated, voice or none",
        "profile_photo",
    ),
    column(
        "event_type",
        Name,
        "message, call, call_missed, voicemail, comment, follow, offer ...",
        "message",
    ),
    column(
        "call_duration_s",
        Duration,
        "length of a call in seconds",
        "75",
    ),
    column(
        "code_primary",
        Codes,
        "what it was about, as the first coder coded it",
        "REQ_CONTACT",
    ),
    column(
        "code_secondary",
        Codes,
        "further codes of the first coder, separated by `;`",
        "APPEARANCE",
    ),
    column("coder", Name, "pseudonym of the first coder", "coder-1").identifying(),
    column(
        "second_coder",
        Name,
        "pseudonym of the second coder",
        "coder-2",
    )
    .identifying(),
    column(
        "second_coder_code",
        Codes,
        "codes of the second coder, separated by `;`",
        "REQ_CONTACT",
    ),
    column(
        "evidence_ref",
        Name,
        "name of the screenshot or recording",
        "EV-0001",
    )
    .identifying(),
    column("evidence_sha256", Text, "digest of it", "9f86d081...").identifying(),
    column(
        "media",
        Count,
        "number of pictures, recordings and files that came with it",
        "2",
    ),
    column(
        "media_types",
        Codes,
        "their types, separated by `;`",
        "photo",
    ),
    column("notes", Text, "notes; never printed", "").identifying(),
    column(
        "text",
        Text,
        "the words; never printed, and better left out",
        "",
    )
    .identifying(),
];

const ACCOUNTS: &[Column] = &[
    column("account", Name, "handle or pseudonym", "A-0001")
        .required()
        .identifying(),
    column("platform", Name, "platform of the account", "instagram"),
    column(
        "first_seen",
        Form::Date,
        "day on which it was first seen",
        "2024-03-01",
    ),
    column(
        "identified",
        Form::Date,
        "day on which the person behind it was known",
        "2024-03-20",
    ),
    column(
        "confirmed_by",
        Text,
        "how that was confirmed",
        "court record",
    )
    .identifying(),
    column(
        "reported",
        Form::Date,
        "day on which it was reported to the platform",
        "2024-03-21",
    ),
    column(
        "removed",
        Form::Date,
        "day on which it was gone; empty if it is still there",
        "2024-04-02",
    ),
    column(
        "last_checked",
        Form::Date,
        "last day on which somebody looked",
        "2024-05-01",
    ),
    column("notes", Text, "notes; never printed", "").identifying(),
];

const FEEDS: &[Column] = &[
    column("account", Name, "test account", "test-1")
        .required()
        .identifying(),
    column(
        "follows",
        Name,
        "what the test account follows or looked at",
        "gymnastics",
    )
    .identifying(),
    column(
        "session",
        Name,
        "session in which the item was served",
        "S1",
    ),
    column("date", Form::Date, "day of the session", "2024-03-01"),
    column(
        "rank",
        Count,
        "place of the item in the session, from 1",
        "1",
    ),
    column(
        "codes",
        Codes,
        "codes of the item, separated by `;`; empty if none applies",
        "adult-content",
    ),
    column(
        "coded",
        YesNo,
        "whether somebody looked at the item; default yes",
        "yes",
    ),
    column("notes", Text, "notes; never printed", "").identifying(),
];

const STATEMENTS: &[Column] = &[
    column(
        "id",
        Name,
        "a name for the statement, used once",
        "platform-reply",
    )
    .required(),
    column(
        "source",
        Name,
        "who said it, as it may be published",
        "Spokesperson of the platform",
    )
    .required(),
    column(
        "role",
        Name,
        "platform, merchant, expert, former-employee, authority or other",
        "platform",
    ),
    column("date", Form::Date, "day on which it was said", "2024-06-01"),
    column(
        "asked",
        Text,
        "what was asked",
        "Why were these ads shown to men?",
    ),
    column(
        "asked_on",
        Form::Date,
        "day on which it was asked",
        "2024-05-20",
    ),
    column(
        "quote",
        Text,
        "the words; empty if the request was not answered",
        "We are looking into it.",
    ),
    column(
        "reference",
        Text,
        "where it was said",
        "E-mail of 1 June 2024",
    ),
];

const CONTEXT: &[Column] = &[
    column("platform", Name, "platform that published it", "tiktok"),
    column("ad", Name, "the ad, campaign or id in its library", "Ring"),
    column("advertiser", Name, "who placed it", "Ring shop"),
    column("payer", Name, "who paid for it", "Ring Ltd"),
    column("first_shown", Form::Date, "first day", "2024-03-01"),
    column("last_shown", Form::Date, "last day", "2024-03-07"),
    column(
        "impressions",
        CountRange,
        "times shown, or a range",
        "1000-1999",
    ),
    column(
        "reach",
        CountRange,
        "people reached, or a range",
        "10000-100000",
    ),
    column("clicks", CountRange, "clicks, or a range", "12"),
    column(
        "ads",
        Count,
        "number of its ads, where the row is not of one ad",
        "17",
    ),
    column("spend", MoneyRange, "amount spent, or a range", "100-199"),
    column("currency", Name, "ISO 4217 code", "USD"),
    column(
        "targeted_gender",
        Text,
        "gender that was asked for: targeting, never delivery",
        "all",
    ),
    column(
        "targeted_age",
        Text,
        "ages that were asked for",
        "18 to 65+",
    ),
    column(
        "targeted_places",
        Text,
        "places that were asked for",
        "Italy",
    ),
];

const CAPTURES: &[Column] = &[
    column(
        "evidence_ref",
        Name,
        "name of the capture, as contact logs refer to it",
        "EV-0001",
    )
    .identifying(),
    column(
        "source_url",
        Text,
        "address that was captured; never printed",
        "https://example.org/post",
    )
    .identifying(),
    column(
        "captured_at",
        Moment,
        "date and time of the capture",
        "2024-03-01T16:00:00Z",
    ),
    column("tool", Name, "program that captured it", "browser 1.2"),
    column("method", Name, "how it was captured", "screenshot"),
    column("sha256", Name, "digest of the saved file", "9f86d081..."),
    column("storage_path", Text, "where it is stored", "ev/0001.png").identifying(),
    column("collector", Name, "who captured it", "reporter-1").identifying(),
    column(
        "status",
        Name,
        "what the tool says of its success",
        "success",
    ),
    column("title", Text, "title of the page; never printed", "").identifying(),
    column("notes", Text, "notes; never printed", "").identifying(),
];

/// The columns of the tidy table of `kind`; none for attachments.
pub fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Ads => ADS,
        Kind::Delivery => DELIVERY,
        Kind::Contacts => CONTACTS,
        Kind::Accounts => ACCOUNTS,
        Kind::Feeds => FEEDS,
        Kind::Statements => STATEMENTS,
        Kind::Context => CONTEXT,
        Kind::Captures => CAPTURES,
        Kind::Attachment => &[],
    }
}
