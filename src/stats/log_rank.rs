//! Do groups differ in the time to an event?

use super::Method;
use super::special::gamma_tails;
use serde::Serialize;

/// The outcome of a log-rank test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogRank {
    pub method: Method,
    /// In the order in which they were given.
    pub groups: Vec<LogRankGroup>,
    pub chi_square: f64,
    /// Degrees of freedom: groups that could have had an event, minus 1.
    pub df: u64,
    pub p: f64,
}

/// What one group had, and what it would have had if all had one hazard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct LogRankGroup {
    /// All that were observed.
    pub n: u64,
    pub events: u64,
    pub expected: f64,
}

/// The log-rank test (Mantel 1966, Peto and Peto 1972) between groups of `(days, event seen)`, as
/// in [`kaplan_meier`](super::kaplan_meier), with the hypergeometric variance, as R's `survdiff`.
///
/// A group under observation at no event says nothing and gives no degree of freedom. `None` with
/// fewer than two other groups, without events, and where events leave no variance.
pub fn log_rank(groups: &[Vec<(u64, bool)>]) -> Option<LogRank> {
    let mut rows: Vec<(u64, bool, usize)> = Vec::new();
    for (group, times) in groups.iter().enumerate() {
        rows.extend(times.iter().map(|&(at, event)| (at, event, group)));
    }
    rows.sort_unstable();
    let mut at_risk: Vec<u64> = groups.iter().map(|times| times.len() as u64).collect();
    let mut found: Vec<LogRankGroup> = Vec::new();
    found.extend(at_risk.iter().map(|&n| LogRankGroup {
        n,
        ..LogRankGroup::default()
    }));
    let mut variance = vec![vec![0.0; groups.len()]; groups.len()];
    for tied in rows.chunk_by(|a, b| a.0 == b.0) {
        let seen = tied.iter().filter(|(_, event, _)| *event);
        for &(_, _, group) in seen.clone() {
            found[group].events += 1;
        }
        let (events, all) = (seen.count() as f64, at_risk.iter().sum::<u64>() as f64);
        let parts: Vec<f64> = at_risk.iter().map(|&risk| risk as f64 / all).collect();
        let spread = events * (all - events) / (all - 1.0).max(1.0);
        for (i, part) in parts.iter().enumerate() {
            found[i].expected += events * part;
            for (j, other) in parts.iter().enumerate() {
                let same = if i == j { 1.0 } else { 0.0 };
                variance[i][j] += spread * part * (same - other);
            }
        }
        for &(_, _, group) in tied {
            at_risk[group] -= 1;
        }
    }
    let exposed = (0..groups.len()).filter(|&i| found[i].expected > 0.0);
    // Deviations add up to 0, so that one of them follows from the rest.
    let kept: Vec<usize> = exposed.skip(1).collect();
    let deviations = kept
        .iter()
        .map(|&i| found[i].events as f64 - found[i].expected);
    let matrix = kept
        .iter()
        .map(|&i| kept.iter().map(|&j| variance[i][j]).collect());
    let chi_square = quadratic_form(matrix.collect(), deviations.collect())?;
    let df = kept.len() as u64;
    let p = gamma_tails(df as f64 / 2.0, chi_square / 2.0)?.upper;
    Some(LogRank {
        method: Method::LogRank,
        groups: found,
        chi_square,
        df,
        p,
    })
}

/// `x' V^-1 x` for a symmetric positive definite `V`, by elimination; `None` for any other.
fn quadratic_form(mut v: Vec<Vec<f64>>, mut x: Vec<f64>) -> Option<f64> {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let row = v[i].clone();
        if row[i] <= 0.0 {
            return None;
        }
        sum += x[i] * x[i] / row[i];
        for j in i + 1..x.len() {
            let factor = v[j][i] / row[i];
            x[j] -= factor * x[i];
            for (entry, above) in v[j].iter_mut().zip(&row) {
                *entry -= factor * above;
            }
        }
    }
    Some(sum)
}
