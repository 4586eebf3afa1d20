//! Each finding, figure and table can be cited by itself, where it stands.

use crate::support::sample;
use casefile::bundle::Edition;
use casefile::cite::record as stored;
use casefile::digest::Sha256;

#[test]
fn beside_each_figure_and_table_stands_its_citation_with_the_digest_of_its_file() {
    let built = casefile::build(&sample(), Edition::Public).expect("the sample builds");
    let text = |path: &str| {
        let file = built
            .artifacts
            .get(path)
            .unwrap_or_else(|| panic!("{path}"));
        String::from_utf8(file.bytes.clone()).expect("text")
    };
    let page = text("report.html");
    let record = stored::read(text(stored::FILE).as_bytes()).expect("the record is kept");
    let files = |start: &str| {
        let paths = built.artifacts.iter().map(|(path, _)| path);
        paths.filter(|path| path.starts_with(start)).count()
    };
    let each = files("charts/") + files("tables/") + files("findings/");
    assert_eq!(record.parts.len(), each);
    for part in &record.parts {
        let file = part.file.as_deref().expect("each part is a file");
        let digest = Sha256::of(&built.artifacts.get(file).expect("in the bundle").bytes);
        assert_eq!(part.digest, digest, "{file}");
        let place = page
            .find(&format!("id=\"{}\"", part.anchor))
            .unwrap_or_else(|| panic!("{} has no anchor", part.label));
        assert!(
            page[place..].contains(&format!("{}", part.digest)),
            "{} has no citation with its digest behind its anchor",
            part.label
        );
    }
}
