//! What imports replaced, so that it can be put back.
//!
//! Every change that a batch makes to what earlier ones brought is kept with the values before it. To
//! take a batch back, a value that is still the batch's becomes what it was before; where a later batch
//! has changed it again, that change is told what was before both.

pub(super) mod logs;
pub(super) mod states;
