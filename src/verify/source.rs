//! Reads pieces of a file by their place, whatever size is claimed for it.
//!
//! Positioned reads and not a memory map: a map needs `unsafe`, keeps gigabytes resident, and ends
//! the process when somebody cuts the file short meanwhile.

use std::io::{self, Read, Seek, SeekFrom};

/// A file, or bytes in memory.
pub(super) trait Input: Read + Seek {}
impl<T: Read + Seek> Input for T {}

/// The input with the piece that was read last. A failure to read ends the input there for all who
/// ask, and is kept for [`Source::failure`].
pub(super) struct Source<'a> {
    input: &'a mut dyn Input,
    length: u64,
    piece: Vec<u8>,
    piece_at: u64,
    failure: Option<io::Error>,
}

/// What is read at least: a header with its name is found in one piece.
const PIECE: u64 = 4096;

impl<'a> Source<'a> {
    pub fn new(input: &'a mut dyn Input) -> io::Result<Self> {
        let length = input.seek(SeekFrom::End(0))?;
        Ok(Source {
            input,
            length,
            piece: Vec::new(),
            piece_at: 0,
            failure: None,
        })
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// The error that made the input end early, if one did.
    pub fn failure(&mut self) -> io::Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// The `length` bytes at `at`, or `None` where the input has not as many.
    pub fn get(&mut self, at: u64, length: usize) -> Option<&[u8]> {
        let end = at.checked_add(length as u64)?;
        if end > self.length || self.failure.is_some() {
            return None;
        }
        let piece_end = self.piece_at + self.piece.len() as u64;
        if at < self.piece_at || end > piece_end {
            let want = PIECE.min(self.length - at).max(length as u64);
            self.piece.resize(usize::try_from(want).ok()?, 0);
            self.piece_at = at;
            let read = self
                .input
                .seek(SeekFrom::Start(at))
                .and_then(|_| self.input.read_exact(&mut self.piece));
            if let Err(error) = read {
                self.piece.clear();
                self.failure = Some(early_end(error));
                return None;
            }
        }
        let from = usize::try_from(at - self.piece_at).ok()?;
        self.piece.get(from..from + length)
    }

    pub fn starts_with(&mut self, at: u64, signature: [u8; 4]) -> bool {
        self.get(at, 4).is_some_and(|found| found == signature)
    }

    /// The last place in `from..to` at which the four bytes stand.
    pub fn find_last(&mut self, from: u64, to: u64, signature: [u8; 4]) -> Option<u64> {
        const STEP: u64 = 1 << 16;
        let mut high = to;
        while high > from {
            let low = high.saturating_sub(STEP).max(from);
            // Three more bytes, for a signature that stands across the edge.
            let length = (high + 3).min(self.length) - low;
            let piece = self.get(low, usize::try_from(length).ok()?)?;
            if let Some(at) = piece.windows(4).rposition(|four| four == signature) {
                return Some(low + at as u64);
            }
            high = low;
        }
        None
    }

    /// Reads on from `at`, for the pass over all bytes.
    pub fn rewind(&mut self, at: u64) -> io::Result<()> {
        self.input.seek(SeekFrom::Start(at)).map(drop)
    }

    /// Fills `into` from where the pass stands.
    pub fn fill(&mut self, into: &mut [u8]) -> io::Result<()> {
        self.input.read_exact(into).map_err(early_end)
    }
}

fn early_end(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return io::Error::new(error.kind(), "the file became shorter while it was read");
    }
    error
}
