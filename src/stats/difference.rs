//! Difference between two groups of units.

use super::cluster::Clusters;
use super::describe::moments;
use super::{Estimate, Method, PermutationTest, Refusal, Units, permutation_test};
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
    /// Difference of the pooled shares, without inference; `n` counts the units of both groups.
    pub pooled: Estimate,
    /// Absent when a group has no unit with trials.
    pub test: Option<PermutationTest>,
}

/// The difference between two groups, for example two arms: one `(k, n)` a unit as in
/// [`cluster_shares`](super::cluster_shares); the units are `clusters`.
///
/// The interval of the mean is Welch's (1947), cut to -1..1; it is refused when a group has a
/// single unit or no unit varies. The test is [`permutation_test`] on the shares of the units;
/// `seed` matters only where it draws.
pub fn share_difference(
    first: &[(u64, u64)],
    second: &[(u64, u64)],
    clusters: Units,
    level: f64,
    seed: u64,
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
    let pooled = a.pooled().zip(b.pooled()).map(|(a, b)| a - b);
    let test = permutation_test(&a.shares, &b.shares, seed);
    let mean = Estimate {
        p: test.map(|test| test.p),
        ..estimate(Method::DifferenceOfMeans, test.map(|test| test.difference))
    };
    ShareDifference {
        first: a.len(),
        second: b.len(),
        mean: match mean.value {
            None => mean,
            Some(_) => match welch(&a.shares, &b.shares) {
                None => mean.refused(Refusal::OneUnit),
                Some((squared_error, df)) => mean.student(squared_error, df, level, (-1.0, 1.0)),
            },
        },
        pooled: estimate(Method::DifferenceOfRatios, pooled),
        test,
    }
}

/// Squared standard error of the difference of means and its approximate degrees of freedom
/// (Welch 1947), for two values and more on each side, both ascending.
fn welch(a: &[f64], b: &[f64]) -> Option<(f64, f64)> {
    let squared_error = |values: &[f64]| Some(moments(values)?.1? / values.len() as f64);
    let (error_a, error_b) = (squared_error(a)?, squared_error(b)?);
    let sum = error_a + error_b;
    // Shares of the whole error, so that tiny errors are not squared into nothing.
    let (part_a, part_b) = (error_a / sum, error_b / sum);
    let df =
        1.0 / (part_a * part_a / (a.len() as f64 - 1.0) + part_b * part_b / (b.len() as f64 - 1.0));
    Some((sum, df))
}
