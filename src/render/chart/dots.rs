//! Every ad as a dot: a beeswarm an arm, with range, interval and pooled share below it.

use super::axis::{Scale, draw_marks, horizontal, marks};
use super::canvas::{Canvas, Ink};
use super::rows::{Row, Rows};
use crate::document::{AxisUnit, Dot, DotRow, Reference};

/// Radius of the heaviest dot, in pixels: the largest of these at which no swarm is too high.
const RADII: [f64; 5] = [LARGEST, 7.0, 5.5, 4.0, 3.0];
const LARGEST: f64 = 9.0;
/// A dot is never smaller than this, so that an ad with few impressions is seen.
const VISIBLE: f64 = 1.5;
/// A swarm is at most this high.
const HIGHEST: f64 = 170.0;
/// Height of the strip below a swarm that holds range, interval and pooled share, and of what a
/// prediction interval adds to it.
const STRIP: f64 = 22.0;
const PREDICTION: f64 = 9.0;

/// A dot with its centre relative to the middle of the swarm.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Placed {
    x: f64,
    y: f64,
    radius: f64,
}

/// The dots of one arm.
struct Swarm {
    dots: Vec<Placed>,
    /// Half the height that they take.
    half: f64,
}

impl Swarm {
    fn of(dots: Vec<Placed>) -> Self {
        let half = dots
            .iter()
            .map(|dot| dot.y.abs() + dot.radius)
            .fold(0.0, f64::max);
        Swarm { dots, half }
    }

    /// Moves in what stands out of the greatest height: there, dots overlap.
    fn pressed(self) -> Self {
        let inside = |dot: Placed| Placed {
            y: dot
                .y
                .clamp(dot.radius - HIGHEST / 2.0, HIGHEST / 2.0 - dot.radius),
            ..dot
        };
        Swarm::of(self.dots.into_iter().map(inside).collect())
    }
}

/// Draws the rows from `top` on; returns the bottom.
pub fn draw(
    canvas: &mut Canvas,
    rows: &[DotRow],
    references: &[Reference],
    axis: &str,
    top: f64,
) -> f64 {
    let scale = Scale::new(0.0, 1.0, LARGEST + 1.0, canvas.width - LARGEST - 1.0);
    let half = Reference {
        at: 0.5,
        label: "50\u{A0}%".into(),
    };
    let (marks, height) = marks(canvas, &scale, &[references, &[half]].concat());
    let swarms = swarms(rows, &scale);
    let layout: Vec<Row> = rows
        .iter()
        .zip(&swarms)
        .map(|(row, swarm)| Row {
            label: &row.label,
            note: &row.note,
            band: swarm.half * 2.0 + strip_height(row),
        })
        .collect();
    let layout = Rows::above(canvas, &layout, top + height + 4.0);
    let bottom = horizontal(
        canvas,
        &scale,
        AxisUnit::Share,
        axis,
        top + height,
        layout.bottom,
    );
    draw_marks(canvas, &marks, top, layout.bottom);
    layout.draw(canvas);
    for ((row, swarm), (band, _)) in rows.iter().zip(&swarms).zip(layout.bands()) {
        let middle = band + swarm.half;
        for dot in &swarm.dots {
            canvas.circle((dot.x, middle + dot.y), dot.radius + 0.7, Ink::Paper);
            canvas.circle((dot.x, middle + dot.y), dot.radius, Ink::Arm(row.color));
        }
        strip(canvas, row, &scale, band + swarm.half * 2.0 + STRIP / 2.0);
    }
    bottom
}

fn finite(pair: Option<(f64, f64)>) -> Option<(f64, f64)> {
    pair.filter(|(low, high)| low.is_finite() && high.is_finite())
}

fn strip_height(row: &DotRow) -> f64 {
    STRIP + finite(row.prediction).map_or(0.0, |_| PREDICTION)
}

/// Range as a thin bar, interval as a thick one, mean as a tick; the prediction interval
/// dashed on a line of its own below them.
fn strip(canvas: &mut Canvas, row: &DotRow, scale: &Scale, y: f64) {
    if let Some((low, high)) = finite(row.range) {
        let (low, high) = (scale.at(low), scale.at(high));
        canvas.rectangle((low, y - 1.0), (high, y + 1.0), Ink::Arm(row.color));
        for end in [low, high] {
            canvas.rectangle(
                (end - 0.75, y - 4.0),
                (end + 0.75, y + 4.0),
                Ink::Arm(row.color),
            );
        }
    }
    if let Some((low, high)) = finite(row.interval) {
        canvas.rectangle(
            (scale.at(low), y - 4.0),
            (scale.at(high), y + 4.0),
            Ink::Arm(row.color),
        );
    }
    if let Some((low, high)) = finite(row.prediction) {
        let (low, high, y) = (
            scale.at(low),
            scale.at(high),
            y + STRIP / 2.0 + PREDICTION / 2.0 - 1.0,
        );
        canvas.dashes((low, y), (high, y), 4.0, 1.5, Ink::Arm(row.color));
        for end in [low, high] {
            canvas.line((end, y - 3.5), (end, y + 3.5), 1.5, Ink::Arm(row.color));
        }
    }
    if let Some(mean) = row.mean.filter(|share| share.is_finite()) {
        let x = scale.at(mean);
        canvas.rectangle((x - 2.25, y - 9.0), (x + 2.25, y + 9.0), Ink::Paper);
        canvas.rectangle((x - 1.25, y - 8.0), (x + 1.25, y + 8.0), Ink::Text);
    }
}

/// All swarms, with one radius for a weight throughout: the largest at which each is low enough.
fn swarms(rows: &[DotRow], scale: &Scale) -> Vec<Swarm> {
    let heaviest = rows
        .iter()
        .flat_map(|row| &row.dots)
        .map(|dot| dot.weight)
        .filter(|w| w.is_finite())
        .fold(0.0, f64::max);
    let mut swarms: Vec<Swarm> = Vec::new();
    for largest in RADII {
        swarms = rows
            .iter()
            .map(|row| swarm(&row.dots, scale, largest, heaviest))
            .collect();
        if swarms.iter().all(|swarm| swarm.half * 2.0 <= HIGHEST) {
            break;
        }
    }
    swarms.into_iter().map(Swarm::pressed).collect()
}

/// Moves each dot off the line just as far as it takes not to touch those before it. Heavy dots go
/// first, so that they keep to the middle.
fn swarm(dots: &[Dot], scale: &Scale, largest: f64, heaviest: f64) -> Swarm {
    let radius = |weight: f64| {
        let share = if heaviest > 0.0 && weight.is_finite() {
            (weight / heaviest).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (largest * share.sqrt()).max(VISIBLE)
    };
    let mut sorted: Vec<&Dot> = dots.iter().filter(|dot| dot.value.is_finite()).collect();
    sorted.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then(a.value.total_cmp(&b.value))
            .then_with(|| a.label.cmp(&b.label))
    });
    let mut placed: Vec<Placed> = Vec::new();
    for dot in sorted {
        let next = Placed {
            x: scale.at(dot.value),
            y: 0.0,
            radius: radius(dot.weight),
        };
        placed.push(Placed {
            y: free_height(&next, &placed),
            ..next
        });
    }
    Swarm::of(placed)
}

/// The height nearest to the middle at which a dot touches no other; below before above.
fn free_height(dot: &Placed, placed: &[Placed]) -> f64 {
    const GAP: f64 = 0.8;
    let near: Vec<(f64, f64)> = placed
        .iter()
        .filter_map(|other| {
            let (dx, reach) = (other.x - dot.x, other.radius + dot.radius + GAP);
            (dx.abs() < reach).then(|| (other.y, (reach * reach - dx * dx).sqrt()))
        })
        .collect();
    let free = |y: f64| {
        near.iter()
            .all(|(other, height)| (y - other).abs() >= height - 1e-6)
    };
    let mut heights: Vec<f64> = near
        .iter()
        .flat_map(|(other, height)| [other - height, other + height])
        .collect();
    heights.push(0.0);
    heights.sort_by(|a, b| a.abs().total_cmp(&b.abs()).then(b.total_cmp(a)));
    heights.into_iter().find(|y| free(*y)).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dots(count: usize) -> Vec<Dot> {
        (0..count)
            .map(|ad| Dot {
                label: format!("{ad}"),
                value: (ad * 37 % 100) as f64 / 400.0 + 0.6,
                weight: (ad % 9 + 1) as f64,
            })
            .collect()
    }

    #[test]
    fn no_dot_hides_another() {
        let placed = swarm(&dots(120), &Scale::new(0.0, 1.0, 0.0, 700.0), 6.0, 9.0).dots;
        for (index, a) in placed.iter().enumerate() {
            for b in &placed[..index] {
                let distance = libm::hypot(a.x - b.x, a.y - b.y);
                assert!(distance >= a.radius + b.radius, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_area_is_proportional_to_the_weight() {
        let placed = swarm(&dots(9), &Scale::new(0.0, 1.0, 0.0, 700.0), 9.0, 9.0).dots;
        assert_eq!(placed[0].radius, 9.0);
        assert!((placed[5].radius * placed[5].radius * 9.0 / 81.0 - 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_prediction_interval_has_a_line_of_its_own() {
        let drawn = |prediction| {
            let row = DotRow {
                label: "item alone".into(),
                color: 1,
                dots: dots(9),
                range: Some((0.6, 0.8)),
                interval: Some((0.65, 0.7)),
                prediction,
                mean: Some(0.68),
                note: String::new(),
            };
            let mut drawn = String::new();
            let mut canvas = Canvas::new(&mut drawn, 340.0, false);
            let bottom = draw(&mut canvas, &[row], &[], "share", 0.0);
            drop(canvas);
            let ink = "stroke=\"#D55E00\"";
            (
                bottom,
                drawn.lines().filter(|line| line.contains(ink)).count(),
            )
        };
        let (without, none) = drawn(None);
        assert_eq!((without, none), drawn(Some((f64::NAN, 1.0))));
        let (with, dashes) = drawn(Some((0.5, 0.9)));
        assert!((with - without - PREDICTION).abs() < 1e-9);
        assert!(none == 0 && dashes > 10, "{none} {dashes}");
    }

    #[test]
    fn the_order_of_the_ads_does_not_matter() {
        let scale = Scale::new(0.0, 1.0, 0.0, 300.0);
        let reversed: Vec<Dot> = dots(50).into_iter().rev().collect();
        assert_eq!(
            swarm(&dots(50), &scale, 5.0, 9.0).dots,
            swarm(&reversed, &scale, 5.0, 9.0).dots
        );
    }
}
