//! What a key of a row's metadata says, as `PostgreSQL`'s `metadata ->> 'key'` of a `jsonb` writes it.
//!
//! Of two keys of one name the last counts. Texts come without quotes, so `"1"` and `1` are one value, and
//! `"true"` and `true`. Numbers come without an exponent and keep their zeros: `1.0` is not `1`. Objects and
//! lists come as `jsonb` writes them: a blank behind each colon and comma, the shorter keys first. NULL is
//! what is null, what is not there, and any key of what is no object or no JSON.
//!
//! **Differences**: what `jsonb` refuses and other exports have is taken as it stands: numbers of more than
//! [`EXPONENT_MAX`] digits by their exponent, texts with U+0000, halves of surrogate pairs, and objects or
//! lists of more than 127 levels, which `jsonb` would put in order.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::store::values::integer;

/// A number of more zeros is written as it came: few bytes must not become many.
const EXPONENT_MAX: i64 = 400;

/// `None` is NULL. Whatever stands there, it takes time and memory as the text is long, and no stack.
pub(in crate::store) fn value<'a>(metadata: &'a str, key: &str) -> Option<Cow<'a, str>> {
    let mut json = serde_json::Deserializer::from_str(metadata);
    let found = Find(key).deserialize(&mut json).ok()?;
    json.end().ok()?;
    let text = found?.get();
    match text.as_bytes().first()? {
        b'n' => None,
        // Most have no escapes, and are lent.
        b'"' => Some(match serde_json::from_str::<&str>(text) {
            Ok(inner) => Cow::Borrowed(inner),
            Err(_) => serde_json::from_str(text).map_or(Cow::Borrowed(text), Cow::Owned),
        }),
        b'{' | b'[' => Some(match serde_json::from_str(text) {
            Ok(nested) => Cow::Owned(written(&nested)),
            Err(_) => Cow::Borrowed(text),
        }),
        b't' | b'f' => Some(Cow::Borrowed(text)),
        _ => Some(number(text)),
    }
}

/// The text of the last value of a key, in an object.
struct Find<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(is_it) = object.next_key_seed(Is(self.0))? {
            if is_it {
                found = Some(object.next_value()?);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Whether a key is this one.
struct Is<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

fn written(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// As deep as a [`Value`] is, 127 levels at most.
fn write(value: &Value, to: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| (key.len(), *key));
            to.push('{');
            for (nth, (key, value)) in fields.into_iter().enumerate() {
                to.push_str(if nth == 0 { "" } else { ", " });
                to.push_str(&Value::from(key.as_str()).to_string());
                to.push_str(": ");
                write(value, to);
            }
            to.push('}');
        }
        Value::Array(items) => {
            to.push('[');
            for (nth, item) in items.iter().enumerate() {
                to.push_str(if nth == 0 { "" } else { ", " });
                write(item, to);
            }
            to.push(']');
        }
        Value::Number(digits) => to.push_str(&number(digits.as_str())),
        Value::Null | Value::Bool(_) | Value::String(_) => to.push_str(&value.to_string()),
    }
}

/// A JSON number as `numeric` writes it.
fn number(text: &str) -> Cow<'_, str> {
    let (sign, size) = text.strip_prefix('-').map_or(("", text), |it| ("-", it));
    let (mantissa, exponent) = size.split_once(['e', 'E']).unwrap_or((size, "0"));
    let is_zero = mantissa.bytes().all(|it| matches!(it, b'0' | b'.'));
    if size.len() == mantissa.len() && !(is_zero && sign == "-") {
        return Cow::Borrowed(text);
    }
    let Some(exponent) = exponent.parse().ok().filter(|it: &i64| it.abs() <= EXPONENT_MAX) else {
        return Cow::Borrowed(text);
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // Where the point stands among the digits, and zeros for it to stand between.
    let point = integer(whole.len()) + exponent;
    let zeros = |n: i64| "0".repeat(usize::try_from(n).unwrap_or(0));
    let digits = [&zeros(1 - point), whole, fraction, &zeros(exponent - integer(fraction.len()))].concat();
    let (whole, fraction) = digits.split_at(usize::try_from(point.max(1)).unwrap_or(0));
    let whole = Some(whole.trim_start_matches('0')).filter(|it| !it.is_empty()).unwrap_or("0");
    let (sign, dot) = (if is_zero { "" } else { sign }, if fraction.is_empty() { "" } else { "." });
    Cow::Owned([sign, whole, dot, fraction].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(metadata: &str, expected: Option<&str>) {
        assert_eq!(value(metadata, "k").as_deref(), expected, "{metadata}");
    }

    #[test]
    fn a_value_is_its_text() {
        check(r#"{"a": 1, "k": "sdxl", "z": {}}"#, Some("sdxl"));
        check(r#"{"k": ""}"#, Some(""));
        check("\n {\"k\"\t: 150 } ", Some("150"));
        check(r#"{"k": "150"}"#, Some("150"));
        check(r#"{"k": true}"#, Some("true"));
        check(r#"{"k": "null"}"#, Some("null"));
        check(r#"{"\u006b": "a\n\"\ud83d\ude00\u00e9"}"#, Some("a\n\"😀é"));
        check(r#"{"k": 1, "k": 2, "j": 3}"#, Some("2"));
        check(r#"{"k": 1, "k": null}"#, None);
    }

    #[test]
    fn what_is_no_value_is_null() {
        for text in [
            "",
            " ",
            "{}",
            r#"{"K": 1}"#,
            r#"{"k": null}"#,
            r#"{"j": {"k": 1}}"#,
            r#"[{"k": 1}]"#,
            r#""k""#,
            "7",
            "null",
            "map[k:1]",
            r#"{"k": 1"#,
            r#"{"k": 1}}"#,
            r#"{"k": 1,}"#,
            "{k: 1}",
            r#"{"k": 01}"#,
            r#"{"k": 1} x"#,
            "\u{feff}{\"k\": 1}",
            r#"{"j": "\x", "k": 1}"#,
        ] {
            check(text, None);
        }
    }

    #[test]
    fn what_nests_is_written_as_jsonb_does() {
        check(
            r#"{"k":[1,"a",null,{"bb":1.50,"a":true,"b":[],"a":false}]}"#,
            Some(r#"[1, "a", null, {"a": false, "b": [], "bb": 1.50}]"#),
        );
        check(r#"{"k":{"a\"\u0001\u00e9":1E2}}"#, Some(r#"{"a\"\u0001é": 100}"#));
        check(r#"{"k":[ ]}"#, Some("[]"));
        check(r#"{"k":{}}"#, Some("{}"));
    }

    #[test]
    fn numbers_are_written_as_numeric_does() {
        for (text, expected) in [
            ("1", "1"),
            ("1.0", "1.0"),
            ("-0.50", "-0.50"),
            ("12345678901234567890.10", "12345678901234567890.10"),
            ("-0", "0"),
            ("-0.00", "0.00"),
            ("1e3", "1000"),
            ("1E+3", "1000"),
            ("1.5e3", "1500"),
            ("1.50e1", "15.0"),
            ("-1.5e0", "-1.5"),
            ("1e-3", "0.001"),
            ("12.5e-1", "1.25"),
            ("12.5e-4", "0.00125"),
            ("1e-7", "0.0000001"),
            ("-0e5", "0"),
            ("0.00e1", "0.0"),
            ("0.01e1", "0.1"),
            ("0.01e2", "1"),
            ("0e-2", "0.00"),
            ("1e21", "1000000000000000000000"),
            ("1e401", "1e401"),
            ("1E-99999999999999999999", "1E-99999999999999999999"),
        ] {
            check(&format!(r#"{{"k": {text}}}"#), Some(expected));
        }
    }

    #[test]
    fn what_jsonb_refuses_stands_as_it_is() {
        check(r#"{"k": "a\u0000"}"#, Some("a\0"));
        check(r#"{"k": "\ud800"}"#, Some(r#""\ud800""#));
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        check(&format!(r#"{{"k":{deep}}}"#), Some(&deep));
        check(&format!(r#"{{"j":{deep},"k":1}}"#), Some("1"));
        check(&"[".repeat(100_000), None);
        check(&r#"{"k":"#.repeat(100_000), None);
    }

    #[test]
    fn any_text_does_no_harm() {
        let mut dice = fastrand::Rng::with_seed(1);
        let pieces = [
            "{", "}", "[", "]", "\"k\"", ":", ",", "1e9", "-", ".", "null", " ", "\\", "\"", "é", "\\u",
            "d800",
        ];
        for _ in 0..20_000 {
            let text: String = (0..dice.usize(..12)).filter_map(|_| dice.choice(pieces)).collect();
            for key in ["k", "", "\""] {
                value(&text, key);
                value(&format!("{{\"k\":{text}}}"), key);
            }
        }
    }
}
