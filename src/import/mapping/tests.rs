use super::suggest::suggest;
use super::*;

/// A mapping, with one of its columns changed.
fn written(column: &str, source: &str) -> String {
    let mut columns = vec![
        ("id", r#"{"column": "no"}"#),
        ("user_id", r#"{"uuid_v5": ["who"]}"#),
        ("action", r#"{"constant": "call"}"#),
        ("credits_consumed", r#"{"column": "tokens", "times": 0.0010}"#),
        ("created_at", r#"{"column": "at"}"#),
    ];
    columns.retain(|(name, _)| *name != column);
    if !source.is_empty() {
        columns.push((column, source));
    }
    let members: Vec<String> =
        columns.iter().map(|(name, source)| format!(r#""{name}": {source}"#)).collect();
    format!("{{{}}}", members.join(", "))
}

#[track_caller]
fn check_refused(column: &str, source: &str, reason: &str) {
    let err = Mapping::parse(&written(column, source)).unwrap_err();
    assert!(err.contains(reason), "{err}");
}

#[test]
fn a_mapping_is_written_and_read_the_same() {
    let text = written("metadata", r#"{"unmapped": true}"#);
    let mut mapping = Mapping::parse(&text).unwrap();
    assert_eq!(
        mapping.credits_consumed,
        Source::Product("tokens".to_owned(), Factor::parse("0.0010").unwrap())
    );
    mapping.quality = Some(Source::Constant("high".to_owned()));
    mapping.assume_zone = Some(Zone::named("Europe/Berlin").unwrap());
    mapping.date_order = Some(DateOrder::Dmy);
    mapping.decimal = Some(DecimalMark::Comma);
    let saved = SavedMapping { name: "calls".to_owned(), columns: vec!["no".to_owned()], mapping };
    let text = serde_json::to_string(&saved).unwrap();
    assert_eq!(serde_json::from_str::<SavedMapping>(&text).unwrap(), saved);
    assert!(text.contains(r#"{"column":"tokens","times":"0.0010"}"#), "{text}");
}

#[test]
fn what_is_no_mapping_is_said() {
    check_refused("created_at", "", "missing field `created_at`");
    check_refused("kind", r#"{"column": "no"}"#, "unknown field `kind`, expected one of `id`");
    check_refused("action", r#"{"columm": "no"}"#, "unknown field `columm`, expected one of `column`");
    check_refused("action", r#"{"column": "no", "constant": "a"}"#, "action needs exactly one of");
    check_refused("action", r#"{"times": 2}"#, "action needs exactly one of");
    check_refused("action", r#"{"constant": [1]}"#, "neither a text nor a number");
    check_refused("action", r#"{"column": "n", "times": 2}"#, "action is no number");
    check_refused("action", r#"{"uuid_v5": ["n"]}"#, "action is no uuid");
    check_refused("action", r#"{"unmapped": true}"#, "action cannot hold an object");
    check_refused("id", r#"{"uuid_v5": []}"#, "id is made of no columns");
    check_refused("id", r#"{"constant": "a"}"#, "id cannot be the same in every row");
    check_refused("user_id", r#"{"constant": "ada"}"#, "`ada` is not a uuid; use one such as");
    check_refused("credits_consumed", r#"{"constant": "1,5"}"#, "credits_consumed: ");
    check_refused("credits_consumed", r#"{"column": "n", "times": "1,5"}"#, "`times` that is no decimal");
    check_refused("assume_zone", r#""Mars/Olympus""#, "Mars/Olympus");
    check_refused("date_order", r#""ymd""#, "neither `dmy` nor `mdy`");
}

#[test]
fn a_saved_mapping_is_for_files_of_the_same_columns() {
    let columns = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let mapping = Mapping::parse(&written("", "")).unwrap();
    let saved = SavedMapping { name: "calls".to_owned(), columns: columns(&["no", "who", "at"]), mapping };
    assert!(saved.is_for(&columns(&["at", " who", "no"])));
    assert!(!saved.is_for(&columns(&["at", "no"])));
    assert!(!saved.is_for(&columns(&["at", "no", "Who"])));
}

/// So that others can make the same ids.
#[test]
fn the_namespace_is_that_of_the_documentation() {
    assert_eq!(NAMESPACE, Uuid::new_v5(&Uuid::NAMESPACE_OID, b"creditscope"));
    assert_eq!(NAMESPACE.to_string(), "b401d446-0a93-54a3-a402-b2a1bf5d9cd1");
}

// ---- suggestions ---------------------------------------------------------------------------------

/// What is suggested for a file, as its JSON without blanks and quotes.
#[track_caller]
fn check_suggested(csv: &str, expected: &[&str]) {
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let columns = lines.next().unwrap();
    let rows: Vec<Vec<Option<String>>> = lines.map(|it| it.into_iter().map(Some).collect()).collect();
    let Some(mapping) = suggest(&columns, &rows) else {
        assert_eq!(expected, &[""; 0], "{csv}");
        return;
    };
    mapping.check().unwrap();
    let sources: Vec<String> =
        mapping.sources().map(|(column, it)| format!("{} {}", column.name(), it.in_words())).collect();
    assert_eq!(sources, expected, "{csv}");
}

#[test]
fn columns_are_guessed_by_their_names_and_values() {
    check_suggested(
        "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44",
        &[
            "id made of `TIMESTAMP` and `ContextTokens` and `GeneratedTokens`",
            "user_id always `00000000-0000-0000-0000-000000000001`",
            "action always `usage`",
            "credits_consumed from `GeneratedTokens`",
            "metadata from all other columns",
            "created_at from `TIMESTAMP`",
        ],
    );
    let uuid = "00000000-0000-0000-0000-00000000000";
    check_suggested(
        &format!(
            "userId,requestId,when,endpoint,cost,quality\n{uuid}1,{uuid}2,2025-08-30T10:00:00Z,/v1,0.5,high"
        ),
        &[
            "id from `requestId`",
            "user_id from `userId`",
            "action from `endpoint`",
            "credits_consumed from `cost`",
            "created_at from `when`",
            "quality from `quality`",
        ],
    );
    check_suggested(
        "latency,ts,email,model\n0.5,1756548000,ada@example.org,small",
        &[
            "id made of `latency` and `ts` and `email` and `model`",
            "user_id made of `email`",
            "action from `model`",
            "credits_consumed from `latency`",
            "created_at from `ts`",
        ],
    );
    check_suggested("name,price\nball,5", &[]);
}
