//! Every estimate of a case, under the path by which it is known for good.

mod contacts;
mod delivery;
mod records;

pub use contacts::{ContactFilter, contacts_where};

use super::quantity::{Quantity, Scalar};
use crate::case::{Case, Measure, Outcome};
use crate::cube::{Ad, Arm, ByGender, Contacts, Cube, FeedAccount};
use crate::evidence::Gender;
use crate::notice::Locator;
use crate::numbers::End;
use crate::stats::{self, Estimate, ShareDifference, Units};
use std::collections::{BTreeMap, BTreeSet};

/// Contacts are given for this many units of exposure.
pub const RATE_PER: u64 = 1000;

fn lowest(share: f64) -> Scalar {
    Scalar::ShareEnd(share, End::Low)
}

fn highest(share: f64) -> Scalar {
    Scalar::ShareEnd(share, End::High)
}

/// Everything that is computed once, whatever the prose asks for.
#[derive(Debug, Clone, Default)]
pub struct Results {
    quantities: BTreeMap<String, Quantity>,
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

    fn add(&mut self, quantity: Quantity) {
        self.quantities.insert(quantity.id.clone(), quantity);
    }

    fn add_all(&mut self, quantities: impl IntoIterator<Item = Quantity>) {
        quantities
            .into_iter()
            .for_each(|quantity| self.add(quantity));
    }
}

/// The unit of a measure.
pub fn units(measure: Measure) -> Units {
    match measure {
        Measure::Impressions => Units::Impressions,
        Measure::Reach => Units::Reach,
        Measure::Clicks => Units::Clicks,
        Measure::Results => Units::Results,
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
    let mut results = Results::default();
    let study = delivery::Study { case, cube };
    for arm in &cube.arms {
        results.add_all(study.arm(arm));
        results.add_all(study.ads(arm));
        results.add_all(study.exposure(arm));
    }
    for (first, second) in study.pairs() {
        let (difference, quantities) = study.difference(first, second);
        let pair = (first.id.clone(), second.id.clone());
        results.differences.push((pair, difference));
        results.add_all(quantities);
    }
    if let Some(benchmark) = &case.study.benchmark {
        let mut quantity = Quantity::plain(
            "benchmark/share",
            benchmark.label.clone(),
            Some(Scalar::Share(benchmark.share)),
            "[study] benchmark in case.toml",
        );
        quantity.method = "Declared in the case".into();
        quantity.method_source = benchmark.source.clone();
        results.add(quantity);
    }
    results.add_all(study.test());
    results.add_all(contacts::contacts(case, cube));
    results.add_all(records::accounts(case, cube));
    for account in &cube.feeds.accounts {
        results.add_all(records::feed_account(case, account));
    }
    results.add_all(records::feeds(case, cube, None));
    for code in &cube.feeds.codes {
        results.add_all(records::feeds(case, cube, Some(code)));
    }
    results
}
