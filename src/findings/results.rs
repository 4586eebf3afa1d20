//! Every estimate of a case, under the path by which it is known for good.

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
    /// Differences, with their tests, by pair of arms.
    pub differences: BTreeMap<(String, String), ShareDifference>,
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

/// Count of the outcome gender, and of both known genders. An export writes no row for a cell
/// without delivery, so a gender without a row counts as not delivered to when the other has one.
pub fn outcome_of(counts: &ByGender, outcome: Outcome) -> Option<(u64, u64)> {
    let gender = if outcome == Outcome::Male {
        Gender::Male
    } else {
        Gender::Female
    };
    Some((counts.get(gender).unwrap_or(0), counts.known()?))
}

/// Computes all standard results of a case.
pub fn compute(case: &Case, cube: &Cube) -> Results {
    let mut results = Results::default();
    let study = Study { case, cube };
    for arm in &cube.arms {
        results.add_all(study.arm(arm));
        results.add_all(study.ads(arm));
        results.add_all(study.exposure(arm));
    }
    for (first, second) in study.pairs() {
        let (difference, quantities) = study.difference(first, second);
        results
            .differences
            .insert((first.id.clone(), second.id.clone()), difference);
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
    results.add_all(contacts(case, cube));
    results.add_all(accounts(case, cube));
    for account in &cube.feeds.accounts {
        results.add_all(feed_account(case, account));
    }
    results.add_all(feeds(case, cube, None));
    for code in &cube.feeds.codes {
        results.add_all(feeds(case, cube, Some(code)));
    }
    results
}

struct Study<'a> {
    case: &'a Case,
    cube: &'a Cube,
}

impl Study<'_> {
    fn people(&self) -> &'static str {
        self.case.study.outcome.people()
    }

    fn measure(&self) -> &'static str {
        self.case.study.measure.name()
    }

    /// Pairs to compare: as declared, or the first arm with each other.
    fn pairs(&self) -> Vec<(&Arm, &Arm)> {
        let declared: Vec<(&Arm, &Arm)> = self
            .case
            .study
            .contrasts
            .iter()
            .filter_map(|(a, b)| Some((self.cube.arm(a)?, self.cube.arm(b)?)))
            .collect();
        if !declared.is_empty() {
            return declared;
        }
        let mut pairs = Vec::new();
        for (index, first) in self.cube.arms.iter().enumerate() {
            for second in self.cube.arms.iter().skip(index + 1) {
                pairs.push((first, second));
            }
        }
        pairs
    }

    fn counts(&self, arm: &Arm) -> Vec<(u64, u64)> {
        self.cube
            .ads_of(arm)
            .filter_map(|ad| outcome_of(&ad.counts, self.case.study.outcome))
            .collect()
    }

    fn query(&self, what: &str) -> String {
        format!(
            "{what}: sum of {} by gender over the last export, by ad; share = {} / (women + men), unknown gender left out",
            self.measure(),
            self.people()
        )
    }

    fn arm(&self, arm: &Arm) -> Vec<Quantity> {
        let level = self.case.study.level;
        let counts = self.counts(arm);
        let measured = units(self.case.study.measure);
        let shares = stats::cluster_shares(&counts, measured, Units::Ads, level);
        let rows: Vec<&Locator> = self.cube.ads_of(arm).flat_map(|ad| &ad.rows).collect();
        let label = |what: &str| {
            format!(
                "{what} {} among {} of known gender, arm \u{201C}{}\u{201D}",
                self.people(),
                self.measure(),
                arm.label
            )
        };
        let path = |name: &str| format!("share/{}/{name}", arm.id);
        let query = self.query(&format!("ads of arm {}", arm.id));
        let quantity = |name: &str, what: &str, estimate: Estimate| {
            Quantity::estimated(
                path(name),
                label(what),
                estimate,
                Scalar::Share,
                query.clone(),
            )
            .resting_on(rows.iter().copied())
        };
        let pooled = quantity("pooled", "pooled share of", shares.pooled);
        let mean = quantity("mean", "mean over ads of the share of", shares.mean);
        let min = Quantity {
            scalar: shares.min.value.map(lowest),
            ..quantity("min", "lowest share of", shares.min)
        };
        let max = Quantity {
            scalar: shares.max.value.map(highest),
            ..quantity("max", "highest share of", shares.max)
        };
        let interval_of = |q: &Quantity| {
            q.estimate
                .and_then(|e| Some(Scalar::ShareInterval(e.low?, e.high?)))
        };
        let range = Quantity {
            scalar: shares
                .min
                .value
                .zip(shares.max.value)
                .map(|(low, high)| Scalar::ShareRange(low, high)),
            ..Quantity::estimated(
                path("range"),
                label("range over ads of the share of"),
                shares.min,
                Scalar::Share,
                query.clone(),
            )
            .resting_on(rows.iter().copied())
        };
        let total = |gender| {
            self.cube
                .ads_of(arm)
                .filter_map(|ad| ad.counts.get(gender))
                .sum::<u64>()
        };
        let (female, male, unknown) = (
            total(Gender::Female),
            total(Gender::Male),
            total(Gender::Unknown),
        );
        let (outcome, other) = if self.case.study.outcome == Outcome::Male {
            (male, female)
        } else {
            (female, male)
        };
        let bounds = stats::worst_case_bounds(outcome, other, unknown, measured);
        let bounds_scalar = bounds
            .low
            .zip(bounds.high)
            .map(|(low, high)| Scalar::ShareInterval(low, high));
        let bounds = Quantity {
            scalar: bounds_scalar,
            ..quantity("bounds", "worst-case bounds of the pooled share of", bounds)
        };
        let with_unknown = stats::wilson(outcome, outcome + other + unknown, measured, level);
        let with_unknown = Quantity {
            // The share among all, unknown included, is a plain ratio: no interval is claimed for it.
            estimate: Some(Estimate {
                low: None,
                high: None,
                level: None,
                ..with_unknown
            }),
            method: "Ratio of sums, unknown gender in the denominator".into(),
            method_source: "Arithmetic on the counts; no inference.".into(),
            query: format!("{query}; here unknown gender is kept in the denominator"),
            ..quantity(
                "with_unknown",
                "share among all, unknown gender included, of",
                with_unknown,
            )
        };
        let unknown_share = stats::wilson(unknown, outcome + other + unknown, measured, level);
        let unknown_share = Quantity {
            label: format!(
                "share of {} of unknown gender, arm \u{201C}{}\u{201D}",
                self.measure(),
                arm.label
            ),
            estimate: Some(Estimate {
                low: None,
                high: None,
                level: None,
                ..unknown_share
            }),
            method: "Ratio of sums".into(),
            method_source: "Arithmetic on the counts; no inference.".into(),
            ..quantity("unknown", "share of unknown", unknown_share)
        };
        let ads = Quantity::plain(
            path("ads"),
            format!(
                "ads with {} in arm \u{201C}{}\u{201D}",
                self.measure(),
                arm.label
            ),
            Some(Scalar::Count(shares.clusters)),
            query.clone(),
        )
        .resting_on(rows.iter().copied());
        let n = Quantity::plain(
            path("n"),
            format!(
                "{} of known gender in arm \u{201C}{}\u{201D}",
                self.measure(),
                arm.label
            ),
            Some(Scalar::Count(outcome + other)),
            query.clone(),
        )
        .resting_on(rows.iter().copied());
        let k = Quantity::plain(
            path("k"),
            format!(
                "{} to {} in arm \u{201C}{}\u{201D}",
                self.measure(),
                self.people(),
                arm.label
            ),
            Some(Scalar::Count(outcome)),
            query.clone(),
        )
        .resting_on(rows.iter().copied());
        vec![
            Quantity {
                id: path("interval"),
                label: format!("interval of the {}", pooled.label),
                scalar: interval_of(&pooled),
                ..pooled.clone()
            },
            Quantity {
                id: path("low"),
                label: format!("lower limit of the {}", pooled.label),
                scalar: shares.pooled.low.map(lowest),
                ..pooled.clone()
            },
            Quantity {
                id: path("high"),
                label: format!("upper limit of the {}", pooled.label),
                scalar: shares.pooled.high.map(highest),
                ..pooled.clone()
            },
            Quantity {
                id: path("mean_interval"),
                label: format!("interval of the {}", mean.label),
                scalar: interval_of(&mean),
                ..mean.clone()
            },
            quantity("median", "median over ads of the share of", shares.median),
            pooled,
            mean,
            min,
            max,
            range,
            bounds,
            with_unknown,
            unknown_share,
            ads,
            n,
            k,
        ]
    }

    fn ads(&self, arm: &Arm) -> Vec<Quantity> {
        let mut used = BTreeSet::new();
        self.cube
            .ads_of(arm)
            .filter_map(|ad| {
                let (k, n) = outcome_of(&ad.counts, self.case.study.outcome)?;
                let estimate =
                    stats::wilson(k, n, units(self.case.study.measure), self.case.study.level);
                let id = ad_id(ad, &mut used);
                let label = format!(
                    "share of {} among {} of known gender, ad \u{201C}{}\u{201D}",
                    self.people(),
                    self.measure(),
                    ad.label
                );
                Some(
                    Quantity::estimated(
                        format!("share/{}/ad/{id}", arm.id),
                        label,
                        estimate,
                        Scalar::Share,
                        self.query(&format!("ad {}", ad.key.path())),
                    )
                    .resting_on(&ad.rows),
                )
            })
            .collect()
    }

    /// Impressions, spend and rate of contacts of an arm.
    fn exposure(&self, arm: &Arm) -> Vec<Quantity> {
        let rows: Vec<&Locator> = self.cube.ads_of(arm).flat_map(|ad| &ad.rows).collect();
        let impressions: Option<u64> = self
            .cube
            .ads_of(arm)
            .map(|ad| ad.impressions.all())
            .collect::<Option<Vec<u64>>>()
            .map(|v| v.iter().sum());
        let impressions = impressions.filter(|_| !arm.ads.is_empty());
        let ads = arm.ads.len() as u64;
        let mut list = vec![
            Quantity::plain(
                format!("impressions/{}/value", arm.id),
                format!(
                    "impressions of arm \u{201C}{}\u{201D}, unknown gender included",
                    arm.label
                ),
                impressions.map(Scalar::Count),
                format!(
                    "sum of impressions over the last export, ads of arm {}",
                    arm.id
                ),
            )
            .resting_on(rows.iter().copied()),
            Quantity::plain(
                format!("ads/{}/count", arm.id),
                format!("ads in arm \u{201C}{}\u{201D}", arm.label),
                Some(Scalar::Count(ads)),
                format!("distinct ads of arm {}", arm.id),
            )
            .resting_on(rows.iter().copied()),
        ];
        let spend = self.cube.spend(arm);
        list.push(
            Quantity::plain(
                format!("spend/{}/value", arm.id),
                format!("amount spent on arm \u{201C}{}\u{201D}", arm.label),
                spend.map(|(micros, currency)| Scalar::Money(micros, currency)),
                format!(
                    "sum of the amount spent over the last export, ads of arm {}",
                    arm.id
                ),
            )
            .resting_on(rows.iter().copied()),
        );
        if self.cube.contacts.recorded {
            let events: Vec<_> = self
                .cube
                .contacts
                .events
                .iter()
                .filter(|event| {
                    event.arm.is_some_and(|index| {
                        self.cube
                            .arms
                            .get(index)
                            .is_some_and(|own| own.id == arm.id)
                    })
                })
                .collect();
            let estimate = stats::poisson_rate(
                events.len() as u64,
                impressions.unwrap_or(0),
                Units::Impressions,
                RATE_PER,
                self.case.study.level,
            );
            let query = format!(
                "incoming contacts about ads of arm {} / impressions of these ads x {RATE_PER}",
                arm.id
            );
            let rate = Quantity::estimated(
                format!("rate/contacts/{}/value", arm.id),
                format!(
                    "contacts per 1,000 impressions, arm \u{201C}{}\u{201D}",
                    arm.label
                ),
                estimate,
                Scalar::Number,
                query,
            )
            .resting_on(events.iter().map(|event| &event.locator))
            .resting_on(rows.iter().copied());
            let part = |name: &str, what: &str, scalar| Quantity {
                id: format!("rate/contacts/{}/{name}", arm.id),
                label: format!("{what} {}", rate.label),
                scalar,
                ..rate.clone()
            };
            list.push(part(
                "low",
                "lower limit of",
                estimate.low.map(|v| Scalar::NumberEnd(v, End::Low)),
            ));
            list.push(part(
                "high",
                "upper limit of",
                estimate.high.map(|v| Scalar::NumberEnd(v, End::High)),
            ));
            list.push(part(
                "interval",
                "interval of",
                estimate
                    .low
                    .zip(estimate.high)
                    .map(|(l, h)| Scalar::NumberInterval(l, h)),
            ));
            list.push(rate);
        }
        list
    }

    fn difference(&self, first: &Arm, second: &Arm) -> (ShareDifference, Vec<Quantity>) {
        let difference = stats::share_difference(
            &self.counts(first),
            &self.counts(second),
            Units::Ads,
            self.case.study.level,
            self.case.study.seed,
        );
        let rows: Vec<&Locator> = self
            .cube
            .ads_of(first)
            .chain(self.cube.ads_of(second))
            .flat_map(|ad| &ad.rows)
            .collect();
        let path = |name: &str| format!("difference/{}/{}/{name}", first.id, second.id);
        let what = format!(
            "the mean share of {} per ad, \u{201C}{}\u{201D} minus \u{201C}{}\u{201D}",
            self.people(),
            first.label,
            second.label
        );
        let query = self.query(&format!(
            "ads of arms {} and {}; mean over the ads of each arm, then the difference",
            first.id, second.id
        ));
        let quantity =
            |name: &str, label: String, estimate: Estimate, scalar: fn(f64) -> Scalar| {
                Quantity::estimated(path(name), label, estimate, scalar, query.clone())
                    .resting_on(rows.iter().copied())
            };
        let value = quantity(
            "value",
            format!("difference in {what}"),
            difference.mean,
            Scalar::Points,
        );
        let mean = difference.mean;
        let part = |name: &str, label: &str, scalar| Quantity {
            id: path(name),
            label: format!("{label} the difference in {what}"),
            scalar,
            ..value.clone()
        };
        let mut list = vec![
            part(
                "low",
                "lower limit of",
                mean.low.map(|v| Scalar::PointsEnd(v, End::Low)),
            ),
            part(
                "high",
                "upper limit of",
                mean.high.map(|v| Scalar::PointsEnd(v, End::High)),
            ),
            part(
                "interval",
                "interval of",
                mean.low
                    .zip(mean.high)
                    .map(|(l, h)| Scalar::PointsInterval(l, h)),
            ),
            quantity(
                "pooled",
                format!(
                    "difference in pooled shares of {}, \u{201C}{}\u{201D} minus \u{201C}{}\u{201D}",
                    self.people(),
                    first.label,
                    second.label
                ),
                difference.pooled,
                Scalar::Points,
            ),
        ];
        if let Some(test) = difference.test {
            let description = test.method.description();
            let tested = |name: &str, label: &str, scalar| Quantity {
                method: description.name.into(),
                method_source: description.source.into(),
                ..part(name, label, scalar)
            };
            list.push(tested("p", "two-sided p-value of", Some(Scalar::P(test.p))));
            list.push(tested(
                "arrangements",
                "arrangements looked at to test",
                Some(Scalar::Count(test.arrangements)),
            ));
        }
        list.push(value);
        (difference, list)
    }

    /// What was tested, as counts.
    fn test(&self) -> Vec<Quantity> {
        let rows: Vec<&Locator> = self
            .cube
            .ads
            .iter()
            .filter(|ad| ad.arm.is_some())
            .flat_map(|ad| &ad.rows)
            .collect();
        let in_arms = self.cube.ads.iter().filter(|ad| ad.arm.is_some()).count() as u64;
        let accounts: BTreeSet<&String> = self
            .cube
            .ads
            .iter()
            .filter(|ad| ad.arm.is_some())
            .filter_map(|ad| ad.declared.as_ref()?.account.as_ref())
            .collect();
        let plain = |name: &str, label: &str, scalar: Option<Scalar>| {
            Quantity::plain(format!("study/{name}"), label, scalar, "ads of all arms")
                .resting_on(rows.iter().copied())
        };
        let period = self.cube.period();
        vec![
            plain("ads", "ads in the test", Some(Scalar::Count(in_arms))),
            plain(
                "arms",
                "arms of the test",
                Some(Scalar::Count(self.cube.arms.len() as u64)),
            ),
            plain(
                "accounts",
                "advertiser accounts in the ads table",
                (!accounts.is_empty()).then_some(Scalar::Count(accounts.len() as u64)),
            ),
            plain(
                "start",
                "first day of the test",
                period.map(|p| Scalar::Date(p.0)),
            ),
            plain(
                "end",
                "last day of the test",
                period.map(|p| Scalar::Date(p.1)),
            ),
            plain(
                "level",
                "confidence level of the intervals",
                Some(Scalar::Share(self.case.study.level)),
            ),
        ]
    }
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

/// Which contacts are meant. Empty = all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFilter {
    pub arm: Option<String>,
    pub category: Option<String>,
    pub channel: Option<String>,
    pub event: Option<String>,
}

impl ContactFilter {
    fn path(&self) -> String {
        let parts: Vec<String> = [
            ("arm", &self.arm),
            ("category", &self.category),
            ("channel", &self.channel),
            ("event", &self.event),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)))
        .collect();
        if parts.is_empty() {
            "contacts/all".into()
        } else {
            format!("contacts/{}", parts.join(","))
        }
    }

    fn words(&self) -> String {
        let mut out = "incoming contacts".to_owned();
        for (name, value) in [
            ("arm", &self.arm),
            ("category", &self.category),
            ("channel", &self.channel),
            ("type", &self.event),
        ] {
            if let Some(value) = value {
                out.push_str(&format!(", {name} {value}"));
            }
        }
        out
    }
}

/// Count, people, share of all and time to the first of some contacts.
pub fn contacts_where(cube: &Cube, filter: &ContactFilter) -> Vec<Quantity> {
    let events: Vec<_> = cube
        .contacts
        .events
        .iter()
        .filter(|event| {
            let arm = event
                .arm
                .and_then(|index| cube.arms.get(index))
                .map(|arm| arm.id.as_str());
            filter
                .arm
                .as_deref()
                .is_none_or(|wanted| arm == Some(wanted))
                && filter
                    .category
                    .as_ref()
                    .is_none_or(|wanted| event.codes.contains(wanted))
                && filter
                    .channel
                    .as_ref()
                    .is_none_or(|wanted| event.channel.as_ref() == Some(wanted))
                && filter
                    .event
                    .as_ref()
                    .is_none_or(|wanted| event.event_type.as_ref() == Some(wanted))
        })
        .collect();
    let path = filter.path();
    let words = filter.words();
    let query = format!("rows of the contact log with direction in; {words}");
    let recorded = cube.contacts.recorded;
    let quantity = |name: &str, label: String, scalar: Option<Scalar>| {
        let mut quantity = Quantity::plain(
            format!("{path}/{name}"),
            label,
            scalar.filter(|_| recorded),
            query.clone(),
        )
        .resting_on(events.iter().map(|event| &event.locator));
        if !recorded {
            quantity.why = Some("The case has no contact log.".into());
        }
        quantity
    };
    let all = cube.contacts.events.len();
    let share = (all > 0).then(|| Scalar::Share(events.len() as f64 / all as f64));
    let first = events
        .iter()
        .filter_map(|event| event.minutes_after_start)
        .filter(|minutes| *minutes >= 0)
        .min();
    let mut hours = quantity(
        "first_hours",
        format!("hours from the start of the ad's first day to the first of: {words}"),
        first.map(|minutes| Scalar::Hours(minutes as f64 / 60.0)),
    );
    if first.is_none() && recorded {
        hours.why =
            Some("No such contact has both a time of day and an ad whose start is known.".into());
    }
    let mut people = quantity(
        "people",
        format!("distinct senders of: {words}"),
        Some(Scalar::Count(
            crate::cube::people(events.iter().copied()) as u64
        )),
    );
    let unlogged = events.iter().filter(|event| event.person.is_none()).count();
    if unlogged > 0 {
        people.why = Some(format!(
            "{unlogged} of these contacts have no sender in the log and add no person."
        ));
    }
    vec![
        quantity(
            "count",
            words.clone(),
            Some(Scalar::Count(events.len() as u64)),
        ),
        people,
        quantity(
            "coders",
            "coders named in the contact log".into(),
            Some(Scalar::Count(cube.contacts.coders as u64)),
        ),
        quantity(
            "share_of_all",
            format!("share of all incoming contacts: {words}"),
            share,
        ),
        hours,
    ]
}

fn contacts(case: &Case, cube: &Cube) -> Vec<Quantity> {
    let mut list = contacts_where(cube, &ContactFilter::default());
    if !cube.contacts.recorded {
        return list;
    }
    for arm in &cube.arms {
        list.extend(contacts_where(
            cube,
            &ContactFilter {
                arm: Some(arm.id.clone()),
                ..ContactFilter::default()
            },
        ));
    }
    for category in cube.contacts.categories() {
        list.extend(contacts_where(
            cube,
            &ContactFilter {
                category: Some(category),
                ..ContactFilter::default()
            },
        ));
    }
    for channel in cube.contacts.channels() {
        list.extend(contacts_where(
            cube,
            &ContactFilter {
                channel: Some(channel),
                ..ContactFilter::default()
            },
        ));
    }
    list.extend(agreement(case, &cube.contacts));
    list
}

/// Agreement between two coders over the events that both coded, on the first category of each.
fn agreement(case: &Case, contacts: &Contacts) -> Vec<Quantity> {
    let both: Vec<_> = contacts
        .events
        .iter()
        .filter(|event| !event.codes.is_empty() && !event.second_codes.is_empty())
        .collect();
    let pairs: Vec<(&str, &str)> = both
        .iter()
        .filter_map(|event| {
            Some((
                event.codes.first()?.as_str(),
                event.second_codes.first()?.as_str(),
            ))
        })
        .collect();
    let agreement = stats::agreement(&pairs, case.study.level);
    let query = "incoming contacts coded by two coders; first category of each";
    let rows = || both.iter().map(|event| &event.locator);
    vec![
        Quantity::estimated(
            "agreement/kappa",
            "Cohen's kappa between the two coders",
            agreement.kappa,
            Scalar::Number,
            query,
        )
        .resting_on(rows()),
        Quantity::estimated(
            "agreement/percent",
            "share of contacts that both coders put in the same category",
            agreement.observed,
            Scalar::Share,
            query,
        )
        .resting_on(rows()),
        Quantity::plain(
            "agreement/events",
            "contacts coded by two coders",
            Some(Scalar::Count(pairs.len() as u64)),
            query,
        )
        .resting_on(rows()),
    ]
}

fn accounts(case: &Case, cube: &Cube) -> Vec<Quantity> {
    if !cube.accounts.recorded {
        return Vec::new();
    }
    let spans = &cube.accounts.spans;
    let rows = || spans.iter().map(|span| &span.locator);
    let query = "rows of the accounts table; days from the first sighting to removal, or to the last check (censored)";
    let plain = |name: &str, label: &str, scalar: Option<Scalar>| {
        Quantity::plain(format!("accounts/{name}"), label, scalar, query).resting_on(rows())
    };
    let counted = |test: &dyn Fn(&crate::cube::AccountSpan) -> bool| {
        Some(Scalar::Count(
            spans.iter().filter(|span| test(span)).count() as u64,
        ))
    };
    let mut list = vec![
        plain("count", "accounts followed", counted(&|_| true)),
        plain(
            "removed",
            "accounts that were removed",
            counted(&|span| span.is_removed()),
        ),
        plain(
            "still_online",
            "accounts still online at the last check",
            counted(&|span| !span.is_removed()),
        ),
        plain(
            "confirmed",
            "accounts whose holder was confirmed",
            counted(&|span| span.confirmed_by.is_some()),
        ),
        plain(
            "reported",
            "accounts reported to the platform",
            counted(&|span| span.reported.is_some()),
        ),
        plain(
            "removed_after_report",
            "reported accounts that were removed",
            counted(&|span| span.reported.is_some() && span.is_removed()),
        ),
    ];
    let survival =
        |name: &str, label: &str, days: &dyn Fn(&crate::cube::AccountSpan) -> Option<u64>| {
            let times: Vec<(u64, bool)> = spans
                .iter()
                .filter_map(|span| Some((days(span)?, span.is_removed())))
                .collect();
            let km = stats::kaplan_meier(&times, Units::Accounts, case.study.level);
            let median = Quantity::estimated(
                format!("accounts/median_{name}"),
                format!("median {label}"),
                km.median,
                Scalar::Days,
                query,
            )
            .resting_on(rows());
            let observed = |which: &str, words: &str, value: Option<u64>| {
                plain(
                    &format!("{which}_{name}"),
                    &format!("{words} {label}"),
                    value.map(|d| Scalar::Days(d as f64)),
                )
            };
            [
                median,
                observed("min", "shortest observed", times.iter().map(|t| t.0).min()),
                observed(
                    "max",
                    "longest observed, removed or not,",
                    times.iter().map(|t| t.0).max(),
                ),
            ]
        };
    list.extend(survival("days", "days online", &|span| span.days_online));
    list.extend(survival(
        "days_after_report",
        "days online after the report to the platform",
        &|span| span.days_after_report,
    ));
    list
}

/// Items of an account with the code, or with any code that says something.
fn items_with(account: &FeedAccount, code: Option<&str>) -> u64 {
    code.map_or(account.coded_otherwise, |code| {
        account.codes.get(code).copied().unwrap_or(0)
    })
}

/// One account's feed under one code (`feed/<account>/<code>/share`...).
fn feed_share(case: &Case, account: &FeedAccount, code: Option<&str>) -> Vec<Quantity> {
    let base = crate::cube::slug(&account.label);
    let path = |name: &str| match code {
        Some(code) => format!("feed/{base}/{}/{name}", crate::cube::slug(code)),
        None => format!("feed/{base}/{name}"),
    };
    let words = code.map_or_else(
        || "with any code but OTHER, NONE, UNCODABLE, NO_CONTENT".to_owned(),
        |code| format!("coded {code}"),
    );
    let query = format!("coded items served to {}; items {words}", account.label);
    let share = stats::wilson(
        items_with(account, code),
        account.coded,
        Units::Items,
        case.study.level,
    );
    let share = Quantity::estimated(
        path("share"),
        format!(
            "share of coded feed items {words}, account {}",
            account.label
        ),
        share,
        Scalar::Share,
        query.clone(),
    );
    vec![
        share.resting_on(&account.rows),
        Quantity::plain(
            path("items"),
            format!("feed items served to account {}", account.label),
            Some(Scalar::Count(account.items)),
            query.clone(),
        )
        .resting_on(&account.rows),
        Quantity::plain(
            path("coded"),
            format!("feed items of account {} that were coded", account.label),
            Some(Scalar::Count(account.coded)),
            query,
        )
        .resting_on(&account.rows),
    ]
}

fn feed_account(case: &Case, account: &FeedAccount) -> Vec<Quantity> {
    let mut list = feed_share(case, account, None);
    for code in account.codes.keys() {
        list.extend(feed_share(case, account, Some(code)));
    }
    list
}

/// Shares over all test accounts, with the account as the unit.
fn feeds(case: &Case, cube: &Cube, code: Option<&str>) -> Vec<Quantity> {
    let accounts: Vec<&FeedAccount> = cube.feeds.accounts.iter().collect();
    if accounts.is_empty() {
        return Vec::new();
    }
    let path = |name: &str| match code {
        Some(code) => format!("feeds/{}/{name}", crate::cube::slug(code)),
        None => format!("feeds/{name}"),
    };
    let counts: Vec<(u64, u64)> = accounts
        .iter()
        .map(|account| (items_with(account, code), account.coded))
        .collect();
    let words = code.map_or_else(
        || "with any code but OTHER, NONE, UNCODABLE, NO_CONTENT".to_owned(),
        |code| format!("coded {code}"),
    );
    let rows = || accounts.iter().flat_map(|account| &account.rows);
    let query = format!("coded items of each test account; items {words}; the account is the unit");
    let mut list = vec![
        Quantity::plain(
            path("accounts"),
            "test accounts whose feeds were recorded",
            Some(Scalar::Count(accounts.len() as u64)),
            query.clone(),
        )
        .resting_on(rows()),
    ];
    let shares = stats::cluster_shares(&counts, Units::Items, Units::Accounts, case.study.level);
    for (name, what, estimate, scalar) in [
        (
            "min",
            "lowest share over accounts",
            shares.min,
            lowest as fn(f64) -> Scalar,
        ),
        ("max", "highest share over accounts", shares.max, highest),
        (
            "median",
            "median share over accounts",
            shares.median,
            Scalar::Share,
        ),
        (
            "mean",
            "mean share over accounts",
            shares.mean,
            Scalar::Share,
        ),
        (
            "pooled",
            "pooled share over accounts",
            shares.pooled,
            Scalar::Share,
        ),
    ] {
        list.push(
            Quantity::estimated(
                path(name),
                format!("{what} of feed items {words}"),
                estimate,
                scalar,
                query.clone(),
            )
            .resting_on(rows()),
        );
    }
    let range = shares
        .min
        .value
        .zip(shares.max.value)
        .map(|(low, high)| Scalar::ShareRange(low, high));
    list.push(Quantity {
        scalar: range,
        ..Quantity::estimated(
            path("range"),
            format!("range over accounts of the share of feed items {words}"),
            shares.min,
            Scalar::Share,
            query,
        )
        .resting_on(rows())
    });
    list
}
