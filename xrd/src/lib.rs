//! XRDs from Rust types: the API of a Crossplane platform, code first.
//!
//! The spec of a composite resource is a struct, and everything else that an XRD says stands beside it:
//!
//! ```
//! use planewright_xrd::schemars::{self, JsonSchema};
//! use planewright_xrd::{Column, Definitions, Xr, immutable};
//!
//! /// A place for a team's files.
//! #[derive(Xr, JsonSchema)]
//! #[schemars(rename_all = "camelCase")]
//! #[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespaced", status = ShareStatus)]
//! #[xr(short_names = ["sh"], columns = [Column::string("REGION", ".spec.region")])]
//! struct ShareSpec {
//!     /// The region; it stays as it was.
//!     #[schemars(transform = immutable())]
//!     region: String,
//!     /// How much fits in, in GiB.
//!     #[schemars(range(min = 1, max = 500), default = "ten")]
//!     size: u16,
//!     /// Who may read.
//!     readers: Option<Vec<String>>,
//! }
//!
//! fn ten() -> u16 {
//!     10
//! }
//!
//! #[derive(JsonSchema)]
//! struct ShareStatus {
//!     /// Where it is mounted from.
//!     endpoint: String,
//! }
//!
//! let emission = Definitions::new().with::<ShareSpec>().emit().unwrap();
//! let xrd = emission.object("apis/shares/definition.yaml").unwrap();
//! assert_eq!(xrd["metadata"]["name"], "shares.files.example.org");
//! assert_eq!(xrd["spec"]["scope"], "Namespaced");
//!
//! let schema = &xrd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
//! assert_eq!(schema["description"], "A place for a team's files.");
//! let spec = &schema["properties"]["spec"];
//! assert_eq!(spec["required"], serde_json::json!(["region"]));
//! assert_eq!(spec["properties"]["size"]["default"], 10);
//! assert_eq!(spec["properties"]["region"]["x-kubernetes-validations"][0]["rule"], "self == oldSelf");
//! ```
//!
//! # How a platform uses it
//!
//! The types live in a package of their own beside the platform, with a program of one line:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     planewright_xrd::program(definitions())
//! }
//! # fn definitions() -> planewright_xrd::Definitions { planewright_xrd::Definitions::new() }
//! ```
//!
//! `planewright xrd emit --package NAME` runs it and writes `apis/PLURAL/definition.yaml`. The platform's build script makes the types of
//! its compositions from that file, as it does from one that was written by hand. So reviewers see the XRD, every tool that reads
//! XRDs goes on working, a build of the platform needs nothing but files, and nothing of this crate is in the program that serves.
//! [`Definitions::check`] in a test, or `planewright xrd emit --check`, tells when the file is not what the types say.
//!
//! # What becomes of a type
//!
//! Types of specs and statuses derive [`schemars::JsonSchema`], of which all attributes count: bounds, lengths, patterns, names, defaults,
//! `extend`. [`json_schema`](planewright_definitions::json_schema) says what becomes of which Rust type. Beyond that:
//!
//! * Comments are descriptions; that of the spec's struct is the description of the kind.
//! * A default stands in the schema if its type implements `Serialize`, as those of the standard library do. It is a fault if it does not.
//! * In a status no field is required, whatever the Rust type says: a status tells what is known so far. Only within lists it is kept.
//! * CEL rules are [`Rule`]s, on a field or a type: `#[schemars(transform = Rule::new("self.min <= self.max"))]`.
//! * [`immutable`] is the rule of what may not change.
//!
//! # What is refused
//!
//! Whatever the API server or Crossplane would refuse, ignore or drop: [`Definition::xrd`] judges the XRD as a control plane would, with
//! one difference: CEL expressions are not evaluated, and their syntax is `planewright xrd emit`'s to judge. Fields that Crossplane has itself, such as `spec.crossplane`, are refused by the compiler
//! where it can see them.
//!
//! So is what several versions do to each other where nothing converts between them ([`Definition::version`]): a field that the referenceable one lacks, has of
//! another type, or allows fewer values of, by an enum, a bound or a pattern; and a field that only one requires. Of an enum every value is judged; patterns are otherwise compared by their words, and rules in CEL not at all.
//!
//! The types that go into schemas need `schemars` in scope, as above; this crate hands on the version that it was built with.

mod allowance;
mod check;
mod column;
mod conversion;
mod definition;
mod definitions;
mod list;
mod place;
mod program;
mod reserved;
mod rule;
mod schema;
mod transition;
mod version;

pub use column::Column;
pub use definition::Definition;
pub use definitions::{Definitions, Stale};
pub use list::{ListMap, list_map};
pub use planewright_definitions::emission::{Emission, EmitError, Fault};
#[doc(hidden)]
pub use planewright_definitions::xcrd::reserved::is_in_spec as is_reserved;
pub use planewright_definitions::xrd::{CompositeDeletePolicy, CompositionUpdatePolicy, XrScope};
#[doc = include_str!("derive.md")]
#[doc(inline)]
pub use planewright_macros::Xr;
#[doc = include_str!("derive_version.md")]
#[doc(inline)]
pub use planewright_macros::XrVersion;
pub use program::program;
pub use rule::{Rule, immutable};
pub use schemars;
pub use version::Version;

/// The spec of a composite resource at the version that Compositions refer to. [`derive(Xr)`](macro@Xr) implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which composite resource it is the spec of",
    note = "derive `Xr` for it: #[derive(Xr, JsonSchema)] #[xr(group = …, version = …, kind = …, scope = …)]"
)]
pub trait Xr {
    /// The definition.
    fn definition() -> Definition;
}

/// The spec of a composite resource at another version, which is served or was. [`derive(XrVersion)`](macro@XrVersion) implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no further version of a composite resource",
    note = "exactly one version is referenceable, the one that derives `Xr`; derive `XrVersion` for all others"
)]
pub trait XrVersion {
    /// The version.
    fn version() -> Version;
}
