//! Messages, calls and comments that test accounts received, as platforms and telephones export
//! them: one file a format.

mod chat;
pub mod comments;
pub mod google_voice;
pub mod imazing;
pub mod instagram;
pub mod mail;
pub mod messenger;
pub mod mojibake;
mod notices;
pub mod signal;
pub mod sms_backup;
pub mod telegram;
pub mod whatsapp;
