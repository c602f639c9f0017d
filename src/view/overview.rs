/// The Overview page, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Overview {}
