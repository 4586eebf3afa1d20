//! Time to an event when some are still waiting for it.

use super::special::{Tail, normal_quantile};
use super::{Estimate, Method, Refusal, Units, tail};
use libm::{exp, log};
use serde::Serialize;

/// The tolerance by which R's `survfit` takes a survival probability for one half: the square root
/// of the machine epsilon.
const HALF_TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// Times to an event, summarised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KaplanMeier {
    /// Median time in days; `k` counts events and `n` all that were observed.
    pub median: Estimate,
    /// Those whose event was seen.
    pub events: u64,
    /// Those who were still waiting when observation ended.
    pub censored: u64,
    /// Shortest time to a seen event, in days.
    pub shortest: Option<u64>,
    /// Longest time to a seen event, in days.
    pub longest: Option<u64>,
    /// Longest time for which anyone was observed, in days, event or not.
    pub longest_observed: Option<u64>,
    /// One step for each distinct time, ascending.
    pub curve: Vec<SurvivalStep>,
}

/// The estimated probability that the event comes later than `at`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SurvivalStep {
    /// Days.
    pub at: u64,
    /// Still waiting and observed just before.
    pub at_risk: u64,
    pub events: u64,
    pub censored: u64,
    pub survival: f64,
    /// Lower confidence limit; absent where `survival` is 0 or 1.
    pub low: Option<f64>,
    /// Upper confidence limit; absent where `survival` is 0 or 1.
    pub high: Option<f64>,
}

/// The product-limit estimate (Kaplan and Meier 1958) from `(days, event seen)` for each of
/// `units`: those whose event was not seen were observed for that many days without it, and at
/// equal times count as observed until just after the events.
///
/// Limits of the curve are log-log with Greenwood's variance; those of the median are where the
/// limits of the curve pass one half (Brookmeyer and Crowley 1982), as in R's `survfit` with
/// `conf.type = "log-log"`. The median is refused when the curve does not fall to one half; either
/// of its limits may be absent alone.
pub fn kaplan_meier(times: &[(u64, bool)], units: Units, level: f64) -> KaplanMeier {
    let mut times = times.to_vec();
    times.sort_unstable();
    let z = tail(level).map(|tail| normal_quantile(Tail::Upper(tail)));
    let curve = steps(&times, z.ok().flatten());
    let n = times.len() as u64;
    let events = times.iter().filter(|(_, event)| *event).count() as u64;
    let mut seen = times.iter().filter(|(_, event)| *event).map(|(at, _)| *at);
    let shortest = seen.next();

    let crossing = |limit: fn(&SurvivalStep) -> Option<f64>| {
        crosses_half(
            curve
                .iter()
                .filter_map(|step| Some((step.at, limit(step)?))),
        )
    };
    let empty = Estimate::empty(n, units, Method::KaplanMeier).of(events);
    let estimate = Estimate {
        value: crossing(|step| Some(step.survival)),
        low: crossing(|step| step.low),
        high: crossing(|step| step.high),
        ..empty
    };
    let refusal = match (&estimate, z) {
        _ if n == 0 => Some(Refusal::NoUnits),
        (Estimate { value: None, .. }, _) => Some(Refusal::MedianNotReached),
        (_, Err(refusal)) => Some(refusal),
        (
            Estimate {
                low: Some(_),
                high: Some(_),
                ..
            },
            _,
        ) => None,
        _ => Some(Refusal::MedianUnbounded),
    };
    KaplanMeier {
        median: Estimate {
            level: estimate.low.or(estimate.high).map(|_| level),
            refusal,
            ..estimate
        },
        events,
        censored: n - events,
        shortest,
        longest: seen.next_back().or(shortest),
        longest_observed: times.last().map(|(at, _)| *at),
        curve,
    }
}

/// The curve from times in ascending order; without limits when `z` is absent.
fn steps(times: &[(u64, bool)], z: Option<f64>) -> Vec<SurvivalStep> {
    let mut at_risk = times.len() as u64;
    let mut survival = 1.0;
    // Greenwood's variance of the logarithm of survival.
    let mut variance = 0.0;
    let mut curve = Vec::new();
    for group in times.chunk_by(|a, b| a.0 == b.0) {
        let events = group.iter().filter(|(_, event)| *event).count() as u64;
        let (leaving, waiting) = (group.len() as u64, (at_risk - events) as f64);
        survival *= waiting / at_risk as f64;
        variance += events as f64 / (at_risk as f64 * waiting);
        let limits = z.filter(|_| 0.0 < survival && survival < 1.0).map(|z| {
            let logarithm = log(survival);
            let spread = z * variance.sqrt() / -logarithm;
            (exp(logarithm * exp(spread)), exp(logarithm * exp(-spread)))
        });
        curve.push(SurvivalStep {
            at: group[0].0,
            at_risk,
            events,
            censored: leaving - events,
            survival,
            low: limits.map(|(low, _)| low),
            high: limits.map(|(_, high)| high),
        });
        at_risk -= leaving;
    }
    curve
}

/// The first time at which a falling curve is below one half; where it stays on one half for a
/// while, the middle of that while.
fn crosses_half(curve: impl Iterator<Item = (u64, f64)>) -> Option<f64> {
    let mut below = curve.skip_while(|(_, survival)| *survival >= 0.5 + HALF_TOLERANCE);
    let (at, survival) = below.next()?;
    let at = at as f64;
    if (survival - 0.5).abs() >= HALF_TOLERANCE {
        return Some(at);
    }
    match below.find(|(_, later)| *later < survival) {
        Some((next, _)) => Some((at + next as f64) / 2.0),
        None => Some(at),
    }
}
