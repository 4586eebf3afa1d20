//! `references.bib` and the citations of the texts: read, refused, printed, linked, bundled.

use crate::support::{CaseBuilder, codes, sample};
use casefile::bundle::Edition;
use casefile::cite::references::Library;
use casefile::digest::Sha256;
use casefile::document::{Block, CitedWork, Document, Inline, Material, document, plain};
use casefile::findings::stray_numbers;
use casefile::render::html::html;
use casefile::verify::Outcome;

const BIB: &str = "@article{ali2019,
  author = {Ali, Muhammad and Sapiezynski, Piotr and Bogen, Miranda},
  title = {Discrimination through optimization},
  journaltitle = {Proceedings},
  date = {2019},
  doi = {https://doi.org/10.1145/3359301},
}

@book{sample1999,
  author = {Sample, Ada},
  title = {A work that there is not},
  subtitle = {Written for tests},
  publisher = {Example Press},
  date = {1999},
  url = {https://example.org/work?a=1&b=2},
}
";

/// A small case whose narrative is `text`, beside the two works above.
fn citing(text: &str) -> CaseBuilder {
    let report = format!("Of men: {{{{ share('a').pooled }}}}. {text}\n");
    CaseBuilder::two_arms()
        .file("references.bib", BIB)
        .report(&report)
}

fn references(document: &Document) -> &[CitedWork] {
    document
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .find_map(|block| match block {
            Block::References { items } => Some(items.as_slice()),
            _ => None,
        })
        .unwrap_or_default()
}

/// The report of a case, before it is set.
fn compose(case: &CaseBuilder) -> Document {
    let case = case.case();
    let prepared = casefile::prepare(&case).unwrap_or_else(|error| panic!("{error}"));
    document(&Material {
        corrections: None,
        case: &case,
        evidence: &prepared.evidence,
        cube: &prepared.cube,
        findings: &prepared.findings,
        public: true,
        digest: Sha256::of(b"a test"),
        bundle: "small-1.0.0.zip".into(),
    })
    .unwrap_or_else(|error| panic!("{error}"))
}

/// The narrative as a reader sees it.
fn narrative(document: &Document) -> String {
    let section = document
        .sections
        .iter()
        .find(|section| section.id == "report");
    section
        .into_iter()
        .flat_map(|section| &section.blocks)
        .map(|block| match block {
            Block::Paragraph { text } => plain(text),
            _ => String::new(),
        })
        .collect()
}

fn page(case: &CaseBuilder) -> String {
    String::from_utf8(html(&compose(case)).unwrap()).unwrap()
}

#[test]
fn a_citation_prints_in_the_style_of_the_case_and_the_work_once_in_the_list() {
    for (style, citation, entry) in [
        (
            "",
            "(Ali et al., 2019; see Sample, 1999, p. 12)",
            "Sample, A. (1999). A work that there is not: Written for tests. Example Press. https://example.org/work?a=1&b=2",
        ),
        (
            "chicago-author-date",
            "(Ali et al. 2019; see Sample 1999, 12)",
            "Sample, Ada. 1999. A Work That There Is Not: Written for Tests. Example Press. https://example.org/work?a=1&b=2.",
        ),
        (
            "ieee",
            "[1], see [2, p. 12]",
            "[2] A. Sample, A work that there is not: Written for tests. Example Press, 1999. [Online]. Available: https://example.org/work?a=1&b=2",
        ),
        (
            "vancouver",
            "(1, see 2, p. 12)",
            "2. Sample A. A work that there is not: Written for tests [Internet]. Example Press; 1999. Available from: https://example.org/work?a=1&b=2",
        ),
    ] {
        let mut case =
            citing("So it was [@ali2019; see @sample1999, p. 12], as before [@ali2019].");
        if !style.is_empty() {
            case = case.replace(
                "date = 2025-01-31\n",
                &format!("date = 2025-01-31\nreferences_style = \"{style}\"\n"),
            );
        }
        let document = compose(&case);
        let told = narrative(&document);
        assert!(told.contains(citation), "{style}: {told}");
        let works = references(&document);
        assert_eq!(works.len(), 2, "{style}");
        let printed: Vec<String> = works.iter().map(|work| plain(&work.text)).collect();
        assert!(
            printed.iter().any(|text| text == entry),
            "{style}: {printed:#?}"
        );
    }
}

#[test]
fn an_unknown_key_is_refused_with_its_place_and_the_nearest_key() {
    assert_eq!(
        citing("So it was [see @ali2109].").only_problem(),
        "report.md:1:49: narrative: no work in references.bib has this key: `ali2109` [unknown-reference]\n  hint: did you mean @ali2019?"
    );
    let problem = CaseBuilder::two_arms()
        .report("Of men: {{ share('a').pooled }} [@anybody].")
        .only_problem();
    assert!(
        problem.contains("there is no work in references.bib beside case.toml"),
        "{problem}"
    );
}

#[test]
fn everything_wrong_with_the_references_is_told_at_once() {
    let problems = citing("One [@nobody-at-all], [@ali2019, 93 percent], in 7 cases.")
        .file("references.bib", "@misc{ali2019, title = {One}, url = {javascript:alert(1)}, doi = {ten}}\n\n@misc{ali2019, title = {Two}}\n@misc{bare, author = {Doe, Jo}, file = {/home/jo/a.pdf}}\n@misc{old, title = {Old}, date = {0093}}\n")
        .problems();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        codes(&problems),
        [
            "reference-twice",
            "reference-private",
            "reference-field",
            "reference-field",
            "reference-field",
            "reference-field",
            "citation",
            "number-typed-by-hand"
        ],
        "{}",
        told.join("\n")
    );
    let places: Vec<_> = problems
        .iter()
        .map(|problem| (problem.subject.as_str(), problem.line))
        .collect();
    assert_eq!(
        places,
        [
            ("references.bib", Some(3)),
            ("references.bib", Some(4)),
            ("references.bib", Some(1)),
            ("references.bib", Some(1)),
            ("references.bib", Some(4)),
            ("references.bib", Some(5)),
            ("report.md", Some(1)),
            ("report.md", Some(1)),
        ]
    );
}

#[test]
fn a_file_that_is_no_bibliography_is_refused_with_its_line() {
    let problem = citing("So [@ali2019].")
        .file("references.bib", "@article{ali2019,\n  title = {Open,\n")
        .only_problem();
    assert!(
        problem.starts_with("references.bib:") && problem.contains("[reference-syntax]"),
        "{problem}"
    );
    let problem = citing("So [@a].")
        .file(
            "references.bib",
            "\n@misc{a, title = {A}, month = nomonth}\n",
        )
        .only_problem();
    assert!(problem.starts_with("references.bib:2:"), "{problem}");
}

#[test]
fn no_number_can_be_typed_through_a_citation() {
    for text in [
        "[@ali2019, 93 percent]",
        "[@ali2019, 93]",
        "[@ali2019, p. 93 percent]",
        "[@ali2019, p. 93%]",
        "[@ali2019, p. 93.5]",
        "[93 percent @ali2019]",
        "[see ½ @ali2019]",
        "[@ali2019 93]",
        "[@ali2019; 93 percent]",
        "[-@ali2019]",
        "[see &#57;3 @ali2019]",
        "[@ali2019, p. &#57;3]",
        "[@ali2019](https://example.org)",
        "`[@ali2019, p. 93]`",
        "\\[@ali2019, p. 93\\]",
        "[@ali2019, p. ９３]",
        "[@{93 percent}]",
        "[@93percent]",
        "[@ali2019, fig. 93 of 100]",
        "{{ '[@ali2019, p. 93]' }}",
        "{{ '[@sample1999, p. ' }}93]",
        "[{{ '@ali2019' }}, p. 93]",
    ] {
        let problems = citing(text).problems();
        assert!(!problems.is_empty(), "{text}");
        assert!(
            problems.iter().all(|problem| [
                "citation",
                "expression",
                "number-typed-by-hand",
                "unknown-reference"
            ]
            .contains(&problem.code)),
            "{text}: {problems:?}"
        );
    }
    // What stands outside the key and the place is prose as before.
    let stray = stray_numbers("[@ali2019, p. 12] in 93 cases");
    assert_eq!(stray.first(), Some(&(21..23)));
    assert_eq!(stray.len(), 1);
}

#[test]
fn a_work_whose_citation_would_print_a_number_is_refused() {
    let bib = "\n@misc{smuggled, title = {93 percent of men}, date = {2019}}\n";
    let problem = citing("So [@smuggled].")
        .file("references.bib", bib)
        .only_problem();
    assert!(
        problem.starts_with("references.bib:2") && problem.contains("[reference-number]"),
        "{problem}"
    );
    let bib = "@misc{law, title = {Regulation (EU) 2022/2065}, author = {{European Union}}, date = {2022}}";
    let document = compose(&citing("So [@law, art. 40(4)].").file("references.bib", bib));
    assert!(
        narrative(&document).contains("(European Union, 2022, Article 40(4))."),
        "{}",
        narrative(&document)
    );
}

#[test]
fn a_work_that_no_text_cites_is_a_notice_and_is_not_printed() {
    let case = citing("So [@ali2019].");
    let prepared = case.prepare();
    let notices: Vec<String> = prepared
        .findings
        .notices
        .iter()
        .filter(|notice| notice.code.starts_with("reference"))
        .map(|notice| {
            format!(
                "{}: {:?}: {}",
                notice.code, notice.locator.row, notice.message
            )
        })
        .collect();
    assert_eq!(
        notices,
        [
            "reference-not-cited: Some(9): no text cites `sample1999`, so it is not in the list of references"
        ]
    );
    assert_eq!(references(&compose(&case)).len(), 1);
}

#[test]
fn a_citation_leads_to_its_work_and_the_work_back_to_each_section() {
    let case = citing("So it was [@ali2019].").toml(
        "[[finding]]\nid = \"one\"\ntext = \"Of men: {{ share('a').pooled }} [@ali2019].\"\ncaveat = \"Others differ [@sample1999].\"\n[[caption]]\nfor = \"figure-share\"\ntext = \"After [@sample1999].\"\n",
    );
    let page = page(&case);
    for part in [
        "<li id=\"ref-ali2019\">",
        "<span id=\"cited-1\">(<a href=\"#ref-ali2019\">Ali et al., 2019</a>)</span>",
        "Cited in: <a href=\"#finding-one\">What was found</a>, <a href=\"#cited-1\">The investigation</a>",
        "<a href=\"#figure-share\">Who was shown the ads</a>",
        "<a href=\"https://doi.org/10.1145/3359301\" rel=\"noopener\">https://doi.org/10.1145/3359301</a>",
        "<a href=\"https://example.org/work?a=1&amp;b=2\" rel=\"noopener\">",
        "<em>A work that there is not: Written for tests</em>",
    ] {
        assert!(page.contains(part), "{part} is not in the page");
    }
    let mut links = page.match_indices("href=\"#").map(|(at, found)| {
        let rest = &page[at + found.len()..];
        rest.split('"').next().unwrap()
    });
    assert!(links.all(|id| page.contains(&format!("id=\"{id}\""))));
}

#[test]
fn the_list_stands_before_the_apparatus() {
    let document = compose(&citing("So [@ali2019]."));
    let ids: Vec<&str> = document
        .sections
        .iter()
        .map(|section| section.id.as_str())
        .collect();
    let at = ids.iter().position(|id| *id == "references").unwrap();
    assert_eq!(ids[at - 1], "method");
    assert!(ids[at + 1..].contains(&"evidence"));
    let without = compose(&CaseBuilder::two_arms());
    assert!(references(&without).is_empty());
}

#[test]
fn two_works_of_one_author_and_year_are_told_apart_always_the_same_way() {
    let bib = "@misc{b, title = {Beta}, author = {Doe, Jo}, date = {2020}}\n@misc{a, title = {Alpha}, author = {Doe, Jo}, date = {2020}}\n@misc{c, title = {Gamma}, author = {Doe, Jo}, date = {2020}}\n";
    let case = citing("One [@b], two [@a], three [@c; @a].").file("references.bib", bib);
    let document = compose(&case);
    let told = narrative(&document);
    for part in ["2020a", "2020b", "2020c"] {
        assert!(told.contains(part), "{told}");
    }
    for _ in 0..5 {
        let again = compose(&case);
        assert_eq!(narrative(&again), told);
        assert_eq!(
            format!("{:?}", references(&again)),
            format!("{:?}", references(&document))
        );
    }
}

#[test]
fn hostile_texts_of_a_work_are_printed_as_text() {
    let bib = "@misc{x, title = {<script>alert(1)</script> \u{202E}{\\textbf{bold}} $x^2$}, author = {{<b>Doe</b>}}, date = {2020}, publisher = {#panic() \\& Co}}\n";
    let case = citing("So [@x].").file("references.bib", bib);
    let page = page(&case);
    assert!(!page.contains("<script>alert"), "a title is markup");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains("<b>Doe"), "a name is markup");
    assert!(!page.contains('\u{202E}'));
}

#[test]
fn the_bundle_holds_the_bibliography_and_its_digest() {
    let built = citing("So [@ali2019].").build(Edition::Full);
    let held = built.artifacts.get("case/references.bib").unwrap();
    assert_eq!(held.bytes, BIB.as_bytes());
    let digests =
        String::from_utf8(built.artifacts.get("digests.txt").unwrap().bytes.clone()).unwrap();
    let line = format!("{}  references.bib\n", Sha256::of(BIB.as_bytes()));
    assert!(digests.contains(&line), "{digests}");
}

#[test]
fn a_full_edition_with_references_is_built_again_from_itself() {
    let built = citing("So [@ali2019], [@sample1999, pp. 3-4].").build(Edition::Full);
    let zip = &built.bundle.bytes;
    let checks = casefile::again::rebuild(&casefile::again::unpack(zip).unwrap(), Some(zip));
    assert_eq!(checks.len(), 2, "{checks:?}");
    assert!(
        checks
            .iter()
            .all(|check| matches!(check.outcome, Outcome::Passed { .. })),
        "{checks:?}"
    );
}

#[test]
fn a_name_that_is_withheld_may_not_stand_in_the_bibliography_either() {
    let case = citing("So [@ali2019], [@q].")
        .evidence(
            "evidence/log.csv",
            "contacts",
            "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,quagga_river\n",
        )
        .file(
            "references.bib",
            format!(
                "{BIB}@misc{{q, title = {{A talk}}, author = {{Quagga_River}}, date = {{2020}}}}\n"
            ),
        );
    let problems = case.problems();
    assert!(
        problems.iter().any(|problem| problem.code == "leak"),
        "{problems:?}"
    );
}

#[test]
fn subtitle_abstract_and_divided_names_reach_page_and_citation_formats() {
    let case = CaseBuilder::two_arms().replace(
        "date = 2025-01-31\n",
        "date = 2025-01-31\nsubtitle = \"A test\"\nabstract = \"Men were {{ share('a').pooled }} of those shown [@ali2019].\"\nauthors = [{ given = \"Ada Maria\", family = \"van Example\" }, { name = \"Sample Desk\" }]\n",
    ).file("references.bib", BIB);
    let built = case.build(Edition::Public);
    let meta = &built.document.meta;
    assert_eq!(meta.authors[0].name, "Ada Maria van Example");
    let summary = meta.record.abstract_.as_deref().unwrap();
    assert!(
        summary.starts_with("Men were 78.6")
            && summary.ends_with(" of those shown (Ali et al., 2019)."),
        "{summary}"
    );
    assert_eq!(
        meta.description,
        format!("{summary} Evidence digest: sha256:{}", meta.digest)
    );
    let text =
        |path: &str| String::from_utf8(built.artifacts.get(path).unwrap().bytes.clone()).unwrap();
    assert!(text("report.html").contains("<p class=\"subtitle\" dir=\"auto\">A test</p>"));
    assert!(
        text("citation.bib").contains("{van Example, Ada Maria and {Sample Desk}}"),
        "{}",
        text("citation.bib")
    );
    assert!(text("CITATION.cff").contains("family-names: \"van Example\""));
    let problem = CaseBuilder::two_arms()
        .replace(
            "date = 2025-01-31\n",
            "date = 2025-01-31\nabstract = \"Of 12 ads\"\nauthors = [{ affiliation = \"Desk\" }]\n",
        )
        .problems();
    assert_eq!(codes(&problem), ["author-name"]);
}

#[test]
fn the_sample_cites_works_that_exist() {
    let document = casefile::build(&sample(), Edition::Public)
        .unwrap_or_else(|error| panic!("{error}"))
        .document;
    let works: Vec<String> = references(&document)
        .iter()
        .map(|work| plain(&work.text))
        .collect();
    assert_eq!(
        works,
        [
            "Ali, M., Sapiezynski, P., Bogen, M., Korolova, A., Mislove, A., & Rieke, A. (2019). Discrimination through optimization: How Facebook's ad delivery can lead to biased outcomes. Proceedings of the ACM on Human-Computer Interaction, 3(CSCW). https://doi.org/10.1145/3359301",
            "Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika, 26(4), 404–413. https://doi.org/10.1093/biomet/26.4.404",
            "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American Statistical Association, 22(158), 209–212. https://doi.org/10.1080/01621459.1927.10502953",
        ]
    );
}

#[test]
fn a_citation_in_running_text_has_an_anchor() {
    let document = compose(&citing("So [@ali2019]."));
    let cites = |text: &[Inline]| {
        text.iter()
            .any(|inline| matches!(inline, Inline::Citation { id: Some(_), .. }))
    };
    let paragraphs = document.sections.iter().flat_map(|section| &section.blocks);
    assert!(
        paragraphs
            .into_iter()
            .any(|block| matches!(block, Block::Paragraph { text } if cites(text)))
    );
}

#[test]
fn a_damaged_bibliography_is_read_or_refused_and_never_worse() {
    let (mut read, mut refused) = (0, 0);
    for at in 0..BIB.len() {
        for mark in ["", "{", "}", "\"", "@", ",", "=", "\\", "#", "%", "é"] {
            let damaged = format!("{}{mark}{}", &BIB[..at], &BIB[at + 1..]);
            match Library::read(Some(&damaged)) {
                Ok(_) => read += 1,
                Err(error) => {
                    refused += 1;
                    for problem in error.problems {
                        assert!(
                            problem.line.is_some() && problem.hint.is_some(),
                            "{problem}"
                        );
                    }
                }
            }
        }
        let _ = Library::read(Some(&BIB[..at]));
    }
    assert!(read > 1000 && refused > 1000, "{read} {refused}");
}

#[test]
fn a_public_edition_holds_of_the_bibliography_what_it_cites_and_no_notes() {
    let private = "Met through a neighbour\n@misc{neverCited, title = {A draft}, note = {by hand}}\n@book{cited, title = {A book}, author = {Roe, Jane}, date = {2001}, annotation = {seen at home}, localfile = {C:\\Users\\jane\\book.pdf}}\n";
    let case = citing("So [@ali2019], [@cited].").file("references.bib", format!("{BIB}{private}"));
    let built = case.build(Edition::Public);
    let held = built.artifacts.get("case/references.bib").unwrap();
    let text = String::from_utf8(held.bytes.clone()).unwrap();
    for kept in [
        "ali2019",
        "10.1145/3359301",
        "@book{cited",
        "Roe, Jane",
        "2001",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    for left in [
        "neighbour",
        "neverCited",
        "seen at home",
        "jane",
        "sample1999",
    ] {
        assert!(!text.contains(left), "{left}: {text}");
    }
    // And can be read again.
    assert!(Library::read(Some(&text)).is_ok());
}

#[test]
fn a_withheld_name_is_found_in_a_work_however_it_is_written_there() {
    let case = citing("So [@q].")
        .evidence(
            "evidence/log.csv",
            "contacts",
            "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,Quirin Beispielmann\n",
        )
        .file(
            "references.bib",
            "@misc{q, title = {A talk}, author = {{B}eispielmann, {Q}uirin}, date = {2020}}\n",
        );
    let problems = case.problems();
    assert!(
        problems.iter().any(|problem| problem.code == "leak"),
        "{problems:?}"
    );
}

#[test]
fn a_withheld_name_is_found_in_whatever_part_a_person_has_in_a_work() {
    for part in ["translator", "bookauthor", "editora", "foreword"] {
        let bib = format!(
            "@book{{q, title = {{A talk}}, author = {{Sample, Ada}}, {part} = {{Beispielmann, Quirin}}, date = {{2020}}}}\n"
        );
        let problems = citing("So [@q].")
            .evidence(
                "evidence/log.csv",
                "contacts",
                "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,Quirin Beispielmann\n",
            )
            .file("references.bib", bib)
            .problems();
        assert!(codes(&problems).contains(&"leak"), "{part}: {problems:?}");
    }
}

#[test]
fn a_key_of_any_characters_reaches_the_public_bibliography_and_the_search_for_names() {
    for key in ["q_2020:a", "Q+x", "q/2020"] {
        let bib = format!(
            "@misc{{{key}, title = {{A talk}}, author = {{Beispielmann, Quirin}}, date = {{2020}}}}\n"
        );
        let case = citing(&format!("So [@{key}].")).file("references.bib", bib);
        let built = case.build(Edition::Public);
        let held = built.artifacts.get("case/references.bib").unwrap();
        let text = String::from_utf8(held.bytes.clone()).unwrap();
        assert!(text.contains(&format!("@misc{{{key}")), "{key}: {text}");

        let problems = case
            .evidence(
                "evidence/log.csv",
                "contacts",
                "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,Quirin Beispielmann\n",
            )
            .problems();
        assert!(codes(&problems).contains(&"leak"), "{key}: {problems:?}");
    }
}

#[test]
fn references_in_a_circle_are_refused_and_do_not_end_the_program() {
    for circle in [
        "@misc{a, title = {A}, crossref = {b}}\n@misc{b, title = {B}, crossref = {a}}\n",
        "@misc{a, title = {A}, crossref = {a}}\n",
        "@xdata{a, xdata = {a}}\n@misc{b, title = {B}, xdata = {a}}\n",
        "@string{aa = bb}\n@string{bb = aa}\n@misc{a, title = aa}\n",
    ] {
        let error = Library::read(Some(circle)).unwrap_err();
        assert_eq!(codes(&error.problems), ["reference-cycle"], "{circle}");
    }
    let fair = "@string{press = {Example Press}}\n@book{a, title = {A}, publisher = press}\n@inbook{b, title = {B}, crossref = {a}}\n";
    assert!(Library::read(Some(fair)).is_ok());
}

#[test]
fn a_citation_that_markdown_would_take_for_a_link_hides_no_number() {
    for text in [
        "[see @ali2019]: <93 percent of all ads went to men>",
        "[see also @ali2019]: /x \"97 percent of men\"",
    ] {
        let found = stray_numbers(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
    }
    let subtitled = CaseBuilder::two_arms().replace(
        "\"small\"\n",
        "\"small\"\nsubtitle = \"93 percent of ads went to men\"\n",
    );
    assert_eq!(codes(&subtitled.problems()), ["number-typed-by-hand"]);
}
