//! Intervals from resampling: shares over ads, kappa, and Krippendorff's alpha.

use super::{close, integers, section};
use casefile::stats::{
    ClusterBootstrap, DRAWS, Estimate, MIN_RESAMPLED, Method, Refusal, Scale, Units, agreement,
    cluster_bootstrap, cluster_shares, krippendorff_alpha,
};
use serde_json::Value;

fn ads(seed: u64, count: usize) -> Vec<(u64, u64)> {
    let sizes: Vec<u64> = integers(seed, 9000).take(count).collect();
    let parts = integers(seed + 1000, 9000);
    let ad = |(n, k): (&u64, u64)| (k % (n + 2), n + 1);
    sizes.iter().zip(parts).map(ad).collect()
}

fn arm(counts: &[(u64, u64)], seed: u64) -> ClusterBootstrap {
    cluster_bootstrap(counts, Units::Impressions, Units::Ads, 2000, seed, 0.95)
}

fn ends(estimate: Estimate) -> (f64, f64) {
    (estimate.low.unwrap(), estimate.high.unwrap())
}

// Shares over ads

#[test]
fn bootstrapped_shares_are_the_observed_ones_inside_their_interval() {
    for seed in 0..20 {
        let counts = ads(seed, 25);
        let (found, plain) = (
            arm(&counts, seed),
            cluster_shares(&counts, Units::Impressions, Units::Ads, 0.95),
        );
        for (found, plain) in [(found.pooled, plain.pooled), (found.mean, plain.mean)] {
            assert_eq!(
                (found.value, found.k, found.n, found.units),
                (plain.value, plain.k, plain.n, plain.units)
            );
            assert_eq!(found.method, Method::ClusterBootstrap);
            let (low, high) = ends(found);
            assert!(0.0 <= low && low <= found.value.unwrap());
            assert!(found.value.unwrap() <= high && high <= 1.0);
            // Both intervals estimate the same error; t is wider by 5 % at 25 units.
            let ratio = (high - low) / (plain.high.unwrap() - plain.low.unwrap());
            assert!((0.75..1.1).contains(&ratio), "{ratio}");
        }
    }
}

#[test]
fn a_seed_gives_the_same_interval_on_every_machine_and_another_seed_another() {
    let counts: Vec<(u64, u64)> = (1..=16).map(|i| (i, 32)).collect();
    let found = arm(&counts, 7);
    // Written down from a run; a change means that old reports no longer reproduce.
    assert_eq!(ends(found.pooled), WRITTEN_DOWN);
    // Ads of one size: both shares are the same number in every resample.
    assert_eq!(ends(found.mean), WRITTEN_DOWN);
    assert_eq!((found.seed, found.draws, found.clusters), (7, 2000, 16));
    assert_eq!(arm(&counts, 7), found);
    assert_ne!(
        ends(arm(&ads(1, 16), 8).mean),
        ends(arm(&ads(1, 16), 7).mean)
    );
}

/// Mean 0.2656 and standard error 0.0372, so that 0.193 to 0.339 was to be expected.
const WRITTEN_DOWN: (f64, f64) = (0.191_406_25, 0.337_890_625);

#[test]
fn ten_ads_of_0_or_1_have_the_percentiles_of_the_binomial_distribution() {
    // Five of ten: the number drawn is binomial(10, 1/2), which puts 1.07 % below 2 and 5.47 %
    // below 3.
    let counts: Vec<(u64, u64)> = (0..10).map(|i| (i % 2, 1)).collect();
    for seed in 0..5 {
        let found = cluster_bootstrap(&counts, Units::Items, Units::Ads, DRAWS, seed, 0.95);
        assert_eq!(
            (ends(found.pooled), ends(found.mean)),
            ((0.2, 0.8), (0.2, 0.8))
        );
    }
}

#[test]
fn the_order_of_ads_does_not_matter_to_a_single_bit_when_resampling() {
    for seed in 0..10 {
        let counts = ads(seed, 14);
        let turned: Vec<_> = counts.iter().rev().copied().collect();
        assert_eq!(arm(&counts, 3), arm(&turned, 3));
    }
}

#[test]
fn doubling_the_counts_keeps_the_bootstrap() {
    let counts = ads(5, 12);
    let doubled: Vec<_> = counts.iter().map(|&(k, n)| (2 * k, 2 * n)).collect();
    let (once, twice) = (arm(&counts, 3), arm(&doubled, 3));
    assert_eq!(ends(once.pooled), ends(twice.pooled));
    assert_eq!(ends(once.mean), ends(twice.mean));
}

#[test]
fn counting_the_other_outcome_mirrors_the_bootstrap() {
    for seed in 0..10 {
        let counts = ads(seed, 13);
        let others: Vec<_> = counts.iter().map(|&(k, n)| (n - k, n)).collect();
        let (found, mirror) = (arm(&counts, 4), arm(&others, 4));
        for (found, mirror) in [(found.pooled, mirror.pooled), (found.mean, mirror.mean)] {
            close(mirror.low, found.high.map(|v| 1.0 - v), 1e-12);
            close(mirror.high, found.low.map(|v| 1.0 - v), 1e-12);
        }
    }
}

#[test]
fn a_bootstrap_of_too_few_units_or_draws_is_refused() {
    let refusal = |counts: &[(u64, u64)], draws, level| {
        let found = cluster_bootstrap(counts, Units::Items, Units::Ads, draws, 1, level);
        for estimate in [found.pooled, found.mean] {
            assert_eq!(
                (estimate.low, estimate.high, estimate.level),
                (None, None, None)
            );
        }
        assert_eq!(found.pooled.refusal, found.mean.refusal);
        (found.mean.value.is_some(), found.mean.refusal.unwrap())
    };
    let (enough, few) = (
        ads(1, MIN_RESAMPLED as usize),
        ads(1, MIN_RESAMPLED as usize - 1),
    );
    assert!(arm(&enough, 1).mean.low.is_some());
    assert_eq!(refusal(&few, DRAWS, 0.95), (true, Refusal::TooFewUnits));
    assert_eq!(refusal(&[(1, 3)], DRAWS, 0.95), (true, Refusal::OneUnit));
    assert_eq!(refusal(&[(0, 0)], DRAWS, 0.95), (false, Refusal::NoUnits));
    assert_eq!(
        refusal(&[(3, 2)], DRAWS, 0.95),
        (false, Refusal::CountExceedsTrials)
    );
    let alike: Vec<_> = (1..30).map(|i| (i, 3 * i)).collect();
    assert_eq!(refusal(&alike, DRAWS, 0.95), (true, Refusal::NoVariation));
    assert_eq!(refusal(&enough, 199, 0.95), (true, Refusal::TooFewDraws));
    assert_eq!(refusal(&enough, 0, 0.95), (true, Refusal::TooFewDraws));
    assert_eq!(
        refusal(&enough, u32::MAX, 0.95),
        (true, Refusal::TooFewDraws)
    );
    assert_eq!(
        refusal(&enough, DRAWS, 1.0 - 1e-6),
        (true, Refusal::TooFewDraws)
    );
    assert_eq!(
        refusal(&enough, DRAWS, 1e-300),
        (true, Refusal::TooFewDraws)
    );
    for level in [0.0, 1.0, 95.0, f64::NAN] {
        assert_eq!(refusal(&enough, DRAWS, level), (true, Refusal::Level));
    }
    let mut large = enough.clone();
    large.push((1, 1 << 52));
    assert_eq!(refusal(&large, DRAWS, 0.95), (true, Refusal::TooLarge));
    large.push((1, u64::MAX));
    assert_eq!(refusal(&large, DRAWS, 0.95), (false, Refusal::TooLarge));
}

// Two coders

#[test]
fn kappa_agrees_with_scikit_learn_and_lies_in_its_interval() {
    for row in section("python.json", "cohen_kappa") {
        let codes = |key: &str| -> Vec<u64> {
            let list = row[key].as_array().unwrap();
            list.iter().map(|code| code.as_u64().unwrap()).collect()
        };
        let pairs: Vec<(u64, u64)> = codes("a").into_iter().zip(codes("b")).collect();
        let kappa = agreement(&pairs, 0.95, 1).kappa;
        close(kappa.value, row["kappa"].as_f64(), 1e-9);
        let Some((low, high)) = kappa.low.zip(kappa.high) else {
            // Few items: resamples with one category only.
            assert!(kappa.refusal.is_some());
            continue;
        };
        assert!(low < kappa.value.unwrap() && kappa.value.unwrap() < high && high <= 1.0);
        let turned: Vec<(u64, u64)> = pairs.iter().rev().copied().collect();
        assert_eq!(agreement(&turned, 0.95, 1).kappa, kappa);
        let swapped: Vec<(u64, u64)> = pairs.iter().map(|&(a, b)| (b, a)).collect();
        close(agreement(&swapped, 0.95, 1).kappa.value, kappa.value, 0.0);
        // With few items, resamples of another seed can have the same percentiles.
        if pairs.len() > 100 {
            assert_ne!(ends(agreement(&pairs, 0.95, 2).kappa), (low, high));
        }
    }
}

#[test]
fn the_interval_of_kappa_is_near_that_of_its_large_sample_error() {
    // 400 items, two categories: 150 and 150 agree, 50 and 50 do not. Fleiss, Cohen and Everitt
    // (1969) with equal margins: kappa 1/2, variance p (1 - p) / (n (1 - p_e)^2).
    let cells = [(0, 0, 150), (1, 1, 150), (0, 1, 50), (1, 0, 50)];
    let codes: Vec<(u8, u8)> = cells
        .iter()
        .flat_map(|&(a, b, count)| std::iter::repeat_n((a, b), count))
        .collect();
    let kappa = agreement(&codes, 0.95, 1).kappa;
    close(kappa.value, 0.5, 1e-15);
    let half = 1.96 * (0.75 * 0.25 / (400.0 * 0.25f64)).sqrt();
    close(kappa.low, 0.5 - half, 0.03);
    close(kappa.high, 0.5 + half, 0.03);
}

#[test]
fn kappa_of_few_or_perfectly_coded_items_has_no_interval() {
    let refusal = |codes: &[(u8, u8)]| {
        let kappa = agreement(codes, 0.95, 1).kappa;
        assert_eq!((kappa.low, kappa.high), (None, None));
        (kappa.value, kappa.refusal.unwrap())
    };
    assert_eq!(refusal(&[]), (None, Refusal::NoUnits));
    assert_eq!(
        refusal(&[(1, 1); 20]),
        (None, Refusal::NoDisagreementByChance)
    );
    assert_eq!(refusal(&[(1, 0)]), (Some(0.0), Refusal::OneUnit));
    assert_eq!(
        refusal(&[(1, 0), (0, 1)]),
        (Some(-1.0), Refusal::TooFewUnits)
    );
    let perfect: Vec<(u8, u8)> = (0..20).map(|i| (i % 2, i % 2)).collect();
    assert_eq!(refusal(&perfect), (Some(1.0), Refusal::NoVariation));
    // One item of twelve differs: a third of the resamples hold a single category.
    let mut lopsided = [(1, 1); 12];
    lopsided[0] = (0, 0);
    assert_eq!(refusal(&lopsided), (Some(1.0), Refusal::UnstableResamples));
}

// Several coders

type Ratings = Vec<Vec<Option<u64>>>;

fn ratings(row: &Value) -> Ratings {
    let coders = row["ratings"].as_array().unwrap();
    let coder = |list: &Value| list.as_array().unwrap().iter().map(Value::as_u64).collect();
    coders.iter().map(coder).collect()
}

fn alpha(ratings: &Ratings, scale: Scale) -> Estimate {
    krippendorff_alpha(ratings, scale, 0.95, 1).alpha
}

const SCALES: [Scale; 2] = [Scale::Nominal, Scale::Ordinal];

#[test]
fn alpha_agrees_with_the_krippendorff_package_missing_ratings_included() {
    for row in section("python.json", "krippendorff_alpha") {
        let ratings = ratings(&row);
        for (scale, name) in SCALES.into_iter().zip(["nominal", "ordinal"]) {
            let found = alpha(&ratings, scale);
            close(found.value, row[name].as_f64(), 1e-9);
            match found.low.zip(found.high) {
                Some((low, high)) => {
                    let value = found.value.unwrap();
                    assert!(low < value && value < high && high <= 1.0);
                }
                // Few items, or resamples with one category only.
                None => assert!(found.refusal.is_some()),
            }
        }
    }
}

#[test]
fn alpha_equals_krippendorffs_own_example() {
    // Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability, part C.
    let marks = [
        "123321412...",
        "1233224125.3",
        ".3332342251.",
        "12332441251.",
    ];
    let rating = |mark: char| mark.to_digit(10).map(u64::from);
    let ratings: Ratings = marks
        .map(|coder| coder.chars().map(rating).collect())
        .to_vec();
    for (scale, published) in SCALES.into_iter().zip([0.743, 0.815]) {
        let found = krippendorff_alpha(&ratings, scale, 0.95, 1);
        assert!((found.alpha.value.unwrap() - published).abs() < 5e-4);
        assert_eq!((found.alpha.n, found.ratings, found.unpaired), (11, 40, 1));
    }
}

#[test]
fn the_order_of_items_and_coders_does_not_matter_to_alpha() {
    for row in section("python.json", "krippendorff_alpha") {
        let ratings = ratings(&row);
        let turned: Ratings = ratings
            .iter()
            .rev()
            .map(|coder| coder.iter().rev().copied().collect())
            .collect();
        for scale in SCALES {
            assert_eq!(alpha(&ratings, scale), alpha(&turned, scale));
        }
    }
}

#[test]
fn alpha_does_not_depend_on_names_and_ordinal_alpha_on_their_order_only() {
    for row in section("python.json", "krippendorff_alpha") {
        let ratings = ratings(&row);
        let renamed = |name: fn(u64) -> u64| -> Ratings {
            let coder = |coder: &Vec<Option<u64>>| coder.iter().map(|c| c.map(name)).collect();
            ratings.iter().map(coder).collect()
        };
        let stretched = renamed(|code| code * code + 7);
        let reversed = renamed(|code| 100 - code);
        let scrambled = renamed(|code| code * 3 % 7);
        for scale in SCALES {
            assert_eq!(alpha(&ratings, scale), alpha(&stretched, scale));
            close(
                alpha(&reversed, scale).value,
                alpha(&ratings, scale).value,
                1e-15,
            );
        }
        let nominal = alpha(&ratings, Scale::Nominal);
        close(
            alpha(&scrambled, Scale::Nominal).value,
            nominal.value,
            1e-15,
        );
        // Two or three codes in another order can be as far apart as they were.
        let used: std::collections::BTreeSet<&u64> = ratings.iter().flatten().flatten().collect();
        if used.len() > 3 {
            assert_ne!(
                alpha(&scrambled, Scale::Ordinal).value,
                alpha(&ratings, Scale::Ordinal).value
            );
        }
    }
}

#[test]
fn a_rating_that_stands_alone_is_counted_and_changes_nothing() {
    for row in section("python.json", "krippendorff_alpha") {
        let mut ratings = ratings(&row);
        let before = krippendorff_alpha(&ratings, Scale::Ordinal, 0.95, 1);
        let longest = ratings[0].len();
        ratings[0].push(Some(1));
        // The other lists end earlier: what they lack is missing.
        assert!(ratings[1].len() == longest);
        let after = krippendorff_alpha(&ratings, Scale::Ordinal, 0.95, 1);
        assert_eq!(after.alpha, before.alpha);
        assert_eq!(
            (after.ratings, after.unpaired),
            (before.ratings, before.unpaired + 1)
        );
        let given = ratings.iter().flatten().flatten().count() as u64;
        assert_eq!(after.ratings + after.unpaired, given);
    }
}

#[test]
fn two_coders_without_gaps_have_the_alpha_of_a_computation_by_hand() {
    // Items (0,0) (0,1) (1,1) (2,2) (2,1): n = 10, used 3, 4, 3. Nominal: observed 4 ordered
    // pairs differ, expected 100 - 34; alpha = 1 - 9 * 4 / 66.
    let ratings: Ratings = vec![
        [0, 0, 1, 2, 2].map(Some).to_vec(),
        [0, 1, 1, 2, 1].map(Some).to_vec(),
    ];
    close(
        alpha(&ratings, Scale::Nominal).value,
        1.0 - 36.0 / 66.0,
        1e-15,
    );
    // Ordinal: 0 and 1 lie 3.5 apart, 1 and 2 as well, 0 and 2 lie 7 apart: observed 2 * 12.25
    // each way, expected 12 * 12.25 twice and 9 * 49.
    let expected = 24.0 * 12.25 + 9.0 * 49.0;
    close(
        alpha(&ratings, Scale::Ordinal).value,
        1.0 - 9.0 * 24.5 / expected,
        1e-15,
    );
}

#[test]
fn alpha_is_refused_where_nothing_shows_agreement() {
    let refusal = |ratings: &Ratings, scale| {
        let found = alpha(ratings, scale);
        assert_eq!((found.low, found.high), (None, None));
        (found.value, found.refusal.unwrap())
    };
    let once: Ratings = vec![vec![Some(1), None, Some(2)], vec![None, Some(2), None]];
    let same: Ratings = vec![vec![Some(1); 20], vec![Some(1); 20]];
    let perfect: Vec<_> = (0..20).map(|i| Some(i % 3)).collect();
    let perfect: Ratings = vec![perfect.clone(), perfect];
    let few: Ratings = vec![vec![Some(1), Some(2)], vec![Some(1), Some(1)]];
    let mut lopsided: Ratings = vec![vec![Some(1); 12], vec![Some(1); 12]];
    lopsided[0][3] = Some(2);
    for scale in SCALES {
        for nothing in [
            Vec::new(),
            vec![vec![]; 3],
            vec![vec![None; 4]; 2],
            once.clone(),
        ] {
            assert_eq!(refusal(&nothing, scale), (None, Refusal::NothingPairable));
        }
        assert_eq!(
            refusal(&same, scale),
            (None, Refusal::NoDisagreementByChance)
        );
        assert_eq!(refusal(&perfect, scale), (Some(1.0), Refusal::NoVariation));
        assert_eq!(refusal(&few, scale), (Some(0.0), Refusal::TooFewUnits));
        assert_eq!(refusal(&lopsided, scale).1, Refusal::UnstableResamples);
        let one: Ratings = vec![vec![Some(1)], vec![Some(2)]];
        assert_eq!(refusal(&one, scale), (Some(0.0), Refusal::OneUnit));
        let level = krippendorff_alpha(&few, scale, f64::NAN, 1).alpha;
        assert_eq!(level.refusal, Some(Refusal::Level));
    }
}

#[test]
fn hostile_counts_and_levels_give_no_number_that_is_none_when_resampling() {
    let large = [0, 1, u64::MAX / 2, u64::MAX];
    for level in [0.95, 0.0, 1.0, -3.0, f64::NAN, f64::MIN_POSITIVE] {
        for (k, n) in large.into_iter().flat_map(|k| large.map(|n| (k, n))) {
            let mut counts = ads(1, 11);
            counts.push((k, n));
            let found = cluster_bootstrap(&counts, Units::Items, Units::Ads, 300, n, level);
            for estimate in [found.pooled, found.mean] {
                let numbers = [estimate.value, estimate.low, estimate.high];
                assert!(numbers.into_iter().flatten().all(f64::is_finite));
                let whole = k <= n && n < u64::MAX / 2 && level == 0.95;
                assert_eq!(estimate.low.is_some(), whole, "{estimate:?}");
            }
        }
    }
}
