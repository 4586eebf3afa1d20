//! Power against R, simulation, and the laws that it must obey.

use super::{close, section};
use casefile::stats::{
    Units, ads_per_arm, detectable_difference, impressions_per_arm, power_of, share_difference,
    two_shares_sample_size,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

#[test]
fn sample_sizes_agree_with_power_prop_test() {
    let rows = section("r.json", "power_two_proportions");
    for row in rows {
        let number = |key: &str| row[key].as_f64().unwrap();
        let found = two_shares_sample_size(number("p1"), number("p2"), number("power"), 0.95);
        close(found, number("n_per_group"), 1e-6);
        let swapped = two_shares_sample_size(number("p2"), number("p1"), number("power"), 0.95);
        assert_eq!(swapped, found);
    }
}

#[test]
fn power_agrees_with_the_noncentral_t_of_r() {
    // Equal deviations and ads make Welch's degrees of freedom 2 (n - 1). Reference:
    // power.t.test(n, power = power, sd = 1, strict = TRUE, tol = 1e-12)$delta of R 4.2.
    for (ads, delta, power) in REFERENCE_POWER {
        let found = detectable_difference(ads, ads, 0.0, (DEVIATION, DEVIATION), power, 0.95);
        close(found, delta * DEVIATION, 1e-6);
    }
}

/// Small enough for all differences to lie between two shares.
const DEVIATION: f64 = 0.01;

const REFERENCE_POWER: [(u64, f64, f64); 4] = [
    (2, 5.65348926619, 0.8),
    (3, 3.58920551412, 0.9),
    (10, 0.926074885456, 0.5),
    (200, 0.280836450287, 0.8),
];

#[test]
fn power_is_what_simulated_investigations_find() {
    // 0.03: estimating Welch's degrees of freedom costs about 0.02 with so few ads, and the standard
    // error of the simulation is 0.008.
    const SIMULATED: u32 = 4000;
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (ads, first, second, between, impressions) in [
        (4, 0.6, 0.4, 0.5, 40),
        (6, 0.5, 0.75, 1.0, 25),
        (7, 0.7, 0.5, 0.5, 30),
        (5, 0.5, 0.5, 0.7, 40),
    ] {
        let means = [first, second].map(|share| mean_logit(share, between));
        let mut found = 0;
        for _ in 0..SIMULATED {
            let [a, b] = means.map(|mean| simulated_arm(&mut rng, ads, mean, between, impressions));
            let interval = share_difference(&a, &b, Units::Ads, 0.95, None).mean;
            if let (Some(low), Some(high)) = (interval.low, interval.high) {
                found += u32::from(low > 0.0 || high < 0.0);
            }
        }
        let simulated = f64::from(found) / f64::from(SIMULATED);
        let computed = power_of(ads, first, second, between, impressions, 0.95).unwrap();
        assert!(
            (simulated - computed).abs() < 0.03,
            "{ads} ads, {first} against {second}: simulated {simulated}, computed {computed}"
        );
    }
}

fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Twelve uniform draws summed are near enough to normal here.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| uniform(rng)).sum::<f64>() - 6.0
}

fn expit(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

fn simulated_arm(
    rng: &mut ChaCha8Rng,
    ads: u64,
    mean: f64,
    between: f64,
    impressions: u64,
) -> Vec<(u64, u64)> {
    let mut ad = || {
        let share = expit(mean + between * normal(rng));
        let hits = (0..impressions).filter(|_| uniform(rng) < share).count();
        (hits as u64, impressions)
    };
    (0..ads).map(|_| ad()).collect()
}

/// The mean logit that makes `share` the mean share.
fn mean_logit(share: f64, between: f64) -> f64 {
    let mean = |logit: f64| {
        let points = (-1000..1000).map(|i| (f64::from(i) + 0.5) / 125.0);
        let (sum, all) = points.fold((0.0, 0.0), |(sum, all), z| {
            let density = libm::exp(-z * z / 2.0);
            (sum + density * expit(logit + between * z), all + density)
        });
        sum / all
    };
    let (mut low, mut high) = (-10.0, 10.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if mean(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[test]
fn the_ads_asked_for_have_the_power_and_one_fewer_has_not() {
    for (first, second, between, impressions, power) in [
        (0.85, 0.7, 0.5, 2000, 0.8),
        (0.5, 0.55, 0.25, 500, 0.9),
        (0.3, 0.31, 0.0, 1000, 0.8),
        (0.9, 0.2, 1.0, 10, 0.99),
    ] {
        let ads = ads_per_arm(first, second, between, impressions, power, 0.95).unwrap();
        let at = |ads| power_of(ads, first, second, between, impressions, 0.95).unwrap();
        assert!(
            at(ads) >= power && (ads == 2 || at(ads - 1) < power),
            "{ads}"
        );
        let all = impressions_per_arm(first, second, between, impressions, power, 0.95);
        assert_eq!(all, Some(ads * impressions));
        let swapped = ads_per_arm(second, first, between, impressions, power, 0.95);
        assert_eq!(swapped, Some(ads));
        let others = ads_per_arm(1.0 - first, 1.0 - second, between, impressions, power, 0.95);
        assert_eq!(others, Some(ads));
    }
}

#[test]
fn equal_shares_are_found_different_as_often_as_the_level_allows() {
    for ads in [2, 3, 10, 1000] {
        for level in [0.9, 0.95, 0.99] {
            close(power_of(ads, 0.8, 0.8, 0.5, 1000, level), 1.0 - level, 1e-9);
        }
    }
}

#[test]
fn power_grows_with_ads_impressions_and_difference_and_falls_with_variation() {
    let power = |ads, second, between, impressions| {
        power_of(ads, 0.6, second, between, impressions, 0.95).unwrap()
    };
    let base = power(5, 0.7, 0.5, 100);
    assert!(power(6, 0.7, 0.5, 100) > base);
    assert!(power(5, 0.72, 0.5, 100) > base);
    assert!(power(5, 0.7, 0.6, 100) < base);
    assert!(power(5, 0.7, 0.5, 200) > base);
    // Impressions without end do not make up for few ads.
    assert!(power(5, 0.7, 0.5, u64::MAX) < 0.5);
}

#[test]
fn independent_impressions_need_as_many_trials_as_the_test_of_two_shares() {
    // With ads alike and one impression each, the ads are the trials.
    let ads = ads_per_arm(0.5, 0.6, 0.0, 1, 0.8, 0.95).unwrap() as f64;
    let trials = two_shares_sample_size(0.5, 0.6, 0.8, 0.95);
    close(trials, ads, 0.01);
}

#[test]
fn a_detectable_difference_is_one_that_the_test_would_have_found() {
    for (a, b, deviations) in [(5, 5, (0.1, 0.1)), (4, 9, (0.02, 0.2)), (40, 3, (0.1, 0.0))] {
        let find = |power| detectable_difference(a, b, 0.5, deviations, power, 0.95);
        let back = detectable_difference(b, a, 0.5, (deviations.1, deviations.0), 0.8, 0.95);
        assert_eq!(find(0.8), back);
        assert!(find(0.8) < find(0.9) && find(0.5) < find(0.8));
    }
    // So few ads that vary so much could have found nothing.
    assert_eq!(
        detectable_difference(2, 2, 0.5, (0.3, 0.3), 0.8, 0.95),
        None
    );
}

#[test]
fn plans_that_make_no_sense_have_no_answer() {
    let nan = f64::NAN;
    for bad in [0.0, 1.0, -0.1, 1.1, nan, f64::INFINITY] {
        assert_eq!(two_shares_sample_size(0.5, 0.6, bad, 0.95), None);
        assert_eq!(two_shares_sample_size(0.5, 0.6, 0.8, bad), None);
        assert_eq!(ads_per_arm(bad, 0.6, 0.5, 100, 0.8, 0.95), None);
        assert_eq!(ads_per_arm(0.5, bad, 0.5, 100, 0.8, 0.95), None);
        assert_eq!(ads_per_arm(0.5, 0.6, 0.5, 100, bad, 0.95), None);
        assert_eq!(ads_per_arm(0.5, 0.6, 0.5, 100, 0.8, bad), None);
        assert_eq!(power_of(5, bad, 0.6, 0.5, 100, 0.95), None);
        assert_eq!(power_of(5, 0.5, 0.6, 0.5, 100, bad), None);
        assert_eq!(
            detectable_difference(5, 5, 0.5, (0.1, 0.1), bad, 0.95),
            None
        );
        assert_eq!(detectable_difference(5, 5, 0.5, (0.1, 0.1), 0.8, bad), None);
    }
    for bad in [-0.1, 1.1, nan] {
        assert_eq!(two_shares_sample_size(bad, 0.6, 0.8, 0.95), None);
        assert_eq!(two_shares_sample_size(0.6, bad, 0.8, 0.95), None);
        assert_eq!(
            detectable_difference(5, 5, bad, (0.1, 0.1), 0.8, 0.95),
            None
        );
    }
    for bad in [-1.0, 11.0, nan, f64::INFINITY] {
        assert_eq!(ads_per_arm(0.5, 0.6, bad, 100, 0.8, 0.95), None);
        assert_eq!(power_of(5, 0.5, 0.6, bad, 100, 0.95), None);
    }
    for bad in [(-0.1, 0.1), (0.1, nan), (0.0, 0.0), (f64::INFINITY, 0.1)] {
        assert_eq!(detectable_difference(5, 5, 0.5, bad, 0.8, 0.95), None);
    }
    assert_eq!(two_shares_sample_size(0.5, 0.5, 0.8, 0.95), None);
    assert_eq!(ads_per_arm(0.5, 0.5, 0.5, 100, 0.8, 0.95), None);
    assert_eq!(ads_per_arm(0.5, 0.6, 0.5, 0, 0.8, 0.95), None);
    assert_eq!(power_of(1, 0.5, 0.6, 0.5, 100, 0.95), None);
    assert_eq!(
        detectable_difference(1, 5, 0.5, (0.1, 0.1), 0.8, 0.95),
        None
    );
    assert_eq!(
        impressions_per_arm(0.5, 0.6, 0.5, u64::MAX, 0.8, 0.95),
        None
    );
    // A difference that no number of ads would show.
    let near = 0.5 + f64::EPSILON;
    assert_eq!(ads_per_arm(0.5, near, 0.5, 100, 0.8, 0.95), None);
}
