//! Messages and calls of an iPhone, as iMazing writes them, and messages as PhoneView does.
//!
//! No specification is public; the headings are those that the code of several programs reads.
//! Times are those of the computer that made the export, without zone, and in the order of its
//! language.

use super::chat;
use crate::case::DateOrder;
use crate::error::{Problem, Result};
use crate::import::formats::Fit;
use crate::import::heading;
use crate::import::open::Opened;
use crate::import::sheet::{Cell, Record, Sheet};
use crate::import::transcript::Transcript;
use crate::import::{date, number, words};
use jiff::civil::Time;

pub const MESSAGES: &str = "imazing-messages";
pub const CALLS: &str = "imazing-calls";

const OF_MESSAGES: [&str; 12] = [
    "chat session",
    "message date",
    "sent date",
    "service",
    "type",
    "sender id",
    "sender name",
    "status",
    "subject",
    "text",
    "attachment",
    "attachment type",
];
const OF_CALLS: [&str; 7] = [
    "call type",
    "date",
    "duration",
    "number",
    "contact",
    "location",
    "service",
];
const OF_PHONE_VIEW: [&str; 6] = [
    "direction",
    "timestamp",
    "name",
    "number",
    "content",
    "type",
];

/// Whether the formats have this heading.
pub fn is_known(key: &str) -> bool {
    OF_MESSAGES.contains(&key) || OF_CALLS.contains(&key) || OF_PHONE_VIEW.contains(&key)
}

/// The headings of a sheet.
struct Columns(Vec<String>);

impl Columns {
    fn of(record: &Record) -> Self {
        let keys = record
            .cells()
            .map(|cell| heading::heading(&cell.text()).key);
        Columns(keys.collect())
    }

    fn has(&self, names: &[&str]) -> bool {
        names
            .iter()
            .all(|name| self.0.iter().any(|key| key == name))
    }

    fn cell<'r>(&self, record: &'r Record, name: &str) -> Option<Cell<'r>> {
        let column = self.0.iter().position(|key| key == name)?;
        Some(record.cell(column))
    }

    /// The text under a heading; `None` where it is missing.
    fn text(&self, record: &Record, name: &str) -> Option<String> {
        let text = self.cell(record, name)?.text().into_owned();
        (!words::missing_text(&text)).then_some(text)
    }

    /// The first row with these headings.
    fn find(sheet: &Sheet, names: &[&str]) -> Option<(usize, Self)> {
        let records = sheet.records.iter().take(heading::SEARCH_ROWS);
        let mut all = records.map(Columns::of).enumerate();
        all.find(|(_, columns)| columns.has(names))
    }

    fn note_unused(&self, used: &[&str], into: &mut Transcript) {
        let unused = self
            .0
            .iter()
            .filter(|key| !key.is_empty() && !used.contains(&key.as_str()));
        into.unused.extend(unused.cloned());
    }
}

fn yes(header: usize, what: &str, sheet: &Sheet) -> Fit {
    let row = sheet.records.get(header).map_or(1, |record| record.row);
    Fit::Yes {
        header,
        leads: false,
        reason: format!("{what} in row {row}"),
    }
}

/// Recognised by `Chat Session` and `Message Date`, or by all headings of PhoneView.
pub fn fit_messages(_opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    if let Some((header, _)) = Columns::find(sheet, &["chat session", "message date", "type"]) {
        return yes(header, "headings of iMazing for messages", sheet);
    }
    match Columns::find(sheet, &OF_PHONE_VIEW) {
        Some((header, _)) => yes(header, "headings of PhoneView", sheet),
        None => Fit::No("no headings `Chat Session` and `Message Date`".into()),
    }
}

/// Recognised by `Call type`, `Date`, `Duration` and `Number`.
pub fn fit_calls(_opened: &Opened<'_>, sheet: &Sheet) -> Fit {
    match Columns::find(sheet, &["call type", "date", "duration", "number"]) {
        Some((header, _)) => yes(header, "headings of iMazing for calls", sheet),
        None => Fit::No("no headings `Call type`, `Date`, `Duration` and `Number`".into()),
    }
}

/// What a row is, by the word that its program writes.
enum Direction {
    In,
    Out,
    /// A remark of the program, no message.
    Notice,
}

fn direction(word: &str) -> Option<Direction> {
    Some(match words::fold(word).as_str() {
        "incoming" | "in" | "received" => Direction::In,
        "outgoing" | "out" | "sent" => Direction::Out,
        "notification" => Direction::Notice,
        _ => return None,
    })
}

fn begin(sheet: &Sheet, header: usize) -> Option<(Columns, impl Iterator<Item = &Record>)> {
    let columns = Columns::of(sheet.records.get(header)?);
    Some((columns, sheet.records.iter().skip(header + 1)))
}

pub fn messages(
    opened: &Opened<'_>,
    sheet: &Sheet,
    header: usize,
    into: &mut Transcript,
) -> Result<()> {
    let Some((columns, records)) = begin(sheet, header) else {
        return Ok(());
    };
    let phone_view = columns.has(&OF_PHONE_VIEW);
    let (kind, time) = if phone_view {
        ("direction", "timestamp")
    } else {
        ("type", "message date")
    };
    let order = order(opened, sheet, header, &columns, time)?;
    // Only the flavour for WhatsApp has a date of sending, and it has no service.
    let whatsapp = columns.has(&["sent date"]) && !columns.has(&["service"]);
    for record in records {
        if record.is_blank() {
            into.leave_out_at(record.row, "blank-row", "the row is empty");
            continue;
        }
        let word = columns.text(record, kind).unwrap_or_default();
        let out = match direction(&word) {
            Some(Direction::In) => false,
            Some(Direction::Out) => true,
            Some(Direction::Notice) => {
                into.leave_out_at(record.row, "system-message", "a notification, no message");
                continue;
            }
            None => {
                into.leave_out_at(
                    record.row,
                    "unknown-direction",
                    "the row is neither incoming nor outgoing",
                );
                continue;
            }
        };
        let own = |name| columns.text(record, name);
        let (sender, thread, service, text) = if phone_view {
            let other = own("number").or_else(|| own("name"));
            (other.clone(), other, own("type"), own("content"))
        } else {
            let sender = own("sender id").or_else(|| own("sender name"));
            (sender, own("chat session"), own("service"), own("text"))
        };
        let channel = match service.as_deref().map(channel) {
            None if whatsapp => "whatsapp".to_owned(),
            service => service.unwrap_or_default(),
        };
        let attached = own("attachment").is_some() || own("attachment type").is_some();
        let media = own("attachment type").map(|word| words::fold(&word));
        if text.is_none() && !attached {
            into.remark("no-content", Some(record.row));
        }
        let at = moment(columns.cell(record, time), order);
        let entry = into.entry_at(record.row);
        entry
            .set("received_at_local", at.unwrap_or_default())
            .set("channel", channel)
            .set("direction", if out { "out" } else { "in" })
            .set("thread", thread.unwrap_or_default())
            .set("event_type", "message")
            .set("text", text.unwrap_or_default());
        // The number in an outgoing message of PhoneView is that of the receiver.
        if !out {
            entry.set("sender", sender.unwrap_or_default());
            chat::set_telephone_key(entry);
        }
        if attached {
            entry
                .set("media", "1")
                .set("media_types", media_type(media.as_deref()));
        }
    }
    let used: &[&str] = if phone_view {
        &OF_PHONE_VIEW
    } else {
        &[
            "chat session",
            "message date",
            "service",
            "type",
            "sender id",
            "sender name",
            "text",
            "attachment",
            "attachment type",
        ]
    };
    columns.note_unused(used, into);
    Ok(())
}

pub fn calls(
    opened: &Opened<'_>,
    sheet: &Sheet,
    header: usize,
    into: &mut Transcript,
) -> Result<()> {
    let Some((columns, records)) = begin(sheet, header) else {
        return Ok(());
    };
    let order = order(opened, sheet, header, &columns, "date")?;
    for record in records {
        if record.is_blank() {
            into.leave_out_at(record.row, "blank-row", "the row is empty");
            continue;
        }
        let word = words::fold(&columns.text(record, "call type").unwrap_or_default());
        let missed = word == "missed";
        let out = match direction(&word) {
            Some(Direction::In) => false,
            Some(Direction::Out) => true,
            _ if missed => false,
            _ => {
                into.leave_out_at(
                    record.row,
                    "unknown-direction",
                    "the call is neither incoming, outgoing nor missed",
                );
                continue;
            }
        };
        let own = |name| columns.text(record, name);
        let number = own("number").or_else(|| own("contact"));
        let seconds = own("duration").as_deref().and_then(number::seconds);
        if !out && number.is_none() {
            into.remark("number-withheld", Some(record.row));
        }
        if missed && seconds.is_some_and(|seconds| seconds > 0) {
            into.remark("ring-duration", Some(record.row));
        }
        let at = moment(columns.cell(record, "date"), order);
        let service = own("service").as_deref().map(channel);
        let entry = into.entry_at(record.row);
        entry
            .set("received_at_local", at.unwrap_or_default())
            .set("channel", service.unwrap_or_default())
            .set("direction", if out { "out" } else { "in" })
            .set("thread", number.clone().unwrap_or_default())
            .set("event_type", if missed { "call_missed" } else { "call" });
        // Outgoing calls have the number that was called.
        if !out {
            entry.set("sender", number.unwrap_or_default());
            chat::set_telephone_key(entry);
        }
        if !missed {
            let seconds = seconds.map(|seconds| seconds.to_string());
            entry.set("call_duration_s", seconds.unwrap_or_default());
        }
    }
    let used = [
        "call type",
        "date",
        "duration",
        "number",
        "contact",
        "service",
    ];
    columns.note_unused(&used, into);
    Ok(())
}

/// casefile's word for a service; `Phone: +1...` names the own line too, which is dropped.
fn channel(service: &str) -> String {
    let folded = words::fold(service);
    let word = folded.split(':').next().unwrap_or_default().trim();
    match word {
        "phone" | "iphone" | "telephone" => "phone",
        word if word.starts_with("facetime") => "facetime",
        "imessage" | "sms" | "mms" | "rcs" | "whatsapp" | "telegram" | "signal" => word,
        _ => "",
    }
    .to_owned()
}

/// casefile's word for the type of an attachment.
fn media_type(word: Option<&str>) -> &'static str {
    match word {
        Some("image" | "photo") => "photo",
        Some("video") => "video",
        Some("audio" | "voice message") => "audio",
        Some("contact") => "contact",
        Some("location") => "location",
        _ => "file",
    }
}

/// The order of day and month: as the user says, else as a day above 12 shows.
fn order(
    opened: &Opened<'_>,
    sheet: &Sheet,
    header: usize,
    columns: &Columns,
    name: &str,
) -> Result<Option<DateOrder>> {
    let input = opened.input;
    if input.hints.date_order.is_some() {
        return Ok(input.hints.date_order);
    }
    let (mut dmy, mut mdy, mut open) = (None, None, None);
    for record in sheet.records.iter().skip(header + 1) {
        let Some(Cell::Text(text)) = columns.cell(record, name) else {
            continue;
        };
        let slot = match date::shape(&text) {
            date::Shape::Decided(DateOrder::Dmy) => &mut dmy,
            date::Shape::Decided(DateOrder::Mdy) => &mut mdy,
            date::Shape::Ambiguous => &mut open,
            _ => continue,
        };
        slot.get_or_insert_with(|| (record.row, text.trim().to_owned()));
    }
    match (dmy, mdy, open) {
        (Some((_, other)), Some((row, text)), _) => Err(Problem::new(
            "mixed-dates",
            input.file,
            format!("in this date the month stands first, in `{other}` the day"),
        )
        .line(row)
        .value(text)
        .hint("export the file again, or write the dates as 2024-03-01 in a copy")
        .into()),
        (Some(_), None, _) => Ok(Some(DateOrder::Dmy)),
        (None, Some(_), _) => Ok(Some(DateOrder::Mdy)),
        (None, None, None) => Ok(None),
        (None, None, Some((row, text))) => {
            let reading = |order| {
                date::read(&text, Some(order))
                    .map_or_else(|| "no date".into(), |moment| moment.date.to_string())
            };
            let (dmy, mdy) = (reading(DateOrder::Dmy), reading(DateOrder::Mdy));
            let message =
                format!("this date is {dmy} or {mdy}, and nothing in the file says which");
            let hint = format!(
                "add `date_order = \"dmy\"` to the evidence entry to read it as {dmy}, or `date_order = \"mdy\"` to read it as {mdy}"
            );
            Err(Problem::new("ambiguous-date", input.file, message)
                .line(row)
                .value(text)
                .hint(hint)
                .into())
        }
    }
}

/// A time as casefile writes it, with its seconds and its offset where the file has them; a text
/// that is no time stays as it is, so that it is told.
fn moment(cell: Option<Cell<'_>>, order: Option<DateOrder>) -> Option<String> {
    let text = match cell? {
        Cell::Moment(at) => return Some(at.to_string()),
        cell => cell.text().into_owned(),
    };
    let Some(moment) = date::read(&text, order) else {
        return (!words::missing_value(&text)).then_some(text);
    };
    let Some(time) = moment.time else {
        return Some(moment.date.to_string());
    };
    let zone = moment.offset.map_or_else(String::new, offset);
    Some(format!(
        "{}T{}{zone}",
        moment.date,
        clock(time, moment.seconds)
    ))
}

fn clock(time: Time, seconds: bool) -> String {
    let minutes = format!("{:02}:{:02}", time.hour(), time.minute());
    if seconds {
        format!("{minutes}:{:02}", time.second())
    } else {
        minutes
    }
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
