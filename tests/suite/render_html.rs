//! The page: every block, escaped, addressable, without a request, with its provenance in place.

use crate::gallery::{self, HOSTILE};
use casefile::document::{Block, Document, Inline, Labels, Plot};
use casefile::render::html::html;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DEMO: LazyLock<String> = LazyLock::new(|| page(&gallery::demo()));

fn page(document: &Document) -> String {
    String::from_utf8(html(document).unwrap_or_else(|error| panic!("{error}"))).unwrap()
}

/// The values of an attribute, as written.
fn attribute<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    page.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// The page without what its `style` elements hold.
fn without_style(page: &str) -> String {
    page.split("<style>")
        .map(|part| part.split("</style>").last().unwrap_or_default())
        .collect()
}

fn kind(block: &Block) -> &'static str {
    match block {
        Block::Heading { .. } => "heading",
        Block::Paragraph { .. } => "paragraph",
        Block::List { .. } => "list",
        Block::Quote { .. } => "quote",
        Block::Note { .. } => "note",
        Block::Finding(_) => "finding",
        Block::Figure(_) => "figure",
        Block::Table(_) => "table",
        Block::Definitions { .. } => "definitions",
        Block::Code { .. } => "code",
        Block::References { .. } => "references",
    }
}

#[test]
fn every_kind_of_block_reaches_the_page() {
    let demo = gallery::demo();
    let kinds: BTreeSet<_> = demo
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .map(kind)
        .collect();
    assert_eq!(kinds.len(), 11, "the gallery lacks a block: {kinds:?}");
    let page = &*DEMO;
    for part in [
        "<h3 id=\"running-text\"><a href=\"#running-text\">Running text with 24 ads</a></h3>",
        "<strong>Strong with <em>emphasis inside</em></strong>",
        "<code>share(&#39;child&#39;).pooled</code>",
        "<ol>\n<li><span dir=\"auto\">Two accounts, opened for the test.</span></li>",
        "<blockquote dir=\"auto\">قال المتحدث",
        "<div class=\"note caution\" role=\"note\">",
        "<article class=\"finding\" id=\"finding-men\"",
        "<figure id=\"figure-spans\"",
        "<div class=\"table\" id=\"table-every-ad\">",
        "<dt dir=\"auto\">arm</dt>",
        "<section class=\"scroll\" tabindex=\"0\" aria-label=\"Commands to type\"><pre><code>sha256sum -c SHA256SUMS",
    ] {
        assert!(page.contains(part), "no {part}");
    }
    assert_eq!(
        page.matches("<svg ").count(),
        2 * (1 + gallery::charts().len() + gallery::hard_charts().len())
    );
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn hostile_text_is_text() {
    for page in [DEMO.clone(), page(&gallery::bare())] {
        // The one script element is a block of data, which nothing runs.
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(page.matches("</script").count(), 1);
        assert!(page.contains("<script type=\"application/ld+json\">"));
        assert!(!page.contains("<b>Example"));
        assert_eq!(
            page.matches("</title>").count(),
            1 + 2 * page.matches("<svg ").count() / 2,
            "a title was closed early"
        );
        assert!(!page.contains(
            |c: char| (c.is_control() && c != '\n') || ('\u{202A}'..='\u{202E}').contains(&c)
        ));
    }
    let page = &*DEMO;
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;"));
    assert!(
        page.contains("[U+202E]drawkcab[U+202C] [U+001B][31m [U+0000]"),
        "what cannot be seen is shown"
    );
}

#[test]
fn the_page_requests_nothing() {
    let page = &*DEMO;
    for part in [
        " src=",
        " srcset=",
        " ping=",
        " background=",
        " poster=",
        "<iframe",
        "<object",
        "<embed",
        "<form",
        "@import",
        "<base",
    ] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(
        page.split("url(")
            .skip(1)
            .all(|rest| rest.starts_with("data:"))
    );
    let links: Vec<&str> = page
        .split("<link ")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect();
    assert_eq!(links, ["rel=\"icon\" href=\"data:,\""]);
    assert!(
        page.contains(
            "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
        )
    );
}

#[test]
fn only_harmless_links_are_links() {
    let page = without_style(&DEMO);
    for address in attribute(&page, "href") {
        let harmless = ["#", "https://", "mailto:", "tables/table-", "data:,"]
            .iter()
            .any(|start| address.starts_with(start));
        assert!(harmless, "{address}");
    }
    assert!(page.contains("refused: script link"));
    assert!(
        page.contains(
            "<a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"noopener\">link with the number 81 %</a>"
        )
    );
}

#[test]
fn every_address_is_there_once_and_every_number_leads_to_its_provenance() {
    let page = without_style(&DEMO);
    let ids = attribute(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    for address in attribute(&page, "href")
        .into_iter()
        .filter_map(|address| address.strip_prefix('#'))
    {
        assert!(unique.contains(address), "#{address} leads nowhere");
    }
    for name in ["aria-labelledby"] {
        for id in attribute(&page, name)
            .into_iter()
            .flat_map(|ids| ids.split(' '))
        {
            assert!(unique.contains(id), "{name} {id}");
        }
    }
    let numbers: Vec<&str> = page
        .split("<a class=\"number\" href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(numbers.len() > 400);
    for number in numbers {
        let place = page
            .find(&format!("<div class=\"entry\" id=\"{number}\">"))
            .unwrap_or_else(|| panic!("{number}"));
        let inside = page[..place].rfind("<details class=\"apparatus provenance\">")
            > page[..place].rfind("</details>");
        assert!(inside, "{number} is outside of its details");
    }
}

#[test]
fn provenance_names_file_digest_rows_query_and_method_and_withholds_names() {
    let demo = gallery::demo();
    let page = &*DEMO;
    let provenance = &demo.provenance[1];
    for part in [
        &provenance.label,
        &provenance.id,
        &provenance.sources[0].rows,
        &provenance.sources[0].sha256.to_string(),
        &provenance.value,
    ] {
        assert!(page.contains(part.as_str()), "{part}");
    }
    assert!(page.contains("withheld from this edition"));
}

#[test]
fn a_missing_cell_is_named_and_never_zero() {
    let page = &*DEMO;
    assert!(page.contains("<td class=\"end short\" dir=\"auto\"><span aria-hidden=\"true\">–</span><span class=\"unseen\">no data</span></td>"));
    assert!(page.contains("2986 rows more in the CSV file"));
    assert!(page.contains("<td colspan=\"4\">no data</td>"));
}

#[test]
fn the_frame_speaks_the_language_of_the_report() {
    let mut demo = gallery::demo();
    let word = || "¤".to_string();
    demo.labels = Labels {
        contents: word(),
        finding: word(),
        figure: word(),
        table: word(),
        how_we_know: word(),
        does_not_say: word(),
        design: word(),
        caution: word(),
        robustness: word(),
        assertions: word(),
        cite: word(),
        source: word(),
        data_table: word(),
        data_tables: word(),
        provenance: word(),
        provenance_intro: word(),
        exhibit: word(),
        file: word(),
        rows: word(),
        query: word(),
        method: word(),
        withheld: word(),
        digest: word(),
        version: word(),
        published: word(),
        page: word(),
        of: word(),
        rows_left_out: word(),
        missing: word(),
        skip_to_content: word(),
        holds: word(),
        fails: word(),
        no_value: word(),
        not_named: word(),
    };
    demo.meta.language = "ar-EG".into();
    demo.sections.truncate(1);
    let page = without_style(&page(&demo));
    assert!(page.contains("<html lang=\"ar-EG\" dir=\"rtl\">"));
    let original = gallery::labels();
    let text: String = page
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text)
        .collect::<Vec<_>>()
        .join("|");
    for label in [
        original.contents,
        original.finding,
        original.figure,
        original.how_we_know,
        original.cite,
        original.provenance,
        original.query,
        original.data_table,
    ] {
        assert!(!text.contains(&format!("|{label}")), "{label}");
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(page(&gallery::demo()), *DEMO);
}

#[test]
fn places_with_one_address_and_numbers_without_provenance_are_all_reported() {
    let mut demo = gallery::demo();
    demo.sections[1].id = "summary".into();
    demo.sections[2].id = "two words".into();
    demo.sections[3].blocks = vec![Block::Paragraph {
        text: vec![Inline::Number {
            text: "7".into(),
            provenance: 99,
        }],
    }];
    let error = html(&demo).unwrap_err();
    let codes: Vec<_> = error.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        ["duplicate-anchor", "unusable-anchor", "unknown-provenance"]
    );
}

#[test]
fn the_record_of_the_publication_is_in_the_head() {
    let page = &*DEMO;
    for (name, content) in [
        ("citation_title", "Who is shown an ad with a child in it?"),
        ("DC.date", "2026-11-23"),
        ("citation_author", "Example, Ada"),
        ("citation_author", "Ben &lt;b&gt;Example&lt;/b&gt;"),
        ("DC.rights", "CC-BY-4.0"),
    ] {
        assert!(
            page.contains(&format!("<meta name=\"{name}\" content=\"{content}\">")),
            "{name}"
        );
    }
    assert!(page.contains("citation_publication_date\" content=\"2026/11/23\""));
    let bare = self::page(&gallery::bare());
    assert!(
        !bare.contains("citation_author_orcid")
            && !bare.contains("DC.publisher")
            && bare.contains("alert(1)")
    );
    assert!(HOSTILE.contains("alert(1)"));
}

#[test]
fn plots_of_the_gallery_are_all_in_the_page() {
    let page = &*DEMO;
    for chart in gallery::charts() {
        assert!(
            page.contains(&format!("<title id=\"{}__wide__title\">", chart.id))
                && page.contains(&format!("<title id=\"{}__narrow__title\">", chart.id))
        );
        assert!(!matches!(&chart.plot, Plot::Dots { rows, .. } if rows.is_empty()));
    }
}
