//! The pen: numbers into text with their provenance, figures and tables with their numbers.

use super::section_references;
use super::{Align, Cell, Chart, Column, Inline, Plot, Provenance, SourceRef, Table};
use crate::cite::references::{Citation, Printed};
use crate::evidence::Evidence;
use crate::findings::{CITED, CLOSE, OPEN, Prose, Quantity, Scalar};
use crate::numbers;
use std::collections::BTreeMap;

/// Rows that the report prints of a longer table, where nothing else is said.
const LONGEST_TABLE: usize = 400;

/// Collects provenance and counts figures and tables while a document is written.
pub struct Pen<'a> {
    evidence: &'a Evidence,
    captions: &'a BTreeMap<String, Prose>,
    public: bool,
    printed: &'a Printed,
    anchors: BTreeMap<String, String>,
    /// Citations in the order in which they were written.
    pub cited: Vec<Citation>,
    pub provenance: Vec<Provenance>,
    known: BTreeMap<String, usize>,
    figures: usize,
    tables: usize,
    /// Ids given to figures and tables, to find captions that fit none.
    pub given: Vec<String>,
}

/// The words around a figure; see [`Chart`].
pub struct Words {
    pub title: String,
    pub subtitle: String,
    pub source: String,
    pub alt: String,
}

/// A part of a sentence.
pub enum Part<'q> {
    /// A number, in its default form.
    Value(&'q Quantity),
    /// A number in another form.
    As(&'q Quantity, String),
    Words(String),
    Strong(String),
    Link(String, String),
}

impl<'a> Pen<'a> {
    pub fn new(
        evidence: &'a Evidence,
        captions: &'a BTreeMap<String, Prose>,
        public: bool,
        printed: &'a Printed,
    ) -> Self {
        let keys = printed.works.iter().map(|work| work.key.as_str());
        Pen {
            evidence,
            captions,
            public,
            printed,
            anchors: section_references::anchors(keys),
            cited: Vec::new(),
            provenance: Vec::new(),
            known: BTreeMap::new(),
            figures: 0,
            tables: 0,
            given: Vec::new(),
        }
    }

    /// Index of the provenance of a quantity.
    pub fn trace(&mut self, quantity: &Quantity) -> usize {
        if let Some(&index) = self.known.get(&quantity.id) {
            return index;
        }
        let sources = quantity
            .rows
            .by_file()
            .filter_map(|(file, rows)| {
                let source = self.evidence.source(file)?;
                let file = (!(self.public && source.withheld)).then(|| source.file.clone());
                Some(SourceRef {
                    exhibit: source.exhibit.clone(),
                    file,
                    sha256: source.sha256,
                    rows,
                })
            })
            .collect();
        self.provenance.push(Provenance {
            id: quantity.id.clone(),
            label: quantity.label.clone(),
            value: quantity.full(),
            sources,
            query: quantity.query.clone(),
            method: quantity.method.clone(),
            method_source: quantity.method_source.clone(),
        });
        let index = self.provenance.len() - 1;
        self.known.insert(quantity.id.clone(), index);
        index
    }

    /// A number in its default form, or "not known" where the data give none.
    pub fn number(&mut self, quantity: &Quantity) -> Inline {
        match quantity.text() {
            Some(text) => self.number_as(quantity, text),
            None => Inline::text("not known"),
        }
    }

    /// A number in the given form.
    pub fn number_as(&mut self, quantity: &Quantity, text: String) -> Inline {
        let provenance = self.trace(quantity);
        Inline::Number { text, provenance }
    }

    /// A sentence with its parts put where `{}` stands.
    pub fn say(&mut self, pattern: &str, parts: &[Part]) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut parts = parts.iter();
        for (index, words) in pattern.split("{}").enumerate() {
            if index > 0
                && let Some(part) = parts.next()
            {
                out.push(match part {
                    Part::Value(quantity) => self.number(quantity),
                    Part::As(quantity, text) => self.number_as(quantity, text.clone()),
                    Part::Words(text) => Inline::text(text.clone()),
                    Part::Strong(text) => Inline::Strong {
                        text: vec![Inline::text(text.clone())],
                    },
                    Part::Link(text, to) => Inline::Link {
                        text: vec![Inline::text(text.clone())],
                        to: to.clone(),
                    },
                });
            }
            if !words.is_empty() {
                out.push(Inline::text(words));
            }
        }
        out
    }

    /// The text of rendered prose between its marks, and the numbers and citations at them.
    pub fn fill(&mut self, text: &str, prose: &Prose) -> Vec<Inline> {
        let mut out = Vec::new();
        for (index, part) in text.split(CITED).enumerate() {
            let at = part.parse().ok().filter(|_| index % 2 == 1);
            match at.and_then(|at: usize| prose.citations.get(at)) {
                Some(citation) => out.push(self.citation(citation)),
                None => out.extend(self.numbers(part, prose)),
            }
        }
        out
    }

    /// A citation as printed; as written before all citations of the report are known, since each
    /// can change what the others must say.
    fn citation(&mut self, citation: &Citation) -> Inline {
        self.cited.push(citation.clone());
        Inline::Citation {
            id: None,
            works: citation.works.iter().map(|work| work.key.clone()).collect(),
            text: match self.printed.citation(citation) {
                Some(spans) => section_references::runs(spans, &self.anchors),
                None => vec![Inline::text(citation.written())],
            },
        }
    }

    fn numbers(&mut self, text: &str, prose: &Prose) -> Vec<Inline> {
        let mut out = Vec::new();
        for (index, part) in text.split(OPEN).enumerate() {
            let rest = match (index, part.split_once(CLOSE)) {
                (0, _) | (_, None) => part,
                (_, Some((number, rest))) => {
                    if let Some(printed) = number
                        .parse()
                        .ok()
                        .and_then(|n: usize| prose.numbers.get(n))
                    {
                        // Somebody's words are quoted, not computed: the section of statements has their source.
                        let quoted = printed.quantity.id.starts_with("statement/")
                            && matches!(printed.quantity.scalar, Some(Scalar::Text(_)));
                        out.push(if quoted {
                            Inline::text(printed.text.clone())
                        } else {
                            self.number_as(&printed.quantity, printed.text.clone())
                        });
                    }
                    rest
                }
            };
            if !rest.is_empty() {
                out.push(Inline::text(rest));
            }
        }
        out
    }

    /// Finishes a table: numbers it, takes the caption of the case, cuts it where it is too long.
    pub fn table(
        &mut self,
        id: &str,
        caption: Vec<Inline>,
        columns: Vec<Column>,
        rows: Vec<Vec<Cell>>,
    ) -> Table {
        self.tables += 1;
        self.given.push(id.to_owned());
        let caption = self.caption(id).unwrap_or(caption);
        Table {
            id: id.to_owned(),
            number: self.tables,
            caption,
            columns,
            rows,
            longest: LONGEST_TABLE,
            rows_left_out: 0,
            notes: Vec::new(),
            csv: Some(format!("tables/{id}.csv")),
            cited: None,
        }
    }

    /// Finishes a figure with the table of its numbers.
    pub fn figure(&mut self, id: &str, words: Words, plot: Plot, table: Table) -> Chart {
        let Words {
            title,
            subtitle,
            source,
            alt,
        } = words;
        self.figures += 1;
        self.given.push(id.to_owned());
        let caption = self.caption(id).unwrap_or_default();
        Chart {
            id: id.to_owned(),
            number: self.figures,
            title,
            subtitle,
            caption,
            source,
            alt,
            plot,
            table: Box::new(table),
            cited: None,
        }
    }

    fn caption(&mut self, id: &str) -> Option<Vec<Inline>> {
        let prose = self.captions.get(id)?;
        Some(super::markdown::line(self, prose))
    }

    /// "Source: EX-001, EX-002" of some files.
    pub fn exhibits<S: AsRef<str>>(&self, files: impl IntoIterator<Item = S>) -> String {
        let mut exhibits: Vec<&str> = files
            .into_iter()
            .filter_map(|file| self.evidence.source(file.as_ref()))
            .map(|source| source.exhibit.as_str())
            .collect();
        exhibits.sort_unstable();
        exhibits.dedup();
        shortened(&exhibits)
    }

    /// Name of a file as this edition may print it.
    pub fn file_name(&self, file: &str) -> String {
        match self.evidence.source(file) {
            Some(source) if self.public && source.withheld => source.exhibit.clone(),
            _ => file.to_owned(),
        }
    }
}

/// "EX-001, EX-002, EX-005 and 12 more".
fn shortened(exhibits: &[&str]) -> String {
    match exhibits {
        [] => "none".into(),
        list if list.len() > 8 => format!(
            "{} to {} ({} exhibits)",
            list[0],
            list[list.len() - 1],
            list.len()
        ),
        list => list.join(", "),
    }
}

/// Cuts a table to what the report prints; the CSV is written from the whole.
pub fn cut(table: &Table) -> Table {
    Table {
        rows: table.rows.iter().take(table.longest).cloned().collect(),
        rows_left_out: table.rows.len().saturating_sub(table.longest),
        ..table.clone()
    }
}

/// What the CSV holds of a value: full precision; both ends of a range; an amount with its currency.
fn raw(quantity: &Quantity) -> Option<String> {
    match quantity.scalar.as_ref()? {
        Scalar::ShareRange(low, high)
        | Scalar::ShareInterval(low, high)
        | Scalar::PointsInterval(low, high)
        | Scalar::NumberInterval(low, high) => Some(format!("{low} to {high}")),
        Scalar::Money(..) => quantity.text(),
        _ => quantity.number().map(crate::findings::full_number),
    }
}

/// A text column.
pub fn text_column(label: &str) -> Column {
    Column {
        label: label.into(),
        unit: None,
        align: Align::Start,
    }
}

/// A column of numbers.
pub fn number_column(label: &str, unit: Option<&str>) -> Column {
    Column {
        label: label.into(),
        unit: unit.map(str::to_owned),
        align: Align::End,
    }
}

impl Cell {
    /// A cell of words.
    pub fn words(text: impl Into<String>) -> Self {
        let text = text.into();
        Cell {
            raw: Some(text.clone()),
            text,
            ..Cell::default()
        }
    }

    /// A cell that names its row.
    pub fn head(text: impl Into<String>) -> Self {
        Cell {
            header: true,
            ..Cell::words(text)
        }
    }

    /// Words, or nothing.
    pub fn maybe(text: Option<String>) -> Self {
        text.map_or_else(Cell::default, Cell::words)
    }

    /// A count, or nothing.
    pub fn count(value: Option<u64>) -> Self {
        match value {
            Some(value) => Cell {
                text: numbers::count(value),
                raw: Some(value.to_string()),
                ..Cell::default()
            },
            None => Cell::default(),
        }
    }

    /// The cell with a place in the provenance, if it holds anything.
    pub fn traced(self, provenance: Option<usize>) -> Self {
        let provenance = provenance.filter(|_| !self.text.is_empty());
        Cell { provenance, ..self }
    }

    /// A computed value without its interval.
    pub fn bare(pen: &mut Pen, quantity: Option<&Quantity>) -> Self {
        Cell {
            detail: None,
            ..Cell::value(pen, quantity)
        }
    }

    /// A computed value with its interval below it.
    pub fn value(pen: &mut Pen, quantity: Option<&Quantity>) -> Self {
        let Some(quantity) = quantity else {
            return Cell::default();
        };
        let detail = quantity
            .estimate
            .and_then(|e| Some((e.low?, e.high?)))
            .map(|(low, high)| match quantity.scalar {
                Some(Scalar::Share(_) | Scalar::ShareEnd(..)) => {
                    numbers::percent_range(low, high, 1)
                }
                Some(Scalar::Points(_)) => numbers::points_range(low, high, 1),
                _ => numbers::significant_range(low, high),
            });
        match quantity.text() {
            Some(text) => Cell {
                text,
                detail,
                raw: raw(quantity),
                provenance: Some(pen.trace(quantity)),
                header: false,
            },
            None => Cell::default(),
        }
    }
}
