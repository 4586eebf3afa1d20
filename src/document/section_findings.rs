//! The summary: each finding with what carries it, or, without findings, what the data show.

use super::compose::Material;
use super::pen::{Part, Pen, Words};
use super::record;
use super::{
    Assertion, Block, Chart, DotRow, Finding, Inline, Plot, markdown, section_corrections,
    section_delivery, section_robustness,
};
use crate::cite::{self, Style};
use crate::findings::{Prose, Quantity, Robustness, Scalar, read_as};
use crate::numbers;
use std::collections::BTreeSet;

pub fn summary(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(question) = &material.case.study.question {
        blocks.push(Block::Paragraph {
            text: vec![Inline::Emphasis {
                text: vec![Inline::text(question.clone())],
            }],
        });
    }
    blocks.extend(section_corrections::note(material));
    let cited = record::record(material.case, material.digest, String::new());
    let finding_word = super::labels::english().finding;
    for (index, finding) in material.findings.findings.iter().enumerate() {
        let mut how_we_know = Vec::new();
        let mut told = BTreeSet::new();
        for printed in &finding.statement.numbers {
            if let Some(text) = how(pen, material, &printed.quantity, &mut told) {
                how_we_know.push(text);
            }
        }
        let anchor = format!("finding-{}", finding.id);
        let mut block = Finding {
            number: index + 1,
            statement: markdown::line(pen, &finding.statement),
            how_we_know,
            does_not_say: finding
                .caveat
                .as_ref()
                .map(|caveat| markdown::line(pen, caveat)),
            design: finding.grade.as_ref().map(|(grade, reason)| {
                vec![Inline::text(format!("{}: {reason}.", grade.name()))]
            }),
            caution: (!finding.causal.is_empty()).then(|| {
                vec![Inline::text(format!(
                    "The statement speaks of cause and effect ({}). The design of the test does not carry this.",
                    finding.causal.join(", ")
                ))]
            }),
            robustness: material
                .findings
                .robustness
                .get(index)
                .map(robust),
            assertions: finding
                .assertions
                .iter()
                .map(|assertion| Assertion {
                    expression: assertion.expression.clone(),
                    evaluated: assertion
                        .read
                        .iter()
                        .map(read_as)
                        .collect::<Vec<_>>()
                        .join("; "),
                    holds: true,
                })
                .collect(),
            chart: picture(pen, material, &finding.id, &finding.statement),
            cite: String::new(),
            anchor,
        };
        let part = record::finding_part(&block, &finding_word);
        block.cite = cite::formatted(&cited, Some(&part), Style::Apa);
        blocks.push(Block::Finding(Box::new(block)));
    }
    if material.findings.findings.is_empty() {
        blocks.push(Block::Paragraph { text: vec![Inline::text("The case declares no findings; casefile states what the evidence shows, and no more.")] });
        let items = composed(pen, material);
        if !items.is_empty() {
            blocks.push(Block::List {
                ordered: false,
                items,
            });
        }
    }
    blocks
}

/// In how many choices the finding holds, with the way to the table.
fn robust(entry: &Robustness) -> Vec<Inline> {
    let mut text = vec![Inline::text(format!(
        "{} ",
        capitalised(&section_robustness::verdict(entry))
    ))];
    if !entry.choices().is_empty() {
        text.push(Inline::Link {
            text: vec![Inline::text("All choices")],
            to: format!("#robustness-{}", entry.finding),
        });
        text.push(Inline::text("."));
    }
    text
}

/// What the data show, arm by arm, in casefile's own words.
pub fn composed(pen: &mut Pen, material: &Material) -> Vec<Vec<Inline>> {
    let results = &material.findings.results;
    let people = material.case.study.outcome.people();
    let measure = material.case.study.measure.name();
    let mut sentences = Vec::new();
    for arm in &material.cube.arms {
        let get = |name: &str| results.get(&format!("share/{}/{name}", arm.id));
        let (Some(pooled), Some(range), Some(ads), Some(n)) =
            (get("pooled"), get("range"), get("ads"), get("n"))
        else {
            continue;
        };
        if matches!(
            material.case.study.measure,
            crate::case::Measure::Reach | crate::case::Measure::Shares
        ) {
            let Some(mean) = get("mean") else { continue };
            sentences.push(pen.say(
                &format!("\u{201C}{{}}\u{201D}: in {{}} ads, the share of {people} among people reached lay within {{}}, on average {{}}; people reached are not added up over ads."),
                &[Part::Words(arm.label.clone()), Part::Value(ads), Part::Value(range), Part::Value(mean)],
            ));
            continue;
        }
        if pooled.scalar.is_none() {
            sentences.push(vec![Inline::text(format!("\u{201C}{}\u{201D}: no {measure} of known gender are recorded, so there is no share.", arm.label))]);
            continue;
        }
        let mut text = pen.say(
            &format!(
                "\u{201C}{{}}\u{201D}: {{}} of {{}} {measure} of known gender went to {people}"
            ),
            &[
                Part::Words(arm.label.clone()),
                Part::Value(pooled),
                Part::Value(n),
            ],
        );
        if arm.ads.len() > 1 {
            text.extend(pen.say(
                "; in {} ads, the share of each lay within {}",
                &[Part::Value(ads), Part::Value(range)],
            ));
        } else {
            text.push(Inline::text(" (a single ad)"));
        }
        text.push(Inline::text("."));
        sentences.push(text);
    }
    for ((first, second), _) in &results.differences {
        let get = |name: &str| results.get(&format!("difference/{first}/{second}/{name}"));
        let (Some(value), Some(interval)) = (get("value"), get("interval")) else {
            continue;
        };
        if value.scalar.is_none() || interval.scalar.is_none() {
            continue;
        }
        let label = |id: &str| {
            material
                .cube
                .arm(id)
                .map_or(id.to_owned(), |arm| arm.label.clone())
        };
        let mut text = pen.say(
            &format!("The mean share of {people} per ad differs between \u{201C}{{}}\u{201D} and \u{201C}{{}}\u{201D} by {{}} (interval {{}}"),
            &[Part::Words(label(first)), Part::Words(label(second)), Part::Value(value), Part::Value(interval)],
        );
        if let Some(p) = get("p") {
            text.extend(pen.say("; permutation test {}", &[Part::Value(p)]));
        }
        text.push(Inline::text(")."));
        sentences.push(text);
    }
    sentences
}

/// Values of an arm that one paragraph tells together; others are told by themselves.
const ARM_TOLD: [&str; 17] = [
    "pooled",
    "mean",
    "min",
    "max",
    "median",
    "range",
    "interval",
    "low",
    "high",
    "prediction",
    "prediction_low",
    "prediction_high",
    "bounds",
    "mean_bounds",
    "range_bounds",
    "ads",
    "n",
];

/// The interval of a value and what it rests on: " (95 % interval 70 to 80 %; 10 ads)".
fn support(quantity: &Quantity, level: &str) -> String {
    let Some(estimate) = quantity.estimate else {
        return String::new();
    };
    let mut parts = Vec::new();
    let limits = estimate
        .low
        .zip(estimate.high)
        .filter(|_| estimate.level.is_some());
    if let Some((low, high)) = limits {
        let limits = match quantity.scalar {
            Some(Scalar::Share(_)) => Some(numbers::percent_range(low, high, 1)),
            Some(Scalar::Points(_)) => Some(numbers::points_range(low, high, 1)),
            Some(Scalar::Number(_) | Scalar::Days(_)) => {
                Some(numbers::significant_range(low, high))
            }
            _ => None,
        };
        parts.extend(limits.map(|limits| format!("{level}\u{00A0}% interval {limits}")));
    }
    parts.push(format!(
        "{} {}",
        numbers::count(estimate.n),
        crate::findings::unit_name(estimate.units)
    ));
    format!(" ({})", parts.join("; "))
}

/// Units, method and interval in words, once for each estimate that a statement rests on.
fn how(
    pen: &mut Pen,
    material: &Material,
    quantity: &Quantity,
    told: &mut BTreeSet<String>,
) -> Option<Vec<Inline>> {
    let results = &material.findings.results;
    let parts: Vec<&str> = quantity.id.split('/').collect();
    let key = match parts[..] {
        ["share", arm, name] if ARM_TOLD.contains(&name) => format!("share/{arm}"),
        [kind @ ("difference" | "rate"), first, second, ..] => format!("{kind}/{first}/{second}"),
        _ => quantity.id.clone(),
    };
    if !told.insert(key) {
        return None;
    }
    let level = numbers::decimal(material.case.study.level * 100.0, 0);
    let measure = material.case.study.measure.name();
    match parts[..] {
        ["share", arm, name] if ARM_TOLD.contains(&name) => {
            let get = |name: &str| results.get(&format!("share/{arm}/{name}"));
            let label = &material.cube.arm(arm)?.label;
            let masked = |arm| material.cube.ads_of(arm).any(|ad| ad.ranges.is_some());
            if masked(material.cube.arm(arm)?) {
                return Some(pen.say(
                    "\u{201C}{}\u{201D}: {} ads, some counts of which are given as ranges, such as <5. Whatever these are and whatever the unknown are, the pooled share lies within {}, the mean of the ads within {}, and every ad within {}.",
                    &[
                        Part::Words(label.clone()),
                        Part::Value(get("ads")?),
                        Part::Value(get("bounds")?),
                        Part::Value(get("mean_bounds")?),
                        Part::Value(get("range_bounds")?),
                    ],
                ));
            }
            let single = material.cube.arm(arm)?.ads.len() == 1;
            let counted = get("n").filter(|n| n.scalar.is_some());
            let ads = if single { "ad" } else { "ads" };
            let mut text = match counted {
                Some(n) => pen.say(
                    &format!("\u{201C}{{}}\u{201D}: {{}} {ads} with {{}} {measure} of known gender; mean of the ads {{}}"),
                    &[Part::Words(label.clone()), Part::Value(get("ads")?), Part::Value(n), Part::Value(get("mean")?)],
                ),
                // People reached are not added up over ads.
                None => pen.say(
                    &format!("\u{201C}{{}}\u{201D}: {{}} {ads}; mean of the ads {{}}"),
                    &[Part::Words(label.clone()), Part::Value(get("ads")?), Part::Value(get("mean")?)],
                ),
            };
            match get("interval").filter(|q| q.scalar.is_some()) {
                Some(interval) => text.extend(pen.say(
                    &format!(" ({level}\u{00A0}% interval between ads {{}})"),
                    &[Part::Value(interval)],
                )),
                None => text.extend(
                    get("mean")
                        .and_then(|q| q.why.clone())
                        .map(|why| Inline::text(format!(" ({why})"))),
                ),
            }
            if let Some(pooled) = get("pooled").filter(|q| q.scalar.is_some()) {
                text.extend(pen.say("; pooled share {}", &[Part::Value(pooled)]));
            }
            if let Some(next) = get("prediction").filter(|q| q.scalar.is_some()) {
                text.extend(pen.say(
                    &format!("; one more ad like these would be expected within {{}} ({level}\u{00A0}% prediction interval)"),
                    &[Part::Value(next)],
                ));
            }
            if let Some(bounds) = get("bounds").filter(|q| q.scalar.is_some()) {
                text.extend(pen.say(
                    "; whatever the gender of the unknown of these ads, the pooled share lies within {}",
                    &[Part::Value(bounds)],
                ));
            }
            text.push(Inline::text("."));
            Some(text)
        }
        ["difference", first, second, ..] => {
            let get = |name: &str| results.get(&format!("difference/{first}/{second}/{name}"));
            let mut text = pen.say(
                "Difference of the mean shares per ad: {}",
                &[Part::Value(get("value")?)],
            );
            if let Some(interval) = get("interval").filter(|q| q.scalar.is_some()) {
                text.extend(pen.say(
                    &format!(" ({level}\u{00A0}% interval {{}})"),
                    &[Part::Value(interval)],
                ));
            }
            if let (Some(p), Some(arrangements)) = (get("p"), get("arrangements")) {
                let test = results.differences.iter().find_map(|((a, b), difference)| {
                    difference.test.filter(|_| a == first && b == second)
                });
                let within = if get("blocks").is_some_and(|q| q.scalar.is_some()) {
                    " within their blocks"
                } else {
                    ""
                };
                text.extend(pen.say(
                    &format!("; permutation test over {{}} arrangements of the ads{within}, {{}}"),
                    &[Part::Value(arrangements), Part::Value(p)],
                ));
                if test.is_some_and(|test| test.p <= test.smallest_p) {
                    text.push(Inline::text(", the smallest that so many ads can give"));
                }
            }
            text.push(Inline::text("."));
            Some(text)
        }
        ["rate", "contacts", arm, ..] => {
            let get = |name: &str| results.get(&format!("rate/contacts/{arm}/{name}"));
            let label = &material.cube.arm(arm)?.label;
            let mut text = pen.say(
                "\u{201C}{}\u{201D}: {} contacts per thousand impressions",
                &[Part::Words(label.clone()), Part::Value(get("value")?)],
            );
            if let Some(interval) = get("interval").filter(|q| q.scalar.is_some()) {
                text.extend(pen.say(
                    &format!(" (exact Poisson {level}\u{00A0}% interval {{}})"),
                    &[Part::Value(interval)],
                ));
            }
            if let Some(by_ad) = get("ad_interval").filter(|q| q.scalar.is_some()) {
                text.extend(pen.say("; with the ad as the unit, {}", &[Part::Value(by_ad)]));
            }
            if let Some(dispersion) =
                get("dispersion").filter(|q| q.number().is_some_and(|d| d > 1.5))
            {
                text.extend(pen.say(
                    "; contacts vary between ads {} times as much as independent contacts would, so the first interval is too narrow",
                    &[Part::Value(dispersion)],
                ));
            }
            let contacts = |name: &str| results.get(&format!("contacts/arm={arm}/{name}"));
            if let (Some(count), Some(people)) = (contacts("count"), contacts("people")) {
                text.extend(pen.say(
                    "; {} contacts from {} known senders",
                    &[Part::Value(count), Part::Value(people)],
                ));
            }
            text.push(Inline::text("."));
            Some(text)
        }
        _ => Some(pen.say(
            &match quantity.method.as_str() {
                "Count" => format!("{}: {{}}.", capitalised(&quantity.label)),
                method if method.starts_with("Declared") => format!(
                    "{}: {{}}. {method}; source: {}.",
                    capitalised(&quantity.label),
                    quantity.method_source.trim_end_matches('.')
                ),
                method => format!(
                    "{}: {{}}{}. {}.",
                    capitalised(&quantity.label),
                    support(quantity, &level),
                    method.trim_end_matches('.')
                ),
            },
            &[Part::Value(quantity)],
        )),
    }
}

pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// A small picture for a statement about shares: the arms that it names.
fn picture(pen: &mut Pen, material: &Material, id: &str, statement: &Prose) -> Option<Chart> {
    let named: BTreeSet<&str> = statement
        .numbers
        .iter()
        .flat_map(|printed| {
            let parts: Vec<&str> = printed.quantity.id.split('/').collect();
            match parts[..] {
                ["share", arm, _] => vec![arm],
                ["difference", first, second, ..] => vec![first, second],
                _ => Vec::new(),
            }
        })
        .filter_map(|arm| material.cube.arm(arm).map(|arm| arm.id.as_str()))
        .collect();
    if named.is_empty() {
        return None;
    }
    let arms: Vec<usize> = material
        .cube
        .arms
        .iter()
        .enumerate()
        .filter(|(_, arm)| named.contains(arm.id.as_str()))
        .map(|(index, _)| index)
        .collect();
    let rows: Vec<DotRow> = section_delivery::dot_rows(material, &arms);
    let table =
        section_delivery::short_arm_table(pen, material, &format!("table-finding-{id}"), &arms);
    let subtitle = section_delivery::subtitle(material, &arms);
    let (source, alt) = (
        section_delivery::source_line(pen, material),
        section_delivery::describe(&rows, material),
    );
    let plot = Plot::Dots {
        rows,
        references: section_delivery::references(material),
        axis: section_delivery::axis(material),
    };
    Some(pen.figure(
        &format!("figure-finding-{id}"),
        Words {
            title: section_delivery::title(material, &arms),
            subtitle,
            source,
            alt,
        },
        plot,
        table,
    ))
}
