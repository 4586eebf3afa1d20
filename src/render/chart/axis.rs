//! The value axis: scale, round ticks, and marks that are labelled in place.

use super::canvas::{Anchor, Canvas, Ink};
use super::text::clean;
use crate::document::{AxisUnit, Reference};

/// From values to pixels along one direction.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Values at the ends; `low < high`, both finite.
    pub low: f64,
    pub high: f64,
    /// Pixels at the ends.
    pub start: f64,
    pub end: f64,
}

impl Scale {
    /// Ends that cannot carry an axis (equal, reversed, not finite) become 0 and 1.
    pub fn new(low: f64, high: f64, start: f64, end: f64) -> Self {
        let usable = low.is_finite() && high.is_finite() && low < high && (high - low).is_finite();
        let (low, high) = if usable { (low, high) } else { (0.0, 1.0) };
        Scale {
            low,
            high,
            start,
            end,
        }
    }

    /// Values outside the axis stand at its end.
    pub fn at(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }

    pub fn holds(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }

    /// Round values on the axis, about `wanted` steps apart: 1, 2, 2.5 or 5 times a power of ten.
    pub fn ticks(&self, wanted: usize) -> Vec<f64> {
        let step = round_step((self.high - self.low) / wanted.max(1) as f64);
        let first = (self.low / step - 1e-9).ceil();
        let count = ((self.high / step + 1e-9).floor() - first) as usize;
        (0..=count.min(50))
            .map(|tick| (first + tick as f64) * step)
            .collect()
    }
}

/// The next round number that is not below `rough`.
fn round_step(rough: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * (1.0 - 1e-9))
        .unwrap_or(power * 10.0)
}

/// The end of an axis from 0 that holds `greatest`: a round number, 1 where there is nothing.
pub fn round_end(greatest: f64) -> f64 {
    if !greatest.is_finite() || greatest <= 0.0 {
        return 1.0;
    }
    let step = round_step(greatest / 4.0);
    (greatest / step - 1e-9).ceil() * step
}

/// Tick texts. The unit stands at the last tick only; a true minus and plus mark differences.
pub fn tick_texts(ticks: &[f64], unit: AxisUnit) -> Vec<String> {
    let factor = if unit == AxisUnit::Number { 1.0 } else { 100.0 };
    let step = match ticks {
        [first, second, ..] => (second - first).abs() * factor,
        _ => 1.0,
    };
    let whole = |power: &f64| (step * power - (step * power).round()).abs() < 1e-6;
    let decimals = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5]
        .iter()
        .position(whole)
        .unwrap_or(6);
    let number = |value: f64| grouped(&format!("{:.decimals$}", value.abs() * factor));
    ticks
        .iter()
        .enumerate()
        .map(|(index, tick)| {
            let zero = (tick * factor).abs() < step / 1000.0;
            let sign = match (zero, *tick < 0.0, unit) {
                (false, true, _) => "−",
                (false, false, AxisUnit::Points) => "+",
                _ => "",
            };
            let last = index + 1 == ticks.len();
            let unit = if last && unit == AxisUnit::Share {
                "\u{A0}%"
            } else {
                ""
            };
            format!("{sign}{}{unit}", number(*tick))
        })
        .collect()
}

/// Thousands apart by a thin space, from 10,000 on (ISO 80000-1, 7.3.1).
fn grouped(digits: &str) -> String {
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut out = String::new();
    for (index, digit) in digits.char_indices() {
        if whole > 4 && index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

/// Grid lines from `top` to `bottom`, tick texts and the axis title below; returns the new bottom.
pub fn horizontal(
    canvas: &mut Canvas,
    scale: &Scale,
    unit: AxisUnit,
    title: &str,
    top: f64,
    bottom: f64,
) -> f64 {
    let wanted = ((scale.end - scale.start) / 50.0).clamp(2.0, 8.0) as usize;
    let ticks = match unit {
        AxisUnit::Share if scale.low == 0.0 && scale.high == 1.0 => vec![0.0, 0.25, 0.5, 0.75, 1.0],
        _ => scale.ticks(wanted),
    };
    for tick in &ticks {
        let x = scale.at(*tick);
        let ink = if *tick == 0.0 { Ink::Rule } else { Ink::Grid };
        canvas.line((x, top), (x, bottom), 1.0, ink);
    }
    let small = canvas.small();
    let y = bottom + 4.0 + small.line() / 2.0;
    for (tick, text) in ticks.iter().zip(tick_texts(&ticks, unit)) {
        let half = small.width(&text) / 2.0;
        let x = scale.at(*tick).min(canvas.width - half);
        canvas.text((x.max(half), y), Anchor::Middle, &text, small);
    }
    let lines = small.wrap(title, canvas.width - scale.start, 3);
    canvas.lines(
        scale.start,
        y + small.line() / 2.0 + 1.0,
        Anchor::Start,
        &lines,
        small,
    )
}

/// A mark on the axis and where its label goes.
pub struct Mark {
    x: f64,
    label: Vec<String>,
    anchor: Anchor,
    /// Line of labels in which it starts; 0 is the topmost.
    level: usize,
}

/// Lays the labels out in as many lines as they need; returns the marks and the height of the lines.
/// Marks off the axis are left out.
pub fn marks(canvas: &Canvas, scale: &Scale, references: &[Reference]) -> (Vec<Mark>, f64) {
    let look = canvas.note();
    let mut sorted: Vec<&Reference> = references
        .iter()
        .filter(|mark| scale.holds(mark.at))
        .collect();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at).then_with(|| a.label.cmp(&b.label)));
    let mut ends: Vec<f64> = Vec::new();
    let mut marks = Vec::new();
    for reference in sorted {
        let x = scale.at(reference.at);
        let (right, left) = (canvas.width - x - 5.0, x - 5.0);
        let anchor = if look.width(&clean(&reference.label)) <= right || right >= left {
            Anchor::Start
        } else {
            Anchor::End
        };
        let label = look.wrap(&reference.label, right.max(left), 3);
        let width = label
            .iter()
            .map(|line| look.width(line))
            .fold(0.0, f64::max)
            + 5.0;
        let (from, to) = if anchor == Anchor::End {
            (x - width, x)
        } else {
            (x, x + width)
        };
        // Never above an earlier label's line: that line would cross this label.
        let level = ends
            .iter()
            .rposition(|end| *end + 8.0 > from)
            .map_or(0, |occupied| occupied + 1);
        let lines = level..level + label.len();
        ends.resize(ends.len().max(lines.end), f64::NEG_INFINITY);
        ends[lines].fill(to);
        marks.push(Mark {
            x,
            label,
            anchor,
            level,
        });
    }
    let height = look.line() * ends.len() as f64;
    (marks, if ends.is_empty() { 0.0 } else { height + 4.0 })
}

/// Draws the lines of the marks down to `bottom`, and their labels from `top` on.
pub fn draw_marks(canvas: &mut Canvas, marks: &[Mark], top: f64, bottom: f64) {
    let look = canvas.note();
    for mark in marks {
        let from = top + look.line() * mark.level as f64 + 2.0;
        canvas.dashes((mark.x, from), (mark.x, bottom), 4.0, 1.5, Ink::Rule);
    }
    for mark in marks {
        let x = if mark.anchor == Anchor::End {
            mark.x - 5.0
        } else {
            mark.x + 5.0
        };
        for (row, line) in mark.label.iter().enumerate() {
            let y = top + look.line() * ((mark.level + row) as f64 + 0.5);
            canvas.patched_text((x, y), mark.anchor, line, look);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside_the_axis() {
        let scale = Scale::new(-0.2, 0.6, 0.0, 100.0);
        assert_eq!(
            tick_texts(&scale.ticks(4), AxisUnit::Points),
            ["−20", "0", "+20", "+40", "+60"]
        );
        let scale = Scale::new(0.0, 61.0, 0.0, 100.0);
        assert_eq!(
            tick_texts(&scale.ticks(4), AxisUnit::Number),
            ["0", "20", "40", "60"]
        );
        let scale = Scale::new(0.0, 12_500.0, 0.0, 100.0);
        assert_eq!(
            tick_texts(&scale.ticks(2), AxisUnit::Number),
            ["0", "10\u{202F}000"]
        );
    }

    #[test]
    fn an_axis_without_extent_still_stands() {
        for (low, high) in [
            (0.0, 0.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
            (f64::MIN, f64::MAX),
        ] {
            assert_eq!(Scale::new(low, high, 0.0, 100.0).at(0.5), 50.0);
        }
        assert_eq!(round_end(0.0), 1.0);
        assert_eq!(round_end(61.0), 80.0);
    }
}
