//! The form for a log of another shape.

use egui::accesskit::Role;

use super::fixture::{check, state};
use super::looks::LARGE;
use super::*;
use crate::app::CheckCommand;
use crate::app::state::{Check, CheckedDump, Page};
use crate::view::{MappingEdit, MappingField, MappingForm, MappingReading, SourceKind, TheirColumn};

const COLUMNS: [(&str, &str); 3] = [
    ("TIMESTAMP", "2023-11-16 18:15:46.6805900, 2023-11-16 18:15:50.9951690"),
    ("ContextTokens", "4808, 3180, 110"),
    ("GeneratedTokens", "10, 8, 27"),
];

/// As it is filled at first, but for the factor of the credits.
pub(super) fn form(reading: MappingReading) -> MappingForm {
    use SourceKind::{Column, Constant, Nothing, Product, Unmapped, UuidV5};
    let field = |name, kind, columns: &[&str], text: &str| MappingField {
        name,
        kinds: &[Column, Product, UuidV5, Constant, Unmapped, Nothing],
        kind,
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        text: text.to_owned(),
    };
    MappingForm {
        reading,
        columns: COLUMNS.map(|(name, values)| TheirColumn::new(name, values.split(", "))).to_vec(),
        fields: vec![
            field("id", UuidV5, &COLUMNS.map(|(name, _)| name), ""),
            field("user_id", Constant, &[], "00000000-0000-0000-0000-000000000001"),
            field("action", Constant, &[], "usage"),
            field("credits_consumed", Product, &["GeneratedTokens"], "0.001"),
            field("metadata", Unmapped, &[], ""),
            field("created_at", Column, &["TIMESTAMP"], ""),
            field("format", Nothing, &[], ""),
            field("quality", Nothing, &[], ""),
        ],
        fault: None,
        saved: Vec::new(),
        used: None,
        json: Some("{}".to_owned()),
    }
}

/// A file that is read by the form.
pub(super) fn foreign(form: MappingForm) -> State {
    let before = check();
    let asks = form.asks();
    let dump = CheckedDump {
        path: "/home/ada/AzureLLMInferenceTrace_conv.csv".into(),
        mapping: Some(form),
        ..before.dumps[0].clone()
    };
    let commit = before.commit.clone().filter(|_| !asks);
    State { check: Some(Check { dumps: vec![dump], commit, ..before }), ..state(Page::Data) }
}

fn edit(edit: MappingEdit) -> [Command; 1] {
    [Command::Check(CheckCommand::Map { dump: 0, edit })]
}

#[test]
fn a_guess_is_taken_by_a_button_and_nothing_is_committed_before() {
    let mut window = sized(foreign(form(MappingReading::Guessed)), SMALL);
    window.get_by_label("1 file waits for an answer");
    assert_eq!(click(&mut window, "Use this mapping"), edit(MappingEdit::Accept));
    let window = sized(foreign(form(MappingReading::Said)), SMALL);
    assert!(window.query_by_label("Use this mapping").is_none());
    window.get_by_label("Commit 6,761 new rows");
}

#[test]
fn sources_columns_and_texts_are_chosen_by_their_labels() {
    let mut window = sized(foreign(form(MappingReading::Said)), LARGE);
    click(&mut window, "action: always the same");
    let kind = edit(MappingEdit::Kind(2, SourceKind::Column));
    assert_eq!(click(&mut window, "a column"), kind);
    click(&mut window, "created_at from TIMESTAMP");
    let column = edit(MappingEdit::Column(5, "ContextTokens".to_owned()));
    assert_eq!(click(&mut window, "ContextTokens"), column);
    click(&mut window, "id from TIMESTAMP + ContextTokens + GeneratedTokens");
    window.get_by_role_and_label(Role::CheckBox, "GeneratedTokens").click();
    assert_eq!(commands(&mut window), edit(MappingEdit::Column(0, "GeneratedTokens".to_owned())));
    press(&mut window, &[egui::Key::Escape]);
    window.get_by_label("credits_consumed: number").focus();
    window.run();
    window.get_by_label("credits_consumed: number").type_text("5");
    assert_eq!(commands(&mut window), edit(MappingEdit::Text(3, "0.0015".to_owned())));
}

#[test]
fn a_mapping_is_saved_used_and_forgotten_by_its_name() {
    let saved = vec!["traces".to_owned(), "old traces".to_owned()];
    let with_saved = MappingForm { saved, used: Some("traces".to_owned()), ..form(MappingReading::Said) };
    let mut window = sized(foreign(with_saved), SMALL);
    assert_eq!(
        click(&mut window, "Forget the mapping traces"),
        edit(MappingEdit::Forget("traces".to_owned()))
    );
    click(&mut window, "Saved mappings: traces");
    let other = edit(MappingEdit::Use(Some("old traces".to_owned())));
    assert_eq!(click(&mut window, "old traces"), other);
    click(&mut window, "Saved mappings: traces");
    assert_eq!(click(&mut window, "The guess"), edit(MappingEdit::Use(None)));
    assert_eq!(click(&mut window, "Save mapping"), [], "it has no name yet");
    window.get_by_label("Name of the mapping").focus();
    window.run();
    window.get_by_label("Name of the mapping").type_text(" new traces ");
    window.run();
    let save = edit(MappingEdit::Save("new traces".to_owned()));
    assert_eq!(click(&mut window, "Save mapping"), save);
}

#[test]
fn what_is_missing_is_said() {
    let fault = Some("created_at: choose a column of the file".to_owned());
    let window = sized(foreign(MappingForm { fault, json: None, ..form(MappingReading::Said) }), SMALL);
    window.get_by_label("created_at: choose a column of the file");
    assert!(window.query_by_label("Copy as JSON").is_none());
}
