//! The random-effects mean of shares.

use super::super::{Estimate, Method, Refusal, Units};
use super::{RandomEffects, Tau2, logit_effects, random_effects, tau2_interval};
use libm::exp;
use serde::Serialize;

/// What the units of one group say about units like them, on the scale of shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RandomEffectsShare {
    /// Units with at least one trial.
    pub clusters: u64,
    /// Units without a trial, which say nothing and are left out.
    pub without_trials: u64,
    /// Share of the typical unit, the middle one of those that could be, with Hartung and Knapp's
    /// interval.
    pub share: Estimate,
    /// The same with the normal interval, too narrow with few units.
    pub share_z: Estimate,
    /// The same centre with the interval in which the share of one more unit is expected.
    pub prediction: Estimate,
    /// The share if units did not differ.
    pub equal_effects: Estimate,
    /// Variance of the logit of the share between units, with the interval of [`tau2_interval`].
    pub tau2: Estimate,
    /// Cochran's Q: large where units differ by more than chance in counting.
    pub q: Option<f64>,
    /// Chance of a Q at least as large if units did not differ.
    pub q_p: Option<f64>,
    /// Part of the variation that lies between units, 0 to 1.
    pub i2: Option<f64>,
    /// The whole variation over that of counting alone, 1 and above.
    pub h2: Option<f64>,
}

/// The random-effects mean of the logits of the shares of `counts`, one `(k, n)` a unit, turned
/// back into a share (see [`random_effects`], [`logit_effects`]); the units are `clusters`.
///
/// A single unit has a share and nothing else: no tau2, no interval, no prediction. Intervals that
/// would have no width, because all units are alike, are refused.
pub fn random_effects_share(
    counts: &[(u64, u64)],
    clusters: Units,
    tau2: Tau2,
    level: f64,
) -> RandomEffectsShare {
    let effects = logit_effects(counts);
    let units = effects.as_ref().map_or(0, |effects| effects.len() as u64);
    let fit = match &effects {
        Ok(effects) => random_effects(effects, tau2),
        Err(refusal) => Err(*refusal),
    };
    let only = match effects.as_deref() {
        Ok([effect]) => Some(share(effect.y)),
        _ => None,
    };
    let estimate = |method, centre: fn(&RandomEffects) -> f64, interval: Interval| {
        let empty = Estimate::empty(units, clusters, method);
        let fit = match (&fit, only) {
            (Ok(fit), _) => fit,
            (Err(refusal), Some(share)) => return empty.valued(share).refused(*refusal),
            (Err(refusal), None) => return empty.refused(*refusal),
        };
        let estimate = empty.valued(share(centre(fit)));
        match interval(fit, level) {
            Err(refusal) => estimate.refused(refusal),
            Ok((low, high)) if low == high => estimate.refused(Refusal::NoVariation),
            Ok((low, high)) => estimate.between(share(low), share(high), level),
        }
    };
    let method = match tau2 {
        Tau2::DerSimonianLaird => Method::RandomEffectsDl,
        Tau2::Reml => Method::RandomEffectsReml,
        Tau2::PauleMandel => Method::RandomEffectsPm,
    };
    let empty = Estimate::empty(units, clusters, Method::QProfile);
    let between = match (&fit, &effects) {
        (Err(refusal), _) | (_, Err(refusal)) => empty.refused(*refusal),
        (Ok(fit), Ok(effects)) => match tau2_interval(effects, level) {
            Ok((low, high)) => empty.valued(fit.tau2).between(low, high, level),
            Err(refusal) => empty.valued(fit.tau2).refused(refusal),
        },
    };
    let number = |number: fn(&RandomEffects) -> f64| fit.as_ref().ok().map(number);
    RandomEffectsShare {
        clusters: units,
        without_trials: counts.iter().filter(|(_, n)| *n == 0).count() as u64,
        share: estimate(method, |fit| fit.mean, RandomEffects::interval),
        share_z: estimate(
            Method::RandomEffectsZ,
            |fit| fit.mean,
            RandomEffects::normal_interval,
        ),
        prediction: estimate(
            Method::Prediction,
            |fit| fit.mean,
            RandomEffects::prediction,
        ),
        equal_effects: estimate(
            Method::EqualEffects,
            |fit| fit.equal_mean,
            RandomEffects::equal_interval,
        ),
        tau2: between,
        q: number(|fit| fit.q),
        q_p: number(|fit| fit.q_p),
        i2: number(|fit| fit.i2),
        h2: number(|fit| fit.h2),
    }
}

type Interval = fn(&RandomEffects, f64) -> Result<(f64, f64), Refusal>;

/// The share that has this logit.
fn share(logit: f64) -> f64 {
    1.0 / (1.0 + exp(-logit))
}
