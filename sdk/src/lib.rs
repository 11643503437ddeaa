//! A Rust SDK for Crossplane platforms: compositions as compile-checked Rust.
//!
//! [`codec`] carries generated types to and from whatever holds them; [`resource`] says what a generated type is, and
//! [`shapes`] has those that occur in every provider. [`compose`] is what a composition is written in, over the plain
//! terms of [`state`]; [`mod@render`] runs compositions as Crossplane would, [`platform`] makes them a program, and [`wire`]
//! answers Crossplane's own requests.

pub mod codec;
pub mod compose;
#[doc(hidden)]
pub mod generated;
pub mod platform;
pub mod render;
pub mod resource;
pub mod shapes;
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;
pub mod wire;

pub use planewright_macros::{composition, resource, status, text};
