//! Finds and reads the headers of a zip, whatever they claim: every access is checked against the
//! input, and a damaged header costs no other one where that can be helped.

use super::layout::{self, number};

/// A local or central header, as far as reading depends on it.
#[derive(Clone, Copy)]
pub(super) struct Header<'a> {
    pub at: usize,
    /// Where it ends, with name, extra field and comment.
    pub next: usize,
    pub name: &'a [u8],
    pub flags: u32,
    pub method: u32,
    pub crc: u32,
    pub stored: u32,
    pub size: u32,
    /// Where the local header is said to start.
    pub offset: usize,
}

impl Header<'_> {
    /// Where the data after a local header end, by its own account.
    pub fn data_end(&self) -> usize {
        self.next.saturating_add(self.stored as usize)
    }
}

pub(super) fn signed(bytes: &[u8], at: usize, signature: [u8; 4]) -> bool {
    bytes
        .get(at..)
        .is_some_and(|rest| rest.starts_with(&signature))
}

/// A local header, signed or not.
pub(super) fn local_at(bytes: &[u8], at: usize) -> Option<Header<'_>> {
    let field = |offset, length| number(bytes, at.checked_add(offset)?, length);
    let name_at = at.checked_add(layout::LOCAL_LENGTH)?;
    let name_end = name_at + field(26, 2)? as usize;
    let next = name_end + field(28, 2)? as usize;
    let name = bytes
        .get(name_at..name_end)
        .filter(|_| next <= bytes.len())?;
    header(bytes, at, at.checked_add(6)?, name, next, at)
}

/// The central header at `at`, where the end record stands at `end`.
///
/// One that declares a wrong length is held to end where the next one starts; a damaged signature is
/// bridged when the next header stands where it should.
pub(super) fn central_at(bytes: &[u8], at: usize, end: Option<usize>) -> Option<Header<'_>> {
    let field = |offset, length| number(bytes, at.checked_add(offset)?, length);
    let starts = |at: usize| {
        end == Some(at)
            || end.is_none_or(|end| at < end) && signed(bytes, at, layout::CENTRAL_SIGNATURE)
    };
    let name_at = at.checked_add(layout::CENTRAL_LENGTH)?;
    let name_end = name_at + field(28, 2)? as usize;
    let declared = name_end + field(30, 2)? as usize + field(32, 2)? as usize;
    let (name_end, next) = if starts(declared) {
        (name_end, declared)
    } else if signed(bytes, at, layout::CENTRAL_SIGNATURE) {
        let limit = end.unwrap_or(bytes.len());
        match (name_at..limit).find(|at| starts(*at)) {
            Some(next) => (next, next),
            None if declared <= limit => (name_end, declared),
            None => (limit, limit),
        }
    } else {
        return None;
    };
    let name = bytes
        .get(name_at..name_end)
        .filter(|_| next <= bytes.len())?;
    header(
        bytes,
        at,
        at.checked_add(8)?,
        name,
        next,
        field(42, 4)? as usize,
    )
}

/// The fields from the flags on, which both kinds of header have in the same order.
fn header<'a>(
    bytes: &[u8],
    at: usize,
    flags_at: usize,
    name: &'a [u8],
    next: usize,
    offset: usize,
) -> Option<Header<'a>> {
    let field = |offset, length| number(bytes, flags_at.checked_add(offset)?, length);
    Some(Header {
        at,
        next,
        name,
        flags: field(0, 2)?,
        method: field(2, 2)?,
        crc: field(8, 4)?,
        stored: field(12, 4)?,
        size: field(16, 4)?,
        offset,
    })
}

/// The local headers that follow one another from byte 0, and where the data of the last end. A
/// header whose data would run past the end of the file is the last one, and its data do not count.
pub(super) fn walk(bytes: &[u8]) -> (Vec<Header<'_>>, usize) {
    let mut headers = Vec::new();
    let mut at = 0;
    while let Some(header) =
        local_at(bytes, at).filter(|_| signed(bytes, at, layout::LOCAL_SIGNATURE))
    {
        headers.push(header);
        if header.data_end() > bytes.len() {
            break;
        }
        at = header.data_end();
    }
    (headers, at)
}
