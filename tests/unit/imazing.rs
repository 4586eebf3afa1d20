use super::common::column;
use crate::import::messages::imazing;
use crate::import::open::{Content, Opened};
use crate::import::sheet::{Record, Sheet};
use crate::import::transcript::Transcript;
use crate::import::{Hints, Input};

fn records(rows: &[&[&str]]) -> Vec<Record> {
    let rows = rows.iter().zip(1..);
    rows.map(|(cells, row)| Record::from_text(row, &csv::StringRecord::from(cells.to_vec())))
        .collect()
}

type Reader = fn(&Opened<'_>, &Sheet, usize, &mut Transcript) -> crate::error::Result<()>;

fn read(reader: Reader, rows: &[&[&str]]) -> Transcript {
    let hints = Hints::default();
    let input = Input {
        file: "evidence/a.csv",
        bytes: b"",
        hints: &hints,
    };
    let opened = Opened {
        input: &input,
        content: Content::Document("csv"),
        encoding: "utf-8",
        delimiter: None,
        open_quote: None,
        notices: Vec::new(),
    };
    let sheet = Sheet {
        name: None,
        records: records(rows),
    };
    let mut into = Transcript::default();
    into.start(None);
    reader(&opened, &sheet, 0, &mut into).expect("it is transcribed");
    into
}

#[test]
fn the_number_is_the_key_of_a_sender() {
    let into = read(
        imazing::messages,
        &[
            &[
                "Chat Session",
                "Message Date",
                "Service",
                "Type",
                "Sender ID",
                "Sender Name",
                "Text",
            ],
            &[
                "A",
                "2024-03-01 17:00:00",
                "SMS",
                "Incoming",
                "+1 (555) 0100",
                "Alice Example",
                "x",
            ],
            &[
                "A",
                "2024-03-01 17:00:01",
                "SMS",
                "Incoming",
                "+15550100",
                "Alice Example",
                "x",
            ],
            &[
                "A",
                "2024-03-01 17:00:02",
                "iMessage",
                "Incoming",
                "a@example.invalid",
                "",
                "x",
            ],
            &["A", "2024-03-01 17:00:03", "SMS", "Outgoing", "", "", "x"],
        ],
    );
    assert_eq!(
        column(&into, "sender_key"),
        ["+15550100", "+15550100", "-", "-"]
    );
    let into = read(
        imazing::calls,
        &[
            &["Call type", "Date", "Duration", "Number", "Contact"],
            &[
                "Missed",
                "2024-03-01 17:00:00",
                "00:00:00",
                "+1 555-0100",
                "Alice Example",
            ],
            &[
                "Outgoing",
                "2024-03-01 17:00:00",
                "00:00:05",
                "+1 555-0100",
                "Alice Example",
            ],
        ],
    );
    assert_eq!(column(&into, "sender_key"), ["+15550100", "-"]);
}
