//! All tests, in one binary.

mod bundle;
mod cli;
mod gallery;
mod house;
mod import;
mod render_chart;
mod render_html;
mod render_pdf;
mod reproduce;
mod stats;
mod support;
mod verify;
