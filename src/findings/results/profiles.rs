//! Age and time: standardised shares, distances between profiles, the first of several exports.

use super::*;
use crate::cube::GENDERS;

impl Study<'_> {
    /// Impressions by age band and gender of an arm's ads; `None` where an ad has no ages.
    fn ages(&self, arm: &Arm) -> Option<BTreeMap<(String, Gender), u64>> {
        let mut cells = BTreeMap::new();
        for ad in self.cube.ads_of(arm) {
            if ad.ages.is_empty() {
                return None;
            }
            for (age, counts) in &ad.ages {
                for gender in GENDERS {
                    if let Some(count) = counts.get(gender) {
                        *cells.entry((age.clone(), gender)).or_insert(0) += count;
                    }
                }
            }
        }
        (!cells.is_empty()).then_some(cells)
    }

    /// The share of an arm if all arms had reached the same ages: those of all arms together.
    pub(super) fn standardised(&self, arm: &Arm) -> Vec<Quantity> {
        if self.cube.measure != Measure::Impressions {
            return Vec::new();
        }
        let arms: Option<Vec<_>> = self
            .cube
            .arms
            .iter()
            .filter(|arm| !arm.ads.is_empty())
            .map(|arm| self.ages(arm))
            .collect();
        let Some(arms) = arms else {
            return Vec::new();
        };
        let mut standard: BTreeMap<String, u64> = BTreeMap::new();
        for ((age, gender), count) in arms.into_iter().flatten() {
            if gender != Gender::Unknown {
                *standard.entry(age).or_default() += count;
            }
        }
        let ads: Vec<Vec<(u64, u64)>> = self
            .cube
            .ads_of(arm)
            .map(|ad| {
                let strata = standard.keys().map(|age| {
                    let counts = ad.ages.get(age).copied().unwrap_or_default();
                    // A band in which one gender has no cell says nothing of its share.
                    outcome_of(&counts, self.declared.outcome).unwrap_or((0, 0))
                });
                strata.collect()
            })
            .collect();
        let weights: Vec<u64> = standard.values().copied().collect();
        let shares = stats::standardised_shares(&ads, &weights, Units::Ads, self.level());
        let basis = Basis {
            path: format!("share/{}", arm.id),
            rows: self.cube.ads_of(arm).flat_map(|ad| &ad.age_rows).collect(),
            query: format!(
                "ads of arm {}: impressions by age and gender over the last export; each ad's share by age, weighted by the ages of all arms together; mean over ads",
                arm.id
            ),
        };
        let label = self.share_label("age-standardised mean over ads of the share of", arm);
        let mean = basis.estimated("standardised", label, shares.mean, Scale::Share);
        let mut list = basis.limits(&mean, "standardised_", Scale::Share).to_vec();
        list.push(mean);
        list
    }

    /// How far apart the profiles of two arms lie.
    pub(super) fn distance(&self, first: &Arm, second: &Arm) -> Vec<Quantity> {
        // Only impressions add up over the ads of an arm.
        if self.cube.ages_in != Measure::Impressions {
            return Vec::new();
        }
        let (Some(a), Some(b)) = (self.ages(first), self.ages(second)) else {
            return Vec::new();
        };
        let basis = Basis {
            path: format!("distance/{}/{}", first.id, second.id),
            rows: [first, second]
                .iter()
                .flat_map(|arm| self.cube.ads_of(arm))
                .flat_map(|ad| &ad.age_rows)
                .collect(),
            query: format!(
                "impressions by age and gender over the last export, summed over the ads of arms {} and {}",
                first.id, second.id
            ),
        };
        let cells: BTreeSet<&(String, Gender)> = a.keys().chain(b.keys()).collect();
        let ages: BTreeSet<&String> = cells.iter().map(|(age, _)| age).collect();
        let of_cells = |own: &BTreeMap<(String, Gender), u64>| -> Vec<u64> {
            cells
                .iter()
                .map(|cell| own.get(cell).copied().unwrap_or(0))
                .collect()
        };
        let of_ages = |own: &BTreeMap<(String, Gender), u64>| -> Vec<u64> {
            let sum = |age: &String| {
                own.iter()
                    .filter(|((a, _), _)| a == age)
                    .map(|(_, n)| n)
                    .sum()
            };
            ages.iter().map(|age| sum(age)).collect()
        };
        let between = format!(
            "\u{201C}{}\u{201D} and \u{201C}{}\u{201D}",
            first.label, second.label
        );
        let distance = |name: &str, what: &str, profiles: (Vec<u64>, Vec<u64>)| {
            let estimate = stats::total_variation(&profiles.0, &profiles.1, Units::Impressions);
            basis.estimated(
                name,
                format!("distance between the {what} of {between}"),
                estimate,
                Scale::Number,
            )
        };
        vec![
            distance(
                "value",
                "profiles by age and gender",
                (of_cells(&a), of_cells(&b)),
            ),
            distance("age", "age profiles", (of_ages(&a), of_ages(&b))),
        ]
    }

    /// The pooled share as it stood at the first export of each ad.
    pub(super) fn first_export(&self, arm: &Arm) -> Vec<Quantity> {
        let series: Vec<_> = arm
            .ads
            .iter()
            .filter_map(|&ad| self.cube.series.get(ad))
            .collect();
        let first: Option<Vec<_>> = series
            .iter()
            .map(|points| match points.as_slice() {
                [first, _, ..] => Some(first),
                _ => None,
            })
            .collect();
        let Some(first) = first.filter(|list| !list.is_empty()) else {
            return Vec::new();
        };
        // Without the counts of an ad, the others would stand for the arm.
        let counts: Option<Vec<(u64, u64)>> = first
            .iter()
            .map(|point| outcome_of(&point.counts, self.declared.outcome))
            .collect();
        let Some(counts) = counts else {
            return Vec::new();
        };
        let measured = units(self.cube.measure);
        let shares = stats::cluster_shares(&counts, measured, Units::Ads, self.level());
        let basis = Basis {
            path: format!("share/{}", arm.id),
            rows: first.iter().flat_map(|point| &point.rows).collect(),
            query: self.query(&format!(
                "ads of arm {}, first export instead of the last",
                arm.id
            )),
        };
        let label = self.share_label("at the first export, pooled share of", arm);
        vec![basis.estimated("first_export", label, shares.pooled, Scale::Share)]
    }
}
