use super::common::{column, left_out, part, read, remarks, rows, sample};
use crate::import::messages::instagram::{
    is_facebook, is_html_export, lacks_requests, recognise, transcribe,
};
use crate::import::messages::mojibake::repaired;
use crate::import::transcript::Transcript;

const INBOX: &str = "your_instagram_activity/messages/inbox/alice_1/message_1.json";

/// A conversation of Alice Example with the account Test Shop.
fn conversation(messages: &str) -> String {
    format!(
        r#"{{"participants":[{{"name":"Alice Example"}},{{"name":"Test Shop"}}],"messages":[{messages}],
        "title":"Alice Example","thread_path":"inbox/alice_1"}}"#
    )
}

fn message(ms: i64, rest: &str) -> String {
    format!(r#"{{"sender_name":"Alice Example","timestamp_ms":{ms},{rest}}}"#)
}

fn text(ms: i64, words: &str) -> String {
    message(ms, &format!(r#""content":"{words}""#))
}

fn all(messages: &[String]) -> Transcript {
    read(transcribe, INBOX, &conversation(&messages.join(",")))
}

#[test]
fn mojibake_is_repaired_only_where_it_is_mojibake() {
    assert_eq!(repaired("Jos\u{c3}\u{a9} \u{e2}\u{9c}\u{a8}"), "José ✨");
    assert_eq!(repaired("José"), "José", "a lone U+00E9 is no UTF-8");
    assert_eq!(repaired("plain"), "plain");
    assert_eq!(
        repaired("J\u{c3}\u{a9} ✨"),
        "J\u{c3}\u{a9} ✨",
        "clean beyond U+00FF"
    );
    assert_eq!(repaired(""), "");
}

#[test]
fn shared_sample_of_requests() {
    if !super::common::has_samples() {
        return;
    }
    let text = sample("synthetic/instagram_message_requests_message_1.json");
    let path = "instagram_message_requests_message_1.json";
    assert!(recognise(&part(path, &text)).is_some());
    let into = read(transcribe, path, &text);
    let origin = "channel=instagram_dm_request";
    assert_eq!(
        rows(&into),
        [
            format!(
                "{origin} | event_type=message | received_at_local=2024-03-01T17:00:00.123Z | sender=José ✨ | sender_key=jose_1/José ✨ | text=Café is open 😀 | thread=jose_1"
            ),
            "call_duration_s=0 | channel=instagram_dm_request | event_type=call_missed | received_at_local=2024-03-01T16:58:20Z | sender=José ✨ | sender_key=jose_1/José ✨ | thread=jose_1".to_string(),
            format!(
                "{origin} | event_type=message | received_at_local=2024-03-01T16:56:40Z | sender=José ✨ | sender_key=jose_1/José ✨ | thread=jose_1"
            ),
            format!(
                "{origin} | event_type=message | media=1 | media_types=share | received_at_local=2024-03-01T16:55:00Z | sender=José ✨ | sender_key=jose_1/José ✨ | thread=jose_1"
            ),
            format!(
                "{origin} | event_type=message | media=1 | media_types=photo | received_at_local=2024-03-01T16:53:20Z | sender=José ✨ | sender_key=jose_1/José ✨ | thread=jose_1"
            ),
        ]
    );
    assert!(into.left_out.is_empty());
    assert_eq!(
        remarks(&into),
        [("content-unavailable", Some(3)), ("people-by-thread", None)]
    );
    assert!(into.unused.contains("reactions"));
}

#[test]
fn media_are_counted_by_kind() {
    let media =
        r#""photos":[{"uri":"a"},{"uri":"b"}],"audio_files":[{"uri":"c"}],"sticker":{"uri":"d"}"#;
    let into = all(&[message(1709312000000, media)]);
    assert_eq!(column(&into, "media"), ["4"]);
    assert_eq!(column(&into, "media_types"), ["audio;photo;sticker"]);
    assert_eq!(remarks(&into), [("people-by-thread", None)]);
}

#[test]
fn reactions_and_notices_are_left_out() {
    let into = all(&[
        text(1709312000001, "Liked a message"),
        text(1709312000002, "Reacted 😍 to your message "),
        text(1709312000003, "Alice Example liked a message"),
        text(1709312000004, "Alice Example named the group Shop friends."),
        text(1709312000005, "Alice changed the theme to Love."),
        text(1709312000006, "I reacted badly to your message"),
        text(1709312000007, "they named the group after me"),
        text(1709312000008, "sorry I missed your call"),
    ]);
    let reasons = [
        (1, "reaction"),
        (2, "reaction"),
        (3, "reaction"),
        (4, "system-message"),
        (5, "system-message"),
    ];
    assert_eq!(left_out(&into), reasons);
    assert_eq!(
        column(&into, "event_type"),
        ["message", "message", "message"]
    );
    assert_eq!(
        column(&into, "text"),
        [
            "I reacted badly to your message",
            "they named the group after me",
            "sorry I missed your call"
        ]
    );
}

#[test]
fn a_text_that_starts_with_the_name_of_the_sender_is_remarked() {
    let into = all(&[text(1709312000000, "Alice Example hat das Thema geändert.")]);
    assert_eq!(column(&into, "event_type"), ["message"]);
    assert_eq!(
        remarks(&into),
        [
            ("possible-system-text", Some(1)),
            ("people-by-thread", None),
            ("language-without-rules", None)
        ]
    );
}

#[test]
fn calls_by_duration_by_type_and_by_text() {
    let into = all(&[
        message(1709300000000, r#""call_duration":62,"type":"Call""#),
        message(1709400000000, r#""call_duration":0"#),
        message(1709500000000, r#""call_duration":0,"missed":true"#),
        text(1709600000000, "Alice Example started a video chat"),
        text(1709700000000, "Test Shop missed your call."),
        message(1709800000000, r#""content":"Anruf","call_duration":5"#),
    ]);
    assert_eq!(
        column(&into, "event_type"),
        [
            "call",
            "call_missed",
            "call_missed",
            "call",
            "call_missed",
            "call"
        ]
    );
    assert_eq!(
        column(&into, "call_duration_s"),
        ["62", "0", "0", "-", "-", "5"]
    );
    assert_eq!(column(&into, "text"), ["-"; 6]);
    assert_eq!(
        remarks(&into),
        [("call-text-unknown", Some(6)), ("people-by-thread", None)]
    );
}

#[test]
fn start_and_end_are_one_call() {
    // The newest first, as in the files.
    let into = all(&[
        text(1709900000000, "Call ended"),
        message(
            1709312070000,
            r#""content":"Video chat ended","call_duration":60"#,
        ),
        message(
            1709312005000,
            r#""content":"Alice Example started a video chat","call_duration":0"#,
        ),
        text(1709300008000, "Alice Example missed an audio call"),
        text(1709300000000, "Alice Example started an audio call"),
    ]);
    assert_eq!(left_out(&into), [(2, "call-end"), (4, "call-end")]);
    assert_eq!(column(&into, "event_type"), ["call", "call", "call_missed"]);
    assert_eq!(column(&into, "call_duration_s"), ["-", "60", "-"]);
    let joined: Vec<u64> = into.entries.iter().map(|entry| entry.row).collect();
    assert_eq!(joined, [1, 3, 5]);
    assert_eq!(
        remarks(&into),
        [
            ("call-rows-joined", Some(3)),
            ("call-rows-joined", Some(5)),
            ("people-by-thread", None)
        ]
    );
}

#[test]
fn a_missed_call_long_after_a_start_is_another() {
    let into = all(&[
        text(1709300600000, "Alice Example missed an audio call"),
        text(1709300000000, "Alice Example started an audio call"),
    ]);
    assert_eq!(column(&into, "event_type"), ["call_missed", "call"]);
}

#[test]
fn unsent_messages_are_events() {
    let into = all(&[
        message(1709312000000, r#""is_unsent":true"#),
        text(1709312000001, "Alice Example unsent a message."),
    ]);
    assert_eq!(column(&into, "event_type"), ["unsent", "unsent"]);
    assert_eq!(column(&into, "text"), ["-", "-"]);
    assert_eq!(remarks(&into), [("people-by-thread", None)]);
}

#[test]
fn an_attachment_without_media_is_a_message_without_content() {
    let into = all(&[text(1709312000000, "Alice Example sent an attachment.")]);
    assert_eq!(column(&into, "event_type"), ["message"]);
    assert_eq!(column(&into, "text"), ["-"]);
    assert_eq!(
        remarks(&into),
        [("content-unavailable", Some(1)), ("people-by-thread", None)]
    );
}

#[test]
fn deleted_accounts_are_told_apart_by_the_conversation() {
    let one = r#"{"sender_name":"Instagram User","timestamp_ms":1709312000000,"content":"hi"}"#;
    let into = read(transcribe, INBOX, &conversation(one));
    assert_eq!(column(&into, "sender"), ["Instagram User (alice_1)"]);
    assert_eq!(
        remarks(&into),
        [("deleted-account", Some(1)), ("people-by-thread", None)]
    );
}

#[test]
fn duplicates_across_parts_are_left_out_once() {
    let text = conversation(&text(1709312000000, "hello"));
    let mut into = read(transcribe, INBOX, &text);
    into.start(Some(2));
    let request = "your_instagram_activity/messages/message_requests/alice_1/message_1.json";
    transcribe(&part(request, &text), &mut into).expect("it is transcribed");
    assert_eq!(rows(&into).len(), 1);
    assert_eq!(left_out(&into), [(2, "repeated-event")]);
    assert_eq!(into.left_out[0].member, Some(2));
}

#[test]
fn the_same_words_in_another_conversation_are_no_duplicate() {
    let first = conversation(&text(1709312000000, "hello"));
    let second = first.replace("inbox/alice_1", "inbox/alice_2");
    let mut into = read(transcribe, INBOX, &first);
    transcribe(&part(INBOX, &second), &mut into).expect("it is transcribed");
    assert_eq!(column(&into, "thread"), ["alice_1", "alice_2"]);
}

#[test]
fn nothing_vanishes_where_records_are_broken() {
    let into = all(&[
        "null".into(),
        "[]".into(),
        r#"{"timestamp_ms":1709312000000,"content":"x"}"#.into(),
        r#"{"sender_name":"Alice Example","timestamp_ms":0,"content":"y"}"#.into(),
        r#"{"sender_name":7,"timestamp_ms":99999999999999999999,"content":{}}"#.into(),
    ]);
    assert_eq!(
        left_out(&into),
        [(1, "malformed-record"), (2, "malformed-record")]
    );
    assert_eq!(
        column(&into, "received_at_local"),
        ["2024-03-01T16:53:20Z", "-", "-"]
    );
    assert_eq!(
        remarks(&into),
        [
            ("no-sender", Some(3)),
            ("no-time", Some(4)),
            ("no-sender", Some(5)),
            ("no-time", Some(5)),
            ("content-unavailable", Some(5)),
            ("people-by-thread", None),
        ]
    );
}

#[test]
fn platform_and_channel_by_path() {
    let text = conversation(&text(1709312000000, "hello"));
    let channel = |path: &str| {
        let into = read(transcribe, path, &text);
        (
            column(&into, "channel")[0].to_string(),
            remarks(&into).len(),
        )
    };
    let facebook = "your_facebook_activity/messages/filtered_threads/alice_1/message_1.json";
    assert_eq!(channel(INBOX), ("instagram_dm".to_string(), 1));
    assert_eq!(
        channel(facebook),
        ("facebook_message_request".to_string(), 1)
    );
    assert_eq!(
        channel("messages/inbox/alice_1/message_1.json"),
        ("instagram_dm".to_string(), 2)
    );
    let about = "messages/inbox/facebook_1/message_1.json";
    assert!(
        !is_facebook(&part(about, &text)),
        "the name of a conversation tells nothing"
    );
    assert!(is_facebook(&part(
        "facebook-alice/messages/inbox/a_1/message_1.json",
        &text
    )));
    assert!(recognise(&part(facebook, &text)).is_some());
}

#[test]
fn archives_without_requests() {
    let inbox = "x/messages/inbox/alice_1/message_1.json";
    let request = "x/messages/message_requests/bob_1/message_1.json";
    assert!(lacks_requests(&[inbox, "x/profile.json"]));
    assert!(!lacks_requests(&[inbox, request]));
    assert!(!lacks_requests(&["x/profile.json", "mail/inbox/1.eml"]));
}

#[test]
fn pages_in_html() {
    let page = "<html><body></body></html>";
    assert!(is_html_export(
        "your_instagram_activity/messages/inbox/a/message_1.html",
        page
    ));
    assert!(is_html_export(
        "messages/message_requests/a/message_1.html",
        page
    ));
    assert!(!is_html_export("Takeout/Voice/Calls/a.html", page));
    assert!(!is_html_export(INBOX, page));
}

#[test]
fn other_json_is_not_recognised() {
    for text in [
        r#"{"participants":["A"],"threadName":"A_1","messages":[{"senderName":"A"}]}"#,
        r#"{"name":"A","type":"personal_chat","id":1,"messages":[{"type":"message"}]}"#,
        r#"{"participants":[],"messages":[]}"#,
        "[]",
        "no json",
    ] {
        assert!(recognise(&part("a.json", text)).is_none(), "{text}");
    }
    let mut into = Transcript::default();
    assert!(transcribe(&part("a.json", "[]"), &mut into).is_err());
}

#[test]
fn people_are_told_apart_by_conversation() {
    let two = conversation(&text(1709312000000, "hello"));
    let mut into = read(transcribe, INBOX, &two);
    transcribe(
        &part(INBOX, &two.replace("inbox/alice_1", "inbox/alice_2")),
        &mut into,
    )
    .expect("it is transcribed");
    assert_eq!(
        column(&into, "sender_key"),
        ["alice_1/Alice Example", "alice_2/Alice Example"]
    );
    assert_eq!(
        remarks(&into),
        [("people-by-thread", None), ("people-by-thread", None)]
    );
    let listed: Vec<(&str, Vec<&str>)> = into
        .participants
        .iter()
        .map(|(thread, names)| (thread.as_str(), names.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        listed,
        [
            ("alice_1", vec!["Alice Example", "Test Shop"]),
            ("alice_2", vec!["Alice Example", "Test Shop"]),
        ]
    );
}

#[test]
fn participants_are_repaired() {
    let file = r#"{"participants":[{"name":"Jos\u00c3\u00a9"},{"name":" "},{}],"messages":[],"thread_path":"inbox/jose_1"}"#;
    let into = read(transcribe, INBOX, file);
    assert_eq!(
        into.participants["jose_1"].iter().collect::<Vec<_>>(),
        ["José"]
    );
    assert!(into.remarks.is_empty(), "nobody is told apart");
}

#[test]
fn channels_are_left_out() {
    let inbox = conversation(&text(1709312000000, "hello"));
    let by_thread = inbox.replace("inbox/alice_1", "broadcast/alice_1");
    let path = "your_instagram_activity/messages/broadcast/alice_1/message_1.json";
    for (path, file) in [(INBOX, &by_thread), (path, &inbox)] {
        let into = read(transcribe, path, file);
        assert!(into.entries.is_empty());
        assert_eq!(left_out(&into), [(1, "channel-post")]);
        assert!(into.participants.is_empty() && into.remarks.is_empty());
    }
}

#[test]
fn notices_in_other_languages() {
    let into = all(&[
        text(1709312000001, "Curtiu uma mensagem"),
        text(1709312000002, "A aimé un message"),
        text(1709312000003, "Bir mesajı beğendi"),
        text(1709312000004, "Le gustó un mensaje"),
        text(1709312000005, "Alice Example gefällt eine Nachricht"),
        text(1709312000006, "Reagiu com 😍 à sua mensagem"),
        text(1709312000007, "Alice Example hat einen Anhang gesendet."),
        text(1709312000008, "Alice Example a envoyé une pièce jointe."),
        text(1709312000009, "Alice Example te llamó."),
        text(1709312000010, "Alice Example hat deinen Anruf verpasst."),
    ]);
    assert_eq!(
        left_out(&into),
        [1, 2, 3, 4, 5, 6].map(|row| (row, "reaction"))
    );
    assert_eq!(
        column(&into, "event_type"),
        ["message", "message", "call", "call_missed"]
    );
    assert_eq!(column(&into, "text"), ["-"; 4]);
    assert_eq!(
        remarks(&into),
        [
            ("content-unavailable", Some(7)),
            ("content-unavailable", Some(8)),
            ("people-by-thread", None)
        ]
    );
}

#[test]
fn texts_that_may_be_notices_count_and_are_told() {
    let into = all(&[
        text(1709312000001, "Vond een bericht leuk"),
        text(1709312000002, "Test Shop werd toegevoegd"),
        text(
            1709312000003,
            "Hat eine Nachricht mit „Gefällt mir“ markiert",
        ),
        text(1709312000004, "I met Test Shop people"),
    ]);
    assert_eq!(column(&into, "event_type"), ["message"; 4]);
    assert_eq!(
        remarks(&into),
        [
            ("possible-system-text", Some(1)),
            ("possible-system-text", Some(2)),
            ("possible-system-text", Some(3)),
            ("people-by-thread", None),
            ("language-without-rules", None),
        ]
    );
}

#[test]
fn deleted_accounts_in_other_languages() {
    for name in [
        "Instagram-Nutzer",
        "Utilisateur Facebook",
        "Usuario de Instagram",
        "Użytkownik Facebooka",
        "Facebook Kullanıcısı",
    ] {
        let one =
            format!(r#"{{"sender_name":"{name}","timestamp_ms":1709312000000,"content":"x"}}"#);
        let into = read(transcribe, INBOX, &conversation(&one));
        assert_eq!(column(&into, "sender"), [format!("{name} (alice_1)")]);
        assert_eq!(column(&into, "sender_key"), [format!("alice_1/{name}")]);
        assert_eq!(remarks(&into)[0], ("deleted-account", Some(1)));
    }
}
