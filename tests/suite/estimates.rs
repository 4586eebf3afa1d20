//! What the case makes of the estimators: the right one for the design, refused where the data do
//! not bear it, with everything that a reader needs to judge it.

use crate::support::{CaseBuilder, sample};
use casefile::bundle::Edition;
use casefile::findings::{Quantity, Results};
use serde_json::Value;
use std::sync::Arc;

const ARMS: &str =
    "[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n";

/// Ads named by their arm's letter: women, men.
fn delivery(ads: &[(&str, u64, u64)]) -> CaseBuilder {
    let rows: String = ads
        .iter()
        .map(|(ad, women, men)| format!("{ad},female,{women}\n{ad},male,{men}\n"))
        .collect();
    CaseBuilder::new().toml(ARMS).evidence(
        "evidence/delivery.csv",
        "delivery",
        format!("ad,gender,impressions\n{rows}"),
    )
}

fn results(case: &CaseBuilder) -> Arc<Results> {
    case.prepare().findings.results
}

fn get(results: &Results, id: &str) -> Quantity {
    results.get(id).unwrap_or_else(|| panic!("{id}")).clone()
}

fn number(results: &Results, id: &str) -> f64 {
    get(results, id)
        .number()
        .unwrap_or_else(|| panic!("{id} has no value"))
}

#[test]
fn the_interval_of_an_arm_is_that_of_the_mean_of_its_ads() {
    let results = results(&delivery(&[
        ("a1", 100, 300),
        ("a2", 200, 800),
        ("a3", 30, 70),
        ("b1", 5, 5),
        ("b2", 6, 4),
    ]));
    let mean = get(&results, "share/a/mean").estimate.unwrap();
    assert_eq!(number(&results, "share/a/low"), mean.low.unwrap());
    assert_eq!(number(&results, "share/a/high"), mean.high.unwrap());
    let pooled = get(&results, "share/a/pooled").estimate.unwrap();
    assert_eq!(number(&results, "share/a/pooled_low"), pooled.low.unwrap());
    let next = get(&results, "share/a/prediction").estimate.unwrap();
    let typical = get(&results, "share/a/random_effects").estimate.unwrap();
    assert!(
        next.low < typical.low && typical.high < next.high,
        "the next ad is less certain than the typical one"
    );
}

#[test]
fn one_ad_an_arm_has_no_interval_no_prediction_and_no_p() {
    let results = results(&delivery(&[("a1", 100, 300), ("b1", 500, 100)]));
    for id in [
        "share/a/interval",
        "share/a/prediction",
        "share/a/bootstrap",
        "share/a/tau",
        "difference/a/b/interval",
        "difference/a/b/detectable",
        "odds_ratio/a/b/value",
    ] {
        let quantity = get(&results, id);
        assert!(quantity.scalar.is_none(), "{id}");
        assert!(
            quantity.why.is_some_and(|why| why.len() > 20),
            "{id} says why"
        );
    }
    assert!(
        results.get("difference/a/b/p").is_none(),
        "no data could give another p than 1"
    );
    assert!(get(&results, "difference/a/b/value").scalar.is_some());
}

#[test]
fn all_or_none_has_no_odds_and_no_typical_ad() {
    let results = results(&delivery(&[
        ("a1", 0, 300),
        ("a2", 0, 800),
        ("b1", 500, 0),
        ("b2", 600, 0),
    ]));
    for id in [
        "odds_ratio/a/b/value",
        "odds_ratio/a/b/quasi",
        "share/a/random_effects",
        "share/a/prediction",
    ] {
        let quantity = get(&results, id);
        assert!(
            quantity.scalar.is_none() && quantity.why.is_some(),
            "{id}: {quantity:?}"
        );
    }
    assert_eq!(number(&results, "share/a/mean"), 1.0);
    assert_eq!(number(&results, "difference/a/b/value"), 1.0);
}

#[test]
fn reach_is_added_up_nowhere() {
    let rows = "ad,gender,reach\na1,female,100\na1,male,300\na2,female,200\na2,male,800\nb1,female,500\nb1,male,100\nb2,female,600\nb2,male,200\n";
    let case = CaseBuilder::new()
        .toml(&ARMS.replace("[study]\n", "[study]\nmeasure = \"reach\"\nbenchmark = { share = 0.3, label = \"l\", source = \"s\" }\n"))
        .evidence("evidence/delivery.csv", "delivery", rows);
    let results = results(&case);
    for id in [
        "share/a/pooled",
        "share/a/pooled_interval",
        "share/a/bootstrap",
        "share/a/bounds",
        "share/a/n",
        "difference/a/b/pooled",
        "difference/a/b/pooled_low",
        "ratio/a/b/pooled",
        "odds_ratio/a/b/quasi",
        "odds_ratio/a/b/quasi_interval",
        "benchmark/a/pooled",
    ] {
        let quantity = get(&results, id);
        assert!(
            quantity.scalar.is_none() && quantity.estimate.is_none(),
            "{id}"
        );
        assert!(quantity.why.unwrap().contains("Reach"), "{id}");
    }
    for id in [
        "share/a/mean",
        "share/a/interval",
        "difference/a/b/value",
        "ratio/a/b/value",
        "benchmark/a/value",
    ] {
        assert!(get(&results, id).scalar.is_some(), "{id}");
    }
}

/// The same shares of totals that are a thousand times as large.
const SHARES: [(&str, u64, u64); 5] = [
    ("a1", 250, 750),
    ("a2", 200, 800),
    ("a3", 310, 690),
    ("b1", 500, 500),
    ("b2", 600, 400),
];

#[test]
fn of_published_shares_only_what_no_total_could_change_is_said() {
    let arms = ARMS.replace(
        "[study]\n",
        "[study]\nbenchmark = { share = 0.3, label = \"l\", source = \"s\" }\n",
    );
    let with = |factor: u64| {
        let rows = SHARES.map(|(ad, women, men)| {
            format!(
                "{ad},female,{}\n{ad},male,{}\n",
                women * factor,
                men * factor
            )
        });
        let table = format!("ad,gender,impressions\n{}", rows.concat());
        results(&CaseBuilder::new().toml(&arms).evidence(
            "evidence/delivery.csv",
            "delivery",
            table,
        ))
    };
    let rows: String = SHARES
        .iter()
        .map(|(ad, women, men)| format!("{ad},female,0.{women}\n{ad},male,0.{men}\n"))
        .collect();
    let case = CaseBuilder::new()
        .toml(&arms.replace("[study]\n", "[study]\nmeasure = \"shares\"\n"))
        .evidence(
            "evidence/delivery.csv",
            "delivery",
            format!("ad,gender,share\n{rows}"),
        );
    let published = results(&case);
    let (small, large) = (with(1), with(1000));
    let mut told = 0;
    for quantity in small.iter() {
        let id = quantity.id.as_str();
        let same = large.get(id).map(|other| &other.scalar) == Some(&quantity.scalar);
        let own = get(&published, id);
        if !same {
            assert!(own.scalar.is_none() && own.estimate.is_none(), "{id}");
        } else if own.scalar.is_some() {
            told += 1;
        }
    }
    assert!(told > 30, "{told}");
    assert_eq!(
        number(&published, "share/a/mean"),
        number(&small, "share/a/mean")
    );
    let ad = get(&published, "share/a/ad/a1");
    assert_eq!(ad.number(), Some(0.75));
    assert!(ad.estimate.is_none(), "an interval would need a total");
}

#[test]
fn impressions_of_an_ad_never_pass_for_independent_in_what_is_said_of_arms() {
    let results = casefile::prepare(&sample()).unwrap().findings.results;
    let stratified = get(&results, "odds_ratio/child/item/stratified")
        .estimate
        .unwrap();
    assert!(stratified.value.is_some() && stratified.low.is_none() && stratified.p.is_none());
    assert!(
        results
            .get("odds_ratio/child/item/stratified_low")
            .is_none()
    );
}

#[test]
fn a_benchmark_that_is_a_range_is_carried_through_and_ties_say_nothing() {
    let case = |benchmark: &str| {
        delivery(&[
            ("a1", 70, 30),
            ("a2", 60, 40),
            ("a3", 50, 50),
            ("a4", 20, 80),
            ("b1", 5, 5),
        ])
        .replace(
            "[study]\n",
            &format!("[study]\nbenchmark = {{ {benchmark}, label = \"l\", source = \"s\" }}\n"),
        )
    };
    let range = results(&case("low = 0.35, high = 0.5"));
    assert!(get(&range, "benchmark/share").scalar.is_none());
    let mean = number(&range, "share/a/mean");
    let own = get(&range, "benchmark/a/value");
    assert!(own.scalar.is_none() && own.why.unwrap().contains("range"));
    let json = casefile::findings::Scalar::PointsInterval(mean - 0.5, mean - 0.35);
    assert_eq!(get(&range, "benchmark/a/range").scalar, Some(json));
    let estimate = get(&range, "share/a/mean").estimate.unwrap();
    assert_eq!(
        number(&range, "benchmark/a/low"),
        estimate.low.unwrap() - 0.5
    );
    assert_eq!(
        number(&range, "benchmark/a/high"),
        estimate.high.unwrap() - 0.35
    );
    // One above, one below; two within the range are neither.
    assert_eq!(
        (
            number(&range, "benchmark/a/ads_above"),
            number(&range, "benchmark/a/ads_below")
        ),
        (1.0, 1.0)
    );
    assert_eq!(number(&range, "benchmark/a/p"), 1.0);
    let single = results(&case("share = 0.2"));
    assert!(single.get("benchmark/a/range").is_none());
    assert_eq!(
        number(&single, "benchmark/a/value"),
        number(&single, "share/a/mean") - 0.2
    );
    assert!(
        (number(&single, "benchmark/a/p") - 0.125).abs() < 1e-12,
        "four of four"
    );
    for wrong in [
        "low = 0.5, high = 0.35",
        "low = 0.2",
        "share = 0.9, low = 0.1, high = 0.2",
    ] {
        assert!(
            case(wrong).only_problem().contains("study-benchmark"),
            "{wrong}"
        );
    }
}

/// Contacts about ads: which ad, and the sender.
fn contacts(log: &[(&str, &str)]) -> CaseBuilder {
    let rows: String = log
        .iter()
        .enumerate()
        .map(|(index, (ad, sender))| {
            format!("E{index},2025-01-02 10:{index:02},UTC,message,in,{ad},{sender}\n")
        })
        .collect();
    delivery(&[
        ("a1", 500, 500),
        ("a2", 400, 600),
        ("b1", 700, 300),
        ("b2", 800, 200),
    ])
    .evidence(
        "evidence/contacts.csv",
        "contacts",
        format!(
            "event_id,received_at_local,timezone,channel,direction,ad_id,sender_pseudonym\n{rows}"
        ),
    )
}

#[test]
fn rates_have_the_ad_as_the_unit_beside_the_exact_interval() {
    let results = results(&contacts(&[
        ("a1", "P1"),
        ("a1", "P1"),
        ("a1", "P2"),
        ("a2", "P3"),
        ("b1", "P4"),
    ]));
    assert_eq!(number(&results, "rate/contacts/a/value"), 2.0);
    assert_eq!(number(&results, "rate/people/a/value"), 1.5);
    assert_eq!(number(&results, "rate/contacts/a/by_ad"), 2.0);
    // Rates of 3 and 1 in a thousand: t(1) times the error between two ads, cut at none.
    assert_eq!(number(&results, "rate/contacts/a/ad_low"), 0.0);
    let half = 12.706_204_736_432_095 * 1.0;
    assert!((number(&results, "rate/contacts/a/ad_high") - (2.0 + half)).abs() < 1e-9);
    assert_eq!(number(&results, "rate_ratio/contacts/a/b/value"), 4.0);
    assert_eq!(number(&results, "rate_ratio/contacts/a/b/by_ad"), 4.0);
    let p = get(&results, "rate_ratio/contacts/a/b/p").estimate.unwrap();
    // 4 and 1 of 5 at even exposure.
    assert!(p.n == 5 && (p.value.unwrap() - 0.375).abs() < 1e-12);
}

#[test]
fn people_without_a_sender_are_bounded_and_not_counted_as_none() {
    let results = results(&contacts(&[
        ("a1", "P1"),
        ("a1", ""),
        ("a2", ""),
        ("b1", "P4"),
    ]));
    let people = get(&results, "rate/people/a/value");
    assert!(people.scalar.is_none());
    assert!(
        people
            .why
            .unwrap()
            .starts_with("2 of these contacts have no sender")
    );
    let contacts = get(&results, "rate/contacts/a/value").estimate.unwrap();
    let estimate = people.estimate.unwrap();
    assert_eq!(estimate.high, contacts.high, "each may be somebody else");
    assert!(estimate.low < contacts.low, "or nobody new");
    let ratio = get(&results, "rate_ratio/people/a/b/value");
    assert!(ratio.scalar.is_none() && ratio.why.unwrap().contains("no sender"));
    assert!(results.get("rate_ratio/people/a/b/p").is_none());
}

#[test]
fn no_contact_in_the_second_arm_leaves_a_lower_limit_of_the_ratio() {
    let results = results(&contacts(&[("a1", "P1"), ("a1", "P2"), ("a2", "P3")]));
    let ratio = get(&results, "rate_ratio/contacts/a/b/value");
    assert!(ratio.scalar.is_none() && ratio.why.is_some());
    assert!(number(&results, "rate_ratio/contacts/a/b/low") > 0.0);
    assert!(
        get(&results, "rate_ratio/contacts/a/b/high")
            .scalar
            .is_none()
    );
}

#[test]
fn blocks_that_are_declared_in_part_are_not_used_and_say_so() {
    let table = |last: &str| format!("ad,arm,block\na1,a,1\na2,a,2\nb1,b,1\nb2,b,{last}\n");
    let with = |last: &str| {
        let case = delivery(&[
            ("a1", 10, 90),
            ("a2", 30, 70),
            ("b1", 30, 70),
            ("b2", 55, 45),
        ]);
        results(&case.evidence("evidence/ads.csv", "ads", table(last)))
    };
    let whole = with("2");
    assert_eq!(number(&whole, "difference/a/b/blocks"), 2.0);
    assert!(whole.get("difference/a/b/unblocked_interval").is_some());
    let partly = with("");
    let blocks = get(&partly, "difference/a/b/blocks");
    assert!(blocks.scalar.is_none() && blocks.why.unwrap().contains("does not put each"));
    let told = delivery(&[
        ("a1", 10, 90),
        ("a2", 30, 70),
        ("b1", 30, 70),
        ("b2", 55, 45),
    ])
    .evidence("evidence/ads.csv", "ads", table(""))
    .prepare();
    assert!(
        told.cube
            .notices
            .iter()
            .any(|notice| notice.code == "blocks-in-part")
    );
    // An incomplete block is left out; the other remains.
    let odd = with("3");
    assert_eq!(number(&odd, "difference/a/b/blocks"), 1.0);
    assert_eq!(number(&odd, "difference/a/b/blocks_left_out"), 2.0);
    assert!((number(&odd, "difference/a/b/value") - 0.2).abs() < 1e-12);
}

#[test]
fn p_values_of_several_contrasts_are_adjusted_for_their_number() {
    let results = casefile::prepare(&sample()).unwrap().findings.results;
    let p = |name: &str| number(&results, &format!("difference/child/item/{name}"));
    assert_eq!(p("p_holm"), (2.0 * p("p")).min(1.0));
    assert_eq!(
        p("p_bh"),
        p("p"),
        "both contrasts have the smallest p that pairs give"
    );
    assert_eq!(p("p"), 2.0 / 1024.0);
    assert_eq!(p("arrangements"), 1024.0);
}

#[test]
fn every_estimate_carries_what_a_reader_needs_to_judge_it() {
    let built = casefile::build(&sample(), Edition::Public).unwrap();
    let bytes = &built.artifacts.get("statistics.json").unwrap().bytes;
    let statistics: Value = serde_json::from_slice(bytes).unwrap();
    let estimates = statistics["estimates"].as_array().unwrap();
    let mut inferred = 0;
    for estimate in estimates {
        let id = estimate["id"].as_str().unwrap();
        for field in [
            "value",
            "low",
            "high",
            "level",
            "n",
            "units",
            "method",
            "assumptions",
            "sources",
        ] {
            assert!(estimate.get(field).is_some(), "{id} lacks {field}");
        }
        let method = estimate["method"].as_str().unwrap();
        if ["count", "plain"].contains(&method) {
            continue;
        }
        inferred += 1;
        assert!(
            estimate["n"].is_u64() && estimate["units"].is_string(),
            "{id}: {estimate}"
        );
        assert!(
            !estimate["assumptions"].as_array().unwrap().is_empty(),
            "{id}"
        );
        assert!(!estimate["sources"].as_array().unwrap().is_empty(), "{id}");
        assert!(
            !estimate["method_source"].as_str().unwrap().is_empty(),
            "{id}"
        );
        assert_eq!(
            estimate["low"].is_number()
                && estimate["high"].is_number()
                && estimate["method"] != "worst-case-bounds"
                && estimate["method"] != "range-bounds"
                && !id.ends_with("/range"),
            estimate["level"].is_number()
                && estimate["low"].is_number()
                && estimate["high"].is_number(),
            "{id}"
        );
        // A p-value stands beside its estimate, or is one with its number of units.
        if id.ends_with("/p") {
            assert!(estimate["n"].as_u64().unwrap() > 0, "{id}");
        }
    }
    assert!(inferred > 200, "{inferred}");
    // What prose asked for beyond the standard results is there too.
    let ids: Vec<&str> = estimates
        .iter()
        .map(|e| e["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.contains(&"contacts/arm=child,category=REQ_CONTACT/count"),
        "{ids:?}"
    );
}

#[test]
fn relabelling_the_genders_mirrors_every_share_and_turns_every_difference() {
    let male = delivery(&[
        ("a1", 100, 300),
        ("a2", 200, 800),
        ("a3", 10, 40),
        ("b1", 500, 100),
        ("b2", 600, 200),
    ]);
    let female = delivery(&[
        ("a1", 100, 300),
        ("a2", 200, 800),
        ("a3", 10, 40),
        ("b1", 500, 100),
        ("b2", 600, 200),
    ])
    .replace("[study]\n", "[study]\noutcome = \"female\"\n");
    let (male, female) = (results(&male), results(&female));
    let close = |a: f64, b: f64, id: &str| assert!((a - b).abs() < 1e-9, "{id}: {a} {b}");
    for (id, mirrored) in [
        ("mean", "mean"),
        ("pooled", "pooled"),
        ("low", "high"),
        ("high", "low"),
        ("min", "max"),
        ("max", "min"),
        ("median", "median"),
        ("random_effects", "random_effects"),
        ("random_effects_low", "random_effects_high"),
        ("prediction_low", "prediction_high"),
        ("pooled_low", "pooled_high"),
    ] {
        let (own, other) = (format!("share/a/{id}"), format!("share/a/{mirrored}"));
        close(number(&male, &own), 1.0 - number(&female, &other), &own);
    }
    for (id, mirrored) in [("value", "value"), ("low", "high"), ("pooled", "pooled")] {
        let (own, other) = (
            format!("difference/a/b/{id}"),
            format!("difference/a/b/{mirrored}"),
        );
        close(number(&male, &own), -number(&female, &other), &own);
    }
    close(
        number(&male, "odds_ratio/a/b/value"),
        1.0 / number(&female, "odds_ratio/a/b/value"),
        "odds ratio",
    );
    assert_eq!(
        number(&male, "difference/a/b/p"),
        number(&female, "difference/a/b/p")
    );
}

#[test]
fn arms_with_any_name_keep_their_paths() {
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"photo\", ads = [\"a*\"] }, { id = \"plain\", ads = [\"b*\"] }]\n")
        .evidence("evidence/delivery.csv", "delivery", "ad,gender,impressions\na1,female,10\na1,male,90\na2,female,30\na2,male,70\nb1,female,50\nb1,male,50\nb2,female,60\nb2,male,40\n");
    let results = results(&case);
    assert!(
        number(&results, "difference/photo/plain/p_holm")
            >= number(&results, "difference/photo/plain/p")
    );
    for quantity in results.iter() {
        assert!(!quantity.id.contains("p_holmhoto"), "{}", quantity.id);
    }
}

#[test]
fn what_has_two_ends_cannot_be_compared() {
    let case = |expect: &str| {
        CaseBuilder::two_arms().toml(&format!("[[finding]]\nid = \"f\"\ntext = \"{{{{ share('a').pooled }}}}\"\nexpect = [\"{expect}\"]\n"))
    };
    for wrong in [
        "share('a').interval < 0.001",
        "share('a').range > 0.5",
        "difference('a', 'b').bounds > 0",
        "share('a').prediction > 0",
    ] {
        let told = case(wrong).only_problem();
        assert!(
            told.contains("has two ends and cannot be compared"),
            "{wrong}: {told}"
        );
    }
    assert!(
        case("share('a').low < share('a').high")
            .problems()
            .is_empty()
    );
}

#[test]
fn a_part_of_an_arm_rests_on_its_own_rows_and_is_told_by_itself() {
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }]\n[[finding]]\nid = \"f\"\ntext = \"On that day {{ share('a', day='2025-01-02').pooled }}.\"\n")
        .evidence("evidence/d.csv", "delivery", "ad,day,gender,impressions\na1,2025-01-01,female,100\na1,2025-01-01,male,300\na1,2025-01-02,female,300\na1,2025-01-02,male,100\n");
    let built = case.build(Edition::Public);
    let statistics = &built.artifacts.get("statistics.json").unwrap().bytes;
    let statistics: Value = serde_json::from_slice(statistics).unwrap();
    let own = statistics["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["id"] == "share/a/day=2025-01-02/pooled")
        .unwrap();
    assert_eq!(own["sources"][0]["rows"], "4\u{2013}5");
    let casefile::document::Block::Finding(finding) = &built.document.sections[0].blocks[0] else {
        panic!("no finding");
    };
    let how = casefile::document::plain(&finding.how_we_know[0]);
    assert!(how.contains("25.0") && how.contains("400"), "{how}");
}

#[test]
fn a_confidential_ads_table_gives_away_no_name_of_an_account_or_block() {
    let table = "ad,account,arm,block,creative,targeting,objective,start,end,budget,currency\n\
        a1,HIDDENSHOP,a,HIDDENBLOCK,child,x,traffic,2025-01-01,2025-01-07,10.00,EUR\n\
        a2,OTHERSHOP,a,OTHERBLOCK,child,x,traffic,2025-01-01,2025-01-07,10.00,EUR\n\
        b1,HIDDENSHOP,b,HIDDENBLOCK,item,y,traffic,2025-01-01,2025-01-07,10.00,EUR\n\
        b2,OTHERSHOP,b,OTHERBLOCK,item,x,traffic,2025-01-01,2025-01-07,10.00,EUR\n";
    let case = CaseBuilder::two_arms()
        .evidence("evidence/ads.csv", "ads", table)
        .toml("confidential = true\n[[finding]]\nid = \"f\"\ntext = \"By {{ difference('a', 'b').value }}.\"\nexpect = [\"difference('a', 'b').value > 0\"]\n");
    let built = case.build(Edition::Public);
    for (path, artifact) in built.artifacts.iter() {
        let text = String::from_utf8_lossy(&artifact.bytes);
        for name in ["HIDDENSHOP", "OTHERSHOP", "HIDDENBLOCK", "OTHERBLOCK"] {
            assert!(!text.contains(name), "{path} names {name}");
        }
    }
    let html =
        String::from_utf8_lossy(&built.artifacts.get("report.html").unwrap().bytes).into_owned();
    assert!(html.contains("account 1") && html.contains("block 1"));
}
