//! Nothing panics, no record vanishes, no format claims another's file. Over the samples (SHARED).

use super::common::{SHARED, Transcriber, part, read, sample};
use crate::import::messages::{comments, instagram, messenger, signal, telegram};
use crate::import::part::Part;
use crate::import::transcript::Transcript;
use serde_json::{Value, json};

type Recogniser = fn(&Part<'_>) -> Option<String>;

const FORMATS: [(&str, Recogniser, Transcriber); 5] = [
    (instagram::NAME, instagram::recognise, instagram::transcribe),
    (messenger::NAME, messenger::recognise, messenger::transcribe),
    (comments::NAME, comments::recognise, comments::transcribe),
    (telegram::NAME, telegram::recognise, telegram::transcribe),
    (signal::NAME, signal::recognise, signal::transcribe),
];

const OWN: [(&str, &str); 9] = [
    (
        "synthetic/instagram_message_requests_message_1.json",
        "instagram-messages",
    ),
    ("synthetic/messenger_e2ee_José_7.json", "messenger-e2ee"),
    (
        "synthetic/instagram_graph_comments_INCOMING.json",
        "instagram-comments",
    ),
    (
        "synthetic/instagram_post_comments_1_OUTGOING.json",
        "instagram-comments",
    ),
    ("synthetic/signal_export_data.jsonl", "signal-export"),
    ("telegram/frozenspider_2020-01.json", "telegram-export"),
    ("telegram/frozenspider_2023-01.json", "telegram-export"),
    ("telegram/frozenspider_2023-08.json", "telegram-export"),
    ("telegram/frozenspider_2024-01.json", "telegram-export"),
];

fn files(folder: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it is readable").path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            files(&name, found)
        } else {
            found.push(name)
        }
    }
}

#[test]
fn each_shared_file_is_claimed_by_its_format_only() {
    if !super::common::has_samples() {
        return;
    }
    let mut found = Vec::new();
    files(&format!("{SHARED}/samples"), &mut found);
    files(&format!("{SHARED}/real"), &mut found);
    let mut claimed = 0;
    for path in found {
        let bytes = std::fs::read(&path).expect("it is readable");
        let text = String::from_utf8_lossy(&bytes);
        let one = part(&path, &text);
        let claims: Vec<&str> = FORMATS
            .iter()
            .filter(|(_, is, _)| is(&one).is_some())
            .map(|(name, ..)| *name)
            .collect();
        let own = OWN
            .iter()
            .find(|(own, _)| path.ends_with(own))
            .map(|(_, name)| *name);
        assert_eq!(claims, own.into_iter().collect::<Vec<_>>(), "{path}");
        claimed += claims.len();
    }
    assert_eq!(claimed, OWN.len());
}

/// Replaces the value of a number, and counts the values.
fn with_leaf(value: &mut Value, wanted: usize, by: &Value, number: &mut usize) {
    if *number == wanted {
        *value = by.clone();
    }
    *number += 1;
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|one| with_leaf(one, wanted, by, number)),
        Value::Object(keys) => {
            keys.iter_mut()
                .for_each(|(_, one)| with_leaf(one, wanted, by, number));
        }
        _ => {}
    }
}

#[test]
fn no_change_of_a_value_panics() {
    if !super::common::has_samples() {
        return;
    }
    let others = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!("\u{0}\u{202e}é"),
        json!([[]]),
        json!({"a": {}}),
    ];
    let mut read_at_all = 0;
    for (name, _) in OWN {
        let text = sample(name);
        let Ok(whole) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        let mut count = 0;
        with_leaf(&mut whole.clone(), usize::MAX, &json!(null), &mut count);
        for (wanted, by) in (0..count)
            .step_by(1 + count / 100)
            .flat_map(|wanted| others.iter().map(move |by| (wanted, by)))
        {
            let mut changed = whole.clone();
            with_leaf(&mut changed, wanted, by, &mut 0);
            let text = changed.to_string();
            for (_, recognise, transcribe) in FORMATS {
                let one = part("messages/inbox/a_1/message_1.json", &text);
                recognise(&one);
                read_at_all += usize::from(transcribe(&one, &mut Transcript::default()).is_ok());
            }
        }
    }
    assert!(read_at_all > 1000, "{read_at_all}");
}

#[test]
fn every_record_is_a_row_or_left_out() {
    if !super::common::has_samples() {
        return;
    }
    for (name, expected) in [
        ("telegram/frozenspider_2020-01.json", 50),
        ("telegram/frozenspider_2023-01.json", 6),
        ("telegram/frozenspider_2023-08.json", 2),
        ("telegram/frozenspider_2024-01.json", 2),
    ] {
        let into = read(telegram::transcribe, name, &sample(name));
        let mut rows: Vec<u64> = into.entries.iter().map(|one| one.row).collect();
        rows.extend(into.left_out.iter().map(|one| one.row));
        rows.sort();
        assert_eq!(rows, (1..=expected).collect::<Vec<u64>>(), "{name}");
    }
}

#[test]
fn a_group_of_many_is_read_whole() {
    let people: Vec<Value> = (0..20_000)
        .map(|n| json!({ "name": format!("Alice {n}") }))
        .collect();
    let messages: Vec<Value> = (0..20_000)
        .map(|n| json!({"sender_name": format!("Alice {n}"), "timestamp_ms": 1_709_312_000_000_i64 + n, "content": "x".repeat(500)}))
        .collect();
    let text = json!({"participants": people, "messages": messages, "thread_path": "inbox/a_1"})
        .to_string();
    let into = read(instagram::transcribe, "message_1.json", &text);
    assert_eq!(into.entries.len(), 20_000);
}
