//! The files of a record, which are the same whenever they are written.

use super::common::{nasty, person, record};
use casefile::cite::{Author, Kind, Record, files, record as stored};

fn many() -> Record {
    let mut many = record();
    many.authors = (0..30)
        .map(|i| person(&format!("Family{i}"), &format!("Given{i}")))
        .collect();
    many
}

fn bare() -> Record {
    let mut bare = record();
    bare.authors = Vec::new();
    (
        bare.publisher,
        bare.url,
        bare.license,
        bare.abstract_,
        bare.digest,
    ) = (None, None, None, None, None);
    bare.keywords = Vec::new();
    bare.parts = Vec::new();
    bare
}

fn dataset() -> Record {
    let mut data = record();
    data.kind = Kind::Dataset;
    data.doi = Some("10.5281/zenodo.1234567".into());
    data.license = Some("LicenseRef-ours".into());
    data.authors = vec![
        Author::literal("Sample Desk, Berlin"),
        person("Roe", "Jane"),
        Author::literal("Example Lab"),
    ];
    data
}

#[test]
fn every_record_gives_the_same_files_again_and_is_read_back_from_them() {
    for record in [record(), nasty(), many(), bare(), dataset()] {
        let first = files(&record).expect("every record has its files");
        for _ in 0..3 {
            assert_eq!(
                files(&record).expect("again"),
                first,
                "the same record gives the same bytes"
            );
        }
        assert_eq!(first.len(), 7);
        let kept = first
            .iter()
            .find(|(file, ..)| *file == stored::FILE)
            .expect("the record is kept");
        assert_eq!(
            stored::read(kept.2.as_bytes()).expect("and read again"),
            record
        );
    }
}
