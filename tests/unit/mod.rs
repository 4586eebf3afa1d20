//! Tests of the transcribers, which have no public door of their own.

mod ad_library;
mod comments;
mod common;
mod google_voice;
mod hostile_messages;
mod imazing;
mod insights;
mod instagram;
mod mail;
mod messenger;
mod mhtml;
mod platforms_all_samples;
mod signal;
mod sms_backup;
mod telegram;
mod tiktok_library;
mod wacz;
mod whatsapp;
