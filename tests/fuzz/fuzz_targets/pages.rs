//! Pages.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    casefile_fuzz::every_reading("page.html", &["google-voice", "web-page-capture"], data);
});
