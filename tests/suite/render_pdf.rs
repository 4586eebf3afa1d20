//! The PDF: what it says, that it is the same every time, and that nothing in a document breaks it.
//! Conformance to PDF/A-3a and PDF/UA-1 is enforced by typst's export and checked again by veraPDF
//! in CI; see `src/render/PDF-STANDARDS.md`.

use crate::gallery;
use casefile::digest::Sha256;
use casefile::document::{Align, Block, Cell, Chart, Column, Document, Inline, Section};
use casefile::render::pdf::{Attachment, pdf};
use std::collections::BTreeMap;

const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 200\" font-family=\"&apos;Source Sans 3&apos;\">\
    <circle cx=\"300\" cy=\"60\" r=\"9\" fill=\"#0072B2\"/><text x=\"10\" y=\"60\" font-size=\"14\">TEXT</text></svg>";

fn picture(text: &str) -> String {
    PICTURE.replace(
        "TEXT",
        &text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
    )
}

fn charts(document: &Document) -> BTreeMap<String, String> {
    let chart = |chart: &Chart| (chart.id.clone(), picture("photo with the child"));
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    blocks
        .filter_map(|block| match block {
            Block::Figure(figure) => Some(chart(figure)),
            Block::Finding(finding) => finding.chart.as_ref().map(chart),
            _ => None,
        })
        .collect()
}

fn printed(document: &Document) -> Vec<u8> {
    pdf(document, &charts(document), &[]).unwrap_or_else(|error| panic!("{error}"))
}

/// A document with these blocks only.
fn with(blocks: Vec<Block>) -> Document {
    let section = Section {
        id: "section".into(),
        title: "Section".into(),
        blocks,
    };
    Document {
        sections: vec![section],
        provenance: gallery::demo().provenance,
        ..gallery::bare()
    }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph {
        text: gallery::text(text),
    }
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

fn problem(
    document: &Document,
    charts: &BTreeMap<String, String>,
    attachments: &[Attachment],
) -> (&'static str, String) {
    let error = pdf(document, charts, attachments).expect_err("this must not print");
    (error.problems[0].code, error.to_string())
}

#[test]
fn every_block_prints_and_the_file_claims_both_standards() {
    let bytes = printed(&gallery::demo());
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for claim in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert!(contains(&bytes, claim), "{claim} is not claimed");
    }
    assert!(
        contains(&bytes, "2026-11-23T00:00:00"),
        "the date is the document's"
    );
    assert!(contains(&bytes, "/Title"), "a title");
}

#[test]
fn the_same_document_is_the_same_file() {
    let demo = gallery::demo();
    let first = Sha256::of(&printed(&demo));
    assert_eq!(first, Sha256::of(&printed(&demo)));
    let in_another_thread = std::thread::spawn(move || Sha256::of(&printed(&demo))).join();
    assert_eq!(first, in_another_thread.expect("the thread ends"));
}

#[test]
fn another_version_has_another_identifier() {
    let first = gallery::bare();
    let mut second = gallery::bare();
    second.meta.version = "1.0.1".into();
    let identifier = |bytes: &[u8]| {
        let start = bytes
            .windows(4)
            .rposition(|window| window == b"/ID ")
            .or_else(|| bytes.windows(4).rposition(|window| window == b"/ID["));
        bytes[start.expect("an identifier")..][..60].to_vec()
    };
    assert_ne!(identifier(&printed(&first)), identifier(&printed(&second)));
}

#[test]
fn a_document_without_sections_prints() {
    printed(&gallery::bare());
}

#[test]
fn paper_is_a4_or_us_letter() {
    let mut document = gallery::bare();
    assert!(
        contains(&printed(&document), "/MediaBox[0 0 595.2756"),
        "A4"
    );
    document.meta.us_letter = true;
    assert!(
        contains(&printed(&document), "/MediaBox[0 0 612 792]"),
        "Letter"
    );
}

#[test]
fn no_character_breaks_the_file() {
    let everything: String = (0..0x2FFFFu32)
        .step_by(7)
        .chain(0..0x3100)
        .filter_map(char::from_u32)
        .collect();
    let characters: Vec<char> = everything.chars().collect();
    let blocks = characters.chunks(400).map(|line| {
        let line: String = line.iter().collect();
        let strong = Inline::Strong {
            text: vec![Inline::Emphasis {
                text: gallery::text(&line),
            }],
        };
        Block::Paragraph {
            text: vec![
                Inline::text(line.clone()),
                strong,
                Inline::Code { text: line },
            ],
        }
    });
    printed(&with(blocks.collect()));
}

#[test]
fn marks_that_no_font_can_set_on_their_base_do_not_break_the_file() {
    for text in [
        "a\u{64B}b",
        "\u{301}",
        "银\u{301}",
        "x\u{323}\u{301}\u{5B0}",
        "👩\u{200D}👧 ❤\u{FE0F}",
        "\u{1100}\u{1161}",
        "क्\u{200D}ष",
    ] {
        printed(&with(vec![
            paragraph(text),
            Block::Quote {
                text: gallery::text(text),
                source: vec![],
            },
        ]));
    }
}

#[test]
fn text_of_pictures_in_any_script_does_not_break_the_file() {
    let chart = gallery::charts().remove(0);
    for text in [
        gallery::HOSTILE,
        gallery::ARABIC,
        gallery::CHINESE,
        "item إعلان 2 银",
        "fi ffi x\u{323}\u{301}",
        "😀",
        "한국어 שלום नमस्ते",
    ] {
        let visible: String = text.chars().filter(|c| !c.is_control()).collect();
        let charts = BTreeMap::from([(chart.id.clone(), picture(&visible))]);
        pdf(&with(vec![Block::Figure(chart.clone())]), &charts, &[])
            .unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn pictures_of_any_shape_print() {
    let chart = gallery::charts().remove(0);
    for shape in ["0 0 10 4000", "0 0 4000 10", "0 0 1 1"] {
        let charts = BTreeMap::from([(chart.id.clone(), PICTURE.replace("0 0 640 200", shape))]);
        pdf(&with(vec![Block::Figure(chart.clone())]), &charts, &[])
            .unwrap_or_else(|error| panic!("{shape}: {error}"));
    }
}

#[test]
fn tables_of_any_shape_print() {
    let plain = gallery::ads_table("table", 1, 3, 0);
    let mut wide = gallery::ads_table("wide", 2, 30, 0);
    for number in 0..12 {
        wide.columns.push(Column {
            label: format!("Column {number}"),
            unit: Some("impressions".into()),
            align: Align::End,
        });
        wide.rows.iter_mut().for_each(|row| {
            row.push(Cell {
                text: "12,345.6".into(),
                ..Cell::default()
            })
        });
    }
    let mut ragged = plain.clone();
    ragged.id = "ragged".into();
    ragged.rows[0].truncate(1);
    ragged.rows[1][0].text = "x".repeat(3_000);
    let mut none = plain.clone();
    none.id = "none".into();
    none.columns.clear();
    none.rows.clear();
    printed(&with([plain, wide, ragged, none].map(Block::Table).into()));
}

#[test]
fn anchors_that_are_missing_or_double_do_not_break_the_file() {
    let table = gallery::ads_table("table", 1, 3, 0);
    let to = |to: &str| Inline::Link {
        text: gallery::text("there"),
        to: to.into(),
    };
    let links = Block::Paragraph {
        text: vec![
            to("#nowhere"),
            to("#table"),
            to("#"),
            to(""),
            to("javascript:alert(1)"),
        ],
    };
    let bytes = printed(&with(vec![
        Block::Table(table.clone()),
        Block::Table(table),
        links,
    ]));
    assert!(
        !contains(&bytes, "javascript"),
        "only addresses and anchors are links"
    );
}

#[test]
fn text_is_never_markup() {
    let markup = "#panic() *strong* $x$ @label <label> #include \"/document.json\" `raw` = heading // comment \\ //";
    let mut document = with(vec![
        paragraph(markup),
        Block::Code {
            text: markup.into(),
            label: markup.into(),
        },
    ]);
    document.meta.title = markup.into();
    document.meta.banner = Some(markup.into());
    document.sections[0].title = markup.into();
    printed(&document);
}

#[test]
fn attachments_are_carried_with_type_and_description() {
    let csv = Attachment {
        name: "tables/table-ads.csv".into(),
        media_type: "text/csv".into(),
        description: "Every ad".into(),
        bytes: b"ad,men\n1,0.5\n".to_vec(),
    };
    let bytes = pdf(
        &gallery::bare(),
        &BTreeMap::new(),
        std::slice::from_ref(&csv),
    )
    .unwrap_or_else(|error| panic!("{error}"));
    assert!(contains(&bytes, "/AFRelationship"), "a relationship");
    assert!(contains(&bytes, "(Every ad)"), "a description");
    let (code, _) = problem(
        &gallery::bare(),
        &BTreeMap::new(),
        &[csv.clone(), csv.clone()],
    );
    assert_eq!(code, "pdf-failed", "the same name twice");
    let outside = Attachment {
        name: "../../etc/passwd".into(),
        ..csv
    };
    assert_eq!(
        problem(&gallery::bare(), &BTreeMap::new(), &[outside]).0,
        "pdf-failed"
    );
}

#[test]
fn what_cannot_be_printed_is_named() {
    let demo = gallery::demo();
    let (code, message) = problem(&demo, &BTreeMap::new(), &[]);
    assert_eq!(code, "pdf-chart-missing");
    assert!(message.contains("figure-dots"), "{message}");

    let mut document = gallery::bare();
    document.meta.date = "2026-02-30".into();
    document.meta.language = "english".into();
    let (_, message) = problem(&document, &BTreeMap::new(), &[]);
    assert!(
        message.contains("pdf-date") && message.contains("pdf-language"),
        "both at once: {message}"
    );

    let skipping = with(vec![Block::Heading {
        level: 4,
        id: "deep".into(),
        text: gallery::text("Too deep"),
    }]);
    assert!(
        problem(&skipping, &BTreeMap::new(), &[])
            .1
            .contains("heading"),
        "a skipped level of heading"
    );
}
