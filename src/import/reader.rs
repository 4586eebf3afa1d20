//! Cells to values by casefile's column names, with every problem placed and none repeated without
//! end.

use super::heading::Layout;
use super::number::{self, Decimal};
use super::sheet::{Cell, Record, Sheet};
use super::tidy_columns::{Column, Form};
use super::transcript::LeftOut;
use super::{Input, date, remarks, words, workbook};
use crate::case::DateOrder;
use crate::error::{Error, Problem, Result};
use crate::evidence::{AmountRange, CountRange, Exclusion, Gender, Micros, RowAccount, Share};
use crate::notice::{Locator, Notice};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many problems of one kind in one column are told one by one.
pub(super) const TOLD: u64 = 3;

/// Reads the rows below the headings of one sheet.
pub(super) struct Reader<'a> {
    pub input: &'a Input<'a>,
    pub sheet: &'a Sheet,
    pub layout: Layout,
    pub table: &'static [Column],
    /// Decimal separator of each numeric column.
    pub decimals: BTreeMap<usize, char>,
    pub order: Option<DateOrder>,
    /// The file, for the locators of all rows.
    file: Arc<str>,
    /// Names that occur again and again, each once.
    names: RefCell<BTreeSet<Arc<str>>>,
    /// What the words of a column mean, where the user says it.
    meanings: BTreeMap<usize, &'a BTreeMap<String, String>>,
    /// Whether the export gives counts, masked at most below a bound.
    pub exact_counts: bool,
    /// Records that the transcript of the file has left out.
    left_out: u64,
    found: RefCell<Found>,
}

#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    /// How often each problem occurred in each column.
    counts: BTreeMap<(&'static str, usize), u64>,
    /// Remarks of one kind: how many rows, and the first of them.
    remarks: BTreeMap<&'static str, (u64, BTreeSet<u64>)>,
    excluded: Vec<Exclusion>,
}

impl<'a> Reader<'a> {
    /// Decides how numbers and dates of the file are written.
    pub fn new(
        input: &'a Input<'a>,
        sheet: &'a Sheet,
        layout: Layout,
        table: &'static [Column],
    ) -> Self {
        let mut reader = Reader {
            input,
            sheet,
            layout,
            table,
            decimals: BTreeMap::new(),
            order: input.hints.date_order,
            file: Arc::from(input.file),
            names: RefCell::default(),
            meanings: BTreeMap::new(),
            exact_counts: false,
            left_out: 0,
            found: RefCell::default(),
        };
        reader.take_meanings();
        reader.check_widths();
        reader.decide_decimals();
        reader.decide_date_order();
        reader
    }

    /// Takes over what the user says of the words in a column.
    fn take_meanings(&mut self) {
        for (name, words) in &self.input.hints.values {
            match self.layout.columns.get(name.as_str()) {
                Some(index) => {
                    self.meanings.insert(*index, words);
                }
                None => self.push(
                    self.problem("unknown-column", "`values` names a column that the file does not have")
                        .value(name)
                        .hint("use casefile's name of the column, and map it in `columns` if the file calls it otherwise"),
                ),
            }
        }
    }

    /// The rows below the headings.
    pub fn records(&self) -> impl Iterator<Item = &'a Record> + use<'a> {
        self.sheet.records.iter().skip(self.layout.header + 1)
    }

    pub fn locator(&self, record: &Record) -> Locator {
        Locator {
            file: Arc::clone(&self.file),
            sheet: self.place(record.member).map(Arc::from),
            row: Some(record.row),
        }
    }

    /// The sheet of a workbook or the member of an archive: by its number, since its name may be
    /// that of a person.
    fn place(&self, member: Option<u64>) -> Option<String> {
        member
            .map(|number| format!("member {number}"))
            .or_else(|| self.sheet.name.clone())
    }

    /// Takes over the records that a transcript has left out.
    pub fn leave_out(&mut self, left_out: &[LeftOut]) {
        self.left_out += left_out.len() as u64;
        let mut found = self.found.borrow_mut();
        for record in left_out {
            found.excluded.push(Exclusion {
                row: record.row,
                sheet: self.place(record.member),
                reason: record.reason,
                detail: if record.detail.is_empty() {
                    remarks::reason(record.reason).to_owned()
                } else {
                    record.detail.clone()
                },
            });
        }
    }

    /// A problem in this file; problems in a workbook name the sheet.
    pub fn problem(&self, code: &'static str, message: impl Into<String>) -> Problem {
        let message = message.into();
        match &self.sheet.name {
            Some(sheet) => {
                Problem::new(code, self.input.file, format!("sheet `{sheet}`: {message}"))
            }
            None => Problem::new(code, self.input.file, message),
        }
    }

    /// Records a problem of one column; after the first few of a kind they are only counted.
    fn at(
        &self,
        code: &'static str,
        record: &Record,
        column: usize,
        message: &str,
        value: &str,
        hint: &str,
    ) {
        let mut found = self.found.borrow_mut();
        let count = found.counts.entry((code, column)).or_default();
        *count += 1;
        if *count <= TOLD {
            let message = format!("column `{}`: {message}", self.layout.title(column));
            let problem = self
                .problem(code, message)
                .line(record.row)
                .value(value)
                .hint(hint);
            found.problems.push(problem);
        }
    }

    /// Records a problem of one cell.
    pub fn unreadable(
        &self,
        code: &'static str,
        record: &Record,
        name: &str,
        message: &str,
        value: &str,
        hint: &str,
    ) {
        if let Some(index) = self.column(name) {
            self.at(code, record, index, message, value, hint);
        }
    }

    /// Whether nothing has been found wrong so far.
    pub fn is_sound(&self) -> bool {
        self.found.borrow().problems.is_empty()
    }

    pub fn push(&self, problem: Problem) {
        self.found.borrow_mut().problems.push(problem);
    }

    /// Counts a row for a remark that is told once a file.
    pub fn remark(&self, code: &'static str, record: &Record) {
        self.remark_row(code, record.row);
    }

    pub fn remark_row(&self, code: &'static str, row: u64) {
        let mut found = self.found.borrow_mut();
        let (count, first) = found.remarks.entry(code).or_default();
        *count += 1;
        first.insert(row);
        if first.len() > 3 {
            first.pop_last();
        }
    }

    pub fn exclude(&self, record: &Record, reason: &'static str, detail: impl Into<String>) {
        let exclusion = Exclusion {
            row: record.row,
            sheet: self.place(record.member),
            reason,
            detail: detail.into(),
        };
        self.found.borrow_mut().excluded.push(exclusion);
    }

    /// All problems, or the account of `read` rows and the notices; `words` says what a remark
    /// means in words.
    pub fn finish(
        self,
        read: u64,
        meaning: &dyn Fn(&str) -> &'static str,
    ) -> Result<(Layout, RowAccount, Vec<Notice>)> {
        let mut found = self.found.into_inner();
        for ((code, column), count) in &found.counts {
            if *count > TOLD {
                let message = format!(
                    "column `{}`: {} more rows have this problem",
                    self.layout.title(*column),
                    count - TOLD
                );
                found
                    .problems
                    .push(Problem::new(code, self.input.file, message));
            }
        }
        if read == 0 && found.problems.is_empty() {
            found.problems.push(
                Problem::new(
                    "no-rows",
                    self.input.file,
                    "no row of the file holds data; every row was left out",
                )
                .hint("export it again, with the columns that hold the numbers"),
            );
        }
        if !found.problems.is_empty() {
            found
                .problems
                .sort_by_key(|problem| problem.line.unwrap_or(u64::MAX));
            return Err(Error {
                problems: found.problems,
            });
        }
        let mut layout = self.layout;
        let mut notices = std::mem::take(&mut layout.notices);
        for (code, (count, first)) in &found.remarks {
            let first: Vec<u64> = first.iter().copied().collect();
            let message = remarks::sentence(meaning(code), "row", *count, &first);
            let locator = Locator {
                file: Arc::clone(&self.file),
                sheet: self.sheet.name.as_deref().map(Arc::from),
                row: None,
            };
            notices.push(Notice::caution(code, locator, message));
        }
        found.excluded.sort();
        let below = self.sheet.records.len().saturating_sub(layout.header + 1) as u64;
        Ok((
            layout,
            RowAccount {
                in_file: below + self.left_out,
                read,
                excluded: found.excluded,
            },
            notices,
        ))
    }

    /// The cell, or what the user says that it means.
    pub fn cell<'r>(&'r self, record: &'r Record, index: usize) -> Cell<'r> {
        let cell = record.cell(index);
        match self
            .meanings
            .get(&index)
            .and_then(|words| words.get(cell.text().as_ref()))
        {
            Some(meaning) => Cell::Text(Cow::Borrowed(meaning)),
            None => cell,
        }
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.layout.columns.get(name).copied()
    }

    /// The cell as text, whatever it is; empty where the file has no such column.
    pub fn raw(&self, record: &Record, name: &str) -> String {
        self.column(name).map_or_else(String::new, |index| {
            self.cell(record, index).text().into_owned()
        })
    }

    /// A name or text; `None` where it is missing.
    pub fn text(&self, record: &Record, name: &str) -> Option<String> {
        let index = self.column(name)?;
        let cell = self.cell(record, index);
        let text = cell.text();
        (!words::missing_text(&text)).then(|| text.into_owned())
    }

    /// A name, which many rows share.
    pub fn name(&self, record: &Record, name: &str) -> Option<Arc<str>> {
        let cell = self.cell(record, self.column(name)?);
        let text = cell.text();
        (!words::missing_text(&text)).then(|| self.shared(&text))
    }

    /// An age group, which many rows share.
    pub fn age_name(&self, record: &Record) -> Option<Arc<str>> {
        self.age(record, "age").map(|age| self.shared(&age))
    }

    /// A value such as a currency, which many rows share.
    pub fn shared_value(&self, record: &Record, name: &str) -> Option<Arc<str>> {
        self.value(record, name).map(|text| self.shared(&text))
    }

    /// One copy of a text for all rows that have it.
    pub fn shared(&self, text: &str) -> Arc<str> {
        let mut names = self.names.borrow_mut();
        if let Some(known) = names.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(text);
        names.insert(Arc::clone(&new));
        new
    }

    /// Text in which `n/a` and `?` also mean missing.
    pub fn value(&self, record: &Record, name: &str) -> Option<String> {
        self.text(record, name)
            .filter(|text| !words::missing_value(text))
    }

    /// A whole number that is not negative.
    pub fn count(&self, record: &Record, name: &str) -> Option<u64> {
        // Nearly all cells are plain digits, which mean the same in every notation; more than 12 of
        // them may be too many.
        if let Cell::Text(text) = self.cell(record, self.column(name)?)
            && (1..=12).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit())
        {
            return text.parse().ok();
        }
        let (index, text, decimal) = self.decimal(record, name)?;
        let shortened = text.contains(['e', 'E']);
        let unit = text.contains(|c: char| {
            c == '%' || (c.is_alphabetic() && !matches!(c, 'e' | 'E')) || "$€£¥₩₹".contains(c)
        });
        if unit {
            self.at(
                "not-a-count",
                record,
                index,
                "this is a percentage or an amount of money, and the column holds counts",
                &text,
                "map the column that holds the counts",
            );
            return None;
        }
        if let Some(count) = decimal.count()
            && !shortened
        {
            return Some(count);
        }
        let (code, message) = match (decimal.negative, shortened) {
            (true, _) => ("negative-count", "a count cannot be negative"),
            (_, true) => (
                "damaged-number",
                "a spreadsheet program has shortened this number",
            ),
            _ => (
                "not-a-count",
                "a count is a whole number up to 1,000,000,000,000",
            ),
        };
        self.at(
            code,
            record,
            index,
            message,
            &text,
            "correct the cell in a copy of the file and record the copy, or export again",
        );
        None
    }

    /// A count, or the range that stands in its place.
    pub fn count_or_range(&self, record: &Record, name: &str) -> (Option<u64>, Option<CountRange>) {
        let Some(index) = self.column(name) else {
            return (None, None);
        };
        let mark = self.decimals.get(&index).copied().unwrap_or('.');
        let cell = self.cell(record, index);
        let text = cell.text();
        match number::range(&text, mark) {
            // A platform that gives counts never writes `1-5`; spreadsheet programs do.
            Some(_) if self.exact_counts && number::ends(&text).len() > 1 => {
                self.at(
                    "damaged-number",
                    record,
                    index,
                    "this is a range or a date, and the export gives counts",
                    &text,
                    "export the file again; a spreadsheet program has changed the cell",
                );
                (None, None)
            }
            Some(range) => (None, Some(range)),
            None => (self.count(record, name), None),
        }
    }

    /// A count, or a range of counts.
    pub fn range(&self, record: &Record, name: &str) -> Option<CountRange> {
        let (count, range) = self.count_or_range(record, name);
        range.or(count.map(CountRange::exact))
    }

    /// An amount, or a range of amounts.
    pub fn amounts(&self, record: &Record, name: &str) -> Option<AmountRange> {
        let index = self.column(name)?;
        let mark = self.decimals.get(&index).copied().unwrap_or('.');
        let whole = |count: u64| Some(Micros(i64::try_from(count).ok()?.checked_mul(1_000_000)?));
        if let Some(range) = number::range(&self.cell(record, index).text(), mark) {
            return Some(AmountRange {
                low: whole(range.low)?,
                high: range.high.and_then(whole),
            });
        }
        let amount = self.money(record, name)?;
        Some(AmountRange {
            low: amount,
            high: Some(amount),
        })
    }

    /// A part of one; per cent only with its sign.
    pub fn share(&self, record: &Record, name: &str) -> Option<Share> {
        let (index, text, decimal) = self.decimal(record, name)?;
        let divisor = if text.contains('%') { 100 } else { 1 };
        let share = decimal
            .billionths()
            .map(|value| value / divisor)
            .filter(|value| !decimal.negative && (0..=1_000_000_000).contains(value))
            .and_then(|value| u32::try_from(value).ok());
        if share.is_none() {
            self.at(
                "not-a-share",
                record,
                index,
                "a share is between 0 and 1",
                &text,
                "write it as 0.125, or as 12.5% with the sign",
            );
        }
        share.map(Share)
    }

    /// An amount of money.
    pub fn money(&self, record: &Record, name: &str) -> Option<Micros> {
        let (index, text, decimal) = self.decimal(record, name)?;
        match decimal.micros() {
            Some(amount) if !decimal.negative => return Some(amount),
            Some(_) => self.at(
                "negative-amount",
                record,
                index,
                "an amount spent cannot be negative",
                &text,
                "correct the cell in a copy of the file and record the copy",
            ),
            None => self.at(
                "not-an-amount",
                record,
                index,
                "this amount is too large",
                &text,
                "an amount is below 9,000,000,000,000",
            ),
        }
        None
    }

    fn decimal(&self, record: &Record, name: &str) -> Option<(usize, String, Decimal)> {
        let index = self.column(name)?;
        let cell = self.cell(record, index);
        let text = cell.text().into_owned();
        if words::missing_value(&text) {
            return None;
        }
        let mark = if matches!(cell, Cell::Number(_)) {
            '.'
        } else {
            self.decimals.get(&index).copied().unwrap_or('.')
        };
        match number::read(&text, mark) {
            Some(decimal) => Some((index, text, decimal)),
            None if text.starts_with(['<', '>', '≤', '≥']) => {
                self.at("masked-count", record, index, "this is a range, not a number", &text, "leave the cell empty in a copy of the file: casefile then counts it as not reported");
                None
            }
            None => {
                let hint = if mark == ',' {
                    "numbers of this column are written like `1.234,5`"
                } else {
                    "numbers of this column are written like `1,234.5`"
                };
                self.at(
                    "not-a-number",
                    record,
                    index,
                    "this is not a number",
                    &text,
                    hint,
                );
                None
            }
        }
    }

    /// A date; a time behind it is left out.
    pub fn date(&self, record: &Record, name: &str) -> Option<jiff::civil::Date> {
        let index = self.column(name)?;
        match self.moment_at(record, index)? {
            Ok(moment) => Some(moment.date),
            // The order of the file's dates is a problem of its own, told once.
            Err(text)
                if self.order.is_none()
                    && matches!(
                        date::shape(&text),
                        date::Shape::Ambiguous | date::Shape::Decided(_)
                    ) =>
            {
                None
            }
            Err(text) => {
                self.at("not-a-date", record, index, "this is not a date", &text, "write dates as 2024-03-01; with other orders, `date_order = \"dmy\"` in the evidence entry says which");
                None
            }
        }
    }

    /// A date with its time: `None` where it is missing, `Err` with the text where it cannot be read.
    pub fn moment(
        &self,
        record: &Record,
        name: &str,
    ) -> Option<std::result::Result<date::Moment, String>> {
        self.moment_at(record, self.column(name)?)
    }

    fn moment_at(
        &self,
        record: &Record,
        index: usize,
    ) -> Option<std::result::Result<date::Moment, String>> {
        let from = |at: jiff::civil::DateTime| date::Moment {
            date: at.date(),
            time: (at.time() != jiff::civil::Time::midnight()).then(|| at.time()),
            // A spreadsheet stores seconds whether anybody wrote them or not.
            seconds: at.second() != 0,
            offset: None,
        };
        match self.cell(record, index) {
            Cell::Moment(at) => Some(Ok(from(at))),
            Cell::Number(days) => Some(
                workbook::serial_date(days)
                    .map(from)
                    .ok_or_else(|| days.to_string()),
            ),
            Cell::Text(text) if words::missing_value(&text) => None,
            Cell::Text(text) => {
                Some(date::read(&text, self.order).ok_or_else(|| text.trim().to_owned()))
            }
        }
    }

    /// Gender; another word is a problem.
    pub fn gender(&self, record: &Record, name: &str) -> Option<Gender> {
        let index = self.column(name)?;
        let cell = self.cell(record, index);
        let text = cell.text();
        if words::missing_value(&text) {
            return None;
        }
        let gender = words::gender(&text);
        if gender.is_none() {
            self.at("unknown-gender", record, index, "this is no word for a gender that casefile knows", &text, "casefile reads male, female and unknown, and their translations in the languages of the platforms; write one of these in a copy of the file");
        }
        gender
    }

    pub fn age(&self, record: &Record, name: &str) -> Option<String> {
        self.text(record, name).map(|text| words::age(&text))
    }

    /// Codes of a cell, separated by `;`.
    pub fn codes(&self, record: &Record, name: &str) -> Vec<String> {
        let text = self.value(record, name).unwrap_or_default();
        text.split(';')
            .map(str::trim)
            .filter(|code| !words::missing_value(code))
            .map(str::to_owned)
            .collect()
    }

    /// The cell as casefile reads it, for a preview.
    pub fn shown(&self, record: &Record, column: &Column) -> String {
        let name = column.name;
        match column.form {
            Form::Count => match self.count_or_range(record, name) {
                (None, Some(_)) => self.value(record, name),
                (count, _) => count.map(|n| n.to_string()),
            },
            Form::Money => self
                .decimal(record, name)
                .map(|(_, _, decimal)| decimal.plain()),
            Form::Date => self.date(record, name).map(|date| date.to_string()),
            Form::Gender => self
                .value(record, name)
                .map(|text| match words::gender(&text) {
                    Some(Gender::Female) => "female".into(),
                    Some(Gender::Male) => "male".into(),
                    Some(Gender::Unknown) | None => "unknown".into(),
                }),
            Form::Age => self.age(record, name),
            Form::Share | Form::CountRange | Form::MoneyRange => self.value(record, name),
            Form::Text | Form::Name | Form::Moment | Form::Duration | Form::Codes | Form::YesNo => {
                self.text(record, name)
            }
        }
        .unwrap_or_default()
    }
}
