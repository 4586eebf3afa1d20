//! Reading DER item by item, where the bytes as they stand are needed: a signature is one of bytes,
//! not of what a program would make of them. Lengths and tags are read by the crate `der`.

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, ErrorKind, Reader, Result, SliceReader, Tag, TagNumber};
use x509_cert::name::Name;

/// Most parts of a name in one set; names have one, seldom two. `x509-cert` sorts a set in a time
/// that grows with the square of its size: a reply of 300 kB would keep a verifier busy for minutes.
const MOST_IN_SET: usize = 16;

/// The items of a constructed value, one after the other.
#[derive(Clone)]
pub(super) struct Items<'a>(SliceReader<'a>);

impl<'a> Items<'a> {
    /// The items in `content`.
    pub fn of(content: &'a [u8]) -> Result<Self> {
        SliceReader::new(content).map(Items)
    }

    /// The items of the one SEQUENCE that `bytes` are.
    pub fn of_sequence(bytes: &'a [u8]) -> Result<Self> {
        let mut whole = Self::of(bytes)?;
        let inside = whole.sequence()?;
        whole.end()?;
        Ok(inside)
    }

    /// The content of the next item, which must have this tag.
    pub fn next(&mut self, tag: Tag) -> Result<&'a [u8]> {
        let item = AnyRef::decode(&mut self.0)?;
        let found = x509_cert::der::Tagged::tag(&item);
        found.assert_eq(tag)?;
        Ok(item.value())
    }

    /// The content of the next item if it has this tag.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<&'a [u8]>> {
        if self.is_next(tag) {
            self.next(tag).map(Some)
        } else {
            Ok(None)
        }
    }

    pub fn is_next(&self, tag: Tag) -> bool {
        !self.0.is_finished() && self.0.peek_tag().is_ok_and(|found| found == tag)
    }

    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// The items of the next one, a SEQUENCE.
    pub fn sequence(&mut self) -> Result<Items<'a>> {
        Self::of(self.next(Tag::Sequence)?)
    }

    /// The next item decoded.
    pub fn decode<T: Decode<'a>>(&mut self) -> Result<T> {
        T::decode(&mut self.0)
    }

    /// The next item, a name.
    pub fn name(&mut self) -> Result<Name> {
        self.clone().modest_name()?;
        self.decode()
    }

    /// Passes over a name, unless it has too large a set. What is wrong with it otherwise is for
    /// whoever decodes it to say.
    pub fn modest_name(&mut self) -> Result<()> {
        let Ok(mut sets) = self.sequence() else {
            return Ok(());
        };
        while let Ok(set) = sets.next(Tag::Set) {
            let mut parts = Items::of(set)?;
            let mut count = 0;
            while !parts.is_finished() && parts.raw().is_ok() {
                count += 1;
                if count > MOST_IN_SET {
                    return Err(ErrorKind::Overlength.into());
                }
            }
        }
        Ok(())
    }

    /// The next item with its tag and length, as it stands.
    pub fn raw(&mut self) -> Result<&'a [u8]> {
        self.0.tlv_bytes()
    }

    /// Nothing may follow.
    pub fn end(self) -> Result<()> {
        self.0.finish(())
    }
}

/// `[number]`, implicit and primitive or (`constructed`) explicit, or implicit and constructed.
pub(super) fn context(number: u8, constructed: bool) -> Tag {
    Tag::ContextSpecific {
        number: TagNumber::new(number),
        constructed,
    }
}
