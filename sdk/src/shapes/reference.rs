//! References and selectors between managed resources, typed by the kind that they point to.

use std::collections::BTreeMap;

use super::Policy;
use super::record::record;
use crate::compose::{Handle, Lazy};

/// The target of a reference whose kind was not generated: such a reference can be made by name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unselected {}

record! {
    /// A reference of a cluster-scoped managed resource to another one, `K`, by name.
    pub struct Reference<K> {
        /// Its `metadata.name`.
        name: String = "name" as required,
        /// How the reference is resolved.
        policy: Policy = "policy",
    }
}

record! {
    /// A reference of a namespaced managed resource to another one, `K`, by name.
    pub struct NamespacedReference<K> {
        /// Its `metadata.name`.
        name: String = "name" as required,
        /// Its namespace; that of the referring resource when unset.
        namespace: String = "namespace",
        /// How the reference is resolved.
        policy: Policy = "policy",
    }
}

record! {
    /// A selector of a cluster-scoped managed resource for others of kind `K`.
    pub struct Selector<K> {
        /// Selects those that the same composite resource controls.
        match_controller_ref: bool = "matchControllerRef",
        /// Selects those with all these labels.
        match_labels: BTreeMap<String, String> = "matchLabels",
        /// How the selection is resolved.
        policy: Policy = "policy",
    }
}

record! {
    /// A selector of a namespaced managed resource for others of kind `K`.
    pub struct NamespacedSelector<K> {
        /// Selects those that the same composite resource controls.
        match_controller_ref: bool = "matchControllerRef",
        /// Selects those with all these labels.
        match_labels: BTreeMap<String, String> = "matchLabels",
        /// The namespace to select in; that of the selecting resource when unset.
        namespace: String = "namespace",
        /// How the selection is resolved.
        policy: Policy = "policy",
    }
}

macro_rules! references {
    ($reference:ident, $selector:ident) => {
        impl<K> $reference<K> {
            /// A reference by name.
            pub fn named(name: impl Into<String>) -> Self {
                $reference { name: Some(name.into()), ..Self::default() }
            }

            /// A reference to a composed resource: known as soon as the resource has a name.
            pub fn to(handle: &Handle<K>) -> Lazy<Self> {
                handle.name().map(Self::named)
            }
        }

        impl<K> $selector<K> {
            /// Selects the resource of kind `K` that the same composite resource controls.
            pub fn controlled() -> Self {
                $selector { match_controller_ref: Some(true), ..Self::default() }
            }

            /// Selects the resources of kind `K` with all these labels.
            pub fn labelled<A: Into<String>, B: Into<String>>(labels: impl IntoIterator<Item = (A, B)>) -> Self {
                let labels = labels.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
                $selector { match_labels: Some(labels), ..Self::default() }
            }

            /// The same selector, asking for these labels too.
            #[must_use]
            pub fn and_labels<A: Into<String>, B: Into<String>>(
                mut self,
                labels: impl IntoIterator<Item = (A, B)>,
            ) -> Self {
                let labels = labels.into_iter().map(|(key, value)| (key.into(), value.into()));
                self.match_labels.get_or_insert_default().extend(labels);
                self
            }
        }
    };
}

references!(Reference, Selector);
references!(NamespacedReference, NamespacedSelector);
