//! Bytes in the encoding of the file → UTF-8, and where they are not what they should be.

use encoding_rs::DecoderResult;

use super::container::{Container, Packer};
use super::file::FileBytes;
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

/// The text of a file, as UTF-8 without byte order mark.
pub(super) struct Text<'a> {
    container: Container<'a>,
    encoding: Encoding,
    /// Of an encoding other than UTF-8, with the bytes that come next.
    decoder: Option<(encoding_rs::Decoder, Vec<u8>)>,
    /// Of which `start..valid` is text, and `valid..end` the beginning of a character.
    ready: Vec<u8>,
    start: usize,
    valid: usize,
    end: usize,
    at_end: bool,
    /// What follows the text that is ready.
    fault: Option<(String, Option<Question>)>,
}

impl<'a> Text<'a> {
    /// Looks at the beginning of what is in a file. A file that is no text is refused.
    ///
    /// `encoding` is that of a file that does not say its own.
    pub(super) fn new(file: FileBytes<'a>, encoding: Option<Encoding>) -> Result<Self, FileError> {
        let mut container = Container::new(file)?;
        let mut ready = vec![0; container.file().chunk()];
        let n_read = container.read(&mut ready)?;
        let head = &ready[..n_read];
        if container.is_packed()
            && let Some(packer) = Packer::of(head)
        {
            return Err(FileError::new(format!(
                "is packed twice, with {} inside: unpack it once and import that",
                packer.name()
            )));
        }
        sniff::refuse(head)?;
        let utf8 = Encoding(encoding_rs::UTF_8);
        let of_head = Encoding::of(head);
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
        let mut text = Self {
            container,
            encoding,
            decoder: None,
            start: n_mark,
            valid: n_mark,
            end: n_read,
            at_end: n_read < ready.len(),
            ready,
            fault: None,
        };
        if encoding == utf8 {
            text.validate();
        } else {
            let raw = text.ready[n_mark..n_read].to_owned();
            (text.start, text.valid, text.end) = (0, 0, 0);
            text.decoder = Some((encoding.0.new_decoder_without_bom_handling(), raw));
            text.decode();
        }
        Ok(text)
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn container(&self) -> &Container<'a> {
        &self.container
    }

    pub(super) fn container_mut(&mut self) -> &mut Container<'a> {
        &mut self.container
    }

    /// Reads some text, not always up to the end of a character; none at the end of the file.
    ///
    /// A sequence that is no character comes as an error, after all the text before it.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, Fault> {
        while self.start == self.valid {
            if let Some((message, question)) = self.fault.take() {
                return Err(Fault::Text(message, question));
            }
            let is_decoded = self.decoder.as_ref().is_none_or(|(_, raw)| raw.is_empty());
            if self.at_end && is_decoded {
                return Ok(0);
            }
            self.fill()?;
        }
        let n_bytes = out.len().min(self.valid - self.start);
        out[..n_bytes].copy_from_slice(&self.ready[self.start..self.start + n_bytes]);
        self.start += n_bytes;
        Ok(n_bytes)
    }

    fn fill(&mut self) -> Result<(), FileError> {
        let chunk = self.ready.len();
        if let Some((_, raw)) = &mut self.decoder {
            if !self.at_end {
                let n_old = raw.len();
                raw.resize(n_old + chunk, 0);
                let n_read = self.container.read(&mut raw[n_old..])?;
                raw.truncate(n_old + n_read);
                self.at_end = n_read < chunk;
            }
            self.decode();
        } else {
            self.ready.copy_within(self.valid..self.end, 0);
            let n_old = self.end - self.valid;
            let n_read = self.container.read(&mut self.ready[n_old..])?;
            self.at_end = n_read < chunk - n_old;
            (self.start, self.valid, self.end) = (0, 0, n_old + n_read);
            self.validate();
        }
        Ok(())
    }

    /// Finds how much of what was read is text.
    fn validate(&mut self) {
        let bytes = &self.ready[self.start..self.end];
        let Err(err) = std::str::from_utf8(bytes) else {
            self.valid = self.end;
            return;
        };
        let n_valid = err.valid_up_to();
        if err.error_len().is_some() {
            let message = format!(
                "not UTF-8 (byte 0x{:02X}): export the file as UTF-8, or say its encoding, for example \
                 `--encoding windows-1252`",
                bytes[n_valid],
            );
            self.fault = Some((message, Some(Question::of_bytes(bytes, n_valid))));
        } else if self.at_end {
            let message = "not UTF-8: the file ends inside a character, so it was cut; export it again";
            self.fault = Some((message.to_owned(), None));
        }
        self.valid = self.start + n_valid;
    }

    fn decode(&mut self) {
        let Some((decoder, raw)) = &mut self.decoder else { return };
        let (result, n_read, n_written) =
            decoder.decode_to_utf8_without_replacement(raw, &mut self.ready, self.at_end);
        raw.drain(..n_read);
        (self.start, self.valid) = (0, n_written);
        if let DecoderResult::Malformed(..) = result {
            let name = self.encoding.0.name();
            let is_end = self.at_end && raw.is_empty();
            let message = if is_end && self.encoding.is_utf16() {
                format!("not {name}: the file ends inside a character, so it was cut; export it again")
            } else {
                format!("not {name}: a character is damaged or another encoding was used; export it again")
            };
            self.fault = Some((message, None));
        }
    }
}
