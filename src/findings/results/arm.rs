//! The share of an arm, and of each of its ads.

use super::*;

impl Study<'_> {
    pub fn arm(&self, arm: &Arm) -> Vec<Quantity> {
        let counts = self.counts(arm);
        let measured = units(self.cube.measure);
        let shares = stats::cluster_shares(&counts, measured, Units::Ads, self.level());
        let basis = Basis {
            path: format!("share/{}", arm.id),
            rows: self.rows(&[arm]),
            query: self.query(&format!("ads of arm {}", arm.id)),
        };
        let label = |what: &str| {
            format!(
                "{what} {} among {} of known gender, arm \u{201C}{}\u{201D}",
                self.people(),
                self.measure(),
                arm.label
            )
        };
        let share = |name: &str, what: &str, estimate: Estimate| {
            basis.estimated(name, label(what), estimate, Scale::Share)
        };
        let mut list = Vec::new();
        let pooled = share("pooled", "pooled share of", shares.pooled);
        list.extend(basis.limits(&pooled, "", Scale::Share));
        let mean = share("mean", "mean over ads of the share of", shares.mean);
        list.extend(basis.limits(&mean, "mean_", Scale::Share));
        let range = shares.min.value.zip(shares.max.value);
        list.extend([
            share("median", "median over ads of the share of", shares.median),
            share("min", "lowest share of", shares.min),
            share("max", "highest share of", shares.max),
            Quantity {
                scalar: range.map(|(low, high)| Scalar::ShareRange(low, high)),
                ..share("range", "range over ads of the share of", shares.min)
            },
            pooled,
            mean,
        ]);
        list.extend(self.unknown(arm, &basis, &label));
        let counted =
            |name: &str, label: String, count| basis.plain(name, label, Some(Scalar::Count(count)));
        let (k, n) = counts
            .iter()
            .fold((0, 0), |sum, ad| (sum.0 + ad.0, sum.1 + ad.1));
        list.extend([
            counted(
                "ads",
                format!(
                    "ads with {} in arm \u{201C}{}\u{201D}",
                    self.measure(),
                    arm.label
                ),
                shares.clusters,
            ),
            counted(
                "n",
                format!(
                    "{} of known gender in arm \u{201C}{}\u{201D}",
                    self.measure(),
                    arm.label
                ),
                n,
            ),
            counted(
                "k",
                format!(
                    "{} to {} in arm \u{201C}{}\u{201D}",
                    self.measure(),
                    self.people(),
                    arm.label
                ),
                k,
            ),
        ]);
        if self.cube.measure == Measure::Reach {
            list.iter_mut()
                .filter(|quantity| SUMMED.iter().any(|name| quantity.id.ends_with(name)))
                .for_each(withhold_sum);
        }
        list
    }

    /// What those of unknown gender could change.
    fn unknown(&self, arm: &Arm, basis: &Basis, label: &dyn Fn(&str) -> String) -> Vec<Quantity> {
        // Ads without a count of one gender are in no figure, so not in the bounds either.
        let unknown: u64 = self
            .cube
            .ads_of(arm)
            .filter(|ad| outcome_of(&ad.counts, self.case.study.outcome).is_some())
            .filter_map(|ad| ad.counts.unknown)
            .sum();
        let (outcome, known) = self
            .counts(arm)
            .into_iter()
            .fold((0, 0), |sum, ad| (sum.0 + ad.0, sum.1 + ad.1));
        let measured = units(self.cube.measure);
        let bounds = stats::worst_case_bounds(outcome, known - outcome, unknown, measured);
        let all = known + unknown;
        vec![
            Quantity {
                scalar: bounds
                    .low
                    .zip(bounds.high)
                    .map(|(low, high)| Scalar::ShareInterval(low, high)),
                ..basis.estimated(
                    "bounds",
                    label("worst-case bounds of the pooled share of"),
                    bounds,
                    Scale::Share,
                )
            },
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
            basis.ratio(
                "unknown",
                format!(
                    "share of {} of unknown gender, arm \u{201C}{}\u{201D}",
                    self.measure(),
                    arm.label
                ),
                (unknown, all),
                measured,
            ),
        ]
    }

    pub fn ads(&self, arm: &Arm) -> Vec<Quantity> {
        let mut used = BTreeSet::new();
        self.cube
            .ads_of(arm)
            .filter_map(|ad| {
                let (k, n) = outcome_of(&ad.counts, self.case.study.outcome)?;
                let estimate = stats::wilson(k, n, units(self.cube.measure), self.level());
                let label = format!(
                    "share of {} among {} of known gender, ad \u{201C}{}\u{201D}",
                    self.people(),
                    self.measure(),
                    ad.label
                );
                let basis = Basis {
                    path: format!("share/{}/ad", arm.id),
                    rows: ad.rows.iter().collect(),
                    query: self.query(&format!("ad {}", ad.key.path())),
                };
                Some(basis.estimated(&ad_id(ad, &mut used), label, estimate, Scale::Share))
            })
            .collect()
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
