//! How long a frame of the Overview takes without painting: the app's logic, `ui` and tessellation.
//!
//! `cargo bench --bench frame` makes a demo of a million rows in a temporary folder first.
//! `CREDITSCOPE_BENCH_ROWS` makes one of another size, `CREDITSCOPE_BENCH_FILE` takes a file that is
//! there. What `docs/SPEED.md` says was measured so.
#![expect(clippy::print_stdout, reason = "what was measured is its output")]

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use creditscope::app::dialogs::{Dialogs, Reply, Wanted};
use creditscope::app::state::Theme;
use creditscope::app::{App, Command, Launch};
use creditscope::demo::Demo;
use creditscope::service;
use eframe::App as _;
use egui::{Event, Pos2, RawInput, Rect, Vec2, pos2};

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
    Ok(())
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
