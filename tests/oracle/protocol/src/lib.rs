//! Requests of the function protocol, made, damaged and read with the official message types.

pub mod damage;
pub mod official;
pub mod requests;
#[path = "../../../../sdk/tests/support/seen.rs"]
pub mod seen;
