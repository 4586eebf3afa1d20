//! Difference between two groups of units.

use super::cluster::Clusters;
use super::describe::moments;
use super::{Drawing, Estimate, Method, PermutationTest, Refusal, Units, permutation_test};
use serde::Serialize;

/// How the shares of two groups of units differ, first minus second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ShareDifference {
    /// Units with trials in the first group.
    pub first: u64,
    /// Units with trials in the second group.
    pub second: u64,
    /// Difference of the mean shares with Welch's interval; `p` is that of `test`; `n` counts the
    /// units of both groups.
    pub mean: Estimate,
    /// Difference of the pooled shares with Welch's interval between units; `n` counts the units
    /// of both groups.
    pub pooled: Estimate,
    /// Degrees of freedom of the interval of `mean`; absent where a group has a single unit.
    pub df: Option<f64>,
    /// Absent when a group has no unit with trials, or without a seed.
    pub test: Option<PermutationTest>,
}

/// The difference between two groups, for example two arms: one `(k, n)` a unit as in
/// [`cluster_shares`](super::cluster_shares); the units are `clusters`.
///
/// Both intervals are Welch's (1947), that of the pooled shares with the errors of linearised
/// ratios, cut to -1..1; they are refused when a group has a single unit or no unit varies. The
/// test is [`permutation_test`] on the shares of the units; `drawing` matters only where it
/// draws, and without draws there is no test.
pub fn share_difference(
    first: &[(u64, u64)],
    second: &[(u64, u64)],
    clusters: Units,
    level: f64,
    drawing: impl Into<Drawing>,
) -> ShareDifference {
    let (a, b, reason) = match (Clusters::new(first), Clusters::new(second)) {
        (Ok(a), Ok(b)) => (a, b, Refusal::NoUnits),
        (Err(refusal), _) | (_, Err(refusal)) => {
            (Clusters::default(), Clusters::default(), refusal)
        }
    };
    let estimate = |method, difference: Option<f64>| {
        let empty = Estimate::empty(a.len() + b.len(), clusters, method);
        difference.map_or(empty.refused(reason), |value| empty.valued(value))
    };
    let pooled = estimate(
        Method::DifferenceOfRatios,
        a.pooled().zip(b.pooled()).map(|(a, b)| a - b),
    );
    let test = permutation_test(&a.shares, &b.shares, drawing);
    let means = moments(&a.shares).zip(moments(&b.shares));
    let mean = Estimate {
        p: test.map(|test| test.p),
        ..estimate(
            Method::DifferenceOfMeans,
            means.map(|((a, _), (b, _))| a - b),
        )
    };
    let interval = |estimate: Estimate, errors: Option<(f64, f64)>| match (estimate.value, errors) {
        (None, _) => estimate,
        (_, None) => estimate.refused(Refusal::OneUnit),
        (_, Some((squared_error, df))) => estimate.student(squared_error, df, level, (-1.0, 1.0)),
    };
    let of_mean = |clusters: &Clusters| Some(moments(&clusters.shares)?.1? / clusters.len() as f64);
    let of_ratio = |clusters: &Clusters| clusters.pooled_squared_error(clusters.pooled()?);
    ShareDifference {
        first: a.len(),
        second: b.len(),
        df: welch(&a, &b, of_mean).map(|(_, df)| df),
        mean: interval(mean, welch(&a, &b, of_mean)),
        pooled: interval(pooled, welch(&a, &b, of_ratio)),
        test,
    }
}

/// Squared standard error of a difference and its approximate degrees of freedom (Welch 1947),
/// from the squared error on each side, for two units and more on each.
pub(super) fn welch(
    a: &Clusters,
    b: &Clusters,
    squared_error: impl Fn(&Clusters) -> Option<f64>,
) -> Option<(f64, f64)> {
    let (error_a, error_b) = (squared_error(a)?, squared_error(b)?);
    let sum = error_a + error_b;
    if sum == 0.0 {
        return Some((0.0, 1.0));
    }
    // Shares of the whole error, so that tiny errors are not squared into nothing.
    let (part_a, part_b) = (error_a / sum, error_b / sum);
    let df =
        1.0 / (part_a * part_a / (a.len() as f64 - 1.0) + part_b * part_b / (b.len() as f64 - 1.0));
    Some((sum, df))
}
