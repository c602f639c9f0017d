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
/// Doubled backslashes are undone only if the text is no JSON as it stands, no backslash stands alone,
/// and it is JSON with half of them: then the tool doubled each one, and nothing else was lost.
pub(super) fn examine(text: &str) -> Metadata {
    if jsonb::is_json(text) {
        return Metadata::Json;
    }
    if let Some(text) = undoubled(text) {
        return Metadata::Repaired(text);
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
        assert_eq!(&examine(text), expected, "{text}");
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
