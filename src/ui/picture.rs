//! Pictures without a window or a graphics card: the triangles of egui, drawn on the processor.
//!
//! One renderer for the command line's PNG, for tests and for snapshots, so that they show the same.

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, TextureId, Vertex};
use egui::{ColorImage, Rect, TexturesDelta, Vec2};
use image::{ExtendedColorType, ImageEncoder as _, RgbaImage};
use thiserror::Error;

use super::chart::{ChartHover, columns_ui, formats_ui, leaders_ui, legend_ui};
use super::paint::{Face, Pen};
use super::theme::{self, HEADING, L, SMALL, Weight, XL};
use crate::view::chart::{FormatBars, Leaders, StackChart};

/// A chart that can be a picture of its own.
#[derive(Clone, Copy, Debug)]
pub enum Chart<'a> {
    Columns(&'a StackChart),
    Formats(&'a FormatBars),
    Leaders(&'a Leaders),
}

/// What a picture says about itself, so that it can be passed on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caption {
    /// `26 Oct – 24 Nov 2026`
    pub range: String,
    pub zone: String,
    /// `Admin`, or whom it was looked at as.
    pub viewer: String,
    pub n_rows: u64,
}

#[derive(Debug, Error)]
pub enum PictureError {
    #[error("a picture has 200 to 8,000 pixels a side, not {0} × {1}")]
    Size(u32, u32),
    #[error("the picture could not be written as PNG")]
    Encode(#[from] image::ImageError),
}

/// One chart as a PNG file's bytes. The size is in pixels.
pub fn chart_png(
    chart: Chart<'_>,
    caption: &Caption,
    (width, height): (u32, u32),
    dark: bool,
) -> Result<Vec<u8>, PictureError> {
    const SIDES: std::ops::RangeInclusive<u32> = 200..=8_000;
    if !SIDES.contains(&width) || !SIDES.contains(&height) {
        return Err(PictureError::Size(width, height));
    }
    // Small pictures are drawn point by pixel, large ones in twice the size.
    let scale = if width >= 1_600 { 2.0 } else { 1.0 };
    let size = Vec2::new(width as f32, height as f32) / scale;
    let image = draw(size, scale, dark, &mut |ui| picture_ui(ui, chart, caption));
    let mut png = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgba8)?;
    Ok(png)
}

/// Anything that egui can draw. `size` is in points, `scale` in pixels a point.
pub fn draw(size: Vec2, scale: f32, dark: bool, draw_ui: &mut dyn FnMut(&mut egui::Ui)) -> RgbaImage {
    let context = egui::Context::default();
    theme::install(&context);
    context.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
    let mut input = egui::RawInput {
        screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, size)),
        ..Default::default()
    };
    if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
        viewport.native_pixels_per_point = Some(scale);
    }
    let mut rasteriser = Rasteriser::default();
    let mut shapes = Vec::new();
    // The first frame installs fonts and scale, the second is right.
    for _ in 0..2 {
        let mut output = context.run_ui(input.clone(), |ui| draw_ui(ui));
        rasteriser.update(&mut output.textures_delta);
        shapes = std::mem::take(&mut output.shapes);
    }
    rasteriser.paint(&context.tessellate(shapes, scale), size, scale)
}

fn picture_ui(ui: &mut egui::Ui, chart: Chart<'_>, caption: &Caption) {
    let area = ui.max_rect();
    let pen = Pen::new(ui);
    pen.fill(area, 0, pen.theme.surface);
    let inside = area.shrink(XL);
    let (title, subtitle, total) = match chart {
        Chart::Columns(chart) => {
            (&chart.title, chart.shown.as_ref().unwrap_or(&chart.subtitle), &chart.total)
        }
        Chart::Formats(bars) => (&bars.title, &bars.subtitle, &bars.total),
        Chart::Leaders(bars) => (&bars.title, &bars.subtitle, &bars.total),
    };
    let y = inside.top() + 10.0;
    let end = pen.left(inside.left(), y, title, Face::new(HEADING, Weight::Semibold, pen.theme.ink));
    let faint = Face::new(SMALL, Weight::Regular, pen.theme.ink_faint);
    pen.left(end + 8.0, y + 1.0, subtitle, faint);
    pen.adds_up(inside.right(), y, &total.text);
    let Caption { range, zone, viewer, n_rows } = caption;
    let n_rows = crate::view::number::count(*n_rows);
    let about = format!("{range}  ·  {zone}  ·  {viewer}  ·  {n_rows} rows");
    pen.cut(egui::pos2(inside.left(), y + 22.0), inside.width(), &about, faint);
    let body = inside.with_min_y(inside.top() + 44.0);
    match chart {
        Chart::Columns(chart) => {
            legend_ui(ui, body.with_max_y(body.top() + 20.0), chart);
            columns_ui(ui, body.with_min_y(body.top() + 24.0), chart, &mut ChartHover::default());
        }
        // Nothing is pressed in a picture.
        Chart::Formats(bars) => {
            formats_ui(ui, body.with_min_y(body.top() + L), bars);
        }
        Chart::Leaders(bars) => {
            leaders_ui(ui, body.with_min_y(body.top() + L), bars);
        }
    }
}

/// Draws tessellated shapes into an image.
#[derive(Debug, Default)]
pub struct Rasteriser {
    textures: HashMap<TextureId, ColorImage>,
}

impl Rasteriser {
    /// Takes in new and changed textures.
    #[expect(clippy::iter_over_hash_type, reason = "textures do not depend on each other")]
    pub fn update(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(image) = &change.image;
                match change.pos {
                    None => {
                        self.textures.insert(id, ColorImage::clone(image));
                    }
                    Some(corner) => self.patch(id, corner, image),
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn patch(&mut self, id: TextureId, [left, top]: [usize; 2], image: &ColorImage) {
        let Some(texture) = self.textures.get_mut(&id) else {
            return;
        };
        for y in 0..image.height() {
            for x in 0..image.width() {
                texture[(left + x, top + y)] = image[(x, y)];
            }
        }
    }

    /// `size` is in points.
    pub fn paint(&self, primitives: &[ClippedPrimitive], size: Vec2, pixels_per_point: f32) -> RgbaImage {
        let pixels = (size * pixels_per_point).round();
        let mut canvas = Canvas::new(pixels.x as usize, pixels.y as usize);
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            // Callbacks draw with the graphics card; the app has none.
            if let Primitive::Mesh(mesh) = primitive
                && let Some(texture) = self.textures.get(&mesh.texture_id)
            {
                canvas.mesh(mesh, texture, *clip_rect, pixels_per_point);
            }
        }
        canvas.into_image()
    }
}

/// Premultiplied colours, in gamma space as egui blends them.
struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![[0.0; 4]; width * height] }
    }

    fn mesh(&mut self, mesh: &Mesh, texture: &ColorImage, clip: Rect, pixels_per_point: f32) {
        let bound = |at: f32, most: usize| (at * pixels_per_point).round().clamp(0.0, most as f32);
        let clip = Rect::from_min_max(
            egui::pos2(bound(clip.min.x, self.width), bound(clip.min.y, self.height)),
            egui::pos2(bound(clip.max.x, self.width), bound(clip.max.y, self.height)),
        );
        for corners in mesh.indices.chunks_exact(3) {
            let vertices = [0, 1, 2].map(|it| mesh.vertices[corners[it] as usize]);
            if let Some(triangle) = Triangle::new(vertices, pixels_per_point) {
                self.triangle(&triangle, texture, clip);
            }
        }
    }

    fn triangle(&mut self, triangle: &Triangle, texture: &ColorImage, clip: Rect) {
        let bounds = triangle.bounds().intersect(clip);
        // Most of a picture is rectangles of one colour: there it is found once.
        let solid = triangle.solid(texture);
        let (top, bottom) = (bounds.min.y.floor() as usize, bounds.max.y.ceil().min(clip.max.y) as usize);
        for y in top..bottom {
            let middle = y as f32 + 0.5;
            let (from, to) = triangle.across(middle);
            let left = (from - 1.0).floor().max(clip.min.x) as usize;
            let right = (to + 1.0).ceil().min(clip.max.x).max(0.0) as usize;
            let row = &mut self.pixels[y * self.width..];
            for (x, target) in row.iter_mut().enumerate().take(right).skip(left) {
                let at = x as f32 + 0.5;
                let source = match solid {
                    Some(color) if from + 1.0 < at && at < to - 1.0 => color,
                    _ => match triangle.weights([at, middle]) {
                        Some(weights) => solid.unwrap_or_else(|| triangle.paint(texture, weights)),
                        None => continue,
                    },
                };
                let through = 1.0 - source[3];
                for (to, from) in target.iter_mut().zip(source) {
                    *to = from + *to * through;
                }
            }
        }
    }

    fn into_image(self) -> RgbaImage {
        let mut image = RgbaImage::new(self.width as u32, self.height as u32);
        for (to, [red, green, blue, alpha]) in image.pixels_mut().zip(self.pixels) {
            let alpha = alpha.clamp(0.0, 1.0);
            let byte = |it: f32| (it.clamp(0.0, 1.0) * 255.0).round() as u8;
            let plain = |it: f32| if alpha > 0.0 { byte(it / alpha) } else { 0 };
            to.0 = [plain(red), plain(green), plain(blue), byte(alpha)];
        }
        image
    }
}

/// In pixels.
struct Triangle {
    points: [[f32; 2]; 3],
    vertices: [Vertex; 3],
    /// Twice the area; its sign is the direction of turning.
    area: f32,
}

impl Triangle {
    /// `None` without an area.
    fn new(vertices: [Vertex; 3], pixels_per_point: f32) -> Option<Self> {
        let points = vertices.map(|it| [it.pos.x * pixels_per_point, it.pos.y * pixels_per_point]);
        let area = cross(points[0], points[1], points[2]);
        (area != 0.0 && area.is_finite()).then_some(Self { points, vertices, area })
    }

    fn bounds(&self) -> Rect {
        Rect::from_points(&self.points.map(|[x, y]| egui::pos2(x, y)))
    }

    /// How near a point is to each corner; `None` outside. A point on an edge that two triangles
    /// share is in one of them (the top-left rule).
    fn weights(&self, at: [f32; 2]) -> Option<[f32; 3]> {
        let mut weights = [0.0; 3];
        for (corner, weight) in weights.iter_mut().enumerate() {
            let (from, to) = (self.points[(corner + 1) % 3], self.points[(corner + 2) % 3]);
            *weight = cross(from, to, at) / self.area;
            let sign = self.area.signum();
            let (dx, dy) = (sign * (to[0] - from[0]), sign * (to[1] - from[1]));
            let is_top_or_left = dy < 0.0 || (dy == 0.0 && dx > 0.0);
            if *weight < 0.0 || (*weight == 0.0 && !is_top_or_left) {
                return None;
            }
        }
        Some(weights)
    }

    /// From where to where a horizontal line is inside.
    fn across(&self, middle: f32) -> (f32, f32) {
        let mut range = (f32::INFINITY, f32::NEG_INFINITY);
        for corner in 0..3 {
            let ([x0, y0], [x1, y1]) = (self.points[corner], self.points[(corner + 1) % 3]);
            // Half open, so that a level edge is none and a corner counts once.
            if (y0.min(y1)..y0.max(y1)).contains(&middle) {
                let x = x0 + (x1 - x0) * (middle - y0) / (y1 - y0);
                range = (range.0.min(x), range.1.max(x));
            }
        }
        range
    }

    /// The colour of all its pixels, if there is one.
    fn solid(&self, texture: &ColorImage) -> Option<[f32; 4]> {
        let [a, b, c] = &self.vertices;
        let is_solid = a.uv == b.uv && b.uv == c.uv && a.color == b.color && b.color == c.color;
        is_solid.then(|| self.paint(texture, [1.0, 0.0, 0.0]))
    }

    /// The texture's colour there, tinted.
    fn paint(&self, texture: &ColorImage, weights: [f32; 3]) -> [f32; 4] {
        let mut uv = [0.0; 2];
        let mut tint = [0.0; 4];
        for (vertex, weight) in self.vertices.iter().zip(weights) {
            uv[0] += vertex.uv.x * weight;
            uv[1] += vertex.uv.y * weight;
            for (sum, channel) in tint.iter_mut().zip(vertex.color.to_array()) {
                *sum += f32::from(channel) / 255.0 * weight;
            }
        }
        let texel = sample(texture, uv);
        std::array::from_fn(|it| texel[it] * tint[it])
    }
}

/// Twice the area of the triangle; positive where the corners turn clockwise on the screen.
fn cross(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Between the four nearest texels.
fn sample(texture: &ColorImage, uv: [f32; 2]) -> [f32; 4] {
    let size = texture.size.map(|it| it as f32);
    let at = [uv[0] * size[0] - 0.5, uv[1] * size[1] - 0.5];
    let (right, down) = (at[0] - at[0].floor(), at[1] - at[1].floor());
    let texel = |dx: f32, dy: f32| {
        let column = (at[0].floor() + dx).clamp(0.0, size[0] - 1.0) as usize;
        let row = (at[1].floor() + dy).clamp(0.0, size[1] - 1.0) as usize;
        texture[(column, row)].to_array().map(|it| f32::from(it) / 255.0)
    };
    let corners = [texel(0.0, 0.0), texel(1.0, 0.0), texel(0.0, 1.0), texel(1.0, 1.0)];
    std::array::from_fn(|channel| {
        let [upper_left, upper_right, lower_left, lower_right] = corners.map(|it| it[channel]);
        let upper = upper_left + (upper_right - upper_left) * right;
        let lower = lower_left + (lower_right - lower_left) * right;
        upper + (lower - upper) * down
    })
}

/// Snapshots need no graphics card.
#[cfg(test)]
impl egui_kittest::TestRenderer for Rasteriser {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.update(delta);
    }

    fn render(&mut self, context: &egui::Context, output: &egui::FullOutput) -> Result<RgbaImage, String> {
        let scale = context.pixels_per_point();
        let primitives = context.tessellate(output.shapes.clone(), scale);
        Ok(self.paint(&primitives, context.content_rect().size(), scale))
    }
}
