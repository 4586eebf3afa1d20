//! Rates of events.

use super::special::{Tail, gamma_quantile};
use super::{Estimate, Method, Refusal, Units, tail};

/// The rate of `events` for each `per` units of `exposure`, with the exact interval of Garwood
/// (1936). For contacts per 1,000 impressions: `poisson_rate(contacts, impressions,
/// Units::Impressions, 1000, 0.95)`.
///
/// `k` of the estimate is the number of events and `n` the exposure, which counts `units`. With no
/// event the lower end is exactly 0 and the upper end stays informative. Refuses without
/// exposure, and (interval only) counts of events far beyond 10^9.
pub fn poisson_rate(events: u64, exposure: u64, units: Units, per: u64, level: f64) -> Estimate {
    let empty = Estimate::empty(exposure, units, Method::PoissonExact).of(events);
    if exposure == 0 {
        return empty.refused(Refusal::NoExposure);
    }
    let count = events as f64;
    let scale = |mean: f64| mean * per as f64 / exposure as f64;
    let estimate = empty.valued(scale(count));
    let limits = |tail: f64| {
        let low = match events {
            0 => 0.0,
            _ => gamma_quantile(count, Tail::Lower(tail))?,
        };
        Some((low, gamma_quantile(count + 1.0, Tail::Upper(tail))?))
    };
    match tail(level).map(limits) {
        Err(refusal) => estimate.refused(refusal),
        Ok(None) => estimate.refused(Refusal::TooLarge),
        Ok(Some((low, high))) => estimate.between(scale(low), scale(high), level),
    }
}
