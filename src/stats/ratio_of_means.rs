//! Ratio between two groups of units.

use super::cluster::Clusters;
use super::describe::moments;
use super::difference::welch;
use super::{Estimate, Method, Refusal, Units};
use libm::{exp, log};

/// The mean share of the first group over that of the second: one `(k, n)` a unit as in
/// [`cluster_shares`](super::cluster_shares); the units are `clusters`, and `n` counts those of
/// both groups.
///
/// The interval is symmetric around the logarithm of the ratio (Hedges, Gurevitch and Curtis
/// 1999), with Student's t on Welch's degrees of freedom. It is refused when a group has a single
/// unit, no unit varies, or the first mean is 0; where the second is 0 there is no value either.
pub fn ratio_of_means(
    first: &[(u64, u64)],
    second: &[(u64, u64)],
    clusters: Units,
    level: f64,
) -> Estimate {
    let empty = |n| Estimate::empty(n, clusters, Method::RatioOfMeans);
    let (a, b) = match (Clusters::new(first), Clusters::new(second)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(refusal), _) | (_, Err(refusal)) => return empty(0).refused(refusal),
    };
    let empty = empty(a.len() + b.len());
    let (Some((mean_a, _)), Some((mean_b, _))) = (moments(&a.shares), moments(&b.shares)) else {
        return empty.refused(Refusal::NoUnits);
    };
    if mean_b == 0.0 {
        return empty.refused(Refusal::ZeroMean);
    }
    let ratio = mean_a / mean_b;
    let estimate = empty.valued(ratio);
    if mean_a == 0.0 {
        return estimate.refused(Refusal::ZeroMean);
    }
    // The logarithm of a mean varies as the mean does relative to itself.
    let relative = |clusters: &Clusters| {
        let (mean, variance) = moments(&clusters.shares)?;
        Some(variance? / clusters.len() as f64 / (mean * mean))
    };
    let Some((squared_error, df)) = welch(&a, &b, relative) else {
        return estimate.refused(Refusal::OneUnit);
    };
    let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
    let logarithm =
        empty
            .valued(log(mean_a) - log(mean_b))
            .student(squared_error, df, level, everywhere);
    let interval = match (logarithm.low, logarithm.high) {
        // Rounding must not push the ratio out of its interval.
        (Some(low), Some(high)) => Ok((exp(low).min(ratio), exp(high).max(ratio))),
        _ => Err(logarithm.refusal.unwrap_or(Refusal::TooLarge)),
    };
    estimate.within(interval, level)
}
