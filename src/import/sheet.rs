//! A table whose cells know their type and whose rows know their place, before anyone knows what
//! it means.

use jiff::civil::DateTime;
use std::borrow::Cow;

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

/// Text stays in the compact form of the CSV reader; only workbooks have typed cells.
enum Cells {
    Text(csv::StringRecord),
    Typed(Vec<Cell<'static>>),
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

    pub fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(text) if text.trim().is_empty())
    }
}

impl Record {
    pub fn from_text(row: u64, cells: csv::StringRecord) -> Self {
        Record {
            row,
            member: None,
            cells: Cells::Text(cells),
        }
    }

    pub fn from_typed(row: u64, cells: Vec<Cell<'static>>) -> Self {
        Record {
            row,
            member: None,
            cells: Cells::Typed(cells),
        }
    }

    /// The record as one of a member of an archive.
    pub fn of_member(self, member: Option<u64>) -> Self {
        Record { member, ..self }
    }

    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Text(record) => record.len(),
            Cells::Typed(cells) => cells.len(),
        }
    }

    pub fn cell(&self, index: usize) -> Cell<'_> {
        match &self.cells {
            Cells::Text(record) => Cell::Text(Cow::Borrowed(record.get(index).unwrap_or(""))),
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
