//! What the data lack, stated by casefile and not by the authors.

use super::compose::Material;
use super::pen::{Part, Pen};
use super::{Block, Inline};
use crate::case::Measure;
use crate::numbers;
use crate::stats::Method;
use std::collections::BTreeSet;

/// What the data lack, stated by casefile and not by the authors.
pub fn limits(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    let results = &material.findings.results;
    let mut items: Vec<Vec<Inline>> = Vec::new();
    let mut say = |text: String| items.push(vec![Inline::text(text)]);
    if !cube.ads.is_empty() {
        say("Genders and ages are those that the platform assigns to its users; how well they fit is not known. Breakdowns are counts of the platform and cannot be checked from outside.".into());
        say(match cube.measure {
            Measure::Reach | Measure::Shares => "People reached are an estimate of the platform, and not how often they were shown an ad. They are not added up over ads, because two ads can reach the same person: what is said of an arm is a mean of its ads.".into(),
            measure => format!("The shares are shares of {}, not of people: one person can see an ad many times.", measure.name()),
        });
        if cube.from_library {
            say("Nobody who made this case placed the ads. They are those that a search of the platform's library gave, which may be incomplete, and somebody chose the search; targeting is as the advertisers declared it; the groups may differ in budget, days, places and much else that a library does not show.".into());
        }
    }
    match cube.arms.len() {
        0 => {}
        1 => say("There is one arm only and nothing to compare it with: what is described is this delivery, not what caused it.".into()),
        _ => {
            if material.cube.ads.iter().all(|ad| ad.declared.is_none()) {
                say("No table of ads says what else differed between the arms, so a difference cannot be put down to what the ads show.".into());
            }
        }
    }
    for arm in &cube.arms {
        let ads = cube
            .ads_of(arm)
            .filter(|ad| ad.counts.known().is_some_and(|n| n > 0) || ad.ranges.is_some())
            .count();
        match ads {
            0 => say(format!(
                "The arm \u{201C}{}\u{201D} has no count of known gender: nothing can be said of its share.",
                arm.label
            )),
            1 => say(format!(
                "The arm \u{201C}{}\u{201D} has one ad: how much such ads differ from each other is not known, and no interval is given.",
                arm.label
            )),
            2..=4 => say(format!(
                "The arm \u{201C}{}\u{201D} has {ads} ads only: its interval rests on little.",
                arm.label
            )),
            _ => {}
        }
    }
    if cube.arms.len() > 1 {
        let blocked = material
            .findings
            .results
            .differences
            .iter()
            .any(|(_, difference)| difference.mean.method == Method::BlockedDifference);
        say(format!(
            "Ads were not dealt to the arms at random, and ads of one account can compete with each other and teach the system: {}.",
            if blocked {
                "the intervals and the test compare ads within their blocks and take the blocks as independent"
            } else {
                "the intervals and the test take ads as independent"
            }
        ));
    }
    if !cube.ads.is_empty() && cube.ads.iter().all(|ad| ad.key.ad.is_none()) {
        say("The exports name ad sets or campaigns, not ads; each is counted as one ad here and may hold several.".into());
    }
    let accounts: BTreeSet<&String> = cube
        .ads
        .iter()
        .filter_map(|ad| ad.declared.as_ref()?.account.as_ref())
        .collect();
    if accounts.is_empty() && !cube.ads.is_empty() {
        say("From how many advertiser accounts the ads were run is not stated.".into());
    }
    if accounts.len() == 1 {
        say("All ads were run from one advertiser account: what is particular to this account cannot be told from what holds for others.".into());
    }
    let missing = cube
        .ads
        .iter()
        .filter(|ad| ad.arm.is_some() && (ad.counts.female.is_none() != ad.counts.male.is_none()))
        .count() as u64;
    if missing > 0 {
        say(format!(
            "For {} the export has no count for one gender. Absent is not zero: {} no share and {} no figure of an arm.",
            numbers::plural(missing, "ad", "ads"),
            if missing == 1 { "it has" } else { "they have" },
            if missing == 1 { "enters" } else { "enter" }
        ));
    }
    let without_unknown = cube
        .ads
        .iter()
        .filter(|ad| ad.arm.is_some() && ad.counts.known().is_some() && ad.counts.unknown.is_none())
        .count() as u64;
    if without_unknown > 0 {
        say(format!(
            "For {} the export has no row for unknown gender; whether there was none is not known.",
            numbers::plural(without_unknown, "ad", "ads")
        ));
    }
    let outside = cube.ads.iter().filter(|ad| ad.arm.is_none()).count() as u64;
    if outside > 0 {
        say(format!(
            "{} of the exports {} in no arm and {} no comparison.",
            numbers::plural(outside, "ad", "ads"),
            if outside == 1 { "is" } else { "are" },
            if outside == 1 { "enters" } else { "enter" }
        ));
    }
    let contacts = &cube.contacts;
    if contacts.recorded {
        say("Contacts are those that the test accounts logged; what the platform filtered or hid is not among them, and some may be automatic or unrelated to an ad. Only those who are shown an ad can answer it, so arms with more impressions are expected to have more contacts.".into());
        say("Distinct senders are distinct names, numbers or pseudonyms as the logs have them: one person with two accounts counts as two, and who is behind an account is not known.".into());
        if contacts.coders < 2 && !contacts.categories().is_empty() {
            say("One coder at most is named in the contact log: how far another would agree is not known.".into());
        }
        let double = results
            .get("agreement/events")
            .and_then(crate::findings::Quantity::number)
            .unwrap_or(0.0);
        if contacts.coders >= 2 && (double as usize) < contacts.events.len() {
            say(format!(
                "Of {} contacts, {} were coded by two coders; for the rest, agreement is not known.",
                numbers::count(contacts.events.len() as u64),
                numbers::count(double as u64)
            ));
        }
        let no_time = contacts
            .events
            .iter()
            .filter(|event| event.minutes_after_start.is_none())
            .count() as u64;
        if no_time > 0 {
            say(format!(
                "For {} the time after the start of the ad is not known.",
                numbers::plural(no_time, "contact", "contacts")
            ));
        }
    }
    if cube.accounts.spans.iter().any(|span| !span.is_removed()) {
        say("Accounts not removed by their last check may have stayed online longer; the medians take this into account, the longest span does not.".into());
    }
    if material.case.study.benchmark.is_some() {
        say("The benchmark is an estimate of the platform or of another source, with an uncertainty that is not stated; it may count other people than those who use the platform.".into());
    }
    let mut items_out = items;
    for arm in &cube.arms {
        if let Some(unknown) = results.get(&format!("share/{}/unknown", arm.id))
            && unknown.number().is_some_and(|share| share > 0.0)
            && let Some(bounds) = results.get(&format!("share/{}/bounds", arm.id))
        {
            items_out.push(pen.say("In the arm \u{201C}{}\u{201D}, the gender of {} of what was counted is unknown; the pooled share of ads that have one could lie anywhere within {}.", &[Part::Words(arm.label.clone()), Part::Value(unknown), Part::Value(bounds)]));
        }
    }
    vec![Block::List {
        ordered: false,
        items: items_out,
    }]
}
