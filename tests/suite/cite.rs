//! Citations: one record in many formats and styles.

pub mod common;
mod files;
mod formats;
mod parts;
mod styles;
