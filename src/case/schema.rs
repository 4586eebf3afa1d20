//! The entries of `case.toml`, as a user writes them.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// A value with the byte range in `case.toml` where it stands.
pub type Spanned<T> = toml::Spanned<T>;

/// The whole of `case.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// Version of the format of `case.toml`; 1.
    pub casefile: u32,
    pub case: Meta,
    #[serde(default)]
    pub evidence: Vec<EvidenceEntry>,
    #[serde(default)]
    pub study: Study,
    #[serde(default, rename = "finding")]
    pub findings: Vec<FindingEntry>,
    #[serde(default, rename = "fact")]
    pub facts: Vec<FactEntry>,
    #[serde(default, rename = "recommendation")]
    pub recommendations: Vec<RecommendationEntry>,
    #[serde(default, rename = "caption")]
    pub captions: Vec<CaptionEntry>,
    #[serde(rename = "declaration")]
    pub witness_declaration: Option<WitnessDeclaration>,
}

/// `[case]`: the record of the publication.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Lower-case letters, digits and hyphens; names the output folder and the bundle.
    pub id: String,
    pub title: String,
    /// Printed under the title.
    pub subtitle: Option<String>,
    /// Date of the report, ISO 8601; the only clock.
    pub date: Date,
    #[serde(default = "first_version")]
    pub version: String,
    /// BCP 47 tag of the language of the prose.
    #[serde(default = "english")]
    pub language: String,
    pub license: Option<String>,
    pub publisher: Option<String>,
    #[serde(default)]
    pub authors: Vec<Author>,
    #[serde(default)]
    pub keywords: Vec<String>,
    /// What the report says, for catalogues and citation formats; default: its answer.
    #[serde(rename = "abstract")]
    pub abstract_: Option<Spanned<String>>,
    /// Style of citations and of the list of references.
    #[serde(default)]
    pub references_style: ReferencesStyle,
    /// A sentence shown on every page, for example that the data are synthetic.
    pub banner: Option<String>,
    /// Permanent address of the report, once it has one.
    pub url: Option<String>,
    pub doi: Option<String>,
    /// Digest of the bundle that this one corrects.
    pub supersedes: Option<String>,
    pub correction: Option<String>,
    /// Path of that bundle, from the case folder: what differs from it is then told.
    pub earlier: Option<Spanned<String>>,
    /// Paper of the PDF.
    #[serde(default)]
    pub paper: Paper,
}

fn first_version() -> String {
    "1.0.0".into()
}

fn english() -> String {
    "en".into()
}

/// Citation style of the report's references.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferencesStyle {
    /// Author and date, as the report's own citation.
    #[default]
    Apa,
    ChicagoAuthorDate,
    Mla,
    Harvard,
    Ieee,
    Vancouver,
}

/// Paper size of the PDF.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    #[default]
    A4,
    UsLetter,
}

/// A person or organisation who answers for the report.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The name as it stands: an organisation, or a person whose name is not divided.
    pub name: Option<String>,
    /// Of a person, in the place of `name`: citation formats need not guess how it is divided.
    pub given: Option<String>,
    pub family: Option<String>,
    pub orcid: Option<String>,
    pub affiliation: Option<String>,
}

impl Author {
    /// The name as it is printed: "Given Family", or the name as it stands.
    pub fn printed(&self) -> String {
        let parts = match &self.family {
            Some(family) => [self.given.as_deref(), Some(family)],
            None => [self.name.as_deref(), None],
        };
        let parts: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
        parts.join(" ").trim().to_owned()
    }
}

/// A calendar date, written as a TOML date or an ISO 8601 string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub jiff::civil::Date);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Toml(toml::value::Datetime),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Toml(datetime) => datetime.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map(Date).map_err(|_| {
            serde::de::Error::custom(format!("`{text}` is not a date like 2026-11-23"))
        })
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What one row of a file is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A test ad.
    Ads,
    /// A breakdown cell of one ad.
    Delivery,
    /// A message, call, comment, follow or offer that a test account received.
    Contacts,
    /// An account seen in the investigation.
    Accounts,
    /// An item that a recommendation system served to a test account.
    Feeds,
    /// A statement, reply, or silence.
    Statements,
    /// What a platform publishes of an ad without saying who saw it: targeting, payer, totals.
    Context,
    /// A page or item that a capture tool saved.
    Captures,
    /// Any other file: listed and hashed, never read.
    Attachment,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::Ads,
        Kind::Delivery,
        Kind::Contacts,
        Kind::Accounts,
        Kind::Feeds,
        Kind::Statements,
        Kind::Context,
        Kind::Captures,
        Kind::Attachment,
    ];

    /// The word used in `case.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ads => "ads",
            Kind::Delivery => "delivery",
            Kind::Contacts => "contacts",
            Kind::Accounts => "accounts",
            Kind::Feeds => "feeds",
            Kind::Statements => "statements",
            Kind::Context => "context",
            Kind::Captures => "captures",
            Kind::Attachment => "attachment",
        }
    }

    /// Kinds whose raw files are withheld from the public edition unless the case says otherwise:
    /// their rows name people (also sources of statements), or, for attachments, casefile
    /// cannot know what is in them.
    /// Contact logs always are.
    pub fn withheld_by_default(self) -> bool {
        !matches!(self, Kind::Ads | Kind::Delivery | Kind::Context)
    }
}

/// Order of day, month and year in dates such as `3/4/2024`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    Dmy,
    Mdy,
    Ymd,
}

/// `[[evidence]]`: one raw file, or several by a pattern.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceEntry {
    /// Path inside the case folder; `*` matches within a folder, `**` across folders.
    pub file: Spanned<String>,
    /// Digest that the file must have. Not for patterns: there, `custody.jsonl` holds the digests.
    pub sha256: Option<String>,
    pub kind: Option<Kind>,
    /// Name of an import format, to insist on it.
    pub format: Option<String>,
    pub obtained: Option<Obtained>,
    /// Whether the raw file stays out of the public edition. Default: no for ads and delivery,
    /// yes for the rest. Statements that say `true` are not printed in it either.
    pub confidential: Option<bool>,
    /// What the exhibit is, in words.
    pub title: Option<String>,
    /// Column map: name in casefile's own table -> heading in this file.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// What the words of a column mean: name in casefile's own table -> cell -> what to read.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Sheet of a workbook to read.
    pub sheet: Option<String>,
    /// Row of the headings, from 1, where casefile does not find them.
    pub header_row: Option<u64>,
    /// What separates the cells of a text file, where casefile does not find it.
    pub delimiter: Option<char>,
    /// Decimal separator, where the file alone does not decide it: `.` or `,`.
    pub decimal: Option<char>,
    pub date_order: Option<DateOrder>,
    /// When a cumulative export was taken, ISO 8601 local time; default: from the file name.
    pub snapshot: Option<String>,
    /// The account under test, as it is named in a download of messages: what it sent is outgoing.
    pub account: Option<String>,
    /// IANA time zone or offset of local times that the file gives without one.
    pub timezone: Option<String>,
}

impl EvidenceEntry {
    /// Whether the raw file stays out of the public edition.
    pub fn withheld(&self) -> bool {
        self.kind == Some(Kind::Contacts)
            || self
                .confidential
                .unwrap_or(self.kind.is_some_and(Kind::withheld_by_default))
    }
}

/// Where a file came from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obtained {
    pub on: Option<Date>,
    pub by: Option<String>,
    pub from: Option<String>,
    pub how: Option<String>,
}

/// Which group's share is reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    #[default]
    Male,
    Female,
}

impl Outcome {
    /// "men" or "women".
    pub fn people(self) -> &'static str {
        match self {
            Outcome::Male => "men",
            Outcome::Female => "women",
        }
    }
}

/// What is counted.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    #[default]
    Impressions,
    Reach,
    Clicks,
    Results,
    /// Shares of the people reached, where a library publishes them of a total that it does not.
    Shares,
}

impl Measure {
    pub fn name(self) -> &'static str {
        match self {
            Measure::Impressions => "impressions",
            Measure::Reach => "reach",
            Measure::Clicks => "clicks",
            Measure::Results => "results",
            Measure::Shares => "people reached",
        }
    }
}

/// `[study]`: the design.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Study {
    pub question: Option<String>,
    pub outcome: Outcome,
    pub measure: Measure,
    /// Confidence level of every interval, between 0.5 and 1.
    pub level: f64,
    pub seed: u64,
    /// Without arms, all ads form one arm.
    pub arms: Vec<ArmEntry>,
    pub contrasts: Vec<(String, String)>,
    pub benchmark: Option<Benchmark>,
    /// Ads renamed while they ran: earlier name -> later name.
    pub rename: BTreeMap<String, String>,
    /// Codes of contacts that the report counts as of concern; default: all but purchase,
    /// greeting, no content and spam.
    pub concern: Vec<String>,
}

impl Default for Study {
    fn default() -> Self {
        Study {
            question: None,
            outcome: Outcome::default(),
            measure: Measure::default(),
            level: 0.95,
            seed: 0,
            arms: Vec::new(),
            contrasts: Vec::new(),
            benchmark: None,
            rename: BTreeMap::new(),
            concern: Vec::new(),
        }
    }
}

/// One arm of the test.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArmEntry {
    pub id: Spanned<String>,
    pub label: Option<String>,
    /// Patterns (`*`, `?`) matched, ignoring case, against the ad's name and its full path
    /// `campaign / ad set / ad`.
    pub ads: Vec<Spanned<String>>,
}

/// A share to compare with, declared with its source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// Between 0 and 1; absent where only a range is known.
    pub share: Option<f64>,
    /// Lowest and highest share, where the source gives a range; both or neither.
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub label: String,
    pub source: String,
}

impl Benchmark {
    /// Lowest and highest share that the source allows; equal where it gives one share. Never a
    /// midpoint of a range.
    pub fn range(&self) -> (f64, f64) {
        let single = self.share.unwrap_or(0.0);
        (self.low.unwrap_or(single), self.high.unwrap_or(single))
    }

    /// Whether its shares are shares, in order, and there is one at all.
    pub fn is_sound(&self) -> bool {
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        let (low, high) = self.range();
        let complete = self.low.is_some() == self.high.is_some();
        let stated = self.share.is_some() || self.low.is_some();
        stated
            && complete
            && is_share(low)
            && is_share(high)
            && low <= high
            && self.share.is_none_or(|share| (low..=high).contains(&share))
    }
}

/// `[[finding]]`: a sentence that a reader may quote, with the assertions that must hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingEntry {
    pub id: Spanned<String>,
    pub text: Spanned<String>,
    #[serde(default)]
    pub expect: Vec<Spanned<String>>,
    /// What the finding does not say.
    pub caveat: Option<Spanned<String>>,
}

/// `[[fact]]`: a number or date that casefile cannot compute, with its source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactEntry {
    pub id: Spanned<String>,
    /// A number, date or text, as it shall be printed.
    pub value: toml::Value,
    pub unit: Option<String>,
    pub source: String,
}

/// `[[recommendation]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecommendationEntry {
    /// Whom it is addressed to.
    pub to: Option<String>,
    pub text: Spanned<String>,
}

/// `[[caption]]`: replaces the caption that casefile writes for a figure or table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionEntry {
    /// Id of the figure or table, such as `figure-share`.
    #[serde(rename = "for")]
    pub target: Spanned<String>,
    pub text: Spanned<String>,
}

/// `[declaration]`: a page for a witness to sign, with the exhibits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessDeclaration {
    /// Who signs; left blank on the page where it is not given.
    pub witness: Option<String>,
    /// In which capacity.
    pub capacity: Option<String>,
    /// What is declared beside the exhibits, such as the formula that a court asks for.
    pub text: Option<Spanned<String>>,
}

/// One-based line and column (in characters) of a byte offset in `text`.
pub fn place(text: &str, span: &Range<usize>) -> (u64, u64) {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |last| last.chars().count()) as u64
        + 1;
    (line, column)
}
