//! The variance between units, tau2, of effects in groups that each have a mean of their own.

use super::super::Refusal;
use super::Effect;
use libm::log;

/// How the variance between units is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tau2 {
    /// By moments (DerSimonian and Laird 1986), without iteration.
    DerSimonianLaird,
    /// Restricted maximum likelihood.
    Reml,
    /// The root of the generalised Q statistic (Paule and Mandel 1982).
    PauleMandel,
}

/// REML and Paule-Mandel end where R's metafor ends: when a step of Fisher scoring changes tau2 by
/// no more than this, and when the root is bracketed this closely (the fourth root of the machine
/// epsilon). Whoever checks our numbers there finds the same digits. A search to the last digit
/// moved, over 100,000 simulated arms, no limit of a mean share by more than 0.04 percentage points
/// and none of a prediction by more than 0.13.
const SCORING_CHANGE: f64 = 1e-5;
const ROOT_WIDTH: f64 = 1.220_703_125e-4;

/// Steps after which scoring is tried anew with steps half as long, and how often that is done.
const SCORING_STEPS: u32 = 1000;
const SHORTENINGS: u32 = 8;

/// Steps after which the search for the root is given up, and the largest tau2 that it looks for.
const ROOT_STEPS: u32 = 100;
const MAX_TAU2: f64 = 100.0;

/// Effects in groups: one tau2 for all, a mean for each group.
pub(super) struct Model<const G: usize> {
    groups: [Vec<Effect>; G],
    units: usize,
}

/// One group, its units weighing `1 / (v + tau2)`.
#[derive(Clone, Copy)]
pub(super) struct Group {
    pub(super) mean: f64,
    /// Sum of the weights, the inverse of the squared standard error of the mean.
    pub(super) weight: f64,
    /// Weighted sum of squares around the mean.
    q: f64,
    /// The same with squared weights.
    q_squared: f64,
    /// Trace of the matrix P that takes the mean out of the effects, and that of its square.
    trace: f64,
    trace_squared: f64,
}

impl<const G: usize> Model<G> {
    /// Refuses a group without effects, effects that are no finite numbers, and variances that are
    /// not above 0 or so small that their inverse is no number.
    pub(super) fn new(mut groups: [Vec<Effect>; G]) -> Result<Self, Refusal> {
        let mut units = 0;
        for group in &mut groups {
            if group.is_empty() {
                return Err(Refusal::NoUnits);
            }
            if !group
                .iter()
                .all(|e| e.y.is_finite() && e.v.is_normal() && e.v > 0.0)
            {
                return Err(Refusal::NotFinite);
            }
            // Ascending, so that no sum depends on the order in which units came.
            group.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.v.total_cmp(&b.v)));
            units += group.len();
        }
        Ok(Model { groups, units })
    }

    pub(super) fn units(&self) -> u64 {
        self.units as u64
    }

    /// Whether a group consists of a single unit.
    pub(super) fn has_single(&self) -> bool {
        self.groups.iter().any(|group| group.len() == 1)
    }

    /// Units beyond one for each group.
    pub(super) fn df(&self) -> f64 {
        (self.units - G) as f64
    }

    pub(super) fn groups_at(&self, tau2: f64) -> [Group; G] {
        self.groups.each_ref().map(|effects| group(effects, tau2))
    }

    /// A quantity of the groups, added up.
    fn sum(&self, tau2: f64, quantity: impl Fn(&Group) -> f64) -> f64 {
        self.groups_at(tau2).iter().map(quantity).sum()
    }

    /// The generalised Q statistic: Cochran's Q at tau2 = 0.
    pub(super) fn q(&self, tau2: f64) -> f64 {
        self.sum(tau2, |group| group.q)
    }

    /// The trace of P where units weigh by their sampling variance alone.
    pub(super) fn trace(&self) -> f64 {
        self.sum(0.0, |group| group.trace)
    }

    /// Estimates tau2; needs more units than groups.
    pub(super) fn tau2(&self, method: Tau2) -> Result<f64, Refusal> {
        let tau2 = match method {
            Tau2::DerSimonianLaird => (self.q(0.0) - self.df()) / self.trace(),
            Tau2::Reml => self.reml()?,
            Tau2::PauleMandel => self.paule_mandel()?,
        };
        if tau2.is_finite() {
            Ok(tau2.max(0.0))
        } else {
            Err(Refusal::TooLarge)
        }
    }

    /// Fisher scoring (Viechtbauer 2005). Where full steps swing around the maximum without end,
    /// they are shortened: what metafor asks its user to do (`maxiter`, `stepadj`), as it stops with
    /// an error after 100 steps.
    fn reml(&self) -> Result<f64, Refusal> {
        let mut length = 1.0;
        for _ in 0..SHORTENINGS {
            if let Some(tau2) = self.scoring(length)? {
                return Ok(tau2);
            }
            length /= 2.0;
        }
        Err(Refusal::NotConverged)
    }

    /// Scoring with steps of this length from the estimate of Hedges (1983), halving steps that
    /// would pass 0; `None` where it does not settle.
    fn scoring(&self, length: f64) -> Result<Option<f64>, Refusal> {
        let mut tau2 = self.hedges().max(0.0);
        for _ in 0..SCORING_STEPS {
            let excess = self.sum(tau2, |group| group.q_squared - group.trace);
            let mut step = length * excess / self.sum(tau2, |group| group.trace_squared);
            if !step.is_finite() {
                return Err(Refusal::TooLarge);
            }
            while tau2 + step < 0.0 {
                step /= 2.0;
            }
            tau2 += step;
            if step.abs() <= SCORING_CHANGE {
                // A local maximum worse than no variance at all is no estimate.
                let likelier_without =
                    self.log_likelihood(0.0) - self.log_likelihood(tau2) > ROOT_WIDTH;
                let stuck = likelier_without && tau2 > SCORING_CHANGE;
                return Ok(Some(if stuck { 0.0 } else { tau2 }));
            }
        }
        Ok(None)
    }

    /// The moment estimate without weights, which may be below 0.
    fn hedges(&self) -> f64 {
        let excess = self.groups.iter().map(|effects| {
            let m = effects.len() as f64;
            let mean = effects.iter().map(|e| e.y).sum::<f64>() / m;
            let squares: f64 = effects.iter().map(|e| (e.y - mean) * (e.y - mean)).sum();
            let sampling: f64 = effects.iter().map(|e| e.v).sum();
            squares - sampling * (1.0 - 1.0 / m)
        });
        excess.sum::<f64>() / self.df()
    }

    /// The restricted log-likelihood, but for a constant.
    fn log_likelihood(&self, tau2: f64) -> f64 {
        let effects = self.groups.iter().flatten();
        let spread: f64 = effects.map(|e| log(e.v + tau2)).sum();
        -0.5 * (spread + self.sum(tau2, |group| log(group.weight) + group.q))
    }

    /// Where the generalised Q equals its expectation; 0 where Q is below that without variance.
    fn paule_mandel(&self) -> Result<f64, Refusal> {
        let excess = |tau2| self.q(tau2) - self.df();
        let (near, far) = (excess(0.0), excess(MAX_TAU2));
        if near < 0.0 {
            return Ok(0.0);
        }
        if far > 0.0 {
            return Err(Refusal::NotConverged);
        }
        root((0.0, near), (MAX_TAU2, far), ROOT_WIDTH, excess).ok_or(Refusal::NotConverged)
    }

    /// The variance at which the generalised Q, which falls as the variance grows, has this value;
    /// 0 where it is below that without variance.
    pub(super) fn variance_at(&self, q: f64) -> Result<f64, Refusal> {
        let excess = |tau2| self.q(tau2) - q;
        let (near, mut end) = (excess(0.0), 1.0);
        if near <= 0.0 {
            return Ok(0.0);
        }
        while excess(end) > 0.0 && end < f64::MAX / 2.0 {
            end *= 2.0;
        }
        root((0.0, near), (end, excess(end)), 0.0, excess).ok_or(Refusal::NotConverged)
    }
}

/// Sums over one group in ascending order.
fn group(effects: &[Effect], tau2: f64) -> Group {
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        effects.iter().map(|e| term(1.0 / (e.v + tau2), e.y)).sum()
    };
    let weight = sum(&|w, _| w);
    let mean = match (effects.first(), effects.last()) {
        // Equal effects are their own mean: a rounded sum must not make them vary.
        (Some(first), Some(last)) if first.y == last.y => first.y,
        _ => sum(&|w, y| w * y) / weight,
    };
    let (squares, cubes) = (sum(&|w, _| w * w), sum(&|w, _| w * w * w));
    let part = squares / weight;
    Group {
        mean,
        weight,
        q: sum(&|w, y| w * (y - mean) * (y - mean)),
        q_squared: sum(&|w, y| w * w * (y - mean) * (y - mean)),
        trace: weight - part,
        trace_squared: squares - 2.0 * (cubes / weight) + part * part,
    }
}

/// The root of `f` between two points `(x, f(x))` of opposite sign, bracketed to `within`, or to
/// the last digit: inverse quadratic interpolation inside a bracket (Brent 1973, chapter 4).
fn root(start: (f64, f64), end: (f64, f64), within: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    // `best` is the latest point, `last` the one before, and the root lies between best and other.
    let (mut last, mut best, mut other) = (start, end, start);
    if start.1 == 0.0 {
        return Some(start.0);
    }
    for _ in 0..=ROOT_STEPS {
        let moved = best.0 - last.0;
        if other.1.abs() < best.1.abs() {
            (last, best, other) = (best, other, best);
        }
        let least = 2.0 * f64::EPSILON * best.0.abs() + within / 2.0;
        let width = other.0 - best.0;
        if (width / 2.0).abs() <= least || best.1 == 0.0 {
            return Some(best.0);
        }
        let mut step = width / 2.0;
        if moved.abs() >= least && last.1.abs() > best.1.abs() {
            let ratio = best.1 / last.1;
            // The step is above / below: by a secant where there are only two points.
            let (above, below) = if last.0 == other.0 {
                (width * ratio, 1.0 - ratio)
            } else {
                let (q, r) = (last.1 / other.1, best.1 / other.1);
                (
                    ratio * (width * q * (q - r) - (best.0 - last.0) * (r - 1.0)),
                    (q - 1.0) * (r - 1.0) * (ratio - 1.0),
                )
            };
            let below = if above > 0.0 { -below } else { below };
            let above = above.abs();
            let inside = 0.75 * width * below - (least * below).abs() / 2.0;
            if above < inside && above < (moved * below / 2.0).abs() {
                step = above / below;
            }
        }
        if step.abs() < least {
            step = if step > 0.0 { least } else { -least };
        }
        last = best;
        best.0 += step;
        best.1 = f(best.0);
        if best.1 * other.1 > 0.0 {
            other = last;
        }
    }
    None
}
