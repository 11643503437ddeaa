//! The two committed locks of a platform: the names of its generated types, and the schemas that it pins.

mod names;
mod schemas;

pub use names::NamesLock;
pub use schemas::{LockError, LockedFile, LockedSource, SchemasLock};
