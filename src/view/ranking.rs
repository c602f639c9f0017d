/// Users by credits, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ranking {}
