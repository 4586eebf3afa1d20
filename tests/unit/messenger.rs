use super::common::{column, left_out, part, read, remarks, rows, sample};
use crate::import::messages::messenger::{recognise, transcribe};
use crate::import::transcript::Transcript;

fn all(messages: &str) -> Transcript {
    let text = format!(
        r#"{{"participants":["Alice Example","Test Shop"],"threadName":"Alice_3","messages":[{messages}]}}"#
    );
    assert!(recognise(&part("messages/Alice_3.json", &text)).is_some());
    read(transcribe, "messages/Alice_3.json", &text)
}

#[test]
fn shared_sample() {
    if !super::common::has_samples() {
        return;
    }
    let text = sample("synthetic/messenger_e2ee_José_7.json");
    assert!(recognise(&part("José_7.json", &text)).is_some());
    assert!(crate::import::messages::instagram::recognise(&part("José_7.json", &text)).is_none());
    let into = read(transcribe, "José_7.json", &text);
    assert_eq!(
        rows(&into),
        [
            "channel=messenger_e2ee | event_type=message | received_at_local=2024-03-31T19:35:58.573Z | sender=José | sender_key=José_7/José | text=Café 😀 | thread=José_7",
            "channel=messenger_e2ee | event_type=unsent | received_at_local=2024-03-31T19:35:59.573Z | sender=José | sender_key=José_7/José | thread=José_7",
        ]
    );
    assert!(into.left_out.is_empty());
    assert_eq!(remarks(&into), [("people-by-thread", None)]);
    assert_eq!(
        into.unused.iter().map(String::as_str).collect::<Vec<_>>(),
        ["reactions"]
    );
}

#[test]
fn media_placeholders_and_calls() {
    let into = all(r#"
        {"senderName":"Alice Example","timestamp":1711913758000,"text":"","media":[{"uri":"media/a.mp4"},{"uri":"Failed to download media"}],"type":"media"},
        {"senderName":"Alice Example","timestamp":1711913759000,"text":"Something of the platform","media":[],"type":"placeholder"},
        {"senderName":"Alice Example","timestamp":1711913760000,"text":"Alice Example called you.","media":[],"type":"text"},
        {"senderName":"Alice Example","timestamp":1711913761000,"text":"Alice Example changed the theme.","type":"text"},
        {"senderName":"Alice Example","timestamp":1711913761000,"text":"J\u00c3\u00a9","type":"text"},
        5"#);
    assert_eq!(
        column(&into, "event_type"),
        ["message", "message", "call", "message"]
    );
    assert_eq!(column(&into, "media"), ["2", "-", "-", "-"]);
    assert_eq!(column(&into, "media_types"), ["file;video", "-", "-", "-"]);
    assert_eq!(column(&into, "text"), ["-", "-", "-", "J\u{c3}\u{a9}"]);
    assert_eq!(
        left_out(&into),
        [(4, "system-message"), (6, "malformed-record")]
    );
    assert_eq!(
        remarks(&into),
        [("content-unavailable", Some(2)), ("people-by-thread", None)]
    );
}

#[test]
fn the_same_file_twice() {
    let one =
        r#"{"senderName":"Alice Example","timestamp":1711913758000,"text":"hi","type":"text"}"#;
    let text = format!(r#"{{"participants":[],"threadName":"Alice_3","messages":[{one}]}}"#);
    let mut into = read(transcribe, "a.json", &text);
    transcribe(&part("b.json", &text), &mut into).expect("it is transcribed");
    assert_eq!(rows(&into).len(), 1);
    assert_eq!(left_out(&into), [(2, "repeated-event")]);
}

#[test]
fn participants_and_keys_are_of_the_conversation() {
    let into = all(
        r#"{"senderName":"Alice Example","timestamp":1711913758000,"text":"Test Shop wurde entfernt","type":"text"}"#,
    );
    assert_eq!(column(&into, "sender_key"), ["Alice_3/Alice Example"]);
    assert_eq!(
        into.participants["Alice_3"].iter().collect::<Vec<_>>(),
        ["Alice Example", "Test Shop"]
    );
    assert_eq!(
        remarks(&into),
        [
            ("possible-system-text", Some(1)),
            ("people-by-thread", None),
            ("language-without-rules", None)
        ]
    );
}
