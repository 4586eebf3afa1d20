//! Shares and counts by stratum, for example by age.

use super::describe::moments;
use super::permutation::TIE;
use super::{EXACT, Estimate, Method, Refusal, Units};
use serde::Serialize;

/// Shares of units, each standardised to the same strata.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StandardisedShares {
    /// Units with trials in every stratum of the standard population: `mean` rests on these.
    pub units: u64,
    /// Units without any trial in these strata, which are left out.
    pub without_trials: u64,
    /// Units with trials in some of these strata only, which are left out as well.
    pub incomplete: u64,
    /// Mean of the units' standardised shares; `n` counts `units`.
    pub mean: Estimate,
}

/// The share of one unit standardised to a common population: `strata` holds one `(k, n)` a
/// stratum, of which `n` counts `trials`, and `standard` the number of people of that population
/// in the same strata. Each stratum's share weighs as the stratum does in the population.
///
/// Trials of strata that the population lacks are left out. There is no interval, because what is
/// counted within a unit is not independent: [`standardised_shares`] gives one between units.
/// Refused when a stratum of the population has no trials: its share is unknown, not 0.
pub fn direct_standardisation(strata: &[(u64, u64)], standard: &[u64], trials: Units) -> Estimate {
    let empty = |n| Estimate::empty(n, trials, Method::DirectStandardisation);
    match weighted(strata, standard) {
        Err(refusal) => empty(0).refused(refusal),
        Ok((n, None)) => empty(n).refused(Refusal::EmptyStratum),
        Ok((n, Some(share))) => empty(n).valued(share).refused(Refusal::OneUnit),
    }
}

/// The mean over units, for example the ads of an arm, of their shares standardised as in
/// [`direct_standardisation`], with Student's t interval between units, built on the logit. The units are
/// `clusters`.
///
/// Refused when no unit has trials in every stratum of the population; the interval for one unit
/// and where all have the same share.
pub fn standardised_shares(
    units: &[Vec<(u64, u64)>],
    standard: &[u64],
    clusters: Units,
    level: f64,
) -> StandardisedShares {
    let mut found = StandardisedShares {
        units: 0,
        without_trials: 0,
        incomplete: 0,
        mean: Estimate::empty(0, clusters, Method::DirectStandardisation),
    };
    let mut shares = Vec::new();
    for strata in units {
        match weighted(strata, standard) {
            Ok((_, Some(share))) => shares.push(share),
            Ok((0, None)) => found.without_trials += 1,
            Ok((_, None)) => found.incomplete += 1,
            Err(refusal) => {
                return StandardisedShares {
                    without_trials: 0,
                    incomplete: 0,
                    mean: found.mean.refused(refusal),
                    ..found
                };
            }
        }
    }
    shares.sort_unstable_by(f64::total_cmp);
    found.units = shares.len() as u64;
    found.mean.n = found.units;
    found.mean = match moments(&shares) {
        None if found.incomplete > 0 => found.mean.refused(Refusal::EmptyStratum),
        None => found.mean.refused(Refusal::NoUnits),
        Some((mean, None)) => found.mean.valued(mean).refused(Refusal::OneUnit),
        Some((mean, Some(variance))) => {
            // Shares that are equal but for rounding do not vary.
            let variance = if variance.sqrt() <= TIE {
                0.0
            } else {
                variance
            };
            let m = shares.len() as f64;
            let mean = found.mean.valued(mean);
            mean.student_on_logit(variance / m, m - 1.0, level)
        }
    };
    found
}

/// The trials in the strata of the population, and the standardised share unless one has none.
fn weighted(strata: &[(u64, u64)], standard: &[u64]) -> Result<(u64, Option<f64>), Refusal> {
    if strata.len() != standard.len() {
        return Err(Refusal::StrataMismatch);
    }
    if strata.iter().any(|(k, n)| k > n) {
        return Err(Refusal::CountExceedsTrials);
    }
    let mut rows: Vec<(u64, u64, u64)> = strata
        .iter()
        .zip(standard)
        .map(|(&(k, n), &weight)| (weight, n, k))
        .filter(|&(weight, _, _)| weight > 0)
        .collect();
    // The order of strata does not matter.
    rows.sort_unstable();
    let population = total(rows.iter().map(|row| row.0))?;
    if population == 0 {
        return Err(Refusal::NoStandard);
    }
    let trials = total(rows.iter().map(|row| row.1))?;
    if rows.iter().any(|&(_, n, _)| n == 0) {
        return Ok((trials, None));
    }
    let parts = rows
        .iter()
        .map(|&(weight, n, k)| weight as f64 * (k as f64 / n as f64));
    let share = (parts.sum::<f64>() / population as f64).min(1.0);
    Ok((trials, Some(share)))
}

/// How far two profiles lie apart, counts in the same strata: the total variation distance, half
/// the sum of the absolute differences of their shares. 0 where both have the same shares, 1 where
/// no stratum has counts of both. `n` counts the `units` of both profiles.
///
/// No interval: it describes what was counted. Refused when a profile is empty.
pub fn total_variation(first: &[u64], second: &[u64], units: Units) -> Estimate {
    let empty = |n| Estimate::empty(n, units, Method::TotalVariation);
    if first.len() != second.len() {
        return empty(0).refused(Refusal::StrataMismatch);
    }
    let totals = (total(first.iter().copied()), total(second.iter().copied()));
    let (a, b) = match totals {
        (Ok(a), Ok(b)) => (a, b),
        (Err(refusal), _) | (_, Err(refusal)) => return empty(0).refused(refusal),
    };
    if a == 0 || b == 0 {
        return empty(a + b).refused(Refusal::NoTrials);
    }
    // Both shares on the common denominator, so that nothing is rounded before the division.
    let scaled = |count: u64, total: u64| u128::from(count) * u128::from(total);
    let apart: u128 = first
        .iter()
        .zip(second)
        .map(|(&x, &y)| scaled(x, b).abs_diff(scaled(y, a)))
        .sum();
    empty(a + b).valued(apart as f64 / (2 * scaled(a, b)) as f64)
}

/// The sum of counts, if a float holds it exactly.
fn total(counts: impl Iterator<Item = u64>) -> Result<u64, Refusal> {
    let mut sum: u64 = 0;
    for count in counts {
        let next = sum.checked_add(count).filter(|sum| *sum <= EXACT);
        sum = next.ok_or(Refusal::TooLarge)?;
    }
    Ok(sum)
}
