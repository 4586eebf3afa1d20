//! A report that holds every block and every plot, with hostile and awkward strings: what the
//! tests of HTML and PDF render. All data are synthetic.

use casefile::cite::{Author, Record, json_ld, meta_tags};
use casefile::digest::Sha256;
use casefile::document::*;

/// Markup, entities, quotes, a bidirectional override and control characters.
pub const HOSTILE: &str = "<script>alert(1)</script> & \"quoted\" 'single' </title> ]]> \u{202E}drawkcab\u{202C} \u{1b}[31m \u{0}";
/// Exactly 180 characters.
pub const LONG: &str = "An advertisement whose name was never meant to be read by anyone because it was put together by a tool that joins the campaign, the audience, the placement, the date and the colour";
pub const ARABIC: &str = "إعلان عن قلادة فضية مع الطفل";
pub const CHINESE: &str = "银项链广告（儿童模特，第二版）";

/// Small, seeded, integer-only numbers: the same on every machine.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % bound
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }
}

pub fn text(text: &str) -> Vec<Inline> {
    vec![Inline::text(text)]
}

fn counted(text: &str, provenance: usize) -> Inline {
    Inline::Number {
        text: text.into(),
        provenance,
    }
}

fn link(text: &str, to: &str) -> Inline {
    Inline::Link {
        text: vec![Inline::text(text)],
        to: to.into(),
    }
}

/// English words for the frame.
pub fn labels() -> Labels {
    Labels {
        contents: "Contents".into(),
        finding: "Finding".into(),
        figure: "Figure".into(),
        table: "Table".into(),
        how_we_know: "How we know".into(),
        does_not_say: "What it does not say".into(),
        design: "What the design carries".into(),
        caution: "Wording".into(),
        robustness: "Robustness".into(),
        assertions: "Assertions that were checked".into(),
        cite: "Cite this".into(),
        source: "Source".into(),
        data_table: "The numbers of this figure".into(),
        data_tables: "The numbers of the figures".into(),
        provenance: "Where these numbers come from".into(),
        provenance_intro: "Each number can be recomputed from the files named here.".into(),
        exhibit: "Exhibit".into(),
        file: "File".into(),
        rows: "Rows".into(),
        query: "Query".into(),
        method: "Method".into(),
        withheld: "withheld from this edition".into(),
        digest: "SHA-256".into(),
        version: "Version".into(),
        published: "Published".into(),
        page: "page".into(),
        of: "of".into(),
        rows_left_out: "rows more in the CSV file".into(),
        missing: "no data".into(),
        skip_to_content: "Skip to the content".into(),
        holds: "holds".into(),
        fails: "fails".into(),
        no_value: "no value".into(),
        not_named: "not named in the picture".into(),
    }
}

fn provenance(id: &str, label: &str, value: &str, withheld: bool) -> Provenance {
    let source = |exhibit: &str, file: &str, rows: &str| SourceRef {
        exhibit: exhibit.into(),
        file: (!withheld).then(|| file.into()),
        sha256: Sha256::of(file.as_bytes()),
        rows: rows.into(),
    };
    Provenance {
        id: id.into(),
        label: label.into(),
        value: value.into(),
        sources: vec![
            source("E1", "evidence/Delivery-account-one-2024-09.csv", "2-97, 99-181"),
            source("E2", "evidence/Delivery-account-two-2024-09.csv", "2-64"),
        ],
        query: "select sum(impressions) filter (gender = 'male') / sum(impressions) from delivery where arm = 'child'".into(),
        method: "pooled share, Wilson score interval at 95 %".into(),
        method_source: "Wilson (1927), JASA 22(158), 209-212".into(),
    }
}

fn column(label: &str, unit: Option<&str>, align: Align) -> Column {
    Column {
        label: label.into(),
        unit: unit.map(Into::into),
        align,
    }
}

fn cell(text: &str) -> Cell {
    Cell {
        text: text.into(),
        raw: Some(text.into()),
        ..Cell::default()
    }
}

fn head(text: &str) -> Cell {
    Cell {
        header: true,
        ..cell(text)
    }
}

fn value(text: &str, detail: &str, provenance: usize) -> Cell {
    Cell {
        detail: Some(detail.into()),
        provenance: Some(provenance),
        ..cell(text)
    }
}

/// The table of every ad.
pub fn ads_table(id: &str, number: usize, ads: usize, left_out: usize) -> Table {
    let mut sequence = Sequence(7);
    let rows = (0..ads)
        .map(|ad| {
            let share = sequence.between(412, 958);
            let impressions = sequence.between(180, 9_600);
            let name = match ad {
                0 => HOSTILE.to_string(),
                1 => LONG.to_string(),
                2 => ARABIC.to_string(),
                3 => CHINESE.to_string(),
                _ => format!("necklace-{:03}", ad + 1),
            };
            let share = format!("{}.{}", share / 10, share % 10);
            let cell_of_share = if ad % 11 == 5 {
                Cell::default()
            } else {
                value(&share, "71.2–93.4", ad % 4)
            };
            vec![
                head(&name),
                cell(["child", "item alone", "covered"][ad % 3]),
                cell_of_share,
                cell(&impressions.to_string()),
            ]
        })
        .collect();
    Table {
        id: id.into(),
        number,
        caption: text("Share of impressions shown to men, every ad"),
        columns: vec![
            column("Ad", None, Align::Start),
            column("Arm", None, Align::Start),
            column("Men", Some("%"), Align::End),
            column("Shown", Some("impressions"), Align::End),
        ],
        rows,
        longest: usize::MAX,
        rows_left_out: left_out,
        notes: vec![
            text("Interval: Wilson, 95 %, in smaller type."),
            text(HOSTILE),
        ],
        csv: Some(format!("tables/{id}.csv")),
        cited: None,
    }
}

fn chart(number: usize, name: &str, title: &str, subtitle: &str, plot: Plot) -> Chart {
    let id = format!("figure-{name}");
    Chart {
        number,
        title: title.into(),
        subtitle: subtitle.into(),
        caption: vec![
            Inline::text("Thin bar: range of the ads. Thick bar: "),
            counted("95 %", 1),
            Inline::text(" interval."),
        ],
        source: "Exhibits E1 and E2, Ads Manager exports of two accounts, 2-16 September 2024"
            .into(),
        alt: format!("{title}. {subtitle}."),
        plot,
        table: Box::new(ads_table(&format!("table-{name}"), 10 + number, 12, 0)),
        cited: None,
        id,
    }
}

fn reference(at: f64, label: &str) -> Reference {
    Reference {
        at,
        label: label.into(),
    }
}

/// `ads` dots whose shares lie between `low` and `high` per mille.
fn dots(seed: u64, ads: usize, low: u64, high: u64) -> Vec<Dot> {
    let mut sequence = Sequence(seed);
    (0..ads)
        .map(|ad| Dot {
            label: format!("ad {ad}"),
            value: sequence.between(low, high) as f64 / 1000.0,
            weight: sequence.between(150, 9_000) as f64,
        })
        .collect()
}

fn dot_row(label: &str, color: usize, dots: Vec<Dot>, note: &str) -> DotRow {
    let mut values: Vec<f64> = dots.iter().map(|dot| dot.value).collect();
    values.sort_by(f64::total_cmp);
    let ends = values.first().zip(values.last());
    let middle = values.get(values.len() / 2).copied();
    DotRow {
        label: label.into(),
        color,
        range: ends.map(|(low, high)| (*low, *high)),
        interval: middle.map(|m| ((m - 0.02).max(0.0), (m + 0.02).min(1.0))),
        prediction: middle.map(|m| ((m - 0.11).max(0.0), (m + 0.11).min(1.0))),
        mean: middle,
        note: if dots.is_empty() { "no ads" } else { note }.into(),
        dots,
    }
}

/// Three arms with the number of ads given.
pub fn dots_plot(ads: [usize; 3]) -> Plot {
    Plot::Dots {
        rows: vec![
            dot_row(
                "photo with the child",
                0,
                dots(1, ads[0], 800, 955),
                "80–95 %",
            ),
            dot_row("item alone", 1, dots(2, ads[1], 340, 520), "34–52 %"),
            dot_row("child covered", 2, dots(3, ads[2], 380, 610), "38–61 %"),
        ],
        references: vec![reference(0.28, "platform’s estimate of the audience 28 %")],
        axis: "share of impressions shown to men".into(),
    }
}

fn intervals_plot() -> Plot {
    let row = |label: &str, color, value: f64, half: f64| IntervalRow {
        label: label.into(),
        color,
        value: Some(value),
        low: Some(value - half),
        high: Some(value + half),
        note: format!(
            "{:.0} ({:.0}–{:.0})",
            value * 100.0,
            (value - half) * 100.0,
            (value + half) * 100.0
        ),
    };
    Plot::Intervals {
        rows: vec![
            row("child against item alone", 0, 0.44, 0.06),
            row("child against covered", 2, 0.38, 0.075),
            row(LONG, 1, 0.05, 0.09),
            row(ARABIC, 3, -0.04, 0.05),
            IntervalRow {
                label: CHINESE.into(),
                color: 4,
                value: None,
                low: None,
                high: None,
                note: "too few ads to say".into(),
            },
        ],
        references: vec![reference(0.0, "no difference")],
        axis: "difference in the share of men, percentage points".into(),
        unit: AxisUnit::Points,
        min: -0.2,
        max: 0.6,
    }
}

fn profile_plot() -> Plot {
    let mut sequence = Sequence(21);
    let mut panel = |label: &str, color, men: u64| Panel {
        label: label.into(),
        color,
        values: (0..6)
            .map(|band| {
                let height = [70, 120, 190, 260, 210, 90][band] + sequence.between(0, 30);
                let of_men = (height * men / 100) as f64 / 1000.0;
                let of_women = (height * (96 - men) / 100) as f64 / 1000.0;
                vec![
                    (band != 5 || men < 80).then_some(of_women),
                    Some(of_men),
                    (band % 2 == 0).then_some(0.008),
                ]
            })
            .collect(),
    };
    Plot::Profile {
        panels: vec![
            panel("photo with the child", 0, 84),
            panel("item alone", 1, 44),
            panel("child covered", 2, 50),
        ],
        categories: ["18–24", "25–34", "35–44", "45–54", "55–64", "65+"]
            .map(Into::into)
            .to_vec(),
        series: ["women", "men", "unknown"].map(Into::into).to_vec(),
        axis: "share of the arm’s impressions".into(),
    }
}

fn lines_plot() -> Plot {
    let start = 1_725_235_200; // 2 September 2024
    let line = |label: &str, color, base: f64, slope: f64, gap: i64| Line {
        label: label.into(),
        color,
        points: (0..15)
            .map(|day| {
                let wave = [0.0, 0.02, -0.01, 0.03][day as usize % 4];
                (
                    start + day * 86_400,
                    (day != gap).then_some(base + slope * day as f64 + wave),
                )
            })
            .collect(),
    };
    Plot::Lines {
        series: vec![
            line("photo with the child", 0, 0.66, 0.014, 6),
            line("item alone", 1, 0.45, 0.001, 99),
            line("child covered", 2, 0.47, 0.0005, 99),
        ],
        references: vec![reference(0.28, "platform’s estimate 28 %")],
        axis: "share of impressions shown to men, cumulative".into(),
        unit: AxisUnit::Share,
        max: 1.0,
    }
}

/// Choices of analysis in order of the value: the first `fails` fail, the last `without` have no
/// value.
pub fn specification_plot(choices: usize, fails: usize, without: usize) -> Plot {
    let mut sequence = Sequence(11);
    let steps = [
        "unknown gender counted as women",
        "reach instead of impressions",
        "mean of ads and pooled share exchanged",
        "first export instead of the last",
    ];
    let mut value = 0.02;
    let rows = (0..choices)
        .map(|choice| {
            value += sequence.below(900) as f64 / 1000.0 / choices as f64;
            let half = 0.05 + sequence.below(40) as f64 / 1000.0;
            let known = choice + without < choices;
            let reported = choice == choices / 2;
            let combined: Vec<&str> = (0..4)
                .filter(|step| (choice + 1) >> step & 1 == 1)
                .map(|step| steps[step])
                .collect();
            SpecificationRow {
                label: match choice {
                    _ if reported => "as reported".into(),
                    1 => HOSTILE.into(),
                    2 => ARABIC.into(),
                    _ if choice > 15 || combined.is_empty() => {
                        format!("without the ad “necklace-{choice:03}”")
                    }
                    _ => combined.join(" + "),
                },
                value: known.then_some(value),
                low: known.then_some(value - half),
                high: known.then_some(value + half),
                verdict: match choice {
                    _ if choice < fails => Specification::Fails,
                    _ if known => Specification::Holds,
                    _ => Specification::NoValue,
                },
                reported,
            }
        })
        .collect();
    Plot::Specification {
        rows,
        axis: "difference in the share of men, percentage points".into(),
        unit: AxisUnit::Points,
        min: -0.6,
        max: 0.6,
    }
}

/// Ranges instead of values; one row whose finding has no value.
fn ranges_plot() -> Plot {
    let row = |label: &str, range: Option<(f64, f64)>, verdict, reported| SpecificationRow {
        label: label.into(),
        value: None,
        low: range.map(|(low, _)| low),
        high: range.map(|(_, high)| high),
        verdict,
        reported,
    };
    Plot::Specification {
        rows: vec![
            row(LONG, Some((0.31, 0.98)), Specification::Fails, false),
            row("reach", Some((0.78, 0.94)), Specification::Holds, false),
            row("as reported", Some((0.8, 0.95)), Specification::Holds, true),
            row(CHINESE, None, Specification::NoValue, false),
        ],
        axis: "share of impressions shown to men".into(),
        unit: AxisUnit::Share,
        min: 0.0,
        max: 1.0,
    }
}

fn bars_plot() -> Plot {
    let bar = |label: &str, color, value: f64| Bar {
        label: label.into(),
        color,
        value,
        note: format!("{value:.0}"),
    };
    Plot::Bars {
        rows: vec![
            bar("asks about the person, not about the item", 0, 61.0),
            bar("asks to move to another channel", 0, 34.0),
            bar("asks about price or delivery", 1, 12.0),
            bar(HOSTILE, 2, 3.0),
            bar("none of these", 2, 0.0),
        ],
        axis: "contacts".into(),
    }
}

fn spans_plot() -> Plot {
    let span = |label: &str, to: f64, open: bool, mark: Option<f64>, note: &str| Span {
        label: label.into(),
        from: 0.0,
        to,
        open,
        mark,
        note: note.into(),
    };
    Plot::Spans {
        rows: vec![
            span("account 1", 3.0, false, Some(1.0), "removed after 3 days"),
            span(
                "account 2",
                41.0,
                false,
                Some(12.0),
                "removed after 41 days",
            ),
            span("account 3", 88.0, true, Some(12.0), "still online"),
            span(
                "account 4",
                88.0,
                true,
                None,
                "still online, never reported",
            ),
        ],
        axis: "days since it was confirmed; ring: reported".into(),
    }
}

/// One chart of each kind, in the order of [`Plot`].
pub fn charts() -> Vec<Chart> {
    vec![
        chart(
            1,
            "dots",
            "Ads with the child went to men",
            "Share of impressions shown to men, 2-16 September 2024, 24 ads, 61,204 impressions",
            dots_plot([9, 8, 7]),
        ),
        chart(
            2,
            "intervals",
            "With the child, 44 points more men",
            "Difference of arm means, percentage points, 24 ads",
            intervals_plot(),
        ),
        chart(
            3,
            "profile",
            "Men over 35 saw the child’s photo most",
            "Share of each arm’s impressions by age and gender",
            profile_plot(),
        ),
        chart(
            4,
            "lines",
            "The gap opened in the first days",
            "Cumulative share of impressions shown to men, by day",
            lines_plot(),
        ),
        chart(
            8,
            "specification",
            "The finding holds in 31 of 43 choices",
            "Difference of arm means; one row a choice of analysis, in order of the value",
            specification_plot(44, 7, 5),
        ),
        chart(
            5,
            "bars",
            "Most messages asked about the person",
            "Contacts by category, 110 contacts, 2-30 September 2024",
            bars_plot(),
        ),
        chart(
            6,
            "spans",
            "Two of four accounts stayed online",
            "Days from confirmation to removal",
            spans_plot(),
        ),
    ]
}

/// Charts with too little, too much or nothing to draw.
pub fn hard_charts() -> Vec<Chart> {
    let none = vec![vec![None, None]; 2];
    vec![
        chart(21, "one-ad", "One ad", "n = 1", dots_plot([1, 0, 0])),
        chart(
            22,
            "many-ads",
            "400 ads",
            "400 ads, 1.8 million impressions",
            dots_plot([400, 300, 5]),
        ),
        chart(
            29,
            "many-choices",
            "450 choices",
            "One row a choice of analysis",
            specification_plot(450, 120, 30),
        ),
        chart(
            30,
            "ranges",
            "Four choices",
            "From the lowest to the highest ad",
            ranges_plot(),
        ),
        chart(
            31,
            "no-specification",
            "Nothing",
            "n = 0",
            specification_plot(3, 1, 3),
        ),
        chart(
            23,
            "no-dots",
            LONG,
            LONG,
            Plot::Dots {
                rows: vec![],
                references: vec![],
                axis: "share".into(),
            },
        ),
        chart(
            24,
            "no-intervals",
            "Nothing",
            "n = 0",
            Plot::Intervals {
                rows: vec![IntervalRow {
                    label: HOSTILE.into(),
                    color: 0,
                    value: None,
                    low: None,
                    high: None,
                    note: "too few".into(),
                }],
                references: vec![reference(f64::NAN, "nowhere")],
                axis: "share".into(),
                unit: AxisUnit::Share,
                min: 0.0,
                max: 0.0,
            },
        ),
        chart(
            25,
            "no-profile",
            "Nothing",
            "n = 0",
            Plot::Profile {
                panels: vec![Panel {
                    label: HOSTILE.into(),
                    color: 0,
                    values: none,
                }],
                categories: vec![ARABIC.into(), CHINESE.into()],
                series: vec!["women".into(), "men".into()],
                axis: "share".into(),
            },
        ),
        chart(
            26,
            "no-lines",
            "Nothing",
            "n = 0",
            Plot::Lines {
                series: vec![Line {
                    label: LONG.into(),
                    color: 9,
                    points: vec![(0, None)],
                }],
                references: vec![],
                axis: "share".into(),
                unit: AxisUnit::Number,
                max: f64::NAN,
            },
        ),
        chart(
            27,
            "no-bars",
            "Nothing",
            "n = 0",
            Plot::Bars {
                rows: vec![],
                axis: "contacts".into(),
            },
        ),
        chart(
            28,
            "no-spans",
            "Nothing",
            "n = 0",
            Plot::Spans {
                rows: vec![],
                axis: "days".into(),
            },
        ),
    ]
}

/// A list of works, one of them hostile in every field.
fn references() -> Block {
    Block::References {
        items: vec![
            CitedWork {
                key: "sample2019".into(),
                id: "ref-sample2019".into(),
                text: vec![
                    Inline::text("Sample, A., & Example, B. (2019). A work that there is not. "),
                    Inline::Emphasis {
                        text: text("Journal of Samples"),
                    },
                    Inline::text(", 3(CSCW), 1–30. "),
                    link(
                        "https://doi.org/10.5555/12345678",
                        "https://doi.org/10.5555/12345678",
                    ),
                ],
                cited_in: vec![Inline::text("Cited in: "), link("Text", "#cited-1")],
            },
            CitedWork {
                key: "hostile".into(),
                id: "ref-hostile".into(),
                text: vec![
                    Inline::text(HOSTILE),
                    link(LONG, "javascript:alert(1)"),
                    Inline::text(ARABIC),
                    Inline::text(CHINESE),
                ],
                cited_in: vec![],
            },
        ],
    }
}

fn finding(number: usize, id: &str, statement: Vec<Inline>, chart: Option<Chart>) -> Finding {
    Finding {
        anchor: format!("finding-{id}"),
        number,
        statement,
        how_we_know: vec![
            vec![
                Inline::text("In "),
                counted("24", 2),
                Inline::text(" ads, between "),
                counted("80", 1),
                Inline::text(" and "),
                counted("95", 1),
                Inline::text(" of 100 impressions went to men; a further ad like these would be expected between 71 and 98."),
            ],
            text("Robustness: no single ad changes the sign of the difference."),
        ],
        does_not_say: Some(text("It does not say why the platform delivered the ads so, nor what the people who saw them intended.")),
        design: Some(text("The ads were placed in random order within each block: the picture is the only thing that differed.")),
        caution: (number == 2).then(|| text("“because” says more than the design carries.")),
        robustness: Some(vec![
            Inline::text("Holds in "),
            counted("31", 2),
            Inline::text(" of 43 choices."),
        ]),
        assertions: vec![
            Assertion { expression: "share('child').min >= 0.8".into(), evaluated: "share('child').min = 0.8123".into(), holds: true },
            Assertion { expression: HOSTILE.into(), evaluated: HOSTILE.into(), holds: false },
        ],
        chart,
        cite: "Synthetic Desk (2026): Who is shown an ad with a child in it?, version 1.0.0, finding 1.".into(),
    }
}

fn running_text() -> Vec<Block> {
    vec![
        Block::Heading { level: 3, id: "running-text".into(), text: vec![Inline::text("Running text with "), counted("24", 2), Inline::text(" ads")] },
        Block::Paragraph {
            text: vec![
                Inline::text("The ads ran for "),
                counted("14", 0),
                Inline::text(" days. "),
                Inline::Strong { text: vec![Inline::text("Strong with "), Inline::Emphasis { text: text("emphasis inside") }] },
                Inline::text(", "),
                Inline::Code { text: "share('child').pooled".into() },
                Inline::text(", a "),
                link("link to a section", "#limits"),
                Inline::text(", a "),
                Inline::Link { text: vec![Inline::text("link with the number "), counted("81 %", 1)], to: "https://example.org/a?b=1&c=2".into() },
                Inline::text(", a "),
                link("mail", "mailto:desk@example.org"),
                Inline::text(", refused: "),
                link("script link", "javascript:alert(1)"),
                link("data link", "data:text/html,<script>alert(1)</script>"),
                Inline::text(". Others found the same "),
                Inline::Citation {
                    id: Some("cited-1".into()),
                    works: vec!["sample2019".into(), "hostile".into()],
                    text: vec![
                        Inline::text("(see "),
                        link("Sample & Example, 2019, p. 12", "#ref-sample2019"),
                        Inline::text("; "),
                        link(HOSTILE, "#ref-hostile"),
                        Inline::text(")"),
                    ],
                },
                Inline::text("."),
                Inline::LineBreak,
                Inline::text(HOSTILE),
            ],
        },
        Block::Heading { level: 4, id: "lists".into(), text: text("Lists and quotes") },
        Block::List {
            ordered: true,
            items: vec![
                text("Two accounts, opened for the test."),
                vec![Inline::text("Three arms, "), counted("61,204", 3), Inline::text(" impressions.")],
                text(ARABIC),
            ],
        },
        Block::List { ordered: false, items: vec![text("One item."), text(CHINESE)] },
        Block::Quote { text: text("قال المتحدث: «لا نعلّق على الحسابات الفردية» and nothing more."), source: vec![Inline::text("Statement S2, "), link("exhibit E7", "#evidence")] },
        Block::Note { weight: NoteWeight::Info, title: "Cumulative snapshots".into(), text: vec![Inline::text("The last one counts, "), counted("14", 0), Inline::text(" were drawn.")] },
        Block::Note { weight: NoteWeight::Caution, title: "A count fell between two exports".into(), text: text("Three cells decreased; the later export was used.") },
        Block::Definitions {
            items: vec![
                Definition { term: "arm".into(), description: text("A group of ads that differ from the others in one thing.") },
                Definition { term: HOSTILE.into(), description: vec![Inline::text("Counted "), counted("24", 2), Inline::text(" times.")] },
            ],
        },
        Block::Code { text: "sha256sum -c SHA256SUMS\ncasefile verify child-jewellery-ads-1.0.0.zip   # a long line that has to scroll in its own box, not the page".into(), label: "Commands to type".into() },
    ]
}

/// The whole gallery.
pub fn demo() -> Document {
    let charts = charts();
    let small = Chart {
        id: "figure-finding-1".into(),
        number: 7,
        table: Box::new(ads_table("table-finding-1", 30, 6, 0)),
        ..charts[0].clone()
    };
    let digest = Sha256::of(b"gallery");
    let orcid = Some("0000-0002-1825-0097");
    let record = cited(
        "Who is shown an ad with a child in it?",
        vec![
            Author::new("Example, Ada", None, None, orcid, Some("Synthetic Desk")),
            Author::literal("Ben <b>Example</b>"),
        ],
    );
    let section = |id: &str, title: &str, blocks: Vec<Block>| Section {
        id: id.into(),
        title: title.into(),
        blocks,
    };
    let statement = vec![
        Inline::text("Ads that showed the child were delivered to men "),
        counted("80 to 95 times", 1),
        Inline::text(" in 100; the same ads without the child, "),
        counted("34 to 52 times", 0),
        Inline::text("."),
    ];
    Document {
        meta: DocumentMeta {
            id: "gallery".into(),
            version: "1.0.0".into(),
            title: "Who is shown an ad with a child in it?".into(),
            subtitle: Some("An experiment with three pictures".into()),
            description: "What the file says of itself".into(),
            answer: vec![
                Inline::text("Men: where the child was in the picture, "),
                counted("88 of 100", 1),
                Inline::text(" impressions went to men, against "),
                counted("44 of 100", 0),
                Inline::text(" where it was not."),
            ],
            language: "en".into(),
            date: "2026-11-23".into(),
            date_words: "23 November 2026".into(),
            publisher: Some("Synthetic Desk".into()),
            authors: vec![
                AuthorLine {
                    name: "Ada Example".into(),
                    affiliation: Some("Synthetic Desk".into()),
                    orcid: Some("0000-0002-1825-0097".into()),
                },
                AuthorLine {
                    name: "Ben <b>Example</b>".into(),
                    affiliation: None,
                    orcid: None,
                },
            ],
            keywords: vec!["ad delivery".into(), "children".into()],
            license: Some("CC-BY-4.0".into()),
            url: Some("https://example.org/reports/gallery".into()),
            doi: Some("10.5555/12345678".into()),
            banner: Some("All data in this report are synthetic.".into()),
            edition: "Public edition".into(),
            digest,
            digest_grouped: digest.grouped(),
            us_letter: false,
            generator: "casefile 0.1.0".into(),
            citation:
                "Synthetic Desk (2026): Who is shown an ad with a child in it?, version 1.0.0."
                    .into(),
            meta_tags: meta_tags(&record),
            json_ld: json_ld(&record),
            record,
        },
        sections: vec![
            section(
                "summary",
                "Summary",
                vec![
                    Block::Finding(Box::new(finding(1, "men", statement, Some(small)))),
                    Block::Finding(Box::new(finding(2, "hostile", text(HOSTILE), None))),
                ],
            ),
            section("text", "Text", running_text()),
            section(
                "figures",
                "Figures",
                charts.into_iter().map(Block::Figure).collect(),
            ),
            section(
                "hard-cases",
                "Hard cases",
                hard_charts().into_iter().map(Block::Figure).collect(),
            ),
            section(
                "tables",
                "Tables",
                vec![
                    Block::Table(ads_table("table-ads", 1, 14, 2_986)),
                    Block::Table(Table {
                        rows: vec![],
                        csv: None,
                        cited: None,
                        notes: vec![],
                        ..ads_table("table-empty", 2, 0, 0)
                    }),
                    Block::Table(ads_table("table-every-ad", 3, 400, 0)),
                ],
            ),
            section(
                "limits",
                "Limits",
                vec![Block::Paragraph {
                    text: text("One platform, two accounts, one fortnight."),
                }],
            ),
            section("references", "References", vec![references()]),
            section(
                "evidence",
                "Evidence",
                vec![Block::Paragraph { text: text(LONG) }],
            ),
        ],
        provenance: vec![
            provenance(
                "share/item/pooled",
                "Share of impressions shown to men, item alone",
                "0.4413 (0.4302–0.4525), 3,402 of 7,709",
                false,
            ),
            provenance(
                "share/child/pooled",
                "Share of impressions shown to men, photo with the child",
                "0.8812 (0.8710–0.8907), 18,402 of 20,883",
                false,
            ),
            provenance("count/ads", "Number of ads", "24", false),
            provenance("contacts/child", HOSTILE, "61", true),
        ],
        labels: labels(),
    }
}

/// Strings that are awkward in every field of the record, and no block at all.
/// What a page and its head say of these: nobody, or two authors of whom one is hostile.
fn cited(title: &str, authors: Vec<Author>) -> Record {
    Record {
        title: title.into(),
        publisher: (!authors.is_empty()).then(|| "Synthetic Desk".into()),
        authors,
        ..crate::cite::common::record()
    }
}

pub fn bare() -> Document {
    let demo = demo();
    let record = cited(HOSTILE, vec![]);
    Document {
        meta: DocumentMeta {
            meta_tags: meta_tags(&record),
            json_ld: json_ld(&record),
            record,
            title: LONG.into(),
            answer: text(HOSTILE),
            publisher: None,
            authors: vec![],
            keywords: vec![],
            license: None,
            url: None,
            doi: None,
            banner: None,
            ..demo.meta
        },
        sections: vec![],
        provenance: vec![],
        labels: demo.labels,
    }
}
