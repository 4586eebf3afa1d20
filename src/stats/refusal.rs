//! Why a number is absent.

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The reason why an estimate, or its interval, cannot be given. Serialised as `code` and
/// `sentence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    NoTrials,
    CountExceedsTrials,
    NoUnits,
    OneUnit,
    NoVariation,
    NoExposure,
    MedianNotReached,
    MedianUnbounded,
    NoDisagreementByChance,
    Level,
    TooLarge,
}

impl Refusal {
    /// All refusals, in the order of the list of codes.
    pub const ALL: [Refusal; 11] = [
        Refusal::NoTrials,
        Refusal::CountExceedsTrials,
        Refusal::NoUnits,
        Refusal::OneUnit,
        Refusal::NoVariation,
        Refusal::NoExposure,
        Refusal::MedianNotReached,
        Refusal::MedianUnbounded,
        Refusal::NoDisagreementByChance,
        Refusal::Level,
        Refusal::TooLarge,
    ];

    /// Stable kebab-case code.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::NoTrials => "no-trials",
            Refusal::CountExceedsTrials => "count-exceeds-trials",
            Refusal::NoUnits => "no-units",
            Refusal::OneUnit => "one-unit",
            Refusal::NoVariation => "no-variation",
            Refusal::NoExposure => "no-exposure",
            Refusal::MedianNotReached => "median-not-reached",
            Refusal::MedianUnbounded => "median-unbounded",
            Refusal::NoDisagreementByChance => "no-disagreement-by-chance",
            Refusal::Level => "level-out-of-range",
            Refusal::TooLarge => "too-large",
        }
    }

    /// One sentence for a reader.
    pub fn sentence(self) -> &'static str {
        match self {
            Refusal::NoTrials => "Nothing was counted, so there is no share.",
            Refusal::CountExceedsTrials => {
                "A part is larger than its whole, so the counts cannot be a share."
            }
            Refusal::NoUnits => "No unit has data, so there is nothing to estimate.",
            Refusal::OneUnit => {
                "Only one unit has data; how much units differ cannot be known from one, so no interval is given."
            }
            Refusal::NoVariation => {
                "All units have the same value, so an interval built on the differences between them would have no width and would claim a certainty that so few units do not give."
            }
            Refusal::NoExposure => "There was no exposure, so there is no rate.",
            Refusal::MedianNotReached => {
                "The event happened to less than half before observation ended, so the median time is not reached."
            }
            Refusal::MedianUnbounded => {
                "Too few events were observed to bound the median time on both sides."
            }
            Refusal::NoDisagreementByChance => {
                "Both coders used one and the same category throughout, so agreement by chance is certain and kappa is undefined."
            }
            Refusal::Level => "The confidence level is not between 0 and 1.",
            Refusal::TooLarge => "The counts are too large to be computed with exactly.",
        }
    }
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Refusal", 2)?;
        out.serialize_field("code", self.code())?;
        out.serialize_field("sentence", self.sentence())?;
        out.end()
    }
}
