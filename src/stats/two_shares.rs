//! Two shares side by side: difference, ratio and odds ratio, each with a closed interval and with
//! the score interval.

use super::score::Counts;
use super::special::{Tail, normal_quantile};
use super::{Estimate, Method, Refusal, Units, fisher_exact, tail, wilson};
use libm::exp;
use serde::Serialize;

/// The first of two shares compared with the second. `n` of all estimates is that of both groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TwoShares {
    /// First share minus second, -1 to 1, with Newcombe's interval from two Wilson intervals; `p`
    /// is that of [`fisher_exact`].
    pub difference: Estimate,
    /// The same with the score interval.
    pub difference_score: Estimate,
    /// First share divided by second, with the interval on the logarithm.
    pub ratio: Estimate,
    /// The same with the score interval.
    pub ratio_score: Estimate,
    /// Odds of the first share divided by odds of the second, with the interval on the logarithm.
    pub odds_ratio: Estimate,
    /// The same with the score interval.
    pub odds_ratio_score: Estimate,
}

/// Compares the share `k / n` of two groups, given as `(k, n)`, that were counted independently.
///
/// Nothing is given when a group is empty or `k > n` in one. A ratio needs a second share above 0;
/// its interval on the logarithm also a first one, and shares that are not both 1. An odds ratio
/// needs finite odds; its intervals that no share is 0 or 1.
pub fn two_shares(first: (u64, u64), second: (u64, u64), units: Units, level: f64) -> TwoShares {
    let ((k1, n1), (k2, n2)) = (first, second);
    let n = n1.saturating_add(n2);
    let empty = |method| Estimate::empty(n, units, method);
    let nothing = |refusal| TwoShares {
        difference: empty(Method::NewcombeDifference).refused(refusal),
        difference_score: empty(Method::MiettinenNurminenDifference).refused(refusal),
        ratio: empty(Method::RatioKatz).refused(refusal),
        ratio_score: empty(Method::RatioScore).refused(refusal),
        odds_ratio: empty(Method::OddsRatioWoolf).refused(refusal),
        odds_ratio_score: empty(Method::OddsRatioScore).refused(refusal),
    };
    if n1 == 0 || n2 == 0 {
        return nothing(Refusal::NoTrials);
    }
    if k1 > n1 || k2 > n2 {
        return nothing(Refusal::CountExceedsTrials);
    }
    let counts = Counts {
        k1: k1 as f64,
        f1: (n1 - k1) as f64,
        k2: k2 as f64,
        f2: (n2 - k2) as f64,
    };
    let z = tail(level).and_then(|tail| {
        let z = normal_quantile(Tail::Upper(tail));
        z.ok_or(Refusal::TooLarge)
    });

    let (p1, p2) = (k1 as f64 / n1 as f64, k2 as f64 / n2 as f64);
    let difference = |method| empty(method).valued(p1 - p2);
    let hybrid = z.and_then(|_| {
        let arms = (wilson(k1, n1, units, level), wilson(k2, n2, units, level));
        newcombe(arms.0, arms.1).ok_or(Refusal::TooLarge)
    });

    let ratio = |method, interval: Result<(f64, f64), Refusal>| match k2 {
        0 => empty(method).refused(Refusal::ZeroMean),
        _ => holding(empty(method).valued(p1 / p2), interval, level),
    };
    let katz = z.and_then(|z| match (counts.f1, counts.f2) {
        _ if k1 == 0 => Err(Refusal::ZeroMean),
        (0.0, 0.0) => Err(Refusal::NoVariation),
        (f1, f2) => {
            let squared_error = f1 / (counts.k1 * n1 as f64) + f2 / (counts.k2 * n2 as f64);
            Ok(on_logarithm(p1 / p2, z * squared_error.sqrt()))
        }
    });

    let odds_ratio = |method, interval: Result<(f64, f64), Refusal>| {
        if counts.f1 == 0.0 || k2 == 0 {
            return empty(method).refused(Refusal::AllOrNone);
        }
        holding(
            empty(method).valued(counts.odds_ratio_seen()),
            interval,
            level,
        )
    };
    let cells = [counts.k1, counts.f1, counts.k2, counts.f2];
    let odds_z = z.and_then(|z| match cells.contains(&0.0) {
        true => Err(Refusal::AllOrNone),
        false => Ok(z),
    });
    let woolf = odds_z.map(|z| {
        let squared_error: f64 = cells.iter().map(|cell| 1.0 / cell).sum();
        on_logarithm(counts.odds_ratio_seen(), z * squared_error.sqrt())
    });

    TwoShares {
        difference: Estimate {
            p: fisher_exact(first, second),
            ..holding(difference(Method::NewcombeDifference), hybrid, level)
        },
        difference_score: holding(
            difference(Method::MiettinenNurminenDifference),
            z.map(|z| counts.difference(z)),
            level,
        ),
        ratio: ratio(Method::RatioKatz, katz),
        ratio_score: ratio(Method::RatioScore, z.map(|z| counts.ratio(z))),
        odds_ratio: odds_ratio(Method::OddsRatioWoolf, woolf),
        odds_ratio_score: odds_ratio(Method::OddsRatioScore, odds_z.map(|z| counts.odds_ratio(z))),
    }
}

/// The estimate with an interval that rounding does not push off its value.
fn holding(estimate: Estimate, interval: Result<(f64, f64), Refusal>, level: f64) -> Estimate {
    let holding = |(low, high): (f64, f64)| match estimate.value {
        Some(value) => (low.min(value), high.max(value)),
        None => (low, high),
    };
    estimate.within(interval.map(holding), level)
}

/// Newcombe's (1998) hybrid interval, method 10, from the Wilson intervals of both shares.
fn newcombe(first: Estimate, second: Estimate) -> Option<(f64, f64)> {
    let (p1, p2) = (first.value?, second.value?);
    let below = length(p1 - first.low?, second.high? - p2);
    let above = length(first.high? - p1, p2 - second.low?);
    Some((p1 - p2 - below, p1 - p2 + above))
}

/// The interval `half` to either side of the logarithm of `value`.
fn on_logarithm(value: f64, half: f64) -> (f64, f64) {
    (value * exp(-half), value * exp(half))
}

fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}
