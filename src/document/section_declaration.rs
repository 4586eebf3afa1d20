//! The declaration: a page that a witness signs, with the exhibits.

use super::compose::Material;
use super::pen::{Pen, text_column};
use super::section_record::exhibit;
use super::{Block, Definition, Inline, markdown};
use crate::numbers;

/// Long enough for a name, a place or a signature by hand.
const BLANK: &str = "________________________________________";

/// Empty where the case asks for no declaration. It speaks of exhibits and digests alone: what the
/// numbers mean the report says, and a witness declares only what the list says of each file.
pub fn declaration(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let Some(witness_declaration) = &material.case.witness_declaration else {
        return Vec::new();
    };
    let blank = || BLANK.to_owned();
    let witness = witness_declaration.witness.clone().unwrap_or_else(blank);
    let capacity = witness_declaration.capacity.clone().unwrap_or_else(blank);
    let files = numbers::plural(
        material.evidence.sources.len() as u64,
        "exhibit",
        "exhibits",
    );
    let mut items = vec![
        vec![Inline::text(format!(
            "The list below names {files}. To my knowledge each was obtained as the list says. Of what it does not say of a file, I declare nothing."
        ))],
        vec![
            Inline::text(
                "I have compared each file with the SHA-256 digest that stands beside it, or had it compared, and they agree. The digest of the list of the digests of the exhibits, the case and the statistics (",
            ),
            Inline::Code {
                text: "digests.txt".into(),
            },
            Inline::text(") is "),
            Inline::Code {
                text: material.digest.grouped(),
            },
            Inline::text(", as on every page of this report."),
        ],
    ];
    if let Some(text) = &material.findings.witness_declaration {
        items.push(markdown::line(pen, text));
    }
    let rows = material.evidence.sources.iter();
    let rows = rows
        .map(|source| exhibit(material, source).into())
        .collect();
    let columns = ["Exhibit", "What it is", "Obtained", "SHA-256"].map(text_column);
    let exhibits = pen.table(
        "table-declaration",
        vec![Inline::text("Exhibits of this declaration")],
        columns.into(),
        rows,
    );
    let line = |term: &str, text: String| Definition {
        term: term.into(),
        description: vec![Inline::text(text)],
    };
    vec![
        Block::Paragraph {
            text: vec![Inline::text(
                "To be signed by hand on paper, or as a file with a signature of its own. Unsigned, it declares nothing.",
            )],
        },
        Block::Definitions {
            items: vec![line("Witness", witness), line("Capacity", capacity)],
        },
        Block::List {
            ordered: true,
            items,
        },
        Block::Table(exhibits),
        Block::Definitions {
            items: vec![line("Place and date", blank()), line("Signature", blank())],
        },
    ]
}
