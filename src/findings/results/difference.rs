//! How two arms differ.

use super::*;
use crate::stats::Block;

/// Power at which the smallest detectable difference of a finished test is stated.
const POWER: f64 = 0.8;

impl<'a> Study<'a> {
    /// The blocks in which the ads of two arms ran: by the ads table, where it puts each ad of both
    /// arms in a block, and each block has ads of both.
    fn blocks(&self, first: &Arm, second: &Arm) -> Option<Vec<Block>> {
        let mut blocks: BTreeMap<&str, Block> = BTreeMap::new();
        for (arm, is_first) in [(first, true), (second, false)] {
            for ad in self.cube.ads_of(arm) {
                let Some(counts) = outcome_of(&ad.counts, self.declared.outcome) else {
                    continue;
                };
                let block = blocks
                    .entry(ad.declared.as_ref()?.block.as_deref()?)
                    .or_default();
                if is_first {
                    block.0.push(counts);
                } else {
                    block.1.push(counts);
                }
            }
        }
        let complete = |(a, b): &Block| !a.is_empty() && !b.is_empty();
        let blocks: Vec<Block> = blocks.into_values().collect();
        (!blocks.is_empty() && blocks.iter().all(complete)).then_some(blocks)
    }

    pub fn difference(&self, first: &'a Arm, second: &'a Arm) -> (ShareDifference, Vec<Quantity>) {
        let (a, b) = (self.counts(first), self.counts(second));
        let seed = self.declared.seed;
        let blocks = self.blocks(first, second).filter(|_| self.analysis.blocks);
        // Beside blocks, what ignoring them would give; tested where anything is.
        let plain = stats::share_difference(
            &a,
            &b,
            Units::Ads,
            self.level(),
            self.analysis.tests.then_some(seed),
        );
        let blocked = blocks
            .as_ref()
            .map(|blocks| stats::blocked_difference(blocks, Units::Ads, self.level(), seed));
        let difference = match &blocked {
            Some(blocked) => ShareDifference {
                mean: blocked.mean,
                test: blocked.test,
                ..plain
            },
            None => plain,
        };
        let between = between(first, second);
        let how = if blocked.is_some() {
            "difference within each block, then the mean weighted by ads"
        } else {
            "mean over the ads of each arm, then the difference"
        };
        let basis = Basis {
            path: format!("difference/{}/{}", first.id, second.id),
            rows: self.rows(&[first, second]),
            query: self.query(&format!(
                "ads of arms {} and {}; {how}",
                first.id, second.id
            )),
        };
        let label = format!(
            "difference in the mean share of {} per ad, {between}",
            self.people()
        );
        let value = basis.estimated("value", label, difference.mean, Scale::Points);
        let label = format!(
            "difference in pooled shares of {}, {between}",
            self.people()
        );
        let pooled = basis.estimated("pooled", label, difference.pooled, Scale::Points);
        let mut list = basis.limits(&value, "", Scale::Points).to_vec();
        list.extend(basis.limits(&pooled, "pooled_", Scale::Points));
        list.extend(self.tests(&basis, &value, &difference, "p"));
        if let Some(blocked) = &blocked {
            let unblocked = Quantity {
                label: format!("{}, blocks ignored", value.label),
                ..basis.estimated("unblocked", "", plain.mean, Scale::Points)
            };
            list.extend(basis.limits(&unblocked, "unblocked_", Scale::Points));
            list.extend(
                self.tests(&basis, &unblocked, &plain, "p_unblocked")
                    .into_iter()
                    .filter(|quantity| quantity.id.ends_with("/p_unblocked")),
            );
            let label = format!("blocks with ads of both arms, {between}");
            list.push(basis.plain("blocks", label, Some(Scalar::Count(blocked.blocks))));
        }
        let label = format!("worst-case bounds of the {}", value.label);
        let bounds =
            stats::difference_bounds(&self.ranged(first), &self.ranged(second), Units::Ads);
        list.push(basis.bounds("bounds", label, bounds, Scale::Points));
        if self.analysis.models {
            list.push(self.detectable(&basis, &between, &a, &b));
        }
        list.extend([value, pooled]);
        self.withhold_masked(&[first, second], &mut list);
        (difference, list)
    }

    /// p-value, arrangements and error from drawing of a permutation test.
    fn tests(
        &self,
        basis: &Basis,
        of: &Quantity,
        difference: &ShareDifference,
        name: &str,
    ) -> Vec<Quantity> {
        let Some(test) = difference.test.filter(|_| self.analysis.tests) else {
            return Vec::new();
        };
        let tested = |name: &str, words: &str, scalar| {
            basis.described(
                name,
                format!("{words} {}", of.label),
                Some(scalar),
                test.method,
                (difference.first + difference.second, Units::Ads),
            )
        };
        let mut list = vec![
            tested(name, "two-sided p-value of the", Scalar::P(test.p)),
            tested(
                "arrangements",
                "arrangements looked at to test the",
                Scalar::Count(test.arrangements),
            ),
        ];
        list.extend(test.monte_carlo_error.map(|error| {
            tested(
                "p_error",
                "standard error from drawing of the p-value of the",
                Scalar::Number(error),
            )
        }));
        list
    }

    /// What a test of this size would have found four times in five.
    fn detectable(
        &self,
        basis: &Basis,
        between: &str,
        a: &[(u64, u64)],
        b: &[(u64, u64)],
    ) -> Quantity {
        let arm = |counts: &[(u64, u64)]| {
            let shares: Vec<f64> = counts
                .iter()
                .filter(|(_, n)| *n > 0)
                .map(|&(k, n)| k as f64 / n as f64)
                .collect();
            Some((
                shares.len() as u64,
                stats::mean(&shares)?,
                stats::standard_deviation(&shares)?,
            ))
        };
        let found = arm(a)
            .zip(arm(b))
            .and_then(|((ads_a, share, sd_a), (ads_b, _, sd_b))| {
                stats::detectable_difference(ads_a, ads_b, share, (sd_a, sd_b), POWER, self.level())
            });
        let quantity = basis.described(
            "detectable",
            format!(
                "smallest difference that a test of this size finds four times in five, {between}"
            ),
            found.map(Scalar::Points),
            Method::PowerOfShares,
            ((a.len() + b.len()) as u64, Units::Ads),
        );
        Quantity {
            why: found.is_none().then(|| {
                "Too few ads, or ads too alike, to say what the test could have found.".into()
            }),
            ..quantity
        }
    }

    /// Ratio of the mean shares, and odds ratios.
    pub fn ratios(&self, first: &'a Arm, second: &'a Arm) -> Vec<Quantity> {
        let (a, b) = (self.counts(first), self.counts(second));
        let between = between(first, second);
        let basis = |kind: &str, how: &str| Basis {
            path: format!("{kind}/{}/{}", first.id, second.id),
            rows: self.rows(&[first, second]),
            query: self.query(&format!(
                "ads of arms {} and {}; {how}",
                first.id, second.id
            )),
        };
        let people = self.people();
        let of_means = basis("ratio", "mean over the ads of each arm, then the ratio");
        let ratio = of_means.estimated(
            "value",
            format!("ratio of the mean shares of {people} per ad, {between}"),
            stats::ratio_of_means(&a, &b, Units::Ads, self.level()),
            Scale::Number,
        );
        let mut list = of_means.limits(&ratio, "", Scale::Number).to_vec();
        list.push(ratio);
        let odds = basis("odds_ratio", "counts of each ad");
        let mut add = |name: &str, prefix: &str, what: &str, estimate: Estimate| {
            let value = odds.estimated(
                name,
                format!("{what} of {people}, {between}"),
                estimate,
                Scale::Number,
            );
            list.extend(odds.limits(&value, prefix, Scale::Number));
            let p = odds.described(
                &format!("{prefix}p"),
                format!("two-sided p-value of the {}", value.label),
                estimate.p.map(Scalar::P),
                estimate.method,
                (estimate.n, estimate.units),
            );
            list.extend([p, value]);
        };
        if self.analysis.models {
            let contrast = stats::random_effects_contrast(&a, &b, Units::Ads, self.level());
            add(
                "value",
                "",
                "random-effects odds ratio",
                contrast.odds_ratio,
            );
            let quasi = stats::quasibinomial(&a, &b, Units::Ads, self.level());
            add(
                "quasi",
                "quasi_",
                "quasi-binomial odds ratio",
                quasi.odds_ratio,
            );
            if let Some(blocks) = self.blocks(first, second) {
                let strata: Vec<((u64, u64), (u64, u64))> = blocks
                    .iter()
                    .map(|(a, b)| (super::arm::sum(a), super::arm::sum(b)))
                    .collect();
                let stratified =
                    stats::mantel_haenszel(&strata, units(self.cube.measure), self.level());
                add(
                    "stratified",
                    "stratified_",
                    "common odds ratio over blocks (Mantel-Haenszel)",
                    stratified,
                );
            }
        }
        self.withhold_masked(&[first, second], &mut list);
        list
    }

    /// The p-values of all contrasts of the case, adjusted for their number.
    pub fn adjusted(&self, results: &Results) -> Vec<Quantity> {
        let tested: Vec<(&Quantity, f64)> = results
            .differences
            .iter()
            .filter_map(|((a, b), difference)| {
                let quantity = results.get(&format!("difference/{a}/{b}/p"))?;
                Some((quantity, difference.test?.p))
            })
            .collect();
        let ps: Vec<f64> = tested.iter().map(|(_, p)| *p).collect();
        let mut list = Vec::new();
        for (name, method, adjusted) in [
            ("p_holm", Method::Holm, stats::holm(&ps)),
            (
                "p_bh",
                Method::BenjaminiHochberg,
                stats::benjamini_hochberg(&ps),
            ),
        ] {
            for ((quantity, _), p) in tested.iter().zip(adjusted.into_iter().flatten()) {
                let description = method.description();
                list.push(Quantity {
                    id: quantity.id.replace("/p", &format!("/{name}")),
                    label: format!("{}, adjusted for {} contrasts", quantity.label, ps.len()),
                    scalar: Some(Scalar::P(p)),
                    method: description.name.into(),
                    method_source: description.source.into(),
                    estimate: quantity.estimate.map(|own| Estimate {
                        value: Some(p),
                        method,
                        ..own
                    }),
                    ..(*quantity).clone()
                });
            }
        }
        list
    }
}

pub(super) fn between(first: &Arm, second: &Arm) -> String {
    format!(
        "\u{201C}{}\u{201D} against \u{201C}{}\u{201D}",
        first.label, second.label
    )
}
