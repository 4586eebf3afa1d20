//! The share of an arm, and of each of its ads.

use super::*;
use crate::stats::{CountRange, RangedCounts};

/// Which part of an arm is meant. Empty = all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShareFilter {
    /// One age band; counts are then impressions.
    pub age: Option<String>,
    /// Ads of one advertiser account.
    pub account: Option<String>,
    /// One day, ISO 8601, where an export has days.
    pub day: Option<String>,
}

impl ShareFilter {
    /// As options of a function: ", age='65+'".
    pub fn written(&self) -> String {
        let parts = [
            ("age", &self.age),
            ("account", &self.account),
            ("day", &self.day),
        ];
        let written = parts
            .iter()
            .filter_map(|(name, value)| Some(format!(", {name}='{}'", value.as_ref()?)));
        written.collect()
    }
}

/// The share of a part of an arm. Fails with what the case lacks.
pub fn share_where(
    declared: &crate::case::Study,
    cube: &Cube,
    analysis: Analysis,
    arm: &Arm,
    filter: &ShareFilter,
) -> Result<Vec<Quantity>, String> {
    let mut cube = cube.clone();
    let mut arm = arm.clone();
    let mut parts = Vec::new();
    if let Some(account) = &filter.account {
        let of = |ad: &Ad| crate::findings::choices::account(ad).map(str::to_owned);
        let known: BTreeSet<String> = cube.ads_of(&arm).filter_map(of).collect();
        if !known.contains(account) {
            let known: Vec<String> = known.into_iter().collect();
            return Err(format!(
                "the arm has no ad of this account; its accounts are: {}",
                known.join(", ")
            ));
        }
        arm.ads
            .retain(|&index| cube.ads.get(index).and_then(of).as_ref() == Some(account));
        parts.push(format!("account={account}"));
    }
    if let Some(age) = &filter.age {
        if cube.measure != cube.ages_in {
            return Err(format!("ages are counted in {} only", cube.ages_in.name()));
        }
        if !cube.ages().contains(age) {
            return Err(format!("the age bands are: {}", cube.ages().join(", ")));
        }
        let masked = |ad: &Ad| ad.ranges.is_some() && ad.ages.is_empty();
        if cube.ads_of(&arm).any(masked) {
            return Err("counts by age of an ad of this arm are given as ranges".into());
        }
        for ad in &mut cube.ads {
            ad.counts = ad.ages.get(age).copied().unwrap_or_default();
            ad.rows = ad.rows_by_age.get(age).cloned().unwrap_or_default();
            ad.ranges = None;
        }
        parts.push(format!("age={age}"));
    }
    if let Some(day) = &filter.day {
        if filter.age.is_some() {
            return Err("ages are not counted by day: ask for one of them".into());
        }
        let known: BTreeSet<_> = cube.ads.iter().flat_map(|ad| ad.days.keys()).collect();
        let found = known
            .iter()
            .find(|own| own.to_string() == *day)
            .map(|own| **own);
        let Some(found) = found else {
            return Err(match (known.first(), known.last()) {
                (Some(first), Some(last)) => format!("the days run from {first} to {last}"),
                _ => "no export has days and genders".into(),
            });
        };
        for ad in &mut cube.ads {
            (ad.counts, ad.rows) = ad.days.get(&found).cloned().unwrap_or_default();
            ad.ranges = None;
        }
        parts.push(format!("day={day}"));
    }
    arm.label = format!("{}, {}", arm.label, parts.join(", "));
    arm.id = format!("{}/{}", arm.id, parts.join(","));
    let study = Study {
        declared,
        cube: &cube,
        analysis,
    };
    let mut results = Results::default();
    results.add_all(study.shares(&arm));
    if analysis.other_average {
        study.exchange_averages_of(&arm, &mut results);
    }
    Ok(results.quantities.into_values().collect())
}

impl Study<'_> {
    /// Everything on the share of an arm.
    pub fn arm(&self, arm: &Arm) -> Vec<Quantity> {
        let mut list = self.shares(arm);
        list.extend(self.standardised(arm));
        list.extend(self.first_export(arm));
        list.extend(self.against_benchmark(arm));
        list
    }

    pub(super) fn share_basis<'b>(&'b self, arm: &'b Arm) -> Basis {
        Basis {
            path: format!("share/{}", arm.id),
            rows: self.rows(&[arm]),
            query: self.query(&format!("ads of arm {}", arm.id)),
        }
    }

    /// "pooled share of men among impressions of known gender, arm ...".
    pub(super) fn share_label(&self, what: &str, arm: &Arm) -> String {
        format!(
            "{what} {} among {} of known gender, arm \u{201C}{}\u{201D}",
            self.people(),
            self.measure(),
            arm.label
        )
    }

    /// Shares that rest on the counts of the arm's ads alone.
    fn shares(&self, arm: &Arm) -> Vec<Quantity> {
        let counts = self.counts(arm);
        let measured = units(self.cube.measure);
        let shares = stats::cluster_shares(&counts, measured, Units::Ads, self.level());
        let basis = self.share_basis(arm);
        let label = |what: &str| self.share_label(what, arm);
        let mut list = basis.clusters(&shares, "ads", &label);
        list.extend(self.unknown(arm, &basis, &label));
        list.extend(self.models(arm, &counts));
        let counted = |name: &str, what: String, count| {
            let label = format!("{what} arm \u{201C}{}\u{201D}", arm.label);
            basis.plain(name, label, Some(Scalar::Count(count)))
        };
        let (k, n) = sum(&counts);
        list.extend([
            counted(
                "ads",
                format!("ads with {} in", self.measure()),
                self.ranged(arm).len() as u64,
            ),
            counted("n", format!("{} of known gender in", self.measure()), n),
            counted(
                "k",
                format!("{} to {} in", self.measure(), self.people()),
                k,
            ),
        ]);
        if self.cube.measure == Measure::Reach {
            list.iter_mut()
                .filter(|quantity| SUMMED.iter().any(|name| quantity.id.ends_with(name)))
                .for_each(|quantity| withhold(quantity, SUM_OF_REACH));
        }
        if self.cube.measure == Measure::Shares {
            list.iter_mut().for_each(withhold_count_of_shares);
        }
        self.withhold_masked(&[arm], &mut list);
        list
    }

    /// The counts of each ad with what is not known of them: those of unknown gender, and cells
    /// that are ranges.
    pub(super) fn ranged(&self, arm: &Arm) -> Vec<RangedCounts> {
        self.cube
            .ads_of(arm)
            .filter_map(|ad| ranged_counts(ad, self.declared.outcome))
            // An ad that nobody was shown has no share.
            .filter(|counts| {
                let parts = [counts.outcome, counts.other, counts.unknown];
                parts.iter().any(|cell| cell.high != Some(0))
            })
            .collect()
    }

    /// Takes back what would rest on part of the ads, where counts of an ad are ranges.
    pub(super) fn withhold_masked(&self, arms: &[&Arm], list: &mut [Quantity]) {
        let mut ads = arms.iter().flat_map(|arm| self.cube.ads_of(arm));
        if ads.any(|ad| ad.ranges.is_some()) {
            list.iter_mut()
                .filter(|quantity| {
                    !quantity.id.contains("bounds") && !quantity.id.ends_with("/ads")
                })
                .for_each(|quantity| withhold(quantity, MASKED));
        }
    }

    /// What those of unknown gender could change.
    fn unknown(&self, arm: &Arm, basis: &Basis, label: &dyn Fn(&str) -> String) -> Vec<Quantity> {
        // Ads without a count of one gender are in no figure, so not in the bounds either.
        let unknown: u64 = self
            .cube
            .ads_of(arm)
            .filter(|ad| outcome_of(&ad.counts, self.declared.outcome).is_some())
            .filter_map(|ad| ad.counts.unknown)
            .sum();
        let (outcome, known) = sum(&self.counts(arm));
        let measured = units(self.cube.measure);
        let ranged = self.ranged(arm);
        let bounds = stats::pooled_bounds(&ranged, measured);
        let mean = stats::mean_bounds(&ranged, Units::Ads);
        let each: Vec<Estimate> = ranged
            .iter()
            .map(|ad| stats::share_bounds(*ad, measured))
            .collect();
        let ends = |end: fn(&Estimate) -> Option<f64>| each.iter().filter_map(end);
        let range = Estimate {
            low: ends(|e| e.low).min_by(f64::total_cmp),
            high: ends(|e| e.high).max_by(f64::total_cmp),
            ..mean
        };
        let all = known + unknown;
        let of_all = self
            .cube
            .ads_of(arm)
            .filter_map(|ad| Some((ad.counts.unknown.unwrap_or(0), ad.counts.all()?)))
            .fold((0, 0), |sum, ad| (sum.0 + ad.0, sum.1 + ad.1));
        let mut list = Vec::new();
        for (name, what, bounds) in [
            ("bounds", "worst-case bounds of the pooled share of", bounds),
            (
                "mean_bounds",
                "worst-case bounds of the mean over ads of the share of",
                mean,
            ),
            (
                "range_bounds",
                "worst-case range over ads of the share of",
                range,
            ),
        ] {
            list.extend(basis.bounds_with_ends(name, label(what), bounds, Scale::Share));
        }
        list.extend([
            Quantity {
                query: format!(
                    "{}; here unknown gender is kept in the denominator",
                    basis.query
                ),
                ..basis.ratio(
                    "with_unknown",
                    label("share among all, unknown gender included, of"),
                    (outcome, all),
                    measured,
                )
            },
            // Of all that was counted, ads without a share included.
            basis.ratio(
                "unknown",
                format!(
                    "share of {} of unknown gender, arm \u{201C}{}\u{201D}",
                    self.measure(),
                    arm.label
                ),
                (of_all.0, of_all.1),
                measured,
            ),
        ]);
        list
    }

    pub fn ads(&self, arm: &Arm) -> Vec<Quantity> {
        let mut used = BTreeSet::new();
        self.cube
            .ads_of(arm)
            .filter_map(|ad| {
                let basis = Basis {
                    path: format!("share/{}/ad", arm.id),
                    rows: ad.rows.iter().collect(),
                    query: self.query(&format!("ad {}", ad.key.path())),
                };
                let label = format!(
                    "share of {} among {} of known gender, ad \u{201C}{}\u{201D}",
                    self.people(),
                    self.measure(),
                    ad.label
                );
                let measured = units(self.cube.measure);
                let name = ad_id(ad, &mut used);
                if ad.ranges.is_some() {
                    let counts = ranged_counts(ad, self.declared.outcome)?;
                    let bounds = stats::share_bounds(counts, measured);
                    return Some(basis.bounds(&name, label, bounds, Scale::Share));
                }
                let (k, n) = outcome_of(&ad.counts, self.declared.outcome)?;
                let estimate = stats::wilson(k, n, measured, self.level());
                Some(basis.estimated(&name, label, estimate, Scale::Share))
            })
            .collect()
    }
}

/// What is known of the counts of an ad: exact, or as ranges. `None` where one of the genders has
/// no cell.
pub fn ranged_counts(ad: &Ad, outcome: Outcome) -> Option<RangedCounts> {
    let own = |gender| match &ad.ranges {
        Some(ranges) => ranges.get(gender).map(|cell| CountRange {
            low: cell.low,
            high: cell.high,
        }),
        None => ad.counts.get(gender).map(CountRange::exact),
    };
    let (female, male) = (own(Gender::Female)?, own(Gender::Male)?);
    let (outcome, other) = if outcome == Outcome::Male {
        (male, female)
    } else {
        (female, male)
    };
    Some(RangedCounts {
        outcome,
        other,
        unknown: own(Gender::Unknown).unwrap_or(CountRange::exact(0)),
    })
}

/// Sums of both counts.
pub(super) fn sum(counts: &[(u64, u64)]) -> (u64, u64) {
    counts
        .iter()
        .fold((0, 0), |sum, ad| (sum.0 + ad.0, sum.1 + ad.1))
}

/// A lasting name of an ad within its arm.
fn ad_id(ad: &Ad, used: &mut BTreeSet<String>) -> String {
    let base = crate::cube::slug(&ad.label);
    let mut id = base.clone();
    let mut number = 2;
    while !used.insert(id.clone()) {
        id = format!("{base}-{number}");
        number += 1;
    }
    id
}

/// Last parts of the paths that rest on a sum over ads.
const SUMMED: [&str; 14] = [
    "/pooled",
    "/pooled_interval",
    "/pooled_low",
    "/pooled_high",
    "/bounds",
    "/bounds_low",
    "/bounds_high",
    "/with_unknown",
    "/unknown",
    "/bootstrap",
    "/bootstrap_low",
    "/bootstrap_high",
    "/n",
    "/k",
];

/// People reached by one ad may be reached by another: a sum of reach is no number of people.
pub(super) const SUM_OF_REACH: &str =
    "Reach must not be added up over ads, so there is no sum and no pooled share.";

/// Totals are not published, so only what weighs each ad alike can be said.
const SHARES_ONLY: &str = "The platform publishes shares of totals that are not known, so there is no count, no pooled share and no interval within an ad.";

/// Takes back a value that would need the totals of which the platform publishes shares only.
pub(super) fn withhold_count_of_shares(quantity: &mut Quantity) {
    if quantity.id.contains("/ad/") {
        // The share itself is published; its interval would need the total.
        quantity.estimate = None;
    } else if !is_of_shares_alone(&quantity.id) {
        withhold(quantity, SHARES_ONLY);
    }
}

/// Whether a value rests on the shares of the ads alone, whatever their totals are.
fn is_of_shares_alone(id: &str) -> bool {
    const ALONE: [&str; 27] = [
        "ads",
        "mean",
        "mean_low",
        "mean_high",
        "mean_bounds",
        "mean_bounds_low",
        "mean_bounds_high",
        "interval",
        "low",
        "high",
        "min",
        "max",
        "range",
        "range_bounds",
        "range_bounds_low",
        "range_bounds_high",
        "median",
        "sd",
        "value",
        "p",
        "p_holm",
        "p_bh",
        "p_error",
        "arrangements",
        "ads_above",
        "ads_below",
        "detectable",
    ];
    // Ratios of odds weigh the ads by their totals.
    if id.starts_with("odds_ratio/") {
        return false;
    }
    let name = id.rsplit('/').next().unwrap_or(id);
    ALONE.contains(&name)
}

const MASKED: &str = "Counts of these ads are given as ranges, such as <5, or are missing in part, so there is no single value: see the bounds.";

pub(super) fn withhold(quantity: &mut Quantity, why: &str) {
    quantity.scalar = None;
    quantity.estimate = None;
    quantity.why = Some(why.into());
}
