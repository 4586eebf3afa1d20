//! What unknown values could hide.

use super::{Estimate, Method, Refusal, Units};

/// The share of `outcome` among the known, `outcome / (outcome + other)`, with the bounds that
/// `unknown` allow: none of them is of the outcome, or all are (Manski 1989).
///
/// `low` and `high` are certain bounds for all that was counted, so `level` is absent. `n` counts
/// the known. Where all are unknown the value is refused and the bounds are 0 and 1.
pub fn worst_case_bounds(outcome: u64, other: u64, unknown: u64, units: Units) -> Estimate {
    let refused = |n| Estimate::empty(n, units, Method::WorstCaseBounds).of(outcome);
    let Some(known) = outcome.checked_add(other) else {
        return refused(u64::MAX).refused(Refusal::TooLarge);
    };
    let Some(all) = known.checked_add(unknown) else {
        return refused(known).refused(Refusal::TooLarge);
    };
    if all == 0 {
        return refused(0).refused(Refusal::NoTrials);
    }
    let bounds = Estimate {
        low: Some(outcome as f64 / all as f64),
        high: Some((outcome + unknown) as f64 / all as f64),
        ..refused(known)
    };
    match known {
        0 => bounds.refused(Refusal::NoTrials),
        _ => bounds.valued(outcome as f64 / known as f64),
    }
}
