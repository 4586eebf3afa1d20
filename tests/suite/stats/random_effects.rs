//! Random-effects models against metafor and against the laws that they must obey.

use super::{close, integers, section};
use casefile::stats::{
    Effect, Estimate, Method, RandomEffectsShare, Refusal, Tau2, Units, log_ratio_effects,
    logit_effects, random_effects, random_effects_contrast, random_effects_share, tau2_interval,
};
use serde_json::Value;

/// Agreement with closed forms, and with a reference that itself iterates.
const CLOSED: f64 = 1e-9;
const ITERATED: f64 = 1e-6;

const METHODS: [Tau2; 3] = [Tau2::DerSimonianLaird, Tau2::Reml, Tau2::PauleMandel];

fn counts(row: &Value) -> Vec<(u64, u64)> {
    let list = |key: &str| {
        row[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_u64().unwrap())
    };
    list("k").zip(list("n")).collect()
}

/// `count` ads of at most `most` impressions, some with none.
fn ads(seed: u64, count: usize, most: u64) -> Vec<(u64, u64)> {
    let mut draws = integers(seed, most + 1);
    let mut ad = || {
        let n = draws.next().unwrap();
        (draws.next().unwrap() % (n + 1), n)
    };
    (0..count).map(|_| ad()).collect()
}

fn share(counts: &[(u64, u64)], tau2: Tau2) -> RandomEffectsShare {
    random_effects_share(counts, Units::Ads, tau2, 0.95)
}

fn expit(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

fn estimates(shares: &RandomEffectsShare) -> [Estimate; 4] {
    [
        shares.share,
        shares.share_z,
        shares.prediction,
        shares.equal_effects,
    ]
}

// Reference values

#[test]
fn every_random_effects_model_of_metafor_is_reproduced() {
    let rows = section("r.json", "random_effects");
    for row in &rows {
        let (tau2, agreement) = match row["tau2_method"].as_str() {
            Some("DL") => (Tau2::DerSimonianLaird, CLOSED),
            Some("REML") => (Tau2::Reml, ITERATED),
            _ => (Tau2::PauleMandel, ITERATED),
        };
        let wanted = |key: &str| row[key].as_f64();
        let counts = counts(row);
        let effects = logit_effects(&counts).unwrap();
        for (i, effect) in effects.iter().enumerate() {
            close(effect.y, row["yi"][i].as_f64(), CLOSED);
            close(effect.v, row["vi"][i].as_f64(), CLOSED);
        }
        let fit = random_effects(&effects, tau2).unwrap();
        close(fit.mean, wanted("mu_logit"), agreement);
        close(fit.error, wanted("se_hk"), agreement);
        close(fit.tau2, wanted("tau2"), agreement);
        close(100.0 * fit.i2, wanted("I2"), agreement);
        close(fit.h2, wanted("H2"), agreement);
        close(fit.q, wanted("Q"), CLOSED);
        close(fit.q_p, wanted("Q_p"), CLOSED);
        let limits = [
            (fit.interval(0.95), "low_hk", "high_hk"),
            (fit.prediction(0.95), "pred_low_hk", "pred_high_hk"),
            (fit.normal_interval(0.95), "low_z", "high_z"),
        ];
        let found = share(&counts, tau2);
        let estimates = [found.share, found.prediction, found.share_z];
        for ((limits, low, high), estimate) in limits.into_iter().zip(estimates) {
            let limits = limits.unwrap();
            close(expit(limits.0), wanted(low), agreement);
            close(expit(limits.1), wanted(high), agreement);
            close(estimate.value, wanted("share"), agreement);
            // An interval without width is the reference's, but is no claim of ours.
            if limits.0 == limits.1 {
                assert_eq!(estimate.refusal, Some(Refusal::NoVariation));
            } else {
                close(estimate.low, wanted(low), agreement);
                close(estimate.high, wanted(high), agreement);
            }
        }
    }
}

#[test]
fn contrasts_agree_with_the_meta_regression_of_metafor() {
    for row in section("r.json", "random_effects_contrast") {
        let (a, b) = (counts(&row["a"]), counts(&row["b"]));
        let found = random_effects_contrast(&a, &b, Units::Ads, 0.95);
        let difference = found.log_odds_difference;
        close(
            difference.value,
            row["log_odds_difference"].as_f64(),
            ITERATED,
        );
        close(difference.low, row["low"].as_f64(), ITERATED);
        close(difference.high, row["high"].as_f64(), ITERATED);
        close(difference.p, row["p"].as_f64(), ITERATED);
        close(found.error, row["se_hk"].as_f64(), ITERATED);
        close(found.tau2, row["tau2"].as_f64(), ITERATED);
        let ratio = found.odds_ratio;
        close(ratio.value, difference.value.map(libm::exp), CLOSED);
        close(ratio.low, difference.low.map(libm::exp), CLOSED);
        close(ratio.high, difference.high.map(libm::exp), CLOSED);
    }
}

#[test]
fn the_interval_of_the_variance_between_ads_is_that_of_metafor() {
    // confint(rma(yi, vi), control = list(tol = 1e-14)): 0 where it would be below.
    let four = share(
        &[(812, 1000), (905, 1000), (877, 1000), (951, 1000)],
        Tau2::Reml,
    );
    close(four.tau2.low, 0.111_798_614_805_724, ITERATED);
    close(four.tau2.high, 5.462_560_807_653_979, ITERATED);
    let three = share(&[(0, 20), (3, 25), (5, 30)], Tau2::Reml);
    close(three.tau2.low, 0.0, 0.0);
    close(three.tau2.high, 48.191_414_465_014_4, ITERATED);
}

#[test]
fn where_scoring_does_not_settle_it_goes_on_as_metafor_asks_its_user_to() {
    // rma() ends with an error. With control = list(maxiter = 1000):
    let slow = [
        (117, 143),
        (91, 107),
        (924, 1131),
        (63, 76),
        (874, 1023),
        (87, 107),
        (79, 91),
    ];
    close(
        share(&slow, Tau2::Reml).tau2.value,
        0.010_960_363_643_429_2,
        ITERATED,
    );
    // And with control = list(maxiter = 1000, stepadj = 0.5):
    let swinging = [
        (65, 78),
        (53, 65),
        (61, 69),
        (3515, 3972),
        (49, 57),
        (3032, 3665),
        (53, 61),
        (41, 46),
    ];
    close(
        share(&swinging, Tau2::Reml).tau2.value,
        0.043_793_134_971_593,
        ITERATED,
    );
}

/// Tuberculosis among vaccinated and unvaccinated in 13 trials (Colditz et al. 1994).
const BCG: [((u64, u64), (u64, u64)); 13] = [
    ((4, 123), (11, 139)),
    ((6, 306), (29, 303)),
    ((3, 231), (11, 220)),
    ((62, 13_598), (248, 12_867)),
    ((33, 5_069), (47, 5_808)),
    ((180, 1_541), (372, 1_451)),
    ((8, 2_545), (10, 629)),
    ((505, 88_391), (499, 88_391)),
    ((29, 7_499), (45, 7_277)),
    ((17, 1_716), (65, 1_665)),
    ((186, 50_634), (141, 27_338)),
    ((5, 2_498), (3, 2_341)),
    ((27, 16_913), (29, 17_854)),
];

#[test]
fn the_bcg_trials_give_the_published_results() {
    let effects = log_ratio_effects(&BCG).unwrap();
    let published = |tau2| random_effects(&effects, tau2).unwrap();
    let moments = published(Tau2::DerSimonianLaird);
    let rounded = |number: f64, digits: f64| (number * digits).round() / digits;
    assert_eq!(rounded(moments.equal_mean, 1e4), -0.4303);
    assert_eq!(rounded(moments.q, 1e2), 152.23);
    assert_eq!(rounded(moments.mean, 1e4), -0.7141);
    assert_eq!(rounded(moments.tau2, 1e4), 0.3088);
    // Viechtbauer (2010), Conducting meta-analyses in R with the metafor package: REML.
    let likelihood = published(Tau2::Reml);
    assert_eq!(rounded(likelihood.mean, 1e4), -0.7145);
    assert_eq!(rounded(likelihood.tau2, 1e4), 0.3132);
    assert_eq!(rounded(100.0 * likelihood.i2, 1e2), 92.22);
    assert_eq!(rounded(likelihood.h2, 1e2), 12.86);
    assert_eq!(rounded(likelihood.plain_error, 1e4), 0.1798);
    let (low, high) = tau2_interval(&effects, 0.95).unwrap();
    assert_eq!((rounded(low, 1e4), rounded(high, 1e4)), (0.1197, 1.1115));
}

// Laws

#[test]
fn where_the_search_ends_the_likelihood_and_q_are_settled() {
    // What the references' stopping rules leave open is far beneath what is printed.
    for seed in 0..40 {
        let effects = logit_effects(&ads(seed, 9, 4000)).unwrap();
        let tau2 = random_effects(&effects, Tau2::PauleMandel).unwrap().tau2;
        let q = |tau2: f64| {
            let weights = effects.iter().map(|e| 1.0 / (e.v + tau2));
            let sum: f64 = weights.clone().sum();
            let mean = weights
                .clone()
                .zip(&effects)
                .map(|(w, e)| w * e.y)
                .sum::<f64>()
                / sum;
            let squares = weights
                .zip(&effects)
                .map(|(w, e)| w * (e.y - mean) * (e.y - mean));
            squares.sum::<f64>()
        };
        let df = effects.len() as f64 - 1.0;
        assert!(
            q((tau2 - 2e-4).max(0.0)) >= df && df >= q(tau2 + 2e-4),
            "seed {seed}"
        );

        let tau2 = random_effects(&effects, Tau2::Reml).unwrap().tau2;
        let likelihood = |tau2: f64| {
            let weights = effects.iter().map(|e| 1.0 / (e.v + tau2));
            let logs: f64 = weights.clone().map(libm::log).sum();
            logs - libm::log(weights.sum()) - q(tau2)
        };
        assert!(likelihood(tau2) >= likelihood(tau2 + 1e-3), "seed {seed}");
        assert!(
            likelihood(tau2) >= likelihood((tau2 - 1e-3).max(0.0)),
            "seed {seed}"
        );
    }
}

#[test]
fn the_order_of_ads_does_not_matter_to_a_single_bit() {
    for seed in 0..20 {
        let all = ads(seed, 11, 3000);
        let (first, second) = all.split_at(5);
        let turned: Vec<_> = all.iter().rev().copied().collect();
        let mut rotated = all.clone();
        rotated.rotate_left(4);
        for tau2 in METHODS {
            assert_eq!(share(&all, tau2), share(&turned, tau2));
            assert_eq!(share(&all, tau2), share(&rotated, tau2));
        }
        let reversed = |part: &[(u64, u64)]| part.iter().rev().copied().collect::<Vec<_>>();
        assert_eq!(
            random_effects_contrast(first, second, Units::Ads, 0.95),
            random_effects_contrast(&reversed(first), &reversed(second), Units::Ads, 0.95),
        );
    }
}

#[test]
fn ads_without_impressions_change_nothing_but_their_count() {
    let some = [(30, 100), (45, 100), (80, 100)];
    let more = [(30, 100), (0, 0), (45, 100), (80, 100), (0, 0)];
    let found = share(&more, Tau2::Reml);
    assert_eq!(found.without_trials, 2);
    let expected = RandomEffectsShare {
        without_trials: 2,
        ..share(&some, Tau2::Reml)
    };
    assert_eq!(found, expected);
}

#[test]
fn doubling_all_counts_halves_each_sampling_variance_and_keeps_the_logits() {
    for (seed, counts) in (0..20).map(|seed| (seed, ads(seed, 8, 900))) {
        let inner: Vec<_> = counts
            .into_iter()
            .filter(|(k, n)| *k > 0 && k < n)
            .collect();
        let doubled: Vec<_> = inner.iter().map(|(k, n)| (2 * k, 2 * n)).collect();
        let (once, twice) = (
            logit_effects(&inner).unwrap(),
            logit_effects(&doubled).unwrap(),
        );
        for (once, twice) in once.iter().zip(&twice) {
            assert!((once.y - twice.y).abs() < 1e-14, "seed {seed}");
            assert_eq!(once.v, 2.0 * twice.v);
        }
        let (once, twice) = (
            share(&inner, Tau2::DerSimonianLaird),
            share(&doubled, Tau2::DerSimonianLaird),
        );
        close(twice.equal_effects.value, once.equal_effects.value, 1e-12);
        close(twice.q, once.q.map(|q| 2.0 * q), 1e-9);
    }
}

#[test]
fn swapping_the_arms_flips_the_sign_and_inverts_the_odds() {
    for seed in 0..30 {
        let (a, b) = (ads(seed, 4, 500), ads(seed + 100, 6, 500));
        let there = random_effects_contrast(&a, &b, Units::Ads, 0.9);
        let back = random_effects_contrast(&b, &a, Units::Ads, 0.9);
        let (d, r) = (there.log_odds_difference, back.log_odds_difference);
        assert_eq!(d.value, r.value.map(|v| -v));
        assert_eq!((d.low, d.high), (r.high.map(|v| -v), r.low.map(|v| -v)));
        assert_eq!((d.p, there.tau2, there.error), (r.p, back.tau2, back.error));
        close(
            there.odds_ratio.value,
            back.odds_ratio.value.map(|v| 1.0 / v),
            1e-12,
        );
    }
}

#[test]
fn counting_the_others_mirrors_every_share() {
    for seed in 0..30 {
        let men = ads(seed, 7, 800);
        let women: Vec<_> = men.iter().map(|(k, n)| (n - k, *n)).collect();
        for tau2 in METHODS {
            let (men, women) = (share(&men, tau2), share(&women, tau2));
            close(men.tau2.value, women.tau2.value, 1e-6);
            close(men.tau2.high, women.tau2.high, 1e-9);
            for (m, w) in estimates(&men).into_iter().zip(estimates(&women)) {
                assert!((m.value.unwrap() + w.value.unwrap() - 1.0).abs() < 1e-7);
                assert!((m.low.unwrap() + w.high.unwrap() - 1.0).abs() < 1e-7);
                assert!((m.high.unwrap() + w.low.unwrap() - 1.0).abs() < 1e-7);
            }
        }
    }
}

#[test]
fn the_next_ad_is_less_certain_than_the_mean_and_both_stay_between_0_and_1() {
    for seed in 0..60 {
        let counts = ads(seed, 2 + seed as usize % 6, 400);
        for tau2 in METHODS {
            let found = share(&counts, tau2);
            if found.clusters < 2 {
                continue;
            }
            let inner = (found.share.low.unwrap(), found.share.high.unwrap());
            let outer = (
                found.prediction.low.unwrap(),
                found.prediction.high.unwrap(),
            );
            assert!(0.0 <= outer.0 && outer.0 <= inner.0, "{counts:?}");
            assert!(inner.1 <= outer.1 && outer.1 <= 1.0, "{counts:?}");
            for estimate in estimates(&found) {
                assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
            }
        }
    }
}

#[test]
fn ads_that_are_all_alike_have_no_variance_between_them_and_no_certain_mean() {
    for tau2 in METHODS {
        for counts in [vec![(50, 100); 3], vec![(3, 7); 12], vec![(0, 9); 4]] {
            let found = share(&counts, tau2);
            assert_eq!(found.tau2.value, Some(0.0));
            assert_eq!(
                (found.q, found.q_p, found.i2),
                (Some(0.0), Some(1.0), Some(0.0))
            );
            assert_eq!((found.tau2.low, found.tau2.high), (None, None));
            assert_eq!(found.tau2.refusal, Some(Refusal::TooAlike));
            for estimate in [found.share, found.prediction] {
                assert!(estimate.value.is_some());
                assert_eq!((estimate.low, estimate.high), (None, None));
                assert_eq!(estimate.refusal, Some(Refusal::NoVariation));
            }
            assert!(found.share_z.low.is_some());
        }
        // Equal shares from different counts are alike too.
        let found = share(&[(1, 2), (50, 100), (400, 800)], tau2);
        assert_eq!(found.tau2.value, Some(0.0));
        assert_eq!(found.share.refusal, Some(Refusal::NoVariation));
    }
    let alike = random_effects_contrast(&[(9, 10); 3], &[(5, 10); 3], Units::Ads, 0.95);
    assert!((alike.log_odds_difference.value.unwrap() - libm::log(9.0)).abs() < 1e-12);
    assert_eq!(
        alike.log_odds_difference.refusal,
        Some(Refusal::NoVariation)
    );
    assert_eq!(alike.odds_ratio.refusal, Some(Refusal::NoVariation));
    assert_eq!(
        (alike.log_odds_difference.p, alike.odds_ratio.low),
        (None, None)
    );
}

#[test]
fn each_way_to_tau2_is_a_method_of_its_own() {
    let counts = [(812, 1000), (905, 1000), (877, 1000)];
    let methods = METHODS.map(|tau2| share(&counts, tau2).share.method);
    let wanted = [
        Method::RandomEffectsDl,
        Method::RandomEffectsReml,
        Method::RandomEffectsPm,
    ];
    assert_eq!(methods, wanted);
    let found = share(&counts, Tau2::Reml);
    assert_eq!(found.share_z.method, Method::RandomEffectsZ);
    assert_eq!(found.prediction.method, Method::Prediction);
    assert_eq!(found.equal_effects.method, Method::EqualEffects);
    assert_eq!(
        (found.share.n, found.share.units, found.share.k),
        (3, Units::Ads, None)
    );
    assert_eq!(found.prediction.value, found.share.value);
}

#[test]
fn the_variance_between_ads_lies_in_its_interval_and_that_in_wider_ones() {
    for seed in 0..40 {
        let counts = ads(seed, 3 + seed as usize % 9, 3000);
        let at = |level| random_effects_share(&counts, Units::Ads, Tau2::PauleMandel, level).tau2;
        let (narrow, wide) = (at(0.5), at(0.95));
        assert!(wide.low <= narrow.low && narrow.high <= wide.high);
        // Paule-Mandel's search ends within 0.0001.
        let value = wide.value.unwrap();
        assert!(wide.low.unwrap() <= value + 1e-4 && value <= wide.high.unwrap() + 1e-4);
        assert_eq!((wide.method, wide.level), (Method::QProfile, Some(0.95)));
        let ends = METHODS.map(|tau2| share(&counts, tau2).tau2.high);
        assert!(ends[0] == ends[1] && ends[1] == ends[2]);
    }
}

// Refusals

#[test]
fn one_ad_has_a_share_but_no_interval_no_prediction_and_no_variance_between_ads() {
    let found = share(&[(30, 100), (0, 0)], Tau2::Reml);
    for estimate in estimates(&found) {
        close(estimate.value, 0.3, 1e-12);
        assert_eq!(
            (estimate.low, estimate.high, estimate.level),
            (None, None, None)
        );
        assert_eq!(estimate.refusal, Some(Refusal::OneUnit));
    }
    assert_eq!((found.clusters, found.without_trials), (1, 1));
    assert_eq!((found.tau2.value, found.tau2.low), (None, None));
    assert_eq!(found.tau2.refusal, Some(Refusal::OneUnit));
    assert_eq!(
        (found.q, found.q_p, found.i2, found.h2),
        (None, None, None, None)
    );
    for (first, second) in [(1, 3), (3, 1), (1, 1)] {
        let arm = |count| ads(5, 4, 100)[..count].to_vec();
        let found = random_effects_contrast(&arm(first), &arm(second), Units::Ads, 0.95);
        assert_eq!(found.log_odds_difference.refusal, Some(Refusal::OneUnit));
        assert_eq!(
            (found.tau2, found.error, found.odds_ratio.value),
            (None, None, None)
        );
    }
}

#[test]
fn no_ads_and_impossible_counts_are_refused() {
    for (counts, refusal) in [
        (vec![], Refusal::NoUnits),
        (vec![(0, 0)], Refusal::NoUnits),
        (vec![(1, 2), (3, 2)], Refusal::CountExceedsTrials),
        (vec![(1, 2), (3, u64::MAX)], Refusal::TooLarge),
        (vec![(u64::MAX, u64::MAX), (1, 2)], Refusal::TooLarge),
    ] {
        let found = share(&counts, Tau2::Reml);
        let contrast = random_effects_contrast(&counts, &[(1, 3), (2, 3)], Units::Ads, 0.95);
        for estimate in estimates(&found).into_iter().chain([contrast.odds_ratio]) {
            assert_eq!((estimate.value, estimate.low), (None, None));
            assert_eq!(estimate.refusal, Some(refusal));
        }
    }
    assert_eq!(
        log_ratio_effects(&[((3, 2), (1, 2))]),
        Err(Refusal::CountExceedsTrials)
    );
    assert_eq!(log_ratio_effects(&[((0, 0), (1, 2))]), Ok(vec![]));
}

#[test]
fn a_level_that_is_none_refuses_the_interval_and_keeps_the_value() {
    for level in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
        let counts = [(30, 100), (45, 100), (80, 100)];
        let found = random_effects_share(&counts, Units::Ads, Tau2::Reml, level);
        for estimate in estimates(&found) {
            assert!(estimate.value.is_some() && estimate.low.is_none());
            assert_eq!(estimate.refusal, Some(Refusal::Level));
        }
        assert!(found.tau2.value.is_some() && found.tau2.low.is_none());
        assert_eq!(found.tau2.refusal, Some(Refusal::Level));
        let contrast = random_effects_contrast(&counts, &[(1, 3), (2, 3)], Units::Ads, level);
        assert!(contrast.odds_ratio.value.is_some() && contrast.odds_ratio.low.is_none());
        assert_eq!(contrast.odds_ratio.refusal, Some(Refusal::Level));
    }
}

#[test]
fn effects_that_are_no_numbers_are_refused() {
    let good = Effect { y: 0.5, v: 0.1 };
    for (y, v) in [
        (f64::NAN, 1.0),
        (f64::INFINITY, 1.0),
        (0.0, 0.0),
        (0.0, -1.0),
        (0.0, f64::NAN),
        (0.0, f64::INFINITY),
        (0.0, 1e-320),
    ] {
        for tau2 in METHODS {
            let refused = random_effects(&[good, Effect { y, v }], tau2);
            assert_eq!(refused, Err(Refusal::NotFinite), "{y} {v}");
        }
    }
    for tau2 in METHODS {
        assert_eq!(random_effects(&[], tau2), Err(Refusal::NoUnits));
        assert_eq!(random_effects(&[good], tau2), Err(Refusal::OneUnit));
        // Numbers whose squares are none.
        let huge = [
            Effect {
                y: 1e200,
                v: 1e-200,
            },
            Effect {
                y: -1e200,
                v: 1e-200,
            },
            good,
        ];
        assert!(random_effects(&huge, tau2).is_err());
    }
    // Paule-Mandel's search ends at a variance of 100.
    let far = [Effect { y: -60.0, v: 0.1 }, Effect { y: 60.0, v: 0.1 }];
    assert_eq!(
        random_effects(&far, Tau2::PauleMandel),
        Err(Refusal::NotConverged)
    );
}

#[test]
fn the_largest_counts_still_give_numbers_or_a_reason() {
    const MOST: u64 = 1 << 53;
    for tau2 in METHODS {
        for counts in [
            vec![(0, MOST), (MOST, MOST)],
            vec![(0, MOST), (1, 1)],
            vec![(MOST / 2, MOST), (MOST / 3, MOST), (1, 1)],
            vec![(0, 1), (1, 1)],
        ] {
            let found = share(&counts, tau2);
            for estimate in estimates(&found) {
                assert!(
                    estimate.low.is_some() != estimate.refusal.is_some(),
                    "{counts:?}"
                );
                let numbers = [estimate.value, estimate.low, estimate.high];
                assert!(
                    numbers
                        .into_iter()
                        .flatten()
                        .all(|n| (0.0..=1.0).contains(&n))
                );
            }
        }
    }
}
