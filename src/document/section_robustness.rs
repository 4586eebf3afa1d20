//! Each finding under every defensible choice of analysis: a sentence, a figure and its table.

use super::compose::Material;
use super::markdown;
use super::pen::{Pen, Words, number_column, text_column};
use super::{AxisUnit, Block, Cell, Inline, Plot, Specification, SpecificationRow};
use crate::findings::{Outcome, Quantity, Robustness, Scalar, Verdict};
use crate::numbers;

/// Choices named in a sentence; the table has all.
const NAMED: usize = 4;

pub fn robustness(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let list = &material.findings.robustness;
    if list.iter().all(|entry| entry.choices().is_empty()) {
        return Vec::new();
    }
    let mut blocks = vec![Block::Paragraph {
        text: vec![Inline::text(
            "Each finding was evaluated again under other ways to analyse the same evidence that can be defended: unknown gender counted as men or as women, reach instead of impressions, the mean of the ads instead of the pooled share and the reverse, the first export instead of the last, and combinations of these; a gender without a count taken for none; ads as independent instead of in blocks; each advertiser account alone; each known sender counted once; the second coder\u{2019}s codes; rates with the ad as the unit. Apart from these choices, each ad, block and feed account was left out in turn. A choice that touches no value of a finding, or repeats what another gives, is not counted for it; where a part is left out, permutation tests that draw arrangements draw fewer of them, and all of them again before a finding is said to fail.",
        )],
    }];
    let impossible = &material.findings.impossible;
    if !impossible.is_empty() {
        blocks.push(Block::Paragraph {
            text: vec![Inline::text(format!(
                "Not possible with this evidence: {}.",
                impossible.join("; ")
            ))],
        });
    }
    for (index, entry) in list.iter().enumerate() {
        blocks.push(Block::Heading {
            level: 3,
            id: format!("robustness-{}", entry.finding),
            text: vec![Inline::text(format!("Finding {}", index + 1))],
        });
        if let Some(finding) = material.findings.findings.get(index) {
            blocks.push(Block::Paragraph {
                text: vec![Inline::Emphasis {
                    text: markdown::line(pen, &finding.statement),
                }],
            });
        }
        let told = super::section_findings::capitalised(&verdict(entry));
        blocks.push(Block::Paragraph {
            text: vec![Inline::text(told)],
        });
        if let (Some(followed), false) = (&entry.followed, entry.choices().is_empty()) {
            blocks.push(figure(pen, entry, followed));
        } else if !entry.choices().is_empty() {
            blocks.push(Block::Table(table(pen, entry, None)));
        }
    }
    blocks
}

/// "Holds in 12 of 13 choices of analysis; fails in 1: ... With each ad left out in turn: holds in
/// 20 of 20."
pub fn verdict(entry: &Robustness) -> String {
    if entry.choices().is_empty() {
        return "No other choice of analysis touches this finding: it counts records as they stand."
            .into();
    }
    let mut sentences = Vec::new();
    let (analyses, parts) = (entry.total(false), entry.total(true));
    if analyses > 0 {
        let all = numbers::plural(analyses, "choice of analysis", "choices of analysis");
        sentences.push(judged(entry, &all, false));
    }
    if parts > 0 {
        let judged = judged(entry, &numbers::plural(parts, "case", "cases"), true);
        sentences.push(format!("Leaving out each part in turn: {judged}"));
    }
    sentences.join(" ")
}

/// The verdicts on one kind of choice.
fn judged(entry: &Robustness, all: &str, leaves_out: bool) -> String {
    let total = entry.total(leaves_out);
    if entry.count(Verdict::NotAsserted, leaves_out) == total {
        return format!("values followed through {all}; the finding makes no assertion.");
    }
    let holds = numbers::count(entry.count(Verdict::Holds, leaves_out));
    let mut parts = vec![format!("holds in {holds} of {all}")];
    for (verdict, words) in [
        (Verdict::Fails, "fails in"),
        (Verdict::NoValue, "has no value in"),
    ] {
        let count = entry.count(verdict, leaves_out);
        let reasons = entry.reasons(verdict, leaves_out);
        if count == 0 {
            continue;
        }
        let named: Vec<String> = reasons.iter().take(NAMED).map(|o| o.choice()).collect();
        let mut list = named.join(" / ");
        if reasons.len() > NAMED {
            let more = numbers::count((reasons.len() - NAMED) as u64);
            list.push_str(&format!(" / and {more} more"));
        }
        let which = match reasons.len() {
            few if few as u64 == count => "",
            1 => ", all with",
            _ => ", each with one of",
        };
        parts.push(format!("{words} {}{which}: {list}", numbers::count(count)));
    }
    format!("{}.", parts.join("; "))
}

/// In words and in the figure alike.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::NoValue => "no value",
        Verdict::NotAsserted => "not asserted",
    }
}

/// Position on the axis; a range has two ends and no position.
fn position(outcome: &Outcome) -> Option<f64> {
    let quantity = Quantity::plain("", "", outcome.value.clone(), "");
    quantity.number()
}

fn unit(outcome: &Outcome) -> AxisUnit {
    match outcome.value {
        Some(
            Scalar::Share(_)
            | Scalar::ShareEnd(..)
            | Scalar::ShareRange(..)
            | Scalar::ShareInterval(..),
        ) => AxisUnit::Share,
        Some(Scalar::Points(_) | Scalar::PointsEnd(..) | Scalar::PointsInterval(..)) => {
            AxisUnit::Points
        }
        _ => AxisUnit::Number,
    }
}

fn figure(pen: &mut Pen, entry: &Robustness, followed: &str) -> Block {
    // As reported first among equals, so that ties do not hide it.
    let mut order: Vec<&Outcome> = entry.outcomes.iter().collect();
    let key = |outcome: &Outcome| position(outcome).or(outcome.interval.map(|(low, _)| low));
    order.sort_by(|a, b| match (key(a), key(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y),
        (x, y) => y.is_some().cmp(&x.is_some()),
    });
    let rows: Vec<SpecificationRow> = order
        .iter()
        .map(|outcome| SpecificationRow {
            label: outcome.choice(),
            value: position(outcome),
            low: outcome.interval.map(|(low, _)| low),
            high: outcome.interval.map(|(_, high)| high),
            verdict: match outcome.verdict {
                Verdict::Holds => Specification::Holds,
                Verdict::Fails => Specification::Fails,
                Verdict::NoValue => Specification::NoValue,
                Verdict::NotAsserted => Specification::NotAsserted,
            },
            reported: outcome.steps.is_empty(),
        })
        .collect();
    let unit = entry.outcomes.first().map_or(AxisUnit::Number, unit);
    let ends = || {
        rows.iter()
            .flat_map(|row| [row.value, row.low, row.high])
            .flatten()
    };
    let (min, max) = match unit {
        AxisUnit::Share => (0.0, 1.0),
        AxisUnit::Points => {
            let widest = ends().map(f64::abs).fold(0.1, f64::max);
            let bound = ((widest * 10.0).ceil() / 10.0).min(1.0);
            (-bound, bound)
        }
        AxisUnit::Number => (0.0, ends().fold(1.0, f64::max)),
    };
    let known: Vec<&&Outcome> = order.iter().filter(|o| o.value.is_some()).collect();
    let span = match (known.first(), known.last()) {
        (Some(low), Some(high)) => format!(
            "from {} to {}",
            low.text.as_deref().unwrap_or("none"),
            high.text.as_deref().unwrap_or("none")
        ),
        _ => "without a value".into(),
    };
    let leaves_out = entry.total(false) == 0;
    let title = format!(
        "Holds in {} of {}",
        numbers::count(entry.count(Verdict::Holds, leaves_out)),
        numbers::plural(
            entry.total(leaves_out),
            "choice of analysis",
            "choices of analysis"
        )
    );
    let words = Words {
        title,
        subtitle: format!(
            "{}; one row a choice of analysis, in order of the value",
            super::section_findings::capitalised(followed)
        ),
        source: format!("Exhibits {}", pen.exhibits(&entry.files)),
        alt: format!(
            "Specification curve: {} rows in order of the value, {span}; {}",
            rows.len(),
            verdict(entry)
        ),
    };
    let table = table(pen, entry, Some(followed));
    let plot = Plot::Specification {
        rows,
        axis: axis(followed, unit),
        unit,
        min,
        max,
    };
    Block::Figure(pen.figure(
        &format!("figure-robustness-{}", entry.finding),
        words,
        plot,
        table,
    ))
}

fn axis(followed: &str, unit: AxisUnit) -> String {
    let unit = match unit {
        AxisUnit::Share => ", %",
        AxisUnit::Points => ", percentage points",
        AxisUnit::Number => "",
    };
    format!("{}{unit}", super::section_findings::capitalised(followed))
}

fn table(pen: &mut Pen, entry: &Robustness, followed: Option<&str>) -> super::Table {
    let rows = entry
        .outcomes
        .iter()
        .map(|outcome| {
            let mut row = vec![Cell::head(outcome.choice())];
            if followed.is_some() {
                row.push(Cell {
                    text: outcome.text.clone().unwrap_or_default(),
                    detail: interval(outcome),
                    raw: position(outcome)
                        .map(crate::findings::full_number)
                        .or_else(|| outcome.interval.map(|(a, b)| format!("{a} to {b}"))),
                    ..Cell::default()
                });
            }
            row.push(Cell::words(word(outcome.verdict)));
            row.push(Cell::words(if outcome.failing.is_empty() {
                "none".into()
            } else {
                outcome.failing.join("; ")
            }));
            row
        })
        .collect();
    let mut columns = vec![text_column("Choice")];
    columns.extend(
        followed
            .map(|followed| number_column(&super::section_findings::capitalised(followed), None)),
    );
    columns.extend([text_column("Assertions"), text_column("Which do not hold")]);
    pen.table(
        &format!("table-robustness-{}", entry.finding),
        vec![Inline::text(format!(
            "The finding under each choice of analysis: {}",
            entry.finding
        ))],
        columns,
        rows,
    )
}

/// The interval of a value; a range is its own.
fn interval(outcome: &Outcome) -> Option<String> {
    let (low, high) = outcome.interval?;
    match outcome.value {
        Some(Scalar::Share(_)) => Some(numbers::percent_range(low, high, 1)),
        Some(Scalar::Points(_)) => Some(numbers::points_range(low, high, 1)),
        Some(Scalar::Number(_) | Scalar::Days(_)) => Some(numbers::significant_range(low, high)),
        _ => None,
    }
}
