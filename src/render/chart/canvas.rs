//! Drawing in pixels on plotters' SVG backend.
//!
//! The backend takes whole numbers: everything is drawn ten times larger and scaled back, so that
//! positions are exact to a tenth of a pixel and no float is ever printed.

use super::text::{Weight, cut, wrap};
use plotters::prelude::{DrawingBackend, RGBColor, SVGBackend, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, IntoFont};

/// Drawn units in a pixel.
pub const SCALE: f64 = 10.0;
/// The backend divides the font size by this.
const BACKEND_FONT_RATIO: f64 = 1.24;
/// Line height in ems.
pub const LEADING: f64 = 1.3;

/// Colours by purpose. A page replaces them by its own variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Text,
    Muted,
    Rule,
    Grid,
    Paper,
    /// Of an arm, by its position among the arms.
    Arm(usize),
    /// Of a series inside an arm (women, men, unknown): greys, told apart by tone and hatching.
    Series(usize),
}

/// Colour, its purpose and the page's variable, in the order of [`Ink::index`]. The arms' colours
/// are those of Okabe and Ito (2008), told apart in all common kinds of colour blindness; the ones
/// with the best contrast to paper come first.
pub const PALETTE: [((u8, u8, u8), &str); 15] = [
    ((0x1B, 0x1B, 0x1B), "--chart-text"),
    ((0x59, 0x59, 0x59), "--chart-muted"),
    ((0x76, 0x76, 0x76), "--chart-rule"),
    ((0xE2, 0xE2, 0xE2), "--chart-grid"),
    ((0xFF, 0xFF, 0xFF), "--chart-paper"),
    ((0x00, 0x72, 0xB2), "--arm-0"),
    ((0xD5, 0x5E, 0x00), "--arm-1"),
    ((0x00, 0x9E, 0x73), "--arm-2"),
    ((0xCC, 0x79, 0xA7), "--arm-3"),
    ((0xE6, 0x9F, 0x00), "--arm-4"),
    ((0x56, 0xB4, 0xE9), "--arm-5"),
    ((0x4A, 0x4A, 0x4A), "--arm-6"),
    ((0x3D, 0x3D, 0x3D), "--series-0"),
    ((0xB8, 0xB8, 0xB8), "--series-1"),
    ((0xF4, 0xF4, 0xF4), "--series-2"),
];
const FIRST_ARM: usize = 5;
const ARMS: usize = 7;
const FIRST_SERIES: usize = FIRST_ARM + ARMS;
const SERIES: usize = 3;

impl Ink {
    fn index(self) -> usize {
        match self {
            Ink::Text => 0,
            Ink::Muted => 1,
            Ink::Rule => 2,
            Ink::Grid => 3,
            Ink::Paper => 4,
            Ink::Arm(arm) => FIRST_ARM + arm % ARMS,
            Ink::Series(series) => FIRST_SERIES + series % SERIES,
        }
    }

    fn rgb(self) -> RGBColor {
        let ((red, green, blue), _) = PALETTE[self.index()];
        RGBColor(red, green, blue)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    pub size: f64,
    pub weight: Weight,
    pub ink: Ink,
}

impl Type {
    pub fn line(self) -> f64 {
        self.size * LEADING
    }

    pub fn width(self, text: &str) -> f64 {
        super::text::width(text, self.size, self.weight)
    }

    pub fn cut(self, text: &str, room: f64) -> String {
        cut(text, self.size, self.weight, room)
    }

    pub fn wrap(self, text: &str, room: f64, most: usize) -> Vec<String> {
        wrap(text, self.size, self.weight, room, most)
    }
}

/// A picture being drawn.
pub struct Canvas<'a> {
    backend: SVGBackend<'a>,
    /// In pixels of the view box.
    pub width: f64,
    /// Labels may stand beside their rows; else above them.
    pub wide: bool,
}

/// To the backend's grid. Rust's `as` saturates, and maps NaN to 0.
fn unit(pixels: f64) -> i32 {
    (pixels * SCALE).round() as i32
}

fn point((x, y): (f64, f64)) -> (i32, i32) {
    (unit(x), unit(y))
}

impl<'a> Canvas<'a> {
    pub fn new(target: &'a mut String, width: f64, wide: bool) -> Self {
        Canvas {
            backend: SVGBackend::with_string(target, (1, 1)),
            width,
            wide,
        }
    }

    /// Names of rows.
    pub fn label(&self) -> Type {
        Type {
            size: if self.wide { 14.0 } else { 15.0 },
            weight: Weight::Semibold,
            ink: Ink::Text,
        }
    }

    /// Values at rows, names of references.
    pub fn note(&self) -> Type {
        Type {
            weight: Weight::Regular,
            ..self.label()
        }
    }

    /// Ticks and axis titles.
    pub fn small(&self) -> Type {
        Type {
            size: if self.wide { 13.0 } else { 14.0 },
            weight: Weight::Regular,
            ink: Ink::Muted,
        }
    }

    // The backend's own errors are those of a file; a `String` cannot fail, so that the results of
    // the calls below carry nothing.

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), thickness: f64, ink: Ink) {
        self.path(&[from, to], thickness, ink);
    }

    pub fn path(&mut self, points: &[(f64, f64)], thickness: f64, ink: Ink) {
        let style = ShapeStyle {
            color: ink.rgb().into(),
            filled: false,
            stroke_width: unit(thickness).unsigned_abs(),
        };
        let _ = self
            .backend
            .draw_path(points.iter().copied().map(point), &style);
    }

    /// A line of dashes `dash` long with gaps as long.
    pub fn dashes(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        dash: f64,
        thickness: f64,
        ink: Ink,
    ) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        let mut start = 0.0;
        while start < length {
            let end = (start + dash).min(length);
            let at = |distance: f64| {
                (
                    from.0 + dx * distance / length,
                    from.1 + dy * distance / length,
                )
            };
            self.line(at(start), at(end), thickness, ink);
            start += dash * 2.0;
        }
    }

    pub fn rectangle(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink) {
        let _ = self
            .backend
            .draw_rect(point(from), point(to), &ink.rgb(), true);
    }

    pub fn outline(&mut self, from: (f64, f64), to: (f64, f64), thickness: f64, ink: Ink) {
        self.path(
            &[from, (to.0, from.1), to, (from.0, to.1), from],
            thickness,
            ink,
        );
    }

    pub fn circle(&mut self, center: (f64, f64), radius: f64, ink: Ink) {
        let _ =
            self.backend
                .draw_circle(point(center), unit(radius).unsigned_abs(), &ink.rgb(), true);
    }

    pub fn polygon(&mut self, points: &[(f64, f64)], ink: Ink) {
        let _ = self
            .backend
            .fill_polygon(points.iter().copied().map(point), &ink.rgb());
    }

    /// One line of clean text, its x-height centred on `at`.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, text: &str, look: Type) {
        if text.is_empty() {
            return;
        }
        let weight = match look.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Semibold => FontStyle::Bold,
        };
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = (
            FontFamily::SansSerif,
            look.size * SCALE * BACKEND_FONT_RATIO,
            weight,
        )
            .into_font();
        let color = look.ink.rgb();
        let style = TextStyle::from(font)
            .color(&color)
            .pos(Pos::new(h_pos, VPos::Center));
        let _ = self.backend.draw_text(text, &style, point(at));
    }

    /// Lines below one another, the first centred half a line below `top`; returns the bottom.
    pub fn lines(&mut self, x: f64, top: f64, anchor: Anchor, lines: &[String], look: Type) -> f64 {
        for (row, line) in lines.iter().enumerate() {
            self.text(
                (x, top + look.line() * (row as f64 + 0.5)),
                anchor,
                line,
                look,
            );
        }
        top + look.line() * lines.len() as f64
    }

    /// Text on a patch of paper, so that lines behind it do not cross it.
    pub fn patched_text(&mut self, at: (f64, f64), anchor: Anchor, text: &str, look: Type) {
        let width = look.width(text);
        let left = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::End => at.0 - width,
        };
        let half = look.line() / 2.0;
        self.rectangle(
            (left - 2.0, at.1 - half),
            (left + width + 2.0, at.1 + half),
            Ink::Paper,
        );
        self.text(at, anchor, text, look);
    }
}
