//! Reading a case folder: the declaration, the narrative, what it cites, the custody log and the raw
//! bytes.

use super::check::{at, check};
use super::{Case, Declaration, Earlier, custody, place, sources};
use crate::error::{Problem, Problems, Result};
use std::path::Path;

pub(super) const DECLARATION: &str = "case.toml";
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
    let sources = sources::read(
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
        witness_declaration,
        ..
    } = declaration;
    let case = Case {
        meta,
        study,
        findings,
        facts,
        recommendations,
        captions,
        witness_declaration,
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
