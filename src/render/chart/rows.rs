//! Rows with a name, a band to draw in, and a note: the layout that four kinds of picture share.
//!
//! On a wide canvas names stand left of the band and notes right of it; on a narrow one, or where
//! the band needs the whole width, both stand above it.

use super::canvas::{Anchor, Canvas, Type};
use super::text::clean;

const GAP: f64 = 14.0;
/// Names above a band stand right of the axis line.
const INSET: f64 = 14.0;
/// Widest column of names and of notes.
const NAMES: f64 = 250.0;
const NOTES: f64 = 170.0;

/// What the layout needs to know of a row.
pub struct Row<'a> {
    pub label: &'a str,
    pub note: &'a str,
    /// Height of what is drawn.
    pub band: f64,
}

struct Placed {
    label: Vec<String>,
    note: Vec<String>,
    top: f64,
    bottom: f64,
    /// Vertical extent of the band.
    band: (f64, f64),
}

pub struct Rows {
    placed: Vec<Placed>,
    beside: bool,
    look: (Type, Type),
    /// Horizontal extent of the bands.
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rows {
    /// Names above the bands.
    pub fn above(canvas: &Canvas, rows: &[Row], top: f64) -> Self {
        let (label, note) = (canvas.label(), canvas.note());
        let mut y = top;
        let mut placed = Vec::new();
        for row in rows {
            let room = canvas.width - INSET;
            let fits = label.width(&clean(row.label)) + GAP + note.width(&clean(row.note)) <= room;
            let names = label.wrap(row.label, room, if fits { 1 } else { 2 });
            let notes = note.wrap(row.note, room, 2);
            let lines = if fits {
                names.len().max(notes.len())
            } else {
                names.len() + notes.len()
            };
            let band = y + label.line() * lines as f64 + 3.0;
            let bottom = band + row.band + GAP;
            placed.push(Placed {
                label: names,
                note: notes,
                top: y,
                bottom,
                band: (band, band + row.band),
            });
            y = bottom;
        }
        Rows {
            placed,
            beside: false,
            look: (label, note),
            left: 0.0,
            right: canvas.width,
            bottom: y,
        }
    }

    /// Names and notes beside the bands where the canvas is wide enough, else above.
    pub fn beside(canvas: &Canvas, rows: &[Row], top: f64) -> Self {
        if !canvas.wide {
            return Rows::above(canvas, rows, top);
        }
        let (label, note) = (canvas.label(), canvas.note());
        let widest = |look: Type, texts: &mut dyn Iterator<Item = &str>, most: f64| {
            texts
                .map(|text| look.width(&clean(text)))
                .fold(0.0, f64::max)
                .min(most)
        };
        let names = widest(label, &mut rows.iter().map(|row| row.label), NAMES);
        let notes = widest(note, &mut rows.iter().map(|row| row.note), NOTES);
        let mut y = top;
        let mut placed = Vec::new();
        for row in rows {
            let name = label.wrap(row.label, names + 0.1, 3);
            let text = note.wrap(row.note, notes + 0.1, 3);
            let height = (label.line() * name.len().max(text.len()) as f64).max(row.band) + 8.0;
            let middle = y + height / 2.0;
            let band = (middle - row.band / 2.0, middle + row.band / 2.0);
            placed.push(Placed {
                label: name,
                note: text,
                top: y,
                bottom: y + height,
                band,
            });
            y += height;
        }
        let right = if notes > 0.0 {
            canvas.width - notes - GAP
        } else {
            canvas.width
        };
        Rows {
            placed,
            beside: true,
            look: (label, note),
            left: names + GAP,
            right,
            bottom: y,
        }
    }

    /// Vertical extent of each band, in order.
    pub fn bands(&self) -> impl Iterator<Item = (f64, f64)> {
        self.placed.iter().map(|row| row.band)
    }

    /// Draws names and notes.
    pub fn draw(&self, canvas: &mut Canvas) {
        let (label, note) = self.look;
        for row in &self.placed {
            if self.beside {
                let name_top = (row.top + row.bottom - label.line() * row.label.len() as f64) / 2.0;
                let note_top = (row.top + row.bottom - note.line() * row.note.len() as f64) / 2.0;
                canvas.lines(0.0, name_top, Anchor::Start, &row.label, label);
                canvas.lines(self.right + GAP, note_top, Anchor::Start, &row.note, note);
                continue;
            }
            let one_line =
                row.band.0 - row.top < label.line() * (row.label.len() + row.note.len()) as f64;
            patched(canvas, INSET, row.top, Anchor::Start, &row.label, label);
            if one_line {
                patched(canvas, canvas.width, row.top, Anchor::End, &row.note, note);
            } else {
                patched(
                    canvas,
                    INSET,
                    row.top + label.line() * row.label.len() as f64,
                    Anchor::Start,
                    &row.note,
                    note,
                );
            }
        }
    }
}

/// Lines that the grid must not cross.
fn patched(canvas: &mut Canvas, x: f64, top: f64, anchor: Anchor, lines: &[String], look: Type) {
    for (row, line) in lines.iter().enumerate() {
        canvas.patched_text(
            (x, top + look.line() * (row as f64 + 0.5)),
            anchor,
            line,
            look,
        );
    }
}
