//! Counts that vary more between units than independent counts would.

use super::cluster::Clusters;
use super::random_effects::contrast::odds_ratio;
use super::special::student_t_two_sided;
use super::{Estimate, Method, Refusal, Units};
use libm::{exp, log};
use serde::Serialize;

/// The odds of two groups in a binomial model with over-dispersion, first against second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quasibinomial {
    /// Pearson's chi-square over its degrees of freedom: 1 where units vary as independent counts
    /// would, more where they vary more.
    pub dispersion: Option<f64>,
    /// Log odds of the second group.
    pub second: Estimate,
    /// Standard error of `second`.
    pub second_error: Option<f64>,
    /// Log odds of the first group minus those of the second; `n` counts the units of both.
    pub log_odds_difference: Estimate,
    /// Standard error of `log_odds_difference`.
    pub error: Option<f64>,
    /// Odds of the first group over those of the second.
    pub odds_ratio: Estimate,
}

/// The quasi-binomial model of the group (McCullagh and Nelder 1989): logits of the pooled shares,
/// their binomial variances times the dispersion, Student's t with two degrees of freedom fewer
/// than there are units. One `(k, n)` a unit; the units are `clusters`.
///
/// Dispersion and errors are those of R's `glm(cbind(k, n - k) ~ group, family = quasibinomial)`,
/// which takes them at the weights of its last step but one: within about 1e-4 of the closed form.
///
/// Refused where a pooled share is 0 or 1; interval and p also where a group has a single unit and
/// where no unit differs from its group.
pub fn quasibinomial(
    first: &[(u64, u64)],
    second: &[(u64, u64)],
    clusters: Units,
    level: f64,
) -> Quasibinomial {
    let (a, b, reason) = match (Clusters::new(first), Clusters::new(second)) {
        (Ok(a), Ok(b)) => (a, b, None),
        (Err(refusal), _) | (_, Err(refusal)) => {
            (Clusters::default(), Clusters::default(), Some(refusal))
        }
    };
    let units = a.len() + b.len();
    let empty = |n| Estimate::empty(n, clusters, Method::Quasibinomial);
    let refused = |refusal| Quasibinomial {
        dispersion: None,
        second: empty(b.len()).refused(refusal),
        second_error: None,
        log_odds_difference: empty(units).refused(refusal),
        error: None,
        odds_ratio: empty(units).refused(refusal),
    };
    if a.len() == 0 || b.len() == 0 {
        return refused(reason.unwrap_or(Refusal::NoUnits));
    }
    let (Some(in_a), Some(in_b)) = (Pooled::new(&a), Pooled::new(&b)) else {
        return refused(Refusal::AllOrNone);
    };
    let df = units as f64 - 2.0;
    let [weight_a, weight_b] = last_weights([(&a, &in_a), (&b, &in_b)]);
    let chi_square = in_a.chi_square * weight_a + in_b.chi_square * weight_b;
    let dispersion = (a.len() > 1 && b.len() > 1).then(|| chi_square / df);
    let (variance_a, variance_b) = (in_a.variance / weight_a, in_b.variance / weight_b);
    // An estimate and its standard error from its variance in a binomial model.
    let term = |n, value: f64, variance: f64| {
        let estimate = empty(n).valued(value);
        let Some(dispersion) = dispersion else {
            return (estimate.refused(Refusal::OneUnit), None);
        };
        let squared = dispersion * variance;
        let error = squared.sqrt();
        let p = match squared {
            0.0 => None,
            _ => student_t_two_sided(value / error, df),
        };
        let everything = (f64::NEG_INFINITY, f64::INFINITY);
        let estimate = Estimate { p, ..estimate };
        (
            estimate.student(squared, df, level, everything),
            Some(error),
        )
    };
    let (second, second_error) = term(b.len(), in_b.log_odds, variance_b);
    let (log_odds_difference, error) = term(
        units,
        in_a.log_odds - in_b.log_odds,
        variance_a + variance_b,
    );
    Quasibinomial {
        dispersion,
        second,
        second_error,
        log_odds_difference,
        error,
        odds_ratio: odds_ratio(log_odds_difference),
    }
}

/// Pearson's chi-square of the units' counts over its degrees of freedom: 1 where units vary as
/// independent counts of one share would, more where they vary more.
///
/// `None` for less than two units with trials, for counts that are no shares, and where the pooled
/// share is 0 or 1.
pub fn overdispersion(counts: &[(u64, u64)]) -> Option<f64> {
    let clusters = Clusters::new(counts).ok()?;
    let df = clusters.len().checked_sub(1).filter(|df| *df > 0)?;
    Some(Pooled::new(&clusters)?.chi_square / df as f64)
}

/// The pooled counts of a group, and how its units scatter around them.
struct Pooled {
    share: f64,
    /// Binomial variance of one count: share times its complement.
    spread: f64,
    log_odds: f64,
    /// Binomial variance of `log_odds`.
    variance: f64,
    /// Pearson's chi-square of the units against the pooled share.
    chi_square: f64,
}

impl Pooled {
    /// `None` where the pooled share is 0 or 1, or absent.
    fn new(clusters: &Clusters) -> Option<Self> {
        let (yes, no) = clusters.outcomes();
        if yes == 0 || no == 0 {
            return None;
        }
        let (yes, no) = (yes as f64, no as f64);
        let share = yes / (yes + no);
        let spread = share * (no / (yes + no));
        Some(Pooled {
            share,
            spread,
            log_odds: log(yes) - log(no),
            variance: 1.0 / yes + 1.0 / no,
            chi_square: clusters.squared_residuals(share, |n| 1.0 / n) / spread,
        })
    }
}

/// For each group, the weight of a count at the last step of iteratively reweighted least squares,
/// over the weight at the pooled share to which the steps lead: near 1.
///
/// Start (half a count added to both outcomes of each unit) and end (when a step changes the
/// deviance by less than 1e-8 of itself) are those of R's `glm`.
fn last_weights(groups: [(&Clusters, &Pooled); 2]) -> [f64; 2] {
    const STEPS: u32 = 25;
    const CHANGE: f64 = 1e-8;
    let start = |(k, n): (f64, f64)| (k + 0.5) / (n + 1.0);
    let mut log_odds = groups.map(|(clusters, _)| {
        let (sum, weights) = clusters
            .numbers()
            .fold((0.0, 0.0), |(sum, weights), (k, n)| {
                let share = start((k, n));
                let spread = share * (1.0 - share);
                let working = log(share) - log(1.0 - share) + (k / n - share) / spread;
                (sum + n * spread * working, weights + n * spread)
            });
        sum / weights
    });
    let mut deviance: f64 = groups
        .iter()
        .map(|(clusters, _)| {
            clusters
                .numbers()
                .map(|unit| lack(unit, start(unit)))
                .sum::<f64>()
        })
        .sum();
    let mut weights = [1.0, 1.0];
    for _ in 0..STEPS {
        let shares = log_odds.map(|logit| 1.0 / (1.0 + exp(-logit)));
        let lacks = groups.iter().zip(shares).map(|((clusters, _), share)| {
            clusters
                .numbers()
                .map(|unit| lack(unit, share))
                .sum::<f64>()
        });
        let found: f64 = lacks.sum();
        if (found - deviance).abs() < CHANGE * (found + 0.1) {
            break;
        }
        deviance = found;
        for (((_, pooled), share), (logit, weight)) in groups
            .iter()
            .zip(shares)
            .zip(log_odds.iter_mut().zip(&mut weights))
        {
            let spread = share * (1.0 - share);
            *weight = spread / pooled.spread;
            *logit += (pooled.share - share) / spread;
        }
    }
    weights
}

/// What a unit adds to the deviance of a model that gives it this share.
fn lack((k, n): (f64, f64), share: f64) -> f64 {
    let part = |count: f64, share: f64| match count {
        0.0 => 0.0,
        _ => count * log(count / n / share),
    };
    2.0 * (part(k, share) + part(n - k, 1.0 - share))
}
