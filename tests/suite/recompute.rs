//! What stands in `recompute.sql` and `recompute.py`, and what running a bundle again says.
//!
//! That they recompute is held by `.ci/recompute`, which runs them with DuckDB.

use crate::support::{CaseBuilder, root, sample};
use casefile::again::{self, Files};
use casefile::bundle::Edition;
use casefile::verify::{Check, Outcome};
use serde_json::{Value, json};

const SQL: &str = "recompute.sql";

fn sql(case: &CaseBuilder, edition: Edition) -> String {
    let built = case.build(edition);
    let file = built.artifacts.get(SQL).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

/// The files of a bundle, as they stand in its folder.
fn files(case: &CaseBuilder, edition: Edition) -> (Files, Vec<u8>) {
    let zip = case.build(edition).bundle.bytes;
    (again::unpack(&zip).unwrap(), zip)
}

/// Verdict, subject and words of each check.
fn told(checks: &[Check]) -> Vec<String> {
    let told = checks.iter().map(|check| {
        let (verdict, words) = match &check.outcome {
            Outcome::Passed { detail } => ("passed", detail),
            Outcome::Failed { reason } => ("failed", reason),
            Outcome::NotChecked { reason } => ("not checked", reason),
            Outcome::Rebuilt { reasons } => panic!("no container is packed here: {reasons:?}"),
        };
        format!("{verdict} {}: {words}", check.subject)
    });
    told.collect()
}

#[test]
fn both_editions_hold_the_sql_and_the_same_script() {
    let script = std::fs::read(root().join("templates/recompute/recompute.py")).unwrap();
    for edition in [Edition::Public, Edition::Full] {
        let built = casefile::build(&sample(), edition).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(built.artifacts.get("recompute.py").unwrap().bytes, script);
        let sql = &built.artifacts.get(SQL).unwrap().bytes;
        let text = std::str::from_utf8(sql).unwrap();
        assert!(
            !text.contains(env!("CARGO_MANIFEST_DIR")),
            "the SQL holds a path of this machine"
        );
        let again = casefile::build(&sample(), edition).unwrap_or_else(|error| panic!("{error}"));
        assert!(
            again.artifacts.get(SQL).unwrap().bytes == *sql,
            "two builds differ"
        );
    }
}

#[test]
fn the_sql_maps_headings_and_words_that_a_reader_can_check() {
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"Ring *\"] }]\n")
        .evidence(
            "evidence/d.csv",
            "delivery",
            "ad;gender;impressions\nRing 1;Frauen;1.200\nRing 1;Männer;300\nRing 2;Frauen;5\nRing 2;Männer;6\n",
        )
        .toml("decimal = \",\"\n");
    let sql = sql(&case, Edition::Public);
    for expected in [
        "read_csv('evidence/EX-001_d.csv', auto_detect = false, header = false, delim = ';'",
        "clean(c1) = 'ad' AND clean(c2) = 'gender' AND clean(c3) = 'impressions'",
        "(1, 'gender', 'Frauen', 'female'),",
        "(1, 'gender', 'Männer', 'male');",
        "tally(c3, ',')",
        "(1, 'a', 'a', 'Ring .*');",
    ] {
        assert!(sql.contains(expected), "`{expected}` is not in:\n{sql}");
    }
}

#[test]
fn files_that_duckdb_does_not_read_alone_are_named_for_the_script() {
    let latin = b"ad,gender,impressions\na\xfc,female,1\na\xfc,male,2\n";
    let case = CaseBuilder::new().evidence("evidence/d.csv", "delivery", latin);
    let sql = sql(&case, Edition::Public);
    assert!(sql.contains("(1, 'evidence/EX-001_d.csv', 'cp1252', ',', NULL, 3)"));
    assert!(sql.contains(
        "CREATE TEMP TABLE IF NOT EXISTS cells_1 (n BIGINT, c1 VARCHAR, c2 VARCHAR, c3 VARCHAR);"
    ));
    // The script splits the SQL at this line.
    let mark =
        "-- == The files that DuckDB does not read by itself are prepared here by recompute.py. ==";
    assert_eq!(sql.lines().filter(|line| *line == mark).count(), 1);
    assert!(
        std::fs::read_to_string(root().join("templates/recompute/recompute.py"))
            .unwrap()
            .contains(mark)
    );
}

#[test]
fn events_of_a_download_are_named_as_not_read() {
    let backup = "<?xml version='1.0'?><calls count=\"1\"><call number=\"+15550100\" duration=\"0\" date=\"1709290800000\" type=\"3\" /></calls>";
    let case = CaseBuilder::two_arms().evidence("evidence/calls.xml", "contacts", backup);
    let sql = sql(&case, Edition::Full);
    assert!(
        sql.contains("'unread', 'events are joined from several files, or transcribed'"),
        "{sql}"
    );
}

#[test]
fn no_word_of_the_evidence_breaks_out_of_its_literal() {
    let heading = "a'd\"; DROP TABLE x; --";
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", label = \"O'Hara\\u202E\", ads = [\"x'*\"] }]\n")
        .evidence(
            "evidence/d'.csv",
            "delivery",
            format!(
                "\"{}\",gender,impressions\n\"x')\n.shell id\",fem'ale,1\n\"x')\n.shell id\",male,2\n=1+1,male,3\n",
                heading.replace('"', "\"\"")
            ),
        )
        .toml(
            "columns = { ad = \"a'd\\\"; DROP TABLE x; --\" }\nvalues = { gender = { \"fem'ale\" = \"female\" } }\n",
        );
    let sql = sql(&case, Edition::Full);
    assert!(sql.contains("'evidence/EX-001_d_.csv'"));
    assert!(sql.contains("clean(c1) = 'a''d\"; DROP TABLE x; --'"));
    assert!(sql.contains("('O''Hara' || chr(8238))"));
    assert!(
        sql.contains("'x\\''.*'"),
        "the pattern of the arm is quoted: {sql}"
    );
    assert!(sql.contains("'fem''ale', 'female'"));
    // Names of ads stand in the raw file only.
    assert!(!sql.contains(".shell id"));
}

#[test]
fn withheld_files_are_known_by_their_exhibit_alone() {
    let case = CaseBuilder::two_arms().evidence(
        "evidence/letters-of-quagga.csv",
        "contacts",
        "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,quagga_river\n",
    );
    let public = sql(&case, Edition::Public);
    assert!(!public.contains("quagga"));
    assert!(public.contains("'EX-002', 'contacts', 'tidy-contacts', NULL, 'withheld'"));
    let full = sql(&case, Edition::Full);
    assert!(full.contains("'evidence/EX-002_letters-of-quagga.csv'"));
    assert!(!full.contains("quagga_river"));
}

#[test]
fn a_sender_with_a_name_that_is_a_word_of_the_sql_stops_no_public_edition() {
    let case = CaseBuilder::two_arms().evidence(
        "evidence/log.csv",
        "contacts",
        "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,gendered\nE2,2024-11-04 07:30,a1,extract_statements\n",
    );
    let public = case.build(Edition::Public);
    let script = &public.artifacts.get("recompute.py").unwrap().bytes;
    assert!(String::from_utf8_lossy(script).contains("extract_statements"));
    assert!(sql(&case, Edition::Public).contains("gendered"));
}

#[test]
fn a_full_edition_computes_and_builds_again_to_the_same_bytes() {
    let case = CaseBuilder::two_arms().report("Of men: {{ share('a').pooled }}.");
    let (files, zip) = files(&case, Edition::Full);
    let checks = again::recompute(&files);
    assert_eq!(checks.len(), 1, "{:#?}", told(&checks));
    assert!(
        matches!(checks[0].outcome, Outcome::Passed { .. }),
        "{:#?}",
        told(&checks)
    );
    let checks = again::rebuild(&files, Some(&zip));
    assert_eq!(checks.len(), 2, "{:#?}", told(&checks));
    assert!(
        checks
            .iter()
            .all(|check| matches!(check.outcome, Outcome::Passed { .. }))
    );
}

/// A signed bundle: its zip is no longer the one that was built, so its files alone are compared.
fn signed(case: &CaseBuilder) -> (Files, Vec<u8>) {
    let (mut files, zip) = files(case, Edition::Full);
    files.insert("signatures/1.sig".into(), b"a signature\n".to_vec());
    (files, zip)
}

#[test]
fn a_file_that_only_the_bundle_holds_is_named_by_building_again() {
    let (mut files, zip) = signed(&CaseBuilder::two_arms());
    let untouched = told(&again::rebuild(&files, Some(&zip)));
    assert_eq!(untouched.len(), 1, "{untouched:#?}");
    assert!(
        untouched[0].starts_with("passed bundle: "),
        "{untouched:#?}"
    );

    for added in ["data/report-final.html", "notes.txt"] {
        files.insert(added.into(), b"<h1>An invented finding.</h1>\n".to_vec());
    }
    let added = told(&again::rebuild(&files, Some(&zip)));
    let only = "the bundle holds this file, which building again does not give";
    assert_eq!(
        added,
        [
            format!("failed data/report-final.html: {only}"),
            format!("failed notes.txt: {only}")
        ]
    );
}

#[test]
fn each_list_and_tag_file_is_compared_with_the_one_built_again() {
    let (mut files, zip) = signed(&CaseBuilder::two_arms());
    let mut lists = [
        "data/casefile.json",
        "data/ro-crate-metadata.json",
        "data/datapackage.json",
        "bag-info.txt",
        "bagit.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "SHA256SUMS",
    ];
    lists.sort_unstable();
    for path in lists {
        files.get_mut(path).unwrap().push(b'\n');
    }
    let expected = lists.map(|path| format!("failed {path}: building it again gives other bytes"));
    assert_eq!(told(&again::rebuild(&files, Some(&zip))), expected);

    // Without the list of files nothing could be read at all.
    let read = "data/casefile.json";
    for path in lists.into_iter().filter(|path| *path != read) {
        files.remove(path);
    }
    let lacking = told(&again::rebuild(&files, None));
    assert_eq!(lacking.len(), lists.len(), "{lacking:#?}");
    for path in lists.into_iter().filter(|path| *path != read) {
        let expected =
            format!("failed {path}: building again gives this file, which the bundle lacks");
        assert!(lacking.contains(&expected), "{path}: {lacking:#?}");
    }
}

#[test]
fn a_changed_count_is_told_by_the_estimates_that_rest_on_it() {
    let (mut files, _) = files(&CaseBuilder::two_arms(), Edition::Full);
    let raw = files.get_mut("data/evidence/EX-001_delivery.csv").unwrap();
    *raw = String::from_utf8(raw.clone())
        .unwrap()
        .replace("a1,male,300", "a1,male,301")
        .into_bytes();
    let told = told(&again::recompute(&files));
    assert!(
        told.iter()
            .any(|line| line.starts_with("failed share/a/k: ")
                && line.contains("1100 and computes to 1101")),
        "{told:#?}"
    );
    assert!(
        !told.iter().any(|line| line.contains("share/b/k")),
        "{told:#?}"
    );
}

#[test]
fn what_rests_on_withheld_evidence_is_neither_equal_nor_different() {
    let case = CaseBuilder::two_arms().evidence(
        "evidence/log.csv",
        "contacts",
        "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,okapi_3\n",
    );
    let (files, _) = files(&case, Edition::Public);
    let checks = again::recompute(&files);
    let told = told(&checks);
    assert!(
        !told.iter().any(|line| line.starts_with("failed")),
        "{told:#?}"
    );
    assert!(
        told.iter()
            .any(|line| line.ends_with("raw evidence is withheld in this edition: EX-002")),
        "{told:#?}"
    );
    let rebuilt = again::rebuild(&files, None);
    assert!(
        matches!(&rebuilt[..], [Check { outcome: Outcome::NotChecked { reason }, .. }] if reason.contains("EX-002"))
    );
}

/// Changes a JSON file of a bundle, as a forger does who then lists it anew.
fn forge(files: &mut Files, path: &str, change: impl FnOnce(&mut Value)) {
    let bytes = files.get_mut(path).unwrap();
    let mut value: Value = serde_json::from_slice(bytes).unwrap();
    change(&mut value);
    *bytes = serde_json::to_vec(&value).unwrap();
}

/// The public edition of a case with a contact log, which is withheld as EX-002.
fn without_its_log() -> Files {
    let case = CaseBuilder::two_arms().evidence(
        "evidence/log.csv",
        "contacts",
        "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,okapi_3\n",
    );
    files(&case, Edition::Public).0
}

#[test]
fn estimates_that_a_public_edition_lacks_are_named_where_their_evidence_is_here() {
    let lacks = |id: &str| {
        format!("failed {id}: computing again gives this estimate, which the bundle lacks")
    };
    for kept in [0, 3] {
        let mut files = without_its_log();
        forge(&mut files, "data/statistics.json", |statistics| {
            let estimates = statistics["estimates"].as_array_mut().unwrap();
            // Those that are kept rest on the log, so that nothing can be said of them.
            estimates.retain(|own| own["id"].as_str().unwrap().starts_with("contacts/"));
            estimates.truncate(kept);
        });
        let told = told(&again::recompute(&files));
        for id in ["share/a/pooled", "difference/a/b/value", "study/ads"] {
            assert!(told.contains(&lacks(id)), "{id}: {told:#?}");
        }
        assert!(
            !told
                .iter()
                .any(|line| line.starts_with("failed contacts/") || line.starts_with("failed rate")),
            "{told:#?}"
        );
    }
}

#[test]
fn naming_a_withheld_exhibit_keeps_no_estimate_from_being_compared() {
    let mut files = without_its_log();
    forge(&mut files, "data/statistics.json", |statistics| {
        let estimates = statistics["estimates"].as_array_mut().unwrap();
        let pooled = estimates
            .iter_mut()
            .find(|own| own["id"] == "share/a/pooled")
            .unwrap();
        pooled["value"] = json!(0.123456);
        pooled["sources"] = json!([{ "exhibit": "EX-002" }]);
    });
    let told = told(&again::recompute(&files));
    assert!(
        told.iter()
            .any(|line| line.starts_with("failed share/a/pooled: value is 0.123456")),
        "{told:#?}"
    );
}

#[test]
fn an_exhibit_may_be_missing_only_where_the_list_calls_it_withheld() {
    let (original, zip) = files(&CaseBuilder::two_arms(), Edition::Full);
    let mut invented = original.clone();
    forge(&mut invented, "data/notices.json", |notices| {
        let sources = notices["sources"].as_array_mut().unwrap();
        sources.push(json!({ "exhibit": "EX-099", "kind": "delivery" }));
    });
    let mut gone = original.clone();
    gone.remove("data/evidence/EX-001_delivery.csv").unwrap();
    let mut unnamed = original;
    forge(&mut unnamed, "data/notices.json", |notices| {
        notices["sources"][0]["file"] = Value::Null;
    });
    for (files, exhibit) in [(invented, "EX-099"), (gone, "EX-001"), (unnamed, "EX-001")] {
        let expected = format!(
            "data: notices.json lists {exhibit}, which casefile.json does not call withheld"
        );
        for checks in [again::recompute(&files), again::rebuild(&files, Some(&zip))] {
            let told = told(&checks);
            assert_eq!(told.len(), 1, "{told:#?}");
            assert!(
                told[0].starts_with(&format!("failed {expected}")),
                "{told:#?}"
            );
        }
    }
}

#[test]
fn where_nothing_can_be_compared_that_is_said() {
    let (mut files, _) = files(&CaseBuilder::two_arms(), Edition::Full);
    files.remove("data/evidence/EX-001_delivery.csv").unwrap();
    forge(&mut files, "data/casefile.json", |list| {
        list["withheld"] = json!([{ "exhibit": "EX-001" }]);
    });
    forge(&mut files, "data/statistics.json", |statistics| {
        statistics["estimates"] = json!([]);
    });
    let told = told(&again::recompute(&files));
    assert!(
        told.iter()
            .any(|line| line.starts_with("not checked statistics.json: ")),
        "{told:#?}"
    );
    assert!(
        !told.iter().any(|line| line.starts_with("passed")),
        "{told:#?}"
    );
}

#[test]
fn the_public_edition_of_the_sample_recomputes_without_a_difference() {
    let built = casefile::build(&sample(), Edition::Public).unwrap();
    let told = told(&again::recompute(&built.bundle.files));
    assert!(told[0].starts_with("passed statistics.json: "), "{told:#?}");
    assert!(
        told[1..]
            .iter()
            .all(|line| line.starts_with("not checked statistics.json: ")
                && line.contains("raw evidence is withheld in this edition: ")),
        "{told:#?}"
    );
}

#[test]
fn arms_of_a_withheld_ads_table_are_not_called_different() {
    let case = CaseBuilder::new()
        .toml("[study]\noutcome = \"male\"\n")
        .evidence(
            "evidence/d.csv",
            "delivery",
            "ad,gender,impressions\nx1,female,10\nx1,male,30\ny1,female,20\ny1,male,10\n",
        )
        .evidence("evidence/plan.csv", "ads", "ad,arm\nx1,one\ny1,two\n")
        .toml("confidential = true\n");
    let (files, _) = files(&case, Edition::Public);
    let told = told(&again::recompute(&files));
    assert!(
        !told.iter().any(|line| line.starts_with("failed")),
        "{told:#?}"
    );
    assert!(
        told.iter()
            .any(|line| line
                .contains("may depend on evidence that is withheld in this edition: EX-002")),
        "{told:#?}"
    );
}

#[test]
fn a_bundle_of_another_version_is_not_built_again() {
    let (mut files, _) = files(&CaseBuilder::two_arms(), Edition::Full);
    let list = files.get_mut("data/casefile.json").unwrap();
    let own = concat!("casefile ", env!("CARGO_PKG_VERSION"));
    *list = String::from_utf8(list.clone())
        .unwrap()
        .replace(own, "casefile 99.0.0")
        .into_bytes();
    let told = told(&again::rebuild(&files, None));
    assert!(
        told[0].starts_with("not checked bundle: it was built by casefile 99.0.0"),
        "{told:#?}"
    );
}
