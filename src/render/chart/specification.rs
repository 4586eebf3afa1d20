//! A specification curve: one thin row a choice of analysis, the analysis as reported set apart.
//!
//! The verdict is told by the shape of the mark (filled dot, ring, cross), not by colour, so that
//! the picture can be read in grey.

use super::axis::{Scale, horizontal};
use super::canvas::{Anchor, Canvas, Ink};
use super::names::{self, Wanted};
use super::text::clean;
use crate::document::{AxisUnit, Labels, Specification, SpecificationRow};

/// Rows are at most this high, unless there are so few that their names need more.
const ROW: f64 = 8.0;
const ROW_OF_FEW: f64 = 18.0;
/// All rows together: at most, and at least where the height of a row allows it.
const HIGHEST: f64 = 520.0;
const LOWEST: f64 = 110.0;
/// Above the first and below the last row.
const PADDING: f64 = 10.0;
/// Right of the axis, for the last tick's text.
const END: f64 = 18.0;
/// Left of the axis, for the mark of a row at its start, and for those of rows without a position.
const CLEAR: f64 = 10.0;
const OUTSIDE: f64 = 22.0;
/// Half the extent of the mark of the analysis as reported.
const REPORTED: f64 = 5.0;
/// In the order in which they are drawn and explained.
const VERDICTS: [Specification; 4] = [
    Specification::NotAsserted,
    Specification::Holds,
    Specification::Fails,
    Specification::NoValue,
];
/// Failing rows that are named in the picture.
const NAMED: usize = 5;
/// Rows for whose names a place is looked for.
const TRIED: usize = 20;

/// A row with its place in the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub y: f64,
    /// The interval or range.
    pub bar: Option<(f64, f64)>,
    /// Where the verdict's mark stands: at the value, else at both ends of the range, else outside
    /// of the axis.
    pub marks: Vec<f64>,
    pub off_axis: bool,
}

impl Placed {
    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.marks.iter().map(|x| (*x, self.y))
    }

    pub fn extent_of_marks(&self) -> (f64, f64) {
        extent(self.marks.iter().copied())
    }

    /// Of marks and bar.
    pub fn extent(&self) -> (f64, f64) {
        let ends = self.bar.iter().flat_map(|(low, high)| [*low, *high]);
        extent(ends.chain(self.marks.iter().copied()))
    }
}

fn extent(xs: impl Iterator<Item = f64>) -> (f64, f64) {
    xs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    })
}

/// Draws the rows from `top` on; returns the bottom.
pub fn draw(
    canvas: &mut Canvas,
    rows: &[SpecificationRow],
    (axis, unit): (&str, AxisUnit),
    (min, max): (f64, f64),
    words: &Labels,
    top: f64,
) -> f64 {
    let height = row_height(rows.len());
    let start = if rows.iter().all(has_position) {
        CLEAR
    } else {
        OUTSIDE
    };
    let scale = Scale::new(min, max, start, canvas.width - END);
    let placed = place(rows, &scale, top + PADDING, height);
    let end = top + PADDING * 2.0 + height * rows.len() as f64;
    let bottom = horizontal(canvas, &scale, unit, axis, top, end);
    let both = || rows.iter().zip(&placed);
    let reported = || both().filter(|(row, _)| row.reported);
    for (_, place) in reported().filter(|(_, place)| !place.off_axis) {
        for x in &place.marks {
            canvas.dashes((*x, top), (*x, end), 2.0, 1.0, Ink::Text);
        }
    }
    for (_, place) in both() {
        bar(
            canvas,
            place,
            (height * 0.15).clamp(0.3, 0.8),
            Ink::Series(1),
        );
    }
    for verdict in VERDICTS {
        let these = both().filter(|(row, _)| row.verdict == verdict && !row.reported);
        let points: Vec<_> = these.flat_map(|(_, place)| place.points()).collect();
        marks(canvas, &points, verdict, mark_size(height), Ink::Muted);
    }
    // On top of all others.
    for (row, place) in reported() {
        bar(canvas, place, 1.25, Ink::Text);
        let points: Vec<_> = place.points().collect();
        for point in &points {
            canvas.circle(*point, REPORTED + 1.2, Ink::Paper);
        }
        marks(canvas, &points, row.verdict, REPORTED, Ink::Text);
    }
    let named = name(canvas, rows, &placed, (top, end));
    key(canvas, rows, named, words, bottom + 5.0)
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

fn range(row: &SpecificationRow) -> Option<(f64, f64)> {
    finite(row.low).zip(finite(row.high))
}

/// Whether the row has a number that can be drawn.
pub fn has_position(row: &SpecificationRow) -> bool {
    finite(row.value).is_some() || range(row).is_some()
}

fn row_height(rows: usize) -> f64 {
    let rows = rows.max(1) as f64;
    (LOWEST / rows).clamp(ROW, ROW_OF_FEW).min(HIGHEST / rows)
}

/// Half the extent of a mark.
fn mark_size(height: f64) -> f64 {
    (height * 0.42).clamp(2.0, 3.2)
}

/// The rows below one another, in the given order, the first from `top` on.
fn place(rows: &[SpecificationRow], scale: &Scale, top: f64, height: f64) -> Vec<Placed> {
    rows.iter()
        .enumerate()
        .map(|(index, row)| {
            let bar = range(row).map(|(low, high)| (scale.at(low), scale.at(high)));
            let marks = match (finite(row.value), bar) {
                (Some(value), _) => vec![scale.at(value)],
                (None, Some((low, high))) => vec![low, high],
                (None, None) => vec![OUTSIDE / 3.0],
            };
            Placed {
                y: top + height * (index as f64 + 0.5),
                bar,
                marks,
                off_axis: !has_position(row),
            }
        })
        .collect()
}

fn bar(canvas: &mut Canvas, place: &Placed, half: f64, ink: Ink) {
    if let Some((low, high)) = place.bar {
        canvas.rectangle((low, place.y - half), (high, place.y + half), ink);
    }
}

/// Holds: filled dots, in `ink`; fails: rings; no value: crosses. Where nothing was asserted, dots.
///
/// Marks that touch run together: dots to a solid band, rings to a hollow one.
fn marks(canvas: &mut Canvas, points: &[(f64, f64)], verdict: Specification, size: f64, ink: Ink) {
    let mut circles = |radius: f64, ink: Ink| {
        for point in points {
            canvas.circle(*point, radius, ink);
        }
    };
    match verdict {
        Specification::Holds | Specification::NotAsserted => circles(size, ink),
        Specification::Fails => {
            circles(size + 0.5, Ink::Text);
            circles(size * 0.6, Ink::Paper);
        }
        Specification::NoValue => {
            for (x, y) in points {
                for half in [size, -size] {
                    let (from, to) = ((x - size, y - half), (x + size, y + half));
                    canvas.line(from, to, size * 0.45, Ink::Text);
                }
            }
        }
    }
}

/// Names the analysis as reported and failing rows, the shortest names first: these depart from it
/// in the fewest steps. Returns how many failing rows have a name.
fn name(
    canvas: &mut Canvas,
    rows: &[SpecificationRow],
    placed: &[Placed],
    between: (f64, f64),
) -> usize {
    let fails = |row: &SpecificationRow| row.verdict == Specification::Fails;
    let mut wanted: Vec<Wanted> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.reported || fails(row))
        .map(|(index, row)| Wanted {
            row: index,
            text: clean(&row.label),
            needed: row.reported,
        })
        .collect();
    wanted.sort_by(|a, b| {
        let key = |wanted: &Wanted| (!wanted.needed, wanted.text.chars().count(), wanted.row);
        key(a).cmp(&key(b))
    });
    wanted.truncate(TRIED);
    let most = NAMED + wanted.iter().filter(|wanted| wanted.needed).count();
    let set = names::set(canvas, &wanted, placed, between, most);
    names::draw(canvas, &set);
    set.iter().filter(|name| fails(&rows[name.row])).count()
}

/// Which mark stands for which verdict, and how often; only verdicts that occur.
fn key(
    canvas: &mut Canvas,
    rows: &[SpecificationRow],
    named: usize,
    words: &Labels,
    top: f64,
) -> f64 {
    let small = canvas.small();
    let (mut x, mut y) = (0.0, top);
    for verdict in VERDICTS {
        let word = match verdict {
            Specification::Holds => &words.holds,
            Specification::Fails => &words.fails,
            Specification::NoValue => &words.no_value,
            Specification::NotAsserted => continue,
        };
        let counted = |row: &&SpecificationRow| row.verdict == verdict && !row.reported;
        let count = rows.iter().filter(counted).count();
        if count == 0 {
            continue;
        }
        let left = count - named.min(count);
        let text = if verdict == Specification::Fails && named > 0 && left > 0 {
            format!("{word} ({count}; {left} {})", words.not_named)
        } else {
            format!("{word} ({count})")
        };
        let text = small.cut(&clean(&text), canvas.width - 14.0);
        let width = 14.0 + small.width(&text);
        if x > 0.0 && x + width > canvas.width {
            (x, y) = (0.0, y + small.line());
        }
        let middle = y + small.line() / 2.0;
        marks(canvas, &[(x + 5.0, middle)], verdict, 3.2, Ink::Muted);
        canvas.text((x + 14.0, middle), Anchor::Start, &text, small);
        x += width + 20.0;
    }
    if x > 0.0 { y + small.line() } else { top }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Option<f64>, range: Option<(f64, f64)>) -> SpecificationRow {
        SpecificationRow {
            label: "reach instead of impressions".into(),
            value,
            low: range.map(|(low, _)| low),
            high: range.map(|(_, high)| high),
            verdict: Specification::Holds,
            reported: false,
        }
    }

    #[test]
    fn every_row_is_inside_the_picture_and_in_the_given_order() {
        let scale = Scale::new(0.0, 1.0, CLEAR, 322.0);
        for count in [1, 20, 60, 450, 5_000] {
            let rows: Vec<SpecificationRow> = (0..count)
                .map(|index| match index % 4 {
                    0 => row(Some(index as f64 - 10.0), None),
                    1 => row(Some(0.5), Some((f64::MIN, f64::MAX))),
                    2 => row(Some(f64::NAN), Some((0.2, f64::INFINITY))),
                    _ => row(None, Some((0.1, 0.9))),
                })
                .collect();
            let height = row_height(count);
            let placed = place(&rows, &scale, 0.0, height);
            assert!(placed.windows(2).all(|pair| pair[0].y < pair[1].y));
            for place in &placed {
                let (low, high) = place.extent();
                assert!(low >= 0.0 && high <= 322.0 && low <= high, "{place:?}");
                assert!(place.y > 0.0 && place.y < height * count as f64);
            }
            assert!(height * count as f64 <= HIGHEST + 1e-9);
        }
    }

    #[test]
    fn rows_are_thinner_only_where_there_are_many() {
        assert_eq!(row_height(3), ROW_OF_FEW);
        assert_eq!(row_height(20), ROW);
        assert_eq!(row_height(450), HIGHEST / 450.0);
    }

    #[test]
    fn the_mark_stands_at_the_value_or_at_both_ends_of_a_range_or_off_the_axis() {
        let scale = Scale::new(0.0, 1.0, 100.0, 200.0);
        let rows = [
            row(Some(0.5), Some((0.25, 0.75))),
            row(None, Some((0.25, 0.75))),
            row(None, None),
            row(Some(f64::NAN), None),
        ];
        let placed = place(&rows, &scale, 0.0, 8.0);
        assert_eq!(placed[0].marks, [150.0]);
        assert_eq!(placed[1].marks, [125.0, 175.0]);
        for place in &placed[2..] {
            assert!(place.off_axis && place.bar.is_none());
            assert!(place.marks.iter().all(|x| x + REPORTED < OUTSIDE));
        }
    }
}
