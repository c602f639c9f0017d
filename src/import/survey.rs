//! How a file's times and numbers are to be read, where a single value does not tell.
//!
//! The file's first rows are looked at before anything is written. What they leave open is asked of
//! the user, by an error that names the flag. What they decide holds for the whole file: a later row
//! that contradicts it is an error of the file, with its line.

use super::Options;
use super::columns::{Column, N_COLUMNS};
use super::question::{EXAMPLES_MAX, Subject};
use super::repair;
use super::report::FileError;
use super::rows::{Cell, RawRow};
use super::value::number::{self, DecimalMark};
use super::value::quoted;
use super::value::time::{self, DateOrder, Reading, Style, Unit};

/// Rows of `usage_logs` that decide.
pub(super) const ROWS_MAX: u64 = 10_000;

/// How the values of a file are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Decisions {
    pub(super) times: Reading,
    /// `None`: only whole numbers were seen.
    pub(super) mark: Option<DecimalMark>,
    /// Whether the backslashes of metadata are doubled.
    pub(super) is_doubled: bool,
    /// What was decided by the rows, in words.
    pub(super) notes: Vec<String>,
    /// Some times of the file, for a question about them.
    pub(super) examples: Vec<String>,
}

/// A value, and the line of its record.
#[derive(Clone, Debug)]
struct Example {
    line: u64,
    text: String,
}

/// How many values are spelled in a way, and the first of them.
#[derive(Clone, Debug, Default)]
struct Seen {
    n_rows: u64,
    first: Option<Example>,
    /// The first ones, as they stand in the file.
    examples: Vec<String>,
}

/// What the first rows look like.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    n_rows: u64,
    dates: Seen,
    numbers: Seen,
    day_numbers: Seen,
    units: [Seen; Unit::ALL.len()],
    ordered: Seen,
    day_first: Seen,
    month_first: Seen,
    points: Seen,
    wholes: Seen,
    commas: Seen,
    certain_commas: Seen,
    /// Numbers with thousands separators or currency signs.
    dressed: Seen,
    /// Metadata that proves that its backslashes are not doubled, and that they are.
    doubled: [bool; 2],
}

impl Survey {
    /// Looks at a record of `usage_logs`; false once enough have been seen.
    pub(super) fn look(&mut self, row: &RawRow<'_>) -> bool {
        if let Ok(cells) = &row.cells {
            if let Some(text) = text(cells, Column::CreatedAt) {
                self.look_at_time(row.place.line, text);
            }
            if let Some(text) = text(cells, Column::Credits) {
                self.look_at_credits(row.place.line, text);
            }
            if let Cell::Text(text) = &cells[Column::Metadata as usize]
                && let Some(is_doubled) = repair::is_doubled(text)
            {
                self.doubled[usize::from(is_doubled)] = true;
            }
        }
        self.n_rows += 1;
        self.n_rows < ROWS_MAX
    }

    fn look_at_time(&mut self, line: u64, text: &str) {
        match time::Spelling::of(text) {
            time::Spelling::Date => self.dates.add(line, text),
            time::Spelling::Number { unit, may_be_day } => {
                self.numbers.add(line, text);
                if let Some(unit) = unit {
                    self.units[unit as usize].add(line, text);
                }
                if may_be_day {
                    self.day_numbers.add(line, text);
                }
            }
            time::Spelling::Ordered(order) => {
                self.ordered.add(line, text);
                match order {
                    Some(DateOrder::Dmy) => self.day_first.add(line, text),
                    Some(DateOrder::Mdy) => self.month_first.add(line, text),
                    None => {}
                }
            }
            time::Spelling::Other => {}
        }
    }

    fn look_at_credits(&mut self, line: u64, text: &str) {
        match number::Spelling::of(text) {
            number::Spelling::Whole => self.wholes.add(line, text),
            number::Spelling::Point => self.points.add(line, text),
            number::Spelling::Comma { is_certain } => {
                self.commas.add(line, text);
                if is_certain {
                    self.certain_commas.add(line, text);
                }
            }
            number::Spelling::Grouped | number::Spelling::Currency => self.dressed.add(line, text),
            number::Spelling::Date | number::Spelling::Other => {}
        }
    }

    /// What holds for the file. `delimiter` is that of its fields, where it has one.
    pub(super) fn decide(&self, options: &Options, delimiter: Option<u8>) -> Result<Decisions, FileError> {
        let mut notes = Vec::new();
        let style = self.style(options, &mut notes)?;
        let mark = self.mark(options, delimiter, &mut notes)?;
        let times = Reading { zone: options.assume_zone.clone(), order: options.date_order, style };
        let most = [&self.dates, &self.ordered].into_iter().max_by_key(|it| it.n_rows);
        let examples = most.map(|it| it.examples.clone()).unwrap_or_default();
        Ok(Decisions { times, mark, is_doubled: self.doubled == [false, true], notes, examples })
    }

    /// The style of most times; what is certain by itself wins a tie.
    fn style(&self, options: &Options, notes: &mut Vec<String>) -> Result<Option<Style>, FileError> {
        let most = self.dates.n_rows.max(self.numbers.n_rows).max(self.ordered.n_rows);
        if most == 0 {
            Ok(None)
        } else if most == self.dates.n_rows {
            Ok(Some(Style::Dates))
        } else if most == self.numbers.n_rows {
            let unit = self.unit()?;
            notes.push(format!("created_at is a number and was read as {} since 1970", unit.name()));
            Ok(Some(Style::Numbers(unit)))
        } else if let Some(order) = options.date_order {
            Ok(Some(Style::Ordered(order)))
        } else {
            let order = self.order()?;
            notes.push(format!("created_at was read as {}", order.name()));
            Ok(Some(Style::Ordered(order)))
        }
    }

    fn unit(&self) -> Result<Unit, FileError> {
        let mut seen: Vec<(Unit, &Example)> = Unit::ALL
            .into_iter()
            .zip(&self.units)
            .filter_map(|(unit, it)| Some((unit, it.first.as_ref()?)))
            .collect();
        seen.sort_by_key(|(_, it)| it.line);
        match seen[..] {
            [(unit, _)] => Ok(unit),
            [(first, _), (second, at), ..] => Err(at.error(format!(
                "is a time in {}, and created_at began in {}: export the file again with one unit",
                second.name(),
                first.name()
            ))),
            [] if self.day_numbers.n_rows == self.numbers.n_rows => Err(self.numbers.error(
                "is the day number of a spreadsheet, which has no time zone and no exact time: export the file again \
                 and do not save it in a spreadsheet",
            )),
            [] => Err(self.numbers.error(
                "is a number that is no time of the years 2000 to 2099 in seconds, milliseconds or microseconds: \
                 export created_at as a date and time",
            )),
        }
    }

    fn order(&self) -> Result<DateOrder, FileError> {
        match (&self.day_first.first, &self.month_first.first) {
            (Some(_), None) => Ok(DateOrder::Dmy),
            (None, Some(_)) => Ok(DateOrder::Mdy),
            (Some(day_first), Some(month_first)) => {
                let later = if day_first.line < month_first.line { month_first } else { day_first };
                Err(later.error(
                    "has the day and the month in another order than the dates before: export the file again with one \
                     order",
                ))
            }
            (None, None) => {
                let error = self.ordered.error(
                    "does not tell which number is the month, nor does any other of the first dates: say \
                     `--date-order dmy` or `--date-order mdy`",
                );
                Err(error.asking(Subject::DateOrder, self.ordered.examples.clone()))
            }
        }
    }

    fn mark(
        &self,
        options: &Options,
        delimiter: Option<u8>,
        notes: &mut Vec<String>,
    ) -> Result<Option<DecimalMark>, FileError> {
        if options.decimal.is_some() {
            return Ok(options.decimal);
        }
        let n_plain = self.points.n_rows + self.wholes.n_rows;
        if self.dressed.n_rows > n_plain + self.commas.n_rows {
            return Err(self.dressed.error(
                "is not a plain number, and neither are most of credits_consumed: export it without currency signs and \
                 thousands separators",
            ));
        }
        if self.commas.n_rows <= self.points.n_rows {
            return Ok((self.points.n_rows > 0).then_some(DecimalMark::Point));
        }
        // Where fields are parted by commas, somebody has quoted these on purpose, or by mistake.
        if !matches!(delimiter, Some(b';' | b'\t')) || self.certain_commas.n_rows == 0 {
            let error = self.commas.error(
                "has a comma, which may part decimals or thousands: say `--decimal comma` if it is a decimal comma, or \
                 export with decimal points",
            );
            return Err(error.asking(Subject::DecimalMark, self.commas.examples.clone()));
        }
        notes.push("credits_consumed was read with a decimal comma".to_owned());
        Ok(Some(DecimalMark::Comma))
    }
}

fn text<'c>(cells: &'c [Cell<'_>; N_COLUMNS], column: Column) -> Option<&'c str> {
    match &cells[column as usize] {
        Cell::Text(text) | Cell::Json(text) => Some(text),
        Cell::Absent | Cell::Null | Cell::Fault(_) => None,
    }
}

impl Seen {
    fn add(&mut self, line: u64, text: &str) {
        self.n_rows += 1;
        if self.examples.len() < EXAMPLES_MAX && self.examples.iter().all(|it| it != text) {
            self.examples.push(text.to_owned());
        }
        self.first.get_or_insert_with(|| Example { line, text: quoted(text) });
    }

    fn error(&self, reason: impl AsRef<str>) -> FileError {
        match &self.first {
            Some(example) => example.error(reason),
            None => FileError::new(reason.as_ref()),
        }
    }
}

impl Example {
    fn error(&self, reason: impl AsRef<str>) -> FileError {
        FileError::at(self.line, format!("{} {}", self.text, reason.as_ref()))
    }
}
