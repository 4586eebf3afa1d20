//! What each format says, to the character.

use super::common::{nasty, parts, person, record};
use casefile::cite::{
    Author, Format, Record, check, is_doi, is_orcid, is_web_address, json_ld, meta_tags,
    record as stored,
};

fn written(format: Format, record: &Record) -> String {
    format.write(record, None).expect("a record has every form")
}

#[test]
fn cff_of_a_plain_report() {
    assert_eq!(
        written(Format::Cff, &record()),
        r#"cff-version: "1.2.0"
message: "If you use this report, please cite it as below."
type: dataset
title: "Who is shown ads for children's jewellery?"
authors:
  - name: "Sample Desk"
version: "1.0.0"
date-released: "2026-11-23"
url: "https://example.org/reports/jewellery"
license: "CC-BY-4.0"
keywords:
  - "ad delivery"
  - "audit"
abstract: "Four in five people reached were men."
identifiers:
  - type: other
    value: "sha256:ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e"
    description: "SHA-256 over evidence, case and statistics"
"#
    );
}

#[test]
fn bibtex_of_a_plain_report() {
    assert_eq!(
        written(Format::Bibtex, &record()),
        r#"@techreport{child-jewellery-ads-1.0.0,
  title        = {{Who is shown ads for children's jewellery?}},
  author       = {{Sample Desk}},
  institution  = {Example Newsroom},
  type         = {Report},
  number       = {Version 1.0.0},
  year         = {2026},
  month        = nov,
  url          = {https://example.org/reports/jewellery},
  note         = {SHA-256 ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e},
  langid       = {english},
  copyright    = {CC-BY-4.0},
  keywords     = {ad delivery, audit},
  abstract     = {Four in five people reached were men.},
}
"#
    );
}

#[test]
fn ris_of_a_figure_names_the_report_that_holds_it() {
    let record = record();
    let figure = record.part("Figure 3").expect("by its label");
    assert_eq!(
        Format::Ris.write(&record, Some(figure)).expect("a part has this form"),
        "TY  - FIGURE
ID  - child-jewellery-ads-1.0.0-figure-share
TI  - Figure 3: Share of men by ad
T2  - Who is shown ads for children's jewellery?
AU  - Sample Desk
PY  - 2026
DA  - 2026/11/23
PB  - Example Newsroom
ET  - Version 1.0.0
UR  - https://example.org/reports/jewellery#figure-share
AN  - sha256:c3ecc1e94aa49538192aa2b478f7ceea7a275c10d8aa550441bba61fb1c88bce
KW  - ad delivery
KW  - audit
N1  - SHA-256 c3ecc1e94aa49538192aa2b478f7ceea7a275c10d8aa550441bba61fb1c88bce (charts/figure-share.svg)
N1  - Licence: CC-BY-4.0
LA  - en
ER  - 
"
    );
}

#[test]
fn no_value_breaks_out_of_its_line() {
    let ris = written(Format::Ris, &nasty());
    assert_eq!(
        ris.lines()
            .filter(|line| line.starts_with("TY  - "))
            .count(),
        1
    );
    assert_eq!(
        ris.lines()
            .filter(|line| line.starts_with("ER  - "))
            .count(),
        1
    );
    let bibtex = written(Format::Bibtex, &nasty());
    assert_eq!(
        bibtex.lines().filter(|line| line.starts_with('@')).count(),
        1
    );
    assert_eq!(bibtex.matches('{').count(), bibtex.matches('}').count());
    assert!(bibtex.contains(r#"- "50 \% off" \& \{more\} \textbackslash{}textbf\{x\} \#1 \$y\_2 \textasciitilde{}\textasciicircum{} \textless{}b\textgreater{}"#), "{bibtex}");
    assert!(bibtex.contains(r#"{null: "true" \textbackslash{} \textbraceleft{}}"#));
    assert!(!bibtex.contains('\u{202E}'));
    let cff = written(Format::Cff, &nasty());
    assert!(
        cff.contains("version: \"1e3\"\n")
            && cff.contains("  - \"no\"\n")
            && cff.contains("url: \"https://example.org/a%20b%7Bc%7D?x=%20&y=%22z%22#old\"\n")
    );
    assert_eq!(
        cff.matches("- \"no\"").count(),
        1,
        "no keyword stands twice"
    );
}

#[test]
fn json_ld_cannot_end_the_script_that_holds_it() {
    let text = json_ld(&nasty());
    for bad in ["<", ">", "&", "\u{2028}", "\u{2029}"] {
        assert!(!text.contains(bad), "{bad:?}");
    }
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(
        value["@graph"][0]["name"]
            .as_str()
            .expect("a name")
            .contains("</script><!--")
    );
    assert_eq!(
        value["@graph"][0]["isBasedOn"]["@id"],
        value["@graph"][1]["@id"]
    );
    assert_eq!(
        value["@graph"][0]["hasPart"]
            .as_array()
            .expect("parts")
            .len(),
        3
    );
}

#[test]
fn what_is_not_stated_is_not_written() {
    let mut bare = record();
    bare.authors = Vec::new();
    (
        bare.publisher,
        bare.url,
        bare.license,
        bare.abstract_,
        bare.digest,
    ) = (None, None, None, None, None);
    bare.keywords = Vec::new();
    bare.parts = Vec::new();
    assert_eq!(
        written(Format::Cff, &bare),
        "cff-version: \"1.2.0\"\nmessage: \"If you use this report, please cite it as below.\"\ntype: dataset\ntitle: \"Who is shown ads for children's jewellery?\"\nauthors:\n  - name: \"Anonymous\"\nversion: \"1.0.0\"\ndate-released: \"2026-11-23\"\n"
    );
    assert_eq!(
        written(Format::Bibtex, &bare),
        "@misc{child-jewellery-ads-1.0.0,\n  title        = {{Who is shown ads for children's jewellery?}},\n  howpublished = {Report, version 1.0.0},\n  year         = {2026},\n  month        = nov,\n  langid       = {english},\n}\n"
    );
    let datacite: serde_json::Value =
        serde_json::from_str(&written(Format::Datacite, &bare)).expect("JSON");
    assert_eq!(datacite["creators"][0]["name"], ":unav");
    assert_eq!(datacite["publisher"]["name"], ":unav");
    assert!(datacite.get("doi").is_none() && datacite.get("url").is_none());
}

#[test]
fn identifiers_that_do_not_resolve_are_reported_and_left_out() {
    let mut wrong = record();
    wrong.doi = Some("https://doi.org/10.1/x".into());
    wrong.url = Some("javascript:alert(1)".into());
    wrong.authors[0].orcid = Some("0000-0002-1825-0098".into());
    let error = check(&wrong, "case.toml").expect_err("three problems");
    let codes: Vec<&str> = error.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["cite-doi", "cite-url", "cite-orcid"]);
    for format in Format::ALL {
        let text = written(format, &wrong);
        assert!(
            !text.contains("javascript") && !text.contains("0098") && !text.contains("10.1/x"),
            "{text}"
        );
    }
}

#[test]
fn identifiers_are_told_from_what_looks_like_them() {
    assert!(
        is_doi("10.5281/zenodo.1234567")
            && !is_doi("10.52/x")
            && !is_doi("10.5281/")
            && !is_doi("10.5281/a b")
    );
    assert!(
        is_orcid("0000-0002-1825-0097")
            && is_orcid("0000-0001-5109-3700")
            && is_orcid("0000-0002-1694-233X")
    );
    assert!(
        !is_orcid("0000-0002-1825-0096")
            && !is_orcid("0000000218250097")
            && !is_orcid("é000-0002-1825-009")
    );
    assert!(
        is_web_address("https://example.org/a#b")
            && !is_web_address("https://")
            && !is_web_address("ftp://x.org")
            && !is_web_address("https://a b")
    );
}

#[test]
fn a_name_is_divided_only_where_the_case_divides_it() {
    let name =
        |name: &str, orcid: Option<&str>| Author::new(name, None, None, orcid, None).inverted();
    let orcid = Some("0000-0002-1825-0097");
    assert_eq!(
        person("López García", "Ana").inverted(),
        "López García, Ana"
    );
    for undivided in ["Sample Desk", "Nguyen Van An", "Acme, Inc.", "A, B, C"] {
        assert_eq!(
            Author::literal(undivided).literal.as_deref(),
            Some(undivided)
        );
    }
    assert_eq!(
        Author::new("Doe, Jane", None, None, orcid, None)
            .family
            .as_deref(),
        Some("Doe")
    );
    assert_eq!(
        Author::new("Jane Doe", None, None, orcid, None).family,
        None
    );
    assert_eq!(name("Doe, Jane, Dr", orcid), "Doe, Jane, Dr");
    assert!(
        Author::new("Jane Doe", None, None, orcid, None).is_person()
            && !Author::literal("Jane Doe").is_person()
    );
}

#[test]
fn meta_tags_for_zotero_and_dublin_core() {
    let mut record = record();
    record.authors = vec![Author::new(
        "",
        Some("Jane"),
        Some("Roe"),
        Some("0000-0002-1825-0097"),
        Some("Example Lab"),
    )];
    let tags = meta_tags(&record);
    let at = |name: &str| {
        tags.iter()
            .position(|(tag, _)| *tag == name)
            .expect("the tag stands")
    };
    assert_eq!(tags[at("citation_publication_date")].1, "2026/11/23");
    assert_eq!(tags[at("citation_author")].1, "Roe, Jane");
    assert_eq!(at("citation_author_institution"), at("citation_author") + 1);
    assert_eq!(
        tags[at("DC.identifier")].1,
        "sha256:ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e"
    );
}

#[test]
fn parts_are_found_by_anchor_label_and_id() {
    let record = record();
    for name in [
        "Finding 1",
        "finding 1",
        "finding-1",
        "mostly-men",
        "#finding-mostly-men",
    ] {
        assert_eq!(record.part(name).expect(name), &parts()[0]);
    }
    let error = record.part("figure 9").expect_err("there is none");
    assert_eq!(error.problems[0].code, "cite-part");
    assert_eq!(
        error.problems[0].hint.as_deref(),
        Some(
            "it has: finding-mostly-men (Finding 1), figure-share (Figure 3), table-ads (Table 2)"
        )
    );
    assert_eq!(
        Format::Cff
            .write(&record, Some(&parts()[0]))
            .expect_err("whole only")
            .problems[0]
            .code,
        "cite-whole-only"
    );
}

#[test]
fn a_record_of_another_form_is_refused_with_its_line() {
    let text = stored::write(&record());
    let other = text.replace("\"casefile-record\": 1", "\"casefile-record\": 2");
    assert_eq!(
        stored::read(other.as_bytes()).expect_err("form 2").problems[0].code,
        "cite-record"
    );
    let broken = text.replace(
        "\"version\": \"1.0.0\",\n    \"id\"",
        "\"version\": 1,\n    \"id\"",
    );
    assert!(
        stored::read(broken.as_bytes())
            .expect_err("a number")
            .problems[0]
            .line
            .is_some()
    );
}
