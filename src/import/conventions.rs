//! How one file writes its rows, numbers and dates: decided once, before any cell is read.

use super::delimited::delimiter_of;
use super::reader::{Reader, TOLD};
use super::sheet::{Cell, Record, Sheet};
use super::tidy_columns::Form;
use super::{date, number, words};
use crate::case::DateOrder;
use crate::error::Problem;

impl Reader<'_> {
    /// Refuses rows whose cells may stand under the wrong headings.
    pub fn check_widths(&self) {
        let names_people = self.table.iter().any(|column| column.identifying);
        let (file, header) = (self.input.file, self.layout.header);
        for problem in wrong_widths(file, self.sheet, header, !names_people, &|_| false) {
            self.push(problem);
        }
    }

    fn of_form(&self, forms: &[Form]) -> Vec<usize> {
        let columns = self
            .table
            .iter()
            .filter(|column| forms.contains(&column.form));
        columns
            .filter_map(|column| self.column(column.name))
            .collect()
    }

    /// Decides the decimal separator: by the user, else by the column itself, else by all numeric
    /// columns of the file. A column that stays undecided is a problem with both readings.
    pub fn decide_decimals(&mut self) {
        let used = self.of_form(&[
            Form::Count,
            Form::Money,
            Form::Share,
            Form::CountRange,
            Form::MoneyRange,
        ]);
        if let Some(mark) = self.input.hints.decimal {
            if mark != '.' && mark != ',' {
                self.push(
                    self.problem(
                        "unknown-option",
                        "`decimal` is the decimal separator of the file",
                    )
                    .value(mark)
                    .hint("write `decimal = \".\"` or `decimal = \",\"`"),
                );
            }
            self.decimals = used.into_iter().map(|index| (index, mark)).collect();
            return;
        }
        let evidence: Vec<Evidence> = (0..self.layout.width)
            .map(|index| {
                // A column of names or days says nothing of decimals, whatever its cells look like.
                let other = self.layout.columns.values().any(|own| *own == index);
                if other && !used.contains(&index) {
                    Evidence::default()
                } else {
                    self.evidence(index, used.contains(&index))
                }
            })
            .collect();
        let file_says = |mark: char| {
            evidence
                .iter()
                .any(|e| e.numeric && e.decided.iter().any(|(m, _, _)| *m == mark))
        };
        let by_file = match (file_says('.'), file_says(',')) {
            (true, false) => Some('.'),
            (false, true) => Some(','),
            _ => None,
        };
        for index in used {
            let Some(column) = evidence.get(index) else {
                continue;
            };
            match (column.decided.as_slice(), &column.ambiguous, by_file) {
                ([], None, _) => {}
                ([(mark, _, _)], _, _) => {
                    self.decimals.insert(index, *mark);
                }
                ([], Some(_), Some(mark)) => {
                    self.decimals.insert(index, mark);
                }
                ([], Some((row, text)), None) => self.ambiguous_number(index, *row, text),
                ([(_, row, text), (_, other_row, other), ..], _, _) => self.push(
                    self.problem(
                        "mixed-decimals",
                        format!("column `{}`: this number and `{other}` in row {other_row} have different decimal separators", self.layout.title(index)),
                    )
                    .line(*row)
                    .value(text)
                    .hint("export the file again from the platform; a spreadsheet program has changed some of the numbers"),
                ),
            }
        }
    }

    fn ambiguous_number(&self, index: usize, row: u64, text: &str) {
        let reading = |mark| number::read(text, mark).map_or_else(String::new, |d| d.plain());
        let message = format!(
            "column `{}`: this number is {} or {}, and nothing in the file says which",
            self.layout.title(index),
            reading('.'),
            reading(',')
        );
        self.push(self.problem("ambiguous-number", message).line(row).value(text).hint(format!(
            "add `decimal = \".\"` to the evidence entry to read it as {}, or `decimal = \",\"` to read it as {}",
            reading('.'),
            reading(',')
        )));
    }

    /// What the cells of a column say. Columns that casefile does not use count only if every cell
    /// is a number.
    fn evidence(&self, index: usize, used: bool) -> Evidence {
        let mut evidence = Evidence {
            numeric: true,
            ..Evidence::default()
        };
        for record in self.records() {
            let Cell::Text(text) = self.cell(record, index) else {
                continue;
            };
            if words::missing_value(&text) {
                continue;
            }
            let shapes: Vec<(number::Shape, &str)> = match number::shape(&text) {
                // The ends of a range are written like the other numbers.
                number::Shape::NotANumber if used => number::ends(&text)
                    .into_iter()
                    .map(|end| (number::shape(end), end))
                    .collect(),
                shape => vec![(shape, &*text)],
            };
            for (shape, text) in shapes {
                match shape {
                    number::Shape::Plain => {}
                    number::Shape::Decided(mark) => {
                        if evidence.decided.iter().all(|(other, _, _)| *other != mark) {
                            evidence
                                .decided
                                .push((mark, record.row, text.trim().to_owned()));
                        }
                    }
                    number::Shape::Ambiguous => {
                        evidence
                            .ambiguous
                            .get_or_insert_with(|| (record.row, text.trim().to_owned()));
                    }
                    number::Shape::NotANumber if used => {}
                    number::Shape::NotANumber => {
                        evidence.numeric = false;
                        return evidence;
                    }
                }
            }
        }
        evidence
    }

    pub fn decide_date_order(&mut self) {
        if self.order.is_some() {
            return;
        }
        let (mut dmy, mut mdy, mut open) = (None, None, None);
        for index in self.of_form(&[Form::Date, Form::Moment]) {
            for record in self.records() {
                let Cell::Text(text) = self.cell(record, index) else {
                    continue;
                };
                let slot = match date::shape(&text) {
                    date::Shape::Decided(DateOrder::Dmy) => &mut dmy,
                    date::Shape::Decided(DateOrder::Mdy) => &mut mdy,
                    date::Shape::Ambiguous => &mut open,
                    _ => continue,
                };
                slot.get_or_insert_with(|| (index, record.row, text.trim().to_owned()));
            }
        }
        match (dmy, mdy, open) {
            (Some(_), None, _) => self.order = Some(DateOrder::Dmy),
            (None, Some(_), _) => self.order = Some(DateOrder::Mdy),
            (None, None, None) => {}
            (Some((_, _, other)), Some((index, row, text)), _) => self.push(
                self.problem(
                    "mixed-dates",
                    format!(
                        "column `{}`: in this date the month stands first, in `{other}` the day",
                        self.layout.title(index)
                    ),
                )
                .line(row)
                .value(text)
                .hint("export the file again, or write the dates as 2024-03-01 in a copy"),
            ),
            (None, None, Some((index, row, text))) => {
                let reading = |order| {
                    date::read(&text, Some(order))
                        .map_or_else(|| "no date".into(), |m| m.date.to_string())
                };
                let (dmy, mdy) = (reading(DateOrder::Dmy), reading(DateOrder::Mdy));
                let message = format!(
                    "column `{}`: this date is {dmy} or {mdy}, and nothing in the file says which",
                    self.layout.title(index)
                );
                self.push(self.problem("ambiguous-date", message).line(row).value(text.as_str()).hint(format!(
                    "add `date_order = \"dmy\"` to the evidence entry to read it as {dmy}, or `date_order = \"mdy\"` to read it as {mdy}"
                )));
            }
        }
    }
}

/// A text file has as many cells in each row as in the heading row; surplus empty cells, and rows that
/// are `exempt`, do no harm. Rows of a workbook have no fixed length. The first cell of a wrong row is
/// told only where `tells`: it may name a person.
pub(super) fn wrong_widths(
    file: &str,
    sheet: &Sheet,
    header: usize,
    tells: bool,
    exempt: &dyn Fn(&Record) -> bool,
) -> Vec<Problem> {
    let width = sheet.records.get(header).map_or(0, Record::len);
    let last = sheet.records.len().saturating_sub(1);
    let mut wrong = 0u64;
    let mut problems = Vec::new();
    for (index, record) in sheet.records.iter().enumerate().skip(header + 1) {
        let whole = record.is_typed()
            || record.len() == width
            || (record.len() > width && record.is_blank_from(width));
        if whole || record.is_blank() || exempt(record) {
            continue;
        }
        wrong += 1;
        if wrong > TOLD {
            continue;
        }
        let message = format!(
            "this row has {} cells, the headings are {width}",
            record.len()
        );
        let first = record.cell(0).text().into_owned();
        let problem = if let Some(other) = delimiter_of(&first, width) {
            let other = other.escape_default();
            let message = format!("this row is separated by `{other}`, the headings are not");
            Problem::new("mixed-delimiters", file, message)
                .hint("export the file again rather than editing it")
        } else if index == last && record.len() < width {
            let message = format!("{message}, and it is the last row: the file was cut");
            Problem::new("truncated-file", file, message)
                .hint("take the file again from where it came from")
        } else {
            Problem::new("ragged-row", file, message)
                .hint("a cell with the separator in it needs quotation marks; export the file again rather than editing it")
        };
        let problem = problem.line(record.row);
        problems.push(if tells { problem.value(first) } else { problem });
    }
    if wrong > TOLD {
        let message = format!("{} more rows have the wrong number of cells", wrong - TOLD);
        problems.push(Problem::new("ragged-row", file, message));
    }
    problems
}

/// What the cells of one column say about the decimal separator: marks that must be meant with the
/// first row and cell of each, and the first cell that can be read both ways.
#[derive(Default)]
struct Evidence {
    numeric: bool,
    decided: Vec<(char, u64, String)>,
    ambiguous: Option<(u64, String)>,
}
