//! Citations in prose.

use casefile::cite::{Citation, Cite, Locator, Segment, mark, masked, parse_citations};

fn cite(key: &str, before: &str, locator: Option<(Locator, &str)>, after: &str) -> Cite {
    Cite {
        key: key.into(),
        before: before.into(),
        locator: locator.map(|(kind, value)| (kind, value.into())),
        after: after.into(),
    }
}

fn only(text: &str) -> Vec<Cite> {
    match parse_citations(text).as_slice() {
        [Segment::Citation(Citation { cites, range })] if *range == (0..text.len()) => {
            cites.clone()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn brackets_with_keys_are_citations() {
    assert_eq!(only("[@key]"), [cite("key", "", None, "")]);
    assert_eq!(
        only("[@key, p. 5]"),
        [cite("key", "", Some((Locator::Page, "5")), "")]
    );
    assert_eq!(
        only("[@key, 33-35, and elsewhere]"),
        [cite(
            "key",
            "",
            Some((Locator::Page, "33-35")),
            ", and elsewhere"
        )]
    );
    assert_eq!(
        only("[see @a; @b, ch. 2]"),
        [
            cite("a", "see", None, ""),
            cite("b", "", Some((Locator::Chapter, "2")), "")
        ]
    );
    assert_eq!(
        only("[@doe:2020.b, pp. iv-x]"),
        [cite("doe:2020.b", "", Some((Locator::Page, "iv-x")), "")]
    );
    assert_eq!(
        only("[@key and others]"),
        [cite("key", "", None, " and others")]
    );
    assert_eq!(
        only("[@müller2020, § 3]"),
        [cite("müller2020", "", Some((Locator::Section, "3")), "")]
    );
}

#[test]
fn everything_else_is_text() {
    for text in [
        "write to desk@example.org or @handle",
        "[desk@example.org]",
        "[@a](https://example.org)",
        "[@a][ref]",
        "[@a]: https://example.org",
        "\\[@a]",
        "[a; @b]",
        "[]",
        "[@]",
        "[@a",
        "@a]",
        "[@a @b]",
        "[-@a]",
        "[x [y] z]",
        "",
    ] {
        assert!(
            parse_citations(text)
                .iter()
                .all(|segment| matches!(segment, Segment::Text(_))),
            "{text}"
        );
    }
}

#[test]
fn the_segments_are_the_whole_text() {
    let text = "As [@a] says [in [@b, p. 1] here], but @c [@d";
    let found = parse_citations(text);
    assert_eq!(found.len(), 5);
    assert_eq!(found[0], Segment::Text("As "));
    assert_eq!(found[2], Segment::Text(" says [in "));
    assert_eq!(found[4], Segment::Text(" here], but @c [@d"));
    assert!(
        matches!(&found[3], Segment::Citation(citation) if &text[citation.range.clone()] == "[@b, p. 1]")
    );
}

#[test]
fn citations_are_marked_outside_code_and_masked_for_the_search_for_typed_numbers() {
    let text = "As [@roe2020, p. 5] says, `[@b]`, é [@c].";
    let code = text.find('`').expect("code");
    let skip = code..code + 6;
    assert_eq!(&text[skip.clone()], "`[@b]`");
    let skip = std::slice::from_ref(&skip);
    let (marked, cited) = mark(text, skip);
    assert_eq!(
        marked,
        "As \u{E002}0\u{E003} says, `[@b]`, é \u{E002}1\u{E003}."
    );
    assert_eq!(cited.len(), 2);
    assert_eq!(
        masked(text, skip),
        format!("As {} says, `[@b]`, é xxxx.", "x".repeat(16))
    );
}
