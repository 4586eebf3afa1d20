//! Pictures with one band a row: shares with intervals, counts as bars, spans of days.

use super::axis::{Scale, draw_marks, horizontal, marks, round_end};
use super::canvas::{Anchor, Canvas, Ink};
use super::rows::{Row, Rows};
use super::text::clean;
use crate::document::{AxisUnit, Bar, IntervalRow, Reference, Span};

/// Space at the ends of an axis for what is drawn there and reaches beyond it.
const MARGIN: f64 = 8.0;

fn scale_in(rows: &Rows, low: f64, high: f64) -> Scale {
    Scale::new(low, high, rows.left + MARGIN, rows.right - MARGIN)
}

/// Estimates as dots on their intervals. An interval that leaves the axis ends in an arrow.
pub fn intervals(
    canvas: &mut Canvas,
    rows: &[IntervalRow],
    references: &[Reference],
    axis: &str,
    unit: AxisUnit,
    (min, max): (f64, f64),
    top: f64,
) -> f64 {
    let layout: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            label: &row.label,
            note: &row.note,
            band: 20.0,
        })
        .collect();
    let scale = scale_in(&Rows::beside(canvas, &layout, top), min, max);
    let (marks, height) = marks(canvas, &scale, references);
    let layout = Rows::beside(canvas, &layout, top + height + 4.0);
    let bottom = horizontal(canvas, &scale, unit, axis, top + height, layout.bottom);
    draw_marks(canvas, &marks, top, layout.bottom);
    layout.draw(canvas);
    for (row, (from, to)) in rows.iter().zip(layout.bands()) {
        let (y, ink) = ((from + to) / 2.0, Ink::Arm(row.color));
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        if let (Some(low), Some(high)) = (finite(row.low), finite(row.high)) {
            canvas.rectangle((scale.at(low), y - 2.5), (scale.at(high), y + 2.5), ink);
            if low < scale.low {
                arrow(canvas, (scale.start - MARGIN, y), MARGIN, ink);
            }
            if high > scale.high {
                arrow(canvas, (scale.end + MARGIN, y), -MARGIN, ink);
            }
        }
        if let Some(value) = finite(row.value) {
            canvas.circle((scale.at(value), y), 7.0, Ink::Paper);
            canvas.circle((scale.at(value), y), 6.0, ink);
        }
    }
    bottom
}

/// A triangle whose point is at `tip` and whose base is `length` to the right of it.
fn arrow(canvas: &mut Canvas, tip: (f64, f64), length: f64, ink: Ink) {
    let (x, y) = tip;
    canvas.polygon(&[tip, (x + length, y - 6.0), (x + length, y + 6.0)], ink);
}

/// Bars from zero, each with its note at its end; a zero is a hairline.
pub fn bars(canvas: &mut Canvas, rows: &[Bar], axis: &str, top: f64) -> f64 {
    let layout: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            label: &row.label,
            note: "",
            band: 18.0,
        })
        .collect();
    let layout = Rows::beside(canvas, &layout, top);
    let look = canvas.note();
    let room = rows
        .iter()
        .map(|row| look.width(&clean(&row.note)))
        .fold(0.0, f64::max)
        .min((layout.right - layout.left) * 0.4);
    let greatest = rows
        .iter()
        .map(|row| row.value)
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max);
    let scale = Scale::new(
        0.0,
        round_end(greatest),
        layout.left + MARGIN,
        layout.right - room - MARGIN,
    );
    let bottom = horizontal(canvas, &scale, AxisUnit::Number, axis, top, layout.bottom);
    layout.draw(canvas);
    for (row, (from, to)) in rows.iter().zip(layout.bands()) {
        let end = if row.value.is_finite() {
            scale.at(row.value).max(scale.start + 1.5)
        } else {
            scale.start
        };
        canvas.rectangle((scale.start, from), (end, to), Ink::Arm(row.color));
        let note = look.cut(&clean(&row.note), room + 0.1);
        canvas.patched_text(
            (end + MARGIN, (from + to) / 2.0),
            Anchor::Start,
            &note,
            look,
        );
    }
    bottom
}

/// Spans of days. A closed end is a stop, an open one an arrow, the mark inside a ring.
pub fn spans(canvas: &mut Canvas, rows: &[Span], axis: &str, top: f64) -> f64 {
    let layout: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            label: &row.label,
            note: &row.note,
            band: 18.0,
        })
        .collect();
    let layout = Rows::beside(canvas, &layout, top);
    let ends = rows
        .iter()
        .flat_map(|row| [row.from, row.to])
        .filter(|day| day.is_finite());
    let (low, high) = ends.fold((0.0, 0.0), |(low, high): (f64, f64), day| {
        (low.min(day), high.max(day))
    });
    let low = if low < 0.0 { -round_end(-low) } else { 0.0 };
    let scale = scale_in(&layout, low, round_end(high));
    let bottom = horizontal(canvas, &scale, AxisUnit::Number, axis, top, layout.bottom);
    layout.draw(canvas);
    for (row, (above, below)) in rows.iter().zip(layout.bands()) {
        if !row.from.is_finite() || !row.to.is_finite() {
            continue;
        }
        let (y, from, to) = ((above + below) / 2.0, scale.at(row.from), scale.at(row.to));
        let ink = if row.open { Ink::Text } else { Ink::Rule };
        if row.open {
            canvas.rectangle((from, y - 4.0), ((to - MARGIN).max(from), y + 4.0), ink);
            canvas.polygon(
                &[
                    (to + 2.0, y),
                    (to - MARGIN, y - 9.0),
                    (to - MARGIN, y + 9.0),
                ],
                ink,
            );
        } else {
            canvas.rectangle((from, y - 4.0), (to, y + 4.0), ink);
            canvas.rectangle((to - 1.5, y - 9.0), (to + 1.5, y + 9.0), Ink::Text);
        }
        if let Some(mark) = row.mark.filter(|day| day.is_finite()) {
            canvas.circle((scale.at(mark), y), 7.0, Ink::Text);
            canvas.circle((scale.at(mark), y), 4.5, Ink::Paper);
        }
    }
    bottom
}
