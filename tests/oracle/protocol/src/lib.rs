//! Requests of the function protocol, made, damaged and read with the official message types; and the questions that are put to
//! function-auto-ready.

pub mod damage;
pub mod health;
pub mod official;
#[path = "../../../../sdk/tests/support/protocol.rs"]
pub mod protocol;
pub mod requests;
#[path = "../../../../sdk/tests/support/seen.rs"]
pub mod seen;
#[path = "../../../../sdk/tests/support/verdicts.rs"]
pub mod verdicts;
