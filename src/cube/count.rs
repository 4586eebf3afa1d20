//! Counting with polars: one group-by over long-form cells, sorted before it leaves.

use super::state::{State, measured, value_of};
use super::{ByGender, Dimension};
use crate::case::Measure;
use crate::error::{Problem, Result};
use crate::evidence::Gender;
use polars::prelude::{Column, DataFrame, PolarsError};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One summed cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    ad: usize,
    signature: usize,
    measure: Measure,
    age: Option<String>,
    gender: Option<String>,
    region: Option<String>,
    country: Option<String>,
    value: u64,
}

/// Sums by ad, breakdown, measure, age, gender, region and country.
#[derive(Debug, Default)]
pub struct Counts {
    cells: Vec<Cell>,
    signatures: Vec<super::state::Signature>,
}

const MEASURES: [Measure; 5] = [
    Measure::Impressions,
    Measure::Reach,
    Measure::Clicks,
    Measure::Results,
    Measure::Shares,
];
const KEYS: [&str; 7] = [
    "ad",
    "signature",
    "measure",
    "age",
    "gender",
    "region",
    "country",
];

/// Values of the dimensions as numbers; 0 is no value.
#[derive(Default)]
struct Words {
    codes: BTreeMap<String, u32>,
    words: Vec<String>,
}

impl Words {
    fn code(&mut self, word: Option<Cow<'_, str>>) -> u32 {
        let Some(word) = word else {
            return 0;
        };
        if let Some(code) = self.codes.get(&*word) {
            return *code;
        }
        self.words.push(word.clone().into_owned());
        let code = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.codes.insert(word.into_owned(), code);
        code
    }

    fn word(&self, code: usize) -> Option<String> {
        self.words.get(code.checked_sub(1)?).cloned()
    }
}

/// Sums every measure over the rows of the final state. Long form, so that a missing value has no
/// cell rather than a zero. The sum of everything must stay below 2^63: polars wraps silently.
#[allow(
    deprecated,
    reason = "the lazy engine that polars recommends instead costs minutes of compilation and adds nothing to one sum"
)]
pub fn count(state: &State) -> Result<Counts> {
    let mut keys: [Vec<u32>; 3] = Default::default();
    // Polars groups numbers faster than words, and they take a tenth of the memory.
    let mut words = Words::default();
    let mut dims: [Vec<u32>; 4] = Default::default();
    let mut values: Vec<u64> = Vec::new();
    let mut total: u128 = 0;
    for (row, ad) in &state.rows {
        for (number, measure) in MEASURES.iter().enumerate() {
            let Some(value) = measured(row, *measure) else {
                continue;
            };
            total += u128::from(value);
            for (column, key) in keys.iter_mut().zip([*ad, state.signature_of(row), number]) {
                column.push(u32::try_from(key).unwrap_or(u32::MAX));
            }
            for (column, dimension) in dims.iter_mut().zip([
                Dimension::Age,
                Dimension::Gender,
                Dimension::Region,
                Dimension::Country,
            ]) {
                column.push(words.code(value_of(row, dimension)));
            }
            values.push(value);
        }
    }
    if total >= 1 << 63 {
        return Err(Problem::new(
            "count-overflow",
            "evidence",
            "the counts add up to more than can be held",
        )
        .value(total.to_string())
        .hint("check the files for a damaged number")
        .into());
    }
    let failed = |error: PolarsError| {
        Problem::new(
            "count-failed",
            "evidence",
            format!("the counts could not be grouped: {error}"),
        )
        .hint("report this as a defect of casefile")
    };
    let height = values.len();
    let [ad, signature, measure] = keys;
    let [age, gender, region, country] = dims;
    let columns = vec![
        Column::new("ad".into(), ad),
        Column::new("signature".into(), signature),
        Column::new("measure".into(), measure),
        Column::new("age".into(), age),
        Column::new("gender".into(), gender),
        Column::new("region".into(), region),
        Column::new("country".into(), country),
        Column::new("value".into(), values),
    ];
    let frame = DataFrame::new(height, columns).map_err(failed)?;
    let summed = frame
        .group_by(KEYS)
        .map_err(failed)?
        .select(["value"])
        .sum()
        .map_err(failed)?;
    let number = |name: &str| -> std::result::Result<Vec<usize>, PolarsError> {
        Ok(summed
            .column(name)?
            .u32()?
            .iter()
            .map(|v| v.map_or(0, |v| v as usize))
            .collect())
    };
    let text = |name: &str| -> std::result::Result<Vec<Option<String>>, PolarsError> {
        let codes = number(name)?;
        Ok(codes.into_iter().map(|code| words.word(code)).collect())
    };
    let read = || -> std::result::Result<Vec<Cell>, PolarsError> {
        let (ad, signature, measure) = (number("ad")?, number("signature")?, number("measure")?);
        let (age, gender, region, country) = (
            text("age")?,
            text("gender")?,
            text("region")?,
            text("country")?,
        );
        let value: Vec<u64> = summed
            .column("value_sum")?
            .u64()?
            .iter()
            .map(Option::unwrap_or_default)
            .collect();
        let mut cells: Vec<Cell> = Vec::with_capacity(value.len());
        for i in 0..value.len() {
            cells.push(Cell {
                ad: ad[i],
                signature: signature[i],
                measure: MEASURES[measure[i]],
                age: age[i].clone(),
                gender: gender[i].clone(),
                region: region[i].clone(),
                country: country[i].clone(),
                value: value[i],
            });
        }
        // The order of groups depends on hashing and threads: fix it here.
        cells.sort();
        Ok(cells)
    };
    Ok(Counts {
        cells: read().map_err(failed)?,
        signatures: state.signatures.clone(),
    })
}

impl Counts {
    fn of(&self, ad: usize) -> impl Iterator<Item = &Cell> {
        let start = self.cells.partition_point(|cell| cell.ad < ad);
        self.cells[start..]
            .iter()
            .take_while(move |cell| cell.ad == ad)
    }

    /// The breakdown of this ad that has all of `wanted` and the fewest other dimensions.
    pub fn signature_for(&self, ad: usize, wanted: &[Dimension]) -> Option<usize> {
        let present: std::collections::BTreeSet<usize> =
            self.of(ad).map(|cell| cell.signature).collect();
        present
            .into_iter()
            .filter(|&s| {
                self.signatures
                    .get(s)
                    .is_some_and(|signature| wanted.iter().all(|d| signature.contains(d)))
            })
            .min_by_key(|&s| {
                (
                    self.signatures
                        .get(s)
                        .map_or(0, std::collections::BTreeSet::len),
                    s,
                )
            })
    }

    fn select(&self, ad: usize, signature: usize, measure: Measure) -> impl Iterator<Item = &Cell> {
        self.of(ad)
            .filter(move |cell| cell.signature == signature && cell.measure == measure)
    }

    /// Counts by gender, summed over the other dimensions.
    pub fn by_gender(&self, ad: usize, signature: usize, measure: Measure) -> ByGender {
        let mut counts = ByGender::default();
        for cell in self.select(ad, signature, measure) {
            if let Some(gender) = cell.gender.as_deref().and_then(gender) {
                let slot = counts.slot(gender);
                *slot = Some(slot.unwrap_or(0) + cell.value);
            }
        }
        counts
    }

    /// Counts by age band and gender.
    pub fn by_age(
        &self,
        ad: usize,
        signature: usize,
        measure: Measure,
    ) -> Vec<(String, Gender, u64)> {
        self.select(ad, signature, measure)
            .filter_map(|cell| {
                Some((
                    cell.age.clone()?,
                    gender(cell.gender.as_deref()?)?,
                    cell.value,
                ))
            })
            .collect()
    }

    /// Impressions by region or country.
    pub fn by_text(
        &self,
        ad: usize,
        signature: usize,
        dimension: Dimension,
    ) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        for cell in self.select(ad, signature, Measure::Impressions) {
            let name = if dimension == Dimension::Country {
                &cell.country
            } else {
                &cell.region
            };
            if let Some(name) = name {
                *sums.entry(name.clone()).or_insert(0) += cell.value;
            }
        }
        sums
    }

    /// Total impressions of an ad under each breakdown.
    pub fn totals(&self, ad: usize) -> Vec<(String, u64)> {
        let mut sums: BTreeMap<usize, u64> = BTreeMap::new();
        for cell in self
            .of(ad)
            .filter(|cell| cell.measure == Measure::Impressions)
        {
            *sums.entry(cell.signature).or_default() += cell.value;
        }
        sums.into_iter()
            .map(|(signature, total)| {
                let names: Vec<&str> = self
                    .signatures
                    .get(signature)
                    .into_iter()
                    .flatten()
                    .map(|d| d.name())
                    .collect();
                (
                    if names.is_empty() {
                        "no breakdown".into()
                    } else {
                        names.join(" and ")
                    },
                    total,
                )
            })
            .collect()
    }
}

fn gender(name: &str) -> Option<Gender> {
    match name {
        "female" => Some(Gender::Female),
        "male" => Some(Gender::Male),
        "unknown" => Some(Gender::Unknown),
        _ => None,
    }
}
