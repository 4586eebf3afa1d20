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
        Some((low, high))
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
    let value = k as f64 / n as f64;
    let estimate = empty.valued(value);
    match tail(level).map(interval) {
        Err(refusal) => estimate.refused(refusal),
        Ok(None) => estimate.refused(Refusal::TooLarge),
        Ok(Some((low, high))) => {
            // Rounding must neither push the estimate out of its interval nor blur the exact end.
            let high = if k == n { 1.0 } else { high.clamp(value, 1.0) };
            estimate.between(low.min(value), high, level)
        }
    }
}
