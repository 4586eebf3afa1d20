//! Two groups compared within strata: the common odds ratio.

use super::special::{Tail, normal, normal_quantile};
use super::{EXACT, Estimate, Method, Refusal, Units, tail};
use libm::{exp, log};

/// `(k, n)` of the first group and `(k, n)` of the second: the outcome happened `k` times in `n`.
pub type Stratum = ((u64, u64), (u64, u64));

/// The odds of the outcome in the first group over those in the second, common to all strata: the
/// estimate of Mantel and Haenszel (1959), the interval of Robins, Breslow and Greenland (1986),
/// and the p-value of the Cochran-Mantel-Haenszel chi-square without continuity correction. This
/// is `mantelhaen.test(correct = FALSE)` of R.
///
/// `n` of the estimate is the sum over all strata and counts `units`; a stratum that lacks a group
/// is in that sum, but changes nothing else.
///
/// Refuses counts beyond 2^53, `k > n`, and strata none of which has both groups, or more than one
/// outcome. A ratio of 0 is given without an interval and an infinite one not at all; both keep
/// their p-value. A p-value too small for a float is 0.
pub fn mantel_haenszel(strata: &[Stratum], units: Units, level: f64) -> Estimate {
    let counts = strata.iter().flat_map(|&(first, second)| [first, second]);
    let n = counts.fold(0_u64, |sum, (_, n)| sum.saturating_add(n));
    let empty = Estimate::empty(n, units, Method::MantelHaenszel);
    if n > EXACT {
        return empty.refused(Refusal::TooLarge);
    }
    let Some(sums) = Sums::new(strata) else {
        return empty.refused(Refusal::CountExceedsTrials);
    };
    if n == 0 {
        return empty.refused(Refusal::NoTrials);
    }
    if sums.compared == 0 {
        return empty.refused(Refusal::NoCommonStratum);
    }
    if sums.variance == 0.0 {
        return empty.refused(Refusal::OneOutcome);
    }
    let z = sums.excess.abs() / sums.variance.sqrt();
    let estimate = Estimate {
        p: Some(2.0 * normal(z).upper),
        ..empty.valued(sums.above / sums.below)
    };
    if sums.above == 0.0 || sums.below == 0.0 {
        return estimate.refused(Refusal::OneSidedStrata);
    }
    let log_ratio = log(sums.above / sums.below);
    let error = sums.log_variance().sqrt();
    let limits = |tail: f64| {
        let half = normal_quantile(Tail::Upper(tail)).ok_or(Refusal::Level)? * error;
        Ok((exp(log_ratio - half), exp(log_ratio + half)))
    };
    estimate.within(tail(level).and_then(limits), level)
}

/// Sums over the strata that have both groups. With outcome and rest `a`, `b` in the first group,
/// `c`, `d` in the second, and `t` in all:
#[derive(Default)]
struct Sums {
    /// How many strata have both groups.
    compared: u64,
    /// Of R = ad / t, the ratio's numerator.
    above: f64,
    /// Of S = bc / t, its denominator.
    below: f64,
    /// Of PR, PS + QR and QS, where P = (a + d) / t and Q = (b + c) / t.
    products: [f64; 3],
    /// Of `a` minus its expectation if the groups do not differ, which is (ad - bc) / t.
    excess: f64,
    /// Of the hypergeometric variance of `a`.
    variance: f64,
}

impl Sums {
    /// `None` when a part is larger than its whole. The counts of all strata must not add up to
    /// more than 2^53.
    fn new(strata: &[Stratum]) -> Option<Sums> {
        // Sorted, so that the order of the strata does not reach the rounding.
        let mut strata = strata.to_vec();
        strata.sort_unstable();
        let mut sums = Sums::default();
        for ((a, first), (c, second)) in strata {
            let (b, d) = (first.checked_sub(a)?, second.checked_sub(c)?);
            if first > 0 && second > 0 {
                sums.add([a, b, c, d].map(i128::from));
            }
        }
        Some(sums)
    }

    fn add(&mut self, [a, b, c, d]: [i128; 4]) {
        let all = a + b + c + d;
        let t = all as f64;
        let (r, s) = ((a * d) as f64 / t, (b * c) as f64 / t);
        let (p, q) = ((a + d) as f64 / t, (b + c) as f64 / t);
        self.compared += 1;
        self.above += r;
        self.below += s;
        for (sum, product) in self.products.iter_mut().zip([p * r, p * s + q * r, q * s]) {
            *sum += product;
        }
        self.excess += (a * d - b * c) as f64 / t;
        let (groups, outcomes) = ((a + b) * (c + d), (a + c) * (b + d));
        self.variance += groups as f64 * outcomes as f64 / (t * t * (all - 1) as f64);
    }

    /// The variance of the logarithm of the ratio (Robins, Breslow and Greenland 1986).
    fn log_variance(&self) -> f64 {
        let [first, mixed, second] = self.products;
        let (r, s) = (self.above, self.below);
        (first / (r * r) + mixed / (r * s) + second / (s * s)) / 2.0
    }
}
