use super::common::{SHARED, codes, column, has_samples, new_part, values};
use crate::import::Hints;
use crate::import::messages::mail;
use crate::import::part::Part;
use crate::import::transcript::Transcript;

fn read_as(text: &str, account: Option<&str>) -> Transcript {
    let hints = Hints {
        account: account.map(str::to_owned),
        ..Hints::default()
    };
    let part = Part::new("evidence/mail", "mail", text.as_bytes(), text, &hints);
    let mut into = Transcript::default();
    into.start(None);
    mail::transcribe(&part, &mut into).unwrap();
    into
}

fn read(text: &str) -> Transcript {
    read_as(text, None)
}

fn recognised(text: &str) -> bool {
    mail::recognise(&new_part("f", "f", text.as_bytes(), text)).is_some()
}

const HEADERS: &str = "From: Alice <A@Example.invalid>\nTo: t@example.invalid\nDate: Fri, 1 Mar 2024 17:00:00 +0100\nSubject: hi\n";

#[test]
fn the_sample() {
    if !has_samples() {
        return;
    }
    let text = std::fs::read_to_string(format!("{SHARED}/samples/synthetic/mail.eml")).unwrap();
    assert!(recognised(&text));
    let mail = read(&text);
    assert_eq!(
        values(&mail.entries[0]),
        [
            ("received_at_local", "2024-03-01T17:00:00-05:00"),
            ("channel", "email"),
            ("event_type", "email"),
            ("sender_key", "jose@example.invalid"),
            ("sender", "jose@example.invalid"),
            ("account_under_test", "test@example.invalid"),
            ("thread", "1@example.invalid"),
            ("text", "Question about café"),
        ]
    );
    assert_eq!(mail.entries[0].row, 1);
    assert_eq!(codes(&mail), Vec::<&str>::new());
    assert!(mail.unused.contains("content-transfer-encoding") && !mail.unused.contains("from"));
}

#[test]
fn an_mbox_is_split_at_its_lines_and_not_inside_a_body() {
    let text = format!(
        "From a@x Fri Mar  1 17:00:00 2024\r\n{HEADERS}\r\nFrom here on,\nwords\n>From quoted\n\nFrom b@x Sat\nX-Gmail-Labels: Inbox\nFrom: b@x\nReferences: <root@x> <two@x>\nDate: soon\n\nbye\nFrom c@x Sun\nX-Gmail-Labels: Drafts\nFrom: c@x\n\n"
    );
    assert!(recognised(&text));
    let mbox = read(&text);
    assert_eq!(
        mbox.entries
            .iter()
            .map(|entry| entry.row)
            .collect::<Vec<_>>(),
        [1, 11]
    );
    assert_eq!(column(&mbox, "sender"), ["a@example.invalid", "b@x"]);
    assert_eq!(column(&mbox, "thread"), ["-", "root@x"]);
    assert_eq!(
        column(&mbox, "received_at_local"),
        ["2024-03-01T17:00:00+01:00", "-"]
    );
    assert_eq!(codes(&mbox), ["date-unreadable"]);
    let left: Vec<(u64, &str)> = mbox
        .left_out
        .iter()
        .map(|left| (left.row, left.reason))
        .collect();
    assert_eq!(left, [(18, "draft")]);
}

#[test]
fn a_date_without_a_zone_is_not_taken_for_utc() {
    let mail = read("From: a@x\nDate: Fri, 1 Mar 2024 17:00:00\nSubject: x\n\n");
    assert_eq!(column(&mail, "received_at_local"), ["-"]);
}

#[test]
fn the_account_is_the_one_address_that_a_received_mail_went_to() {
    assert_eq!(
        column(&read(&format!("{HEADERS}\n")), "account_under_test"),
        ["t@example.invalid"]
    );
    let own = read_as(&format!("{HEADERS}\n"), Some("a@example.invalid"));
    assert_eq!(column(&own, "account_under_test"), ["-"]);
    let many = read("From: a@x\nTo: b@x, c@x\nSubject: s\n\n");
    assert_eq!(column(&many, "account_under_test"), ["-"]);
    let none = read("Subject: s\nDate: Fri, 1 Mar 2024 17:00:00 GMT\n\n");
    assert_eq!(
        (column(&none, "sender"), codes(&none)),
        (vec!["-"], vec!["no-sender"])
    );
}

#[test]
fn attachments_are_counted_by_their_headers() {
    let text = format!(
        concat!(
            "{}Content-Type: multipart/mixed; boundary=\"out\"\n\npreamble\n",
            "--out\nContent-Type: multipart/alternative;\n boundary=in\n\n--in\nContent-Type: text/plain\n\n--not\n",
            "--in\nContent-Type: text/html\n\n<p>\n--in--\n",
            "--out\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n!!!!\n",
            "--out\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\nx\n",
            "--out\nContent-Type: message/rfc822\n\nFrom: b@x\nContent-Type: multipart/mixed; boundary=deep\n\n--deep\nContent-Type: image/png\n\n--deep--\n",
            "--out--\n",
        ),
        HEADERS
    );
    let mail = read(&text);
    assert_eq!(column(&mail, "media"), ["3"]);
    assert_eq!(column(&mail, "media_types"), ["document;message;photo"]);
    assert_eq!(column(&mail, "text"), ["hi"]);
    assert_eq!(column(&read(&format!("{HEADERS}\nbody\n")), "media"), ["-"]);
}

#[test]
fn hostile_bodies_cost_no_more_than_their_length() {
    let text = format!(
        "{HEADERS}Content-Type: multipart/mixed; boundary=b\n\n{}",
        "--b\n".repeat(300_000)
    );
    assert_eq!(read(&text).entries.len(), 1);
    let text = format!("From x\n{HEADERS}\n{}", "From y\n".repeat(300_000));
    assert_eq!(read(&text).entries.len(), 1);
}

#[test]
fn only_mail_is_recognised() {
    assert!(recognised(HEADERS));
    assert!(recognised("From MAILER Fri\nX-GM-THRID: 1\nDate: x\n\n"));
    assert!(!recognised("From here on\nwe talk: yes\n"));
    assert!(!recognised("Subject: s\n\n"));
    assert!(!recognised("From: a\nnot a header\nDate: x\n"));
    assert!(!recognised(
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://x\nSubject: s\nDate: d\n"
    ));
    assert!(!recognised("From,Date,Subject\n"));
    assert!(!recognised(""));
}
