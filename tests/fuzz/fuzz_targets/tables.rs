//! Tables: CSV, and workbooks by their first bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    casefile_fuzz::every_reading("table.csv", &[], data);
});
