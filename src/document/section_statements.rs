//! What others said, and who was asked and has not answered.

use super::compose::Material;
use super::{Block, Inline, NoteWeight};
use crate::evidence::StatementRow;
use crate::numbers;

/// Statements and the right of reply: a section that never vanishes.
pub fn statements(material: &Material) -> Vec<Block> {
    let confidential = |row: &&StatementRow| {
        let source = material
            .case
            .sources
            .iter()
            .find(|source| *source.file == *row.locator.file);
        source.is_some_and(|source| source.declaration.confidential == Some(true))
    };
    let all = &material.cube.statements;
    let rows: Vec<&StatementRow> = all
        .iter()
        .filter(|row| !(material.public && confidential(row)))
        .collect();
    let kept_back = (all.len() - rows.len()) as u64;
    if all.is_empty() {
        return vec![Block::Paragraph {
            text: vec![Inline::text(
                "None recorded. The case holds no statement and no request for comment, to the platform or to anyone else.",
            )],
        }];
    }
    let mut blocks = Vec::new();
    let mut platform = false;
    for row in rows {
        platform |= row.role.as_deref() == Some("platform");
        blocks.extend(statement(row, material.public));
    }
    if kept_back > 0 {
        blocks.push(Block::Paragraph {
            text: vec![Inline::text(format!(
                "{} confidential and withheld from this edition.",
                numbers::plural(kept_back, "statement is", "statements are")
            ))],
        });
    }
    if !platform && kept_back == 0 {
        blocks.push(Block::Note {
            weight: NoteWeight::Caution,
            title: "The platform".into(),
            text: vec![Inline::text(
                "No statement of the platform and no request for its comment is recorded.",
            )],
        });
    }
    blocks
}

fn statement(row: &StatementRow, public: bool) -> Vec<Block> {
    let date = |date: Option<jiff::civil::Date>| date.map(numbers::date_words);
    let who = row.role.as_ref().map_or_else(
        || row.source.clone(),
        |role| format!("{} ({})", row.source, role.replace('-', " ")),
    );
    let asked = match (&row.asked, date(row.asked_on)) {
        (Some(question), Some(on)) => Some(format!("Asked on {on}: \u{201C}{question}\u{201D}")),
        (Some(question), None) => Some(format!("Asked: \u{201C}{question}\u{201D}")),
        (None, Some(on)) => Some(format!("Asked on {on}.")),
        (None, None) => None,
    };
    let mut blocks = Vec::new();
    match &row.quote {
        Some(quote) => {
            let mut source = vec![Inline::text(who)];
            source.extend(date(row.date).map(|on| Inline::text(format!(", {on}"))));
            source.extend(
                row.reference
                    .as_ref()
                    .filter(|_| !public)
                    .map(|reference| Inline::text(format!("; {reference}"))),
            );
            blocks.push(Block::Quote {
                text: vec![Inline::text(quote.clone())],
                source,
            });
            blocks.extend(asked.map(|asked| Block::Paragraph {
                text: vec![Inline::text(asked)],
            }));
        }
        None => {
            let asked = asked.map_or_else(
                || "Asked for comment".to_owned(),
                |asked| asked.trim_end_matches('.').to_owned(),
            );
            blocks.push(Block::Note {
                weight: NoteWeight::Info,
                title: who,
                text: vec![Inline::text(format!("{asked}. No answer is recorded."))],
            });
        }
    }
    blocks
}
