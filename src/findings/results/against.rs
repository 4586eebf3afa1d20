//! An arm against the benchmark, and two single ads against each other.

use super::*;
use crate::cube::match_ad;

impl Study<'_> {
    /// The mean share of an arm's ads minus the benchmark; where that is a range, so is this.
    pub(super) fn against_benchmark(&self, arm: &Arm) -> Vec<Quantity> {
        let Some(benchmark) = &self.declared.benchmark else {
            return Vec::new();
        };
        let (lowest_value, highest_value) = benchmark.range();
        let counts = self.counts(arm);
        let averages =
            stats::cluster_shares(&counts, units(self.cube.measure), Units::Ads, self.level());
        let minus = |end: Option<f64>, share: f64| end.map(|value| value - share);
        let excess = |average: Estimate| Estimate {
            value: minus(average.value, lowest_value).filter(|_| lowest_value == highest_value),
            low: minus(average.low, highest_value),
            high: minus(average.high, lowest_value),
            ..average
        };
        let basis = Basis {
            path: format!("benchmark/{}", arm.id),
            query: format!(
                "{}; minus the benchmark of case.toml",
                self.query(&format!("ads of arm {}", arm.id))
            ),
            rows: self.rows(&[arm]),
        };
        let mut list = Vec::new();
        for (name, prefix, what, average) in [
            ("value", "", "mean share of", averages.mean),
            ("pooled", "pooled_", "pooled share of", averages.pooled),
        ] {
            let label = format!(
                "{what} {} in arm \u{201C}{}\u{201D} minus the benchmark",
                self.people(),
                arm.label
            );
            let mut value = basis.estimated(name, label, excess(average), Scale::Points);
            if value.scalar.is_none() && average.value.is_some() {
                value.why = Some(
                    "The benchmark is a range, so the difference is one: see `.range`.".into(),
                );
                let range = minus(average.value, highest_value)
                    .zip(minus(average.value, lowest_value))
                    .map(|(low, high)| Scalar::PointsInterval(low, high));
                list.push(Quantity {
                    // The ends of what was declared, not limits of an estimate.
                    estimate: value.estimate.map(|e| Estimate {
                        low: None,
                        high: None,
                        level: None,
                        ..e
                    }),
                    why: None,
                    ..basis.aspect(&value, &format!("{prefix}range"), "range of the", range)
                });
            }
            list.extend(basis.limits(&value, prefix, Scale::Points));
            list.push(value);
        }
        let shares = || {
            counts
                .iter()
                .filter(|(_, n)| *n > 0)
                .map(|&(k, n)| k as f64 / n as f64)
        };
        let count =
            |test: &dyn Fn(f64) -> bool| shares().filter(|share| test(*share)).count() as u64;
        let above = count(&|share| share > highest_value);
        let below = count(&|share| share < lowest_value);
        for (name, words, count) in [("ads_above", "above", above), ("ads_below", "below", below)] {
            list.push(basis.plain(
                name,
                format!(
                    "ads of arm \u{201C}{}\u{201D} {words} the benchmark",
                    arm.label
                ),
                Some(Scalar::Count(count)),
            ));
        }
        // Each ad is one trial, because what is counted within an ad is not independent; ads that
        // are neither above nor below say nothing.
        let told = above + below;
        let p = stats::binomial_test(above, told, 0.5).filter(|_| told > 0);
        list.push(basis.described(
            "p",
            format!("two-sided p-value of {above} of {told} ads of arm \u{201C}{}\u{201D} above the benchmark, if above and below were equally likely", arm.label),
            p.map(Scalar::P),
            stats::Method::BinomialExact,
            (told, Units::Ads),
        ));
        self.withhold_masked(&[arm], &mut list);
        list
    }
}

/// Two single ads. Fails with what the case lacks.
pub fn two_ads(
    declared: &crate::case::Study,
    cube: &Cube,
    first: &str,
    second: &str,
) -> Result<Vec<Quantity>, String> {
    if cube.measure == Measure::Shares {
        return Err("the platform publishes shares of totals that are not known, so two of them cannot be tested against each other".into());
    }
    if cube.measure == Measure::Reach {
        return Err(
            "people reached by two ads can be the same, so their shares are not compared".into(),
        );
    }
    let find = |name: &str| {
        let ad = match_ad(&cube.ads, name).and_then(|index| cube.ads.get(index));
        let ad = ad.ok_or_else(|| format!("no single ad is called `{name}`"))?;
        let counts = outcome_of(&ad.counts, declared.outcome);
        let counts =
            counts.ok_or_else(|| format!("the ad `{name}` has no count of both genders"))?;
        Ok::<_, String>((ad, counts))
    };
    let ((a, counts_a), (b, counts_b)) = (find(first)?, find(second)?);
    let measured = units(cube.measure);
    let two = stats::two_shares(counts_a, counts_b, measured, declared.level);
    let people = declared.outcome.people();
    let basis = Basis {
        path: format!(
            "two-ads/{}/{}",
            crate::cube::slug(&a.label),
            crate::cube::slug(&b.label)
        ),
        rows: a.rows.iter().chain(&b.rows).collect(),
        query: format!(
            "sum of {} by gender over the last export, ads {} and {}; these two ads only, impressions taken as independent",
            cube.measure.name(),
            a.key.path(),
            b.key.path()
        ),
    };
    let between = format!(
        "\u{201C}{}\u{201D} and \u{201C}{}\u{201D}",
        a.label, b.label
    );
    let mut list = Vec::new();
    for (name, prefix, what, estimate, scale) in [
        (
            "difference",
            "",
            "difference",
            two.difference,
            Scale::Points,
        ),
        (
            "score_difference",
            "score_",
            "difference",
            two.difference_score,
            Scale::Points,
        ),
        ("ratio", "ratio_", "ratio", two.ratio, Scale::Number),
        (
            "score_ratio",
            "score_ratio_",
            "ratio",
            two.ratio_score,
            Scale::Number,
        ),
        (
            "odds_ratio",
            "odds_ratio_",
            "odds ratio",
            two.odds_ratio,
            Scale::Number,
        ),
        (
            "score_odds_ratio",
            "score_odds_ratio_",
            "odds ratio",
            two.odds_ratio_score,
            Scale::Number,
        ),
    ] {
        let value = basis.estimated(
            name,
            format!("{what} of the shares of {people}, ads {between}"),
            estimate,
            scale,
        );
        list.extend(basis.limits(&value, prefix, scale));
        list.push(value);
    }
    list.push(basis.described(
        "p",
        format!(
            "two-sided p-value of the difference between the shares of {people}, ads {between}"
        ),
        two.difference.p.map(Scalar::P),
        stats::Method::FisherExact,
        (two.difference.n, measured),
    ));
    Ok(list)
}
