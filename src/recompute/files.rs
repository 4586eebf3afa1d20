//! The raw files: how their cells are read, and which column each cell becomes.

use super::text::{comment, literal};
use super::{Material, State};
use crate::case::Kind;
use crate::evidence::{Reading, Source};

/// The library whose answers are read as JSON.
pub(super) const LIBRARY: &str = "meta-ad-library";

/// Formats of platforms that label a row of totals in its first cell.
const WITH_TOTALS: [&str; 3] = [
    "meta-ads-manager",
    "google-ads-gender",
    "tiktok-ads-manager",
];

pub(super) fn labels_totals(source: &Source) -> bool {
    WITH_TOTALS.contains(&source.format)
}

/// Whether rows of the file become counts.
pub(super) fn is_counted(source: &Source) -> bool {
    matches!(
        source.kind,
        Kind::Delivery | Kind::Ads | Kind::Contacts | Kind::Accounts | Kind::Feeds
    )
}

/// Statements that read the files and turn their cells into rows, and whether those of a library follow.
pub(super) fn rows(material: &Material<'_>) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    for (number, source) in (1_u32..).zip(&material.evidence.sources) {
        let State::Raw { path } = material.state(source) else {
            continue;
        };
        if !is_counted(source) {
            continue;
        }
        let mut words = format!(
            "-- {}: {}, {}.\n",
            source.exhibit,
            comment(path),
            source.format
        );
        match &source.reading {
            Some(reading) => {
                let file = File {
                    number,
                    source,
                    reading,
                    path,
                };
                words.push_str(&file.cells());
                words.push_str(&file.insert(material));
                out.push((words, false));
            }
            None => {
                words.push_str(&format!(
                    "SET VARIABLE library_file = {};\nSET VARIABLE library_exhibit = {number};\n",
                    literal(path)
                ));
                out.push((words, true));
            }
        }
    }
    out
}

/// What recompute.py reads for DuckDB: the form, or `None` where DuckDB reads the file itself.
pub(super) fn prepared(reading: &Reading) -> Option<&'static str> {
    match reading.encoding {
        // DuckDB's own build knows these.
        "UTF-8" | "UTF-16LE" => None,
        "UTF-16BE" => Some("utf-16"),
        "Windows-1252" => Some("cp1252"),
        "workbook" => Some("workbook"),
        "archive" => Some("archive"),
        _ => None,
    }
}

/// A table among the raw files.
pub(super) struct File<'a> {
    pub number: u32,
    pub source: &'a Source,
    pub reading: &'a Reading,
    path: &'a str,
}

impl File<'_> {
    pub(super) fn columns(&self, form: impl Fn(usize) -> String) -> String {
        let names: Vec<String> = (1..=self.reading.width).map(form).collect();
        names.join(", ")
    }

    /// The cells of the file as a table, all of them text.
    fn cells(&self) -> String {
        let number = self.number;
        if prepared(self.reading).is_some() {
            let columns = self.columns(|index| format!("c{index} VARCHAR"));
            return format!(
                "CREATE TEMP TABLE IF NOT EXISTS cells_{number} (n BIGINT, {columns});\n\
                 UPDATE exhibits SET state = 'unread', why = 'in a form that DuckDB does not read alone; use recompute.py'\n\
                 WHERE exhibit = {number} AND NOT EXISTS (FROM cells_{number});\n",
            );
        }
        let encoding = if self.reading.encoding == "UTF-8" {
            "utf-8"
        } else {
            "utf-16"
        };
        let delimiter = self.reading.delimiter.unwrap_or(',').to_string();
        format!(
            "CREATE OR REPLACE TEMP TABLE cells_{number} AS\n\
             SELECT row_number() OVER () AS n, * FROM read_csv({}, auto_detect = false, header = false, delim = {}, quote = '\"', escape = '\"',\n  \
             encoding = '{encoding}', null_padding = true, parallel = false, max_line_size = 67108864,\n  columns = {{{}}});\n",
            literal(self.path),
            literal(&delimiter),
            self.columns(|index| format!("'c{index}': 'VARCHAR'")),
        )
    }

    /// The cell of a column, or `None` where the file has no such column.
    pub(super) fn cell(&self, name: &str) -> Option<String> {
        let index = self.position(name)?;
        let plain = format!("c{index}");
        // Words that a person gave a meaning in case.toml.
        let said = self.reading.words.contains_key(name)
            && !matches!(
                name,
                "gender" | "age" | "day" | "period_start" | "period_end"
            )
            && !DATES.contains(&name);
        Some(if said {
            format!("coalesce(word_{name}.meaning, {plain})")
        } else {
            plain
        })
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let own = |(_, column): &(String, Option<&str>)| *column == Some(name);
        Some(self.reading.headings.iter().position(own)? + 1)
    }

    pub(super) fn read(&self, reader: &str, name: &str) -> String {
        match (self.cell(name), self.reading.given.get(name)) {
            (Some(cell), _) => format!("{reader}({cell})"),
            (None, Some(given)) => literal(given),
            (None, None) => "NULL".into(),
        }
    }

    pub(super) fn marked(&self, reader: &str, name: &str) -> String {
        let mark = self.reading.decimals.get(name).copied().unwrap_or('.');
        self.cell(name).map_or_else(
            || "NULL".into(),
            |cell| format!("{reader}({cell}, {})", literal(&mark.to_string())),
        )
    }

    pub(super) fn date(&self, name: &str) -> String {
        let Some(index) = self.position(name) else {
            return "NULL".into();
        };
        if self.reading.words.contains_key(name) {
            format!("TRY_CAST(coalesce(word_{name}.meaning, value_of(c{index})) AS DATE)")
        } else {
            format!("TRY_CAST(value_of(c{index}) AS DATE)")
        }
    }

    pub(super) fn word(&self, name: &str, otherwise: &str) -> String {
        match self.position(name) {
            Some(index) if self.reading.words.contains_key(name) => {
                format!("coalesce(word_{name}.meaning, {otherwise}(c{index}))")
            }
            _ => "NULL".into(),
        }
    }

    pub(super) fn first_cell(&self) -> String {
        format!(
            "coalesce({}, NULL)",
            self.columns(|index| format!("clean(c{index})"))
        )
    }

    pub(super) fn filled(&self) -> String {
        let cells: Vec<String> = (1..=self.reading.width)
            .map(|index| format!("(clean(c{index}) IS NOT NULL)::INT"))
            .collect();
        cells.join(" + ")
    }

    /// The rows below the headings, as rows of the table of their kind.
    fn insert(&self, material: &Material<'_>) -> String {
        let mut out = String::new();
        for (title, column) in &self.reading.headings {
            if let Some(column) = column {
                let position = self.position(column).unwrap_or(0);
                out.push_str(&format!("-- c{position} {} = {column}\n", comment(title)));
            }
        }
        let (table, values) = self.row(material);
        let number = self.number;
        let joins: Vec<String> = self
            .reading
            .words
            .keys()
            .filter_map(|name| {
                let index = self.position(name)?;
                Some(format!(
                    "\nLEFT JOIN words word_{name} ON word_{name}.exhibit = {number} AND word_{name}.kind = '{name}' AND word_{name}.word = clean(c{index})"
                ))
            })
            .collect();
        let headings: Vec<String> = self
            .reading
            .headings
            .iter()
            .enumerate()
            .filter(|(_, (title, column))| column.is_some() && !title.is_empty())
            .map(|(index, (title, _))| format!("clean(c{}) = {}", index + 1, literal(title)))
            .collect();
        out.push_str(&format!(
            "INSERT INTO {table}\nSELECT {}\nFROM cells_{number}{}\nWHERE n > (SELECT min(n) FROM cells_{number} WHERE {});\n",
            values.join(", "),
            joins.concat(),
            headings.join(" AND "),
        ));
        out
    }
}

/// Columns of dates that are no part of a breakdown.
const DATES: [&str; 9] = [
    "start",
    "end",
    "first_seen",
    "identified",
    "reported",
    "removed",
    "last_checked",
    "date",
    "received_at_local",
];
