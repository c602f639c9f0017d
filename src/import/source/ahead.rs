//! A file that is read and hashed on a thread of its own, some pieces ahead of who takes them.
//!
//! To read and hash takes a tenth as long as to parse, so a dump is parsed sooner by so much.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use sha2::{Digest as _, Sha256};

/// Pieces on their way: one that is read, and one that waits.
const PIECES: usize = 2;

/// The end that takes the pieces. When it is gone, so is the thread, after one more.
#[derive(Debug)]
pub(super) struct Ahead {
    pieces: Receiver<io::Result<Piece>>,
    /// For pieces to come.
    emptied: SyncSender<Vec<u8>>,
}

#[derive(Debug)]
enum Piece {
    Bytes(Vec<u8>, usize),
    /// With the hash of the whole file.
    End(Sha256),
}

impl Ahead {
    /// Goes on where a file was read to, and with the hash of all before. Pieces are `len` bytes.
    pub(super) fn begin(file: File, hasher: Sha256, len: usize) -> io::Result<Self> {
        let (send, pieces) = sync_channel(PIECES);
        let (emptied, buffers) = sync_channel(PIECES + 1);
        for _ in 0..PIECES {
            // There is room for them.
            emptied.send(vec![0; len]).ok();
        }
        thread::Builder::new().name("dump".to_owned()).spawn(move || read(file, hasher, &buffers, &send))?;
        Ok(Self { pieces, emptied })
    }

    /// The next bytes, in place of those in `buf`: how many there are, or none and the hash of all.
    pub(super) fn next(&mut self, buf: &mut Vec<u8>) -> io::Result<(usize, Option<Sha256>)> {
        let gone = |_| io::Error::other("the thread that reads it has ended");
        match self.pieces.recv().map_err(gone)?? {
            Piece::Bytes(bytes, n_read) => {
                let emptied = std::mem::replace(buf, bytes);
                // At the end of the file nobody takes it.
                self.emptied.send(emptied).ok();
                Ok((n_read, None))
            }
            Piece::End(hasher) => Ok((0, Some(hasher))),
        }
    }
}

/// Until the end of the file, an error, or until nobody takes any more.
fn read(
    mut file: File,
    mut hasher: Sha256,
    buffers: &Receiver<Vec<u8>>,
    send: &SyncSender<io::Result<Piece>>,
) {
    while let Ok(mut bytes) = buffers.recv() {
        let piece = match read_some(&mut file, &mut bytes) {
            Ok(0) => Ok(Piece::End(hasher.clone())),
            Ok(n_read) => {
                hasher.update(&bytes[..n_read]);
                Ok(Piece::Bytes(bytes, n_read))
            }
            Err(err) => Err(err),
        };
        let is_last = !matches!(piece, Ok(Piece::Bytes(..)));
        if send.send(piece).is_err() || is_last {
            return;
        }
    }
}

pub(super) fn read_some(file: &mut File, buf: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buf) {
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
