use super::common::{codes, column, has_samples, new_part, sample, values};
use crate::import::messages::sms_backup;
use crate::import::transcript::Transcript;

fn attempt(text: &str) -> crate::error::Result<Transcript> {
    let part = new_part("evidence/sms.xml", "sms.xml", text.as_bytes(), text);
    let mut into = Transcript::default();
    into.start(None);
    sms_backup::transcribe(&part, &mut into)?;
    Ok(into)
}

fn read(text: &str) -> Transcript {
    attempt(text).unwrap()
}

fn body(body: &str) -> String {
    let text = format!(
        r#"<smses count="1"><sms address="+15550100" date="1709312400000" type="1" body={body}/></smses>"#
    );
    read(&text).entries[0].get("text").unwrap_or("-").to_owned()
}

#[test]
fn messages_in_and_out_are_rows_and_what_was_not_sent_is_left_out() {
    let backup = read(concat!(
        r#"<smses count="8">"#,
        r#"<sms address="+15550100" date="1709312400123" type="1" body="hi" colour="x"/>"#,
        r#"<sms address="+15550100" date="1709312401000" type="2" body="no"/>"#,
        r#"<sms address="+15550100" date="1709312401000" type="3" body="d"/>"#,
        r#"<sms address="+15550100" date="1709312401000" type="4" body="d"/>"#,
        r#"<sms address="+15550100" date="1709312401000" type="5" body="d"/>"#,
        r#"<sms address="+15550100" date="1709312401000" type="6" body="d"/>"#,
        r#"<sms address="+15550100" date="1709312401000" type="9" body="d"/>"#,
        r#"<sms address="null" date="0" type="1" body="null"/>"#,
        "</smses>",
    ));
    assert_eq!(
        values(&backup.entries[0]),
        [
            ("received_at_local", "2024-03-01T17:00:00.123Z"),
            ("channel", "sms"),
            ("direction", "in"),
            ("sender", "+15550100"),
            ("sender_key", "+15550100"),
            ("thread", "+15550100"),
            ("event_type", "message"),
            ("text", "hi"),
        ]
    );
    assert_eq!(column(&backup, "direction"), ["in", "out", "in"]);
    assert_eq!(column(&backup, "sender"), ["+15550100", "-", "-"]);
    assert_eq!(column(&backup, "received_at_local")[2], "-");
    assert_eq!(
        backup
            .entries
            .iter()
            .map(|entry| entry.row)
            .collect::<Vec<_>>(),
        [1, 2, 8]
    );
    let reasons: Vec<(u64, &str)> = backup
        .left_out
        .iter()
        .map(|left| (left.row, left.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            (3, "not-sent"),
            (4, "not-sent"),
            (5, "not-sent"),
            (6, "not-sent"),
            (7, "unknown-type")
        ]
    );
    assert_eq!(codes(&backup), ["no-content", "number-withheld", "no-time"]);
    assert_eq!(
        backup.unused.iter().map(String::as_str).collect::<Vec<_>>(),
        ["colour"]
    );
}

#[test]
fn surrogates_are_joined_and_unknown_entities_kept() {
    assert_eq!(body(r#""Hi &#55357;&#56832;!""#), "Hi \u{1F600}!");
    assert_eq!(body(r#""&#xD83D;&#xDE00;""#), "\u{1F600}");
    assert_eq!(
        body(r#""&#55357; &#56832;&#55357;""#),
        "\u{FFFD} \u{FFFD}\u{FFFD}"
    );
    assert_eq!(body(r#""a&#0;b&#10;c""#), "a\u{FFFD}b\nc");
    assert_eq!(
        body(r#""&lt;&amp;amp;&gt; &lol; & &#x; &#99999999;""#),
        "<&amp;> &lol; & &#x; \u{FFFD}"
    );
    assert_eq!(
        body(r#"'he said data="AAAA" &quot;'"#),
        r#"he said data="AAAA" ""#
    );
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let text = r#"<!DOCTYPE smses [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/passwd">]>
        <smses count="1"><sms address="1" date="1709312400000" type="1" body="&a;&b;"/>&a;</smses>"#;
    assert_eq!(column(&read(text), "text"), ["&a;&b;"]);
}

#[test]
fn parts_of_a_multimedia_message_are_counted_and_never_decoded() {
    let media = "QUJD".repeat(300_000);
    let text = format!(
        concat!(
            r#"<smses count="2"><mms date="1709312500000" msg_box="1" address="+15550100~+15550101"><parts>"#,
            r#"<part ct="application/smil" text="smil" data="null"/><part ct="text/plain" text="one"/>"#,
            r#"<part ct="text/plain" text="two"/><part ct="image/jpeg" text="null" data="{}"/>"#,
            r#"<part ct="image/png"/><part ct="text/x-vCard" text="BEGIN"/></parts>"#,
            r#"<addrs><addr address="+15550101" type="137"/><addr address="+15550199" type="151"/></addrs></mms>"#,
            r#"<mms date="1709312500000" msg_box="2" address="+15550100"><addrs>"#,
            r#"<addr address="insert-address-token" type="137"/></addrs></mms></smses>"#,
        ),
        media
    );
    let backup = read(&text);
    assert_eq!(
        values(&backup.entries[0]),
        [
            ("received_at_local", "2024-03-01T17:01:40Z"),
            ("channel", "mms"),
            ("direction", "in"),
            ("sender", "+15550101"),
            ("sender_key", "+15550101"),
            ("thread", "+15550100~+15550101"),
            ("event_type", "message"),
            ("text", "one\ntwo"),
            ("media", "3"),
            ("media_types", "contact;photo"),
        ]
    );
    assert_eq!(column(&backup, "sender"), ["+15550101", "-"]);
    assert_eq!(codes(&backup), ["no-content"]);
    assert!(!backup.unused.contains("data"));
}

#[test]
fn calls_are_told_apart() {
    let call = |number: &str, kind: u8| {
        format!(
            r#"<call number="{number}" duration="3" date="1709312600000" type="{kind}" presentation="1"/>"#
        )
    };
    let mut text = r#"<calls count="10">"#.to_owned();
    text.extend((1..=8).map(|kind| call("+15550100", kind)));
    text += &call("", 1);
    text += &call("-2", 3);
    text += "</calls>";
    let backup = read(&text);
    assert_eq!(
        column(&backup, "event_type"),
        [
            "call",
            "call",
            "call_missed",
            "voicemail",
            "call_missed",
            "call_missed",
            "call",
            "call",
            "call_missed"
        ]
    );
    assert_eq!(
        column(&backup, "direction"),
        ["in", "out", "in", "in", "in", "in", "in", "in", "in"]
    );
    assert_eq!(
        column(&backup, "sender")[..3],
        ["+15550100", "-", "+15550100"]
    );
    assert_eq!(column(&backup, "sender")[7..], ["-", "-"]);
    assert_eq!(column(&backup, "call_duration_s"), ["3"; 9]);
    assert_eq!(
        codes(&backup),
        [
            "call-rejected",
            "call-rejected",
            "call-answered-elsewhere",
            "number-withheld",
            "number-withheld"
        ]
    );
    assert_eq!(backup.left_out[0].reason, "unknown-type");
}

#[test]
fn a_cut_file_gives_nothing() {
    let whole = r#"<smses count="1"><sms address="1" date="1709312400000" type="1" body="a &gt; b"/><mms msg_box="1" date="1"><parts/></mms></smses>"#;
    assert_eq!(read(whole).entries.len(), 2);
    for end in 1..whole.len() {
        let error = attempt(&whole[..end]).unwrap_err();
        assert_eq!(
            error.problems[0].code,
            "truncated-file",
            "{}",
            &whole[..end]
        );
    }
    let error = attempt("<smses>\n</sms></smses>").unwrap_err();
    assert_eq!(
        (error.problems[0].code, error.problems[0].line),
        ("malformed-xml", Some(2))
    );
}

#[test]
fn a_wrong_number_of_records_is_told() {
    assert_eq!(
        codes(&read(r#"<calls count="2"></calls>"#)),
        ["count-differs"]
    );
    assert_eq!(codes(&read(r#"<calls count="0"/>"#)), Vec::<&str>::new());
}

#[test]
fn hostile_elements_cost_no_more_than_their_length() {
    let attributes: String = (0..200_000)
        .map(|number| format!(" a{number}=''"))
        .collect();
    let text = format!(
        "<smses><sms type='1'{attributes}/>{}{}</smses>",
        "<p>".repeat(100_000),
        "</p>".repeat(100_000)
    );
    assert_eq!(read(&text).entries.len(), 1);
}

#[test]
fn control_characters_and_stray_ampersands_do_not_stop_the_reading() {
    let text = "<smses count='1'> & \u{1}<sms type='1' date='1709312400000' address='1' body='a\u{1}b'/></smses>";
    assert_eq!(column(&read(text), "text"), ["a\u{1}b"]);
}

#[test]
fn only_backups_are_recognised() {
    let is =
        |text: &str| sms_backup::recognise(&new_part("f", "f", text.as_bytes(), text)).is_some();
    assert!(is("<?xml version='1.0'?><!--x--><smses count='0'/>"));
    assert!(is("<calls count='1'>"));
    assert!(!is("<html><smses/></html>"));
    assert!(!is("smses"));
    assert!(!is("<"));
}

#[test]
fn the_samples() {
    if !has_samples() {
        return;
    }
    let text = sample("synthetic/sms-backup.xml");
    let backup = read(&text);
    assert_eq!(column(&backup, "text"), ["Hi \u{1F600}", "see picture"]);
    assert_eq!(column(&backup, "media_types"), ["-", "photo"]);
    assert_eq!(column(&backup, "sender"), ["+15550100001"; 2]);
    assert_eq!(codes(&backup), Vec::<&str>::new());
    assert!(sms_backup::recognise(&new_part("f", "f", text.as_bytes(), &text)).is_some());

    let backup = read(&sample("synthetic/calls-backup.xml"));
    assert_eq!(
        column(&backup, "event_type"),
        ["call_missed", "call", "call"]
    );
    assert_eq!(column(&backup, "direction"), ["in", "in", "out"]);
    assert_eq!(column(&backup, "sender"), ["+15550100001", "-", "-"]);
    assert_eq!(
        column(&backup, "received_at_local")[0],
        "2024-03-01T17:03:20Z"
    );
    assert_eq!(codes(&backup), ["number-withheld"]);
}

#[test]
fn callers_who_withhold_their_number_are_nobody() {
    let call = |number: &str, presentation: &str| {
        format!(
            r#"<call number="{number}" duration="0" date="1709312600000" type="3" presentation="{presentation}"/>"#
        )
    };
    let withheld = [
        call("+15550100", "2"),
        call("+15550100", "3"),
        call("+15550100", "4"),
        call("Anonymous", "1"),
        call("UNKNOWN", "1"),
        call("Unbekannt", "1"),
        call("Private", "1"),
        call("Restricted", "1"),
        call("null", "1"),
        call("-1", "1"),
        call("-2", "null"),
        call("", "1"),
        call("anonymous@anonymous.invalid", "1"),
    ];
    let text = format!(r#"<calls count="13">{}</calls>"#, withheld.concat());
    let backup = read(&text);
    assert_eq!(column(&backup, "sender"), ["-"; 13]);
    assert_eq!(column(&backup, "sender_key"), ["-"; 13]);
    assert_eq!(codes(&backup), ["number-withheld"; 13]);

    let known = call("+1 (555) 0100", "1") + &call("alice@example.invalid", "1") + &call("110", "");
    let backup = read(&format!(r#"<calls count="3">{known}</calls>"#));
    assert_eq!(
        column(&backup, "sender"),
        ["+1 (555) 0100", "alice@example.invalid", "110"]
    );
    assert_eq!(column(&backup, "sender_key"), ["+15550100", "-", "110"]);
    assert_eq!(codes(&backup), Vec::<&str>::new());
}

#[test]
fn a_sender_with_a_name_has_no_key() {
    let text = r#"<smses count="1"><sms address="Example Shop" date="1709312400000" type="1" body="x"/></smses>"#;
    let backup = read(text);
    assert_eq!(column(&backup, "sender"), ["Example Shop"]);
    assert_eq!(column(&backup, "sender_key"), ["-"]);
}
