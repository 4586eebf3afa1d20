//! Two bundles side by side: what differs is told, what does not is not, and what was altered is not
//! compared.

use crate::support::CaseBuilder;
use casefile::bundle::{Bundle, Edition};
use casefile::diff::{Change, Changes, ExhibitKind, Item, Kind, Side, compare};
use casefile::verify;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

const DELIVERY: &str = "ad,gender,impressions\na1,female,100\na1,male,300\na1,unknown,10\na2,female,200\na2,male,800\na2,unknown,0\n\
     b1,female,500\nb1,male,100\nb1,unknown,5\nb2,female,600\nb2,male,200\nb2,unknown,5\n";
const FINDING: &str = "[[finding]]\nid = \"mostly-men\"\ntext = \"Of those who saw the ad, {{ share('a').pooled }} were men.\"\nexpect = [\"share('a').pooled > 0.5\"]\n";

pub fn case() -> CaseBuilder {
    CaseBuilder::two_arms().toml(FINDING)
}

/// The case with one cell changed: 300 men become 310.
pub fn one_cell() -> CaseBuilder {
    case().file(
        "evidence/delivery.csv",
        DELIVERY.replace("a1,male,300", "a1,male,310"),
    )
}

fn side_of(case: &CaseBuilder, edition: Edition) -> Side {
    side_of_bundle(&case.build(edition).bundle)
}

/// The bundle of the case, which many are compared with: built once for each edition.
pub fn bundle_of_case(edition: Edition) -> &'static Bundle {
    static PUBLIC: LazyLock<Bundle> = LazyLock::new(|| case().build(Edition::Public).bundle);
    static FULL: LazyLock<Bundle> = LazyLock::new(|| case().build(Edition::Full).bundle);
    match edition {
        Edition::Public => &PUBLIC,
        Edition::Full => &FULL,
    }
}

pub fn side_of_bundle(bundle: &Bundle) -> Side {
    let verification = verify::zip(&bundle.name, &bundle.bytes);
    Side::read(&bundle.name, &verification, &bundle.files).unwrap_or_else(|error| panic!("{error}"))
}

/// What differs in a case from the one that all are compared with.
fn changes(new: &CaseBuilder) -> Changes {
    let old = bundle_of_case(Edition::Public);
    compare(&side_of_bundle(old), &side_of(new, Edition::Public))
}

fn item<'c>(items: &'c [Item], id: &str) -> &'c Item {
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let found = items.iter().find(|item| item.id == id);
    found.unwrap_or_else(|| panic!("no {id} among {ids:?}"))
}

fn field<'c>(changes: &'c [Change], key: &str) -> &'c Change {
    let keys: Vec<&str> = changes.iter().map(|change| change.key.as_str()).collect();
    let found = changes.iter().find(|change| change.key == key);
    found.unwrap_or_else(|| panic!("no {key} among {keys:?}"))
}

#[test]
fn the_same_case_built_twice_has_no_difference() {
    let changes = changes(&case());
    assert!(changes.is_empty(), "{changes}");
    assert!(
        changes
            .to_string()
            .ends_with("\nsame: the two bundles say the same")
    );
    assert!(
        changes
            .to_json()
            .starts_with("{\"schema\":\"casefile-diff-1\",\"same\":true,")
    );
}

#[test]
fn one_changed_cell_shows_in_evidence_numbers_findings_and_sentences() {
    let changes = changes(&one_cell());
    let [exhibit] = &changes.evidence[..] else {
        panic!("{changes}");
    };
    assert_eq!(exhibit.change, ExhibitKind::Changed);
    let (old, new) = (exhibit.old.as_ref().unwrap(), exhibit.new.as_ref().unwrap());
    assert_eq!(old.file.as_deref(), Some("evidence/delivery.csv"));
    assert_ne!(old.sha256, new.sha256);
    assert!(changes.parameters.is_empty(), "{changes}");

    let pooled = item(&changes.numbers, "share/a/pooled");
    assert_eq!(pooled.change, Kind::Changed);
    let value = field(&pooled.fields, "value");
    assert_eq!(value.old.as_f64(), Some(1100.0 / 1400.0));
    assert_eq!(value.new.as_f64(), Some(1110.0 / 1410.0));
    assert_eq!(field(&pooled.fields, "n").new, Value::from(1410));
    assert!(
        changes
            .numbers
            .iter()
            .all(|own| !own.id.starts_with("share/b/")),
        "arm b is as it was: {changes}"
    );

    let finding = item(&changes.findings, "mostly-men");
    assert_eq!(finding.label, "Finding 1");
    assert_eq!(
        field(&finding.fields, "statement").new,
        Value::from("Of those who saw the ad, 78.7\u{A0}% were men.")
    );
    let sentences = changes.sentences.as_ref().unwrap();
    let told = |kind, text: &str| {
        sentences
            .iter()
            .any(|own| own.change == kind && own.anchor == "finding-mostly-men" && own.text == text)
    };
    assert!(
        told(Kind::Removed, "Of those who saw the ad, 78.6 % were men."),
        "{changes}"
    );
    assert!(
        told(Kind::Added, "Of those who saw the ad, 78.7 % were men."),
        "{changes}"
    );
    let changed: Vec<&str> = changes.files.iter().map(|own| own.key.as_str()).collect();
    assert!(changed.contains(&"data/report.pdf"), "{changed:?}");
}

#[test]
fn an_added_exhibit_is_added_and_those_behind_it_are_renumbered() {
    let more = case().evidence("evidence/a-note.txt", "attachment", "A note.\n");
    let changes = changes(&more);
    let kinds: Vec<ExhibitKind> = changes.evidence.iter().map(|own| own.change).collect();
    assert_eq!(
        kinds,
        [ExhibitKind::Added, ExhibitKind::Renumbered],
        "{changes}"
    );
    // An attachment is withheld from the public edition, and so is its name.
    assert_eq!(changes.evidence[0].new.as_ref().unwrap().file, None);
    assert!(changes.evidence[0].new.as_ref().unwrap().withheld);
    assert!(changes.numbers.is_empty(), "{changes}");
}

#[test]
fn a_changed_parameter_is_told_with_both_values_and_a_default_is_no_change() {
    let level = |level: &str| case().replace("[study]\n", &format!("[study]\nlevel = {level}\n"));
    let told = changes(&level("0.9"));
    assert_eq!(
        told.parameters,
        [Change {
            key: "study.level".into(),
            old: Value::from(0.95),
            new: Value::from(0.9)
        }]
    );
    let interval = item(&told.numbers, "share/a/interval");
    assert_eq!(field(&interval.fields, "level").new, Value::from(0.9));

    let written_out = changes(&level("0.95"));
    assert!(written_out.parameters.is_empty(), "{written_out}");
    assert!(written_out.numbers.is_empty(), "{written_out}");
}

#[test]
fn arms_facts_and_contrasts_are_told_by_their_names() {
    let new = case()
        .replace("label = \"First\"", "label = \"The first\"")
        .replace("[study]\n", "[study]\ncontrasts = [[\"a\", \"b\"]]\n")
        .toml("[[fact]]\nid = \"budget\"\nvalue = 300\nsource = \"the plan\"\n");
    let told = changes(&new);
    let keys: Vec<&str> = told.parameters.iter().map(|own| own.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "fact[budget].id",
            "fact[budget].source",
            "fact[budget].value",
            "study.arms[a].label",
            "study.contrasts"
        ]
    );
}

#[test]
fn a_reworded_finding_changes_no_number() {
    let new = case().replace("Of those who saw the ad", "Among those who saw it");
    let told = changes(&new);
    let keys: Vec<&str> = told.findings[0]
        .fields
        .iter()
        .map(|own| own.key.as_str())
        .collect();
    assert_eq!((told.findings.len(), keys), (1, vec!["statement"]));
    assert!(
        told.numbers.is_empty() && told.evidence.is_empty() && told.parameters.is_empty(),
        "{told}"
    );
    assert_eq!(
        told.sentences_of(Kind::Added),
        told.sentences_of(Kind::Removed)
    );
}

#[test]
fn findings_that_come_and_go_are_told_whole() {
    let old = side_of_bundle(bundle_of_case(Edition::Public));
    let new = side_of(&CaseBuilder::two_arms(), Edition::Public);
    let told = compare(&old, &new);
    let gone = item(&told.findings, "mostly-men");
    assert_eq!(gone.change, Kind::Removed);
    assert!(
        field(&gone.fields, "expect share('a').pooled > 0.5")
            .new
            .is_null()
    );
    let told = compare(&new, &old);
    assert_eq!(item(&told.findings, "mostly-men").change, Kind::Added);
}

#[test]
fn the_last_bit_of_a_number_counts() {
    let old = side_of_bundle(bundle_of_case(Edition::Public));
    let mut new = old.clone();
    let estimate = new
        .contents
        .estimates
        .iter_mut()
        .find(|own| own.id == "share/a/pooled")
        .unwrap();
    let value = estimate.value.as_f64().unwrap();
    estimate.value = Value::from(f64::from_bits(value.to_bits() + 1));
    let told = compare(&old, &new);
    assert_eq!(told.numbers.len(), 1, "{told}");
    assert_eq!(
        field(&told.numbers[0].fields, "value").old,
        Value::from(value)
    );
}

#[test]
fn the_two_editions_differ_in_what_is_withheld_and_in_no_number() {
    let case = case().evidence("evidence/note.txt", "attachment", "A note.\n");
    let (public, full) = (
        side_of(&case, Edition::Public),
        side_of(&case, Edition::Full),
    );
    let told = compare(&public, &full);
    assert_eq!(told.about[0].key, "edition");
    assert!(
        told.numbers.is_empty() && told.findings.is_empty(),
        "{told}"
    );
    let kinds = |told: &Changes| -> Vec<ExhibitKind> {
        told.evidence.iter().map(|own| own.change).collect()
    };
    assert_eq!(kinds(&told), [ExhibitKind::Disclosed]);
    assert_eq!(kinds(&compare(&full, &public)), [ExhibitKind::Withheld]);
}

#[test]
fn a_bundle_that_lists_no_sentences_is_compared_in_all_else() {
    let old = side_of_bundle(bundle_of_case(Edition::Public));
    let mut new = old.clone();
    new.contents.sentences = None;
    let told = compare(&old, &new);
    assert_eq!(told.sentences, None);
    assert!(
        told.to_string().contains("sentences: not compared"),
        "{told}"
    );
}

#[test]
fn hostile_words_of_a_bundle_do_not_act_on_a_terminal() {
    let hostile = "\\u001B[red\\u202Eder <script>alert()</script>";
    let new = case()
        .replace("label = \"First\"", &format!("label = \"{hostile}\""))
        .replace("Of those", &format!("{hostile} Of those"));
    let told = changes(&new);
    let text = told.to_string();
    assert!(text.contains("alert()"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202E}']), "{text:?}");
}

#[test]
fn files_other_than_those_that_were_verified_are_refused() {
    let bundle = bundle_of_case(Edition::Public);
    let verification = verify::zip(&bundle.name, &bundle.bytes);
    let other = &bundle_of_case(Edition::Full).files;
    let error = Side::read("old.zip", &verification, other).unwrap_err();
    assert_eq!(error.problems[0].code, "diff-unverified");
}

#[test]
fn the_page_shows_every_difference_as_text_and_loads_nothing() {
    let hostile = "\\u202Eder <script>alert()</script>";
    let new = one_cell()
        .replace("label = \"First\"", &format!("label = \"{hostile}\""))
        .replace("Of those", &format!("{hostile} Of those"));
    let told = changes(&new);
    let page =
        |told: &Changes| String::from_utf8(casefile::render::changes::page(told).unwrap()).unwrap();
    let written = page(&told);
    assert_eq!(written, page(&told));
    assert!(written.contains("content=\"default-src 'none'; style-src 'unsafe-inline';"));
    for shown in [
        "share/a/pooled",
        "study.arms[a].label",
        "EX-001 evidence/delivery.csv",
        "data/report.pdf",
        "<del>",
        "&lt;script&gt;",
    ] {
        assert!(written.contains(shown), "{shown}");
    }
    assert!(!written.contains("<script") && !written.contains('\u{202E}'));
    // A number is one row, and what is claimed comes before it.
    assert_eq!(written.matches(">share/a/pooled<").count(), 1);
    let place = |id: &str| written.find(&format!("<h2 id=\"{id}\">")).expect("a part");
    assert!(place("findings") < place("sentences") && place("sentences") < place("numbers"));
    let old = side_of_bundle(bundle_of_case(Edition::Public));
    assert!(page(&compare(&old, &old)).contains("The two bundles say the same."));
}

/// Writes a bundle into a folder.
fn write(bundle: &Bundle, folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, &bundle.bytes).unwrap();
    path
}

fn diff(arguments: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casefile"));
    command.arg("diff").args(arguments).output().unwrap()
}

#[test]
fn the_command_says_by_its_exit_code_whether_bundles_differ() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(bundle_of_case(Edition::Public), folder.path(), "old.zip");
    let new = write(bundle_of_case(Edition::Full), folder.path(), "new.zip");
    let same = diff(&[&old, &old]);
    assert_eq!(same.status.code(), Some(0), "{same:?}");

    let different = diff(&[&old, &new, Path::new("--json")]);
    assert_eq!(different.status.code(), Some(1), "{different:?}");
    let json: Value = serde_json::from_slice(&different.stdout).unwrap();
    assert_eq!(json["same"], Value::from(false));
    assert_eq!(json["about"][0]["new"], Value::from("full"));
    assert_eq!(json["old"]["version"], Value::from("1.0.0"));

    // An unpacked folder stands for its zip.
    let unpacked = folder.path().join("unpacked");
    unpack(bundle_of_case(Edition::Public), &unpacked);
    let same = diff(&[&unpacked, &old]);
    assert_eq!(same.status.code(), Some(0), "{same:?}");
}

/// Writes the files of a bundle into a folder, as unpacking it does.
fn unpack(bundle: &Bundle, folder: &Path) {
    for (path, bytes) in &bundle.files {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
}

#[test]
fn a_page_is_written_into_no_bundle_that_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = bundle_of_case(Edition::Public);
    let zip = write(bundle, folder.path(), "new.zip");
    let unpacked = folder.path().join("unpacked");
    unpack(bundle, &unpacked);
    let places = [
        unpacked.join("data/report.html"),
        unpacked.join("page.html"),
        unpacked.join("not/yet/there/page.html"),
        unpacked.join("data/../page.html"),
        unpacked.clone(),
        zip.clone(),
    ];
    for place in places {
        for pair in [[&unpacked, &zip], [&zip, &unpacked]] {
            let output = diff(&[pair[0], pair[1], Path::new("--page"), &place]);
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(said.contains("[not-written]"), "{said}");
        }
    }
    let report = std::fs::read(unpacked.join("data/report.html")).unwrap();
    assert_eq!(report, bundle.files["data/report.html"]);
    assert!(!unpacked.join("page.html").exists() && !unpacked.join("not").exists());

    // Beside them, and in a folder whose name begins as theirs does, it is welcome.
    for place in ["page.html", "unpacked-too/page.html"] {
        let place = folder.path().join(place);
        let output = diff(&[&unpacked, &zip, Path::new("--page"), &place]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(place.exists());
    }
}

#[test]
fn a_damaged_bundle_is_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(bundle_of_case(Edition::Public), folder.path(), "old.zip");
    let mut bytes = std::fs::read(&old).unwrap();
    let at = bytes
        .windows(14)
        .position(|own| own == b"a1,female,100\n")
        .unwrap();
    bytes[at + 10] = b'9';
    let damaged = folder.path().join("damaged.zip");
    std::fs::write(&damaged, bytes).unwrap();
    for pair in [[&old, &damaged], [&damaged, &old], [&damaged, &damaged]] {
        let output = diff(&[pair[0], pair[1]]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            said.contains("damaged.zip") && said.contains("[diff-unverified]"),
            "{said}"
        );
    }
    let missing = diff(&[&old, &folder.path().join("none.zip")]);
    assert_eq!(missing.status.code(), Some(2), "{missing:?}");
}
