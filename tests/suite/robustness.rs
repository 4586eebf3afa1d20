//! A finding is judged under every defensible choice of analysis, and by what its design carries.

use crate::support::{CaseBuilder, sample};
use casefile::bundle::Edition;
use casefile::document::{Block, Document, plain};
use casefile::findings::{
    Findings, Grade, Outcome, Quantity, Robustness, Scalar, Standing, Verdict,
};

/// A case with one finding on the two arms.
fn finding(text: &str, expect: &str) -> CaseBuilder {
    CaseBuilder::two_arms().toml(&format!(
        "[[finding]]\nid = \"f\"\ntext = \"{text}\"\nexpect = [{expect}]\n"
    ))
}

fn findings(case: &CaseBuilder) -> Findings {
    case.prepare().findings
}

fn robust(case: &CaseBuilder) -> Robustness {
    findings(case).robustness.remove(0)
}

/// The choices in words.
fn choices(entry: &Robustness) -> Vec<String> {
    entry.choices().iter().map(Outcome::choice).collect()
}

fn under<'a>(entry: &'a Robustness, choice: &str) -> &'a Outcome {
    let found = entry.choices().iter().find(|o| o.choice() == choice);
    found.unwrap_or_else(|| panic!("no `{choice}` in {:?}", choices(entry)))
}

fn ads(head: &str, rows: &str) -> String {
    format!("ad,account,arm,{head}\n{rows}")
}

/// An ads table in which the arms share everything but the creative.
fn by_design() -> String {
    let row = |ad: &str, creative: &str| {
        format!(
            "{ad},shop,{},{creative},adults,traffic,2025-01-01,2025-01-07,10.00,EUR\n",
            &ad[..1]
        )
    };
    ads(
        "creative,targeting,objective,start,end,budget,currency",
        &[
            row("a1", "child"),
            row("a2", "child"),
            row("b1", "item"),
            row("b2", "item"),
        ]
        .concat(),
    )
}

#[test]
fn the_value_is_followed_through_every_choice_that_touches_it() {
    let case = finding(
        "Of impressions, {{ share('a').pooled }} went to men.",
        "\"share('a').pooled > 0.7\"",
    );
    let entry = robust(&case);
    assert_eq!(
        choices(&entry),
        [
            "unknown gender counted as men",
            "unknown gender counted as women",
            "mean of ads and pooled share exchanged",
            "without the ad \u{201C}a1\u{201D}",
            "without the ad \u{201C}a2\u{201D}",
            "unknown gender counted as men; mean of ads and pooled share exchanged",
            "unknown gender counted as women; mean of ads and pooled share exchanged",
        ]
    );
    let value = |choice: &str| match under(&entry, choice).value {
        Some(Scalar::Share(share)) => share,
        ref other => panic!("{other:?}"),
    };
    assert_eq!(value("unknown gender counted as men"), 1110.0 / 1410.0);
    assert_eq!(value("unknown gender counted as women"), 1100.0 / 1410.0);
    assert_eq!(
        value("mean of ads and pooled share exchanged"),
        (0.75 + 0.8) / 2.0
    );
    assert_eq!(value("without the ad \u{201C}a1\u{201D}"), 0.8);
    assert_eq!(
        (entry.count(Verdict::Holds, false), entry.total(false)),
        (5, 5)
    );
    assert_eq!(
        (entry.count(Verdict::Holds, true), entry.total(true)),
        (2, 2)
    );
    assert!(
        entry
            .choices()
            .iter()
            .all(|outcome| outcome.failing.is_empty())
    );
}

#[test]
fn a_choice_that_touches_nothing_of_the_finding_is_not_counted() {
    // The lowest share does not change with the average, and the other arm has no part in it.
    let case = finding("At least {{ share('a').min }}.", "\"share('a').min > 0.7\"");
    let named = choices(&robust(&case));
    assert!(
        !named
            .iter()
            .any(|choice| choice.contains("exchanged") || choice.contains('b')),
        "{named:?}"
    );
    // Leaving an ad out is a test of the finding even where its value stays.
    assert!(named.contains(&"without the ad \u{201C}a2\u{201D}".to_owned()));
    let counted = finding("Of {{ study().ads }} ads.", "\"study().ads == 4\"");
    assert!(robust(&counted).choices().is_empty());
}

#[test]
fn the_choices_that_break_a_finding_are_named_by_their_smallest_part() {
    let case = finding(
        "Of impressions, {{ share('a').pooled }} went to men.",
        "\"share('a').pooled > 0.785\"",
    );
    let entry = robust(&case);
    assert_eq!(
        under(&entry, "unknown gender counted as women").verdict,
        Verdict::Fails
    );
    assert_eq!(
        under(&entry, "unknown gender counted as women").failing,
        ["share('a').pooled > 0.785"]
    );
    let reasons: Vec<String> = entry
        .reasons(Verdict::Fails, false)
        .iter()
        .map(|o| o.choice())
        .collect();
    assert!(
        reasons.contains(&"unknown gender counted as women".to_owned()),
        "{reasons:?}"
    );
    assert!(!reasons.contains(
        &"unknown gender counted as women; mean of ads and pooled share exchanged".to_owned()
    ));
    let failing = entry.count(Verdict::Fails, false);
    assert!(failing > reasons.len() as u64 && failing < entry.choices().len() as u64);
}

#[test]
fn a_choice_without_a_value_is_neither_success_nor_failure() {
    let case = finding(
        "By {{ difference('a', 'b').value }}.",
        "\"difference('a', 'b').low > 0\"",
    );
    let entry = robust(&case);
    let outcome = under(&entry, "without the ad \u{201C}a1\u{201D}");
    assert_eq!(
        (outcome.verdict, &outcome.value),
        (Verdict::NoValue, &outcome.value)
    );
    assert_eq!(outcome.interval, None);
}

#[test]
fn a_finding_without_an_assertion_has_its_value_followed() {
    let entry = robust(&finding("{{ share('a').pooled }}", ""));
    assert_eq!(
        entry.count(Verdict::NotAsserted, false) + entry.count(Verdict::NotAsserted, true),
        entry.choices().len() as u64
    );
    assert!(entry.followed.is_some());
    assert_eq!(entry.outcomes[0].text.as_deref(), Some("78.6\u{A0}%"));
}

#[test]
fn reach_is_tried_where_every_ad_has_it_and_not_where_one_lacks_it() {
    let rows = |last: &str| {
        format!(
            "ad,gender,impressions,reach\na1,female,100,90\na1,male,300,210\na2,female,200,150\na2,male,800,400\nb1,female,500,400\nb1,male,100,90\nb2,female,600,500\nb2,male,200,{last}\n"
        )
    };
    let case = |last: &str| {
        CaseBuilder::new()
            .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n[[finding]]\nid = \"f\"\ntext = \"{{ share('a').min }}\"\nexpect = [\"share('a').min > 0.71\"]\n")
            .evidence("evidence/delivery.csv", "delivery", rows(last))
    };
    let entry = robust(&case("150"));
    let outcome = under(&entry, "reach instead of impressions");
    assert_eq!(outcome.value, Some(Scalar::Share(0.7)));
    assert_eq!(outcome.verdict, Verdict::Fails);
    assert!(
        !choices(&robust(&case("")))
            .iter()
            .any(|choice| choice.contains("reach"))
    );
}

#[test]
fn the_first_of_several_exports_and_each_account_are_tried_on_the_sample() {
    let prepared = casefile::prepare(&sample()).unwrap();
    let entry = &prepared.findings.robustness[0];
    let named = choices(entry);
    assert!(
        named.contains(&"first export instead of the last".to_owned()),
        "{named:?}"
    );
    for account in ["shop", "newsroom"] {
        assert!(named.contains(&format!("only the account \u{201C}{account}\u{201D}")));
    }
    let left_out = named
        .iter()
        .filter(|choice| choice.starts_with("without the ad"))
        .count();
    assert_eq!(left_out, 20, "the ads of both arms that the finding names");
    let blocks = "ads taken as independent, not in blocks".to_owned();
    assert!(named.contains(&blocks), "{named:?}");
    let contacts = choices(&prepared.findings.robustness[3]);
    assert!(
        contacts.contains(&"each known sender counted once".to_owned()),
        "{contacts:?}"
    );
}

#[test]
fn the_analysis_as_reported_comes_first_and_equals_the_results() {
    let prepared = casefile::prepare(&sample()).unwrap();
    for (entry, finding) in prepared
        .findings
        .robustness
        .iter()
        .zip(&prepared.findings.findings)
    {
        assert_eq!(entry.finding, finding.id);
        let first = &entry.outcomes[0];
        assert!(first.steps.is_empty());
        if let Some(label) = &entry.followed {
            let printed = finding.statement.numbers.iter().map(|n| &n.quantity);
            let read = finding.assertions.iter().flat_map(|a| &a.values);
            let own: Vec<&Quantity> = printed.chain(read).filter(|q| q.label == *label).collect();
            assert_eq!(own[0].scalar, first.value);
        }
    }
}

/// The headings and sentences of the robustness section.
fn section(document: &Document) -> String {
    let section = document
        .sections
        .iter()
        .find(|s| s.id == "robustness")
        .unwrap();
    let texts = section.blocks.iter().filter_map(|block| match block {
        Block::Paragraph { text } => Some(plain(text)),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n").replace('\u{A0}', " ")
}

#[test]
fn the_report_says_in_how_many_choices_a_finding_holds_and_when_not() {
    let case = finding(
        "Of impressions, {{ share('a').pooled }} went to men.",
        "\"share('a').pooled > 0.785\"",
    );
    let built = case.build(Edition::Public);
    let told = section(&built.document);
    assert!(
        told.contains("Holds in 1 of 5 choices of analysis; fails in 4, each with one of: unknown gender counted as women / mean of ads and pooled share exchanged. Leaving out each part in turn: holds in 1 of 2 cases; fails in 1: without the ad \u{201C}a2\u{201D}."),
        "{told}"
    );
    let Block::Finding(finding) = &built.document.sections[0].blocks[0] else {
        panic!("no finding");
    };
    let line = plain(finding.robustness.as_deref().unwrap()).replace('\u{A0}', " ");
    assert!(
        line.starts_with("Holds in 1 of 5 choices of analysis; "),
        "{line}"
    );
}

#[test]
fn arms_that_share_all_but_the_creative_differ_by_design() {
    let case = finding("By {{ difference('a', 'b').value }}.", "").evidence(
        "evidence/ads.csv",
        "ads",
        by_design(),
    );
    let findings = findings(&case);
    assert_eq!(
        findings.designs[0].grade,
        Grade::ByDesign,
        "{:?}",
        findings.designs
    );
    assert_eq!(
        findings.findings[0].grade.as_ref().unwrap().0,
        Grade::ByDesign
    );
}

#[test]
fn each_thing_that_differs_or_is_not_recorded_is_named() {
    for (from, to, reason) in [
        (
            "b1,shop,b,item,adults",
            "b1,shop,b,item,women",
            "different between the arms: targeting",
        ),
        (
            "b1,shop",
            "b1,newsroom",
            "different between the arms: advertiser account",
        ),
        (
            "b2,shop,b,item,adults,traffic",
            "b2,shop,b,item,adults,reach",
            "different between the arms: objective",
        ),
        (
            "2025-01-07,10.00,EUR\nb2",
            "2025-01-08,10.00,EUR\nb2",
            "different between the arms: last day",
        ),
        (
            "b1,shop,b,item,adults,traffic,2025-01-01",
            "b1,shop,b,item,adults,traffic,2025-01-02",
            "different between the arms: first day",
        ),
        (
            "10.00,EUR\nb2",
            "20.00,EUR\nb2",
            "different between the arms: budget",
        ),
        (
            "b1,shop,b,item,adults",
            "b1,shop,b,item,",
            "not recorded for every ad: targeting",
        ),
        (
            "b1,shop,b,item",
            "b1,shop,b,",
            "not recorded for every ad: what the ads show",
        ),
    ] {
        let table = by_design();
        assert!(table.contains(from), "{from}");
        let case =
            CaseBuilder::two_arms().evidence("evidence/ads.csv", "ads", table.replace(from, to));
        let design = &findings(&case).designs[0];
        assert_eq!(
            (design.grade, design.reason.as_str()),
            (Grade::OtherThingsDiffer, reason)
        );
    }
}

#[test]
fn arms_of_different_sizes_are_compared_in_proportion() {
    let rows = by_design();
    let more = "a3,shop,a,child,adults,traffic,2025-01-01,2025-01-07,10.00,EUR\n";
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n")
        .evidence("evidence/delivery.csv", "delivery", "ad,gender,impressions\na1,female,1\na1,male,3\na2,female,2\na2,male,8\na3,female,2\na3,male,7\nb1,female,5\nb1,male,1\nb2,female,6\nb2,male,2\n")
        .evidence("evidence/ads.csv", "ads", format!("{rows}{more}"));
    let prepared = case.prepare();
    assert_eq!(prepared.findings.designs[0].grade, Grade::ByDesign);
    let comparisons = casefile::findings::comparisons(&prepared.cube);
    assert!(
        comparisons.iter().all(|c| c.standing == Standing::Same),
        "{comparisons:?}"
    );
}

#[test]
fn one_ad_an_arm_or_no_ads_table_describes_one_test() {
    let bare = findings(&CaseBuilder::two_arms());
    assert_eq!(bare.designs[0].grade, Grade::OneTest);
    let single = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a1\"] }, { id = \"b\", ads = [\"b1\"] }]\n")
        .evidence(
            "evidence/delivery.csv",
            "delivery",
            "ad,gender,impressions\na1,female,100\na1,male,300\nb1,female,500\nb1,male,100\n",
        )
        .evidence("evidence/ads.csv", "ads", by_design());
    let design = &findings(&single).designs[0];
    assert_eq!(design.grade, Grade::OneTest);
    assert!(design.reason.contains("a single ad"), "{}", design.reason);
}

#[test]
fn words_of_cause_beyond_the_design_are_remarked_and_within_it_are_not() {
    let text = "Because of the picture, by {{ difference('a', 'b').value }}.";
    let case = finding(text, "");
    let beyond = findings(&case);
    assert_eq!(beyond.findings[0].causal, ["because"]);
    let notice = &beyond.notices[0];
    assert_eq!(
        (notice.code, notice.locator.row),
        ("causal-wording", Some(13))
    );
    assert!(notice.message.contains("because"), "{}", notice.message);
    let within = findings(&finding(text, "").evidence("evidence/ads.csv", "ads", by_design()));
    assert!(within.findings[0].causal.is_empty() && within.notices.is_empty());
    // A single arm has nothing to be an effect against, whatever the design.
    let one = finding("The picture led to {{ share('a').pooled }}.", "").evidence(
        "evidence/ads.csv",
        "ads",
        by_design(),
    );
    assert_eq!(findings(&one).findings[0].causal, ["led to"]);
    for plain in [
        "Caustic {{ share('a').pooled }}.",
        "The residue to {{ share('a').pooled }}.",
        "Led, not to, {{ share('a').pooled }}.",
    ] {
        assert!(
            findings(&finding(plain, "")).findings[0].causal.is_empty() || plain.starts_with("Led"),
            "{plain}"
        );
    }
}

#[test]
fn the_remark_stands_beside_the_finding_and_among_the_notices() {
    let case = finding("Due to the picture, {{ share('a').pooled }}.", "");
    let built = case.build(Edition::Public);
    let Block::Finding(finding) = &built.document.sections[0].blocks[0] else {
        panic!("no finding");
    };
    let caution = plain(finding.caution.as_deref().unwrap());
    assert!(caution.contains("(due to)"), "{caution}");
    let html = std::str::from_utf8(&built.artifacts.get("report.html").unwrap().bytes).unwrap();
    assert!(
        html.contains("speaks of cause and effect (due to)") && html.contains("causal-wording")
    );
    let notices = std::str::from_utf8(&built.artifacts.get("notices.json").unwrap().bytes).unwrap();
    assert!(notices.contains("causal-wording"));
}

#[test]
fn features_that_are_balanced_one_by_one_and_not_together_are_found() {
    // Each arm has both audiences and both accounts; which goes with which differs.
    let row = |ad: &str, account: &str, targeting: &str| {
        format!(
            "{ad},{account},{0},{0},{targeting},traffic,2025-01-01,2025-01-07,10.00,EUR\n",
            &ad[..1]
        )
    };
    let table = ads(
        "creative,targeting,objective,start,end,budget,currency",
        &[
            row("a1", "n", "men"),
            row("a2", "s", "women"),
            row("b1", "n", "women"),
            row("b2", "s", "men"),
        ]
        .concat(),
    );
    let case = CaseBuilder::two_arms().evidence("evidence/ads.csv", "ads", table);
    let design = &findings(&case).designs[0];
    assert_eq!(design.grade, Grade::OtherThingsDiffer);
    assert!(design.reason.contains("go together"), "{}", design.reason);
}

#[test]
fn ads_of_a_block_that_did_not_run_alike_are_found() {
    let row = |ad: &str, block: &str, targeting: &str| {
        format!(
            "{ad},shop,{0},{block},{0},{targeting},traffic,2025-01-01,2025-01-07,10.00,EUR\n",
            &ad[..1]
        )
    };
    let table = |last: &str| {
        ads(
            "block,creative,targeting,objective,start,end,budget,currency",
            &[
                row("a1", "x", "men"),
                row("a2", "y", "women"),
                row("b1", last, "women"),
                row("b2", if last == "x" { "y" } else { "x" }, "men"),
            ]
            .concat(),
        )
    };
    let graded = |last| {
        let case = CaseBuilder::two_arms().evidence("evidence/ads.csv", "ads", table(last));
        findings(&case).designs.remove(0)
    };
    assert_eq!(graded("y").grade, Grade::ByDesign);
    let crossed = graded("x");
    assert_eq!(crossed.grade, Grade::OtherThingsDiffer);
    assert!(
        crossed
            .reason
            .contains("within the block \u{201C}x\u{201D}"),
        "{}",
        crossed.reason
    );
}

#[test]
fn a_text_in_one_arm_only_and_pictures_in_both_are_no_design() {
    let with = |head: &str, cells: [&str; 4]| {
        let rows: String = ["a1", "a2", "b1", "b2"]
            .iter()
            .zip(cells)
            .map(|(ad, cell)| {
                format!(
                    "{ad},shop,{},{cell},adults,traffic,2025-01-01,2025-01-07,10.00,EUR\n",
                    &ad[..1]
                )
            })
            .collect();
        let table = ads(
            &format!("{head},targeting,objective,start,end,budget,currency"),
            &rows,
        );
        findings(&CaseBuilder::two_arms().evidence("evidence/ads.csv", "ads", table))
            .designs
            .remove(0)
    };
    let texts = with(
        "creative,text",
        ["child,Look", "child,Look", "item,", "item,"],
    );
    assert_eq!(
        (texts.grade, texts.reason.as_str()),
        (
            Grade::OtherThingsDiffer,
            "not recorded for every ad: text of the ad"
        )
    );
    let mixed = with("creative", ["child", "item", "item", "item"]);
    assert_eq!(mixed.grade, Grade::OtherThingsDiffer);
    assert!(
        mixed.reason.contains("some stand in both arms"),
        "{}",
        mixed.reason
    );
    let none = with("creative", ["child 1", "child 2", "item 1", "item 2"]);
    assert!(
        none.grade == Grade::ByDesign && none.reason.contains("no texts of ads"),
        "{}",
        none.reason
    );
}

#[test]
fn days_that_the_exports_contradict_are_remarked_and_lower_the_grade() {
    let export = "ad,gender,impressions,period_start,period_end\na1,female,100,2024-11-04,2024-11-17\na1,male,300,2024-11-04,2024-11-17\na2,female,200,2024-11-04,2024-11-17\na2,male,800,2024-11-04,2024-11-17\nb1,female,500,2024-11-04,2024-11-17\nb1,male,100,2024-11-04,2024-11-17\nb2,female,600,2024-11-04,2024-11-17\nb2,male,200,2024-11-04,2024-11-17\n";
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n")
        .evidence("evidence/delivery.csv", "delivery", export)
        .evidence("evidence/ads.csv", "ads", by_design());
    let prepared = case.prepare();
    assert_eq!(prepared.findings.designs[0].grade, Grade::OtherThingsDiffer);
    assert!(
        prepared
            .cube
            .notices
            .iter()
            .any(|notice| notice.code == "days-disagree")
    );
}

#[test]
fn the_unknown_of_the_first_export_are_those_of_the_first_export() {
    let export = |day: &str, counts: [u64; 6]| {
        let [af, am, au, bf, bm, bu] = counts;
        format!(
            "ad,gender,impressions,period_start,period_end\na1,female,{af},2025-01-01,{day}\na1,male,{am},2025-01-01,{day}\na1,unknown,{au},2025-01-01,{day}\nb1,female,{bf},2025-01-01,{day}\nb1,male,{bm},2025-01-01,{day}\nb1,unknown,{bu},2025-01-01,{day}\n"
        )
    };
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }]\n[[finding]]\nid = \"f\"\ntext = \"{{ share('a').pooled }}\"\nexpect = [\"share('a').pooled > 0.6\"]\n")
        .evidence("evidence/d_2025-01-02_09-00.csv", "delivery", export("2025-01-02", [20, 80, 100, 1, 1, 0]))
        .evidence("evidence/d_2025-01-05_09-00.csv", "delivery", export("2025-01-05", [200, 800, 0, 10, 10, 0]));
    let entry = robust(&case);
    let crossed = under(
        &entry,
        "first export instead of the last; unknown gender counted as women",
    );
    assert_eq!(
        crossed.value,
        Some(Scalar::Share(80.0 / 200.0)),
        "{:?}",
        choices(&entry)
    );
    assert_eq!(crossed.verdict, Verdict::Fails);
    // The last export has no unknown, so alone the choice changes nothing and is not counted.
    assert!(!choices(&entry).contains(&"unknown gender counted as women".to_owned()));
}

#[test]
fn every_named_average_has_its_counterpart_tried() {
    for (expression, least) in [
        ("ratio('a', 'b').value", 1),
        ("benchmark('a').value", 1),
        ("odds_ratio('a', 'b').value", 1),
        ("difference('a', 'b').value", 1),
    ] {
        let case = CaseBuilder::two_arms()
            .replace("[study]\n", "[study]\nbenchmark = { share = 0.3, label = \"l\", source = \"s\" }\n")
            .toml(&format!("[[finding]]\nid = \"f\"\ntext = \"{{{{ {expression} }}}}\"\nexpect = [\"{expression} > 0\"]\n"));
        let tried = choices(&robust(&case));
        let exchanged = tried
            .iter()
            .filter(|choice| choice.contains("exchanged"))
            .count();
        assert!(exchanged >= least, "{expression}: {tried:?}");
    }
}

#[test]
fn a_combination_that_repeats_a_part_of_it_is_not_counted_again() {
    let entry = robust(&finding(
        "{{ share('a').min }} {{ share('a').pooled }}",
        "\"share('a').min > 0.5\"",
    ));
    let mut seen = std::collections::BTreeSet::new();
    for outcome in entry.choices().iter().filter(|o| !o.leaves_out) {
        assert!(seen.insert(outcome.steps.clone()), "{:?}", outcome.steps);
    }
    let told = findings(&finding("{{ share('a').min }}", "")).impossible;
    assert!(
        told.iter()
            .any(|choice| choice.starts_with("reach instead")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|choice| choice.starts_with("the first export")),
        "{told:?}"
    );
}

#[test]
fn an_ad_left_out_of_a_block_leaves_the_other_blocks() {
    let row = |ad: &str, block: &str| {
        format!(
            "{ad},shop,{0},{block},{0},adults,traffic,2025-01-01,2025-01-07,10.00,EUR\n",
            &ad[..1]
        )
    };
    let names = ["a1", "b1", "a2", "b2", "a3", "b3"];
    let table = ads(
        "block,creative,targeting,objective,start,end,budget,currency",
        &names.iter().map(|ad| row(ad, &ad[1..])).collect::<String>(),
    );
    let counts = [(50, 50), (40, 60), (30, 70), (22, 78), (10, 90), (1, 99)];
    let delivery: String = names
        .iter()
        .zip(counts)
        .map(|(ad, (women, men))| format!("{ad},female,{women}\n{ad},male,{men}\n"))
        .collect();
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n[[finding]]\nid = \"f\"\ntext = \"{{ difference('a', 'b').value }}\"\nexpect = [\"difference('a', 'b').high < 0\"]\n")
        .evidence("evidence/delivery.csv", "delivery", format!("ad,gender,impressions\n{delivery}"))
        .evidence("evidence/ads.csv", "ads", table);
    let prepared = case.prepare();
    let results = &prepared.findings.results;
    assert_eq!(
        results.get("difference/a/b/blocks").unwrap().number(),
        Some(3.0)
    );
    let entry = &prepared.findings.robustness[0];
    // The two other pairs remain: -10 and -9 points without the second.
    let Some(Scalar::Points(value)) = under(entry, "without the ad \u{201C}a2\u{201D}").value
    else {
        panic!("no value");
    };
    assert!((value - (-0.095)).abs() < 1e-12, "{value}");
    assert_eq!(
        under(entry, "without the block \u{201C}2\u{201D}").value,
        Some(Scalar::Points(value))
    );
}

#[test]
fn a_drawn_p_value_neither_makes_a_choice_nor_breaks_a_finding_by_its_few_draws() {
    // 14 ads an arm: more arrangements than are looked at one by one.
    let rows: String = (0..14u64)
        .map(|i| {
            format!(
                "a{i},female,{0}\na{i},male,{1}\nb{i},female,{1}\nb{i},male,{0}\n",
                100 + i,
                900 - 3 * i
            )
        })
        .collect();
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n[[finding]]\nid = \"f\"\ntext = \"{{ difference('a', 'b').value }}\"\nexpect = [\"difference('a', 'b').p < 0.0001\"]\n")
        .evidence("evidence/delivery.csv", "delivery", format!("ad,gender,impressions\n{rows}"));
    let entry = robust(&case);
    // No unknown gender, no blocks, no contacts: nothing but the average and the ads themselves.
    assert_eq!(entry.total(false), 1, "{:?}", choices(&entry));
    assert_eq!(
        (entry.count(Verdict::Holds, true), entry.total(true)),
        (28, 28)
    );
}
