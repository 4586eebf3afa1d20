//! The cube: integer counts by ad, gender, age, region and snapshot; events by arm, person and
//! category; days by account. Nothing is divided here, identities do not leave it (people and
//! accounts are numbered in the order of their first event), and polars stops here.

mod accounts;
mod ads;
mod breakdown;
mod captures;
mod contacts;
mod context;
mod count;
mod feeds;
mod library;
mod state;
mod withheld;

pub use accounts::{AccountSpan, Accounts};
pub use ads::{Ad, AdKey, Arm, GENDERS, match_ad, slug, some_of};
pub use captures::Captures;
pub use contacts::{ContactEvent, Contacts, people};
pub use context::ContextLine;
pub use count::Counts;
pub use feeds::{FeedAccount, FeedSession, Feeds, NEUTRAL};

use crate::case::{Case, Measure};
use crate::error::Problems;
use crate::evidence::{CountRange, Evidence, Gender, Micros, SnapshotBasis, StatementRow};
use crate::notice::{Locator, Notice};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;

/// A dimension by which a delivery export is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    Gender,
    Age,
    Region,
    Country,
    Placement,
    Device,
    Platform,
    Day,
}

impl Dimension {
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Gender => "gender",
            Dimension::Age => "age",
            Dimension::Region => "region",
            Dimension::Country => "country",
            Dimension::Placement => "placement",
            Dimension::Device => "device",
            Dimension::Platform => "platform",
            Dimension::Day => "day",
        }
    }
}

/// Counts by gender. `None` = the files have no such cell, which is not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByGender {
    pub female: Option<u64>,
    pub male: Option<u64>,
    pub unknown: Option<u64>,
}

impl ByGender {
    pub fn get(&self, gender: Gender) -> Option<u64> {
        match gender {
            Gender::Female => self.female,
            Gender::Male => self.male,
            Gender::Unknown => self.unknown,
        }
    }

    pub(crate) fn slot(&mut self, gender: Gender) -> &mut Option<u64> {
        match gender {
            Gender::Female => &mut self.female,
            Gender::Male => &mut self.male,
            Gender::Unknown => &mut self.unknown,
        }
    }

    /// Counts of known gender: the denominator of a share. `None` where either gender has no cell.
    pub fn known(&self) -> Option<u64> {
        Some(self.female? + self.male?)
    }

    /// All that is counted, unknown gender included. `None` where no cell exists.
    pub fn all(&self) -> Option<u64> {
        let cells = [self.female, self.male, self.unknown];
        let counted = cells.iter().any(Option::is_some);
        counted.then(|| cells.into_iter().flatten().sum())
    }
}

/// Ranges by gender, for an ad some of whose cells are masked or published as ranges. `None` = no
/// cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RangesByGender {
    pub female: Option<CountRange>,
    pub male: Option<CountRange>,
    pub unknown: Option<CountRange>,
}

impl RangesByGender {
    pub fn get(&self, gender: Gender) -> Option<CountRange> {
        match gender {
            Gender::Female => self.female,
            Gender::Male => self.male,
            Gender::Unknown => self.unknown,
        }
    }

    fn add(&mut self, gender: Gender, cell: CountRange) {
        let slot = match gender {
            Gender::Female => &mut self.female,
            Gender::Male => &mut self.male,
            Gender::Unknown => &mut self.unknown,
        };
        *slot = Some(slot.map_or(cell, |sum| sum.plus(cell)));
    }
}

/// The counts of one ad at one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotCounts {
    pub at: DateTime,
    pub basis: SnapshotBasis,
    pub counts: ByGender,
    pub rows: Vec<Locator>,
}

/// Counts of a whole case.
#[derive(Debug, Clone)]
pub struct Cube {
    /// Sorted by campaign, ad set and ad.
    pub ads: Vec<Ad>,
    /// In the order of the case.
    pub arms: Vec<Arm>,
    /// What is counted, as stated in the case.
    pub measure: Measure,
    /// What ages are counted in: the measure, where it adds up within an ad, else impressions.
    pub ages_in: Measure,
    /// Whether all delivery is what a platform's library publishes about ads of others: an audit from
    /// outside, not a test.
    pub from_library: bool,
    /// Gender counts of each ad over its snapshots, oldest first; one entry an ad.
    pub series: Vec<Vec<SnapshotCounts>>,
    pub contacts: Contacts,
    pub accounts: Accounts,
    pub feeds: Feeds,
    pub statements: Vec<StatementRow>,
    /// What platforms publish of the ads without saying who saw them.
    pub context: Vec<ContextLine>,
    pub captures: Captures,
    pub notices: Vec<Notice>,
}

impl Cube {
    /// The arm with this id.
    pub fn arm(&self, id: &str) -> Option<&Arm> {
        self.arms.iter().find(|arm| arm.id == id)
    }

    /// Ads of an arm.
    pub fn ads_of<'a>(&'a self, arm: &'a Arm) -> impl Iterator<Item = &'a Ad> {
        arm.ads.iter().filter_map(|&index| self.ads.get(index))
    }

    /// First and last day on which any ad was reported.
    pub fn period(&self) -> Option<(Date, Date)> {
        let start = self.ads.iter().filter_map(|ad| ad.start).min()?;
        let end = self.ads.iter().filter_map(|ad| ad.end).max()?;
        Some((start, end))
    }

    /// Age bands that occur, youngest first.
    pub fn ages(&self) -> Vec<String> {
        let ages: BTreeSet<&String> = self.ads.iter().flat_map(|ad| ad.ages.keys()).collect();
        ages.into_iter().cloned().collect()
    }

    /// Currencies of the spend column.
    pub fn currencies(&self) -> BTreeSet<String> {
        self.ads
            .iter()
            .filter_map(|ad| ad.currency.clone())
            .collect()
    }

    /// Spend of an arm in one currency; `None` where an ad has none or currencies differ.
    pub fn spend(&self, arm: &Arm) -> Option<(Micros, String)> {
        let mut total = 0_i64;
        let mut currency: Option<&String> = None;
        for ad in self.ads_of(arm) {
            let own = ad.currency.as_ref()?;
            if currency.is_some_and(|other| other != own) {
                return None;
            }
            currency = Some(own);
            total = total.checked_add(ad.spend?.0)?;
        }
        Some((Micros(total), currency?.clone()))
    }
}

/// Counts the evidence of a case. With problems, the cube is only good for finding more of them.
pub fn cube(case: &Case, evidence: &Evidence, problems: &mut Problems) -> Cube {
    cube_of(case, evidence, case.study.measure, problems)
}

/// The same ads counted in reach instead of impressions, or the reverse, to see what depends on
/// the choice. `None` where an ad that counts in one has no counts in the other.
pub fn in_other_measure(case: &Case, evidence: &Evidence, cube: &Cube) -> Option<Cube> {
    let measure = match cube.measure {
        Measure::Impressions => Measure::Reach,
        Measure::Reach => Measure::Impressions,
        Measure::Clicks | Measure::Results | Measure::Shares => return None,
    };
    let mut problems = Problems::default();
    let other = cube_of(case, evidence, measure, &mut problems);
    let complete = cube.ads.iter().zip(&other.ads).all(|(own, other)| {
        own.arm.is_none() || own.counts.known().is_none() || other.counts.known().is_some()
    });
    (problems.is_empty() && complete).then_some(other)
}

fn cube_of(case: &Case, evidence: &Evidence, measure: Measure, problems: &mut Problems) -> Cube {
    let mut notices = Vec::new();
    let mut keyed = ads::key_rows(&evidence.delivery, &case.study, &mut notices);
    library::unite(&mut keyed, evidence, problems, &mut notices);
    let state = state::settle(&keyed, evidence, problems, &mut notices);
    let counts = problems.take(count::count(&state)).unwrap_or_default();
    let ages_in = ages_in(&state, measure);
    let mut ads = ads::build(
        &keyed,
        &state,
        &counts,
        evidence,
        (measure, ages_in),
        problems,
        &mut notices,
    );
    withheld::number(&mut ads, evidence);
    let arms = ads::assign(case, evidence, &mut ads, problems, &mut notices);
    notices.extend(blocks_in_part(&ads));
    let series = state::series(&keyed, &state, ads.len(), measure);
    let contacts = contacts::number(evidence, &ads, &mut notices);
    let accounts = accounts::number(evidence, case.meta.date.0, &mut notices);
    let feeds = feeds::count(evidence);
    let statements = evidence.statements.clone();
    let context = context::join(evidence, &ads);
    let captures = captures::join(evidence, &mut notices);
    Cube {
        ads,
        arms,
        measure,
        ages_in,
        from_library: !evidence.delivery.is_empty()
            && evidence.delivery.iter().all(library::is_of_library),
        series,
        contacts,
        accounts,
        feeds,
        statements,
        context,
        captures,
        notices,
    }
}

/// The measure in which ages are counted.
fn ages_in(state: &state::State, measure: Measure) -> Measure {
    let disjoint = !state.rows.is_empty() && state.rows.iter().all(|(row, _)| row.disjoint);
    match measure {
        Measure::Reach if disjoint => Measure::Reach,
        Measure::Shares => Measure::Shares,
        _ => Measure::Impressions,
    }
}

/// Remarks on blocks that only some ads of the arms have: they cannot be used then.
fn blocks_in_part(ads: &[Ad]) -> Option<Notice> {
    let block = |ad: &&Ad| ad.declared.as_ref().is_some_and(|own| own.block.is_some());
    let in_arms = || ads.iter().filter(|ad| ad.arm.is_some());
    let lacking: Vec<&Ad> = in_arms().filter(|ad| !block(ad)).collect();
    let declared = in_arms().find(block)?.declared.as_ref()?;
    let first = lacking.first()?;
    Some(Notice::caution(
        "blocks-in-part",
        declared.locator.clone(),
        format!(
            "the ads table puts some ads in blocks and {} not, such as `{}`: contrasts with these compare ads as independent",
            lacking.len(),
            first.label
        ),
    ))
}
