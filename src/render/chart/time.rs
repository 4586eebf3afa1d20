//! Ticks of a time axis, in words where the report's language is known here, else as ISO 8601.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Abbreviated months by language; between day and month the language puts the given text.
const MONTHS: [(&str, &str, [&str; 12]); 3] = [
    (
        "en",
        " ",
        [
            "Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec",
        ],
    ),
    (
        "fr",
        " ",
        [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.",
            "nov.", "déc.",
        ],
    ),
    (
        "de",
        ". ",
        [
            "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
            "Dez.",
        ],
    ),
];

/// Round instants between two (seconds since 1970, local), about `wanted` of them, with their texts.
/// The first one carries its year, as does the first of each later year.
pub fn ticks(from: i64, to: i64, wanted: usize, language: &str) -> Vec<(i64, String)> {
    let wanted = i64::try_from(wanted.max(2)).unwrap_or(2);
    let Some(extent) = to.checked_sub(from) else {
        return Vec::new();
    };
    let steps = [
        HOUR,
        2 * HOUR,
        3 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        3 * DAY,
        7 * DAY,
        14 * DAY,
    ];
    let instants: Vec<i64> = match steps.into_iter().find(|step| extent / step < wanted) {
        Some(step) => every(from, to, step),
        None => months(from, to, wanted),
    };
    let mut year = None;
    instants
        .into_iter()
        .filter_map(|instant| {
            let moment = local(instant)?;
            let text = words(
                moment,
                year != Some(moment.year()),
                extent > 14 * DAY * wanted,
                language,
            );
            year = Some(moment.year());
            Some((instant, text))
        })
        .collect()
}

fn local(seconds: i64) -> Option<DateTime> {
    Some(Offset::UTC.to_datetime(Timestamp::from_second(seconds).ok()?))
}

/// Multiples of a step of hours; days and weeks are counted from the first midnight.
fn every(from: i64, to: i64, step: i64) -> Vec<i64> {
    let unit = step.min(DAY);
    let Some(first) = from
        .div_euclid(unit)
        .checked_add(i64::from(from.rem_euclid(unit) != 0))
        .and_then(|n| n.checked_mul(unit))
    else {
        return Vec::new();
    };
    (0..100)
        .map_while(|count| first.checked_add(count * step))
        .take_while(|instant| *instant <= to)
        .collect()
}

/// First days of months, so many months apart that about `wanted` remain.
fn months(from: i64, to: i64, wanted: i64) -> Vec<i64> {
    let (Some(first), Some(last)) = (local(from), local(to)) else {
        return Vec::new();
    };
    let month = |moment: DateTime| i64::from(moment.year()) * 12 + i64::from(moment.month()) - 1;
    let start = month(first) + i64::from(first != first.date().first_of_month().at(0, 0, 0, 0));
    let span = month(last) - start;
    let step = [1, 2, 3, 6, 12, 24, 60, 120]
        .into_iter()
        .find(|step| span / step < wanted)
        .unwrap_or(1200);
    let start = start.div_euclid(step) * step + if start.rem_euclid(step) == 0 { 0 } else { step };
    (0..100)
        .map(|count| start + count * step)
        .take_while(|m| *m <= month(last))
        .filter_map(first_of)
        .collect()
}

/// Seconds at the start of a month counted from year 0.
fn first_of(month: i64) -> Option<i64> {
    let date = Date::new(
        i16::try_from(month.div_euclid(12)).ok()?,
        i8::try_from(month.rem_euclid(12) + 1).ok()?,
        1,
    )
    .ok()?;
    Some(
        Offset::UTC
            .to_timestamp(date.at(0, 0, 0, 0))
            .ok()?
            .as_second(),
    )
}

fn words(moment: DateTime, with_year: bool, only_month: bool, language: &str) -> String {
    if moment.hour() != 0 {
        return format!("{:02}:{:02}", moment.hour(), moment.minute());
    }
    let primary = language.split('-').next().unwrap_or_default();
    let Some((_, between, names)) = MONTHS.iter().find(|(code, _, _)| *code == primary) else {
        return if only_month {
            format!("{:04}-{:02}", moment.year(), moment.month())
        } else {
            moment.date().to_string()
        };
    };
    let name = names[usize::from(moment.month().unsigned_abs().clamp(1, 12)) - 1];
    let day = if only_month {
        String::new()
    } else {
        format!("{}{between}", moment.day())
    };
    let year = if with_year {
        format!(" {}", moment.year())
    } else {
        String::new()
    };
    format!("{day}{name}{year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_725_235_200; // 2 September 2024

    fn texts(extent: i64, language: &str) -> Vec<String> {
        ticks(START, START + extent, 5, language)
            .into_iter()
            .map(|(_, text)| text)
            .collect()
    }

    #[test]
    fn days_weeks_months_and_hours_are_said_in_words() {
        assert_eq!(
            texts(14 * DAY, "en"),
            ["2 Sept 2024", "5 Sept", "8 Sept", "11 Sept", "14 Sept"]
        );
        assert_eq!(texts(14 * DAY, "de-AT")[0], "2. Sept. 2024");
        assert_eq!(texts(14 * DAY, "pl")[0], "2024-09-02");
        assert_eq!(texts(200 * DAY, "en"), ["Nov 2024", "Jan 2025", "Mar"]);
        assert_eq!(
            texts(8 * HOUR, "en"),
            ["2 Sept 2024", "02:00", "04:00", "06:00", "08:00"]
        );
    }

    #[test]
    fn instants_beyond_any_calendar_have_no_tick() {
        assert_eq!(ticks(i64::MIN, i64::MAX, 5, "en"), []);
        assert_eq!(ticks(i64::MAX - 5, i64::MAX, 5, "en"), []);
    }
}
