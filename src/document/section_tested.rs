//! What was tested: the design, the arms, and what they share.

use super::compose::Material;
use super::pen::{Part, Pen, number_column, text_column};
use super::section_findings::capitalised;
use super::{Block, Cell, Inline};
use crate::findings::{Comparison, comparisons};
use crate::numbers;
use std::collections::BTreeSet;

pub fn tested(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    let mut blocks = Vec::new();
    if cube.ads.is_empty() {
        return vec![Block::Paragraph {
            text: vec![Inline::text(
                "No delivery export is recorded in this case, so no test is described.",
            )],
        }];
    }
    let results = &material.findings.results;
    if let (Some(ads), Some(arms)) = (results.get("study/ads"), results.get("study/arms")) {
        let mut text = pen.say(
            if cube.from_library {
                "The platform's ad library was asked about {} ads in {} {}"
            } else {
                "The test has {} ads in {} {}"
            },
            &[
                Part::Value(ads),
                Part::Value(arms),
                Part::Words(if cube.arms.len() == 1 {
                    "arm".into()
                } else {
                    "arms".into()
                }),
            ],
        );
        if let (Some(start), Some(end)) = (results.get("study/start"), results.get("study/end"))
            && start.scalar.is_some()
        {
            text.extend(pen.say(
                if cube.from_library {
                    ", shown from {} to {} as far as the library says"
                } else {
                    ", run from {} to {}"
                },
                &[Part::Value(start), Part::Value(end)],
            ));
        }
        if let Some(accounts) = results.get("study/accounts").filter(|q| q.scalar.is_some()) {
            text.extend(pen.say(
                if cube.from_library {
                    ", of {} advertiser {}"
                } else {
                    ", from {} advertiser {}"
                },
                &[
                    Part::Value(accounts),
                    Part::Words(if accounts.number() == Some(1.0) {
                        "account".into()
                    } else {
                        "accounts".into()
                    }),
                ],
            ));
        }
        text.push(Inline::text("."));
        blocks.push(Block::Paragraph { text });
    }
    let given = |id: &str| results.get(id).filter(|q| q.scalar.is_some());
    if let Some(benchmark) = given("benchmark/share").or_else(|| given("benchmark/range")) {
        blocks.push(Block::Paragraph {
            text: pen.say(
                "Benchmark: {} ({}; source: {}).",
                &[
                    Part::Value(benchmark),
                    Part::Words(benchmark.label.clone()),
                    Part::Words(benchmark.method_source.clone()),
                ],
            ),
        });
    }
    blocks.push(arms(pen, material));
    blocks.extend(balance(pen, material));
    blocks
}

fn arms(pen: &mut Pen, material: &Material) -> Block {
    let cube = material.cube;
    let results = &material.findings.results;
    let mut rows = Vec::new();
    for arm in &cube.arms {
        let creatives: BTreeSet<&String> = cube
            .ads_of(arm)
            .filter_map(|ad| ad.declared.as_ref()?.creative.as_ref())
            .collect();
        let shown: Vec<&str> = creatives
            .iter()
            .take(3)
            .map(|creative| creative.as_str())
            .collect();
        let value = |pen: &mut Pen, path: String| Cell::value(pen, results.get(&path));
        let mut row = vec![
            Cell::head(arm.label.clone()),
            Cell::words(if creatives.len() > 3 {
                format!("{} and {} more", shown.join("; "), creatives.len() - 3)
            } else {
                shown.join("; ")
            }),
            value(pen, format!("ads/{}/count", arm.id)),
        ];
        // A library publishes neither.
        if !cube.from_library {
            row.push(value(pen, format!("impressions/{}/value", arm.id)));
            row.push(value(pen, format!("spend/{}/value", arm.id)));
        }
        rows.push(row);
    }
    let mut columns = vec![
        text_column("Arm"),
        text_column("What the ads show"),
        number_column("Ads", None),
    ];
    if !cube.from_library {
        columns.push(number_column("Impressions", None));
        columns.push(number_column("Amount spent", None));
    }
    let caption = if cube.from_library {
        "The groups of ads"
    } else {
        "The arms of the test"
    };
    Block::Table(pen.table("table-arms", vec![Inline::text(caption)], columns, rows))
}

/// What the arms share and what they do not, read from the ads table.
fn balance(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    let comparisons = comparisons(cube);
    let mut blocks = Vec::new();
    if comparisons.is_empty() {
        blocks.push(Block::Paragraph {
            text: vec![Inline::text(
                "The case has no table of ads, so targeting, dates, budget and objective of the arms cannot be compared here.",
            )],
        });
    } else {
        blocks.push(balance_table(pen, material, &comparisons));
    }
    if !material.findings.designs.is_empty() {
        blocks.push(grades(pen, material));
    }
    blocks
}

fn balance_table(pen: &mut Pen, material: &Material, comparisons: &[Comparison]) -> Block {
    let cube = material.cube;
    let several = cube.arms.len() > 1;
    let rows = comparisons
        .iter()
        .map(|comparison| {
            let mut row = vec![Cell::head(capitalised(comparison.feature))];
            row.extend(comparison.arms.iter().map(|values| {
                let list: Vec<String> = values
                    .iter()
                    .map(|(value, ads)| {
                        let value = value.as_deref().unwrap_or("not recorded");
                        if values.len() == 1 {
                            value.to_owned()
                        } else {
                            format!("{value} ({})", numbers::plural(*ads, "ad", "ads"))
                        }
                    })
                    .collect();
                Cell::words(if list.len() > 4 {
                    format!("{} values", list.len())
                } else {
                    list.join("; ")
                })
            }));
            if several {
                row.push(Cell::words(comparison.standing.word()));
            }
            row
        })
        .collect();
    let mut columns = vec![text_column("Feature")];
    columns.extend(cube.arms.iter().map(|arm| text_column(&arm.label)));
    if several {
        columns.push(text_column("Between arms"));
    }
    Block::Table(pen.table(
        "table-balance",
        vec![Inline::text(
            "What the arms share, as stated in the table of ads",
        )],
        columns,
        rows,
    ))
}

/// What may be said of each contrast.
fn grades(pen: &mut Pen, material: &Material) -> Block {
    let label = |id: &str| {
        material
            .cube
            .arm(id)
            .map_or(id.to_owned(), |arm| arm.label.clone())
    };
    let rows = material
        .findings
        .designs
        .iter()
        .map(|design| {
            vec![
                Cell::head(format!(
                    "{} \u{2212} {}",
                    label(&design.first),
                    label(&design.second)
                )),
                Cell::words(design.grade.name()),
                Cell::words(capitalised(&design.reason)),
            ]
        })
        .collect();
    let mut table = pen.table(
        "table-design",
        vec![Inline::text(
            "What the design lets be said of each contrast",
        )],
        vec![
            text_column("Contrast"),
            text_column("Grade"),
            text_column("Why"),
        ],
        rows,
    );
    table.notes.push(vec![Inline::text(
        "Read from the table of ads alone. Even where only the creative differs, the test does not show how the platform came to its choice; ads run at the same time in one account can compete with each other.",
    )]);
    Block::Table(table)
}
