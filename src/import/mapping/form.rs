//! A mapping as it is written: JSON whose keys are the columns of `usage_logs`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Mapping, Source};
use crate::import::value::{DateOrder, DecimalMark, Factor};
use crate::model::Zone;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    id: SourceForm,
    user_id: SourceForm,
    action: SourceForm,
    credits_consumed: SourceForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metadata: Option<SourceForm>,
    created_at: SourceForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<SourceForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quality: Option<SourceForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assume_zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date_order: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimal: Option<String>,
}

/// One of `column` (with or without `times`), `constant`, `uuid_v5` and `unmapped`.
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct SourceForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// A number, or its text: that one keeps its digits in every format of settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    constant: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uuid_v5: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unmapped: Option<bool>,
}

impl TryFrom<Form> for Mapping {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        let source =
            |name: &str, form: SourceForm| Source::try_from(form).map_err(|err| format!("{name} {err}"));
        let optional = |name: &str, form: Option<SourceForm>| form.map(|it| source(name, it)).transpose();
        let zone = |name: String| Zone::named(&name).map_err(|err| err.to_string());
        let order = |name: String| {
            DateOrder::of_word(&name).ok_or_else(|| format!("date_order `{name}` is neither `dmy` nor `mdy`"))
        };
        let mark = |name: String| {
            DecimalMark::of_word(&name)
                .ok_or_else(|| format!("decimal `{name}` is neither `comma` nor `point`"))
        };
        let mapping = Self {
            id: source("id", form.id)?,
            user_id: source("user_id", form.user_id)?,
            action: source("action", form.action)?,
            credits_consumed: source("credits_consumed", form.credits_consumed)?,
            metadata: optional("metadata", form.metadata)?,
            created_at: source("created_at", form.created_at)?,
            format: optional("format", form.format)?,
            quality: optional("quality", form.quality)?,
            assume_zone: form.assume_zone.map(zone).transpose()?,
            date_order: form.date_order.map(order).transpose()?,
            decimal: form.decimal.map(mark).transpose()?,
        };
        mapping.check()?;
        Ok(mapping)
    }
}

impl From<Mapping> for Form {
    fn from(mapping: Mapping) -> Self {
        Self {
            id: mapping.id.into(),
            user_id: mapping.user_id.into(),
            action: mapping.action.into(),
            credits_consumed: mapping.credits_consumed.into(),
            metadata: mapping.metadata.map(Into::into),
            created_at: mapping.created_at.into(),
            format: mapping.format.map(Into::into),
            quality: mapping.quality.map(Into::into),
            assume_zone: mapping.assume_zone.map(|it| it.name().to_owned()),
            date_order: mapping.date_order.map(|it| it.word().to_owned()),
            decimal: mapping.decimal.map(|it| it.word().to_owned()),
        }
    }
}

impl TryFrom<SourceForm> for Source {
    type Error = &'static str;

    fn try_from(form: SourceForm) -> Result<Self, Self::Error> {
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        match form {
            SourceForm { column: Some(name), times: None, constant: None, uuid_v5: None, unmapped: None } => {
                Ok(Self::Column(name))
            }
            SourceForm {
                column: Some(name),
                times: Some(factor),
                constant: None,
                uuid_v5: None,
                unmapped: None,
            } => {
                let factor = text(factor).and_then(|it| Factor::parse(&it));
                let factor =
                    factor.ok_or("has `times` that is no decimal number of at most 40 characters")?;
                Ok(Self::Product(name, factor))
            }
            SourceForm {
                column: None,
                times: None,
                constant: Some(value),
                uuid_v5: None,
                unmapped: None,
            } => text(value).map(Self::Constant).ok_or("has a constant that is neither a text nor a number"),
            SourceForm {
                column: None,
                times: None,
                constant: None,
                uuid_v5: Some(names),
                unmapped: None,
            } => Ok(Self::UuidV5(names)),
            SourceForm { column: None, times: None, constant: None, uuid_v5: None, unmapped: Some(true) } => {
                Ok(Self::Unmapped)
            }
            _ => Err("needs exactly one of `column` (with or without `times`), `constant`, `uuid_v5`, \
                      `unmapped`: true"),
        }
    }
}

impl From<Source> for SourceForm {
    fn from(source: Source) -> Self {
        match source {
            Source::Column(name) => Self { column: Some(name), ..Self::default() },
            Source::Product(name, factor) => {
                let times = Some(Value::String(factor.to_string()));
                Self { column: Some(name), times, ..Self::default() }
            }
            Source::Constant(text) => Self { constant: Some(Value::String(text)), ..Self::default() },
            Source::UuidV5(names) => Self { uuid_v5: Some(names), ..Self::default() },
            Source::Unmapped => Self { unmapped: Some(true), ..Self::default() },
        }
    }
}
