/// The imports that the file remembers, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Imports {}

/// How far an import is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportProgress {}

/// What an import did, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportReport {}
