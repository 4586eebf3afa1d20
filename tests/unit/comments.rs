use super::common::{column, left_out, part, read, remarks, rows, sample};
use crate::import::messages::comments::{is_outgoing, recognise, transcribe};
use crate::import::transcript::Transcript;

#[test]
fn shared_sample_of_the_graph_api() {
    if !super::common::has_samples() {
        return;
    }
    let text = sample("synthetic/instagram_graph_comments_INCOMING.json");
    assert!(recognise(&part("comments.json", &text)).is_some());
    let into = read(transcribe, "comments.json", &text);
    assert_eq!(
        rows(&into),
        [
            "channel=instagram_comment | event_type=comment | received_at_local=2024-03-02T18:10:30Z | sender=user_1 | sender_key=user_1 | text=Nice bracelet | thread=17873440459141021",
            "channel=instagram_comment | event_type=comment | received_at_local=2024-03-02T19:10:30Z | sender=user_2 | sender_key=user_2 | text=ok | thread=17873440459141021",
        ]
    );
    assert!(into.left_out.is_empty() && into.remarks.is_empty());
    assert!(into.unused.contains("like_count"));
}

#[test]
fn shared_sample_of_own_comments_is_refused() {
    if !super::common::has_samples() {
        return;
    }
    let text = sample("synthetic/instagram_post_comments_1_OUTGOING.json");
    let own = part("post_comments_1.json", &text);
    assert!(recognise(&own).is_some() && is_outgoing(&own));
    let mut into = Transcript::default();
    let error = transcribe(&own, &mut into).expect_err("it is refused");
    assert_eq!(error.problems.len(), 1);
    assert_eq!(error.problems[0].code, "outgoing-comments");
    assert_eq!(
        error.problems[0].message,
        "these are comments that the account itself wrote, not comments that it received"
    );
    assert_eq!(
        error.problems[0].hint.as_deref(),
        Some(
            "a download of an account's own data does not hold what others wrote under its posts; record a contact log instead"
        )
    );
    assert!(into.entries.is_empty());
}

#[test]
fn other_files_of_own_comments() {
    let own = |name: &str, text: &str| is_outgoing(&part(name, text));
    assert!(own(
        "reels_comments.json",
        r#"{"comments_reels_comments":[]}"#
    ));
    assert!(own("comments.json", r#"{"comments_v2":[{"timestamp":1}]}"#));
    assert!(own(
        "post_comments_1.json",
        r#"[{"label_values":[],"timestamp":1}]"#
    ));
    assert!(own(
        "post_comments_1.json",
        r#"[{"string_map_data":{"Kommentar":{"value":"x"}}}]"#
    ));
    assert!(!own(
        "liked_comments.json",
        r#"[{"label_values":[],"timestamp":1}]"#
    ));
    assert!(!own(
        "profile.json",
        r#"[{"string_map_data":{"Name":{"value":"x"}}}]"#
    ));
}

#[test]
fn hidden_comments_replies_and_further_pages() {
    let text = r#"{"data":[
      {"id":"1","text":"a","timestamp":"2024-03-02T18:10:30+0200","username":"alice","hidden":true,
       "replies":{"data":[{"id":"2","text":"","timestamp":"x","from":{"id":"9","username":"bob"}},{"id":"3","text":"c","timestamp":"2024-03-02T18:12:30+0000"}]}},
      {"id":"3","text":"d","timestamp":"2024-03-02T18:13:30+0000","username":"carol","parent_id":"1"},
      {"id":"3","text":"d","timestamp":"2024-03-02T18:13:30+0000","username":"carol","parent_id":"1"},
      17],
      "paging":{"cursors":{"after":"x"},"next":"https://example.org/?access_token=REDACT_ME"}}"#;
    let into = read(transcribe, "comments.json", text);
    assert_eq!(column(&into, "sender"), ["alice", "bob", "-", "carol"]);
    assert_eq!(column(&into, "thread"), ["1", "1", "1", "1"]);
    assert_eq!(
        column(&into, "received_at_local"),
        [
            "2024-03-02T18:10:30+02:00",
            "-",
            "2024-03-02T18:12:30Z",
            "2024-03-02T18:13:30Z"
        ]
    );
    assert_eq!(
        left_out(&into),
        [(5, "repeated-event"), (6, "malformed-record")]
    );
    assert_eq!(
        remarks(&into),
        [
            ("more-pages", None),
            ("hidden-comments", Some(1)),
            ("no-time", Some(2)),
            ("content-unavailable", Some(2)),
            ("no-sender", Some(3)),
        ]
    );
    assert!(!rows(&into).join("").contains("access_token"));
}

#[test]
fn notifications() {
    let text = r#"{"object":"instagram","entry":[
      {"id":"11","time":1709312000,"changes":[
        {"field":"comments","value":{"id":"5","text":"nice","from":{"id":"9","username":"alice"},"media":{"id":"70","media_product_type":"AD","ad_id":"120","ad_title":"x"}}},
        {"field":"comments","value":{"id":"6","parent_id":"5","text":"thanks","from":{"id":"11","username":"test.shop"},"media":{"id":"70"}}},
        {"field":"mentions","value":{"comment_id":"7"}}]},
      {"id":"11","time":1709312000,"messaging":[{}]}]}"#;
    assert!(recognise(&part("hook.json", text)).is_some());
    let into = read(transcribe, "hook.json", text);
    assert_eq!(
        rows(&into),
        [
            "ad_id=120 | channel=instagram_comment | event_type=comment | received_at_local=2024-03-01T16:53:20Z | sender=alice | sender_key=alice | text=nice | thread=5",
            "channel=instagram_comment | direction=out | event_type=comment | received_at_local=2024-03-01T16:53:20Z | sender=test.shop | sender_key=test.shop | text=thanks | thread=5",
        ]
    );
    assert_eq!(
        left_out(&into),
        [(3, "other-notification"), (4, "other-notification")]
    );
    assert_eq!(
        remarks(&into),
        [
            ("notification-time", Some(1)),
            ("notification-time", Some(2))
        ]
    );
    let whatsapp = text.replace("\"comments\"", "\"messages\"");
    assert!(recognise(&part("hook.json", &whatsapp)).is_none());
}

#[test]
fn scraped_comments() {
    let text = r#"[
      {"id":"1","postUrl":"https://www.instagram.com/p/x/","text":"hey","ownerUsername":"alice","timestamp":"2024-03-01T12:00:00.500Z","likesCount":3,
       "replies":[{"id":"2","text":"ho","ownerUsername":"bob","timestamp":"2024-03-01T12:01:00.000Z"}]},
      {"id":"3","text":"yo","author_username":"carol","created_at":1709312000}]"#;
    assert!(recognise(&part("scrape.json", text)).is_some());
    let into = read(transcribe, "scrape.json", text);
    assert_eq!(column(&into, "sender"), ["alice", "bob", "carol"]);
    assert_eq!(column(&into, "thread"), ["1", "1", "3"]);
    assert_eq!(
        column(&into, "received_at_local"),
        [
            "2024-03-01T12:00:00.500Z",
            "2024-03-01T12:01:00Z",
            "2024-03-01T16:53:20Z"
        ]
    );
}

#[test]
fn scraped_lines() {
    let text = "{\"id\":\"1\",\"text\":\"a\",\"ownerUsername\":\"alice\",\"timestamp\":\"2024-03-01 12:00:00\"}\n\
                {\"id\":\"2\",\"text\":\"b\",\"ownerUsername\":\"bob\",\"timestamp\":1709312000123}\n";
    assert!(recognise(&part("scrape.jsonl", text)).is_some());
    let into = read(transcribe, "scrape.jsonl", text);
    assert_eq!(
        column(&into, "received_at_local"),
        ["2024-03-01T12:00:00", "2024-03-01T16:53:20.123Z"]
    );
}

#[test]
fn other_json_is_not_recognised() {
    for text in [
        r#"{"data":[{"id":"1","ad_snapshot_url":"x"}]}"#,
        r#"{"data":[{"id":"1","text":"post","username":"a","timestamp":"2024-03-01T12:00:00+0000","permalink":"https://www.threads.net/x"}]}"#,
        r#"[{"id":"1","text":"post","author_username":"a","created_at":"2024-03-01","source_url":"https://x.com/1"}]"#,
        r#"[{"string_map_data":{"Name":{"value":"x"}}}]"#,
        r#"{"messages":[]}"#,
        "[]",
    ] {
        assert!(recognise(&part("a.json", text)).is_none(), "{text}");
    }
}
