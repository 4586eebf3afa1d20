//! The house keeps its own rules: who may know whom, which codes exist, what the help says.

use crate::support::{root, sample};
use casefile::findings::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files_under(&entry, found)
        } else {
            found.push(entry)
        }
    }
}

/// Every Rust file of the library and the command, with its path below `src` and its lines without comments.
fn sources() -> Vec<(String, String)> {
    let base = root().join("src");
    let mut files = Vec::new();
    files_under(&base, &mut files);
    files
        .into_iter()
        .filter(|file| file.extension().is_some_and(|ending| ending == "rs"))
        .map(|file| {
            let name = file
                .strip_prefix(&base)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            let code = std::fs::read_to_string(&file).unwrap();
            let lines: Vec<&str> = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            (name, lines.join("\n"))
        })
        .collect()
}

fn word(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default()
}

/// What stands behind each occurrence of `name` that is a whole word.
fn behind<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(name)
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(move |(at, _)| &code[at + name.len()..])
}

/// The string literal at the start of `text`, if there is one.
fn literal(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

const GROUND: &[&str] = &["error", "notice", "digest", "artifacts", "numbers"];

/// The rooms that each room may know beside itself and the ground; `None` = all.
fn may_know(room: &str) -> Option<&'static [&'static str]> {
    Some(match room {
        "error" | "notice" | "digest" | "numbers" | "artifacts" | "stats" | "case" | "bundle" => {
            &[]
        }
        "evidence" => &["case"],
        "import" => &["case", "evidence"],
        "cube" => &["evidence", "case"],
        // What a text cites is part of what it says.
        "findings" => &["cube", "stats", "case", "evidence", "cite"],
        "cite" => &[],
        "document" => &[
            "findings", "cube", "evidence", "case", "stats", "cite", "diff",
        ],
        "render" => &["document", "diff"],
        "privacy" => &["evidence"],
        "recompute" => &["case", "cube", "evidence"],
        "sign" => &["bundle", "verify"],
        "diff" => &["bundle", "verify"],
        "verify" => &["bundle"],
        "again" | "enclose" | "lib" => return None,
        other => panic!("the room `{other}` is new: say in this table whom it may know"),
    })
}

#[test]
fn rooms_know_only_whom_the_table_allows() {
    let mut strangers = Vec::new();
    for (file, code) in sources() {
        let room = file.split(['/', '.']).next().unwrap();
        if room == "main" || room == "cli" {
            for path in behind(&code, "crate::") {
                strangers.push(format!(
                    "{file}: crate::{}: the command uses the public crate `casefile`",
                    word(path)
                ));
            }
            continue;
        }
        for path in behind(&code, "crate::") {
            let known = word(path);
            assert!(
                !known.is_empty(),
                "{file}: write one `use crate::` a room, so that this test can read it: {path:.60}"
            );
            let own = known == room;
            let ground = GROUND.contains(&known) && !matches!(room, "stats" | "verify");
            let allowed = match may_know(room) {
                None => true,
                Some(rooms) => {
                    rooms.contains(&known)
                        || own
                        || ground
                        || (room == "verify" && known == "digest")
                }
            };
            if !allowed {
                strangers.push(format!("{file}: crate::{known}"));
            }
            if room == "verify" && known == "bundle" && !path.starts_with("bundle::format") {
                strangers.push(format!("{file}: a verifier knows the format of a bundle, not its maker: crate::{path:.40}"));
            }
        }
        // `super` may not be a way around the table.
        let depth = file.matches('/').count() + usize::from(!file.ends_with("mod.rs"));
        for rest in behind(&code, "super::") {
            let mut steps = 1;
            let mut left = rest;
            while let Some(further) = left.strip_prefix("super::") {
                (steps, left) = (steps + 1, further);
            }
            if steps >= depth {
                strangers.push(format!(
                    "{file}: {steps} steps up with super::{rest:.40} leave the room"
                ));
            }
        }
    }
    assert!(strangers.is_empty(), "{}", strangers.join("\n"));
}

#[test]
fn ground_and_statistics_know_none_of_ours() {
    for (file, code) in sources() {
        let room = file.split(['/', '.']).next().unwrap();
        let known: BTreeSet<&str> = behind(&code, "crate::").map(word).collect();
        let allowed: &[&str] = match room {
            "error" | "notice" | "digest" | "numbers" => &[],
            "stats" => &["stats"],
            "artifacts" => &["error"],
            _ => continue,
        };
        assert!(
            known.iter().all(|name| allowed.contains(name)),
            "{file} knows {known:?}"
        );
    }
}

/// Codes by group, as the code constructs them.
fn constructed() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut codes: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (file, code) in sources() {
        for (group, names) in [
            (
                "Errors",
                &["Problem::new(", "problem(", "at(", "unreadable(", "whole("][..],
            ),
            (
                "Notices",
                &[
                    "Notice::info(",
                    "Notice::caution(",
                    "remark(",
                    "remark_row(",
                ],
            ),
        ] {
            for name in names {
                for rest in behind(&code, name) {
                    match literal(rest) {
                        Some(literal) => {
                            codes.entry(group).or_default().insert(literal.to_owned());
                        }
                        // A constructor that is handed its code is one of the helpers named here.
                        None if name.contains("::") => assert_eq!(
                            word(rest.trim_start()),
                            "code",
                            "{file}: the code of a message stands where it is made"
                        ),
                        None => {}
                    }
                }
            }
        }
        // Codes that are chosen before the message is made.
        for rest in behind(&code, "let (code, ") {
            let statement = rest.split(';').next().unwrap();
            codes.entry("Errors").or_default().extend(
                behind(statement, "(")
                    .filter_map(literal)
                    .map(str::to_owned),
            );
        }
        for rest in behind(&code, "unique(") {
            let call = rest.split(");").next().unwrap();
            codes
                .entry("Errors")
                .or_default()
                .extend(call.split(',').nth(2).and_then(literal).map(str::to_owned));
        }
        for rest in behind(&code, "exclude(") {
            codes.entry("Exclusions").or_default().extend(
                rest.split_once(',')
                    .and_then(|(_, rest)| literal(rest))
                    .map(str::to_owned),
            );
        }
        for name in ["Some(", "then_some(", "reason: "] {
            codes.entry("Exclusions").or_default().extend(
                behind(&code, name)
                    .filter_map(literal)
                    .filter(|text| text.ends_with("-row"))
                    .map(str::to_owned),
            );
        }
        // The tables of what transcribers remark and leave out.
        if file == "import/remarks.rs" {
            let (remarks, exclusions) = code.split_once("const EXCLUSIONS").unwrap();
            for (group, table) in [("Notices", remarks), ("Exclusions", exclusions)] {
                let rows = table.split("];").next().unwrap();
                let rows = behind(rows, "(").filter_map(literal).map(str::to_owned);
                codes.entry(group).or_default().extend(rows);
            }
        }
        // A new helper that takes a code must be read by this test too.
        for function in code.split("fn ").skip(1) {
            let signature = function.split('{').next().unwrap();
            if signature.contains("code: &'static str") {
                let name = word(function);
                assert!(
                    [
                        "new",
                        "info",
                        "caution",
                        "at",
                        "problem",
                        "remark",
                        "remark_row",
                        "unique",
                        "notice",
                        "unreadable"
                    ]
                    .contains(&name),
                    "{file}: teach this test the helper `{name}`"
                );
            }
        }
        for closure in behind(&code, "let ").filter(|rest| {
            rest.contains("= |code, ")
                && rest
                    .split_once("= |code, ")
                    .is_some_and(|(name, _)| name.len() < 20)
        }) {
            assert!(
                ["whole", "problem"].contains(&word(closure)),
                "{file}: teach this test the helper `{}`",
                word(closure)
            );
        }
    }
    codes
}

/// Codes by group, as `casefile help codes` prints them.
fn listed() -> BTreeMap<String, Vec<(String, String)>> {
    let text = std::fs::read_to_string(root().join("templates/help/codes.txt")).unwrap();
    let mut groups: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut group = String::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(entry) => {
                let (code, meaning) = entry.split_once("  ").unwrap_or((entry, ""));
                groups
                    .entry(group.clone())
                    .or_default()
                    .push((code.to_owned(), meaning.trim().to_owned()));
            }
            None => group = word(line).to_owned(),
        }
    }
    groups
}

#[test]
fn every_code_is_listed_once_with_a_meaning_and_every_listed_code_is_used() {
    let listed = listed();
    for (group, made) in constructed() {
        let codes: Vec<&String> = listed[group].iter().map(|(code, _)| code).collect();
        let known: BTreeSet<&String> = codes.iter().copied().collect();
        assert_eq!(
            codes.len(),
            known.len(),
            "a code stands twice under {group}"
        );
        assert!(
            codes.is_sorted(),
            "the codes under {group} are in alphabetical order"
        );
        let missing: Vec<&String> = made.iter().filter(|code| !known.contains(code)).collect();
        let unused: Vec<&&String> = known.iter().filter(|code| !made.contains(**code)).collect();
        assert!(
            missing.is_empty() && unused.is_empty(),
            "{group}: not listed: {missing:?}; listed and never used: {unused:?}"
        );
    }
    let mut all = BTreeSet::new();
    for (code, meaning) in ["Errors", "Notices", "Exclusions"]
        .iter()
        .flat_map(|group| &listed[*group])
    {
        assert!(all.insert(code), "`{code}` has two meanings");
        assert!(meaning.len() > 8, "`{code}` has no meaning");
        assert!(
            code.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "`{code}` is not kebab-case"
        );
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut section = "";
    let mut seen = 0;
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if matches!(section, "[dependencies]" | "[dev-dependencies]") && line.contains('=') {
            let reason = line
                .split_once(" # ")
                .map(|(_, reason)| reason)
                .unwrap_or_default();
            assert!(reason.len() > 3, "no reason for {line}");
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} dependencies were found");
}

#[test]
fn nothing_is_left_for_later_and_nothing_prints_past_the_terminal() {
    let mut files = Vec::new();
    for folder in ["src", "templates", "tests/suite"] {
        files_under(&root().join(folder), &mut files);
    }
    let mut found = Vec::new();
    for file in files {
        // Fonts are not text.
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        let this = file.ends_with("house.rs");
        let terminal = file.ends_with("cli/terminal.rs");
        let tests = file.starts_with(root().join("tests"));
        for mark in [
            concat!("TO", "DO"),
            concat!("FIX", "ME"),
            concat!("todo", "!("),
            concat!("unimplemented", "!("),
        ] {
            if text.contains(mark) {
                found.push(format!("{}: {mark}", file.display()));
            }
        }
        for mark in ["println!", "print!", "eprintln!", "eprint!", "dbg!"] {
            if !this && !tests && !terminal && behind(&text, mark).next().is_some() {
                found.push(format!("{}: {mark}", file.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_example_of_the_language_page_evaluates_on_the_sample_case() {
    let page = std::fs::read_to_string(root().join("templates/help/language.txt")).unwrap();
    let (_, section) = page.split_once("Examples from the sample case\n").unwrap();
    let examples: Vec<&str> = section
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .map(str::trim)
        .collect();
    assert!(examples.len() >= 10, "{examples:?}");
    let case = sample();
    let prepared = casefile::prepare(&case).unwrap_or_else(|error| panic!("{error}"));
    let language = Language::new(&case, Arc::new(prepared.cube), prepared.findings.results);
    for example in examples {
        if let Err(failure) = language.show(example) {
            panic!("{example}: {}", failure.message);
        }
    }
}

/// The keys of each struct of the schema; `true` = required.
fn schema() -> BTreeMap<String, BTreeMap<String, bool>> {
    let code = std::fs::read_to_string(root().join("src/case/schema.rs")).unwrap();
    let mut structs: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    let (mut name, mut attributes, mut optional) = (String::new(), String::new(), false);
    for line in code.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push_str(line);
        } else if let Some(rest) = line.strip_prefix("pub struct ") {
            name = if attributes.contains("deny_unknown_fields") {
                word(rest).to_owned()
            } else {
                String::new()
            };
            optional = attributes.contains("deny_unknown_fields, default");
            attributes.clear();
        } else if let (Some(rest), false) = (
            line.strip_prefix("pub ").filter(|rest| rest.ends_with(',')),
            name.is_empty(),
        ) {
            let (field, kind) = rest.split_once(": ").unwrap();
            let key = attributes
                .split_once("rename = \"")
                .map_or(field, |(_, rest)| rest.split('"').next().unwrap());
            let required =
                !(optional || kind.starts_with("Option<") || attributes.contains("default"));
            structs
                .entry(name.clone())
                .or_default()
                .insert(key.to_owned(), required);
            attributes.clear();
        } else if !line.starts_with("///") {
            attributes.clear();
            if line == "}" {
                name.clear();
            }
        }
    }
    structs
}

/// Keys in a list such as `id*, label, ads*`; `true` = marked as required.
fn keys_in(list: &str) -> BTreeMap<String, bool> {
    list.split(',')
        .map(str::trim)
        .filter(|key| !key.is_empty())
        .map(|key| (key.trim_end_matches('*').to_owned(), key.ends_with('*')))
        .collect()
}

#[test]
fn the_page_on_case_toml_names_every_key_and_no_other() {
    let page = std::fs::read_to_string(root().join("templates/help/case.txt")).unwrap();
    let mut written: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    let (mut section, mut last) = ("top".to_owned(), String::new());
    for line in page
        .lines()
        .take_while(|line| !line.starts_with("Beside case.toml"))
    {
        let (keys, text) = match line.strip_prefix("  ") {
            _ if line.starts_with('[') => {
                let (head, rest) = line.split_once(']').unwrap();
                section = head.trim_start_matches('[').to_owned();
                let rest = rest.trim_start_matches(']').trim();
                // Short tables have their keys on the line of their heading.
                if ["recommendation", "caption"].contains(&section.as_str()) {
                    (rest.replace("(id of a figure or table)", ""), String::new())
                } else {
                    continue;
                }
            }
            Some(entry) if !entry.starts_with(' ') => entry
                .split_once("  ")
                .map_or((entry.to_owned(), String::new()), |(keys, text)| {
                    (keys.to_owned(), text.to_owned())
                }),
            Some(_) => continue,
            None if line.starts_with("casefile*") => ("casefile*".to_owned(), String::new()),
            None => continue,
        };
        let keys = keys_in(&keys.replace(" *", "*"));
        last = keys.keys().next().cloned().unwrap_or(last);
        written.entry(section.clone()).or_default().extend(keys);
        if let Some((_, inside)) = text.split_once('{')
            && let Some((inside, _)) = inside.split_once('}')
            && !inside.contains('=')
        {
            written
                .entry(last.clone())
                .or_default()
                .extend(keys_in(inside));
        }
    }
    let schema = schema();
    let sections = [
        ("case", "Meta"),
        ("authors", "Author"),
        ("evidence", "EvidenceEntry"),
        ("obtained", "Obtained"),
        ("study", "Study"),
        ("arms", "ArmEntry"),
        ("benchmark", "Benchmark"),
        ("finding", "FindingEntry"),
        ("fact", "FactEntry"),
        ("recommendation", "RecommendationEntry"),
        ("caption", "CaptionEntry"),
        ("declaration", "WitnessDeclaration"),
    ];
    for (section, name) in sections {
        assert_eq!(
            written[section], schema[name],
            "[{section}] of case.txt beside {name} of case/schema.rs"
        );
    }
    let tables: BTreeSet<&str> = [
        "casefile",
        "case",
        "evidence",
        "study",
        "finding",
        "fact",
        "recommendation",
        "caption",
        "declaration",
    ]
    .into();
    assert_eq!(
        schema["Declaration"]
            .keys()
            .map(String::as_str)
            .collect::<BTreeSet<_>>(),
        tables
    );
    assert_eq!(schema.len(), sections.len() + 1, "{:?}", schema.keys());
}
