//! Permutation test for the difference between two groups.

use super::Method;
use super::describe::{moments, sorted};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Serialize;

/// Up to this many arrangements are all looked at; that takes some milliseconds.
pub const MAX_ARRANGEMENTS: u64 = 1_000_000;

/// Arrangements drawn where there are more: p near 0.05 is then known to within 0.0007.
pub const MONTE_CARLO_DRAWS: u64 = 100_000;

/// Differences closer than this count as equal: the same values summed in another order.
pub(super) const TIE: f64 = 1e-12;

/// Whether to test, and how to draw arrangements where there are too many to look at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    pub seed: u64,
    /// Arrangements to draw; with none there is no test.
    pub draws: u64,
}

impl Drawing {
    pub(super) fn is_wanted(self) -> bool {
        self.draws > 0
    }
}

/// The usual number of draws from a seed.
impl From<u64> for Drawing {
    fn from(seed: u64) -> Self {
        Drawing {
            seed,
            draws: MONTE_CARLO_DRAWS,
        }
    }
}

/// Without a seed there is no test.
impl From<Option<u64>> for Drawing {
    fn from(seed: Option<u64>) -> Self {
        seed.map_or(Drawing { seed: 0, draws: 0 }, Drawing::from)
    }
}

/// The outcome of a permutation test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PermutationTest {
    pub method: Method,
    /// Mean of the first group minus mean of the second; with blocks, within blocks and weighted.
    pub difference: f64,
    /// Arrangements looked at: all of them, or as many as were drawn.
    pub arrangements: u64,
    /// All the arrangements that there are, absent beyond 2^64.
    pub possible: Option<u64>,
    /// Arrangements looked at whose difference is at least as large, in either direction.
    pub extreme: u64,
    /// Two-sided p-value.
    pub p: f64,
    /// No data with groups of these sizes could give a smaller p.
    pub smallest_p: f64,
    /// Standard error of `p` from drawing, absent where all arrangements were looked at.
    pub monte_carlo_error: Option<f64>,
    /// The seed of the draws, absent where all arrangements were looked at.
    pub seed: Option<u64>,
}

/// Tests whether the means of two groups of values in 0..1 differ, by regrouping the values in
/// every possible way (Fisher 1935, Pitman 1937), or in ways drawn as `drawing` says
/// (by default [`MONTE_CARLO_DRAWS`]) where there are more than [`MAX_ARRANGEMENTS`] (Phipson and
/// Smyth 2010).
///
/// The order of values, and which group comes first, do not matter to `p`. `None` when a group is
/// empty, a value is no finite number, or no test is wanted.
pub fn permutation_test(
    first: &[f64],
    second: &[f64],
    drawing: impl Into<Drawing>,
) -> Option<PermutationTest> {
    let drawing = drawing.into();
    if !drawing.is_wanted() {
        return None;
    }
    let (first, second) = (sorted(first)?, sorted(second)?);
    let difference = moments(&first)?.0 - moments(&second)?.0;
    let all = sorted(&[first.as_slice(), &second].concat())?;
    let size = first.len().min(second.len());
    let (total, small, large) = (
        all.iter().sum::<f64>(),
        size as f64,
        (all.len() - size) as f64,
    );
    // The sum of the smaller group determines the difference.
    let extreme = |sum: f64| (sum / small - (total - sum) / large).abs() >= difference.abs() - TIE;
    let strata = vec![Stratum { values: all, size }];
    let methods = (Method::PermutationExact, Method::PermutationMonteCarlo);
    Some(test_strata(strata, difference, methods, drawing, &extreme))
}

/// Values of which `size` are chosen, independently of other strata: at least one and at most half.
pub(super) struct Stratum {
    pub(super) values: Vec<f64>,
    pub(super) size: usize,
}

/// Tests an observed `difference` by choosing anew within each of `strata`, in every possible way
/// or in drawn ones; `extreme` judges the sum of all chosen values.
pub(super) fn test_strata(
    strata: Vec<Stratum>,
    difference: f64,
    (exact, drawn): (Method, Method),
    drawing: Drawing,
    extreme: &dyn Fn(f64) -> bool,
) -> PermutationTest {
    let possible = strata.iter().try_fold(1u64, |ways, stratum| {
        ways.checked_mul(combinations(
            stratum.values.len() as u64,
            stratum.size as u64,
        )?)
    });
    if let Some(arrangements) = possible.filter(|count| *count <= MAX_ARRANGEMENTS) {
        let count = count_all(&strata, 0.0, extreme);
        // With groups of one size, every arrangement has a mirror image as extreme as itself.
        let even = |stratum: &Stratum| stratum.values.len() == 2 * stratum.size;
        let images = if strata.iter().all(even) { 2 } else { 1 };
        return PermutationTest {
            method: exact,
            difference,
            arrangements,
            possible,
            extreme: count,
            p: count as f64 / arrangements as f64,
            smallest_p: images as f64 / arrangements as f64,
            monte_carlo_error: None,
            seed: None,
        };
    }
    let count = count_drawn(strata, drawing, extreme);
    let draws = drawing.draws as f64;
    let p = (count + 1) as f64 / (draws + 1.0);
    PermutationTest {
        method: drawn,
        difference,
        arrangements: drawing.draws,
        possible,
        extreme: count,
        p,
        smallest_p: 1.0 / (draws + 1.0),
        monte_carlo_error: Some((p * (1.0 - p) / draws).sqrt()),
        seed: Some(drawing.seed),
    }
}

/// How many ways there are to choose `k` of `n`, if a `u64` can hold them.
fn combinations(n: u64, k: u64) -> Option<u64> {
    let mut ways: u64 = 1;
    for i in 1..=k {
        // Each product is divisible by i: it is C(n - k + i, i) times i.
        let product = u128::from(ways) * u128::from(n - k + i);
        ways = u64::try_from(product / u128::from(i)).ok()?;
    }
    Some(ways)
}

/// Counts the ways to choose from all `strata` whose sum, with `sum` added, is extreme.
fn count_all(strata: &[Stratum], sum: f64, extreme: &dyn Fn(f64) -> bool) -> u64 {
    match strata.split_first() {
        None => u64::from(extreme(sum)),
        Some((stratum, rest)) => choose(&stratum.values, stratum.size, sum, &|sum| {
            count_all(rest, sum, extreme)
        }),
    }
}

/// Adds up `count` of the sum, with `sum` added, over the ways to choose `size` of `values`.
fn choose(values: &[f64], size: usize, sum: f64, count: &dyn Fn(f64) -> u64) -> u64 {
    if size == 1 {
        return values.iter().map(|v| count(sum + v)).sum();
    }
    (0..=values.len() - size)
        .map(|i| choose(&values[i + 1..], size - 1, sum + values[i], count))
        .sum()
}

/// Counts how many of the drawn choices from all `strata` have an extreme sum.
fn count_drawn(mut strata: Vec<Stratum>, drawing: Drawing, extreme: &dyn Fn(f64) -> bool) -> u64 {
    let mut rng = generator(drawing.seed);
    let mut count = 0;
    for _ in 0..drawing.draws {
        let mut sum = 0.0;
        for Stratum { values, size } in &mut strata {
            // The first `size` steps of a Fisher-Yates shuffle choose a uniform subset.
            for i in 0..*size {
                let chosen = i + below(&mut rng, values.len() - i);
                values.swap(i, chosen);
                sum += values[i];
            }
        }
        count += u64::from(extreme(sum));
    }
    count
}

/// Random numbers from a seed, the same on every machine.
pub(super) fn generator(seed: u64) -> ChaCha8Rng {
    // The seed fills the first eight bytes of the key, little-endian, so that anybody can redraw.
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// A uniform integer below `bound > 0`, without bias (Lemire 2019).
pub(super) fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    let bound = bound as u64;
    loop {
        let wide = u128::from(rng.next_u64()) * u128::from(bound);
        let low = wide as u64;
        // The low half is uniform over multiples of bound once its first (2^64 mod bound) are cut;
        // as these are below bound, the slow remainder is seldom needed.
        if low >= bound || low >= bound.wrapping_neg() % bound {
            return (wide >> 64) as usize;
        }
    }
}
