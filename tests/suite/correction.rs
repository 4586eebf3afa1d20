//! A version that corrects another says so with its date, its reason and each number before and after,
//! stands without the other, and tells nothing that it withholds.

use crate::diff::{bundle_of_case, case, one_cell, side_of_bundle};
use crate::support::{CaseBuilder, codes};
use casefile::again;
use casefile::bundle::{Bundle, Edition};
use casefile::diff::compare;
use casefile::document::{Block, Section, Table, plain};
use casefile::verify;
use casefile::{Built, error::Error};
use serde_json::Value;
use std::sync::LazyLock;

/// A case that corrects a bundle, which lies in its folder.
fn correcting(case: CaseBuilder, earlier: &Bundle) -> CaseBuilder {
    supersede(case, earlier, &earlier.root.to_string())
}

fn supersede(case: CaseBuilder, earlier: &Bundle, digest: &str) -> CaseBuilder {
    case.file("earlier.zip", &earlier.bytes).replace(
        "\"small\"\n",
        &format!("\"small\"\nversion = \"1.1.0\"\nsupersedes = \"sha256:{digest}\"\ncorrection = \"One count was misread.\"\nearlier = \"earlier.zip\"\n"),
    )
}

fn first(edition: Edition) -> Bundle {
    bundle_of_case(edition).clone()
}

/// The public edition that corrects the public edition of the case.
fn corrected() -> &'static Built {
    static CORRECTED: LazyLock<Built> = LazyLock::new(|| {
        correcting(one_cell(), bundle_of_case(Edition::Public)).build(Edition::Public)
    });
    &CORRECTED
}

fn section(built: &Built) -> &Section {
    let mut sections = built.document.sections.iter();
    sections
        .find(|own| own.id == "corrections")
        .expect("the section on corrections")
}

fn table<'b>(built: &'b Built, id: &str) -> &'b Table {
    let mut tables = section(built)
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
    tables
        .find(|table| table.id == id)
        .unwrap_or_else(|| panic!("no table {id}"))
}

/// Texts and details of the cells in the row with this id.
fn row(table: &Table, id: &str) -> Vec<(String, String)> {
    let mut rows = table.rows.iter();
    let row = rows.find(|row| row[0].detail.as_deref() == Some(id));
    let row = row.unwrap_or_else(|| panic!("no row {id}"));
    let told = |cell: &casefile::document::Cell| {
        (cell.text.clone(), cell.detail.clone().unwrap_or_default())
    };
    row.iter().map(told).collect()
}

fn json(built: &Built, path: &str) -> Value {
    let artifact = built
        .artifacts
        .get(path)
        .unwrap_or_else(|| panic!("no {path}"));
    serde_json::from_slice(&artifact.bytes).unwrap()
}

#[test]
fn a_correction_tells_its_date_its_reason_and_each_number_before_and_after() {
    let built = corrected();
    let told: Vec<String> = section(built)
        .blocks
        .iter()
        .flat_map(|block| match block {
            Block::Definitions { items } => items
                .iter()
                .map(|item| format!("{}: {}", item.term, plain(&item.description)))
                .collect(),
            Block::Paragraph { text } => vec![plain(text)],
            _ => Vec::new(),
        })
        .collect();
    assert_eq!(told[0], "Corrected on: 31\u{A0}January 2025");
    assert_eq!(told[1], "Reason: One count was misread.");
    assert!(
        told[2]
            .starts_with("Corrects: version 1.0.0 of 31\u{A0}January 2025, public edition, root "),
        "{}",
        told[2]
    );
    let numbers = table(built, "table-corrections-numbers");
    let pooled = row(numbers, "share/a/pooled");
    assert_eq!(
        (pooled[1].0.as_str(), pooled[2].0.as_str()),
        ("78.6\u{A0}%", "78.7\u{A0}%")
    );
    assert!(pooled[1].1.contains("k 1100; n 1400"), "{pooled:?}");
    assert!(pooled[2].1.contains("k 1110; n 1410"), "{pooled:?}");
    assert_eq!(
        numbers.rows[0][0].detail.as_deref(),
        Some("share/a/pooled"),
        "the numbers of findings come first"
    );
    // The report prints the first of a long list, and the CSV has all.
    let printed = casefile::document::cut(numbers);
    assert_eq!(printed.rows.len(), 60);
    assert_eq!(numbers.rows.len(), 60 + printed.rows_left_out);
    let csv = &built.artifacts.get("tables/table-corrections-numbers.csv");
    let csv = String::from_utf8(csv.unwrap().bytes.clone()).unwrap();
    assert_eq!(csv.lines().count(), 1 + numbers.rows.len());
    let mut cells = printed.rows.iter().flat_map(|row| &row[1..]);
    assert!(
        cells.all(|cell| cell.text.is_empty() || cell.provenance.is_some()),
        "every printed number has its provenance"
    );
    let findings = table(built, "table-corrections-findings");
    assert!(
        findings.rows.iter().any(|row| row[3].text.contains("78.7")),
        "{findings:?}"
    );
    assert_eq!(table(built, "table-corrections-evidence").rows.len(), 1);
    let page =
        String::from_utf8(built.artifacts.get("report.html").unwrap().bytes.clone()).unwrap();
    assert!(
        page.contains("What this version corrects")
            && page.contains("Correction of 31\u{A0}January 2025")
    );
}

#[test]
fn the_note_and_the_file_say_what_comparing_the_two_bundles_says() {
    let (earlier, built) = (bundle_of_case(Edition::Public), corrected());
    let told = json(built, "corrections.json");
    let (old, new) = (side_of_bundle(earlier), side_of_bundle(&built.bundle));
    let compared: Value = serde_json::from_str(&compare(&old, &new).to_json()).unwrap();
    for part in ["evidence", "parameters", "numbers", "findings", "sentences"] {
        assert_eq!(told[part], compared[part], "{part}");
        assert!(!told[part].as_array().unwrap().is_empty(), "{part}");
    }
    assert_eq!(told["old"]["root"], Value::from(earlier.root.to_string()));
    assert_eq!(told["date"], Value::from("2025-01-31"));
}

#[test]
fn the_new_bundle_verifies_and_builds_again_without_the_old_one_which_still_verifies() {
    for edition in [Edition::Public, Edition::Full] {
        let earlier = first(edition);
        let built = correcting(one_cell(), &earlier).build(Edition::Full);
        for bundle in [&earlier, &built.bundle] {
            let verification = verify::zip(&bundle.name, &bundle.bytes);
            assert!(verification.passed(), "{verification}");
        }
        let checks = [
            again::rebuild(&built.bundle.files, Some(&built.bundle.bytes)),
            again::recompute(&built.bundle.files),
        ];
        for check in checks.iter().flatten() {
            assert!(
                matches!(check.outcome, verify::Outcome::Passed { .. }),
                "{check:?}"
            );
        }
    }
}

#[test]
fn both_editions_correct_the_public_one_in_the_same_words() {
    let case = || one_cell().evidence("evidence/note.txt", "attachment", "A note.\n");
    let earlier = first(Edition::Public);
    let [public, full] =
        [Edition::Public, Edition::Full].map(|edition| correcting(case(), &earlier).build(edition));
    for path in ["corrections.json", "case/earlier.json"] {
        assert_eq!(
            public.artifacts.get(path),
            full.artifacts.get(path),
            "{path}"
        );
    }
}

#[test]
fn the_same_correction_has_the_same_bytes() {
    let again = correcting(one_cell(), bundle_of_case(Edition::Public)).build(Edition::Public);
    assert_eq!(again.bundle.sha256, corrected().bundle.sha256);
}

#[test]
fn a_zip_may_be_named_by_its_own_digest() {
    let earlier = first(Edition::Public);
    supersede(one_cell(), &earlier, &earlier.sha256.to_string()).build(Edition::Public);
}

fn problems(case: &CaseBuilder, edition: Edition) -> Error {
    case.try_build(edition).expect_err("this must not build")
}

#[test]
fn another_bundle_than_supersedes_names_is_refused_with_place_and_remedy() {
    let earlier = first(Edition::Public);
    let case = supersede(one_cell(), &earlier, &"00".repeat(32));
    let error = problems(&case, Edition::Public);
    let [problem] = &error.problems[..] else {
        panic!("{error}")
    };
    assert_eq!((problem.code, problem.line), ("earlier-other", Some(7)));
    assert!(
        problem
            .hint
            .as_ref()
            .unwrap()
            .contains(&earlier.root.to_string()),
        "{error}"
    );
}

#[test]
fn a_damaged_earlier_bundle_is_refused() {
    let mut earlier = first(Edition::Public);
    let middle = earlier.bytes.len() / 2;
    earlier.bytes[middle] ^= 1;
    let error = problems(&correcting(one_cell(), &earlier), Edition::Public);
    assert_eq!(codes(&error.problems), ["diff-unverified"], "{error}");
}

#[test]
fn a_public_edition_is_not_compared_with_a_full_one() {
    let case = correcting(one_cell(), &first(Edition::Full));
    let error = problems(&case, Edition::Public);
    assert_eq!(codes(&error.problems), ["earlier-full"], "{error}");
    case.build(Edition::Full);
}

#[test]
fn a_correction_has_a_version_of_its_own() {
    let case = correcting(one_cell(), &first(Edition::Public)).replace("version = \"1.1.0\"\n", "");
    let error = problems(&case, Edition::Public);
    assert_eq!(codes(&error.problems), ["earlier-version"], "{error}");
}

#[test]
fn a_path_to_the_earlier_bundle_stays_relative_and_needs_supersedes() {
    for (line, value) in [
        ("earlier = \"earlier.zip\"\n", "earlier.zip"),
        (
            "supersedes = \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"\ncorrection = \"x\"\nearlier = \"/earlier.zip\"\n",
            "/earlier.zip",
        ),
        (
            "supersedes = \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"\ncorrection = \"x\"\nearlier = \"none.zip\"\n",
            "none.zip",
        ),
    ] {
        let case = case().replace("\"small\"\n", &format!("\"small\"\n{line}"));
        let Err(error) = case.load() else {
            panic!("{line}")
        };
        let [problem] = &error.problems[..] else {
            panic!("{error}")
        };
        assert_eq!(problem.code, "case-earlier", "{error}");
        assert_eq!(problem.value.as_deref(), Some(value), "{error}");
        assert!(problem.line.is_some() && problem.hint.is_some(), "{error}");
    }
}

#[test]
fn without_the_earlier_bundle_the_note_gives_the_reason_alone() {
    let case =
        correcting(one_cell(), &first(Edition::Public)).replace("earlier = \"earlier.zip\"\n", "");
    let built = case.build(Edition::Public);
    assert!(
        built
            .document
            .sections
            .iter()
            .all(|own| own.id != "corrections")
    );
    assert!(built.artifacts.get("corrections.json").is_none());
    let note = built.document.sections[0]
        .blocks
        .iter()
        .find_map(|block| match block {
            Block::Note { text, .. } => Some(plain(text)),
            _ => None,
        });
    assert!(note.unwrap().contains("casefile diff lists what differs"));
}

const CONTACTS: &str = "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,Quirin Beispielmann\nE2,2024-11-05 10:00,b1,okapi\n";

#[test]
fn what_the_earlier_version_printed_and_this_one_withholds_stops_the_build() {
    // The first version named a person, whom the second knows for a sender.
    let named =
        "[[fact]]\nid = \"reply\"\nvalue = \"yes\"\nsource = \"letter by Quirin Beispielmann\"\n";
    let earlier = case().toml(named).build(Edition::Public).bundle;
    let new = || one_cell().evidence("evidence/contacts.csv", "contacts", CONTACTS);
    let error = problems(&correcting(new(), &earlier), Edition::Public);
    assert!(
        codes(&error.problems).iter().all(|code| *code == "leak"),
        "{error}"
    );
    assert!(
        error
            .problems
            .iter()
            .any(|own| own.subject == "case/earlier.json"),
        "{error}"
    );
    assert!(!error.to_string().contains("Beispielmann"), "{error}");
    let mut hints = error.problems.iter().filter_map(|own| own.hint.as_deref());
    assert!(
        hints.any(|hint| hint.contains("leave `earlier` out")),
        "{error}"
    );
    // Without it the correction can be published.
    let alone = correcting(new(), &earlier).replace("earlier = \"earlier.zip\"\n", "");
    alone.build(Edition::Public);
}

#[test]
fn the_name_of_a_file_that_is_withheld_now_is_not_kept() {
    let open = "[[evidence]]\nfile = \"evidence/letter-of-a-witness.txt\"\nkind = \"attachment\"\nconfidential = false\n";
    let with = |case: CaseBuilder, toml: &str| {
        case.file("evidence/letter-of-a-witness.txt", "A letter.\n")
            .toml(toml)
    };
    let earlier = with(case(), open).build(Edition::Public).bundle;
    let withheld = open.replace("confidential = false", "confidential = true");
    let built = correcting(with(one_cell(), &withheld), &earlier).build(Edition::Public);
    for (path, artifact) in built.artifacts.iter() {
        let text = String::from_utf8_lossy(&artifact.bytes);
        assert!(!text.contains("letter-of-a-witness"), "{path}");
    }
    let evidence = json(&built, "corrections.json")["evidence"].to_string();
    assert!(evidence.contains("\"withheld\""), "{evidence}");
}

#[test]
fn hostile_words_of_the_earlier_version_are_text_on_the_page() {
    let hostile = case().replace("Of those", "<img src=x onerror=alert()> Of those");
    let earlier = hostile.build(Edition::Public).bundle;
    let built = correcting(one_cell(), &earlier).build(Edition::Public);
    let page =
        String::from_utf8(built.artifacts.get("report.html").unwrap().bytes.clone()).unwrap();
    assert!(page.contains("&lt;img src=x onerror=alert()&gt;") && !page.contains("<img src=x"));
}

#[test]
fn a_correction_of_a_correction_is_compared_with_the_one_before() {
    let third = correcting(case(), &corrected().bundle)
        .replace("1.1.0", "1.2.0")
        .build(Edition::Full);
    let told = json(&third, "corrections.json");
    assert_eq!(told["old"]["version"], Value::from("1.1.0"));
    assert!(!told["numbers"].as_array().unwrap().is_empty());
    let checks = again::rebuild(&third.bundle.files, Some(&third.bundle.bytes));
    assert!(
        checks
            .iter()
            .all(|check| matches!(check.outcome, verify::Outcome::Passed { .. })),
        "{checks:?}"
    );
}

#[test]
fn a_statement_that_is_withheld_now_is_not_told_by_the_correction() {
    let text = "id,source,role,date,asked,asked_on,quote,reference\nS1,A merchant,merchant,2024-12-05,Why?,2024-11-25,They wrote to me at night,letter\n";
    let with = |case: CaseBuilder, confidential: bool| {
        case.file("evidence/statements.csv", text).toml(&format!(
            "[[evidence]]\nfile = \"evidence/statements.csv\"\nkind = \"statements\"\nconfidential = {confidential}\n"
        ))
    };
    let earlier = with(case(), false).build(Edition::Public);
    let printed = |built: &Built| {
        let texts = built.artifacts.iter();
        texts
            .filter(|(_, file)| String::from_utf8_lossy(&file.bytes).contains("They wrote to me"))
            .count()
    };
    assert!(printed(&earlier) > 0, "the first version prints it");
    let new = correcting(with(one_cell(), true), &earlier.bundle).build(Edition::Public);
    assert_eq!(printed(&new), 0);
}

#[test]
fn a_correction_is_not_dated_before_what_it_corrects() {
    let case = correcting(one_cell(), &first(Edition::Public))
        .replace("date = 2025-01-31", "date = 2025-01-30");
    let error = problems(&case, Edition::Public);
    assert_eq!(codes(&error.problems), ["earlier-date"], "{error}");
}

#[test]
fn the_reason_of_a_correction_holds_no_number_typed_by_hand() {
    let case = correcting(one_cell(), &first(Edition::Public)).replace(
        "One count was misread.",
        "We had said 39 percent of viewers; it was 93 percent.",
    );
    let error = problems(&case, Edition::Public);
    let codes = codes(&error.problems);
    assert_eq!(codes, ["number-typed-by-hand"; 2], "{error}");
}

#[test]
fn an_exhibit_that_is_added_makes_no_other_a_new_one() {
    let with = |case: CaseBuilder| case.evidence("evidence/log.csv", "contacts", CONTACTS);
    let earlier = with(case()).build(Edition::Public).bundle;
    // Its name sorts before the others and shifts their numbers.
    let added = with(one_cell()).file("evidence/aaa.md", "An appendix.\n").toml(
        "[[evidence]]\nfile = \"evidence/aaa.md\"\nkind = \"attachment\"\nconfidential = false\n",
    );
    let built = correcting(added, &earlier).build(Edition::Public);
    let told = json(&built, "corrections.json");
    let parameters = told["parameters"].as_array().unwrap();
    let keys = parameters.iter().map(|own| own["key"].as_str().unwrap());
    let others: Vec<&str> = keys
        .filter(|key| key.starts_with("evidence[") && !key.starts_with("evidence[evidence/aaa.md]"))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    let checks = again::rebuild(&built.bundle.files, Some(&built.bundle.bytes));
    assert!(
        !checks
            .iter()
            .any(|check| matches!(check.outcome, verify::Outcome::Failed { .. })),
        "{checks:?}"
    );
}

#[test]
fn a_name_in_the_earlier_list_of_references_is_found_as_it_is_spoken() {
    let citing = |case: CaseBuilder| {
        case.replace("\"small\"\n", "\"small\"\nreferences_style = \"mla\"\n")
            .file(
                "references.bib",
                "@misc{q, title = {A talk}, author = {Beispielmann, Quirin}, date = {2020}}\n",
            )
            .report("Of men: {{ share('a').pooled }}. So [@q].")
    };
    let earlier = citing(case()).build(Edition::Public).bundle;
    let new = one_cell().evidence("evidence/contacts.csv", "contacts", CONTACTS);
    let error = problems(&correcting(new, &earlier), Edition::Public);
    assert!(
        error
            .problems
            .iter()
            .all(|own| own.code == "leak" && own.subject == "case/earlier.json"),
        "{error}"
    );
}
