//! Composing: what a composition function is written in.
//!
//! A composition is an ordinary function over a [`Cx`]. It reads the composite resource, declares composed resources under
//! keys, and reads what was observed of them as [`Lazy`] values:
//!
//! * [`Cx::resource`] declares a whole object: a generated type, a Kubernetes type, or anything that serialises and says
//!   which kind it is. [`Cx::draft`] builds one field by field, where some values may not be known yet.
//! * [`Handle::read`] reads a field of a composed resource as it was observed. [`path!`](crate::path) names the field: one
//!   path, from which both what is decoded and what is read follow.
//! * A **new** resource whose inputs are not known is held back. An **existing** one is kept: the unknown field takes
//!   the value it was observed with, and where it has none, or lies inside a list, the step ends with a fatal result.
//! * [`Handle::after`] holds a new resource back until something is known that it takes no value from, such as another
//!   one's readiness. An existing one stays, whatever becomes of the other.
//! * **Nothing is deleted by accident.** Crossplane deletes a composed resource that is observed and not desired. So a step
//!   that neither declares such a resource nor [drops](Cx::drop_resource) it nor [leaves](Cx::leave_resource) it to another step
//!   ends with a fatal result, at which Crossplane neither applies nor deletes anything.
//!
//! Desired state is a fully specified intent: what is set is emitted, empty or not, and what is not set is left out.

mod auto_ready;
mod body;
mod composition_version;
mod condition;
mod connection;
mod cx;
mod declared;
mod defaults;
mod draft;
mod edge;
mod environment;
mod error;
mod external;
mod field;
mod filled;
mod handle;
mod health;
#[cfg(feature = "schema")]
mod input;
#[cfg(all(feature = "schema", feature = "commands"))]
mod input_crd;
mod lazy;
mod ledger;
pub mod literal;
mod merge;
mod operation;
mod order;
mod outcome;
mod path;
mod pipeline;
mod protection;
mod readiness;
mod required;
mod sequence;

pub use auto_ready::AutoReady;
#[cfg(feature = "k8s")]
pub use body::Kubernetes;
pub use body::{Body, Encoding, IntoBody, Raw, Serialized, Typed};
#[cfg(any(feature = "commands", feature = "serve"))]
pub(crate) use composition_version::COMPOSITION;
#[cfg(feature = "commands")]
pub(crate) use composition_version::COMPOSITION_VERSION;
#[cfg(feature = "serve")]
pub(crate) use composition_version::{CompositionVersion, OPERATION};
pub use connection::ConnectionSecret;
pub use cx::{Composer, Cx};
pub use defaults::Defaults;
pub use draft::Draft;
pub use edge::Reads;
pub use environment::ENVIRONMENT;
pub use error::{Error, Result};
pub use field::{FieldValue, IntoField};
pub use handle::{Handle, View};
#[cfg(feature = "schema")]
pub use input::StepInput;
#[cfg(all(feature = "schema", feature = "commands"))]
pub use input_crd::input_crd;
pub use lazy::{Hold, Lazy, Pending};
pub use operation::{OperationCx, Operator};
pub use path::{Field, Path};
pub use protection::Protection;
pub use required::{Required, RequiredAny, Wanted};
pub use semver::Version;

#[doc(hidden)]
pub use path::support;
