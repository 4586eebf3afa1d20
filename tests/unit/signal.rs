use super::common::{column, left_out, part, read, remarks, rows, sample};
use crate::import::messages::signal::{recognise, transcribe};
use crate::import::transcript::Transcript;

fn line(sender: &str, rest: &str) -> String {
    format!(
        r#"{{"date":"2024-03-01T12:00:00","sender":"{sender}","quote":"","reactions":[],{rest}}}"#
    )
}

fn all(lines: &[String]) -> Transcript {
    let text = lines.join("\n");
    assert!(recognise(&part("Alice/data.json", &text)).is_some());
    read(transcribe, "Alice/data.json", &text)
}

#[test]
fn shared_sample() {
    if !super::common::has_samples() {
        return;
    }
    let text = sample("synthetic/signal_export_data.jsonl");
    assert!(recognise(&part("export/Bob/data.json", &text)).is_some());
    let into = read(transcribe, "export/Bob/data.json", &text);
    assert_eq!(
        rows(&into),
        [
            "channel=signal | direction=in | event_type=message | received_at_local=2024-03-01T12:00:00 | sender=Bob | text=hello | thread=Bob",
            "channel=signal | direction=in | event_type=call_missed | received_at_local=2024-03-01T12:05:00 | sender=Bob | thread=Bob",
        ]
    );
    assert!(into.left_out.is_empty() && into.remarks.is_empty());
    let loose = read(transcribe, "signal_export_data.jsonl", &text);
    assert_eq!(column(&loose, "thread"), ["-", "-"]);
}

#[test]
fn messages_media_and_notices() {
    let into = all(&[
        line("Me", r#""body":"hello","attachments":[]"#),
        String::new(),
        line(
            "Alice",
            r#""body":"  ","attachments":[{"name":"a.JPG","path":"media/a.JPG"},{"name":"b","path":"media/b"}]"#,
        ),
        line(
            "Alice",
            r#""body":"","attachments":[],"sticker":{"id":"1"}"#,
        ),
        line("Alice", r#""body":"  ","attachments":[],"sticker":"""#),
        line("No-Sender", r#""body":"who","attachments":[]"#),
        line("Alice", r#""body":"gone","attachments":[],"deleted":true"#),
        "{}".to_string(),
    ]);
    assert_eq!(column(&into, "direction"), ["out", "in", "in", "-", "in"]);
    assert_eq!(
        column(&into, "media_types"),
        ["-", "file;photo", "sticker", "-", "-"]
    );
    assert_eq!(
        column(&into, "event_type"),
        ["message", "message", "message", "message", "unsent"]
    );
    assert_eq!(column(&into, "text"), ["hello", "-", "-", "who", "-"]);
    assert_eq!(
        left_out(&into),
        [(5, "empty-record"), (8, "malformed-record")]
    );
    assert_eq!(remarks(&into), [("no-sender", Some(6))]);
}

#[test]
fn calls_of_old_and_new_versions() {
    let empty = r#","attachments":[]"#;
    let into = all(&[
        line(
            "Alice",
            &format!(r#""body":"Incoming voice call (accepted, 1m 2s)  "{empty}"#),
        ),
        line("Alice", &format!(r#""body":"Missed video call"{empty}"#)),
        line(
            "Alice",
            &format!(r#""body":"Incoming voice call (declined)"{empty}"#),
        ),
        line("Alice", &format!(r#""body":"Outgoing call"{empty}"#)),
        line(
            "Alice",
            &format!(r#""body":"Incoming call","call":false{empty}"#),
        ),
        line("Alice", &format!(r#""body":"Incoming call again"{empty}"#)),
    ]);
    assert_eq!(
        column(&into, "event_type"),
        [
            "call",
            "call_missed",
            "call_missed",
            "call",
            "message",
            "message"
        ]
    );
    assert_eq!(
        column(&into, "call_duration_s"),
        ["62", "-", "-", "-", "-", "-"]
    );
    assert_eq!(
        column(&into, "direction"),
        ["in", "in", "in", "out", "in", "in"]
    );
    assert_eq!(
        column(&into, "sender"),
        ["Alice", "Alice", "Alice", "Me", "Alice", "Alice"]
    );
}

#[test]
fn a_chat_of_one_message() {
    let into = all(&[line("Alice", r#""body":"hello","attachments":[]"#)]);
    assert_eq!(into.entries.len(), 1);
    assert_eq!(into.entries[0].row, 1);
}

#[test]
fn rows_of_the_database() {
    let text = r#"[
      {"type":"incoming","conversationId":"c1","sent_at":1709312000123,"body":"hi","source":"+15550100"},
      {"type":"outgoing","conversationId":"c1","sent_at":1709312001000,"body":"yes"},
      {"type":"call-history","conversationId":"c1","sent_at":1709312002000,"source":"+15550100","callHistoryDetails":{"direction":"Incoming","status":"Missed"}},
      {"type":"keychange","conversationId":"c1","sent_at":1709312003000}]"#;
    assert!(recognise(&part("messages.json", text)).is_some());
    let into = read(transcribe, "messages.json", text);
    assert_eq!(
        rows(&into),
        [
            "channel=signal | direction=in | event_type=message | received_at_local=2024-03-01T16:53:20.123Z | sender=+15550100 | text=hi | thread=c1",
            "channel=signal | direction=out | event_type=message | received_at_local=2024-03-01T16:53:21Z | sender=Me | text=yes | thread=c1",
            "channel=signal | direction=in | event_type=call_missed | received_at_local=2024-03-01T16:53:22Z | sender=+15550100 | thread=c1",
        ]
    );
    assert_eq!(left_out(&into), [(4, "system-message")]);
}
