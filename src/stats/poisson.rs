//! Rates of events.

use super::exact_tests::binomial_test;
use super::special::{Tail, beta_quantile, gamma_quantile};
use super::{EXACT, Estimate, Method, Refusal, Units, tail};

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

/// The rate of the first group over that of the second, from `(events, exposure)` of each, with
/// exact interval and two-sided p-value. Given the events of both, how many fell to the first is
/// binomial: its Clopper-Pearson interval gives that of the ratio. This is `poisson.test` of R with
/// two samples.
///
/// `n` counts the events of both groups. Without an event in the first group, ratio and lower end
/// are exactly 0. Without one in the second, only the lower end and p are given. Refuses without
/// exposure, and without any event; interval only, a level outside 0 to 1 and events far beyond
/// 10^12. A p-value too small for a float is 0.
pub fn poisson_ratio(first: (u64, u64), second: (u64, u64), level: f64) -> Estimate {
    let ((k1, e1), (k2, e2)) = (first, second);
    let n = k1.saturating_add(k2);
    let empty = Estimate::empty(n, Units::Events, Method::PoissonRatioExact);
    if e1 == 0 || e2 == 0 {
        return empty.refused(Refusal::NoExposure);
    }
    if n == 0 {
        return empty.refused(Refusal::NoEvents);
    }
    if n > EXACT {
        return empty.refused(Refusal::TooLarge);
    }
    let product = |events: u64, exposure: u64| (u128::from(events) * u128::from(exposure)) as f64;
    let both = e1 as f64 + e2 as f64;
    // Asked of the group with the smaller share, so that the other share loses no digits.
    let p = if e1 < e2 {
        binomial_test(k1, n, e1 as f64 / both)
    } else {
        binomial_test(k2, n, e2 as f64 / both)
    };
    let estimate = Estimate {
        p,
        ..empty.valued(product(k1, e2) / product(k2, e1))
    };
    let scale = e2 as f64 / e1 as f64;
    let (a, b) = (k1 as f64, k2 as f64);
    let limits = |tail: f64| {
        let low = match k1 {
            0 => Some(0.0),
            _ => odds(a, b + 1.0, Tail::Lower(tail), Tail::Upper(tail)),
        };
        let high = match k2 {
            0 => Some(f64::INFINITY),
            _ => odds(a + 1.0, b, Tail::Upper(tail), Tail::Lower(tail)),
        };
        let (low, high) = low.zip(high).ok_or(Refusal::TooLarge)?;
        Ok((low * scale, high * scale))
    };
    match tail(level).and_then(limits) {
        Ok((low, _)) if k2 == 0 => Estimate {
            low: Some(low),
            level: Some(level),
            ..estimate.refused(Refusal::NoEventsToCompare)
        },
        interval => estimate.within(interval, level),
    }
}

/// A beta quantile over its complement, which is a quantile itself: one minus the other would lose
/// the digits of a small one.
fn odds(a: f64, b: f64, tail: Tail, mirrored: Tail) -> Option<f64> {
    Some(beta_quantile(a, b, tail)? / beta_quantile(b, a, mirrored)?)
}
