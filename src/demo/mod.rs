//! A made-up platform to look at: users, prices and habits that give charts something to say.
//!
//! The same number of rows and the same seed always make the same rows, so that a demo file can be
//! used again. Nothing here is any person's data.

mod catalog;
mod sample;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use fastrand::Rng;
use uuid::Uuid;

pub use sample::{SAMPLE, write_sample};

use self::catalog::{ACTIONS, Action, FAMILY_NAMES, GIVEN_NAMES, QUALITIES};
use crate::model::{Credits, Instant, LogRow, ProfileRow, RowId, UserId, WriteError, Writer};

/// What makes a demo the same as another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Demo {
    pub n_rows: u64,
    pub seed: u64,
}

/// Rows of a demo when nothing is said.
pub const ROWS_DEFAULT: u64 = 100_000;
/// The seed when nothing is said.
pub const SEED_DEFAULT: u64 = 2026;

/// From New Year on, so that "all" is most of a year.
const FIRST_DAY: &str = "2026-01-01T00:00:00Z";
/// A Friday afternoon: the last day and the last week are unfinished, as they are in life.
const LAST_MOMENT: &str = "2026-11-20T14:05:00Z";

struct User {
    id: UserId,
    name: Option<String>,
    roles: &'static [&'static str],
    /// The action this one likes best.
    favourite: usize,
}

impl Demo {
    /// How the demo is told apart in the list of imports.
    pub fn name(self) -> String {
        format!("demo --rows {} --seed {}", self.n_rows, self.seed)
    }

    /// Writes all rows, in the order of time, then profiles and roles.
    ///
    /// `on_row` hears how many rows are written, and may end it by returning false.
    pub fn write(
        self,
        writer: &mut dyn Writer,
        on_row: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(), WriteError> {
        let mut rng = Rng::with_seed(self.seed);
        let users = users(&mut rng, self.n_rows);
        // A few do much, most do little: weights fall nearly as 1/rank.
        let by_user = Wheel::new((0..users.len()).map(|rank| 1.0 / (rank as f64 + 6.0).powf(0.9)));
        let by_action = Wheel::new(ACTIONS.iter().map(|it| it.weight));
        let mut n_done = 0;
        for (day, n_rows) in rows_per_day(&mut rng, self.n_rows) {
            let mut times: Vec<i64> = (0..n_rows).map(|_| time_of_day(&mut rng, day)).collect();
            times.sort_unstable();
            for micros in times {
                let user = &users[by_user.spin(&mut rng)];
                let likes = if rng.f64() < 0.45 { user.favourite } else { by_action.spin(&mut rng) };
                write_row(writer, &mut rng, user, &ACTIONS[likes], Instant::from_micros(micros))?;
                n_done += 1;
                if !on_row(n_done) {
                    return Ok(());
                }
            }
        }
        for user in &users {
            if user.name.is_some() {
                writer.put_profile(&ProfileRow { user_id: user.id, username: user.name.as_deref() })?;
            }
            if !user.roles.is_empty() {
                let roles: BTreeSet<String> = user.roles.iter().map(|it| (*it).to_owned()).collect();
                writer.put_roles(user.id, &roles)?;
            }
        }
        Ok(())
    }
}

/// Some have left and have no profile.
fn users(rng: &mut Rng, n_rows: u64) -> Vec<User> {
    let n_users = (40 + n_rows / 800).min(100_000) as usize;
    (0..n_users)
        .map(|rank| {
            let given = GIVEN_NAMES[rank % GIVEN_NAMES.len()];
            let family = FAMILY_NAMES[(rank * 7 + rank / GIVEN_NAMES.len()) % FAMILY_NAMES.len()];
            let again = rank / (GIVEN_NAMES.len() * FAMILY_NAMES.len());
            let suffix = if again == 0 { String::new() } else { format!(" {}", again + 1) };
            let has_left = rank % 19 == 11;
            User {
                id: UserId(uuid(rng)),
                name: (!has_left).then(|| format!("{given} {family}{suffix}")),
                roles: match rank {
                    2 => &["admin", "user"],
                    5 | 23 => &["moderator"],
                    _ if has_left => &[],
                    _ => &["user"],
                },
                favourite: rng.usize(..ACTIONS.len()),
            }
        })
        .collect()
}

/// Shares the rows out: more from month to month, fewer at weekends, no two days alike.
fn rows_per_day(rng: &mut Rng, n_rows: u64) -> Vec<(DateTime<Utc>, u64)> {
    let (first, last) = (moment(FIRST_DAY), moment(LAST_MOMENT));
    let n_days = (last - first).num_days() + 1;
    let weights: Vec<(DateTime<Utc>, f64)> = (0..n_days)
        .map(|day| {
            let date = first + TimeDelta::days(day);
            let growth = 1.0 + 1.4 * day as f64 / n_days as f64;
            let weekday = if date.weekday().num_days_from_monday() >= 5 { 0.45 } else { 1.0 };
            let elapsed = if day + 1 == n_days { 0.55 } else { 1.0 };
            (date, growth * weekday * elapsed * (0.75 + 0.5 * rng.f64()))
        })
        .collect();
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let mut shared = 0.0;
    let mut given = 0;
    weights
        .into_iter()
        .map(|(date, weight)| {
            shared += weight;
            let until_now = (shared / total * n_rows as f64).round() as u64;
            let n_rows = until_now - given;
            given = until_now;
            (date, n_rows)
        })
        .collect()
}

/// In µs; mostly in working hours, and never after the last moment.
fn time_of_day(rng: &mut Rng, day: DateTime<Utc>) -> i64 {
    let last = moment(LAST_MOMENT);
    loop {
        let hour = if rng.f64() < 0.8 { 8.0 + 6.0 * (rng.f64() + rng.f64()) } else { 24.0 * rng.f64() };
        let at = day + TimeDelta::microseconds((hour * 3.6e9) as i64);
        if at <= last {
            return at.timestamp_micros();
        }
    }
}

fn write_row(
    writer: &mut dyn Writer,
    rng: &mut Rng,
    user: &User,
    action: &Action,
    at: Instant,
) -> Result<(), WriteError> {
    let quality = rng.usize(..action.n_qualities);
    let metadata = metadata(rng, action);
    // Rows from before formats were logged have neither.
    let is_old = rng.f64() < 0.01;
    writer.add_log(&LogRow {
        id: RowId(uuid(rng)),
        user_id: user.id,
        action: action.name,
        credits: credits(rng, action, quality),
        metadata: (rng.f64() < 0.94).then_some(metadata.as_str()),
        created_at: at,
        format: (!is_old).then_some(action.format),
        quality: (!is_old).then_some(QUALITIES[quality]),
    })?;
    Ok(())
}

/// The price list's, in hundredths; one in 150 rows is a refund.
fn credits(rng: &mut Rng, action: &Action, quality: usize) -> Credits {
    let base = f64::from(action.hundredths) * [0.6, 1.0, 1.6, 2.6][quality] * (0.8 + 0.4 * rng.f64());
    let hundredths = (base.round() as i64).max(1);
    let sign = if rng.u32(..150) == 0 { -1 } else { 1 };
    Credits::from_nano(sign * hundredths * 10_000_000).unwrap_or_default()
}

fn metadata(rng: &mut Rng, action: &Action) -> String {
    let model = action.models[rng.usize(..action.models.len())];
    let provider = ["replicate", "fal", "openai", "self-hosted"][rng.usize(..4)];
    let (prompt_length, time_ms) = (rng.u32(12..600), rng.u32(400..60_000));
    let size = rng.u32(20_000..8_000_000);
    format!(
        r#"{{"model_used": "{model}", "api_provider": "{provider}", "prompt_length": {prompt_length}, "file_size_bytes": {size}, "generation_time_ms": {time_ms}}}"#
    )
}

/// Draws indices by weight.
struct Wheel {
    ends: Vec<f64>,
}

impl Wheel {
    fn new(weights: impl Iterator<Item = f64>) -> Self {
        let mut end = 0.0;
        let ends = weights.map(|it| {
            end += it;
            end
        });
        Self { ends: ends.collect() }
    }

    fn spin(&self, rng: &mut Rng) -> usize {
        let at = rng.f64() * self.ends.last().copied().unwrap_or_default();
        self.ends.partition_point(|end| *end <= at).min(self.ends.len() - 1)
    }
}

fn uuid(rng: &mut Rng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid()
}

fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).map_or(DateTime::UNIX_EPOCH, |it| it.to_utc())
}

#[cfg(test)]
mod tests;
