//! Files for the independent readers: `CITE_OUT=DIR cargo test files_for_readers`.

use super::common::{nasty, person, record};
use casefile::cite::{Author, Format, Kind, Record, files, meta_tags, record as stored, xmp};

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
fn files_for_readers() {
    for (name, record) in [
        ("plain", record()),
        ("nasty", nasty()),
        ("many", many()),
        ("bare", bare()),
        ("dataset", dataset()),
    ] {
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
        let Some(out) = std::env::var_os("CITE_OUT") else {
            continue;
        };
        let folder = std::path::Path::new(&out).join(name);
        std::fs::create_dir_all(folder.join("parts")).expect("folder");
        for (file, _, text) in first {
            std::fs::write(folder.join(file), text).expect("file");
        }
        std::fs::write(folder.join("citation.xmp"), xmp(&record)).expect("file");
        std::fs::write(
            folder.join("meta.txt"),
            format!("{:#?}", meta_tags(&record)),
        )
        .expect("file");
        for part in &record.parts {
            for format in [Format::Bibtex, Format::Ris, Format::CslJson, Format::JsonLd] {
                let text = format
                    .write(&record, Some(part))
                    .expect("a part has this form");
                std::fs::write(
                    folder
                        .join("parts")
                        .join(format!("{}.{}", part.anchor, format.file())),
                    text,
                )
                .expect("file");
            }
        }
    }
}
