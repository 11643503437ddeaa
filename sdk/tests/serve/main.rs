//! The platform, served: what Crossplane may rely on, and what it may not have to suffer from.
//!
//! Every test starts a server of its own on a loopback port that the system chooses, and waits for events, never for time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test cannot prepare fails it")]

mod certificates;
mod client;
mod connector;
mod faults;
mod manners;
#[cfg(feature = "schema")]
mod misread;
mod raw;
mod tls;
mod transport;

#[path = "../support/mod.rs"]
mod support;
