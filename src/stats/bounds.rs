//! What unknown values could hide, and counts that are known as ranges.
//!
//! Ranges are carried through every step: a bound of a share is a share at the ends of its counts,
//! a bound of a mean is the mean of bounds. No step takes a midpoint.

use super::describe::moments;
use super::{EXACT, Estimate, Method, Refusal, Units};
use serde::Serialize;

/// A count of which only a range is known: a masked cell `<5` is 0 to 4, a published range has
/// both ends, or no upper one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CountRange {
    /// The count is at least this.
    pub low: u64,
    /// The count is at most this; absent where nothing bounds it from above.
    pub high: Option<u64>,
}

impl CountRange {
    /// A count that is known.
    pub fn exact(count: u64) -> Self {
        CountRange {
            low: count,
            high: Some(count),
        }
    }

    /// The count, where the range leaves one.
    fn known(self) -> Option<u64> {
        self.high.filter(|high| *high == self.low)
    }

    /// The range of the sum of two counts, if both ranges hold one and a float its ends exactly.
    fn plus(self, other: CountRange) -> Result<CountRange, Refusal> {
        let inverted = |range: CountRange| range.high.is_some_and(|high| high < range.low);
        if inverted(self) || inverted(other) {
            return Err(Refusal::RangeInverted);
        }
        let add = |a: u64, b: u64| {
            let sum = a.checked_add(b).filter(|sum| *sum <= EXACT);
            sum.ok_or(Refusal::TooLarge)
        };
        let high = self.high.zip(other.high).map(|(a, b)| add(a, b));
        Ok(CountRange {
            low: add(self.low, other.low)?,
            high: high.transpose()?,
        })
    }
}

/// What is known of the counts of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RangedCounts {
    /// Those of the outcome.
    pub outcome: CountRange,
    /// Those of the other side.
    pub other: CountRange,
    /// Those that may be of either.
    pub unknown: CountRange,
}

/// What the counts of one unit allow.
struct Allowed {
    low: f64,
    high: f64,
    /// Whether the unit may have no counts and so no share.
    may_be_empty: bool,
    /// The share among the known, where their counts are exact and not all 0.
    value: Option<f64>,
}

impl RangedCounts {
    /// The smallest and the largest share that the ranges allow, `None` when all counts are 0.
    fn allowed(self) -> Result<Option<Allowed>, Refusal> {
        let all = self.outcome.plus(self.other)?.plus(self.unknown)?;
        if all.high == Some(0) {
            return Ok(None);
        }
        let with_unknown = |range: CountRange| range.plus(self.unknown).map(|sum| sum.high);
        let most_other = with_unknown(self.other)?;
        let most_outcome = with_unknown(self.outcome)?;
        Ok(Some(Allowed {
            // Without an upper end the other side may outgrow any outcome.
            low: match most_other {
                Some(0) => 1.0,
                Some(other) => share(self.outcome.low, other),
                None => 0.0,
            },
            high: match most_outcome {
                Some(0) => 0.0,
                Some(outcome) => share(outcome, self.other.low),
                None => 1.0,
            },
            may_be_empty: all.low == 0,
            value: match (self.outcome.known(), self.other.known()) {
                (Some(outcome), Some(other)) if outcome + other > 0 => Some(share(outcome, other)),
                _ => None,
            },
        }))
    }

    /// Whether outcome and other side are known exactly.
    fn is_exact(self) -> bool {
        self.outcome.known().is_some() && self.other.known().is_some()
    }
}

/// Why there is no share among the known.
fn missing(exact: bool) -> Refusal {
    match exact {
        true => Refusal::NoTrials,
        false => Refusal::OnlyRanges,
    }
}

/// `outcome` over both, which are not both 0 and whose sum was seen to be small enough.
fn share(outcome: u64, other: u64) -> f64 {
    outcome as f64 / (outcome + other) as f64
}

/// The share of `outcome` among the known, `outcome / (outcome + other)`, with the bounds that
/// `unknown` allow: none of them is of the outcome, or all are (Manski 1989).
///
/// `low` and `high` are certain bounds for all that was counted, so `level` is absent. `n` counts
/// the known. Where all are unknown the value is refused and the bounds are 0 and 1.
pub fn worst_case_bounds(outcome: u64, other: u64, unknown: u64, units: Units) -> Estimate {
    let [outcome, other, unknown] = [outcome, other, unknown].map(CountRange::exact);
    let counts = RangedCounts {
        outcome,
        other,
        unknown,
    };
    Estimate {
        method: Method::WorstCaseBounds,
        ..share_bounds(counts, units)
    }
}

/// The smallest and the largest share of the outcome that the ranges allow (Manski 2003), certain
/// bounds without a level. The value is the share among the known, and refused unless these counts
/// are exact. `n` counts the known, at least, in `units`.
pub fn share_bounds(counts: RangedCounts, units: Units) -> Estimate {
    let n = counts.outcome.low.saturating_add(counts.other.low);
    let empty = Estimate {
        k: counts.outcome.known(),
        ..Estimate::empty(n, units, Method::RangeBounds)
    };
    match counts.allowed() {
        Err(refusal) => empty.refused(refusal),
        Ok(None) => empty.refused(Refusal::NoTrials),
        Ok(Some(allowed)) => bounded(
            empty,
            (allowed.low, allowed.high),
            allowed.value.ok_or(missing(counts.is_exact())),
        ),
    }
}

/// [`share_bounds`] of all units pooled: the ranges of the units' counts are added first.
pub fn pooled_bounds(counts: &[RangedCounts], units: Units) -> Estimate {
    let none = CountRange::exact(0);
    let nothing = RangedCounts {
        outcome: none,
        other: none,
        unknown: none,
    };
    let sum = counts.iter().try_fold(nothing, |sum, unit| {
        Ok(RangedCounts {
            outcome: sum.outcome.plus(unit.outcome)?,
            other: sum.other.plus(unit.other)?,
            unknown: sum.unknown.plus(unit.unknown)?,
        })
    });
    match sum {
        Ok(sum) => share_bounds(sum, units),
        Err(refusal) => Estimate::empty(0, units, Method::RangeBounds).refused(refusal),
    }
}

/// The smallest and the largest mean of the units' shares that the ranges allow. The value is the
/// mean of the shares among the known, over the units that have any, and refused unless all these
/// counts are exact. `n` counts the units that may have a share; they are `clusters`.
pub fn mean_bounds(counts: &[RangedCounts], clusters: Units) -> Estimate {
    let empty = |n| Estimate::empty(n, clusters, Method::RangeBounds);
    let mut units = Vec::new();
    for unit in counts {
        match unit.allowed() {
            Err(refusal) => return empty(0).refused(refusal),
            Ok(allowed) => units.extend(allowed),
        }
    }
    let mean = |mut shares: Vec<f64>| {
        shares.sort_unstable_by(f64::total_cmp);
        moments(&shares).map(|(mean, _)| mean)
    };
    // A unit that may have no share counts where it draws the mean outward; only 0 and 1 can be
    // its bounds, and if there is no other unit it must have its share.
    let outermost = |bound: fn(&Allowed) -> f64, end: f64| {
        let counting = units.iter().filter(|u| !u.may_be_empty || bound(u) == end);
        mean(counting.map(bound).collect()).or(mean(units.iter().map(bound).collect()))
    };
    let empty = empty(units.len() as u64);
    match (outermost(|u| u.low, 0.0), outermost(|u| u.high, 1.0)) {
        (Some(low), Some(high)) => {
            let exact = counts.iter().all(|unit| unit.is_exact());
            let known = units.iter().filter_map(|u| u.value).collect();
            let value = Some(known).filter(|_| exact).and_then(mean);
            bounded(empty, (low, high), value.ok_or(missing(exact)))
        }
        _ => empty.refused(Refusal::NoUnits),
    }
}

/// The smallest and the largest difference between the means of two groups, first minus second,
/// that the ranges allow; each group as in [`mean_bounds`], `n` counts the units of both.
pub fn difference_bounds(
    first: &[RangedCounts],
    second: &[RangedCounts],
    clusters: Units,
) -> Estimate {
    let (a, b) = (mean_bounds(first, clusters), mean_bounds(second, clusters));
    let empty = Estimate::empty(a.n + b.n, clusters, Method::RangeBounds);
    let refusal = a.refusal.or(b.refusal).unwrap_or(Refusal::NoUnits);
    match (a.low.zip(a.high), b.low.zip(b.high)) {
        (Some((low_a, high_a)), Some((low_b, high_b))) => {
            let value = a.value.zip(b.value).map(|(a, b)| a - b);
            let bounds = (low_a - high_b, high_a - low_b);
            bounded(empty, bounds, value.ok_or(refusal))
        }
        _ => empty.refused(refusal),
    }
}

/// An estimate with certain bounds, which have no level.
fn bounded(empty: Estimate, (low, high): (f64, f64), value: Result<f64, Refusal>) -> Estimate {
    let bounds = Estimate {
        low: Some(low),
        high: Some(high),
        ..empty
    };
    match value {
        Ok(value) => bounds.valued(value),
        Err(refusal) => bounds.refused(refusal),
    }
}
