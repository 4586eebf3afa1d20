//! Statistics: slices in, [`Estimate`] out.
//!
//! This room knows nothing of ads, files or tables and imports nothing of ours. Counts stay
//! integers until the last division. Transcendental functions come from `libm`, sums run over
//! sorted values, and random draws come from a seed that the caller gives, so that every machine
//! gives the same bits. A number that cannot be computed is absent and a [`Refusal`] says why;
//! neither NaN nor an infinity leaves this room.
//!
//! | question | function |
//! |---|---|
//! | share of one ad or account | [`wilson`], [`clopper_pearson`], [`agresti_coull`], [`jeffreys`] |
//! | is that share some given number | [`binomial_test`] |
//! | two ads or accounts: difference, ratio, odds ratio | [`two_shares`], [`fisher_exact`] |
//! | share over the ads of an arm | [`cluster_shares`] |
//! | difference between two arms | [`share_difference`] |
//! | the same, by resampling the ads | [`cluster_bootstrap`] |
//! | difference between two arms run in blocks, or pairs | [`blocked_difference`] |
//! | ratio of two arms | [`ratio_of_means`] |
//! | share at a common age structure | [`direct_standardisation`], [`standardised_shares`] |
//! | how far two profiles lie apart | [`total_variation`] |
//! | typical ad, next ad, how much ads differ | [`random_effects_share`], [`overdispersion`] |
//! | odds ratio between two arms | [`random_effects_contrast`], [`quasibinomial`] |
//! | how many ads a test needs, what it could have found | [`ads_per_arm`], [`detectable_difference`] |
//! | odds ratio between two arms within strata | [`mantel_haenszel`] |
//! | events per exposure, of one group and of two | [`poisson_rate`], [`poisson_ratio`] |
//! | time to an event, some still waiting | [`kaplan_meier`] |
//! | the same between groups | [`log_rank`] |
//! | do two coders agree | [`agreement`] |
//! | do several coders agree, ratings missing | [`krippendorff_alpha`] |
//! | what could unknown values hide | [`worst_case_bounds`] |
//! | what could counts known as ranges be | [`share_bounds`], [`pooled_bounds`], [`mean_bounds`], [`difference_bounds`] |
//! | several tests at once | [`holm`], [`benjamini_hochberg`] |
//! | median, quartiles | [`quantile`], [`median`], [`quartiles`] |

mod agreement;
mod binomial;
mod blocks;
mod bootstrap;
mod bounds;
mod cluster;
mod describe;
mod difference;
mod exact_tests;
mod krippendorff;
mod log_rank;
mod mantel_haenszel;
mod method;
mod multiple;
mod overdispersion;
mod permutation;
mod poisson;
mod power;
mod profiles;
mod random_effects;
mod ratio_of_means;
mod refusal;
mod resample;
mod score;
pub mod special;
mod survival;
mod two_shares;

pub use agreement::{Agreement, agreement};
pub use binomial::{agresti_coull, clopper_pearson, jeffreys, ratio, wilson};
pub use blocks::{Block, BlockedDifference, blocked_difference};
pub use bootstrap::{ClusterBootstrap, cluster_bootstrap};
pub use bounds::{
    CountRange, RangedCounts, difference_bounds, mean_bounds, pooled_bounds, share_bounds,
    worst_case_bounds,
};
pub use cluster::{ClusterShares, cluster_shares};
pub use describe::{mean, median, quantile, quartiles, standard_deviation};
pub use difference::{ShareDifference, share_difference};
pub use exact_tests::{binomial_test, fisher_exact};
pub use krippendorff::{Krippendorff, Scale, krippendorff_alpha};
pub use log_rank::{LogRank, LogRankGroup, log_rank};
pub use mantel_haenszel::{Stratum, mantel_haenszel};
pub use method::{Description, Method};
pub use multiple::{benjamini_hochberg, holm};
pub use overdispersion::{Quasibinomial, overdispersion, quasibinomial};
pub use permutation::{
    Drawing, MAX_ARRANGEMENTS, MONTE_CARLO_DRAWS, PermutationTest, permutation_test,
};
pub use poisson::{poisson_rate, poisson_ratio};
pub use power::{
    ads_per_arm, detectable_difference, detectable_within, impressions_per_arm, power_of,
    two_shares_sample_size,
};
pub use profiles::{
    StandardisedShares, direct_standardisation, standardised_shares, total_variation,
};
pub use random_effects::{
    Effect, RandomEffects, RandomEffectsContrast, RandomEffectsShare, Tau2, log_ratio_effects,
    logit_effects, random_effects, random_effects_contrast, random_effects_share, tau2_interval,
};
pub use ratio_of_means::{ratio_of_means, ratio_of_pooled};
pub use refusal::Refusal;
pub use resample::{DRAWS, MIN_RESAMPLED};
pub use survival::{KaplanMeier, SurvivalStep, kaplan_meier};
pub use two_shares::{TwoShares, two_shares};

/// Which intervals hold what they claim: measured coverage, and the defaults that follow from it.
#[doc = include_str!("COVERAGE.md")]
pub const COVERAGE: &str = include_str!("COVERAGE.md");

use serde::Serialize;
use special::{Tail, student_t_quantile};

/// Up to here a float holds every count exactly.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// What a count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Units {
    Impressions,
    Reach,
    Clicks,
    Results,
    Ads,
    Events,
    People,
    Accounts,
    Items,
    Sessions,
    Arrangements,
    /// Billionths of a total that is not known: shares as they are published.
    Billionths,
    /// Millionths of one unit of a currency.
    CurrencyMicros,
}

/// A number with its uncertainty, the count it rests on, and how it was computed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate itself, absent when the data give none.
    pub value: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Confidence level of the interval, for example 0.95. Absent when `low` and `high` are no
    /// confidence limits.
    pub level: Option<f64>,
    /// The numerator, where the value is a ratio of counts.
    pub k: Option<u64>,
    /// How many `units` the value rests on.
    pub n: u64,
    /// What `n` counts.
    pub units: Units,
    pub method: Method,
    /// Two-sided p-value, where the method includes a test.
    pub p: Option<f64>,
    /// Why the value, or its interval, is absent.
    pub refusal: Option<Refusal>,
}

impl Estimate {
    /// An estimate that holds nothing yet.
    fn empty(n: u64, units: Units, method: Method) -> Self {
        Estimate {
            value: None,
            low: None,
            high: None,
            level: None,
            k: None,
            n,
            units,
            method,
            p: None,
            refusal: None,
        }
    }

    /// The numerator of the value.
    fn of(self, k: u64) -> Self {
        Estimate { k: Some(k), ..self }
    }

    /// The value, if it is a number.
    fn valued(self, value: f64) -> Self {
        Estimate {
            value: Some(value).filter(|v| v.is_finite()),
            ..self
        }
    }

    /// The confidence interval, if both ends are numbers.
    fn between(self, low: f64, high: f64, level: f64) -> Self {
        if !(low.is_finite() && high.is_finite()) {
            return self.refused(Refusal::TooLarge);
        }
        Estimate {
            low: Some(low),
            high: Some(high),
            level: Some(level),
            ..self
        }
    }

    /// Student's t interval around the value, cut to `range`, from the squared standard error
    /// between units and its degrees of freedom. An error of 0 is refused: it means that the few
    /// units seen are all alike, not that nothing is uncertain.
    fn student(self, squared_error: f64, df: f64, level: f64, range: (f64, f64)) -> Self {
        if squared_error == 0.0 {
            return self.refused(Refusal::NoVariation);
        }
        let tail = match tail(level) {
            Ok(tail) => tail,
            Err(refusal) => return self.refused(refusal),
        };
        match (self.value, student_t_quantile(Tail::Upper(tail), df)) {
            (Some(value), Some(t)) => {
                let half = t * squared_error.sqrt();
                self.between(
                    (value - half).max(range.0),
                    (value + half).min(range.1),
                    level,
                )
            }
            _ => self.refused(Refusal::TooLarge),
        }
    }

    /// The interval, or why there is none.
    fn within(self, interval: Result<(f64, f64), Refusal>, level: f64) -> Self {
        match interval {
            Ok((low, high)) => self.between(low, high, level),
            Err(refusal) => self.refused(refusal),
        }
    }

    /// Student's t interval around a share, built on the logit and carried back, so that it never
    /// leaves 0..1; the arguments are those of [`Estimate::student`].
    fn student_on_logit(self, squared_error: f64, df: f64, level: f64) -> Self {
        if squared_error == 0.0 {
            return self.refused(Refusal::NoVariation);
        }
        let tail = match tail(level) {
            Ok(tail) => tail,
            Err(refusal) => return self.refused(refusal),
        };
        match (self.value, student_t_quantile(Tail::Upper(tail), df)) {
            (Some(value), Some(t)) => {
                let other = 1.0 - value;
                // The slope of the logit turns an error of the share into one of the logit.
                let factor = libm::exp(t * squared_error.sqrt() / (value * other));
                let high = value / (value + other / factor);
                self.between(value / (value + other * factor), high.min(1.0), level)
            }
            _ => self.refused(Refusal::TooLarge),
        }
    }

    fn refused(self, refusal: Refusal) -> Self {
        Estimate {
            refusal: Some(refusal),
            ..self
        }
    }
}

/// The probability left in each tail by a two-sided interval, if the level is between 0 and 1.
fn tail(level: f64) -> Result<f64, Refusal> {
    if level > 0.0 && level < 1.0 {
        Ok((1.0 - level) / 2.0)
    } else {
        Err(Refusal::Level)
    }
}
