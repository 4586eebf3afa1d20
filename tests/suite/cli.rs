//! The program as a person or a script meets it: streams, exit codes, messages, what is left behind.

use crate::support::{root, shared};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn casefile(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casefile"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

const SAMPLE: &str = "datasets/child-jewellery-ads";

/// A case with one delivery export.
fn small_case(folder: &Path, toml: &str) -> PathBuf {
    let case = folder.join("case");
    std::fs::create_dir_all(case.join("evidence")).expect("a temporary folder can be written");
    std::fs::write(case.join("evidence/delivery.csv"), DELIVERY)
        .expect("a temporary folder can be written");
    let text = format!(
        "casefile = 1\n[case]\nid = \"small\"\ntitle = \"A small case\"\ndate = 2024-11-20\n[[evidence]]\nfile = \"evidence/delivery.csv\"\nkind = \"delivery\"\n{toml}"
    );
    std::fs::write(case.join("case.toml"), text).expect("a temporary folder can be written");
    case
}

const DELIVERY: &str = "\u{FEFF}\"Campaign name\",\"Ad set name\",\"Ad name\",Gender,Reach,Impressions,\"Reporting starts\",\"Reporting ends\"\n\
    Test,All,one red,female,90,100,2024-11-04,2024-11-17\n\
    Test,All,one red,male,270,300,2024-11-04,2024-11-17\n\
    Test,All,two red,female,100,120,2024-11-04,2024-11-17\n\
    Test,All,two red,male,310,330,2024-11-04,2024-11-17\n\
    Test,All,three blue,female,100,200,2024-11-04,2024-11-17\n\
    Test,All,three blue,male,100,210,2024-11-04,2024-11-17\n";

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|list| {
            list.flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn build_writes_the_report_and_a_bundle_that_verifies() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let place = out.path().to_string_lossy().into_owned();
    let built = casefile(&["build", "--unrecorded", SAMPLE, "--out", &place, "--json"]);
    assert!(built.status.success(), "{}", stderr(&built));
    let summary: serde_json::Value =
        serde_json::from_str(&stdout(&built)).expect("--json prints JSON");
    let bundle = summary["bundle"]
        .as_str()
        .expect("the bundle's path")
        .to_owned();
    let folder = out.path().join("child-jewellery-ads-1.0.0");
    assert_eq!(
        files_in(out.path()),
        ["child-jewellery-ads-1.0.0"],
        "nothing is left aside"
    );
    for name in [
        "report.html",
        "report.pdf",
        "statistics.json",
        "digests.txt",
        "tables",
        "charts",
    ] {
        assert!(folder.join(name).exists(), "{name} is missing");
    }
    let verified = casefile(&["verify", &bundle]);
    assert_eq!(verified.status.code(), Some(0), "{}", stdout(&verified));
    let mut bytes = std::fs::read(&bundle).expect("the bundle is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&bundle, bytes).expect("the bundle can be changed");
    let tampered = casefile(&["verify", &bundle, "--json"]);
    assert_eq!(tampered.status.code(), Some(1));
    let verdict: serde_json::Value =
        serde_json::from_str(&stdout(&tampered)).expect("--json prints JSON");
    let failed = verdict["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|check| check["outcome"].to_string().contains("failed"))
        .count();
    assert!(failed > 0, "{verdict}");
}

#[test]
fn a_second_build_replaces_the_first_and_gives_the_same_bytes() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let place = out.path().to_string_lossy().into_owned();
    let first = casefile(&["build", "--unrecorded", SAMPLE, "--out", &place, "--json"]);
    let second = casefile(&["build", "--unrecorded", SAMPLE, "--out", &place, "--json"]);
    assert!(first.status.success() && second.status.success());
    assert_eq!(stdout(&first), stdout(&second));
    assert_eq!(files_in(out.path()).len(), 1);
}

#[test]
fn every_problem_of_a_case_is_reported_at_once_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = small_case(
        folder.path(),
        "[study]\narms = [\n  { id = \"red\", ads = [\"* red\"] },\n  { id = \"two\", ads = [\"two *\"] },\n  { id = \"green\", ads = [\"* green\"] },\n]\n\
         [[finding]]\nid = \"typed\"\ntext = \"The ads went to men 75 % of the time.\"\n\
         [[finding]]\nid = \"wrong\"\ntext = \"Men: {{ share('red').middle }}\"\n",
    );
    let place = folder.path().join("reports");
    let built = casefile(&[
        "build",
        &case.to_string_lossy(),
        "--out",
        &place.to_string_lossy(),
    ]);
    let told = stderr(&built);
    assert_eq!(built.status.code(), Some(2), "{told}");
    for wanted in [
        "case.toml:17:29: finding `typed`: a number is typed by hand: `75` [number-typed-by-hand]",
        "case.toml:20:17: finding `wrong`: ",
        "`share('red')` has no `middle`; it has: ads, bootstrap",
        "the arm `green` matches no ad: `* green` [arm-matches-no-ad]",
        "the ads are: `Test / All / one red`",
        "an ad is in 2 arms: red, two: `Test / All / two red` [ad-in-two-arms]",
    ] {
        assert!(told.contains(wanted), "not told: {wanted}\n{told}");
    }
    assert!(stdout(&built).is_empty());
    assert!(!place.exists(), "nothing half-written is left behind");
}

#[test]
fn an_assertion_that_fails_stops_the_build_with_code_1_and_the_values_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = small_case(
        folder.path(),
        "[[finding]]\nid = \"mostly-men\"\ntext = \"Men: {{ share('all').pooled }}\"\nexpect = [\"share('all').min > 0.9\"]\n",
    );
    let built = casefile(&[
        "build",
        &case.to_string_lossy(),
        "--out",
        &folder.path().join("r").to_string_lossy(),
    ]);
    let told = stderr(&built);
    assert_eq!(built.status.code(), Some(1), "{told}");
    assert!(
        told.contains("case.toml:12:")
            && told.contains("finding `mostly-men`")
            && told.contains("share('all').min > 0.9")
            && told.contains("share('all').min = 0.51219"),
        "{told}"
    );
}

#[test]
fn a_changed_file_stops_the_build_and_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("export.csv");
    std::fs::write(&source, DELIVERY).expect("a temporary folder can be written");
    let case = folder.path().join("my-case");
    let made = casefile(&[
        "new",
        &case.to_string_lossy(),
        &source.to_string_lossy(),
        "--by",
        "A. Reporter",
    ]);
    assert!(made.status.success(), "{}", stderr(&made));
    assert!(
        casefile(&["check", &case.to_string_lossy()])
            .status
            .success()
    );
    std::fs::write(
        case.join("evidence/export.csv"),
        DELIVERY.replace("300", "301"),
    )
    .expect("a temporary folder can be written");
    let checked = casefile(&["check", &case.to_string_lossy()]);
    let told = stderr(&checked);
    assert_eq!(checked.status.code(), Some(2));
    assert!(
        told.contains("evidence/export.csv")
            && told.contains("[evidence-changed]")
            && told.contains("custody entry 1"),
        "{told}"
    );
}

#[test]
fn new_makes_a_case_that_builds_and_add_extends_it_without_changing_the_original() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("export.csv");
    std::fs::write(&source, DELIVERY).expect("a temporary folder can be written");
    let log = folder.path().join("log.csv");
    std::fs::write(&log, "event_id,received_at_local,channel,direction,ad_id,sender_pseudonym,code_primary\nE1,2024-11-05 10:00,message,in,one red,S-77001,GREETING\n").expect("a temporary folder can be written");
    let case = folder.path().join("my-case").to_string_lossy().into_owned();
    assert!(
        casefile(&["new", &case, &source.to_string_lossy()])
            .status
            .success()
    );
    let added = casefile(&[
        "add",
        &log.to_string_lossy(),
        "--case",
        &case,
        "--on",
        "2024-11-06",
        "--from",
        "the \"desk\"",
    ]);
    assert!(added.status.success(), "{}", stderr(&added));
    let kept = std::fs::read(Path::new(&case).join("evidence/log.csv")).expect("the copy is there");
    assert_eq!(kept, std::fs::read(&log).expect("the original is there"));
    let custody = std::fs::read_to_string(Path::new(&case).join("custody.jsonl"))
        .expect("the custody log is there");
    assert_eq!(custody.lines().count(), 2);
    let shown = casefile(&["show", "contacts().count", "--case", &case]);
    assert!(
        stdout(&shown).contains("value      1\n"),
        "{}{}",
        stdout(&shown),
        stderr(&shown)
    );
    let built = casefile(&[
        "build",
        &case,
        "--out",
        &folder.path().join("out").to_string_lossy(),
    ]);
    assert!(built.status.success(), "{}", stderr(&built));
    let again = casefile(&["new", &case]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("[case-exists]"));
}

#[test]
fn show_explains_a_value_down_to_file_rows_and_method() {
    let shown = casefile(&["show", "share('child').pooled", "--case", SAMPLE]);
    let text = stdout(&shown);
    assert!(shown.status.success(), "{}", stderr(&shown));
    for wanted in [
        "87.1",
        "share/child/pooled",
        "k = 59971; n = 68842 impressions",
        "Cochran",
        "EX-007 evidence/delivery/",
        "rows",
        "sha256",
    ] {
        assert!(text.contains(wanted), "not told: {wanted}\n{text}");
    }
    let judged = casefile(&["show", "share('child').min > 0.5", "--case", SAMPLE]);
    assert!(stdout(&judged).starts_with("true\n"), "{}", stdout(&judged));
    let wrong = casefile(&["show", "share('chidl').pooled", "--case", SAMPLE]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        stderr(&wrong).contains("the arms are: child, item, covered"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn inspect_says_what_a_file_is_as_text_and_as_json() {
    let file = format!("{SAMPLE}/evidence/contacts.csv");
    let text = casefile(&["inspect", &file]);
    assert!(text.status.success());
    assert!(
        stdout(&text).contains("tidy-contacts")
            && stdout(&text).contains("124 in the file, 124 read, 0 excluded"),
        "{}",
        stdout(&text)
    );
    assert!(
        !stdout(&text).contains("S-0001"),
        "a preview must not name people"
    );
    let json = casefile(&["inspect", &file, "--json"]);
    let value: serde_json::Value =
        serde_json::from_str(&stdout(&json)).expect("--json prints JSON");
    assert_eq!(value["rows"]["read"], 124);
}

#[test]
fn the_full_edition_holds_what_the_public_one_withholds() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let place = out.path().to_string_lossy().into_owned();
    assert!(
        casefile(&["build", "--unrecorded", SAMPLE, "--out", &place])
            .status
            .success()
    );
    assert!(
        casefile(&[
            "build",
            "--unrecorded",
            SAMPLE,
            "--out",
            &place,
            "--edition",
            "full"
        ])
        .status
        .success()
    );
    let log =
        std::fs::read(root().join(SAMPLE).join("evidence/contacts.csv")).expect("the sample's log");
    let holds = |name: &str| {
        let bytes =
            std::fs::read(out.path().join(name).join(format!("{name}.zip"))).expect("the bundle");
        bytes.windows(log.len()).any(|window| window == log)
    };
    assert!(!holds("child-jewellery-ads-1.0.0"));
    assert!(
        holds("child-jewellery-ads-1.0.0-full"),
        "raw evidence is in the full edition byte for byte"
    );
    let digest = |name: &str| {
        std::fs::read_to_string(out.path().join(name).join("digests.txt")).expect("digests")
    };
    assert_eq!(
        digest("child-jewellery-ads-1.0.0"),
        digest("child-jewellery-ads-1.0.0-full"),
        "both editions print one digest"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_casefile"))
        .args(["help", "language"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_gives_code_2() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let output = Command::new(env!("CARGO_BIN_EXE_casefile"))
        .args(["help", "formats"])
        .stdout(full)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("[not-written]"),
        "{}",
        stderr(&output)
    );
}

#[cfg(unix)]
#[test]
fn a_place_that_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "a file where a folder should be")
        .expect("a temporary folder can be written");
    let built = casefile(&[
        "build",
        "--unrecorded",
        SAMPLE,
        "--out",
        &taken.to_string_lossy(),
    ]);
    assert_eq!(built.status.code(), Some(2));
    assert!(
        stderr(&built).contains("[not-written]"),
        "{}",
        stderr(&built)
    );
    assert_eq!(files_in(folder.path()), ["taken"]);
}

#[test]
fn hostile_text_cannot_reach_the_terminal_as_commands() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("delivery.csv");
    std::fs::write(
        &file,
        DELIVERY
            .replace("one red", "one \u{1b}[2Jred")
            .replace("Reach", "Re\u{202E}ach"),
    )
    .expect("a temporary folder can be written");
    let output = casefile(&["inspect", &file.to_string_lossy()]);
    let all = [stdout(&output), stderr(&output)].concat();
    assert!(
        !all.contains('\u{1b}') && !all.contains('\u{202E}'),
        "{all:?}"
    );
}

#[test]
fn the_hazards_of_the_sample_set_are_refused_with_their_own_message() {
    let Some(folder) = shared("samples/meta_ads_manager_csv") else {
        return;
    };
    for (file, code) in [
        ("aw_ch_region_PIVOT_handmade.csv", "pivot"),
        ("aw_de_truck_GREP_OUTPUT_not_csv.csv", "grep-output"),
    ] {
        let output = casefile(&["inspect", &folder.join(file).to_string_lossy()]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(
            told.contains(code) && told.contains("hint:"),
            "{file}: {told}"
        );
    }
}

#[test]
fn help_lists_every_command_and_topic() {
    let help = stdout(&casefile(&["help"]));
    for command in ["new", "add", "inspect", "check", "build", "show", "verify"] {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}\n{help}"
        );
        let own = stdout(&casefile(&["help", command]));
        assert!(
            own.contains("Example"),
            "`help {command}` has an example\n{own}"
        );
        assert_eq!(casefile(&[command, "--help"]).status.code(), Some(0));
    }
    for (topic, wanted) in [
        ("language", "difference('A', 'B')"),
        ("formats", "meta-ads-manager"),
        ("case", "[[evidence]]"),
        ("codes", "leak"),
    ] {
        assert!(
            stdout(&casefile(&["help", topic])).contains(wanted),
            "{topic}"
        );
    }
    assert_eq!(casefile(&["help", "nonsense"]).status.code(), Some(2));
    assert_eq!(casefile(&["biuld"]).status.code(), Some(2));
}

#[test]
fn a_folder_that_holds_anything_else_is_not_replaced() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let place = out.path().to_string_lossy().into_owned();
    assert!(
        casefile(&["build", "--unrecorded", SAMPLE, "--out", &place])
            .status
            .success()
    );
    let notes = out.path().join("child-jewellery-ads-1.0.0/my-notes.txt");
    std::fs::write(&notes, "mine").expect("a temporary folder can be written");
    let again = casefile(&["build", "--unrecorded", SAMPLE, "--out", &place]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        stderr(&again).contains("my-notes.txt [not-a-report]"),
        "{}",
        stderr(&again)
    );
    assert_eq!(
        std::fs::read_to_string(notes).expect("the notes are there"),
        "mine"
    );
}

#[test]
fn adding_the_same_files_again_changes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let exports = folder.path().join("exports");
    std::fs::create_dir(&exports).expect("a temporary folder can be written");
    for name in ["one_2024-11-05_0900.csv", "two_2024-11-06_0900.csv"] {
        std::fs::write(exports.join(name), DELIVERY).expect("a temporary folder can be written");
    }
    let case = folder.path().join("my-case").to_string_lossy().into_owned();
    let exports = exports.to_string_lossy().into_owned();
    assert!(casefile(&["new", &case, &exports]).status.success());
    let state = || {
        ["case.toml", "custody.jsonl"].map(|name| {
            std::fs::read_to_string(Path::new(&case).join(name)).expect("the case is there")
        })
    };
    let before = state();
    let added = casefile(&["add", &exports, "--case", &case]);
    assert!(added.status.success(), "{}", stderr(&added));
    assert_eq!(state(), before);
}

#[test]
fn an_unreadable_row_hides_neither_arms_nor_expressions_nor_a_changed_digest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = small_case(
        folder.path(),
        "sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"\n[[evidence]]\nfile = \"evidence/more.csv\"\nkind = \"delivery\"\n\
         [study]\narms = [\n  { id = \"red\", ads = [\"* red\"] },\n  { id = \"two\", ads = [\"two *\"] },\n]\n\
         [[finding]]\nid = \"wrong\"\ntext = \"Men: {{ share('red').middle }} and {{ share('rde').min }}\"\n",
    );
    std::fs::write(
        case.join("evidence/more.csv"),
        "ad,gender,impressions\nx,male,many\n",
    )
    .expect("a temporary folder can be written");
    let checked = casefile(&["check", &case.to_string_lossy()]);
    let told = stderr(&checked);
    assert_eq!(checked.status.code(), Some(2));
    for wanted in [
        "[evidence-changed]",
        "evidence/more.csv:2: ",
        "`many`",
        "[ad-in-two-arms]",
        "`share('red')` has no `middle`",
        "there is no arm `rde`",
    ] {
        assert!(told.contains(wanted), "not told: {wanted}\n{told}");
    }
}

#[test]
fn a_test_is_planned_before_it_starts() {
    let plan = casefile(&["plan", "--shares", "0.80", "0.65"]);
    assert_eq!(plan.status.code(), Some(0), "{}", stderr(&plan));
    let told = stdout(&plan);
    assert!(
        told.contains("ads per arm") && told.contains("impressions per arm"),
        "{told}"
    );
    let json = casefile(&["plan", "--shares", "0.80", "0.65", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&json)).unwrap();
    let ads = json["ads_per_arm"].as_u64().unwrap();
    assert_eq!(json["impressions_per_arm"].as_u64(), Some(ads * 2000));
    assert!(
        told.contains(&format!("ads per arm          {ads}\n")),
        "{told}"
    );
    // The power of the planned number is what was asked for, and that of one fewer is not.
    let power = |ads: u64| {
        let output = casefile(&[
            "plan",
            "--shares",
            "0.80",
            "0.65",
            "--ads",
            &ads.to_string(),
            "--json",
        ]);
        let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        json["power"].as_f64().unwrap()
    };
    assert!(power(ads) >= 0.8 && power(ads - 1) < 0.8);
}

#[test]
fn a_plan_that_makes_no_sense_is_refused_with_all_that_is_wrong() {
    let plan = casefile(&[
        "plan",
        "--shares",
        "80",
        "65",
        "--between",
        "-1",
        "--power",
        "2",
    ]);
    assert_eq!(plan.status.code(), Some(2));
    let told = stderr(&plan);
    for option in [
        "--shares: a share lies between 0 and 1",
        "--between:",
        "--power:",
    ] {
        assert!(told.contains(option), "{told}");
    }
    let equal = casefile(&["plan", "--shares", "0.5", "0.5"]);
    assert!(
        stderr(&equal).contains("nothing to find"),
        "{}",
        stderr(&equal)
    );
    let single = casefile(&["plan", "--shares", "0.5"]);
    assert_eq!(single.status.code(), Some(2));
}

#[test]
fn a_finished_test_tells_what_it_could_have_found() {
    let plan = casefile(&["plan", "datasets/child-jewellery-ads"]);
    assert_eq!(plan.status.code(), Some(0), "{}", stderr(&plan));
    let told = stdout(&plan);
    assert!(
        told.contains("child - item (10 and 10 ads)") && told.contains("detectable"),
        "{told}"
    );
    let json = casefile(&["plan", "datasets/child-jewellery-ads", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert!(json["contrasts"][0]["detectable"].as_f64().unwrap() > 0.0);
}

#[test]
fn help_prints_the_measured_coverage_and_every_method() {
    let help = casefile(&["help", "statistics"]);
    let told = stdout(&help);
    assert!(
        told.lines()
            .all(|line| line.chars().count() <= 80 || line.starts_with("  ")),
        "paragraphs fit a terminal"
    );
    for method in casefile::stats::Method::ALL {
        assert!(
            told.contains(&format!("\n{}\n", method.id())),
            "{}",
            method.id()
        );
    }
    assert!(
        told.contains("ads between") && told.contains("Which defaults."),
        "{told:.600}"
    );
}

#[test]
fn a_build_is_recorded_once_and_is_no_part_of_the_next_bundle() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = small_case(folder.path(), "");
    let place = folder.path().join("out");
    let build = || {
        let built = casefile(&[
            "build",
            &case.to_string_lossy(),
            "--out",
            &place.to_string_lossy(),
        ]);
        assert!(built.status.success(), "{}", stderr(&built));
        std::fs::read_to_string(case.join("custody.jsonl")).expect("a log")
    };
    let before = casefile::case::load(&case).expect("a case").custody_log;
    let first = build();
    let last: serde_json::Value =
        serde_json::from_str(first.lines().last().expect("an entry")).expect("JSON");
    let zip = std::fs::read(place.join("small-1.0.0/small-1.0.0.zip")).expect("a bundle");
    assert_eq!(last["action"], "build");
    assert_eq!(last["file"], "small-1.0.0.zip");
    assert_eq!(
        last["sha256"],
        casefile::digest::Sha256::of(&zip).to_string()
    );
    assert_eq!(first, build(), "the same build is recorded once");
    let again = casefile::case::load(&case).expect("a case");
    assert_eq!(
        again.custody_log, before,
        "what is built cannot hold its own record"
    );
}

#[test]
fn json_acts_on_no_terminal_and_says_the_same() {
    let zip = "tests/vectors/zips/name-c1-control.zip";
    let output = casefile(&["verify", "--json", zip]);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        !printed.trim_end_matches('\n').contains(char::is_control),
        "{printed}"
    );
    let read: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let mut subjects = read["checks"].as_array().unwrap().iter();
    assert!(
        subjects.any(|check| check["subject"].as_str().unwrap().contains('\u{85}')),
        "{printed}"
    );
}
