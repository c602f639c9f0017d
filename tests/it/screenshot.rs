//! Looks at the picture of a real window, whose file `CREDITSCOPE_SCREENSHOT_CHECK` names.

use creditscope::ui::theme::{DARK, LIGHT, Theme};
use egui::Color32;

use crate::tool;

/// Two charts of the sample fill a fifth of the window or more; this is well below, and far above
/// what the marks of a legend cover.
const CHARTS_PER_MILLE_MIN: usize = 15;
/// What one series covers to be seen as drawn.
const SERIES_PER_MILLE_MIN: usize = 1;
const N_SERIES_MIN: usize = 3;
/// Edges of bars are blended, and so is what is hovered; the insides are exact but for rounding.
const CHANNEL_ERROR_MAX: u8 = 3;

#[test]
fn the_window_shows_drawn_charts() {
    let Some(file) = tool::path_of("CREDITSCOPE_SCREENSHOT_CHECK") else { return };
    let picture = image::open(&file).unwrap_or_else(|err| panic!("{}: {err}", file.display())).into_rgb8();
    let (width, height) = picture.dimensions();
    assert!(width >= 800 && height >= 500, "{width} × {height} is no whole window");
    let per_mille = |theme: &Theme| {
        let n_pixels = (width * height) as usize;
        theme
            .series
            .map(|colour| picture.pixels().filter(|it| is_like(it.0, colour)).count() * 1000 / n_pixels)
    };
    let seen = [per_mille(&LIGHT), per_mille(&DARK)];
    let best = seen.iter().max_by_key(|it| it.iter().sum::<usize>()).unwrap();
    let n_series = best.iter().filter(|it| **it >= SERIES_PER_MILLE_MIN).count();
    let sum: usize = best.iter().sum();
    assert!(n_series >= N_SERIES_MIN && sum >= CHARTS_PER_MILLE_MIN, "per mille by series: {best:?}");
    tool::say(&format!("the window's charts: {sum} ‰ of the picture in {n_series} colours"));
}

fn is_like(pixel: [u8; 3], colour: Color32) -> bool {
    let [r, g, b, _] = colour.to_array();
    pixel.iter().zip([r, g, b]).all(|(a, b)| a.abs_diff(b) <= CHANNEL_ERROR_MAX)
}
