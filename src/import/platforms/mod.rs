//! What platforms publish of ads through their interfaces and libraries: one file a format.

pub mod ad_library;
mod ad_library_script;
pub mod insights;
mod response;
pub mod tiktok_library;
