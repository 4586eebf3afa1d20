//! What platforms report of ads, in exports, interfaces and libraries: one file a format.

pub mod ad_library;
mod ad_library_script;
pub mod google;
pub mod google_transparency;
pub mod insights;
pub mod library_context;
pub mod library_report;
pub mod library_tables;
pub mod linkedin;
mod loose_objects;
pub mod meta;
pub mod meta_ab_test;
pub mod meta_headings;
mod response;
pub mod tiktok;
pub mod tiktok_library;
