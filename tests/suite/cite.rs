//! Citations: one record in many formats and styles, and the report's own references.

mod bibliography;
pub mod common;
mod files;
mod formats;
mod pandoc;
mod styles;
