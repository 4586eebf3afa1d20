//! Contacts and agreement between coders.

use super::*;
use crate::cube::ContactEvent;

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

impl Study<'_> {
    /// Contacts of every arm, category and channel, and how far coders agree on them.
    pub fn contacts(&self) -> Vec<Quantity> {
        let all = ContactFilter::default();
        let mut filters = vec![all.clone()];
        let contacts = &self.cube.contacts;
        if contacts.recorded {
            let arms = self.cube.arms.iter().map(|arm| ContactFilter {
                arm: Some(arm.id.clone()),
                ..all.clone()
            });
            let categories = contacts.categories().into_iter().map(|code| ContactFilter {
                category: Some(code),
                ..all.clone()
            });
            let channels = contacts.channels().into_iter().map(|name| ContactFilter {
                channel: Some(name),
                ..all.clone()
            });
            filters.extend(arms.chain(categories).chain(channels));
        }
        let mut list: Vec<Quantity> = filters
            .iter()
            .flat_map(|filter| contacts_where(self.cube, filter))
            .collect();
        if contacts.recorded {
            list.extend(self.agreement());
        }
        list
    }

    /// Agreement between two coders, on the first category of each.
    fn agreement(&self) -> Vec<Quantity> {
        if !self.analysis.draws {
            return Vec::new();
        }
        let (level, seed) = (self.level(), self.declared.seed);
        let coded = || {
            let events = self.cube.contacts.events.iter();
            events.filter(|event| !event.codes.is_empty() && !event.second_codes.is_empty())
        };
        let pairs: Vec<(&str, &str)> = coded()
            .filter_map(|event| {
                Some((
                    event.codes.first()?.as_str(),
                    event.second_codes.first()?.as_str(),
                ))
            })
            .collect();
        let basis = Basis {
            path: "agreement".into(),
            rows: coded().map(|event| &event.locator).collect(),
            query: "incoming contacts coded by two coders; first category of each".into(),
        };
        let agreement = stats::agreement(&pairs, level, seed);
        let mut list = vec![
            basis.estimated(
                "percent",
                "share of contacts that both coders put in the same category",
                agreement.observed,
                Scale::Share,
            ),
            basis.plain(
                "events",
                "contacts coded by two coders",
                Some(Scalar::Count(pairs.len() as u64)),
            ),
        ];
        let mut add = |name: &str, what: &str, estimate: Estimate| {
            let value = basis.estimated(name, what, estimate, Scale::Number);
            list.extend(basis.limits(&value, &format!("{name}_"), Scale::Number));
            list.push(value);
        };
        add(
            "kappa",
            "Cohen's kappa between the two coders",
            agreement.kappa,
        );
        let ratings = |of: fn(&ContactEvent) -> &Vec<String>| -> Vec<Option<&str>> {
            let events = self.cube.contacts.events.iter();
            events
                .map(|event| of(event).first().map(String::as_str))
                .collect()
        };
        let ratings = [
            ratings(|event| &event.codes),
            ratings(|event| &event.second_codes),
        ];
        let alpha = stats::krippendorff_alpha(&ratings, stats::Scale::Nominal, level, seed);
        add(
            "alpha",
            "Krippendorff's alpha (nominal) between the coders",
            alpha.alpha,
        );
        // Only codes that are numbers have an order.
        let numbers: Option<Vec<Vec<Option<u64>>>> = ratings
            .iter()
            .map(|coder| {
                coder
                    .iter()
                    .map(|code| {
                        code.map(|code| code.parse().ok())
                            .map_or(Some(None), |number| number.map(Some))
                    })
                    .collect()
            })
            .collect();
        if let Some(numbers) = numbers {
            let alpha = stats::krippendorff_alpha(&numbers, stats::Scale::Ordinal, level, seed);
            add(
                "alpha_ordinal",
                "Krippendorff's alpha (ordinal) between the coders",
                alpha.alpha,
            );
        }
        list
    }
}
