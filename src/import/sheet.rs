//! A table whose cells know their type and whose rows know their place, before anyone knows what
//! it means.

use jiff::civil::DateTime;
use std::borrow::Cow;

/// From here on not every whole number has a value of its own in a spreadsheet.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A CSV file, or one sheet of a workbook.
pub(super) struct Sheet {
    /// Name of the sheet; `None` for a text file.
    pub name: Option<String>,
    pub records: Vec<Record>,
}

/// One row.
pub(super) struct Record {
    /// One-based line on which the record starts, or row of the sheet.
    pub row: u64,
    /// Number of the member of an archive that holds it, from 1.
    pub member: Option<u64>,
    cells: Cells,
}

/// Text stays in a compact form: a file can have a million rows. Only workbooks have typed cells.
enum Cells {
    Text(Text),
    Typed(Vec<Cell<'static>>),
}

/// The cells of a row behind each other, and where each ends.
struct Text {
    text: Box<str>,
    ends: Box<[u32]>,
}

impl Text {
    fn new(record: &csv::StringRecord) -> Self {
        let ends = (0..record.len())
            .filter_map(|index| u32::try_from(record.range(index)?.end).ok())
            .collect();
        Text {
            text: record.as_slice().into(),
            ends,
        }
    }

    fn get(&self, index: usize) -> &str {
        let end = self.ends.get(index).copied();
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let range = end.map(|end| start.map_or(0, |start| *start as usize)..end as usize);
        range
            .and_then(|range| self.text.get(range))
            .unwrap_or_default()
    }
}

/// One cell. A cell beyond the end of its row is empty text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Moment(DateTime),
}

impl Cell<'_> {
    /// The cell as text, without blanks at either end.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Text(text) => Cow::Borrowed(text.trim()),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Moment(at) if at.time() == jiff::civil::Time::midnight() => {
                Cow::Owned(at.date().to_string())
            }
            Cell::Moment(at) => Cow::Owned(format!("{} {}", at.date(), at.time())),
        }
    }

    /// Whether a spreadsheet program has shortened an id (`1.20E+17`) or lost its last digits.
    pub fn is_damaged_id(&self) -> bool {
        match self {
            Cell::Number(number) => number.abs() >= LARGEST_EXACT,
            Cell::Text(text) => {
                let digits = text.bytes().any(|byte| byte.is_ascii_digit());
                digits && (text.contains("E+") || text.contains("e+"))
            }
            Cell::Moment(_) => true,
        }
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(text) if text.trim().is_empty())
    }
}

impl Record {
    pub fn from_text(row: u64, cells: &csv::StringRecord) -> Self {
        Record {
            row,
            member: None,
            cells: Cells::Text(Text::new(cells)),
        }
    }

    pub fn from_typed(row: u64, cells: Vec<Cell<'static>>) -> Self {
        Record {
            row,
            member: None,
            cells: Cells::Typed(cells),
        }
    }

    /// The record with one cell changed, and with others behind those of the `width` headings.
    pub fn edited(&self, width: usize, change: Option<(usize, &str)>, added: &[&str]) -> Self {
        let cells = match &self.cells {
            Cells::Text(record) => {
                let surplus = self.len() > width && self.is_blank_from(width);
                let kept = if surplus { width } else { self.len() };
                let own = (0..kept).map(|index| match change {
                    Some((at, text)) if at == index => text,
                    _ => record.get(index),
                });
                let edited: csv::StringRecord = own.chain(added.iter().copied()).collect();
                Cells::Text(Text::new(&edited))
            }
            Cells::Typed(cells) => {
                let mut cells = cells.clone();
                cells.resize(width, Cell::Text(Cow::Borrowed("")));
                if let Some((cell, text)) =
                    change.and_then(|(at, text)| Some((cells.get_mut(at)?, text)))
                {
                    *cell = Cell::Text(Cow::Owned(text.to_owned()));
                }
                let added = added.iter();
                cells.extend(added.map(|text| Cell::Text(Cow::Owned((*text).to_owned()))));
                Cells::Typed(cells)
            }
        };
        Record {
            row: self.row,
            member: self.member,
            cells,
        }
    }

    /// The record as one of a member of an archive.
    pub fn of_member(self, member: Option<u64>) -> Self {
        Record { member, ..self }
    }

    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Text(text) => text.ends.len(),
            Cells::Typed(cells) => cells.len(),
        }
    }

    pub fn cell(&self, index: usize) -> Cell<'_> {
        match &self.cells {
            Cells::Text(text) => Cell::Text(Cow::Borrowed(text.get(index))),
            Cells::Typed(cells) => match cells.get(index) {
                Some(Cell::Text(text)) => Cell::Text(Cow::Borrowed(text)),
                Some(other) => other.clone(),
                None => Cell::Text(Cow::Borrowed("")),
            },
        }
    }

    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|index| self.cell(index))
    }

    pub fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.is_blank())
    }

    /// Whether all cells from `index` on are blank.
    pub fn is_blank_from(&self, index: usize) -> bool {
        self.cells().skip(index).all(|cell| cell.is_blank())
    }

    /// Number of cells with content.
    pub fn filled(&self) -> usize {
        self.cells().filter(|cell| !cell.is_blank()).count()
    }

    /// Whether the row may have any number of cells: rows of a sheet have no fixed length.
    pub fn is_typed(&self) -> bool {
        matches!(self.cells, Cells::Typed(_))
    }
}
