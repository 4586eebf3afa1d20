//! Over-dispersed counts against R and against the laws that they must obey.

use super::{close, section};
use casefile::stats::{Method, Refusal, Units, overdispersion, quasibinomial};
use serde_json::Value;

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

/// Agreement with a reference that itself iterates.
const ITERATED: f64 = 1e-6;

const FIRST: [(u64, u64); 4] = [(812, 1000), (905, 1000), (877, 1000), (951, 1000)];
const SECOND: [(u64, u64); 3] = [(61, 100), (655, 1000), (1400, 2000)];

#[test]
fn quasibinomial_models_agree_with_glm() {
    // glm iterates, and takes dispersion and errors at the weights of its last step but one.
    for row in section("r.json", "quasibinomial") {
        let found = quasibinomial(&counts(&row["a"]), &counts(&row["b"]), Units::Ads, 0.95);
        close(found.dispersion, row["dispersion"].as_f64(), ITERATED);
        let terms = [
            (found.second, found.second_error),
            (found.log_odds_difference, found.error),
        ];
        for (i, (estimate, error)) in terms.into_iter().enumerate() {
            close(estimate.value, row["coef"][i].as_f64(), 1e-9);
            close(error, row["se"][i].as_f64(), ITERATED);
            let t = estimate
                .value
                .zip(error)
                .map(|(value, error)| value / error);
            close(t, row["t"][i].as_f64(), ITERATED);
            close(estimate.p, row["p"][i].as_f64(), ITERATED);
        }
    }
}

#[test]
fn the_dispersion_of_one_group_is_pearsons_chi_square_over_its_degrees_of_freedom() {
    // Shares 0.2, 0.5 and 0.8 of 10 around 0.5: (3^2 + 0 + 3^2) / (10 * 0.25) / 2.
    close(overdispersion(&[(2, 10), (5, 10), (8, 10)]), 3.6, 1e-12);
    assert_eq!(overdispersion(&[(3, 10), (30, 100)]), Some(0.0));
    assert_eq!(overdispersion(&[(3, 10), (0, 0)]), None);
    assert_eq!(overdispersion(&[]), None);
    assert_eq!(overdispersion(&[(0, 10), (0, 12)]), None);
    assert_eq!(overdispersion(&[(10, 10), (12, 12)]), None);
    assert_eq!(overdispersion(&[(3, 2), (1, 2)]), None);
    assert_eq!(overdispersion(&[(1, u64::MAX), (1, 2)]), None);
}

#[test]
fn the_interval_is_students_around_the_log_odds_and_its_p_agrees_with_it() {
    for level in [0.5, 0.9, 0.95, 0.999] {
        let found = quasibinomial(&FIRST, &SECOND, Units::Ads, level).log_odds_difference;
        let excludes_zero = found.low.unwrap() > 0.0 || found.high.unwrap() < 0.0;
        assert_eq!(excludes_zero, found.p.unwrap() < 1.0 - level);
        assert_eq!((found.n, found.method), (7, Method::Quasibinomial));
    }
}

#[test]
fn order_doubling_swapping_and_mirroring_do_what_they_must() {
    let found = quasibinomial(&FIRST, &SECOND, Units::Ads, 0.95);
    let turned: Vec<_> = FIRST.iter().rev().copied().collect();
    assert_eq!(found, quasibinomial(&turned, &SECOND, Units::Ads, 0.95));

    let swapped = quasibinomial(&SECOND, &FIRST, Units::Ads, 0.95);
    let (there, back) = (found.log_odds_difference, swapped.log_odds_difference);
    assert_eq!(there.value, back.value.map(|v| -v));
    assert_eq!((there.low, there.p), (back.high.map(|v| -v), back.p));

    let mirror = |arm: &[(u64, u64)]| arm.iter().map(|(k, n)| (n - k, *n)).collect::<Vec<_>>();
    let mirrored = quasibinomial(&mirror(&FIRST), &mirror(&SECOND), Units::Ads, 0.95);
    close(
        mirrored.log_odds_difference.value,
        there.value.map(|v| -v),
        1e-12,
    );
    close(mirrored.dispersion, found.dispersion, 1e-9);

    // Twice the impressions with the same shares are no new information about ads; the steps
    // towards it end a little elsewhere.
    const STEPS: f64 = 1e-4;
    let double = |arm: &[(u64, u64)]| arm.iter().map(|(k, n)| (2 * k, 2 * n)).collect::<Vec<_>>();
    let doubled = quasibinomial(&double(&FIRST), &double(&SECOND), Units::Ads, 0.95);
    close(doubled.log_odds_difference.low, there.low, STEPS);
    close(doubled.dispersion, found.dispersion.map(|d| 2.0 * d), STEPS);
}

#[test]
fn groups_that_bear_no_odds_or_no_interval_are_refused_with_the_reason() {
    for (first, second, refusal) in [
        (vec![], SECOND.to_vec(), Refusal::NoUnits),
        (SECOND.to_vec(), vec![(0, 0)], Refusal::NoUnits),
        (vec![(0, 5), (0, 9)], SECOND.to_vec(), Refusal::AllOrNone),
        (SECOND.to_vec(), vec![(5, 5), (9, 9)], Refusal::AllOrNone),
        (vec![(6, 5)], SECOND.to_vec(), Refusal::CountExceedsTrials),
        (vec![(6, u64::MAX)], SECOND.to_vec(), Refusal::TooLarge),
    ] {
        let found = quasibinomial(&first, &second, Units::Ads, 0.95);
        for estimate in [found.log_odds_difference, found.odds_ratio, found.second] {
            assert_eq!(
                (estimate.value, estimate.low, estimate.p),
                (None, None, None)
            );
            assert_eq!(estimate.refusal, Some(refusal));
        }
        assert_eq!((found.dispersion, found.error), (None, None));
    }
    let single = quasibinomial(&FIRST[..1], &SECOND, Units::Ads, 0.95);
    let alike = quasibinomial(&[(8, 10); 2], &[(1, 2), (50, 100)], Units::Ads, 0.95);
    for (found, refusal) in [(single, Refusal::OneUnit), (alike, Refusal::NoVariation)] {
        for estimate in [found.log_odds_difference, found.odds_ratio, found.second] {
            assert!(estimate.value.is_some());
            assert_eq!((estimate.low, estimate.p), (None, None));
            assert_eq!(estimate.refusal, Some(refusal));
        }
    }
    let level = quasibinomial(&FIRST, &SECOND, Units::Ads, 1.0);
    assert_eq!(level.odds_ratio.refusal, Some(Refusal::Level));
}
