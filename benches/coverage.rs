//! How often the intervals of an arm hold what they speak of, over simulated investigations.
//! Prints Markdown tables; `src/stats/COVERAGE.md` keeps them with a reading.

use casefile::stats::special::{Tail, normal_quantile, student_t_quantile};
use casefile::stats::{
    ClusterBootstrap, Estimate, Tau2, Units, cluster_bootstrap, cluster_shares,
    random_effects_contrast, random_effects_share, share_difference, wilson,
};
use libm::{exp, lgamma, log};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::io::{Result, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

const INVESTIGATIONS: u32 = 10_000;
const LEVEL: f64 = 0.95;
const ADS: [usize; 4] = [3, 5, 10, 20];
/// Standard deviation of the logit of the share between the ads of an arm.
const BETWEEN: [f64; 4] = [0.0, 0.25, 0.5, 1.0];

type Ads = Vec<(u64, u64)>;
/// Lower and upper limit of an interval, absent where it was refused.
type Limits = Option<(f64, f64)>;

/// What an interval speaks of.
struct Targets {
    /// Mean share of all ads that could be.
    mean: f64,
    /// Share of the middle one of them.
    middle: f64,
    /// Share of one more ad.
    next: f64,
}

struct Interval {
    name: &'static str,
    limits: fn(&[(u64, u64)]) -> Limits,
    target: fn(&Targets) -> f64,
}

const ONE_ARM: [Interval; 12] = [
    Interval {
        name: "Wilson, pooled impressions: mean",
        limits: |ads| {
            let (k, n) = ads.iter().fold((0, 0), |(k, n), ad| (k + ad.0, n + ad.1));
            limits(wilson(k, n, Units::Impressions, LEVEL))
        },
        target: |targets| targets.mean,
    },
    Interval {
        name: "ratio of sums, t: mean",
        limits: |ads| limits(cluster_shares(ads, Units::Impressions, Units::Ads, LEVEL).pooled),
        target: |targets| targets.mean,
    },
    Interval {
        name: "mean of ads, t: mean",
        limits: plain_mean,
        target: |targets| targets.mean,
    },
    Interval {
        name: "mean of ads, t on the logit: mean",
        limits: |ads| limits(cluster_shares(ads, Units::Impressions, Units::Ads, LEVEL).mean),
        target: |targets| targets.mean,
    },
    Interval {
        name: "bootstrap of ads, pooled: mean",
        limits: |ads| limits(bootstrap(ads).pooled),
        target: |targets| targets.mean,
    },
    Interval {
        name: "bootstrap of ads, mean of ads: mean",
        limits: |ads| limits(bootstrap(ads).mean),
        target: |targets| targets.mean,
    },
    Interval {
        name: "DL, normal: middle",
        limits: |ads| limits(random(ads, Tau2::DerSimonianLaird).share_z),
        target: |targets| targets.middle,
    },
    Interval {
        name: "DL, Hartung-Knapp: middle",
        limits: |ads| limits(random(ads, Tau2::DerSimonianLaird).share),
        target: |targets| targets.middle,
    },
    Interval {
        name: "REML, Hartung-Knapp: middle",
        limits: |ads| limits(random(ads, Tau2::Reml).share),
        target: |targets| targets.middle,
    },
    Interval {
        name: "PM, Hartung-Knapp: middle",
        limits: |ads| limits(random(ads, Tau2::PauleMandel).share),
        target: |targets| targets.middle,
    },
    Interval {
        name: "REML, Hartung-Knapp: mean",
        limits: |ads| limits(random(ads, Tau2::Reml).share),
        target: |targets| targets.mean,
    },
    Interval {
        name: "prediction, REML: next ad",
        limits: |ads| limits(random(ads, Tau2::Reml).prediction),
        target: |targets| targets.next,
    },
];

fn limits(estimate: Estimate) -> Limits {
    estimate.low.zip(estimate.high)
}

fn random(ads: &[(u64, u64)], tau2: Tau2) -> casefile::stats::RandomEffectsShare {
    random_effects_share(ads, Units::Ads, tau2, LEVEL)
}

fn bootstrap(ads: &[(u64, u64)]) -> ClusterBootstrap {
    const DRAWS: u32 = 1000;
    cluster_bootstrap(ads, Units::Impressions, Units::Ads, DRAWS, 1, LEVEL)
}

/// The mean of the shares with Student's t, cut to 0..1.
fn plain_mean(ads: &[(u64, u64)]) -> Limits {
    let m = ads.len() as f64;
    let shares = || ads.iter().map(|&(k, n)| k as f64 / n as f64);
    let mean = shares().sum::<f64>() / m;
    let squares: f64 = shares().map(|share| (share - mean) * (share - mean)).sum();
    let t = student_t_quantile(Tail::Upper((1.0 - LEVEL) / 2.0), m - 1.0)?;
    let half = t * (squares / (m - 1.0) / m).sqrt();
    (half > 0.0).then(|| ((mean - half).max(0.0), (mean + half).min(1.0)))
}

/// How often an interval held its target, and how wide it was.
#[derive(Default, Clone)]
struct Tally {
    given: u32,
    held: u32,
    widths: f64,
}

impl Tally {
    fn add(&mut self, limits: Limits, target: f64) {
        if let Some((low, high)) = limits {
            self.given += 1;
            self.held += u32::from(low <= target && target <= high);
            self.widths += high - low;
        }
    }

    /// Coverage in percent and mean width; what was refused is counted in brackets.
    fn cell(&self) -> String {
        if self.given == 0 {
            return "refused".into();
        }
        let given = f64::from(self.given);
        let refused = match INVESTIGATIONS - self.given {
            0 => String::new(),
            refused => format!(" ({refused} refused)"),
        };
        format!(
            "{:.1} / {:.3}{refused}",
            100.0 * f64::from(self.held) / given,
            self.widths / given
        )
    }
}

/// A table: what stands above it, its columns, and what simulates the tallies of a row.
struct Table {
    heading: String,
    columns: Vec<&'static str>,
    simulate: Box<Simulate>,
}

/// From a generator, the number of ads and how much they differ.
type Simulate = dyn Fn(&mut ChaCha8Rng, usize, f64) -> Vec<Tally> + Sync;

fn tables() -> Vec<Table> {
    let one = |share| Table {
        heading: format!("One arm, share of the middle ad {share}"),
        columns: ONE_ARM.iter().map(|interval| interval.name).collect(),
        simulate: Box::new(move |rng, ads, between| one_arm(rng, share, ads, between)),
    };
    let two = Table {
        heading: "Two arms, middle ads 0.85 and 0.5".into(),
        columns: vec![
            "Welch: difference of means",
            "REML, Knapp-Hartung: odds ratio of middles (width of its logarithm)",
        ],
        simulate: Box::new(two_arms),
    };
    vec![one(0.85), one(0.5), two]
}

fn main() -> Result<()> {
    let tables = tables();
    let cells: Vec<(usize, f64)> = cells().collect();
    let rows: Vec<OnceLock<Vec<Tally>>> = vec![OnceLock::new(); tables.len() * cells.len()];
    let next = AtomicUsize::new(0);
    // Each row has a seed of its own: how many threads there are changes nothing that is printed.
    let work = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(row) = rows.get(at) else { break };
        let (ads, between) = cells[at % cells.len()];
        let mut rng = ChaCha8Rng::seed_from_u64(at as u64 + 1);
        let simulate = &tables[at / cells.len()].simulate;
        row.get_or_init(|| simulate(&mut rng, ads, between));
    };
    let threads = std::thread::available_parallelism()?;
    std::thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(work);
        }
    });
    let mut out = std::io::stdout().lock();
    for (table, rows) in tables.iter().zip(rows.chunks(cells.len())) {
        writeln!(out, "\n### {}\n", table.heading)?;
        head(&mut out, &table.columns)?;
        for (tallies, (ads, between)) in rows.iter().zip(&cells) {
            let tallies = tallies.get().map_or(&[][..], |tallies| tallies);
            row(&mut out, *ads, *between, tallies)?;
        }
    }
    Ok(())
}

fn cells() -> impl Iterator<Item = (usize, f64)> {
    let each = |ads| BETWEEN.iter().map(move |between| (ads, *between));
    ADS.into_iter().flat_map(each)
}

fn head(out: &mut impl Write, names: &[&str]) -> Result<()> {
    writeln!(out, "| ads | between | {} |", names.join(" | "))?;
    writeln!(out, "|---|---|{}", "---|".repeat(names.len()))
}

fn row(out: &mut impl Write, ads: usize, between: f64, tallies: &[Tally]) -> Result<()> {
    let cells: Vec<String> = tallies.iter().map(Tally::cell).collect();
    writeln!(out, "| {ads} | {between} | {} |", cells.join(" | "))
}

fn one_arm(rng: &mut ChaCha8Rng, share: f64, ads: usize, between: f64) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); ONE_ARM.len()];
    for _ in 0..INVESTIGATIONS {
        let counts = arm(rng, share, ads, between);
        let targets = Targets {
            mean: mean_share(share, between),
            middle: share,
            next: ad_share(rng, share, between),
        };
        for (interval, tally) in ONE_ARM.iter().zip(&mut tallies) {
            tally.add((interval.limits)(&counts), (interval.target)(&targets));
        }
    }
    tallies
}

fn two_arms(rng: &mut ChaCha8Rng, ads: usize, between: f64) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); 2];
    let (first, second) = (0.85, 0.5);
    let difference = mean_share(first, between) - mean_share(second, between);
    for _ in 0..INVESTIGATIONS {
        let (a, b) = (
            arm(rng, first, ads, between),
            arm(rng, second, ads, between),
        );
        let found = share_difference(&a, &b, Units::Ads, LEVEL, None).mean;
        tallies[0].add(limits(found), difference);
        let contrast = random_effects_contrast(&a, &b, Units::Ads, LEVEL);
        let target = logit(first) - logit(second);
        tallies[1].add(limits(contrast.log_odds_difference), target);
    }
    tallies
}

/// An arm's ads; impressions are lognormal around 2,000, from 300 to 20,000.
fn arm(rng: &mut ChaCha8Rng, share: f64, ads: usize, between: f64) -> Ads {
    let mut ad = || {
        let n = exp(log(2000.0) + 0.9 * normal(rng)).clamp(300.0, 20_000.0) as u64;
        let share = ad_share(rng, share, between);
        (binomial(rng, n, share), n)
    };
    (0..ads).map(|_| ad()).collect()
}

fn ad_share(rng: &mut ChaCha8Rng, share: f64, between: f64) -> f64 {
    expit(logit(share) + between * normal(rng))
}

/// Mean share over ads whose logit is normally distributed, by equal steps.
fn mean_share(share: f64, between: f64) -> f64 {
    let terms = (-72..=72).map(|step| {
        let z = f64::from(step) / 8.0;
        let weight = exp(-z * z / 2.0);
        (weight * expit(logit(share) + between * z), weight)
    });
    let (sum, weights) = terms.fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    sum / weights
}

fn expit(logit: f64) -> f64 {
    1.0 / (1.0 + exp(-logit))
}

fn logit(share: f64) -> f64 {
    log(share) - log(1.0 - share)
}

/// Strictly between 0 and 1.
fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    ((rng.next_u64() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    normal_quantile(Tail::Lower(uniform(rng))).unwrap_or(0.0)
}

/// A binomial draw: probabilities are taken from a uniform draw, from the likeliest count outward.
fn binomial(rng: &mut ChaCha8Rng, n: u64, share: f64) -> u64 {
    let size = n as f64;
    let odds = share / (1.0 - share);
    let likeliest = ((size + 1.0) * share).floor().min(size);
    let ways = lgamma(size + 1.0) - lgamma(likeliest + 1.0) - lgamma(size - likeliest + 1.0);
    let peak = exp(ways + likeliest * log(share) + (size - likeliest) * log(1.0 - share));
    let mut left = uniform(rng) - peak;
    let (mut below, mut above) = ((likeliest, peak), (likeliest, peak));
    while left > 0.0 && (below.0 > 0.0 || above.0 < size) {
        if above.0 < size {
            above.1 *= (size - above.0) / (above.0 + 1.0) * odds;
            above.0 += 1.0;
            left -= above.1;
            if left <= 0.0 {
                return above.0 as u64;
            }
        }
        if below.0 > 0.0 {
            below.1 *= below.0 / (size - below.0 + 1.0) / odds;
            below.0 -= 1.0;
            left -= below.1;
            if left <= 0.0 {
                return below.0 as u64;
            }
        }
    }
    likeliest as u64
}
