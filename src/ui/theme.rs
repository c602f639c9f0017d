//! The look of creditscope in one place: colours, spacing, type.
//!
//! No other module names a colour, a font size or a gap; they ask the [`Theme`] for a role.
//! Contrast figures are WCAG 2 ratios; every pair of text and ground that is used has at least 4.5:1.
#![expect(clippy::unreadable_literal, reason = "colours are six hex digits everywhere")]

use egui::{
    Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle,
    Vec2,
};
use std::sync::Arc;

// ---- spacing ---------------------------------------------------------------------------------
// One scale. A gap that is none of these five is a mistake.

/// Between an icon and its word, a marker and its name.
pub const XS: f32 = 4.0;
/// Between things of one group: chips, legend entries, lines of a tile.
pub const S: f32 = 8.0;
/// Inside small controls, left and right; between a card's header and its chart.
pub const M: f32 = 12.0;
/// Card padding, and the gutter between cards.
pub const L: f32 = 16.0;
/// Page margin.
pub const XL: f32 = 24.0;

/// Header and toolbar share a height, so that the eye finds two equal bands.
pub const BAR_HEIGHT: f32 = 48.0;
/// Every button, chip, pill and field. 28 is the smallest that is still easy to hit with a mouse.
pub const CONTROL_HEIGHT: f32 = 28.0;
/// A row of a table; a leaderboard's row is 4 less, since it holds one line and no cell borders.
pub const ROW_HEIGHT: f32 = 28.0;
pub const ROW_HEIGHT_DENSE: f32 = 24.0;
pub const NAV_WIDTH: f32 = 176.0;
/// Under [`NARROW`] the navigation shows icons only; names are in tooltips.
pub const NAV_WIDTH_NARROW: f32 = 52.0;
pub const NARROW: f32 = 1200.0;

pub const RADIUS_CARD: u8 = 8;
pub const RADIUS_CONTROL: u8 = 6;
/// Bars, markers, share bars: just enough to not look cut with a knife.
pub const RADIUS_MARK: u8 = 2;

// ---- type ------------------------------------------------------------------------------------
// Six sizes, three weights. Size says rank, weight says "this is the answer".

/// Axis ticks, table heads, footnotes. Nothing is smaller.
pub const CAPTION: f32 = 11.0;
/// Table cells, chips, legends.
pub const SMALL: f32 = 12.0;
/// Body, navigation, buttons.
pub const BODY: f32 = 13.0;
/// Card titles.
pub const TITLE: f32 = 14.0;
/// Page titles.
pub const HEADING: f32 = 18.0;
/// The one number of a tile.
pub const FIGURE: f32 = 26.0;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    Regular,
    Medium,
    Semibold,
}

pub fn font(size: f32, weight: Weight) -> FontId {
    let family = match weight {
        Weight::Regular => FontFamily::Proportional,
        Weight::Medium => FontFamily::Name("medium".into()),
        Weight::Semibold => FontFamily::Name("semibold".into()),
    };
    FontId::new(size, family)
}

/// Letter spacing. Inter is spaced for reading at 12 px; large figures need to be drawn together.
pub fn tracking(size: f32) -> f32 {
    if size >= FIGURE {
        -0.8
    } else if size >= HEADING {
        -0.4
    } else {
        -0.1
    }
}

/// Scope Sans before egui's own fonts, which stay as fallback: Inter 4.001, one variable file for
/// the three weights, with tabular figures baked in, so that numbers never change width.
///
/// Why not egui's Ubuntu Light: it is a light cut, so small figures look grey, and it has no second
/// weight, so rank could only come from size or colour. 267 kB (128 kB gzipped) against Ubuntu
/// Light's 362 kB; OFL-1.1, licence beside the file.
pub fn fonts() -> FontDefinitions {
    static SCOPE_SANS: &[u8] = include_bytes!("../../assets/fonts/ScopeSans.ttf");
    let mut fonts = FontDefinitions::default();
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let cuts = [
        ("scope", FontFamily::Proportional, 400.0),
        ("scope-medium", FontFamily::Name("medium".into()), 500.0),
        ("scope-semibold", FontFamily::Name("semibold".into()), 600.0),
    ];
    for (name, family, weight) in cuts {
        let mut data = FontData::from_static(SCOPE_SANS);
        // Hinting snaps the dot of an i onto its stem at 12 px.
        data.tweak.hinting = Some(false);
        data.tweak.coords = egui::epaint::text::VariationCoords::new([(b"wght", weight)]);
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
        let mut names = vec![name.to_owned()];
        names.extend(fallback.iter().cloned());
        fonts.families.insert(family, names);
    }
    fonts
}

// ---- colour ----------------------------------------------------------------------------------

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Colours by role. The same eight hues in both themes, so that an entity keeps its colour.
pub struct Theme {
    pub dark: bool,
    /// Behind everything: a shade off white (or black), so that cards need no shadow.
    pub canvas: Color32,
    /// Cards, header, navigation.
    pub surface: Color32,
    /// Menus, tooltips, drawers: what floats.
    pub raised: Color32,
    /// Hovered rows, fields, tracks behind share bars.
    pub sunken: Color32,
    /// Card edges and rules between regions.
    pub border: Color32,
    /// Edges of what can be pressed: one step stronger than a card's.
    pub border_control: Color32,
    /// Gridlines: seen when looked for.
    pub grid: Color32,
    /// Zero lines.
    pub baseline: Color32,
    /// Answers: numbers, titles, names.
    pub ink: Color32,
    /// Words around the answers.
    pub ink_soft: Color32,
    /// Ticks, heads, hints. The faintest text there is; still 4.5:1 on `canvas`, `surface`, `sunken`.
    pub ink_faint: Color32,
    /// What can be pressed or is chosen, and the line of a chart with one series.
    pub accent: Color32,
    /// Text on `accent_fill`.
    pub accent_text: Color32,
    /// Behind what is chosen.
    pub accent_fill: Color32,
    /// Share bars behind leaderboard rows: so pale that text on it keeps 4.5:1.
    pub share: Color32,
    /// A fall and a rise are directions, not judgements: blue and brown, never green and red
    /// (a pair that 8 % of men cannot tell apart).
    pub rise: Color32,
    pub fall: Color32,
    pub good: Color32,
    pub warn: Color32,
    pub warn_fill: Color32,
    pub bad: Color32,
    pub bad_fill: Color32,
    /// Viewing as someone: frame, chip, drawer head. Used for nothing else.
    pub viewer: Color32,
    pub viewer_fill: Color32,
    /// Text on a solid `viewer` or `accent` button.
    pub on_solid: Color32,
    /// The eight entities of a chart, in order of use.
    pub series: [Color32; 8],
    /// "Other (n)" (always hollow: pale with an edge, as grey is what some eyes make of teal),
    /// and the compared period.
    pub other: Color32,
    pub shadow: Color32,
    /// Over the page while a drawer is open.
    pub scrim: Color32,
    /// The app's mark; white bars stand on it in both themes.
    pub brand: Color32,
}

/// On `surface`: ink 16.7:1, soft 6.6, faint 5.4. The least of each anywhere: faint 4.8 on `sunken`,
/// soft 4.7 and rise 5.0 on a chosen leaderboard row.
///
/// Series: least `OKLab` distance (×100) between any two of the eight, to normal / protan / deutan /
/// tritan eyes: 10.9 / 9.2 / 9.6 / 9.8. For comparison Okabe-Ito 15.6 / 9.6 / 7.6 / 8.5 and
/// Tableau 10 10.3 / 1.9 / 0.7 / 5.2. Each series is at least 3.0:1 on `surface`.
pub const LIGHT: Theme = Theme {
    dark: false,
    canvas: rgb(0xF7F7F9),
    surface: rgb(0xFFFFFF),
    raised: rgb(0xFFFFFF),
    sunken: rgb(0xF1F2F5),
    border: rgb(0xE5E7EC),
    border_control: rgb(0xD5D8E0),
    grid: rgb(0xEEEFF3),
    baseline: rgb(0xC9CDD6),
    ink: rgb(0x1B1E25),
    ink_soft: rgb(0x565D6B),
    ink_faint: rgb(0x636A79),
    accent: rgb(0x3B4FC4),
    accent_text: rgb(0x3343AB),
    accent_fill: rgb(0xEDEFFB),
    share: rgb(0xE6EAFA),
    rise: rgb(0x2456A6),
    fall: rgb(0x8F4506),
    good: rgb(0x0B6B4F),
    warn: rgb(0x8F4A00),
    warn_fill: rgb(0xFDF3E3),
    bad: rgb(0xB3261E),
    bad_fill: rgb(0xFDEEED),
    viewer: rgb(0x8A2E7A),
    viewer_fill: rgb(0xF9EDF6),
    on_solid: rgb(0xFFFFFF),
    series: [
        rgb(0x4C53B7),
        rgb(0x4C8976),
        rgb(0xCC8119),
        rgb(0x88447B),
        rgb(0x25A0CC),
        rgb(0x6D321E),
        rgb(0x542F87),
        rgb(0x666E20),
    ],
    other: rgb(0x8B92A0),
    shadow: Color32::from_rgba_premultiplied(4, 5, 8, 36),
    scrim: Color32::from_black_alpha(56),
    brand: rgb(0x3B4FC4),
};

/// On `surface`: ink 14.6:1, soft 7.8, faint 5.8. The least of each: faint 5.0 on `sunken`,
/// soft 4.9 and rise 5.4 on a chosen leaderboard row.
///
/// Series: 12.2 / 10.8 / 11.7 / 9.0; each at least 3.2:1 on `surface`.
pub const DARK: Theme = Theme {
    dark: true,
    canvas: rgb(0x101216),
    surface: rgb(0x17191E),
    raised: rgb(0x1F2229),
    sunken: rgb(0x22252C),
    border: rgb(0x272A32),
    border_control: rgb(0x383C47),
    grid: rgb(0x22252C),
    baseline: rgb(0x454A56),
    ink: rgb(0xE8EAEE),
    ink_soft: rgb(0xA6ADBA),
    ink_faint: rgb(0x8D94A3),
    accent: rgb(0x8FA3FF),
    accent_text: rgb(0xB4C1FF),
    accent_fill: rgb(0x232942),
    share: rgb(0x262C44),
    rise: rgb(0x8CB8F5),
    fall: rgb(0xF0A860),
    good: rgb(0x5CC9A0),
    warn: rgb(0xF2B457),
    warn_fill: rgb(0x2E2412),
    bad: rgb(0xFF8A80),
    bad_fill: rgb(0x341C1B),
    viewer: rgb(0xE59AD6),
    viewer_fill: rgb(0x33202F),
    on_solid: rgb(0x101216),
    series: [
        rgb(0x727CE3),
        rgb(0x55BCAA),
        rgb(0xDE9133),
        rgb(0xA96892),
        rgb(0xA2D5F8),
        rgb(0xA65039),
        rgb(0xB39BFB),
        rgb(0xD0D890),
    ],
    other: rgb(0x666D7B),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 140),
    scrim: Color32::from_black_alpha(120),
    brand: rgb(0x4A5ED6),
};

/// Gives a window both looks and the fonts; which look is on, egui is told elsewhere.
pub fn install(context: &egui::Context) {
    context.set_fonts(fonts());
    // Where the system does not say: X11 and many window managers.
    context.options_mut(|it| it.fallback_theme = egui::Theme::Light);
    context.style_mut_of(egui::Theme::Light, |style| LIGHT.apply(style));
    context.style_mut_of(egui::Theme::Dark, |style| DARK.apply(style));
}

/// A part `share` (0 to 1) of `b`, the rest of `a`.
pub fn mix(a: Color32, b: Color32, share: f32) -> Color32 {
    let channel = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
    Color32::from_rgb(channel(a.r(), b.r()), channel(a.g(), b.g()), channel(a.b(), b.b()))
}

impl Theme {
    /// The theme that is on.
    pub fn of(ui: &egui::Ui) -> &'static Self {
        if ui.visuals().dark_mode { &DARK } else { &LIGHT }
    }

    pub fn floating_shadow(&self) -> Shadow {
        Shadow { offset: [0, 4], blur: 16, spread: 0, color: self.shadow }
    }

    /// Give egui's own widgets this look: `ctx.style_mut_of(egui::Theme::Light, |style| LIGHT.apply(style))`,
    /// and the same for dark. Keeps no state.
    pub fn apply(&self, style: &mut egui::Style) {
        style.text_styles = [
            (TextStyle::Small, font(SMALL, Weight::Regular)),
            (TextStyle::Body, font(BODY, Weight::Regular)),
            (TextStyle::Button, font(BODY, Weight::Medium)),
            (TextStyle::Heading, font(HEADING, Weight::Semibold)),
            (TextStyle::Monospace, FontId::monospace(SMALL)),
        ]
        .into();

        // Text that is dragged over does not light up, and is no stop of the Tab key.
        style.interaction.selectable_labels = false;

        let spacing = &mut style.spacing;
        spacing.item_spacing = Vec2::splat(S);
        spacing.button_padding = Vec2::new(M, XS);
        spacing.interact_size = Vec2::new(CONTROL_HEIGHT, CONTROL_HEIGHT);
        spacing.window_margin = Margin::same(L as i8);
        spacing.menu_margin = Margin::same(XS as i8);
        spacing.indent = L;

        let visuals = &mut style.visuals;
        *visuals = if self.dark { egui::Visuals::dark() } else { egui::Visuals::light() };
        visuals.panel_fill = self.canvas;
        visuals.window_fill = self.raised;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.window_corner_radius = CornerRadius::same(RADIUS_CARD);
        visuals.menu_corner_radius = CornerRadius::same(RADIUS_CONTROL);
        visuals.window_shadow = self.floating_shadow();
        visuals.popup_shadow = self.floating_shadow();
        visuals.faint_bg_color = self.canvas;
        // Progress bars and scroll bars lie in it; fields do not, they are paper.
        visuals.extreme_bg_color = self.sunken;
        visuals.text_edit_bg_color = Some(self.surface);
        visuals.handle_shape = egui::style::HandleShape::Circle;
        visuals.slider_trailing_fill = true;
        visuals.code_bg_color = self.sunken;
        visuals.weak_text_color = Some(self.ink_faint);
        visuals.hyperlink_color = self.accent;
        visuals.warn_fg_color = self.warn;
        visuals.error_fg_color = self.bad;
        visuals.selection.bg_fill = self.accent_fill;
        visuals.selection.stroke = Stroke::new(1.0, self.accent_text);
        // Indented regions and tables are told apart by space, not by lines.
        visuals.indent_has_left_vline = false;
        visuals.striped = false;

        let radius = CornerRadius::same(RADIUS_CONTROL);
        let widgets = &mut visuals.widgets;
        // `fill` is a button's ground; `well` is a check box's and a slider's.
        for (state, fill, well, edge, text) in [
            (&mut widgets.noninteractive, self.surface, self.sunken, self.border, self.ink),
            (&mut widgets.inactive, self.surface, self.sunken, self.border_control, self.ink),
            (&mut widgets.hovered, self.sunken, self.sunken, self.baseline, self.ink),
            (&mut widgets.active, self.accent_fill, self.accent_fill, self.accent, self.accent_text),
            (&mut widgets.open, self.sunken, self.sunken, self.border_control, self.ink),
        ] {
            state.bg_fill = well;
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::new(1.0, edge);
            state.fg_stroke = Stroke::new(1.0, text);
            state.corner_radius = radius;
            // egui grows hovered widgets by a pixel; a calm page does not move under the pointer.
            state.expansion = 0.0;
        }
    }
}
