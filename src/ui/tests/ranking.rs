use egui::Key;

use super::fixture::{ranking, state, state_as_ada, user};
use super::*;
use crate::access::Viewer;
use crate::app::state::{Focus, Page};

const FIELD: &str = "Search users by name or id";
/// All columns have room.
const WIDE: [f32; 2] = [1440.0, 900.0];

fn page() -> Window {
    window(state(Page::Ranking))
}

/// What stands in a column of names, from top to bottom.
fn order(window: &Window, names: &[&str]) -> Vec<String> {
    let mut places: Vec<_> = names
        .iter()
        .filter_map(|it| Some((window.query_by_label(it)?.rect().top(), (*it).to_owned())))
        .collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    places.into_iter().map(|it| it.1).collect()
}

#[test]
fn it_adds_up_and_keeps_users_without_a_profile() {
    let window = page();
    window.get_by_label("Total");
    window.get_by_label(&ranking().credits);
    window.get_by_label("39 users by credits");
    window.get_by_label("Ada Lindqvist");
    assert!(window.query_all_by_label("unresolved").next().is_some());
}

#[test]
fn changes_are_said_in_words() {
    let window = page();
    let moved = (0..9).filter_map(|it| ranking().row(it)?.moved).map(crate::view::Moved::spoken);
    for words in moved {
        assert!(window.query_all_by_label(&words).next().is_some(), "{words}");
    }
    assert!(window.query_all_by_label_contains("new in the ranking").next().is_some());
    assert!(window.query_all_by_label_contains(" % from ").next().is_some());
}

#[test]
fn columns_give_way_and_figures_are_never_cut() {
    let narrow = page();
    assert!(narrow.query_by_label("Sort by active days").is_none());
    narrow.get_by_label("Sort by last seen");
    let wide = sized(state(Page::Ranking), WIDE);
    wide.get_by_label("Sort by active days");
    wide.get_by_label("Sort by first seen");
    wide.get_by_label("course");
    for window in [narrow, wide] {
        let row = ranking().row(0).unwrap();
        for figure in [row.credits, row.events, ranking().credits, ranking().events] {
            let width = window.get_by_label(&figure).rect().width();
            assert!(width > 5.0 * figure.len() as f32, "{figure} in {width}");
        }
    }
}

#[test]
fn heads_sort() {
    let mut window = page();
    let names = ["Ada Lindqvist", "Bruno Keller", "Farah Haddad", "Keiko Tanaka", "Jonas Weber"];
    assert_eq!(order(&window, &names), names);
    assert_eq!(click(&mut window, "Sort by last seen"), []);
    assert_ne!(order(&window, &names), names);
    click(&mut window, "Sort by credits");
    assert_eq!(order(&window, &names), names);
}

#[test]
fn users_are_searched_by_keys() {
    for (key, modifiers) in [(Key::Slash, egui::Modifiers::NONE), (Key::F, egui::Modifiers::COMMAND)] {
        let mut window = page();
        window.key_press_modifiers(modifiers, key);
        window.run();
        assert_eq!(focused(&window).as_deref(), Some(FIELD));
        window.get_by_label(FIELD).type_text("HAD");
        window.run();
        window.get_by_label("1 of 39 users");
        window.get_by_label("Farah Haddad");
        window.get_by_label("Total of all users");
        assert!(window.query_by_label("Ada Lindqvist").is_none());
        press(&mut window, &[Key::Escape]);
        window.get_by_label("39 users by credits");
    }
}

#[test]
fn what_is_found_is_reached_by_keys() {
    let mut window = page();
    press(&mut window, &[Key::Slash]);
    window.get_by_label(FIELD).type_text("keiko");
    window.run();
    press(&mut window, &[Key::ArrowDown, Key::Enter]);
    window.get_by_label("View as Keiko Tanaka");
    // Menu, choice and search are left one by one.
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("View as Keiko Tanaka").is_none());
    window.get_by_label("1 of 39 users");
    press(&mut window, &[Key::Escape, Key::Escape]);
    window.get_by_label("39 users by credits");
}

#[test]
fn a_search_without_hits_says_so() {
    let mut window = page();
    press(&mut window, &[Key::Slash]);
    window.get_by_label(FIELD).type_text("xyz");
    window.run();
    window.get_by_label("No user has “xyz” in name or id");
    click(&mut window, "Clear the search");
    window.get_by_label("Ada Lindqvist");
}

#[test]
fn a_user_can_be_looked_as() {
    let mut window = page();
    click(&mut window, "Farah Haddad");
    assert_eq!(click(&mut window, "View as Farah Haddad"), [Command::ViewAs(Viewer::Owner(user(2)))]);
    assert!(window.query_by_label("View as Farah Haddad").is_none());
    window.get_by_role_and_label(egui::Role::Grid, "Ranking").focus();
    window.run();
    press(&mut window, &[Key::Home, Key::ArrowDown, Key::ArrowDown, Key::Enter]);
    // Bruno has the role admin.
    assert_eq!(click(&mut window, "View as Bruno Keller"), [Command::ViewAs(Viewer::Admin(Some(user(1))))]);
}

// ---- the figures of one user ------------------------------------------------------------------

#[test]
fn the_figures_of_a_user_are_shown_by_menu_and_keys() {
    let mut window = page();
    click(&mut window, "Farah Haddad");
    let shown = click(&mut window, "Show Farah Haddad's figures");
    assert_eq!(shown, [Command::Focus(Some(user(2)))]);
    window.get_by_role_and_label(egui::Role::Grid, "Ranking").focus();
    window.run();
    press(&mut window, &[Key::Home, Key::ArrowDown, Key::Enter]);
    assert_eq!(focused(&window).as_deref(), Some("Show Ada Lindqvist's figures"));
    assert_eq!(press(&mut window, &[Key::Enter]), [Command::Focus(Some(user(0)))]);
}

fn focus_on_ada(page: Page) -> State {
    let focus = Focus { user_id: user(0), name: "Ada Lindqvist".to_owned() };
    State { focus: Some(focus), ..state(page) }
}

#[test]
fn a_chip_names_the_user_and_is_taken_away_by_mouse_and_keys() {
    let mut window = window(focus_on_ada(Page::Overview));
    let chip = "Remove user: Ada Lindqvist";
    assert_eq!(click(&mut window, chip), [Command::Focus(None)]);
    window.get_by_label(chip).focus();
    window.run();
    assert_eq!(press(&mut window, &[Key::Enter]), [Command::Focus(None)]);
    window.state_mut().state.focus = None;
    window.run();
    assert!(window.query_by_label(chip).is_none());
}

#[test]
fn top_users_and_formats_lead_to_what_is_behind_them() {
    let mut window = window(state(Page::Overview));
    let page = window.state().state.overview.value.clone().unwrap();
    let leader = &page.leaders.rows[0];
    window.get_by_role_and_label(egui::Role::Button, &leader.spoken).click();
    assert_eq!(commands(&mut window), [Command::Focus(leader.key.user())]);
    let format = &page.formats.rows[1];
    window.get_by_role_and_label(egui::Role::Button, &format.spoken).click();
    let [Command::ShowRows { window: days, filter }] = &commands(&mut window)[..] else {
        panic!("rows");
    };
    assert_eq!(days.from, Some(page.by_format.columns[0].start));
    assert_eq!(days.until, Some(page.by_format.columns[29].end));
    assert_eq!(filter.formats.include[0].as_deref(), format.format.text());
}

#[test]
fn an_action_of_one_user_leads_to_its_rows() {
    let mut window = window(state_as_ada(Page::Overview));
    let page = window.state().state.overview.value.clone().unwrap();
    window.get_by_role_and_label(egui::Role::Button, &page.leaders.rows[0].spoken).click();
    let [Command::ShowRows { filter, .. }] = &commands(&mut window)[..] else { panic!("rows") };
    assert_eq!(Some(&*filter.actions.include[0]), page.leaders.rows[0].key.text());
}
