//! Agreement between any number of coders, some ratings missing.

use super::resample::{DRAWS, percentile_intervals};
use super::{Estimate, Method, Refusal, Units};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How far apart two categories lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// All categories are equally far apart.
    Nominal,
    /// Categories ascend, and are as far apart as there are ratings between them.
    Ordinal,
}

/// How far coders agree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Krippendorff {
    /// 1 is perfect agreement, 0 what chance gives; `n` counts the items with two ratings or more.
    pub alpha: Estimate,
    /// Ratings of these items.
    pub ratings: u64,
    /// Ratings that stand alone on their item, which are left out.
    pub unpaired: u64,
}

/// The categories of one item, ascending, and how many coders gave each.
type Item = Vec<(usize, u64)>;

/// More ratings than this would overflow the integer sums of squares.
const MAX_RATINGS: usize = 1 << 30;

/// Krippendorff's alpha (Krippendorff 2018, chapter 12): one list of ratings a coder, in the order
/// of the items; a missing rating is `None`, as is everything after the end of a shorter list.
///
/// The interval comes from [`DRAWS`] resamples of the items with two ratings or more, by `seed`:
/// it says how alpha would vary with other items, not with other coders. The value is refused when
/// no item has two ratings or only one category was used; the interval below
/// [`MIN_RESAMPLED`](super::MIN_RESAMPLED) items, without any disagreement, and where too many
/// resamples hold one category only.
pub fn krippendorff_alpha<C: Ord>(
    ratings: &[Vec<Option<C>>],
    scale: Scale,
    level: f64,
    seed: u64,
) -> Krippendorff {
    let method = match scale {
        Scale::Nominal => Method::KrippendorffNominal,
        Scale::Ordinal => Method::KrippendorffOrdinal,
    };
    let empty = |n| Estimate::empty(n, Units::Items, method);
    let length = ratings.iter().map(Vec::len).max().unwrap_or(0);
    if length
        .checked_mul(ratings.len())
        .is_none_or(|most| most > MAX_RATINGS)
    {
        return Krippendorff {
            alpha: empty(0).refused(Refusal::TooLarge),
            ratings: 0,
            unpaired: 0,
        };
    }
    let used: BTreeSet<&C> = ratings.iter().flatten().flatten().collect();
    let categories: BTreeMap<&C, usize> = used.into_iter().zip(0..).collect();
    let mut items: BTreeMap<Item, u64> = BTreeMap::new();
    let (mut paired, mut unpaired) = (0, 0);
    for at in 0..length {
        let coded = ratings.iter().filter_map(|coder| coder.get(at)?.as_ref());
        let mut codes: Vec<usize> = coded.filter_map(|c| categories.get(c).copied()).collect();
        codes.sort_unstable();
        if codes.len() < 2 {
            unpaired += codes.len() as u64;
            continue;
        }
        paired += codes.len() as u64;
        let runs = codes.chunk_by(|a, b| a == b);
        let item = runs.map(|run| (run[0], run.len() as u64)).collect();
        *items.entry(item).or_default() += 1;
    }
    let (items, repeats): (Vec<Item>, Vec<u64>) = items.into_iter().unzip();
    let value = |times: &[u64]| alpha(&items, times, categories.len(), ratings.len(), scale);
    let empty = empty(repeats.iter().sum());
    let alpha = match value(&repeats) {
        _ if items.is_empty() => empty.refused(Refusal::NothingPairable),
        None => empty.refused(Refusal::NoDisagreementByChance),
        Some(observed) => {
            let draw = |times: &[u64]| [value(times)];
            let [interval] = percentile_intervals(&repeats, DRAWS, seed, level, draw);
            empty.valued(observed).within(interval, level)
        }
    };
    Krippendorff {
        alpha,
        ratings: paired,
        unpaired,
    }
}

/// Alpha where each of `items` occurs so many `times`, absent where only one category is used.
fn alpha(
    items: &[Item],
    times: &[u64],
    categories: usize,
    coders: usize,
    scale: Scale,
) -> Option<f64> {
    let mut used = vec![0; categories];
    for (item, times) in items.iter().zip(times) {
        for &(category, count) in item {
            used[category] += times * count;
        }
    }
    // Twice the middle rank of each category: ordinal distances are differences of these.
    let mut before = 0;
    let ranks: Vec<u64> = used
        .iter()
        .map(|count| {
            let rank = 2 * before + count;
            before += count;
            rank
        })
        .collect();
    let expected = disagreement(used.iter().copied().zip(ranks.iter().copied()), scale);
    if expected == 0 {
        return None;
    }
    // Items of as many ratings share a divisor; until then everything is an integer.
    let mut observed = vec![0; coders + 1];
    for (item, times) in items.iter().zip(times) {
        let size: u64 = item.iter().map(|(_, count)| count).sum();
        let counts = item
            .iter()
            .map(|&(category, count)| (count, ranks[category]));
        observed[size as usize] += u128::from(*times) * disagreement(counts, scale);
    }
    let sizes = observed.iter().enumerate().skip(2);
    let observed: f64 = sizes
        .map(|(size, sum)| *sum as f64 / (size - 1) as f64)
        .sum();
    Some(1.0 - (before - 1) as f64 * observed / expected as f64)
}

/// The sum of distances over all pairs of ratings, each `(count, rank)` of a category, times a
/// constant of the scale.
fn disagreement(counts: impl Iterator<Item = (u64, u64)>, scale: Scale) -> u128 {
    let (mut n, mut alike, mut sum, mut squares) = (0u128, 0u128, 0u128, 0u128);
    for (count, rank) in counts {
        let (count, rank) = (u128::from(count), u128::from(rank));
        n += count;
        alike += count * count;
        sum += count * rank;
        squares += count * rank * rank;
    }
    match scale {
        Scale::Nominal => n * n - alike,
        Scale::Ordinal => n * squares - sum * sum,
    }
}
