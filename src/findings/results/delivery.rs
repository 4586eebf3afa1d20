//! Shares, differences, exposure: what the exports give.

use super::*;

pub(super) struct Study<'a> {
    pub case: &'a Case,
    pub cube: &'a Cube,
}

impl Study<'_> {
    fn people(&self) -> &'static str {
        self.case.study.outcome.people()
    }

    fn measure(&self) -> &'static str {
        self.case.study.measure.name()
    }

    /// Pairs to compare: as declared, or the first arm with each other.
    pub fn pairs(&self) -> Vec<(&Arm, &Arm)> {
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

    pub fn arm(&self, arm: &Arm) -> Vec<Quantity> {
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
        let min = quantity("min", "lowest share of", shares.min);
        let max = quantity("max", "highest share of", shares.max);
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
        // Ads without a count of one gender are in no figure, so not in the bounds either.
        let counted: Vec<&Ad> = self
            .cube
            .ads_of(arm)
            .filter(|ad| outcome_of(&ad.counts, self.case.study.outcome).is_some())
            .collect();
        let total = |gender| {
            counted
                .iter()
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
        let mut list = vec![
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
        ];
        if self.case.study.measure == Measure::Reach {
            list.iter_mut()
                .filter(|quantity| SUMMED.iter().any(|name| quantity.id.ends_with(name)))
                .for_each(withhold_sum);
        }
        list
    }

    pub fn ads(&self, arm: &Arm) -> Vec<Quantity> {
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
    pub fn exposure(&self, arm: &Arm) -> Vec<Quantity> {
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
            let mut rate = Quantity::estimated(
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
            if impressions.is_none() {
                // Not known is not zero: no count of exposure may be stated.
                rate.estimate = None;
                rate.why =
                    Some("The impressions of this arm are not known, so there is no rate.".into());
            }
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

    pub fn difference(&self, first: &Arm, second: &Arm) -> (ShareDifference, Vec<Quantity>) {
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
                // The interval is that of the difference, not of its test.
                estimate: None,
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
    pub fn test(&self) -> Vec<Quantity> {
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

/// Last parts of the paths that rest on a sum over ads.
const SUMMED: [&str; 9] = [
    "/pooled",
    "/interval",
    "/low",
    "/high",
    "/bounds",
    "/with_unknown",
    "/unknown",
    "/n",
    "/k",
];

/// People reached by one ad may be reached by another: a sum of reach is no number of people.
fn withhold_sum(quantity: &mut Quantity) {
    quantity.scalar = None;
    quantity.estimate = None;
    quantity.why =
        Some("Reach must not be added up over ads, so there is no sum and no pooled share.".into());
}
