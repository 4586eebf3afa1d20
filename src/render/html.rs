//! The report as one HTML page: no script, no request to anywhere, every number with its provenance.
//!
//! Templates receive `Page` and turn it into words; what they cannot do without arithmetic (which
//! numbers a block holds, which identifiers are free) is done here.

use super::chart::{Medium, escape, svg};
use crate::document::{
    Block, Chart, Document, DocumentMeta, Inline, Labels, Provenance, Section, Table, plain,
};
use crate::error::{Problem, Problems, Result};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use std::collections::BTreeSet;

/// What the problems are about.
const SUBJECT: &str = "report.html";

/// By name, as templates import each other.
const TEMPLATES: [(&str, &str); 7] = [
    (
        "report.html",
        include_str!("../../templates/html/report.html"),
    ),
    (
        "inline.html",
        include_str!("../../templates/html/inline.html"),
    ),
    (
        "provenance.html",
        include_str!("../../templates/html/provenance.html"),
    ),
    (
        "table.html",
        include_str!("../../templates/html/table.html"),
    ),
    (
        "figure.html",
        include_str!("../../templates/html/figure.html"),
    ),
    (
        "blocks.html",
        include_str!("../../templates/html/blocks.html"),
    ),
    ("diff.html", include_str!("../../templates/html/diff.html")),
];
pub(super) const STYLE: &str = include_str!("../../templates/html/style.css");

/// Family, weight, style, WOFF2 bytes.
const FONTS: [(&str, &str, &str, &[u8]); 5] = [
    (
        "Casefile Sans",
        "400",
        "normal",
        include_bytes!("../../templates/fonts/web/sans-regular.woff2"),
    ),
    (
        "Casefile Sans",
        "600",
        "normal",
        include_bytes!("../../templates/fonts/web/sans-semibold.woff2"),
    ),
    (
        "Casefile Serif",
        "400",
        "normal",
        include_bytes!("../../templates/fonts/web/serif-regular.woff2"),
    ),
    (
        "Casefile Serif",
        "400",
        "italic",
        include_bytes!("../../templates/fonts/web/serif-italic.woff2"),
    ),
    (
        "Casefile Serif",
        "600",
        "normal",
        include_bytes!("../../templates/fonts/web/serif-semibold.woff2"),
    ),
];

/// Languages written from right to left, by primary subtag.
const RIGHT_TO_LEFT: [&str; 8] = ["ar", "ckb", "dv", "fa", "he", "ps", "ur", "yi"];

/// What the templates receive.
#[derive(Serialize)]
struct Page<'a> {
    meta: &'a DocumentMeta,
    labels: &'a Labels,
    direction: &'static str,
    description: String,
    style: &'static str,
    fonts: Vec<Font>,
    /// Numbers of the answer.
    answer: Numbers<'a>,
    sections: Vec<SectionView<'a>>,
}

#[derive(Serialize)]
pub(super) struct Font {
    family: &'static str,
    weight: &'static str,
    style: &'static str,
    base64: String,
}

#[derive(Serialize)]
struct SectionView<'a> {
    id: &'a str,
    title: &'a str,
    blocks: Vec<BlockView<'a>>,
}

/// A block with what stands beside it.
#[derive(Serialize)]
struct BlockView<'a> {
    content: &'a Block,
    numbers: Numbers<'a>,
    picture: Option<Picture<'a>>,
}

/// A chart as drawn, and the numbers of its caption and of its table.
#[derive(Serialize)]
struct Picture<'a> {
    wide: String,
    narrow: String,
    numbers: Numbers<'a>,
    table: Numbers<'a>,
}

/// The numbers of one block: each of them is a link to `n<key>__<index>`. Identifiers of a
/// document hold no two underscores in a row, so that none of these is ever taken.
#[derive(Serialize)]
struct Numbers<'a> {
    key: usize,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    index: usize,
    provenance: &'a Provenance,
}

/// Renders the report.
///
/// # Errors
/// `unusable-anchor` and `duplicate-anchor` for identifiers that cannot be addressed,
/// `unknown-provenance` for a number whose provenance the document lacks, all of them together.
pub fn html(document: &Document) -> Result<Vec<u8>> {
    let mut builder = Builder {
        document,
        keys: 0,
        anchors: BTreeSet::from(["content".into(), "contents".into()]),
        problems: Problems::default(),
    };
    let page = builder.page();
    let page = builder.problems.finish(page)?;
    let text = render(&page).map_err(|error| {
        Problem::new(
            "template-failed",
            SUBJECT,
            format!("the page could not be written: {error:#}"),
        )
        .hint("this is a defect of casefile: please report it")
    })?;
    Ok(visible(&text).into_bytes())
}

/// Shows by code point what HTML does not allow (controls, noncharacters) and what would deceive a
/// reader: overrides and isolates of direction, which reorder the report's own words and digits
/// after them, tags, private characters. The PDF shows the same.
pub(super) fn visible(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for character in page.chars() {
        let noncharacter = u32::from(character) & 0xFFFE == 0xFFFE;
        let deceives = matches!(character,
            '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..);
        if noncharacter || deceives || (character.is_control() && !matches!(character, '\n' | '\t'))
        {
            out.push_str(&format!("[U+{:04X}]", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}

fn render(page: &Page) -> std::result::Result<String, minijinja::Error> {
    environment()?
        .get_template("report.html")?
        .render(Value::from(Serde(page)))
}

/// The fonts that a page carries.
pub(super) fn fonts() -> Vec<Font> {
    FONTS
        .map(|(family, weight, style, bytes)| Font {
            family,
            weight,
            style,
            base64: BASE64_STANDARD.encode(bytes),
        })
        .into()
}

/// The templates, under the rules that all pages share.
pub(super) fn environment() -> std::result::Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    // As HTML demands and no more: the default would write each `/` of an address as `&#x2f;`.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => Ok(out.write_str(&escape(text))?),
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_test("followable", |to: &str| followable(to));
    environment.add_test("outside", |to: &str| !to.starts_with(['#', 'm']));
    environment.add_test("relative", |path: &str| {
        !path.contains(':') && !path.starts_with('/')
    });
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Whether a link may be followed: a place in the page, a page of the web, or a mail address.
fn followable(to: &str) -> bool {
    let scheme = to
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") => to.contains("://") && !to.contains(char::is_whitespace),
        Some("mailto") => !to.contains(char::is_whitespace),
        _ => to.starts_with('#') && to.len() > 1,
    }
}

/// Makes views of the document and remembers what is taken.
struct Builder<'a> {
    document: &'a Document,
    keys: usize,
    anchors: BTreeSet<String>,
    problems: Problems,
}

impl<'a> Builder<'a> {
    fn page(&mut self) -> Page<'a> {
        let document = self.document;
        let primary = document.meta.language.split('-').next().unwrap_or_default();
        Page {
            direction: if RIGHT_TO_LEFT.contains(&primary) {
                "rtl"
            } else {
                "ltr"
            },
            description: plain(&document.meta.answer),
            style: STYLE,
            fonts: fonts(),
            answer: self.numbers([document.meta.answer.as_slice()]),
            sections: document
                .sections
                .iter()
                .map(|section| self.section(section))
                .collect(),
            meta: &document.meta,
            labels: &document.labels,
        }
    }

    fn section(&mut self, section: &'a Section) -> SectionView<'a> {
        self.anchor(&section.id);
        SectionView {
            id: &section.id,
            title: &section.title,
            blocks: self.share(section),
        }
    }

    /// The blocks of a section. Neighbouring blocks of running text share one list of provenance,
    /// which stands after the last of them: a list after each sentence would break the reading.
    fn share(&mut self, section: &'a Section) -> Vec<BlockView<'a>> {
        let texts: Vec<bool> = section.blocks.iter().map(is_text).collect();
        let mut views: Vec<BlockView<'a>> = Vec::new();
        for (index, block) in section.blocks.iter().enumerate() {
            let mut view = self.block(block);
            if texts[index]
                && index > 0
                && texts[index - 1]
                && let Some(before) = views.last_mut()
            {
                let mut entries = std::mem::take(&mut before.numbers.entries);
                let seen: BTreeSet<usize> = entries.iter().map(|entry| entry.index).collect();
                entries.extend(
                    view.numbers
                        .entries
                        .into_iter()
                        .filter(|entry| !seen.contains(&entry.index)),
                );
                view.numbers = Numbers {
                    key: before.numbers.key,
                    entries,
                };
            }
            views.push(view);
        }
        views
    }

    fn block(&mut self, block: &'a Block) -> BlockView<'a> {
        let mut picture = None;
        let numbers = match block {
            Block::Heading { id, text, .. } => {
                self.anchor(id);
                self.numbers([text.as_slice()])
            }
            Block::Paragraph { text } | Block::Note { text, .. } => self.numbers([text.as_slice()]),
            Block::Quote { text, source } => self.numbers([text.as_slice(), source]),
            Block::List { items, .. } => self.numbers(items.iter().map(Vec::as_slice)),
            Block::Definitions { items } => {
                self.numbers(items.iter().map(|item| item.description.as_slice()))
            }
            Block::Code { .. } => self.numbers([]),
            Block::References { items } => {
                items.iter().for_each(|item| self.anchor(&item.id));
                self.numbers([])
            }
            Block::Table(table) => self.table(table),
            Block::Figure(chart) => {
                picture = Some(self.picture(chart));
                self.numbers([])
            }
            Block::Finding(finding) => {
                self.anchor(&finding.anchor);
                picture = finding.chart.as_ref().map(|chart| self.picture(chart));
                let texts = [&finding.statement]
                    .into_iter()
                    .chain(&finding.how_we_know)
                    .chain(&finding.does_not_say)
                    .chain(&finding.design)
                    .chain(&finding.caution)
                    .chain(&finding.robustness);
                self.numbers(texts.map(Vec::as_slice))
            }
        };
        BlockView {
            content: block,
            numbers,
            picture,
        }
    }

    fn picture(&mut self, chart: &'a Chart) -> Picture<'a> {
        self.anchor(&chart.id);
        Picture {
            wide: svg(chart, self.document, Medium::Page),
            narrow: svg(chart, self.document, Medium::Phone),
            numbers: self.numbers([chart.caption.as_slice()]),
            table: self.table(&chart.table),
        }
    }

    fn table(&mut self, table: &'a Table) -> Numbers<'a> {
        self.anchor(&table.id);
        let mut found = Vec::new();
        for text in [&table.caption].into_iter().chain(&table.notes) {
            collect(text, &mut found);
        }
        found.extend(
            table
                .rows
                .iter()
                .flatten()
                .filter_map(|cell| cell.provenance),
        );
        self.entries(found)
    }

    fn numbers(&mut self, texts: impl IntoIterator<Item = &'a [Inline]>) -> Numbers<'a> {
        let mut found = Vec::new();
        for text in texts {
            collect(text, &mut found);
        }
        self.entries(found)
    }

    /// Each provenance once, in the order of first mention.
    fn entries(&mut self, found: Vec<usize>) -> Numbers<'a> {
        self.keys += 1;
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        for index in found {
            match self.document.provenance.get(index) {
                Some(provenance) if seen.insert(index) => entries.push(Entry { index, provenance }),
                Some(_) => {}
                None => self.problems.push(
                    Problem::new("unknown-provenance", SUBJECT, "a number has no provenance")
                        .value(index.to_string())
                        .hint("this is a defect of casefile: please report it"),
                ),
            }
        }
        Numbers {
            key: self.keys,
            entries,
        }
    }

    fn anchor(&mut self, id: &str) {
        let usable = id.starts_with(char::is_alphabetic)
            && id
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            && !id.contains("__");
        if !usable {
            self.problems.push(
                Problem::new(
                    "unusable-anchor",
                    SUBJECT,
                    "this cannot be the address of a place in the page",
                )
                .value(id)
                .hint("use letters, digits and hyphens"),
            );
        } else if !self.anchors.insert(id.to_owned()) {
            self.problems.push(
                Problem::new(
                    "duplicate-anchor",
                    SUBJECT,
                    "two places in the page have the same address",
                )
                .value(id)
                .hint("rename one of the two"),
            );
        }
    }
}

/// Running text: blocks that share one list of provenance with their neighbours.
fn is_text(block: &Block) -> bool {
    matches!(
        block,
        Block::Paragraph { .. }
            | Block::List { .. }
            | Block::Quote { .. }
            | Block::Note { .. }
            | Block::Definitions { .. }
    )
}

/// Provenances mentioned in a text, in order.
fn collect(text: &[Inline], found: &mut Vec<usize>) {
    for inline in text {
        match inline {
            Inline::Number { provenance, .. } => found.push(*provenance),
            Inline::Strong { text }
            | Inline::Emphasis { text }
            | Inline::Link { text, .. }
            | Inline::Citation { text, .. } => collect(text, found),
            Inline::Text { .. } | Inline::Code { .. } | Inline::LineBreak => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_pages_and_mail_are_followed() {
        for good in [
            "#limits",
            "https://example.org/a?b#c",
            "HTTP://example.org",
            "mailto:a@example.org",
        ] {
            assert!(followable(good), "{good}");
        }
        for bad in [
            "",
            "#",
            "javascript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "file:///etc",
            "https:example.org",
            "vbscript:x",
            "tables/a.csv",
        ] {
            assert!(!followable(bad), "{bad}");
        }
    }
}
