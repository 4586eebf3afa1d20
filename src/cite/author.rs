//! Who answers for the report: a person whose name is known in parts, or a name as it stands.

use serde::{Deserialize, Serialize};

/// An author.
///
/// Which part of a name is the family name cannot be told from the name: "Nguyen Van An", "María
/// del Carmen López" and "Sample Desk" look alike. So a name is divided only where the case
/// divides it; see [`Author::new`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The name as it stands, where it is not divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub literal: Option<String>,
    /// Sixteen digits in four groups, without `https://orcid.org/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orcid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
}

impl Author {
    /// An author from the keys of `case.toml`, in this order:
    ///
    /// 1. `family` (and `given`): divided as stated.
    /// 2. `name` of the form "Family, Given" with an `orcid`: divided at its one comma. The ORCID
    ///    says that this is a person; without it "Sample Desk, Berlin" and "Acme, Inc." would be.
    /// 3. Any other `name`: as it stands.
    pub fn new(
        name: &str,
        given: Option<&str>,
        family: Option<&str>,
        orcid: Option<&str>,
        affiliation: Option<&str>,
    ) -> Self {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut author = Author {
            orcid: orcid.and_then(|orcid| {
                filled(orcid.trim_start_matches("https://orcid.org/")).map(|o| o.to_uppercase())
            }),
            affiliation: affiliation.and_then(filled),
            ..Author::default()
        };
        if let Some(family) = family.and_then(filled) {
            author.family = Some(family);
            author.given = given.and_then(filled);
            return author;
        }
        let mut parts = name.split(',');
        if let (true, Some(family), Some(given), None) = (
            author.orcid.is_some(),
            parts.next().and_then(filled),
            parts.next().and_then(filled),
            parts.next(),
        ) {
            author.family = Some(family);
            author.given = Some(given);
        } else {
            author.literal = filled(name);
        }
        author
    }

    /// A name as it stands: an organisation, or a person whose name is not divided.
    pub fn literal(name: &str) -> Self {
        Author::new(name, None, None, None, None)
    }

    /// Whether this is known to be a person; if not, nothing is known.
    pub fn is_person(&self) -> bool {
        self.family.is_some() || self.orcid.is_some()
    }

    /// "Given Family", or the name as it stands.
    pub fn display(&self) -> String {
        match (&self.given, &self.family, &self.literal) {
            (Some(given), Some(family), _) => format!("{given} {family}"),
            (None, Some(family), _) => family.clone(),
            (_, None, Some(literal)) => literal.clone(),
            (Some(given), None, None) => given.clone(),
            (None, None, None) => String::new(),
        }
    }

    /// "Family, Given", or the name as it stands.
    pub fn inverted(&self) -> String {
        match (&self.given, &self.family) {
            (Some(given), Some(family)) => format!("{family}, {given}"),
            _ => self.display(),
        }
    }
}
