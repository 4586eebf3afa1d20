//! Telephone backups.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    casefile_fuzz::every_reading("backup.xml", &["sms-backup"], data);
});
