use super::common::{codes, column, has_samples, left_out, new_part, sample, values};
use crate::case::DateOrder;
use crate::import::Hints;
use crate::import::messages::whatsapp;
use crate::import::part::Part;
use crate::import::transcript::Transcript;

fn attempt(name: &str, text: &str, order: Option<DateOrder>) -> crate::error::Result<Transcript> {
    let hints = Hints {
        date_order: order,
        ..Hints::default()
    };
    let part = Part::new("evidence/chat.txt", name, text.as_bytes(), text, &hints);
    let mut into = Transcript::default();
    into.start(None);
    whatsapp::transcribe(&part, &mut into)?;
    Ok(into)
}

fn read(text: &str) -> Transcript {
    attempt("_chat.txt", text, None).unwrap()
}

fn recognised(name: &str, text: &str) -> bool {
    whatsapp::recognise(&new_part("f", name, text.as_bytes(), text)).is_some()
}

#[test]
fn a_message_of_several_lines_is_one_message() {
    let chat =
        read("13/3/2024, 16:14 - Alice Example: one\n\n1/2 three\n13/3/2024, 16:15 - Bob: four\n");
    assert_eq!(
        values(&chat.entries[0]),
        [
            ("received_at_local", "2024-03-13T16:14"),
            ("channel", "whatsapp"),
            ("sender", "Alice Example"),
            ("event_type", "message"),
            ("text", "one\n\n1/2 three"),
        ]
    );
    assert_eq!(
        chat.entries
            .iter()
            .map(|entry| entry.row)
            .collect::<Vec<_>>(),
        [1, 4]
    );
    assert_eq!(codes(&chat), Vec::<&str>::new());
}

#[test]
fn narrow_and_unbreakable_spaces_before_the_half_of_the_day_are_spaces() {
    for (mark, time) in [
        ("9:41\u{202F}PM", "21:41"),
        ("9:41\u{A0}AM", "09:41"),
        ("9:41 p. m.", "21:41"),
        ("9:41 p.\u{A0}m.", "21:41"),
        ("12:05 am", "00:05"),
        ("12:05 PM", "12:05"),
        ("下午9:41", "21:41"),
        ("오전 9:41", "09:41"),
    ] {
        let chat = read(&format!("3/13/24, {mark} - Alice: hi\n"));
        assert_eq!(
            column(&chat, "received_at_local"),
            [format!("2024-03-13T{time}")],
            "{mark}"
        );
        assert_eq!(column(&chat, "sender"), ["Alice"], "{mark}");
    }
}

#[test]
fn the_forms_of_dates_are_read() {
    for (line, time) in [
        ("[13.03.24, 21:41:09] A: x", "2024-03-13T21:41:09"),
        ("[13.3.2024 klo 14.08.18] A: x", "2024-03-13T14:08:18"),
        ("2024/03/12, 21:41 - A: x", "2024-03-12T21:41"),
        ("[2024-03-12, 21:41:09] A: x", "2024-03-12T21:41:09"),
        ("13-03-2024 21:41 - A: x", "2024-03-13T21:41"),
        ("2024. 3. 12. 오후 9:41 - A: x", "2024-03-12T21:41"),
        ("24/3/1, 21:41 - A: x", "2024-03-01T21:41"),
        ("١٣/٣/٢٠٢٤, ٢١:٤١ - A: x", "2024-03-13T21:41"),
    ] {
        let chat = attempt("_chat.txt", line, None).unwrap();
        assert_eq!(column(&chat, "received_at_local"), [time], "{line}");
        assert_eq!(column(&chat, "text"), ["x"], "{line}");
    }
}

#[test]
fn a_date_that_can_be_read_in_two_ways_stops_the_run_and_names_both() {
    let error = attempt("_chat.txt", "3/1/24, 21:41 - A: x\n", None).unwrap_err();
    assert_eq!(error.problems.len(), 1);
    let problem = &error.problems[0];
    assert_eq!((problem.code, problem.line), ("ambiguous-date", Some(1)));
    assert_eq!(problem.value.as_deref(), Some("3/1/24"));
    assert!(
        problem.message.contains("2024-01-03 or as 2024-03-01"),
        "{}",
        problem.message
    );
    let hint = problem.hint.as_deref().unwrap();
    assert!(
        hint.contains("`date_order = \"dmy\"` to the evidence entry to read it as 2024-01-03"),
        "{hint}"
    );
    assert!(
        hint.contains("`date_order = \"mdy\"` to read it as 2024-03-01"),
        "{hint}"
    );
}

#[test]
fn the_user_can_state_the_order() {
    for (order, date) in [
        (DateOrder::Dmy, "2024-01-03"),
        (DateOrder::Mdy, "2024-03-01"),
    ] {
        let chat = attempt("_chat.txt", "3/1/24, 21:41 - A: x\n", Some(order)).unwrap();
        assert_eq!(
            column(&chat, "received_at_local"),
            [format!("{date}T21:41")]
        );
        assert_eq!(codes(&chat), Vec::<&str>::new());
    }
}

#[test]
fn a_stated_order_that_cannot_be_is_overruled_and_told() {
    let chat = attempt("_chat.txt", "3/13/24, 21:41 - A: x\n", Some(DateOrder::Dmy)).unwrap();
    assert_eq!(column(&chat, "received_at_local"), ["2024-03-13T21:41"]);
    assert_eq!(codes(&chat), ["date-order-overruled"]);
}

#[test]
fn the_order_follows_from_the_sequence_where_only_one_runs_forward() {
    let chat = read("11/1/24, 21:41 - A: x\n12/1/24, 21:41 - A: y\n1/2/24, 9:00 - A: z\n");
    assert_eq!(
        column(&chat, "received_at_local"),
        ["2024-01-11T21:41", "2024-01-12T21:41", "2024-02-01T09:00"]
    );
    assert_eq!(codes(&chat), ["date-order-inferred"; 3]);
}

#[test]
fn the_order_can_change_between_blocks_and_inside_one() {
    let chat = read("6/30/23, 16:13 - A: x\n5/7/2023, 16:15 - A: y\n");
    assert_eq!(
        column(&chat, "received_at_local"),
        ["2023-06-30T16:13", "2023-07-05T16:15"]
    );
    assert_eq!(codes(&chat), ["date-order-inferred"]);

    let mixed = "6/30/23, 16:13 - A: x\n7/1/23, 16:13 - A: y\n31/7/23, 16:13 - A: z\n";
    let error = attempt("_chat.txt", mixed, None).unwrap_err();
    assert_eq!(
        (error.problems[0].code, error.problems[0].line),
        ("ambiguous-date", Some(2))
    );
    let chat = attempt("_chat.txt", mixed, Some(DateOrder::Mdy)).unwrap();
    assert_eq!(
        column(&chat, "received_at_local"),
        ["2023-06-30T16:13", "2023-07-01T16:13", "2023-07-31T16:13"]
    );
}

#[test]
fn two_digit_dates_that_begin_with_the_year_are_not_split_between_two_orders() {
    let chat = read("24/3/1, 16:13 - A: x\n24/3/12, 16:13 - A: y\n");
    assert_eq!(
        column(&chat, "received_at_local"),
        ["2024-03-01T16:13", "2024-03-12T16:13"]
    );
    assert_eq!(codes(&chat), Vec::<&str>::new());
    let chat = read("24/3/12, 16:13 - A: x\n24/4/11, 16:13 - A: y\n");
    assert_eq!(
        column(&chat, "received_at_local"),
        ["2024-03-12T16:13", "2024-04-11T16:13"]
    );
    assert_eq!(codes(&chat), ["date-order-inferred"; 2]);
    let error = attempt(
        "_chat.txt",
        "24/3/1, 16:13 - A: x\n3/13/24, 16:13 - A: y\n",
        None,
    )
    .unwrap_err();
    assert_eq!(error.problems[0].code, "ambiguous-date");
}

#[test]
fn the_time_is_missing_behind_a_word_that_may_mean_the_afternoon() {
    let chat = read("13/3/24, xyz 9:41 - A: x\n");
    assert_eq!(column(&chat, "received_at_local"), ["-"]);
    assert_eq!(codes(&chat), ["time-word-unknown"]);
    let chat = read("13/3/24, xyz 9:41 - A: x\n13/3/24, xyz 21:41 - A: x\n");
    assert_eq!(
        column(&chat, "received_at_local"),
        ["2024-03-13T09:41", "2024-03-13T21:41"]
    );
}

#[test]
fn a_dated_line_in_another_style_was_pasted_into_a_message() {
    let chat =
        read("13/3/24, 9:41 - A: look:\n[12/3/24, 9:40:00] B: pasted\n13/3/24, 9:42 - A: x\n");
    assert_eq!(
        column(&chat, "text"),
        ["look:\n[12/3/24, 9:40:00] B: pasted", "x"]
    );
    assert_eq!(codes(&chat), ["dated-continuation"]);
}

#[test]
fn notices_are_left_out() {
    let chat = read(concat!(
        "rest of something\n\n",
        "13/3/24, 9:41 - Messages and calls are end-to-end encrypted. Tap to learn more.\n",
        "13/3/24, 9:41 - Alice created group \"Trip: 2024\"\n",
        "13/3/24, 9:41 - +1 555 0100: +1 555 0100 updated the message timer. More: here\n",
        "13/3/24, 9:41 - Alice: Alice turned off disappearing messages.\n",
        "13/3/24, 9:41 - Alice: Alice here\n",
        "13/3/24, 9:41 - Trip: \u{200E}Bob did something somehow\n",
        "13/3/24, 9:41 - Bob: \u{200E}Your security code changed.\n",
    ));
    assert_eq!(
        left_out(&chat),
        [
            (1, "no-message"),
            (3, "system-message"),
            (4, "system-message"),
            (5, "system-message"),
            (6, "system-message"),
            (9, "system-message"),
        ]
    );
    assert_eq!(column(&chat, "text"), ["Alice here", "-"]);
    assert_eq!(column(&chat, "event_type"), ["message"; 2]);
    let remarks: Vec<(&str, Option<u64>)> = chat
        .remarks
        .iter()
        .map(|remark| (remark.code, remark.row))
        .collect();
    assert_eq!(
        remarks,
        [
            ("possible-system-text", Some(7)),
            ("line-not-classified", Some(8))
        ]
    );
}

#[test]
fn media_are_counted_and_their_names_dropped() {
    let cases = [
        ("<Media omitted>", "-", "-"),
        ("<Medien ausgeschlossen>", "-", "-"),
        ("\u{200E}image omitted", "photo", "-"),
        ("\u{200E}Bild weggelassen", "photo", "-"),
        ("look \u{200E}video omitted", "video", "look"),
        ("IMG-20240313-WA0000.jpg (file attached)", "photo", "-"),
        ("PTT-20240313-WA0000.opus (Datei angehängt)", "audio", "-"),
        ("Alice Example.vcf (archivo adjunto)", "contact", "-"),
        ("STK-20240313-WA0003.webp (załączono plik)", "sticker", "-"),
        (
            "see this \u{200E}<attached: 0001-PHOTO-2024-03-01-21-41-09.jpg>",
            "photo",
            "see this",
        ),
        ("\u{200E}<Anhang: 0002-STICKER-2024.webp>", "sticker", "-"),
        (
            "\u{200E}Location: https://maps.google.com/?q=1,2",
            "location",
            "-",
        ),
    ];
    for (words, kind, text) in cases {
        let chat = read(&format!("13/3/24, 9:41 - A: {words}\n"));
        assert_eq!(column(&chat, "media"), ["1"], "{words}");
        assert_eq!(column(&chat, "media_types"), [kind], "{words}");
        assert_eq!(column(&chat, "text"), [text], "{words}");
        assert_eq!(codes(&chat), Vec::<&str>::new(), "{words}");
    }
    let chat = read("13/3/24, 9:41 - A: IMG-20240313-WA0000.jpg (file attached)\ncaption\n");
    assert_eq!(column(&chat, "text"), ["caption"]);
    let chat = read("13/3/24, 9:41 - A: image omitted\n");
    assert_eq!(column(&chat, "media"), ["-"], "words of a person");
}

#[test]
fn calls_removed_and_empty_messages_are_told_apart() {
    let chat = read(concat!(
        "13/3/24, 9:41 - A: \u{200E}Missed voice call, \u{200E}Tap to call back\n",
        "13/3/24, 9:41 - A: \u{200E}Voice call, \u{200E}2 min\n",
        "13/3/24, 9:41 - A: This message was deleted.\n",
        "13/3/24, 9:41 - A: null\n",
        "13/3/24, 9:41 - A: \n",
        "13/3/24, 9:41 - A: hi <This message was edited>\n",
        "13/3/24, 9:41 - A: Missed voice call from you again?\n",
    ));
    assert_eq!(
        column(&chat, "event_type"),
        [
            "call_missed",
            "call",
            "unsent",
            "message",
            "message",
            "message",
            "message"
        ]
    );
    assert_eq!(
        column(&chat, "text"),
        [
            "-",
            "-",
            "-",
            "-",
            "-",
            "hi",
            "Missed voice call from you again?"
        ]
    );
    assert_eq!(codes(&chat), ["no-content"; 2]);
}

#[test]
fn the_caller_of_a_missed_call_is_the_other_of_two() {
    let text =
        "13/3/24, 9:41 - Alice: hi\n13/3/24, 9:42 - Me: no\n13/3/24, 9:44 - Missed voice call\n";
    let chat = read(text);
    assert_eq!(column(&chat, "sender"), ["Alice", "Me", "-"]);
    assert_eq!(column(&chat, "direction"), ["-", "-", "in"]);
    assert_eq!(codes(&chat), ["call-without-caller"]);
    let chat = attempt("WhatsApp Chat with Alice.txt", text, None).unwrap();
    assert_eq!(column(&chat, "sender"), ["Alice", "Me", "Alice"]);
    assert_eq!(column(&chat, "thread"), ["Alice"; 3]);
    let hints = Hints {
        account: Some("Me".into()),
        ..Hints::default()
    };
    let part = Part::new("f", "_chat.txt", text.as_bytes(), text, &hints);
    let mut into = Transcript::default();
    whatsapp::transcribe(&part, &mut into).unwrap();
    assert_eq!(column(&into, "sender"), ["Alice", "Me", "Alice"]);
}

#[test]
fn a_name_with_a_colon_is_the_shortest_that_is_a_sender_elsewhere() {
    let chat = read(concat!(
        "13/3/24, 9:41 - Bob: note: buy milk\n",
        "13/3/24, 9:41 - Bob: hi\n",
        "13/3/24, 9:41 - ~\u{202F}Dr: Alice: hello\n",
        "13/3/24, 9:41 - \u{202A}+1 555 0100\u{202C}: x\n",
    ));
    assert_eq!(column(&chat, "sender"), ["Bob", "Bob", "Dr", "+1 555 0100"]);
    assert_eq!(
        column(&chat, "text"),
        ["note: buy milk", "hi", "Alice: hello", "x"]
    );
    let remarks: Vec<(&str, Option<u64>)> = chat
        .remarks
        .iter()
        .map(|remark| (remark.code, remark.row))
        .collect();
    assert_eq!(remarks, [("sender-split-unsure", Some(3))]);
}

#[test]
fn a_chat_near_the_limit_of_an_export_is_told() {
    let chat = read(&"13/3/24, 9:41 - A: x\n".repeat(39_499));
    assert_eq!((chat.entries.len(), codes(&chat).len()), (39_499, 0));
    let chat = read(&"13/3/24, 9:41 - A: x\n".repeat(39_500));
    assert_eq!(codes(&chat), ["export-limit"]);
}

#[test]
fn messages_that_go_back_in_time_are_told() {
    let chat = read("13/3/24, 9:41 - A: x\n13/3/24, 9:40 - A: y\n");
    assert_eq!(codes(&chat), ["time-goes-back"]);
}

#[test]
fn only_chats_are_recognised() {
    assert!(recognised(
        "_chat.txt",
        "13/3/24, 9:41 - A: x\nand\nmore\nlines\n"
    ));
    assert!(recognised(
        "anything.txt",
        "13/3/24, 9:41 - A: x\n13/3/24, 9:41 - A: x\nmore\n"
    ));
    assert!(!recognised(
        "anything.txt",
        "13/3/24, 9:41 - A: x\nand\nmore\nlines\n"
    ));
    assert!(!recognised(
        "server.log",
        "2024-03-13 09:41:00 INFO: started\n"
    ));
    assert!(!recognised("chat.md", "[2024-03-13 09:41:00] A: x\n"));
    assert!(!recognised("a.csv", "Date,Text\n13/3/24,x\n"));
    assert!(!recognised("a.txt", ""));
}

#[test]
fn hostile_lines_cost_no_more_than_their_length() {
    let mut text = "13/3/24, 9:41 - A: x\n".to_owned();
    text.push_str(&"13/3/24, ".repeat(100_000));
    text.push('\n');
    text.push_str(&"13/3/24, 9:41 - ".repeat(50_000));
    text.push_str(&": ".repeat(300_000));
    text.push_str("\n\u{200E}\u{1F600}: \u{FEFF}[99/99/99, 99:99] <<<<");
    assert_eq!(read(&text).entries.len(), 1);
}

#[test]
fn the_sample_with_two_forms_of_dates() {
    if !has_samples() {
        return;
    }
    let text = sample("whatsapp/WhatsApp Chat with +123 45 6789.txt");
    let name = "WhatsApp Chat with +123 45 6789.txt";
    assert!(recognised(name, &text));
    let chat = attempt(name, &text, None).unwrap();
    assert_eq!(
        left_out(&chat),
        [
            (1, "system-message"),
            (2, "system-message"),
            (18, "system-message")
        ]
    );
    assert_eq!(
        chat.entries
            .iter()
            .map(|entry| entry.row)
            .collect::<Vec<_>>(),
        [3, 8, 9, 10, 11, 13, 14, 15, 16, 17]
    );
    assert_eq!(
        column(&chat, "text")[0],
        "hello there!\n\nthis is a\nmulti-line message!"
    );
    assert_eq!(column(&chat, "text")[4], "image comment");
    assert_eq!(column(&chat, "received_at_local")[0], "2023-06-30T16:14");
    assert_eq!(column(&chat, "received_at_local")[9], "2023-06-30T16:15");
    assert_eq!(
        column(&chat, "media_types"),
        [
            "-", "-", "-", "-", "photo", "video", "audio", "sticker", "-", "-"
        ]
    );
    assert_eq!(
        column(&chat, "media"),
        ["-", "-", "-", "-", "1", "1", "1", "1", "-", "1"]
    );
    assert_eq!(codes(&chat), ["no-content"]);
}

#[test]
fn the_synthetic_samples() {
    if !has_samples() {
        return;
    }
    let chat = read(&sample("synthetic/whatsapp_android_us.txt"));
    assert_eq!(left_out(&chat), [(1, "system-message")]);
    assert_eq!(
        column(&chat, "event_type"),
        ["message", "message", "call_missed", "message"]
    );
    assert_eq!(column(&chat, "received_at_local")[0], "2024-03-01T21:42");
    assert_eq!(
        column(&chat, "text"),
        ["hello\nsecond line", "-", "-", "no thank you"]
    );

    let chat = read(&sample("synthetic/whatsapp_ios_de.txt"));
    assert_eq!(left_out(&chat), [(1, "system-message")]);
    assert_eq!(
        column(&chat, "sender"),
        ["+49 170 0000001", "+49 170 0000001", "Tester"]
    );
    assert_eq!(column(&chat, "media_types"), ["-", "photo", "-"]);
    assert_eq!(column(&chat, "received_at_local")[2], "2024-03-13T21:44:12");

    let text = sample("synthetic/whatsapp_ios_fi.txt");
    // Between points the day stands first.
    let chat = read(&text);
    assert_eq!(column(&chat, "received_at_local"), ["2024-03-12T14:08:18"]);
}

fn rows_of(transcript: &Transcript) -> Vec<(&str, Option<u64>)> {
    let remarks = transcript.remarks.iter();
    remarks.map(|remark| (remark.code, remark.row)).collect()
}

#[test]
fn a_telephone_number_is_a_key_however_it_is_written() {
    let chat = read(concat!(
        "13/3/24, 9:41 - \u{202A}+1 (555) 0100\u{202C}: a\n",
        "13/3/24, 9:41 - +1\u{A0}555\u{2011}0100: b\n",
        "13/3/24, 9:41 - 555 0100: c\n",
        "13/3/24, 9:41 - Alice 555 0100: d\n",
        "13/3/24, 9:41 - +1: e\n",
    ));
    assert_eq!(
        column(&chat, "sender_key"),
        ["+15550100", "+15550100", "5550100", "-", "-"]
    );
    let text = "13/3/24, 9:41 - +1 555 0100: hi\n13/3/24, 9:44 - Missed voice call\n";
    let chat = attempt("WhatsApp Chat with +1 555 0100.txt", text, None).unwrap();
    assert_eq!(column(&chat, "sender_key"), ["+15550100"; 2]);
}

#[test]
fn the_other_languages_are_known() {
    for (words, kind) in [
        ("<Mídia oculta>", "-"),
        ("<Media omessi>", "-"),
        ("<Media weggelaten>", "-"),
        ("<Medya dahil edilmedi>", "-"),
        ("<Pominięto multimedia>", "-"),
        ("<Без медиафайлов>", "-"),
        ("\u{200E}imagem ocultada", "photo"),
        ("\u{200E}vídeo não revelado", "video"),
        ("\u{200E}sticker non incluso", "sticker"),
        ("\u{200E}visitekaartje weggelaten", "contact"),
        ("\u{200E}Çıkartma dahil edilmedi", "sticker"),
        ("\u{200E}wideo pominięte", "video"),
        ("\u{200E}аудиофайл отсутствует", "audio"),
        ("\u{200E}ei kuvaa", "photo"),
    ] {
        let chat = read(&format!("13/3/24, 9:41 - A: {words}\n"));
        assert_eq!(column(&chat, "media"), ["1"], "{words}");
        assert_eq!(column(&chat, "media_types"), [kind], "{words}");
        assert_eq!(codes(&chat), Vec::<&str>::new(), "{words}");
    }
    for (words, event) in [
        ("Mensagem apagada", "unsent"),
        ("Você apagou esta mensagem", "unsent"),
        ("Questo messaggio è stato eliminato.", "unsent"),
        ("Dit bericht is verwijderd", "unsent"),
        ("Bu mesajı sildiniz", "unsent"),
        ("Ta wiadomość została usunięta", "unsent"),
        ("Данное сообщение удалено", "unsent"),
        ("\u{200E}Chamada de voz perdida", "call_missed"),
        (
            "\u{200E}Videochiamata persa. \u{200E}Tocca per richiamare",
            "call_missed",
        ),
        ("\u{200E}Gemiste video-oproep", "call_missed"),
        ("\u{200E}Cevapsız görüntülü arama.", "call_missed"),
        ("\u{200E}Nieodebrane poł. głosowe", "call_missed"),
        ("\u{200E}Пропущенный аудиозвонок", "call_missed"),
        (
            "\u{200E}Silenced voice call, \u{200E}Focus mode",
            "call_missed",
        ),
        ("\u{200E}Sesli arama. Cevaplanmadı", "call_missed"),
    ] {
        let chat = read(&format!("13/3/24, 9:41 - A: {words}\n"));
        assert_eq!(column(&chat, "event_type"), [event], "{words}");
        assert_eq!(column(&chat, "text"), ["-"], "{words}");
        assert_eq!(codes(&chat), Vec::<&str>::new(), "{words}");
    }
    let chat = read("13/3/24, 9:41 - A: oi <Mensagem editada>\n");
    assert_eq!(column(&chat, "text"), ["oi"]);
}

#[test]
fn the_duration_of_a_call_is_read_where_all_of_it_is_known() {
    for (words, seconds) in [
        ("Voice call, \u{200E}2 min", "120"),
        ("Voice call. 45 sec", "45"),
        ("Video call, 1 hr 5 min", "3900"),
        ("Sprachanruf, 1 Std. 2 Min.", "3720"),
        ("Аудиозвонок, 2 мин", "120"),
        ("Voice call", "-"),
        ("Voice call, 2 min \u{2022} 3 joined", "-"),
        ("Voice call, 99999999999999999999 min", "-"),
        ("Voice call, 9999999999999999999 hr", "-"),
        ("Voice call, Answered on other device", "-"),
    ] {
        let chat = read(&format!("13/3/24, 9:41 - A: \u{200E}{words}\n"));
        assert_eq!(column(&chat, "event_type"), ["call"], "{words}");
        assert_eq!(column(&chat, "call_duration_s"), [seconds], "{words}");
    }
    let chat = read("13/3/24, 9:41 - A: Voice call, 2 min\n");
    assert_eq!(
        column(&chat, "event_type"),
        ["message"],
        "words of a person"
    );
}

#[test]
fn what_the_export_does_not_have_is_a_message() {
    let chat = read(concat!(
        "13/3/24, 9:41 - A: \u{200E}You received a view once photo. For added privacy, you can only open it on your phone.\n",
        "13/3/24, 9:41 - A: You received a view once video. For added privacy, you can only open it on your phone\n",
        "13/3/24, 9:41 - A: \u{200E}Waiting for this message. This may take a while.\n",
        "13/3/24, 9:41 - A: \u{200E}This message can\u{2019}t be displayed here. Please open WhatsApp on your phone to view the message.\n",
        "13/3/24, 9:41 - A: You received a view once photo of me?\n",
        "13/3/24, 9:41 - A: Waiting for this message\n",
    ));
    assert_eq!(column(&chat, "event_type"), ["message"; 6]);
    assert_eq!(
        column(&chat, "media_types"),
        ["photo", "video", "-", "-", "-", "-"]
    );
    assert_eq!(
        column(&chat, "text")[4..],
        [
            "You received a view once photo of me?",
            "Waiting for this message"
        ]
    );
    assert_eq!(column(&chat, "text")[..4], ["-"; 4]);
    assert_eq!(
        rows_of(&chat),
        [("no-content", Some(3)), ("no-content", Some(4))]
    );
}

#[test]
fn lines_without_a_name_in_no_list_are_told() {
    let known = [
        "As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta",
        "I messaggi e le chiamate sono crittografati end-to-end.",
        "Berichten en gesprekken worden end-to-end versleuteld.",
        "Mesajlar ve aramalar uçtan uca şifrelidir.",
        "Wiadomości i połączenia są w pełni zaszyfrowane.",
        "Сообщения и звонки защищены сквозным шифрованием.",
        "Viestit ja puhelut salataan täysin.",
        "Alice added Bob",
        "Bob left",
        "Alice hat Bob hinzugefügt",
        "Bob saiu",
        "Alice ha aggiunto Bob",
        "Alice changed this group's icon",
    ];
    let mut text: String = known
        .iter()
        .map(|words| format!("13/3/24, 9:41 - {words}\n"))
        .collect();
    text += "13/3/24, 9:42 - Zmeškaný hovor\n13/3/24, 9:43 - A: hi\n";
    let chat = read(&text);
    assert_eq!(chat.entries.len(), 1);
    assert_eq!(chat.left_out.len(), known.len() + 1);
    assert_eq!(rows_of(&chat), [("notice-not-classified", Some(14))]);
}

#[test]
fn missed_calls_without_a_name_are_known_in_all_languages() {
    for words in [
        "Chamada de vídeo perdida",
        "Chiamata vocale persa",
        "Gemiste spraakoproep",
        "Cevapsız sesli arama",
        "Nieodebrane połączenie",
        "Пропущенный видеозвонок",
    ] {
        let chat = read(&format!("13/3/24, 9:41 - A: x\n13/3/24, 9:42 - {words}\n"));
        assert_eq!(
            column(&chat, "event_type"),
            ["message", "call_missed"],
            "{words}"
        );
    }
}

#[test]
fn what_the_program_wrote_under_a_name_counts_where_no_list_knows_it() {
    let chat = read(concat!(
        "13/3/24, 9:41 - A: \u{200E}Zmeškaný hovor\n",
        "13/3/24, 9:41 - Trip: \u{200E}A added B\n",
        "13/3/24, 9:41 - A: \u{200E}ANKIETA:\nwho left\n",
    ));
    assert_eq!(column(&chat, "event_type"), ["message"; 2]);
    assert_eq!(column(&chat, "text"), ["-", "ANKIETA:\nwho left"]);
    assert_eq!(left_out(&chat), [(2, "system-message")]);
    assert_eq!(rows_of(&chat), [("line-not-classified", Some(1))]);
}
