//! The share of a binomial count, `k` of `n`.

use super::special::{Tail, beta_quantile, normal_quantile};
use super::{Estimate, Method, Refusal, Units, tail};

/// The share `k / n` with Wilson's score interval (Wilson 1927, without continuity correction).
///
/// `n` counts `units`. The lower end at `k = 0` is exactly 0, the upper end at `k = n` exactly 1.
/// Refuses without trials, when `k > n`, and (interval only) when `level` is not between 0 and 1.
pub fn wilson(k: u64, n: u64, units: Units, level: f64) -> Estimate {
    share(k, n, units, Method::Wilson, level, |tail| {
        let z = normal_quantile(Tail::Upper(tail))?;
        let (successes, failures, trials) = (k as f64, (n - k) as f64, n as f64);
        let scale = trials + z * z;
        let spread = z * (z * z + 4.0 * successes * (failures / trials)).sqrt();
        // The far end is a sum; the near end follows from the product of the two roots,
        // because subtracting would lose digits.
        let high = (2.0 * successes + z * z + spread) / (2.0 * scale);
        let low = successes * (successes / trials) / (scale * high);
        Some(holding(k, n, low, high))
    })
}

/// The share `k / n` with the exact interval of Clopper and Pearson (1934): beta quantiles.
///
/// Refuses as [`wilson`] does, and (interval only) counts far beyond 10^15.
pub fn clopper_pearson(k: u64, n: u64, units: Units, level: f64) -> Estimate {
    share(k, n, units, Method::ClopperPearson, level, |tail| {
        let (successes, failures) = (k as f64, (n - k) as f64);
        let low = match k {
            0 => 0.0,
            _ => beta_quantile(successes, failures + 1.0, Tail::Lower(tail))?,
        };
        let high = match n - k {
            0 => 1.0,
            _ => beta_quantile(successes + 1.0, failures, Tail::Upper(tail))?,
        };
        Some(holding(k, n, low, high))
    })
}

/// The share `k / n` with the adjusted interval of Agresti and Coull (1998), cut to 0..1: the
/// normal interval around the middle of Wilson's. Refuses as [`wilson`] does.
pub fn agresti_coull(k: u64, n: u64, units: Units, level: f64) -> Estimate {
    share(k, n, units, Method::AgrestiCoull, level, |tail| {
        let z = normal_quantile(Tail::Upper(tail))?;
        let trials = n as f64 + z * z;
        let successes = k as f64 + z * z / 2.0;
        let failures = (n - k) as f64 + z * z / 2.0;
        let middle = successes / trials;
        let half = z * (middle * (failures / trials) / trials).sqrt();
        Some(holding(k, n, (middle - half).max(0.0), middle + half))
    })
}

/// The share `k / n` with the equal-tailed Bayesian interval of Jeffreys' prior (Brown, Cai and
/// DasGupta 2001, without their change at the edges): beta quantiles.
///
/// At `k = 0` and `k = n` the interval does not reach the share that was counted. Refuses as
/// [`clopper_pearson`] does.
pub fn jeffreys(k: u64, n: u64, units: Units, level: f64) -> Estimate {
    share(k, n, units, Method::Jeffreys, level, |tail| {
        let (successes, failures) = (k as f64 + 0.5, (n - k) as f64 + 0.5);
        let low = beta_quantile(successes, failures, Tail::Lower(tail))?;
        let high = beta_quantile(successes, failures, Tail::Upper(tail))?;
        Some((low, high))
    })
}

/// The part `k / n` of a whole that was counted completely: no interval is claimed.
///
/// Refuses without a whole, and when `k > n`.
pub fn ratio(k: u64, n: u64, units: Units) -> Estimate {
    let empty = Estimate::empty(n, units, Method::Ratio).of(k);
    match n {
        0 => empty.refused(Refusal::NoTrials),
        _ if k > n => empty.refused(Refusal::CountExceedsTrials),
        _ => empty.valued(k as f64 / n as f64),
    }
}

fn share(
    k: u64,
    n: u64,
    units: Units,
    method: Method,
    level: f64,
    interval: impl FnOnce(f64) -> Option<(f64, f64)>,
) -> Estimate {
    let empty = Estimate::empty(n, units, method).of(k);
    if n == 0 {
        return empty.refused(Refusal::NoTrials);
    }
    if k > n {
        return empty.refused(Refusal::CountExceedsTrials);
    }
    let estimate = empty.valued(k as f64 / n as f64);
    match tail(level).map(interval) {
        Err(refusal) => estimate.refused(refusal),
        Ok(None) => estimate.refused(Refusal::TooLarge),
        Ok(Some((low, high))) => estimate.between(low, high, level),
    }
}

/// Rounding must neither push the share out of its interval nor blur the exact end.
fn holding(k: u64, n: u64, low: f64, high: f64) -> (f64, f64) {
    let value = k as f64 / n as f64;
    let high = if k == n { 1.0 } else { high.clamp(value, 1.0) };
    (low.min(value), high)
}
