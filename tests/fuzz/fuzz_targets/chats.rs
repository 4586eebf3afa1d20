//! Chats as plain text.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    casefile_fuzz::every_reading("chat.txt", &["whatsapp-chat"], data);
});
