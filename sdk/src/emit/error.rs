//! Why nothing is emitted.

pub(crate) use planewright_definitions::emission::Faults;
pub use planewright_definitions::emission::{EmitError, Fault};
