//! What the whole test gives, and what its parts share.

use super::*;

pub(super) struct Study<'a> {
    /// As written in the case.
    pub declared: &'a crate::case::Study,
    pub cube: &'a Cube,
    pub analysis: Analysis,
}

/// Names of an arm's two averages and of what belongs to them.
const AVERAGES: [(&str, &str); 4] = [
    ("pooled", "mean"),
    ("pooled_interval", "interval"),
    ("pooled_low", "low"),
    ("pooled_high", "high"),
];

/// The same for differences: that of the means is the standard one.
const DIFFERENCES: [(&str, &str); 4] = [
    ("value", "pooled"),
    ("interval", "pooled_interval"),
    ("low", "pooled_low"),
    ("high", "pooled_high"),
];

/// Ratios of the two averages, and the odds ratios that belong to them.
const RATIOS: [(&str, &str); 4] = [
    ("value", "pooled"),
    ("interval", "pooled_interval"),
    ("low", "pooled_low"),
    ("high", "pooled_high"),
];
const ODDS: [(&str, &str); 5] = [
    ("value", "quasi"),
    ("interval", "quasi_interval"),
    ("low", "quasi_low"),
    ("high", "quasi_high"),
    ("p", "quasi_p"),
];

/// Intervals of rates: with contacts as independent, and with the ad as the unit.
const RATES: [(&str, &str); 3] = [
    ("interval", "ad_interval"),
    ("low", "ad_low"),
    ("high", "ad_high"),
];

impl<'a> Study<'a> {
    pub fn people(&self) -> &'static str {
        self.declared.outcome.people()
    }

    pub fn measure(&self) -> &'static str {
        self.cube.measure.name()
    }

    pub fn level(&self) -> f64 {
        self.declared.level
    }

    /// Pairs to compare: as declared, or each arm with each later one.
    pub fn pairs(&self) -> Vec<(&'a Arm, &'a Arm)> {
        let declared: Vec<(&Arm, &Arm)> = self
            .declared
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

    /// Count of the outcome and of both genders of each ad that has both.
    pub fn counts(&self, arm: &Arm) -> Vec<(u64, u64)> {
        self.cube
            .ads_of(arm)
            .filter_map(|ad| outcome_of(&ad.counts, self.declared.outcome))
            .collect()
    }

    pub fn rows(&self, arms: &[&'a Arm]) -> Rows {
        let ads = arms.iter().flat_map(|arm| self.cube.ads_of(arm));
        ads.flat_map(|ad| &ad.rows).collect()
    }

    pub fn query(&self, what: &str) -> String {
        format!(
            "{what}: sum of {} by gender over the last export, by ad; share = {} / (women + men), unknown gender left out",
            self.measure(),
            self.people()
        )
    }

    /// Puts the mean of the ads where the pooled share is named, and the reverse.
    pub fn exchange_averages(&self, results: &mut Results) {
        for arm in &self.cube.arms {
            self.exchange_averages_of(arm, results);
        }
        for arm in &self.cube.arms {
            results.exchange_all(&format!("benchmark/{}", arm.id), &RATIOS);
        }
        for (first, second) in self.pairs() {
            let pair = format!("{}/{}", first.id, second.id);
            results.exchange_all(&format!("ratio/{pair}"), &RATIOS);
            results.exchange_all(&format!("odds_ratio/{pair}"), &ODDS);
            results.exchange_all(
                &format!("difference/{}/{}", first.id, second.id),
                &DIFFERENCES,
            );
        }
    }

    pub fn exchange_averages_of(&self, arm: &Arm, results: &mut Results) {
        results.exchange_all(&format!("share/{}", arm.id), &AVERAGES);
    }

    /// Puts the intervals that take the ad as the unit where those of rates are named.
    pub fn exchange_rates(&self, results: &mut Results) {
        for kind in ["contacts", "contacts-per-spend"] {
            for arm in &self.cube.arms {
                results.exchange_all(&format!("rate/{kind}/{}", arm.id), &RATES);
            }
            for (first, second) in self.pairs() {
                let path = format!("rate_ratio/{kind}/{}/{}", first.id, second.id);
                results.exchange_all(&path, &RATES);
            }
        }
    }

    /// What adds up reach over ads: people reached by one may be reached by another.
    pub fn withhold_sums_of_reach(&self, results: &mut Results) {
        if self.cube.measure != Measure::Reach {
            return;
        }
        let pooled = |id: &str| {
            let last = id.rsplit('/').next().unwrap_or(id);
            let summed = ["pooled", "quasi", "stratified", "first_export"];
            let family = [
                "difference/",
                "ratio/",
                "odds_ratio/",
                "benchmark/",
                "share/",
            ];
            family.iter().any(|path| id.starts_with(path))
                && summed.iter().any(|name| last.starts_with(name))
        };
        let sums = results.quantities.iter_mut().filter(|(id, _)| pooled(id));
        sums.for_each(|(_, quantity)| super::arm::withhold(quantity, super::arm::SUM_OF_REACH));
    }

    /// What needs totals, where the platform publishes shares of totals that are not known.
    pub fn withhold_counts_of_shares(&self, results: &mut Results) {
        if self.cube.measure != Measure::Shares {
            return;
        }
        let family = [
            "difference/",
            "ratio/",
            "odds_ratio/",
            "benchmark/",
            "share/",
        ];
        for (id, quantity) in &mut results.quantities {
            if family.iter().any(|path| id.starts_with(path)) {
                super::arm::withhold_count_of_shares(quantity);
            }
        }
    }

    /// The declared benchmark: a share, or the ends of a range, never a midpoint of one.
    pub fn benchmark(&self) -> Vec<Quantity> {
        let Some(benchmark) = &self.declared.benchmark else {
            return Vec::new();
        };
        let declared = |name: &str, words: &str, scalar: Option<Scalar>| {
            let label = format!("{words}{}", benchmark.label);
            let mut quantity = Quantity::plain(
                format!("benchmark/{name}"),
                label,
                scalar,
                "[study] benchmark in case.toml",
            );
            quantity.method = "Declared in the case".into();
            quantity.method_source.clone_from(&benchmark.source);
            quantity
        };
        let (low, high) = benchmark.range();
        let mut share = declared("share", "", benchmark.share.map(Scalar::Share));
        if share.scalar.is_none() {
            share.why =
                Some("The benchmark is declared as a range; it has no single share.".into());
        }
        vec![
            share,
            declared(
                "low",
                "lowest value of: ",
                Some(Scalar::ShareEnd(low, End::Low)),
            ),
            declared(
                "high",
                "highest value of: ",
                Some(Scalar::ShareEnd(high, End::High)),
            ),
            declared(
                "range",
                "range of: ",
                Some(Scalar::ShareInterval(low, high)),
            ),
        ]
    }

    /// What was tested, as counts.
    pub fn test(&self) -> Vec<Quantity> {
        let in_arms = || self.cube.ads.iter().filter(|ad| ad.arm.is_some());
        let accounts: BTreeSet<&String> = in_arms()
            .filter_map(|ad| ad.declared.as_ref()?.account.as_ref())
            .collect();
        let blocks: BTreeSet<&String> = in_arms()
            .filter_map(|ad| ad.declared.as_ref()?.block.as_ref())
            .collect();
        let basis = Basis {
            path: "study".into(),
            rows: in_arms().flat_map(|ad| &ad.rows).collect(),
            query: "ads of all arms".into(),
        };
        let counted =
            |set: &BTreeSet<&String>| (!set.is_empty()).then_some(Scalar::Count(set.len() as u64));
        let period = self.cube.period();
        vec![
            basis.plain(
                "ads",
                "ads in the test",
                Some(Scalar::Count(in_arms().count() as u64)),
            ),
            basis.plain(
                "arms",
                "arms of the test",
                Some(Scalar::Count(self.cube.arms.len() as u64)),
            ),
            basis.plain(
                "accounts",
                "advertiser accounts in the ads table",
                counted(&accounts),
            ),
            basis.plain(
                "blocks",
                "blocks of ads that ran alike, in the ads table",
                counted(&blocks),
            ),
            basis.plain(
                "start",
                "first day of the test",
                period.map(|p| Scalar::Date(p.0)),
            ),
            basis.plain(
                "end",
                "last day of the test",
                period.map(|p| Scalar::Date(p.1)),
            ),
            basis.plain(
                "level",
                "confidence level of the intervals",
                Some(Scalar::Share(self.level())),
            ),
        ]
    }
}
