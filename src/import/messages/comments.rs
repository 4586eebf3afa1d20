//! Comments that an account received: answers of the Graph API (`/<media>/comments`), its
//! notifications (webhooks), and what scrapers save. The downloads of Instagram and Facebook have
//! only comments that the account itself wrote; these are recognised to be refused.

use super::chat::{self, Draft, Seen};
use crate::error::{Problem, Result};
use crate::import::part::{Json, Part};
use crate::import::transcript::Transcript;
use serde_json::Value;

/// Name of the format, as `casefile help formats` prints it.
pub const NAME: &str = "instagram-comments";

const CHANNEL: &str = "instagram_comment";
const USED: [&str; 16] = [
    "id",
    "text",
    "timestamp",
    "created_at",
    "username",
    "ownerUsername",
    "author_username",
    "owner",
    "from",
    "hidden",
    "parent_id",
    "parentId",
    "replies",
    "media",
    "data",
    "comments",
];
/// Fields of a notification that are comments.
const FIELDS: [&str; 2] = ["comments", "live_comments"];
/// Keys whose arrays are comments that the account wrote.
const OUTGOING: [&str; 2] = ["comments_reels_comments", "comments_v2"];

/// Why the part is a file of comments, received or not; `None` where it is neither.
pub fn recognise(part: &Part<'_>) -> Option<String> {
    // In the archive of a download they stand beside the messages, and are nothing to refuse.
    if is_outgoing(part) && part.path == part.file {
        return Some("it has comments of a download of Instagram or Facebook".to_string());
    }
    let found = values(part)?
        .into_iter()
        .flat_map(sources)
        .find_map(|source| match source {
            Source::Comment(one) => {
                is_comment(one, part).then_some("it has comments with `text`, author and time")
            }
            Source::Notified(entry) => is_of_comments(entry)
                .then_some("it has notifications of comments, with `entry` and `changes`"),
        });
    found.map(str::to_string)
}

/// Whether the comments are those that the account itself wrote.
pub fn is_outgoing(part: &Part<'_>) -> bool {
    match part.json() {
        Some(Json::Whole(Value::Array(rows))) => rows.iter().any(|row| is_own(row, part.name())),
        Some(Json::Whole(file)) => {
            let own = OUTGOING
                .iter()
                .any(|key| file.get(key).is_some_and(Value::is_array));
            own || is_own(file, part.name())
        }
        _ => false,
    }
}

/// Transcribes the comments received.
pub fn transcribe(part: &Part<'_>, into: &mut Transcript) -> Result<()> {
    if is_outgoing(part) {
        return Err(outgoing(part.file).into());
    }
    let Some(values) = values(part) else {
        let message = "this is no file of comments";
        return Err(Problem::new("wrong-format", part.file, message).into());
    };
    let mut seen = Seen::of(into, None);
    for value in values {
        note_pages(value, into);
        for source in sources(value) {
            match source {
                Source::Comment(comment) => put_all(comment, &mut seen, into),
                Source::Notified(entry) => put_notified(entry, &mut seen, into),
            }
        }
    }
    Ok(())
}

/// Remarks that an answer of the API goes on in another: `next` is there only where it does.
fn note_pages(value: &Value, into: &mut Transcript) {
    let pages = match value {
        Value::Array(pages) => pages.as_slice(),
        page => std::slice::from_ref(page),
    };
    for page in pages {
        let page = page
            .get("comments")
            .filter(|page| page.is_object())
            .unwrap_or(page);
        if page
            .get("paging")
            .is_some_and(|paging| paging.get("next").is_some())
        {
            into.remark("more-pages", None);
        }
    }
}

fn outgoing(file: &str) -> Problem {
    let message = "these are comments that the account itself wrote, not comments that it received";
    let hint = "a download of an account's own data does not hold what others wrote under its posts; \
                record a contact log instead";
    Problem::new("outgoing-comments", file, message).hint(hint)
}

/// A comment in a file of the downloads. Keys within `string_map_data` and `label_values` are in
/// the language of the account, so that only the name of the file tells of what they are.
fn is_own(row: &Value, name: &str) -> bool {
    let map = row.get("string_map_data").and_then(Value::as_object);
    let name = name.to_ascii_lowercase();
    let named = name.contains("comment") && !name.contains("liked");
    let labels = row.get("label_values").is_some_and(Value::is_array);
    map.is_some_and(|map| named || map.contains_key("Comment")) || (labels && named)
}

/// The values of the file: one, or one a line.
fn values<'p>(part: &'p Part<'_>) -> Option<Vec<&'p Value>> {
    match part.json()? {
        Json::Whole(value) => Some(vec![value]),
        Json::Lines(lines) => Some(lines.iter().map(|(_, value)| value).collect()),
    }
}

/// A place of a file where comments are.
enum Source<'v> {
    /// A comment, with its replies.
    Comment(&'v Value),
    /// An entry of a notification.
    Notified(&'v Value),
}

/// The comments of a value: of a list, of a page of the Graph API, of a notification, or the value.
fn sources(value: &Value) -> Vec<Source<'_>> {
    match value {
        Value::Array(items) => items.iter().flat_map(of_object).collect(),
        one => of_object(one),
    }
}

fn of_object(value: &Value) -> Vec<Source<'_>> {
    let entries = chat::items(value, "entry");
    if entries
        .iter()
        .any(|entry| entry.get("changes").is_some_and(Value::is_array))
    {
        return entries.iter().map(Source::Notified).collect();
    }
    let page = value
        .get("comments")
        .filter(|page| page.is_object())
        .unwrap_or(value);
    match page.get("data").and_then(Value::as_array) {
        Some(data) => data.iter().map(Source::Comment).collect(),
        None => vec![Source::Comment(value)],
    }
}

/// Whether a notification tells of comments; those of WhatsApp and of pages look the same.
fn is_of_comments(entry: &Value) -> bool {
    let mut fields = chat::items(entry, "changes")
        .iter()
        .filter_map(|one| chat::string(one, "field"));
    fields.any(|field| FIELDS.contains(&field))
}

/// Whether an item is a comment on Instagram, and not a message or post of another service.
fn is_comment(item: &Value, part: &Part<'_>) -> bool {
    let text = item.get("text").is_some_and(Value::is_string);
    let time = ["timestamp", "created_at"]
        .iter()
        .any(|key| item.get(key).is_some());
    let graph = item.get("username").is_some_and(Value::is_string)
        || item.get("from").is_some_and(Value::is_object);
    // Posts, and the posts of Threads, have the same keys and a link of their own.
    let graph = graph && item.get("permalink").is_none();
    let scraped = chat::string(item, "ownerUsername").is_some();
    let linked = ["postUrl", "source_url"]
        .iter()
        .find_map(|key| chat::string(item, key));
    let of_instagram = linked.map_or_else(
        || part.path.to_ascii_lowercase().contains("instagram"),
        |link| link.contains("instagram.com"),
    );
    let loose = chat::string(item, "author_username").is_some() && of_instagram;
    text && time && ((graph && item.get("timestamp").is_some()) || scraped || loose)
}

/// The comment and its replies, each a record.
fn put_all(comment: &Value, seen: &mut Seen, into: &mut Transcript) {
    let mut waiting: Vec<(&Value, Option<String>)> = vec![(comment, None)];
    while let Some((one, parent)) = waiting.pop() {
        chat::note_unused(one, &USED, into);
        let thread = thread(one)
            .or(parent)
            .or_else(|| chat::identifier(one, "id"));
        waiting.extend(
            replies(one)
                .iter()
                .rev()
                .map(|reply| (reply, thread.clone())),
        );
        put(one, thread, None, seen, into);
    }
}

/// Replies are a page in the Graph API and a list in scraped files.
fn replies(comment: &Value) -> &[Value] {
    match comment.get("replies") {
        Some(Value::Array(replies)) => replies,
        Some(page) => chat::items(page, "data"),
        None => &[],
    }
}

/// The id of the comment that this one answers. A comment and its replies are a thread, which is
/// named by the id of the comment.
fn thread(comment: &Value) -> Option<String> {
    ["parent_id", "parentId"]
        .iter()
        .find_map(|key| chat::identifier(comment, key))
}

/// The entry of a notification: what happened to one account, at one time.
fn put_notified(entry: &Value, seen: &mut Seen, into: &mut Transcript) {
    let own = chat::identifier(entry, "id");
    let notified = chat::integer(entry, "time").and_then(chat::utc_of_number);
    let changes = chat::items(entry, "changes");
    if changes.is_empty() {
        into.leave_out("other-notification", "");
    }
    for change in changes {
        let field = chat::string(change, "field").unwrap_or_default();
        match change.get("value").filter(|_| FIELDS.contains(&field)) {
            None => into.leave_out("other-notification", ""),
            Some(comment) => {
                chat::note_unused(comment, &USED, into);
                let notice = Notified {
                    own: own.as_deref(),
                    time: notified.as_deref(),
                };
                put(comment, thread(comment), Some(&notice), seen, into);
            }
        }
    }
}

/// What a notification tells beside the comment.
struct Notified<'e> {
    own: Option<&'e str>,
    time: Option<&'e str>,
}

fn put(
    comment: &Value,
    thread: Option<String>,
    notified: Option<&Notified<'_>>,
    seen: &mut Seen,
    into: &mut Transcript,
) {
    let words = comment.get("text").filter(|text| text.is_string());
    if words.is_none() && author(comment).is_none() {
        into.leave_out("malformed-record", "neither a text nor an author");
        return;
    }
    let mut draft = Draft::new(CHANNEL);
    draft.set("event_type", "comment");
    draft.set_some("thread", thread.or_else(|| chat::identifier(comment, "id")));
    draft.set_sender(author(comment));
    draft.set_some("sender_key", username(comment));
    set_time(&mut draft, comment, notified);
    set_notified(&mut draft, comment, notified);
    draft.set_some("text", chat::string(comment, "text"));
    if !draft.has("text") {
        draft.remark("content-unavailable");
    }
    if chat::is_true(comment, "hidden") {
        draft.remark("hidden-comments");
    }
    draft.put_unless_seen(seen, into);
}

fn author(comment: &Value) -> Option<String> {
    let name = username(comment).map(str::to_string);
    name.or_else(|| chat::identifier(comment.get("from")?, "id"))
}

/// The name of the account, of which there is only one on Instagram.
fn username(comment: &Value) -> Option<&str> {
    let plain = ["username", "ownerUsername", "author_username"];
    let nested = |key: &str| {
        comment
            .get(key)
            .and_then(|person| chat::string(person, "username"))
    };
    let name = plain.iter().find_map(|key| chat::string(comment, key));
    name.or_else(|| nested("from")).or_else(|| nested("owner"))
}

fn set_time(draft: &mut Draft, comment: &Value, notified: Option<&Notified<'_>>) {
    let own = ["timestamp", "created_at"]
        .iter()
        .find_map(|key| time(comment, key));
    let later = notified
        .and_then(|notified| notified.time)
        .map(str::to_string);
    if own.is_none() && later.is_some() {
        draft.remark("notification-time");
    }
    draft.set_time(own.or(later));
}

fn time(comment: &Value, key: &str) -> Option<String> {
    let number = chat::integer(comment, key).and_then(chat::utc_of_number);
    number.or_else(|| chat::iso(chat::string(comment, key)?))
}

/// The ad, and the direction where the author is the account that was notified.
fn set_notified(draft: &mut Draft, comment: &Value, notified: Option<&Notified<'_>>) {
    draft.set_some(
        "ad_id",
        comment
            .get("media")
            .and_then(|media| chat::identifier(media, "ad_id")),
    );
    let from = comment
        .get("from")
        .and_then(|from| chat::identifier(from, "id"));
    let own = notified.and_then(|notified| notified.own);
    if own.is_some() && from.as_deref() == own {
        draft.set("direction", "out");
    }
}
