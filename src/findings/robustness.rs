//! Whether a finding holds under every defensible choice of analysis.
//!
//! The assertions of a finding are evaluated again under each choice that touches a value that it
//! rests on. A choice that touches none is not counted: it would make the finding look stronger
//! than it was tested to be.

use super::Finding;
use super::choices::{self, Step};
use super::language::Language;
use super::quantity::{Quantity, Scalar};
use super::results::{Analysis, Results, compute_with};
use crate::case::Case;
use crate::cube::Cube;
use crate::stats::{MONTE_CARLO_DRAWS, Method};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// With more ads than this there are as many choices, and fewer arrangements are drawn in each.
const MANY: usize = 500;

/// A finding under each choice.
#[derive(Debug, Clone, Default)]
pub struct Robustness {
    /// Id of the finding.
    pub finding: String,
    /// Label of the value that is followed, where the finding has one that a choice changes.
    pub followed: Option<String>,
    /// The files that this value rests on.
    pub files: Vec<String>,
    /// The analysis as reported, then the choices in their order.
    pub outcomes: Vec<Outcome>,
}

/// A finding under one choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What differs from the analysis as reported, step by step; empty for that itself.
    pub steps: Vec<String>,
    /// Whether it leaves a part of the evidence out, one of many alike.
    pub leaves_out: bool,
    /// The followed value.
    pub value: Option<Scalar>,
    /// The followed value as a reader sees it.
    pub text: Option<String>,
    /// Ends of its interval, or of the range that it is.
    pub interval: Option<(f64, f64)>,
    pub verdict: Verdict,
    /// Assertions that fail or cannot be evaluated, as written.
    pub failing: Vec<String>,
}

/// What becomes of a finding's assertions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Holds,
    Fails,
    /// The data give no value under this choice.
    NoValue,
    /// The finding has no assertion; only its value is followed.
    NotAsserted,
}

impl Outcome {
    /// The choice in words.
    pub fn choice(&self) -> String {
        if self.steps.is_empty() {
            "as reported".into()
        } else {
            self.steps.join("; ")
        }
    }
}

impl Robustness {
    /// Choices beside the analysis as reported.
    pub fn choices(&self) -> &[Outcome] {
        self.outcomes.get(1..).unwrap_or_default()
    }

    /// The shortest choices with this verdict: those of which no part alone has it already.
    pub fn reasons(&self, verdict: Verdict, leaves_out: bool) -> Vec<&Outcome> {
        let all: Vec<&Outcome> = self
            .choices()
            .iter()
            .filter(|outcome| outcome.verdict == verdict && outcome.leaves_out == leaves_out)
            .collect();
        let is_part = |part: &Outcome, whole: &Outcome| {
            part.steps.len() < whole.steps.len()
                && part.steps.iter().all(|step| whole.steps.contains(step))
        };
        let shortest = |outcome: &&&Outcome| !all.iter().any(|other| is_part(other, outcome));
        all.iter().filter(shortest).copied().collect()
    }

    /// Choices of analysis, or those that leave one of many alike out, with this verdict.
    pub fn count(&self, verdict: Verdict, leaves_out: bool) -> u64 {
        let wanted =
            |outcome: &&Outcome| outcome.verdict == verdict && outcome.leaves_out == leaves_out;
        self.choices().iter().filter(wanted).count() as u64
    }

    /// Choices of analysis, or those that leave one of many alike out.
    pub fn total(&self, leaves_out: bool) -> u64 {
        let wanted = |outcome: &&Outcome| outcome.leaves_out == leaves_out;
        self.choices().iter().filter(wanted).count() as u64
    }
}

/// What a finding rests on, and what was read to judge it.
struct Reading {
    verdict: Verdict,
    failing: Vec<String>,
    /// Every value of the finding by its id.
    values: BTreeMap<String, Quantity>,
}

impl Reading {
    /// Whether a p-value in it comes from drawn arrangements.
    fn rests_on_draws(&self) -> bool {
        let drawn = [
            Method::PermutationMonteCarlo,
            Method::BlockedPermutationMonteCarlo,
        ];
        self.values
            .values()
            .filter_map(|quantity| quantity.estimate)
            .any(|estimate| drawn.contains(&estimate.method))
    }
}

/// A choice that touches a finding, and what became of it.
struct Tried {
    steps: Vec<Step>,
    label: Vec<String>,
    reading: Reading,
}

impl Tried {
    /// Whether a choice contains this one and reads the same values.
    fn is_repeated_by(&self, choice: &[Step], reading: &Reading) -> bool {
        let same = |(id, own): (&String, &Quantity)| {
            reading.values.get(id).map(|q| &q.scalar) == Some(&own.scalar)
        };
        self.steps.iter().all(|step| choice.contains(step)) && self.reading.values.iter().all(same)
    }
}

/// Every finding under every choice that touches it. `other` is the cube in the other measure.
pub fn robustness(
    case: &Case,
    cube: &Cube,
    other: Option<&Cube>,
    results: &Results,
    findings: &[Finding],
) -> Vec<Robustness> {
    if findings.is_empty() {
        return Vec::new();
    }
    let as_reported: Vec<Vec<Quantity>> = findings.iter().map(values_of).collect();
    let (cube, other) = (choices::bare(cube), other.map(choices::bare));
    let unchanged = results.apart_from_delivery();
    let mut list: Vec<Robustness> = Vec::new();
    for finding in findings {
        list.push(Robustness {
            finding: finding.id.clone(),
            followed: None,
            files: Vec::new(),
            outcomes: vec![Outcome {
                steps: Vec::new(),
                leaves_out: false,
                value: None,
                text: None,
                interval: None,
                verdict: if finding.assertions.is_empty() {
                    Verdict::NotAsserted
                } else {
                    Verdict::Holds
                },
                failing: Vec::new(),
            }],
        });
    }
    let try_choice = |steps: &[Step], thorough: bool| -> Option<(Language, Vec<String>)> {
        // Only what some finding that the choice can touch needs is computed.
        let touched = as_reported
            .iter()
            .filter(|own| steps.iter().all(|step| can_touch(step, &cube, own)));
        let ids: Vec<&str> = touched.flatten().map(|q| q.id.as_str()).collect();
        if ids.is_empty() {
            return None;
        }
        let mut analysis = Analysis::needed_by(ids.iter().copied());
        // As many draws as reported, so that a p-value differs only where the data do; fewer where
        // one of many ads is left out.
        if thorough || !steps.iter().any(Step::leaves_out) {
            analysis.arrangements = MONTE_CARLO_DRAWS;
        } else if cube.ads.len() > MANY {
            analysis.arrangements /= 5;
        }
        let changed = choices::apply(steps, &cube, other.as_ref())?;
        let results = compute_with(
            case,
            &changed,
            Analysis {
                other_average: steps.contains(&Step::OtherAverage),
                rates_by_ad: steps.contains(&Step::RatesByAd),
                blocks: analysis.blocks && !steps.contains(&Step::WithoutBlocks),
                ..analysis
            },
            unchanged.clone(),
        );
        let label: Vec<String> = steps
            .iter()
            .map(|step| step.label(&cube, other.as_ref()))
            .collect();
        let language = Language::new(case, Arc::new(changed), Arc::new(results));
        Some((language, label))
    };
    let mut readings: Vec<Vec<Tried>> = findings.iter().map(|_| Vec::new()).collect();
    let steps = choices::steps(&cube, other.as_ref());
    let analytic: Vec<Step> = steps.iter().filter(|s| s.is_analytic()).cloned().collect();
    let mut choices: Vec<Vec<Step>> = steps.into_iter().map(|step| vec![step]).collect();
    choices.extend(crossings(&analytic));
    for choice in choices {
        let Some((language, label)) = try_choice(&choice, false) else {
            continue;
        };
        // Made only where a finding fails by a p-value from few draws.
        let mut thorough = None;
        for ((finding, own), tried) in findings.iter().zip(&as_reported).zip(&mut readings) {
            if !choice.iter().all(|step| can_touch(step, &cube, own)) {
                continue;
            }
            let mut reading = read(&language, finding);
            let few_draws = choice.iter().any(Step::leaves_out) && reading.rests_on_draws();
            if reading.verdict == Verdict::Fails && few_draws {
                let again = thorough.get_or_insert_with(|| try_choice(&choice, true));
                if let Some((language, _)) = again {
                    reading = read(language, finding);
                }
            }
            // What cannot be said in reach, such as a sum over ads, was not a choice.
            if choice.contains(&Step::OtherMeasure) && reading.verdict == Verdict::NoValue {
                continue;
            }
            let counts = match choice.as_slice() {
                [step] => touches(step, &cube, own, &reading),
                // A combination that says what a part of it says already is no further choice.
                _ => {
                    changes(own, &reading)
                        && !tried.iter().any(|t| t.is_repeated_by(&choice, &reading))
                }
            };
            if counts {
                tried.push(Tried {
                    steps: choice.clone(),
                    label: label.clone(),
                    reading,
                });
            }
        }
    }
    for ((entry, own), readings) in list.iter_mut().zip(&as_reported).zip(readings) {
        let moves = |quantity: &&Quantity| {
            can_be_followed(quantity)
                && readings.iter().any(|tried| {
                    tried.reading.values.get(&quantity.id).map(|q| &q.scalar)
                        != Some(&quantity.scalar)
                })
        };
        // An estimate says more than its limit or a count.
        let is_estimate = |quantity: &&Quantity| {
            use Scalar::{Number, Points, Share, ShareRange};
            let scalar = quantity.scalar.as_ref();
            matches!(
                scalar,
                Some(Share(_) | Points(_) | Number(_) | ShareRange(..))
            )
        };
        let followed = own
            .iter()
            .filter(is_estimate)
            .find(moves)
            .or_else(|| own.iter().find(moves));
        entry.followed = followed.map(|quantity| quantity.label.clone());
        entry.files =
            followed.map_or_else(Vec::new, |q| q.rows.files().map(str::to_owned).collect());
        if let (Some(quantity), Some(first)) = (followed, entry.outcomes.first_mut()) {
            (first.value, first.interval) = shown(Some(quantity));
            first.text = quantity.text();
        }
        for Tried {
            steps,
            label,
            reading,
        } in readings
        {
            let quantity = followed.and_then(|own| reading.values.get(&own.id));
            let (value, interval) = shown(quantity);
            entry.outcomes.push(Outcome {
                leaves_out: steps.iter().any(Step::leaves_out),
                steps: label,
                value,
                text: quantity.and_then(Quantity::text),
                interval,
                verdict: reading.verdict,
                failing: reading.failing,
            });
        }
    }
    list
}

/// The values of a finding as reported: those that its assertions read, then those printed.
pub fn values_of(finding: &Finding) -> Vec<Quantity> {
    let printed = finding.statement.numbers.iter().map(|n| &n.quantity);
    let read = finding.assertions.iter().flat_map(|a| &a.values);
    let mut seen = BTreeSet::new();
    read.chain(printed)
        .filter(|quantity| seen.insert(&quantity.id))
        .cloned()
        .collect()
}

/// Whether the value has a place on an axis.
fn can_be_followed(quantity: &Quantity) -> bool {
    !matches!(
        quantity.scalar,
        None | Some(Scalar::Text(_) | Scalar::Date(_) | Scalar::P(_))
    )
}

fn shown(quantity: Option<&Quantity>) -> (Option<Scalar>, Option<(f64, f64)>) {
    let Some(quantity) = quantity else {
        return (None, None);
    };
    let interval = match quantity.scalar {
        None => None,
        Some(
            Scalar::ShareRange(low, high)
            | Scalar::ShareInterval(low, high)
            | Scalar::PointsInterval(low, high)
            | Scalar::NumberInterval(low, high),
        ) => Some((low, high)),
        Some(Scalar::Share(_) | Scalar::Points(_) | Scalar::Number(_) | Scalar::Days(_)) => {
            quantity.estimate.and_then(|e| e.low.zip(e.high))
        }
        Some(_) => None,
    };
    (quantity.scalar.clone(), interval)
}

/// Judges a finding's assertions and reads its values in another world.
fn read(language: &Language, finding: &Finding) -> Reading {
    let mut values = BTreeMap::new();
    let mut failing = Vec::new();
    let mut missing = false;
    for assertion in &finding.assertions {
        match language.judge(&assertion.expression) {
            Ok(judgement) => {
                if !judgement.holds {
                    failing.push(assertion.expression.clone());
                    missing |= !judgement.missing.is_empty();
                }
                values.extend(judgement.values.into_iter().map(|q| (q.id.clone(), q)));
            }
            Err(_) => {
                failing.push(assertion.expression.clone());
                missing = true;
            }
        }
    }
    let printed = language.printed(&finding.source);
    values.extend(printed.into_iter().map(|q| (q.id.clone(), q)));
    let verdict = match (finding.assertions.is_empty(), failing.is_empty(), missing) {
        (true, ..) => Verdict::NotAsserted,
        (_, true, _) => Verdict::Holds,
        (.., true) => Verdict::NoValue,
        _ => Verdict::Fails,
    };
    Reading {
        verdict,
        failing,
        values,
    }
}

/// Whether any value of a finding is another one.
fn changes(own: &[Quantity], reading: &Reading) -> bool {
    own.iter().any(|quantity| {
        reading.values.get(&quantity.id).map(|q| &q.scalar) != Some(&quantity.scalar)
    })
}

/// Whether a step touches what a finding rests on. Leaving an ad or an account out touches every
/// finding on its arm, even where the values happen to stay.
fn touches(step: &Step, cube: &Cube, own: &[Quantity], reading: &Reading) -> bool {
    match step {
        Step::WithoutAd(_) | Step::AccountAlone(_) | Step::WithoutFeed(_) => {
            can_touch(step, cube, own)
        }
        _ => can_touch(step, cube, own) && changes(own, reading),
    }
}

/// Whether a step can touch a finding at all, by the arms and records that its values name.
fn can_touch(step: &Step, cube: &Cube, own: &[Quantity]) -> bool {
    let arms: BTreeSet<usize> = own
        .iter()
        .flat_map(|quantity| arms_of(&quantity.id, cube))
        .collect();
    let arms = || arms.iter().filter_map(|&index| cube.arms.get(index));
    let names = |prefix: &str| own.iter().any(|quantity| quantity.id.starts_with(prefix));
    match step {
        // Without its only ad there is no arm to speak of.
        Step::WithoutAd(index) => arms().any(|arm| arm.ads.len() > 1 && arm.ads.contains(index)),
        Step::WithoutBlock(_) => names("difference/"),
        Step::AccountAlone(account) => {
            // Where an arm is all of one account, the choice would leave another arm empty.
            let in_all = arms().all(|arm| {
                let mut accounts = cube.ads_of(arm).map(choices::account);
                accounts.any(|own| own == Some(account.as_str()))
            });
            let accounts: BTreeSet<Option<&str>> = arms()
                .flat_map(|arm| cube.ads_of(arm))
                .map(choices::account)
                .collect();
            // A value of one account says nothing of another.
            in_all
                && accounts.len() > 1
                && !own.iter().any(|quantity| quantity.id.contains("account="))
        }
        // A value that speaks of the unknown says nothing where there are none.
        Step::UnknownAs(_) => !own.iter().any(|quantity| {
            let name = quantity.id.rsplit('/').next().unwrap_or_default();
            name == "unknown" || name == "with_unknown" || name.contains("bounds")
        }),
        Step::WithoutFeed(_) => names("feeds/"),
        // Reach is never added up, so it has no pooled share to exchange for the mean.
        Step::OtherAverage => !matches!(
            cube.measure,
            crate::case::Measure::Reach | crate::case::Measure::Shares
        ),
        _ => true,
    }
}

/// Positions of the arms that a value rests on: those that its path names; contacts of no arm in
/// particular rest on all of them.
fn arms_of(id: &str, cube: &Cube) -> Vec<usize> {
    let named = named_arms(id, cube);
    if named.is_empty() && id.starts_with("contacts/") {
        return (0..cube.arms.len()).collect();
    }
    named
}

/// Positions of the arms that the path of a value names.
pub fn named_arms(id: &str, cube: &Cube) -> Vec<usize> {
    let parts: Vec<&str> = id.split('/').collect();
    let named: Vec<&str> = match parts[..] {
        ["rate", _, arm, ..] => vec![arm],
        ["rate_ratio", _, first, second, ..] => vec![first, second],
        [
            "share" | "impressions" | "spend" | "ads" | "benchmark",
            arm,
            _,
            ..,
        ] => vec![arm],
        [
            "difference" | "ratio" | "odds_ratio" | "distance",
            first,
            second,
            ..,
        ] => vec![first, second],
        ["contacts", filter, ..] => {
            let arm = filter.split(',').find_map(|f| f.strip_prefix("arm="));
            arm.into_iter().collect()
        }
        _ => Vec::new(),
    };
    let position = |id: &str| cube.arms.iter().position(|arm| arm.id == id);
    named.into_iter().filter_map(position).collect()
}

/// Every combination of two and more of the steps, with one step of a kind.
fn crossings(steps: &[Step]) -> Vec<Vec<Step>> {
    let mut all: Vec<Vec<Step>> = vec![Vec::new()];
    for step in steps {
        let with: Vec<Vec<Step>> = all
            .iter()
            .filter(|choice| {
                let kind = std::mem::discriminant(step);
                choice.iter().all(|own| std::mem::discriminant(own) != kind)
            })
            .map(|choice| {
                let mut choice = choice.clone();
                choice.push(step.clone());
                choice
            })
            .collect();
        all.extend(with);
    }
    all.retain(|choice| choice.len() > 1);
    all
}
