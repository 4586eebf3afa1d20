//! The record: method, notices, evidence, verification, citation.

use super::compose::Material;
use super::pen::{Pen, number_column, text_column};
use super::section_findings::capitalised;
use super::{Block, Cell, Definition, Inline};
use crate::case::Measure;
use crate::cite::{self, Record, Style};
use crate::evidence::{Secrets, Source};
use crate::notice::{Notice, Weight};
use crate::numbers;
use crate::stats::Method;
use std::collections::{BTreeMap, BTreeSet};

/// Methods used, with their sources and assumptions, and the parameters of the run.
pub fn method(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let case = material.case;
    let mut blocks = vec![Block::Paragraph {
        text: vec![Inline::text(
            "The ad is the unit: impressions within an ad are not independent of each other, so what is said of an arm rests on how its ads differ. Counts stay integers until one division; unknown gender is left out of a share and its effect is bounded; cumulative exports are not added, the last one counts; reach is never added up.",
        )],
    }];
    // Those of the numbers that the report prints; statistics.json has more values than these.
    let printed: BTreeSet<&str> = pen.provenance.iter().map(|p| p.method.as_str()).collect();
    let used: Vec<Method> = Method::ALL
        .into_iter()
        .filter(|method| printed.contains(method.description().name))
        .collect();
    let items = used
        .iter()
        .map(|method| {
            let description = method.description();
            Definition {
                term: description.name.into(),
                description: vec![Inline::text(format!(
                    "{} Source: {}",
                    description.assumptions.join(" "),
                    description.source
                ))],
            }
        })
        .collect();
    blocks.push(Block::Heading {
        level: 3,
        id: "methods".into(),
        text: vec![Inline::text("Methods and what they assume")],
    });
    blocks.push(Block::Definitions { items });
    blocks.push(Block::Paragraph {
        text: vec![
            Inline::text("These are the methods of the numbers printed here; "),
            Inline::Code {
                text: "statistics.json".into(),
            },
            Inline::text(" names the method, source and assumptions of every further value. The interval of an arm is that of the mean of its ads on the logit scale, because it holds its level where intervals of pooled impressions do not: "),
            Inline::Code {
                text: "casefile help statistics".into(),
            },
            Inline::text(" prints the measured coverage."),
        ],
    });
    blocks.push(Block::Heading {
        level: 3,
        id: "parameters".into(),
        text: vec![Inline::text("Parameters of this run")],
    });
    let contrasts: Vec<String> = material
        .findings
        .results
        .differences
        .iter()
        .map(|((a, b), _)| format!("{a} \u{2212} {b}"))
        .collect();
    let parameter = |name: &str, value: String| vec![Cell::head(name), Cell::words(value)];
    let mut rows = vec![
        parameter("Outcome", case.study.outcome.people().into()),
        parameter(
            "Measure",
            match case.study.measure {
                Measure::Shares => {
                    "shares of the people reached, as the platform publishes them".into()
                }
                measure => measure.name().into(),
            },
        ),
        parameter("Level of the intervals", case.study.level.to_string()),
        parameter("Seed", case.study.seed.to_string()),
        parameter(
            "Contrasts",
            if contrasts.is_empty() {
                "none".into()
            } else {
                contrasts.join("; ")
            },
        ),
        parameter(
            "Program",
            concat!("casefile ", env!("CARGO_PKG_VERSION")).into(),
        ),
    ];
    for arm in &case.study.arms {
        let patterns: Vec<&str> = arm
            .ads
            .iter()
            .map(|pattern| pattern.get_ref().as_str())
            .collect();
        rows.push(parameter(
            &format!("Arm {}", arm.id.get_ref()),
            format!("ads that match {}", patterns.join(" or ")),
        ));
    }
    for (old, new) in &case.study.rename {
        rows.push(parameter("Renamed ad", format!("{old} is the later {new}")));
    }
    blocks.push(Block::Table(pen.table(
        "table-parameters",
        vec![Inline::text("Parameters, all from case.toml")],
        vec![text_column("Parameter"), text_column("Value")],
        rows,
    )));
    blocks
}

/// All notices of a run: of the folder, of the import and of the counting.
fn all_notices<'m>(material: &'m Material) -> Vec<&'m Notice> {
    let mut notices: Vec<&Notice> = material
        .case
        .notices
        .iter()
        .chain(&material.evidence.notices)
        .chain(&material.cube.notices)
        .chain(&material.findings.notices)
        .collect();
    notices.sort();
    notices.dedup();
    notices
}

pub fn notices(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let notices = all_notices(material);
    let read: u64 = material
        .evidence
        .sources
        .iter()
        .map(|source| source.rows.read)
        .sum();
    let in_file: u64 = material
        .evidence
        .sources
        .iter()
        .map(|source| source.rows.in_file)
        .sum();
    let mut blocks = vec![Block::Paragraph {
        text: vec![Inline::text(format!(
            "The files of this case hold {}; {} were read and {} were excluded, each listed below with its reason.",
            numbers::plural(in_file, "data row", "data rows"),
            numbers::count(read),
            numbers::count(in_file.saturating_sub(read))
        ))],
    }];
    let mut excluded = Vec::new();
    for source in &material.evidence.sources {
        let mut reasons: BTreeMap<&str, Vec<&crate::evidence::Exclusion>> = BTreeMap::new();
        for exclusion in &source.rows.excluded {
            reasons.entry(exclusion.reason).or_default().push(exclusion);
        }
        for (reason, list) in reasons {
            let rows: BTreeSet<u64> = list.iter().map(|exclusion| exclusion.row).collect();
            excluded.push(vec![
                Cell::head(source.exhibit.clone()),
                Cell::words(reason),
                Cell::count(Some(list.len() as u64)),
                Cell::words(numbers::ranges(&rows)),
                Cell::words(
                    list.first()
                        .map(|exclusion| exclusion.detail.clone())
                        .unwrap_or_default(),
                ),
            ]);
        }
    }
    if !excluded.is_empty() {
        let columns = vec![
            text_column("Exhibit"),
            text_column("Reason"),
            number_column("Rows excluded", None),
            text_column("Which"),
            text_column("Detail of the first"),
        ];
        blocks.push(Block::Table(pen.table(
            "table-exclusions",
            vec![Inline::text("Excluded rows")],
            columns,
            excluded,
        )));
    }
    if notices.is_empty() {
        blocks.push(Block::Paragraph {
            text: vec![Inline::text("There are no notices.")],
        });
        return blocks;
    }
    let rows = notices
        .iter()
        .map(|notice| {
            let place = match notice.locator.row {
                Some(row) => format!("{}, row {row}", pen.file_name(&notice.locator.file)),
                None => pen.file_name(&notice.locator.file),
            };
            let weight = if notice.weight == Weight::Caution {
                "caution"
            } else {
                "info"
            };
            vec![
                Cell::head(notice.code),
                Cell::words(weight),
                Cell::words(place),
                Cell::words(capitalised(&notice.message)),
            ]
        })
        .collect();
    let columns = vec![
        text_column("Notice"),
        text_column("Weight"),
        text_column("Place"),
        text_column("What"),
    ];
    blocks.push(Block::Table(pen.table(
        "table-notices",
        vec![Inline::text("Notices")],
        columns,
        rows,
    )));
    blocks
}

pub fn evidence(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let sources = &material.evidence.sources;
    let withheld = sources.iter().filter(|source| source.withheld).count() as u64;
    let mut text = vec![Inline::text(format!(
        "The case rests on {}.",
        numbers::plural(sources.len() as u64, "file", "files")
    ))];
    if withheld > 0 {
        text.push(Inline::text(if material.public {
            format!(" {} in this edition, to protect people; with digest and size, whoever is given a file later can check that it is the same.", numbers::plural(withheld, "is withheld", "are withheld"))
        } else {
            format!(" {} in the public edition.", numbers::plural(withheld, "is withheld", "are withheld"))
        }));
    }
    let custody = &material.case.custody;
    text.push(Inline::text(if custody.is_empty() {
        " Chain of custody: none recorded.".into()
    } else {
        format!(
            " The chain of custody has {}; each is tied to the one before by its digest.",
            numbers::plural(custody.len() as u64, "entry", "entries")
        )
    }));
    let rows = sources
        .iter()
        .map(|source| source_row(material, source))
        .collect();
    let columns = vec![
        text_column("Exhibit"),
        text_column("What it is"),
        number_column("Rows read", None),
        number_column("Size", Some("bytes")),
        text_column("Obtained"),
        text_column("SHA-256"),
    ];
    vec![
        Block::Paragraph { text },
        Block::Table(pen.table(
            "table-evidence",
            vec![Inline::text("Exhibits")],
            columns,
            rows,
        )),
    ]
}

/// An exhibit as a list names it: number, what it is, how it was obtained, digest. Of a file that is
/// withheld from this edition only what names nobody.
pub fn exhibit(material: &Material, source: &Source) -> [Cell; 4] {
    let hidden = material.public && source.withheld;
    let what = match (&source.title, hidden) {
        (Some(title), true) => format!("{title} (withheld)"),
        (None, true) => format!("{} (withheld)", source.kind.name()),
        (Some(title), false) => format!("{title}: {}", source.file),
        (None, false) => source.file.clone(),
    };
    let mut obtained = Vec::new();
    if let Some(own) = &source.obtained {
        obtained.extend(own.on.map(|on| on.to_string()));
    }
    // Who gave a withheld file, and how, can name a source.
    if let Some(own) = source.obtained.as_ref().filter(|_| !hidden) {
        obtained.extend(own.by.as_ref().map(|by| format!("by {by}")));
        obtained.extend(own.from.as_ref().map(|from| format!("from {from}")));
        obtained.extend(own.how.clone());
    }
    if let Some(entry) = material
        .case
        .custody
        .iter()
        .rfind(|entry| entry.file == source.file)
    {
        obtained.push(format!("custody entry {}", entry.number));
    }
    let obtained = if obtained.is_empty() {
        "none recorded".into()
    } else {
        obtained.join(", ")
    };
    let digest = Cell {
        detail: match source.secrets {
            Secrets::None => None,
            Secrets::Removed => Some("as received; the bundle holds a copy without access tokens, with a digest of its own in digests.txt".into()),
            Secrets::Kept => Some("holds access tokens, so no edition holds it".into()),
        },
        ..Cell::words(source.sha256.to_string())
    };
    [
        Cell::head(source.exhibit.clone()),
        Cell {
            detail: Some(format!("{}, format {}", source.kind.name(), source.format)),
            ..Cell::words(what)
        },
        Cell::words(obtained),
        digest,
    ]
}

fn source_row(material: &Material, source: &Source) -> Vec<Cell> {
    let [number, what, obtained, digest] = exhibit(material, source);
    vec![
        number,
        what,
        Cell {
            detail: Some(format!("{} excluded", source.rows.excluded.len())),
            ..Cell::count(Some(source.rows.read))
        },
        Cell::count(Some(source.bytes)),
        obtained,
        digest,
    ]
}

pub fn verify(material: &Material) -> Vec<Block> {
    let bundle = &material.bundle;
    let folder = bundle.trim_end_matches(".zip");
    vec![
        Block::Paragraph {
            text: vec![
                Inline::text("This report is part of the bundle "),
                Inline::Code {
                    text: bundle.clone(),
                },
                Inline::text(
                    ". With casefile, every check runs at once and names each file that was altered, is missing or was added:",
                ),
            ],
        },
        Block::Code {
            text: format!("casefile verify {bundle}"),
            label: "Verify with casefile".into(),
        },
        Block::Paragraph {
            text: vec![
                Inline::text(
                    "In a browser, with nothing installed and without a network, the page ",
                ),
                Inline::Code {
                    text: "verify.html".into(),
                },
                Inline::text(
                    " makes the same checks: drop the bundle on it. A copy lies in the bundle; one that you had from casefile itself cannot have been forged together with it.",
                ),
            ],
        },
        Block::Paragraph {
            text: vec![Inline::text(
                "Without casefile, the bundle is one zip file that is a BagIt bag, an RO-Crate and a Data Package, with a list of digests:",
            )],
        },
        Block::Code {
            text: format!(
                "unzip {bundle}\ncd {folder}\nsha256sum -c tagmanifest-sha256.txt SHA256SUMS\nsha256sum data/digests.txt"
            ),
            label: "Verify without casefile".into(),
        },
        Block::Paragraph {
            text: vec![
                Inline::text(
                    "The digest printed in this report covers the evidence, the case and the statistics: it is the SHA-256 of the file ",
                ),
                Inline::Code {
                    text: "data/digests.txt".into(),
                },
                Inline::text(
                    " in the bundle, which lists them. Compare what the last command prints with the digest here:",
                ),
            ],
        },
        Block::Definitions {
            items: vec![Definition {
                term: "Digest of evidence, case and statistics (SHA-256)".into(),
                description: vec![Inline::Code {
                    text: material.digest.grouped(),
                }],
            }],
        },
        Block::Paragraph {
            text: vec![Inline::text(
                "The counts and shares can be computed again from the raw files in the bundle with Python and DuckDB; what cannot be checked, such as what rests on withheld evidence, is named:",
            )],
        },
        Block::Code {
            text: format!("cd {folder}/data\npython3 recompute.py"),
            label: "Recompute without casefile, where unzip was run".into(),
        },
    ]
}

pub fn cite(material: &Material, record: &Record) -> Vec<Block> {
    let styles = Style::ALL.into_iter().map(|style| Definition {
        term: style.title().to_owned(),
        description: vec![Inline::text(cite::formatted(record, None, style))],
    });
    let mut blocks = vec![Block::Definitions {
        items: styles.collect(),
    }];
    if let Some(license) = &material.case.meta.license {
        blocks.push(Block::Paragraph {
            text: vec![Inline::text(format!("Licence: {license}."))],
        });
    }
    blocks.push(Block::Paragraph {
        text: vec![Inline::text("The SHA-256 in these lines is the digest that stands on every page: that of digests.txt in the bundle, and so of the evidence, the case and the statistics. Each finding, figure and table has a permanent anchor, which can be added to the address of the report (in the HTML, its number links to it), and a digest of its own, that of its file in the bundle. One of them is cited so:")],
    });
    blocks.push(Block::Code {
        text: format!("casefile cite {} \"Finding 1\"", material.bundle),
        label: "Command that prints how to cite a part of the report".into(),
    });
    blocks.push(Block::Paragraph {
        text: vec![Inline::text("The bundle holds the record of this report for reference managers and libraries: CITATION.cff, BibTeX, RIS, CSL-JSON, DataCite and schema.org.")],
    });
    blocks
}
