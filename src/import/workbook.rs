//! XLSX workbooks to sheets of typed cells.

use super::sheet::{Cell, Record, Sheet};
use crate::error::{Error, Problem, Result};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use jiff::civil::DateTime;
use std::borrow::Cow;
use std::io::Cursor;

/// Widest sheet that is read, in columns. No export of any kind has as many; a wider one is damaged
/// or made to exhaust memory.
const WIDEST: usize = 1024;
/// Most cells that are read from one workbook.
const MOST_CELLS: usize = 50_000_000;

/// All sheets, without their empty rows. Only cells that the file holds take memory, whatever size
/// the sheet declares.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>> {
    let broken = |error: calamine::XlsxError| -> Error {
        Problem::new(
            "broken-workbook",
            file,
            format!("the workbook cannot be opened: {error}"),
        )
        .hint("open it in a spreadsheet program and save it again as .xlsx, or as CSV in UTF-8")
        .into()
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    let mut total = 0;
    for name in workbook.sheet_names() {
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(broken(error)),
        };
        let mut records: Vec<Record> = Vec::new();
        let mut row: (u32, Vec<Cell<'static>>) = (0, Vec::new());
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let Some(value) = convert(cell.get_value()) else {
                continue;
            };
            let (at, column) = cell.get_position();
            let column = column as usize;
            if at < row.0 || column >= WIDEST {
                return Err(Problem::new(
                    "broken-workbook",
                    file,
                    format!("sheet `{name}` has more than {WIDEST} columns, or rows out of order"),
                )
                .line(u64::from(at) + 1)
                .hint("copy the table into a new workbook, or save it as CSV in UTF-8")
                .into());
            }
            if at > row.0 {
                finish(&mut records, std::mem::replace(&mut row, (at, Vec::new())));
            }
            if row.1.len() <= column {
                total += column + 1 - row.1.len();
                row.1.resize(column + 1, Cell::Text(Cow::Borrowed("")));
            }
            if total > MOST_CELLS {
                return Err(Problem::new(
                    "too-large",
                    file,
                    format!("the workbook has more than {MOST_CELLS} cells"),
                )
                .hint("save the table as CSV in UTF-8")
                .into());
            }
            row.1[column] = value;
        }
        finish(&mut records, row);
        sheets.push(Sheet {
            name: Some(name),
            records,
        });
    }
    Ok(sheets)
}

fn finish(records: &mut Vec<Record>, (row, cells): (u32, Vec<Cell<'static>>)) {
    if !cells.is_empty() {
        records.push(Record::from_typed(u64::from(row) + 1, cells));
    }
}

fn convert(value: &DataRef<'_>) -> Option<Cell<'static>> {
    let text = |text: String| (!text.trim().is_empty()).then_some(Cell::Text(Cow::Owned(text)));
    match value {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(Cell::Number(*number as f64)),
        DataRef::Float(number) => Some(Cell::Number(*number)),
        DataRef::String(string) => text(string.clone()),
        DataRef::SharedString(string) => text((*string).to_owned()),
        DataRef::Bool(yes) => text(if *yes { "yes".into() } else { "no".into() }),
        DataRef::DateTime(serial) => Some(moment(serial)),
        DataRef::DateTimeIso(string) | DataRef::DurationIso(string) => text(string.clone()),
        DataRef::Error(error) => text(error.to_string()),
    }
}

/// A serial date; a time of day or duration without a date becomes `h:mm:ss`.
fn moment(serial: &ExcelDateTime) -> Cell<'static> {
    let days = serial.as_f64();
    if serial.is_duration() || days < 1.0 {
        let seconds = (days * 86_400.0).round();
        if (0.0..1e9).contains(&seconds) {
            let seconds = seconds as u64;
            return Cell::Text(Cow::Owned(format!(
                "{}:{:02}:{:02}",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            )));
        }
        return Cell::Number(days);
    }
    from_serial(serial).map_or(Cell::Number(days), Cell::Moment)
}

fn from_serial(serial: &ExcelDateTime) -> Option<DateTime> {
    let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
    let small = |n: u8| i8::try_from(n).ok();
    DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    )
    .ok()
}

/// The date of a serial number of the 1900 system, such as 44074 for 2020-08-31, where it lies
/// between 1954 and 2119.
pub(super) fn serial_date(days: f64) -> Option<DateTime> {
    let serial = ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, false);
    (20_000.0..80_000.0)
        .contains(&days)
        .then(|| from_serial(&serial))
        .flatten()
}
