use std::collections::BTreeMap;

use super::name::{self, Usernames};
use super::twin::{Twin, Values, capital};
use super::{Checked, Hue};
use crate::model::{CreditSum, Dim, Key};
use crate::report::chart::{FormatTotal, Leader, Leaders as LeaderTotals};
use crate::view::number::{self, Delta};

/// Formats by credits, each a bar with its qualities inside.
#[derive(Clone, PartialEq, Debug)]
pub struct FormatBars {
    pub title: String,
    pub subtitle: String,
    pub summary: String,
    pub total: Checked,
    pub rows: Vec<FormatRow>,
    /// What is left when as many rows are shown; `None` of nothing.
    pub rest: Vec<Option<Rest>>,
    /// The same as a table.
    pub twin: Twin,
}

#[derive(Clone, PartialEq, Debug)]
pub struct FormatRow {
    pub format: Key,
    pub hue: Hue,
    pub name: String,
    pub credits: String,
    pub share: String,
    /// From cheap to dear, left to right.
    pub parts: Vec<QualityPart>,
    /// `low 7 %  ·  standard 27 %`
    pub qualities: String,
    /// Where something was given back: what was charged, and what of it.
    pub refunds: Option<String>,
    pub spoken: String,
}

/// A quality inside a bar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct QualityPart {
    /// Of the hue, from pale to full: the darker, the dearer.
    pub strength: f32,
    /// Of the longest bar.
    pub length: f32,
}

/// Users or actions by credits.
#[derive(Clone, PartialEq, Debug)]
pub struct Leaders {
    pub title: String,
    pub subtitle: String,
    pub summary: String,
    pub total: Checked,
    pub rows: Vec<LeaderRow>,
    /// What is left when as many rows are shown; `None` of nothing.
    pub rest: Vec<Option<Rest>>,
    /// The same as a table.
    pub twin: Twin,
}

#[derive(Clone, PartialEq, Debug)]
pub struct LeaderRow {
    /// The user or the action.
    pub key: Key,
    pub name: String,
    pub credits: String,
    /// Of the first one's bar.
    pub length: f32,
    /// Against the span before.
    pub delta: Option<Delta>,
    /// Where something was given back: what was charged, and what of it.
    pub refunds: Option<String>,
    pub spoken: String,
}

/// Everything that has no row of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// `Other (124)`
    pub name: String,
    pub credits: String,
    pub share: String,
}

/// More rows than the largest window shows.
const ROWS_MAX: usize = 60;

impl FormatBars {
    pub fn new(formats: &[FormatTotal], n_qualities: usize, total: CreditSum) -> Self {
        let totals: Vec<_> = formats.iter().map(|it| it.total).collect();
        let adds_up = totals.iter().copied().sum::<CreditSum>() == total;
        let longest = totals.first().map_or(0.0, |it| it.to_f64());
        let total_text = Checked::new(total, adds_up);
        Self {
            title: "Credits by format".to_owned(),
            subtitle: "quality inside".to_owned(),
            summary: format!("Credits by format, {} formats, total {}", formats.len(), total_text.text),
            total: total_text,
            rows: formats
                .iter()
                .take(ROWS_MAX)
                .map(|it| format_row(it, n_qualities, longest, total))
                .collect(),
            rest: rest(&totals, 0, total),
            twin: formats_twin(formats),
        }
    }
}

impl Leaders {
    /// `compared` is what the span before is called. Who is gone comes last.
    pub(in crate::view) fn new(
        leaders: &LeaderTotals,
        usernames: &Usernames,
        total: CreditSum,
        compared: Option<&str>,
    ) -> Self {
        let totals: Vec<_> = leaders.rows.iter().map(|it| it.credits).collect();
        let longest = totals.first().map_or(0.0, |it| it.to_f64());
        let total_text = Checked::new(total, leaders.total() == total);
        let title = if leaders.dim == Dim::User { "Top users" } else { "By action" };
        let row = |leader: &Leader| leader_row(leader, leaders.dim, usernames, longest);
        let gone = leaders.gone.iter().map(|it| {
            let row = row(it);
            LeaderRow { delta: Some(Delta::Gone), spoken: format!("{} gone", row.name), ..row }
        });
        let n_gone = leaders.gone.len();
        let gone_spoken = if n_gone > 0 { format!(", {n_gone} gone") } else { String::new() };
        Self {
            title: title.to_owned(),
            subtitle: "by credits".to_owned(),
            summary: format!(
                "{title} by credits, {} in all{gone_spoken}, total {}",
                totals.len(),
                total_text.text
            ),
            total: total_text,
            rows: leaders.rows.iter().map(&row).chain(gone).take(ROWS_MAX).collect(),
            rest: rest(&totals, n_gone, total),
            twin: leaders_twin(leaders, usernames, compared),
        }
    }
}

fn format_row(format: &FormatTotal, n_qualities: usize, longest: f64, whole: CreditSum) -> FormatRow {
    let name = name::key(&format.format, Dim::Format, &Usernames::new());
    let (credits, share) = (number::credits(format.total), number::share(format.total, whole));
    let refunds = refunded(format.total, format.refunds);
    let longest = longest * overlap(format);
    let part = |(rank, _, credits): &(usize, Key, CreditSum)| QualityPart {
        strength: strength(*rank, n_qualities),
        length: length(*credits, longest),
    };
    let words = |(_, quality, credits): &(usize, Key, CreditSum)| {
        let quality = name::key(quality, Dim::Quality, &Usernames::new());
        format!("{quality} {}", number::share_whole(*credits, format.total))
    };
    let qualities: Vec<_> = format.qualities.iter().map(words).collect();
    FormatRow {
        format: format.format.clone(),
        spoken: format!("{name} {credits}, {share}: {}{}", qualities.join(", "), comma(refunds.as_ref())),
        refunds,
        hue: format.hue,
        parts: format.qualities.iter().map(part).collect(),
        qualities: qualities.join("  ·  "),
        name,
        credits,
        share,
    }
}

fn leader_row(leader: &Leader, dim: Dim, usernames: &Usernames, longest: f64) -> LeaderRow {
    let name = name::key(&leader.key, dim, usernames);
    let credits = number::credits(leader.credits);
    let refunds = refunded(leader.credits, leader.refunds);
    let delta = leader.before.map(|before| number::delta(leader.credits.nano(), before.nano()));
    let change = delta.as_ref().map_or_else(String::new, |it| format!(", {}", it.spoken()));
    LeaderRow {
        key: leader.key.clone(),
        spoken: format!("{name} {credits}{change}{}", comma(refunds.as_ref())),
        refunds,
        length: length(leader.credits, longest),
        name,
        credits,
        delta,
    }
}

/// How many times as long as its format the positive qualities are together: a bar is as long as what
/// is left, and has no part for a quality of which less than nothing is.
fn overlap(format: &FormatTotal) -> f64 {
    let positive = format.qualities.iter().map(|(.., credits)| *credits).filter(|it| !it.is_negative());
    let positive: CreditSum = positive.sum();
    match format.total {
        total if total == positive => 1.0,
        total if total <= CreditSum::ZERO => f64::INFINITY,
        total => positive.to_f64() / total.to_f64(),
    }
}

/// Pale for the cheapest, full for the dearest of all.
fn strength(rank: usize, n_qualities: usize) -> f32 {
    const PALEST: f32 = 0.3;
    if n_qualities < 2 {
        return 1.0;
    }
    let share = (rank.min(n_qualities - 1)) as f32 / (n_qualities - 1) as f32;
    PALEST + (1.0 - PALEST) * share
}

/// `charged 7.00, refunds −2.00`, of what is left and what was given back.
fn refunded(net: CreditSum, refunds: CreditSum) -> Option<String> {
    (refunds != CreditSum::ZERO)
        .then(|| format!("charged {}, refunds {}", number::credits(net - refunds), number::credits(refunds)))
}

fn comma(text: Option<&String>) -> String {
    text.map_or_else(String::new, |it| format!(", {it}"))
}

/// What is negative has no length.
fn length(credits: CreditSum, longest: f64) -> f32 {
    if longest > 0.0 { (credits.to_f64() / longest).clamp(0.0, 1.0) as f32 } else { 0.0 }
}

/// After each number of rows that can be shown, the gone behind the others.
fn rest(totals: &[CreditSum], n_gone: usize, whole: CreditSum) -> Vec<Option<Rest>> {
    let mut left = whole;
    let mut rest = Vec::new();
    for n_shown in 0..=(totals.len() + n_gone).min(ROWS_MAX) {
        let n = totals.len().saturating_sub(n_shown);
        let n_gone = n_gone - n_shown.saturating_sub(totals.len());
        rest.push((n + n_gone > 0).then(|| Rest {
            name: other(n, n_gone),
            credits: number::credits(left),
            share: number::share(left, whole),
        }));
        left = left - totals.get(n_shown).copied().unwrap_or_default();
    }
    rest
}

/// `Other (124), 7 gone`: who is gone is not among those with credits.
fn other(n: usize, n_gone: usize) -> String {
    match (n, n_gone) {
        (_, 0) => name::other(n),
        (0, _) => format!("{n_gone} gone"),
        _ => format!("{}, {n_gone} gone", name::other(n)),
    }
}

/// A row a format, a column a quality, from cheap to dear.
fn formats_twin(formats: &[FormatTotal]) -> Twin {
    let qualities: BTreeMap<usize, &Key> =
        formats.iter().flat_map(|it| it.qualities.iter().map(|(rank, key, _)| (*rank, key))).collect();
    let quality = |it: &&Key| name::key(it, Dim::Quality, &Usernames::new());
    let heads = std::iter::once("Format".to_owned()).chain(qualities.values().map(quality));
    let row = |format: &FormatTotal| {
        let part =
            |rank: &usize| format.qualities.iter().find(|it| it.0 == *rank).map(|(.., credits)| *credits);
        let name = name::key(&format.format, Dim::Format, &Usernames::new());
        let credits = qualities.keys().map(part).chain([Some(format.total)]).collect();
        Values { plain_name: name.clone(), name, credits }
    };
    Twin::new(heads.chain(["Total".to_owned()]).collect(), formats.iter().map(row).collect())
}

/// As many rows as a large window shows, and the others together. Who is gone has no credits.
fn leaders_twin(leaders: &LeaderTotals, usernames: &Usernames, compared: Option<&str>) -> Twin {
    let values = |name: String, credits, before: Option<CreditSum>| {
        let credits = std::iter::once(credits).chain(compared.map(|_| before)).collect();
        Values { plain_name: name.clone(), name, credits }
    };
    let n_present = leaders.rows.len();
    let all: Vec<_> = leaders.rows.iter().chain(&leaders.gone).collect();
    let mut rows: Vec<_> = (all.iter().zip(0..).take(ROWS_MAX))
        .map(|(it, place)| {
            let name = name::key(&it.key, leaders.dim, usernames);
            if place < n_present {
                values(name, Some(it.credits), it.before)
            } else {
                values(format!("{name} (gone)"), None, it.before)
            }
        })
        .collect();
    let others = all.get(ROWS_MAX..).unwrap_or_default();
    if !others.is_empty() {
        let n = n_present.saturating_sub(ROWS_MAX);
        let before = others.iter().filter_map(|it| it.before).sum();
        let credits = others.iter().map(|it| it.credits).sum();
        rows.push(values(other(n, others.len() - n), Some(credits), Some(before)));
    }
    let heads = [capital(name::dim(leaders.dim)), "Credits".to_owned()];
    Twin::new(heads.into_iter().chain(compared.map(capital)).collect(), rows)
}
