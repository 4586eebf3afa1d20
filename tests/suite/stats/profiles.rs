//! Shares at a common age structure, distances between profiles, and counts known as ranges.

use super::{close, integers, on_the_logit};
use casefile::stats::{
    CountRange, Estimate, Method, RangedCounts, Refusal, StandardisedShares, Units, cluster_shares,
    difference_bounds, direct_standardisation, mean_bounds, pooled_bounds, share_bounds,
    share_difference, standardised_shares, total_variation, worst_case_bounds,
};

// Standardisation

/// Ads with six age groups each.
fn by_age(seed: u64, count: usize) -> Vec<Vec<(u64, u64)>> {
    let mut draws = integers(seed, 5000);
    let mut cell = || {
        let n = 1 + draws.next().unwrap();
        (draws.next().unwrap() % (n + 1), n)
    };
    let mut ad = || (0..6).map(|_| cell()).collect();
    (0..count).map(|_| ad()).collect()
}

const POPULATION: [u64; 6] = [610, 900, 0, 850, 700, 1200];

fn standardised(ads: &[Vec<(u64, u64)>]) -> StandardisedShares {
    standardised_shares(ads, &POPULATION, Units::Ads, 0.95)
}

fn one(strata: &[(u64, u64)], standard: &[u64]) -> Estimate {
    direct_standardisation(strata, standard, Units::Impressions)
}

#[test]
fn a_standardised_share_equals_a_computation_by_hand() {
    // 0.9 of the young and 0.2 of the old; the population is one part young, three parts old.
    let found = one(&[(90, 100), (2, 10)], &[25, 75]);
    close(found.value, 0.25 * 0.9 + 0.75 * 0.2, 1e-15);
    assert_eq!((found.n, found.k, found.low), (110, None, None));
    assert_eq!(found.refusal, Some(Refusal::OneUnit));
    // In the proportions of the ad itself, standardising changes nothing.
    close(
        one(&[(90, 100), (2, 10)], &[100, 10]).value,
        92.0 / 110.0,
        1e-15,
    );
    // A stratum outside the population does not count.
    close(one(&[(90, 100), (2, 10)], &[0, 7]).value, 0.2, 1e-15);
    assert_eq!(one(&[(90, 100), (2, 10)], &[0, 7]).n, 10);
}

#[test]
fn ads_that_differ_in_age_only_are_equal_once_standardised() {
    let young = vec![(900, 1000), (2, 10)];
    let old = vec![(9, 10), (200, 1000)];
    let pooled = |ad: &[(u64, u64)]| {
        let sum = |pick: fn(&(u64, u64)) -> u64| ad.iter().map(pick).sum::<u64>() as f64;
        sum(|cell| cell.0) / sum(|cell| cell.1)
    };
    assert!(pooled(&young) - pooled(&old) > 0.6);
    assert_eq!(one(&young, &[1, 1]).value, one(&old, &[1, 1]).value);
}

#[test]
fn the_mean_over_ads_has_the_interval_between_ads() {
    // Standardised 0.5, 0.6 and 0.4; t(2) at 0.975 is 4.302652..., standard error 0.1 / sqrt 3.
    let ads = [
        vec![(9, 10), (1, 10)],
        vec![(8, 10), (4, 10)],
        vec![(60, 100), (2, 10)],
    ];
    let found = standardised_shares(&ads, &[5, 5], Units::Ads, 0.95);
    let half = 4.302_652_729_749_462 * 0.1 / 3f64.sqrt();
    close(found.mean.value, 0.5, 1e-14);
    close(found.mean.low, on_the_logit(0.5, -half), 1e-12);
    close(found.mean.high, on_the_logit(0.5, half), 1e-12);
    assert_eq!((found.units, found.mean.n, found.mean.k), (3, 3, None));
    assert_eq!(found.mean.method, Method::DirectStandardisation);
    // With a single stratum it is the mean of ads.
    let counts = [(9, 10), (4, 10), (60, 100), (1, 7)];
    let strata: Vec<Vec<(u64, u64)>> = counts.iter().map(|ad| vec![*ad]).collect();
    let plain = cluster_shares(&counts, Units::Impressions, Units::Ads, 0.95).mean;
    let found = standardised_shares(&strata, &[3], Units::Ads, 0.95).mean;
    close(found.value, plain.value, 1e-14);
    close(found.low, plain.low, 1e-12);
    close(found.high, plain.high, 1e-12);
}

#[test]
fn neither_the_order_of_ads_nor_of_strata_matters_to_a_standardised_share() {
    for seed in 0..10 {
        let ads = by_age(seed, 9);
        let turned: Vec<Vec<(u64, u64)>> = ads.iter().rev().cloned().collect();
        assert_eq!(standardised(&ads), standardised(&turned));
        let mirrored: Vec<Vec<(u64, u64)>> = ads
            .iter()
            .map(|ad| ad.iter().rev().copied().collect())
            .collect();
        let mut population = POPULATION;
        population.reverse();
        let other = standardised_shares(&mirrored, &population, Units::Ads, 0.95);
        assert_eq!(standardised(&ads), other);
    }
}

#[test]
fn doubling_keeps_and_relabelling_mirrors_a_standardised_share() {
    let ads = by_age(3, 7);
    let each = |change: fn(&(u64, u64)) -> (u64, u64)| -> Vec<Vec<(u64, u64)>> {
        ads.iter()
            .map(|ad| ad.iter().map(change).collect())
            .collect()
    };
    let found = standardised(&ads).mean;
    assert_eq!(standardised(&each(|&(k, n)| (2 * k, 2 * n))).mean, found);
    let doubled = POPULATION.map(|people| 2 * people);
    let other = standardised_shares(&ads, &doubled, Units::Ads, 0.95).mean;
    assert_eq!(other.value, found.value);
    let mirror = standardised(&each(|&(k, n)| (n - k, n))).mean;
    close(mirror.value, found.value.map(|v| 1.0 - v), 1e-12);
    close(mirror.low, found.high.map(|v| 1.0 - v), 1e-12);
}

#[test]
fn an_ad_that_lacks_an_age_group_is_left_out_and_counted_never_taken_for_0() {
    let mut ads = by_age(6, 5);
    let before = standardised(&ads);
    let mut lacking = by_age(7, 1).remove(0);
    lacking[1] = (0, 0);
    ads.push(lacking.clone());
    ads.push(vec![(0, 0); 6]);
    let after = standardised(&ads);
    assert_eq!(
        (after.units, after.incomplete, after.without_trials),
        (5, 1, 1)
    );
    assert_eq!(after.mean, before.mean);
    // The age group that the population lacks may be missing.
    let mut complete = by_age(7, 1).remove(0);
    complete[2] = (0, 0);
    ads.push(complete);
    assert_eq!(standardised(&ads).units, 6);

    let alone = one(&lacking, &POPULATION);
    assert_eq!(
        (alone.value, alone.refusal),
        (None, Some(Refusal::EmptyStratum))
    );
    let none = standardised(&[lacking]).mean;
    assert_eq!(
        (none.value, none.refusal),
        (None, Some(Refusal::EmptyStratum))
    );
}

#[test]
fn standardising_is_refused_without_a_population_ads_or_differences() {
    let refusal = |ads: &[Vec<(u64, u64)>], standard: &[u64]| {
        let mean = standardised_shares(ads, standard, Units::Ads, 0.95).mean;
        assert_eq!((mean.low, mean.high, mean.level), (None, None, None));
        (mean.value, mean.refusal.unwrap())
    };
    let ad = vec![(1, 2), (1, 4)];
    let single = |ad: &Vec<(u64, u64)>, standard: &[u64]| {
        let found = one(ad, standard);
        assert_eq!(found.value, None);
        found.refusal.unwrap()
    };
    for (ad, standard, wanted) in [
        (ad.clone(), &[1][..], Refusal::StrataMismatch),
        (ad.clone(), &[0, 0], Refusal::NoStandard),
        (vec![(3, 2), (1, 4)], &[1, 1], Refusal::CountExceedsTrials),
        (ad.clone(), &[u64::MAX, u64::MAX], Refusal::TooLarge),
        (vec![(1, u64::MAX), (1, 4)], &[1, 1], Refusal::TooLarge),
    ] {
        assert_eq!(single(&ad, standard), wanted);
        assert_eq!(refusal(&[ad], standard), (None, wanted));
    }
    assert_eq!(refusal(&[], &[1, 1]), (None, Refusal::NoUnits));
    assert_eq!(
        refusal(&[vec![(0, 0); 2]], &[1, 1]),
        (None, Refusal::NoUnits)
    );
    assert_eq!(
        refusal(std::slice::from_ref(&ad), &[1, 1]),
        (Some(0.375), Refusal::OneUnit)
    );
    let alike = [ad.clone(), vec![(1, 4), (3, 6)]];
    assert_eq!(
        refusal(&alike, &[1, 1]),
        (Some(0.375), Refusal::NoVariation)
    );
    // 0.7 + 0.1 and 0.4 + 0.4, of which rounding makes two numbers.
    let rounded = [vec![(7, 10), (1, 10)], vec![(4, 10), (4, 10)]];
    let (value, reason) = refusal(&rounded, &[1, 1]);
    close(value, 0.4, 1e-15);
    assert_eq!(reason, Refusal::NoVariation);
    let ads = by_age(1, 4);
    let level = standardised_shares(&ads, &POPULATION, Units::Ads, 95.0).mean;
    assert_eq!((level.low, level.refusal), (None, Some(Refusal::Level)));
}

// Distance between profiles

fn distance(first: &[u64], second: &[u64]) -> Estimate {
    total_variation(first, second, Units::Impressions)
}

#[test]
fn the_distance_is_0_for_equal_shares_and_1_without_overlap() {
    assert_eq!(distance(&[1, 2, 0], &[300, 600, 0]).value, Some(0.0));
    assert_eq!(distance(&[7, 0, 3], &[0, 11, 0]).value, Some(1.0));
    // Shares 0.5, 0.3, 0.2 and 0.2, 0.3, 0.5.
    let found = distance(&[50, 30, 20], &[2, 3, 5]);
    close(found.value, 0.3, 1e-15);
    assert_eq!((found.low, found.high, found.n), (None, None, 110));
    assert_eq!(
        (found.method, found.refusal),
        (Method::TotalVariation, None)
    );
}

#[test]
fn the_distance_is_symmetric_keeps_when_doubled_and_obeys_the_triangle() {
    for seed in 0..30 {
        let profile = |seed| integers(seed, 1 << 30).take(7).collect::<Vec<u64>>();
        let (a, b, c) = (profile(seed), profile(seed + 100), profile(seed + 200));
        let between = |x: &[u64], y: &[u64]| distance(x, y).value.unwrap();
        assert_eq!(between(&a, &b), between(&b, &a));
        let doubled: Vec<u64> = a.iter().map(|count| 2 * count).collect();
        close(between(&doubled, &b), between(&a, &b), 1e-15);
        let turned = |x: &[u64]| x.iter().rev().copied().collect::<Vec<u64>>();
        assert_eq!(between(&turned(&a), &turned(&b)), between(&a, &b));
        assert!(between(&a, &c) <= between(&a, &b) + between(&b, &c) + 1e-15);
        assert!((0.0..=1.0).contains(&between(&a, &b)));
    }
}

#[test]
fn the_distance_of_an_empty_profile_is_refused() {
    let refusal = |a: &[u64], b: &[u64]| {
        assert_eq!(distance(a, b).value, None);
        distance(a, b).refusal.unwrap()
    };
    assert_eq!(refusal(&[0, 0], &[1, 2]), Refusal::NoTrials);
    assert_eq!(refusal(&[1, 2], &[0, 0]), Refusal::NoTrials);
    assert_eq!(refusal(&[], &[]), Refusal::NoTrials);
    assert_eq!(refusal(&[1], &[1, 2]), Refusal::StrataMismatch);
    assert_eq!(refusal(&[u64::MAX, 1], &[1, 2]), Refusal::TooLarge);
}

// Ranges

fn range(low: u64, high: u64) -> CountRange {
    CountRange {
        low,
        high: Some(high),
    }
}

fn from(low: u64) -> CountRange {
    CountRange { low, high: None }
}

fn ranged(outcome: CountRange, other: CountRange, unknown: CountRange) -> RangedCounts {
    RangedCounts {
        outcome,
        other,
        unknown,
    }
}

fn exact(outcome: u64, other: u64, unknown: u64) -> RangedCounts {
    let [outcome, other, unknown] = [outcome, other, unknown].map(CountRange::exact);
    ranged(outcome, other, unknown)
}

/// All `(k, n)` that ranges with an upper end allow, the unknown split in every way.
fn fillings(counts: RangedCounts) -> Vec<(u64, u64)> {
    let all = |range: CountRange| range.low..=range.high.unwrap();
    let mut found = Vec::new();
    for outcome in all(counts.outcome) {
        for other in all(counts.other) {
            for unknown in all(counts.unknown) {
                found.extend((0..=unknown).map(|k| (outcome + k, outcome + other + unknown)));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Small ranges, some of them exact, some without any count.
fn some_ranges(seed: u64, count: usize) -> Vec<RangedCounts> {
    let mut draws = integers(seed, 3);
    let mut next = || {
        let low = draws.next().unwrap().saturating_sub(1);
        range(low, low + draws.next().unwrap())
    };
    let mut unit = || ranged(next(), next(), next());
    (0..count).map(|_| unit()).collect()
}

#[track_caller]
fn holds(bounds: Estimate, value: f64) {
    let (low, high) = (bounds.low.unwrap(), bounds.high.unwrap());
    assert!(
        low <= value + 1e-15 && value <= high + 1e-15,
        "{value} outside {low} to {high}"
    );
}

#[test]
fn bounds_of_a_share_are_the_extremes_of_all_that_the_ranges_allow() {
    for seed in 0..300 {
        for counts in some_ranges(seed, 1) {
            let shares: Vec<f64> = fillings(counts)
                .into_iter()
                .filter(|(_, n)| *n > 0)
                .map(|(k, n)| k as f64 / n as f64)
                .collect();
            let found = share_bounds(counts, Units::Impressions);
            let least = shares.iter().copied().reduce(f64::min);
            assert_eq!((found.low, found.level), (least, None));
            assert_eq!(found.high, shares.iter().copied().reduce(f64::max));
            if let Some(value) = found.value {
                holds(found, value);
            }
        }
    }
}

#[test]
fn a_masked_cell_gives_bounds_and_no_midpoint() {
    let found = share_bounds(
        ranged(range(0, 4), range(20, 20), range(0, 0)),
        Units::Reach,
    );
    assert_eq!((found.value, found.low), (None, Some(0.0)));
    close(found.high, 4.0 / 24.0, 1e-15);
    assert_eq!(
        (found.refusal, found.n, found.k),
        (Some(Refusal::OnlyRanges), 20, None)
    );
    assert_eq!(found.method, Method::RangeBounds);
    // One masked ad among exact ones leaves their mean without a value too.
    let masked = ranged(range(0, 4), range(20, 20), range(0, 0));
    let mean = mean_bounds(&[exact(10, 10, 0), masked], Units::Ads);
    assert_eq!(
        (mean.value, mean.refusal),
        (None, Some(Refusal::OnlyRanges))
    );
    close(mean.low, 0.25, 1e-15);
    close(mean.high, (0.5 + 4.0 / 24.0) / 2.0, 1e-15);
    // Without an upper end of the other side nothing bounds the share from below.
    let open = share_bounds(ranged(range(5, 9), from(1), range(0, 0)), Units::Reach);
    assert_eq!(open.low, Some(0.0));
    close(open.high, 0.9, 1e-15);
    let open = share_bounds(ranged(from(5), range(1, 5), range(0, 0)), Units::Reach);
    assert_eq!((open.low, open.high), (Some(0.5), Some(1.0)));
    let open = share_bounds(ranged(range(5, 5), range(5, 5), from(0)), Units::Reach);
    assert_eq!(
        (open.low, open.value, open.high),
        (Some(0.0), Some(0.5), Some(1.0))
    );
}

#[test]
fn exact_counts_have_the_bounds_of_the_unknown_only() {
    for (outcome, other, unknown) in [(30, 20, 7), (30, 20, 0), (0, 5, 5), (0, 0, 3), (0, 0, 0)] {
        let found = share_bounds(exact(outcome, other, unknown), Units::Items);
        let plain = worst_case_bounds(outcome, other, unknown, Units::Items);
        let method = Method::WorstCaseBounds;
        assert_eq!(Estimate { method, ..found }, plain);
    }
    let known = share_bounds(exact(30, 20, 0), Units::Items);
    assert_eq!(
        (known.low, known.value, known.high),
        (Some(0.6), Some(0.6), Some(0.6))
    );
    assert_eq!((known.k, known.n, known.refusal), (Some(30), 50, None));
}

/// The least and the greatest mean over all ways to fill in, units without counts dropping out.
fn extreme_means(units: &[RangedCounts]) -> Option<(f64, f64)> {
    // Sum of shares and number of units that have one, for every filling.
    let mut sums: Vec<(f64, u64)> = vec![(0.0, 0)];
    for unit in units {
        let fillings = fillings(*unit);
        sums = sums
            .iter()
            .flat_map(|&(sum, count)| {
                fillings.iter().map(move |&(k, n)| match n {
                    0 => (sum, count),
                    _ => (sum + k as f64 / n as f64, count + 1),
                })
            })
            .collect();
    }
    let means = sums.iter().filter(|(_, count)| *count > 0);
    let means: Vec<f64> = means.map(|(sum, count)| sum / *count as f64).collect();
    let least = means.iter().copied().reduce(f64::min)?;
    Some((least, means.iter().copied().reduce(f64::max)?))
}

#[test]
fn bounds_of_a_mean_are_the_extremes_of_all_that_the_ranges_allow() {
    let mut maybe_empty = 0;
    for seed in 0..60 {
        let units = some_ranges(seed, 3);
        let empty = |unit: &RangedCounts| fillings(*unit).contains(&(0, 0));
        maybe_empty += units.iter().filter(|unit| empty(unit)).count();
        let found = mean_bounds(&units, Units::Ads);
        match extreme_means(&units) {
            None => assert_eq!(found.refusal, Some(Refusal::NoUnits)),
            Some((least, greatest)) => {
                assert!((found.low.unwrap() - least).abs() < 1e-14, "{units:?}");
                assert!((found.high.unwrap() - greatest).abs() < 1e-14, "{units:?}");
            }
        }
    }
    assert!(maybe_empty > 5, "a case that cannot fail");
    // Units that may be empty and have one side only.
    let men = ranged(range(0, 3), range(0, 0), range(0, 0));
    let women = ranged(range(0, 0), range(0, 3), range(0, 0));
    for units in [
        vec![men],
        vec![women],
        vec![men, women],
        vec![men, exact(1, 1, 0)],
    ] {
        let (least, greatest) = extreme_means(&units).unwrap();
        let found = mean_bounds(&units, Units::Ads);
        assert_eq!((found.low, found.high), (Some(least), Some(greatest)));
    }
}

#[test]
fn bounds_contain_the_estimates_that_leave_the_unknown_out() {
    for seed in 0..40 {
        let arm = |seed| -> Vec<RangedCounts> {
            let mut draws = integers(seed, 50);
            let mut next = || draws.next().unwrap();
            (0..6).map(|_| exact(next(), next(), next())).collect()
        };
        let known = |units: &[RangedCounts]| -> Vec<(u64, u64)> {
            let known = |u: &RangedCounts| (u.outcome.low, u.outcome.low + u.other.low);
            units.iter().map(known).collect()
        };
        let (first, second) = (arm(seed), arm(seed + 500));
        let shares = cluster_shares(&known(&first), Units::Impressions, Units::Ads, 0.95);
        let mean = mean_bounds(&first, Units::Ads);
        assert_eq!(mean.value, shares.mean.value);
        holds(mean, mean.value.unwrap());
        let pooled = pooled_bounds(&first, Units::Impressions);
        assert_eq!(
            (pooled.value, pooled.k, pooled.n),
            (shares.pooled.value, shares.pooled.k, shares.pooled.n)
        );
        holds(pooled, pooled.value.unwrap());
        let difference = difference_bounds(&first, &second, Units::Ads);
        let plain = share_difference(&known(&first), &known(&second), Units::Ads, 0.95, None).mean;
        close(difference.value, plain.value, 1e-12);
        holds(difference, difference.value.unwrap());
        assert_eq!(
            (difference.n, difference.level, difference.refusal),
            (plain.n, None, None)
        );
    }
}

#[test]
fn bounds_of_a_difference_contain_every_filling() {
    for seed in 0..8 {
        let (first, second) = (some_ranges(seed, 2), some_ranges(seed + 70, 2));
        let found = difference_bounds(&first, &second, Units::Ads);
        let (Some(a), Some(b)) = (extreme_means(&first), extreme_means(&second)) else {
            assert!(found.low.is_none() && found.refusal.is_some());
            continue;
        };
        assert!((found.low.unwrap() - (a.0 - b.1)).abs() < 1e-14);
        assert!((found.high.unwrap() - (a.1 - b.0)).abs() < 1e-14);
    }
}

#[test]
fn pooled_bounds_contain_every_filling() {
    for seed in 0..40 {
        let units = some_ranges(seed, 2);
        let found = pooled_bounds(&units, Units::Impressions);
        for a in fillings(units[0]) {
            for b in fillings(units[1]).into_iter().filter(|b| a.1 + b.1 > 0) {
                holds(found, (a.0 + b.0) as f64 / (a.1 + b.1) as f64);
            }
        }
    }
}

#[test]
fn bounds_keep_their_laws() {
    for seed in 0..40 {
        let (first, second) = (some_ranges(seed, 5), some_ranges(seed + 90, 4));
        let forth = difference_bounds(&first, &second, Units::Ads);
        let back = difference_bounds(&second, &first, Units::Ads);
        assert_eq!(forth.low, back.high.map(|v| -v));
        assert_eq!(forth.value, back.value.map(|v| -v));
        let turned: Vec<RangedCounts> = first.iter().rev().copied().collect();
        assert_eq!(
            mean_bounds(&turned, Units::Ads),
            mean_bounds(&first, Units::Ads)
        );
        let relabelled: Vec<RangedCounts> = first
            .iter()
            .map(|u| ranged(u.other, u.outcome, u.unknown))
            .collect();
        let (found, mirror) = (
            mean_bounds(&first, Units::Ads),
            mean_bounds(&relabelled, Units::Ads),
        );
        let gap = found.low.unwrap() + mirror.high.unwrap() - 1.0;
        assert!(gap.abs() < 1e-14, "{gap}");
        let twice = |r: CountRange| range(2 * r.low, 2 * r.high.unwrap());
        let doubled: Vec<RangedCounts> = first
            .iter()
            .map(|u| ranged(twice(u.outcome), twice(u.other), twice(u.unknown)))
            .collect();
        let doubled = mean_bounds(&doubled, Units::Ads);
        assert_eq!((doubled.low, doubled.high), (found.low, found.high));
    }
}

#[test]
fn ranges_that_hold_no_count_are_refused() {
    let upside_down = ranged(range(5, 4), range(1, 1), range(0, 0));
    let large = ranged(from(u64::MAX), range(1, 1), range(0, 0));
    for (unit, wanted) in [
        (upside_down, Refusal::RangeInverted),
        (large, Refusal::TooLarge),
        (exact(1 << 53, 1, 0), Refusal::TooLarge),
    ] {
        for found in [
            share_bounds(unit, Units::Reach),
            pooled_bounds(&[exact(1, 1, 1), unit], Units::Reach),
            mean_bounds(&[exact(1, 1, 1), unit], Units::Ads),
            difference_bounds(&[unit], &[exact(1, 1, 1)], Units::Ads),
            difference_bounds(&[exact(1, 1, 1)], &[unit], Units::Ads),
        ] {
            assert_eq!((found.value, found.low, found.high), (None, None, None));
            assert_eq!(found.refusal, Some(wanted));
        }
    }
    let many = [exact(1 << 52, 0, 0), exact(1 << 52, 1, 0)];
    assert_eq!(
        pooled_bounds(&many, Units::Reach).refusal,
        Some(Refusal::TooLarge)
    );
    for none in [vec![], vec![exact(0, 0, 0)]] {
        assert_eq!(
            mean_bounds(&none, Units::Ads).refusal,
            Some(Refusal::NoUnits)
        );
        assert_eq!(
            pooled_bounds(&none, Units::Reach).refusal,
            Some(Refusal::NoTrials)
        );
        let difference = difference_bounds(&none, &[exact(1, 1, 0)], Units::Ads);
        assert_eq!(
            (difference.low, difference.refusal),
            (None, Some(Refusal::NoUnits))
        );
    }
    let unknown = mean_bounds(&[exact(0, 0, 4)], Units::Ads);
    assert_eq!(
        (unknown.value, unknown.low, unknown.high),
        (None, Some(0.0), Some(1.0))
    );
    assert_eq!(unknown.refusal, Some(Refusal::NoTrials));
}

#[test]
fn hostile_counts_and_levels_give_no_number_that_is_none_by_stratum_or_range() {
    let large = [0, 1, u64::MAX / 2, u64::MAX];
    let finite = |estimate: Estimate| {
        let numbers = [estimate.value, estimate.low, estimate.high];
        assert!(numbers.into_iter().flatten().all(f64::is_finite));
        assert!(estimate.value.is_some() || estimate.refusal.is_some());
    };
    for (k, n) in large.into_iter().flat_map(|k| large.map(|n| (k, n))) {
        finite(one(&[(k, n), (1, 2)], &[k, n]));
        finite(distance(&[k, n], &[n, 1]));
        for level in [0.95, 0.0, f64::NAN] {
            let ads = [vec![(k, n)], vec![(1, 2)], vec![(1, 3)]];
            finite(standardised_shares(&ads, &[n], Units::Ads, level).mean);
        }
        for unit in [
            ranged(range(k, n), range(n, k), range(0, k)),
            ranged(range(0, k), range(0, n), from(k)),
            ranged(from(k), from(n), range(0, 0)),
            exact(k, n, k),
        ] {
            finite(share_bounds(unit, Units::Reach));
            finite(pooled_bounds(&[unit, unit], Units::Reach));
            finite(mean_bounds(&[unit, exact(1, 2, 3)], Units::Ads));
            finite(difference_bounds(
                &[unit],
                &[unit, exact(1, 2, 3)],
                Units::Ads,
            ));
        }
    }
}
