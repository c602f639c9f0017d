//! Bytes in the encoding of the file → UTF-8, and where they are not what they should be.

use encoding_rs::DecoderResult;

use super::container::{Container, Packer};
use super::file::FileBytes;
use crate::import::Stored;
use crate::import::question::Question;
use crate::import::report::FileError;
use crate::import::sniff;

/// How the characters of a text are written as bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// By a name that the WHATWG's encoding standard lists, in any case: `windows-1252`, `latin1`, `utf-16le`.
    pub fn named(name: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).map(Self)
    }

    /// The encoding standard's own name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// A text of these bytes, if they are one.
    pub(in crate::import) fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = self.0.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    }

    /// By the beginning of a file: a byte order mark, which is certain, or the zeros of UTF-16 without one.
    fn of(head: &[u8]) -> Option<(Self, usize)> {
        if let Some((encoding, n_bytes)) = encoding_rs::Encoding::for_bom(head) {
            return Some((Self(encoding), n_bytes));
        }
        // The first line of a dump is ASCII.
        let pairs = || head.chunks_exact(2).take(32);
        let n_zeros = |place: usize| pairs().filter(|it| it[place] == 0).count();
        let (n_even, n_odd, n_pairs) = (n_zeros(0), n_zeros(1), pairs().count());
        let is_most = |n_zeros: usize| n_zeros > 0 && n_zeros * 4 >= n_pairs * 3;
        match (n_even, n_odd) {
            (0, n_odd) if is_most(n_odd) => Some((Self(encoding_rs::UTF_16LE), 0)),
            (n_even, 0) if is_most(n_even) => Some((Self(encoding_rs::UTF_16BE), 0)),
            _ => None,
        }
    }

    fn is_utf16(self) -> bool {
        self.0 == encoding_rs::UTF_16LE || self.0 == encoding_rs::UTF_16BE
    }
}

/// What keeps a text from being read on.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is wrong where it now is, for this reason.
    Text(String, Option<Question>),
    File(FileError),
}

impl From<FileError> for Fault {
    fn from(err: FileError) -> Self {
        Self::File(err)
    }
}

/// The text of a file, as UTF-8 without byte order mark and without NUL.
pub(super) struct Text {
    container: Container,
    encoding: Encoding,
    /// Of an encoding other than UTF-8.
    decoder: Option<encoding_rs::Decoder>,
    /// Bytes that have been read and are no text yet.
    raw: Vec<u8>,
    /// Whether these are the beginning of the file, which nobody has tried to decode.
    is_fresh: bool,
    at_end: bool,
    /// What follows the text so far.
    fault: Option<(String, Option<Question>)>,
}

impl Text {
    /// Looks at the beginning of what is in a file. A file that is no text is refused.
    ///
    /// `encoding` is that of a file that does not say its own.
    pub(super) fn new(file: FileBytes, encoding: Option<Encoding>) -> Result<Self, FileError> {
        let mut container = Container::new(file)?;
        let mut head = vec![0; container.file().chunk()];
        let n_read = container.read(&mut head)?;
        let at_end = n_read < head.len();
        head.truncate(n_read);
        if container.is_packed()
            && let Some(packer) = Packer::of(&head)
        {
            return Err(FileError::new(format!(
                "is packed twice, with {} inside: unpack it once and import that",
                packer.name()
            )));
        }
        sniff::refuse(&head)?;
        let utf8 = Encoding(encoding_rs::UTF_8);
        let of_head = Encoding::of(&head);
        let (encoding, n_mark) = match (encoding, of_head) {
            (_, Some((own, n_mark))) if n_mark > 0 => (own, n_mark),
            (Some(encoding), _) => (encoding, 0),
            (None, own) => own.unwrap_or((utf8, 0)),
        };
        if head.contains(&0) && !encoding.is_utf16() {
            return Err(FileError::new(
                "holds NUL bytes: it is not text, or a download that failed; export it again",
            ));
        }
        head.drain(..n_mark);
        let decoder = (encoding != utf8).then(|| encoding.0.new_decoder_without_bom_handling());
        Ok(Self { container, encoding, decoder, raw: head, is_fresh: true, at_end, fault: None })
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn container(&self) -> &Container {
        &self.container
    }

    /// Reads some text, in place of what is in `room`; none at the end of the file.
    ///
    /// A sequence that is no character comes as an error, after all the text before it.
    pub(super) fn next(&mut self, mut room: String) -> Result<String, Fault> {
        loop {
            if let Some((message, question)) = self.fault.take() {
                return Err(Fault::Text(message, question));
            }
            if self.at_end && self.raw.is_empty() {
                return Ok(String::new());
            }
            let mut text = if self.decoder.is_some() { self.decode(room)? } else { self.validate(room)? };
            if let Some(at) = memchr::memchr(0, text.as_bytes()) {
                text.truncate(at);
                let message = "a NUL byte, which no text holds: the file is damaged, export it again";
                self.fault = Some((message.to_owned(), None));
            }
            if !text.is_empty() {
                return Ok(text);
            }
            room = text;
        }
    }

    /// Reads on to the end, whatever the parser needed of it: an archive tells only there that it is whole.
    pub(super) fn finish(&mut self) -> Result<Stored, FileError> {
        let file = self.container.file_mut();
        while file.pass_over()? > 0 {}
        Ok(file.stored())
    }

    /// Reads UTF-8, and finds how much of it is text.
    fn validate(&mut self, room: String) -> Result<String, FileError> {
        let bytes = if std::mem::take(&mut self.is_fresh) {
            std::mem::take(&mut self.raw)
        } else {
            let mut bytes = room.into_bytes();
            let n_old = self.raw.len();
            let chunk = self.container.file().chunk();
            bytes.resize(bytes.len().max(n_old + chunk), 0);
            bytes[..n_old].copy_from_slice(&self.raw);
            let n_read = self.container.read(&mut bytes[n_old..n_old + chunk])?;
            bytes.truncate(n_old + n_read);
            self.raw.clear();
            self.at_end = n_read < chunk;
            bytes
        };
        String::from_utf8(bytes).or_else(|err| {
            let fault = err.utf8_error();
            let mut bytes = err.into_bytes();
            let n_valid = fault.valid_up_to();
            if fault.error_len().is_some() {
                let message = format!(
                    "not UTF-8 (byte 0x{:02X}): export the file as UTF-8, or say its encoding, for example \
                     `--encoding windows-1252`",
                    bytes[n_valid],
                );
                self.fault = Some((message, Some(Question::of_bytes(&bytes, n_valid))));
            } else if self.at_end {
                let message = "not UTF-8: the file ends inside a character, so it was cut; export it again";
                self.fault = Some((message.to_owned(), None));
            } else {
                self.raw.extend_from_slice(&bytes[n_valid..]);
            }
            bytes.truncate(n_valid);
            // So far it is text.
            Ok(String::from_utf8(bytes).unwrap_or_default())
        })
    }

    /// Reads another encoding.
    fn decode(&mut self, mut text: String) -> Result<String, FileError> {
        let Some(decoder) = &mut self.decoder else { return Ok(String::new()) };
        let chunk = self.container.file().chunk();
        if !std::mem::take(&mut self.is_fresh) && !self.at_end {
            let n_old = self.raw.len();
            self.raw.resize(n_old + chunk, 0);
            let n_read = self.container.read(&mut self.raw[n_old..])?;
            self.raw.truncate(n_old + n_read);
            self.at_end = n_read < chunk;
        }
        text.clear();
        text.reserve(chunk);
        let (result, n_read) =
            decoder.decode_to_string_without_replacement(&self.raw, &mut text, self.at_end);
        self.raw.drain(..n_read);
        if let DecoderResult::Malformed(..) = result {
            let name = self.encoding.0.name();
            let is_end = self.at_end && self.raw.is_empty();
            let message = if is_end && self.encoding.is_utf16() {
                format!("not {name}: the file ends inside a character, so it was cut; export it again")
            } else {
                format!("not {name}: a character is damaged or another encoding was used; export it again")
            };
            self.fault = Some((message, None));
        }
        Ok(text)
    }
}
