//! Accounts over time, and feeds.

use super::compose::Material;
use super::pen::{Part, Pen, Words, number_column, text_column};
use super::{AxisUnit, Block, Cell, Inline, IntervalRow, Plot, Reference, Span};
use crate::findings::Quantity;
use crate::numbers;
use std::collections::BTreeSet;

pub fn accounts(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let accounts = &material.cube.accounts;
    if !accounts.recorded {
        return Vec::new();
    }
    let results = &material.findings.results;
    let get = |name: &str| results.get(&format!("accounts/{name}"));
    let mut blocks = Vec::new();
    if let (Some(count), Some(removed), Some(online), Some(reported), Some(confirmed)) = (
        get("count"),
        get("removed"),
        get("still_online"),
        get("reported"),
        get("confirmed"),
    ) {
        let mut text = pen.say(
            "{} accounts were followed; the holder of {} was confirmed. {} were reported to the platform. {} were removed; {} were still online at the last check.",
            &[Part::Value(count), Part::Value(confirmed), Part::Value(reported), Part::Value(removed), Part::Value(online)],
        );
        for (name, words) in [
            ("median_days", "first sighting"),
            ("median_days_after_report", "report to the platform"),
        ] {
            let Some(median) = get(name) else { continue };
            match median.scalar {
                Some(_) => {
                    text.extend(pen.say(
                        &format!(" The median time online after the {words} was {{}} days"),
                        &[Part::Value(median)],
                    ));
                    let interval = median.estimate.map(|e| (e.low, e.high));
                    text.push(Inline::text(match interval {
                        Some((Some(low), Some(high))) => format!(
                            " (interval {} to {}).",
                            numbers::decimal(low, 0),
                            numbers::decimal(high, 0)
                        ),
                        Some((Some(low), None)) => format!(
                            " (interval from {}, without an upper end).",
                            numbers::decimal(low, 0)
                        ),
                        _ => ".".into(),
                    }));
                }
                None => text.extend(median.why.as_ref().map(|why| {
                    Inline::text(format!(" Median time online after the {words}: {why}"))
                })),
            }
        }
        blocks.push(Block::Paragraph { text });
    }
    let mut spans = Vec::new();
    let mut rows = Vec::new();
    for span in &accounts.spans {
        let name = format!("Account {}", span.number);
        let note = match (span.days_online, span.is_removed()) {
            (Some(days), true) => format!("removed after {}", numbers::plural(days, "day", "days")),
            (Some(days), false) => format!("online after {}", numbers::plural(days, "day", "days")),
            (None, _) => "days not known".into(),
        };
        if let Some(days) = span.days_online {
            let mark = span
                .reported
                .zip(span.from)
                .and_then(|(reported, from)| reported.since((jiff::Unit::Day, from)).ok())
                .map(|s| f64::from(s.get_days()))
                .filter(|d| *d >= 0.0);
            spans.push(Span {
                label: name.clone(),
                from: 0.0,
                to: days as f64,
                open: !span.is_removed(),
                mark,
                note: note.clone(),
            });
        }
        let date = |date: Option<jiff::civil::Date>| Cell::maybe(date.map(|d| d.to_string()));
        rows.push(vec![
            Cell::head(name),
            Cell::maybe(span.platform.clone()),
            date(span.from),
            Cell::maybe(span.confirmed_by.clone()),
            date(span.reported),
            date(span.removed),
            if span.removed.is_none() {
                date(span.until)
            } else {
                Cell::default()
            },
            Cell::count(span.days_online),
            Cell::count(span.days_after_report),
        ]);
    }
    let columns = vec![
        text_column("Account"),
        text_column("Platform"),
        text_column("First seen"),
        text_column("Holder confirmed by"),
        text_column("Reported"),
        text_column("Removed"),
        text_column("Still online on"),
        number_column("Online", Some("days")),
        number_column("Online after report", Some("days")),
    ];
    let mut table = pen.table(
        "table-accounts",
        vec![Inline::text(
            "Accounts, numbered in the order in which they were first seen",
        )],
        columns,
        rows,
    );
    table.notes.push(vec![Inline::text("Days of an account that was not removed run to its last check: it may have stayed online longer.")]);
    if spans.is_empty() {
        blocks.push(Block::Table(table));
        return blocks;
    }
    let removed = accounts
        .spans
        .iter()
        .filter(|span| span.is_removed())
        .count() as u64;
    let online = accounts.spans.len() as u64 - removed;
    let files: BTreeSet<&str> = accounts
        .spans
        .iter()
        .map(|span| &*span.locator.file)
        .collect();
    let source = format!("Accounts table of the case, {}", pen.exhibits(files));
    let told: Vec<String> = spans
        .iter()
        .map(|span| format!("{}: {}", span.label, span.note))
        .collect();
    let title = format!(
        "{} removed, {} still online at the last check",
        numbers::plural(removed, "account was", "accounts were"),
        numbers::count(online)
    );
    let plot = Plot::Spans {
        rows: spans,
        axis: "Days since the account was first seen".into(),
    };
    blocks.push(Block::Figure(pen.figure("figure-accounts", Words { title, subtitle: "Days from first sighting to removal; an arrow marks accounts still online, the mark the report to the platform".into(), source, alt: format!("Span chart, one row an account. {}.", told.join(". ")) }, plot, table)));
    blocks
}

pub fn feeds(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let feeds = &material.cube.feeds;
    if feeds.accounts.is_empty() {
        return Vec::new();
    }
    let results = &material.findings.results;
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    for account in &feeds.accounts {
        let base = format!("feed/{}", account.number);
        let share = results.get(&format!("{base}/share"));
        let estimate = share.and_then(|q| q.estimate);
        let name = account.follows.as_ref().map_or_else(
            || account.name(),
            |follows| format!("{} ({follows})", account.name()),
        );
        rows.push(IntervalRow {
            label: name.clone(),
            color: 0,
            value: share.and_then(Quantity::number),
            low: estimate.and_then(|e| e.low),
            high: estimate.and_then(|e| e.high),
            note: share
                .and_then(Quantity::text)
                .unwrap_or_else(|| "no coded item".into()),
        });
        let mut row = vec![
            Cell::head(name),
            Cell::count(Some(account.sessions.len() as u64)),
            Cell::value(pen, results.get(&format!("{base}/items"))),
            Cell::value(pen, results.get(&format!("{base}/coded"))),
            Cell::value(pen, share),
        ];
        for code in &feeds.codes {
            row.push(if account.coded > 0 {
                Cell::count(Some(account.codes.get(code).copied().unwrap_or(0)))
            } else {
                Cell::default()
            });
        }
        cells.push(row);
    }
    let mut columns = vec![
        text_column("Test account"),
        number_column("Sessions", None),
        number_column("Items", None),
        number_column("Coded", Some("items")),
        number_column("Coded as what was looked for", Some("% of coded items")),
    ];
    columns.extend(
        feeds
            .codes
            .iter()
            .map(|code| number_column(code, Some("items"))),
    );
    let level = numbers::decimal(material.case.study.level * 100.0, 0);
    let mut table = pen.table(
        "table-feeds",
        vec![Inline::text("Recommended items by test account")],
        columns,
        cells,
    );
    table.notes.push(vec![Inline::text(format!("Looked for: any code but {}. Below a share: its {level}\u{00A0}% Wilson interval, which speaks of this account only. An item with several codes counts once under each.", crate::cube::NEUTRAL.join(", ")))]);
    let mut blocks = Vec::new();
    if let (Some(accounts), Some(mean)) = (results.get("feeds/accounts"), results.get("feeds/mean"))
    {
        let mut text = pen.say("Items recommended to {} test {} were recorded. The account is the unit: the mean share of items coded as what was looked for is {}", &[Part::Value(accounts), Part::Words(if feeds.accounts.len() == 1 { "account".into() } else { "accounts".into() }), Part::Value(mean)]);
        if let Some((low, high)) = mean.estimate.and_then(|e| e.low.zip(e.high)) {
            text.push(Inline::text(format!(
                " ({level}\u{00A0}% interval {})",
                numbers::percent_range(low, high, 1)
            )));
        }
        text.push(Inline::text("."));
        blocks.push(Block::Paragraph { text });
    }
    let told: Vec<String> = rows
        .iter()
        .map(|row| format!("{}: {}", row.label, row.note))
        .collect();
    let range = results.get("feeds/range").and_then(Quantity::text);
    let title = range.map_or_else(
        || "Recommended items by test account".into(),
        |range| {
            format!("Share of recommended items coded as what was looked for, by account: {range}")
        },
    );
    let files: BTreeSet<&str> = feeds
        .accounts
        .iter()
        .flat_map(|account| &account.rows)
        .map(|locator| &*locator.file)
        .collect();
    let source = format!("Feed records of the test accounts, {}", pen.exhibits(files));
    let plot = Plot::Intervals {
        rows,
        references: vec![Reference {
            at: 0.5,
            label: "half".into(),
        }],
        axis: "% of coded items".into(),
        unit: AxisUnit::Share,
        min: 0.0,
        max: 1.0,
    };
    blocks.push(Block::Figure(pen.figure("figure-feeds", Words { title, subtitle: format!("Share of coded items, in per cent, with Wilson {level}\u{00A0}% interval, one row a test account"), source, alt: format!("Interval plot. {}.", told.join(". ")) }, plot, table)));
    blocks
}
