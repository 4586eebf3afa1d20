//! Parts of an ad's counts: masked cells as ranges, days, and where each part stands.

use super::state::{State, measured, ranged};
use super::{ByGender, RangesByGender};
use crate::case::Measure;
use crate::evidence::{CountRange, DeliveryRow, Gender};
use crate::notice::Locator;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The cells of one ad in a measure: which of them have no count of their own.
pub(super) struct Cells<'s> {
    state: &'s State<'s>,
    measure: Measure,
    /// Breakdowns and genders of which some cell has a count or a range.
    counted: BTreeSet<(usize, Option<Gender>)>,
}

impl<'s> Cells<'s> {
    pub fn of(state: &'s State<'s>, rows: &[&DeliveryRow], measure: Measure) -> Self {
        let has = |row: &&&DeliveryRow| {
            measured(row, measure).is_some() || ranged(row, measure).is_some()
        };
        let key = |row: &&DeliveryRow| (state.signature_of(row), row.gender);
        Cells {
            state,
            measure,
            counted: rows.iter().filter(has).map(key).collect(),
        }
    }

    /// What stands in a cell in place of a count: its range, or, where others of its gender have a
    /// count and it has none, anything from zero on. Missing is not zero. `None` for an exact count,
    /// and where the breakdown has no counts at all.
    pub fn open(&self, row: &DeliveryRow) -> Option<CountRange> {
        let missing = measured(row, self.measure).is_none()
            && self
                .counted
                .contains(&(self.state.signature_of(row), row.gender));
        let unbounded = CountRange { low: 0, high: None };
        ranged(row, self.measure).or_else(|| missing.then_some(unbounded))
    }
}

/// Sums by gender as ranges with their breakdown, where a cell of the ad has no exact count: `None`
/// where all counts are exact.
pub(super) fn ranges(
    state: &State,
    rows: &[&DeliveryRow],
    by_gender: Option<usize>,
    measure: Measure,
) -> Option<(usize, RangesByGender)> {
    let cells = Cells::of(state, rows, measure);
    let gendered = || rows.iter().filter(|row| row.gender.is_some());
    let masked = gendered().filter(|row| cells.open(row).is_some());
    // Where every cell is masked, nothing was counted and no breakdown was chosen.
    let signature = by_gender.or_else(|| masked.map(|row| state.signature_of(row)).min())?;
    let mut sums = RangesByGender::default();
    let mut found = false;
    for row in gendered().filter(|row| state.signature_of(row) == signature) {
        let open = cells.open(row);
        found |= open.is_some();
        let exact = measured(row, measure).map(CountRange::exact);
        if let (Some(gender), Some(cell)) = (row.gender, open.or(exact)) {
            sums.add(gender, cell);
        }
    }
    found.then_some((signature, sums))
}

/// Counts by day and gender and the rows that they come from, in the measure of the study, from the
/// coarsest export of the ad that has both. Days with a masked or missing cell have none.
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
    let cells = Cells::of(state, rows, measure);
    let mut days: BTreeMap<Date, (ByGender, Vec<Locator>)> = BTreeMap::new();
    let mut masked = BTreeSet::new();
    for row in daily().filter(|row| Some(state.signature_of(row)) == chosen) {
        let (Some(day), Some(gender)) = (row.day, row.gender) else {
            continue;
        };
        if cells.open(row).is_some() {
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
