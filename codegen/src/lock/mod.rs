//! The two committed locks of a platform: the names of its generated types, and the schemas that it pins.

mod names;
mod schemas;

pub use names::{BadLine, NAMES_LOCK, NamesLock};
pub use schemas::{LockError, LockedFile, LockedSource, SCHEMAS_LOCK, SchemasLock};
