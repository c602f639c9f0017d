//! Laws of single values.

use std::sync::LazyLock;

use crate::import::value::number::{self, DecimalMark};
use crate::import::value::time::{self, DateOrder, Reading, Style, Unit};
use crate::import::value::uuid;
use crate::import::{jsonb, repair};
use crate::model::Zone;

/// With hours that are skipped and hours that come twice; found once, for that takes longer than all else.
static BERLIN: LazyLock<Option<Zone>> = LazyLock::new(|| Zone::named("Europe/Berlin").ok());

/// What is read as a value prints, and that reads as the same value.
pub fn any_value(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    check_uuid(&text);
    check_number(&text);
    check_time(&text);
}

/// What is done to metadata can be undone, and metadata is the same as itself.
pub fn any_metadata(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for is_doubled in [false, true] {
        match repair::examine(&text, is_doubled) {
            repair::Metadata::Json => assert!(jsonb::is_json(&text)),
            repair::Metadata::Repaired(repaired) => {
                assert!(jsonb::is_json(&repaired) && (is_doubled || !jsonb::is_json(&text)));
                assert_eq!(repaired.replace('\\', "\\\\"), text);
            }
            repair::Metadata::Damaged(_) => assert!(!jsonb::is_json(&text)),
        }
    }
    assert!(jsonb::is_same(&text, &text));
    let (a, b) = text.split_at(text.floor_char_boundary(text.len() / 2));
    assert_eq!(jsonb::is_same(a, b), jsonb::is_same(b, a), "{a:?} {b:?}");
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
        assert!(jsonb::is_same(&text, &value.to_string()), "{text:?}");
        assert!(jsonb::is_same(&format!("{value:#}"), &text), "{text:?}");
    }
}

fn check_uuid(text: &str) {
    if let Ok(id) = uuid::parse(text) {
        assert_eq!(uuid::parse(&id.to_string()), Ok(id));
        assert_eq!(uuid::parse(&format!("{{{}}}", id.simple().to_string().to_uppercase())), Ok(id));
    }
}

fn check_number(text: &str) {
    number::Spelling::of(text);
    for mark in [None, Some(DecimalMark::Point), Some(DecimalMark::Comma)] {
        let Ok(parsed) = number::parse(text, mark) else { continue };
        let printed = parsed.credits.to_string();
        let printed = if mark == Some(DecimalMark::Comma) { printed.replace('.', ",") } else { printed };
        let again = number::parse(&printed, mark);
        assert_eq!(
            again,
            Ok(number::Parsed { credits: parsed.credits, rounded: None }),
            "{text:?} {printed}"
        );
        let mut sum = number::RoundingSum::default();
        parsed.rounded.iter().for_each(|it| sum.add(it));
        assert_eq!(parsed.rounded.is_some(), sum.to_string() != "0", "{text:?} {sum}");
    }
}

fn check_time(text: &str) {
    time::Spelling::of(text);
    let numbers = Unit::ALL.map(Style::Numbers);
    let styles = [Style::Dates, Style::Ordered(DateOrder::Dmy), Style::Ordered(DateOrder::Mdy)];
    for style in styles.into_iter().chain(numbers).map(Some).chain([None]) {
        for zone in [None, BERLIN.clone()] {
            let Ok(at) = time::parse(text, &Reading { zone, order: None, style }) else { continue };
            assert!(at.is_in_calendar(), "{text:?}");
            let printed = Zone::utc().format(at);
            assert_eq!(time::parse(&printed, &Reading::default()), Ok(at), "{text:?} {printed}");
        }
    }
}
