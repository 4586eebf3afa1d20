//! Printed citations: running text with emphasis and links, the same for page and PDF.

use super::check::is_web_address;
use super::text;
use hayagriva::citationberg::{Display, FontStyle, FontWeight};
use hayagriva::{BibliographyItem, ElemChild, ElemChildren, ElemMeta, Formatted, Formatting};

/// A piece of a printed citation. All texts are plain: renderers escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Emph(Vec<Piece>),
    Strong(Vec<Piece>),
    /// `to` is an `https:` or `http:` address, or `#anchor` of an entry of the list.
    Link {
        text: Vec<Piece>,
        to: String,
    },
}

/// The words without their form.
pub fn plain(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Emph(text) | Piece::Strong(text) | Piece::Link { text, .. } => plain(text),
        })
        .collect()
}

/// What surrounds an item of a citation.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub before: String,
    pub after: String,
    /// Anchor of the work in the list.
    pub to: Option<String>,
}

/// The frame of the n-th item of a citation.
pub type Around<'a> = &'a dyn Fn(usize) -> Frame;

/// What the style set, as pieces.
pub fn pieces(children: &ElemChildren, around: Around) -> Vec<Piece> {
    let mut out = Vec::new();
    add(&children.0, around, &mut out);
    join(out)
}

/// An entry of a list: its number, in styles that number, and its text.
///
/// hayagriva gives as first field whatever comes first: the number, or, where the style sets the
/// number as plain text, the authors. Those go back to where they were.
pub fn entry(item: &BibliographyItem) -> (Option<String>, Vec<Piece>) {
    let plain_frame: Around = &|_| Frame::default();
    let mut out = Vec::new();
    let mut number = None;
    if let Some(first) = &item.first_field {
        let mut field = Vec::new();
        add(std::slice::from_ref(first), plain_frame, &mut field);
        if counts(first) {
            number = Some(text::line(&plain(&field))).filter(|number| !number.is_empty());
        } else {
            out.extend(field);
        }
    }
    add(&item.content.0, plain_frame, &mut out);
    let mut out = join(out);
    stops(&mut out, &mut Last::default());
    // The space between number and text, or between authors and title, is the style's.
    if let Some(Piece::Text(first)) = out.first_mut() {
        *first = first.trim_start().to_owned();
    }
    (number, join(out))
}

/// Whether this is the number of an entry in the list.
fn counts(child: &ElemChild) -> bool {
    match child {
        ElemChild::Elem(elem) => {
            elem.meta == Some(ElemMeta::CitationNumber)
                || elem.children.find_meta(&ElemMeta::CitationNumber).is_some()
        }
        _ => false,
    }
}

/// Punctuation that meets: a title that ends in `?` or `!` ends its sentence, so the style's full
/// stop after it goes, as does a second one after a quotation mark, a comma before a bracket, and a
/// space before a semicolon or another space.
fn stops(pieces: &mut [Piece], last: &mut Last) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let mut out = String::with_capacity(text.len());
                let mut rest = text.chars().peekable();
                while let Some(c) = rest.next() {
                    let next = rest.peek().copied();
                    let ends =
                        next.is_none_or(|next| next.is_whitespace() || "”’\"'".contains(next));
                    let twice = match last.mark {
                        Some('?' | '!') => !last.quoted,
                        Some('.') => last.quoted,
                        _ => false,
                    };
                    let gap = c == ' ' && (next == Some(';') || last.mark == Some(' '));
                    if (c == '.' && ends && twice) || (c == ',' && next == Some(')')) || gap {
                        continue;
                    }
                    out.push(c);
                    if matches!(c, '”' | '’') {
                        last.quoted = true;
                    } else {
                        *last = Last {
                            mark: Some(c),
                            quoted: false,
                        };
                    }
                }
                *text = out;
            }
            Piece::Emph(inside) | Piece::Strong(inside) => stops(inside, last),
            Piece::Link { .. } => *last = Last::default(),
        }
    }
}

/// The last character that is no closing quotation mark, and whether one came after it.
#[derive(Default)]
struct Last {
    mark: Option<char>,
    quoted: bool,
}

fn add(children: &[ElemChild], around: Around, out: &mut Vec<Piece>) {
    for child in children {
        match child {
            ElemChild::Text(formatted) => out.push(piece(formatted)),
            ElemChild::Elem(elem) => {
                let frame = match elem.meta {
                    Some(ElemMeta::Entry(index)) => around(index),
                    _ => Frame::default(),
                };
                out.push(Piece::Text(text::run(&frame.before)));
                // Blocks of a style, such as a number in the margin, are set apart by a space.
                if elem.display == Some(Display::RightInline) {
                    out.push(Piece::Text(" ".into()));
                }
                let mut inside = Vec::new();
                add(&elem.children.0, around, &mut inside);
                match frame.to {
                    Some(to) if !plain(&inside).is_empty() => out.push(Piece::Link {
                        text: join(unlinked(inside)),
                        to: format!("#{to}"),
                    }),
                    _ => out.extend(inside),
                }
                out.push(Piece::Text(text::run(&frame.after)));
            }
            // TeX mathematics of a title: as text.
            ElemChild::Markup(markup) => out.push(Piece::Text(text::run(markup))),
            ElemChild::Link { text, url } => {
                let shown = piece(text);
                if is_web_address(url) {
                    out.push(Piece::Link {
                        text: vec![shown],
                        to: text::uri(url),
                    });
                } else {
                    out.push(shown);
                }
            }
            ElemChild::Transparent { .. } => {}
        }
    }
}

fn piece(formatted: &Formatted) -> Piece {
    let Formatting {
        font_style,
        font_weight,
        ..
    } = formatted.formatting;
    let mut piece = Piece::Text(text::run(&formatted.text));
    if font_style == FontStyle::Italic {
        piece = Piece::Emph(vec![piece]);
    }
    if font_weight == FontWeight::Bold {
        piece = Piece::Strong(vec![piece]);
    }
    piece
}

/// Links do not nest.
fn unlinked(pieces: Vec<Piece>) -> Vec<Piece> {
    pieces
        .into_iter()
        .flat_map(|piece| match piece {
            Piece::Link { text, .. } => unlinked(text),
            other => vec![other],
        })
        .collect()
}

/// Neighbours of one form as one piece, without the empty ones.
fn join(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (piece, out.last_mut()) {
            (Piece::Text(text), _) if text.is_empty() => {}
            (Piece::Text(text), Some(Piece::Text(last))) => last.push_str(&text),
            (Piece::Emph(more), Some(Piece::Emph(last)))
            | (Piece::Strong(more), Some(Piece::Strong(last))) => {
                last.extend(more);
                *last = join(std::mem::take(last));
            }
            (piece, _) => out.push(piece),
        }
    }
    out
}
