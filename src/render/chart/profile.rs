//! Side-by-side bars of the series in each category, one panel an arm.

use super::axis::{Scale, horizontal, round_end};
use super::canvas::{Anchor, Canvas, Ink};
use super::text::clean;
use crate::document::{AxisUnit, Panel};

/// Thickness of a bar, space between the bars of a category, and between categories.
const BAR: f64 = 8.0;
const BETWEEN: f64 = 2.0;
const GROUP: f64 = 9.0;
/// Space between panels.
const GUTTER: f64 = 28.0;

/// Draws the panels from `top` on; returns the bottom.
pub fn draw(
    canvas: &mut Canvas,
    panels: &[Panel],
    categories: &[String],
    series: &[String],
    axis: &str,
    top: f64,
) -> f64 {
    let greatest = panels
        .iter()
        .flat_map(|panel| panel.values.iter().flatten().flatten())
        .copied()
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max);
    let end = round_end(greatest).min(1.0);
    let columns = if canvas.wide {
        panels.len().clamp(1, 3)
    } else {
        1
    };
    let width = (canvas.width - GUTTER * (columns - 1) as f64) / columns as f64;
    let top = key(canvas, series, top) + 6.0;
    let (label, small) = (canvas.label(), canvas.small());
    let names = categories
        .iter()
        .map(|name| small.width(&clean(name)))
        .fold(0.0, f64::max)
        .min(width * 0.4);
    let group = (BAR + BETWEEN) * series.len() as f64 - BETWEEN + GROUP;
    let mut y = top;
    for row in panels.chunks(columns) {
        let titles: Vec<Vec<String>> = row
            .iter()
            .map(|panel| label.wrap(&panel.label, width - 16.0, 2))
            .collect();
        let plot = y + label.line() * titles.iter().map(Vec::len).max().unwrap_or(0) as f64 + 6.0;
        let bottom = plot + group * categories.len() as f64;
        let mut lowest = bottom;
        for (column, (panel, title)) in row.iter().zip(&titles).enumerate() {
            let left = (width + GUTTER) * column as f64;
            let middle = y + label.line() / 2.0;
            canvas.rectangle(
                (left, middle - 5.0),
                (left + 10.0, middle + 5.0),
                Ink::Arm(panel.color),
            );
            canvas.lines(left + 16.0, y, Anchor::Start, title, label);
            let scale = Scale::new(0.0, end, left + names + 8.0, left + width - 14.0);
            let under = horizontal(canvas, &scale, AxisUnit::Share, "", plot, bottom);
            lowest = lowest.max(under);
            for (index, category) in categories.iter().enumerate() {
                let from = plot + group * index as f64 + GROUP / 2.0;
                let name = small.cut(&clean(category), names + 0.1);
                canvas.text(
                    (left + names, from + (group - GROUP) / 2.0),
                    Anchor::End,
                    &name,
                    small,
                );
                let values = panel.values.get(index).map_or(&[][..], Vec::as_slice);
                for position in 0..series.len() {
                    let value = values
                        .get(position)
                        .copied()
                        .flatten()
                        .filter(|value| value.is_finite());
                    bar(
                        canvas,
                        &scale,
                        from + (BAR + BETWEEN) * position as f64,
                        position,
                        value,
                    );
                }
            }
        }
        y = lowest + 14.0;
    }
    let lines = small.wrap(axis, canvas.width, 3);
    canvas.lines(0.0, y - 12.0, Anchor::Start, &lines, small)
}

/// A bar; a dash where the data have no cell, which is not a zero.
fn bar(canvas: &mut Canvas, scale: &Scale, top: f64, series: usize, value: Option<f64>) {
    match value {
        Some(value) => swatch(
            canvas,
            (scale.start, top),
            scale.at(value).max(scale.start + 1.5),
            series,
        ),
        None => {
            let look = canvas.small();
            canvas.text(
                (scale.start + 4.0, top + BAR / 2.0),
                Anchor::Start,
                "–",
                look,
            );
        }
    }
}

/// The filling of a series: dark, light with an outline, or hatched.
fn swatch(canvas: &mut Canvas, from: (f64, f64), right: f64, series: usize) {
    let (left, top) = from;
    let bottom = top + BAR;
    canvas.rectangle(from, (right, bottom), Ink::Series(series));
    if series.is_multiple_of(3) {
        return;
    }
    if series % 3 == 2 {
        let mut x = left;
        while x < right {
            let run = BAR.min(right - x);
            canvas.line((x, bottom), (x + run, bottom - run), 1.0, Ink::Series(0));
            x += 4.0;
        }
    }
    canvas.outline(
        (left + 0.5, top + 0.5),
        ((right - 0.5).max(left + 1.0), bottom - 0.5),
        1.0,
        Ink::Series(0),
    );
}

/// The names of the series beside their filling, in one line or more.
fn key(canvas: &mut Canvas, series: &[String], top: f64) -> f64 {
    let look = canvas.note();
    let (mut x, mut y) = (0.0, top);
    for (index, name) in series.iter().enumerate() {
        let name = look.cut(&clean(name), canvas.width - 34.0);
        let width = 28.0 + look.width(&name);
        if x > 0.0 && x + width > canvas.width {
            (x, y) = (0.0, y + look.line());
        }
        let middle = y + look.line() / 2.0;
        swatch(canvas, (x, middle - BAR / 2.0), x + 22.0, index);
        canvas.text((x + 28.0, middle), Anchor::Start, &name, look);
        x += width + 20.0;
    }
    y + look.line()
}
