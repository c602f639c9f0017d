//! Whether two JSON texts are one value to `jsonb`.

use serde_json::value::RawValue;
use serde_json::{Number, Value};

/// Longer texts are compared as they stand: parsed they would take many times the memory.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Whether a text is one JSON value. However deep it nests, the check does not recurse.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Whether two metadata texts mean the same.
///
/// They do when `jsonb` finds them equal: white space, the order of keys and the spelling of
/// numbers and strings do not count, and of two keys of one name the last one does. What cannot be
/// parsed (not JSON, or more than 128 levels deep) is compared as it stands.
///
/// Two losses of Supabase Studio's export, which goes through JavaScript, are forgiven, so that a
/// row exported both ways is a repeat:
/// - a JSON string at the top loses its quotes in CSV;
/// - numbers are rounded to doubles, those beyond them to null. Which of two texts went through
///   JavaScript shows in its spelling: as `JSON.stringify` writes it, without any white space, while
///   `PostgreSQL` puts a blank after each colon and comma. Between two texts of one kind nothing is
///   forgiven.
///
/// A JSON string at the top that holds JSON, as programs write it that encode twice, is what it holds: a
/// tool that writes metadata as a text cannot be told from one that writes the value.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    if a.len().max(b.len()) > TEXT_BYTES_MAX {
        return false;
    }
    match (parse(a), parse(b)) {
        (Some(x), Some(y)) => {
            value_eq(&x, &y)
                || (is_stringified(b, &y) && !is_compact(a) && value_eq(&rounded(&x), &y))
                || (is_stringified(a, &x) && !is_compact(b) && value_eq(&x, &rounded(&y)))
                || holds(&x, &y)
                || holds(&y, &x)
        }
        (Some(Value::String(inner)), None) => inner == b,
        (None, Some(Value::String(inner))) => inner == a,
        _ => false,
    }
}

fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Whether a string is the text of another value.
fn holds(string: &Value, value: &Value) -> bool {
    let inner = string.as_str().filter(|_| !value.is_string()).and_then(parse);
    inner.is_some_and(|it| value_eq(&it, value))
}

fn value_eq(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => number_eq(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| value_eq(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| value_eq(a, b)))
        }
        _ => a == b,
    }
}

/// As `numeric` compares: `1.0` = `1.00` = `1e0`, and `-0` = `0`.
fn number_eq(a: &Number, b: &Number) -> bool {
    let (a, b) = (a.as_str(), b.as_str());
    a == b || Scientific::read(a).is_some_and(|it| Some(it) == Scientific::read(b))
}

/// A number as its digits without zeros around them, and the place of the first.
#[derive(PartialEq, Eq)]
struct Scientific {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Scientific {
    /// `None` where the exponent does not fit: such a text only equals itself.
    fn read(text: &str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
            None => (text, 0_i64),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let n_leading = (all.len() - significant.len()).cast_signed() as i64;
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { is_negative: false, digits, exponent: 0 });
        }
        let exponent = exponent.checked_add(whole.len().cast_signed() as i64 - n_leading)?;
        Some(Self { is_negative, digits, exponent })
    }
}

// ---- JavaScript ---------------------------------------------------------------------------------

/// Whether a text may be `JSON.stringify`'s: no white space, and every number is a double's shortest.
fn is_stringified(text: &str, value: &Value) -> bool {
    is_compact(text) && value_eq(&rounded(value), value)
}

/// Whether there is no white space between the tokens.
fn is_compact(text: &str) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    text.bytes().all(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b' ' | b'\t' | b'\n' | b'\r' => return in_string,
            _ => {}
        }
        true
    })
}

/// What JavaScript makes of a value: each number the nearest double, or null beyond them.
fn rounded(value: &Value) -> Value {
    match value {
        // Rust, too, writes the shortest digits that read back as the same double.
        Value::Number(number) => {
            number.as_str().parse::<f64>().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
        }
        Value::Array(items) => Value::Array(items.iter().map(rounded).collect()),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), rounded(value))).collect(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, same: bool) {
        assert_eq!(is_same(a, b), same, "{a} {b}");
        assert_eq!(is_same(b, a), same, "{b} {a}");
    }

    #[test]
    fn json_is_compared_as_jsonb_compares_it() {
        check(r#"{"a": 1, "b": [1, 2]}"#, r#"{"b":[1,2],"a":1}"#, true);
        check(r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#, true);
        check(r#"{"a": 1, "a": 2}"#, r#"{"a": 1}"#, false);
        check(r#"{"a": 1.0}"#, r#"{"a": 1e0}"#, true);
        check("[100, -0, 0.5]", "[1.00E2, 0.0, 5e-1]", true);
        check("[1]", "[-1]", false);
        check("[1, 2]", "[2, 1]", false);
        check(r#"{"a": "\u00e9"}"#, r#"{"a": "é"}"#, true);
        check(r#"{"a": "1"}"#, r#"{"a": 1}"#, false);
        check(r#"{"a": null}"#, "{}", false);
        check("[12345678901234567890]", "[12345678901234567891]", false);
        check("[1e999999999999999999999]", "[1e999999999999999999998]", false);
    }

    #[test]
    fn what_is_not_json_or_too_deep_is_compared_as_text() {
        check("map[a:1]", "map[a:1]", true);
        check("map[a:1]", "map[a:2]", false);
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        check(&deep, &deep, true);
        check(&deep, &format!("{deep} "), false);
        assert!(is_json(&deep));
    }

    #[test]
    fn what_is_encoded_twice_is_what_it_holds() {
        check(r#""{\"a\": 1}""#, r#"{"a": 1.0}"#, true);
        check(r#""{\"a\": 1}""#, r#"{"a": 2}"#, false);
        check(r#""5""#, "5", true);
        check(r#""a""#, r#""\"a\"""#, false);
    }

    #[test]
    fn what_studio_loses_is_no_difference() {
        check(r#""a text""#, "a text", true);
        check(r#""a text""#, "another", false);
        let exact =
            r#"{"big": 12345678901234567890, "dec": 0.1000000000000000055511151231257827, "huge": 1e400}"#;
        check(exact, r#"{"big":12345678901234567000,"dec":0.1,"huge":null}"#, true);
        check(exact, r#"{"big":12345678901234567000,"dec":0.2,"huge":null}"#, false);
        check(exact, r#"{"big": 12345678901234567000, "dec": 0.1, "huge": null}"#, false);
        check(r#"{"n":9007199254740993}"#, r#"{"n":9007199254740992}"#, false);
    }
}
