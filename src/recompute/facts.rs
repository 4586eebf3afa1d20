//! What is taken from casefile as declared: printed as tables, so that a reader can check it by eye.

use super::text::{literal, optional, pattern, values};
use super::{Material, State, files, published};
use crate::case::{Kind, Outcome};
use crate::cube::slug;

/// The tables at the top of the file.
pub(super) fn tables(material: &Material<'_>) -> String {
    let mut out = study(material);
    out.push_str(&exhibits(material));
    out.push_str(&arms(material));
    out.push_str(&words(material));
    out.push_str(&prepared(material));
    out
}

fn study(material: &Material<'_>) -> String {
    let study = &material.case.study;
    let outcome = match study.outcome {
        Outcome::Male => "male",
        Outcome::Female => "female",
    };
    let measure = match study.measure {
        crate::case::Measure::Shares => "shares",
        other => other.name(),
    };
    let (low, high) = study.benchmark.as_ref().map_or_else(
        || ("NULL".to_owned(), "NULL".to_owned()),
        |benchmark| {
            let (low, high) = benchmark.range();
            (low.to_string(), high.to_string())
        },
    );
    let bases = [Kind::Accounts, Kind::Feeds].map(|kind| {
        let table = match kind {
            Kind::Accounts => published::accounts(material).is_some(),
            _ => published::feeds(material).is_some(),
        };
        match (material.has_rows(kind), table) {
            (true, _) => "'raw'",
            (false, true) => "'published'",
            (false, false) => "NULL::VARCHAR",
        }
    });
    format!(
        "CREATE OR REPLACE TEMP TABLE study AS SELECT {} AS outcome, {} AS measure, DATE {} AS today,\n  \
         {low}::DOUBLE AS benchmark_low, {high}::DOUBLE AS benchmark_high, {} AS contacts;\n\
         -- What accounts and feeds are counted from.\n\
         CREATE OR REPLACE TEMP TABLE bases AS SELECT {} AS accounts, {} AS feeds;\n\n",
        literal(outcome),
        literal(measure),
        literal(&material.case.meta.date.to_string()),
        material.cube.contacts.recorded,
        bases[0],
        bases[1],
    )
}

/// The files, and how each is read.
fn exhibits(material: &Material<'_>) -> String {
    let mut rows = Vec::new();
    for (number, source) in (1..).zip(&material.evidence.sources) {
        let (path, state, why) = match material.state(source) {
            State::Raw { path } => (Some(path), "raw", None),
            State::Withheld => (None, "withheld", None),
            State::Unread(why) => (
                material
                    .paths
                    .get(source.exhibit.as_str())
                    .map(String::as_str),
                "unread",
                Some(why),
            ),
        };
        let snapshot = source
            .snapshot
            .as_ref()
            .filter(|_| path.is_some())
            .map(|snapshot| snapshot.at.to_string());
        let repeats = source
            .rows
            .excluded
            .iter()
            .any(|row| row.reason == "duplicate-row");
        rows.push(vec![
            number.to_string(),
            literal(&source.exhibit),
            literal(source.kind.name()),
            literal(source.format),
            optional(path),
            literal(state),
            optional(why),
            optional(snapshot.as_deref()),
            files::labels_totals(source).to_string(),
            repeats.to_string(),
        ]);
    }
    format!(
        "-- The files of the case. An export of running counts has the time at which it was taken.\n{}\n",
        values("exhibits", &rows)
    )
}

fn arms(material: &Material<'_>) -> String {
    let declared = &material.case.study.arms;
    let mut rows = Vec::new();
    for (place, arm) in (1..).zip(declared) {
        let label = arm.label.as_ref().unwrap_or(arm.id.get_ref());
        for own in &arm.ads {
            rows.push(vec![
                place.to_string(),
                literal(arm.id.get_ref()),
                literal(label),
                literal(&pattern(own.get_ref())),
            ]);
        }
    }
    if declared.is_empty() {
        for (place, arm) in (1..).zip(&material.cube.arms) {
            // One arm of all ads has no label that an ads table could give.
            let all = arm.id == "all" && arm.label == "All ads";
            let label = (!all).then_some(arm.label.as_str());
            rows.push(vec![
                place.to_string(),
                literal(&slug(&arm.id)),
                optional(label),
                "NULL".into(),
            ]);
        }
    }
    let pairs: Vec<Vec<String>> = pairs(material)
        .iter()
        .map(|(first, second)| vec![literal(first), literal(second)])
        .collect();
    let renames: Vec<Vec<String>> = material
        .case
        .study
        .rename
        .iter()
        .map(|(old, new)| vec![literal(old), literal(new)])
        .collect();
    format!(
        "-- The arms of the test and the names of their ads, as regular expressions made from the patterns of\n\
         -- case.toml; where it has none, an ads table says which ad is in which arm.\n{}{}{}\n",
        values("arms", &rows),
        values("pairs", &pairs),
        values("renames", &renames)
    )
}

/// Arms that are compared: as declared, or each with each later one.
fn pairs(material: &Material<'_>) -> Vec<(String, String)> {
    let arms = &material.cube.arms;
    let declared: Vec<(String, String)> = material
        .case
        .study
        .contrasts
        .iter()
        .filter(|(a, b)| [a, b].iter().all(|id| material.cube.arm(id).is_some()))
        .cloned()
        .collect();
    if !declared.is_empty() {
        return declared;
    }
    let mut pairs = Vec::new();
    for (index, first) in arms.iter().enumerate() {
        for second in arms.iter().skip(index + 1) {
            pairs.push((first.id.clone(), second.id.clone()));
        }
    }
    pairs
}

/// What the words of a column mean, in the files that stand in this edition.
fn words(material: &Material<'_>) -> String {
    let mut rows = Vec::new();
    for (number, source) in (1_u32..).zip(&material.evidence.sources) {
        let (State::Raw { .. }, Some(reading)) = (material.state(source), &source.reading) else {
            continue;
        };
        if !files::is_counted(source) {
            continue;
        }
        for (column, words) in &reading.words {
            for (word, meaning) in words {
                rows.push(vec![
                    number.to_string(),
                    literal(column),
                    literal(word),
                    literal(meaning),
                ]);
            }
        }
    }
    format!(
        "-- Words of the files, and what they mean.\n{}",
        values("words", &rows)
    )
}

/// Files that recompute.py reads for DuckDB.
fn prepared(material: &Material<'_>) -> String {
    let mut rows = Vec::new();
    for (number, source) in (1_u32..).zip(&material.evidence.sources) {
        let (State::Raw { path }, Some(reading)) = (material.state(source), &source.reading) else {
            continue;
        };
        if let (true, Some(form)) = (files::is_counted(source), files::prepared(reading)) {
            let delimiter = reading.delimiter.map(String::from);
            rows.push(vec![
                number.to_string(),
                literal(path),
                literal(form),
                optional(delimiter.as_deref()),
                optional(reading.sheet.as_deref()),
                reading.width.to_string(),
            ]);
        }
    }
    values("prepared", &rows)
}
