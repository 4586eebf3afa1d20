//! The random-effects contrast between two groups of units.

use super::super::special::student_t_two_sided;
use super::super::{Estimate, Method, Refusal, Units};
use super::tau2::Model;
use super::{Tau2, logit_effects};
use libm::exp;
use serde::Serialize;

/// How the odds of two groups of units differ, first against second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RandomEffectsContrast {
    /// Units with trials in the first group.
    pub first: u64,
    /// Units with trials in the second group.
    pub second: u64,
    /// Difference of the mean logits; `n` counts the units of both groups.
    pub log_odds_difference: Estimate,
    /// Its standard error by Hartung and Knapp.
    pub error: Option<f64>,
    /// Variance of the logit between units of the same group.
    pub tau2: Option<f64>,
    /// Odds of the first group over those of the second.
    pub odds_ratio: Estimate,
}

/// Meta-regression of the logit of the share on the group (Berkey et al. 1995), one tau2 for both
/// groups by REML, errors by Knapp and Hartung (2003), Student's t with two degrees of freedom
/// fewer than there are units: `rma(yi, vi, mods = ~ group, test = "knha")` of R's metafor. Counts
/// are as in [`logit_effects`]; the units are `clusters`.
///
/// All is refused when a group has a single unit, because how its units differ would be taken from
/// the other group alone; interval and p are refused when no unit differs from its group.
pub fn random_effects_contrast(
    first: &[(u64, u64)],
    second: &[(u64, u64)],
    clusters: Units,
    level: f64,
) -> RandomEffectsContrast {
    let (a, b) = (logit_effects(first), logit_effects(second));
    let count = |effects: &Result<Vec<_>, _>| effects.as_ref().map_or(0, |all| all.len() as u64);
    let units = (count(&a), count(&b));
    let empty = Estimate::empty(units.0 + units.1, clusters, Method::RandomEffectsContrast);
    let nothing = RandomEffectsContrast {
        first: units.0,
        second: units.1,
        log_odds_difference: empty,
        error: None,
        tau2: None,
        odds_ratio: empty,
    };
    let refused = |refusal| RandomEffectsContrast {
        log_odds_difference: empty.refused(refusal),
        odds_ratio: empty.refused(refusal),
        ..nothing
    };
    let model = match (a, b) {
        (Ok(a), Ok(b)) => Model::new([a, b]),
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    };
    let model = match model {
        Ok(model) => model,
        Err(refusal) => return refused(refusal),
    };
    if model.has_single() {
        return refused(Refusal::OneUnit);
    }
    let tau2 = match model.tau2(Tau2::Reml) {
        Ok(tau2) => tau2,
        Err(refusal) => return refused(refusal),
    };
    let [a, b] = model.groups_at(tau2);
    let difference = a.mean - b.mean;
    let squared_error = model.q(tau2) / model.df() * (1.0 / a.weight + 1.0 / b.weight);
    let error = squared_error.sqrt();
    let p = match squared_error {
        0.0 => None,
        _ => student_t_two_sided(difference / error, model.df()),
    };
    let everything = (f64::NEG_INFINITY, f64::INFINITY);
    let log_odds_difference = Estimate { p, ..empty }.valued(difference).student(
        squared_error,
        model.df(),
        level,
        everything,
    );
    RandomEffectsContrast {
        log_odds_difference,
        error: Some(error).filter(|error| error.is_finite()),
        tau2: Some(tau2),
        odds_ratio: odds_ratio(log_odds_difference),
        ..nothing
    }
}

/// The ratio of odds of which this is the logarithm.
pub(in crate::stats) fn odds_ratio(log: Estimate) -> Estimate {
    let ratio = Estimate {
        value: None,
        low: None,
        high: None,
        level: None,
        ..log
    };
    let ratio = log.value.map_or(ratio, |value| ratio.valued(exp(value)));
    match (log.low, log.high, log.level) {
        (Some(low), Some(high), Some(level)) => ratio.between(exp(low), exp(high), level),
        _ => ratio,
    }
}
