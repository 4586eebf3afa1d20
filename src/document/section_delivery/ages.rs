//! Age by gender.

use super::*;
use crate::findings::Scalar;

fn gender_word(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "Women",
        Gender::Male => "Men",
        Gender::Unknown => "Unknown",
    }
}

/// Sums of an arm by age band; `None` where an ad of the arm has no age breakdown.
fn age_sums(material: &Material, arm: &Arm) -> Option<BTreeMap<String, ByGender>> {
    let mut sums: BTreeMap<String, ByGender> = BTreeMap::new();
    for ad in material.cube.ads_of(arm) {
        if ad.ages.is_empty() {
            return None;
        }
        for (age, counts) in &ad.ages {
            for gender in GENDERS {
                if let Some(count) = counts.get(gender) {
                    let slot = sums.entry(age.clone()).or_default().slot(gender);
                    *slot = Some(slot.unwrap_or(0) + count);
                }
            }
        }
    }
    Some(sums)
}

pub(super) fn ages(pen: &mut Pen, material: &Material) -> Vec<Block> {
    // Only impressions add up over the ads of an arm.
    if material.cube.ages_in != Measure::Impressions {
        return Vec::new();
    }
    let categories = material.cube.ages();
    if categories.is_empty() {
        return Vec::new();
    }
    let mut panels = Vec::new();
    let mut cells = Vec::new();
    let mut told = Vec::new();
    let mut files = BTreeSet::new();
    for (index, arm) in material.cube.arms.iter().enumerate() {
        let Some(sums) = age_sums(material, arm) else {
            continue;
        };
        files.extend(
            material
                .cube
                .ads_of(arm)
                .flat_map(|ad| &ad.age_rows)
                .map(|locator| &*locator.file),
        );
        let total: u64 = sums.values().filter_map(ByGender::all).sum();
        if total == 0 {
            continue;
        }
        let share = |count: Option<u64>| count.map(|count| count as f64 / total as f64);
        panels.push(Panel {
            label: arm.label.clone(),
            color: index,
            values: categories
                .iter()
                .map(|age| {
                    GENDERS
                        .iter()
                        .map(|gender| share(sums.get(age).and_then(|counts| counts.get(*gender))))
                        .collect()
                })
                .collect(),
        });
        let largest = categories
            .iter()
            .flat_map(|age| GENDERS.iter().map(move |gender| (age, *gender)))
            .filter_map(|(age, gender)| Some((sums.get(age)?.get(gender)?, age, gender)))
            .max_by_key(|(count, ..)| *count);
        if let Some((count, age, gender)) = largest {
            told.push(format!(
                "{}: the largest group is {} aged {age}, {}",
                arm.label,
                gender_word(gender).to_lowercase(),
                numbers::percent(count as f64 / total as f64, 1)
            ));
        }
        let all = Quantity::plain(
            format!("age/{}", arm.id),
            format!(
                "impressions by age and gender, arm \u{201C}{}\u{201D}",
                arm.label
            ),
            Some(Scalar::Count(total)),
            format!(
                "sum of impressions by age and gender over the last export, ads of arm {}",
                arm.id
            ),
        )
        .resting_on(material.cube.ads_of(arm).flat_map(|ad| &ad.age_rows));
        let provenance = Some(pen.trace(&all));
        for age in &categories {
            let counts = sums.get(age).copied().unwrap_or_default();
            let mut row = vec![Cell::head(arm.label.clone()), Cell::words(age.clone())];
            for gender in GENDERS {
                let count = counts.get(gender);
                row.push(Cell {
                    detail: share(count).map(|s| numbers::percent(s, 1)),
                    ..Cell::count(count).traced(provenance)
                });
            }
            cells.push(row);
        }
    }
    if panels.is_empty() {
        return Vec::new();
    }
    let mut columns = vec![text_column("Arm"), text_column("Age")];
    columns.extend(
        GENDERS
            .iter()
            .map(|gender| number_column(gender_word(*gender), Some("impressions"))),
    );
    let mut table = pen.table(
        "table-age",
        vec![Inline::text("Impressions by age and gender")],
        columns,
        cells,
    );
    table.notes.push(vec![Inline::text("Below a count: its share of all impressions of the arm. An empty cell is a group for which the exports have no row.")]);
    let plot = Plot::Profile {
        panels,
        categories,
        series: GENDERS
            .iter()
            .map(|gender| gender_word(*gender).to_owned())
            .collect(),
        axis: "% of all impressions of the arm".into(),
    };
    let source = format!("Platform exports, {}", pen.exhibits(files));
    vec![Block::Figure(pen.figure("figure-age", Words { title: format!("Age and gender of those shown the ads. {}", told.join("; ")), subtitle: "Share of each age and gender group in all impressions of the arm, unknown included, in per cent".into(), source, alt: format!("Bar charts, one panel an arm. {}.", told.join(". ")) }, plot, table))]
}
