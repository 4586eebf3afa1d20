//! All tests, in one binary.

mod bundle;
mod case;
mod cite;
mod cli;
mod cube;
mod document;
mod estimates;
mod findings;
mod formats;
mod gallery;
mod house;
mod import;
mod mutations;
mod numbers;
mod privacy;
mod received;
mod recompute;
mod render_chart;
mod render_html;
mod render_pdf;
mod reproduce;
mod robustness;
mod stats;
mod support;
mod tables;
mod verify;
