//! Groups against each other: blocks and pairs, ratios, times to an event.

use super::{close, integers, numbers, oracle};
use casefile::stats::{
    Block, BlockedDifference, Estimate, MAX_ARRANGEMENTS, Method, Refusal, Units,
    blocked_difference, kaplan_meier, log_rank, permutation_test, ratio_of_means, share_difference,
};

fn ads(draws: &mut impl Iterator<Item = u64>, count: usize) -> Vec<(u64, u64)> {
    let mut ad = || {
        let n = 1 + draws.next().unwrap() % 40;
        (draws.next().unwrap() % (n + 1), n)
    };
    (0..count).map(|_| ad()).collect()
}

/// One block for each pair of sizes.
fn blocks(seed: u64, sizes: &[(usize, usize)]) -> Vec<Block> {
    let mut draws = integers(seed, 1 << 30);
    let sizes = sizes.iter();
    sizes
        .map(|&(a, b)| (ads(&mut draws, a), ads(&mut draws, b)))
        .collect()
}

fn swapped(blocks: &[Block]) -> Vec<Block> {
    blocks.iter().map(|(a, b)| (b.clone(), a.clone())).collect()
}

fn difference(blocks: &[Block]) -> BlockedDifference {
    blocked_difference(blocks, Units::Ads, 0.95, 11)
}

// Blocks

#[test]
fn pairs_agree_with_scipy() {
    let first = [(9, 10), (16, 25), (7, 20), (33, 40), (5, 8), (61, 90)];
    let second = [(7, 10), (11, 25), (8, 20), (25, 40), (3, 8), (40, 90)];
    let pairs = first.iter().zip(&second);
    let pairs: Vec<Block> = pairs.map(|(&a, &b)| (vec![a], vec![b])).collect();
    let found = difference(&pairs);
    // scipy 1.17, on the arrays of shares: r = ttest_rel(a, b); r.confidence_interval(0.95);
    // permutation_test((a, b), mean of a - b, permutation_type="samples", n_resamples=inf).
    close(found.mean.value, 0.172_222_222_222_222_25, 1e-12);
    close(found.mean.low, 0.055_851_703_829_261_52, 1e-9);
    close(found.mean.high, 0.288_592_740_615_183, 1e-9);
    close(found.mean.p, 0.0625, 1e-15);
    let test = found.test.unwrap();
    assert_eq!((test.arrangements, test.extreme), (64, 4));
    assert_eq!(test.method, Method::BlockedPermutationExact);
    close(test.smallest_p, 2.0 / 64.0, 1e-15);
    assert_eq!(
        (found.blocks, found.first, found.second, found.mean.n),
        (6, 6, 6, 12)
    );
}

#[test]
fn blocks_of_any_size_agree_with_the_linear_model_of_r() {
    let blocks: Vec<Block> = vec![
        (vec![(9, 10), (16, 25), (14, 20)], vec![(3, 10), (11, 25)]),
        (vec![(33, 40), (5, 8)], vec![(25, 40), (3, 8), (40, 90)]),
        (vec![(61, 90)], vec![(20, 40)]),
    ];
    let found = difference(&blocks).mean;
    // R 4.2: f <- lm(k / n ~ arm + factor(block)); coef(f)["arm"]; confint(f)["arm", ].
    close(found.value, 0.287_279_693_486_590_05, 1e-12);
    close(found.low, 0.122_782_091_913_776_04, 1e-9);
    close(found.high, 0.451_777_295_059_404_06, 1e-9);
}

/// The weighted difference and the p-value by looking at every regrouping as a bit mask.
fn brute_force(blocks: &[Block]) -> (f64, u64, f64) {
    let share = |&(k, n): &(u64, u64)| k as f64 / n as f64;
    let weight = |(a, b): &Block| (a.len() * b.len()) as f64 / (a.len() + b.len()) as f64;
    let weights: f64 = blocks.iter().map(weight).sum();
    let mut sums = vec![0.0];
    let mut observed = 0.0;
    for block in blocks {
        let all: Vec<f64> = block.0.iter().chain(&block.1).map(share).collect();
        let mut parts = Vec::new();
        for mask in 0u32..1 << all.len() {
            if mask.count_ones() as usize == block.0.len() {
                let mean = |inside: u32, count: usize| {
                    let chosen = (0..all.len()).filter(|i| mask >> i & 1 == inside);
                    chosen.map(|i| all[i]).sum::<f64>() / count as f64
                };
                let part = mean(1, block.0.len()) - mean(0, block.1.len());
                parts.push(part * weight(block) / weights);
            }
        }
        // The lowest mask puts the first units inside, as they were.
        observed += parts[0];
        sums = sums
            .iter()
            .flat_map(|sum| parts.iter().map(move |part| sum + part))
            .collect();
    }
    let extreme = sums
        .iter()
        .filter(|sum| sum.abs() >= f64::abs(observed) - 1e-12);
    let p = extreme.count() as f64 / sums.len() as f64;
    (observed, sums.len() as u64, p)
}

#[test]
fn the_test_within_blocks_counts_every_arrangement_once_ties_included() {
    for seed in 0..12 {
        for sizes in [
            &[(1, 1), (1, 1), (1, 1), (1, 1)][..],
            &[(2, 2), (1, 3), (4, 2)],
            &[(1, 4), (3, 1), (1, 1), (2, 3)],
            &[(3, 3)],
        ] {
            let blocks = blocks(seed, sizes);
            let (observed, arrangements, p) = brute_force(&blocks);
            let found = difference(&blocks);
            let test = found.test.unwrap();
            assert!((found.mean.value.unwrap() - observed).abs() < 1e-12);
            assert_eq!(test.arrangements, arrangements);
            close(test.p, p, 1e-15);
            assert!(test.p >= test.smallest_p);
            assert_eq!((found.mean.p, test.monte_carlo_error), (Some(test.p), None));
        }
    }
    // Only where all blocks are even has every arrangement a mirror image.
    for (sizes, smallest) in [
        ([(1, 1), (1, 3)], 1.0 / 8.0),
        ([(1, 1), (2, 2)], 2.0 / 12.0),
    ] {
        let test = difference(&blocks(1, &sizes)).test.unwrap();
        assert_eq!(test.smallest_p, smallest);
    }
    // Three pairs that differ by 0, d and -d: every arrangement but the ties is counted by hand.
    let tied: Vec<Block> = [((3, 10), (3, 10)), ((5, 10), (3, 10)), ((3, 10), (5, 10))]
        .map(|(a, b)| (vec![a], vec![b]))
        .to_vec();
    let test = difference(&tied).test.unwrap();
    assert_eq!((test.extreme, test.arrangements, test.p), (8, 8, 1.0));
}

#[test]
fn one_block_is_the_difference_of_two_groups() {
    for seed in 0..10 {
        let block = blocks(seed, &[(5, 6)]);
        let found = difference(&block);
        let plain = share_difference(&block[0].0, &block[0].1, Units::Ads, 0.95, Some(11));
        close(found.mean.value, plain.mean.value, 1e-12);
        let (test, plain) = (found.test.unwrap(), plain.test.unwrap());
        assert_eq!(
            (test.p, test.arrangements, test.possible, test.smallest_p),
            (
                plain.p,
                plain.arrangements,
                plain.possible,
                plain.smallest_p
            )
        );
    }
}

#[test]
fn an_effect_of_the_block_does_not_hide_the_difference() {
    // In every block the first group is ahead by a tenth, give or take little; blocks differ by
    // more than that.
    let blocks: Vec<Block> = (0..8)
        .map(|i| (vec![(11 + 10 * i + i % 3, 100)], vec![(1 + 10 * i, 100)]))
        .collect();
    let found = difference(&blocks).mean;
    let flat = |group: fn(&Block) -> &Vec<(u64, u64)>| -> Vec<(u64, u64)> {
        blocks.iter().flat_map(group).copied().collect()
    };
    let plain = share_difference(&flat(|b| &b.0), &flat(|b| &b.1), Units::Ads, 0.95, Some(1)).mean;
    close(found.value, plain.value, 1e-12);
    assert!(found.low.unwrap() > 0.0 && plain.low.unwrap() < 0.0);
    close(found.p, 2.0 / 256.0, 1e-15);
    assert!(plain.p.unwrap() > 0.3);
}

#[test]
fn drawing_within_blocks_agrees_with_all_arrangements_within_the_stated_error() {
    // 2^20 arrangements of pairs are just too many; the sum of flipped signs is counted here by
    // convolution, exact because all differences are whole fortieths.
    let mut draws = integers(5, 1000);
    let steps: Vec<i64> = (0..20)
        .map(|_| draws.next().unwrap() as i64 % 15 - 5)
        .collect();
    let pairs: Vec<Block> = steps
        .iter()
        .map(|step| (vec![((20 + step) as u64, 40)], vec![(20, 40)]))
        .collect();
    let mut ways = vec![0u64; 801];
    ways[400] = 1;
    for step in &steps {
        let at = |ways: &[u64], i: i64| usize::try_from(i).ok().and_then(|i| ways.get(i).copied());
        ways = (0..801)
            .map(|i| at(&ways, i - step).unwrap_or(0) + at(&ways, i + step).unwrap_or(0))
            .collect();
    }
    let observed = steps.iter().sum::<i64>().abs();
    let extreme = (0..801).filter(|i| (i - 400i64).abs() >= observed);
    let count: u64 = extreme.map(|i| ways[i as usize]).sum();
    let exact = count as f64 / (1u64 << 20) as f64;
    assert!(
        0.001 < exact && exact < 0.9,
        "a case that cannot fail: {exact}"
    );

    let found = difference(&pairs).test.unwrap();
    assert_eq!(found.method, Method::BlockedPermutationMonteCarlo);
    assert_eq!((found.possible, found.seed), (Some(1 << 20), Some(11)));
    assert!(found.possible > Some(MAX_ARRANGEMENTS));
    let error = found.monte_carlo_error.unwrap();
    assert!(
        (found.p - exact).abs() < 4.0 * error,
        "{} {exact} {error}",
        found.p
    );
    assert_eq!(difference(&pairs).test, Some(found));
    assert_ne!(
        blocked_difference(&pairs, Units::Ads, 0.95, 12).test,
        Some(found)
    );
    // One pair fewer is counted in full.
    let fewer = difference(&pairs[..19]).test.unwrap();
    assert_eq!(
        (fewer.arrangements, fewer.method),
        (1 << 19, Method::BlockedPermutationExact)
    );
}

#[test]
fn neither_the_order_of_blocks_nor_of_their_ads_matters_to_a_single_bit() {
    for (seed, sizes) in [
        (1, vec![(3, 2), (1, 1), (2, 4)]),
        (2, vec![(1, 1); 30]),
        (3, vec![(3, 5), (5, 3), (4, 4), (6, 1)]),
    ] {
        let blocks = blocks(seed, &sizes);
        let turn = |ads: &[(u64, u64)]| ads.iter().rev().copied().collect::<Vec<_>>();
        let turned: Vec<Block> = blocks
            .iter()
            .rev()
            .map(|(a, b)| (turn(a), turn(b)))
            .collect();
        assert_eq!(difference(&blocks), difference(&turned));
    }
}

#[test]
fn swapping_the_groups_turns_the_sign_within_blocks_and_nothing_else() {
    for (seed, sizes) in [
        (1, vec![(3, 2), (1, 1), (2, 4)]),
        (2, vec![(1, 1); 30]),
        (3, vec![(3, 5), (7, 3), (4, 4), (6, 1)]),
    ] {
        let blocks = blocks(seed, &sizes);
        let (forth, back) = (difference(&blocks), difference(&swapped(&blocks)));
        assert_eq!(forth.mean.value, back.mean.value.map(|v| -v));
        assert_eq!(forth.mean.low, back.mean.high.map(|v| -v));
        assert_eq!(forth.mean.p, back.mean.p);
        assert_eq!((forth.first, forth.second), (back.second, back.first));
        assert!(forth.mean.low.is_some() && forth.mean.p < Some(1.0));
    }
}

#[test]
fn doubling_counts_keeps_and_relabelling_mirrors_a_blocked_difference() {
    let blocks = blocks(9, &[(3, 2), (1, 2), (2, 4)]);
    let each = |change: fn(&(u64, u64)) -> (u64, u64)| -> Vec<Block> {
        let group = |ads: &Vec<(u64, u64)>| ads.iter().map(change).collect();
        blocks.iter().map(|(a, b)| (group(a), group(b))).collect()
    };
    let found = difference(&blocks);
    assert_eq!(difference(&each(|&(k, n)| (2 * k, 2 * n))), found);
    let mirror = difference(&each(|&(k, n)| (n - k, n)));
    close(mirror.mean.value, found.mean.value.map(|v| -v), 1e-12);
    close(mirror.mean.low, found.mean.high.map(|v| -v), 1e-12);
    assert_eq!(mirror.mean.p, found.mean.p);
}

#[test]
fn blocks_with_one_group_only_are_left_out_and_counted() {
    let mut blocks = blocks(4, &[(2, 2), (1, 3)]);
    let before = difference(&blocks);
    blocks.push((vec![(1, 2), (3, 4)], vec![]));
    blocks.push((vec![(0, 0)], vec![(1, 2)]));
    blocks.push((vec![], vec![]));
    let after = difference(&blocks);
    assert_eq!((before.left_out, after.left_out, after.blocks), (0, 3, 2));
    assert_eq!((after.mean, after.test), (before.mean, before.test));
}

#[test]
fn blocks_that_cannot_be_compared_are_refused() {
    let refusal = |blocks: &[Block]| {
        let mean = difference(blocks).mean;
        assert_eq!((mean.low, mean.high, mean.level), (None, None, None));
        (
            mean.value.is_some(),
            mean.p.is_some(),
            mean.refusal.unwrap(),
        )
    };
    assert_eq!(refusal(&[]), (false, false, Refusal::NoBlock));
    let alone = (vec![(1, 2)], vec![]);
    assert_eq!(refusal(&[alone]), (false, false, Refusal::NoBlock));
    let pair = |a, b| (vec![a], vec![b]);
    assert_eq!(
        refusal(&[pair((3, 4), (1, 4))]),
        (true, true, Refusal::OnePair)
    );
    let wrong = [pair((3, 4), (1, 4)), pair((5, 4), (1, 4))];
    assert_eq!(refusal(&wrong), (false, false, Refusal::CountExceedsTrials));
    let large = [pair((3, 4), (1, u64::MAX))];
    assert_eq!(refusal(&large), (false, false, Refusal::TooLarge));
    // All pairs differ by 0.3, whatever rounding makes of it.
    let alike: Vec<Block> = (0..7).map(|i| pair((3 + i, 10), (i, 10))).collect();
    assert_eq!(refusal(&alike), (true, true, Refusal::NoVariation));
    let ranked = blocks(1, &[(2, 2), (2, 2)]);
    for level in [0.0, 1.0, 95.0, f64::NAN] {
        let mean = blocked_difference(&ranked, Units::Ads, level, 1).mean;
        assert_eq!((mean.low, mean.refusal), (None, Some(Refusal::Level)));
    }
}

#[test]
fn exact_permutation_tests_still_agree_with_enumeration_in_python() {
    let Some(oracle) = oracle("python.json") else {
        return;
    };
    for row in oracle["permutation_exact"].as_array().unwrap() {
        let found = permutation_test(&numbers(row, "a"), &numbers(row, "b"), 1).unwrap();
        close(found.difference, row["difference"].as_f64(), 1e-9);
        close(found.p, row["p_two_sided"].as_f64(), 1e-9);
        assert_eq!(Some(found.arrangements), row["arrangements"].as_u64());
        assert_eq!(found.method, Method::PermutationExact);
    }
}

// Ratios

fn ratio(first: &[(u64, u64)], second: &[(u64, u64)]) -> Estimate {
    ratio_of_means(first, second, Units::Ads, 0.95)
}

#[test]
fn a_ratio_of_means_agrees_with_its_formula_in_scipy() {
    let first = [(9, 10), (16, 25), (14, 20)];
    let second = [(3, 10), (11, 25), (8, 20), (9, 40)];
    let found = ratio(&first, &second);
    // numpy and scipy 1.17: v = var(ddof=1) / m / mean^2 of each group; df = (v1 + v2)^2 /
    // (v1^2 / (m1 - 1) + v2^2 / (m2 - 1)); exp(log(ratio) -+ t.ppf(0.975, df) * sqrt(v1 + v2)).
    close(found.value, 2.188_034_188_034_188, 1e-12);
    close(found.low, 1.385_536_087_496_306_7, 1e-9);
    close(found.high, 3.455_336_639_161_474_4, 1e-9);
    assert_eq!((found.n, found.method), (7, Method::RatioOfMeans));
}

#[test]
fn swapping_the_groups_inverts_the_ratio() {
    for seed in 0..20 {
        let block = &blocks(seed, &[(5, 4)])[0];
        let (forth, back) = (ratio(&block.0, &block.1), ratio(&block.1, &block.0));
        close(back.value, forth.value.map(|v| 1.0 / v), 1e-12);
        close(back.low, forth.high.map(|v| 1.0 / v), 1e-12);
        close(back.high, forth.low.map(|v| 1.0 / v), 1e-12);
        let (low, value, high) = (forth.low, forth.value, forth.high);
        assert!(Some(0.0) < low && low < value && value < high);
        let turn = |ads: &[(u64, u64)]| ads.iter().rev().copied().collect::<Vec<_>>();
        assert_eq!(ratio(&turn(&block.0), &turn(&block.1)), forth);
        let double =
            |ads: &[(u64, u64)]| ads.iter().map(|(k, n)| (2 * k, 2 * n)).collect::<Vec<_>>();
        assert_eq!(ratio(&double(&block.0), &double(&block.1)), forth);
    }
}

#[test]
fn a_ratio_without_a_base_or_a_spread_is_refused() {
    let some = [(1, 2), (1, 3)];
    let none = [(0, 2), (0, 3)];
    let refusal = |first: &[(u64, u64)], second: &[(u64, u64)]| {
        let found = ratio(first, second);
        assert_eq!((found.low, found.high, found.level), (None, None, None));
        (found.value, found.refusal.unwrap())
    };
    assert_eq!(refusal(&some, &none), (None, Refusal::ZeroMean));
    assert_eq!(refusal(&none, &none), (None, Refusal::ZeroMean));
    assert_eq!(refusal(&none, &some), (Some(0.0), Refusal::ZeroMean));
    assert_eq!(refusal(&some, &[]), (None, Refusal::NoUnits));
    assert_eq!(refusal(&[(0, 0)], &some), (None, Refusal::NoUnits));
    assert_eq!(
        refusal(&[(1, 4)], &[(1, 2), (1, 2)]),
        (Some(0.5), Refusal::OneUnit)
    );
    assert_eq!(
        refusal(&[(1, 4); 3], &[(1, 2); 2]),
        (Some(0.5), Refusal::NoVariation)
    );
    assert_eq!(
        refusal(&[(3, 2)], &some),
        (None, Refusal::CountExceedsTrials)
    );
    assert_eq!(refusal(&some, &[(3, u64::MAX)]), (None, Refusal::TooLarge));
    for level in [0.0, 1.0, f64::NAN] {
        let found = ratio_of_means(&some, &[(1, 4), (1, 5)], Units::Ads, level);
        assert_eq!((found.low, found.refusal), (None, Some(Refusal::Level)));
    }
    // So wide that its upper end is no number.
    let wild = [(0, 9), (9, 9)];
    let found = ratio_of_means(&wild, &wild, Units::Ads, 1.0 - 1e-9);
    assert_eq!(
        (found.value, found.refusal),
        (Some(1.0), Some(Refusal::TooLarge))
    );
}

// Times

/// Times, whether the event was seen, and group by group.
fn grouped(times: &[u64], events: &[u64], groups: &[u64]) -> Vec<Vec<(u64, bool)>> {
    let mut found = vec![Vec::new(); groups.iter().max().map_or(0, |last| *last as usize)];
    for ((time, event), group) in times.iter().zip(events).zip(groups) {
        found[*group as usize - 1].push((*time, *event == 1));
    }
    found
}

#[test]
fn log_rank_agrees_with_r() {
    let Some(oracle) = oracle("r.json") else {
        return;
    };
    let row = &oracle["log_rank"];
    let list = |key| {
        numbers(row, key)
            .into_iter()
            .map(|v| v as u64)
            .collect::<Vec<_>>()
    };
    let groups = grouped(&list("time"), &list("event"), &list("group"));
    let found = log_rank(&groups).unwrap();
    close(found.chi_square, row["chisq"].as_f64(), 1e-9);
    close(found.p, row["p"].as_f64(), 1e-9);
    assert_eq!((found.df, found.method), (1, Method::LogRank));
    let (events, expected) = found
        .groups
        .iter()
        .fold((0, 0.0), |(events, expected), group| {
            (events + group.events, expected + group.expected)
        });
    assert_eq!(events, list("event").iter().sum::<u64>());
    close(expected, events as f64, 1e-12);
}

const TIMES: [u64; 18] = [3, 5, 5, 8, 12, 16, 4, 4, 9, 20, 31, 1, 7, 7, 22, 40, 41, 60];
const EVENTS: [u64; 18] = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1];
const GROUPS: [u64; 18] = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3];

#[test]
fn log_rank_of_three_groups_agrees_with_r() {
    let found = log_rank(&grouped(&TIMES, &EVENTS, &GROUPS)).unwrap();
    // R survival 3.5: survdiff(Surv(time, event) ~ group).
    close(found.chi_square, 2.219_652_805_921_946, 1e-12);
    close(found.p, 0.329_616_176_501_087_1, 1e-12);
    assert_eq!(found.df, 2);
    let wanted = [
        2.690_639_589_169_001,
        2.994_514_472_455_648_5,
        7.314_845_938_375_351,
    ];
    for (group, wanted) in found.groups.iter().zip(wanted) {
        close(group.expected, wanted, 1e-12);
    }
    assert_eq!(
        found.groups[0].n + found.groups[1].n + found.groups[2].n,
        18
    );
}

#[test]
fn a_group_observed_at_no_event_gives_no_degree_of_freedom() {
    let three = grouped(&TIMES, &EVENTS, &GROUPS);
    let plain = log_rank(&three).unwrap();
    for idle in [vec![(0, false)], vec![]] {
        for place in [0, 3] {
            let mut four = three.clone();
            four.insert(place, idle.clone());
            let found = log_rank(&four).unwrap();
            assert_eq!(
                (found.chi_square, found.p, found.df),
                (plain.chi_square, plain.p, 2)
            );
        }
    }
}

#[test]
fn the_order_of_accounts_or_groups_does_not_matter_to_the_log_rank_test() {
    let groups = grouped(&TIMES, &EVENTS, &GROUPS);
    let found = log_rank(&groups).unwrap();
    let turned: Vec<Vec<(u64, bool)>> = groups
        .iter()
        .map(|times| times.iter().rev().copied().collect())
        .collect();
    assert_eq!(log_rank(&turned), Some(found.clone()));
    let swapped = [groups[2].clone(), groups[0].clone(), groups[1].clone()];
    let other = log_rank(&swapped).unwrap();
    close(other.chi_square, found.chi_square, 1e-12);
    assert_eq!(other.groups[1], found.groups[0]);
}

#[test]
fn groups_with_the_same_times_do_not_differ() {
    let times = vec![(3, true), (5, false), (9, true), (u64::MAX, true)];
    let found = log_rank(&[times.clone(), times]).unwrap();
    assert!(found.chi_square < 1e-20 && found.p > 1.0 - 1e-9);
}

#[test]
fn log_rank_is_absent_without_two_groups_or_events_to_compare() {
    assert_eq!(log_rank(&[]), None);
    assert_eq!(log_rank(&[vec![(3, true), (4, true)]]), None);
    assert_eq!(log_rank(&[vec![(3, true), (4, true)], vec![]]), None);
    assert_eq!(log_rank(&[vec![(3, false)], vec![(4, false)]]), None);
    // All have the event at once: no arrangement differs from another.
    // Rounding of 49 / 49 must not make a difference of it.
    for sizes in [[2, 2], [48, 1], [1, 48]] {
        let groups = sizes.map(|size| vec![(3, true); size]);
        assert_eq!(log_rank(&groups), None);
    }
}

#[test]
fn median_times_keep_their_limits() {
    let Some(oracle) = oracle("r.json") else {
        return;
    };
    for row in oracle["kaplan_meier"].as_array().unwrap() {
        let events = numbers(row, "event").into_iter().map(|event| event == 1.0);
        let times = numbers(row, "time").into_iter().map(|time| time as u64);
        let times: Vec<(u64, bool)> = times.zip(events).collect();
        let median = kaplan_meier(&times, Units::Accounts, 0.95).median;
        close(median.value, row["median"].as_f64(), 1e-9);
        close(median.low, row["median_low"].as_f64(), 1e-9);
        close(median.high, row["median_high"].as_f64(), 1e-9);
    }
}

#[test]
fn hostile_counts_and_levels_give_no_number_that_is_none_between_groups() {
    let large = [0, 1, u64::MAX / 2, u64::MAX];
    let finite = |estimate: Estimate| {
        for number in [estimate.value, estimate.low, estimate.high, estimate.p] {
            assert!(number.is_none_or(f64::is_finite), "{estimate:?}");
        }
        assert_eq!(
            estimate.refusal.is_none(),
            estimate.low.is_some(),
            "{estimate:?}"
        );
    };
    for level in [
        0.95,
        0.0,
        1.0,
        -3.0,
        f64::NAN,
        1.0 - f64::EPSILON,
        f64::MIN_POSITIVE,
    ] {
        for (k, n) in large.into_iter().flat_map(|k| large.map(|n| (k, n))) {
            for first in [vec![(k, n)], vec![(k, n), (1, 2)]] {
                let second = vec![(1, 2), (1, 3)];
                finite(ratio_of_means(&first, &second, Units::Ads, level));
                finite(ratio_of_means(&second, &first, Units::Ads, level));
                let blocks = [(first, second.clone()), (second, vec![(n, n)])];
                finite(blocked_difference(&blocks, Units::Ads, level, k).mean);
            }
            let found = log_rank(&[vec![(k, true), (n, false)], vec![(1, true), (n, true)]]);
            assert!(found.is_none_or(|found| found.chi_square.is_finite() && found.p <= 1.0));
        }
    }
}

#[test]
fn the_difference_within_blocks_does_not_need_its_test() {
    let blocks = blocks(3, &[(2, 2), (1, 3), (2, 1)]);
    let tested = blocked_difference(&blocks, Units::Ads, 0.95, 1);
    let untested = blocked_difference(&blocks, Units::Ads, 0.95, None);
    assert!(untested.test.is_none() && untested.mean.p.is_none());
    assert_eq!(
        (untested.mean.value, untested.mean.low, untested.mean.high),
        (tested.mean.value, tested.mean.low, tested.mean.high)
    );
    assert!(untested.mean.low.is_some());
}
