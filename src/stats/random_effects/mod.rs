//! Random-effects models: units differ, and each is seen with an error of its own.

pub(super) mod contrast;
mod effects;
mod share;
mod tau2;

pub use contrast::{RandomEffectsContrast, random_effects_contrast};
pub use effects::{Effect, log_ratio_effects, logit_effects};
pub use share::{RandomEffectsShare, random_effects_share};
pub use tau2::Tau2;

use super::special::{Tail, chi_square_quantile, gamma_tails, normal_quantile, student_t_quantile};
use super::{Refusal, tail};
use serde::Serialize;
use tau2::Model;

/// The random-effects model of the effects of two units and more, on the scale of the effects.
/// The numbers are those of `rma` of R's metafor 3.8.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RandomEffects {
    /// How many effects.
    pub units: u64,
    /// The mean of the effects that units could have.
    pub mean: f64,
    /// Its standard error by Hartung and Knapp (2001), Sidik and Jonkman (2002).
    pub error: f64,
    /// Its standard error if tau2 were known.
    pub plain_error: f64,
    /// Variance of the effects between units.
    pub tau2: f64,
    /// Cochran's Q (1954): large where units differ by more than their sampling error.
    pub q: f64,
    /// Chance of a Q at least as large if units did not differ.
    pub q_p: f64,
    /// Part of the variation that lies between units, 0 to 1, by tau2 and the typical sampling
    /// variance (Higgins and Thompson 2002).
    pub i2: f64,
    /// The whole variation over the typical sampling variance, 1 and above.
    pub h2: f64,
    /// The mean if units did not differ: each weighs by its sampling variance alone.
    pub equal_mean: f64,
    /// The standard error of `equal_mean`.
    pub equal_error: f64,
}

/// Fits the random-effects model (DerSimonian and Laird 1986); the order of effects does not
/// matter.
///
/// Refuses less than two effects, effects that are no finite numbers, variances that are not above
/// 0, and a search for tau2 that does not end.
pub fn random_effects(effects: &[Effect], tau2: Tau2) -> Result<RandomEffects, Refusal> {
    let model = Model::new([effects.to_vec()])?;
    if model.has_single() {
        return Err(Refusal::OneUnit);
    }
    let df = model.df();
    let tau2 = model.tau2(tau2)?;
    let ([equal], [group]) = (model.groups_at(0.0), model.groups_at(tau2));
    let q = model.q(0.0);
    let q_p = gamma_tails(df / 2.0, q / 2.0)
        .ok_or(Refusal::TooLarge)?
        .upper;
    let typical = df / model.trace();
    let fit = RandomEffects {
        units: model.units(),
        mean: group.mean,
        error: (model.q(tau2) / df / group.weight).sqrt(),
        plain_error: (1.0 / group.weight).sqrt(),
        tau2,
        q,
        q_p,
        i2: tau2 / (typical + tau2),
        h2: tau2 / typical + 1.0,
        equal_mean: equal.mean,
        equal_error: (1.0 / equal.weight).sqrt(),
    };
    let numbers = [fit.mean, fit.error, fit.plain_error, fit.i2, fit.h2, q];
    let others = [fit.equal_mean, fit.equal_error, q_p];
    if numbers
        .iter()
        .chain(&others)
        .all(|number| number.is_finite())
    {
        Ok(fit)
    } else {
        Err(Refusal::TooLarge)
    }
}

/// The interval of tau2: the variances at which the generalised Q would be no surprise (Viechtbauer
/// 2007), whichever way tau2 is estimated.
///
/// Refuses as [`random_effects`] does, and where Q is too small for any variance.
pub fn tau2_interval(effects: &[Effect], level: f64) -> Result<(f64, f64), Refusal> {
    let model = Model::new([effects.to_vec()])?;
    if model.has_single() {
        return Err(Refusal::OneUnit);
    }
    let tail = tail(level)?;
    let quantile = |tail| chi_square_quantile(tail, model.df()).ok_or(Refusal::TooLarge);
    let (large, small) = (quantile(Tail::Upper(tail))?, quantile(Tail::Lower(tail))?);
    if model.q(0.0) < small {
        return Err(Refusal::TooAlike);
    }
    Ok((model.variance_at(large)?, model.variance_at(small)?))
}

impl RandomEffects {
    /// The interval of the mean by Hartung and Knapp (2001): Student's t with one degree of
    /// freedom fewer than there are units. It has no width where all effects are equal.
    pub fn interval(&self, level: f64) -> Result<(f64, f64), Refusal> {
        Ok(around(self.mean, self.student(level)? * self.error))
    }

    /// The normal interval of the mean, as if tau2 were known: too narrow with few units.
    pub fn normal_interval(&self, level: f64) -> Result<(f64, f64), Refusal> {
        Ok(around(self.mean, normal(level)? * self.plain_error))
    }

    /// The normal interval of the mean if units did not differ.
    pub fn equal_interval(&self, level: f64) -> Result<(f64, f64), Refusal> {
        Ok(around(self.equal_mean, normal(level)? * self.equal_error))
    }

    /// Where the true effect of one more unit is expected: the variance between units added to
    /// that of the mean (Higgins, Thompson and Spiegelhalter 2009), with the error and the degrees
    /// of freedom of Hartung and Knapp (Partlett and Riley 2017).
    pub fn prediction(&self, level: f64) -> Result<(f64, f64), Refusal> {
        let error = (self.error * self.error + self.tau2).sqrt();
        Ok(around(self.mean, self.student(level)? * error))
    }

    fn student(&self, level: f64) -> Result<f64, Refusal> {
        let df = self.units as f64 - 1.0;
        student_t_quantile(Tail::Upper(tail(level)?), df).ok_or(Refusal::TooLarge)
    }
}

fn normal(level: f64) -> Result<f64, Refusal> {
    normal_quantile(Tail::Upper(tail(level)?)).ok_or(Refusal::TooLarge)
}

fn around(middle: f64, half: f64) -> (f64, f64) {
    (middle - half, middle + half)
}
