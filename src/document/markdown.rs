//! Markdown of `report.md` and `case.toml` to blocks. Raw HTML and images are printed as text:
//! prose may format, it may not embed.

use super::pen::Pen;
use super::{Block, Inline};
use crate::cube::slug;
use crate::findings::{MARKDOWN, Prose};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// One line of text; block structure, if any, is flattened.
pub fn line(pen: &mut Pen, prose: &Prose) -> Vec<Inline> {
    let mut out = Vec::new();
    for block in blocks(pen, prose, "line") {
        let text = match block {
            Block::Paragraph { text } | Block::Heading { text, .. } | Block::Quote { text, .. } => {
                vec![text]
            }
            Block::List { items, .. } => items,
            _ => Vec::new(),
        };
        for inlines in text {
            if !out.is_empty() {
                out.push(Inline::text(" "));
            }
            out.extend(inlines);
        }
    }
    out
}

/// An inline element that is still open.
enum Open {
    Strong,
    Emphasis,
    Link(String),
    /// Printed as its text only.
    Plain,
}

/// The blocks of a text. Headings become level 3 and 4, anchored as `<prefix>-<words>`.
pub fn blocks(pen: &mut Pen, prose: &Prose, prefix: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut stack: Vec<(Open, Vec<Inline>)> = vec![(Open::Plain, Vec::new())];
    let mut lists: Vec<(bool, Vec<Vec<Inline>>)> = Vec::new();
    let mut quote: Option<Vec<Inline>> = None;
    let mut code: Option<String> = None;
    let mut used = std::collections::BTreeSet::new();
    let push = |stack: &mut Vec<(Open, Vec<Inline>)>, inlines: Vec<Inline>| {
        if let Some((_, top)) = stack.last_mut() {
            top.extend(inlines);
        }
    };
    let take = |stack: &mut Vec<(Open, Vec<Inline>)>| {
        stack
            .last_mut()
            .map(|(_, top)| std::mem::take(top))
            .unwrap_or_default()
    };
    for event in Parser::new_ext(&prose.text, MARKDOWN) {
        match event {
            Event::Text(text) => match &mut code {
                Some(block) => block.push_str(&text),
                None => {
                    let filled = pen.fill(&text, prose);
                    push(&mut stack, filled);
                }
            },
            Event::Code(text) => {
                let filled = pen
                    .fill(&text, prose)
                    .into_iter()
                    .map(|inline| match inline {
                        Inline::Text { text } => Inline::Code { text },
                        number => number,
                    });
                push(&mut stack, filled.collect());
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                let filled = pen.fill(&text, prose);
                push(&mut stack, filled);
            }
            Event::SoftBreak => push(&mut stack, vec![Inline::text(" ")]),
            Event::HardBreak => push(&mut stack, vec![Inline::LineBreak]),
            Event::Start(Tag::Strong) => stack.push((Open::Strong, Vec::new())),
            Event::Start(Tag::Emphasis) => stack.push((Open::Emphasis, Vec::new())),
            Event::Start(Tag::Link { dest_url, .. }) => {
                stack.push((Open::Link(dest_url.to_string()), Vec::new()))
            }
            Event::Start(Tag::Image { .. } | Tag::Strikethrough) => {
                stack.push((Open::Plain, Vec::new()))
            }
            Event::End(
                TagEnd::Strong
                | TagEnd::Emphasis
                | TagEnd::Link
                | TagEnd::Image
                | TagEnd::Strikethrough,
            ) => {
                if stack.len() > 1
                    && let Some((open, text)) = stack.pop()
                {
                    let inlines = match open {
                        Open::Strong => vec![Inline::Strong { text }],
                        Open::Emphasis => vec![Inline::Emphasis { text }],
                        Open::Link(to) => vec![Inline::Link { text, to }],
                        Open::Plain => text,
                    };
                    push(&mut stack, inlines);
                }
            }
            Event::Start(Tag::List(first)) => {
                // A tight item's own text comes before the list inside it.
                let pending = take(&mut stack);
                if let (Some((_, items)), false) = (lists.last_mut(), pending.is_empty()) {
                    items.push(pending);
                }
                lists.push((first.is_some(), Vec::new()));
            }
            Event::End(TagEnd::Item) => {
                let text = take(&mut stack);
                if let (Some((_, items)), false) = (lists.last_mut(), text.is_empty()) {
                    items.push(text);
                }
            }
            Event::End(TagEnd::List(_)) => {
                if let Some((ordered, items)) = lists.pop() {
                    match lists.last_mut() {
                        Some((_, outer)) => outer.extend(items),
                        None => out.push(Block::List { ordered, items }),
                    }
                }
            }
            Event::Start(Tag::BlockQuote(_)) => quote = Some(Vec::new()),
            Event::End(TagEnd::BlockQuote(_)) => {
                if let Some(text) = quote.take() {
                    out.push(Block::Quote {
                        text,
                        source: Vec::new(),
                    });
                }
            }
            Event::Start(Tag::CodeBlock(_)) => code = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => {
                if let Some(text) = code.take() {
                    out.push(Block::Code {
                        text: super::plain(&pen.fill(&text, prose)),
                        label: String::new(),
                    });
                }
            }
            Event::End(TagEnd::Heading(level)) => {
                let text = take(&mut stack);
                let base = format!("{prefix}-{}", slug(&super::plain(&text)));
                let mut id = base.clone();
                let mut number = 2;
                while !used.insert(id.clone()) {
                    id = format!("{base}-{number}");
                    number += 1;
                }
                let nested = level > pulldown_cmark::HeadingLevel::H2
                    && out
                        .iter()
                        .any(|block| matches!(block, Block::Heading { level: 3, .. }));
                out.push(Block::Heading {
                    level: if nested { 4 } else { 3 },
                    id,
                    text,
                });
            }
            Event::End(TagEnd::Paragraph) => {
                let text = take(&mut stack);
                match (&mut quote, lists.is_empty()) {
                    (Some(quoted), _) => {
                        if !quoted.is_empty() {
                            quoted.push(Inline::LineBreak);
                        }
                        quoted.extend(text);
                    }
                    (None, true) => out.push(Block::Paragraph { text }),
                    (None, false) => push(&mut stack, text),
                }
            }
            Event::End(TagEnd::HtmlBlock) => {
                let text = take(&mut stack);
                out.push(Block::Paragraph { text });
            }
            _ => {}
        }
    }
    out
}
