//! references.bib, in the text and as a list.

use casefile::cite::{
    Bibliography, Citation, Piece, Printed, Segment, Style, parse_citations, plain,
};
use casefile::error::Error;

const SOURCE: &str = include_str!("references.bib");
const PROSE: &str = "As [see @roe2020, p. 5; @doe-2019, ch. 2] and [@roe2020b] with mail a@b.org, [@desk2024, pp. 33-35, and elsewhere] and [@data1].";

fn citations(text: &str) -> Vec<(Citation, &'static str, Option<u64>)> {
    parse_citations(text)
        .into_iter()
        .filter_map(|segment| match segment {
            Segment::Citation(citation) => Some((citation, "report.md", Some(7))),
            Segment::Text(_) => None,
        })
        .collect()
}

fn printed(style: Style) -> Printed {
    let bibliography =
        Bibliography::parse("references.bib", SOURCE, style).expect("it can be read");
    bibliography
        .print(&citations(PROSE))
        .expect("all keys are known")
}

fn faults(source: &str) -> Vec<(&'static str, Option<u64>)> {
    let Error { problems } =
        Bibliography::parse("references.bib", source, Style::Apa).expect_err("it has faults");
    assert!(problems.iter().all(|problem| problem.hint.is_some()));
    problems
        .iter()
        .map(|problem| (problem.code, problem.line))
        .collect()
}

#[test]
fn author_and_year_in_the_text_and_in_the_list() {
    let printed = printed(Style::Apa);
    let in_text: Vec<String> = printed.in_text.iter().map(|pieces| plain(pieces)).collect();
    assert_eq!(
        in_text,
        [
            "(Doe, 2019, Chapter 2; see Roe & van der Berg, 2020a, p. 5)",
            "(Roe & van der Berg, 2020b)",
            "(Sample Desk, 2024, pp. 33–35, and elsewhere)",
            "(Example Lab, 2021)",
        ]
    );
    let list: Vec<String> = printed
        .list
        .iter()
        .map(|listed| plain(&listed.text))
        .collect();
    assert_eq!(
        list,
        [
            "Doe, J. (2019). The LaTeX Book. ACM Press.",
            "Example Lab. (2021). Ad data [Data set]. Zenodo. https://example.org/x",
            "Roe, J., & van der Berg, J. (2020b). A second paper: is it? J. Tests, 3(2).",
            "Roe, J., & van der Berg, J. (2020a). Discrimination through optimization: How ad delivery skews. Proc. ACM, 1–30. https://doi.org/10.1145/3359301",
            "Sample Desk. (2024). <script>alert(1)</script> \\input{/etc/passwd} & 100% \"x\". javascript:alert(1)",
        ]
    );
    assert_eq!(printed.notices.len(), 1);
    assert_eq!(
        (printed.notices[0].code, printed.notices[0].locator.row),
        ("bib-not-cited", Some(17))
    );
}

#[test]
fn styles_that_number_number_by_first_mention() {
    let ieee = printed(Style::Ieee);
    let in_text: Vec<String> = ieee.in_text.iter().map(|pieces| plain(pieces)).collect();
    assert_eq!(
        in_text,
        [
            "see [1, p. 5], [2, Ch. 2]",
            "[3]",
            "[4, pp. 33–35], and elsewhere",
            "[5]"
        ]
    );
    let numbers: Vec<_> = ieee
        .list
        .iter()
        .map(|listed| (listed.number.as_deref(), listed.key.as_str()))
        .collect();
    assert_eq!(
        numbers[..2],
        [(Some("[1]"), "roe2020"), (Some("[2]"), "doe-2019")]
    );
    let vancouver = printed(Style::Vancouver);
    assert_eq!(plain(&vancouver.in_text[0]), "(see 1 p. 5,2 chap. 2)");
    assert_eq!(
        plain(&vancouver.list[0].text),
        "Roe J, van der Berg J. Discrimination through optimization: How ad delivery skews. Proc ACM. 2020 Nov;1–30. doi:10.1145/3359301"
    );
}

#[test]
fn citations_lead_to_the_list_and_only_web_addresses_lead_out() {
    fn links<'p>(pieces: &'p [Piece], out: &mut Vec<&'p str>) {
        for piece in pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Emph(inside) | Piece::Strong(inside) => links(inside, out),
                Piece::Link { to, .. } => out.push(to),
            }
        }
    }
    for style in Style::ALL {
        let printed = printed(style);
        let mut inside = Vec::new();
        printed
            .in_text
            .iter()
            .for_each(|pieces| links(pieces, &mut inside));
        assert_eq!(inside.len(), 5, "{inside:?}");
        assert!(
            inside
                .iter()
                .all(|to| printed.list.iter().any(|listed| to[1..] == listed.anchor))
        );
        let mut outside = Vec::new();
        printed
            .list
            .iter()
            .for_each(|listed| links(&listed.text, &mut outside));
        assert!(
            !outside.is_empty() && outside.iter().all(|to| to.starts_with("https://")),
            "{outside:?}"
        );
    }
}

#[test]
fn titles_of_journals_and_books_are_emphasised() {
    let printed = printed(Style::Apa);
    assert!(
        printed.list[0]
            .text
            .contains(&Piece::Emph(vec![Piece::Text("The LaTeX Book".into())])),
        "{:?}",
        printed.list[0]
    );
}

#[test]
fn the_same_file_and_prose_print_the_same() {
    for style in Style::ALL {
        let first = printed(style);
        for _ in 0..5 {
            assert_eq!(printed(style), first);
        }
    }
}

#[test]
fn an_unknown_key_is_a_problem_with_its_place_and_what_was_meant() {
    let bibliography =
        Bibliography::parse("references.bib", SOURCE, Style::Apa).expect("it can be read");
    let error = bibliography
        .print(&citations("[@roe2021] [@zzz]"))
        .expect_err("two unknown keys");
    assert_eq!(error.problems.len(), 2);
    assert_eq!(
        error.problems[0].to_string(),
        "report.md:7: references.bib has no work with this key: `roe2021` [cite-unknown]\n  hint: did you mean roe2020, roe2020b?"
    );
}

#[test]
fn all_faults_are_reported_at_once_with_their_lines() {
    let source = "@article{a, title = {One}\n  year = 2020}\n\n@book{b, title = {Two}, year = 2020}\n@book{b, title = {Again}}\n@book{c, author = {X}}\n@book{d, title = nosuch}\n@string{r = r}\n@book{e, title = r}\n@book{f, title = {F}, crossref = {g}}\n@book{g, title = {G}, crossref = {f}}\n@book{h, title = {H}, crossref = {h}}\n@book{i, title = {never closed,\n  year = 2020\n";
    let faults = faults(source);
    for expected in [
        ("bib-syntax", Some(2)),
        ("bib-key-twice", Some(5)),
        ("bib-title", Some(6)),
        ("bib-syntax", Some(7)),
        ("bib-abbreviation", Some(9)),
        ("bib-crossref", Some(10)),
        ("bib-crossref", Some(11)),
        ("bib-crossref", Some(12)),
        ("bib-syntax", Some(13)),
    ] {
        assert!(faults.contains(&expected), "{expected:?} in {faults:?}");
    }
    assert_eq!(faults.len(), 9, "{faults:?}");
}

#[test]
fn what_would_run_away_is_refused() {
    let nested = format!(
        "@misc{{a, title = {{{}x{}}}}}",
        "\\emph{".repeat(5000),
        "}".repeat(5000)
    );
    assert_eq!(faults(&nested), [("bib-depth", Some(1))]);
    let mut bomb = String::from("@string{a0 = {xxxxxxxxxx}}\n");
    for i in 1..30 {
        bomb.push_str(&format!("@string{{a{i} = a{0} # a{0}}}\n", i - 1));
    }
    bomb.push_str("@misc{k, title = a29}\n");
    assert_eq!(faults(&bomb), [("bib-abbreviation", Some(31))]);
    assert_eq!(
        faults("@misc{k, title = {T}, crossref = {\\emph{k}}}"),
        [("bib-crossref", Some(1))]
    );
}

/// Damaged files give problems or a bibliography, never a panic.
#[test]
fn ten_thousand_damaged_files_are_read() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit as u64).unwrap_or(0)
    };
    let pieces = [
        "{",
        "}",
        "\"",
        "@",
        ",",
        "=",
        "\\",
        "$",
        "#",
        "%",
        "\n@book{x,",
        "crossref={roe2020}",
        "date={",
        "2020-13-99",
        "pages={--}",
        "\\'",
        "é",
        "and ",
        "url={http://[",
        "month=99",
        "volume={-99999999999999999999}",
        "edition={1e999}",
        "author={,,,,}",
        "xdata={a,b}",
    ];
    let whole: Vec<char> = SOURCE.chars().collect();
    for _ in 0..10_000 {
        let mut text = whole.clone();
        for _ in 0..=next(4) {
            let at = next(text.len());
            match next(3) {
                0 => drop(text.drain(at..(at + next(20)).min(text.len()))),
                1 => text.insert(at, char::from(u8::try_from(next(128)).unwrap_or(b'x'))),
                _ => {
                    let piece = pieces[next(pieces.len())];
                    for (offset, c) in piece.chars().enumerate() {
                        text.insert(at + offset, c);
                    }
                }
            }
        }
        let text: String = text.into_iter().collect();
        if let Ok(bibliography) = Bibliography::parse("references.bib", &text, Style::ALL[next(6)])
            && next(20) == 0
        {
            let all: Vec<String> = bibliography.keys().map(|key| format!("[@{key}]")).collect();
            let _ = bibliography.print(&citations(&all.join(" ")));
        }
    }
}
