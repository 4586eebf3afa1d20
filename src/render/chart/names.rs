//! Names beside the rows of a specification curve, where they cover neither a row nor each other.

use super::canvas::{Anchor, Canvas, Ink, Type};
use super::specification::Placed;

/// Between what is drawn of a row and its name.
const GAP: f64 = 9.0;
/// A name stands at most this many lines off its row.
const FARTHEST: i32 = 3;
const LINES: usize = 3;
/// Narrower than this, a name is not cut but left out.
const READABLE: f64 = 120.0;

/// Where a name might stand.
#[derive(Clone, Copy)]
struct Place {
    y: f64,
    lines: usize,
    /// `Start`: right of its row.
    anchor: Anchor,
}

/// A row that should have a name; those that need one get it even over the bars of other rows.
pub struct Wanted {
    pub row: usize,
    pub text: String,
    pub needed: bool,
}

/// A name in its place.
#[derive(Debug, Clone)]
pub struct Name {
    pub row: usize,
    lines: Vec<String>,
    look: Type,
    anchor: Anchor,
    /// Left, top, right, bottom.
    bounds: [f64; 4],
    /// From the row to the name, where the name stands off.
    leader: Option<((f64, f64), (f64, f64))>,
}

/// Finds places for the first `most` names that fit, between the given top and bottom.
pub fn set(
    canvas: &Canvas,
    wanted: &[Wanted],
    rows: &[Placed],
    between: (f64, f64),
    most: usize,
) -> Vec<Name> {
    let mut set: Vec<Name> = Vec::new();
    for wanted in wanted {
        if set.len() == most {
            break;
        }
        let look = if wanted.needed {
            canvas.label()
        } else {
            canvas.note()
        };
        let middle = rows[wanted.row].y;
        let steps = (0..=FARTHEST * 2).flat_map(|step| [step, -step]);
        let places = steps.flat_map(|step| {
            let y = middle + f64::from(step) * look.line() / 2.0;
            // A curve rises to the right: its free sides are above on the right, below on the left.
            let sides = if step > 0 {
                [Anchor::End, Anchor::Start]
            } else {
                [Anchor::Start, Anchor::End]
            };
            (1..=LINES).flat_map(move |lines| sides.map(|anchor| Place { y, lines, anchor }))
        });
        let free = |name: &Name| {
            name.bounds[1] >= between.0
                && name.bounds[3] <= between.1
                && set
                    .iter()
                    .all(|other| apart(name, other) && in_order(name, other, rows))
        };
        let find = |clear: bool| {
            places
                .clone()
                .filter_map(|place| name(canvas, wanted, look, rows, place, clear))
                .find(free)
        };
        let found = find(true).or_else(|| wanted.needed.then(|| find(false)).flatten());
        set.extend(found);
    }
    set
}

/// The name in that place, if there is room for it: beside all rows at its height, or (`clear` is
/// false) above or below its own, over the bars of others but not over their marks. A name that is
/// too long for the last line is cut, if enough of it stays.
fn name(
    canvas: &Canvas,
    wanted: &Wanted,
    look: Type,
    rows: &[Placed],
    place: Place,
    clear: bool,
) -> Option<Name> {
    let own = &rows[wanted.row];
    let half = look.line() * place.lines as f64 / 2.0;
    let near = |row: &Placed| (row.y - place.y).abs() < half + 2.0;
    if !clear && near(own) {
        return None;
    }
    let extent = if clear {
        Placed::extent
    } else {
        Placed::extent_of_marks
    };
    let (start, end) = extent(own);
    let (low, high) = rows
        .iter()
        .filter(|row| near(row))
        .map(extent)
        .fold((start, end), |(low, high), (l, h)| {
            (low.min(l), high.max(h))
        });
    let off = (place.y - own.y).abs() > 1.0;
    let gap = if off { GAP * 2.0 } else { GAP };
    let right = place.anchor == Anchor::Start;
    let room = if right { canvas.width - high } else { low } - gap;
    let lines = look.wrap(&wanted.text, room, place.lines);
    let width = lines
        .iter()
        .map(|line| look.width(line))
        .fold(0.0, f64::max);
    let cut = lines.last()?.ends_with('…');
    if width > room
        || lines.len() < place.lines
        || (cut && (place.lines < LINES || room < READABLE))
    {
        return None;
    }
    let (from, to) = if right {
        ((end + 6.0, own.y), (high + gap - 3.0, place.y))
    } else {
        ((start - 6.0, own.y), (low - gap + 3.0, place.y))
    };
    let (left, right) = if right {
        (high + gap, high + gap + width)
    } else {
        (low - gap - width, low - gap)
    };
    Some(Name {
        row: wanted.row,
        lines,
        look,
        anchor: place.anchor,
        bounds: [left, place.y - half, right, place.y + half],
        leader: (off || (to.0 - from.0).abs() > GAP).then_some((from, to)),
    })
}

/// Names on one side stand in the order of their rows, so that their leaders do not cross.
fn in_order(a: &Name, b: &Name, rows: &[Placed]) -> bool {
    let rows = rows[a.row].y < rows[b.row].y;
    a.anchor != b.anchor || rows == (a.bounds[1] < b.bounds[1])
}

fn apart(a: &Name, b: &Name) -> bool {
    let ([left, top, right, bottom], [l, t, r, b]) = (a.bounds, b.bounds);
    right + GAP <= l || r + GAP <= left || bottom <= t || b <= top
}

pub fn draw(canvas: &mut Canvas, set: &[Name]) {
    for name in set {
        if let Some((from, to)) = name.leader {
            canvas.line(from, to, 0.75, Ink::Rule);
        }
    }
    for name in set {
        let [left, top, right, _] = name.bounds;
        let x = if name.anchor == Anchor::Start {
            left
        } else {
            right
        };
        for (row, line) in name.lines.iter().enumerate() {
            let y = top + name.look.line() * (row as f64 + 0.5);
            canvas.patched_text((x, y), name.anchor, line, name.look);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 3 pixels high whose bars move to the right, as in a curve.
    fn curve(rows: usize, width: f64) -> Vec<Placed> {
        (0..rows)
            .map(|row| {
                let middle = width * (0.3 + 0.4 * row as f64 / rows as f64);
                Placed {
                    y: 10.0 + 3.0 * (row as f64 + 0.5),
                    bar: Some((middle - 30.0, middle + 30.0)),
                    marks: vec![middle],
                    off_axis: false,
                }
            })
            .collect()
    }

    fn wanted(rows: usize, text: &str) -> Vec<Wanted> {
        (0..rows)
            .map(|row| Wanted {
                row,
                text: format!("{text} {row}"),
                needed: false,
            })
            .collect()
    }

    fn covers(name: &Name, row: &Placed) -> bool {
        let ([left, top, right, bottom], (low, high)) = (name.bounds, row.extent());
        row.y > top && row.y < bottom && left < high && right > low
    }

    #[test]
    fn names_cover_neither_each_other_nor_a_row_and_stay_in_the_picture() {
        for width in [340.0, 720.0] {
            let (mut drawn, rows) = (String::new(), curve(60, width));
            let canvas = Canvas::new(&mut drawn, width, width > 400.0);
            for text in ["reach", "first export instead of the last and mean of ads"] {
                let set = set(&canvas, &wanted(60, text), &rows, (0.0, 200.0), 5);
                assert!(set.len() > 2, "{width} {text}: {}", set.len());
                for (index, name) in set.iter().enumerate() {
                    let [left, top, right, bottom] = name.bounds;
                    assert!(left >= 0.0 && right <= width && top >= 0.0 && bottom <= 200.0);
                    assert!(rows.iter().all(|row| !covers(name, row)), "{name:?}");
                    assert!(set[..index].iter().all(|other| apart(name, other)));
                }
            }
        }
    }

    #[test]
    fn a_needed_name_is_set_even_where_bars_take_the_whole_width() {
        let mut rows = curve(60, 340.0);
        for row in &mut rows {
            row.bar = Some((10.0, 322.0));
        }
        let mut drawn = String::new();
        let canvas = Canvas::new(&mut drawn, 340.0, false);
        let mut wanted = wanted(60, "as reported");
        assert!(set(&canvas, &wanted, &rows, (0.0, 200.0), 5).is_empty());
        wanted[30].needed = true;
        let set = set(&canvas, &wanted, &rows, (0.0, 200.0), 5);
        assert_eq!(set.len(), 1);
        assert!(set[0].row == 30 && !covers(&set[0], &rows[30]));
        let [left, top, right, bottom] = set[0].bounds;
        let inside = |row: &Placed| {
            row.y > top && row.y < bottom && row.marks[0] > left && row.marks[0] < right
        };
        assert!(!rows.iter().any(inside));
    }
}
