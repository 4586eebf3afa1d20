//! What was tested: the design, the arms, and what they share.

use super::compose::Material;
use super::pen::{Part, Pen, number_column, text_column};
use super::{Block, Cell, Inline};
use crate::cube::{Ad, Arm};
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
            "The test has {} ads in {} {}",
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
                ", reported from {} to {}",
                &[Part::Value(start), Part::Value(end)],
            ));
        }
        if let Some(accounts) = results.get("study/accounts").filter(|q| q.scalar.is_some()) {
            text.extend(pen.say(
                ", run from {} advertiser {}",
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
    if let Some(benchmark) = results.get("benchmark/share") {
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
        rows.push(vec![
            Cell::head(arm.label.clone()),
            Cell::words(if creatives.len() > 3 {
                format!("{} and {} more", shown.join("; "), creatives.len() - 3)
            } else {
                shown.join("; ")
            }),
            value(pen, format!("ads/{}/count", arm.id)),
            value(pen, format!("impressions/{}/value", arm.id)),
            value(pen, format!("spend/{}/value", arm.id)),
        ]);
    }
    let columns = vec![
        text_column("Arm"),
        text_column("What the ads show"),
        number_column("Ads", None),
        number_column("Impressions", None),
        number_column("Amount spent", None),
    ];
    Block::Table(pen.table(
        "table-arms",
        vec![Inline::text("The arms of the test")],
        columns,
        rows,
    ))
}

/// A feature of the design: its name and how to read it from an ad.
type Feature = (&'static str, fn(&Ad) -> Option<String>);

const FEATURES: [Feature; 6] = [
    ("Targeting", |ad| ad.declared.as_ref()?.targeting.clone()),
    ("Objective", |ad| ad.declared.as_ref()?.objective.clone()),
    ("Advertiser account", |ad| {
        ad.declared.as_ref()?.account.clone()
    }),
    ("First day", |ad| {
        Some(ad.declared.as_ref()?.start?.to_string())
    }),
    ("Last day", |ad| {
        Some(ad.declared.as_ref()?.end?.to_string())
    }),
    ("Budget", |ad| {
        let declared = ad.declared.as_ref()?;
        Some(numbers::money(
            declared.budget?.0,
            declared.currency.as_deref().unwrap_or(""),
        ))
    }),
];

/// What the arms share and what they do not, read from the ads table.
fn balance(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    if cube.ads.iter().all(|ad| ad.declared.is_none()) {
        return vec![Block::Paragraph {
            text: vec![Inline::text(
                "The case has no table of ads, so targeting, dates, budget and objective of the arms cannot be compared here.",
            )],
        }];
    }
    let seen = |arm: &Arm, feature: &Feature| -> BTreeSet<String> {
        cube.ads_of(arm)
            .map(|ad| feature.1(ad).unwrap_or_else(|| "not stated".into()))
            .collect()
    };
    let mut rows = Vec::new();
    for feature in &FEATURES {
        let values: Vec<BTreeSet<String>> =
            cube.arms.iter().map(|arm| seen(arm, feature)).collect();
        let same = values.windows(2).all(|pair| pair[0] == pair[1]);
        let mut row = vec![Cell::head(feature.0)];
        row.extend(values.iter().map(|set| {
            let list: Vec<&str> = set.iter().map(String::as_str).collect();
            Cell::words(if list.len() > 4 {
                format!("{} values", list.len())
            } else {
                list.join("; ")
            })
        }));
        if cube.arms.len() > 1 {
            row.push(Cell::words(if same { "same" } else { "differs" }));
        }
        rows.push(row);
    }
    let mut columns = vec![text_column("Feature")];
    columns.extend(cube.arms.iter().map(|arm| text_column(&arm.label)));
    if cube.arms.len() > 1 {
        columns.push(text_column("Between arms"));
    }
    vec![Block::Table(pen.table(
        "table-balance",
        vec![Inline::text(
            "What the arms share, as stated in the table of ads",
        )],
        columns,
        rows,
    ))]
}
