//! What the made-up platform sells, and to whom.

pub(super) struct Action {
    pub(super) name: &'static str,
    pub(super) format: &'static str,
    /// The price at standard quality, in hundredths of a credit.
    pub(super) hundredths: u32,
    /// How many of [`QUALITIES`] it can be had in.
    pub(super) n_qualities: usize,
    pub(super) weight: f64,
    pub(super) models: &'static [&'static str],
}

/// From the cheapest to the dearest.
pub(super) const QUALITIES: [&str; 4] = ["low", "standard", "high", "4k"];

const IMAGE: &[&str] = &["sdxl", "flux-1.1-pro", "imagen-4"];
const VIDEO: &[&str] = &["veo-3", "kling-2", "ltx-video"];
const AUDIO: &[&str] = &["eleven-v3", "whisper-large", "musicgen"];
const TEXT: &[&str] = &["gpt-4o-mini", "qwen-3", "llama-4"];

#[rustfmt::skip]
pub(super) const ACTIONS: [Action; 11] = [
    Action { name: "image_generation", format: "image", hundredths: 150, n_qualities: 4, weight: 30.0, models: IMAGE },
    Action { name: "video_generation", format: "video", hundredths: 800, n_qualities: 4, weight: 7.0, models: VIDEO },
    Action { name: "text_to_speech", format: "audio", hundredths: 90, n_qualities: 3, weight: 14.0, models: AUDIO },
    Action { name: "chat_completion", format: "text", hundredths: 30, n_qualities: 3, weight: 26.0, models: TEXT },
    Action { name: "upscale", format: "image", hundredths: 60, n_qualities: 4, weight: 9.0, models: IMAGE },
    Action { name: "image_edit", format: "image", hundredths: 110, n_qualities: 4, weight: 8.0, models: IMAGE },
    Action { name: "transcription", format: "audio", hundredths: 40, n_qualities: 2, weight: 6.0, models: AUDIO },
    Action { name: "summarize", format: "text", hundredths: 25, n_qualities: 2, weight: 6.0, models: TEXT },
    Action { name: "translate", format: "text", hundredths: 20, n_qualities: 2, weight: 5.0, models: TEXT },
    Action { name: "video_edit", format: "video", hundredths: 450, n_qualities: 4, weight: 2.5, models: VIDEO },
    Action { name: "music", format: "audio", hundredths: 250, n_qualities: 3, weight: 2.0, models: AUDIO },
];

pub(super) const GIVEN_NAMES: [&str; 24] = [
    "Viktor", "Ada", "Bruno", "Keiko", "Hanna", "Jonas", "Farah", "Liam", "Zoë", "Mateo", "Ingrid", "Amara",
    "Tomás", "Noor", "Søren", "Priya", "Emeka", "Lucía", "Oskar", "Yara", "Dmitri", "Chloé", "Rafael",
    "Anouk",
];

pub(super) const FAMILY_NAMES: [&str; 29] = [
    "Horvat",
    "Lindqvist",
    "Keller",
    "Tanaka",
    "Nowak",
    "Weber",
    "Haddad",
    "O’Connor",
    "Okafor",
    "Silva",
    "Novák",
    "Rossi",
    "Haugen",
    "Mensah",
    "Dubois",
    "Castillo",
    "Nakamura",
    "Petrov",
    "Bergström",
    "Ivanova",
    "Fernández",
    "Schmidt",
    "Yılmaz",
    "Kowalska",
    "Andersen",
    "Moreau",
    "Sharma",
    "Costa",
    "Vega",
];
