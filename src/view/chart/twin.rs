use super::LegendEntry;
use super::moment;
use crate::model::{Bucket, CreditSum, Grain};
use crate::report::chart::Stack;
use crate::view::number;

/// A chart's figures as a table: what is seen, said and copied.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Twin {
    /// The first is of the names, the others of figures.
    pub heads: Vec<String>,
    /// In the order of the chart.
    pub rows: Vec<TwinRow>,
    /// The last line.
    pub total: TwinRow,
    /// All of it with every digit, its cells apart by tabs: for the clipboard.
    pub tab_separated: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TwinRow {
    pub name: String,
    /// Two decimals; one a head after the first.
    pub figures: Vec<String>,
    /// Heads and figures in a line, for a screen reader.
    pub spoken: String,
}

/// A row before it is written.
pub(super) struct Values {
    pub(super) name: String,
    /// As programs read it: a date instead of its words.
    pub(super) plain_name: String,
    /// `None` is left empty.
    pub(super) credits: Vec<Option<CreditSum>>,
}

impl Twin {
    /// A row a bucket: what was charged in every series, refunds if there are any, the total, and what
    /// was before.
    pub(super) fn of_stack(
        stack: &Stack,
        legend: &[LegendEntry],
        before: Option<(&[CreditSum], &str)>,
    ) -> Self {
        let grain = stack.span.grain;
        let mut heads = vec![capital(grain.name())];
        heads.extend(legend.iter().map(|it| it.name.clone()));
        let has_refunds = stack.refunds() != CreditSum::ZERO;
        if has_refunds {
            heads.push("Refunds".to_owned());
        }
        heads.push(if has_refunds { "Total (net)" } else { "Total" }.to_owned());
        heads.extend(before.map(|(_, name)| capital(name)));
        let row = |(index, bucket): (usize, &Bucket)| {
            let parts = stack.series.iter().map(|it| it.gross(index));
            let refunds = has_refunds.then(|| stack.bucket_refunds(index));
            let whole = std::iter::once(stack.bucket_total(index));
            let before = before.map(|(values, _)| values[index]);
            Values {
                name: moment::title(bucket, grain),
                plain_name: plain(bucket, grain),
                credits: parts.chain(refunds).chain(whole).chain(before).map(Some).collect(),
            }
        };
        Self::new(heads, stack.span.buckets.iter().enumerate().map(row).collect())
    }

    /// The last line is the sum of each column.
    pub(super) fn new(heads: Vec<String>, rows: Vec<Values>) -> Self {
        let sum = |column: usize| {
            let values = rows.iter().filter_map(|it| it.credits.get(column).copied().flatten());
            Some(values.sum::<CreditSum>())
        };
        let total = Values {
            name: "Total".to_owned(),
            plain_name: "Total".to_owned(),
            credits: (0..heads.len().saturating_sub(1)).map(sum).collect(),
        };
        let plain_heads: Vec<_> = heads.iter().map(|it| guarded(it)).collect();
        let mut lines = vec![plain_heads.join("\t")];
        lines.extend(rows.iter().chain([&total]).map(Values::tab_separated));
        Self {
            rows: rows.into_iter().map(|it| it.written(&heads)).collect(),
            total: total.written(&heads),
            tab_separated: lines.join("\n") + "\n",
            heads,
        }
    }
}

impl Values {
    fn written(self, heads: &[String]) -> TwinRow {
        let text = |it: &Option<CreditSum>| it.map_or_else(String::new, number::credits);
        let figures: Vec<_> = self.credits.iter().map(text).collect();
        let said = heads[1..].iter().zip(&figures).filter(|(_, figure)| !figure.is_empty());
        let said: Vec<_> = said.map(|(head, figure)| format!("{head} {figure}")).collect();
        TwinRow { spoken: format!("{}: {}", self.name, said.join(", ")), name: self.name, figures }
    }

    fn tab_separated(&self) -> String {
        let figures = self.credits.iter().map(|it| it.map_or_else(String::new, |it| it.to_string()));
        let cells: Vec<_> = std::iter::once(guarded(&self.plain_name)).chain(figures).collect();
        cells.join("\t")
    }
}

/// A spreadsheet takes what begins so for a formula.
fn guarded(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.to_owned() }
}

fn plain(bucket: &Bucket, grain: Grain) -> String {
    let format = if grain == Grain::Hour { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
    bucket.local.format(format).to_string()
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}
