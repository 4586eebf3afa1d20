//! Every estimate of a case, under the path by which it is known for good.

mod accounts;
mod against;
mod arm;
mod basis;
mod contacts;
mod difference;
mod exposure;
mod feeds;
mod models;
mod profiles;
mod study;

pub use against::two_ads;
pub use arm::{ShareFilter, ranged_counts, share_where};
pub use contacts::{ContactFilter, contacts_where};

use super::quantity::{Quantity, Scalar};
use crate::case::{Case, Measure, Outcome};
use crate::cube::{Ad, Arm, ByGender, Cube, FeedAccount};
use crate::evidence::Gender;
use crate::findings::Rows;
use crate::numbers::End;
use crate::stats::{self, ClusterShares, Estimate, Method, ShareDifference, Units};
use basis::{Basis, Scale};
use std::collections::{BTreeMap, BTreeSet};
use study::Study;

/// Contacts are given for this many units of exposure.
pub const RATE_PER: u64 = 1000;

/// How results are computed where more than one way can be defended, and what may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Analysis {
    /// Exchange the pooled share and the mean of the ads under their names.
    pub other_average: bool,
    /// Give rates the intervals that take the ad as the unit.
    pub rates_by_ad: bool,
    /// Compare arms within the blocks of the ads table.
    pub blocks: bool,
    /// Run permutation tests.
    pub tests: bool,
    /// Test without blocks beside the test within them.
    pub unblocked: bool,
    /// Arrangements to draw where there are too many to look at all.
    pub arrangements: u64,
    /// Draw bootstrap samples.
    pub draws: bool,
    /// Fit random-effects models, and search for what a test could have found.
    pub models: bool,
}

impl Default for Analysis {
    fn default() -> Self {
        Analysis {
            other_average: false,
            rates_by_ad: false,
            blocks: true,
            tests: true,
            unblocked: true,
            arrangements: stats::MONTE_CARLO_DRAWS,
            draws: true,
            models: true,
        }
    }
}

/// Arrangements drawn under each choice of analysis, of which there can be hundreds: p near 0.05 is
/// then known to within 0.003.
const ARRANGEMENTS: u64 = 5_000;

/// Last parts of paths that only a test gives.
const TESTED: [&str; 6] = [
    "p",
    "p_holm",
    "p_bh",
    "arrangements",
    "p_error",
    "p_unblocked",
];

/// Last parts of paths that only a random-effects model gives, or a search for a power.
const MODELLED: [&str; 16] = [
    "random_effects",
    "random_effects_interval",
    "random_effects_low",
    "random_effects_high",
    "prediction",
    "prediction_low",
    "prediction_high",
    "tau",
    "tau_interval",
    "tau_low",
    "tau_high",
    "i2",
    "q",
    "q_p",
    "dispersion",
    "detectable",
];

impl Analysis {
    /// The usual analysis without what none of the values needs.
    pub fn needed_by<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Self {
        let last = |id: &'a str| id.rsplit('/').next().unwrap_or(id);
        Analysis {
            tests: ids.clone().any(|id| TESTED.contains(&last(id))),
            unblocked: ids.clone().any(|id| last(id) == "p_unblocked"),
            arrangements: ARRANGEMENTS,
            draws: ids
                .clone()
                .any(|id| last(id).starts_with("bootstrap") || id.starts_with("agreement/")),
            models: ids
                .clone()
                .any(|id| MODELLED.contains(&last(id)) || id.starts_with("odds_ratio/")),
            ..Analysis::default()
        }
    }
}

/// Everything that is computed once, whatever the prose asks for.
#[derive(Debug, Clone, Default)]
pub struct Results {
    quantities: BTreeMap<String, Quantity>,
    pub(super) analysis: Analysis,
    /// Differences, with their tests, by pair of arms, in the order of the case.
    pub differences: Vec<((String, String), ShareDifference)>,
}

impl Results {
    pub fn get(&self, id: &str) -> Option<&Quantity> {
        self.quantities.get(id)
    }

    /// All quantities in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &Quantity> {
        self.quantities.values()
    }

    /// Quantities directly below a path, by their last name: the fields of a value.
    pub fn below(&self, path: &str) -> BTreeMap<String, Quantity> {
        let prefix = format!("{path}/");
        self.quantities
            .range(prefix.clone()..)
            .take_while(|(id, _)| id.starts_with(&prefix))
            .filter_map(|(id, quantity)| {
                let name = &id[prefix.len()..];
                (!name.contains('/')).then(|| (name.to_owned(), quantity.clone()))
            })
            .collect()
    }

    /// Takes in values that prose or an assertion asked for beyond the standard ones.
    pub fn remember<'a>(&mut self, asked: impl IntoIterator<Item = &'a Quantity>) {
        for quantity in asked {
            let computed = !["fact/", "statement/", "case/"]
                .iter()
                .any(|declared| quantity.id.starts_with(declared));
            if computed {
                let entry = self.quantities.entry(quantity.id.clone());
                entry.or_insert_with(|| quantity.clone());
            }
        }
    }

    /// What no choice about the delivery of ads can change, without the places of its rows.
    pub(super) fn apart_from_delivery(&self) -> Results {
        let kept = [
            "benchmark/share",
            "benchmark/low",
            "benchmark/high",
            "benchmark/range",
            "accounts/",
            "study/",
        ];
        let quantities = self
            .quantities
            .iter()
            .filter(|(id, _)| kept.iter().any(|prefix| id.starts_with(prefix)))
            .map(|(id, quantity)| {
                let rows = Rows::default();
                (
                    id.clone(),
                    Quantity {
                        rows,
                        ..quantity.clone()
                    },
                )
            })
            .collect();
        Results {
            quantities,
            ..Results::default()
        }
    }

    fn add(&mut self, quantity: Quantity) {
        self.quantities.insert(quantity.id.clone(), quantity);
    }

    fn add_all(&mut self, quantities: impl IntoIterator<Item = Quantity>) {
        quantities
            .into_iter()
            .for_each(|quantity| self.add(quantity));
    }

    /// Lets the quantities of each pair of names below a path change places.
    fn exchange_all(&mut self, path: &str, pairs: &[(&str, &str)]) {
        for (first, second) in pairs {
            self.exchange(&format!("{path}/{first}"), &format!("{path}/{second}"));
        }
    }

    fn exchange(&mut self, first: &str, second: &str) {
        if let (Some(a), Some(b)) = (
            self.quantities.remove(first),
            self.quantities.remove(second),
        ) {
            let (a_id, b_id) = (a.id.clone(), b.id.clone());
            self.add(Quantity { id: b_id, ..a });
            self.add(Quantity { id: a_id, ..b });
        }
    }
}

/// The unit of a measure.
pub fn units(measure: Measure) -> Units {
    match measure {
        Measure::Impressions => Units::Impressions,
        Measure::Reach => Units::Reach,
        Measure::Clicks => Units::Clicks,
        Measure::Results => Units::Results,
        Measure::Shares => Units::Billionths,
    }
}

/// Count of the outcome gender, and of both known genders. `None` where the export has no count for
/// one of them: absent is not zero, so such an ad has no share.
pub fn outcome_of(counts: &ByGender, outcome: Outcome) -> Option<(u64, u64)> {
    let gender = if outcome == Outcome::Male {
        Gender::Male
    } else {
        Gender::Female
    };
    Some((counts.get(gender)?, counts.known()?))
}

/// Computes all standard results of a case.
pub fn compute(case: &Case, cube: &Cube) -> Results {
    compute_with(case, cube, Analysis::default(), Results::default())
}

/// Computes the results in another way than usual. `known` holds what need not be computed again:
/// where it is empty, all is computed.
pub(super) fn compute_with(
    case: &Case,
    cube: &Cube,
    analysis: Analysis,
    known: Results,
) -> Results {
    let complete = known.quantities.is_empty();
    let mut results = known;
    results.analysis = analysis;
    let study = Study {
        declared: &case.study,
        cube,
        analysis,
    };
    for arm in &cube.arms {
        results.add_all(study.arm(arm));
        if complete {
            results.add_all(study.ads(arm));
        }
        results.add_all(study.exposure(arm));
    }
    for (first, second) in study.pairs() {
        let (difference, quantities) = study.difference(first, second);
        let pair = (first.id.clone(), second.id.clone());
        results.differences.push((pair, difference));
        results.add_all(quantities);
        results.add_all(study.ratios(first, second));
        results.add_all(study.distance(first, second));
        results.add_all(study.rate_ratios(first, second));
    }
    let adjusted = study.adjusted(&results);
    results.add_all(adjusted);
    study.withhold_sums_of_reach(&mut results);
    study.withhold_counts_of_shares(&mut results);
    if analysis.other_average {
        study.exchange_averages(&mut results);
    }
    if analysis.rates_by_ad {
        study.exchange_rates(&mut results);
    }
    if complete {
        results.add_all(study.benchmark());
        results.add_all(study.test());
        results.add_all(study.accounts());
    }
    results.add_all(study.contacts());
    for account in &cube.feeds.accounts {
        results.add_all(study.feed_account(account));
    }
    results.add_all(study.feeds(None));
    for code in &cube.feeds.codes {
        results.add_all(study.feeds(Some(code)));
    }
    results
}
