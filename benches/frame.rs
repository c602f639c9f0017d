//! How long a frame takes without painting: the app's logic, `ui` and tessellation.
//!
//! `cargo bench --bench frame` makes a demo of a million rows in a temporary folder first, then a file with
//! rows of 100,000 users for the lists. `CREDITSCOPE_BENCH_ROWS` makes a demo of another size,
//! `CREDITSCOPE_BENCH_FILE` takes a file that is there. What `docs/SPEED.md` says was measured so.
#![expect(clippy::print_stdout, reason = "what was measured is its output")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use creditscope::app::dialogs::{Dialogs, Reply, Wanted};
use creditscope::app::state::{Page, Theme};
use creditscope::app::{App, Command, Launch};
use creditscope::demo::Demo;
use creditscope::import::Options;
use creditscope::model::Cancel;
use creditscope::service;
use creditscope::store::Store;
use eframe::App as _;
use egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase, Vec2, pos2,
    vec2,
};

/// A large window: more columns of text, and no other work.
const SIZE: Vec2 = Vec2::new(1_440.0, 900.0);
const N_FRAMES: usize = 300;
/// Fonts are rasterised once, when a letter is first seen.
const N_WARM: usize = 30;
/// A number that is larger is a frame that is seen to stutter.
const BUDGET_MS: f64 = 8.0;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = match std::env::var_os("CREDITSCOPE_BENCH_FILE") {
        Some(path) => PathBuf::from(path),
        None => demo(folder.path().join("bench.creditscope"))?,
    };
    let mut window = Window::open(file)?;
    let n_rows = window.app.state().file.as_ref().map_or(0, |it| it.n_rows);
    let n_cores = std::thread::available_parallelism()?;
    println!("Overview of {n_rows} rows at {} × {}, {n_cores} cores; ms a frame", SIZE.x, SIZE.y);
    println!("{:<16}{:>10}{:>10}{:>10}", "", "median", "p95", "max");
    window.measure("idle", |_, _| Vec::new());
    // Over all columns of the first chart, a few points a frame.
    window.measure("hovering", |_, index| {
        vec![Event::PointerMoved(pos2(280.0 + (index * 7 % 640) as f32, 420.0))]
    });
    window.measure("change of theme", |window, index| {
        let theme = if index % 2 == 0 { Theme::Dark } else { Theme::Light };
        window.app.handle(Command::SetTheme(theme));
        vec![Event::PointerGone]
    });
    window.show(Page::History)?;
    window.measure("history", |_, _| Vec::new());
    window.measure("… scrolled", |_, index| scrolled(index));

    let mut window = Window::open(many_users(folder.path())?)?;
    let n_users = window.app.state().people.value.as_ref().map_or(0, |it| it.entries.len());
    println!("{n_users} users");
    window.show(Page::Ranking)?;
    window.measure("ranking", |_, _| Vec::new());
    window.measure("… scrolled", |_, index| scrolled(index));
    window.draw(pressed(Key::F, Modifiers::COMMAND));
    window.measure("… searched", |_, index| typed(index));
    window.draw(pressed(Key::Escape, Modifiers::NONE));
    window.draw(pressed(Key::Escape, Modifiers::NONE));
    window.draw(pressed(Key::V, Modifiers::NONE));
    window.measure("viewer picker", |_, _| Vec::new());
    window.measure("… gone through", |_, _| pressed(Key::PageDown, Modifiers::NONE));
    window.measure("… searched", |_, index| typed(index));
    Ok(())
}

fn scrolled(index: usize) -> Vec<Event> {
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, if index % 100 < 50 { -9.0 } else { 9.0 }),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    };
    vec![Event::PointerMoved(pos2(700.0, 500.0)), wheel]
}

fn pressed(key: Key, modifiers: Modifiers) -> Vec<Event> {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    vec![event(true), event(false)]
}

/// A letter, two, and none again: each frame another search.
fn typed(index: usize) -> Vec<Event> {
    match index % 4 {
        0 => vec![Event::Text("n".to_owned())],
        1 => vec![Event::Text("7".to_owned())],
        _ => pressed(Key::Backspace, Modifiers::NONE),
    }
}

/// Of each user a profile and three rows of the last month.
fn many_users(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    const N_USERS: u128 = 100_000;
    let mut profiles = "id,username\n".to_owned();
    let mut logs = "id,user_id,action,credits_consumed,created_at\n".to_owned();
    let id = |number: u128| {
        uuid::Uuid::from_u128((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
    };
    for number in 0..3 * N_USERS {
        let user = id(number % N_USERS);
        if number < N_USERS {
            writeln!(profiles, "{user},User Number {number}")?;
        }
        let (row, credits) = (id(number + N_USERS), number * number % 9_973);
        let (day, second) = (number % 28 + 1, number * 7 % 60);
        writeln!(logs, "{row},{user},chat,0.{credits:04},2026-11-{day:02} 10:00:{second:02}+00")?;
    }
    let path = folder.join("users.creditscope");
    let store = Store::create_or_open(&path)?;
    for (name, text) in [("profiles.csv", profiles), ("usage_logs.csv", logs)] {
        let dump = folder.join(name);
        std::fs::write(&dump, text)?;
        let report = service::import(&store, &dump, &Options::default(), &Cancel::new(), &mut |_| ());
        if let Some(err) = report.error {
            return Err(err.message.into());
        }
    }
    store.make_indexes(&Cancel::new(), &mut |_| ())?;
    Ok(path)
}

fn demo(path: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    let rows = std::env::var("CREDITSCOPE_BENCH_ROWS").ok();
    let n_rows = rows.map_or(Ok(1_000_000), |it| it.parse())?;
    service::open_demo(&path, Demo { n_rows, seed: 1 }, &mut |_| true)?;
    Ok(path)
}

/// The app without a window.
struct Window {
    app: App,
    ctx: egui::Context,
    frame: eframe::Frame,
    began: Instant,
}

/// Nothing is asked for here.
struct NoDialogs;

impl Dialogs for NoDialogs {
    fn choose(&self, _: Wanted, _: Reply) {}
}

impl Window {
    /// Returns when the charts are drawn and nothing is left to be answered.
    fn open(file: PathBuf) -> Result<Self, Box<dyn Error>> {
        let ctx = egui::Context::default();
        let launch = Launch { paths: vec![file], screenshot: None };
        let app = App::new(&ctx, None, Box::new(NoDialogs), launch)?;
        let mut window = Self { app, ctx, frame: eframe::Frame::_new_kittest(), began: Instant::now() };
        while window.app.state().overview.value.is_none() || window.app.state().people.value.is_none() {
            if window.began.elapsed() > Duration::from_mins(2) {
                return Err("no charts came within two minutes".into());
            }
            window.draw(Vec::new());
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(window)
    }

    fn show(&mut self, page: Page) -> Result<(), Box<dyn Error>> {
        self.app.handle(Command::ShowPage(page));
        let began = Instant::now();
        while self.app.state().is_pending() {
            if began.elapsed() > Duration::from_mins(2) {
                return Err("the page did not come within two minutes".into());
            }
            self.draw(Vec::new());
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// One frame, as the window draws it, up to where the graphics card would begin.
    fn draw(&mut self, events: Vec<Event>) -> Duration {
        let Self { app, ctx, frame, began } = self;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(began.elapsed().as_secs_f64()),
            events,
            ..RawInput::default()
        };
        let start = Instant::now();
        app.logic(ctx, frame);
        let output = ctx.run_ui(input, |ui| app.ui(ui, frame));
        let primitives = ctx.tessellate(output.shapes, output.pixels_per_point);
        std::hint::black_box(primitives);
        start.elapsed()
    }

    fn measure(&mut self, name: &str, mut events: impl FnMut(&mut Self, usize) -> Vec<Event>) {
        let mut times = Vec::new();
        for index in 0..N_WARM + N_FRAMES {
            let events = events(self, index);
            times.push(self.draw(events).as_secs_f64() * 1e3);
        }
        let mut times = times.split_off(N_WARM);
        times.sort_by(f64::total_cmp);
        let [median, p95, max] = [N_FRAMES / 2, N_FRAMES * 95 / 100, N_FRAMES - 1].map(|it| times[it]);
        let over = if p95 > BUDGET_MS { "  over budget" } else { "" };
        println!("{name:<16}{median:>10.2}{p95:>10.2}{max:>10.2}{over}");
    }
}
