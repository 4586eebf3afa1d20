//! What came back: counts, rates, people, times and categories; never a text, never a name.

use super::compose::Material;
use super::pen::{Part, Pen, Words, number_column, text_column};
use super::{AxisUnit, Bar, Block, Cell, Inline, IntervalRow, Plot};
use crate::cube::{ContactEvent, people};
use crate::evidence::Gender;
use crate::findings::{ContactFilter, Quantity, contacts_where};
use crate::numbers;
use std::collections::{BTreeMap, BTreeSet};

pub fn contacts(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let contacts = &material.cube.contacts;
    if !contacts.recorded && material.cube.from_library {
        // Nobody placed these ads to see who would answer.
        return Vec::new();
    }
    if !contacts.recorded {
        return vec![Block::Paragraph {
            text: vec![Inline::text(
                "No contact log is recorded in this case. Nothing is known of what the test accounts received; this is not to say that they received nothing.",
            )],
        }];
    }
    let results = &material.findings.results;
    let all = |name: &str| results.get(&format!("contacts/all/{name}"));
    let mut blocks = Vec::new();
    if let (Some(count), Some(people)) = (all("count"), all("people")) {
        let mut text = pen.say(
            "The log has {} incoming contacts from {} distinct senders.",
            &[Part::Value(count), Part::Value(people)],
        );
        text.extend(
            people
                .why
                .as_ref()
                .map(|why| Inline::text(format!(" {why}"))),
        );
        if contacts.outgoing > 0 {
            text.push(Inline::text(format!(
                " {} sent by the test accounts {} in the log and not counted.",
                numbers::plural(contacts.outgoing as u64, "message", "messages"),
                if contacts.outgoing == 1 { "is" } else { "are" }
            )));
        }
        text.push(Inline::text(" Neither texts nor identities are part of this report: people are numbered in the order of their first contact."));
        blocks.push(Block::Paragraph { text });
    }
    if let (Some(events), Some(percent), Some(kappa)) = (
        results.get("agreement/events"),
        results.get("agreement/percent"),
        results.get("agreement/kappa"),
    ) && events.number().is_some_and(|n| n > 0.0)
    {
        let mut text = pen.say("Two coders put {} of the contacts into categories independently and agreed on {} of them", &[Part::Value(events), Part::Value(percent)]);
        match kappa.scalar {
            Some(_) => {
                text.extend(pen.say(" (Cohen\u{2019}s kappa {}", &[Part::Value(kappa)]));
                let given = |name: &str| results.get(name).filter(|q| q.scalar.is_some());
                if let Some(interval) = given("agreement/kappa_interval") {
                    text.extend(pen.say(", interval {}", &[Part::Value(interval)]));
                }
                if let Some(alpha) = given("agreement/alpha") {
                    text.extend(pen.say("; Krippendorff\u{2019}s alpha {}", &[Part::Value(alpha)]));
                }
                text.push(Inline::text(")."));
            }
            None => text.push(Inline::text(format!(
                ". {}",
                kappa.why.as_deref().unwrap_or_default()
            ))),
        }
        blocks.push(Block::Paragraph { text });
    }
    blocks.extend(rates(pen, material));
    blocks.extend(rate_ratios(pen, material));
    blocks.extend(categories(pen, material));
    blocks.push(by_arm_and_channel(pen, material));
    blocks.push(people_table(pen, material));
    blocks
}

fn log_source(pen: &Pen, material: &Material) -> String {
    let files: BTreeSet<&str> = material
        .cube
        .contacts
        .events
        .iter()
        .map(|event| &*event.locator.file)
        .collect();
    format!("Contact log of the test accounts, {}", pen.exhibits(files))
}

/// The rates of the arms against each other.
fn rate_ratios(pen: &mut Pen, material: &Material) -> Option<Block> {
    let results = &material.findings.results;
    let label = |id: &str| {
        material
            .cube
            .arm(id)
            .map_or(id.to_owned(), |arm| arm.label.clone())
    };
    let mut rows = Vec::new();
    let mut refusals = BTreeSet::new();
    for ((first, second), _) in &results.differences {
        let get = |kind: &str, name: &str| {
            results.get(&format!("rate_ratio/{kind}/{first}/{second}/{name}"))
        };
        if get("contacts", "value").is_none() {
            continue;
        }
        let lacking = ["contacts", "people"].map(|kind| get(kind, "value"));
        for quantity in lacking.into_iter().flatten() {
            refusals.extend(quantity.why.clone().filter(|_| quantity.scalar.is_none()));
        }
        rows.push(vec![
            Cell::head(format!("{} / {}", label(first), label(second))),
            Cell::value(pen, get("contacts", "value")),
            Cell::bare(pen, get("contacts", "p")),
            Cell::value(pen, get("people", "value")),
            Cell::bare(pen, get("people", "p")),
        ]);
    }
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        text_column("Arms"),
        number_column("Ratio of contacts per impression", None),
        number_column("p of contacts", None),
        number_column("Ratio of people per impression", None),
        number_column("p of people", None),
    ];
    let mut table = pen.table(
        "table-rate-ratios",
        vec![Inline::text(
            "Rates of contact of the arms against each other",
        )],
        columns,
        rows,
    );
    let level = numbers::decimal(material.case.study.level * 100.0, 0);
    table.notes.push(vec![Inline::text(format!("Below a ratio: its exact {level}\u{00A0}% interval, given the number of events of both arms. It takes events for independent, which several contacts of one person are not."))]);
    table
        .notes
        .extend(refusals.into_iter().map(|why| vec![Inline::text(why)]));
    Some(Block::Table(table))
}

fn rates(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let results = &material.findings.results;
    let cube = material.cube;
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    for (index, arm) in cube.arms.iter().enumerate() {
        let rate = results.get(&format!("rate/contacts/{}/value", arm.id));
        let contacts = |name: &str| results.get(&format!("contacts/arm={}/{name}", arm.id));
        let estimate = rate.and_then(|q| q.estimate);
        rows.push(IntervalRow {
            label: arm.label.clone(),
            color: index,
            value: rate.and_then(Quantity::number),
            low: estimate.and_then(|e| e.low),
            high: estimate.and_then(|e| e.high),
            note: rate
                .and_then(Quantity::text)
                .unwrap_or_else(|| "no rate".into()),
        });
        cells.push(vec![
            Cell::head(arm.label.clone()),
            Cell::value(pen, contacts("count")),
            Cell::value(pen, contacts("people")),
            Cell::value(pen, results.get(&format!("impressions/{}/value", arm.id))),
            Cell::value(pen, rate),
            Cell::value(pen, results.get(&format!("rate/people/{}/value", arm.id))),
            Cell::value(pen, contacts("first_hours")),
        ]);
    }
    let unassigned: Vec<&ContactEvent> = cube
        .contacts
        .events
        .iter()
        .filter(|event| event.arm.is_none())
        .collect();
    if !unassigned.is_empty() {
        cells.push(vec![
            Cell::head("about no ad of the test, or an unknown one"),
            Cell::count(Some(unassigned.len() as u64)),
            Cell::count(Some(people(unassigned.iter().copied()) as u64)),
            Cell::default(),
            Cell::default(),
            Cell::default(),
            Cell::default(),
        ]);
    }
    let columns = vec![
        text_column("Arm"),
        number_column("Contacts", None),
        number_column("People", None),
        number_column("Impressions", None),
        number_column("Contacts per 1,000 impressions", None),
        number_column("People per 1,000 impressions", None),
        number_column("First contact, hours from the start of the first day", None),
    ];
    let level = numbers::decimal(material.case.study.level * 100.0, 0);
    let mut table = pen.table(
        "table-contact-rates",
        vec![Inline::text("Contacts by arm")],
        columns,
        cells,
    );
    table.notes.push(vec![Inline::text(format!("Below a rate: its exact Poisson {level}\u{00A0}% interval, which takes contacts for independent; several from one person are not. Hours count from the start of the ad\u{2019}s first day, local time of the log. A person who wrote about ads of two arms counts in both."))]);
    let told: Vec<String> = rows
        .iter()
        .map(|row| match (row.value, row.low, row.high) {
            (Some(value), Some(low), Some(high)) => format!(
                "{}: {} (interval {})",
                row.label,
                numbers::significant(value),
                numbers::significant_range(low, high)
            ),
            (Some(value), ..) => format!("{}: {}", row.label, numbers::significant(value)),
            _ => format!("{}: no rate", row.label),
        })
        .collect();
    let max = rows
        .iter()
        .flat_map(|row| [row.value, row.high])
        .flatten()
        .fold(0.0_f64, f64::max);
    if rows.iter().all(|row| row.value.is_none()) {
        return vec![Block::Table(table)];
    }
    let plot = Plot::Intervals {
        rows,
        references: Vec::new(),
        axis: "Contacts per 1,000 impressions".into(),
        unit: AxisUnit::Number,
        min: 0.0,
        max: nice_max(max),
    };
    let source = log_source(pen, material);
    vec![Block::Figure(pen.figure("figure-contact-rates", Words { title: format!("Contacts per 1,000 impressions. {}", told.join("; ")), subtitle: format!("Incoming contacts per 1,000 impressions of the arm, with exact Poisson {level}\u{00A0}% interval"), source, alt: format!("Interval plot, one row an arm. {}.", told.join(". ")) }, plot, table))]
}

/// The next of 1, 2, 5 times a power of ten.
pub fn nice_max(max: f64) -> f64 {
    if max <= 0.0 {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(max)));
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|top| *top >= max)
        .unwrap_or(10.0 * power)
}

/// Colours of categories: of concern, and others. Not those of two neighbouring arms.
const CONCERN_COLOR: usize = 5;
const OTHER_COLOR: usize = 6;

/// Categories of concern unless the case declares its own. A code that is not on the list is not
/// counted as of concern: casefile does not know what it means.
const CONCERN: [&str; 9] = [
    "APPEARANCE",
    "SEXUAL_ACCOUNT",
    "SEXUAL_SUBJECT",
    "REQ_IMAGES",
    "UNSOL_EXPLICIT",
    "REQ_CONTACT",
    "REQ_MEET",
    "OFFER_MONEY",
    "THREAT",
];

/// What the codes of the neutral list mean.
fn meaning(code: &str) -> Option<&'static str> {
    Some(match code {
        "NO_CONTENT" => "call without answer, empty or removed message",
        "PURCHASE" => "about product, price, shipping",
        "GREETING" => "plain greeting, small talk",
        "COMPLIMENT" => "compliment on product or page",
        "APPEARANCE" => "remark on how a person looks",
        "SEXUAL_ACCOUNT" => "sexual remark to or about the account\u{2019}s operator",
        "SEXUAL_SUBJECT" => "sexualised remark about the child or person shown",
        "REQ_IMAGES" => "asks for pictures or video",
        "UNSOL_EXPLICIT" => "sent explicit material (coded only, never stored)",
        "REQ_CONTACT" => "asks for phone, other app or private chat",
        "REQ_MEET" => "asks to meet",
        "OFFER_MONEY" => "offers money or gifts other than for a purchase",
        "THREAT" => "threats, extortion",
        "SPAM" => "bot, scam, promotion",
        "OTHER" => "other",
        "UNCODABLE" => "language not known or unreadable",
        _ => return None,
    })
}

fn categories(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    let list = cube.contacts.categories();
    if list.is_empty() {
        return vec![Block::Paragraph {
            text: vec![Inline::text("The contacts are not coded into categories.")],
        }];
    }
    let concern = |code: &String| {
        let declared = &material.case.study.concern;
        if declared.is_empty() {
            CONCERN.contains(&code.as_str())
        } else {
            declared.contains(code)
        }
    };
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for code in &list {
        let quantities = contacts_where(
            cube,
            &ContactFilter {
                category: Some(code.clone()),
                ..ContactFilter::default()
            },
        );
        let get = |name: &str| {
            quantities
                .iter()
                .find(|q| q.id.ends_with(&format!("/{name}")))
        };
        let (Some(count), Some(people)) = (get("count"), get("people")) else {
            continue;
        };
        let label = meaning(code).unwrap_or(code).to_owned();
        bars.push(Bar {
            label: label.clone(),
            color: if concern(code) {
                CONCERN_COLOR
            } else {
                OTHER_COLOR
            },
            value: count.number().unwrap_or(0.0),
            note: count.text().unwrap_or_default(),
        });
        let mut row = vec![
            Cell::head(label),
            Cell::words(code.clone()),
            Cell::value(pen, Some(count)),
            Cell::value(pen, Some(people)),
        ];
        for arm in &cube.arms {
            let by_arm = contacts_where(
                cube,
                &ContactFilter {
                    category: Some(code.clone()),
                    arm: Some(arm.id.clone()),
                    ..ContactFilter::default()
                },
            );
            row.push(Cell::value(pen, by_arm.first()));
        }
        row.push(Cell::words(if concern(code) { "yes" } else { "no" }));
        rows.push(row);
    }
    let mut columns = vec![
        text_column("Category"),
        text_column("Code"),
        number_column("Contacts", None),
        number_column("People", None),
    ];
    columns.extend(
        cube.arms
            .iter()
            .map(|arm| number_column(&arm.label, Some("contacts"))),
    );
    columns.push(text_column("Of concern"));
    let uncoded = cube
        .contacts
        .events
        .iter()
        .filter(|event| event.codes.is_empty())
        .count() as u64;
    let mut table = pen.table(
        "table-categories",
        vec![Inline::text("Contacts by category")],
        columns,
        rows,
    );
    table.notes.push(vec![Inline::text("A contact with several categories counts once under each. Categories are those of the first coder. They describe what was written or said; they do not judge a person.")]);
    if uncoded > 0 {
        table.notes.push(vec![Inline::text(format!(
            "{} {} not coded.",
            numbers::plural(uncoded, "contact", "contacts"),
            if uncoded == 1 { "is" } else { "are" }
        ))]);
    }
    let told: Vec<String> = bars
        .iter()
        .map(|bar| format!("{}: {}", bar.label, bar.note))
        .collect();
    let of_concern: Vec<&ContactEvent> = cube
        .contacts
        .events
        .iter()
        .filter(|event| event.codes.iter().any(concern))
        .collect();
    let title = format!(
        "{} of {} contacts fall into a category of concern",
        numbers::count(of_concern.len() as u64),
        numbers::count(cube.contacts.events.len() as u64)
    );
    let plot = Plot::Bars {
        rows: bars,
        axis: "Contacts".into(),
    };
    let source = log_source(pen, material);
    vec![Block::Figure(pen.figure("figure-categories", Words { title, subtitle: "Incoming contacts by category of the first coder; a contact can count in several. Blue: of concern, as the case declares or, without that, by casefile's list; dark grey: other".into(), source, alt: format!("Bar chart. {}.", told.join(". ")) }, plot, table))]
}

fn by_arm_and_channel(pen: &mut Pen, material: &Material) -> Block {
    let cube = material.cube;
    let mut rows = Vec::new();
    for channel in cube.contacts.channels() {
        let mut row = vec![Cell::head(channel.clone())];
        let filter = ContactFilter {
            channel: Some(channel.clone()),
            ..ContactFilter::default()
        };
        let all = contacts_where(cube, &filter);
        row.push(Cell::value(pen, all.first()));
        row.push(Cell::value(pen, all.get(1)));
        for arm in &cube.arms {
            let by_arm = contacts_where(
                cube,
                &ContactFilter {
                    arm: Some(arm.id.clone()),
                    ..filter.clone()
                },
            );
            row.push(Cell::value(pen, by_arm.first()));
        }
        rows.push(row);
    }
    let mut columns = vec![
        text_column("Channel"),
        number_column("Contacts", None),
        number_column("People", None),
    ];
    columns.extend(
        cube.arms
            .iter()
            .map(|arm| number_column(&arm.label, Some("contacts"))),
    );
    Block::Table(pen.table(
        "table-channels",
        vec![Inline::text("Contacts by channel")],
        columns,
        rows,
    ))
}

/// One row a person: number, apparent gender, contacts, days, categories.
fn people_table(pen: &mut Pen, material: &Material) -> Block {
    let mut people: BTreeMap<usize, Vec<&ContactEvent>> = BTreeMap::new();
    for event in &material.cube.contacts.events {
        if let Some(person) = event.person {
            people.entry(person).or_default().push(event);
        }
    }
    let rows = people
        .iter()
        .map(|(person, events)| {
            let genders: BTreeSet<Gender> = events
                .iter()
                .filter_map(|event| event.person_gender)
                .collect();
            let gender = match genders.iter().collect::<Vec<_>>()[..] {
                [] => "not logged",
                [Gender::Female] => "female",
                [Gender::Male] => "male",
                [Gender::Unknown] => "unknown",
                _ => "logged differently",
            };
            let codes: BTreeSet<&String> = events.iter().flat_map(|event| &event.codes).collect();
            let codes: Vec<&str> = codes.into_iter().map(String::as_str).collect();
            vec![
                Cell::head(format!("Person {person}")),
                Cell::words(gender),
                Cell::count(Some(events.len() as u64)),
                Cell::words(codes.join(", ")),
            ]
        })
        .collect();
    let columns = vec![
        text_column("Person"),
        text_column("Apparent gender"),
        number_column("Contacts", None),
        text_column("Categories"),
    ];
    let mut table = pen.table(
        "table-people",
        vec![Inline::text(
            "Senders, numbered in the order of their first contact",
        )],
        columns,
        rows,
    );
    table.notes.push(vec![Inline::text("The apparent gender is what the log states, on the basis that its coder recorded; casefile infers none. Days are left out, so that nobody is recognised by them.")]);
    Block::Table(table)
}
