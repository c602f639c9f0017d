/// Everybody who can be looked as, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct People {}
