//! What platforms publish of an ad without saying who saw it. Targeting is read here and only here,
//! into a type that no share is counted from.

use super::heading::Layout;
use super::open::Opened;
use super::reader::Reader;
use super::sheet::{Record, Sheet};
use super::tidy_columns::columns;
use super::{Hints, Imported, Input, Table, finish, transcribed};
use crate::case::Kind;
use crate::error::Result;
use crate::evidence::{ContextRow, TargetedGenders, Targeting};

/// The rows of a table of context.
pub(super) fn read(
    opened: &Opened<'_>,
    reader: Reader<'_>,
    format: &'static str,
) -> Result<Imported> {
    let records: Vec<&Record> = reader
        .records()
        .filter(|record| {
            let blank = record.is_blank();
            if blank {
                reader.exclude(record, "blank-row", "the row is empty");
            }
            !blank
        })
        .collect();
    let rows = records.iter().map(|record| row(&reader, record)).collect();
    finish(
        opened,
        reader,
        format,
        Kind::Context,
        &records,
        Table::Context(rows),
        &|_| "rows that need a look",
    )
}

/// The rows of context that a format gives beside its own.
pub(super) fn rows(opened: &Opened<'_>, sheet: &Sheet) -> Result<Vec<ContextRow>> {
    if sheet.records.len() <= 1 {
        return Ok(Vec::new());
    }
    let layout: Layout = transcribed::layout(opened, Kind::Context, sheet)?;
    let hints = Hints::default();
    let input = Input {
        hints: &hints,
        ..*opened.input
    };
    let reader = Reader::new(&input, sheet, layout, columns(Kind::Context));
    let rows: Vec<ContextRow> = reader
        .records()
        .map(|record| row(&reader, record))
        .collect();
    reader.finish(rows.len() as u64, &|_| "rows that need a look")?;
    Ok(rows)
}

fn row(reader: &Reader<'_>, record: &Record) -> ContextRow {
    ContextRow {
        locator: reader.locator(record),
        platform: reader.text(record, "platform"),
        ad: reader.text(record, "ad"),
        advertiser: reader.text(record, "advertiser"),
        payer: reader.text(record, "payer"),
        first_shown: reader.date(record, "first_shown"),
        last_shown: reader.date(record, "last_shown"),
        impressions: reader.range(record, "impressions"),
        reach: reader.range(record, "reach"),
        clicks: reader.range(record, "clicks"),
        ads: reader.count(record, "ads"),
        spend: reader.amounts(record, "spend"),
        currency: reader
            .value(record, "currency")
            .or_else(|| reader.layout.currency.clone()),
        targeting: Targeting {
            genders: reader.value(record, "targeted_gender").map(TargetedGenders),
            ages: reader.value(record, "targeted_age"),
            places: reader.value(record, "targeted_places"),
        },
    }
}
