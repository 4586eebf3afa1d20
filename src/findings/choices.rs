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
    /// Unknown gender counted as men, or as women.
    UnknownAs(Gender),
    /// Reach instead of impressions, or the reverse.
    OtherMeasure,
    /// The mean of the ads where the pooled share is named, and the reverse.
    OtherAverage,
    /// The first of several exports instead of the last.
    FirstExport,
    /// Ads as independent, though they ran in blocks.
    WithoutBlocks,
    /// Each known sender counted once, at the first contact.
    FirstContacts,
    /// The second coder's codes where there are any.
    SecondCoder,
    WithoutAd(usize),
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
            Step::OtherAverage => "mean of ads and pooled share exchanged".into(),
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
    let mut steps = vec![
        Step::UnknownAs(Gender::Male),
        Step::UnknownAs(Gender::Female),
    ];
    steps.extend(other.map(|_| Step::OtherMeasure));
    steps.push(Step::OtherAverage);
    if cube.series.iter().any(|series| series.len() > 1) {
        steps.push(Step::FirstExport);
    }
    steps.push(Step::WithoutBlocks);
    if cube.contacts.recorded {
        steps.extend([Step::FirstContacts, Step::SecondCoder]);
    }
    steps.extend(in_arms().map(|(index, _)| Step::WithoutAd(index)));
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
    for step in steps {
        match step {
            Step::OtherMeasure | Step::OtherAverage | Step::WithoutBlocks => {}
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

/// The cube without the places of its rows: choices change what is counted, not where it stands,
/// and are many.
pub fn bare(cube: &Cube) -> Cube {
    let mut cube = cube.clone();
    for ad in &mut cube.ads {
        ad.rows.clear();
        ad.age_rows.clear();
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
