//! Lines over time, named at their ends.

use super::axis::{Scale, round_end, tick_texts};
use super::canvas::{Anchor, Canvas, Ink};
use super::text::clean;
use super::time;
use crate::document::{AxisUnit, Line, Reference};

/// Lines are told apart by colour and by the mark at their points.
const MARKS: usize = 4;

/// A line in pixels: runs of points without a gap.
struct Drawn {
    runs: Vec<Vec<(f64, f64)>>,
    order: usize,
    color: usize,
}

/// A name at the end of a line.
struct Name {
    lines: Vec<String>,
    order: usize,
    color: usize,
    /// Where the line ends, and where the name is centred.
    end: (f64, f64),
    y: f64,
}

/// Draws the lines from `top` on; returns the bottom.
pub fn draw(
    canvas: &mut Canvas,
    series: &[Line],
    references: &[Reference],
    axis: (&str, AxisUnit, f64),
    language: &str,
    top: f64,
) -> f64 {
    let (title, unit, max) = axis;
    let (look, small) = (canvas.label(), canvas.small());
    let height = if canvas.wide { 300.0 } else { 260.0 };
    let title = small.wrap(title, canvas.width, 3);
    let top = canvas.lines(0.0, top, Anchor::Start, &title, small) + small.line();
    let bottom = top + height;
    let values = || {
        series
            .iter()
            .flat_map(|line| &line.points)
            .filter_map(|(_, value)| value.filter(|v| v.is_finite()))
    };
    let lowest = values().fold(0.0, f64::min);
    let high = if max.is_finite() && max > 0.0 {
        max
    } else {
        round_end(values().fold(0.0, f64::max))
    };
    let vertical = Scale::new(
        if lowest < 0.0 {
            -round_end(-lowest)
        } else {
            0.0
        },
        high,
        bottom,
        top,
    );
    let ticks = vertical.ticks(4);
    let texts = tick_texts(&ticks, unit);
    let left = texts
        .iter()
        .map(|text| small.width(text))
        .fold(0.0, f64::max)
        + 10.0;
    let room = series
        .iter()
        .map(|line| look.width(&clean(&line.label)))
        .fold(0.0, f64::max)
        .min(if canvas.wide { 170.0 } else { 96.0 });
    let right = canvas.width - room - 18.0;
    for (tick, text) in ticks.iter().zip(&texts) {
        let y = vertical.at(*tick);
        canvas.line(
            (left, y),
            (right, y),
            1.0,
            if *tick == 0.0 { Ink::Rule } else { Ink::Grid },
        );
        canvas.text((left - 6.0, y), Anchor::End, text, small);
    }
    let times = || {
        series
            .iter()
            .flat_map(|line| &line.points)
            .map(|(time, _)| *time)
    };
    let (from, to) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    let horizontal = Scale::new(from as f64, to as f64, left + 6.0, right - 6.0);
    let at = |time: i64| {
        if from == to {
            (left + right) / 2.0
        } else {
            horizontal.at(time as f64)
        }
    };
    time_axis(
        canvas,
        &time::ticks(from, to, ((right - left) / 80.0) as usize, language),
        &at,
        bottom,
    );

    let drawn: Vec<Drawn> = series
        .iter()
        .enumerate()
        .map(|(order, line)| Drawn {
            runs: runs(line, &at, &vertical),
            order,
            color: line.color,
        })
        .collect();
    mark_references(canvas, references, &vertical, (left, right), &drawn);
    for line in &drawn {
        draw_line(canvas, line);
    }
    let mut names: Vec<Name> = drawn
        .iter()
        .zip(series)
        .filter_map(|(line, source)| {
            let end = *line.runs.last()?.last()?;
            Some(Name {
                lines: look.wrap(&source.label, room + 0.1, 3),
                order: line.order,
                color: line.color,
                end,
                y: end.1,
            })
        })
        .collect();
    spread(&mut names, look.line(), top, bottom);
    for name in &names {
        let x = canvas.width - room;
        canvas.line(name.end, (x - 5.0, name.y), 1.0, Ink::Rule);
        mark(canvas, name.end, name.order, name.color, 5.0);
        canvas.lines(
            x,
            name.y - look.line() * name.lines.len() as f64 / 2.0,
            Anchor::Start,
            &name.lines,
            look,
        );
    }
    bottom + small.line() + 8.0
}

fn time_axis(canvas: &mut Canvas, ticks: &[(i64, String)], at: &dyn Fn(i64) -> f64, bottom: f64) {
    let small = canvas.small();
    let mut free = 0.0;
    for (time, text) in ticks {
        let half = small.width(text) / 2.0;
        let x = at(*time);
        canvas.line((x, bottom), (x, bottom + 5.0), 1.0, Ink::Rule);
        let middle = x.max(half);
        if middle - half >= free && middle + half <= canvas.width {
            canvas.text(
                (middle, bottom + 8.0 + small.line() / 2.0),
                Anchor::Middle,
                text,
                small,
            );
            free = middle + half + 10.0;
        }
    }
}

/// The points of a line between its gaps.
fn runs(line: &Line, at: &dyn Fn(i64) -> f64, vertical: &Scale) -> Vec<Vec<(f64, f64)>> {
    line.points
        .split(|(_, value)| !value.is_some_and(f64::is_finite))
        .filter(|run| !run.is_empty())
        .map(|run| {
            run.iter()
                .map(|(time, value)| (at(*time), vertical.at(value.unwrap_or_default())))
                .collect()
        })
        .collect()
}

fn draw_line(canvas: &mut Canvas, line: &Drawn) {
    let points: usize = line.runs.iter().map(Vec::len).sum();
    for run in &line.runs {
        canvas.path(run, 2.5, Ink::Arm(line.color));
        for point in run.iter().filter(|_| points <= 40 || run.len() == 1) {
            mark(canvas, *point, line.order, line.color, 3.5);
        }
    }
}

/// Circle, square, triangle or diamond.
fn mark(canvas: &mut Canvas, (x, y): (f64, f64), order: usize, color: usize, size: f64) {
    let ink = Ink::Arm(color);
    match order % MARKS {
        0 => canvas.circle((x, y), size, ink),
        1 => canvas.rectangle((x - size, y - size), (x + size, y + size), ink),
        2 => canvas.polygon(
            &[
                (x, y - size * 1.3),
                (x + size * 1.2, y + size),
                (x - size * 1.2, y + size),
            ],
            ink,
        ),
        _ => canvas.polygon(
            &[
                (x, y - size * 1.3),
                (x + size * 1.3, y),
                (x, y + size * 1.3),
                (x - size * 1.3, y),
            ],
            ink,
        ),
    }
}

/// Level lines across the plot, each labelled above or below its line, at the end where the lines of
/// the data are farther away.
fn mark_references(
    canvas: &mut Canvas,
    references: &[Reference],
    vertical: &Scale,
    (left, right): (f64, f64),
    drawn: &[Drawn],
) {
    let look = canvas.note();
    for reference in references
        .iter()
        .filter(|reference| vertical.holds(reference.at))
    {
        let y = vertical.at(reference.at);
        canvas.dashes((left, y), (right, y), 4.0, 1.5, Ink::Rule);
        let label = look.cut(&clean(&reference.label), right - left - 8.0);
        let width = look.width(&label);
        let places = [1.0, -1.0].into_iter().flat_map(|side| {
            [left + 4.0, right - 4.0 - width].map(|x| (x, y + side * (look.line() / 2.0 + 3.0)))
        });
        let distance = |&(x, y): &(f64, f64)| {
            let near = drawn
                .iter()
                .flat_map(|line| line.runs.iter().flatten())
                .filter(|point| point.0 >= x - 8.0 && point.0 <= x + width + 8.0);
            near.map(|point| (point.1 - y).abs()).fold(60.0, f64::min)
        };
        let inside = places.filter(|(_, y)| {
            *y - look.line() / 2.0 > vertical.end && *y + look.line() / 2.0 < vertical.start
        });
        let best = inside.fold(None, |best: Option<((f64, f64), f64)>, place| {
            let room = distance(&place);
            if best.is_some_and(|(_, most)| most >= room) {
                best
            } else {
                Some((place, room))
            }
        });
        if let Some((place, _)) = best {
            canvas.patched_text(place, Anchor::Start, &label, look);
        }
    }
}

/// Moves names apart so that none covers another, from top to bottom and back from the bottom.
fn spread(names: &mut [Name], line: f64, top: f64, bottom: f64) {
    names.sort_by(|a, b| a.end.1.total_cmp(&b.end.1).then(a.order.cmp(&b.order)));
    let half = |name: &Name| line * name.lines.len() as f64 / 2.0;
    let mut free = top - line;
    for name in names.iter_mut() {
        name.y = name.y.max(free + half(name));
        free = name.y + half(name) + 4.0;
    }
    let mut free = bottom + line / 2.0;
    for name in names.iter_mut().rev() {
        name.y = name.y.min(free - half(name));
        free = name.y - half(name) - 4.0;
    }
}
