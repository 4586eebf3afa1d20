//! Agreement between two coders.

use super::resample::{DRAWS, percentile_intervals};
use super::{Estimate, Method, Refusal, Units, wilson};
use serde::Serialize;
use std::collections::BTreeMap;

/// How far two coders agree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// The share of items that both gave the same category, with Wilson's interval.
    pub observed: Estimate,
    /// Agreement beyond what chance would give: 1 is perfect, 0 is what chance gives.
    pub kappa: Estimate,
}

/// Share of agreement and Cohen's kappa (Cohen 1960), unweighted, over the items that both coders
/// coded: one pair of categories an item. `n` counts items.
///
/// The interval of kappa comes from [`DRAWS`] resamples of the items, by `seed`. Kappa is refused
/// without items, and when both coders used a single common category throughout; its interval
/// below [`MIN_RESAMPLED`](super::MIN_RESAMPLED) items, without any disagreement, and where too
/// many resamples hold one category only.
pub fn agreement<C: Ord>(codes: &[(C, C)], level: f64, seed: u64) -> Agreement {
    let n = codes.len() as u64;
    let equal = codes.iter().filter(|(first, second)| first == second);
    let mut categories: BTreeMap<&C, usize> = BTreeMap::new();
    for (first, second) in codes {
        categories.extend([(first, 0), (second, 0)]);
    }
    for (number, category) in categories.values_mut().enumerate() {
        *category = number;
    }
    let mut pairs: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for (first, second) in codes {
        *pairs
            .entry((categories[first], categories[second]))
            .or_default() += 1;
    }
    let (pairs, repeats): (Vec<_>, Vec<u64>) = pairs.into_iter().unzip();
    let value = |times: &[u64]| kappa(&pairs, times, categories.len());
    let empty = Estimate::empty(n, Units::Items, Method::CohenKappa);
    let kappa = match value(&repeats) {
        _ if n == 0 => empty.refused(Refusal::NoUnits),
        None => empty.refused(Refusal::NoDisagreementByChance),
        Some(observed) => {
            let draw = |times: &[u64]| [value(times)];
            let [interval] = percentile_intervals(&repeats, DRAWS, seed, level, draw);
            empty.valued(observed).within(interval, level)
        }
    };
    Agreement {
        observed: wilson(equal.count() as u64, n, Units::Items, level),
        kappa,
    }
}

/// Kappa where each of `pairs` of categories occurs so many `times`, absent where both coders used
/// a single common category throughout.
fn kappa(pairs: &[(usize, usize)], times: &[u64], categories: usize) -> Option<f64> {
    let mut used = vec![(0, 0); categories];
    let (mut n, mut equal) = (0, 0);
    for (&(first, second), &times) in pairs.iter().zip(times) {
        let times = i128::from(times);
        used[first].0 += times;
        used[second].1 += times;
        n += times;
        equal += if first == second { times } else { 0 };
    }
    let by_chance: i128 = used.iter().map(|(first, second)| first * second).sum();
    // (p_o - p_e) / (1 - p_e) times n^2 above and below: integers until this division.
    let beyond_chance = n * equal - by_chance;
    (by_chance != n * n).then(|| beyond_chance as f64 / (n * n - by_chance) as f64)
}
