//! Tables about ads and about what was said: nothing in them names a private person.

use super::open::Opened;
use super::reader::Reader;
use super::tidy::{name, unique, usable};
use super::{Imported, Table, finish};
use crate::case::Kind;
use crate::error::Result;
use crate::evidence::{AdRow, StatementRow};

pub(super) fn ads(opened: &Opened<'_>, reader: Reader<'_>) -> Result<Imported> {
    let records = usable(&reader, "ad");
    unique(&reader, &records, "duplicate-ad", "account and ad", &|r| {
        vec![reader.raw(r, "account"), reader.raw(r, "ad")]
    });
    let rows = records
        .iter()
        .map(|record| AdRow {
            locator: reader.locator(record),
            ad: reader.raw(record, "ad"),
            account: reader.text(record, "account"),
            arm: reader.text(record, "arm"),
            block: reader.text(record, "block"),
            creative: reader.text(record, "creative"),
            creative_sha256: reader.value(record, "creative_sha256"),
            text: reader.text(record, "text"),
            targeting: reader.text(record, "targeting"),
            objective: reader.text(record, "objective"),
            start: reader.date(record, "start"),
            end: reader.date(record, "end"),
            budget: reader.money(record, "budget"),
            spend: reader.money(record, "spend"),
            currency: reader
                .value(record, "currency")
                .or_else(|| reader.layout.currency.clone()),
        })
        .collect();
    finish(
        opened,
        reader,
        name(Kind::Ads),
        Kind::Ads,
        &records,
        Table::Ads(rows),
        &|_| "rows that need a look",
    )
}

pub(super) fn statements(opened: &Opened<'_>, reader: Reader<'_>) -> Result<Imported> {
    let records = usable(&reader, "id");
    unique(&reader, &records, "duplicate-statement", "`id`", &|r| {
        vec![reader.raw(r, "id")]
    });
    let rows = records
        .iter()
        .map(|record| {
            let source = reader.text(record, "source");
            if source.is_none() {
                let problem = reader
                    .problem("missing-cell", "this statement has no `source`")
                    .line(record.row);
                reader.push(
                    problem.hint("say who said it, or who was asked, as it may be published"),
                );
            }
            StatementRow {
                locator: reader.locator(record),
                id: reader.raw(record, "id"),
                source: source.unwrap_or_default(),
                role: reader.value(record, "role"),
                date: reader.date(record, "date"),
                asked: reader.text(record, "asked"),
                asked_on: reader.date(record, "asked_on"),
                quote: reader.text(record, "quote"),
                reference: reader.text(record, "reference"),
            }
        })
        .collect();
    finish(
        opened,
        reader,
        name(Kind::Statements),
        Kind::Statements,
        &records,
        Table::Statements(rows),
        &|_| "rows that need a look",
    )
}
