//! The bundle that a case corrects: verified, compared with what the case comes to, and kept in the new
//! bundle as far as it was compared, so that the new one can be built again without it.

use crate::Prepared;
use crate::again;
use crate::artifacts::{Artifact, Artifacts, Role};
use crate::bundle::Edition;
use crate::case::{self, Case, Earlier, Kind};
use crate::diff::{Changes, Contents, Files, Head, Side, compare};
use crate::digest::Sha256;
use crate::document::{Document, finding_files};
use crate::error::{Error, Problem, Result};
use crate::evidence::{Evidence, Source};
use crate::verify;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the bundle keeps of the one that it corrects.
pub(super) const RECORD: &str = "case/earlier.json";
/// What it corrects.
const CORRECTIONS: &str = "corrections.json";

/// What a version corrects, and what it says of the version before.
#[derive(Debug, Clone)]
pub struct Correction {
    earlier: Side,
    pub changes: Changes,
}

/// Reads the bundle that the case corrects, where it names one.
///
/// # Errors
///
/// Those of [`Side::read`]; `earlier-other` where `supersedes` names another bundle, `earlier-full`
/// where a public edition would be compared with a full one, `earlier-version` where both would have
/// one name, `earlier-date` where it is dated after the case.
pub fn read(case: &Case, edition: Edition) -> Result<Option<Side>> {
    let side = match &case.earlier {
        None => return Ok(None),
        Some(Earlier::Record(text)) => serde_json::from_str(text).map_err(|error| {
            Problem::new(
                "diff-unreadable",
                RECORD,
                format!("cannot be read: {error}"),
            )
            .hint("build the bundle again from its case folder")
        })?,
        Some(Earlier::Bundle { name, bytes }) => bundle(case, name, bytes)?,
    };
    if side.head.edition == Edition::Full && edition == Edition::Public {
        return Err(at("earlier-full", case, "this is a full edition, and a public edition must not tell what differs from it")
            .hint("name the public edition of that version in `supersedes` and `earlier`; both editions of this one can correct it")
            .into());
    }
    if (&side.head.id, &side.head.version) == (&case.meta.id, &case.meta.version) {
        return Err(at(
            "earlier-version",
            case,
            "this bundle has the id and the version of the case, and both would have the same name",
        )
        .value(side.head.version)
        .hint("give the case the next `version`")
        .into());
    }
    let date = side.head.date.parse::<jiff::civil::Date>();
    if date.is_ok_and(|date| date > case.meta.date.0) {
        return Err(at(
            "earlier-date",
            case,
            "this bundle is dated after the case that would correct it",
        )
        .value(side.head.date)
        .hint("give the case the `date` of the correction")
        .into());
    }
    Ok(Some(side))
}

/// A problem with `[case] earlier`.
fn at(code: &'static str, case: &Case, message: &str) -> Problem {
    let problem = Problem::new(code, "case.toml", message);
    match &case.meta.earlier {
        Some(earlier) => {
            let (line, column) = case::place(&case.toml, &earlier.span());
            problem.line(line).column(column)
        }
        None => problem,
    }
}

fn bundle(case: &Case, name: &str, bytes: &[u8]) -> Result<Side> {
    let verification = verify::zip(name, bytes);
    let files = match verification.passed() {
        true => again::unpack(bytes).unwrap_or_default(),
        false => Files::new(),
    };
    let side = Side::read(name, &verification, &files)?;
    let named = case.meta.supersedes.as_deref().and_then(Sha256::parse);
    if named.is_none() || named != verification.root && named != verification.sha256 {
        let root = verification.root.map(|root| root.to_string());
        let root = root.unwrap_or_default();
        return Err(at(
            "earlier-other",
            case,
            "this is not the bundle that `supersedes` names",
        )
        .value(name)
        .hint(format!(
            "name the bundle that is corrected; this one would be `supersedes = \"sha256:{root}\"`"
        ))
        .into());
    }
    Ok(side)
}

/// Compares the bundle that is corrected with what the case comes to in the same edition: `document`
/// is the report of that edition without the section on what it corrects.
pub fn correct(
    case: &Case,
    prepared: &Prepared,
    earlier: Side,
    document: &Document,
    statistics: &[u8],
    digests: &str,
) -> Result<Correction> {
    let evidence = &prepared.evidence;
    let edition = earlier.head.edition;
    let mut files = Files::new();
    let mut put = |path: &str, bytes: Vec<u8>| files.insert(format!("data/{path}"), bytes);
    put("statistics.json", statistics.to_vec());
    put("digests.txt", digests.as_bytes().to_vec());
    put("notices.json", super::notices(case, prepared, edition));
    put(
        "case/case.toml",
        super::declared(case, evidence, edition).into_bytes(),
    );
    put("sentences.json", crate::render::data::sentences(document));
    for (path, text) in finding_files(document) {
        put(&path, text.into_bytes());
    }
    let label = super::label(case, evidence, edition, Sha256::of(digests.as_bytes()));
    let withheld: BTreeSet<String> = label.withheld.into_iter().map(|own| own.exhibit).collect();
    let mut new = Side {
        head: Head {
            root: None,
            id: label.id,
            version: label.version,
            edition,
            date: label.date,
            software: concat!("casefile ", env!("CARGO_PKG_VERSION")).to_owned(),
        },
        contents: Contents::read("this version", &files, &withheld)?,
        files: BTreeMap::new(),
    };
    let mut earlier = earlier.limited_to(&new.contents);
    // What somebody said may have been published before and be withheld now: then nothing of the
    // statements is told, since whatever differs could repeat it.
    if edition == Edition::Public
        && evidence
            .sources
            .iter()
            .any(|own| own.withheld && own.kind == Kind::Statements)
    {
        for side in [&mut earlier, &mut new] {
            let sentences = side.contents.sentences.iter_mut();
            sentences.for_each(|own| own.retain(|sentence| sentence.section != "statements"));
        }
    }
    Ok(Correction {
        changes: compare(&earlier, &new),
        earlier,
    })
}

/// Adds what was compared, and what came of it.
pub(super) fn add(case: &Case, correction: &Correction, artifacts: &mut Artifacts) -> Result<()> {
    let mut told = json!({
        "schema": "casefile-corrections-1",
        "date": case.meta.date.to_string(),
        "supersedes": case.meta.supersedes,
        "correction": case.meta.correction,
    });
    let changes = serde_json::to_value(&correction.changes).expect("strings and numbers serialise");
    if let (Value::Object(told), Value::Object(mut changes)) = (&mut told, changes) {
        // A report cannot hold the digests of the files that hold it.
        changes.remove("files");
        told.extend(changes);
    }
    let earlier = serde_json::to_value(&correction.earlier).expect("strings and numbers serialise");
    for (path, json) in [(CORRECTIONS, told), (RECORD, earlier)] {
        let mut bytes = serde_json::to_vec_pretty(&json).expect("JSON serialises");
        bytes.push(b'\n');
        artifacts.add(
            path,
            Artifact {
                bytes,
                media_type: super::JSON,
                role: Role::Record,
            },
        )?;
    }
    Ok(())
}

/// What people wrote in the version before, in which names are searched that could stand in other text
/// by chance.
pub(super) fn words(correction: &Correction) -> String {
    let Contents {
        parameters,
        findings,
        sentences,
        ..
    } = &correction.earlier.contents;
    let mut words: Vec<String> = parameters.values().map(Value::to_string).collect();
    for finding in findings {
        words.push(finding.statement.clone());
        words.extend(finding.does_not_say.clone());
    }
    for own in sentences.iter().flatten() {
        if WRITTEN.contains(&own.section.as_str()) {
            words.push(own.text.clone());
        }
        if own.section == "references" {
            words.extend(turned_round(&own.text));
        }
    }
    words.join("\n")
}

/// Sections whose sentences people wrote; those of the others are casefile's own.
const WRITTEN: [&str; 6] = [
    "report",
    "summary",
    "recommendations",
    "statements",
    "declaration",
    "references",
];

/// Names in a list of references as they are spoken: `Quill, Tamsin` is also `Tamsin Quill`. At each
/// comma, up to three words behind it and up to three before it.
fn turned_round(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, comma) in text.match_indices(',') {
        let mut before: Vec<&str> = words_of(text[..at].split_whitespace().rev());
        before.reverse();
        let behind = words_of(text[at + comma.len()..].split_whitespace());
        for family in (0..before.len()).map(|first| before[first..].join(" ")) {
            for given in (0..behind.len()).map(|last| behind[..=last].join(" ")) {
                out.push(format!("{given} {family}"));
            }
        }
    }
    out
}

/// The first three, without marks.
fn words_of<'t>(words: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    words
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(3)
        .collect()
}

/// The names of the files that a public edition withholds must not stand in what people wrote, in the
/// report, or in what is kept of the version before: that may have printed what this one withholds.
pub(super) fn names(evidence: &Evidence, artifacts: &Artifacts, document: &str) -> Result<()> {
    let mut problems = Vec::new();
    let held = ["case/case.toml", "case/report.md", CORRECTIONS, RECORD];
    let held = held.into_iter().filter_map(|path| {
        let artifact = artifacts.get(path)?;
        Some((path, String::from_utf8_lossy(&artifact.bytes)))
    });
    for (path, text) in held.chain([("report.html", document.into())]) {
        let written = |source: &&Source| {
            let shown = |name: &str| {
                let json = Value::from(name).to_string();
                text.contains(name) || text.contains(json.trim_matches('"'))
            };
            shown(&source.file) || own_name(source, evidence).is_some_and(shown)
        };
        let hidden = evidence.sources.iter().filter(|source| source.withheld);
        problems.extend(hidden.filter(written).map(|source| {
            let message = format!(
                "the public edition would show the name of {}, which it withholds",
                source.exhibit
            );
            Problem::new("leak", path, message)
                .hint("take the name of the file out of case.toml and report.md")
        }));
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error { problems }),
    }
}

/// The name of a file without its folders, where it is long enough to be no chance, tells more than
/// the kind of the file, and no file that is shown has it.
fn own_name<'s>(source: &'s Source, evidence: &Evidence) -> Option<&'s str> {
    let last = |file: &'s str| file.rsplit('/').next().unwrap_or(file);
    let name = last(&source.file);
    let stem = name.split('.').next().unwrap_or(name);
    let telling = stem.chars().count() >= SHORTEST_NAME && stem != source.kind.name();
    let shown = |other: &Source| !other.withheld && other.file.rsplit('/').next() == Some(name);
    (telling && !evidence.sources.iter().any(shown)).then_some(name)
}

/// Shorter names of files (`ads.csv`) are nobody's own.
const SHORTEST_NAME: usize = 8;

/// Says of what leaks through the version before what can be done about it.
pub(super) fn explained(mut error: Error) -> Error {
    for problem in &mut error.problems {
        if [CORRECTIONS, RECORD].contains(&problem.subject.as_str()) {
            problem.hint = Some("the version that is corrected shows it: leave `earlier` out of case.toml, and the report says why it was corrected without telling what differs".into());
        }
    }
    error
}
