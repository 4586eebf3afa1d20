//! The order of day and month in the dates of a chat. WhatsApp writes dates as the phone's locale
//! does and never says which, and the order can change inside one file.

use crate::case::DateOrder;
use crate::error::{Problem, Problems, Result};
use jiff::civil::Date;

/// Years outside are of another calendar or no date at all: WhatsApp began in 2009, and two-digit
/// years of the Thai calendar lie above 50.
const YEARS: std::ops::RangeInclusive<u32> = 2009..=2050;
/// Problems told at most; a hostile file could hold a block on every line.
const MOST_PROBLEMS: usize = 10;

/// A date as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    pub line: u64,
    pub text: &'a str,
    pub numbers: [Number; 3],
    /// Dates that follow each other and are written in the same manner are one block, in which the
    /// order is one.
    pub manner: Manner,
}

/// A number and how many digits it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    pub value: u32,
    pub digits: usize,
}

/// How a date and its time are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    pub separator: char,
    pub year_digits: [bool; 2],
    pub half_day_clock: bool,
    pub seconds: bool,
}

/// What a date means, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub date: Date,
    pub how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Only one order is possible in its block.
    Certain,
    /// Only one order is possible, and the user stated another.
    Overruled,
    /// The user stated the order.
    Stated,
    /// Only in this order do the dates of the block follow each other in time.
    Sequence,
}

impl Written<'_> {
    /// The date, read in an order; `None` where there is no such day.
    pub fn read(&self, order: DateOrder) -> Option<Date> {
        let [first, second, third] = self.numbers;
        // No locale puts the month first between points (Unicode CLDR, short date formats).
        if order == DateOrder::Mdy && self.manner.separator == '.' {
            return None;
        }
        let (day, month, year) = match order {
            DateOrder::Dmy => (first, second, third),
            DateOrder::Mdy => (second, first, third),
            DateOrder::Ymd => (third, second, first),
        };
        if day.digits > 2 || month.digits > 2 {
            return None;
        }
        let year = match year.digits {
            2 => year.value.checked_add(2000)?,
            4 => year.value,
            _ => return None,
        };
        if !YEARS.contains(&year) {
            return None;
        }
        let year = i16::try_from(year).ok()?;
        Date::new(
            year,
            i8::try_from(month.value).ok()?,
            i8::try_from(day.value).ok()?,
        )
        .ok()
    }

    pub fn is_date(&self) -> bool {
        [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd]
            .iter()
            .any(|order| self.read(*order).is_some())
    }

    /// The order, where day and month can be exchanged in one way only.
    fn only(&self) -> Option<DateOrder> {
        match (self.read(DateOrder::Dmy), self.read(DateOrder::Mdy)) {
            (Some(_), None) => Some(DateOrder::Dmy),
            (None, Some(_)) => Some(DateOrder::Mdy),
            (None, None) => Some(DateOrder::Ymd),
            (Some(_), Some(_)) => None,
        }
    }

    /// Whether day and month are the same number, so that the order does not matter.
    fn is_neutral(&self) -> bool {
        self.read(DateOrder::Dmy).is_some()
            && self.read(DateOrder::Dmy) == self.read(DateOrder::Mdy)
    }
}

/// The meaning of each date. Decided block by block: by a number above 12, else by what the user
/// states, else by the one order in which time does not run backwards.
pub fn decide(
    file: &str,
    dates: &[Written<'_>],
    stated: Option<DateOrder>,
) -> Result<Vec<Decided>> {
    let mut decided: Vec<Decided> = Vec::with_capacity(dates.len());
    let mut problems = Problems::default();
    let mut found = 0;
    let mut blocks = dates.chunk_by(|a, b| a.manner == b.manner).peekable();
    let mut before = None;
    while let Some(block) = blocks.next() {
        let after = blocks.peek().and_then(|next| first_date(next));
        match decide_block(block, stated, before, after) {
            Ok(block) => {
                before = block.last().map(|last| last.date);
                decided.extend(block);
            }
            Err(undecided) => {
                problems.push(ambiguous(file, undecided));
                before = None;
                found += 1;
            }
        }
        if found == MOST_PROBLEMS {
            break;
        }
    }
    problems.finish(decided)
}

fn decide_block<'a, 'b>(
    block: &'a [Written<'b>],
    stated: Option<DateOrder>,
    before: Option<Date>,
    after: Option<Date>,
) -> std::result::Result<Vec<Decided>, &'a Written<'b>> {
    if is_year_first(block) {
        return read_all(block, DateOrder::Ymd, How::Sequence);
    }
    if let Some(order) = certain(block) {
        let overruled = stated.is_some_and(|stated| {
            stated != order && block.iter().any(|date| date.read(stated).is_none())
        });
        let how = if overruled {
            How::Overruled
        } else {
            How::Certain
        };
        return read_all(block, order, how);
    }
    if block.iter().any(|date| date.only().is_some()) {
        return decide_mixed(block, stated);
    }
    if let Some(order) = stated.filter(|order| block.iter().all(|date| date.read(*order).is_some()))
    {
        return read_all(block, order, How::Stated);
    }
    let Some(undecided) = block.iter().find(|date| !date.is_neutral()) else {
        return read_all(block, DateOrder::Dmy, How::Certain);
    };
    let runs_on = |order| runs_forward(block, order, before, after);
    match (runs_on(DateOrder::Dmy), runs_on(DateOrder::Mdy)) {
        (true, false) => read_all(block, DateOrder::Dmy, How::Sequence),
        (false, true) => read_all(block, DateOrder::Mdy, How::Sequence),
        _ => Err(undecided),
    }
}

/// The order that the numbers prove for a whole block.
fn certain(block: &[Written<'_>]) -> Option<DateOrder> {
    let proven = || block.iter().filter_map(Written::only);
    // `24/3/1` can only begin with the year, and then so does `24/3/12`, which alone would pass for 2012.
    let order = proven()
        .find(|order| *order == DateOrder::Ymd)
        .or_else(|| proven().next())?;
    block
        .iter()
        .all(|date| date.read(order).is_some())
        .then_some(order)
}

/// Whether two-digit dates that could begin with the day run forward only if they begin with the year.
fn is_year_first(block: &[Written<'_>]) -> bool {
    let fits = block.iter().all(|date| date.read(DateOrder::Ymd).is_some());
    fits && certain(block) == Some(DateOrder::Dmy)
        && !runs_forward(block, DateOrder::Dmy, None, None)
        && runs_forward(block, DateOrder::Ymd, None, None)
}

/// The first date of a block whose order is proven.
fn first_date(block: &[Written<'_>]) -> Option<Date> {
    block.first()?.read(certain(block)?)
}

/// A block with proof of two orders: a date between two proofs of the same order is read in it, and
/// one between proofs of different orders as the user states.
fn decide_mixed<'a, 'b>(
    block: &'a [Written<'b>],
    stated: Option<DateOrder>,
) -> std::result::Result<Vec<Decided>, &'a Written<'b>> {
    if let Some(date) = block
        .iter()
        .find(|date| date.only() == Some(DateOrder::Ymd))
    {
        return Err(date);
    }
    let following = following_proofs(block);
    let mut previous = None;
    let mut decided = Vec::with_capacity(block.len());
    for (date, next) in block.iter().zip(following) {
        let only = date.only();
        previous = only.or(previous);
        let order = match (previous, next) {
            (Some(left), Some(right)) if left == right => Some((left, How::Certain)),
            (Some(one), None) | (None, Some(one)) => Some((one, How::Certain)),
            _ if date.is_neutral() => Some((DateOrder::Dmy, How::Certain)),
            _ => only
                .map(|order| (order, How::Certain))
                .or(stated.map(|order| (order, How::Stated))),
        };
        let read =
            order.and_then(|(order, how)| date.read(order).map(|date| Decided { date, how }));
        decided.push(read.ok_or(date)?);
    }
    Ok(decided)
}

/// For each date the order of the next proof, itself included.
fn following_proofs(block: &[Written<'_>]) -> Vec<Option<DateOrder>> {
    let mut next = None;
    let mut proofs: Vec<Option<DateOrder>> = Vec::with_capacity(block.len());
    for date in block.iter().rev() {
        next = date.only().or(next);
        proofs.push(next);
    }
    proofs.reverse();
    proofs
}

fn read_all<'a, 'b>(
    block: &'a [Written<'b>],
    order: DateOrder,
    how: How,
) -> std::result::Result<Vec<Decided>, &'a Written<'b>> {
    block
        .iter()
        .map(|date| {
            date.read(order)
                .map(|date| Decided { date, how })
                .ok_or(date)
        })
        .collect()
}

/// Whether the dates never go back, with the dates around the block.
fn runs_forward(
    block: &[Written<'_>],
    order: DateOrder,
    before: Option<Date>,
    after: Option<Date>,
) -> bool {
    let inside = block.iter().filter_map(|date| date.read(order));
    let all: Vec<Date> = before.into_iter().chain(inside).chain(after).collect();
    all.is_sorted()
}

fn ambiguous(file: &str, date: &Written<'_>) -> Problem {
    let reading = |order| {
        date.read(order)
            .map_or("no date".to_owned(), |date| date.to_string())
    };
    let (dmy, mdy) = (reading(DateOrder::Dmy), reading(DateOrder::Mdy));
    let message =
        format!("the date can be read as {dmy} or as {mdy}, and nothing in the file decides");
    let hint = format!(
        "add `date_order = \"dmy\"` to the evidence entry to read it as {dmy}, or `date_order = \"mdy\"` to read it as {mdy}"
    );
    Problem::new("ambiguous-date", file, message)
        .line(date.line)
        .value(date.text)
        .hint(hint)
}
