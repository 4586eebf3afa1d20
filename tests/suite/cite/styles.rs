//! Printed citations.

use super::common::{nasty, person, record};
use casefile::cite::{Author, Kind, Style, formatted};

const DIGEST: &str = "SHA-256 ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e.";

#[test]
fn a_report_in_each_style() {
    let mut record = record();
    record.authors = vec![
        person("Roe", "Jane Ann"),
        person("van der Berg", "Jan"),
        Author::literal("Sample Desk"),
    ];
    let expected = [
        (
            Style::Apa,
            "Roe, J. A., van der Berg, J., & Sample Desk. (2026). Who is shown ads for children's jewellery? (Version 1.0.0) [Report]. Example Newsroom. https://example.org/reports/jewellery.",
        ),
        (
            Style::ChicagoAuthorDate,
            "Roe, Jane Ann, Jan van der Berg, and Sample Desk. 2026. Who Is Shown Ads for Children's Jewellery? Report. Version 1.0.0. Example Newsroom. https://example.org/reports/jewellery.",
        ),
        (
            Style::Mla,
            "Roe, Jane Ann, et al. Who Is Shown Ads for Children's Jewellery? Report. Version 1.0.0, Example Newsroom, 23 Nov. 2026, https://example.org/reports/jewellery.",
        ),
        (
            Style::Harvard,
            "Roe, J.A., van der Berg, J. and Sample Desk (2026) Who is shown ads for children's jewellery? Report. Example Newsroom. Available at: https://example.org/reports/jewellery. Version 1.0.0.",
        ),
        (
            Style::Ieee,
            "J. A. Roe, J. van der Berg, and Sample Desk, “Who is shown ads for children's jewellery?,” Example Newsroom, Report, Nov. 2026. [Online]. Available: https://example.org/reports/jewellery. Version 1.0.0.",
        ),
        (
            Style::Vancouver,
            "Roe JA, van der Berg J, Sample Desk. Who is shown ads for children's jewellery? [Report] [Internet]. Example Newsroom; 2026 Nov. Available from: https://example.org/reports/jewellery. Version 1.0.0.",
        ),
    ];
    for (style, text) in expected {
        assert_eq!(
            formatted(&record, None, style),
            format!("{text} {DIGEST}"),
            "{}",
            style.name()
        );
    }
}

#[test]
fn a_finding_is_cited_in_its_report() {
    let record = record();
    let part = record.part("Finding 1").expect("it has one");
    assert_eq!(
        formatted(&record, Some(part), Style::Apa),
        "Sample Desk. (2026). Finding 1: 81 % of the people reached were men. In Who is shown ads for children's jewellery? (Version 1.0.0). Example Newsroom. https://example.org/reports/jewellery#finding-mostly-men. SHA-256 b697492699b63b0bd422ceaa94c80769ba2545ef801914ce544a3ac8b223f7f2."
    );
    for style in Style::ALL {
        for part in &record.parts {
            let text = formatted(&record, Some(part), style);
            assert!(
                text.to_lowercase().contains(&part.label.to_lowercase()),
                "{text}"
            );
            assert!(
                text.to_lowercase().contains("children's jewellery?"),
                "{text}"
            );
            assert!(
                text.contains(&format!("#{}", part.anchor))
                    && text.contains(&part.digest.to_string()),
                "{text}"
            );
        }
    }
}

#[test]
fn a_finding_that_is_a_sentence_does_not_end_twice() {
    let record = record();
    let part = record.part("Finding 1").expect("it has one");
    let mut sentence = part.clone();
    sentence.title.push('.');
    for style in Style::ALL {
        let text = formatted(&record, Some(&sentence), style);
        assert_eq!(text, formatted(&record, Some(part), style));
        assert!(!text.contains(".."), "{text}");
    }
}

#[test]
fn every_style_says_who_when_what_version_and_which_bytes() {
    let mut many = record();
    many.authors = (0..30)
        .map(|i| person(&format!("Family{i}"), "Given"))
        .collect();
    let mut nobody = record();
    nobody.authors = Vec::new();
    let mut data = record();
    data.kind = Kind::Dataset;
    data.doi = Some("10.5281/zenodo.1234567".into());
    for style in Style::ALL {
        for (record, who) in [
            (&many, "Family0"),
            (&nobody, "Example Newsroom"),
            (&data, "Sample Desk"),
            (&nasty(), "Müller & Söhne, Inc. and Partners"),
        ] {
            let text = formatted(record, None, style);
            let lower = text.to_lowercase();
            assert!(
                text.starts_with(who) || text.contains(&format!(" {who}")),
                "{text}"
            );
            assert!(text.contains("2026") && text.ends_with(DIGEST), "{text}");
            assert!(
                lower.contains(&format!("version {}", record.version)),
                "{text}"
            );
            assert!(
                lower.contains(&record.publisher.clone().unwrap_or_default().to_lowercase()),
                "{text}"
            );
            assert!(
                text.contains("example.org/") || text.contains("10.5281/zenodo."),
                "{text}"
            );
            assert!(
                !text.contains('\n') && !text.contains('\u{202E}') && !text.contains("  "),
                "{text}"
            );
            assert_eq!(
                text.matches("Example Newsroom").count(),
                usize::from(record.publisher.as_deref() == Some("Example Newsroom")),
                "{text}"
            );
        }
        assert_eq!(Style::parse(style.name()), Some(style));
    }
}

#[test]
fn a_version_is_not_stated_by_a_longer_one() {
    let mut record = record();
    record.version = "1.0".into();
    record.title = "About version 1.0.1".into();
    assert!(formatted(&record, None, Style::Harvard).contains(" Version 1.0. SHA-256"));
}
