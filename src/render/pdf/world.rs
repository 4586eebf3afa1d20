//! The world in which typst works: the templates, the files given to it, and nothing else.

use super::fonts::FONTS;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{DiagSpan, FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World, WorldExt};

macro_rules! templates {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/pdf/", $name)))),*]
    };
}

/// The first is the main one.
const TEMPLATES: [(&str, &str); 6] = templates![
    "report.typ",
    "theme.typ",
    "inline.typ",
    "blocks.typ",
    "table.typ",
    "apparatus.typ"
];

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Row heads of tables (`pdf.header-cell`) are still behind this flag in typst 0.15.
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    TEMPLATES
        .iter()
        .filter_map(|(name, text)| Some(Source::new(file_id(name)?, (*text).into())))
        .collect()
});

/// A hermetic [`World`]: no disk, no network, no packages, no clock.
pub struct Press {
    files: BTreeMap<String, Bytes>,
    today: Datetime,
}

impl Press {
    /// A world in which this day is today.
    pub fn new(today: Datetime) -> Self {
        Press {
            files: BTreeMap::new(),
            today,
        }
    }

    /// Puts a file in, or another in its place.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) {
        self.files.insert(path.into(), Bytes::new(bytes));
    }

    /// Template and one-based line of a place.
    pub fn place(&self, span: DiagSpan) -> Option<(String, u64)> {
        let source = self.source(span.id()?).ok()?;
        let line = source.lines().byte_to_line(self.range(span)?.start)?;
        Some((
            source.id().vpath().get_without_slash().into(),
            line as u64 + 1,
        ))
    }
}

impl World for Press {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        SOURCES[0].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES
            .iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .get(id.vpath().get_without_slash())
            .cloned()
            .ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}

fn file_id(path: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.vpath().get_without_slash()))
}
