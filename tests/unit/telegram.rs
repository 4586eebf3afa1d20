use super::common::{column, left_out, part, read, remarks, rows, sample};
use crate::import::messages::telegram::{recognise, transcribe};
use crate::import::transcript::Transcript;

fn shared(name: &str) -> Transcript {
    let text = sample(&format!("telegram/{name}"));
    assert!(recognise(&part("result.json", &text)).is_some());
    read(transcribe, "result.json", &text)
}

fn count(values: &[&str], value: &str) -> usize {
    values.iter().filter(|one| **one == value).count()
}

#[test]
fn shared_sample_of_2020() {
    if !super::common::has_samples() {
        return;
    }
    let into = shared("frozenspider_2020-01.json");
    assert_eq!(
        (into.entries.len(), into.left_out.len()),
        (44, 6),
        "50 messages in 4 chats"
    );
    assert!(
        left_out(&into)
            .iter()
            .all(|(_, reason)| *reason == "system-message")
    );
    let kinds = column(&into, "event_type");
    assert_eq!(count(&kinds, "message"), 42);
    assert_eq!(count(&kinds, "call"), 1);
    assert_eq!(count(&kinds, "call_missed"), 1);
    assert_eq!(count(&column(&into, "call_duration_s"), "77"), 1);
    let direction = column(&into, "direction");
    assert_eq!(
        (count(&direction, "in"), count(&direction, "out")),
        (32, 12)
    );
    let media = column(&into, "media_types");
    assert_eq!(count(&media, "photo"), 7);
    assert_eq!(count(&media, "sticker"), 3);
    assert_eq!(count(&media, "gif"), 2);
    assert_eq!(count(&media, "video"), 2);
    assert_eq!(count(&media, "audio"), 1);
    assert_eq!(count(&media, "file"), 1);
    assert_eq!(
        count(&column(&into, "sender"), "deleted account (32507588)"),
        5
    );
    let remarks = remarks(&into);
    let of = |code| remarks.iter().filter(|(one, _)| *one == code).count();
    assert_eq!(
        (of("deleted-account"), of("other-content"), remarks.len()),
        (5, 5, 10)
    );
    assert!(
        column(&into, "received_at_local")
            .iter()
            .all(|time| time.len() == 19)
    );
}

#[test]
fn shared_sample_of_2023_01() {
    if !super::common::has_samples() {
        return;
    }
    let into = shared("frozenspider_2023-01.json");
    assert_eq!(
        rows(&into),
        [
            "channel=telegram | direction=in | event_type=message | received_at_local=2016-11-17T12:57:40Z | sender=Eeeee Eeeeeeeeee | sender_key=user44444444 | text=this contains a lot of stuff: 😁http://mylink.org/HIDE ME | thread=123123123"
        ]
    );
    assert_eq!(left_out(&into).len(), 5);
    assert!(into.remarks.is_empty());
}

#[test]
fn shared_sample_of_2023_08() {
    if !super::common::has_samples() {
        return;
    }
    let into = shared("frozenspider_2023-08.json");
    assert_eq!(
        rows(&into),
        [
            "channel=telegram | direction=in | event_type=message | received_at_local=2022-10-11T14:49:15Z | sender=deleted account (5555555555) | sender_key=user5555555555 | text=My message! | thread=123123123"
        ]
    );
    assert_eq!(left_out(&into), [(1, "system-message")]);
    assert_eq!(remarks(&into), [("deleted-account", Some(2))]);
}

#[test]
fn shared_sample_of_2024() {
    if !super::common::has_samples() {
        return;
    }
    let into = shared("frozenspider_2024-01.json");
    assert_eq!(
        rows(&into),
        [
            "channel=telegram | direction=out | event_type=message | received_at_local=2022-10-11T14:49:15Z | sender=Aaaaa Aaaaaaaaaaa | sender_key=user11111111 | text=My reply to a channel post! | thread=123123123"
        ]
    );
    assert_eq!(left_out(&into), [(2, "system-message")]);
}

fn chat(kind: &str, id: &str, messages: &str) -> Transcript {
    let text =
        format!(r#"{{"name":"Alice Example","type":"{kind}","id":{id},"messages":[{messages}]}}"#);
    assert!(recognise(&part("result.json", &text)).is_some());
    read(transcribe, "result.json", &text)
}

const ALICE: &str = r#"{"id":1,"type":"message","date":"2024-03-01T12:00:00","date_unixtime":"1709312000","from":"Alice Example","from_id":"user77","text":"hi"}"#;
const OWN: &str = r#"{"id":2,"type":"message","date":"2024-03-01T12:01:00","date_unixtime":"1709312060","from":"Test Shop","from_id":"user11","text":"hello"}"#;

#[test]
fn a_single_chat_tells_the_direction_by_the_other_person() {
    let both = format!("{ALICE},{OWN}");
    assert_eq!(
        column(&chat("personal_chat", "77", &both), "direction"),
        ["in", "out"]
    );
    assert_eq!(
        column(&chat("private_group", "77", &both), "direction"),
        ["-", "-"]
    );
    let old = both.replace("\"user77\"", "77").replace("\"user11\"", "11");
    assert_eq!(
        column(&chat("personal_chat", "77", &old), "direction"),
        ["in", "out"]
    );
    let unknown = column(&chat("personal_chat", "977", &old), "direction").join(" ");
    assert_eq!(unknown, "- -", "an old id that nobody has tells nothing");
}

#[test]
fn own_notes_and_channels_are_left_out() {
    assert_eq!(
        left_out(&chat("saved_messages", "11", OWN)),
        [(1, "own-notes")]
    );
    assert_eq!(
        left_out(&chat("public_channel", "5", ALICE)),
        [(1, "channel-post")]
    );
}

#[test]
fn calls_and_unknown_records() {
    let call = |reason: &str| {
        format!(
            r#"{{"type":"service","action":"phone_call","date":"2024-03-01T12:00:00","actor":"Alice Example","actor_id":"user77","discard_reason":"{reason}"}}"#
        )
    };
    let records = [
        call("missed"),
        call("busy"),
        call("hangup"),
        r#"{"type":"unsupported"}"#.into(),
        "1".into(),
    ];
    let into = chat("personal_chat", "77", &records.join(","));
    assert_eq!(
        column(&into, "event_type"),
        ["call_missed", "call_missed", "call"]
    );
    assert_eq!(
        column(&into, "received_at_local"),
        ["2024-03-01T12:00:00"; 3]
    );
    assert_eq!(column(&into, "direction"), ["in"; 3]);
    assert_eq!(
        left_out(&into),
        [(4, "unsupported-message"), (5, "malformed-record")]
    );
}

#[test]
fn a_message_without_anything() {
    let into = chat(
        "personal_chat",
        "77",
        r#"{"type":"message","date":"1970-01-01T00:00:00","text":""}"#,
    );
    assert_eq!(
        rows(&into),
        ["channel=telegram | event_type=message | thread=77"]
    );
    let codes: Vec<&str> = into.remarks.iter().map(|remark| remark.code).collect();
    assert_eq!(codes, ["no-sender", "no-time", "content-unavailable"]);
}

#[test]
fn other_json_is_not_recognised() {
    for text in [
        r#"{"participants":[{"name":"A"}],"messages":[{"sender_name":"A"}],"type":"personal_chat"}"#,
        r#"{"chats":{"list":[]}}"#,
        r#"{"chats":{"list":[{"type":"x","messages":[]}]}}"#,
        r#"{"messages":[]}"#,
    ] {
        assert!(recognise(&part("result.json", text)).is_none(), "{text}");
    }
}

#[test]
fn people_of_one_name_are_told_apart_by_their_ids() {
    let text = r#"{"name":"x","type":"private_group","id":9,"messages":[
        {"type":"message","date_unixtime":"1709312400","from":"Alice Example","from_id":"user11","text":"a"},
        {"type":"message","date_unixtime":"1709312401","from":"Alice Example","from_id":12,"text":"b"},
        {"type":"message","date_unixtime":"1709312402","from":null,"from_id":"user13","text":"c"},
        {"type":"message","date_unixtime":"1709312403","from":"A","from_id":"channel14","text":"d"},
        {"type":"service","action":"phone_call","actor":"Alice Example","actor_id":"user11","date_unixtime":"1709312404"},
        {"type":"message","date_unixtime":"1709312405","from":"Alice Example","text":"e"}]}"#;
    let into = read(transcribe, "result.json", text);
    assert_eq!(
        column(&into, "sender_key"),
        ["user11", "user12", "user13", "channel14", "user11", "-"]
    );
    assert_eq!(column(&into, "sender")[2], "deleted account (13)");
}
