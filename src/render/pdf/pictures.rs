//! Draws the text of pictures that typst cannot set: its SVG reader wants one font for a whole text,
//! and leaves gaps or stops where a text needs two or joins its letters. Such texts become outlines;
//! the words are in the figure's alternative text and table. All other text stays text.

use super::fonts::FONTS;
use super::legible::{Legible, SANS};
use rustybuzz::ttf_parser::OutlineBuilder;
use rustybuzz::{Direction, Face, UnicodeBuffer};
use std::fmt::Write as _;
use unicode_bidi::BidiInfo;
use unicode_normalization::char::is_combining_mark;

/// The picture with all its text printable. Text elements hold characters, not other elements.
pub fn printable(svg: &str, legible: &mut Legible) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(start) = rest.find("<text") {
        let (before, element) = rest.split_at(start);
        out.push_str(&legible.text(before));
        let Some(end) = element.find("</text>") else {
            break;
        };
        let (element, after) = element.split_at(end);
        let (tag, text) = element.split_at(element.find('>').map_or(element.len(), |end| end + 1));
        let text = legible.text(text);
        if text
            .chars()
            .all(|c| legible.families(c) & SANS != 0 && !is_combining_mark(c) || c == '\n')
        {
            out.push_str(&format!("{tag}{text}</text>"));
        } else {
            out.push_str(&outlined(tag, decoded(&text).trim(), legible));
        }
        rest = &after["</text>".len()..];
    }
    out.push_str(&legible.text(rest));
    out
}

/// One text as a path in the place of its element.
fn outlined(tag: &str, text: &str, legible: &mut Legible) -> String {
    let attribute = |name: &str| {
        let value = &tag[tag.find(&format!(" {name}=\""))? + name.len() + 3..];
        value.split('"').next()
    };
    let number = |name: &str| attribute(name).and_then(|value| value.parse::<f64>().ok());
    let size = number("font-size").unwrap_or(16.0);
    let semibold = number("font-weight").is_some_and(|weight| weight > 500.0);
    let down = attribute("dy").map_or(0.0, |dy| {
        // A lower-case letter of the font for data is 0.486 em high.
        let (value, unit) = dy
            .strip_suffix("ex")
            .map_or((dy.trim_end_matches("em"), 1.0), |ex| (ex, 0.486));
        value.parse::<f64>().unwrap_or(0.0) * unit * size
    });
    let mut pen = Pen {
        x: 0.0,
        y: number("y").unwrap_or(0.0) + down,
        scale: 1.0,
        left: 0.0,
        path: String::new(),
    };
    let pieces = pieces(text, legible);
    // Once to measure, once to draw.
    let width = pieces.iter().fold(0.0, |width, piece| {
        width + pen.set(piece, size, semibold, legible).unwrap_or(0.0)
    });
    let shift = match attribute("text-anchor") {
        Some("middle") => width / 2.0,
        Some("end") => width,
        _ => 0.0,
    };
    pen.path.clear();
    pen.left = number("x").unwrap_or(0.0) - shift;
    for piece in &pieces {
        pen.left += pen.set(piece, size, semibold, legible).unwrap_or(0.0);
    }
    format!(
        "<path fill=\"{}\" d=\"{}\"/>",
        attribute("fill").unwrap_or("#000000"),
        pen.path.trim_end()
    )
}

/// A run of one direction and one family.
struct Piece<'a> {
    text: &'a str,
    family: u32,
    leftward: bool,
}

/// The runs of a line from left to right (Unicode Standard Annex 9).
fn pieces<'a>(text: &'a str, legible: &mut Legible) -> Vec<Piece<'a>> {
    let bidi = BidiInfo::new(text, None);
    let mut pieces = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let leftward = levels[run.start].is_rtl();
            let mut split = by_family(&text[run], leftward, legible);
            if leftward {
                split.reverse();
            }
            pieces.append(&mut split);
        }
    }
    pieces
}

fn by_family<'a>(text: &'a str, leftward: bool, legible: &mut Legible) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut start, mut current) = (0, 0);
    for (index, c) in text.char_indices() {
        let families = legible.families(c);
        // What no family has draws nothing and belongs to what it stands in.
        if families == 0 || families & current != 0 {
            continue;
        }
        if current != 0 {
            pieces.push(Piece {
                text: &text[start..index],
                family: current,
                leftward,
            });
            start = index;
        }
        current = if families & SANS != 0 {
            SANS
        } else {
            families & families.wrapping_neg()
        };
    }
    if current != 0 {
        pieces.push(Piece {
            text: &text[start..],
            family: current,
            leftward,
        });
    }
    pieces
}

/// Writes outlines as path data.
struct Pen {
    x: f64,
    y: f64,
    /// Of font units to those of the picture.
    scale: f64,
    left: f64,
    path: String,
}

impl Pen {
    /// Draws a piece from `left` on; returns its width, or nothing if its font cannot be read.
    fn set(&mut self, piece: &Piece, size: f64, semibold: bool, legible: &Legible) -> Option<f64> {
        let name = legible.name(piece.family)?;
        let family = || FONTS.iter().filter(|font| font.info().family == name);
        let heavy = family().find(|font| semibold && font.info().variant.weight.to_number() > 500);
        let font = heavy.or_else(|| family().next())?;
        let face = Face::from_slice(font.data(), 0)?;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(piece.text);
        buffer.guess_segment_properties();
        buffer.set_direction(if piece.leftward {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        let glyphs = rustybuzz::shape(&face, &[], buffer);
        self.scale = size / f64::from(face.units_per_em());
        let baseline = self.y;
        let mut advance = 0.0;
        for (glyph, position) in glyphs.glyph_infos().iter().zip(glyphs.glyph_positions()) {
            self.x = self.left + (advance + f64::from(position.x_offset)) * self.scale;
            self.y = baseline - f64::from(position.y_offset) * self.scale;
            face.outline_glyph(
                rustybuzz::ttf_parser::GlyphId(u16::try_from(glyph.glyph_id).ok()?),
                self,
            );
            advance += f64::from(position.x_advance);
        }
        self.y = baseline;
        Some(advance * self.scale)
    }

    fn write(&mut self, command: &str, points: &[(f32, f32)]) {
        self.path.push_str(command);
        for (x, y) in points {
            let (x, y) = (
                self.x + f64::from(*x) * self.scale,
                self.y - f64::from(*y) * self.scale,
            );
            let _ = write!(self.path, "{x:.2} {y:.2} ");
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.write("M", &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.write("L", &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.write("Q", &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.write("C", &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

/// The characters behind the five references that XML predefines.
fn decoded(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.into(), |text: String, (reference, character)| {
        text.replace(reference, character)
    })
}
