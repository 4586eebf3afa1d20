//! Exact two-sided tests of one share and of two: the probability of all outcomes that are at most
//! as likely as the one that was counted.

use super::EXACT;
use super::special::{beta_tails, binomial_probability};

/// Two outcomes of a binomial count are equally likely when their probabilities differ relatively
/// by less: they are known up to rounding only.
const BINOMIAL_TIE: f64 = 1e-7;

/// The same for two tables, whose probabilities are quotients and compared more closely: beyond
/// some ten million counts, the most likely tables differ by less than `BINOMIAL_TIE`.
const TABLE_TIE: f64 = 1e-10;

/// Terms after which the sum over tables is given up.
const MAX_TERMS: u32 = 1_000_000;

/// Exact two-sided p-value of the hypothesis that each of `n` independent trials succeeds with
/// probability `p0`, after `k` successes (Clopper and Pearson 1934; `binomtest` of scipy).
///
/// A value too small for a float is 0. `None` without trials, when `k > n`, for a `p0` outside 0
/// to 1, and for counts too large to be computed with (far beyond 10^12).
pub fn binomial_test(k: u64, n: u64, p0: f64) -> Option<f64> {
    if n == 0 || k > n || n > EXACT || !(0.0..=1.0).contains(&p0) {
        return None;
    }
    let (expected, q0) = (p0 * n as f64, 1.0 - p0);
    if k as f64 == expected {
        return Some(1.0);
    }
    let mass = |x: u64| binomial_probability(x as f64, (n - x) as f64, p0, q0);
    let limit = mass(k) * (1.0 + BINOMIAL_TIE);
    // On either side of the expectation the probabilities are in order.
    let p = if (k as f64) < expected {
        let other = first(expected.ceil() as u64, n + 1, |x| mass(x) <= limit);
        at_most(k, n, p0, q0)? + at_least(other, n, p0, q0)?
    } else {
        let beyond = first(0, expected as u64 + 1, |x| mass(x) > limit);
        let below = match beyond.checked_sub(1) {
            None => 0.0,
            Some(other) => at_most(other, n, p0, q0)?,
        };
        at_least(k, n, p0, q0)? + below
    };
    Some(p.min(1.0))
}

/// The probability of `k` or fewer successes, `k <= n`.
fn at_most(k: u64, n: u64, p0: f64, q0: f64) -> Option<f64> {
    if k == n {
        return Some(1.0);
    }
    beta_tails(k as f64 + 1.0, (n - k) as f64, p0, q0).map(|tails| tails.upper)
}

/// The probability of `k` or more successes, `k <= n + 1`.
fn at_least(k: u64, n: u64, p0: f64, q0: f64) -> Option<f64> {
    match k {
        0 => Some(1.0),
        _ if k > n => Some(0.0),
        _ => beta_tails(k as f64, (n - k) as f64 + 1.0, p0, q0).map(|tails| tails.lower),
    }
}

/// Fisher's exact two-sided p-value of the hypothesis that two groups have the same share, from
/// `(k, n)` of each (Fisher 1935; `fisher_exact` of scipy).
///
/// A value too small for a float is 0. `None` when a group is empty or `k > n` in one, and for
/// counts too large to be computed with (far beyond 10^10).
pub fn fisher_exact(first: (u64, u64), second: (u64, u64)) -> Option<f64> {
    let table = Table::new(first, second)?;
    let table = if table.cells[0] > table.mode() {
        table.mirrored()
    } else {
        table
    };
    let mode = table.mode();
    let [k1, f1, k2, _] = table.cells;
    if k1 == mode {
        return Some(1.0);
    }
    let limit = table.mass(k1) * (1.0 + TABLE_TIE);
    let last = k1 + f1.min(k2);
    let other = self::first(mode, last + 1, |x| table.mass(x) <= limit);
    if other == k1 + 1 {
        return Some(1.0);
    }
    let above = if other > last {
        0.0
    } else {
        table.with(other).tail()?
    };
    Some((table.mirrored().tail()? + above).min(1.0))
}

/// Successes and failures of the first group, then of the second. At given margins the first cell
/// says the rest.
#[derive(Clone, Copy)]
struct Table {
    cells: [u64; 4],
}

impl Table {
    /// `None` for an empty group, more successes than trials, and more than 2^53 trials.
    fn new((k1, n1): (u64, u64), (k2, n2): (u64, u64)) -> Option<Table> {
        let (f1, f2) = (n1.checked_sub(k1)?, n2.checked_sub(k2)?);
        let bounded = n1.checked_add(n2).is_some_and(|n| n <= EXACT);
        (n1 > 0 && n2 > 0 && bounded).then_some(Table {
            cells: [k1, f1, k2, f2],
        })
    }

    /// The same counts with successes called failures.
    fn mirrored(self) -> Table {
        let [k1, f1, k2, f2] = self.cells;
        Table {
            cells: [f1, k1, f2, k2],
        }
    }

    /// The table with the same margins that has `x` successes in the first group, which must be
    /// as many as this one or more.
    fn with(self, x: u64) -> Table {
        let [k1, f1, k2, f2] = self.cells;
        let more = x - k1;
        Table {
            cells: [x, f1 - more, k2 - more, f2 + more],
        }
    }

    /// The first cell of the most likely table; the larger, if two are.
    fn mode(self) -> u64 {
        let [k1, f1, k2, f2] = self.cells.map(u128::from);
        let mode = (k1 + k2 + 1) * (k1 + f1 + 1) / (k1 + f1 + k2 + f2 + 2);
        mode as u64
    }

    /// The hypergeometric probability of [`Table::with`], as a quotient of binomial ones at the
    /// pooled share (Loader 2000), so that no logarithms of large factorials meet.
    fn mass(self, x: u64) -> f64 {
        let [k1, f1, k2, f2] = self.with(x).cells.map(|cell| cell as f64);
        let (successes, failures) = (k1 + k2, f1 + f2);
        let trials = successes + failures;
        let (p, q) = (successes / trials, failures / trials);
        binomial_probability(k1, f1, p, q) * binomial_probability(k2, f2, p, q)
            / binomial_probability(successes, failures, p, q)
    }

    /// The probability of this and all tables with more successes in the first group; this one
    /// must not be below the mode, so that the terms shrink.
    fn tail(self) -> Option<f64> {
        let [mut k1, mut f1, mut k2, mut f2] = self.cells.map(|cell| cell as f64);
        let (mut term, mut sum) = (1.0, 1.0);
        for _ in 0..MAX_TERMS {
            (k1, f2) = (k1 + 1.0, f2 + 1.0);
            term *= f1 / k1 * (k2 / f2);
            (f1, k2) = (f1 - 1.0, k2 - 1.0);
            sum += term;
            // The terms left shrink at least as fast as this one did.
            let left = term / (1.0 - f1 / k1 * (k2 / f2));
            if left <= sum * f64::EPSILON / 4.0 {
                return Some(self.mass(self.cells[0]) * sum);
            }
        }
        None
    }
}

/// The first of `low..high` that has `property`, which all after it must have too; `high` if none.
fn first(mut low: u64, mut high: u64, property: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if property(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
