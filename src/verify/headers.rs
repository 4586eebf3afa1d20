//! Finds and reads the headers of a zip, whatever they claim: every access is checked against the
//! input, and a damaged header costs no other one where that can be helped.

use super::extra::Extra;
use super::layout::{self, number};
use super::source::Source;

/// The most entries that are read: as many folders as a bundle can have files, and these.
pub(super) const MOST_HEADERS: usize = 2 * crate::bundle::format::MOST_ENTRIES;

/// No path of a bundle comes near to it; more of a name is not kept.
const LONGEST_NAME: usize = 1024;

/// A local or central header, as far as reading depends on it.
#[derive(Clone)]
pub(super) struct Header {
    pub at: u64,
    /// Where it ends, with name, extra field and comment.
    pub next: u64,
    /// The part before the name.
    pub fixed: Vec<u8>,
    pub name: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    /// Sizes and place, those of zip64 in place of full fields.
    pub stored: u64,
    pub size: u64,
    /// Where the local header is said to start.
    pub offset: u64,
    /// The extra fields, as far as they can be the one of the format.
    pub extra: Vec<u8>,
    /// What is wrong with the extra fields.
    pub extra_fault: Option<String>,
}

impl Header {
    /// Whether sum and sizes follow the data (APPNOTE 4.3.9).
    pub fn described_later(&self) -> bool {
        self.flags & layout::DESCRIBED_LATER != 0
    }
}

/// A local header, signed or not.
pub(super) fn local_at(source: &mut Source, at: u64) -> Option<Header> {
    let fixed = source.get(at, layout::LOCAL_LENGTH)?.to_vec();
    let name_length = usize::try_from(number(&fixed, 26, 2)?).ok()?;
    let extra_length = usize::try_from(number(&fixed, 28, 2)?).ok()?;
    let variable = source.get(
        at.checked_add(layout::LOCAL_LENGTH as u64)?,
        name_length + extra_length,
    )?;
    let (name, extra) = variable.split_at_checked(name_length)?;
    let (name, mut extra) = (cut(name), Extra::read(extra));
    // A local header has both sizes in the order size, stored size.
    let [size, stored] = extra.widen([number(&fixed, 22, 4)?, number(&fixed, 18, 4)?]);
    let next = at + (layout::LOCAL_LENGTH + name_length + extra_length) as u64;
    header(at, next, fixed, 6, name, [size, stored, at], extra)
}

/// The central headers in `region`, which starts at byte `base` of the file, and where they stop.
///
/// One that declares a wrong length is held to end where the next one starts; a damaged signature is
/// bridged when the next header stands where it should.
pub(super) fn directory(region: &[u8], base: u64) -> (Vec<Header>, usize) {
    let mut headers = Vec::new();
    let mut at = 0;
    let mut signatures = Signatures {
        region,
        next: Some(0),
    };
    while headers.len() < MOST_HEADERS
        && let Some(header) = central_at(region, at, base, &mut signatures)
    {
        at = usize::try_from(header.next - base).unwrap_or(region.len());
        headers.push(header);
    }
    (headers, at)
}

/// The next signed header, searched for in one sweep however often it is asked for.
struct Signatures<'r> {
    region: &'r [u8],
    next: Option<usize>,
}

impl Signatures<'_> {
    /// The first signature at or after `from`, which never goes back.
    fn after(&mut self, from: usize) -> Option<usize> {
        if self.next.is_some_and(|next| next < from) {
            let rest = self.region.get(from..).unwrap_or_default();
            let found = rest
                .windows(4)
                .position(|four| four == layout::CENTRAL_SIGNATURE);
            self.next = found.map(|found| from + found);
        }
        self.next
    }
}

fn central_at(region: &[u8], at: usize, base: u64, signatures: &mut Signatures) -> Option<Header> {
    let signed = |at: usize| {
        let rest = region.get(at..).unwrap_or_default();
        rest.starts_with(&layout::CENTRAL_SIGNATURE)
    };
    let starts = |at: usize| at == region.len() || signed(at);
    // One whose signature is damaged, if the next one stands where it says.
    let bridges = |at: usize| length_at(region, at).is_some_and(|length| starts(at + length));
    let fixed = region.get(at..at + layout::CENTRAL_LENGTH)?.to_vec();
    let field = |offset| usize::try_from(number(&fixed, offset, 2)?).ok();
    let name_at = at + layout::CENTRAL_LENGTH;
    let name_end = name_at + field(28)?;
    let extra_end = name_end + field(30)?;
    let declared = at + length_at(region, at)?;
    let fits = starts(declared) || bridges(declared);
    let (name_end, extra_end, next) = if fits {
        (name_end, extra_end, declared)
    } else if signed(at) {
        match signatures.after(name_at) {
            Some(next) => (next, next, next),
            None if declared <= region.len() => (name_end, extra_end, declared),
            None => (region.len(), region.len(), region.len()),
        }
    } else {
        return None;
    };
    let name = cut(region.get(name_at..name_end)?);
    let mut extra = Extra::read(region.get(name_end..extra_end)?);
    if !fits {
        extra.fault = Some("no header stands where this one should end".into());
    }
    let word = |offset| number(&fixed, offset, 4);
    let widened = extra.widen([word(24)?, word(20)?, word(42)?]);
    let [at, next] = [base + at as u64, base + next as u64];
    header(at, next, fixed, 8, name, widened, extra)
}

/// The length that the header at `at` of the region declares, with name, extra field and comment.
fn length_at(region: &[u8], at: usize) -> Option<usize> {
    let fixed = region.get(at..at.checked_add(layout::CENTRAL_LENGTH)?)?;
    let mut length = layout::CENTRAL_LENGTH;
    for offset in [28, 30, 32] {
        length += usize::try_from(number(fixed, offset, 2)?).ok()?;
    }
    Some(length)
}

/// Whether a central header is signed and whole at `at`.
pub(super) fn is_central(source: &mut Source, at: u64) -> bool {
    source.starts_with(at, layout::CENTRAL_SIGNATURE)
        && source.get(at, layout::CENTRAL_LENGTH).is_some()
}

/// The fields from `flags_at` on, which both kinds of header have in the same order.
fn header(
    at: u64,
    next: u64,
    fixed: Vec<u8>,
    flags_at: usize,
    name: Vec<u8>,
    [size, stored, offset]: [u64; 3],
    extra: Extra,
) -> Option<Header> {
    let field = |offset, length| number(&fixed, flags_at + offset, length);
    Some(Header {
        flags: u16::try_from(field(0, 2)?).ok()?,
        method: u16::try_from(field(2, 2)?).ok()?,
        crc: u32::try_from(field(8, 4)?).ok()?,
        extra: extra.kept,
        extra_fault: extra.fault,
        at,
        next,
        name,
        fixed,
        stored,
        size,
        offset,
    })
}

fn cut(name: &[u8]) -> Vec<u8> {
    name.get(..LONGEST_NAME).unwrap_or(name).to_vec()
}

/// The local headers that follow one another from byte 0, and where the data of the last end. A
/// header whose data would run past the end of the file is the last one, and its data do not
/// count; so is one whose sizes follow its data.
pub(super) fn walk(source: &mut Source) -> (Vec<Header>, u64) {
    let mut headers = Vec::new();
    let mut at = 0;
    while headers.len() < MOST_HEADERS
        && source.starts_with(at, layout::LOCAL_SIGNATURE)
        && let Some(header) = local_at(source, at)
    {
        let next = header.next;
        let end = next.saturating_add(header.stored);
        let later = header.described_later();
        headers.push(header);
        if end > source.length() {
            break;
        }
        at = end;
        if later {
            break;
        }
    }
    (headers, at)
}
