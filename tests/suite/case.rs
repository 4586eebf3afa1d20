//! A case folder is read as it stands, or each thing wrong with it is told with its place.

use crate::support::{CaseBuilder, codes, sample};
use casefile::case::{CustodyEntry, custody_line, is_slug, parse};
use casefile::digest::Sha256;

#[test]
fn a_folder_without_case_toml_is_no_case() {
    let folder = tempfile::tempdir().unwrap();
    let problem = casefile::case::load(folder.path()).unwrap_err().to_string();
    assert!(
        problem.contains("case.toml: cannot be read: ")
            && problem.contains(
                "[no-case]\n  hint: name a case folder; `casefile new DIR FILES...` makes one"
            ),
        "{problem}"
    );
}

#[test]
fn a_small_case_has_the_defaults_of_the_help_page() {
    let case = CaseBuilder::new().case();
    assert_eq!(
        (case.meta.version.as_str(), case.meta.language.as_str()),
        ("1.0.0", "en")
    );
    assert_eq!(
        (
            case.study.level,
            case.study.seed,
            case.study.outcome.people(),
            case.study.measure.name()
        ),
        (0.95, 0, "men", "impressions")
    );
    assert!(case.sources.is_empty() && case.notices.is_empty() && case.report.is_none());
}

#[test]
fn an_unknown_key_or_a_slip_of_syntax_is_told_with_its_line() {
    for (text, line, message) in [
        (
            "[study]\nquestions = \"?\"\n",
            7,
            "unknown field `questions`",
        ),
        (
            "[[evidence]]\nfile = \"x\"\nkinds = \"delivery\"\n",
            8,
            "unknown field `kinds`",
        ),
        (
            "[[evidence]]\nfile = \"x\"\nkind = \"deliveries\"\n",
            8,
            "unknown variant `deliveries`",
        ),
        (
            "[study]\narms = [\n  { id = \"a\", ad = [\"x\"] },\n]\n",
            8,
            "unknown field `ad`",
        ),
        ("[[finding]]\nid = \"f\"\n", 6, "missing field `text`"),
        ("[study]\nlevel = \n", 7, ""),
        ("[study]\nseed = -1\n", 7, ""),
        ("[extra]\n", 6, "unknown field `extra`"),
        ("banner = \"a\"\nbanner = \"b\"\n", 7, "duplicate key"),
        (
            "[[fact]]\nid = \"f\"\nvalue = 1\n",
            6,
            "missing field `source`",
        ),
    ] {
        let problem = CaseBuilder::new()
            .toml(text)
            .load()
            .unwrap_err()
            .problems
            .remove(0);
        assert_eq!(
            (problem.code, problem.subject.as_str(), problem.line),
            ("case-syntax", "case.toml", Some(line)),
            "{problem}"
        );
        assert!(problem.message.contains(message), "{problem}");
        assert!(problem.hint.is_some());
    }
    let problem = CaseBuilder::new()
        .replace("2025-01-31", "\"31.1.2025\"")
        .only_problem();
    assert!(
        problem
            .starts_with("case.toml:5:8: `31.1.2025` is not a date like 2026-11-23 [case-syntax]"),
        "{problem}"
    );
    let problem = CaseBuilder::new()
        .replace("casefile = 1", "casefile = 2")
        .only_problem();
    assert!(problem.contains("`2` [case-version]"), "{problem}");
}

#[test]
fn each_check_of_the_declaration_gives_its_code_line_value_and_remedy() {
    let arms = "[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n";
    let with_arms = |more: &str| format!("{arms}{more}");
    for (old, new, more, code, line, value) in [
        ("\"small\"", "\"Small Case\"", String::new(), "case-id", 3, "Small Case"),
        ("\"small\"", "\"small\"\nversion = \"1/0\"", String::new(), "case-version-name", 4, "1/0"),
        ("\"small\"", "\"small\"\nversion = \"..\"", String::new(), "case-version-name", 4, ".."),
        ("\"A small case\"", "\"  \"", String::new(), "case-title", 4, ""),
        ("\"small\"", "\"small\"\nlanguage = \"e n\"", String::new(), "case-language", 4, "e n"),
        ("\"small\"", "\"small\"\nlanguage = \"de\"", String::new(), "case-language", 4, "de"),
        ("\"small\"", "\"small\"\nsupersedes = \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"", String::new(), "case-correction", 4, ""),
        ("\"small\"", "\"small\"\nsupersedes = \"sha256:00\"\ncorrection = \"An export was missing.\"", String::new(), "case-supersedes", 4, "sha256:00"),
        ("\"small\"", "\"small\"\ncorrection = \"x\"", String::new(), "case-correction", 4, ""),
        ("", "", "[study]\nlevel = 1.0\n".into(), "study-level", 7, "1"),
        ("", "", "[study]\nlevel = 0.4\n".into(), "study-level", 7, "0.4"),
        ("", "", "[study]\nlevel = nan\n".into(), "study-level", 7, "NaN"),
        ("", "", "[study]\nbenchmark = { share = 28, label = \"l\", source = \"s\" }\n".into(), "study-benchmark", 7, "28"),
        ("", "", "[study]\narms = [{ id = \"a\", ads = [] }]\n".into(), "arm-without-patterns", 7, "a"),
        ("", "", "[study]\narms = [\n  { id = \"A\", ads = [\"x\"] },\n]\n".into(), "id-form", 8, "A"),
        ("", "", "[study]\narms = [\n  { id = \"a\", ads = [\"x\"] },\n  { id = \"a\", ads = [\"y\"] },\n]\n".into(), "id-twice", 9, "a"),
        ("", "", with_arms("contrasts = [[\"a\", \"c\"]]\n"), "contrast-arm", 8, "c"),
        ("", "", with_arms("contrasts = [[\"a\", \"a\"]]\n"), "contrast-arm", 8, "a"),
        ("", "", "[[fact]]\nid = \"f\"\nvalue = 1\nsource = \" \"\n".into(), "fact-source", 7, "f"),
        ("", "", "[[fact]]\nid = \"f\"\nvalue = [1, 2]\nsource = \"s\"\n".into(), "fact-value", 7, "f"),
        ("", "", "[[fact]]\nid = \"f g\"\nvalue = 1\nsource = \"s\"\n".into(), "id-form", 7, "f g"),
    ] {
        let mut case = CaseBuilder::new();
        if !old.is_empty() {
            case = case.replace(old, new);
        }
        let problems = case.toml(&more).load().expect_err(code).problems;
        let problem = &problems[0];
        assert_eq!(codes(&problems), [code], "{problems:?}");
        assert_eq!((problem.subject.as_str(), problem.line), ("case.toml", Some(line)), "{problem}");
        assert_eq!(problem.value.as_deref().unwrap_or_default(), value, "{problem}");
        assert!(problem.hint.is_some(), "{problem}");
    }
}

#[test]
fn each_check_of_the_evidence_entries_gives_its_code_line_value_and_remedy() {
    let zeros = "0".repeat(64);
    for (toml, code, line, value) in [
        (
            "[[evidence]]\nfile = \"/etc/passwd\"\n".to_owned(),
            "evidence-path",
            7,
            "/etc/passwd",
        ),
        (
            "[[evidence]]\nfile = \"evidence/../../x.csv\"\n".to_owned(),
            "evidence-path",
            7,
            "evidence/../../x.csv",
        ),
        (
            "[[evidence]]\nfile = 'evidence\\d.csv'\n".to_owned(),
            "evidence-path",
            7,
            "evidence\\d.csv",
        ),
        (
            "[[evidence]]\nfile = \"evidence/gone.csv\"\n".to_owned(),
            "evidence-missing",
            7,
            "evidence/gone.csv",
        ),
        (
            "[[evidence]]\nfile = \"evidence/*.xlsx\"\n".to_owned(),
            "evidence-missing",
            7,
            "evidence/*.xlsx",
        ),
        (
            "[[evidence]]\nfile = \"evidence/d.csv\"\nsha256 = \"abc\"\n".to_owned(),
            "evidence-digest",
            7,
            "abc",
        ),
        (
            format!("[[evidence]]\nfile = \"evidence/*.csv\"\nsha256 = \"{zeros}\"\n"),
            "evidence-digest",
            7,
            "evidence/*.csv",
        ),
        (
            format!("[[evidence]]\nfile = \"evidence/d.csv\"\nsha256 = \"{zeros}\"\n"),
            "evidence-changed",
            7,
            zeros.as_str(),
        ),
        (
            "[[evidence]]\nfile = \"evidence/d.csv\"\n[[evidence]]\nfile = \"evidence/d.csv\"\n"
                .to_owned(),
            "evidence-twice",
            9,
            "evidence/d.csv",
        ),
        (
            "[[evidence]]\nfile = \"evidence/d.csv\"\nkind = \"contacts\"\nconfidential = false\n"
                .to_owned(),
            "contacts-public",
            7,
            "confidential = false",
        ),
    ] {
        let problems = CaseBuilder::new()
            .file("evidence/d.csv", "ad,gender,impressions\nx,male,1\n")
            .toml(&toml)
            .load()
            .expect_err(code)
            .problems;
        let found = problems
            .iter()
            .find(|problem| problem.code == code)
            .unwrap_or_else(|| panic!("no {code} among {problems:?}"));
        assert_eq!(
            (found.subject.as_str(), found.line, found.value.as_deref()),
            ("case.toml", Some(line), Some(value)),
            "{found}"
        );
        assert!(found.hint.is_some());
    }
}

#[test]
fn a_digest_that_does_not_fit_names_the_file_and_both_digests() {
    let bytes = "ad,gender,impressions\nx,male,1\n";
    let expected = Sha256::of(b"another file");
    let problem = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", bytes)
        .toml(&format!("sha256 = \"{expected}\"\n"))
        .only_problem();
    assert!(
        problem.contains(&format!(
            "evidence/d.csv has changed: its SHA-256 is {}",
            Sha256::of(bytes.as_bytes())
        )),
        "{problem}"
    );
    assert!(
        problem.contains(&format!("`{expected}` [evidence-changed]")),
        "{problem}"
    );
}

#[test]
fn a_file_that_nobody_declared_is_a_notice_and_not_read() {
    let case = CaseBuilder::new()
        .evidence(
            "evidence/d.csv",
            "delivery",
            "ad,gender,impressions\nx,male,1\n",
        )
        .file("evidence/deep/more.csv", "y")
        .case();
    assert_eq!(case.sources.len(), 1);
    assert_eq!(
        case.notices
            .iter()
            .map(|n| (n.code, n.locator.file.as_ref()))
            .collect::<Vec<_>>(),
        [("undeclared-file", "evidence")]
    );
    assert_eq!(
        case.undeclared,
        ["evidence/deep/more.csv"],
        "the terminal is told the name"
    );
    assert!(
        !case.notices[0].message.contains("more.csv"),
        "the report is not"
    );
}

#[test]
fn a_pattern_takes_the_files_of_one_folder_and_a_named_file_its_own_entry() {
    let case = CaseBuilder::new()
        .file("evidence/b[1].csv", "1")
        .file("evidence/a.csv", "2")
        .file("evidence/.~lock.a.csv#", "3")
        .file("evidence/deep/c.csv", "4")
        .toml("[[evidence]]\nfile = \"evidence/*\"\ntitle = \"pattern\"\n[[evidence]]\nfile = \"evidence/a.csv\"\ntitle = \"named\"\n")
        .case();
    let told: Vec<_> = case
        .sources
        .iter()
        .map(|s| {
            (
                s.exhibit.as_str(),
                s.file.as_ref(),
                s.declaration.title.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("EX-001", "evidence/a.csv", "named"),
            ("EX-002", "evidence/b[1].csv", "pattern")
        ]
    );
    let deep = CaseBuilder::new()
        .file("evidence/deep/c.csv", "4")
        .toml("[[evidence]]\nfile = \"evidence/**\"\n")
        .case();
    assert_eq!(deep.sources[0].file, "evidence/deep/c.csv");
    let brackets = CaseBuilder::new()
        .file("evidence/b[1] x.csv", "1")
        .toml("[[evidence]]\nfile = \"evidence/b[1]*.csv\"\n")
        .case();
    assert_eq!(brackets.sources[0].file, "evidence/b[1] x.csv");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_evidence_folder_is_refused() {
    let case = CaseBuilder::new()
        .file("outside.csv", "secret")
        .file("evidence/d.csv", "ad,gender,impressions\nx,male,1\n");
    std::os::unix::fs::symlink(
        case.path().join("outside.csv"),
        case.path().join("evidence/link.csv"),
    )
    .unwrap();
    let problems = case
        .toml(
            "[[evidence]]\nfile = \"evidence/*.csv\"\n[[evidence]]\nfile = \"evidence/link.csv\"\n",
        )
        .load()
        .unwrap_err()
        .problems;
    assert_eq!(
        codes(&problems),
        ["evidence-link", "evidence-missing"],
        "{problems:?}"
    );
    assert_eq!(problems[0].subject, "evidence/link.csv");
}

/// A custody log of two files, and the case that it belongs to.
fn with_custody(change: impl Fn(&str) -> String) -> CaseBuilder {
    let mut log = String::new();
    for (file, bytes) in [("evidence/one.csv", "1"), ("evidence/two.csv", "22")] {
        let entry = CustodyEntry {
            number: 0,
            action: "add".into(),
            file: file.into(),
            bytes: bytes.len() as u64,
            sha256: Sha256::of(bytes.as_bytes()).to_string(),
            on: Some("2024-11-05".into()),
            by: None,
            from: None,
            how: None,
            previous: String::new(),
        };
        log = format!("{log}{}\n", custody_line(&log, entry));
    }
    CaseBuilder::new()
        .evidence("evidence/one.csv", "attachment", "1")
        .evidence("evidence/two.csv", "attachment", "22")
        .file("custody.jsonl", change(&log))
}

#[test]
fn a_chain_of_custody_holds() {
    let case = with_custody(str::to_owned).case();
    assert_eq!(
        case.custody
            .iter()
            .map(|entry| (entry.number, entry.file.as_ref()))
            .collect::<Vec<_>>(),
        [(1, "evidence/one.csv"), (2, "evidence/two.csv")]
    );
    assert_eq!(case.custody[0].previous, "0".repeat(64));
    assert_eq!(
        case.custody[1].previous,
        Sha256::of(case.custody_log.unwrap().lines().next().unwrap().as_bytes()).to_string()
    );
    assert_eq!(sample().custody.len(), sample().sources.len());
}

#[test]
fn a_chain_of_custody_that_was_touched_is_told_with_its_line() {
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 4] = [
        ("a byte was changed", |log| {
            log.replacen("2024-11-05", "2024-11-06", 1)
        }),
        ("the first line was removed", |log| {
            log.split_once('\n').unwrap().1.to_owned()
        }),
        ("a line was doubled", |log| {
            format!("{log}{}\n", log.lines().last().unwrap())
        }),
        ("lines were exchanged", |log| {
            log.lines().rev().map(|line| format!("{line}\n")).collect()
        }),
    ];
    for (what, change) in changes {
        let problems = with_custody(change).load().expect_err(what).problems;
        assert!(
            problems
                .iter()
                .all(|p| p.code == "custody-chain" && p.subject == "custody.jsonl"),
            "{what}: {problems:?}"
        );
        let expected = if what.contains("doubled") {
            3
        } else if what.contains("byte") {
            2
        } else {
            1
        };
        assert_eq!(problems[0].line, Some(expected), "{what}");
    }
    let problems = with_custody(|log| log.replacen("{\"number\":1", "{\"nummer\":1", 1))
        .load()
        .unwrap_err()
        .problems;
    assert!(codes(&problems).contains(&"custody-syntax"), "{problems:?}");
    assert_eq!(problems[0].line, Some(1));
}

#[test]
fn a_file_changed_after_custody_recorded_it_stops_the_build() {
    let case = with_custody(str::to_owned).file("evidence/two.csv", "23");
    let problem = case.only_problem();
    assert!(problem.starts_with("evidence/two.csv: this file is not the one that custody entry 2 recorded: it had SHA-256 "), "{problem}");
    assert!(
        problem.contains(&format!("`{}` [evidence-changed]", Sha256::of(b"23"))),
        "{problem}"
    );
}

#[test]
fn text_files_of_the_case_that_are_not_utf8_are_told_by_name() {
    for name in ["report.md", "custody.jsonl"] {
        let problem = CaseBuilder::new()
            .file(name, [0xFF, 0xFE, 0x00])
            .only_problem();
        assert!(
            problem.starts_with(&format!("{name}: cannot be read: "))
                && problem.contains("[unreadable]"),
            "{problem}"
        );
    }
}

#[test]
fn all_problems_of_a_folder_are_told_at_once() {
    let problems = CaseBuilder::new()
        .replace("\"small\"", "\"NO\"")
        .toml("[[evidence]]\nfile = \"evidence/gone.csv\"\n[study]\nlevel = 2.0\n")
        .file("custody.jsonl", "nonsense\n")
        .load()
        .unwrap_err()
        .problems;
    assert_eq!(
        codes(&problems),
        [
            "case-id",
            "study-level",
            "custody-syntax",
            "evidence-missing"
        ]
    );
}

#[test]
fn ids_are_slugs() {
    for good in ["a", "child-jewellery-ads", "2024"] {
        assert!(is_slug(good), "{good}");
    }
    for bad in [
        "",
        "-a",
        "a-",
        "A",
        "a b",
        "ä",
        "a/b",
        "a.b",
        &"a".repeat(81),
    ] {
        assert!(!is_slug(bad), "{bad}");
    }
}

#[test]
fn hostile_text_in_messages_is_made_visible() {
    let problem = parse("casefile = 1\n\u{202E}x = 1\n")
        .unwrap_err()
        .to_string();
    assert!(!problem.contains('\u{202E}'), "{problem:?}");
}
