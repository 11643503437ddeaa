//! A Rust SDK for Crossplane platforms: compositions as compile-checked Rust.
//!
//! A platform is a crate. A build script turns the CRDs of its providers and its own XRDs into types; a composition is a
//! function over them; and one line makes the crate a program, which renders what Crossplane would apply.
//!
//! ```
//! # use ui_tests::*;
//! use planewright::compose::{Cx, Result};
//! use planewright::{composition, resource, status, text};
//!
//! #[composition(xr = Store)]
//! fn store(cx: &mut Cx<Store>) -> Result<()> {
//!     let xr = cx.xr();
//!     let bucket = resource!(cx, bucket: Bucket {
//!         spec.for_provider: { region: xr.spec.region, tags: { "team": "red" } },
//!     });
//!     resource!(cx, policy: BucketPolicy {
//!         spec.for_provider: {
//!             region: xr.spec.region,
//!             bucket: &bucket,                                            // of a bucket, and nothing else
//!             policy: text!("allow {}/*", bucket.status.at_provider.arn), // waits until it is known
//!         },
//!     });
//!     status!(cx, { arn: bucket.status.at_provider.arn });
//!     Ok(())
//! }
//! ```
//!
//! * The language: [`resource!`], [`status!`], [`text!`] and [`#[composition]`](macro@composition), and in [`compose`] the calls that
//!   they are made of, with what they mean: values known later, what is held back, what is kept, what it takes to delete.
//! * The program: [`main!`] and [`platform`].
//! * The function: `serve` (a feature) answers Crossplane over gRPC, and [`wire`] reads its requests where they lie.
//! * Trying it: [`mod@render`] runs compositions as Crossplane would; `testing` (a feature) makes tests of that.
//! * Underneath: [`state`] is what a composition sees and answers, in plain terms; [`resource`](mod@resource) says what a generated type
//!   is, [`shapes`] has those that occur in every provider, and [`codec`] carries them to and from whatever holds them.
//!
//! The guide, `docs/guide/` in the repository, begins at nothing and ends with every message of the compiler.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `serve` | the composition function over gRPC, the command that a platform's program runs when none is named (default) |
//! | `commands` | everything else that the program does, `render`, `graph`, `emit` and `promise`, and with it [`mod@render`] and [`emit`] (default) |
//! | `schema` | typed inputs of pipeline steps, with their schemas |
//! | `testing` | scenarios and snapshots, for the tests of a platform |
//! | `k8s` | types of `k8s-openapi` as composed resources; the platform chooses their version with a feature of its own `k8s-openapi` |

pub mod codec;
pub mod compose;
#[cfg(feature = "commands")]
pub mod emit;
#[doc(hidden)]
pub mod generated;
pub mod platform;
#[cfg(feature = "commands")]
pub mod render;
pub mod resource;
#[cfg(feature = "serve")]
pub mod serve;
pub mod shapes;
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;
pub mod wire;

#[doc = include_str!("macros/composition.md")]
#[doc(inline)]
pub use planewright_macros::composition;
#[doc = include_str!("macros/resource.md")]
#[doc(inline)]
pub use planewright_macros::resource;
#[doc = include_str!("macros/status.md")]
#[doc(inline)]
pub use planewright_macros::status;
#[doc = include_str!("macros/text.md")]
#[doc(inline)]
pub use planewright_macros::text;
