//! Ratios of rates, tables in strata and several tests at once: against R and statsmodels, and
//! against the laws that they must obey.

use super::{close, integers, oracle};
use casefile::stats::{
    Estimate, Method, Refusal, Stratum, Units, benjamini_hochberg, holm, mantel_haenszel,
    poisson_ratio,
};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list of numbers");
    list.iter().map(|v| v.as_f64().expect("a number")).collect()
}

fn count(value: &Value) -> u64 {
    value.as_u64().expect("a count")
}

/// The second is the first with the two groups exchanged.
#[track_caller]
fn inverse(found: Estimate, swapped: Estimate, relative: f64) {
    let inverted = |value: Option<f64>| value.filter(|v| *v != 0.0).map(|v| 1.0 / v);
    let kept = |value: Option<f64>| value.filter(|v| *v != 0.0);
    close(kept(swapped.value), inverted(found.value), relative);
    close(kept(swapped.low), inverted(found.high), relative);
    close(swapped.high, inverted(found.low), relative);
    close(swapped.p, found.p, relative);
    assert_eq!((swapped.n, swapped.method), (found.n, found.method));
}

/// What leaves the room is finite, ordered and, where absent, explained.
#[track_caller]
fn sane(found: Estimate) {
    let numbers = [found.value, found.low, found.high, found.p];
    assert!(
        numbers
            .into_iter()
            .flatten()
            .all(|v| v.is_finite() && v >= 0.0)
    );
    assert!(found.p.is_none_or(|p| p <= 1.0));
    if let (Some(low), Some(value)) = (found.low, found.value) {
        assert!(low <= value && found.high.is_some_and(|high| value <= high));
    }
    let complete = found.value.and(found.low).and(found.high).is_some();
    assert_eq!(complete, found.refusal.is_none(), "{found:?}");
}

const HOSTILE: [u64; 9] = [
    0,
    1,
    2,
    3_000_000_000,
    (1 << 53) - 1,
    1 << 53,
    (1 << 53) + 1,
    u64::MAX - 1,
    u64::MAX,
];

// The ratio of two rates

#[test]
fn ratios_of_rates_agree_with_poisson_test_of_r() {
    let Some(rows) = oracle("r.json").map(|oracle| oracle["poisson_ratio_exact"].clone()) else {
        return;
    };
    for row in rows.as_array().expect("a list of cases") {
        let [x1, e1, x2, e2] = ["x1", "e1", "x2", "e2"].map(|key| count(&row[key]));
        let found = poisson_ratio((x1, e1), (x2, e2), 0.95);
        let ratio = row["ratio"].as_f64();
        for (found, wanted) in [
            (found.value, ratio),
            (found.low, row["low"].as_f64()),
            (found.high, row["high"].as_f64()),
            (found.p, row["p"].as_f64()),
        ] {
            close(found, wanted, 1e-9);
        }
        assert_eq!((found.n, found.units), (x1 + x2, Units::Events));
        assert_eq!(found.method, Method::PoissonRatioExact);
    }
}

#[test]
fn ratios_of_rates_agree_with_poisson_test_of_r_at_the_edges() {
    // R 4.2: poisson.test(c(x1, x2), c(e1, e2), conf.level = 0.9).
    let cases: [_; 5] = [
        (
            (7, 100),
            (0, 40),
            None,
            0.748884997342159,
            None,
            0.203138148220554,
        ),
        (
            (1, 3),
            (900, 1_000_000),
            Some(370.37037037037),
            18.976971683607,
            Some(1760.64549565836),
            0.00269934614117675,
        ),
        (
            (250, 10_000),
            (180, 9_000),
            Some(1.25),
            1.05980600353874,
            Some(1.4758162786384),
            0.0231716666574428,
        ),
        (
            (5000, 1_000_000),
            (4800, 1_000_000),
            Some(1.04166666666667),
            1.00740967024991,
            Some(1.07709382546927),
            0.0444041487998463,
        ),
        (
            (12, 1),
            (11, 1_000_000),
            Some(1090909.09090909),
            504093.346736256,
            Some(2377312.94815525),
            1.35204804661967e-66,
        ),
    ];
    for (first, second, ratio, low, high, p) in cases {
        let found = poisson_ratio(first, second, 0.9);
        close(found.value, ratio, 1e-13);
        close(found.low, low, 1e-9);
        close(found.high, high, 1e-9);
        close(found.p, p, 1e-9);
    }
}

#[test]
fn exposures_far_apart_cost_the_ratio_of_rates_no_digits() {
    // Two events, one each: the other two divisions are one likelier, one less likely than this.
    let (share, rest) = (1.0 / (1e9 + 1.0), 1e9 / (1e9 + 1.0));
    let found = poisson_ratio((1, 1_000_000_000), (1, 1), 0.9);
    close(found.p, 2.0 * share * rest + share * share, 1e-12);
    // The lower limit of the first group's share of them is 1 - sqrt(0.95).
    let other = 0.95_f64.sqrt();
    close(found.low, (1.0 - other) / other / 1e9, 1e-12);
    close(found.high, other / (1.0 - other) / 1e9, 1e-12);
}

#[test]
fn exchanging_the_groups_inverts_the_ratio_of_rates_and_keeps_p() {
    let mut draws = integers(3, 1 << 20);
    let mut draw = |bound: u64| draws.next().unwrap() % bound;
    for _ in 0..400 {
        let first = (draw(40), 1 + draw(1 << 20));
        let second = (draw(40), 1 + draw(1 << 20));
        let level = 0.5 + draw(499) as f64 / 1000.0;
        let found = poisson_ratio(first, second, level);
        inverse(found, poisson_ratio(second, first, level), 1e-12);
        sane(found);
    }
}

#[test]
fn exposure_counted_in_other_units_leaves_the_ratio_of_rates_as_it_is() {
    for (k1, k2) in [(0, 4), (9, 2), (40, 40), (3, 0)] {
        let found = poisson_ratio((k1, 700), (k2, 300), 0.9);
        let scaled = poisson_ratio((k1, 700_000), (k2, 300_000), 0.9);
        close(scaled.value, found.value, 1e-14);
        close(scaled.low, found.low, 1e-14);
        close(scaled.high, found.high, 1e-14);
        close(scaled.p, found.p, 1e-12);
    }
}

#[test]
fn at_equal_exposures_the_interval_leaves_out_1_exactly_where_p_is_below_what_its_level_leaves() {
    // The interval inverts two one-sided tests of half of what the level leaves; at equal
    // exposures, each division of the events is as likely as its mirror image, and p is twice
    // the tail.
    for k1 in 0..=30_u64 {
        for k2 in 1..=30_u64 {
            let found = poisson_ratio((k1, 500), (k2, 500), 0.95);
            let excluded = found.low.unwrap() > 1.0 || found.high.unwrap() < 1.0;
            assert_eq!(excluded, found.p.unwrap() < 0.05, "{k1} {k2}");
        }
    }
}

#[test]
fn without_events_in_one_group_a_ratio_of_rates_keeps_the_limit_that_it_has() {
    let none_first = poisson_ratio((0, 100), (4, 100), 0.95);
    assert_eq!((none_first.value, none_first.low), (Some(0.0), Some(0.0)));
    // Of 4 events, none to the first: (1 - share)^4 = 0.025 at the upper limit of its share.
    let share = 1.0 - 0.025_f64.sqrt().sqrt();
    close(none_first.high, share / (1.0 - share), 1e-12);
    close(none_first.p, 2.0 / 16.0, 1e-12);
    assert_eq!(none_first.refusal, None);
    let none_second = poisson_ratio((4, 100), (0, 100), 0.95);
    assert_eq!((none_second.value, none_second.high), (None, None));
    close(none_second.low, (1.0 - share) / share, 1e-12);
    close(none_second.p, 2.0 / 16.0, 1e-12);
    assert_eq!(none_second.level, Some(0.95));
    assert_eq!(none_second.refusal, Some(Refusal::NoEventsToCompare));
}

#[test]
fn a_ratio_of_rates_is_refused_without_exposure_without_events_and_at_no_level() {
    let refused = |first, second, level| poisson_ratio(first, second, level).refusal;
    assert_eq!(refused((3, 0), (4, 9), 0.95), Some(Refusal::NoExposure));
    assert_eq!(refused((3, 9), (4, 0), 0.95), Some(Refusal::NoExposure));
    assert_eq!(refused((0, 9), (0, 9), 0.95), Some(Refusal::NoEvents));
    let many = refused((1 << 53, 9), (1, 9), 0.95);
    assert_eq!(many, Some(Refusal::TooLarge));
    for level in [0.0, 1.0, -0.5, f64::NAN, f64::INFINITY] {
        let found = poisson_ratio((3, 9), (4, 9), level);
        assert_eq!(found.refusal, Some(Refusal::Level));
        assert_eq!((found.low, found.high, found.level), (None, None, None));
        close(found.value, 0.75, 1e-15);
        close(found.p, 1.0, 1e-9);
    }
}

#[test]
fn no_counts_of_events_make_a_ratio_of_rates_panic() {
    for k1 in HOSTILE {
        for k2 in HOSTILE {
            for (e1, e2) in HOSTILE.into_iter().zip(HOSTILE.into_iter().rev()) {
                sane(poisson_ratio((k1, e1), (k2, e2), 0.95));
            }
        }
    }
}

// The odds ratio common to strata

fn common(strata: &[Stratum]) -> Estimate {
    mantel_haenszel(strata, Units::People, 0.95)
}

fn strata(seed: u64, number: usize) -> Vec<Stratum> {
    let mut draws = integers(seed, 1 << 20);
    let mut group = || {
        let n = draws.next().unwrap() % 60;
        (draws.next().unwrap() % (n + 1), n)
    };
    (0..number).map(|_| (group(), group())).collect()
}

#[test]
fn common_odds_ratios_agree_with_mantelhaen_test_of_r() {
    let Some(wanted) = oracle("r.json").map(|oracle| oracle["mantel_haenszel"].clone()) else {
        return;
    };
    let group = |row: &Value| (count(&row[0]), count(&row[0]) + count(&row[1]));
    let tables = wanted["tables"].as_array().expect("a list of tables");
    let strata: Vec<Stratum> = tables
        .iter()
        .map(|t| (group(&t[0]), group(&t[1])))
        .collect();
    let found = common(&strata);
    close(found.value, wanted["odds_ratio"].as_f64(), 1e-9);
    close(found.low, wanted["low"].as_f64(), 1e-9);
    close(found.high, wanted["high"].as_f64(), 1e-9);
    close(found.p, wanted["p"].as_f64(), 1e-9);
    assert_eq!(found.method, Method::MantelHaenszel);
    let n = strata
        .iter()
        .map(|(first, second)| first.1 + second.1)
        .sum();
    assert_eq!((found.n, found.units), (n, Units::People));
}

#[test]
fn common_odds_ratios_agree_with_mantelhaen_test_of_r_at_the_edges() {
    // R 4.2: mantelhaen.test(tables, correct = FALSE, conf.level = level).
    let sparse = [
        ((1, 1), (0, 1)),
        ((1, 2), (1, 1)),
        ((0, 2), (1, 2)),
        ((2, 3), (0, 3)),
    ];
    let found = common(&sparse);
    close(found.value, 1.8, 1e-13);
    close(found.low, 0.284067166903546, 1e-9);
    close(found.high, 11.4057532073044, 1e-9);
    close(found.p, 0.52914169092534, 1e-9);
    let uneven = [
        ((90_000, 100_000), (400, 1_000)),
        ((3, 20), (80_000, 200_000)),
        ((5, 6), (4, 6)),
    ];
    let found = mantel_haenszel(&uneven, Units::Impressions, 0.99);
    close(found.value, 11.4960536299732, 1e-12);
    close(found.low, 9.70346534963663, 1e-9);
    close(found.high, 13.6197991440418, 1e-9);
    assert_eq!(found.p, Some(0.0));
    assert_eq!((found.n, found.level), (301_032, Some(0.99)));
}

#[test]
fn the_odds_ratio_of_one_stratum_has_woolfs_interval() {
    let found = common(&[((12, 100), (5, 100))]);
    close(found.value, 12.0 * 95.0 / (88.0 * 5.0), 1e-14);
    // With one stratum, the variance is the sum of the reciprocal counts.
    let error = (1.0 / 12.0 + 1.0 / 88.0 + 1.0 / 5.0 + 1.0 / 95.0_f64).sqrt();
    let width = libm::log(found.high.unwrap() / found.low.unwrap());
    close(width, 2.0 * 1.959_963_984_540_054 * error, 1e-12);
}

#[test]
fn exchanging_the_groups_or_the_outcomes_inverts_the_common_odds_ratio_and_keeps_p() {
    for seed in 0..300 {
        let strata = strata(seed, 1 + (seed % 6) as usize);
        let groups: Vec<Stratum> = strata.iter().map(|&(a, b)| (b, a)).collect();
        let other = |(k, n): (u64, u64)| (n - k, n);
        let outcomes: Vec<Stratum> = strata.iter().map(|&(a, b)| (other(a), other(b))).collect();
        let found = common(&strata);
        sane(found);
        inverse(found, common(&groups), 1e-10);
        inverse(found, common(&outcomes), 1e-10);
    }
}

#[test]
fn the_order_of_the_strata_does_not_matter_to_a_single_bit() {
    for seed in 0..50 {
        let mut strata = strata(seed, 9);
        let found = common(&strata);
        strata.reverse();
        assert_eq!(common(&strata), found);
        strata.rotate_left(4);
        assert_eq!(common(&strata), found);
    }
}

#[test]
fn splitting_a_stratum_with_equal_rates_does_not_move_the_common_odds_ratio() {
    for seed in 0..100 {
        let whole = strata(seed, 4);
        let parts = 2 + seed % 4;
        let times = |(k, n): (u64, u64), by: u64| (k * by, n * by);
        let large: Vec<Stratum> = whole
            .iter()
            .map(|&(a, b)| (times(a, parts), times(b, parts)))
            .collect();
        let mut split = large[1..].to_vec();
        split.extend((0..parts).map(|_| whole[0]));
        let (found, split) = (common(&large), common(&split));
        close(split.value, found.value, 1e-12);
        // Neither do the limits move: all terms of the variance are of the same kind.
        close(split.low, found.low, 1e-10);
        close(split.high, found.high, 1e-10);
        assert_eq!(split.n, found.n);
    }
}

#[test]
fn strata_that_lack_a_group_change_nothing_but_n() {
    let both = [((12, 100), (5, 100)), ((30, 200), (14, 204))];
    let found = common(&both);
    let more = common(&[
        both[0],
        ((3, 7), (0, 0)),
        both[1],
        ((0, 0), (1, 1)),
        ((0, 0), (0, 0)),
    ]);
    assert_eq!(
        more,
        Estimate {
            n: found.n + 8,
            ..found
        }
    );
}

#[test]
fn strata_with_one_outcome_change_the_common_odds_ratio_no_more_than_empty_ones() {
    let both = [((12, 100), (5, 100)), ((30, 200), (14, 204))];
    let found = common(&both);
    let more = common(&[both[0], ((0, 7), (0, 9)), both[1], ((4, 4), (1, 1))]);
    assert_eq!(
        more,
        Estimate {
            n: found.n + 21,
            ..found
        }
    );
}

#[test]
fn groups_with_the_same_rates_in_each_stratum_have_a_common_odds_ratio_of_1() {
    let found = common(&[
        ((10, 40), (30, 120)),
        ((9, 12), (3, 4)),
        ((1, 50), (2, 100)),
    ]);
    close(found.value, 1.0, 1e-15);
    assert_eq!(found.p, Some(1.0));
    close(found.low.map(|low| low * found.high.unwrap()), 1.0, 1e-14);
}

#[test]
fn a_common_odds_ratio_of_0_or_without_limit_has_a_p_but_no_interval() {
    let one_sided = [((0, 10), (4, 10)), ((3, 8), (6, 6))];
    let found = common(&one_sided);
    assert_eq!(
        (found.value, found.low, found.high),
        (Some(0.0), None, None)
    );
    assert_eq!(found.refusal, Some(Refusal::OneSidedStrata));
    let swapped = common(&one_sided.map(|(a, b)| (b, a)));
    assert_eq!(
        (swapped.value, swapped.low, swapped.high),
        (None, None, None)
    );
    assert_eq!(swapped.refusal, Some(Refusal::OneSidedStrata));
    close(swapped.p, found.p, 1e-14);
    // R 4.2: mantelhaen.test(tables, correct = FALSE).
    close(found.p, 0.00143769471732376, 1e-9);
}

#[test]
fn a_common_odds_ratio_is_refused_where_nothing_can_be_compared() {
    let refused = |strata: &[Stratum]| {
        let found = common(strata);
        assert_eq!(
            (found.value, found.low, found.high, found.p),
            (None, None, None, None)
        );
        found.refusal
    };
    assert_eq!(refused(&[]), Some(Refusal::NoTrials));
    assert_eq!(refused(&[((0, 0), (0, 0))]), Some(Refusal::NoTrials));
    let apart = [((3, 9), (0, 0)), ((0, 0), (4, 9))];
    assert_eq!(refused(&apart), Some(Refusal::NoCommonStratum));
    let alike = [((0, 9), (0, 5)), ((4, 4), (3, 3))];
    assert_eq!(refused(&alike), Some(Refusal::OneOutcome));
    let inverted = [((3, 9), (4, 9)), ((10, 9), (4, 9))];
    assert_eq!(refused(&inverted), Some(Refusal::CountExceedsTrials));
    let large = [((3, 1 << 53), (4, 9))];
    assert_eq!(refused(&large), Some(Refusal::TooLarge));
    for level in [0.0, 1.0, 1.5, f64::NAN, f64::NEG_INFINITY] {
        let found = mantel_haenszel(&[((3, 9), (4, 9))], Units::People, level);
        assert_eq!(found.refusal, Some(Refusal::Level));
        assert_eq!((found.low, found.high, found.level), (None, None, None));
        assert!(found.value.is_some() && found.p.is_some());
    }
}

#[test]
fn no_counts_in_strata_make_a_common_odds_ratio_panic() {
    for k in HOSTILE {
        for n in HOSTILE {
            for m in HOSTILE {
                sane(common(&[((k, n), (k / 2, m))]));
                sane(common(&[((k, n), (1, m)), ((1, 2), (k, n))]));
            }
        }
    }
}

// Several tests at once

type Adjust = fn(&[f64]) -> Option<Vec<f64>>;
const ADJUST: [(&str, Adjust); 2] = [("holm", holm), ("benjamini-hochberg", benjamini_hochberg)];

#[test]
fn adjusted_p_values_agree_with_statsmodels() {
    let Some(rows) = oracle("python.json").map(|oracle| oracle["multiple_tests"].clone()) else {
        return;
    };
    for row in rows.as_array().expect("a list of cases") {
        let p = numbers(&row["p"]);
        for (name, adjust) in ADJUST {
            let found = adjust(&p).expect("all are within 0 to 1");
            let wanted = numbers(&row[name]);
            assert_eq!(found.len(), wanted.len());
            for (found, wanted) in found.into_iter().zip(wanted) {
                close(found, wanted, 1e-12);
            }
        }
    }
}

#[test]
fn adjusted_p_values_are_those_of_the_papers_by_hand() {
    let p = [0.04, 0.001, 0.02, 0.9];
    let [holm, hochberg] = ADJUST.map(|(_, adjust)| adjust(&p).unwrap());
    for (found, wanted) in holm.into_iter().zip([0.08, 0.004, 0.06, 0.9]) {
        close(found, wanted, 1e-14);
    }
    let wanted = [0.16 / 3.0, 0.004, 0.04, 0.9];
    for (found, wanted) in hochberg.into_iter().zip(wanted) {
        close(found, wanted, 1e-14);
    }
}

#[test]
fn adjusted_p_values_are_never_below_theirs_and_keep_the_order() {
    let mut draws = integers(8, 1000);
    for size in 1..120 {
        // Cubed, so that some are small; ties are frequent.
        let mut draw = || {
            let uniform = draws.next().unwrap() as f64 / 999.0;
            uniform * uniform * uniform
        };
        let p: Vec<f64> = (0..size).map(|_| draw()).collect();
        let [holm, hochberg] = ADJUST.map(|(_, adjust)| adjust(&p).unwrap());
        for i in 0..size {
            assert!(p[i] <= hochberg[i] && hochberg[i] <= holm[i] && holm[i] <= 1.0);
            for j in 0..size {
                if p[i] <= p[j] {
                    assert!(holm[i] <= holm[j] && hochberg[i] <= hochberg[j]);
                }
            }
        }
    }
}

#[test]
fn adjusted_p_values_follow_theirs_wherever_these_stand() {
    let p = [0.3, 0.001, 0.04, 0.04, 0.7, 0.02];
    for (_, adjust) in ADJUST {
        let found = adjust(&p).unwrap();
        for shift in 1..p.len() {
            let (mut moved, mut wanted) = (p, found.clone());
            moved.rotate_left(shift);
            wanted.rotate_left(shift);
            assert_eq!(adjust(&moved), Some(wanted));
        }
    }
}

#[test]
fn p_values_that_are_none_are_not_adjusted() {
    for (_, adjust) in ADJUST {
        for wrong in [-1e-9, 1.000_001, f64::NAN, f64::INFINITY] {
            assert_eq!(adjust(&[0.2, wrong, 0.3]), None);
        }
        assert_eq!(adjust(&[]), Some(Vec::new()));
        assert_eq!(adjust(&[0.0, 1.0]), Some(vec![0.0, 1.0]));
    }
}
