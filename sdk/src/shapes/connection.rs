//! Provider configurations and secrets, as managed resources point to them.

use super::Policy;
use super::record::record;

record! {
    /// The provider configuration of a namespaced managed resource (`spec.providerConfigRef`).
    pub struct ProviderConfigReference {
        /// `ProviderConfig`, in the resource's namespace, or `ClusterProviderConfig`.
        kind: String = "kind" as required,
        /// Its name.
        name: String = "name" as required,
    }
}

impl ProviderConfigReference {
    /// A `ProviderConfig` in the namespace of the managed resource.
    pub fn namespaced(name: impl Into<String>) -> Self {
        ProviderConfigReference { kind: Some("ProviderConfig".to_owned()), name: Some(name.into()) }
    }

    /// A `ClusterProviderConfig`.
    pub fn cluster(name: impl Into<String>) -> Self {
        ProviderConfigReference { kind: Some("ClusterProviderConfig".to_owned()), name: Some(name.into()) }
    }
}

record! {
    /// The provider configuration of a cluster-scoped managed resource (`spec.providerConfigRef`).
    pub struct LegacyProviderConfigReference {
        /// Name of the `ProviderConfig`.
        name: String = "name" as required,
        /// How the reference is resolved.
        policy: Policy = "policy",
    }
}

impl LegacyProviderConfigReference {
    /// A `ProviderConfig` by name.
    pub fn named(name: impl Into<String>) -> Self {
        LegacyProviderConfigReference { name: Some(name.into()), policy: None }
    }
}

record! {
    /// One key of a secret in any namespace.
    pub struct SecretKeySelector {
        /// The key in the secret's data.
        key: String = "key" as required,
        /// Name of the secret.
        name: String = "name" as required,
        /// Namespace of the secret.
        namespace: String = "namespace" as required,
    }
}

impl SecretKeySelector {
    /// `key` of the secret `namespace/name`.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>, key: impl Into<String>) -> Self {
        SecretKeySelector { key: Some(key.into()), name: Some(name.into()), namespace: Some(namespace.into()) }
    }
}

record! {
    /// One key of a secret in the namespace of the resource.
    pub struct LocalSecretKeySelector {
        /// The key in the secret's data.
        key: String = "key" as required,
        /// Name of the secret.
        name: String = "name" as required,
    }
}

impl LocalSecretKeySelector {
    /// `key` of the secret `name`.
    pub fn new(name: impl Into<String>, key: impl Into<String>) -> Self {
        LocalSecretKeySelector { key: Some(key.into()), name: Some(name.into()) }
    }
}

record! {
    /// The secret that a cluster-scoped resource writes its connection details to (`spec.writeConnectionSecretToRef`).
    pub struct SecretReference {
        /// Name of the secret.
        name: String = "name" as required,
        /// Namespace of the secret.
        namespace: String = "namespace" as required,
    }
}

impl SecretReference {
    /// The secret `namespace/name`.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        SecretReference { name: Some(name.into()), namespace: Some(namespace.into()) }
    }
}

record! {
    /// The secret, in its own namespace, that a namespaced resource writes its connection details to.
    pub struct LocalSecretReference {
        /// Name of the secret.
        name: String = "name" as required,
    }
}

impl LocalSecretReference {
    /// The secret `name`.
    pub fn named(name: impl Into<String>) -> Self {
        LocalSecretReference { name: Some(name.into()) }
    }
}
