//! Impressions, spend, and contacts for them.

use super::*;
use crate::cube::ContactEvent;

/// Millionths in one unit of currency.
const MICROS: u64 = 1_000_000;

impl<'a> Study<'a> {
    /// Impressions of an arm, unknown gender included; `None` where those of an ad are not known.
    pub fn impressions(&self, arm: &Arm) -> Option<u64> {
        let all: Option<Vec<u64>> = self
            .cube
            .ads_of(arm)
            .map(|ad| ad.impressions.all())
            .collect();
        all.filter(|list| !list.is_empty())
            .map(|list| list.iter().sum())
    }

    /// Impressions, spend and rate of contacts of an arm.
    pub fn exposure(&self, arm: &'a Arm) -> Vec<Quantity> {
        let rows = self.rows(&[arm]);
        let basis = |kind: &str, query: String| Basis {
            path: format!("{kind}/{}", arm.id),
            rows: rows.clone(),
            query,
        };
        let named = |what: &str| format!("{what} arm \u{201C}{}\u{201D}", arm.label);
        let spend = self.cube.spend(arm);
        let mut list = vec![
            basis(
                "impressions",
                format!(
                    "sum of impressions over the last export, ads of arm {}",
                    arm.id
                ),
            )
            .plain(
                "value",
                format!(
                    "impressions of arm \u{201C}{}\u{201D}, unknown gender included",
                    arm.label
                ),
                self.impressions(arm).map(Scalar::Count),
            ),
            basis("ads", format!("distinct ads of arm {}", arm.id)).plain(
                "count",
                named("ads in"),
                Some(Scalar::Count(arm.ads.len() as u64)),
            ),
            basis(
                "spend",
                format!(
                    "sum of the amount spent over the last export, ads of arm {}",
                    arm.id
                ),
            )
            .plain(
                "value",
                named("amount spent on"),
                spend.map(|(micros, currency)| Scalar::Money(micros, currency)),
            ),
        ];
        if self.cube.contacts.recorded {
            for kind in RATES {
                list.extend(self.rate(arm, kind));
            }
        }
        list
    }

    /// Events of a kind about an arm's ads, and the exposure to which they are set.
    fn events(&self, arm: &Arm, kind: &RateKind) -> Observed {
        let events: Vec<&ContactEvent> = self
            .cube
            .contacts
            .events
            .iter()
            .filter(|event| {
                let own = event.arm.and_then(|index| self.cube.arms.get(index));
                own.is_some_and(|own| own.id == arm.id)
            })
            .collect();
        let exposure = if kind.per_spend {
            let spend = self.cube.spend(arm);
            spend.and_then(|(micros, currency)| {
                Some((u64::try_from(micros.0).ok()?, Some(currency)))
            })
        } else {
            self.impressions(arm).map(|impressions| (impressions, None))
        };
        let count = if kind.people {
            crate::cube::people(events.iter().copied())
        } else {
            events.len()
        };
        let unlogged = events.iter().filter(|event| event.person.is_none());
        Observed {
            count: count as u64,
            unlogged: if kind.people {
                unlogged.count() as u64
            } else {
                0
            },
            exposure,
            rows: events.iter().map(|event| &event.locator).collect(),
        }
    }

    fn rate(&self, arm: &'a Arm, kind: &RateKind) -> Vec<Quantity> {
        let observed = self.events(arm, kind);
        let (units, per) = if kind.per_spend {
            (Units::CurrencyMicros, MICROS)
        } else {
            (Units::Impressions, RATE_PER)
        };
        let exposure = observed
            .exposure
            .as_ref()
            .map_or(0, |(exposure, _)| *exposure);
        let estimate = stats::poisson_rate(observed.count, exposure, units, per, self.level());
        let (of, currency) = (kind.of(), observed.currency());
        let (what, query) = if kind.per_spend {
            (
                format!("{of} for each {currency} spent"),
                "amount spent on these ads".to_owned(),
            )
        } else {
            (
                format!("{of} per 1,000 impressions"),
                format!("impressions of these ads x {RATE_PER}"),
            )
        };
        let basis = Basis {
            path: format!("rate/{}/{}", kind.name, arm.id),
            query: format!("{of} about ads of arm {} (incoming) / {query}", arm.id),
            rows: observed.rows.and(&self.rows(&[arm])),
        };
        let label = format!("{what}, arm \u{201C}{}\u{201D}", arm.label);
        let mut rate = basis.estimated("value", label, estimate, Scale::Number);
        if observed.exposure.is_none() {
            // Not known is not zero: no count of exposure may be stated.
            rate.estimate = None;
            rate.why = Some(format!(
                "The {} of this arm are not known, so there is no rate.",
                kind.exposure()
            ));
        }
        if observed.unlogged > 0 && observed.exposure.is_some() {
            // Those without a sender may be nobody new, or each somebody else.
            let most = stats::poisson_rate(
                observed.count + observed.unlogged,
                exposure,
                units,
                per,
                self.level(),
            );
            rate.scalar = None;
            rate.estimate = Some(Estimate {
                value: None,
                high: most.high,
                ..estimate
            });
            rate.why = Some(format!(
                "{} of these contacts have no sender in the log, so people cannot be counted; the limits hold whoever they were.",
                observed.unlogged
            ));
        }
        let mut list = basis.limits(&rate, "", Scale::Number).to_vec();
        if let Some(ads) = self.by_ad(arm, kind) {
            // With the ad as the unit: contacts about one ad are not independent of each other.
            let scale = |value: Option<f64>| value.map(|value| value * per as f64);
            let shares = stats::cluster_shares(&ads, units, Units::Ads, self.level()).pooled;
            let spread = Estimate {
                value: scale(shares.value),
                low: scale(shares.low),
                high: scale(shares.high),
                ..shares
            };
            let label = format!("{}, with the ad as the unit", rate.label);
            let by_ad = basis.estimated("by_ad", label, spread, Scale::Number);
            list.extend(basis.limits(&by_ad, "ad_", Scale::Number));
            list.push(basis.described(
                "dispersion",
                format!("over-dispersion between ads of the {}", rate.label),
                stats::overdispersion(&ads).map(Scalar::Number),
                Method::Overdispersion,
                (ads.len() as u64, Units::Ads),
            ));
            list.push(by_ad);
        }
        list.push(rate);
        list
    }

    /// Contacts about each ad of an arm and its exposure, where both are known.
    fn by_ad(&self, arm: &Arm, kind: &RateKind) -> Option<Vec<(u64, u64)>> {
        if kind.people {
            return None;
        }
        let events = &self.cube.contacts.events;
        let ads = arm.ads.iter().map(|&index| {
            let ad = self.cube.ads.get(index)?;
            let exposure = if kind.per_spend {
                u64::try_from(ad.spend?.0).ok()?
            } else {
                ad.impressions.all()?
            };
            let own = events.iter().filter(|event| event.ad == Some(index));
            let count = own.count() as u64;
            (count <= exposure).then_some((count, exposure))
        });
        ads.collect()
    }

    /// The rates of two arms against each other.
    pub fn rate_ratios(&self, first: &'a Arm, second: &'a Arm) -> Vec<Quantity> {
        if !self.cube.contacts.recorded {
            return Vec::new();
        }
        let mut list = Vec::new();
        for kind in RATES {
            let (a, b) = (self.events(first, kind), self.events(second, kind));
            let exposures = match (&a.exposure, &b.exposure) {
                (Some((a, own)), Some((b, other))) if own == other => (*a, *b),
                // Not known, or in two currencies: there is nothing to compare.
                _ => continue,
            };

            let unlogged = a.unlogged + b.unlogged;
            let estimate =
                stats::poisson_ratio((a.count, exposures.0), (b.count, exposures.1), self.level());
            let basis = Basis {
                path: format!("rate_ratio/{}/{}/{}", kind.name, first.id, second.id),
                query: format!(
                    "{} / {} of arm {}, over the same of arm {}",
                    kind.of(),
                    kind.exposure(),
                    first.id,
                    second.id
                ),
                rows: a.rows.and(&b.rows).and(&self.rows(&[first, second])),
            };
            let label = format!(
                "ratio of the rates of {} for {}, {}",
                kind.of(),
                kind.exposure(),
                super::difference::between(first, second)
            );
            if unlogged > 0 {
                list.push(Quantity {
                    why: Some(format!(
                        "{unlogged} contacts have no sender in the log, so people cannot be compared."
                    )),
                    ..basis.plain("value", label, None)
                });
                continue;
            }
            let value = basis.estimated("value", label, estimate, Scale::Number);
            list.extend(basis.limits(&value, "", Scale::Number));
            if estimate.value.is_some() || estimate.low.is_some() {
                let label = format!("two-sided p-value of the {}", value.label);
                list.push(basis.described(
                    "p",
                    label,
                    estimate.p.map(Scalar::P),
                    estimate.method,
                    (estimate.n, estimate.units),
                ));
            }
            if let (Some(a), Some(b)) = (self.by_ad(first, kind), self.by_ad(second, kind)) {
                let label = format!("{}, with the ad as the unit", value.label);
                let ratio = stats::ratio_of_pooled(&a, &b, Units::Ads, self.level());
                let by_ad = basis.estimated("by_ad", label, ratio, Scale::Number);
                list.extend(basis.limits(&by_ad, "ad_", Scale::Number));
                list.push(by_ad);
            }
            list.push(value);
        }
        list
    }
}

/// What is counted, and to what it is set in relation.
struct RateKind {
    /// As it stands in paths.
    name: &'static str,
    people: bool,
    per_spend: bool,
}

const RATES: &[RateKind] = &[
    RateKind {
        name: "contacts",
        people: false,
        per_spend: false,
    },
    RateKind {
        name: "people",
        people: true,
        per_spend: false,
    },
    RateKind {
        name: "contacts-per-spend",
        people: false,
        per_spend: true,
    },
    RateKind {
        name: "people-per-spend",
        people: true,
        per_spend: true,
    },
];

impl RateKind {
    fn of(&self) -> &'static str {
        if self.people {
            "people who made contact"
        } else {
            "contacts"
        }
    }

    fn exposure(&self) -> &'static str {
        if self.per_spend {
            "amount spent"
        } else {
            "impressions"
        }
    }
}

/// Events about an arm's ads.
struct Observed {
    count: u64,
    /// Contacts without a sender in the log, where people are counted.
    unlogged: u64,
    /// Impressions, or millionths of a currency; `None` where they are not known.
    exposure: Option<(u64, Option<String>)>,
    rows: Rows,
}

impl Observed {
    fn currency(&self) -> &str {
        match &self.exposure {
            Some((_, Some(currency))) => currency,
            _ => "unit of currency",
        }
    }
}
