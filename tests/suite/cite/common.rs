//! Records for the tests.

use casefile::cite::{Author, Kind, Part, PartKind, Program, Record, Supersedes};
use casefile::digest::Sha256;
use jiff::civil::date;

pub fn record() -> Record {
    Record {
        kind: Kind::Report,
        title: "Who is shown ads for children's jewellery?".into(),
        subtitle: None,
        authors: vec![Author::literal("Sample Desk")],
        publisher: Some("Example Newsroom".into()),
        date: date(2026, 11, 23),
        version: "1.0.0".into(),
        id: "child-jewellery-ads".into(),
        digest: Some(Sha256::of(b"evidence")),
        url: Some("https://example.org/reports/jewellery".into()),
        doi: None,
        license: Some("CC-BY-4.0".into()),
        keywords: vec!["ad delivery".into(), "audit".into()],
        language: "en".into(),
        abstract_: Some("Four in five people reached were men.".into()),
        supersedes: None,
        parts: parts(),
        program: Program {
            name: "casefile".into(),
            version: "0.1.0".into(),
        },
    }
}

pub fn parts() -> Vec<Part> {
    let part = |kind, id: &str, label: &str, title: &str, anchor: &str, file: Option<&str>| Part {
        kind,
        id: id.into(),
        label: label.into(),
        title: title.into(),
        anchor: anchor.into(),
        digest: Sha256::of(anchor.as_bytes()),
        file: file.map(str::to_owned),
    };
    vec![
        part(
            PartKind::Finding,
            "mostly-men",
            "Finding 1",
            "81 % of the people reached were men",
            "finding-mostly-men",
            None,
        ),
        part(
            PartKind::Figure,
            "figure-share",
            "Figure 3",
            "Share of men by ad",
            "figure-share",
            Some("charts/figure-share.svg"),
        ),
        part(
            PartKind::Table,
            "table-ads",
            "Table 2",
            "Ads of the test",
            "table-ads",
            Some("tables/table-ads.csv"),
        ),
    ]
}

pub fn person(family: &str, given: &str) -> Author {
    Author::new("", Some(given), Some(family), None, None)
}

/// A record whose texts try to break out of every format.
pub fn nasty() -> Record {
    let mut record = record();
    record.title = "- \"50 % off\" & {more} \\textbf{x} #1 $y_2 ~^ <b>\u{1F48D}</b> خاتم: one\ntwo\u{202E}@key, yes 1e3 | 'q' --- </script><!--".into();
    record.subtitle = Some("yes".into());
    record.version = "1e3".into();
    record.authors = vec![
        Author::new(
            "Müller & Söhne, Inc. and Partners",
            None,
            None,
            None,
            Some("A \"B\" C"),
        ),
        Author::new(
            "O'Neil, Anne-Marie",
            None,
            None,
            Some("0000-0002-1825-0097"),
            Some("Univ. of {X}"),
        ),
        person("van der Berg", "J. R."),
    ];
    record.publisher = Some("null: \"true\" \\ {".into());
    record.keywords = vec![
        "a, b".into(),
        "no".into(),
        "no".into(),
        "".into(),
        "TY  - X\nER  - ".into(),
    ];
    record.abstract_ = Some("line one\n\n  - line: two\nTY  - JOUR\n@misc{x}".into());
    record.doi = Some("10.5281/zenodo.1_2(3)".into());
    record.url = Some("https://example.org/a b{c}?x=%20&y=\"z\"#old".into());
    record.license = Some("MIT OR Apache-2.0".into());
    record.supersedes = Some(Supersedes {
        digest: Sha256::of(b"old"),
        correction: Some("A count was wrong".into()),
    });
    record
}
