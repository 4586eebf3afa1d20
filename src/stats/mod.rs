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
//! | share of one ad or account | [`wilson`], [`clopper_pearson`] |
//! | share over the ads of an arm | [`cluster_shares`] |
//! | difference between two arms | [`share_difference`] |
//! | events per exposure | [`poisson_rate`] |
//! | time to an event, some still waiting | [`kaplan_meier`] |
//! | do two coders agree | [`agreement`] |
//! | what could unknown values hide | [`worst_case_bounds`] |
//! | median, quartiles | [`quantile`], [`median`], [`quartiles`] |

mod agreement;
mod binomial;
mod bounds;
mod cluster;
mod describe;
mod difference;
mod method;
mod permutation;
mod poisson;
mod refusal;
pub mod special;
mod survival;

pub use agreement::{Agreement, agreement};
pub use binomial::{clopper_pearson, ratio, wilson};
pub use bounds::worst_case_bounds;
pub use cluster::{ClusterShares, cluster_shares};
pub use describe::{median, quantile, quartiles};
pub use difference::{ShareDifference, share_difference};
pub use method::{Description, Method};
pub use permutation::{MAX_ARRANGEMENTS, MONTE_CARLO_DRAWS, PermutationTest, permutation_test};
pub use poisson::poisson_rate;
pub use refusal::Refusal;
pub use survival::{KaplanMeier, SurvivalStep, kaplan_meier};

use serde::Serialize;
use special::{Tail, student_t_quantile};

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
    Arrangements,
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
