//! The fonts that we ship: the only ones that a report is set in, on every machine. Reading their
//! tables takes less than a millisecond.

use std::sync::LazyLock;
use typst::foundations::Bytes;
use typst::text::Font;

macro_rules! fonts {
    ($($file:literal),* $(,)?) => {
        [$(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/fonts/", $file)).as_slice()),*]
            .into_iter()
            .filter_map(|bytes| Font::new(Bytes::new(bytes), 0))
            .collect()
    };
}

/// First the families for text, data and code; then other scripts.
pub static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    fonts![
        "SourceSerif4-Regular.otf",
        "SourceSerif4-It.otf",
        "SourceSerif4-Semibold.otf",
        "SourceSerif4-SemiboldIt.otf",
        "SourceSans3-Regular.otf",
        "SourceSans3-It.otf",
        "SourceSans3-Semibold.otf",
        "SourceCodePro-Regular.otf",
        "NotoSansArabic-Regular.ttf",
        "NotoSansHebrew-Regular.ttf",
        "NotoSansArmenian-Regular.ttf",
        "NotoSansGeorgian-Regular.ttf",
        "NotoSansDevanagari-Regular.ttf",
        "NotoSansThai-Regular.ttf",
        "DroidSansFallback.ttf",
    ]
});
