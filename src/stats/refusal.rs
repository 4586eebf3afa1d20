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
    TooFewUnits,
    TooFewDraws,
    UnstableResamples,
    NoBlock,
    OnePair,
    ZeroMean,
    NothingPairable,
    StrataMismatch,
    EmptyStratum,
    NoStandard,
    OnlyRanges,
    RangeInverted,
    NotFinite,
    NotConverged,
    AllOrNone,
    TooAlike,
    NoEvents,
    NoEventsToCompare,
    NoCommonStratum,
    OneOutcome,
    OneSidedStrata,
}

impl Refusal {
    /// All refusals, in the order of the list of codes.
    pub const ALL: [Refusal; 32] = [
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
        Refusal::TooFewUnits,
        Refusal::TooFewDraws,
        Refusal::UnstableResamples,
        Refusal::NoBlock,
        Refusal::OnePair,
        Refusal::ZeroMean,
        Refusal::NothingPairable,
        Refusal::StrataMismatch,
        Refusal::EmptyStratum,
        Refusal::NoStandard,
        Refusal::OnlyRanges,
        Refusal::RangeInverted,
        Refusal::NotFinite,
        Refusal::NotConverged,
        Refusal::AllOrNone,
        Refusal::TooAlike,
        Refusal::NoEvents,
        Refusal::NoEventsToCompare,
        Refusal::NoCommonStratum,
        Refusal::OneOutcome,
        Refusal::OneSidedStrata,
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
            Refusal::TooFewUnits => "too-few-units",
            Refusal::TooFewDraws => "too-few-draws",
            Refusal::UnstableResamples => "unstable-resamples",
            Refusal::NoBlock => "no-block",
            Refusal::OnePair => "one-pair",
            Refusal::ZeroMean => "zero-mean",
            Refusal::NothingPairable => "nothing-pairable",
            Refusal::StrataMismatch => "strata-mismatch",
            Refusal::EmptyStratum => "empty-stratum",
            Refusal::NoStandard => "no-standard",
            Refusal::OnlyRanges => "only-ranges",
            Refusal::RangeInverted => "range-inverted",
            Refusal::NotFinite => "not-finite",
            Refusal::NotConverged => "not-converged",
            Refusal::AllOrNone => "all-or-none",
            Refusal::TooAlike => "too-alike",
            Refusal::NoEvents => "no-events",
            Refusal::NoEventsToCompare => "no-events-to-compare",
            Refusal::NoCommonStratum => "no-common-stratum",
            Refusal::OneOutcome => "one-outcome",
            Refusal::OneSidedStrata => "one-sided-strata",
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
                "The coders used one and the same category throughout, so agreement by chance is certain and agreement beyond it is undefined."
            }
            Refusal::Level => "The confidence level is not between 0 and 1.",
            Refusal::TooLarge => "The counts are too large to be computed with exactly.",
            Refusal::TooFewUnits => {
                "Fewer than ten units have data; resampling so few understates how much units differ, so no interval is given."
            }
            Refusal::TooFewDraws => {
                "Too few resamples, or too many to hold, were asked for to place the ends of an interval of this level."
            }
            Refusal::UnstableResamples => {
                "In so many resamples the value does not exist that the ends of the interval are unknown."
            }
            Refusal::NoBlock => {
                "No block has units of both groups, so nothing can be compared within blocks."
            }
            Refusal::OnePair => {
                "Only one pair can be compared; how much pairs differ cannot be known from one, so no interval is given."
            }
            Refusal::ZeroMean => {
                "The mean share of a group is 0: a ratio to it does not exist, and a ratio of it has no interval on the logarithmic scale."
            }
            Refusal::NothingPairable => {
                "No item was rated by two coders, so nothing shows whether coders agree."
            }
            Refusal::StrataMismatch => {
                "The two lists do not have the same strata, so they cannot be laid side by side."
            }
            Refusal::EmptyStratum => {
                "Nothing was counted in a stratum of the standard population, so the share standardised to it is unknown."
            }
            Refusal::NoStandard => {
                "The standard population is empty, so there is nothing to standardise to."
            }
            Refusal::OnlyRanges => {
                "Counts are known as ranges only, so there are bounds and no single value."
            }
            Refusal::RangeInverted => {
                "The lower end of a range is above its upper end, so it holds no count."
            }
            Refusal::NotFinite => {
                "A value is not a finite number, or a variance is not above zero, so nothing can be computed from it."
            }
            Refusal::NotConverged => {
                "The search for the variation between units did not end, so no mean or interval can rest on it."
            }
            Refusal::AllOrNone => {
                "In one group all that was counted was of the outcome, or nothing was, so its odds are no finite number."
            }
            Refusal::TooAlike => {
                "The units are more alike than chance in counting would leave them, so no interval of the variation between them fits the data."
            }
            Refusal::NoEvents => {
                "No event occurred in either group, so their rates cannot be compared."
            }
            Refusal::NoEventsToCompare => {
                "The second group had no event, so the ratio of the rates has no value and no upper limit; its lower limit is given."
            }
            Refusal::NoCommonStratum => {
                "No stratum has counts of both groups, so nothing can be compared within strata."
            }
            Refusal::OneOutcome => {
                "In every stratum that has both groups all that was counted had the same outcome, so there is no odds ratio."
            }
            Refusal::OneSidedStrata => {
                "In every stratum one and the same group had none of the outcome, or the other had nothing else, so the odds ratio is 0 or without limit and has no interval."
            }
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
