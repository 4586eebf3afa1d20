//! Resampling units with replacement (Efron 1979).

use super::permutation::{below, generator};
use super::{Refusal, tail};

/// Resamples to draw where nothing else is asked for: 250 lie beyond each end of a 95 % interval.
pub const DRAWS: u32 = 10_000;

/// Fewer units are not resampled. The resampled mean of `m` units varies less than it should by
/// `sqrt((m - 1) / m)`, and percentiles lack the wider tails of Student's t: in a simulation with
/// normally distributed units, a 95 % interval covered 83 % at five units, 90 % at ten and 93 % at
/// twenty.
pub const MIN_RESAMPLED: u64 = 10;

/// At least this many resamples must lie beyond each end, or the end is a matter of luck.
const MIN_BEYOND: usize = 5;

/// More resamples would only fill the memory.
const MAX_DRAWS: u32 = 1_000_000;

/// Percentile intervals of `N` statistics over the same resamples.
///
/// `repeats` says how many of the units each distinct unit stands for. Each resample draws as many
/// units as there are, and `statistics` receives how often each distinct unit was drawn. Where a
/// statistic does not exist for a resample, it is taken for smallest at the lower end and for
/// largest at the upper end, and an end that would fall among these is refused.
pub(super) fn percentile_intervals<const N: usize>(
    repeats: &[u64],
    draws: u32,
    seed: u64,
    level: f64,
    statistics: impl Fn(&[u64]) -> [Option<f64>; N],
) -> [Result<(f64, f64), Refusal>; N] {
    let distinct = repeats.iter().enumerate();
    let units: Vec<usize> = distinct
        .flat_map(|(i, &count)| (0..count).map(move |_| i))
        .collect();
    let beyond = match draws_beyond(units.len() as u64, draws, level) {
        Ok(beyond) => beyond,
        Err(refusal) => return [Err(refusal); N],
    };
    let mut rng = generator(seed);
    let mut found: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..draws {
        let mut times = vec![0; repeats.len()];
        for _ in 0..units.len() {
            times[units[below(&mut rng, units.len())]] += 1;
        }
        for (values, value) in found.iter_mut().zip(statistics(&times)) {
            values.extend(value);
        }
    }
    found.map(|values| ends(values, draws as usize, beyond))
}

/// How many resamples lie beyond each end of the interval.
fn draws_beyond(units: u64, draws: u32, level: f64) -> Result<usize, Refusal> {
    let tail = tail(level)?;
    match units {
        0 => return Err(Refusal::NoUnits),
        1 => return Err(Refusal::OneUnit),
        _ if units < MIN_RESAMPLED => return Err(Refusal::TooFewUnits),
        _ => {}
    }
    let beyond = (tail * f64::from(draws)) as usize;
    if beyond < MIN_BEYOND || draws > MAX_DRAWS {
        return Err(Refusal::TooFewDraws);
    }
    Ok(beyond)
}

/// The ends with `beyond` of `draws` outside each, from the values that exist.
fn ends(mut values: Vec<f64>, draws: usize, beyond: usize) -> Result<(f64, f64), Refusal> {
    values.sort_unstable_by(f64::total_cmp);
    let outside = beyond.checked_sub(draws - values.len());
    match outside.and_then(|outside| values.get(outside..values.len() - outside)) {
        Some([low, .., high]) if low < high => Ok((*low, *high)),
        Some([_, .., _]) => Err(Refusal::NoVariation),
        Some(_) => Err(Refusal::TooFewDraws),
        None => Err(Refusal::UnstableResamples),
    }
}
