//! Inflates one entry in a stream (RFC 1951), never further than the size stated for it.

use flate2::{Decompress, FlushDecompress, Status};

pub(super) struct Inflater {
    stream: Decompress,
    out: Vec<u8>,
    ended: bool,
}

impl Inflater {
    pub fn new() -> Self {
        Inflater {
            stream: Decompress::new(false),
            out: vec![0; 1 << 16],
            ended: false,
        }
    }

    /// Hands what `input` inflates to, in pieces, to `sink`, which stops it with an error.
    pub fn take(
        &mut self,
        mut input: &[u8],
        mut sink: impl FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        loop {
            if self.ended {
                return match input.len() {
                    0 => Ok(()),
                    _ => Err("bytes follow the end of its deflated data".into()),
                };
            }
            let (read, written) = (self.stream.total_in(), self.stream.total_out());
            let status = self
                .stream
                .decompress(input, &mut self.out, FlushDecompress::None)
                .map_err(|_| "they are no deflate stream")?;
            let read = moved(read, self.stream.total_in());
            let written = moved(written, self.stream.total_out());
            sink(self.out.get(..written).unwrap_or_default())?;
            input = input.get(read..).unwrap_or_default();
            self.ended = status == Status::StreamEnd;
            // A full buffer can mean that more is ready without any further input.
            if !self.ended && input.is_empty() && written < self.out.len() {
                return Ok(());
            }
            if !self.ended && read == 0 && written == 0 {
                return Err("they are no deflate stream".into());
            }
        }
    }

    /// Whether the stream came to its end.
    pub fn ended(&self) -> bool {
        self.ended
    }
}

fn moved(before: u64, after: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(0)
}
