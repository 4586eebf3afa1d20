//! How long the estimators take that draw, search or enumerate: best of twenty runs each.

use casefile::stats::{
    DRAWS, Tau2, Units, blocked_difference, cluster_bootstrap, permutation_test,
    random_effects_share,
};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let ads = |count: u64| -> Vec<(u64, u64)> {
        let ad = |i: u64| (500 + i * 37 % 400, 1000 + i * 53 % 700);
        (0..count).map(ad).collect()
    };
    let (few, some, many) = (ads(20), ads(200), ads(1000));
    let shares: Vec<f64> = few.iter().map(|&(k, n)| k as f64 / n as f64).collect();
    let pairs: Vec<_> = few
        .iter()
        .map(|&ad| (vec![ad], vec![(ad.0 / 2, ad.1)]))
        .collect();
    report("10,000 bootstrap draws over 200 ads", || {
        cluster_bootstrap(&some, Units::Impressions, Units::Ads, DRAWS, 1, 0.95)
    });
    report("REML over 1,000 ads", || {
        random_effects_share(&many, Units::Ads, Tau2::Reml, 0.95)
    });
    report(
        "permutation test, 10 against 10 ads, all arrangements",
        || {
            permutation_test(&shares[..10], &shares[10..], 1);
        },
    );
    report("sign-flip test, 20 pairs", || {
        blocked_difference(&pairs, Units::Ads, 0.95, 1)
    });
}

#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a bench reads the clock and nothing else does"
)]
fn report<T>(name: &str, run: impl Fn() -> T) {
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        black_box(run());
        best = best.min(start.elapsed());
    }
    println!("{name}: {:.2} ms", best.as_secs_f64() * 1000.0);
}
