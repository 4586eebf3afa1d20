//! Distribution functions and their quantiles, from `libm` alone, to about 1e-13 relative.
//!
//! Both tails are computed, because a small tail taken as one minus the other would lose its
//! digits. Functions return `None` for arguments outside their domain, and where a series or
//! continued fraction would need too many terms: gamma shapes well beyond 1e9, beta shapes well
//! beyond 1e15.

use libm::{erfc, exp, lgamma, log, log1p};
use std::f64::consts::{PI, SQRT_2};

/// Terms after which a series or continued fraction is given up. Both need about the square root
/// of the shape.
const MAX_TERMS: u32 = 1_000_000;

/// Steps after which a quantile search ends; Newton needs about ten, halving at most this many.
const MAX_STEPS: u32 = 200;

/// A probability below, or above, a quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tail {
    Lower(f64),
    Upper(f64),
}

impl Tail {
    /// The probability, if it lies strictly between 0 and 1.
    fn probability(self) -> Option<f64> {
        let (Tail::Lower(p) | Tail::Upper(p)) = self;
        (p > 0.0 && p < 1.0).then_some(p)
    }
}

/// The probabilities below and above a point; their sum is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    pub lower: f64,
    pub upper: f64,
}

/// The standard normal distribution at `z`.
pub fn normal(z: f64) -> Tails {
    Tails {
        lower: erfc(-z / SQRT_2) / 2.0,
        upper: erfc(z / SQRT_2) / 2.0,
    }
}

/// The quantile of the standard normal distribution: rational start (Abramowitz and Stegun 1964,
/// 26.2.23), then Halley steps on the tail itself.
pub fn normal_quantile(tail: Tail) -> Option<f64> {
    let p = tail.probability()?;
    // Work in the upper tail with z >= 0, where erfc keeps its relative accuracy.
    let small = p.min(1.0 - p);
    let t = (-2.0 * log(small)).sqrt();
    let mut z = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..4 {
        let density = exp(-z * z / 2.0) / (2.0 * PI).sqrt();
        let newton = (normal(z).upper - small) / density;
        z += newton / (1.0 - z * newton / 2.0);
    }
    let upper = matches!(tail, Tail::Upper(_)) == (p <= 0.5);
    Some(if upper { z } else { -z })
}

/// Student's t distribution: the probability of a value at least as far from 0 as `t`, on both
/// sides, with `df` degrees of freedom.
pub fn student_t_two_sided(t: f64, df: f64) -> Option<f64> {
    let squared = t * t;
    let (x, y) = (squared / (df + squared), df / (df + squared));
    beta_tails(0.5, df / 2.0, x, y).map(|tails| tails.upper)
}

/// The quantile of Student's t with `df > 0` degrees of freedom (any real number, as Welch's
/// interval needs).
pub fn student_t_quantile(tail: Tail, df: f64) -> Option<f64> {
    let p = tail.probability()?;
    let outside = 2.0 * p.min(1.0 - p);
    if outside == 1.0 {
        return (df > 0.0).then_some(0.0);
    }
    // t^2 / (df + t^2) is beta distributed; of it and its complement, solve for the smaller.
    let x = beta_quantile(0.5, df / 2.0, Tail::Upper(outside))?;
    let squared = if x < 0.5 {
        df * x / (1.0 - x)
    } else {
        let y = beta_quantile(df / 2.0, 0.5, Tail::Lower(outside))?;
        df * (1.0 - y) / y
    };
    let upper = matches!(tail, Tail::Upper(_)) == (p <= 0.5);
    let t = squared.sqrt();
    Some(if upper { t } else { -t }).filter(|t| t.is_finite())
}

/// The quantile of the chi-square distribution with `df > 0` degrees of freedom.
pub fn chi_square_quantile(tail: Tail, df: f64) -> Option<f64> {
    gamma_quantile(df / 2.0, tail).map(|x| 2.0 * x)
}

/// The gamma distribution of shape `a > 0` and scale 1 at `x >= 0`: the regularised incomplete
/// gamma functions P and Q (DLMF 8.11.4 and 8.9.2).
pub fn gamma_tails(a: f64, x: f64) -> Option<Tails> {
    if !(a > 0.0 && a.is_finite() && x >= 0.0) {
        return None;
    }
    if x == 0.0 || x == f64::INFINITY {
        let lower = if x == 0.0 { 0.0 } else { 1.0 };
        return Some(Tails {
            lower,
            upper: 1.0 - lower,
        });
    }
    let mass = poisson_mass(a, x);
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0, 1.0);
        for i in 1..MAX_TERMS {
            term *= x / (a + f64::from(i));
            sum += term;
            if term < sum * f64::EPSILON / 4.0 {
                let lower = (mass * sum).min(1.0);
                return Some(Tails {
                    lower,
                    upper: 1.0 - lower,
                });
            }
        }
        return None;
    }
    let fraction = continued_fraction(x + 1.0 - a, |i| (i * (a - i), x + 1.0 - a + 2.0 * i))?;
    let upper = (mass * a / fraction).min(1.0);
    Some(Tails {
        lower: 1.0 - upper,
        upper,
    })
}

/// The quantile of the gamma distribution of shape `a > 0` and scale 1.
pub fn gamma_quantile(a: f64, tail: Tail) -> Option<f64> {
    let point = |x: f64| Some((gamma_tails(a, x)?, poisson_mass(a, x) * a / x));
    solve(tail, f64::INFINITY, a, point)
}

/// The beta distribution with `a, b > 0` at `x`, whose complement is `y = 1 - x`: the regularised
/// incomplete beta function and its complement (DLMF 8.17.22). Both `x` and `y` are asked for so
/// that neither has to lose digits.
pub fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> Option<Tails> {
    if !(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite() && x >= 0.0 && y >= 0.0) {
        return None;
    }
    if x * (a + b + 2.0) > a + 1.0 {
        let mirrored = beta_lower(b, a, y, x)?;
        return Some(Tails {
            lower: 1.0 - mirrored,
            upper: mirrored,
        });
    }
    let lower = beta_lower(a, b, x, y)?;
    Some(Tails {
        lower,
        upper: 1.0 - lower,
    })
}

/// The lower beta tail where its continued fraction converges fast, `x < (a + 1) / (a + b + 2)`.
fn beta_lower(a: f64, b: f64, x: f64, y: f64) -> Option<f64> {
    if x == 0.0 {
        return Some(0.0);
    }
    // d(2m) of the reference and the negative of its d(2m + 1). Contracting each pair to one term
    // (the odd part of the fraction) halves the terms.
    let even = |m: f64| m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    let odd = |m: f64| (a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    let fraction = continued_fraction(1.0 - odd(0.0), |i| {
        (even(i) * odd(i - 1.0), 1.0 + even(i) - odd(i))
    })?;
    Some((binomial_mass(a, b, x, y) * b / (a + b) / fraction).min(1.0))
}

/// The quantile of the beta distribution with `a, b > 0`.
pub fn beta_quantile(a: f64, b: f64, tail: Tail) -> Option<f64> {
    let point = |x: f64| {
        let y = 1.0 - x;
        let density = binomial_mass(a, b, x, y) * a * b / (a + b) / (x * y);
        Some((beta_tails(a, b, x, y)?, density))
    };
    solve(tail, 1.0, a / (a + b), point)
}

/// The probability of `successes` and `failures` among that many independent trials that succeed
/// with probability `x` and fail with `y = 1 - x`.
pub fn binomial_probability(successes: f64, failures: f64, x: f64, y: f64) -> f64 {
    if failures == 0.0 && successes > 0.0 {
        return binomial_probability(failures, successes, y, x);
    }
    if successes > 0.0 {
        return binomial_mass(successes, failures, x, y);
    }
    if failures == 0.0 {
        return 1.0;
    }
    exp(failures * if x < y { log1p(-x) } else { log(y) })
}

/// Finds the positive `x < end` with the wanted tail: Newton's method on the logarithm of the
/// tail, which is nearly straight, kept inside a shrinking bracket.
///
/// `point` gives both tails and the density at `x`.
fn solve(
    tail: Tail,
    end: f64,
    start: f64,
    point: impl Fn(f64) -> Option<(Tails, f64)>,
) -> Option<f64> {
    let wanted = tail.probability()?;
    let (mut low, mut high) = (0.0, end);
    let mut x = start;
    for _ in 0..MAX_STEPS {
        let (tails, density) = point(x)?;
        let (found, slope, left) = match tail {
            Tail::Lower(_) => (tails.lower, density, tails.lower < wanted),
            Tail::Upper(_) => (tails.upper, -density, tails.upper > wanted),
        };
        if left {
            low = x;
        } else {
            high = x;
        }
        // No number where the tail or the density underflows; then the bracket is halved.
        let newton = x - log(found / wanted) * found / slope;
        let next = if newton > low && newton < high {
            newton
        } else if high.is_finite() {
            low + (high - low) / 2.0
        } else {
            2.0 * x
        };
        if (next - x).abs() <= 2.0 * f64::EPSILON * x {
            return Some(next);
        }
        x = next;
    }
    Some(x)
}

/// `b0 + a1 / (b1 + a2 / (b2 + ...))` by the modified Lentz algorithm (Thompson and Barnett 1986);
/// `term(i)` gives `(a_i, b_i)`.
fn continued_fraction(first: f64, term: impl Fn(f64) -> (f64, f64)) -> Option<f64> {
    const TINY: f64 = 1e-300;
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut value = nonzero(first);
    let (mut c, mut d) = (value, 0.0);
    for i in 1..MAX_TERMS {
        let (numerator, denominator) = term(f64::from(i));
        d = 1.0 / nonzero(denominator + numerator * d);
        c = nonzero(denominator + numerator / c);
        value *= c * d;
        if (c * d - 1.0).abs() <= 2.0 * f64::EPSILON {
            return Some(value);
        }
    }
    None
}

/// `x^a y^b Γ(a+b+1) / (Γ(a+1) Γ(b+1))` for `x + y = 1`, a binomial probability for real counts,
/// by the saddle point (Loader 2000, "Fast and accurate computation of binomial probabilities"):
/// the logarithms of large factorials never meet, so large counts lose no digits.
fn binomial_mass(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let exponent = stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
        - deviance(a, n * x)
        - deviance(b, n * y);
    (n / a / b / (2.0 * PI)).sqrt() * exp(exponent)
}

/// `x^a e^-x / Γ(a+1)`, a Poisson probability for a real count, by the saddle point.
fn poisson_mass(a: f64, x: f64) -> f64 {
    exp(-stirling_error(a) - deviance(a, x)) / (2.0 * PI * a).sqrt()
}

/// `ln Γ(n+1)` minus Stirling's approximation of it, for `n > 0`.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        return lgamma(n + 1.0) - (n + 0.5) * log(n) + n - log(2.0 * PI) / 2.0;
    }
    // DLMF 5.11.1: the terms B(2k) / (2k (2k-1) n^(2k-1)); the first one left out is below 1e-16.
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let squared = n * n;
    TERMS
        .iter()
        .rev()
        .fold(0.0, |sum, term| sum / squared + term)
        / n
}

/// Loader's deviance `count ln(count / mean) + mean - count`, without cancellation where the two
/// are close.
fn deviance(count: f64, mean: f64) -> f64 {
    let difference = count - mean;
    if difference.abs() >= 0.1 * (count + mean) {
        return count * log(count / mean) - difference;
    }
    let v = difference / (count + mean);
    let mut sum = difference * v;
    let mut power = 2.0 * count * v;
    for j in 1..1000 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}
