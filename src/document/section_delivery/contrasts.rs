//! Differences between arms.

use super::*;
use crate::document::pen::Part;
use crate::stats::Method;

/// How the intervals were made, in a word.
fn interval_name(material: &Material) -> &'static str {
    let differences = &material.findings.results.differences;
    let blocked = |(_, difference): &(_, stats::ShareDifference)| {
        difference.mean.method == Method::BlockedDifference
    };
    if !differences.is_empty() && differences.iter().all(blocked) {
        "within blocks"
    } else if differences.iter().any(blocked) {
        "within blocks where ads ran in blocks, else Welch"
    } else {
        "Welch"
    }
}

pub(super) fn contrasts(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let results = &material.findings.results;
    let label = |id: &str| {
        material
            .cube
            .arm(id)
            .map_or(id.to_owned(), |arm| arm.label.clone())
    };
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    let mut refusals: Vec<String> = Vec::new();
    for ((first, second), _) in &results.differences {
        let get = |name: &str| results.get(&format!("difference/{first}/{second}/{name}"));
        let Some(value) = get("value") else { continue };
        let estimate = value.estimate;
        let name = format!("{} \u{2212} {}", label(first), label(second));
        rows.push(IntervalRow {
            label: name.clone(),
            color: material
                .cube
                .arms
                .iter()
                .position(|arm| arm.id == *first)
                .unwrap_or(0),
            value: value.number(),
            low: estimate.and_then(|e| e.low),
            high: estimate.and_then(|e| e.high),
            note: value
                .number()
                .map_or_else(|| "no data".into(), |v| numbers::points(v, 1)),
        });
        refusals.extend(value.why.as_ref().map(|why| format!("{name}: {why}")));
        cells.push(vec![
            Cell::head(name),
            Cell::value(pen, get("value")),
            Cell::bare(pen, get("pooled")),
            Cell::bare(pen, get("bounds")),
            Cell::bare(pen, get("p")),
            Cell::bare(pen, get("p_holm")),
            Cell::value(pen, get("arrangements")),
            Cell::bare(pen, get("detectable")),
        ]);
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let level = numbers::decimal(material.case.study.level * 100.0, 0);
    let told: Vec<String> = rows
        .iter()
        .map(|row| match (row.value, row.low, row.high) {
            (Some(value), Some(low), Some(high)) => format!(
                "{}: {}, interval {}",
                row.label,
                numbers::points(value, 1),
                numbers::points_range(low, high, 1)
            ),
            (Some(value), ..) => {
                format!("{}: {}, no interval", row.label, numbers::points(value, 1))
            }
            _ => format!("{}: no data", row.label),
        })
        .collect();
    let columns = vec![
        text_column("Contrast"),
        number_column(
            "Difference of mean shares per ad",
            Some("percentage points"),
        ),
        number_column("Difference of pooled shares", Some("percentage points")),
        number_column("Whatever the unknown are", Some("percentage points")),
        number_column("Permutation test over ads", None),
        number_column("Adjusted for all contrasts", None),
        number_column("Arrangements", None),
        number_column("Detectable", Some("percentage points")),
    ];
    let mut table = pen.table(
        "table-differences",
        vec![Inline::text("Differences between arms")],
        columns,
        cells,
    );
    table
        .notes
        .extend(refusals.into_iter().map(|why| vec![Inline::text(why)]));
    table.notes.push(vec![Inline::text("Whatever the unknown are: certain bounds, if those of unknown gender were all women or all men. Adjusted: by Holm\u{2019}s method. Detectable: the smallest difference that a test with so many ads, varying so much, finds four times in five.")]);
    for ((first, second), _) in &results.differences {
        let get = |name: &str| results.get(&format!("difference/{first}/{second}/{name}"));
        if let (Some(blocks), Some(interval)) = (get("blocks"), get("unblocked_interval")) {
            let name = format!("{} \u{2212} {}: ads ran in ", label(first), label(second));
            let mut note = vec![Inline::text(name)];
            note.extend(pen.say(
                "{} blocks and are compared within them; taken as independent, the interval would be {}.",
                &[Part::Value(blocks), Part::Value(interval)],
            ));
            table.notes.push(note);
        }
    }
    for (pair, difference) in &results.differences {
        if let Some(test) = &difference.test
            && test.smallest_p > 0.05
        {
            table.notes.push(vec![Inline::text(format!(
                "{} \u{2212} {}: with so few ads no data could give a p below {}.",
                label(&pair.0),
                label(&pair.1),
                numbers::decimal(test.smallest_p, 3)
            ))]);
        }
    }
    let people = material.case.study.outcome.people();
    let bound = rows
        .iter()
        .flat_map(|row| [row.value, row.low, row.high])
        .flatten()
        .map(f64::abs)
        .fold(0.1_f64, f64::max);
    let bound = ((bound * 10.0).ceil() / 10.0).min(1.0);
    let title = told.first().cloned().unwrap_or_default();
    let plot = Plot::Intervals {
        rows,
        references: vec![Reference {
            at: 0.0,
            label: "no difference".into(),
        }],
        axis: format!("Difference in the share of {people}, percentage points"),
        unit: AxisUnit::Points,
        min: -bound,
        max: bound,
    };
    let source = source_line(pen, material);
    vec![Block::Figure(pen.figure("figure-difference", Words { title, subtitle: format!("Difference of the mean share of {people} per ad, in percentage points, with {level}\u{00A0}% interval ({})", interval_name(material)), source, alt: format!("Interval plot. {}.", told.join(". ")) }, plot, table))]
}
