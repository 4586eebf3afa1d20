use super::common::{SHARED, codes, column, has_samples, new_part, values};
use crate::import::messages::google_voice;
use crate::import::transcript::Transcript;

fn attempt(path: &str, text: &str) -> crate::error::Result<Transcript> {
    let part = new_part("evidence/takeout.zip", path, text.as_bytes(), text);
    let mut into = Transcript::default();
    into.start(None);
    google_voice::transcribe(&part, &mut into)?;
    Ok(into)
}

fn sample(name: &str) -> Transcript {
    let text = std::fs::read_to_string(format!("{SHARED}/samples/google_voice/{name}")).unwrap();
    assert!(google_voice::recognise(&new_part("f", name, text.as_bytes(), &text)).is_some());
    attempt(&format!("Takeout/Voice/Calls/{name}"), &text).unwrap()
}

fn call(label: &str, number: &str, title: &str) -> String {
    format!(
        r##"<html><body><div class="haudio"><a class="tel" href="tel:{number}"><span class="fn"></span></a>
        <abbr class="published" title="{title}">x</abbr><abbr class="duration" title="PT1M4S">x</abbr>
        <a rel="tag" href="http://www.google.com/voice#{label}">x</a>
        <div class="deletedStatusContainer">User Deleted: True</div></div></body></html>"##
    )
}

#[test]
fn calls_are_told_apart_by_their_labels() {
    for (label, direction, event, sender) in [
        ("missed", "in", "call_missed", "+15550100"),
        ("received", "in", "call", "+15550100"),
        ("placed", "out", "call", "-"),
        ("voicemail", "in", "voicemail", "+15550100"),
        ("recorded", "-", "call", "+15550100"),
    ] {
        let page = attempt(
            "x.html",
            &call(label, "+15550100", "2016-11-22T14:27:58.000-08:00"),
        )
        .unwrap();
        assert_eq!(column(&page, "direction"), [direction], "{label}");
        assert_eq!(column(&page, "event_type"), [event], "{label}");
        assert_eq!(column(&page, "sender"), [sender], "{label}");
        assert_eq!(column(&page, "thread"), ["+15550100"], "{label}");
        assert_eq!(column(&page, "call_duration_s"), ["64"], "{label}");
        assert_eq!(codes(&page), ["user-deleted"], "{label}");
    }
}

#[test]
fn the_name_of_the_file_helps_out() {
    let path = "Takeout/Voice/Spam/Alice - Missed - 2016-11-22T22_27_58Z.html";
    let page = attempt(path, &call("inbox", "", "Nov 22")).unwrap();
    assert_eq!(
        values(&page.entries[0])[..5],
        [
            ("received_at_local", "2016-11-22T22:27:58Z"),
            ("channel", "google_voice_spam"),
            ("direction", "in"),
            ("event_type", "call_missed"),
            ("thread", "Alice"),
        ]
    );
    assert_eq!(
        codes(&page),
        ["time-from-name", "number-withheld", "user-deleted"]
    );
    let page = attempt(
        path,
        &call("missed", "+15550100", "2016-11-22T14:27:57.000-08:00"),
    )
    .unwrap();
    assert_eq!(codes(&page), ["time-differs-from-name", "user-deleted"]);
    let page = attempt(
        "x.html",
        &call("other", "+15550100", "2016-11-22T14:27:57.000-08:00"),
    )
    .unwrap();
    assert_eq!(
        (page.entries.len(), page.left_out[0].reason),
        (0, "unknown-type")
    );
}

#[test]
fn a_group_conversation_names_those_who_take_part() {
    let text = r#"<body><div class="participants">With <cite class="sender vcard"><a class="tel" href="tel:+15550101">x</a></cite>
        <cite class="sender vcard"><a class="tel" href="tel:+15550100">x</a></cite></div><div class="hChatLog hfeed">
        <div class="message"><abbr class="dt" title="2022-06-30T18:06:39.894-07:00">x</abbr>
        <cite class="sender vcard"><a class="tel" href="tel:+15550100"><span class="fn">Me</span></a></cite>: <q>a<br>b &amp; c</q></div>
        <div class="message"><abbr class="dt" title="x">x</abbr>
        <cite class="sender vcard"><a class="tel" href="tel:"><span class="fn"></span></a></cite>: <q>MMS Received</q>
        <div><img src="a" alt="Image MMS Attachment"><a class="vcard" href="b">x</a><audio src="c"></audio></div></div>
        </div></body>"#;
    let page = attempt(
        "Takeout/Voice/Calls/Group Conversation - 2022-07-01T01_06_39Z.html",
        text,
    )
    .unwrap();
    assert_eq!(column(&page, "thread"), ["+15550100~+15550101"; 2]);
    assert_eq!(
        column(&page, "direction"),
        ["in", "in"],
        "a contact may be called Me"
    );
    assert_eq!(column(&page, "text"), ["a\nb & c", "-"]);
    assert_eq!(column(&page, "media"), ["-", "3"]);
    assert_eq!(column(&page, "media_types"), ["-", "audio;contact;photo"]);
    assert_eq!(codes(&page), ["no-time", "number-withheld"]);
}

#[test]
fn a_page_that_would_keep_the_parser_busy_is_refused() {
    for text in [
        "<div class=\"haudio\">".repeat(100_000),
        format!("<div class=\"haudio\">{}", "<b>x".repeat(10)),
        format!("<div {}>", "a ".repeat(5000)),
    ] {
        assert_eq!(
            attempt("x.html", &text).unwrap_err().problems[0].code,
            "html-too-deep"
        );
    }
}

#[test]
fn only_pages_of_google_voice_are_recognised() {
    let is =
        |text: &str| google_voice::recognise(&new_part("f", "f", text.as_bytes(), text)).is_some();
    assert!(is("<div class=\"hChatLog hfeed\"><div class=\"message\">"));
    assert!(!is("<html><div class=\"message\">"));
    assert!(!is("class=\"hChatLog\" class=\"message\""));
}

#[test]
fn the_samples_of_calls() {
    if !has_samples() {
        return;
    }
    let page = sample(" - Placed - 2013-07-29T20_56_11Z.html");
    assert_eq!(
        values(&page.entries[0]),
        [
            ("received_at_local", "2013-07-29T13:56:11.000-07:00"),
            ("channel", "google_voice"),
            ("direction", "out"),
            ("event_type", "call"),
            ("call_duration_s", "2"),
        ]
    );
    assert_eq!(codes(&page), ["number-withheld"]);
    let page = sample("+17323215555 - Received - 2016-11-22T22_27_58Z.html");
    assert_eq!(column(&page, "sender"), ["+17323215555"]);
    assert_eq!(column(&page, "call_duration_s"), ["4"]);
    assert_eq!(codes(&page), Vec::<&str>::new());
    let page = sample("+17323218888 - 2015-03-20T03_59_29Z.html");
    assert_eq!(column(&page, "direction"), ["out"]);
    assert_eq!(column(&page, "thread"), ["+17323218888"]);
    assert_eq!(column(&page, "call_duration_s"), ["60"]);
    assert_eq!(codes(&page), Vec::<&str>::new());
    let page = sample("psanford_missedcall.html");
    assert_eq!(column(&page, "event_type"), ["call_missed"]);
    assert_eq!(column(&page, "sender"), ["+66666"]);
    let page = sample("psanford_voicemail.html");
    assert_eq!(column(&page, "event_type"), ["voicemail"]);
    assert_eq!(column(&page, "media_types"), ["audio"]);
    assert_eq!(column(&page, "call_duration_s"), ["18"]);
    assert!(column(&page, "text")[0].starts_with("Hi Peter"));
}

#[test]
fn the_sample_of_a_conversation() {
    if !has_samples() {
        return;
    }
    let page = sample("psanford_sms.html");
    assert_eq!(column(&page, "direction"), ["out", "out", "in", "in", "in"]);
    assert_eq!(
        column(&page, "sender"),
        ["+2222", "+2222", "+333", "+333", "+333"]
    );
    assert_eq!(column(&page, "thread"), ["+333"; 5]);
    assert_eq!(column(&page, "media_types"), ["-", "photo", "-", "-", "-"]);
    assert_eq!(column(&page, "text")[1..3], ["-", "\u{1F49A}"]);
    assert_eq!(
        column(&page, "received_at_local")[0],
        "2022-06-30T18:06:39.894-07:00"
    );
    assert_eq!(codes(&page), Vec::<&str>::new());
}

#[test]
fn the_number_is_the_key_of_a_person() {
    let page = attempt(
        "x.html",
        &call("missed", "+1 555-0100", "2016-11-22T14:27:58.000-08:00"),
    )
    .unwrap();
    assert_eq!(column(&page, "sender_key"), ["+15550100"]);
    let page = attempt(
        "x.html",
        &call("placed", "+15550100", "2016-11-22T14:27:58.000-08:00"),
    )
    .unwrap();
    assert_eq!(column(&page, "sender_key"), ["-"]);
}
