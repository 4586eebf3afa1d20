//! The one pass over all bytes: one thread hashes the container, the other its entries, over the
//! same pieces, so that what was hashed is what was checked.

use super::content::{Content, Taker};
use super::source::Source;
use crate::digest::Sha256;
use sha2::Digest as _;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// An entry whose data are wanted. No two share a byte.
#[derive(Clone)]
pub(super) struct Task {
    /// The entry's place among the entries.
    pub index: usize,
    pub data: Range<u64>,
    pub deflated: bool,
    /// The size stated.
    pub size: u64,
    /// How much is kept as text.
    pub kept: u64,
}

/// What became of each entry, by its index.
pub(super) type Contents = BTreeMap<usize, Result<Content, String>>;

/// Small enough that the second thread finds it in the cache.
const PIECE: u64 = 256 << 10;
/// How far the hashing of the container may run ahead.
const AHEAD: usize = 4;

/// The digest of the whole input, and the contents of the entries.
pub(super) fn run(source: &mut Source, tasks: Vec<Task>) -> io::Result<(Sha256, Contents)> {
    let length = source.length();
    let mut entries = Entries::new(tasks);
    let mut whole = sha2::Sha256::new();
    source.rewind(0)?;
    if length <= PIECE {
        // Not worth a thread.
        let mut piece = vec![0; usize::try_from(length).unwrap_or(0)];
        source.fill(&mut piece)?;
        whole.update(&piece);
        entries.feed(&piece);
        return Ok((digest(whole), entries.finish()));
    }
    let (send, receive) = sync_channel::<Arc<Vec<u8>>>(AHEAD);
    std::thread::scope(|scope| {
        let second = std::thread::Builder::new().spawn_scoped(scope, move || {
            for piece in receive {
                entries.feed(&piece);
            }
            entries.finish()
        })?;
        // A piece comes round again when the second thread is through with it: of those before it,
        // at most `AHEAD` wait and one is being hashed.
        let mut pieces: Vec<Arc<Vec<u8>>> = vec![Arc::default(); AHEAD + 2];
        let mut at = 0;
        for turn in (0..pieces.len()).cycle() {
            if at == length {
                break;
            }
            let size = usize::try_from(PIECE.min(length - at)).unwrap_or(0);
            let Some(piece) = pieces.get_mut(turn) else {
                break;
            };
            let buffer = Arc::make_mut(piece);
            buffer.resize(size, 0);
            source.fill(buffer)?;
            // A second thread that is gone is noticed when it is joined.
            drop(send.send(Arc::clone(piece)));
            whole.update(piece.as_slice());
            at += size as u64;
        }
        drop(send);
        let contents = second
            .join()
            .map_err(|_| io::Error::other("the entries could not be hashed"))?;
        Ok((digest(whole), contents))
    })
}

/// The content of one entry alone, before the pass.
pub(super) fn one(source: &mut Source, task: &Task) -> io::Result<Result<Content, String>> {
    let mut taker = Taker::new(task.deflated, task.size, task.kept);
    let mut left = task.data.end - task.data.start;
    let mut piece = Vec::new();
    source.rewind(task.data.start)?;
    while left > 0 {
        let size = PIECE.min(left);
        piece.resize(usize::try_from(size).unwrap_or(0), 0);
        source.fill(&mut piece)?;
        taker.take(&piece);
        left -= size;
    }
    Ok(taker.finish())
}

fn digest(hasher: sha2::Sha256) -> Sha256 {
    Sha256::from_bytes(hasher.finalize().into())
}

/// Deals the pieces of the container out to the entries.
struct Entries {
    /// In the order of their data.
    tasks: std::vec::IntoIter<Task>,
    current: Option<(Task, Taker)>,
    at: u64,
    done: Contents,
}

impl Entries {
    fn new(mut tasks: Vec<Task>) -> Self {
        tasks.sort_by_key(|task| (task.data.start, task.data.end));
        let mut entries = Entries {
            tasks: tasks.into_iter(),
            current: None,
            at: 0,
            done: Contents::new(),
        };
        entries.advance();
        entries
    }

    fn advance(&mut self) {
        let next = self.tasks.next();
        let done = match next {
            Some(task) => {
                let taker = Taker::new(task.deflated, task.size, task.kept);
                self.current.replace((task, taker))
            }
            None => self.current.take(),
        };
        if let Some((task, taker)) = done {
            self.done.insert(task.index, taker.finish());
        }
    }

    fn feed(&mut self, piece: &[u8]) {
        let end = self.at + piece.len() as u64;
        while let Some((task, taker)) = &mut self.current
            && task.data.start < end
        {
            let from = task.data.start.max(self.at) - self.at;
            let to = task.data.end.min(end).saturating_sub(self.at);
            let range = usize::try_from(from).unwrap_or(0)..usize::try_from(to).unwrap_or(0);
            taker.take(piece.get(range).unwrap_or_default());
            if task.data.end > end {
                break;
            }
            self.advance();
        }
        self.at = end;
    }

    fn finish(mut self) -> Contents {
        while self.current.is_some() {
            self.advance();
        }
        self.done
    }
}
