/// A page of rows, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct History {}
