//! What was said about files, for the next ones with the same columns.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::import::{DateOrder, DecimalMark, Encoding, FileReport, Reply, Subject};
use crate::model::Zone;

/// How files with the same columns are read, in the words of the command line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FileAnswers {
    /// An IANA name.
    pub zone: Option<String>,
    /// `dmy` or `mdy`.
    pub date_order: Option<String>,
    /// `comma` or `point`.
    pub decimal: Option<String>,
    pub encoding: Option<String>,
}

impl FileAnswers {
    pub(super) fn add(&mut self, reply: &Reply) {
        match reply {
            Reply::Zone(zone) => self.zone = Some(zone.name().to_owned()),
            Reply::DateOrder(order) => {
                self.date_order = Some(if *order == DateOrder::Dmy { "dmy" } else { "mdy" }.to_owned());
            }
            Reply::DecimalMark(mark) => {
                self.decimal = Some(if *mark == DecimalMark::Comma { "comma" } else { "point" }.to_owned());
            }
            Reply::Encoding(encoding) => self.encoding = Some(encoding.name().to_owned()),
        }
    }

    /// What was said, if it still means something.
    pub(super) fn to(&self, about: Subject) -> Option<Reply> {
        match about {
            Subject::Zone => Zone::named(self.zone.as_deref()?).ok().map(Reply::Zone),
            Subject::DateOrder => match self.date_order.as_deref()? {
                "dmy" => Some(Reply::DateOrder(DateOrder::Dmy)),
                "mdy" => Some(Reply::DateOrder(DateOrder::Mdy)),
                _ => None,
            },
            Subject::DecimalMark => match self.decimal.as_deref()? {
                "comma" => Some(Reply::DecimalMark(DecimalMark::Comma)),
                "point" => Some(Reply::DecimalMark(DecimalMark::Point)),
                _ => None,
            },
            Subject::Encoding => Encoding::named(self.encoding.as_deref()?).map(Reply::Encoding),
        }
    }
}

/// A hash of how a file is written and of the names of its columns, in whatever order. `None` where no
/// columns were recognised.
pub(super) fn columns_hash(report: &FileReport) -> Option<String> {
    let mut hasher = Sha256::new();
    let mut is_any = false;
    for table in &report.tables {
        is_any |= !table.columns.names.is_empty();
        hasher.update(format!("{:?}", (table.format.name(), &table.columns.names)));
    }
    hasher.update(format!("{:?}", (report.written.delimiter, report.written.has_header)));
    let in_hex = |mut hex: String, byte: &u8| {
        // Writing to a string does not fail.
        write!(hex, "{byte:02x}").ok();
        hex
    };
    is_any.then(|| hasher.finalize().iter().fold(String::new(), in_hex))
}

/// What was said about the last file with these columns to what a file asks.
pub(super) fn recalled(report: &FileReport, answers: &[(String, FileAnswers)]) -> Option<Reply> {
    let question = report.error.as_ref()?.question.as_ref()?;
    let hash = columns_hash(report)?;
    let (_, answers) = answers.iter().find(|(it, _)| *it == hash)?;
    answers.to(question.about)
}
