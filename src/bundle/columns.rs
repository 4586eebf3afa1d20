//! What columns a table has: the schema of a CSV file, read from the file itself.

/// A regular table in UTF-8: one header row of distinct names, every row as long, none empty.
pub(super) struct Columns {
    pub delimiter: char,
    pub fields: Vec<Field>,
}

pub(super) struct Field {
    pub name: String,
    /// A type of Table Schema 2.0 that every value of the column has: `integer`, `number`, `date`,
    /// or `string`.
    pub kind: &'static str,
}

/// Longer cells are refused by readers in wide use (Python's csv module).
const LONGEST_CELL: usize = 100_000;

/// The columns, or `None` when this is no regular table: titles above the header, rows of unequal
/// length, a repeated or empty heading, another encoding.
pub(super) fn read(bytes: &[u8]) -> Option<Columns> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Readers differ in what an empty line, a lone carriage return and a NUL are.
    let lone_return = text.replace("\r\n", "\n").contains('\r');
    if text.is_empty() || lone_return || text.contains('\0') || has_empty_line(text) {
        return None;
    }
    let header = text.lines().next()?;
    let delimiter = [',', ';', '\t']
        .into_iter()
        .max_by_key(|mark| (header.matches(*mark).count(), *mark == ','))?;
    columns(text, delimiter)
}

fn has_empty_line(text: &str) -> bool {
    text.lines().any(str::is_empty)
}

fn columns(text: &str, delimiter: char) -> Option<Columns> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).ok()?)
        .from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
    let mut seen = std::collections::BTreeSet::new();
    let sound = |name: &String| !name.is_empty() && name.trim() == name && !name.contains('\n');
    if !names
        .iter()
        .all(|name| sound(name) && seen.insert(name.to_lowercase()))
    {
        return None;
    }
    let mut kinds = vec![Kind::default(); names.len()];
    for record in reader.records() {
        let record = record.ok()?;
        if record.iter().all(str::is_empty) || record.iter().any(|cell| cell.len() > LONGEST_CELL) {
            return None;
        }
        record
            .iter()
            .zip(&mut kinds)
            .for_each(|(cell, kind)| kind.see(cell));
    }
    let fields = names.into_iter().zip(kinds);
    Some(Columns {
        delimiter,
        fields: fields
            .map(|(name, kind)| Field {
                name,
                kind: kind.name(),
            })
            .collect(),
    })
}

/// Which types all values so far have; empty cells are missing values.
#[derive(Clone)]
struct Kind {
    integer: bool,
    number: bool,
    date: bool,
    empty: bool,
}

impl Default for Kind {
    fn default() -> Self {
        Kind {
            integer: true,
            number: true,
            date: true,
            empty: true,
        }
    }
}

impl Kind {
    fn see(&mut self, cell: &str) {
        if cell.is_empty() {
            return;
        }
        self.empty = false;
        let digits = cell.strip_prefix('-').unwrap_or(cell);
        let plain = digits.starts_with(|c: char| c.is_ascii_digit());
        self.integer &= plain && digits.bytes().all(|byte| byte.is_ascii_digit());
        self.number &= plain && cell.parse::<f64>().is_ok_and(f64::is_finite);
        self.date &= cell.len() == 10 && cell.parse::<jiff::civil::Date>().is_ok();
    }

    fn name(&self) -> &'static str {
        match self {
            Kind { empty: true, .. } => "string",
            Kind { integer: true, .. } => "integer",
            Kind { number: true, .. } => "number",
            Kind { date: true, .. } => "date",
            _ => "string",
        }
    }
}
