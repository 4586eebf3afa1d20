use crate::import::captures::mhtml;
use crate::import::captures::web_address::without_secrets;
use crate::import::messages::mail;
use crate::import::transcript::Transcript;

fn read(text: &str) -> Transcript {
    let part = super::common::new_part("evidence/page.mhtml", "page.mhtml", text.as_bytes(), text);
    assert!(mhtml::recognise(&part).is_some());
    assert!(mail::recognise(&part).is_none());
    let mut into = Transcript::default();
    into.start(None);
    mhtml::transcribe(&part, &mut into).unwrap();
    into
}

fn values(transcript: &Transcript) -> Vec<(&str, &str)> {
    transcript.entries[0]
        .values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[test]
fn a_saved_page_is_one_capture() {
    let page = read(concat!(
        "From: <Saved by Blink>\r\n",
        "Snapshot-Content-Location: https://example.invalid/ads?id=1&access_token=SECRET&x=2\r\n",
        "Subject: =?utf-8?Q?Caf=C3=A9?=\r\n",
        "Date: Fri, 1 Mar 2024 17:00:00 -0500\r\n",
        "MIME-Version: 1.0\r\n",
        "Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"b\"\r\n\r\n",
        "------b\r\nContent-Location: https://example.invalid/other\r\n\r\nbody",
    ));
    assert_eq!(page.entries.len(), 1);
    assert_eq!(
        values(&page),
        [
            ("source_url", "https://example.invalid/ads?id=1&x=2"),
            ("captured_at", "2024-03-01T22:00:00Z"),
            ("tool", "Blink (MHTML)"),
            ("title", "Café"),
            ("method", "page capture"),
        ]
    );
    assert!(page.remarks.is_empty());
}

#[test]
fn what_cannot_be_read_is_missing_and_told() {
    let page = read("From: <Saved by X>\nSnapshot-Content-Location:\nDate: Mon, Sept 5 2016\n\n");
    assert_eq!(
        values(&page),
        [("tool", "MHTML"), ("method", "page capture")]
    );
    let codes: Vec<&str> = page.remarks.iter().map(|remark| remark.code).collect();
    assert_eq!(codes, ["date-unreadable", "no-address"]);
}

#[test]
fn a_date_of_universal_time_is_read() {
    for date in [
        "Fri, 1 Mar 2024 17:00:00 -0000",
        "Fri, 01 Mar 2024 17:00:00 GMT",
    ] {
        let page = read(&format!(
            "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.invalid/\nDate: {date}\n\n"
        ));
        assert_eq!(
            page.entries[0].get("captured_at"),
            Some("2024-03-01T17:00:00Z")
        );
    }
}

#[test]
fn the_header_in_a_body_is_no_header() {
    let text = "From: a@x\nSubject: s\n\nSnapshot-Content-Location: https://x\n";
    assert!(mhtml::recognise(&super::common::new_part("f", "f", text.as_bytes(), text)).is_none());
}

#[test]
fn addresses_lose_their_secrets() {
    for (address, kept) in [
        ("https://x.invalid/a?b=1#c", "https://x.invalid/a?b=1#c"),
        (
            "https://x.invalid/?oh=1&oe=2&_nc_ht=3&ok=4&joe=5",
            "https://x.invalid/?ok=4&joe=5",
        ),
        ("https://x.invalid/?Access%5FToken=1", "https://x.invalid/"),
        ("https://x.invalid/#access_token=1", "https://x.invalid/"),
        (
            "https://x.invalid/?u=https%3A%2F%2Fy%2F%3Foh%3D1&v=2",
            "https://x.invalid/?v=2",
        ),
        (
            "https://x.invalid/?u=%2525%2561ccess_token",
            "https://x.invalid/",
        ),
        ("https://alice:secret@x.invalid/p", "https://x.invalid/p"),
        ("https://x.invalid/access_token=1/p", "https://x.invalid"),
        ("https://x.invalid/\n p", "https://x.invalid/p"),
        ("%", "%"),
        ("", ""),
    ] {
        assert_eq!(without_secrets(address), kept, "{address}");
    }
}
