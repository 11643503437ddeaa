//! A provider of our own, in the shape that the generator emits: `storage.example.org` with buckets and their policies,
//! and the composite resource `Store`.

#![allow(dead_code, reason = "each test crate uses part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test cannot prepare fails it")]

use planewright::generated as rt;

pub mod protocol;
pub mod seen;
pub mod world;

macro_rules! shape {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $rust:literal $wire:literal $(. $flag:ident($($arg:expr),*))?,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $(#[doc = $wire] pub $field: Option<$type>,)+
        }

        impl rt::Record for $name {
            const SHAPE: &'static rt::Shape = &rt::Shape {
                name: stringify!($name),
                fields: &[$(rt::F::new($wire, $rust)$(.$flag($($arg),*))?),+],
                open: false,
            };

            fn slots(&self, visit: rt::Visit<'_>) {
                visit(&[$(&self.$field),+]);
            }

            fn slots_mut(&mut self, visit: rt::VisitMut<'_>) {
                visit(&mut [$(&mut self.$field),+]);
            }
        }
    };
}

macro_rules! kind {
    ($name:ident, $plural:literal, $scope:ident) => {
        impl rt::Kind for $name {
            const GROUP: &'static str = "storage.example.org";
            const VERSION: &'static str = "v1";
            const API_VERSION: &'static str = "storage.example.org/v1";
            const KIND: &'static str = stringify!($name);
            const PLURAL: &'static str = $plural;
            const SCOPE: rt::Scope = rt::Scope::$scope;
        }
    };
}

macro_rules! resource {
    ($name:ident, $plural:literal, $scope:ident, $place:ident, $module:ident, [$($required:expr),*]) => {
        shape! {
            /// A managed resource.
            $name {
                metadata: rt::ObjectMeta = "metadata" "metadata",
                spec: $module::Spec = "spec" "spec".required(),
                status: $module::Status = "status" "status",
            }
        }

        kind!($name, $plural, $scope);

        impl rt::Resource for $name {
            type Place = rt::$place;
            const REQUIRED: &'static [rt::Requirement] = &[$($required),*];
        }
    };
}

const fn rule(path: &'static str) -> rt::Requirement {
    rt::Requirement::new(path).by_rule().or_init_provider()
}

const fn within(path: &'static str) -> rt::Requirement {
    rt::Requirement::new(path).when_present()
}

resource!(
    Bucket,
    "buckets",
    Namespaced,
    InNamespace,
    bucket,
    [rule("spec.forProvider.region"), within("spec.forProvider.rule[].name")]
);
resource!(BucketPolicy, "bucketpolicies", Namespaced, InNamespace, bucket_policy, []);
resource!(Region, "regions", Cluster, InCluster, region, []);
// Providers ask for what is secret by its reference alone, which has no form under initProvider.
resource!(
    Login,
    "logins",
    Namespaced,
    InNamespace,
    login,
    [rt::Requirement::new("spec.forProvider.passwordSecretRef").by_rule()]
);

impl rt::Managed for Bucket {
    type Parameters = bucket::ForProvider;
    type ProviderConfig = rt::ProviderConfigReference;
    fn metadata(&mut self) -> &mut Option<rt::ObjectMeta> {
        &mut self.metadata
    }
    fn for_provider(&mut self) -> &mut Option<bucket::ForProvider> {
        &mut self.spec.get_or_insert_default().for_provider
    }
    fn management_policies(&mut self) -> &mut Option<Vec<rt::ManagementPolicy>> {
        &mut self.spec.get_or_insert_default().management_policies
    }
    fn provider_config_ref(&mut self) -> &mut Option<rt::ProviderConfigReference> {
        &mut self.spec.get_or_insert_default().provider_config_ref
    }
}

/// Types of the kind.
pub mod bucket {
    use super::*;

    shape! {
        /// `spec`.
        Spec {
            for_provider: ForProvider = "for_provider" "forProvider".required(),
            init_provider: ForProvider = "init_provider" "initProvider",
            management_policies: Vec<rt::ManagementPolicy> = "management_policies" "managementPolicies",
            provider_config_ref: rt::ProviderConfigReference = "provider_config_ref" "providerConfigRef",
        }
    }

    shape! {
        /// `spec.forProvider`.
        ForProvider {
            region: String = "region" "region",
            size: rt::Number = "size" "size",
            tags: std::collections::BTreeMap<String, String> = "tags" "tags",
            rule: Vec<Rule> = "rule" "rule".keyed(&["name"]),
            r#type: String = "r#type" "type",
        }
    }

    shape! {
        /// `spec.forProvider.rule[]`.
        Rule {
            name: String = "name" "name".required(),
            days: rt::Number = "days" "days",
            target: String = "target" "target",
        }
    }

    shape! {
        /// `status`.
        Status {
            at_provider: AtProvider = "at_provider" "atProvider",
            conditions: Vec<rt::Condition> = "conditions" "conditions".keyed(&["type"]),
        }
    }

    shape! {
        /// `status.atProvider`.
        AtProvider {
            arn: String = "arn" "arn",
            id: String = "id" "id",
            size: rt::Number = "size" "size",
        }
    }
}

/// Types of the kind.
pub mod bucket_policy {
    use super::*;

    shape! {
        /// `spec`.
        Spec {
            for_provider: ForProvider = "for_provider" "forProvider".required(),
        }
    }

    shape! {
        /// `spec.forProvider`.
        ForProvider {
            bucket: String = "bucket" "bucket",
            bucket_ref: rt::NamespacedReference<Bucket> = "bucket_ref" "bucketRef",
            bucket_selector: rt::NamespacedSelector<Bucket> = "bucket_selector" "bucketSelector",
            region: String = "region" "region",
            policy: String = "policy" "policy",
            statement: Vec<Statement> = "statement" "statement",
        }
    }

    impl ForProvider {
        /// The reference to the bucket.
        pub fn bucket(&mut self) -> rt::Referable<'_, Option<rt::NamespacedReference<Bucket>>> {
            rt::Referable { slot: &mut self.bucket_ref, ident: "bucket_ref" }
        }
    }

    shape! {
        /// `spec.forProvider.statement[]`.
        Statement {
            resource: String = "resource" "resource",
        }
    }

    shape! {
        /// `status`.
        Status {
            conditions: Vec<rt::Condition> = "conditions" "conditions".keyed(&["type"]),
        }
    }
}

/// Types of the kind.
pub mod login {
    use super::*;

    shape! {
        /// `spec`.
        Spec {
            for_provider: ForProvider = "for_provider" "forProvider".required(),
            management_policies: Vec<rt::ManagementPolicy> = "management_policies" "managementPolicies",
        }
    }

    shape! {
        /// `spec.forProvider`.
        ForProvider {
            user: String = "user" "user",
            password_secret_ref: rt::LocalSecretKeySelector = "password_secret_ref" "passwordSecretRef",
        }
    }

    shape! {
        /// `status`.
        Status {
            conditions: Vec<rt::Condition> = "conditions" "conditions".keyed(&["type"]),
        }
    }
}

/// Types of the kind.
pub mod region {
    use super::*;

    shape! {
        /// `spec`.
        Spec {
            name: String = "name" "name",
            for_provider: ForProvider = "for_provider" "forProvider",
            management_policies: Vec<rt::ManagementPolicy> = "management_policies" "managementPolicies",
            provider_config_ref: rt::LegacyProviderConfigReference = "provider_config_ref" "providerConfigRef",
        }
    }

    shape! {
        /// `spec.forProvider`, whose tags are no texts.
        ForProvider {
            tags: std::collections::BTreeMap<String, rt::Number> = "tags" "tags",
        }
    }

    shape! {
        /// `status`.
        Status {
            conditions: Vec<rt::Condition> = "conditions" "conditions".keyed(&["type"]),
        }
    }
}

/// The composite resource: a bucket for each team, with a policy, in one region.
#[derive(Clone, Debug, PartialEq, rt::serde::Deserialize)]
pub struct Store {
    /// Metadata.
    pub metadata: rt::ObjectMeta,
    /// `spec`.
    pub spec: store::Spec,
}

kind!(Store, "stores", Namespaced);

impl rt::Composite for Store {
    type Status = store::Status;
    type Place = rt::InNamespace;
    const LEGACY: bool = false;
    const SCHEMA: &'static str = r#"{
        "type": "object",
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": {
                "type": "object",
                "required": ["region"],
                "properties": {
                    "region": {"type": "string", "enum": ["eu", "us"]},
                    "teams": {"type": "array", "items": {"type": "string"}, "default": []},
                    "size": {"type": "integer"}
                }
            },
            "status": {
                "type": "object",
                "properties": {
                    "arn": {"type": "string"},
                    "buckets": {"type": "object", "additionalProperties": {"type": "string"}},
                    "conditions": {"type": "array", "items": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}
                }
            }
        }
    }"#;

    fn set_metadata(&mut self, metadata: rt::ObjectMeta) {
        self.metadata = metadata;
    }
}

/// Types of the kind.
pub mod store {
    use super::*;

    /// `spec`.
    #[derive(Clone, Debug, PartialEq, rt::serde::Deserialize)]
    pub struct Spec {
        /// Where the buckets are.
        pub region: String,
        /// Who gets a bucket.
        pub teams: Vec<String>,
        /// How big each bucket is.
        #[serde(default)]
        pub size: Option<i64>,
    }

    shape! {
        /// `status`.
        Status {
            arn: String = "arn" "arn",
            buckets: std::collections::BTreeMap<String, String> = "buckets" "buckets",
        }
    }
}

/// A composite resource that lives in no namespace.
#[derive(Clone, Debug, PartialEq, rt::serde::Deserialize)]
pub struct Fleet {
    /// Metadata.
    pub metadata: rt::ObjectMeta,
}

kind!(Fleet, "fleets", Cluster);

impl rt::Composite for Fleet {
    type Status = rt::JsonObject;
    type Place = rt::InCluster;
    const LEGACY: bool = false;
    const SCHEMA: &'static str = r#"{"type": "object", "x-kubernetes-preserve-unknown-fields": true}"#;

    fn set_metadata(&mut self, metadata: rt::ObjectMeta) {
        self.metadata = metadata;
    }
}
