//! How two arms differ.

use super::models::all_or_none;
use super::*;
use crate::stats::{Block, Drawing, Refusal};

/// Power at which the smallest detectable difference of a finished test is stated.
const POWER: f64 = 0.8;

impl<'a> Study<'a> {
    /// The blocks in which the ads of two arms ran: by the ads table, where it puts each ad of both
    /// arms in a block. Blocks that lack ads of an arm are left out of the comparison.
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
        let blocks: Vec<Block> = blocks.into_values().collect();
        let complete = |(a, b): &Block| !a.is_empty() && !b.is_empty();
        blocks.iter().any(complete).then_some(blocks)
    }

    pub fn difference(&self, first: &'a Arm, second: &'a Arm) -> (ShareDifference, Vec<Quantity>) {
        let (a, b) = (self.counts(first), self.counts(second));
        let blocks = self.blocks(first, second).filter(|_| self.analysis.blocks);
        let test = |wanted: bool| Drawing {
            seed: self.declared.seed,
            draws: if wanted {
                self.analysis.arrangements
            } else {
                0
            },
        };
        // Beside blocks, what ignoring them would give.
        let alone = blocks.is_none() || self.analysis.unblocked;
        let plain = stats::share_difference(
            &a,
            &b,
            Units::Ads,
            self.level(),
            test(self.analysis.tests && alone),
        );
        let blocked = blocks.as_ref().map(|blocks| {
            stats::blocked_difference(blocks, Units::Ads, self.level(), test(self.analysis.tests))
        });
        let difference = match &blocked {
            Some(blocked) => ShareDifference {
                first: blocked.first,
                second: blocked.second,
                mean: blocked.mean,
                df: (blocked.first + blocked.second)
                    .checked_sub(blocked.blocks + 1)
                    .filter(|df| *df > 0)
                    .map(|df| df as f64),
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
            let counted = |name: &str, what: &str, count| {
                let label = format!("{what}, {between}");
                basis.plain(name, label, Some(Scalar::Count(count)))
            };
            list.push(counted(
                "blocks",
                "blocks with ads of both arms",
                blocked.blocks,
            ));
            list.push(counted(
                "blocks_left_out",
                "blocks left out because an arm has no ad in them",
                blocked.left_out,
            ));
        } else {
            let label = format!("blocks with ads of both arms, {between}");
            list.push(Quantity {
                why: Some("The ads table does not put each of these ads in a block.".into()),
                ..basis.plain("blocks", label, None)
            });
        }
        let label = format!("worst-case bounds of the {}", value.label);
        let bounds =
            stats::difference_bounds(&self.ranged(first), &self.ranged(second), Units::Ads);
        list.extend(basis.bounds_with_ends("bounds", label, bounds, Scale::Points));
        if self.analysis.models {
            list.push(self.detectable(&basis, &between, &difference, &a, &b));
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
        // Where no data could give another p than 1, it says nothing.
        let able = |test: &stats::PermutationTest| self.analysis.tests && test.smallest_p < 1.0;
        let Some(test) = difference.test.filter(able) else {
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
        difference: &ShareDifference,
        a: &[(u64, u64)],
        b: &[(u64, u64)],
    ) -> Quantity {
        let arm = |counts: &[(u64, u64)]| {
            let shares: Vec<f64> = counts
                .iter()
                .filter(|(_, n)| *n > 0)
                .map(|&(k, n)| k as f64 / n as f64)
                .collect();
            let mean = stats::mean(&shares)?;
            Some((
                shares.len() as u64,
                mean,
                stats::standard_deviation(&shares)?,
            ))
        };
        let mean = difference.mean;
        let found = if mean.method == Method::BlockedDifference {
            // Within blocks, the error is that of the interval.
            let half = mean.value.zip(mean.low).map(|(value, low)| value - low);
            half.zip(difference.df)
                .and_then(|(half, df)| stats::detectable_within(half, df, POWER, self.level()))
        } else {
            arm(a)
                .zip(arm(b))
                .and_then(|((ads_a, share, sd_a), (ads_b, _, sd_b))| {
                    stats::detectable_difference(
                        ads_a,
                        ads_b,
                        share,
                        (sd_a, sd_b),
                        POWER,
                        self.level(),
                    )
                })
        };
        let quantity = basis.described(
            "detectable",
            format!(
                "smallest difference that a test of this size finds four times in five, {between}"
            ),
            found.map(Scalar::Points),
            Method::PowerOfShares,
            (mean.n, Units::Ads),
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
        let pooled = of_means.estimated(
            "pooled",
            format!("ratio of the pooled shares of {people}, {between}"),
            stats::ratio_of_pooled(&a, &b, Units::Ads, self.level()),
            Scale::Number,
        );
        list.extend(of_means.limits(&pooled, "pooled_", Scale::Number));
        list.push(pooled);
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
            let mut contrast =
                stats::random_effects_contrast(&a, &b, Units::Ads, self.level()).odds_ratio;
            if all_or_none(&a) || all_or_none(&b) {
                contrast.refusal = Some(Refusal::AllOrNone);
                (contrast.value, contrast.low, contrast.high, contrast.p) =
                    (None, None, None, None);
            }
            add("value", "", "random-effects odds ratio", contrast);
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
                // Impressions of one ad are not independent, so the interval and the test that take
                // them for it would claim too much: the value alone.
                let value = Estimate {
                    low: None,
                    high: None,
                    level: None,
                    p: None,
                    ..stats::mantel_haenszel(&strata, units(self.cube.measure), self.level())
                };
                let label = format!(
                    "common odds ratio over blocks (Mantel-Haenszel) of {people}, {between}"
                );
                list.push(odds.estimated("stratified", label, value, Scale::Number));
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
                // A test that was taken back, where counts are ranges, counts as none.
                quantity.scalar.as_ref()?;
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
                    id: format!(
                        "{}/{name}",
                        quantity.id.strip_suffix("/p").unwrap_or(&quantity.id)
                    ),
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
