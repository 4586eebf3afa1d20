//! All tests, in one binary.

mod bundle;
mod gallery;
mod import;
mod render_chart;
mod render_html;
mod stats;
mod support;
mod verify;
