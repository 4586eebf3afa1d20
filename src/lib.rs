//! # casefile: from raw exports of an ad-delivery test to a sealed report
//!
//! A value walks through a row of rooms and is never handed back. Each room has one verb, takes
//! one type and returns the next:
//!
//! ```text
//! Case -> import -> Evidence -> cube -> Cube -> findings -> Findings -> document -> Document
//!      -> render -> Artifacts -> bundle -> Bundle -> verify -> Verification
//! ```
//!
//! | room | verb | knows |
//! |---|---|---|
//! | [`case`] | reads the case folder | the only clock, seed, level and thresholds |
//! | [`import`](mod@import) | reads each file as a table | formats, encodings, numbers, dates |
//! | [`evidence`] | holds the tables | every row knows its file and line |
//! | [`cube`](mod@cube) | counts, in integers | ads, arms, snapshots, people as numbers; polars stops here |
//! | [`stats`] | estimates | slices in, [`stats::Estimate`] out; nothing of ours |
//! | [`findings`](mod@findings) | evaluates the report language | results, sentences, assertions |
//! | [`cite`] | says how to cite | its record and nothing else |
//! | [`document`](mod@document) | writes the report as data | all sentences, figures and tables |
//! | [`render`](mod@render) | draws and sets it | HTML, PDF, SVG, CSV; the document and nothing else |
//! | [`recompute`] | writes the SQL that counts again | the rules in words of SQL; none of the pipeline's code |
//! | [`privacy`] | searches for what must not leak | identities and private texts |
//! | [`bundle`] | seals | BagIt, digests, one deterministic zip |
//! | [`sign`] | signs | its root |
//! | [`verify`] | checks a bundle | its format and digests; never the pipeline |
//! | [`again`] | runs a bundle once more and compares | both ends |
//! | [`diff`] | compares two bundles that verify | their format; never the pipeline |
//!
//! All that is uncertain about a run enters by one door, [`case::Case`]; bytes leave by one door,
//! the command line's writer. Between the doors there is no clock, no random source, no disk, no
//! locale and no printing, so the same case gives the same bytes on every machine.
//!
//! Three kinds of bad news are never mixed: an [`error::Error`] stops the run and names its
//! subject, all problems at once; a [`notice::Notice`] travels with the data and is printed in the
//! report; a finding is the message, "too few to say" included.
//!
//! ## Glossary
//!
//! - **arm**: ads of a test that share what the test varies.
//! - **block**: ads that ran alike but for the creative; contrasts compare within blocks.
//! - **breakdown**: a platform's counts split by gender, age, region...
//! - **choice**: another defensible way to analyse the same evidence.
//! - **delivery**: whom a platform showed an ad; not *targeting*, whom the advertiser asked for.
//! - **edition**: `public` withholds what could expose people; `full` is for those entitled to it.
//! - **exhibit**: a numbered file of the evidence.
//! - **share**: of one gender among impressions of known gender, unless said otherwise.
//! - **snapshot**: one of several exports of the same cumulative counts.

pub mod again;
pub mod artifacts;
pub mod bundle;
pub mod case;
pub mod cite;
pub mod cube;
pub mod diff;
pub mod digest;
pub mod document;
pub mod error;
pub mod evidence;
pub mod findings;
pub mod import;
pub mod notice;
pub mod numbers;
pub mod privacy;
pub mod recompute;
pub mod render;
pub mod sign;
pub mod stats;
pub mod verify;

mod enclose;

use artifacts::Artifacts;
use bundle::{Bundle, Edition};
use case::Case;
use cube::Cube;
use digest::Sha256;
use document::Document;
use error::{Problem, Problems, Result, Severity};
use evidence::Evidence;
use findings::Findings;

/// What a case comes to before it is rendered.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub evidence: Evidence,
    pub cube: Cube,
    pub findings: Findings,
}

/// Reads, counts and evaluates a case, and reports every problem that can be found at once.
pub fn prepare(case: &Case) -> Result<Prepared> {
    prepare_watched(case, &mut |_, _| ())
}

fn prepare_watched(case: &Case, watch: &mut dyn FnMut(u64, &str)) -> Result<Prepared> {
    let mut problems = Problems::default();
    problems.take(findings::lint(case));
    let (evidence, unread) = import::import_watched(&case.sources, watch);
    let read = unread.is_empty();
    problems.take(unread.finish(()));
    for problem in privacy::free_text(&evidence) {
        problems.push(problem);
    }
    let mut counting = Problems::default();
    let cube = cube::cube(case, &evidence, &mut counting);
    let sound = read && counting.is_empty();
    // Where a file could not be read, an ad that is missing says nothing.
    keep(&mut problems, counting.finish(()), |problem| {
        read || problem.code == "ad-in-two-arms"
    });
    let other = if sound {
        cube::in_other_measure(case, &evidence, &cube)
    } else {
        None
    };
    match findings::findings(case, &cube, other.as_ref()) {
        Ok(findings) => problems.finish(Prepared {
            evidence,
            cube,
            findings,
        }),
        Err(error) => {
            // Where the counts are in doubt, what follows from them says nothing; what is written
            // wrongly is wrong all the same.
            keep(&mut problems, Err(error), |problem: &Problem| {
                let written = problem.severity == Severity::Unusable
                    && problem.code != "value-missing"
                    && (read || !problem.message.contains("has no values"));
                sound || written
            });
            Err(problems.into_error())
        }
    }
}

/// Keeps the problems that pass.
fn keep(problems: &mut Problems, found: Result<()>, pass: impl Fn(&Problem) -> bool) {
    if let Err(error) = found {
        error
            .problems
            .into_iter()
            .filter(pass)
            .for_each(|problem| problems.push(problem));
    }
}

/// What a case holds, when nothing is wrong with it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Summary {
    pub files: usize,
    pub rows_read: u64,
    pub rows_excluded: u64,
    pub ads: usize,
    pub arms: usize,
    pub findings: usize,
    pub notices: usize,
}

/// Goes through a case up to the sealed public edition, without keeping it.
pub fn check(case: &Case) -> Result<Summary> {
    let prepared = prepare(case)?;
    finish(case, &prepared, Edition::Public, &mut |_, _| ())?;
    let Prepared {
        evidence,
        cube,
        findings,
    } = &prepared;
    Ok(Summary {
        files: evidence.sources.len(),
        rows_read: evidence.sources.iter().map(|source| source.rows.read).sum(),
        rows_excluded: evidence
            .sources
            .iter()
            .map(|source| source.rows.excluded.len() as u64)
            .sum(),
        ads: cube.ads.len(),
        arms: cube.arms.len(),
        findings: findings.findings.len(),
        notices: case.notices.len()
            + evidence.notices.len()
            + cube.notices.len()
            + findings.notices.len(),
    })
}

/// Reads and counts a case, whatever its prose says.
pub fn count(case: &Case) -> Result<(Evidence, Cube)> {
    let evidence = import::import(case)?;
    let mut problems = Problems::default();
    let cube = cube::cube(case, &evidence, &mut problems);
    problems.finish((evidence, cube))
}

/// A report in all its forms, and the bundle that seals it.
#[derive(Debug, Clone)]
pub struct Built {
    pub document: Document,
    pub artifacts: Artifacts,
    pub bundle: Bundle,
    /// Digest over evidence, case and statistics, printed in the report.
    pub digest: Sha256,
}

/// Builds one edition of a case.
///
/// # Errors
///
/// Every problem of the case that can be found, at once; see [`error::Error::exit_code`].
pub fn build(case: &Case, edition: Edition) -> Result<Built> {
    build_watched(case, edition, &mut |_, _| ())
}

/// [`build`], telling `watch` how many rows were read since it was last told, and what is being done.
pub fn build_watched(
    case: &Case,
    edition: Edition,
    watch: &mut dyn FnMut(u64, &str),
) -> Result<Built> {
    let prepared = prepare_watched(case, watch)?;
    finish(case, &prepared, edition, watch)
}

/// From findings to the sealed bundle.
fn finish(
    case: &Case,
    prepared: &Prepared,
    edition: Edition,
    watch: &mut dyn FnMut(u64, &str),
) -> Result<Built> {
    watch(0, "writing the report");
    let correction = match enclose::earlier::read(case, edition)? {
        None => None,
        Some(earlier) => {
            // Like with like: a public edition is compared with what the public may see of this case.
            let edition = earlier.head.edition;
            let told = |changes: Option<&diff::Changes>| -> Result<_> {
                let (document, statistics, digests) = compose(case, prepared, edition, changes)?;
                let earlier = earlier.clone();
                enclose::earlier::correct(case, prepared, earlier, &document, &statistics, &digests)
            };
            // Twice: the section that tells of numbers brings their methods into the report.
            Some(told(Some(&told(None)?.changes))?)
        }
    };
    let changes = correction.as_ref().map(|own| &own.changes);
    let (document, statistics, digests) = compose(case, prepared, edition, changes)?;
    watch(0, "setting pages and figures");
    let rendered = render::render(&document, &statistics)?;
    let digest = document.meta.digest;
    let label = enclose::label(case, &prepared.evidence, edition, digest);
    let artifacts = enclose::enclose(
        case,
        prepared,
        &document,
        edition,
        rendered,
        statistics,
        digests,
        correction.as_ref(),
    )?;
    watch(0, "sealing the bundle");
    let bundle = bundle::seal(&label, &artifacts)?;
    Ok(Built {
        document,
        artifacts,
        bundle,
        digest,
    })
}

/// The written report, the statistics, and the list whose digest the report prints.
fn compose(
    case: &Case,
    prepared: &Prepared,
    edition: Edition,
    corrections: Option<&diff::Changes>,
) -> Result<(Document, Vec<u8>, String)> {
    let Prepared {
        evidence,
        cube,
        findings,
    } = prepared;
    let statistics = findings::statistics(case, evidence, &findings.results);
    let digests = enclose::digests(case, evidence, &statistics);
    let digest = Sha256::of(digests.as_bytes());
    let bundle = enclose::label(case, evidence, edition, digest).file_name();
    let material = document::Material {
        case,
        evidence,
        cube,
        findings,
        public: edition == Edition::Public,
        digest,
        bundle,
        corrections,
    };
    Ok((document::document(&material)?, statistics, digests))
}
