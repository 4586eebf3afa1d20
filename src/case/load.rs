//! Reading a case folder: the declaration, the narrative, what it cites, the custody log and the raw
//! bytes.

use super::{Case, Declaration, Earlier, EvidenceEntry, Kind, SourceFile, Spanned, custody, place};
use crate::digest::Sha256;
use crate::error::{Problem, Problems, Result};
use crate::notice::{Locator, Notice};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

const DECLARATION: &str = "case.toml";
const NARRATIVE: &str = "report.md";
const REFERENCES: &str = "references.bib";
const CUSTODY: &str = "custody.jsonl";

/// Reads and checks the case in `folder`. Every problem that can be found is reported at once.
pub fn load(folder: &Path) -> Result<Case> {
    let (case, problems) = open(folder)?;
    problems.finish(case)
}

/// Reads the case in `folder` as far as it can be read, with the problems found on the way: they
/// must be reported together with those that later rooms find. Fails where the declaration itself
/// cannot be read.
pub fn open(folder: &Path) -> Result<(Case, Problems)> {
    let toml = match std::fs::read_to_string(folder.join(DECLARATION)) {
        Ok(text) => text,
        Err(error) => {
            return Err(Problem::new(
                "no-case",
                folder.join(DECLARATION).display().to_string(),
                format!("cannot be read: {error}"),
            )
            .hint("name a case folder; `casefile new DIR FILES...` makes one")
            .into());
        }
    };
    let declaration = parse(&toml)?;
    let mut problems = Problems::default();
    check(&declaration, &toml, &mut problems);
    let report = problems.take(read_optional(folder, NARRATIVE)).flatten();
    let references = problems.take(read_optional(folder, REFERENCES)).flatten();
    let custody_log = problems.take(read_optional(folder, CUSTODY)).flatten();
    let custody = problems
        .take(custody::read(custody_log.as_deref()))
        .unwrap_or_default();
    let (custody, custody_log) = custody::before_builds(custody, custody_log);
    let earlier = problems
        .take(read_earlier(folder, &declaration, &toml))
        .flatten();
    let mut notices = Vec::new();
    let mut undeclared = Vec::new();
    let sources = read_sources(
        folder,
        &declaration,
        &toml,
        &mut problems,
        &mut notices,
        &mut undeclared,
    );
    custody::check(&sources, &custody, &mut problems);
    let Declaration {
        case: meta,
        study,
        findings,
        facts,
        recommendations,
        captions,
        oath,
        ..
    } = declaration;
    let case = Case {
        meta,
        study,
        findings,
        facts,
        recommendations,
        captions,
        oath,
        earlier,
        sources,
        custody,
        toml,
        report,
        references,
        custody_log,
        notices,
        undeclared,
    };
    Ok((case, problems))
}

/// Parses `case.toml`; a syntax error or an unknown key is reported with its line.
pub fn parse(text: &str) -> Result<Declaration> {
    let declaration: Declaration = toml::from_str(text).map_err(|error| {
        let mut problem = Problem::new(
            "case-syntax",
            DECLARATION,
            error.message().trim().replace('\n', " "),
        );
        if let Some(span) = error.span() {
            let (line, column) = place(text, &span);
            problem = problem.line(line).column(column);
        }
        problem.hint("the keys of case.toml are listed by `casefile help case`")
    })?;
    if declaration.casefile != 1 {
        return Err(Problem::new(
            "case-version",
            DECLARATION,
            "this version of the case format is not known",
        )
        .value(declaration.casefile.to_string())
        .hint("write `casefile = 1`")
        .into());
    }
    Ok(declaration)
}

/// A problem at a place in `case.toml`.
fn at<T>(
    code: &'static str,
    toml: &str,
    spanned: &Spanned<T>,
    message: impl Into<String>,
) -> Problem {
    let (line, column) = place(toml, &spanned.span());
    Problem::new(code, DECLARATION, message)
        .line(line)
        .column(column)
}

/// Where the value of a key of a table stands; `None` where it is left out.
fn value_of(toml: &str, section: &str, key: &str) -> Option<Range<usize>> {
    let table = toml::de::DeTable::parse(toml).ok()?;
    Some(table.get_ref().get(section)?.get_ref().get(key)?.span())
}

/// What can be checked without the evidence.
fn check(declaration: &Declaration, toml: &str, problems: &mut Problems) {
    let meta = &declaration.case;
    let whole = |code, section: &str, key: &str, message: &str| {
        let mut problem = Problem::new(code, DECLARATION, message);
        if let Some(span) = value_of(toml, section, key) {
            let (line, column) = place(toml, &span);
            problem = problem.line(line).column(column);
        }
        problem
    };
    if !is_slug(&meta.id) {
        problems.push(
            whole(
                "case-id",
                "case",
                "id",
                "`[case] id` may hold lower-case letters, digits and hyphens only",
            )
            .value(meta.id.clone())
            .hint(
                "the id names the output folder and the bundle, for example `child-jewellery-ads`",
            ),
        );
    }
    if meta.version.is_empty()
        || !meta
            .version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
        || meta.version.contains("..")
    {
        problems.push(
            whole(
                "case-version-name",
                "case",
                "version",
                "`[case] version` may hold letters, digits, dots and hyphens only",
            )
            .value(meta.version.clone())
            .hint("use a version like 1.0.0"),
        );
    }
    if meta.title.trim().is_empty() {
        problems.push(
            whole("case-title", "case", "title", "`[case] title` is empty")
                .hint("the title heads the report; PDF/UA requires one"),
        );
    }
    if meta.language.is_empty()
        || !meta
            .language
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-')
    {
        problems.push(
            whole(
                "case-language",
                "case",
                "language",
                "`[case] language` is not a language tag",
            )
            .value(meta.language.clone())
            .hint("use a BCP 47 tag such as en"),
        );
    } else if meta.language.split('-').next() != Some("en") {
        problems.push(
            whole(
                "case-language",
                "case",
                "language",
                "the words of the report's frame exist in English only so far",
            )
            .value(meta.language.clone())
            .hint("set `language = \"en\"`"),
        );
    }
    for author in &meta.authors {
        let divided = author.family.is_some() || author.given.is_some();
        let named = !author.printed().is_empty();
        if !named
            || (author.name.is_some() && divided)
            || (author.given.is_some() && author.family.is_none())
        {
            problems.push(
                whole(
                    "author-name",
                    "case",
                    "authors",
                    "an author has either a `name`, or a `family` name with or without `given` names",
                )
                .value(author.name.clone().or_else(|| author.given.clone()).unwrap_or_default())
                .hint("write { given = \"Ada\", family = \"Example\" } for a person, { name = \"Sample Desk\" } for an organisation"),
            );
        }
    }
    if declaration.case.supersedes.is_some() != declaration.case.correction.is_some() {
        problems.push(
            whole(
                "case-correction",
                "case",
                if meta.supersedes.is_some() {
                    "supersedes"
                } else {
                    "correction"
                },
                "`supersedes` and `correction` belong together",
            )
            .hint("say which bundle is corrected and what changed and why"),
        );
    }
    if let Some(supersedes) = &meta.supersedes
        && Sha256::parse(supersedes).is_none()
    {
        problems.push(
            whole(
                "case-supersedes",
                "case",
                "supersedes",
                "this is no SHA-256 digest",
            )
            .value(supersedes.clone())
            .hint("write `sha256:` and the 64 digits of the root that `casefile verify` prints for the bundle that is corrected"),
        );
    }
    let study = &declaration.study;
    if !(0.5..=0.999).contains(&study.level) {
        problems.push(
            whole(
                "study-level",
                "study",
                "level",
                "`[study] level` must be at least 0.5 and at most 0.999",
            )
            .value(study.level.to_string())
            .hint("the usual level is 0.95"),
        );
    }
    if let Some(benchmark) = &study.benchmark
        && !benchmark.is_sound()
    {
        problems.push(
            whole(
                "study-benchmark",
                "study",
                "benchmark",
                "`[study] benchmark` needs a share between 0 and 1, or the low and high end of a range that holds it",
            )
            .value(
                [benchmark.share, benchmark.low, benchmark.high]
                    .iter()
                    .flatten()
                    .map(f64::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            )
            .hint("write 28 % as `share = 0.28`, 25 to 31 % as `low = 0.25, high = 0.31`"),
        );
    }
    unique("arm", toml, study.arms.iter().map(|arm| &arm.id), problems);
    unique(
        "finding",
        toml,
        declaration.findings.iter().map(|finding| &finding.id),
        problems,
    );
    unique(
        "fact",
        toml,
        declaration.facts.iter().map(|fact| &fact.id),
        problems,
    );
    for arm in &study.arms {
        if arm.ads.is_empty() {
            problems.push(
                at(
                    "arm-without-patterns",
                    toml,
                    &arm.id,
                    "this arm names no ads",
                )
                .value(arm.id.get_ref().clone())
                .hint("write ads = [\"* child *\"]"),
            );
        }
    }
    let arms: BTreeSet<&str> = study
        .arms
        .iter()
        .map(|arm| arm.id.get_ref().as_str())
        .collect();
    for (a, b) in &study.contrasts {
        for arm in [a, b] {
            if !arms.contains(arm.as_str()) {
                problems.push(
                    whole(
                        "contrast-arm",
                        "study",
                        "contrasts",
                        "`[study] contrasts` names an arm that does not exist",
                    )
                    .value(arm.clone())
                    .hint(format!("the arms are: {}", listed(&arms))),
                );
            }
        }
        if a == b {
            problems.push(
                whole(
                    "contrast-arm",
                    "study",
                    "contrasts",
                    "`[study] contrasts` compares an arm with itself",
                )
                .value(a.clone())
                .hint("name two arms"),
            );
        }
    }
    for entry in &declaration.evidence {
        let path = entry.file.get_ref();
        if path.starts_with('/')
            || path.contains('\\')
            || path
                .split('/')
                .any(|part| part.is_empty() || part == "." || part == "..")
        {
            problems.push(
                at(
                    "evidence-path",
                    toml,
                    &entry.file,
                    "evidence lies inside the case folder, with `/` between folders",
                )
                .value(path.clone())
                .hint("copy the file with `casefile add`"),
            );
        }
        if let Some(sha256) = &entry.sha256
            && Sha256::parse(sha256).is_none()
        {
            problems.push(
                at(
                    "evidence-digest",
                    toml,
                    &entry.file,
                    "`sha256` is not 64 hexadecimal digits",
                )
                .value(sha256.clone())
                .hint("print it with `sha256sum FILE`"),
            );
        }
        if entry.kind == Some(Kind::Contacts) && entry.confidential == Some(false) {
            problems.push(
                at(
                    "contacts-public",
                    toml,
                    &entry.file,
                    "a contact log never enters the public edition",
                )
                .value("confidential = false")
                .hint("remove the line; `--edition full` holds the log for those entitled to it"),
            );
        }
    }
    for fact in &declaration.facts {
        if fact.source.trim().is_empty() {
            problems.push(
                at("fact-source", toml, &fact.id, "a fact needs its source")
                    .value(fact.id.get_ref().clone())
                    .hint("say who published the number, where and when"),
            );
        }
        if matches!(fact.value, toml::Value::Array(_) | toml::Value::Table(_)) {
            problems.push(
                at(
                    "fact-value",
                    toml,
                    &fact.id,
                    "a fact is one number, date or text",
                )
                .value(fact.id.get_ref().clone())
                .hint("declare one fact for each value"),
            );
        }
    }
}

fn listed<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().copied().collect();
    if names.is_empty() {
        "none".into()
    } else {
        names.join(", ")
    }
}

/// Whether `text` can name a file, an anchor and an estimate.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 80
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn unique<'a>(
    what: &str,
    toml: &str,
    ids: impl Iterator<Item = &'a Spanned<String>>,
    problems: &mut Problems,
) {
    let mut seen = BTreeMap::new();
    for id in ids {
        if !is_slug(id.get_ref()) {
            problems.push(
                at(
                    "id-form",
                    toml,
                    id,
                    format!(
                        "the id of a {what} may hold lower-case letters, digits and hyphens only"
                    ),
                )
                .value(id.get_ref().clone())
                .hint("for example mostly-men"),
            );
        }
        let line = place(toml, &id.span()).0;
        if let Some(first) = seen.insert(id.get_ref(), line) {
            problems.push(
                at(
                    "id-twice",
                    toml,
                    id,
                    format!("two {what}s have this id; the first stands on line {first}"),
                )
                .value(id.get_ref().clone())
                .hint("give each its own id"),
            );
        }
    }
}

fn read_optional(folder: &Path, name: &str) -> Result<Option<String>> {
    match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(
            Problem::new("unreadable", name, format!("cannot be read: {error}"))
                .hint("it must be UTF-8 text")
                .into(),
        ),
    }
}

/// The bundle that the case corrects, where the case says where it lies.
fn read_earlier(folder: &Path, declaration: &Declaration, toml: &str) -> Result<Option<Earlier>> {
    let Some(path) = &declaration.case.earlier else {
        return Ok(None);
    };
    let name = path.get_ref();
    let refused = |message: String| at("case-earlier", toml, path, message).value(name.clone());
    if declaration.case.supersedes.is_none() {
        return Err(refused(
            "`earlier` is the bundle that `supersedes` names, and there is none".into(),
        )
        .hint("write `supersedes` with its root, and `correction` with the reason")
        .into());
    }
    // Another machine has other places; the case may be built there.
    if name.starts_with('/') || name.contains(['\\', ':']) {
        return Err(refused(
            "`earlier` is a path from the case folder, with `/` between folders".into(),
        )
        .hint("for example `../reports/my-case-1.0.0/my-case-1.0.0.zip`")
        .into());
    }
    match std::fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(Earlier::Bundle {
            name: name.clone(),
            bytes,
        })),
        Err(error) => Err(refused(format!("this bundle cannot be read: {error}"))
            .hint(
                "name the zip, not its folder; without `earlier` the report gives the reason alone",
            )
            .into()),
    }
}

/// Files under `folder/evidence`, as paths with `/`, in byte order. Links are not followed.
fn walk(folder: &Path, under: &str, found: &mut Vec<String>, problems: &mut Problems) {
    let entries = match std::fs::read_dir(folder.join(under)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => {
            return problems.push(
                Problem::new("unreadable", under, format!("cannot be listed: {error}"))
                    .hint("check the permissions"),
            );
        }
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            problems.push(
                Problem::new("file-name", under, "a file name is not UTF-8")
                    .value(entry.file_name().to_string_lossy())
                    .hint("rename the file"),
            );
            continue;
        };
        let path = format!("{under}/{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(folder, &path, found, problems),
            Ok(kind) if kind.is_file() => found.push(path),
            _ => problems.push(
                Problem::new(
                    "evidence-link",
                    path,
                    "this is a link or a device, not a file",
                )
                .hint("copy the file itself with `casefile add`"),
            ),
        }
    }
}

fn pattern(glob: &str) -> Option<GlobMatcher> {
    let wild = glob.contains(['*', '?']);
    let escaped: String = glob
        .chars()
        .flat_map(|c| {
            if matches!(c, '[' | ']' | '{' | '}' | '!') {
                vec!['[', c, ']']
            } else {
                vec![c]
            }
        })
        .collect();
    wild.then(|| {
        GlobBuilder::new(&escaped)
            .literal_separator(true)
            .build()
            .ok()
            .map(|g| g.compile_matcher())
    })
    .flatten()
}

/// Files of the system, such as `.DS_Store` and locks of open workbooks.
fn is_hidden(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|file| file.starts_with('.'))
}

/// Whether `casefile`'s pattern (or plain path) of an evidence entry covers the file.
pub fn covers(entry: &str, path: &str) -> bool {
    pattern(entry).map_or(entry == path, |matcher| matcher.is_match(path))
}

fn read_sources(
    folder: &Path,
    declaration: &Declaration,
    toml: &str,
    problems: &mut Problems,
    notices: &mut Vec<Notice>,
    undeclared_files: &mut Vec<String>,
) -> Vec<SourceFile> {
    let mut present = Vec::new();
    walk(folder, "evidence", &mut present, problems);
    present.sort();
    // A file named outright belongs to that entry even where a pattern covers it too.
    let mut owner: BTreeMap<&str, &EvidenceEntry> = BTreeMap::new();
    for entry in &declaration.evidence {
        let name = entry.file.get_ref().as_str();
        if pattern(name).is_none() && owner.insert(name, entry).is_some() {
            problems.push(
                at(
                    "evidence-twice",
                    toml,
                    &entry.file,
                    "this file is declared twice",
                )
                .value(name)
                .hint("keep one entry"),
            );
        }
    }
    for entry in &declaration.evidence {
        let name = entry.file.get_ref();
        let Some(matcher) = pattern(name) else {
            continue;
        };
        let mut matched = 0;
        for path in present.iter().filter(|path| matcher.is_match(path)) {
            matched += 1;
            if !is_hidden(path) {
                owner.entry(path).or_insert(entry);
            }
        }
        if matched == 0 {
            problems.push(
                at(
                    "evidence-missing",
                    toml,
                    &entry.file,
                    "no file matches this pattern",
                )
                .value(name.clone())
                .hint("`*` matches within one folder, `**` across folders"),
            );
        }
        if entry.sha256.is_some() {
            problems.push(at("evidence-digest", toml, &entry.file, "a pattern cannot have one digest").value(name.clone()).hint("remove `sha256`; custody.jsonl holds the digest of each file added with `casefile add`"));
        }
    }
    let undeclared: Vec<&String> = present
        .iter()
        .filter(|path| !owner.contains_key(path.as_str()) && !is_hidden(path))
        .collect();
    if !undeclared.is_empty() {
        // Without the names: a name can hold an identity. `casefile check` tells them.
        notices.push(Notice::caution(
            "undeclared-file",
            Locator::file("evidence"),
            format!(
                "{} file(s) in the evidence folder are not declared in case.toml and were not read",
                undeclared.len()
            ),
        ));
    }
    undeclared_files.extend(undeclared.into_iter().cloned());
    let mut sources = Vec::new();
    for (index, (file, entry)) in owner.into_iter().enumerate() {
        let bytes = match std::fs::symlink_metadata(folder.join(file)).and_then(|m| {
            if m.is_file() {
                std::fs::read(folder.join(file))
            } else {
                Err(std::io::Error::other("not a regular file"))
            }
        }) {
            Ok(bytes) => bytes,
            Err(error) => {
                problems.push(
                    at(
                        "evidence-missing",
                        toml,
                        &entry.file,
                        format!("this evidence file cannot be read: {error}"),
                    )
                    .value(file)
                    .hint("put the file back, or remove its entry"),
                );
                continue;
            }
        };
        let sha256 = Sha256::of(&bytes);
        if let Some(expected) = entry.sha256.as_deref().and_then(Sha256::parse)
            && expected != sha256
        {
            problems.push(
                at("evidence-changed", toml, &entry.file, format!("{file} has changed: its SHA-256 is {sha256}")).value(expected.to_string()).hint("restore the original; if the new file is meant, record it with `casefile add` and change `sha256`"),
            );
        }
        sources.push(SourceFile {
            file: file.to_owned(),
            exhibit: format!("EX-{:03}", index + 1),
            bytes,
            sha256,
            declaration: entry.clone(),
        });
    }
    sources
}
