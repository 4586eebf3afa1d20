//! Effects: what each unit says, on a logarithmic scale, with its sampling variance.

use super::super::Refusal;
use libm::log;

/// The effect seen in one unit, and its variance from counting alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The effect, for example a logit.
    pub y: f64,
    /// Its sampling variance, above 0.
    pub v: f64,
}

/// The logit of the share of each unit, `ln(k / (n - k))`, with variance `1/k + 1/(n - k)`.
///
/// Where `k` is 0 or `n`, and only there, one half is added to `k` and to `n - k` (Haldane 1956;
/// `escalc(measure = "PLO")` of R's metafor). Units without trials are left out. Refuses a part
/// larger than its whole, and counts beyond 2^53.
pub fn logit_effects(counts: &[(u64, u64)]) -> Result<Vec<Effect>, Refusal> {
    let mut effects = Vec::with_capacity(counts.len());
    for &(k, n) in counts {
        let (yes, no) = split(k, n)?;
        if n == 0 {
            continue;
        }
        let half = if yes == 0.0 || no == 0.0 { 0.5 } else { 0.0 };
        let (yes, no) = (yes + half, no + half);
        // A difference of logarithms, not the logarithm of a ratio: swapping the outcome then
        // changes the sign and nothing else.
        effects.push(Effect {
            y: log(yes) - log(no),
            v: 1.0 / yes + 1.0 / no,
        });
    }
    Ok(effects)
}

/// `(k, n)` of one unit.
type Counts = (u64, u64);

/// The logarithm of the ratio of two shares, first over second, for each pair of `(k, n)`, with
/// variance `1/k - 1/n` of both added (Katz et al. 1978).
///
/// In a pair where a count of the outcome, or of its absence, is 0, one half is added to all four
/// (`escalc(measure = "RR")` of R's metafor). Pairs without trials on a side are left out. Refuses
/// as [`logit_effects`] does.
pub fn log_ratio_effects(pairs: &[(Counts, Counts)]) -> Result<Vec<Effect>, Refusal> {
    let mut effects = Vec::with_capacity(pairs.len());
    for &((k1, n1), (k2, n2)) in pairs {
        let ((yes1, no1), (yes2, no2)) = (split(k1, n1)?, split(k2, n2)?);
        if n1 == 0 || n2 == 0 {
            continue;
        }
        let half = if [yes1, no1, yes2, no2].contains(&0.0) {
            0.5
        } else {
            0.0
        };
        let side = |yes: f64, no: f64| {
            let (k, n) = (yes + half, yes + no + 2.0 * half);
            // 1/k - 1/n without the cancellation.
            (log(k) - log(n), (no + half) / (k * n))
        };
        let ((log1, v1), (log2, v2)) = (side(yes1, no1), side(yes2, no2));
        effects.push(Effect {
            y: log1 - log2,
            v: v1 + v2,
        });
    }
    Ok(effects)
}

/// `k` and `n - k`, if a float holds both exactly.
fn split(k: u64, n: u64) -> Result<(f64, f64), Refusal> {
    let no = n.checked_sub(k).ok_or(Refusal::CountExceedsTrials)?;
    if n > 1 << f64::MANTISSA_DIGITS {
        return Err(Refusal::TooLarge);
    }
    Ok((k as f64, no as f64))
}
