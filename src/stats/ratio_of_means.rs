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
    let mean = |clusters: &Clusters| moments(&clusters.shares).map(|(mean, _)| mean);
    let error = |clusters: &Clusters| Some(moments(&clusters.shares)?.1? / clusters.len() as f64);
    let empty = |n| Estimate::empty(n, clusters, Method::RatioOfMeans);
    ratio(first, second, level, empty, mean, error)
}

/// The pooled share, or rate, of the first group over that of the second, as [`ratio_of_means`]
/// with the errors of linearised ratios (Cochran 1977, chapter 6): the units weigh by their trials.
pub fn ratio_of_pooled(
    first: &[(u64, u64)],
    second: &[(u64, u64)],
    clusters: Units,
    level: f64,
) -> Estimate {
    let error = |clusters: &Clusters| clusters.pooled_squared_error(clusters.pooled()?);
    let empty = |n| Estimate::empty(n, clusters, Method::RatioOfPooled);
    ratio(first, second, level, empty, Clusters::pooled, error)
}

/// The ratio of two averages with an interval on the log scale, from the average of a group and
/// its squared error.
fn ratio(
    first: &[(u64, u64)],
    second: &[(u64, u64)],
    level: f64,
    empty: impl Fn(u64) -> Estimate,
    average: impl Fn(&Clusters) -> Option<f64>,
    squared_error: impl Fn(&Clusters) -> Option<f64>,
) -> Estimate {
    let (a, b) = match (Clusters::new(first), Clusters::new(second)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(refusal), _) | (_, Err(refusal)) => return empty(0).refused(refusal),
    };
    let empty = empty(a.len() + b.len());
    let (Some(average_a), Some(average_b)) = (average(&a), average(&b)) else {
        return empty.refused(Refusal::NoUnits);
    };
    if average_b == 0.0 {
        return empty.refused(Refusal::ZeroMean);
    }
    let ratio = average_a / average_b;
    let estimate = empty.valued(ratio);
    if average_a == 0.0 {
        return estimate.refused(Refusal::ZeroMean);
    }
    // The logarithm of an average varies as the average does relative to itself.
    let relative = |clusters: &Clusters| {
        let average = average(clusters)?;
        Some(squared_error(clusters)? / (average * average))
    };
    let Some((squared_error, df)) = welch(&a, &b, relative) else {
        return estimate.refused(Refusal::OneUnit);
    };
    let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
    let logarithm =
        empty
            .valued(log(average_a) - log(average_b))
            .student(squared_error, df, level, everywhere);
    let interval = match (logarithm.low, logarithm.high) {
        // Rounding must not push the ratio out of its interval.
        (Some(low), Some(high)) => Ok((exp(low).min(ratio), exp(high).max(ratio))),
        _ => Err(logarithm.refusal.unwrap_or(Refusal::TooLarge)),
    };
    estimate.within(interval, level)
}
