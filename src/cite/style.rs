//! Citation styles, from the archive of CSL styles that hayagriva carries.

use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{
    self, IndependentStyle, LayoutRenderingElement, Locale, LocaleCode, Name, NamesChild,
};
use std::sync::OnceLock;

/// A style in which a citation is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// Publication Manual of the American Psychological Association, 7th edition.
    #[default]
    Apa,
    /// Chicago Manual of Style, 18th edition, author-date.
    ChicagoAuthorDate,
    /// MLA Handbook, 9th edition.
    Mla,
    /// Harvard, as in Cite Them Right.
    Harvard,
    /// IEEE Reference Guide.
    Ieee,
    /// Vancouver: Citing Medicine, National Library of Medicine, citation sequence.
    Vancouver,
}

/// One cell a style: decoding takes longer than printing.
static SHEETS: [OnceLock<Option<IndependentStyle>>; 6] = [const { OnceLock::new() }; 6];
static LOCALES: OnceLock<Vec<Locale>> = OnceLock::new();

impl Style {
    pub const ALL: [Style; 6] = [
        Style::Apa,
        Style::ChicagoAuthorDate,
        Style::Mla,
        Style::Harvard,
        Style::Ieee,
        Style::Vancouver,
    ];

    /// The word of the command line and of `case.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Style::Apa => "apa",
            Style::ChicagoAuthorDate => "chicago-author-date",
            Style::Mla => "mla",
            Style::Harvard => "harvard",
            Style::Ieee => "ieee",
            Style::Vancouver => "vancouver",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Style::ALL.into_iter().find(|style| style.name() == name)
    }

    /// As printed beside a citation.
    pub fn title(self) -> &'static str {
        match self {
            Style::Apa => "APA 7",
            Style::ChicagoAuthorDate => "Chicago (author-date)",
            Style::Mla => "MLA 9",
            Style::Harvard => "Harvard",
            Style::Ieee => "IEEE",
            Style::Vancouver => "Vancouver",
        }
    }

    /// The CSL style. `None` only if the archive lacked it, which a test excludes.
    pub(super) fn sheet(self) -> Option<&'static IndependentStyle> {
        let (cell, archived) = match self {
            Style::Apa => (&SHEETS[0], ArchivedStyle::AmericanPsychologicalAssociation),
            Style::ChicagoAuthorDate => (&SHEETS[1], ArchivedStyle::ChicagoAuthorDate),
            Style::Mla => (&SHEETS[2], ArchivedStyle::ModernLanguageAssociation),
            Style::Harvard => (&SHEETS[3], ArchivedStyle::HarvardCiteThemRight),
            Style::Ieee => (
                &SHEETS[4],
                ArchivedStyle::InstituteOfElectricalAndElectronicsEngineers,
            ),
            Style::Vancouver => (&SHEETS[5], ArchivedStyle::NlmCitationSequence),
        };
        cell.get_or_init(|| match archived.get() {
            citationberg::Style::Independent(sheet) => Some(mended(sheet)),
            citationberg::Style::Dependent(_) => None,
        })
        .as_ref()
    }

    /// The words that the style takes ("edited by", quotation marks): pinned, never the machine's.
    pub(super) fn locale(self) -> LocaleCode {
        LocaleCode(match self {
            Style::Harvard => "en-GB".into(),
            _ => "en-US".into(),
        })
    }
}

/// Mends what hayagriva 0.10 does with legal forms of a style.
///
/// `cs:names` without `cs:name` prints no name at all, so Vancouver would leave the authors out (the
/// element is optional: CSL 1.0.2, "Names"). Dashes for an author repeated in a list come out as
/// "———, and ." for two authors, so names are printed each time. Names added to tell two citations
/// apart change the names in the list as well ("Ali et al." for all authors), so citations are told
/// apart by year suffix or title. A collapsed "1–3" hides works that a reader must be led to.
fn mended(mut sheet: IndependentStyle) -> IndependentStyle {
    for part in &mut sheet.macros {
        part.children.iter_mut().for_each(name);
    }
    sheet.citation.disambiguate_add_names = false;
    sheet.citation.disambiguate_add_givenname = false;
    sheet.citation.collapse = None;
    if let Some(bibliography) = &mut sheet.bibliography {
        bibliography.subsequent_author_substitute = None;
        bibliography.layout.elements.iter_mut().for_each(name);
    }
    sheet
}

fn name(element: &mut LayoutRenderingElement) {
    match element {
        LayoutRenderingElement::Names(names)
            if !names
                .children
                .iter()
                .any(|child| matches!(child, NamesChild::Name(_))) =>
        {
            names.children.insert(0, NamesChild::Name(Name::default()));
        }
        LayoutRenderingElement::Group(group) => group.children.iter_mut().for_each(name),
        _ => {}
    }
}

/// The two locales that styles take their words from.
pub(super) fn words() -> &'static [Locale] {
    LOCALES.get_or_init(|| {
        let wanted = |locale: &Locale| {
            locale
                .lang
                .as_ref()
                .is_some_and(|code| matches!(code.0.as_str(), "en-GB" | "en-US"))
        };
        locales().into_iter().filter(wanted).collect()
    })
}
