use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The reports of the platform, under the names of the command line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReportName {
    /// Own latest 100 rows.
    History,
    /// Own totals of 30 days.
    Summary,
    /// Own use of 30 days by action.
    ByAction,
    /// Own use by format and quality, where a row has both.
    ByFormatQuality,
    /// Own use of 30 days by day.
    Daily,
    /// Visible rows of 7 days by action.
    Platform,
    /// Visible users of 30 days by credits, the top 20.
    Ranking,
    /// Visible rows of 12 weeks by ISO week and action.
    Weekly,
}

/// No report has this name.
#[derive(Debug, Error)]
#[error("unknown report `{0}`: use one of {all}", all = ReportName::ALL.map(ReportName::name).join(", "))]
pub struct UnknownReport(pub String);

impl ReportName {
    pub const ALL: [Self; 8] = [
        Self::History,
        Self::Summary,
        Self::ByAction,
        Self::ByFormatQuality,
        Self::Daily,
        Self::Platform,
        Self::Ranking,
        Self::Weekly,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Summary => "summary",
            Self::ByAction => "by-action",
            Self::ByFormatQuality => "by-format-quality",
            Self::Daily => "daily",
            Self::Platform => "platform",
            Self::Ranking => "ranking",
            Self::Weekly => "weekly",
        }
    }

    /// The columns of the platform's query.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::History => &[
                "id",
                "user_id",
                "action",
                "credits_consumed",
                "metadata",
                "created_at",
                "format",
                "quality",
            ],
            Self::Summary => &["total_credits_consumed", "total_actions", "avg_credits_per_action"],
            Self::ByAction => &["action", "action_count", "total_credits", "avg_credits"],
            Self::ByFormatQuality => &["format", "quality", "usage_count", "total_credits"],
            Self::Daily => &["day", "daily_actions", "daily_credits"],
            Self::Platform => &["action", "total_actions", "unique_users", "total_credits", "avg_credits"],
            Self::Ranking => &["user_id", "username", "total_credits", "total_actions"],
            Self::Weekly => &["week", "action", "weekly_actions", "weekly_credits"],
        }
    }

    /// How many days before "now" its window begins; `None` for all time.
    pub fn days(self) -> Option<u64> {
        match self {
            Self::History | Self::ByFormatQuality => None,
            Self::Summary | Self::ByAction | Self::Daily | Self::Ranking => Some(30),
            Self::Platform => Some(7),
            Self::Weekly => Some(84),
        }
    }

    /// Whether it is about the viewer's own rows if nothing else is said, or about all visible ones.
    pub fn is_own(self) -> bool {
        !matches!(self, Self::Platform | Self::Ranking | Self::Weekly)
    }
}

impl FromStr for ReportName {
    type Err = UnknownReport;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or_else(|| UnknownReport(text.to_owned()))
    }
}

impl fmt::Display for ReportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
