//! Findings: expressions over the cube become estimates, sentences and assertions.
//!
//! A finding carries its own assertions; when the data stop supporting one, the build stops and
//! says which, with the values read. Every number that prose prints is in its ledger.

mod choices;
mod design;
mod export;
mod language;
mod prose;
mod quantity;
mod results;
mod robustness;
mod rows;
mod words;

pub use design::{Comparison, Design, Grade, Standing, comparisons, design};
pub use export::{STATISTICS_FORMAT, as_json, statistics};
pub use language::{CLOSE, Failure, Judgement, Language, OPEN, Shown};
pub use prose::{CITED, MARKDOWN, Printed, Prose, stray_numbers};
pub use quantity::{Quantity, Scalar, full_number, unit_name};
pub use results::{
    ContactFilter, RATE_PER, Results, compute, contacts_where, outcome_of, ranged_counts, units,
};
pub use robustness::{Outcome, Robustness, Verdict};
pub use rows::Rows;

use crate::case::{Case, FindingEntry, Spanned, place};
use crate::cite::references::{self, Library};
use crate::cube::Cube;
use crate::error::{Problem, Problems, Result};
use crate::notice::{Locator, Notice};
use prose::{Place, Writer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A sentence that a reader may quote, with what carries it.
#[derive(Debug, Clone)]
pub struct Finding {
    pub id: String,
    /// The statement as written, with its expressions.
    pub source: String,
    pub statement: Prose,
    pub caveat: Option<Prose>,
    pub assertions: Vec<Assertion>,
    /// How far the design lets the statement go, where it names an arm, and why.
    pub grade: Option<(Grade, String)>,
    /// Words of cause and effect that the design does not carry.
    pub causal: Vec<&'static str>,
}

/// An assertion that held.
#[derive(Debug, Clone)]
pub struct Assertion {
    pub expression: String,
    /// What was read, as expression and value.
    pub read: Vec<Quantity>,
    /// The same under their own labels.
    pub values: Vec<Quantity>,
}

/// Addressee and text of a recommendation.
#[derive(Debug, Clone)]
pub struct Recommendation {
    pub to: Option<String>,
    pub text: Prose,
}

/// All that the case says, computed.
#[derive(Debug, Clone)]
pub struct Findings {
    pub results: Arc<Results>,
    pub findings: Vec<Finding>,
    /// `report.md`, rendered.
    pub narrative: Option<Prose>,
    /// `[case] abstract`, rendered.
    pub abstract_: Option<Prose>,
    /// The works of `references.bib`.
    pub library: Arc<Library>,
    pub recommendations: Vec<Recommendation>,
    /// Captions by figure or table id.
    pub captions: BTreeMap<String, Prose>,
    /// What a witness declares in own words.
    pub witness_declaration: Option<Prose>,
    /// The design of each contrast.
    pub designs: Vec<Design>,
    /// Each finding under every defensible choice.
    pub robustness: Vec<Robustness>,
    /// Choices of analysis that the evidence does not allow, with the reason.
    pub impossible: Vec<String>,
    /// Remarks on the findings themselves.
    pub notices: Vec<Notice>,
}

/// What the texts of messages call the text of a declaration.
const WITNESS_DECLARATION: &str = "declaration";

fn witness_declaration(case: &Case) -> Option<&Spanned<String>> {
    case.witness_declaration.as_ref()?.text.as_ref()
}

/// Every text of the case with its place.
fn texts(case: &Case) -> Vec<(&str, Place<'_>)> {
    let mut texts = Vec::new();
    for entry in &case.findings {
        let id = entry.id.get_ref();
        texts.push((
            entry.text.get_ref().as_str(),
            Place::in_case(&case.toml, &entry.text, format!("finding `{id}`")),
        ));
        texts.extend(entry.caveat.as_ref().map(|caveat| {
            (
                caveat.get_ref().as_str(),
                Place::in_case(&case.toml, caveat, format!("caveat of finding `{id}`")),
            )
        }));
    }
    for entry in &case.recommendations {
        texts.push((
            entry.text.get_ref().as_str(),
            Place::in_case(&case.toml, &entry.text, "recommendation".into()),
        ));
    }
    for entry in &case.captions {
        texts.push((
            entry.text.get_ref().as_str(),
            Place::in_case(
                &case.toml,
                &entry.text,
                format!("caption of `{}`", entry.target.get_ref()),
            ),
        ));
    }
    texts.extend(witness_declaration(case).map(|text| {
        let place = Place::in_case(&case.toml, text, WITNESS_DECLARATION.into());
        (text.get_ref().as_str(), place)
    }));
    texts.extend(case.meta.abstract_.as_ref().map(|text| {
        (
            text.get_ref().as_str(),
            Place::in_case(&case.toml, text, "abstract".into()),
        )
    }));
    texts.extend(
        case.report
            .as_ref()
            .map(|text| (text.as_str(), Place::narrative(text))),
    );
    texts
}

/// What is wrong with the prose and with what it cites, before anything is known of the data.
pub fn lint(case: &Case) -> Result<()> {
    let mut problems = Problems::default();
    // Where the works cannot be read, nothing is said of who names them.
    let library = problems.take(Library::read(case.references.as_deref()));
    for (text, at) in texts(case) {
        prose::lint(text, &at, library.as_ref(), &mut problems);
    }
    for (what, text) in plain_texts(case) {
        for range in prose::stray_numbers(text) {
            problems.push(
                Problem::new(
                    "number-typed-by-hand",
                    "case.toml",
                    format!("{what}: a number is typed by hand"),
                )
                .value(text.get(range).unwrap_or_default())
                .hint("say it in words, or in a finding with an expression"),
            );
        }
    }
    problems.finish(())
}

/// Texts that are printed as they are, without expressions.
fn plain_texts(case: &Case) -> Vec<(&'static str, &str)> {
    let declaration = case.witness_declaration.as_ref();
    let own = [
        ("subtitle", case.meta.subtitle.as_deref()),
        ("banner", case.meta.banner.as_deref()),
        ("correction", case.meta.correction.as_deref()),
        ("question", case.study.question.as_deref()),
        (
            "witness",
            declaration.and_then(|own| own.witness.as_deref()),
        ),
        (
            "capacity",
            declaration.and_then(|own| own.capacity.as_deref()),
        ),
    ];
    let to = case
        .recommendations
        .iter()
        .map(|entry| ("to", entry.to.as_deref()));
    let all = own.into_iter().chain(to);
    all.filter_map(|(what, text)| Some((what, text?))).collect()
}

/// Computes the results and everything that the case says with them. `other` holds the same ads
/// counted in the other measure (reach beside impressions), where the evidence has it.
pub fn findings(case: &Case, cube: &Cube, other: Option<&Cube>) -> Result<Findings> {
    let results = Arc::new(compute(case, cube));
    let language = Language::new(case, Arc::new(cube.clone()), results.clone());
    let mut problems = Problems::default();
    let library = problems.take(Library::read(case.references.as_deref()));
    let writer = Writer {
        language: &language,
        library: library.as_ref(),
    };
    let mut notices = Vec::new();
    let mut list = Vec::new();
    for entry in &case.findings {
        let Some(mut finding) = finding(case, &writer, entry, &mut problems) else {
            continue;
        };
        weigh_words(case, cube, entry, &mut finding, &mut notices);
        list.push(finding);
    }
    let narrative = case.report.as_ref().and_then(|text| {
        let prose = writer.render(text, &Place::narrative(text), &mut problems)?;
        if prose.numbers.is_empty() {
            problems.push(Problem::new("no-number-found", "report.md", "the narrative holds no computed number at all").hint("a report without a number checks nothing: write expressions such as {{ share('arm').pooled }}, or remove report.md"));
        }
        Some(prose)
    });
    let mut render = |text: &Spanned<String>, what: String| {
        writer.render(
            text.get_ref(),
            &Place::in_case(&case.toml, text, what),
            &mut problems,
        )
    };
    let abstract_ = case
        .meta
        .abstract_
        .as_ref()
        .and_then(|text| render(text, "abstract".into()));
    let recommendations: Vec<Recommendation> = case
        .recommendations
        .iter()
        .filter_map(|entry| {
            Some(Recommendation {
                to: entry.to.clone(),
                text: render(&entry.text, "recommendation".into())?,
            })
        })
        .collect();
    let witness_declaration =
        witness_declaration(case).and_then(|text| render(text, WITNESS_DECLARATION.into()));
    let captions: BTreeMap<String, Prose> = case
        .captions
        .iter()
        .filter_map(|entry| {
            Some((
                entry.target.get_ref().clone(),
                render(
                    &entry.text,
                    format!("caption of `{}`", entry.target.get_ref()),
                )?,
            ))
        })
        .collect();
    problems.finish(())?;
    let library = library.unwrap_or_default();
    let robustness = robustness::robustness(case, cube, other, &results, &list);
    let designs = results
        .differences
        .iter()
        // Where neither a value nor bounds can be given, there is nothing to word.
        .filter(|((a, b), difference)| {
            let bounds = results.get(&format!("difference/{a}/{b}/bounds"));
            difference.mean.value.is_some() || bounds.is_some_and(|q| q.scalar.is_some())
        })
        .filter_map(|((a, b), _)| Some(design(cube, cube.arm(a)?, cube.arm(b)?)))
        .collect();
    let mut complete = (*results).clone();
    let proses = list
        .iter()
        .flat_map(|finding| [Some(&finding.statement), finding.caveat.as_ref()])
        .chain([narrative.as_ref(), abstract_.as_ref()])
        .flatten()
        .chain(captions.values())
        .chain(&witness_declaration)
        .chain(recommendations.iter().map(|entry| &entry.text));
    notices.extend(uncited(&library, proses.clone()));
    complete.remember(proses.flat_map(|prose| &prose.numbers).map(|n| &n.quantity));
    let assertions = list.iter().flat_map(|finding| &finding.assertions);
    complete.remember(assertions.flat_map(|assertion| &assertion.values));
    Ok(Findings {
        results: Arc::new(complete),
        findings: list,
        narrative,
        abstract_,
        library: Arc::new(library),
        recommendations,
        captions,
        witness_declaration,
        designs,
        robustness,
        impossible: choices::impossible(cube, other),
        notices,
    })
}

/// A remark on each work that no text cites: it is not printed.
fn uncited<'p>(library: &Library, proses: impl Iterator<Item = &'p Prose>) -> Vec<Notice> {
    let cited: BTreeSet<&str> = proses
        .flat_map(|prose| &prose.citations)
        .flat_map(|citation| &citation.works)
        .map(|work| work.key.as_str())
        .collect();
    library
        .keys()
        .filter(|(key, _)| !cited.contains(key))
        .map(|(key, line)| {
            Notice::info(
                "reference-not-cited",
                Locator::row(references::FILE, line),
                format!("no text cites `{key}`, so it is not in the list of references"),
            )
        })
        .collect()
}

/// Grades a finding by the arms that it names, and remarks on words that go beyond the grade.
fn weigh_words(
    case: &Case,
    cube: &Cube,
    entry: &FindingEntry,
    finding: &mut Finding,
    notices: &mut Vec<Notice>,
) {
    let arms: BTreeSet<usize> = robustness::values_of(finding)
        .iter()
        .flat_map(|quantity| robustness::named_arms(&quantity.id, cube))
        .collect();
    let arms: Vec<_> = arms
        .into_iter()
        .filter_map(|index| cube.arms.get(index))
        .collect();
    let pairs = arms.iter().enumerate().flat_map(|(index, first)| {
        arms[index + 1..]
            .iter()
            .map(move |second| (*first, *second))
    });
    finding.grade = match arms.len() {
        0 => None,
        1 => Some((Grade::OneTest, "the finding names a single arm".into())),
        _ => pairs
            .map(|(first, second)| design(cube, first, second))
            .max_by_key(|design| design.grade)
            .map(|design| (design.grade, design.reason)),
    };
    if finding
        .grade
        .as_ref()
        .is_some_and(|(grade, _)| *grade == Grade::ByDesign)
    {
        return;
    }
    finding.causal = design::causal_words(&finding.statement.own_words());
    if finding.causal.is_empty() {
        return;
    }
    let (line, _) = place(&case.toml, &entry.text.span());
    let why = finding
        .grade
        .as_ref()
        .map_or("it compares no arms of the test", |(_, reason)| {
            reason.as_str()
        });
    notices.push(Notice::caution(
        "causal-wording",
        Locator::row("case.toml", line),
        format!(
            "finding `{}` speaks of cause and effect ({}); the design does not carry this: {why}",
            finding.id,
            finding.causal.join(", ")
        ),
    ));
}

fn finding(
    case: &Case,
    writer: &Writer,
    entry: &FindingEntry,
    problems: &mut Problems,
) -> Option<Finding> {
    let id = entry.id.get_ref();
    let statement = writer.render(
        entry.text.get_ref(),
        &Place::in_case(&case.toml, &entry.text, format!("finding `{id}`")),
        problems,
    );
    let caveat = entry.caveat.as_ref().and_then(|caveat| {
        writer.render(
            caveat.get_ref(),
            &Place::in_case(&case.toml, caveat, format!("caveat of finding `{id}`")),
            problems,
        )
    });
    let mut assertions = Vec::new();
    for expect in &entry.expect {
        let expression = expect.get_ref();
        let (line, column) = place(&case.toml, &expect.span());
        let problem = |code, message: String| {
            Problem::new(code, "case.toml", format!("finding `{id}`: {message}"))
                .line(line)
                .column(column)
                .value(expression.clone())
        };
        match writer.language.judge(expression) {
            Ok(judgement) if judgement.holds => assertions.push(Assertion { expression: expression.clone(), read: judgement.read, values: judgement.values }),
            Ok(judgement) => {
                let read: Vec<String> = judgement.read.iter().map(read_as).collect();
                let why = if judgement.missing.is_empty() { "the data do not support this assertion" } else { "this assertion rests on a value that the data do not give" };
                problems.push(problem("assertion-failed", format!("{why}; {}", read.join(", "))).hint("correct the finding to what the data show; `casefile show` explains each value").wanting());
            }
            Err(failure) => problems.push(problem("expression", failure.message).hint("`casefile help language` lists what can be written; `casefile show 'EXPR'` tries one expression")),
        }
    }
    let statement = statement?;
    if statement.numbers.is_empty() && entry.expect.is_empty() {
        let (line, column) = place(&case.toml, &entry.text.span());
        problems.push(
            Problem::new("finding-without-evidence", "case.toml", format!("finding `{id}` holds no computed number and no assertion, so nothing supports it"))
                .line(line)
                .column(column)
                .hint("add an expression to its text or an `expect`, or move the sentence to report.md"),
        );
    }
    Some(Finding {
        id: id.clone(),
        source: entry.text.get_ref().clone(),
        statement,
        caveat,
        assertions,
        grade: None,
        causal: Vec::new(),
    })
}

/// "share('child').min = 0.81".
pub fn read_as(quantity: &Quantity) -> String {
    let value = match (&quantity.scalar, quantity.number()) {
        (None, _) => format!(
            "no value ({})",
            quantity.why.as_deref().unwrap_or("the data give none")
        ),
        (_, Some(number)) => full_number(number),
        _ => quantity.text().unwrap_or_default(),
    };
    format!("{} = {value}", quantity.label)
}
