//! `creditscope chart`: one chart of the window's Overview as a picture.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use super::args::{self, ChartName};
use super::look::Look;
use super::{Done, Failure};
use crate::engine;
use crate::model::{Calendar, Cancel, Columns, Filter};
use crate::report::Of;
use crate::report::chart::{Extent, Overview, OverviewAsk, Period, Range, Subject};
use crate::service::ServiceError;
use crate::ui::picture::{Caption, Chart, chart_png};
use crate::view;

pub(super) fn run(args: &args::Chart) -> Result<Done, Failure> {
    let look = Look::open(&args.look)?;
    let overview = overview(&look, args.name)?;
    let chart = match args.name {
        ChartName::Daily => Chart::Columns(&overview.by_format),
        ChartName::Weekly => Chart::Columns(&overview.by_action),
        ChartName::Formats => Chart::Formats(&overview.formats),
    };
    let caption = Caption {
        range: overview.range.clone(),
        zone: overview.zone.clone(),
        viewer: look.words()?,
        n_rows: overview.n_rows,
    };
    let failed = |err: &dyn std::error::Error| {
        Failure::Failed(format!("the picture cannot be made ({err}): {}", args.out.display()))
    };
    let is_dark = args.theme == args::Theme::Dark;
    let png = chart_png(chart, &caption, args.size, is_dark).map_err(|err| failed(&err))?;
    fs::write(&args.out, png).map_err(|err| failed(&err))?;
    Ok(Done::Whole)
}

fn overview(look: &Look, chart: ChartName) -> Result<view::Overview, Failure> {
    let visible = look.session.columns()?;
    let (rows, subject) = match look.of_or_all() {
        Of::Nobody => (Arc::new(Columns::default()), Subject::Everyone),
        Of::User(user) => (Arc::new(visible.only(user)), Subject::OneUser),
        Of::All => (visible, Subject::Everyone),
    };
    let calendar = Calendar::new(look.zone.clone());
    let as_of = look.now()?;
    let first = rows.first().map_or(as_of, |it| it.min(as_of));
    let ask = OverviewAsk {
        calendar: &calendar,
        period: Period::from(range(chart)),
        extent: Extent { first, as_of },
        filter: &Filter::default(),
        subject,
    };
    let values = Overview::ask(&ask, &mut |query| {
        engine::answer(&rows, query, &calendar, &Cancel::new()).map_err(ServiceError::from)
    })?;
    // Nobody is named in these three charts.
    Ok(view::Overview::build(&values, &BTreeMap::new(), &calendar))
}

/// As much as the platform's own reports show.
fn range(chart: ChartName) -> Range {
    match chart {
        ChartName::Daily | ChartName::Formats => Range::LastDays(30),
        ChartName::Weekly => Range::LastWeeks(12),
    }
}
