//! Difference between two groups of units that were run in blocks: same audience, day, account
//! and budget within a block; the smallest block is a pair.

use super::cluster::Clusters;
use super::describe::moments;
use super::permutation::{Drawing, Stratum, TIE, test_strata};
use super::{Estimate, Method, PermutationTest, Refusal, Units};
use serde::Serialize;
use std::cmp::Ordering;

/// One `(k, n)` for each unit of the first group, and of the second, in one block.
pub type Block = (Vec<(u64, u64)>, Vec<(u64, u64)>);

/// How the shares of two groups of units differ within blocks, first minus second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BlockedDifference {
    /// Blocks with units of both groups: all numbers rest on these.
    pub blocks: u64,
    /// Blocks that lack a unit with trials in either group, which are left out.
    pub left_out: u64,
    /// Units of the first group in `blocks`.
    pub first: u64,
    /// Units of the second group in `blocks`.
    pub second: u64,
    /// Weighted mean of the blocks' differences; `p` is that of `test`; `n` counts the units of
    /// both groups.
    pub mean: Estimate,
    /// Absent when no block has both groups, or no test is wanted.
    pub test: Option<PermutationTest>,
}

/// What one block says of the difference.
struct Compared {
    first: Vec<f64>,
    second: Vec<f64>,
    difference: f64,
    weight: f64,
    /// Sum of squares of the units around the mean of their group in this block.
    squares: f64,
}

/// The difference between two groups run in `blocks`; the units are `clusters`, and units without
/// trials are left out.
///
/// The differences of mean shares within blocks are averaged with weights `a b / (a + b)` for `a`
/// and `b` units: the effect of the group in the linear model with an effect of each block. Its
/// interval is Student's t on the residual degrees of freedom, units minus blocks minus 1, cut to
/// -1..1; for pairs this is the interval of the paired t test. It is refused for a single pair and
/// where nothing varies. The test regroups units within their blocks only; for pairs that flips
/// signs. `drawing` matters only where it draws, and without draws there is no test.
pub fn blocked_difference(
    blocks: &[Block],
    clusters: Units,
    level: f64,
    drawing: impl Into<Drawing>,
) -> BlockedDifference {
    let drawing = drawing.into();
    let (compared, reason) = match compare(blocks) {
        Ok(compared) => (compared, Refusal::NoBlock),
        Err(refusal) => (Vec::new(), refusal),
    };
    let units = |group: fn(&Compared) -> &[f64]| -> u64 {
        compared.iter().map(|block| group(block).len() as u64).sum()
    };
    let (first, second) = (units(|block| &block.first), units(|block| &block.second));
    let weight = sum(compared.iter().map(|block| block.weight));
    // Adding up the two directions apart makes swapping the groups an exact change of sign.
    let towards = |sign: f64| {
        let parts = compared.iter().map(|b| sign * b.difference * b.weight);
        sum(parts.filter(|part| *part > 0.0))
    };
    let difference = (towards(1.0) - towards(-1.0)) / weight;
    let test = (!compared.is_empty() && drawing.is_wanted())
        .then(|| within_blocks(&compared, difference, weight, drawing));
    let empty = Estimate::empty(first + second, clusters, Method::BlockedDifference);
    let mean = match compared.len() {
        0 => empty.refused(reason),
        _ => {
            let value = Estimate {
                p: test.map(|test| test.p),
                ..empty.valued(difference)
            };
            let df = first + second - compared.len() as u64 - 1;
            let residuals = sum(compared.iter().flat_map(|block| {
                let away = block.difference - difference;
                [block.squares, block.weight * away * away]
            }));
            match df {
                0 => value.refused(Refusal::OnePair),
                // What rounding leaves of blocks that all say the same is no variation.
                _ if residuals.sqrt() <= TIE => value.refused(Refusal::NoVariation),
                _ => value.student(
                    residuals / df as f64 / weight,
                    df as f64,
                    level,
                    (-1.0, 1.0),
                ),
            }
        }
    };
    BlockedDifference {
        blocks: compared.len() as u64,
        left_out: (blocks.len() - compared.len()) as u64,
        first,
        second,
        mean,
        test,
    }
}

/// The blocks that have both groups.
fn compare(blocks: &[Block]) -> Result<Vec<Compared>, Refusal> {
    let mut compared = Vec::new();
    for (first, second) in blocks {
        let (first, second) = (Clusters::new(first)?.shares, Clusters::new(second)?.shares);
        let (Some((mean_a, spread_a)), Some((mean_b, spread_b))) =
            (moments(&first), moments(&second))
        else {
            continue;
        };
        let (a, b) = (first.len() as f64, second.len() as f64);
        compared.push(Compared {
            difference: mean_a - mean_b,
            weight: a * b / (a + b),
            squares: spread_a.unwrap_or(0.0) * (a - 1.0) + spread_b.unwrap_or(0.0) * (b - 1.0),
            first,
            second,
        });
    }
    Ok(compared)
}

/// The permutation test within blocks.
fn within_blocks(
    compared: &[Compared],
    difference: f64,
    weight: f64,
    drawing: Drawing,
) -> PermutationTest {
    let mut strata: Vec<Stratum> = compared
        .iter()
        .map(|block| {
            // From the group with the higher mean, so that swapping the groups draws the same.
            let (higher, lower) = match difference < 0.0 {
                true => (&block.second, &block.first),
                false => (&block.first, &block.second),
            };
            // Choosing the fewer is faster; what the lower group gains, the higher loses.
            let (size, sign) = match higher.len() <= lower.len() {
                true => (higher.len(), 1.0),
                false => (lower.len(), -1.0),
            };
            let mut values: Vec<f64> = higher.iter().chain(lower).map(|v| sign * v).collect();
            values.sort_unstable_by(f64::total_cmp);
            Stratum { values, size }
        })
        .collect();
    strata.sort_by(|a, b| {
        let values = a.values.partial_cmp(&b.values).unwrap_or(Ordering::Equal);
        a.size.cmp(&b.size).then(values)
    });
    // The weighted difference is the sum chosen less what is chosen on average, by the weights.
    let average =
        |s: &Stratum| s.values.iter().sum::<f64>() * s.size as f64 / s.values.len() as f64;
    let expected: f64 = strata.iter().map(average).sum();
    let extreme = |chosen: f64| (chosen - expected).abs() / weight >= difference.abs() - TIE;
    let methods = (
        Method::BlockedPermutationExact,
        Method::BlockedPermutationMonteCarlo,
    );
    test_strata(strata, difference, methods, drawing, &extreme)
}

/// The sum in ascending order, so that the order of blocks does not matter.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.iter().sum()
}
