//! JSON of interfaces, libraries and downloads.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    casefile_fuzz::every_reading("file.json", &["meta-insights", "meta-ad-library", "tiktok-ad-library", "instagram-messages", "messenger-e2ee", "instagram-comments", "telegram-export", "signal-export"], data);
});
