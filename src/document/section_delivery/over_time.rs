//! Shares as the ads ran.

use super::*;
use crate::findings::Scalar;

pub(super) fn over_time(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    if matches!(
        material.case.study.measure,
        Measure::Reach | Measure::Shares
    ) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut cells = Vec::new();
    let mut files = BTreeSet::new();
    for (index, arm) in cube.arms.iter().enumerate() {
        let series: Vec<&Vec<SnapshotCounts>> = arm
            .ads
            .iter()
            .filter_map(|&ad| cube.series.get(ad))
            .collect();
        let times: BTreeSet<_> = series
            .iter()
            .flat_map(|list| list.iter().map(|point| point.at))
            .collect();
        if times.len() < 2 {
            continue;
        }
        let last = series.iter().filter_map(|list| list.last()).count() as u64;
        let all = Quantity::plain(
            format!("over-time/{}", arm.id),
            format!(
                "ads with successive exports, arm \u{201C}{}\u{201D}",
                arm.label
            ),
            Some(Scalar::Count(last)),
            format!(
                "at each export, the latest cumulative counts of each ad of arm {} so far",
                arm.id
            ),
        )
        .resting_on(
            series
                .iter()
                .flat_map(|list| list.iter().flat_map(|point| &point.rows)),
        );
        let provenance = Some(pen.trace(&all));
        let mut points = Vec::new();
        for at in times {
            // The counts are cumulative: at each moment, the latest export of each ad so far.
            let (mut k, mut n, mut ads) = (0, 0, 0_u64);
            for list in &series {
                if let Some(point) = list.iter().rfind(|point| point.at <= at)
                    && let Some((outcome, known)) =
                        outcome_of(&point.counts, material.case.study.outcome)
                {
                    (k, n, ads) = (k + outcome, n + known, ads + 1);
                    files.extend(point.rows.iter().map(|locator| &*locator.file));
                }
            }
            // Ads that join later would look like a change of the share.
            if ads < last || n == 0 {
                continue;
            }
            let estimate = stats::wilson(
                k,
                n,
                units(material.case.study.measure),
                material.case.study.level,
            );
            let seconds = at
                .duration_since(jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0))
                .as_secs();
            points.push((seconds, estimate.value));
            let when = format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute());
            cells.push(vec![
                Cell::head(arm.label.clone()),
                Cell::words(when),
                Cell::count(Some(ads)).traced(provenance),
                Cell::count(Some(n)).traced(provenance),
                estimate.value.map_or_else(Cell::default, |v| Cell {
                    text: numbers::percent(v, 1),
                    raw: Some(crate::findings::full_number(v)),
                    provenance,
                    ..Cell::default()
                }),
            ]);
        }
        if points.len() < 2 {
            continue;
        }
        lines.push(Line {
            label: arm.label.clone(),
            color: index,
            points,
        });
    }
    if lines.is_empty() {
        return Vec::new();
    }
    let people = material.case.study.outcome.people();
    let told: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let first = line.points.iter().find_map(|point| point.1)?;
            let last = line.points.iter().rev().find_map(|point| point.1)?;
            Some(format!(
                "{}: from {} to {}",
                line.label,
                numbers::percent(first, 1),
                numbers::percent(last, 1)
            ))
        })
        .collect();
    let columns = vec![
        text_column("Arm"),
        text_column("Export taken"),
        number_column("Ads", None),
        number_column(
            &format!(
                "{} of known gender",
                capitalised(material.case.study.measure.name())
            ),
            None,
        ),
        number_column(&format!("Share of {people}"), Some("%")),
    ];
    let mut table = pen.table(
        "table-over-time",
        vec![Inline::text("Pooled share at each export")],
        columns,
        cells,
    );
    table.notes.push(vec![Inline::text("Exports are cumulative and are restated by the platform. The line of an arm starts with the first export in which each of its ads has counts. Times are as in the file names or the case; no zone is assumed.")]);
    let plot = Plot::Lines {
        series: lines,
        references: references(material),
        axis: axis(material),
        unit: AxisUnit::Share,
        max: 1.0,
    };
    let source = format!("Successive platform exports, {}", pen.exhibits(files));
    vec![Block::Figure(pen.figure(
        "figure-over-time",
        Words {
            title: format!(
                "Share of {people} in all that was counted up to each export. {}",
                told.join("; ")
            ),
            subtitle: format!(
                "Pooled share of {people} among cumulative {} at each export, in per cent",
                material.case.study.measure.name()
            ),
            source,
            alt: format!("Line chart over time. {}.", told.join(". ")),
        },
        plot,
        table,
    ))]
}

/// Shares day by day, where exports have days: each day by itself, not cumulative.
pub(super) fn by_day(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    let people = material.case.study.outcome.people();
    let measure = material.case.study.measure.name();
    let (mut lines, mut cells) = (Vec::new(), Vec::new());
    for (index, arm) in cube.arms.iter().enumerate() {
        let days: BTreeSet<_> = cube.ads_of(arm).flat_map(|ad| ad.days.keys()).collect();
        let mut points = Vec::new();
        for day in days {
            let counts: Vec<(u64, u64)> = cube
                .ads_of(arm)
                .filter_map(|ad| outcome_of(&ad.days.get(day)?.0, material.case.study.outcome))
                .filter(|(_, n)| *n > 0)
                .collect();
            let (k, n) = counts
                .iter()
                .fold((0, 0), |sum, ad| (sum.0 + ad.0, sum.1 + ad.1));
            let share = stats::ratio(k, n, units(material.case.study.measure));
            let path = format!("share/{}/day={day}", arm.id);
            let quantity = Quantity::estimated(
                format!("{path}/pooled"),
                format!(
                    "pooled share of {people} on {day}, arm \u{201C}{}\u{201D}",
                    arm.label
                ),
                share,
                Scalar::Share,
                format!("{measure} by gender on {day}, ads of arm {}", arm.id),
            )
            .resting_on(
                cube.ads_of(arm)
                    .filter_map(|ad| ad.days.get(day))
                    .flat_map(|(_, rows)| rows),
            );
            let start = jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
            let seconds = day
                .to_datetime(jiff::civil::Time::midnight())
                .duration_since(start)
                .as_secs();
            points.push((seconds, share.value));
            cells.push(vec![
                Cell::head(arm.label.clone()),
                Cell::words(day.to_string()),
                Cell::count(Some(counts.len() as u64)),
                Cell::count(Some(n)),
                Cell::value(pen, Some(&quantity)),
            ]);
        }
        if points.len() > 1 {
            lines.push(Line {
                label: arm.label.clone(),
                color: index,
                points,
            });
        }
    }
    if lines.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        text_column("Arm"),
        text_column("Day"),
        number_column("Ads with delivery", None),
        number_column(&format!("{} of known gender", capitalised(measure)), None),
        number_column(&format!("Share of {people}"), Some("%")),
    ];
    let table = pen.table(
        "table-by-day",
        vec![Inline::text("Pooled share on each day")],
        columns,
        cells,
    );
    let plot = Plot::Lines {
        series: lines,
        references: references(material),
        axis: axis(material),
        unit: AxisUnit::Share,
        max: 1.0,
    };
    let source = source_line(pen, material);
    vec![Block::Figure(pen.figure(
        "figure-by-day",
        Words {
            title: format!("Share of {people} day by day"),
            subtitle: format!(
                "Pooled share of {people} among the {measure} of each day, in per cent; days of the platform"
            ),
            source,
            alt: format!(
                "Line chart of the share of {people} on each day, one line an arm; the numbers stand in the table."
            ),
        },
        plot,
        table,
    ))]
}
