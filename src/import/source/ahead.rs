//! A text that is read on a thread of its own, some pieces ahead of who takes them.
//!
//! To read, hash and decode a row takes 0.2 µs, a quarter of what it takes to cut and to parse it, and more where
//! the file is packed.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::encoding::{Fault, Text};
use crate::import::Stored;

/// Pieces on their way.
const PIECES: usize = 8;

/// The end that takes the pieces. When it is gone, so is the thread, after one more.
#[derive(Debug)]
pub(super) struct Ahead {
    pieces: Receiver<Result<Piece, Fault>>,
    /// For pieces to come.
    emptied: SyncSender<String>,
}

/// What is read at once.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    /// How many bytes of the file have been read by then.
    pub(super) n_read: u64,
    /// Behind the last piece nothing follows.
    pub(super) stored: Option<Stored>,
}

impl Ahead {
    pub(super) fn begin(text: Text) -> io::Result<Self> {
        let (send, pieces) = sync_channel(PIECES);
        let (emptied, rooms) = sync_channel(PIECES + 1);
        for _ in 0..=PIECES {
            // There is room for them.
            emptied.send(String::new()).ok();
        }
        thread::Builder::new().name("dump".to_owned()).spawn(move || read(text, &rooms, &send))?;
        Ok(Self { pieces, emptied })
    }

    /// The next piece. Behind the last and behind a fault there is none.
    pub(super) fn next(&mut self) -> Result<Piece, Fault> {
        let gone = |_| Fault::Text("the thread that reads the file has ended".to_owned(), None);
        self.pieces.recv().map_err(gone)?
    }

    /// Gives a piece back, for another.
    pub(super) fn give_back(&mut self, piece: String) {
        // At the end of the file nobody takes it.
        self.emptied.send(piece).ok();
    }
}

/// Until the end of the file, a fault, or until nobody takes any more.
///
/// Each piece waits for the next, so that the last is known to be it.
fn read(mut text: Text, rooms: &Receiver<String>, send: &SyncSender<Result<Piece, Fault>>) {
    let mut latest = Piece { text: String::new(), n_read: 0, stored: None };
    while let Ok(room) = rooms.recv() {
        let next = text.next(room);
        let is_last = !next.as_ref().is_ok_and(|it| !it.is_empty());
        let next = next.and_then(|next| {
            let stored = if is_last { Some(text.finish()?) } else { None };
            Ok(Piece { text: next, n_read: text.container().file().n_read(), stored })
        });
        let fault = match next {
            Ok(Piece { stored: None, text, n_read }) => {
                let next = Piece { text, n_read, stored: None };
                let piece = std::mem::replace(&mut latest, next);
                if !piece.text.is_empty() && send.send(Ok(piece)).is_err() {
                    return;
                }
                continue;
            }
            Ok(end) => {
                latest = Piece { text: latest.text, ..end };
                None
            }
            Err(fault) => Some(fault),
        };
        // Who does not hear it needs no more.
        if send.send(Ok(latest)).is_ok()
            && let Some(fault) = fault
        {
            send.send(Err(fault)).ok();
        }
        return;
    }
}
