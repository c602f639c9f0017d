//! A picture of the window as soon as the charts are drawn, for the check that they are.

use std::path::PathBuf;

use super::State;

pub(super) struct Screenshot {
    path: PathBuf,
    /// Frames since the charts were ready.
    n_frames: u32,
}

/// Fonts and sizes settle in the first frames of a picture.
const SETTLED_FRAMES: u32 = 6;

impl Screenshot {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, n_frames: 0 }
    }

    pub(super) fn on_frame(&mut self, ctx: &egui::Context, state: &State) {
        if state.overview.value.is_none() || state.overview.pending {
            return;
        }
        self.n_frames += 1;
        if self.n_frames < SETTLED_FRAMES {
            ctx.request_repaint();
        }
        if self.n_frames == SETTLED_FRAMES {
            let (path, ctx_too) = (self.path.clone(), ctx.clone());
            ctx.request_screenshot(move |pixels| {
                // Whoever asked for the picture sees that there is none.
                write(&path, &pixels).ok();
                ctx_too.send_viewport_cmd(egui::ViewportCommand::Close);
            });
        }
    }
}

fn write(path: &std::path::Path, pixels: &egui::ColorImage) -> image::ImageResult<()> {
    let [width, height] = pixels.size;
    let bytes: Vec<u8> = pixels.pixels.iter().flat_map(egui::Color32::to_array).collect();
    image::save_buffer(path, &bytes, width as u32, height as u32, image::ColorType::Rgba8)
}
