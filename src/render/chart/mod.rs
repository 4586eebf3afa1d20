//! Pictures: from [`Chart`] to SVG, the same bytes on every machine.

mod axis;
mod bars;
mod canvas;
mod dots;
mod lines;
mod names;
mod profile;
mod rows;
mod specification;
mod text;
mod time;

use crate::document::{Chart, Document, Plot};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use canvas::{Anchor, Canvas, Ink, PALETTE, SCALE, Type};
use text::Weight;

/// Where a picture will stand. The data drawn are the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// In the HTML report: colours are the page's variables, words around it are HTML.
    Page,
    /// In the HTML report on a phone: narrow, with larger type.
    Phone,
    /// In the PDF, at its own width: fixed colours, no title; sans text by the family `Source Sans 3`.
    Print,
    /// A file of its own: title, subtitle and source inside, on white, the font embedded.
    File,
}

impl Medium {
    fn wide(self) -> bool {
        self != Medium::Phone
    }

    /// Width of the view box in pixels.
    fn width(self) -> f64 {
        if self.wide() { 720.0 } else { 340.0 }
    }

    /// A part of the identifiers: one page holds a picture for each of its widths. Identifiers of a
    /// document hold no two underscores in a row, so that these are never taken.
    fn name(self) -> &'static str {
        match self {
            Medium::Page => "wide",
            Medium::Phone => "narrow",
            Medium::Print => "print",
            Medium::File => "file",
        }
    }
}

/// First choice of the type, then what systems have.
const FAMILY: &str = "&apos;Casefile Sans&apos;, &apos;Source Sans 3&apos;, &apos;Helvetica Neue&apos;, Arial, sans-serif";
/// Space around the drawing of a file, in pixels.
const MARGIN: f64 = 16.0;

/// Draws a chart. `document` gives the language of dates and the word for missing data.
///
/// The result is one `svg` element without fixed width and height, whose `title` and `desc` are the
/// chart's title and alternative text.
pub fn svg(chart: &Chart, document: &Document, medium: Medium) -> String {
    let mut drawn = String::new();
    let margin = if medium == Medium::File { MARGIN } else { 0.0 };
    let mut canvas = Canvas::new(&mut drawn, medium.width() - margin * 2.0, medium.wide());
    let top = if medium == Medium::File {
        title(&mut canvas, chart)
    } else {
        2.0
    };
    let mut bottom = plot(&mut canvas, chart, document, top);
    if medium == Medium::File {
        let text = format!("{}: {}", document.labels.source, chart.source);
        bottom = source(&mut canvas, &text, bottom + 12.0);
    }
    drop(canvas);
    element(chart, &drawn, medium, bottom + 2.0, margin)
}

fn title(canvas: &mut Canvas, chart: &Chart) -> f64 {
    let title = Type {
        size: 20.0,
        weight: Weight::Semibold,
        ink: Ink::Text,
    };
    let subtitle = Type {
        size: 14.0,
        weight: Weight::Regular,
        ink: Ink::Muted,
    };
    let lines = title.wrap(&chart.title, canvas.width, 4);
    let bottom = canvas.lines(0.0, 0.0, Anchor::Start, &lines, title) + 2.0;
    let lines = subtitle.wrap(&chart.subtitle, canvas.width, 4);
    canvas.lines(0.0, bottom, Anchor::Start, &lines, subtitle) + 14.0
}

fn source(canvas: &mut Canvas, text: &str, top: f64) -> f64 {
    let small = canvas.small();
    let lines = small.wrap(text, canvas.width, 4);
    canvas.lines(0.0, top, Anchor::Start, &lines, small)
}

/// Draws the plot from `top` on; returns the bottom.
fn plot(canvas: &mut Canvas, chart: &Chart, document: &Document, top: f64) -> f64 {
    if is_empty(&chart.plot) {
        return nothing(canvas, &document.labels.missing, top);
    }
    match &chart.plot {
        Plot::Dots {
            rows,
            references,
            axis,
        } => dots::draw(canvas, rows, references, axis, top),
        Plot::Intervals {
            rows,
            references,
            axis,
            unit,
            min,
            max,
        } => bars::intervals(canvas, rows, references, axis, *unit, (*min, *max), top),
        Plot::Profile {
            panels,
            categories,
            series,
            axis,
        } => profile::draw(canvas, panels, categories, series, axis, top),
        Plot::Lines {
            series,
            references,
            axis,
            unit,
            max,
        } => lines::draw(
            canvas,
            series,
            references,
            (axis, *unit, *max),
            &document.meta.language,
            top,
        ),
        Plot::Specification {
            rows,
            axis,
            unit,
            min,
            max,
        } => specification::draw(
            canvas,
            rows,
            (axis, *unit),
            (*min, *max),
            &document.labels,
            top,
        ),
        Plot::Bars { rows, axis } => bars::bars(canvas, rows, axis, top),
        Plot::Spans { rows, axis } => bars::spans(canvas, rows, axis, top),
    }
}

/// Nothing that could be drawn: no rows, or no number in any of them.
fn is_empty(plot: &Plot) -> bool {
    let some = |value: &Option<f64>| value.is_some_and(f64::is_finite);
    match plot {
        Plot::Dots { rows, .. } => !rows
            .iter()
            .any(|row| row.dots.iter().any(|dot| dot.value.is_finite())),
        Plot::Intervals { rows, .. } => !rows
            .iter()
            .any(|row| some(&row.value) || (some(&row.low) && some(&row.high))),
        Plot::Profile { panels, .. } => !panels
            .iter()
            .any(|panel| panel.values.iter().flatten().any(some)),
        Plot::Lines { series, .. } => !series
            .iter()
            .any(|line| line.points.iter().any(|(_, value)| some(value))),
        Plot::Specification { rows, .. } => !rows.iter().any(specification::has_position),
        Plot::Bars { rows, .. } => !rows.iter().any(|row| row.value.is_finite()),
        Plot::Spans { rows, .. } => !rows
            .iter()
            .any(|row| row.from.is_finite() && row.to.is_finite()),
    }
}

/// A box that says so.
fn nothing(canvas: &mut Canvas, missing: &str, top: f64) -> f64 {
    let (right, bottom) = (canvas.width - 1.0, top + 90.0);
    for (from, to) in [
        ((1.0, top), (right, top)),
        ((right, top), (right, bottom)),
        ((1.0, bottom), (right, bottom)),
        ((1.0, top), (1.0, bottom)),
    ] {
        canvas.dashes(from, to, 5.0, 1.0, Ink::Rule);
    }
    let look = Type {
        ink: Ink::Muted,
        ..canvas.label()
    };
    let lines = look.wrap(missing, canvas.width - 20.0, 2);
    canvas.lines(
        canvas.width / 2.0,
        top + 45.0 - look.line() * lines.len() as f64 / 2.0,
        Anchor::Middle,
        &lines,
        look,
    );
    bottom
}

/// Turns what the backend wrote into the element that is published: `title` and `desc` for those who
/// cannot see it, no fixed size, one font for all text, and the colours of the medium.
fn element(chart: &Chart, drawn: &str, medium: Medium, bottom: f64, margin: f64) -> String {
    let id = format!("{}__{}", escape(&chart.id), medium.name());
    let (width, height) = (
        medium.width() as u32,
        (bottom + margin * 2.0).ceil().max(1.0) as u32,
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}__title {id}__desc\" font-family=\"{FAMILY}\">\n\
         <title id=\"{id}__title\">{}</title>\n<desc id=\"{id}__desc\">{}</desc>\n",
        escape(&text::clean(&chart.title)),
        escape(&text::clean(&chart.alt)),
    );
    if medium == Medium::File {
        out.push_str(&embedded_fonts());
        out.push_str(&format!(
            "<rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n"
        ));
    }
    out.push_str(&format!(
        "<g transform=\"translate({margin} {margin}) scale({})\">\n",
        1.0 / SCALE
    ));
    let body = drawn
        .lines()
        .filter(|line| !line.starts_with("<svg") && *line != "</svg>");
    for line in body {
        if line.starts_with('<') {
            out.push_str(&published(line, medium));
        } else {
            out.push_str(line);
        }
        // Inside `text` a line break would be printed as a space.
        if !line.starts_with("<text") && line.starts_with('<') {
            out.push('\n');
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// One tag of the backend without what is the same everywhere, in the colours of the medium.
fn published(tag: &str, medium: Medium) -> String {
    let mut tag = tag
        .replace(" opacity=\"1\"", "")
        .replace(" font-family=\"sans-serif\"", "")
        .replace("font-weight=\"bold\"", "font-weight=\"600\"");
    if matches!(medium, Medium::Page | Medium::Phone) {
        for ((red, green, blue), variable) in PALETTE {
            tag = tag.replace(
                &format!("\"#{red:02X}{green:02X}{blue:02X}\""),
                &format!("\"var({variable})\""),
            );
        }
    }
    tag
}

/// The faces that the text uses, so that a file looks the same wherever it is embedded.
fn embedded_fonts() -> String {
    let face = |weight: &str, bytes: &[u8]| {
        format!(
            "@font-face{{font-family:'Casefile Sans';font-weight:{weight};src:url(data:font/woff2;base64,{})}}",
            BASE64_STANDARD.encode(bytes)
        )
    };
    format!(
        "<style>{}{}</style>\n",
        face(
            "400",
            include_bytes!("../../../templates/fonts/web/sans-regular.woff2")
        ),
        face(
            "600",
            include_bytes!("../../../templates/fonts/web/sans-semibold.woff2")
        ),
    )
}

/// Text as it stands in an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
