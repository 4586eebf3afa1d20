//! Text to rows: which character separates the cells, where each record starts, and whether the
//! file was cut.

use super::sheet::{Record, Sheet};
use crate::error::{Problem, Result};

/// Separators that exports and spreadsheets use.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// How much of a file decides the delimiter, in bytes and rows.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_ROWS: usize = 60;

/// The rows of a text file, and the line on which a quotation mark opens that nothing closes.
pub(super) struct Delimited {
    pub sheet: Sheet,
    pub delimiter: char,
    pub open_quote: Option<u64>,
}

/// Splits `text` with the delimiter under which most cells of one of the first rows are headings
/// that `known` recognises; where none is known, the one that gives the steadiest columns.
pub(super) fn read(
    file: &str,
    text: &str,
    insisted: Option<char>,
    known: &dyn Fn(&str) -> bool,
) -> Result<Delimited> {
    // Excel writes and reads `sep=;` as a first line; it is no data.
    let (declared, body) = match text
        .strip_prefix("sep=")
        .and_then(|rest| rest.chars().next())
    {
        Some(c) if c.is_ascii() => (u8::try_from(c).ok(), text.find('\n').unwrap_or(text.len())),
        _ => (None, 0),
    };
    let insisted = match insisted {
        None => None,
        Some(mark) => Some(
            u8::try_from(mark)
                .ok()
                .filter(u8::is_ascii)
                .ok_or_else(|| {
                    Problem::new(
                        "unknown-option",
                        file,
                        "`delimiter` is one character that separates cells",
                    )
                    .value(mark)
                    .hint("write `delimiter = \";\"`, or another ASCII character")
                })?,
        ),
    };
    let delimiter = insisted.or(declared).unwrap_or_else(|| choose(text, known));
    let records = records(file, text, body, delimiter, usize::MAX)?;
    Ok(Delimited {
        sheet: Sheet {
            name: None,
            records,
        },
        delimiter: char::from(delimiter),
        open_quote: open_quote(text, delimiter),
    })
}

fn choose(text: &str, known: &dyn Fn(&str) -> bool) -> u8 {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let mut best = (0, 0, 0, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let Ok(records) = records("", sample, 0, delimiter, SAMPLE_ROWS) else {
            continue;
        };
        let headings = records.iter().take(super::heading::SEARCH_ROWS);
        let hits = headings
            .map(|r| r.cells().filter(|cell| known(&cell.text())).count())
            .max()
            .unwrap_or(0);
        let mut widths: Vec<usize> = records.iter().map(Record::len).collect();
        widths.sort_unstable();
        let (steady, width) = widths
            .chunk_by(|a, b| a == b)
            .filter(|group| group[0] > 1)
            .map(|group| (group.len(), group[0]))
            .max()
            .unwrap_or((0, 0));
        if (hits, steady, width) > (best.0, best.1, best.2) {
            best = (hits, steady, width, delimiter);
        }
    }
    best.3
}

/// At most `limit` records of `text` from byte `start`, each with the line on which it starts.
fn records(
    file: &str,
    text: &str,
    start: usize,
    delimiter: u8,
    limit: usize,
) -> Result<Vec<Record>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(&text.as_bytes()[start..]);
    let bytes = text.as_bytes();
    let (mut at, mut line) = (0, 1);
    let mut records = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(records),
            Ok(true) => {}
            Err(error) => return Err(Problem::new("broken-text", file, error.to_string()).into()),
        }
        // The reader's own line numbers are those before the blank lines and line feeds that it
        // skips, so lines are counted here.
        let mut begin = start
            + record
                .position()
                .map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
        while matches!(bytes.get(begin), Some(b'\r' | b'\n')) {
            begin += 1;
        }
        line += bytes
            .get(at..begin)
            .unwrap_or(&[])
            .iter()
            .filter(|b| **b == b'\n')
            .count() as u64;
        at = begin;
        records.push(Record::from_text(line, &record));
        if records.len() >= limit {
            return Ok(records);
        }
    }
}

/// The line of a quotation mark that opens a cell and is never closed.
///
/// Follows the same rules as the reader (RFC 4180 with doubled quotation marks): a mark opens a
/// cell only as its first character.
fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    let (mut line, mut opened_on, mut quoted, mut at_start) = (1, 1, false, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\n' {
            line += 1;
        }
        if quoted {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                quoted = false;
            }
            continue;
        }
        if byte == b'"' && at_start {
            (quoted, opened_on) = (true, line);
        }
        at_start = byte == delimiter || byte == b'\n' || byte == b'\r';
    }
    quoted.then_some(opened_on)
}

/// The delimiter that would split `row` into `width` cells.
pub(super) fn delimiter_of(row: &str, width: usize) -> Option<char> {
    DELIMITERS
        .into_iter()
        .map(char::from)
        .find(|other| width > 1 && row.split(*other).count() == width)
}
