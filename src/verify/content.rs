//! What is known of a file after it went by once: size, digest, sum, and its text where the checks
//! read it.

use super::inflate::Inflater;
use crate::bundle::format;
use crate::digest::Sha256;
use sha2::Digest as _;
use std::io::{self, Read};

pub(super) struct Content {
    pub bytes: u64,
    pub sha256: Sha256,
    /// APPNOTE 4.4.7.
    pub crc: u32,
    /// The bytes, of a file that the checks read and that is not longer than they read.
    pub text: Option<Vec<u8>>,
}

/// The most that is kept of a list or manifest.
pub(super) const LONGEST_TEXT: u64 = 64 << 20;
/// The same of a signature or timestamp, and of the headers of the bag.
const LONGEST_SEAL: u64 = 1 << 20;

/// The same of all signatures and timestamps together.
const MOST_OF_SEALS: u64 = 64 << 20;

/// How much of each file is kept for the checks, in the order in which the files come.
pub(super) struct Keeping {
    /// What is left for signatures and timestamps: many together could be large.
    seals: u64,
}

impl Default for Keeping {
    fn default() -> Self {
        Keeping {
            seals: MOST_OF_SEALS,
        }
    }
}

impl Keeping {
    /// Of the file at this path in the top folder, which has `size` bytes.
    pub fn of(&mut self, path: &str, size: u64) -> u64 {
        if format::is_attached(path) {
            self.seals = self.seals.saturating_sub(size);
            if self.seals == 0 {
                return 0;
            }
        }
        kept(path)
    }
}

fn kept(path: &str) -> u64 {
    let texts = [format::DIGESTS_FILE, format::CUSTODY_FILE];
    let known = format::TAG_FILES.iter().chain(&format::LISTS).chain(&texts);
    if format::is_attached(path) || [format::DECLARATION_FILE, format::INFO_FILE].contains(&path) {
        LONGEST_SEAL
    } else if known.into_iter().any(|known| *known == path) {
        LONGEST_TEXT
    } else {
        0
    }
}

/// A file of an unpacked bag, read once.
pub(super) fn of(size: u64, kept: u64, input: &mut dyn Read) -> io::Result<Content> {
    let mut taker = Taker::new(false, size, kept);
    let mut piece = vec![0; 1 << 18];
    loop {
        match input.read(&mut piece)? {
            0 => break,
            read => taker.take(piece.get(..read).unwrap_or_default()),
        }
    }
    taker.finish().map_err(io::Error::other)
}

/// Takes a file in, piece by piece.
pub(super) struct Taker {
    inflater: Option<Inflater>,
    sink: Sink,
    failure: Option<String>,
}

struct Sink {
    sha256: sha2::Sha256,
    crc: crc32fast::Hasher,
    bytes: u64,
    /// What the file may hold at most.
    most: u64,
    text: Option<Vec<u8>>,
    kept: u64,
}

impl Taker {
    /// For a file of which `size` bytes are stated and `kept` are kept.
    pub fn new(deflated: bool, size: u64, kept: u64) -> Self {
        Taker {
            inflater: deflated.then(Inflater::new),
            sink: Sink {
                sha256: sha2::Sha256::new(),
                crc: crc32fast::Hasher::new(),
                bytes: 0,
                most: size,
                text: (size <= kept && kept > 0).then(Vec::new),
                kept,
            },
            failure: None,
        }
    }

    pub fn take(&mut self, piece: &[u8]) {
        if self.failure.is_some() {
            return;
        }
        let taken = match &mut self.inflater {
            Some(inflater) => inflater.take(piece, |piece| self.sink.take(piece)),
            None => self.sink.take(piece),
        };
        self.failure = taken.err();
    }

    /// What was taken in, or why it is not what was stated.
    pub fn finish(self) -> Result<Content, String> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let sink = self.sink;
        if self.inflater.is_some_and(|inflater| !inflater.ended()) {
            return Err("its deflated data end early".into());
        }
        if sink.bytes != sink.most {
            return Err(format!(
                "they are {} bytes, where {} are stated",
                sink.bytes, sink.most
            ));
        }
        Ok(Content {
            bytes: sink.bytes,
            sha256: Sha256::from_bytes(sink.sha256.finalize().into()),
            crc: sink.crc.finalize(),
            text: sink.text,
        })
    }
}

impl Sink {
    fn take(&mut self, piece: &[u8]) -> Result<(), String> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.most {
            return Err(format!("they are more than the {} bytes stated", self.most));
        }
        self.sha256.update(piece);
        self.crc.update(piece);
        if let Some(text) = self.text.as_mut().filter(|_| self.bytes <= self.kept) {
            text.extend_from_slice(piece);
        }
        Ok(())
    }
}
