use chrono::Weekday;
use egui::{Key, Modifiers, Rect};

use super::fixture::{NAMES, ada, jobs, people, slot, state, state_as_ada, user, visible};
use super::*;
use crate::access::Viewer;
use crate::app::state::{Page, Theme, Viewing};
use crate::model::Zone;
use crate::report::chart::{AsOf, Compare, Period, Range, Unit};

// ---- view as ----------------------------------------------------------------------------------

#[test]
fn a_viewer_is_chosen_by_click() {
    let mut window = window(state(Page::Overview));
    click(&mut window, "Admin · all rows");
    window.get_by_label_contains("Farah Haddad, ").click();
    assert_eq!(commands(&mut window), [Command::ViewAs(Viewer::Owner(user(2)))]);
    assert!(window.query_by_label("Search users").is_none(), "the picker closes");
}

#[test]
fn a_viewer_is_chosen_by_keyboard() {
    let mut window = window(state(Page::Overview));
    press(&mut window, &[Key::V]);
    assert_eq!(focused(&window).as_deref(), Some("Search users"));
    window.get_by_label("Search users").type_text("LIND");
    window.run();
    window.get_by_label_contains("Ada Lindqvist, 7f3ab210 · user, 3,044 rows, 1,221.40 credits");
    assert!(window.query_by_label_contains("Bruno Keller, ").is_none());
    assert_eq!(press(&mut window, &[Key::Enter]), [Command::ViewAs(ada())]);
}

#[test]
fn arrows_move_in_the_picker_and_escape_closes_it() {
    let mut window = window(state(Page::Overview));
    // Admin, nobody, Ada, Bruno, who is an admin.
    press(&mut window, &[Key::V]);
    let chosen = press(
        &mut window,
        &[Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::Enter],
    );
    assert_eq!(chosen, [Command::ViewAs(Viewer::Admin(Some(user(1))))]);
    press(&mut window, &[Key::V]);
    assert_eq!(press(&mut window, &[Key::Escape]), []);
    assert!(window.query_by_label("Search users").is_none());
}

#[test]
fn those_without_a_profile_and_nobody_can_be_looked_as() {
    let mut window = window(state(Page::Overview));
    press(&mut window, &[Key::V]);
    window.get_by_label_contains("f348594a, user · no profile, 434 rows").click();
    assert_eq!(commands(&mut window), [Command::ViewAs(Viewer::Owner(user(NAMES.len())))]);
    press(&mut window, &[Key::V]);
    window.get_by_label_contains("Nobody (not signed in)").click();
    assert_eq!(commands(&mut window), [Command::ViewAs(Viewer::Nobody)]);
}

#[test]
fn a_hundred_thousand_users_are_found_and_not_all_drawn() {
    let mut window = window(State { people: slot(people(100_000)), ..state(Page::Overview) });
    press(&mut window, &[Key::V]);
    let n_drawn = window.query_all_by_role(egui::Role::ListBoxOption).count();
    assert!(n_drawn < 20, "{n_drawn} rows are drawn");
    window.get_by_label("Search users").type_text("user 99999");
    window.run();
    window.get_by_label_contains("User 99999, ").click();
    assert_eq!(commands(&mut window), [Command::ViewAs(Viewer::Owner(user(99_999)))]);
}

#[test]
fn the_chip_says_who_looks_and_how_much_is_seen() {
    let mut window = window(state_as_ada(Page::Overview));
    window.get_by_label("Viewing as Ada Lindqvist · 3,044 of 81,307 rows");
    assert_eq!(click(&mut window, "Back to admin"), [Command::ViewAs(Viewer::Admin(None))]);
    let nobody = Viewing {
        viewer: Viewer::Nobody,
        name: "Nobody".to_owned(),
        visible: Some(visible(0, 0)),
        only_mine: false,
    };
    sized(State { viewing: nobody, ..state(Page::History) }, SMALL)
        .get_by_label("Viewing as Nobody · 0 of 81,307 rows");
}

#[test]
fn an_admin_with_rows_can_look_at_those_alone() {
    let eve = Viewing {
        viewer: Viewer::Admin(Some(user(1))),
        name: "Bruno Keller".to_owned(),
        visible: Some(visible(81_307, 1_522)),
        only_mine: false,
    };
    let mut window = window(State { viewing: eve, ..state(Page::Ranking) });
    assert_eq!(click(&mut window, "All visible"), []);
    assert_eq!(click(&mut window, "Mine"), [Command::OnlyMine(true)]);
    assert!(sized(state_as_ada(Page::Ranking), SMALL).query_by_label("Mine").is_none());
    assert!(sized(state(Page::Ranking), SMALL).query_by_label("Mine").is_none());
}

// ---- time -------------------------------------------------------------------------------------

#[test]
fn a_range_is_chosen_from_the_menu() {
    let mut window = window(state(Page::Overview));
    click(&mut window, "Range: Last 30 days");
    assert_eq!(click(&mut window, "Last 12 weeks"), [Command::SetRange(Range::LastWeeks(12))]);
    assert!(window.query_by_label("Last 7 days").is_none(), "the menu closes");
    window.get_by_label("as of 24 Nov 14:05");
}

#[test]
fn a_range_is_typed() {
    let mut window = window(state(Page::Overview));
    click(&mut window, "Range: Last 30 days");
    assert_eq!(focused(&window).as_deref(), Some("Type a range"));
    let enter = |window: &mut Window, text: &str| {
        window.get_by_label("Type a range").type_text(text);
        window.run();
        press(window, &[Key::Enter])
    };
    assert_eq!(enter(&mut window, "2026-1"), [Command::SetRange(dates("2026-01-01", "2026-01-31"))]);
    assert!(window.query_by_label("Type a range").is_none(), "the menu closes");
    // What is wrong is said in place, and what was typed stays.
    click(&mut window, "Range: Last 30 days");
    assert_eq!(enter(&mut window, "2026-10 - 2026-0"), []);
    window.get_by_label("the calendar has no 2026-0");
    assert_eq!(focused(&window).as_deref(), Some("Type a range"));
    window.get_by_label("Type a range").type_text("9");
    window.run();
    window.get_by_label_contains("2026-W12, month-1");
    press(&mut window, &[Key::End]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_label("Type a range").type_text("month-1");
    window.run();
    window.get_by_label("1 Oct – 31 Oct 2026");
    let last_month = Range::Unit { unit: Unit::Month, later: -1 };
    assert_eq!(press(&mut window, &[Key::Enter]), [Command::SetRange(last_month)]);
    assert_eq!(press(&mut window, &[Key::Escape]), []);
}

fn dates(first: &str, last: &str) -> Range {
    Range::Dates { first: first.parse().unwrap(), last: last.parse().unwrap() }
}

#[track_caller]
fn check_choice(button: &str, name: &str, meaning: &str, command: Command) {
    let mut window = window(state(Page::Overview));
    click(&mut window, button);
    assert_eq!(window.get_by_label(name).value().as_deref(), Some(meaning), "{name}");
    assert_eq!(click(&mut window, name), [command]);
    assert!(window.query_by_label(name).is_none(), "the menu closes");
}

#[test]
fn what_a_range_ends_at_and_is_compared_with_is_chosen_from_menus() {
    let as_of = "as of 24 Nov 14:05";
    check_choice(as_of, "Last complete day", "23 Nov 2026 24:00", Command::SetAsOf(AsOf::LastDay));
    check_choice(as_of, "Latest row", "24 Nov 2026 14:05", Command::SetAsOf(AsOf::LatestRow));
    let compare = "Compare: vs previous 30 days";
    let (previous, same) = (Compare::Previous, Compare::SameWeekdays);
    check_choice(compare, "Previous period", "26 Sep – 25 Oct 2026", Command::SetCompare(previous));
    check_choice(compare, "Same weekdays", "21 Sep – 20 Oct 2026", Command::SetCompare(same));
    let mut window = window(state(Page::Overview));
    click(&mut window, compare);
    assert_eq!(click(&mut window, "Off"), [Command::SetCompare(Compare::Off)]);
}

#[test]
fn the_pill_says_what_is_chosen() {
    let check = |period: Period, width: f32, labels: [&str; 2]| {
        let window = sized(State { period, ..state(Page::Overview) }, [width, 720.0]);
        assert!(labels.iter().all(|it| window.query_by_label(it).is_some()), "{labels:?}");
    };
    let (as_of, compare) = (AsOf::LastDay, Compare::SameWeekdays);
    let period = Period { as_of, compare, ..Period::default() };
    let long = "Compare: vs same weekdays, 35 days before";
    check(period, 1_440.0, ["as of 23 Nov 2026 24:00", long]);
    check(period, 1_100.0, ["as of 23 Nov 24:00", "Compare: vs same weekdays"]);
    let off = Period { compare: Compare::Off, ..period };
    check(off, 1_440.0, ["as of 23 Nov 2026 24:00", "Compare: not compared"]);
    check(Range::All.into(), 1_440.0, ["Range: All time", "Compare: not compared"]);
}

#[track_caller]
fn check_steps(period: Period, key: Key, label: &str, step: Option<i32>) {
    let mut window = window(State { period, ..state(Page::Overview) });
    let expected: Vec<_> = step.into_iter().map(Command::Step).collect();
    assert_eq!(press(&mut window, &[key]), expected, "by key");
    assert_eq!(click(&mut window, label), expected, "by click");
}

#[test]
fn time_is_stepped_where_there_is_something() {
    let days = |n, steps| Period { steps, ..Range::LastDays(n).into() };
    let (earlier, later) = ("Earlier ( [ )", "Later ( ] )");
    check_steps(days(30, 0), Key::OpenBracket, earlier, Some(-1));
    check_steps(days(30, 0), Key::CloseBracket, later, None);
    check_steps(days(30, -2), Key::CloseBracket, later, Some(1));
    // The rows begin 327 days before the newest.
    check_steps(days(30, -9), Key::OpenBracket, earlier, Some(-1));
    check_steps(days(30, -10), Key::OpenBracket, earlier, None);
    check_steps(Range::All.into(), Key::OpenBracket, earlier, None);
}

#[test]
fn a_zone_is_found_by_its_city() {
    let mut window = window(state(Page::Overview));
    click(&mut window, "UTC · weeks from Mon");
    window.get_by_label("Search zones").type_text("new york");
    window.run();
    let zone = Zone::named("America/New_York").unwrap();
    assert_eq!(press(&mut window, &[Key::Enter]), [Command::SetZone(zone)]);
    assert!(window.query_by_label("Search zones").is_none());
}

#[test]
fn week_start_and_look_are_in_the_same_menu() {
    let mut window = window(state(Page::Overview));
    click(&mut window, "UTC · weeks from Mon");
    assert_eq!(click(&mut window, "Sun"), [Command::SetWeekStart(Weekday::Sun)]);
    assert_eq!(click(&mut window, "Dark"), [Command::SetTheme(Theme::Dark)]);
}

// ---- pages and keys ---------------------------------------------------------------------------

#[test]
fn pages_are_reached_by_click_and_by_keys() {
    let mut window = window(state(Page::Overview));
    for page in Page::ALL {
        window.get_by_role_and_label(egui::Role::Button, page.name()).click();
        assert_eq!(commands(&mut window), [Command::ShowPage(page)]);
    }
    for (key, page) in
        [(Key::O, Page::Overview), (Key::H, Page::History), (Key::R, Page::Ranking), (Key::I, Page::Data)]
    {
        assert_eq!(press(&mut window, &[Key::G, key]), [Command::ShowPage(page)]);
    }
    assert_eq!(press(&mut window, &[Key::H, Key::R]), []);
}

#[test]
fn keys_do_nothing_while_a_text_is_typed() {
    let mut window = window(state(Page::Data));
    window.get_by_label("Path of a file").focus();
    window.run();
    assert_eq!(press(&mut window, &[Key::G, Key::H, Key::OpenBracket, Key::Questionmark, Key::V]), []);
    assert!(window.query_by_label("Keys").is_none() && window.query_by_label("Search users").is_none());
}

#[test]
fn the_keys_are_shown_and_escape_closes_them() {
    let mut window = window(state(Page::Overview));
    press(&mut window, &[Key::Questionmark]);
    window.get_by_label("Close what is on top");
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("Close what is on top").is_none());
}

#[test]
fn files_are_opened_and_imported_by_key() {
    let mut window = window(state(Page::Overview));
    window.key_press_modifiers(Modifiers::COMMAND, Key::O);
    assert_eq!(commands(&mut window), [Command::ChooseFile]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::I);
    assert_eq!(commands(&mut window), [Command::ChooseDumps]);
}

#[test]
fn only_what_is_pending_repaints() {
    let mut window = window(state(Page::History));
    let delay = |window: &Window| window.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(delay(&window), std::time::Duration::MAX);
    window.state_mut().state.history.pending = true;
    window.step();
    assert!(delay(&window) < std::time::Duration::from_secs(1));
    window.state_mut().state.history.pending = false;
    window.run();
    assert_eq!(delay(&window), std::time::Duration::MAX);
}

#[test]
fn a_stepped_range_says_its_days() {
    let period = Period { steps: -1, ..Period::default() };
    let mut window = window(State { period, ..state(Page::Overview) });
    window.get_by_label("Range: 26 Sep – 25 Oct 2026").click();
    window.run();
    window.get_by_label("Last 30 days");
}

#[test]
fn escape_closes_one_thing_at_a_time() {
    let mut window = window(state(Page::History));
    window.get_by_label("2026-11-24 14:03:58.797").click();
    window.run();
    click(&mut window, "UTC · weeks from Mon");
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("Search zones").is_none(), "the menu closes first");
    press(&mut window, &[Key::Questionmark, Key::Escape]);
    assert!(window.query_by_label("Close what is on top").is_none(), "then the keys");
    window.get_by_label("Copy as JSON");
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("Copy as JSON").is_none(), "then the row");
}

// ---- order, names, room -----------------------------------------------------------------------

/// Every stop of the Tab key, until it comes round.
fn tab_stops(window: &mut Window) -> Vec<String> {
    let mut stops = Vec::new();
    for _ in 0..80 {
        press(window, &[Key::Tab]);
        let Some(name) = focused(window) else {
            continue;
        };
        if stops.first() == Some(&name) {
            break;
        }
        stops.push(name);
    }
    stops
}

#[test]
fn every_stop_of_the_tab_key_has_a_name() {
    for page in Page::ALL {
        let jobs = jobs();
        let stops = tab_stops(&mut window(State { jobs, ..state_as_ada(page) }));
        assert!(stops.iter().all(|it| !it.is_empty()), "{page:?}: {stops:?}");
        assert!(stops.len() >= 8, "{page:?}: {stops:?}");
    }
    let stops = tab_stops(&mut window(state(Page::Overview)));
    let pill = stops.iter().position(|it| it.starts_with("Range: ")).unwrap();
    assert_eq!(stops[pill + 1..pill + 3], ["as of 24 Nov 14:05", "Compare: vs previous 30 days"]);
    assert!(tab_stops(&mut window(State::default())).iter().all(|it| !it.is_empty()));
}

#[test]
fn the_header_is_walked_from_left_to_right() {
    let stops = tab_stops(&mut window(state(Page::History)));
    let expected = [
        "File platform-2026.creditscope",
        "Admin · all rows",
        "UTC · weeks from Mon",
        "Overview",
        "History",
        "Ranking",
        "Data",
        "Go to a day",
        "Older",
        "Last",
        "Action",
        "Format",
        "Quality",
        "Text in metadata",
        "Newest",
        "Oldest",
        "Largest charges",
        "History",
    ];
    assert_eq!(stops, expected);
}

#[track_caller]
fn check_apart(state: State, size: [f32; 2], labels: &[&str]) {
    let window = sized(state, size);
    let rects: Vec<(&str, Rect)> = labels.iter().map(|it| (*it, window.get_by_label(it).rect())).collect();
    let area = Rect::from_min_size(egui::Pos2::ZERO, size.into());
    for (index, (name, rect)) in rects.iter().enumerate() {
        assert!(area.contains_rect(*rect), "{name} leaves the window: {rect}");
        for (other, other_rect) in &rects[..index] {
            assert!(!rect.intersects(*other_rect), "{name} {rect} lies on {other} {other_rect}");
        }
    }
}

#[test]
fn nothing_in_header_and_toolbar_overlaps() {
    let long = |page| {
        let mut state = state_as_ada(page);
        state.viewing.name = "Wolfeschlegelsteinhausenbergerdorff the Younger of Ahrensburg".to_owned();
        let zone = Zone::named("America/Argentina/ComodRivadavia").unwrap();
        state.calendar = crate::model::Calendar::new(zone);
        if let Some(file) = &mut state.file {
            file.path = format!("/home/ada/{}.creditscope", "platform-".repeat(20)).into();
        }
        state
    };
    for size in [SMALL, [1440.0, 900.0], [2560.0, 1440.0]] {
        let (step, of) = ("Earlier ( [ )", "Viewing as Ada Lindqvist · 3,044 of 81,307 rows");
        let file = "File platform-2026.creditscope";
        let as_of = if size[0] < 1200.0 { "as of 24 Nov 14:05" } else { "as of 24 Nov 2026 14:05" };
        let compare = "Compare: vs previous 30 days";
        let common = ["UTC · weeks from Mon", "Range: Last 30 days", "Later ( ] )", compare];
        let mut labels = vec![file, of, "Back to admin", step, as_of];
        labels.extend(common);
        check_apart(state_as_ada(Page::Ranking), size, &labels);
        let long = long(Page::History);
        let file = format!("File {}", long.file.as_ref().unwrap().path.file_name().unwrap().display());
        let of = format!("Viewing as {} · 3,044 of 81,307 rows", long.viewing.name);
        let zone = "America/Argentina/ComodRivadavia · weeks from Mon";
        check_apart(
            long,
            size,
            &[&file, &of, "Back to admin", zone, "Go to a day", "First", "Newer", "Older", "Last"],
        );
    }
}

#[test]
fn dropped_files_are_opened_wherever_they_fall() {
    #[derive(Debug)]
    struct Dropped(std::path::PathBuf);
    impl egui::DroppedFile for Dropped {
        fn path(&self) -> &std::path::Path {
            &self.0
        }
        fn bytes(&self) -> Result<Vec<u8>, String> {
            Err("the UI opens no file".to_owned())
        }
    }
    let mut window = window(state(Page::Overview));
    window.input_mut().dropped_files.push(std::sync::Arc::new(Dropped("/x/a.csv".into())));
    assert_eq!(commands(&mut window), [Command::OpenPaths(vec!["/x/a.csv".into()])]);
}
