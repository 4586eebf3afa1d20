//! What the transcribers of messages, libraries and captures remark, in words.

/// Code, sentence, and whether a number may be affected.
const REMARKS: &[(&str, &str, bool)] = &[(
    "account-silent",
    "the account under test sent nothing in this file, or is named otherwise in it: all messages count as incoming",
    true,
)];

/// What a remark says of its records.
pub(super) fn meaning(code: &str) -> &'static str {
    let found = REMARKS.iter().find(|(known, _, _)| *known == code);
    found.map_or("records that need a look", |(_, words, _)| words)
}

/// Whether a number may be affected.
pub(super) fn is_caution(code: &str) -> bool {
    let found = REMARKS.iter().find(|(known, _, _)| *known == code);
    found.is_none_or(|(_, _, caution)| *caution)
}
