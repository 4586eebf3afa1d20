//! What is different between two bundles: evidence, parameters, numbers, findings, sentences, files.
//!
//! Bundles are read as a stranger would read them, from the files of the format, and only after they
//! were verified: a difference to something that was altered would be a difference to nothing. Nothing
//! is counted or judged here; values are compared as they are written, floats bit by bit.

mod changes;
mod exhibits;
mod parameters;
mod sequence;
mod side;
mod text;

pub use changes::{Change, Changes, Item, Kind, SentenceChange, compare};
pub use exhibits::{Exhibit, ExhibitChange, ExhibitKind};
pub use side::{Assertion, Contents, Estimate, Finding, Head, Sentence, Side};

pub use text::shown;

use std::collections::BTreeMap;

/// Files of a bundle by their path in its top folder.
pub type Files = BTreeMap<String, Vec<u8>>;
