//! The objects that occur in almost every provider schema, once, as types.
//!
//! Three fifths of all object schemas of the big providers are these few. A generator recognises them by their field
//! names and uses the types here in place of a struct of its own. Each states its wire names in
//! [`Record::SHAPE`](crate::codec::Record::SHAPE). As in every generated type, all fields are optional: unset is not
//! written.

mod condition;
mod connection;
mod environment;
mod metadata;
mod number;
mod object;
mod policy;
mod record;
mod reference;
mod usage;

pub use condition::{Condition, ConditionStatus};
pub use connection::{
    LegacyProviderConfigReference, LocalSecretKeySelector, LocalSecretReference, ProviderConfigReference,
    SecretKeySelector, SecretReference,
};
pub use environment::EnvironmentConfig;
pub use metadata::{ObjectMeta, OwnerReference};
pub use number::{IntOrString, Number, Quantity};
pub use object::AnyResource;
pub use policy::{DeletionPolicy, ManagementPolicy, Policy, Resolution, Resolve};
pub use reference::{NamespacedReference, NamespacedSelector, Reference, Selector, Unselected};
pub use usage::{
    ClusterUsage, Usage, UsageResource, UsageResourceReference, UsageResourceSelector, UsageSpec, UsageStatus,
};
