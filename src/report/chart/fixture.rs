//! Rows to try the charts on, and the plainest way to answer a query about them. Tests only.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Extent, Overview, OverviewAsk, Period, Subject};
use crate::model::{
    Bucket, Calendar, CreditSum, Dim, Figure, Filter, Instant, Key, Measure, Query, Table, TableRow, Text,
    UserId,
};

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) at: Instant,
    pub(crate) user: UserId,
    pub(crate) action: &'static str,
    pub(crate) format: Option<&'static str>,
    pub(crate) quality: Option<&'static str>,
    pub(crate) nano: i64,
}

/// Groups and adds row by row; cannot order or limit, which no chart asks for.
pub(crate) fn answer(rows: &[Row], calendar: &Calendar, query: &Query) -> Table {
    let inside = |row: &&Row| {
        query.window.from.is_none_or(|it| it <= row.at)
            && query.window.until.is_none_or(|it| row.at < it)
            && query.filter.users.admits(&row.user)
    };
    let mut groups: BTreeMap<(Option<Bucket>, Vec<Key>), Vec<&Row>> = BTreeMap::new();
    if query.group_by.is_empty() && query.grain.is_none() {
        groups.insert((None, Vec::new()), Vec::new());
    }
    for row in rows.iter().filter(inside) {
        let bucket = query.grain.map(|grain| calendar.bucket(row.at, grain));
        let keys = query.group_by.iter().map(|dim| row.key(*dim)).collect();
        groups.entry((bucket, keys)).or_default().push(row);
    }
    let row = |((bucket, keys), rows): ((Option<Bucket>, Vec<Key>), Vec<&Row>)| {
        let figures = query.measures.iter().map(|it| figure(*it, &rows)).collect();
        TableRow { bucket, keys, figures }
    };
    Table { rows: groups.into_iter().map(row).collect() }
}

fn figure(measure: Measure, rows: &[&Row]) -> Figure {
    let credits: CreditSum = rows.iter().map(|it| CreditSum::from_nano(it.nano.into())).sum();
    match measure {
        Measure::Credits => Figure::Credits(credits),
        Measure::Refunds => {
            Figure::Credits(rows.iter().map(|it| CreditSum::from_nano(it.nano.min(0).into())).sum())
        }
        Measure::Events => Figure::Count(rows.len() as u64),
        Measure::UniqueUsers => {
            Figure::Count(rows.iter().map(|it| it.user).collect::<BTreeSet<_>>().len() as u64)
        }
        Measure::CreditsPerEvent => Figure::Average(credits.average(rows.len() as u64)),
    }
}

impl Row {
    pub(crate) fn key(&self, dim: Dim) -> Key {
        match dim {
            Dim::User => Key::User(self.user),
            Dim::Action => Key::Text(Some(Text::from(self.action))),
            Dim::Format => Key::Text(self.format.map(Text::from)),
            Dim::Quality => Key::Text(self.quality.map(Text::from)),
            Dim::Metadata(_) => Key::Text(None),
        }
    }
}

pub(crate) fn at(text: &str) -> Instant {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
}

pub(crate) fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number << 96 | number))
}

/// The Overview of these rows, as of the newest.
pub(crate) fn overview(rows: &[Row], calendar: &Calendar, period: Period, subject: Subject) -> Overview {
    filtered(rows, calendar, period, subject, &Filter::default())
}

/// The same of what a filter admits.
pub(crate) fn filtered(
    rows: &[Row],
    calendar: &Calendar,
    period: Period,
    subject: Subject,
    filter: &Filter,
) -> Overview {
    let extent = Extent {
        first: rows.iter().map(|it| it.at).min().unwrap_or(at("2026-11-24T14:05:00Z")),
        as_of: rows.iter().map(|it| it.at).max().unwrap_or(at("2026-11-24T14:05:00Z")),
    };
    let ask = OverviewAsk { calendar, period, extent, filter, subject };
    let mut asked = |query: &Query| Ok::<_, std::convert::Infallible>(answer(rows, calendar, query));
    Overview::ask(&ask, &mut asked).unwrap()
}

/// What a small platform logged in 2026, until 24 November 14:05 UTC.
pub(crate) fn platform() -> Vec<Row> {
    // Action, format, how often, hundredths of a credit.
    const ACTIONS: [(&str, &str, u64, i64); 11] = [
        ("image_generation", "image", 340, 100),
        ("video_generation", "video", 74, 900),
        ("text_to_speech", "audio", 82, 160),
        ("chat_completion", "text", 270, 40),
        ("upscale", "image", 104, 50),
        ("image_edit", "image", 52, 120),
        ("music_generation", "audio", 14, 400),
        ("speech_to_text", "text", 30, 60),
        ("background_removal", "image", 26, 40),
        ("embedding", "text", 22, 5),
        ("moderation", "text", 16, 5),
    ];
    const QUALITIES: [(&str, i64); 4] = [("low", 5), ("standard", 10), ("high", 20), ("4k", 40)];
    const DAY: i64 = 86_400;
    let mut dice = fastrand::Rng::with_seed(2026);
    let newest = at("2026-11-24T14:05:00Z").micros() / 1_000_000;
    let mut rows = Vec::new();
    for day in 0..328 {
        let season = [106, 112, 110, 104, 95, 58, 52][(day as usize + 3) % 7];
        let n_rows = (190 + day / 2) * season * dice.i64(90..110) / 10_000;
        for _ in 0..n_rows {
            let second = (0..3).map(|_| dice.i64(0..DAY / 3)).sum::<i64>();
            let seconds = at("2026-01-01T00:00:00Z").micros() / 1_000_000 + day * DAY + second;
            if seconds > newest {
                continue;
            }
            let number = dice.u128(0..132) * dice.u128(0..132) / 132;
            let mut pick = dice.u64(0..1_030);
            let (action, format, _, cents) = *ACTIONS
                .iter()
                .find(|it| {
                    let found = pick < it.2;
                    pick = pick.saturating_sub(it.2);
                    found
                })
                .unwrap_or(&ACTIONS[0]);
            let n_qualities = if matches!(format, "image" | "video") { 4 } else { 3 };
            let (quality, times) = QUALITIES[dice.usize(0..n_qualities)];
            let cents = (cents * times * dice.i64(8..13) / 100).max(1);
            rows.push(Row {
                at: Instant::from_micros(seconds * 1_000_000),
                user: user(number + 1),
                action,
                format: Some(format),
                quality: Some(quality),
                nano: cents * 10_000_000,
            });
        }
    }
    rows.push(Row { at: at("2026-11-24T14:05:00Z"), nano: 1_000_000_000, ..rows[0].clone() });
    rows
}
