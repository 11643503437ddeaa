//! How providers authenticate: their configurations, which refer to secrets and never hold them.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Value, json};

use super::error::Faults;
use super::names::{is_namespace, is_subdomain, label};
use crate::codec::Slot;
use crate::codec::json::encode;
use crate::resource::{Resource, Scope};

/// The configuration of a provider, which managed resources name: a ProviderConfig, or a ClusterProviderConfig for those of all
/// namespaces.
///
/// It is emitted beside the platform and is not composed. It stays when it is no longer emitted, for what exists
/// could not be changed nor deleted without it.
#[derive(Clone, Debug)]
#[must_use]
pub struct ProviderConfig {
    api_version: String,
    name: String,
    /// Where it is; it serves every namespace if that is none.
    namespace: Option<String>,
    made: Result<Made, String>,
}

/// What it is made of.
#[derive(Clone, Debug)]
enum Made {
    /// Its spec.
    Spec(Value),
    /// The object of a pinned kind, by its kind.
    Object(Value, &'static str),
}

/// A key of a Secret, by reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The key.
    pub key: String,
}

impl fmt::Display for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of the Secret {:?} in {:?}", self.key, self.name, self.namespace)
    }
}

impl SecretKey {
    /// A key of a Secret.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>, key: impl Into<String>) -> Self {
        SecretKey { namespace: namespace.into(), name: name.into(), key: key.into() }
    }

    fn object(&self) -> Value {
        json!({ "namespace": self.namespace, "name": self.name, "key": self.key })
    }

    fn is_named(&self) -> bool {
        is_namespace(&self.namespace) && is_subdomain(&self.name) && !self.key.is_empty()
    }
}

/// How a provider authenticates to AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwsCredentials {
    /// As the role that the provider's ServiceAccount is annotated with, in EKS: see
    /// [`Package::provider_role`](super::Package::provider_role).
    Irsa,
    /// As the role that EKS associates with the provider's ServiceAccount.
    PodIdentity,
    /// As a role, by the token that Kubernetes gives the provider's Pod.
    WebIdentity {
        /// The role's ARN.
        role_arn: String,
    },
    /// With a Secret, whose key holds a file as the AWS command line reads it.
    Secret(SecretKey),
}

/// How a provider authenticates to a Kubernetes cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterCredentials {
    /// As the provider's own ServiceAccount, to the cluster that it runs in.
    InjectedIdentity,
    /// With a Secret, whose key holds a kubeconfig.
    Secret(SecretKey),
}

impl ProviderConfig {
    /// A configuration of provider-aws (v2, namespaced managed resources), for managed resources of every namespace.
    pub fn aws(name: impl Into<String>, credentials: AwsCredentials) -> Self {
        let secret = if let AwsCredentials::Secret(secret) = &credentials { Some(secret) } else { None };
        let role = if let AwsCredentials::WebIdentity { role_arn } = &credentials { Some(role_arn) } else { None };
        let made = match (secret, role) {
            (Some(secret), _) if !secret.is_named() => Err(format!("{secret} cannot be a key of a Secret")),
            (_, Some(role)) if !role.starts_with("arn:") => Err(format!("{role:?} is no ARN of a role")),
            _ => Ok(Made::Spec(json!({ "credentials": match &credentials {
                AwsCredentials::Irsa => json!({ "source": "IRSA" }),
                AwsCredentials::PodIdentity => json!({ "source": "PodIdentity" }),
                AwsCredentials::WebIdentity { role_arn } => {
                    json!({ "source": "WebIdentity", "webIdentity": { "roleARN": role_arn } })
                }
                AwsCredentials::Secret(secret) => json!({ "source": "Secret", "secretRef": secret.object() }),
            } }))),
        };
        ProviderConfig { api_version: "aws.m.upbound.io/v1beta1".to_owned(), name: name.into(), namespace: None, made }
    }

    /// A configuration of provider-kubernetes (v1, namespaced managed resources), for managed resources of every namespace.
    pub fn kubernetes(name: impl Into<String>, credentials: ClusterCredentials) -> Self {
        Self::cluster("kubernetes.m.crossplane.io/v1alpha1", name.into(), &credentials)
    }

    /// A configuration of provider-helm (v1, namespaced managed resources), for managed resources of every namespace.
    pub fn helm(name: impl Into<String>, credentials: ClusterCredentials) -> Self {
        Self::cluster("helm.m.crossplane.io/v1beta1", name.into(), &credentials)
    }

    fn cluster(api_version: &str, name: String, credentials: &ClusterCredentials) -> Self {
        let made = match credentials {
            ClusterCredentials::InjectedIdentity => {
                Ok(Made::Spec(json!({ "credentials": { "source": "InjectedIdentity" } })))
            }
            ClusterCredentials::Secret(secret) if secret.is_named() => {
                Ok(Made::Spec(json!({ "credentials": { "source": "Secret", "secretRef": secret.object() } })))
            }
            ClusterCredentials::Secret(secret) => Err(format!("{secret} cannot be a key of a Secret")),
        };
        ProviderConfig { api_version: api_version.to_owned(), name, namespace: None, made }
    }

    /// The same for the managed resources of one namespace alone.
    pub fn in_namespace(self, namespace: impl Into<String>) -> Self {
        ProviderConfig { namespace: Some(namespace.into()), ..self }
    }

    /// A configuration of a kind that the platform pins, written as its type. One that lives in a namespace needs
    /// [`in_namespace`](ProviderConfig::in_namespace).
    pub fn of<K: Resource + Slot>(name: impl Into<String>, config: &K) -> Self {
        let made = encode(config).map_err(|error| error.to_string()).and_then(|object| {
            let at = |path: &str| object.pointer(&format!("/{}", path.replace('.', "/")));
            let missing: Vec<&str> = K::REQUIRED
                .iter()
                .filter(|required| !required.path.contains('[') && at(required.path).is_none())
                .filter(|required| {
                    let around = required.path.rsplit_once('.').map(|(around, _)| around);
                    !required.when_present || around.is_none_or(|around| at(around).is_some())
                })
                .map(|required| required.path)
                .collect();
            match (K::KIND.ends_with("ProviderConfig"), K::SCOPE, missing.as_slice()) {
                (false, ..) => Err(format!("a {} is no configuration of a provider", K::KIND)),
                (true, _, []) => Ok(Made::Object(object, K::KIND)),
                (true, _, missing) => Err(format!("it lacks {}", missing.join(", "))),
            }
        });
        // Which is checked, so that one in a namespace cannot go without.
        let namespace = (K::SCOPE == Scope::Namespaced).then(String::new);
        ProviderConfig { api_version: K::API_VERSION.to_owned(), name: name.into(), namespace, made }
    }

    /// Finds what is wrong with those of a package.
    pub(super) fn check(all: &[Self], faults: &mut Faults) {
        let mut files = BTreeSet::new();
        for config in all {
            let place = format!("provider config {:?}", config.name);
            if let Err(reason) = &config.made {
                faults.add(&place, reason, "say what it lacks as its provider documents it");
            }
            if !is_subdomain(&config.name) {
                let remedy = "use lower case letters, digits, - and .";
                faults.add(&place, format!("{:?} cannot be its name", config.name), remedy);
            }
            if let Some(namespace) =
                config.namespace.as_ref().filter(|namespace| !is_subdomain(namespace) || namespace.contains('.'))
            {
                let reason = format!("{namespace:?} is no namespace");
                faults.add(
                    &place,
                    reason,
                    "name the namespace of the managed resources that use it, with in_namespace",
                );
            }
            if !files.insert(config.file()) {
                let reason = format!("there are two of this name and kind ({})", config.api_version);
                faults.add(&place, reason, "give one of them another name");
            }
        }
    }

    /// What tells its file apart.
    pub(super) fn file(&self) -> String {
        let group = self.api_version.split('/').next().unwrap_or_default();
        let place = self.namespace.as_ref().map(|namespace| format!("-{}", label(namespace))).unwrap_or_default();
        format!("{}{place}-{}", label(group), label(&self.name))
    }

    /// The object, which neither engine deletes because its file is gone.
    pub(super) fn object(&self) -> Option<Value> {
        let Ok(made) = &self.made else { return None };
        let kind = match (made, &self.namespace) {
            (Made::Object(_, kind), _) => kind,
            (Made::Spec(_), Some(_)) => "ProviderConfig",
            (Made::Spec(_), None) => "ClusterProviderConfig",
        };
        let mut metadata = json!({
            "name": self.name,
            "annotations": {
                "argocd.argoproj.io/sync-options": "Prune=false,Delete=confirm",
                "kustomize.toolkit.fluxcd.io/prune": "disabled",
            },
        });
        if let Some(namespace) = &self.namespace {
            metadata["namespace"] = namespace.clone().into();
        }
        let spec = match made {
            Made::Spec(spec) => spec.clone(),
            Made::Object(object, _) => object.get("spec").cloned().unwrap_or_else(|| json!({})),
        };
        Some(json!({ "apiVersion": self.api_version, "kind": kind, "metadata": metadata, "spec": spec }))
    }
}
