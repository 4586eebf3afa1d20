//! Contacts and agreement between coders.

use super::*;

/// Which contacts are meant. Empty = all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFilter {
    pub arm: Option<String>,
    pub category: Option<String>,
    pub channel: Option<String>,
    pub event: Option<String>,
}

impl ContactFilter {
    fn path(&self) -> String {
        let parts: Vec<String> = [
            ("arm", &self.arm),
            ("category", &self.category),
            ("channel", &self.channel),
            ("event", &self.event),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)))
        .collect();
        if parts.is_empty() {
            "contacts/all".into()
        } else {
            format!("contacts/{}", parts.join(","))
        }
    }

    fn words(&self) -> String {
        let mut out = "incoming contacts".to_owned();
        for (name, value) in [
            ("arm", &self.arm),
            ("category", &self.category),
            ("channel", &self.channel),
            ("type", &self.event),
        ] {
            if let Some(value) = value {
                out.push_str(&format!(", {name} {value}"));
            }
        }
        out
    }
}

/// Count, people, share of all and time to the first of some contacts.
pub fn contacts_where(cube: &Cube, filter: &ContactFilter) -> Vec<Quantity> {
    let events: Vec<_> = cube
        .contacts
        .events
        .iter()
        .filter(|event| {
            let arm = event
                .arm
                .and_then(|index| cube.arms.get(index))
                .map(|arm| arm.id.as_str());
            filter
                .arm
                .as_deref()
                .is_none_or(|wanted| arm == Some(wanted))
                && filter
                    .category
                    .as_ref()
                    .is_none_or(|wanted| event.codes.contains(wanted))
                && filter
                    .channel
                    .as_ref()
                    .is_none_or(|wanted| event.channel.as_ref() == Some(wanted))
                && filter
                    .event
                    .as_ref()
                    .is_none_or(|wanted| event.event_type.as_ref() == Some(wanted))
        })
        .collect();
    let words = filter.words();
    let basis = Basis {
        path: filter.path(),
        rows: events.iter().map(|event| &event.locator).collect(),
        query: format!("rows of the contact log with direction in; {words}"),
    };
    let (count, all) = (events.len() as u64, cube.contacts.events.len() as u64);
    let first = events
        .iter()
        .filter_map(|event| event.minutes_after_start)
        .filter(|minutes| *minutes >= 0)
        .min();
    let mut hours = basis.plain(
        "first_hours",
        format!("hours from the start of the ad's first day to the first of: {words}"),
        first.map(|minutes| Scalar::Hours(minutes as f64 / 60.0)),
    );
    if first.is_none() {
        hours.why =
            Some("No such contact has both a time of day and an ad whose start is known.".into());
    }
    let mut people = basis.plain(
        "people",
        format!("distinct senders of: {words}"),
        Some(Scalar::Count(
            crate::cube::people(events.iter().copied()) as u64
        )),
    );
    let unlogged = events.iter().filter(|event| event.person.is_none()).count();
    if unlogged > 0 {
        people.why = Some(format!(
            "{unlogged} of these contacts have no sender in the log and add no person."
        ));
    }
    let mut list = vec![
        basis.plain("count", words.clone(), Some(Scalar::Count(count))),
        people,
        basis.plain(
            "coders",
            "coders named in the contact log",
            Some(Scalar::Count(cube.contacts.coders as u64)),
        ),
        basis.ratio(
            "share_of_all",
            format!("share of all incoming contacts: {words}"),
            (count, all),
            Units::Events,
        ),
        hours,
    ];
    if !cube.contacts.recorded {
        for quantity in &mut list {
            quantity.scalar = None;
            quantity.why = Some("The case has no contact log.".into());
        }
    }
    list
}

pub(super) fn contacts(case: &Case, cube: &Cube) -> Vec<Quantity> {
    let mut list = contacts_where(cube, &ContactFilter::default());
    if !cube.contacts.recorded {
        return list;
    }
    for arm in &cube.arms {
        list.extend(contacts_where(
            cube,
            &ContactFilter {
                arm: Some(arm.id.clone()),
                ..ContactFilter::default()
            },
        ));
    }
    for category in cube.contacts.categories() {
        list.extend(contacts_where(
            cube,
            &ContactFilter {
                category: Some(category),
                ..ContactFilter::default()
            },
        ));
    }
    for channel in cube.contacts.channels() {
        list.extend(contacts_where(
            cube,
            &ContactFilter {
                channel: Some(channel),
                ..ContactFilter::default()
            },
        ));
    }
    list.extend(agreement(case, &cube.contacts));
    list
}

/// Agreement between two coders over the events that both coded, on the first category of each.
fn agreement(case: &Case, contacts: &Contacts) -> Vec<Quantity> {
    let both: Vec<_> = contacts
        .events
        .iter()
        .filter(|event| !event.codes.is_empty() && !event.second_codes.is_empty())
        .collect();
    let pairs: Vec<(&str, &str)> = both
        .iter()
        .filter_map(|event| {
            Some((
                event.codes.first()?.as_str(),
                event.second_codes.first()?.as_str(),
            ))
        })
        .collect();
    let agreement = stats::agreement(&pairs, case.study.level);
    let query = "incoming contacts coded by two coders; first category of each";
    let rows = || both.iter().map(|event| &event.locator);
    vec![
        Quantity::estimated(
            "agreement/kappa",
            "Cohen's kappa between the two coders",
            agreement.kappa,
            Scalar::Number,
            query,
        )
        .resting_on(rows()),
        Quantity::estimated(
            "agreement/percent",
            "share of contacts that both coders put in the same category",
            agreement.observed,
            Scalar::Share,
            query,
        )
        .resting_on(rows()),
        Quantity::plain(
            "agreement/events",
            "contacts coded by two coders",
            Some(Scalar::Count(pairs.len() as u64)),
            query,
        )
        .resting_on(rows()),
    ]
}
