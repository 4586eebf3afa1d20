//! Shares over units that each hold many trials: impressions within ads, items within accounts.

use super::describe::{median, moments};
use super::{EXACT, Estimate, Method, Refusal, Units};
use serde::Serialize;

/// Shares over a group of units, from the smallest unit to all of them pooled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClusterShares {
    /// Units with at least one trial: all numbers rest on these.
    pub clusters: u64,
    /// Units without a trial, which have no share and are left out.
    pub without_trials: u64,
    /// Smallest share of a unit; `n` counts units.
    pub min: Estimate,
    /// Median share of a unit; `n` counts units.
    pub median: Estimate,
    /// Largest share of a unit; `n` counts units.
    pub max: Estimate,
    /// Mean of the units' shares; `n` counts units.
    pub mean: Estimate,
    /// All of `k` over all of `n`, which counts trials; the interval rests on the units.
    pub pooled: Estimate,
}

/// The units of one group that have trials.
#[derive(Default)]
pub(super) struct Clusters {
    /// `(k, n)` of each unit, ascending, so that no sum depends on the order in which units came.
    pub(super) counts: Vec<(u64, u64)>,
    /// `k / n` of each unit, ascending.
    pub(super) shares: Vec<f64>,
    pub(super) without_trials: u64,
    /// Sum of all `k`.
    pub(super) k: u64,
    /// Sum of all `n`.
    pub(super) n: u64,
}

impl Clusters {
    /// Leaves out units without trials. Refuses a part larger than its whole, and sums that a
    /// float cannot hold exactly.
    pub(super) fn new(counts: &[(u64, u64)]) -> Result<Self, Refusal> {
        let mut clusters = Clusters::default();
        for &(k, n) in counts {
            if k > n {
                return Err(Refusal::CountExceedsTrials);
            }
            let sum = clusters.n.checked_add(n).filter(|sum| *sum <= EXACT);
            clusters.n = sum.ok_or(Refusal::TooLarge)?;
            clusters.k += k;
            if n == 0 {
                clusters.without_trials += 1;
            } else {
                clusters.counts.push((k, n));
                clusters.shares.push(k as f64 / n as f64);
            }
        }
        clusters.counts.sort_unstable();
        clusters.shares.sort_by(f64::total_cmp);
        Ok(clusters)
    }

    /// How many units have trials.
    pub(super) fn len(&self) -> u64 {
        self.counts.len() as u64
    }

    /// Sum of all `k` over sum of all `n`, if anything was counted.
    pub(super) fn pooled(&self) -> Option<f64> {
        (self.n > 0).then(|| self.k as f64 / self.n as f64)
    }

    /// Sum of all `k` and of all `n - k`.
    pub(super) fn outcomes(&self) -> (u64, u64) {
        (self.k, self.n - self.k)
    }

    /// `(k, n)` of each unit in ascending order, as floats that hold them exactly.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (f64, f64)> {
        self.counts.iter().map(|&(k, n)| (k as f64, n as f64))
    }

    /// Sum of the squares of `k - ratio n`, each times the weight that `n` gives it.
    pub(super) fn squared_residuals(&self, ratio: f64, weight: impl Fn(f64) -> f64) -> f64 {
        // Equal shares leave residuals of rounding only.
        if self.shares.first() == self.shares.last() {
            return 0.0;
        }
        let squares = self.numbers().map(|(k, n)| {
            let residual = k - ratio * n;
            residual * residual * weight(n)
        });
        squares.sum()
    }

    /// The squared standard error of the pooled share between units, for two units and more.
    pub(super) fn pooled_squared_error(&self, ratio: f64) -> Option<f64> {
        let (m, n) = (self.len() as f64, self.n as f64);
        if m < 2.0 {
            return None;
        }
        let squares = self.squared_residuals(ratio, |_| 1.0);
        Some(m / (m - 1.0) * squares / (n * n))
    }
}

/// How an interval comes from an estimate, its squared error, degrees of freedom and level.
type Interval = fn(Estimate, f64, f64, f64) -> Estimate;

/// Shares over the units of one group, for example the ads of an arm: `counts` holds one
/// `(k, n)` a unit, of which `n` counts `trials`; the units themselves are `clusters`.
///
/// The pooled share gets no binomial interval, because what is counted within a unit is not
/// independent: its interval comes from the variation between units, by linearising the ratio of
/// sums (Cochran 1977, chapter 6), cut to 0..1. That of the mean comes from the variance of the
/// shares, built on the logit. Both use Student's t on one degree of freedom fewer than there are
/// units, and are refused for a single unit and where all units have the same share. Of the two,
/// that of the mean holds its level (see [`COVERAGE`](super::COVERAGE)).
pub fn cluster_shares(
    counts: &[(u64, u64)],
    trials: Units,
    clusters: Units,
    level: f64,
) -> ClusterShares {
    let (found, reason) = match Clusters::new(counts) {
        Ok(found) => (found, Refusal::NoUnits),
        Err(refusal) => (Clusters::default(), refusal),
    };
    let estimate = |n, units, method, value: Option<f64>| {
        let empty = Estimate::empty(n, units, method);
        value.map_or(empty.refused(reason), |value| empty.valued(value))
    };
    let over_units = |method, value| estimate(found.len(), clusters, method, value);
    let df = found.len() as f64 - 1.0;
    let spread = |estimate: Estimate, error: Option<f64>, interval: Interval| match (
        estimate.value,
        error,
    ) {
        (None, _) => estimate,
        (_, None) => estimate.refused(Refusal::OneUnit),
        (_, Some(error)) => interval(estimate, error, df, level),
    };
    let (mean, variance) = moments(&found.shares).unzip();
    let variance_of_mean = variance.flatten().map(|v| v / found.len() as f64);
    let ratio = found.pooled();
    let pooled = estimate(found.n, trials, Method::RatioOfSums, ratio).of(found.k);
    ClusterShares {
        clusters: found.len(),
        without_trials: found.without_trials,
        min: over_units(Method::SampleRange, found.shares.first().copied()),
        median: over_units(Method::SampleMedian, median(&found.shares)),
        max: over_units(Method::SampleRange, found.shares.last().copied()),
        mean: spread(
            over_units(Method::MeanOfUnits, mean),
            variance_of_mean,
            Estimate::student_on_logit,
        ),
        pooled: spread(
            pooled,
            ratio.and_then(|ratio| found.pooled_squared_error(ratio)),
            |estimate, error, df, level| estimate.student(error, df, level, (0.0, 1.0)),
        ),
    }
}
