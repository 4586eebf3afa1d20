//! Charts as data: axes, units, the words that go with them, and a table of the same numbers.
//! How they are drawn is the business of `render`.

use super::{Inline, PartCitation, Table};
use serde::Serialize;

/// A figure: what it shows, in data and in words.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    /// Permanent anchor: `figure-...`.
    pub id: String,
    /// Position among the figures, from 1.
    pub number: usize,
    /// The finding, in words.
    pub title: String,
    /// What is measured, unit, period and n.
    pub subtitle: String,
    pub caption: Vec<Inline>,
    /// Exhibit numbers and what they are.
    pub source: String,
    /// The picture in words, for those who cannot see it.
    pub alt: String,
    pub plot: Plot,
    /// The same numbers as a table.
    pub table: Box<Table>,
    /// `None` until the picture is drawn.
    pub cited: Option<PartCitation>,
}

/// A mark on the value axis, labelled in place.
#[derive(Debug, Clone, Serialize)]
pub struct Reference {
    /// On the scale of the value axis (a share is between 0 and 1).
    pub at: f64,
    pub label: String,
}

/// The kinds of picture.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "plot", rename_all = "kebab-case")]
pub enum Plot {
    /// One row an arm, one dot an ad: position = share, area = impressions; the range as a thin
    /// bar, the interval as a thicker one, the prediction interval dashed, the mean as a
    /// tick. Axis 0 to 100 %.
    Dots {
        rows: Vec<DotRow>,
        references: Vec<Reference>,
        axis: String,
    },
    /// Shares with intervals, one row each. The axis runs from `min` to `max`.
    Intervals {
        rows: Vec<IntervalRow>,
        references: Vec<Reference>,
        axis: String,
        unit: AxisUnit,
        min: f64,
        max: f64,
    },
    /// Back-to-back or side-by-side bars: for each category (age band) one bar a series
    /// (women, men, unknown), as shares of the panel's total; small multiples by panel (arm).
    Profile {
        panels: Vec<Panel>,
        categories: Vec<String>,
        series: Vec<String>,
        axis: String,
    },
    /// Lines over time; one line a series, labelled at its end.
    Lines {
        series: Vec<Line>,
        references: Vec<Reference>,
        axis: String,
        unit: AxisUnit,
        max: f64,
    },
    /// A specification curve: one thin row a choice of analysis, in the given order; dot = value,
    /// bar = interval or range; the analysis as reported stands out, and so do choices under which
    /// the finding fails or has no value.
    Specification {
        rows: Vec<SpecificationRow>,
        axis: String,
        unit: AxisUnit,
        min: f64,
        max: f64,
    },
    /// Horizontal bars with a count at the end, one row a category, in the given order.
    Bars { rows: Vec<Bar>, axis: String },
    /// One horizontal span a row from `from` to `to` in days; `open` spans end in an arrow
    /// (still online), with an optional mark inside (reported).
    Spans { rows: Vec<Span>, axis: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AxisUnit {
    /// 0 to 1, printed as per cent.
    Share,
    /// Differences of shares, -1 to 1, printed as percentage points.
    Points,
    /// A plain number.
    Number,
}

#[derive(Debug, Clone, Serialize)]
pub struct DotRow {
    pub label: String,
    /// Arm's position among the arms, from 0: decides its colour, everywhere the same.
    pub color: usize,
    pub dots: Vec<Dot>,
    pub range: Option<(f64, f64)>,
    pub interval: Option<(f64, f64)>,
    /// Where the share of a further ad like these is expected; drawn dashed.
    pub prediction: Option<(f64, f64)>,
    pub mean: Option<f64>,
    /// "81-95 %", printed at the row's end.
    pub note: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Dot {
    pub label: String,
    pub value: f64,
    /// Area of the dot is proportional to this (impressions).
    pub weight: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct IntervalRow {
    pub label: String,
    pub color: usize,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Printed at the row's end: the value, or why there is none.
    pub note: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct SpecificationRow {
    pub label: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub verdict: Specification,
    /// Whether this is the analysis as reported.
    pub reported: bool,
}

/// What becomes of a finding under a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Specification {
    Holds,
    Fails,
    NoValue,
    NotAsserted,
}

#[derive(Debug, Clone, Serialize)]
pub struct Panel {
    pub label: String,
    pub color: usize,
    /// `values[category][series]`: share of the panel's total, `None` where the data have no cell.
    pub values: Vec<Vec<Option<f64>>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub label: String,
    pub color: usize,
    /// (seconds since 1970 in local time, value); `None` breaks the line.
    pub points: Vec<(i64, Option<f64>)>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    pub label: String,
    pub color: usize,
    pub value: f64,
    pub note: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Span {
    pub label: String,
    pub from: f64,
    pub to: f64,
    pub open: bool,
    pub mark: Option<f64>,
    pub note: String,
}
