//! What platforms publish of the ads, and what was captured: neither says who saw an ad.

use super::compose::Material;
use super::pen::{Pen, number_column, text_column};
use super::{Block, Cell, Inline};
use crate::cube::ContextLine;
use crate::evidence::{AmountRange, CountRange};
use crate::numbers;
use std::collections::BTreeSet;

/// Most rows of other ads that are printed; a report on all pages of a country has thousands.
const MOST_OTHERS: usize = 60;

/// Targeting, payers and totals as the platforms publish them.
pub fn context(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let lines = &material.cube.context;
    if lines.is_empty() {
        return Vec::new();
    }
    let others = lines.iter().filter(|line| line.ad.is_none()).count();
    let shown: Vec<&ContextLine> = lines
        .iter()
        .filter(|line| line.ad.is_some() || others <= MOST_OTHERS)
        .collect();
    let files: BTreeSet<&str> = lines.iter().map(|line| &*line.row.locator.file).collect();
    let mut text = format!(
        "What platforms and their libraries publish about ads ({}). Targeting is whom the advertiser asked for, not whom the platform showed the ad: no figure of this report is counted from it.",
        pen.exhibits(files)
    );
    if lines.len() > shown.len() {
        text.push_str(&format!(
            " {} of other ads or advertisers are not printed.",
            numbers::plural((lines.len() - shown.len()) as u64, "row", "rows")
        ));
    }
    let mut blocks = vec![Block::Paragraph {
        text: vec![Inline::text(text)],
    }];
    if shown.is_empty() {
        return blocks;
    }
    let rows = shown.into_iter().map(|line| row(material, line)).collect();
    let columns = vec![
        text_column("Ad"),
        text_column("Advertiser, payer"),
        text_column("Shown"),
        number_column("Reach", Some("people")),
        number_column("Impressions", None),
        number_column("Spend", None),
        text_column("Asked for: gender"),
        text_column("Asked for: ages"),
        text_column("Asked for: places"),
    ];
    let caption = "What the platforms publish about the ads: targeting, payer, totals";
    let mut table = pen.table("table-context", vec![Inline::text(caption)], columns, rows);
    table.notes.push(vec![Inline::text(
        "An empty cell is not published. A range is the platform's own; reach is an estimate.",
    )]);
    blocks.push(Block::Table(table));
    blocks
}

fn row(material: &Material, line: &ContextLine) -> Vec<Cell> {
    let own = &line.row;
    let label = line
        .ad
        .and_then(|index| material.cube.ads.get(index))
        .map(|ad| ad.label.clone())
        .or_else(|| own.ad.clone())
        .unwrap_or_default();
    let words = |text: &Option<String>| text.clone().map_or_else(Cell::default, Cell::words);
    let payer = own
        .payer
        .clone()
        .filter(|payer| own.advertiser.as_ref() != Some(payer));
    let advertiser = [own.advertiser.clone(), payer];
    let advertiser: Vec<String> = advertiser.into_iter().flatten().collect();
    let days = match (own.first_shown, own.last_shown) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("from {first}"),
        (None, Some(last)) => format!("until {last}"),
        (None, None) => String::new(),
    };
    let targeting = &own.targeting;
    vec![
        Cell {
            detail: own.platform.clone(),
            ..Cell::head(label)
        },
        Cell::words(advertiser.join(", ")),
        Cell::words(days),
        counts(own.reach),
        counts(own.impressions),
        amounts(own.spend, own.currency.as_deref()),
        words(&targeting.genders.as_ref().map(|genders| genders.0.clone())),
        words(&targeting.ages),
        words(&targeting.places),
    ]
}

fn counts(range: Option<CountRange>) -> Cell {
    let Some(range) = range else {
        return Cell::default();
    };
    match range.high {
        Some(high) if high == range.low => Cell::count(Some(high)),
        Some(high) => Cell::words(format!(
            "{} to {}",
            numbers::count(range.low),
            numbers::count(high)
        )),
        None => Cell::words(format!("at least {}", numbers::count(range.low))),
    }
}

fn amounts(range: Option<AmountRange>, currency: Option<&str>) -> Cell {
    let Some(range) = range else {
        return Cell::default();
    };
    let unit = currency.map_or_else(String::new, |currency| format!("\u{00A0}{currency}"));
    let plain = |amount: crate::evidence::Micros| numbers::decimal(amount.0 as f64 / 1e6, 2);
    Cell::words(match range.high {
        Some(high) if high == range.low => format!("{}{unit}", plain(high)),
        Some(high) => format!("{} to {}{unit}", plain(range.low), plain(high)),
        None => format!("at least {}{unit}", plain(range.low)),
    })
}

/// What capture tools saved, in numbers.
pub fn captures(material: &Material) -> Vec<Block> {
    let captures = &material.cube.captures;
    if !captures.recorded {
        return Vec::new();
    }
    let days = captures.days.map_or_else(String::new, |(first, last)| {
        format!(
            ", {} to {}",
            numbers::date_words(first),
            numbers::date_words(last)
        )
    });
    let tools: Vec<String> = captures
        .tools
        .iter()
        .map(|(tool, count)| format!("{tool}: {}", numbers::count(*count)))
        .collect();
    let mut left = String::new();
    if captures.unsaved > 0 {
        left.push_str(&format!(
            "; {} of them could not be saved, as the tool says",
            numbers::count(captures.unsaved)
        ));
    }
    if captures.repeated > 0 {
        left.push_str(&format!(
            "; {} of them are further captures of an address",
            numbers::count(captures.repeated)
        ));
    }
    let mut text = format!(
        "{} listed{days} ({}){}. For {} the list gives a SHA-256; {} of these files are exhibits of this case with that digest, and the others can be checked by whoever holds them.",
        numbers::plural(captures.items, "page or item is", "pages and items are"),
        tools.join("; "),
        left,
        numbers::count(captures.with_digest),
        numbers::count(captures.exhibits),
    );
    if captures.referring > 0 {
        text.push_str(&format!(
            " {} of the contact logs refer to a capture; that of {} is listed or is an exhibit.",
            numbers::plural(captures.referring, "event", "events"),
            numbers::count(captures.found)
        ));
    }
    vec![Block::Paragraph {
        text: vec![Inline::text(text)],
    }]
}
