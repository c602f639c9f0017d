//! Metadata that tools have damaged: undone where that is exact, named where it is not.

use super::jsonb;

/// What a metadata text is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Metadata {
    Json,
    /// JSON whose backslashes had been doubled.
    Repaired(String),
    /// No JSON; it is kept as it is, for no rule says what it was.
    Damaged(Damage),
}

/// How metadata is damaged, as far as it shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Damage {
    /// `map[n:2 model:veo-3]`, as Go prints a map: the Supabase CLI.
    GoMap,
    /// `{'n': 4, 'x': None}`, as Python prints a dict: pandas.
    PythonRepr,
    /// `[object Object]`, as JavaScript turns an object into a text.
    ObjectObject,
    /// JSON that was cut and ends in `...`: rows selected in Supabase Studio.
    Cut,
    Other,
}

impl Damage {
    /// In words, for the warning.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::GoMap => "a Go map (`map[…]`)",
            Self::PythonRepr => "a Python dict",
            Self::ObjectObject => "`[object Object]`",
            Self::Cut => "JSON cut at `...`",
            Self::Other => "some other text",
        }
    }
}

/// Looks at a metadata text.
///
/// Doubled backslashes are undone only if no backslash stands alone, the text is JSON with half of
/// them, and it is no JSON as it stands, or others in the file, which `is_doubled`, are not: then the
/// tool doubled each one, and nothing else was lost.
pub(super) fn examine(text: &str, is_doubled: bool) -> Metadata {
    let is_json = jsonb::is_json(text);
    if (!is_json || is_doubled)
        && let Some(text) = undoubled(text)
    {
        return Metadata::Repaired(text);
    }
    if is_json {
        return Metadata::Json;
    }
    let text = text.trim();
    Metadata::Damaged(if text.starts_with("map[") && text.ends_with(']') {
        Damage::GoMap
    } else if text == "[object Object]" {
        Damage::ObjectObject
    } else if text.starts_with(['{', '[', '"']) && text.ends_with("...") {
        Damage::Cut
    } else if is_python(text) {
        Damage::PythonRepr
    } else {
        Damage::Other
    })
}

/// Whether a metadata text proves that its file doubles backslashes, or that it does not.
pub(super) fn is_doubled(text: &str) -> Option<bool> {
    if !text.contains('\\') {
        return None;
    }
    let undone = undoubled(text).is_some();
    (jsonb::is_json(text) != undone).then_some(undone)
}

fn undoubled(text: &str) -> Option<String> {
    // The NUL stands for a pair while the others are looked for; no text of a dump holds one.
    if !text.contains("\\\\") || text.contains('\0') {
        return None;
    }
    let halved = text.replace("\\\\", "\0");
    if halved.contains('\\') {
        return None;
    }
    let halved = halved.replace('\0', "\\");
    jsonb::is_json(&halved).then_some(halved)
}

/// `{'a': …}`, `['a', …]`, or JSON but for Python's `None`, `True` and `False`.
fn is_python(text: &str) -> bool {
    let is_container =
        (text.starts_with('{') && text.ends_with('}')) || (text.starts_with('[') && text.ends_with(']'));
    matches!(text, "True" | "False" | "None")
        || (is_container
            && (text[1..].trim_start().starts_with('\'')
                || ["None", "True", "False"].iter().any(|it| text.contains(it))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Metadata) {
        assert_eq!(&examine(text, false), expected, "{text}");
    }

    #[test]
    fn doubled_backslashes_are_undone_where_that_is_exact() {
        check(r#"{"a": "b\\c"}"#, &Metadata::Json);
        check(r#"{"a": "\\"b\\""}"#, &Metadata::Repaired(r#"{"a": "\"b\""}"#.into()));
        check(r#"{"a": "\\u00e9\\\\"x"}"#, &Metadata::Damaged(Damage::Other));
        check(r#"{"a": "\\"b\""}"#, &Metadata::Damaged(Damage::Other));
        check("{\"a\": \"\\\\\"\u{0}\"}", &Metadata::Damaged(Damage::Other));
    }

    #[test]
    fn what_is_json_either_way_is_read_as_the_rest_of_its_file() {
        let (both, single) = (r#"{"a": "b\\n"}"#, r#"{"a": "b\n"}"#);
        assert_eq!(examine(both, true), Metadata::Repaired(single.to_owned()));
        assert_eq!(examine(single, true), Metadata::Json);
        let proofs = [both, single, r#"{"a": "\\"b\\""}"#, r#"{"a": "\\"b"#, "{}"].map(is_doubled);
        assert_eq!(proofs, [None, Some(false), Some(true), None, None]);
    }

    #[test]
    fn damage_is_named_and_never_mended() {
        check("map[n:2 tokens:map[in:1]]", &Metadata::Damaged(Damage::GoMap));
        check("{'n': 4, 'x': None}", &Metadata::Damaged(Damage::PythonRepr));
        check("True", &Metadata::Damaged(Damage::PythonRepr));
        check("[object Object]", &Metadata::Damaged(Damage::ObjectObject));
        check(r#"{"p": "xxxx..."#, &Metadata::Damaged(Damage::Cut));
        check("a text", &Metadata::Damaged(Damage::Other));
        check("", &Metadata::Damaged(Damage::Other));
    }
}
