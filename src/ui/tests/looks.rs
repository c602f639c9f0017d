//! What only a picture can say. With `CREDITSCOPE_LOOK` set, every page is drawn to `target/look`.

use egui::Color32;

use super::fixture::{check, jobs, notice, proof, slot, state, state_as_ada, state_in, user};
use super::mapping::{foreign, form};
use super::*;
use crate::app::state::{NoticeKind, Page, Question, Theme};
use crate::model::RowOrder;
use crate::report::chart::{AsOf, Compare, Period};
use crate::ui::theme::{DARK, LIGHT};
use crate::view::{MappingForm, MappingReading};

pub(super) const LARGE: [f32; 2] = [1440.0, 900.0];

fn light(state: State) -> State {
    State { theme: Theme::Light, ..state }
}

fn dark(state: State) -> State {
    State { theme: Theme::Dark, ..state }
}

/// The colour of the frame's pixels, where it has one colour all around.
fn frame_color(state: State) -> Option<Color32> {
    let image = sized(state, SMALL).render().unwrap();
    let (right, bottom) = (image.width() - 2, image.height() - 2);
    let pixels = [(1, 360), (right, 360), (550, 1), (550, bottom)].map(|(x, y)| image.get_pixel(x, y).0);
    let [r, g, b, _] = pixels[0];
    pixels.iter().all(|it| *it == pixels[0]).then_some(Color32::from_rgb(r, g, b))
}

#[test]
fn the_window_has_a_frame_only_when_looked_at_as_someone() {
    assert_eq!(frame_color(light(state_as_ada(Page::History))), Some(LIGHT.viewer));
    assert_eq!(frame_color(dark(state_as_ada(Page::Data))), Some(DARK.viewer));
    assert_eq!(frame_color(light(state(Page::History))), None);
}

fn look(name: &str, state: State, size: [f32; 2], act: impl FnOnce(&mut Window)) {
    let mut window = sized(state, size);
    act(&mut window);
    window.run_steps(4);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/look");
    std::fs::create_dir_all(&folder).unwrap();
    window.render().unwrap().save(folder.join(name).with_extension("png")).unwrap();
}

fn checks() {
    let none = |_: &mut Window| {};
    for (name, size) in [("check", LARGE), ("check-small", SMALL), ("check-large", [2560.0, 1440.0])] {
        let checked = || State { check: Some(check()), ..state(Page::Data) };
        look(name, light(checked()), size, none);
        look(&format!("{name}-dark"), dark(checked()), size, none);
    }
}

#[test]
fn a_foreign_log_is_drawn_for_people_to_look_at() {
    if std::env::var_os("CREDITSCOPE_LOOK").is_none() {
        return;
    }
    for (name, size) in [("mapping", LARGE), ("mapping-small", SMALL), ("mapping-large", [2560.0, 1440.0])] {
        look(name, light(foreign(form(MappingReading::Guessed))), size, |_| {});
        let saved = MappingForm {
            saved: vec!["traces".to_owned()],
            used: Some("traces".to_owned()),
            ..form(MappingReading::Said)
        };
        look(&format!("{name}-dark"), dark(foreign(saved)), size, |_| {});
    }
    let fault = Some("created_at: choose a column of the file".to_owned());
    let wrong = MappingForm { fault, json: None, ..form(MappingReading::Said) };
    look("mapping-fault", light(foreign(wrong)), SMALL, |it| {
        it.get_by_label("created_at from TIMESTAMP").click();
    });
    look("mapping-menu", dark(foreign(form(MappingReading::Guessed))), SMALL, |it| {
        it.get_by_label("id from TIMESTAMP + ContextTokens + GeneratedTokens").click();
    });
}

#[test]
fn every_page_is_drawn_for_people_to_look_at() {
    if std::env::var_os("CREDITSCOPE_LOOK").is_none() {
        return;
    }
    let none = |_: &mut Window| {};
    look("empty", light(State::default()), LARGE, none);
    look("empty-dark", dark(State::default()), SMALL, none);
    look("overview", light(state(Page::Overview)), LARGE, none);
    look("overview-small", light(state_as_ada(Page::Overview)), SMALL, none);
    look("overview-dark", dark(state(Page::Overview)), LARGE, none);
    look("overview-large", light(state(Page::Overview)), [2560.0, 1440.0], none);
    let weekdays = Period { as_of: AsOf::LastDay, compare: Compare::SameWeekdays, ..Period::default() };
    look("overview-weekdays", light(state_in(weekdays)), LARGE, none);
    look("overview-weekdays-small", dark(state_in(weekdays)), SMALL, |it| {
        it.get_by_label("Compare: vs same weekdays").click();
    });
    look("overview-range", light(state_in(weekdays)), LARGE, |it| {
        it.get_by_label("Range: Last 30 days").click();
    });
    look("overview-hidden", light(state(Page::Overview)), LARGE, |it| {
        it.get_by_role_and_label(egui::accesskit::Role::CheckBox, "video").click();
    });
    look("overview-tables", light(state(Page::Overview)), LARGE, |it| it.key_press(egui::Key::T));
    look("overview-tables-dark", dark(state(Page::Overview)), SMALL, |it| it.key_press(egui::Key::T));
    look("overview-menu", dark(state(Page::Overview)), SMALL, |it| {
        it.get_by_label("Credits per day: menu").click();
    });
    let focus = crate::app::state::Focus { user_id: user(0), name: "Ada Lindqvist".to_owned() };
    let of_ada = State { viewing: state(Page::Overview).viewing, ..state_as_ada(Page::Overview) };
    look("overview-focus", light(State { focus: Some(focus), ..of_ada }), LARGE, none);
    checks();
    look("history", light(state(Page::History)), LARGE, none);
    look("history-row", light(state_as_ada(Page::History)), SMALL, |it| {
        it.get_by_label("2026-11-24 14:05:00").click();
    });
    let mut narrowed = state(Page::History);
    narrowed.listing.filter.formats.include = vec![Some("image".into()), None];
    narrowed.listing.filter.actions.exclude = vec!["upscale".into()];
    narrowed.listing.window.from = narrowed.as_of;
    look("history-filters", light(narrowed.clone()), LARGE, |it| it.get_by_label("Quality").click());
    narrowed.listing.order = RowOrder::Largest;
    look("history-dark", dark(narrowed), [1440.0, 900.0], |it| {
        it.get_by_label("2026-11-24 14:05:00").click();
    });
    look("ranking", light(state(Page::Ranking)), LARGE, |it| it.get_by_label("Bruno Keller").click());
    look("ranking-small", light(state(Page::Ranking)), SMALL, none);
    look("ranking-large", light(state(Page::Ranking)), [2560.0, 1440.0], none);
    look("ranking-search", dark(state(Page::Ranking)), LARGE, |it| {
        it.key_press(egui::Key::Slash);
        it.run();
        it.get_by_label("Search users by name or id").type_text("a");
    });
    look("ranking-dark", dark(state_as_ada(Page::Ranking)), SMALL, none);
    let data = State { jobs: jobs(), ..state(Page::Data) };
    look("data", light(data.clone()), [1440.0, 1300.0], none);
    look("data-dark", dark(data), [1100.0, 1000.0], none);
    look("picker", light(state(Page::Ranking)), LARGE, |it| it.key_press(egui::Key::V));
    look("picker-dark", dark(state_as_ada(Page::Ranking)), SMALL, |it| it.key_press(egui::Key::V));
    look("zone", light(state(Page::History)), LARGE, |it| it.get_by_label("UTC · weeks from Mon").click());
    look("keys", light(state(Page::History)), LARGE, |it| it.key_press(egui::Key::Questionmark));
    let proof = |page| State { proof: Some(slot(proof())), ..state_as_ada(page) };
    look("proof", light(proof(Page::Overview)), LARGE, none);
    look("proof-dark", dark(proof(Page::Ranking)), SMALL, none);
    let notices = vec![
        notice(1, NoticeKind::Done, "81,307 rows imported"),
        notice(2, NoticeKind::Failed, "The file could not be opened: it is newer than this program"),
    ];
    look("notices", light(State { notices, ..state(Page::Ranking) }), LARGE, |it| {
        it.get_by_label("Range: Last 30 days").click();
    });
}

fn conflicts_and_removals() {
    let open = |it: &mut Window| {
        it.get_by_label("Conflicts 14").click();
        it.run();
        it.query_all_by_label("credits_consumed was 2, now 2.5").next().unwrap().click();
    };
    look("data-conflict", light(state(Page::Data)), LARGE, open);
    look("data-conflict-dark", dark(state(Page::Data)), [1100.0, 1000.0], open);
    let text = "6,761 rows with 19,704.05 credits go, with what this import did not take\n\
                Of these rows usage_logs_2026-11-25.csv repeated 4,102 rows: they go too\n\
                To have it back, import its file again: its path and hash stay remembered";
    let question = Question {
        title: "Remove usage_logs_2026-11-24.csv?".to_owned(),
        text: text.to_owned(),
        answers: [("Remove 6,761 rows", Command::CloseQuestion), ("Cancel", Command::CloseQuestion)]
            .map(|(answer, command)| (answer.to_owned(), command))
            .to_vec(),
    };
    for (name, theme) in [("data-remove", Theme::Light), ("data-remove-dark", Theme::Dark)] {
        let mut imports = state(Page::Data).imports.value.as_deref().unwrap().clone();
        imports.batches[1].removed = Some("24 Nov 2026 15:00".to_owned());
        let question = (theme == Theme::Light).then(|| question.clone());
        let state = State { theme, question, imports: slot(imports), ..state(Page::Data) };
        look(name, state, SMALL, |_| {});
    }
}

#[test]
fn files_and_keys_are_drawn_for_people_to_look_at() {
    if std::env::var_os("CREDITSCOPE_LOOK").is_none() {
        return;
    }
    let none = |_: &mut Window| {};
    look("keys-small", dark(state(Page::Overview)), SMALL, |it| it.key_press(egui::Key::Questionmark));
    look("data-small", light(state(Page::Data)), SMALL, |it| it.get_by_label("Conflicts 14").click());
    look("data-large", dark(state(Page::Data)), [2560.0, 1440.0], |it| it.get_by_label("41,877").click());
    conflicts_and_removals();
    let notices = vec![notice(2, NoticeKind::Failed, "The disk is full: nothing was saved")];
    let recent: Vec<_> = state(Page::Data).file.into_iter().map(|it| it.path).collect();
    let recent = [recent, vec!["/home/ada/logs/sample.creditscope".into()]].concat();
    look(
        "file-menu",
        light(State { recent: recent.clone(), jobs: jobs(), ..state(Page::History) }),
        SMALL,
        |it| {
            it.get_by_label("File platform-2026.creditscope").click();
        },
    );
    let open_error = Some("not a creditscope file: /home/ada/notes.creditscope".to_owned());
    look("empty-recent", light(State { open_error, recent, ..State::default() }), SMALL, none);
    look("running-dark", dark(State { jobs: jobs(), notices, ..state_as_ada(Page::Overview) }), SMALL, none);
}
