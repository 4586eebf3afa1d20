//! What is wrong with a declaration, as far as it shows without the evidence: every problem with its
//! line and column.

use super::load::DECLARATION;
use super::{Declaration, Kind, Spanned, place};
use crate::digest::Sha256;
use crate::error::{Problem, Problems};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A problem at a place in `case.toml`.
pub(super) fn at<T>(
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
pub(super) fn check(declaration: &Declaration, toml: &str, problems: &mut Problems) {
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
