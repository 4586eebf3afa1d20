//! Defensible ways to analyse the same evidence: each a change of the cube, or of which of two
//! averages stands under a name.
//!
//! The analytic choices (unknown gender, measure, average, export) are crossed with each other, as
//! in a specification curve (Simonsohn, Simmons and Nelson 2020, "Specification curve analysis",
//! Nature Human Behaviour 4, 1208-1214); those that leave something out are taken one at a time.

use crate::cube::{Ad, AdKey, ByGender, ContactEvent, Cube};
use crate::evidence::Gender;
use std::collections::BTreeSet;

/// One departure from the analysis as reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Reach instead of impressions, or the reverse.
    OtherMeasure,
    /// The first of several exports instead of the last.
    FirstExport,
    /// Unknown gender counted as men, or as women.
    UnknownAs(Gender),
    /// A gender without a cell counted as none.
    AbsentAsNone,
    /// The mean of the ads where the pooled share is named, and the reverse.
    OtherAverage,
    /// Ads as independent, though they ran in blocks.
    WithoutBlocks,
    /// Each known sender counted once, at the first contact.
    FirstContacts,
    /// The second coder's codes where there are any.
    SecondCoder,
    /// Rates with the ad as the unit, not the contact.
    RatesByAd,
    WithoutAd(usize),
    /// Without the ads of this block.
    WithoutBlock(String),
    /// Only ads of this advertiser account.
    AccountAlone(String),
    /// Without this feed account (by number).
    WithoutFeed(usize),
}

impl Step {
    /// Whether it is crossed with others like it.
    pub fn is_analytic(&self) -> bool {
        matches!(
            self,
            Step::UnknownAs(_) | Step::OtherMeasure | Step::OtherAverage | Step::FirstExport
        )
    }

    /// Whether it leaves a part of the evidence out, one of many alike.
    pub fn leaves_out(&self) -> bool {
        matches!(
            self,
            Step::WithoutAd(_) | Step::WithoutBlock(_) | Step::WithoutFeed(_)
        )
    }

    /// What it is, for a reader.
    pub fn label(&self, cube: &Cube, other: Option<&Cube>) -> String {
        match self {
            Step::UnknownAs(Gender::Male) => "unknown gender counted as men".into(),
            Step::UnknownAs(_) => "unknown gender counted as women".into(),
            Step::OtherMeasure => format!(
                "{} instead of {}",
                other.map_or("another measure", |other| other.measure.name()),
                cube.measure.name()
            ),
            Step::OtherAverage if has_blocks(cube) => {
                "mean of ads and pooled share exchanged (pooled differences ignore blocks)".into()
            }
            Step::OtherAverage => "mean of ads and pooled share exchanged".into(),
            Step::AbsentAsNone => "a gender without a count taken for none".into(),
            Step::RatesByAd => "intervals of rates with the ad as the unit".into(),
            Step::WithoutBlock(block) => format!("without the block \u{201C}{block}\u{201D}"),
            Step::FirstExport => "first export instead of the last".into(),
            Step::WithoutBlocks => "ads taken as independent, not in blocks".into(),
            Step::FirstContacts => "each known sender counted once".into(),
            Step::SecondCoder => "codes of the second coder".into(),
            Step::WithoutAd(index) => format!(
                "without the ad \u{201C}{}\u{201D}",
                cube.ads.get(*index).map_or("", |ad| ad.label.as_str())
            ),
            Step::AccountAlone(account) => {
                format!("only the account \u{201C}{account}\u{201D}")
            }
            Step::WithoutFeed(number) => format!("without test account {number}"),
        }
    }
}

fn block(ad: &Ad) -> Option<&str> {
    ad.declared.as_ref()?.block.as_deref()
}

fn has_blocks(cube: &Cube) -> bool {
    cube.ads.iter().any(|ad| block(ad).is_some())
}

/// The analytic choices that this evidence does not allow, with the reason.
pub fn impossible(cube: &Cube, other: Option<&Cube>) -> Vec<String> {
    let mut list = Vec::new();
    if other.is_none() {
        list.push("reach instead of impressions, or the reverse: the exports do not give both for every ad, or only in parts that must not be added up".into());
    }
    if cube.series.iter().all(|series| series.len() < 2) {
        list.push(
            "the first export instead of the last: there are not several exports of an ad".into(),
        );
    }
    if other.is_some_and(|_| cube.series.iter().any(|series| series.len() > 1)) {
        list.push(
            "the first export in reach: successive exports are compared in impressions only".into(),
        );
    }
    list
}

/// The account that an ad was placed by.
pub fn account(ad: &Ad) -> Option<&str> {
    ad.declared.as_ref()?.account.as_deref()
}

/// Every step that the evidence allows to take.
pub fn steps(cube: &Cube, other: Option<&Cube>) -> Vec<Step> {
    let in_arms = || {
        cube.ads
            .iter()
            .enumerate()
            .filter(|(_, ad)| ad.arm.is_some())
    };
    let mut steps = Vec::new();
    steps.extend(other.map(|_| Step::OtherMeasure));
    if cube.series.iter().any(|series| series.len() > 1) {
        steps.push(Step::FirstExport);
    }
    steps.extend([
        Step::UnknownAs(Gender::Male),
        Step::UnknownAs(Gender::Female),
        Step::AbsentAsNone,
        Step::OtherAverage,
        Step::WithoutBlocks,
    ]);
    if cube.contacts.recorded {
        steps.extend([Step::FirstContacts, Step::SecondCoder, Step::RatesByAd]);
    }
    steps.extend(in_arms().map(|(index, _)| Step::WithoutAd(index)));
    let blocks: BTreeSet<&str> = in_arms().filter_map(|(_, ad)| block(ad)).collect();
    if blocks.len() > 1 {
        steps.extend(blocks.into_iter().map(|b| Step::WithoutBlock(b.into())));
    }
    let accounts: BTreeSet<&str> = in_arms().filter_map(|(_, ad)| account(ad)).collect();
    if accounts.len() > 1 {
        steps.extend(accounts.into_iter().map(|a| Step::AccountAlone(a.into())));
    }
    if cube.feeds.accounts.len() > 1 {
        let feeds = cube.feeds.accounts.iter();
        steps.extend(feeds.map(|account| Step::WithoutFeed(account.number)));
    }
    steps
}

/// The cube as it is under the steps; `other` counts in the other measure. `None` where the
/// evidence does not allow it.
pub fn apply(steps: &[Step], cube: &Cube, other: Option<&Cube>) -> Option<Cube> {
    let base = if steps.contains(&Step::OtherMeasure) {
        other?
    } else {
        cube
    };
    let mut cube = base.clone();
    // Which counts there are comes before what is made of them.
    let mut steps: Vec<&Step> = steps.iter().collect();
    steps.sort();
    for step in steps {
        match step {
            Step::OtherMeasure | Step::OtherAverage | Step::WithoutBlocks | Step::RatesByAd => {}
            Step::AbsentAsNone => cube.ads.iter_mut().for_each(absent_as_none),
            Step::WithoutBlock(name) => {
                keep_ads(&mut cube, |_, ad| block(ad) != Some(name.as_str()));
            }
            Step::FirstExport => first_export(&mut cube)?,
            Step::UnknownAs(gender) => {
                for ad in &mut cube.ads {
                    assign_unknown(&mut ad.counts, *gender);
                    for counts in ad.ages.values_mut() {
                        assign_unknown(counts, *gender);
                    }
                }
            }
            Step::WithoutAd(index) => keep_ads(&mut cube, |position, _| position != *index),
            Step::AccountAlone(name) => {
                keep_ads(&mut cube, |_, ad| account(ad) == Some(name.as_str()));
            }
            Step::FirstContacts => {
                let mut seen = BTreeSet::new();
                cube.contacts
                    .events
                    .retain(|event| event.person.is_none_or(|person| seen.insert(person)));
            }
            Step::SecondCoder => cube.contacts.events.iter_mut().for_each(second_codes),
            Step::WithoutFeed(number) => cube
                .feeds
                .accounts
                .retain(|account| account.number != *number),
        }
    }
    Some(cube)
}

/// Counts those of unknown gender as `gender`; where that gender has no cell, nothing is known of
/// it and nothing is made up.
fn assign_unknown(counts: &mut ByGender, gender: Gender) {
    if let Some(unknown) = counts.unknown
        && let Some(count) = counts.slot(gender)
    {
        *count += unknown;
        counts.unknown = Some(0);
    }
}

/// Counts a gender without a cell as none, where the other has one.
fn absent_as_none(ad: &mut Ad) {
    let counts = &mut ad.counts;
    if ad.ranges.is_none() && counts.female.is_some() != counts.male.is_some() {
        counts.female = counts.female.or(Some(0));
        counts.male = counts.male.or(Some(0));
    }
}

/// The counts of the first of several exports, for each ad that has several.
fn first_export(cube: &mut Cube) -> Option<()> {
    let mut changed = false;
    for (ad, series) in cube.ads.iter_mut().zip(&cube.series) {
        if let [first, _, ..] = series.as_slice() {
            ad.counts = first.counts;
            changed = true;
        }
    }
    changed.then_some(())
}

/// Keeps only some ads in the arms, and the contacts about them. Positions stay.
fn keep_ads(cube: &mut Cube, keep: impl Fn(usize, &Ad) -> bool) {
    let kept: BTreeSet<usize> = cube
        .ads
        .iter()
        .enumerate()
        .filter(|(index, ad)| keep(*index, ad))
        .map(|(index, _)| index)
        .collect();
    for arm in &mut cube.arms {
        arm.ads.retain(|index| kept.contains(index));
    }
    for (index, ad) in cube.ads.iter_mut().enumerate() {
        if !kept.contains(&index) {
            ad.arm = None;
        }
    }
    cube.contacts
        .events
        .retain(|event| event.ad.is_none_or(|index| kept.contains(&index)));
}

fn second_codes(event: &mut ContactEvent) {
    if !event.second_codes.is_empty() {
        event.codes.clone_from(&event.second_codes);
    }
}

/// The cube without what no choice needs: places of rows, keys, regions, statements. Choices change
/// what is counted, not where it stands, and are many.
pub fn bare(cube: &Cube) -> Cube {
    let mut cube = cube.clone();
    for ad in &mut cube.ads {
        ad.rows.clear();
        ad.age_rows.clear();
        ad.rows_by_age.clear();
        ad.days.values_mut().for_each(|(_, rows)| rows.clear());
        ad.region_rows.clear();
        ad.country_rows.clear();
        ad.regions.clear();
        ad.countries.clear();
        ad.key = AdKey::default();
    }
    for point in cube.series.iter_mut().flatten() {
        point.rows.clear();
    }
    for account in &mut cube.feeds.accounts {
        account.rows.clear();
    }
    cube.statements.clear();
    cube.notices.clear();
    cube
}
