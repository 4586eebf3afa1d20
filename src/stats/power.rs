//! Before a test: how many units it needs. After it: what it could have found.

use super::special::{Tail, normal, normal_quantile, student_t_quantile};
use super::tail;
use libm::{exp, expm1, log};
use std::f64::consts::{PI, SQRT_2};

/// More units than this in an arm are not looked for.
const MAX_ADS: u64 = 1 << 30;

/// Trials in each of two arms so that the test of equal shares finds the difference between
/// `first` and `second` with this `power`, where all trials are independent: `power.prop.test` of
/// R (Fleiss, Levin and Paik 2003, chapter 4), two-sided at `1 - level`. Not rounded up.
///
/// `None` where the shares are equal or outside 0 to 1, and where power and level are not between
/// 0 and 1 or ask for less than no trial.
pub fn two_shares_sample_size(first: f64, second: f64, power: f64, level: f64) -> Option<f64> {
    let within = |share: f64| (0.0..=1.0).contains(&share);
    if !within(first) || !within(second) || first == second {
        return None;
    }
    let z_level = normal_quantile(Tail::Upper(tail(level).ok()?))?;
    let z_power = normal_quantile(Tail::Lower(power))?;
    let sum = first + second;
    let alike = (sum * (1.0 - sum / 2.0)).sqrt();
    let apart = (first * (1.0 - first) + second * (1.0 - second)).sqrt();
    let root = (z_level * alike + z_power * apart) / (first - second).abs();
    Some(root * root).filter(|n| root > 0.0 && n.is_finite())
}

/// Ads in each of two arms so that Welch's test of the mean share of an ad finds the difference
/// between `first_share` and `second_share` with this `power`.
///
/// The true share of an ad has the arm's share as its mean, and its logit is normally distributed
/// between the ads of an arm with standard deviation `between`; each ad has `impressions`
/// independent impressions. The test is two-sided at `1 - level`.
///
/// `None` for shares that are equal or not between 0 and 1, a `between` below 0 or above 10, no
/// impressions, a power or level not between 0 and 1, and where more than 2^30 ads were needed.
pub fn ads_per_arm(
    first_share: f64,
    second_share: f64,
    between: f64,
    impressions: u64,
    power: f64,
    level: f64,
) -> Option<u64> {
    if first_share == second_share || !(power > 0.0 && power < 1.0) {
        return None;
    }
    let arms = [first_share, second_share].map(|share| deviation(share, between, impressions));
    let [Some(first), Some(second)] = arms else {
        return None;
    };
    let difference = first_share - second_share;
    let enough = |ads: u64| {
        let test = Welch::new((ads, first), (ads, second), level)?;
        Some(test.power(difference / test.error)? >= power)
    };
    // Power grows with the ads: double until enough, then halve the gap.
    let (mut few, mut many) = (1, 2);
    while !enough(many)? {
        (few, many) = (many, many * 2);
        if many > MAX_ADS {
            return None;
        }
    }
    while many - few > 1 {
        let middle = few + (many - few) / 2;
        if enough(middle)? {
            many = middle;
        } else {
            few = middle;
        }
    }
    Some(many)
}

/// Impressions in each arm when it runs the ads of [`ads_per_arm`].
pub fn impressions_per_arm(
    first_share: f64,
    second_share: f64,
    between: f64,
    impressions: u64,
    power: f64,
    level: f64,
) -> Option<u64> {
    ads_per_arm(
        first_share,
        second_share,
        between,
        impressions,
        power,
        level,
    )?
    .checked_mul(impressions)
}

/// Chance that Welch's test with `ads` in each of two arms finds a difference, in the design of
/// [`ads_per_arm`]; with equal shares it is `1 - level`.
///
/// Welch's degrees of freedom are taken as known. The test estimates them, which with four to seven
/// ads costs 0.02 to 0.025 of power (simulated).
///
/// `None` as there, and for less than two ads.
pub fn power_of(
    ads: u64,
    first_share: f64,
    second_share: f64,
    between: f64,
    impressions: u64,
    level: f64,
) -> Option<f64> {
    let first = deviation(first_share, between, impressions)?;
    let second = deviation(second_share, between, impressions)?;
    let test = Welch::new((ads, first), (ads, second), level)?;
    test.power((first_share - second_share) / test.error)
}

/// The smallest difference of mean shares that a finished test would have found with this `power`,
/// from its `ads` and the standard deviation of their observed shares in each arm.
///
/// `None` for less than two ads in an arm, deviations that are below 0 or both 0, a power or level
/// not between 0 and 1, a power below `1 - level` (any difference has that), and where a share so
/// far from `first_share` would be below 0 and above 1: the test could have found nothing.
pub fn detectable_difference(
    first_ads: u64,
    second_ads: u64,
    first_share: f64,
    deviations: (f64, f64),
    power: f64,
    level: f64,
) -> Option<f64> {
    let possible = power > 1.0 - level && power < 1.0;
    if !possible || !(0.0..=1.0).contains(&first_share) {
        return None;
    }
    let test = Welch::new((first_ads, deviations.0), (second_ads, deviations.1), level)?;
    let difference = test.shift(power)? * test.error;
    (difference <= first_share.max(1.0 - first_share)).then_some(difference)
}

/// The same where the interval is known already: from `half` its width and its degrees of freedom,
/// as for a difference within blocks.
pub fn detectable_within(half: f64, df: f64, power: f64, level: f64) -> Option<f64> {
    if !(half > 0.0 && df > 0.0 && power > 1.0 - level && power < 1.0) {
        return None;
    }
    let critical = student_t_quantile(Tail::Upper(tail(level).ok()?), df)?;
    let test = Welch {
        error: half / critical,
        df,
        critical,
    };
    let difference = test.shift(power)? * test.error;
    (difference <= 1.0).then_some(difference)
}

/// Welch's test of the difference of two means.
struct Welch {
    /// Standard error of the difference.
    error: f64,
    df: f64,
    /// The t beyond which a difference is found.
    critical: f64,
}

impl Welch {
    /// From `(units, standard deviation)` of both groups.
    fn new(first: (u64, f64), second: (u64, f64), level: f64) -> Option<Self> {
        let squared = |(units, deviation): (u64, f64)| {
            (units >= 2 && deviation >= 0.0).then(|| deviation * deviation / units as f64)
        };
        let (a, b) = (squared(first)?, squared(second)?);
        let sum = a + b;
        let degrees = |part: f64, units: u64| part / sum * (part / sum) / (units as f64 - 1.0);
        let df = 1.0 / (degrees(a, first.0) + degrees(b, second.0));
        if !(sum > 0.0 && sum.is_finite() && df.is_finite()) {
            return None;
        }
        Some(Welch {
            error: sum.sqrt(),
            df,
            critical: student_t_quantile(Tail::Upper(tail(level).ok()?), df)?,
        })
    }

    /// The difference, in standard errors, that is found with this power.
    fn shift(&self, power: f64) -> Option<f64> {
        let (mut low, mut high) = (0.0, 1.0);
        while self.power(high)? < power {
            (low, high) = (high, high * 2.0);
            if high * self.error > 2.0 {
                return None;
            }
        }
        // The bracket halves until it is one unit of the last place wide.
        loop {
            let middle = low + (high - low) / 2.0;
            if middle <= low || middle >= high {
                return Some(high);
            }
            if self.power(middle)? < power {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// Chance to find a difference of `shift` standard errors, in either direction.
    fn power(&self, shift: f64) -> Option<f64> {
        // t = (z + shift) / s, where z is normal and s^2 a chi-square over its df: mean over s of
        // the chance that z is beyond. The density of ln s is smooth and falls off fast on both
        // sides, so that equal steps give full precision (Goodwin 1949). It has its peak at 0 and
        // about the width 1 / sqrt(2 df), but falls as slowly as exp(df ln s) to the left.
        let width = 1.0 / (2.0 * self.df).sqrt();
        let density = |u: f64| exp(self.df * (u - expm1(2.0 * u) / 2.0));
        let (mut sum, mut all) = (0.0, 0.0);
        for step in -STEPS..=STEPS {
            let u = f64::from(step) * width / 8.0;
            let weight = density(u);
            let bound = self.critical * exp(u);
            sum += weight * (normal(bound - shift).upper + normal(-bound - shift).lower);
            all += weight;
        }
        Some(sum / all).filter(|power| power.is_finite())
    }
}

/// Steps on each side of the peak: the density is then below 1e-16 of it for one degree of freedom
/// and more.
const STEPS: i32 = 420;

/// Standard deviation of the observed share of an ad around the mean share of its arm.
fn deviation(share: f64, between: f64, impressions: u64) -> Option<f64> {
    if !(share > 0.0 && share < 1.0 && (0.0..=10.0).contains(&between) && impressions > 0) {
        return None;
    }
    // The mean over ads rises with the mean logit; it lies farther from 0 than the logit of the
    // mean does, by a factor below sqrt(1 + between^2).
    let logit = log(share) - log(1.0 - share);
    let (mut low, mut high) = (0.0, logit * (1.0 + between));
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        // Towards the far end while the mean share is still nearer to one half than wanted.
        let mean = over_ads(middle, between, |p| p);
        if (mean - 0.5).abs() < (share - 0.5).abs() {
            low = middle;
        } else {
            high = middle;
        }
    }
    let squares = over_ads(low, between, |p| (p - share) * (p - share));
    let within = over_ads(low, between, |p| p * (1.0 - p));
    Some((squares + within / impressions as f64).sqrt())
}

/// Mean of `f` of the share over ads whose logit is normally distributed, in equal steps of 1/16
/// standard deviation, which are as precise as a Gauss-Hermite rule (Goodwin 1949) and need no
/// table.
fn over_ads(mean: f64, deviation: f64, f: impl Fn(f64) -> f64) -> f64 {
    let terms = (-144..=144).map(|step| {
        let z = f64::from(step) / 16.0;
        let density = exp(-z * z / 2.0) / (SQRT_2 * PI.sqrt());
        density / 16.0 * f(1.0 / (1.0 + exp(-(mean + deviation * z))))
    });
    terms.sum()
}
