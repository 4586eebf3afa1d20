//! What a report cites: a bibliography, the citations that a text holds, and both as printed.
//!
//! [`Library`] reads `references.bib`, [`citations`] finds `[@key, p. 12]` in a text, [`print()`]
//! makes words of both in one citation style. Nothing here knows of reports or pages.

mod citation;
mod library;
mod locator;
mod print;
mod published;

pub use citation::{Citation, Cited, Found, citations};
pub use library::{FILE, Library};
pub use locator::Locator;
pub use print::{Printed, Span, Target, Work, print};
