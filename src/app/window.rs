//! Opens the window: OpenGL first, and where that is not to be had another renderer in the same process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::App;
use super::dialogs::Native;

/// What the window begins with.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Files to open and dumps to import. None: the file that was open last.
    pub paths: Vec<PathBuf>,
    /// Writes a picture of the window here as soon as the charts are drawn, and closes it.
    pub screenshot: Option<PathBuf>,
}

const TITLE: &str = "creditscope";
/// The `.desktop` file must have this name, or Wayland shows no icon.
const APP_ID: &str = "creditscope";

/// Runs the window until it is closed.
///
/// # Errors
/// When no renderer opens a window; the text names the command line, which needs none.
pub fn run(launch: &Launch) -> anyhow::Result<()> {
    let mut reasons = Vec::new();
    for renderer in renderers() {
        match open(renderer, launch) {
            Ok(()) => return Ok(()),
            Err(reason) => reasons.push(format!("{renderer}: {}", without_place(&reason.to_string()))),
        }
    }
    let reasons = reasons.join("; ");
    bail!("no window can be opened here ({reasons}); the command line needs none: see `creditscope --help`")
}

fn renderers() -> Vec<eframe::Renderer> {
    vec![
        eframe::Renderer::Glow,
        #[cfg(feature = "wgpu")]
        eframe::Renderer::Wgpu,
    ]
}

fn open(renderer: eframe::Renderer, launch: &Launch) -> anyhow::Result<()> {
    let launch = launch.clone();
    let options = options(renderer, &launch)?;
    let create: eframe::AppCreator<'static> = Box::new(move |cc| {
        let app = App::new(&cc.egui_ctx, cc.storage, Box::new(Native), launch)?;
        Ok(Box::new(app) as Box<dyn eframe::App>)
    });
    // A missing libxkbcommon-x11 panics inside the window library instead of failing.
    match catch_unwind(AssertUnwindSafe(|| eframe::run_native(APP_ID, options, create))) {
        Ok(result) => result.map_err(|err| anyhow::anyhow!("{err}")),
        Err(_) => bail!("the window library stopped"),
    }
}

/// Window libraries say where in their own source they gave up, which helps nobody here.
fn without_place(reason: &str) -> &str {
    let after = reason.rsplit_once(".rs:").map_or(reason, |(_, it)| it);
    after.trim_start_matches(|it: char| it.is_ascii_digit() || it == ':').trim().trim_end_matches('.')
}

fn options(renderer: eframe::Renderer, launch: &Launch) -> anyhow::Result<eframe::NativeOptions> {
    let icon = image::load_from_memory(include_bytes!("../../assets/icon.png"))
        .context("the icon is built in")?
        .into_rgba8();
    let (width, height) = icon.dimensions();
    let icon = egui::IconData { rgba: icon.into_raw(), width, height };
    let viewport = egui::ViewportBuilder::default()
        .with_title(TITLE)
        .with_app_id(APP_ID)
        .with_icon(Arc::new(icon))
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([900.0, 600.0]);
    Ok(eframe::NativeOptions {
        viewport,
        renderer,
        persist_window: launch.screenshot.is_none(),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_no_source_file() {
        let of_winit = "winit EventLoopError: os error at /a/winit-0.30/src/mod.rs:765: DISPLAY is not set.";
        assert_eq!(without_place(of_winit), "DISPLAY is not set");
        assert_eq!(without_place("Found no glutin configs"), "Found no glutin configs");
    }
}
