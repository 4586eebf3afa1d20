//! The import rooms of casefile alone, and what each fuzz target does with an input.

#[path = "../../../src/case/mod.rs"]
pub mod case;
#[path = "../../../src/digest.rs"]
pub mod digest;
#[path = "../../../src/error.rs"]
pub mod error;
#[path = "../../../src/evidence/mod.rs"]
pub mod evidence;
#[path = "../../../src/import/mod.rs"]
pub mod import;
#[path = "../../../src/notice.rs"]
pub mod notice;

use import::{Hints, Input};

/// Detects and reads `data` as a file of the given name, alone and with each format insisted on.
/// Whatever comes out must account for each row.
pub fn every_reading(name: &str, formats: &[&str], data: &[u8]) {
    let said = formats.iter().map(|format| Hints {
        format: Some((*format).to_owned()),
        account: Some("Me".into()),
        timezone: Some("Europe/Berlin".into()),
        ..Hints::default()
    });
    for hints in std::iter::once(Hints::default()).chain(said) {
        let input = Input {
            file: name,
            bytes: data,
            hints: &hints,
        };
        let _ = import::detect(&input);
        if let Ok(imported) = import::read(&input) {
            let rows = &imported.rows;
            assert_eq!(rows.read + rows.excluded.len() as u64, rows.in_file);
        }
    }
}
