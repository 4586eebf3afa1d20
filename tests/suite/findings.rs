//! No number reaches the page that was not computed, and no sentence that the data do not support.

use crate::support::{CaseBuilder, codes};
use casefile::bundle::Edition;
use casefile::document::plain;
use casefile::error::Problem;
use casefile::findings::{Language, Shown, stray_numbers};
use std::sync::Arc;

/// The numbers that a text holds outside expressions.
fn strays(text: &str) -> Vec<&str> {
    stray_numbers(text)
        .into_iter()
        .map(|range| &text[range])
        .collect()
}

/// What is wrong with a narrative on the two arms.
fn narrative(text: &str) -> Vec<Problem> {
    CaseBuilder::two_arms().report(text).problems()
}

/// What is wrong with an expression in the prose, as printed.
fn wrong(expression: &str) -> String {
    let problems = narrative(&format!("Of them, {expression} were men."));
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{expression}: {told:?}");
    told.concat()
}

/// What is wrong with an assertion.
fn asserted(expression: &str) -> Vec<Problem> {
    let finding = format!(
        "[[finding]]\nid = \"f\"\ntext = \"Many: {{{{ share('a').pooled }}}}.\"\nexpect = [\"{expression}\"]\n"
    );
    CaseBuilder::two_arms().toml(&finding).problems()
}

#[test]
fn a_number_typed_by_hand_is_found_in_whatever_script_and_place() {
    for (text, expected) in [
        ("went to 80 men", vec!["80"]),
        ("about 81.5%, or 1,234", vec!["81.5%", "1,234"]),
        ("from 80–90 to 5.", vec!["80–90", "5"]),
        ("full width ８０", vec!["８０"]),
        ("a half ½ and ¾", vec!["½", "¾"]),
        ("squared m²", vec!["²"]),
        ("Arabic-Indic ٨٠ and Devanagari ८०", vec!["٨٠", "८०"]),
        ("Roman Ⅻ and circled ⑧", vec!["Ⅻ", "⑧"]),
        ("entity &#49;2", vec!["49", "2"]),
        ("entity &#x38;", vec!["38"]),
        ("named entities &half; and &frac12;", vec!["&half;", "12"]),
        ("# In 2024", vec!["2024"]),
        ("- one\n- 2 of them", vec!["2"]),
        ("[80 of them](https://example.org)", vec!["80"]),
        ("![80 of them](picture.png)", vec!["80"]),
        ("in code `80`", vec!["80"]),
        ("    80 in a code block", vec!["80"]),
        ("```\n80\n```", vec!["80"]),
        ("> quoted 80", vec!["80"]),
        ("in **bold 80** and *slanted 90*", vec!["80", "90"]),
        ("<b>80</b>", vec!["80"]),
        ("<!-- 80 -->", vec!["80"]),
        ("escaped \\80", vec!["80"]),
        ("word3", vec!["3"]),
        ("COVID-19", vec!["19"]),
        // What looks like a link target or a list marker and is printed as text.
        ("no link](80)", vec!["80"]),
        ("no address <https 80>", vec!["80"]),
        ("no address <share:80>", vec!["80"]),
        ("a line that goes on\n80) with text", vec!["80"]),
    ] {
        let masked: Vec<&str> = strays(text);
        assert_eq!(masked, expected, "{text}");
    }
}

#[test]
fn what_is_no_number_of_the_report_may_hold_digits() {
    for text in [
        "1. first\n2. second\n10) third",
        "see [the study](https://example.org/2024/10)",
        "see <https://example.org/2024>",
        "write to <desk2@example.org>",
        "{{ share('a').pooled | pct(1) }}",
        "{# 80 #}",
        "eighty, or half of them",
    ] {
        assert_eq!(strays(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn a_stray_digit_is_reported_with_file_line_and_column() {
    let problems =
        narrative("# Who\n\nThe share is {{ share('a').pooled }}, that is 81.5 % of them.\n");
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "report.md:3:47: narrative: a number is typed by hand: `81.5` [number-typed-by-hand]\n  hint: write an expression such as {{ share('arm').pooled }}, or declare a [[fact]] with its source and write {{ fact('id') }}"
        ]
    );
    let problem = CaseBuilder::two_arms()
        .toml("[[finding]]\nid = \"f\"\ntext = \"About 9 in ten: {{ share('a').pooled }}\"\n")
        .only_problem();
    assert!(
        problem.starts_with(
            "case.toml:13:15: finding `f`: a number is typed by hand: `9` [number-typed-by-hand]"
        ),
        "{problem}"
    );
}

#[test]
fn captions_caveats_and_recommendations_hold_no_typed_number_either() {
    let problems = CaseBuilder::two_arms()
        .toml("[[finding]]\nid = \"f\"\ntext = \"{{ share('a').pooled }}\"\ncaveat = \"Only 2 weeks.\"\n")
        .toml("[[recommendation]]\ntext = \"Wait 3 days.\"\n[[caption]]\nfor = \"figure-share\"\ntext = \"All 4 ads.\"\n")
        .problems();
    let found: Vec<(&str, Option<u64>, Option<&str>)> = problems
        .iter()
        .map(|p| (p.code, p.line, p.value.as_deref()))
        .collect();
    let code = "number-typed-by-hand";
    assert_eq!(
        found,
        [
            (code, Some(14), Some("2")),
            (code, Some(16), Some("3")),
            (code, Some(19), Some("4"))
        ]
    );
}

#[test]
fn a_number_cannot_be_laundered_through_an_expression() {
    for expression in [
        "{{ \"80 %\" }}",
        "{{ 80 }}",
        "{{ 8.5 }}",
        "{% set x = 5 %}{{ x }}",
        "{{ share('a').pooled ~ \"\" }}",
        "{{ \"½\" }}",
        "{{ [8, 0] }}",
        "{{ 40 + 40 }}",
        "{{ true }}",
        "{{ share('a').pooled * 1 }}",
        "{{ 'a' is string }}",
        "{{ {'a': 1} }}",
    ] {
        let told = wrong(expression);
        assert!(
            told.contains("[expression]") && told.starts_with("report.md:1:"),
            "{expression}: {told}"
        );
    }
}

#[test]
fn a_text_that_turns_into_a_number_only_when_it_is_rendered_is_refused() {
    for text in [
        "Of {{ share('a').pooled }}: {% raw %}{{ 80 }}{% endraw %}",
        "Of {{ share('a').pooled }}: {{ '&frac' }}{{ 'half;' }} &frac{{ '' }}12;",
    ] {
        assert_eq!(codes(&narrative(text)), ["number-typed-by-hand"], "{text}");
    }
}

#[test]
fn marks_of_computed_numbers_cannot_be_forged() {
    let problems = narrative("{{ share('a').pooled }} and \u{E000}0\u{E001}");
    assert!(
        codes(&problems).contains(&"private-use-character"),
        "{problems:?}"
    );
}

#[test]
fn a_narrative_without_a_computed_number_is_an_error() {
    assert_eq!(
        codes(&narrative("Most of them were men.")),
        ["no-number-found"]
    );
    assert_eq!(codes(&narrative("")), ["no-number-found"]);
}

#[test]
fn a_finding_without_number_and_assertion_is_an_error() {
    let bare = "[[finding]]\nid = \"f\"\ntext = \"Most were men.\"\n";
    assert_eq!(
        codes(&CaseBuilder::two_arms().toml(bare).problems()),
        ["finding-without-evidence"]
    );
    let asserted = format!("{bare}expect = [\"share('a').min > 0.5\"]\n");
    assert_eq!(
        codes(&CaseBuilder::two_arms().toml(&asserted).problems()),
        [""; 0]
    );
}

#[test]
fn a_wrong_expression_is_told_with_what_there_is_instead() {
    let there_is = |told: String, expected: &str| {
        assert!(told.contains(expected), "{told}\nlacks: {expected}")
    };
    there_is(
        wrong("{{ share('x').pooled }}"),
        "there is no arm `x`; the arms are: a, b",
    );
    there_is(
        wrong("{{ contacts(arm='x').count }}"),
        "there is no arm `x`; the arms are: a, b",
    );
    there_is(
        wrong("{{ share('a').total }}"),
        "`share('a')` has no `total`; it has: ads, bootstrap, bootstrap_high, bootstrap_low, bounds, ",
    );
    there_is(
        wrong("{{ share('a') }}"),
        "`share('a')` is not one number; say which: .ads .bootstrap ",
    );
    there_is(
        wrong("{{ difference('b', 'a').value }}"),
        "there is no difference ('b', 'a'); `[study] contrasts` gives: ('a', 'b')",
    );
    there_is(
        wrong("{{ benchmark().share }}"),
        "`benchmark()` has no values: declare `benchmark` in [study]",
    );
    there_is(
        wrong("{{ accounts().count }}"),
        "`accounts()` has no values: the case has no accounts table",
    );
    there_is(
        wrong("{{ contacts().count }}"),
        "`contacts()` has no values: the case has no contact log",
    );
    there_is(
        wrong("{{ feed('x').share }}"),
        "there is no test account `x`",
    );
    there_is(
        wrong("{{ fact('price') }}"),
        "there is no fact `price`; declared are: ",
    );
    there_is(
        wrong("{{ statement('x').quote }}"),
        "there is no statement `x`; the statements are: ",
    );
    there_is(
        wrong("{{ case.author }}"),
        "`case` has no `author`; it has: date, id, title, version",
    );
    there_is(
        wrong("{{ share('a').pooled | count }}"),
        "`share('a').pooled` cannot be printed with `| count`",
    );
    there_is(
        wrong("{{ 'a' | pct }}"),
        "`| pct` takes a value of the report language, not `a`",
    );
    there_is(
        wrong("{{ impressions('a').value | date }}"),
        "`impressions('a').value` cannot be printed with `| date`",
    );
    for unknown in [
        "{{ shares('a') }}",
        "{{ share('a').pooled | percent }}",
        "{{ x }}",
        "{{ share() }}",
        "{{ share('a', 'b') }}",
        "{{ 'a' | upper }}",
        "{{ share('a') | list }}",
    ] {
        there_is(
            wrong(unknown),
            "`casefile help language` lists what can be written",
        );
    }
}

#[test]
fn a_share_prints_in_words_from_the_same_value_as_in_figures() {
    let case = CaseBuilder::two_arms();
    let prepared = case.prepare();
    let language = Language::new(
        &case.case(),
        Arc::new(prepared.cube),
        prepared.findings.results,
    );
    let printed = |source: &str| {
        let (_, numbers) = language.render("t", source).map_err(|f| f.message).unwrap();
        numbers[0].0.clone()
    };
    assert_eq!(printed("{{ share('a').max }}"), "80.0\u{A0}%");
    assert_eq!(printed("{{ share('a').max | words }}"), "four in five");
    assert_eq!(
        printed("{{ share('a').range | words }}"),
        "between three in four and four in five"
    );
    assert_eq!(printed("{{ share('b').max | words }}"), "one in four");
    assert_eq!(printed("{{ share('a').low | words }}"), "one in three");
}

#[test]
fn a_percentage_of_fewer_than_twenty_prints_as_counts() {
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n")
        .evidence("evidence/delivery.csv", "delivery", "ad,gender,impressions\na1,female,5\na1,male,7\na2,female,2\na2,male,5\nb1,female,5\nb1,male,15\n");
    let prepared = case.prepare();
    let language = Language::new(
        &case.case(),
        Arc::new(prepared.cube),
        prepared.findings.results,
    );
    let printed = |source: &str| language.render("t", source).unwrap().1[0].0.clone();
    assert_eq!(printed("{{ share('a').pooled }}"), "12 of 19");
    for filter in ["pct", "pct(0)", "words"] {
        assert_eq!(
            printed(&format!("{{{{ share('a').pooled | {filter} }}}}")),
            "12 of 19"
        );
    }
    assert_eq!(
        printed("{{ share('b').pooled }}"),
        "75.0\u{A0}%",
        "of twenty"
    );
    assert_eq!(printed("{{ share('b').pooled | words }}"), "three in four");
}

#[test]
fn a_wrong_expression_is_told_where_it_stands() {
    let problems =
        narrative("# Who\n\nOf men {{ share('a').pooled }},\nof women {{ share('z').pooled }}.\n");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(
        (
            problems[0].subject.as_str(),
            problems[0].line,
            problems[0].column
        ),
        ("report.md", Some(4), Some(13)),
        "{}",
        problems[0]
    );
    let problems = narrative("Of men {{ share('a').pooled }}.\n\nThen {{ share('a' }}.\n");
    assert_eq!(
        (problems[0].code, problems[0].line),
        ("expression", Some(3)),
        "{}",
        problems[0]
    );
}

#[test]
fn an_assertion_that_the_data_do_not_support_stops_the_build_with_exit_code_1() {
    let case = CaseBuilder::two_arms().toml(
        "[[finding]]\nid = \"mostly-men\"\ntext = \"Men: {{ share('a').range }}.\"\nexpect = [\n  \"share('a').max > 0.5\",\n  \"share('a').min >= 0.9 and difference('a', 'b').value > 0\",\n]\n",
    );
    let error = case.try_build(Edition::Public).unwrap_err();
    assert_eq!(error.exit_code(), 1);
    assert_eq!(
        error.to_string(),
        "case.toml:16:3: finding `mostly-men`: the data do not support this assertion; share('a').min = 0.75: `share('a').min >= 0.9 and difference('a', 'b').value > 0` [assertion-failed]\n  hint: correct the finding to what the data show; `casefile show` explains each value"
    );
}

#[test]
fn assertions_and_unusable_input_together_give_exit_code_2() {
    let error = CaseBuilder::two_arms()
        .toml("[[finding]]\nid = \"f\"\ntext = \"{{ share('a').pooled }} and {{ share('z').pooled }}\"\nexpect = [\"share('a').min > 0.99\"]\n")
        .try_build(Edition::Public)
        .unwrap_err();
    assert_eq!(codes(&error.problems), ["expression", "assertion-failed"]);
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn an_assertion_on_a_value_that_the_data_do_not_give_fails() {
    // One ad an arm has no interval: comparing with it must not succeed by accident.
    for expression in [
        "share('a').low < 1",
        "not share('a').low > 0",
        "share('a').low == share('a').low",
        "share('a').low != 5",
    ] {
        let case = CaseBuilder::new()
            .evidence("evidence/d.csv", "delivery", "ad,gender,impressions\na1,female,10\na1,male,30\n")
            .toml("[study]\narms = [{ id = \"a\", ads = [\"a1\"] }]\n")
            .toml(&format!("[[finding]]\nid = \"f\"\ntext = \"Many: {{{{ share('a').pooled }}}}.\"\nexpect = [\"{expression}\"]\n"));
        let problems = case.problems();
        assert_eq!(
            codes(&problems),
            ["assertion-failed"],
            "{expression}: {problems:?}"
        );
        let told = problems[0].to_string();
        assert!(
            told.contains(
                "rests on a value that the data do not give; share('a').low = no value ("
            ),
            "{told}"
        );
    }
}

#[test]
fn a_value_that_the_data_do_not_give_cannot_be_printed() {
    let problem = CaseBuilder::new()
        .evidence(
            "evidence/d.csv",
            "delivery",
            "ad,gender,impressions\na1,female,10\na1,male,30\n",
        )
        .report("The interval is {{ share('all').interval }}.")
        .only_problem();
    assert!(problem.starts_with("report.md:1:"), "{problem}");
    assert!(
        problem.contains("`share('all').interval` has no value: ")
            && problem.contains("[value-missing]"),
        "{problem}"
    );
}

#[test]
fn an_assertion_that_can_never_fail_is_an_error() {
    for expression in ["1 < 2", "true", "not false", "'a' == 'a'"] {
        let problems = asserted(expression);
        assert_eq!(codes(&problems), ["expression"], "{expression}");
        assert!(
            problems[0]
                .message
                .contains("reads no value of the case, so it can never fail"),
            "{}",
            problems[0]
        );
    }
    let problems = asserted("share('a').pooled");
    assert!(
        problems[0]
            .message
            .contains("an assertion is true or false; this one gives `0.7857142857142857`"),
        "{}",
        problems[0]
    );
    let problems = asserted("share('a')");
    assert_eq!(codes(&problems), ["expression"]);
}

#[test]
fn an_assertion_reads_plain_numbers() {
    for expression in [
        "share('a').min == 0.75",
        "share('a').max == 0.8",
        "share('a').k == 1100",
        "share('a').n == 1400",
        "share('a').ads == 2",
        "difference('a', 'b').value > 0.5 and difference('a', 'b').value < 0.7",
        "impressions('a').value + impressions('b').value == study().ads * 705",
        "(share('a').pooled - share('b').pooled) | abs > 0.5",
        "case.date == '2025-01-31'",
    ] {
        assert_eq!(codes(&asserted(expression)), [""; 0], "{expression}");
    }
}

#[test]
fn a_fact_prints_as_declared_with_its_source() {
    let case = CaseBuilder::two_arms()
        .toml("[[fact]]\nid = \"price\"\nvalue = 1290\nsource = \"Price list of the maker\"\n")
        .toml("[[fact]]\nid = \"day\"\nvalue = 2024-10-21\nsource = \"Protocol\"\n")
        .toml("[[fact]]\nid = \"share\"\nvalue = 2.50\nsource = \"Handbook\"\n")
        .toml("[[finding]]\nid = \"f\"\ntext = \"It costs {{ fact('price') }} since {{ fact('day') }}, of which {{ fact('share') }}.\"\nexpect = [\"fact('price') == 1290\"]\n");
    let prepared = case.prepare();
    let finding = &prepared.findings.findings[0];
    let texts: Vec<&str> = finding
        .statement
        .numbers
        .iter()
        .map(|number| number.text.as_str())
        .collect();
    assert_eq!(texts, ["1,290", "21\u{A0}October 2024", "2.5"]);
    let sources: Vec<&str> = finding
        .statement
        .numbers
        .iter()
        .map(|number| number.quantity.method_source.as_str())
        .collect();
    assert_eq!(sources, ["Price list of the maker", "Protocol", "Handbook"]);
    let built = case.build(Edition::Public);
    let provenance = built
        .document
        .provenance
        .iter()
        .find(|p| p.id == "fact/price")
        .unwrap();
    assert_eq!(
        (
            provenance.value.as_str(),
            provenance.method.as_str(),
            provenance.method_source.as_str()
        ),
        ("1290", "Declared, not computed", "Price list of the maker")
    );
}

#[test]
fn every_number_of_the_prose_has_its_provenance_also_in_code_and_headings() {
    let built = CaseBuilder::two_arms()
        .report("# Share {{ share('a').max }}\n\n- `share = {{ share('a').min }}`\n- [{{ share('b').min }}](https://example.org)\n\n```\n{{ share('b').max }}\n```\n")
        .build(Edition::Public);
    let json = serde_json::to_string(&built.document).unwrap();
    assert!(
        !json.contains('\u{E000}') && !json.contains('\u{E001}'),
        "a mark was left in the report"
    );
    let ids: Vec<&str> = built
        .document
        .provenance
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    for id in ["share/a/max", "share/a/min", "share/b/min", "share/b/max"] {
        assert!(ids.contains(&id), "{id} is not among {ids:?}");
    }
    let section = built
        .document
        .sections
        .iter()
        .find(|section| section.id == "report")
        .unwrap();
    let casefile::document::Block::Heading { text, .. } = &section.blocks[0] else {
        panic!("{:?}", section.blocks[0])
    };
    assert_eq!(plain(text), "Share 80.0\u{A0}%");
}

#[test]
fn all_that_is_wrong_with_a_case_is_told_at_once() {
    let problems = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", "ad,gender,impressions\nring child,female,10\nring child,male,90\nring item,female,50\nring item,male,50\n")
        .toml("[study]\narms = [\n  { id = \"child\", ads = [\"*child\"] },\n  { id = \"ring\", ads = [\"ring*\"] },\n  { id = \"dog\", ads = [\"*dog\"] },\n]\n")
        .toml("[[finding]]\nid = \"f\"\ntext = \"{{ share('cat').pooled }} of 100.\"\n")
        .report("In {{ share('child').pooled }}, 7 times.")
        .problems();
    let mut found: Vec<(&str, &str, Option<u64>)> = problems
        .iter()
        .map(|p| (p.code, p.subject.as_str(), p.line))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            ("ad-in-two-arms", "case.toml", Some(11)),
            ("arm-matches-no-ad", "case.toml", Some(13)),
            ("expression", "case.toml", Some(17)),
            ("number-typed-by-hand", "case.toml", Some(17)),
            ("number-typed-by-hand", "report.md", Some(1)),
        ]
    );
    let arms: Vec<String> = problems
        .iter()
        .filter(|p| p.code.contains("arm"))
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        arms,
        [
            "case.toml:13:10: the arm `dog` matches no ad: `*dog` [arm-matches-no-ad]\n  hint: the ads are: `ring child`, `ring item`",
            "case.toml:11:10: an ad is in 2 arms: child, ring: `ring child` [ad-in-two-arms]\n  hint: make the patterns of these arms exclude each other",
        ]
    );
}

#[test]
fn a_shown_expression_says_what_it_is() {
    let case = CaseBuilder::two_arms();
    let prepared = case.prepare();
    let language = Language::new(
        &case.case(),
        Arc::new(prepared.cube),
        prepared.findings.results,
    );
    match language.show("share('a').pooled").map_err(|f| f.message) {
        Ok(Shown::Quantity { quantity, .. }) => {
            assert_eq!(quantity.id, "share/a/pooled");
            assert_eq!(quantity.text().as_deref(), Some("78.6\u{A0}%"));
            let rows: Vec<_> = quantity.rows.by_file().collect();
            assert_eq!(rows, [("evidence/delivery.csv", "2\u{2013}7".to_owned())]);
        }
        _ => panic!("share('a').pooled is one value"),
    }
    assert!(matches!(
        language.show("share('a')"),
        Ok(Shown::Node { .. })
    ));
    match language.show("share('a').min > share('b').max") {
        Ok(Shown::Plain { value, read }) => {
            assert_eq!(value, "true");
            assert_eq!(
                read.iter().map(|q| q.label.as_str()).collect::<Vec<_>>(),
                ["share('a').min", "share('b').max"]
            );
        }
        _ => panic!("a comparison is plain"),
    }
}

#[test]
fn a_rate_over_impressions_that_are_not_known_has_no_count_of_exposure() {
    let prepared = CaseBuilder::new()
        .evidence(
            "evidence/d.csv",
            "delivery",
            "ad,gender,clicks\na1,female,5\na1,male,5\n",
        )
        .evidence(
            "evidence/c.csv",
            "contacts",
            "event_id,received_at_local,ad_id\nE1,2024-11-04 06:30,a1\n",
        )
        .prepare();
    let rate = prepared
        .findings
        .results
        .get("rate/contacts/all/value")
        .expect("the arm has a rate");
    assert_eq!((rate.scalar.clone(), rate.estimate), (None, None));
    assert_eq!(
        rate.why.as_deref(),
        Some("The impressions of this arm are not known, so there is no rate.")
    );
}
