//! What the arms of a test share and what they do not, and so how far a finding may go.
//!
//! Read from the ads table alone: what it does not record cannot be taken for equal. A difference
//! between arms can be put down to the creative only where nothing else differs; a description of
//! one test must not be worded as an effect.

use crate::cube::{Ad, Arm, Cube};
use crate::numbers;
use std::collections::BTreeMap;

/// A feature of the design: its name and how to read it from an ad.
type Feature = (&'static str, fn(&Ad) -> Option<String>);

/// What must be equal between arms for a difference to be one of the creative.
const FEATURES: [Feature; 6] = [
    ("targeting", |ad| ad.declared.as_ref()?.targeting.clone()),
    ("objective", |ad| ad.declared.as_ref()?.objective.clone()),
    ("advertiser account", |ad| {
        ad.declared.as_ref()?.account.clone()
    }),
    ("first day", |ad| {
        Some(ad.declared.as_ref()?.start?.to_string())
    }),
    ("last day", |ad| {
        Some(ad.declared.as_ref()?.end?.to_string())
    }),
    ("budget", |ad| {
        let declared = ad.declared.as_ref()?;
        Some(numbers::money(
            declared.budget?.0,
            declared.currency.as_deref().unwrap_or(""),
        ))
    }),
];

/// Part of the creative, so compared only where it is recorded.
const TEXT: Feature = ("text of the ad", |ad| ad.declared.as_ref()?.text.clone());

/// The picture itself, by digest where there is one.
fn creative(ad: &Ad) -> Option<String> {
    let declared = ad.declared.as_ref()?;
    declared
        .creative_sha256
        .clone()
        .or_else(|| declared.creative.clone())
}

/// Ads of an arm by their value of a feature; `None` counts those for which nothing is recorded.
type Values = BTreeMap<Option<String>, u64>;

/// One feature over all arms of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub feature: &'static str,
    /// In the order of the arms.
    pub arms: Vec<Values>,
    pub standing: Standing,
}

/// How a feature compares between arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Recorded for every ad, with the same values in the same proportions.
    Same,
    Differs,
    /// Not recorded for every ad, so it may differ.
    NotRecorded,
}

impl Standing {
    pub fn word(self) -> &'static str {
        match self {
            Standing::Same => "same",
            Standing::Differs => "differs",
            Standing::NotRecorded => "not recorded",
        }
    }
}

/// What may be said of a difference between arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Only the creative differs, at the same time.
    ByDesign,
    /// Other things differ too, or are not recorded.
    OtherThingsDiffer,
    /// Too little was run, or is recorded, for a comparison.
    OneTest,
}

impl Grade {
    /// The name under which the report gives it.
    pub fn name(self) -> &'static str {
        match self {
            Grade::ByDesign => "Differs by design",
            Grade::OtherThingsDiffer => "Differs, and other things differ too",
            Grade::OneTest => "Describes one test",
        }
    }
}

/// The design of one contrast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Design {
    pub first: String,
    pub second: String,
    pub grade: Grade,
    /// Why: a sentence for a reader.
    pub reason: String,
}

fn values<'a>(ads: impl Iterator<Item = &'a Ad>, feature: &Feature) -> Values {
    let mut values = Values::new();
    for ad in ads {
        *values.entry(feature.1(ad)).or_default() += 1;
    }
    values
}

/// Whether the values come in the same proportions: arms may have different numbers of ads.
fn standing<'a>(arms: impl IntoIterator<Item = &'a Values>) -> Standing {
    let arms: Vec<&Values> = arms.into_iter().filter(|arm| !arm.is_empty()).collect();
    if arms.iter().any(|arm| arm.contains_key(&None)) {
        return Standing::NotRecorded;
    }
    let total = |arm: &Values| arm.values().sum::<u64>();
    let same = arms.windows(2).all(|pair| {
        let [first, second] = pair else { return true };
        let (all_first, all_second) = (total(first), total(second));
        first.len() == second.len()
            && first.iter().all(|(value, count)| {
                second.get(value).map(|other| other * all_first) == Some(count * all_second)
            })
    });
    if same {
        Standing::Same
    } else {
        Standing::Differs
    }
}

/// Every feature over all arms; empty without an ads table.
pub fn comparisons(cube: &Cube) -> Vec<Comparison> {
    if cube.ads.iter().all(|ad| ad.declared.is_none()) {
        return Vec::new();
    }
    let has_text = cube.ads.iter().any(|ad| TEXT.1(ad).is_some());
    FEATURES
        .iter()
        .chain(has_text.then_some(&TEXT))
        .map(|feature| {
            let arms: Vec<Values> = cube
                .arms
                .iter()
                .map(|arm| values(cube.ads_of(arm), feature))
                .collect();
            Comparison {
                feature: feature.0,
                standing: standing(&arms),
                arms,
            }
        })
        .collect()
}

/// What may be said of the difference between two arms.
pub fn design(cube: &Cube, first: &Arm, second: &Arm) -> Design {
    let (grade, reason) = judge(cube, first, second);
    Design {
        first: first.id.clone(),
        second: second.id.clone(),
        grade,
        reason,
    }
}

fn judge(cube: &Cube, first: &Arm, second: &Arm) -> (Grade, String) {
    let declared = |arm: &Arm| cube.ads_of(arm).any(|ad| ad.declared.is_some());
    if first.ads.len() < 2 || second.ads.len() < 2 {
        return (
            Grade::OneTest,
            "an arm has a single ad, so nothing tells the creative from that ad".into(),
        );
    }
    if !declared(first) || !declared(second) {
        return (
            Grade::OneTest,
            "no ads table records how the ads were run, so the arms cannot be compared".into(),
        );
    }
    let pair = [first, second];
    let both = |feature: &Feature| standing(&pair.map(|arm| values(cube.ads_of(arm), feature)));
    let mut differing: Vec<String> = Vec::new();
    let mut unrecorded = Vec::new();
    for feature in &FEATURES {
        match both(feature) {
            Standing::Same => {}
            Standing::Differs => differing.push(feature.0.into()),
            Standing::NotRecorded => unrecorded.push(feature.0),
        }
    }
    let texts = pair.map(|arm| values(cube.ads_of(arm), &TEXT));
    let has_text = texts.iter().any(|arm| arm.keys().any(Option::is_some));
    match standing(&texts) {
        Standing::Differs => differing.push(TEXT.0.into()),
        Standing::NotRecorded if has_text => unrecorded.push(TEXT.0),
        _ => {}
    }
    // Each feature alone may be balanced and their combinations not.
    let alike = (
        "combination of these",
        how_it_ran as fn(&Ad) -> Option<String>,
    );
    if differing.is_empty() && unrecorded.is_empty() && both(&alike) == Standing::Differs {
        differing.push("how targeting, objective, account, days and budget go together".into());
    }
    if let Some(block) = unlike_block(cube, first, second) {
        differing.push(format!(
            "how ads ran within the block \u{201C}{block}\u{201D}"
        ));
    }
    differing.extend(contradiction(cube, &pair));
    let shown = pair.map(|arm| values(cube.ads_of(arm), &("creative", creative)));
    match standing(&shown) {
        Standing::NotRecorded => unrecorded.push("what the ads show"),
        Standing::Same => {
            return (
                Grade::OneTest,
                "the ads table records the same creatives for both arms".into(),
            );
        }
        Standing::Differs => {
            if shown[0]
                .keys()
                .any(|creative| shown[1].contains_key(creative))
            {
                differing.push("creatives only in part: some stand in both arms".into());
            }
        }
    }
    if differing.is_empty() && unrecorded.is_empty() {
        let mut reason = String::from(
            "the arms share targeting, objective, accounts, days and budget; what differs is what the ads show",
        );
        if !has_text {
            reason.push_str(", as far as recorded: the ads table has no texts of ads");
        }
        if shown.iter().any(|creatives| creatives.len() == 1) {
            reason.push_str("; an arm shows a single picture, so this is a difference between pictures, not between kinds of picture");
        }
        return (Grade::ByDesign, reason);
    }
    let mut parts = Vec::new();
    if !differing.is_empty() {
        parts.push(format!(
            "different between the arms: {}",
            differing.join(", ")
        ));
    }
    if !unrecorded.is_empty() {
        parts.push(format!(
            "not recorded for every ad: {}",
            unrecorded.join(", ")
        ));
    }
    (Grade::OtherThingsDiffer, parts.join("; "))
}

/// All that must be equal, as one value.
fn how_it_ran(ad: &Ad) -> Option<String> {
    let parts: Option<Vec<String>> = FEATURES.iter().map(|feature| feature.1(ad)).collect();
    Some(parts?.join("\u{1F}"))
}

/// A block in which the ads of two arms did not run alike.
fn unlike_block(cube: &Cube, first: &Arm, second: &Arm) -> Option<String> {
    let mut blocks: BTreeMap<&str, Vec<&Ad>> = BTreeMap::new();
    for ad in [first, second].iter().flat_map(|arm| cube.ads_of(arm)) {
        if let Some(block) = ad.declared.as_ref().and_then(|own| own.block.as_deref()) {
            blocks.entry(block).or_default().push(ad);
        }
    }
    let unlike = |ads: &[&Ad]| {
        ads.windows(2)
            .any(|pair| how_it_ran(pair[0]) != how_it_ran(pair[1]))
    };
    let found = blocks.into_iter().find(|(_, ads)| unlike(ads));
    found.map(|(block, _)| block.to_owned())
}

/// What the ads table says of days, against what the exports say.
fn contradiction(cube: &Cube, pair: &[&Arm; 2]) -> Option<String> {
    let mut ads = pair.iter().flat_map(|arm| cube.ads_of(arm));
    let wrong = ads.find(|ad| ad.days_contradict())?;
    Some(format!(
        "days as declared and as exported (ad \u{201C}{}\u{201D})",
        wrong.label
    ))
}

/// Words that say that one thing brought about another, lower-case, in the language of the case.
const CAUSAL: [&str; 46] = [
    "because",
    "cause",
    "caused",
    "causes",
    "causing",
    "due to",
    "led to",
    "leads to",
    "lead to",
    "leading to",
    "result in",
    "resulted in",
    "results in",
    "resulting from",
    "resulted directly in",
    "as a result",
    "owing to",
    "thanks to",
    "effect of",
    "effects of",
    "the effect",
    "impact of",
    "impact on",
    "consequence",
    "consequence of",
    "triggered",
    "triggers",
    "driven by",
    "drives",
    "drove",
    "attributable to",
    "responsible for",
    "brings about",
    "brought about",
    "influences",
    "influenced",
    "determines",
    "determined by",
    "steers",
    "steered",
    "produces",
    "produced",
    "is why",
    "the reason",
    "makes the platform",
    "made the platform",
];

/// Causal words of a sentence, in the order of the list.
pub fn causal_words(sentence: &str) -> Vec<&'static str> {
    let words: Vec<String> = sentence
        .to_lowercase()
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let text = format!(" {} ", words.join(" "));
    CAUSAL
        .into_iter()
        .filter(|causal| text.contains(&format!(" {causal} ")))
        .collect()
}
