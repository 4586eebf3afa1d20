//! The same files in a zip that another program packed: contents intact, container rebuilt.

use super::{Files, failing, names, sample};
use casefile::verify::{self, Outcome, Verdict, Verification};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Packs files as a common program does: deflated, dated, with folder entries.
pub fn repack(files: &Files, method: CompressionMethod) -> Vec<u8> {
    let dated = DateTime::from_date_and_time(2026, 3, 4, 5, 6, 8).unwrap();
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(dated)
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_directory("toy-1.0.0/data", options).unwrap();
    for (path, bytes) in files.iter().rev() {
        zip.start_file(format!("toy-1.0.0/{path}"), options)
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn check(files: &Files, method: CompressionMethod) -> Verification {
    verify::zip("toy-1.0.0.zip", &repack(files, method))
}

#[test]
fn files_packed_again_are_intact_in_a_container_that_is_not_ours() {
    let bundle = sample();
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let verification = check(&bundle.files, method);
        assert_eq!(
            verification.verdict,
            Verdict::ContentsIntact,
            "{verification}"
        );
        assert_eq!(verification.root, Some(bundle.root));
        assert_ne!(verification.sha256, Some(bundle.sha256));
        assert!(matches!(
            verification.checks[0].outcome,
            Outcome::Rebuilt { .. }
        ));
        assert!(
            verification
                .to_string()
                .contains("contents intact, container rebuilt")
        );
    }
}

#[test]
fn an_altered_file_in_a_container_packed_again_is_still_named() {
    let mut files = sample().files;
    files.insert("data/report.html".into(), b"<p>sharez</p>".to_vec());
    let verification = check(&files, CompressionMethod::Deflated);
    assert_eq!(verification.verdict, Verdict::Failed);
    assert!(names(&verification, "data/report.html"), "{verification}");
}

#[test]
fn deflated_data_that_would_grow_beyond_the_list_are_not_inflated() {
    let mut files = sample().files;
    files.insert("data/report.html".into(), vec![b' '; 100 << 20]);
    let verification = check(&files, CompressionMethod::Deflated);
    assert!(
        failing(&verification).contains("container"),
        "{verification}"
    );
    assert!(
        names(
            &verification,
            "would inflate to 104857600 bytes, where at most 13 are expected"
        ),
        "{verification}"
    );
}

#[test]
fn any_damage_to_a_container_packed_again_is_noticed() {
    let bundle = sample();
    let packed = repack(&bundle.files, CompressionMethod::Deflated);
    for at in 0..packed.len() {
        for mask in [0x01, 0x10, 0xFF] {
            let mut bytes = packed.clone();
            bytes[at] ^= mask;
            let verification = verify::zip("toy-1.0.0.zip", &bytes);
            // Some bytes, such as dates, may be any: but the files are then the same.
            assert_ne!(verification.verdict, Verdict::Verified, "byte {at}");
            if verification.passed() {
                assert_eq!(verification.root, Some(bundle.root), "byte {at}");
            }
        }
        let cut = verify::zip("toy-1.0.0.zip", &packed[..at]);
        assert!(!cut.passed(), "cut at {at}");
    }
}
