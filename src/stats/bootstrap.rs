//! Shares over units with intervals from resampling the units.

use super::cluster::Clusters;
use super::describe::moments;
use super::resample::percentile_intervals;
use super::{EXACT, Estimate, Method, Refusal, Units};
use serde::Serialize;

/// Shares over a group of units, by resampling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClusterBootstrap {
    /// Units with at least one trial: these are resampled.
    pub clusters: u64,
    /// Units without a trial, which have no share and are left out.
    pub without_trials: u64,
    /// Resamples drawn.
    pub draws: u32,
    pub seed: u64,
    /// All of `k` over all of `n`, which counts trials; the interval rests on the units.
    pub pooled: Estimate,
    /// Mean of the units' shares; `n` counts units.
    pub mean: Estimate,
}

/// Shares over the units of one group as in [`cluster_shares`](super::cluster_shares), with
/// percentile intervals from `draws` resamples of the units with replacement (Efron 1979, Davison
/// and Hinkley 1997); [`DRAWS`](super::DRAWS) are plenty. Values are those observed.
///
/// Neither the order of `counts` nor which of two outcomes `k` counts changes what is drawn. The
/// intervals are refused below [`MIN_RESAMPLED`](super::MIN_RESAMPLED) units, where all units have
/// the same share, and where too few resamples would lie beyond an end.
pub fn cluster_bootstrap(
    counts: &[(u64, u64)],
    trials: Units,
    clusters: Units,
    draws: u32,
    seed: u64,
    level: f64,
) -> ClusterBootstrap {
    let (found, reason) = match Clusters::new(counts) {
        Ok(found) => (found, Refusal::NoUnits),
        Err(refusal) => (Clusters::default(), refusal),
    };
    let [pooled, mean] = if found.shares.first() == found.shares.last() && found.len() > 1 {
        [Err(Refusal::NoVariation); 2]
    } else {
        intervals(&found, draws, seed, level)
    };
    let estimate = |n, units, value: Option<f64>, interval| {
        let empty = Estimate::empty(n, units, Method::ClusterBootstrap);
        match value {
            None => empty.refused(reason),
            Some(value) => empty.valued(value).within(interval, level),
        }
    };
    let observed = moments(&found.shares).map(|(mean, _)| mean);
    ClusterBootstrap {
        clusters: found.len(),
        without_trials: found.without_trials,
        draws,
        seed,
        pooled: estimate(found.n, trials, found.pooled(), pooled).of(found.k),
        mean: estimate(found.len(), clusters, observed, mean),
    }
}

/// The intervals of the pooled share and of the mean share.
fn intervals(
    found: &Clusters,
    draws: u32,
    seed: u64,
    level: f64,
) -> [Result<(f64, f64), Refusal>; 2] {
    // A resample may draw the largest unit every time.
    let largest = found.counts.iter().map(|&(_, n)| n).max().unwrap_or(0);
    if largest.checked_mul(found.len()).is_none_or(|n| n > EXACT) {
        return [Err(Refusal::TooLarge); 2];
    }
    // Counting the other outcome must mirror the interval, so both countings draw the same.
    let mut mirrored: Vec<(u64, u64)> = found.counts.iter().map(|&(k, n)| (n - k, n)).collect();
    mirrored.sort_unstable();
    let mirror = mirrored < found.counts;
    let counts = if mirror { &mirrored } else { &found.counts };
    let shares: Vec<f64> = counts.iter().map(|&(k, n)| k as f64 / n as f64).collect();
    let units = counts.len() as f64;
    let repeats = vec![1; counts.len()];
    let found = percentile_intervals(&repeats, draws, seed, level, |times| {
        let (mut all_k, mut all_n, mut sum) = (0, 0, 0.0);
        for ((&times, &(k, n)), share) in times.iter().zip(counts).zip(&shares) {
            all_k += times * k;
            all_n += times * n;
            sum += times as f64 * share;
        }
        [Some(all_k as f64 / all_n as f64), Some(sum / units)]
    });
    match mirror {
        true => found.map(|interval| interval.map(|(low, high)| (1.0 - high, 1.0 - low))),
        false => found,
    }
}
