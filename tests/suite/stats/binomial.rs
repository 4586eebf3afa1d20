//! One share: the intervals beside Wilson's, and the exact test.

use super::oracle;
use casefile::stats::{
    Estimate, Refusal, Units, agresti_coull, binomial_test, clopper_pearson, jeffreys, wilson,
};

/// Reference values for closed forms.
const CLOSED: f64 = 1e-9;

/// Below this a p-value has run out of digits and is compared absolutely.
const UNDERFLOW: f64 = 1e-300;

#[track_caller]
fn close(found: Option<f64>, wanted: Option<f64>, relative: f64) {
    let (Some(found), Some(wanted)) = (found, wanted) else {
        panic!("found {found:?}, wanted {wanted:?}");
    };
    assert!(
        (found - wanted).abs() <= relative * wanted.abs() + UNDERFLOW,
        "found {found}, wanted {wanted}"
    );
}

fn both_intervals(k: u64, n: u64, level: f64) -> [Estimate; 2] {
    [agresti_coull, jeffreys].map(|interval| interval(k, n, Units::Impressions, level))
}

/// Shares of groups up to five million, every edge of the small ones, at three levels.
fn situations() -> impl Iterator<Item = (u64, u64, f64)> {
    let small = (1..=12).flat_map(|n| (0..=n).map(move |k| (k, n)));
    let large = [
        (0, 5_000_000),
        (1, 5_000_000),
        (4_999_999, 5_000_000),
        (77, 4_000),
    ];
    small
        .chain(large)
        .flat_map(|(k, n)| [0.5, 0.95, 0.999].map(|level| (k, n, level)))
}

#[test]
fn agresti_coull_and_jeffreys_intervals_agree_with_statsmodels() {
    let Some(oracle) = oracle("python.json") else {
        return;
    };
    let mut compared = 0;
    for row in oracle["proportion_interval"].as_array().unwrap() {
        let interval = match row["method"].as_str() {
            Some("agresti-coull") => agresti_coull,
            Some("jeffreys") => jeffreys,
            _ => continue,
        };
        let (k, n) = (row["k"].as_u64().unwrap(), row["n"].as_u64().unwrap());
        let found = interval(k, n, Units::Impressions, row["level"].as_f64().unwrap());
        close(found.low, row["low"].as_f64(), CLOSED);
        close(found.high, row["high"].as_f64(), CLOSED);
        assert_eq!(found.value, Some(k as f64 / n as f64));
        assert_eq!((found.k, found.n, found.refusal), (Some(k), n, None));
        compared += 1;
    }
    assert_eq!(compared, 180);
}

#[test]
fn binomial_tests_agree_with_scipy() {
    let Some(oracle) = oracle("python.json") else {
        return;
    };
    let rows = oracle["binomial_test"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        let (k, n) = (row["k"].as_u64().unwrap(), row["n"].as_u64().unwrap());
        let found = binomial_test(k, n, row["p0"].as_f64().unwrap());
        close(found, row["p_two_sided"].as_f64(), CLOSED);
    }
}

#[test]
fn binomial_tests_of_millions_agree_with_scipy() {
    // scipy 1.17.1, `binomtest(k, n, p).pvalue`.
    for (k, n, p0, wanted) in [
        (2_498_500, 5_000_000, 0.5, 0.17985760675629556),
        (1_499_000, 5_000_000, 0.3, 0.3293558702062789),
        (3, 4_900_000, 1e-6, 0.6458432788286772),
        (4_999_990, 5_000_000, 0.99999, 1.4710362062404967e-11),
        (3, 10, 0.5, 0.34375),
        (7, 10, 0.5, 0.34375),
    ] {
        close(binomial_test(k, n, p0), Some(wanted), CLOSED);
    }
}

#[test]
fn binomial_tests_sum_all_outcomes_that_are_at_most_as_likely() {
    for n in 1..=14_u64 {
        for p0 in [0.01, 0.25, 1.0 / 3.0, 0.5, 0.8] {
            let mut choose = 1.0;
            let mut masses = Vec::new();
            for x in 0..=n {
                masses.push(choose * libm::pow(p0, x as f64) * libm::pow(1.0 - p0, (n - x) as f64));
                choose = choose * (n - x) as f64 / (x + 1) as f64;
            }
            for k in 0..=n {
                let limit = masses[k as usize] * (1.0 + 1e-7);
                let wanted: f64 = masses.iter().filter(|mass| **mass <= limit).sum();
                close(binomial_test(k, n, p0), Some(wanted), CLOSED);
            }
        }
    }
}

#[test]
fn calling_successes_failures_keeps_the_p_value() {
    for (k, n, _) in situations() {
        for p0 in [0.125, 0.25, 0.5, 0.875] {
            close(
                binomial_test(k, n, p0),
                binomial_test(n - k, n, 1.0 - p0),
                1e-10,
            );
        }
    }
}

#[test]
fn a_share_that_cannot_be_wrong_has_p_1_and_an_impossible_one_p_0() {
    assert_eq!(binomial_test(0, 7, 0.0), Some(1.0));
    assert_eq!(binomial_test(7, 7, 1.0), Some(1.0));
    assert_eq!(binomial_test(1, 7, 0.0), Some(0.0));
    assert_eq!(binomial_test(6, 7, 1.0), Some(0.0));
    assert_eq!(binomial_test(500_000, 1_000_000, 0.5), Some(1.0));
}

#[test]
fn no_p_value_is_given_for_counts_or_shares_that_cannot_be() {
    for (k, n, p0) in [
        (0, 0, 0.5),
        (2, 1, 0.5),
        (u64::MAX, u64::MAX, 0.5),
        (u64::MAX, 1, 0.5),
        (1, 2, f64::NAN),
        (1, 2, -0.1),
        (1, 2, 1.1),
        (1, 2, f64::INFINITY),
    ] {
        assert_eq!(binomial_test(k, n, p0), None, "{k} of {n} against {p0}");
    }
}

#[test]
fn p_values_of_all_sizes_lie_between_0_and_1() {
    for n in [1, 1000, 5_000_000, 1 << 53] {
        for k in [0, 1, n / 3, n / 2, n - 1, n] {
            for p0 in [0.0, 1e-300, 1e-9, 1.0 / 3.0, 0.5, 1.0 - f64::EPSILON, 1.0] {
                if let Some(p) = binomial_test(k, n, p0) {
                    assert!((0.0..=1.0).contains(&p), "{k} of {n} against {p0}: {p}");
                } else {
                    assert_eq!(n, 1 << 53);
                }
            }
        }
    }
}

#[test]
fn calling_successes_failures_mirrors_the_intervals() {
    for (k, n, level) in situations() {
        for (found, mirror) in
            both_intervals(k, n, level)
                .into_iter()
                .zip(both_intervals(n - k, n, level))
        {
            assert!((found.low.unwrap() + mirror.high.unwrap() - 1.0).abs() < 1e-13);
            assert!((found.high.unwrap() + mirror.low.unwrap() - 1.0).abs() < 1e-13);
        }
    }
}

#[test]
fn agresti_coull_intervals_hold_wilson_intervals_and_stay_shares() {
    for (k, n, level) in situations() {
        let outer = agresti_coull(k, n, Units::Impressions, level);
        let inner = wilson(k, n, Units::Impressions, level);
        let (low, high) = (outer.low.unwrap(), outer.high.unwrap());
        assert!(0.0 <= low && low <= inner.low.unwrap() + 1e-15);
        assert!(inner.high.unwrap() <= high + 1e-15 && high <= 1.0);
        assert!(low <= outer.value.unwrap() && outer.value.unwrap() <= high);
    }
}

#[test]
fn jeffreys_intervals_lie_within_exact_ones_and_hold_the_share_unless_none_or_all_counted() {
    for (k, n, level) in situations() {
        let inner = jeffreys(k, n, Units::Impressions, level);
        let outer = clopper_pearson(k, n, Units::Impressions, level);
        let (low, high) = (inner.low.unwrap(), inner.high.unwrap());
        assert!(outer.low.unwrap() <= low && low < high && high <= outer.high.unwrap());
        let share = inner.value.unwrap();
        assert_eq!(low > share, k == 0);
        assert_eq!(high < share, k == n);
    }
}

#[test]
fn intervals_refuse_what_is_no_share_and_what_is_no_level() {
    let refusals = |k, n, level| both_intervals(k, n, level).map(|e| (e.value, e.low, e.refusal));
    assert_eq!(
        refusals(0, 0, 0.95),
        [(None, None, Some(Refusal::NoTrials)); 2]
    );
    assert_eq!(
        refusals(2, 1, 0.95),
        [(None, None, Some(Refusal::CountExceedsTrials)); 2]
    );
    for level in [0.0, 1.0, -1.0, 2.0, f64::NAN] {
        assert_eq!(
            refusals(1, 2, level),
            [(Some(0.5), None, Some(Refusal::Level)); 2]
        );
    }
    let [agresti_coull, jeffreys] = both_intervals(u64::MAX / 2, u64::MAX, 0.95);
    assert!(agresti_coull.low.is_some());
    assert_eq!(jeffreys.refusal, Some(Refusal::TooLarge));
}
