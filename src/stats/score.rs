//! Score intervals of two shares (Miettinen and Nurminen 1985): the values that the score test,
//! with its variance at the likeliest shares which have that value, does not reject.

use libm::exp;

/// Halvings after which a search ends; some sixty reach the last bit.
const MAX_STEPS: u32 = 200;

/// Far beyond every end of an interval of a ratio, on the logarithmic scale.
const FAR: f64 = 200.0;

/// Successes and failures of two groups.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub k1: f64,
    pub f1: f64,
    pub k2: f64,
    pub f2: f64,
}

/// Two shares and their complements, each to full relative accuracy.
struct Shares {
    p1: f64,
    q1: f64,
    p2: f64,
    q2: f64,
}

/// What was seen less what a hypothesis expects, and its standard deviation under it.
struct Score {
    excess: f64,
    deviation: f64,
}

impl Counts {
    fn n1(self) -> f64 {
        self.k1 + self.f1
    }

    fn n2(self) -> f64 {
        self.k2 + self.f2
    }

    /// The odds ratio as counted.
    pub(super) fn odds_ratio_seen(self) -> f64 {
        self.k1 / self.f1 * (self.f2 / self.k2)
    }

    fn swapped(self) -> Counts {
        Counts {
            k1: self.k2,
            f1: self.f2,
            k2: self.k1,
            f2: self.f1,
        }
    }

    /// The standard deviation with Miettinen and Nurminen's factor `n / (n - 1)`.
    fn deviation(self, variance: f64) -> f64 {
        let n = self.n1() + self.n2();
        (variance * (n / (n - 1.0))).sqrt()
    }

    /// The values of first share minus second that are not rejected at normal quantile `z`.
    pub(super) fn difference(self, z: f64) -> (f64, f64) {
        interval(-1.0, 1.0, z, |difference| {
            if difference < 0.0 {
                self.swapped().score_of_difference(-difference).mirrored()
            } else {
                self.score_of_difference(difference)
            }
        })
    }

    /// The values of first share divided by second that are not rejected at `z`; `k2 > 0`.
    pub(super) fn ratio(self, z: f64) -> (f64, f64) {
        let (low, high) = interval(-FAR, FAR, z, |log_ratio| {
            if log_ratio > 0.0 {
                self.swapped().score_of_ratio(exp(-log_ratio)).mirrored()
            } else {
                self.score_of_ratio(exp(log_ratio))
            }
        });
        (if self.k1 == 0.0 { 0.0 } else { exp(low) }, exp(high))
    }

    /// The values of first odds divided by second that are not rejected at `z`; no count may be 0.
    pub(super) fn odds_ratio(self, z: f64) -> (f64, f64) {
        let (low, high) = interval(-FAR, FAR, z, |log_ratio| {
            if log_ratio < 0.0 {
                self.swapped().score_of_odds(exp(-log_ratio)).mirrored()
            } else {
                self.score_of_odds(exp(log_ratio))
            }
        });
        (exp(low), exp(high))
    }

    fn score_of_difference(self, difference: f64) -> Score {
        let Shares { p1, q1, p2, q2 } = self.shares_apart(difference);
        Score {
            excess: self.k1 / self.n1() - self.k2 / self.n2() - difference,
            deviation: self.deviation(p1 * q1 / self.n1() + p2 * q2 / self.n2()),
        }
    }

    /// The likeliest shares of which the first is larger by `difference`, from 0 to below 1.
    ///
    /// The reference solves a cubic by cosines, which leaves half of the digits where two of its
    /// roots meet, at small counts in large groups. The likelihood has one top: halving finds it.
    fn shares_apart(self, difference: f64) -> Shares {
        let room = 1.0 - difference;
        // Searched from the nearer end of the room, which keeps the small one of p2 and q1 exact.
        if self.rises(difference, room / 2.0, room / 2.0) {
            let falls = |q1: f64| !self.rises(difference, room - q1, q1);
            let q1 = last(0.0, room / 2.0, falls);
            Shares {
                p1: 1.0 - q1,
                q1,
                p2: room - q1,
                q2: difference + q1,
            }
        } else {
            let p2 = last(0.0, room / 2.0, |p2| self.rises(difference, p2, room - p2));
            Shares {
                p1: difference + p2,
                q1: room - p2,
                p2,
                q2: 1.0 - p2,
            }
        }
    }

    /// Whether the likelihood rises with the second share `p2`, the first being larger by
    /// `difference` and having the complement `q1`.
    fn rises(self, difference: f64, p2: f64, q1: f64) -> bool {
        let (p1, q2) = (difference + p2, difference + q1);
        self.k1 / p1 + self.k2 / p2 > self.f1 / q1 + self.f2 / q2
    }

    /// For a ratio from above 0 to 1. The quadratic for the likeliest shares is solved once for
    /// the share and once for its complement, without differences of like numbers.
    fn score_of_ratio(self, ratio: f64) -> Score {
        let (n1, n2) = (self.n1(), self.n2());
        let below = 1.0 - ratio;
        let square = (n1 + n2) * ratio;
        let linear = (n1 + n2) * below - self.f1 - ratio * self.f2;
        let root = (linear * linear + 4.0 * square * below * self.f2).sqrt();
        let q2 = if linear > 0.0 {
            2.0 * below * self.f2 / (linear + root)
        } else {
            (root - linear) / (2.0 * square)
        };
        let p2 = 2.0 * (self.k1 + self.k2) / (2.0 * square + linear + root);
        let (p1, q1) = (ratio * p2, below + ratio * q2);
        Score {
            excess: self.k1 / n1 - ratio * (self.k2 / n2),
            deviation: self.deviation(p1 * q1 / n1 + ratio * ratio * (p2 * q2 / n2)),
        }
    }

    /// For an odds ratio of at least 1, by a quadratic as for the ratio. The score is written as
    /// first count minus its expectation, which is the same: at the likeliest shares the
    /// expectations of both groups have the sum that was counted.
    fn score_of_odds(self, ratio: f64) -> Score {
        let (n1, n2) = (self.n1(), self.n2());
        let (successes, failures) = (self.k1 + self.k2, self.f1 + self.f2);
        let above = ratio - 1.0;
        let square = n2 * above;
        let linear = n1 + n2 + above * (n1 - successes);
        let root = (linear * linear + 4.0 * square * successes).sqrt();
        let p2 = if linear > 0.0 {
            2.0 * successes / (linear + root)
        } else {
            (root - linear) / (2.0 * square)
        };
        let q2 = 2.0 * ratio * failures / (n1 + n2 + above * (n2 + failures) + root);
        let scale = q2 + ratio * p2;
        let (p1, q1) = (ratio * p2 / scale, q2 / scale);
        let (first, second) = (n1 * p1 * q1, n2 * p2 * q2);
        Score {
            // Of a large group the counted and the expected are too alike to be subtracted.
            excess: if first < second {
                self.k1 * q1 - self.f1 * p1
            } else {
                self.f2 * p2 - self.k2 * q2
            },
            deviation: self.deviation(first / (first + second) * second),
        }
    }
}

impl Score {
    fn mirrored(self) -> Score {
        Score {
            excess: -self.excess,
            ..self
        }
    }
}

/// The ends between `low` and `high` of the values whose score lies within `z` deviations; it falls
/// as the value rises.
fn interval(low: f64, high: f64, z: f64, score: impl Fn(f64) -> Score) -> (f64, f64) {
    let too_small = |value: f64| {
        let Score { excess, deviation } = score(value);
        excess > z * deviation
    };
    let not_too_large = |value: f64| {
        let Score { excess, deviation } = score(value);
        excess >= -z * deviation
    };
    (last(low, high, too_small), last(low, high, not_too_large))
}

/// Where `property` ends, which holds from `low` up to some point before `high`.
fn last(mut low: f64, mut high: f64, property: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..MAX_STEPS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if property(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}
