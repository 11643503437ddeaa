//! The composition function, served over gRPC as Crossplane expects it.
//!
//! Crossplane calls `RunFunction` of `apiextensions.fn.proto.v1.FunctionRunnerService` (v1.16 and older: `v1beta1`) with
//! mutual TLS. The transport is tonic's, with a codec that hands over the request's own bytes: whatever answers, an
//! [`Answer`], reads them where they lie. Beside it stand gRPC's health and reflection services, and metrics over HTTP.
//!
//! A request is answered wholly on the thread that received it. Compositions take well under a millisecond of pure
//! computation, less than handing the request to another thread and back costs; and as there are always at least two
//! threads, a composition that takes long holds up no health check.
//!
//! # A small program that starts fast
//!
//! In a release, most of a platform's program runs only when it starts, when somebody renders with it or when a certificate is
//! renewed. What is measured in `benches/peers` is made as a whole, fast where requests are answered and small everywhere else:
//!
//! ```toml
//! [profile.release]
//! codegen-units = 1
//! lto = "fat"
//! strip = true
//!
//! [profile.release.package]
//! "*".opt-level = "s"
//! bytes.opt-level = 3
//! hashbrown.opt-level = 3
//! indexmap.opt-level = 3
//! memchr.opt-level = 3
//! planewright.opt-level = 3
//! ```
//!
//! This stands in the `Cargo.toml` of the workspace. Keep `panic = "unwind"`, the default: with `abort`, a composition that panics ends
//! the process instead of its request.

mod answer;
mod args;
mod codec;
mod connection;
mod entries;
mod error;
mod exposition;
mod incoming;
mod lines;
mod logs;
mod metrics;
mod panics;
mod protocol;
mod reflection;
mod router;
mod server;
mod signals;
mod tls;

pub use answer::Answer;
pub use args::ServeArgs;
pub use error::ServeError;
pub use logs::log;
pub use panics::{Panic, guarded, log_panics};
pub use server::{Bound, Network, Options, Server};
pub use signals::Signals;
pub use tls::Certificates;

pub use bytes::Bytes;
pub use tonic::{Code, Status};
