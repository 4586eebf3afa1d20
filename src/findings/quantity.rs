//! A value of the report language: a number that knows what it is and where it comes from.

use super::Rows;
use crate::evidence::Micros;
use crate::notice::Locator;
use crate::numbers::{self, End};
use crate::stats::{Estimate, Units};
use jiff::civil::Date;

/// What a quantity is, which decides how it prints.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// Between 0 and 1.
    Share(f64),
    /// Lowest and highest share.
    ShareRange(f64, f64),
    /// Lowest or highest share, or a limit of one.
    ShareEnd(f64, End),
    /// Confidence interval of a share.
    ShareInterval(f64, f64),
    /// Difference of two shares.
    Points(f64),
    PointsEnd(f64, End),
    PointsInterval(f64, f64),
    Count(u64),
    /// A rate, a coefficient: printed to three significant digits.
    Number(f64),
    NumberEnd(f64, End),
    NumberInterval(f64, f64),
    P(f64),
    Days(f64),
    Hours(f64),
    Money(Micros, String),
    Date(Date),
    /// A published word, such as the name of a source; a declared fact.
    Text(String),
}

/// A percentage of fewer than this many is printed as counts.
const FEW: u64 = 20;

/// A named value with its estimate and provenance.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Lasting path, such as `share/child/pooled`.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// `None` where the data give no value; `why` then says why.
    pub scalar: Option<Scalar>,
    /// Why there is no value, or no interval.
    pub why: Option<String>,
    pub estimate: Option<Estimate>,
    /// Rows that the value rests on.
    pub rows: Rows,
    /// How the rows were selected and counted.
    pub query: String,
    pub method: String,
    pub method_source: String,
}

impl Quantity {
    /// A quantity without estimate: counted, or read.
    pub fn plain(
        id: impl Into<String>,
        label: impl Into<String>,
        scalar: Option<Scalar>,
        query: impl Into<String>,
    ) -> Self {
        Quantity {
            id: id.into(),
            label: label.into(),
            scalar,
            why: None,
            estimate: None,
            rows: Rows::default(),
            query: query.into(),
            method: "Count".into(),
            method_source: "Counting of the listed rows; no inference.".into(),
        }
    }

    /// A quantity that an estimator gave. `scalar` says how its value prints.
    pub fn estimated(
        id: impl Into<String>,
        label: impl Into<String>,
        estimate: Estimate,
        scalar: fn(f64) -> Scalar,
        query: impl Into<String>,
    ) -> Self {
        let method = estimate.method.description();
        Quantity {
            id: id.into(),
            label: label.into(),
            scalar: estimate.value.map(scalar),
            why: estimate
                .refusal
                .map(|refusal| refusal.sentence().to_owned()),
            estimate: Some(estimate),
            rows: Rows::default(),
            query: query.into(),
            method: method.name.into(),
            method_source: method.source.into(),
        }
    }

    /// The rows behind the value.
    pub fn resting_on<'a>(mut self, rows: impl IntoIterator<Item = &'a Locator>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// The value as a reader sees it; `None` where there is none.
    pub fn text(&self) -> Option<String> {
        if let Some((k, n)) = self.few() {
            return Some(format!("{k} of {n}"));
        }
        Some(match self.scalar.as_ref()? {
            Scalar::Share(share) => numbers::percent(*share, 1),
            Scalar::ShareRange(low, high) => numbers::percent_range(*low, *high, 0),
            Scalar::ShareEnd(share, end) => numbers::percent_end(*share, *end, 1),
            Scalar::ShareInterval(low, high) => numbers::percent_range(*low, *high, 1),
            Scalar::Points(difference) => numbers::points(*difference, 1),
            Scalar::PointsEnd(difference, end) => numbers::points_end(*difference, *end, 1),
            Scalar::PointsInterval(low, high) => numbers::points_range(*low, *high, 1),
            Scalar::Count(count) => numbers::count(*count),
            Scalar::Number(number) => numbers::significant(*number),
            Scalar::NumberEnd(number, end) => numbers::significant_end(*number, *end),
            Scalar::NumberInterval(low, high) => numbers::significant_range(*low, *high),
            Scalar::P(p) => numbers::p_value(*p),
            Scalar::Days(days) => numbers::decimal(*days, usize::from(days.fract() != 0.0)),
            Scalar::Hours(hours) => numbers::decimal(*hours, 1),
            Scalar::Money(micros, currency) => numbers::money(micros.0, currency),
            Scalar::Date(date) => numbers::date_words(*date),
            Scalar::Text(text) => text.clone(),
        })
    }

    /// Part and whole of a share of fewer than [`FEW`], which prints as counts.
    fn few(&self) -> Option<(u64, u64)> {
        let estimate = self.estimate?;
        let counted = matches!(self.scalar, Some(Scalar::Share(_))) && estimate.n < FEW;
        estimate.k.filter(|_| counted).map(|k| (k, estimate.n))
    }

    /// Whether the value is a share of so few that it prints as counts.
    pub fn is_of_few(&self) -> bool {
        self.few().is_some()
    }

    /// The value as a plain number for assertions and for filters; `None` for words and pairs.
    pub fn number(&self) -> Option<f64> {
        match self.scalar.as_ref()? {
            Scalar::Share(v)
            | Scalar::Points(v)
            | Scalar::Number(v)
            | Scalar::P(v)
            | Scalar::Days(v)
            | Scalar::Hours(v) => Some(*v),
            Scalar::ShareEnd(v, _) | Scalar::PointsEnd(v, _) | Scalar::NumberEnd(v, _) => Some(*v),
            Scalar::Count(count) => Some(*count as f64),
            Scalar::Money(micros, _) => Some(micros.0 as f64 / 1e6),
            _ => None,
        }
    }

    /// Value, interval and counts at full precision, for the provenance of a number.
    pub fn full(&self) -> String {
        let mut parts = Vec::new();
        match self.scalar.as_ref() {
            Some(
                Scalar::ShareRange(a, b)
                | Scalar::ShareInterval(a, b)
                | Scalar::PointsInterval(a, b)
                | Scalar::NumberInterval(a, b),
            ) => {
                parts.push(format!("{} to {}", full_number(*a), full_number(*b)));
            }
            Some(Scalar::Text(text)) => parts.push(text.clone()),
            Some(Scalar::Date(date)) => parts.push(date.to_string()),
            Some(Scalar::Count(count)) => parts.push(count.to_string()),
            _ => parts.extend(self.number().map(full_number)),
        }
        if let Some(estimate) = &self.estimate {
            if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
                let name = match estimate.level {
                    Some(level) => format!("{} % interval", numbers::decimal(level * 100.0, 0)),
                    None => "bounds".to_owned(),
                };
                parts.push(format!(
                    "{name} {} to {}",
                    full_number(low),
                    full_number(high)
                ));
            }
            if let Some(k) = estimate.k {
                parts.push(format!("k = {k}"));
            }
            parts.push(format!("n = {} {}", estimate.n, unit_name(estimate.units)));
            if let Some(p) = estimate.p {
                parts.push(format!("p = {}", full_number(p)));
            }
        }
        if let Some(why) = &self.why {
            parts.push(why.clone());
        }
        parts.join("; ")
    }
}

/// A float in the shortest form that reads back as itself.
pub fn full_number(value: f64) -> String {
    format!("{value}")
}

/// The plural of what is counted.
pub fn unit_name(units: Units) -> &'static str {
    match units {
        Units::Impressions => "impressions",
        Units::Reach => "people reached",
        Units::Clicks => "clicks",
        Units::Results => "results",
        Units::Ads => "ads",
        Units::Events => "events",
        Units::People => "people",
        Units::Accounts => "accounts",
        Units::Items => "items",
        Units::Sessions => "sessions",
        Units::Arrangements => "arrangements",
        Units::Billionths => "billionths of a total that is not published",
        Units::CurrencyMicros => "millionths of the currency",
    }
}
