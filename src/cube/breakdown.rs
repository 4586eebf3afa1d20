//! Parts of an ad's counts: masked cells as ranges, days, and where each part stands.

use super::state::{State, measured, ranged};
use super::{ByGender, RangesByGender};
use crate::case::Measure;
use crate::evidence::{CountRange, DeliveryRow};
use crate::notice::Locator;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Sums by gender as ranges with their breakdown, where a cell of the ad is one: `None` where all
/// counts are exact.
pub(super) fn ranges(
    state: &State,
    rows: &[&DeliveryRow],
    by_gender: Option<usize>,
    measure: Measure,
) -> Option<(usize, RangesByGender)> {
    let gendered = || rows.iter().filter(|row| row.gender.is_some());
    // A cell without its count, beside others of its gender that have one, is missing and not zero.
    let counted = |row: &&&DeliveryRow| measured(row, measure).is_some();
    let lacks = |row: &DeliveryRow| {
        measured(row, measure).is_none()
            && ranged(row, measure).is_none()
            && gendered()
                .filter(|other| other.gender == row.gender)
                .filter(|other| state.signature_of(other) == state.signature_of(row))
                .any(|other| counted(&other))
    };
    let masked = gendered().filter(|row| ranged(row, measure).is_some() || lacks(row));
    // Where every cell is masked, nothing was counted and no breakdown was chosen.
    let signature = by_gender.or_else(|| masked.map(|row| state.signature_of(row)).min())?;
    let mut sums = RangesByGender::default();
    let mut found = false;
    for row in gendered().filter(|row| state.signature_of(row) == signature) {
        let open = CountRange { low: 0, high: None };
        let range = ranged(row, measure).or_else(|| lacks(row).then_some(open));
        found |= range.is_some();
        let exact = measured(row, measure).map(CountRange::exact);
        if let (Some(gender), Some(cell)) = (row.gender, range.or(exact)) {
            sums.add(gender, cell);
        }
    }
    found.then_some((signature, sums))
}

/// Counts by day and gender and the rows that they come from, in the measure of the study, from the
/// coarsest export of the ad that has both. Days with a masked cell have none.
pub(super) fn days(
    state: &State,
    rows: &[&DeliveryRow],
    measure: Measure,
) -> BTreeMap<Date, (ByGender, Vec<Locator>)> {
    let daily = || {
        rows.iter()
            .filter(|row| row.day.is_some() && row.gender.is_some())
    };
    let size = |signature: &usize| state.signatures.get(*signature).map_or(0, BTreeSet::len);
    let chosen = daily()
        .map(|row| state.signature_of(row))
        .min_by_key(|signature| (size(signature), *signature));
    let mut days: BTreeMap<Date, (ByGender, Vec<Locator>)> = BTreeMap::new();
    let mut masked = BTreeSet::new();
    for row in daily().filter(|row| Some(state.signature_of(row)) == chosen) {
        let (Some(day), Some(gender)) = (row.day, row.gender) else {
            continue;
        };
        if ranged(row, measure).is_some() {
            masked.insert(day);
        }
        if let Some(count) = measured(row, measure) {
            let (counts, places) = days.entry(day).or_default();
            let slot = counts.slot(gender);
            *slot = Some(slot.unwrap_or(0) + count);
            places.push(row.locator.clone());
        }
    }
    days.retain(|day, _| !masked.contains(day));
    days
}

/// Where the rows of each age band stand in the breakdown that ages are counted from.
pub(super) fn rows_by_age(
    state: &State,
    rows: &[&DeliveryRow],
    by_age: Option<usize>,
) -> BTreeMap<String, Vec<Locator>> {
    let mut places: BTreeMap<String, Vec<Locator>> = BTreeMap::new();
    for row in rows {
        if let Some(age) = &row.age
            && Some(state.signature_of(row)) == by_age
        {
            places
                .entry(age.to_string())
                .or_default()
                .push(row.locator.clone());
        }
    }
    places
}
