//! Which format and which sheet of a file is read, and why no other.

use super::archive::Member;
use super::formats::{FORMATS, Fit, Format, Reading};
use super::open::Opened;
use super::sheet::{Record, Sheet};
use super::{Input, heading, propose, refuse, tidy};
use crate::case::Kind;
use crate::error::{Problem, Result};
use std::collections::BTreeSet;

/// A sheet that a format recognises.
pub(super) struct Choice {
    pub format: &'static Format,
    pub sheet: usize,
    pub header: usize,
    /// Whether of several sheets this one is known to be the one that counts.
    leads: bool,
    pub reason: String,
}

/// The format of texts, why, and the positions of the texts that are of it.
pub(super) struct TextChoice {
    pub format: &'static Format,
    pub reason: String,
    pub members: Vec<usize>,
}

/// The format of most texts, and of those that are of another.
pub(super) fn choose_text(
    opened: &Opened<'_>,
    members: &[Member<'_>],
) -> Result<(TextChoice, Vec<(&'static str, String)>)> {
    let input = opened.input;
    known_format(input)?;
    let mut choices: Vec<TextChoice> = Vec::new();
    let mut taken = vec![false; members.len()];
    for format in FORMATS {
        let Reading::Text { recognise, .. } = format.reading else {
            continue;
        };
        if !allowed(input, format) {
            continue;
        }
        let mut choice: Option<TextChoice> = None;
        for (index, member) in members.iter().enumerate() {
            // A text that an earlier, more specific format knows is not offered to a later one.
            if taken.get(index) != Some(&false) {
                continue;
            }
            if let Some(reason) = recognise(&opened.part(member)) {
                taken[index] = true;
                choice
                    .get_or_insert_with(|| TextChoice {
                        format,
                        reason,
                        members: Vec::new(),
                    })
                    .members
                    .push(index);
            }
        }
        choices.extend(choice);
    }
    // The first of those with most texts.
    let most = choices.iter().map(|choice| choice.members.len()).max();
    let Some(at) = choices
        .iter()
        .position(|choice| Some(choice.members.len()) == most)
    else {
        return Err(not_of(input).into());
    };
    let chosen = choices.remove(at);
    if input.hints.format.is_none()
        && let Some(other) = choices.first()
    {
        return Err(Problem::new(
            "mixed-archive",
            input.file,
            format!(
                "the archive holds records of several formats: {} text(s) of {}, {} of {}",
                chosen.members.len(),
                chosen.format.name,
                other.members.len(),
                other.format.name
            ),
        )
        .hint(format!(
            "unpack it and add the files of each; or read only those of one with `format = \"{}\"`",
            chosen.format.name
        ))
        .into());
    }
    let others = choices.into_iter().map(|other| {
        let count = other.members.len();
        (
            other.format.name,
            format!("{} in {count} of the texts, fewer", other.reason),
        )
    });
    Ok((chosen, others.collect()))
}

/// Whether the user leaves room for the format.
fn allowed(input: &Input<'_>, format: &Format) -> bool {
    let hints = input.hints;
    hints.kind.is_none_or(|kind| kind == format.kind)
        && hints
            .format
            .as_deref()
            .is_none_or(|name| name == format.name)
}

/// A text that is not what the user says.
fn not_of(input: &Input<'_>) -> Problem {
    let what = match (&input.hints.format, input.hints.kind) {
        (Some(format), _) => format!("of the format `{format}`"),
        (None, Some(kind)) => format!("of a format of kind {}", kind.name()),
        (None, None) => "of a format that casefile reads".to_owned(),
    };
    Problem::new("unknown-format", input.file, format!("the file is not {what}"))
        .hint("`casefile inspect FILE` says what it is; leave `kind` and `format` out of the evidence entry to have casefile decide")
}

/// A format that the user insists on exists.
fn known_format(input: &Input<'_>) -> Result<()> {
    let Some(name) = input.hints.format.as_deref() else {
        return Ok(());
    };
    if FORMATS.iter().any(|format| format.name == name) {
        return Ok(());
    }
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    Err(Problem::new(
        "unknown-format",
        input.file,
        "casefile has no such import format",
    )
    .value(name)
    .hint(format!("the formats are: {}", names.join(", ")))
    .into())
}

/// The format and the sheet.
pub(super) fn choose(opened: &Opened<'_>) -> Result<(Choice, Vec<(&'static str, String)>)> {
    let input = opened.input;
    let mut sheets = candidates(opened)?;
    known_format(input)?;
    if input.hints.kind.is_none() && input.hints.format.is_none() {
        let refused: Vec<Option<Problem>> = sheets
            .iter()
            .map(|(_, sheet)| refuse::by_sheet(input.file, sheet))
            .collect();
        // A download may hold tables that are not read beside one that is.
        let is_download = opened.encoding == "archive" && refused.iter().any(Option::is_none);
        if is_download {
            let mut flags = refused.iter();
            sheets.retain(|_| flags.next().is_some_and(Option::is_none));
        } else if let Some(problem) = refused.into_iter().flatten().next() {
            return Err(problem.into());
        }
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut rejected: Vec<(&'static str, String)> = Vec::new();
    for format in FORMATS {
        if !allowed(input, format) {
            continue;
        }
        let mut why = None;
        let before = choices.len();
        for (index, sheet) in &sheets {
            let (Reading::Table { fit, .. } | Reading::Rows { fit, .. }) = format.reading else {
                continue;
            };
            match fit(opened, sheet) {
                Fit::Yes {
                    header,
                    leads,
                    reason,
                } => choices.push(Choice {
                    format,
                    sheet: *index,
                    header,
                    leads,
                    reason,
                }),
                Fit::No(reason) => why = why.or(Some(reason)),
            }
        }
        if choices.len() == before {
            rejected.extend(why.map(|reason| (format.name, reason)));
        }
    }
    // The first format of the table wins; tidy tables of different kinds must not tie.
    let Some(format) = choices.first().map(|choice| choice.format) else {
        return Err(unknown(opened, &sheets).into());
    };
    let kinds: BTreeSet<Kind> = choices.iter().map(|choice| choice.format.kind).collect();
    if kinds.len() > 1 && format.name == tidy::name(format.kind) {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        return Err(Problem::new(
            "ambiguous-kind",
            input.file,
            format!("this table can be of several kinds: {}", names.join(", ")),
        )
        .hint(format!(
            "say which, for example `kind = \"{}\"` in the evidence entry",
            names[0]
        ))
        .into());
    }
    let (mut chosen, others): (Vec<Choice>, Vec<Choice>) = choices
        .into_iter()
        .partition(|choice| choice.format.name == format.name);
    // A second table of the format would be lost, unless one is known to be the one that counts.
    if chosen.iter().filter(|choice| choice.leads).count() == 1 {
        chosen.retain(|choice| choice.leads);
    }
    if chosen.len() > 1 {
        return Err(several(opened, &chosen).into());
    }
    rejected.extend(
        others
            .into_iter()
            .map(|choice| (choice.format.name, choice.reason)),
    );
    Ok((chosen.remove(0), rejected))
}

fn several(opened: &Opened<'_>, chosen: &[Choice]) -> Problem {
    let names: Vec<&str> = chosen
        .iter()
        .filter_map(|choice| opened.sheets().get(choice.sheet)?.name.as_deref())
        .collect();
    Problem::new(
        "several-sheets",
        opened.input.file,
        format!("several sheets hold such a table: `{}`", names.join("`, `")),
    )
    .hint("say which one counts, for example `sheet = \"...\"` in the evidence entry; if all count, save each as a file of its own")
}

/// The sheets that may be read: all, or the one that the user names.
fn candidates<'o>(opened: &'o Opened<'_>) -> Result<Vec<(usize, &'o Sheet)>> {
    let all: Vec<(usize, &Sheet)> = opened.sheets().iter().enumerate().collect();
    let input = opened.input;
    let chosen = match input.hints.sheet.as_deref() {
        Some(name) if all.iter().any(|(_, sheet)| sheet.name.is_some()) => {
            let names: Vec<String> = all
                .iter()
                .filter_map(|(_, sheet)| sheet.name.as_ref().map(|n| format!("`{n}`")))
                .collect();
            let chosen: Vec<_> = all
                .into_iter()
                .filter(|(_, sheet)| sheet.name.as_deref() == Some(name))
                .collect();
            if chosen.is_empty() {
                return Err(Problem::new(
                    "unknown-sheet",
                    input.file,
                    "the workbook has no such sheet",
                )
                .value(name)
                .hint(format!("its sheets are: {}", names.join(", ")))
                .into());
            }
            chosen
        }
        _ => all,
    };
    if chosen.iter().all(|(_, sheet)| sheet.records.is_empty()) {
        return Err(
            Problem::new("empty-file", input.file, "the file has no content")
                .hint("take the file again from where it came from")
                .into(),
        );
    }
    Ok(chosen)
}

/// Why no format fits.
fn unknown(opened: &Opened<'_>, sheets: &[(usize, &Sheet)]) -> Problem {
    let input = opened.input;
    let widest = |sheet: &Sheet| {
        sheet
            .records
            .iter()
            .take(heading::SEARCH_ROWS)
            .map(Record::filled)
            .max()
            .unwrap_or(0)
    };
    let fullest = sheets
        .iter()
        .map(|(_, sheet)| *sheet)
        .max_by_key(|sheet| widest(sheet));
    if let (Some(kind), Some(sheet)) = (input.hints.kind, fullest)
        && input
            .hints
            .format
            .as_deref()
            .is_none_or(|name| name == tidy::name(kind))
    {
        return tidy::lacking(kind, opened, sheet);
    }
    // The first of the fullest rows is most likely the one with the headings.
    let record = fullest.and_then(|sheet| {
        sheet
            .records
            .iter()
            .find(|record| record.filled() == widest(sheet))
    });
    let titles: Vec<String> = record
        .map(|r| r.cells().map(|cell| cell.text().into_owned()).collect())
        .unwrap_or_default();
    // Where no heading is known, the first row may be a message: its cells are not repeated.
    let known = titles
        .iter()
        .any(|title| super::formats::is_known(&heading::heading(title)));
    let begins = if known {
        heading::listed(&titles)
    } else {
        format!("{} cells, none of them a known heading", titles.len())
    };
    let message = match input.hints.format.as_deref() {
        Some(name) => format!("the file is not of the format `{name}`; it begins: {begins}"),
        None => format!("casefile does not know this file; it begins: {begins}"),
    };
    let proposed = fullest
        .zip(record)
        .and_then(|(sheet, header)| propose::columns(sheet, header));
    let hint = match proposed {
        Some(proposal) => format!(
            "if these columns are what they seem, confirm them: {proposal}; or `kind = \"attachment\"` to list it without reading it; `casefile help formats` prints the tables"
        ),
        None => "say what it is: `kind = \"delivery\"` (or another kind) with `columns = { ad = \"heading in the file\" }`, \
         or `kind = \"attachment\"` to list it without reading it; `casefile help formats` prints the tables".to_owned(),
    };
    Problem::new("unknown-format", input.file, message).hint(hint)
}
