//! What a platform is shipped as.

use std::collections::{BTreeMap, BTreeSet};

use super::error::Faults;
use super::names::{self, is_constraint, is_label_key};
use super::provider_role::ProviderRole;
use super::repository::Repository;
use super::{Delivery, Images, Pipeline, Platform, ProviderConfig, Runtime};
use crate::resource::{Composite, Kind, PinnedKind};

/// What a platform is shipped as: where its packages go, what they depend on, how its function runs.
///
/// It is given to [`planewright::main!`](crate::main). Everything else that is emitted follows from the compositions and
/// from the schemas that the platform pins.
#[derive(Clone, Debug)]
#[must_use]
pub struct Package {
    pub(super) repository: String,
    pub(super) function: Option<String>,
    pub(super) crossplane: String,
    pub(super) providers: Vec<(String, String)>,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) pipelines: BTreeMap<String, Pipeline>,
    pub(super) runtime: Runtime,
    pub(super) composes: BTreeSet<PinnedKind>,
    pub(super) reads: BTreeSet<PinnedKind>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) stable: BTreeSet<(&'static str, &'static str)>,
    pub(super) installs_dependencies: bool,
    pub(super) images: Vec<Images>,
    pub(super) provider_configs: Vec<ProviderConfig>,
    pub(super) provider_roles: Vec<ProviderRole>,
}

impl Package {
    /// A platform whose Configuration package goes to this repository, as `REGISTRY/ORGANISATION/NAME` without a tag: the tag
    /// is the version of the crate. The Function package goes beside it, to `function-NAME`.
    pub fn new(repository: impl Into<String>) -> Self {
        Package {
            repository: repository.into(),
            function: None,
            crossplane: ">=v2.0.0".to_owned(),
            providers: Vec::new(),
            annotations: BTreeMap::new(),
            pipelines: BTreeMap::new(),
            runtime: Runtime::new(),
            composes: BTreeSet::new(),
            reads: BTreeSet::new(),
            deliveries: Vec::new(),
            stable: BTreeSet::new(),
            installs_dependencies: true,
            images: Vec::new(),
            provider_configs: Vec::new(),
            provider_roles: Vec::new(),
        }
    }

    /// Another repository of the Function package. Crossplane asks that its last part begins with `function-`. That of a function
    /// in a project of Crossplane's own command line is `PROJECT_NAME`, where `PROJECT` is the repository of the Configuration.
    pub fn function(self, repository: impl Into<String>) -> Self {
        Package { function: Some(repository.into()), ..self }
    }

    /// Which versions of Crossplane the packages can be installed in, as a constraint. Default: `>=v2.0.0`, the first with
    /// namespaced composite resources.
    pub fn crossplane(self, constraint: impl Into<String>) -> Self {
        Package { crossplane: constraint.into(), ..self }
    }

    /// A provider that the compositions need, by the repository of its package and the oldest version that will do. Crossplane
    /// installs it with the Configuration.
    pub fn provider(mut self, repository: impl Into<String>, version: impl Into<String>) -> Self {
        self.providers.push((repository.into(), version.into()));
        self
    }

    /// An annotation of both packages, such as `meta.crossplane.io/maintainer`.
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into());
        self
    }

    /// The pipeline of a composition, by the name of its function. A composition that none is given for is a pipeline of one
    /// step.
    pub fn pipeline(mut self, composition: impl Into<String>, pipeline: Pipeline) -> Self {
        self.pipelines.insert(composition.into(), pipeline);
        self
    }

    /// How the function runs.
    pub fn runtime(self, runtime: Runtime) -> Self {
        Package { runtime, ..self }
    }

    /// Where images of packages come from, and who must have signed them.
    pub fn images(mut self, images: Images) -> Self {
        self.images.push(images);
        self
    }

    /// How a provider authenticates.
    pub fn provider_config(mut self, config: ProviderConfig) -> Self {
        self.provider_configs.push(config);
        self
    }

    /// Lets a provider, by the repository of its package, run as a role of AWS by its ServiceAccount (IRSA): what
    /// [`AwsCredentials::Irsa`](super::AwsCredentials::Irsa) takes. It holds however the provider is installed (Crossplane v1.20 and later).
    pub fn provider_role(mut self, repository: impl Into<String>, role_arn: impl Into<String>) -> Self {
        self.provider_roles.push(ProviderRole { repository: repository.into(), role_arn: role_arn.into() });
        self
    }

    /// How the platform is delivered through Git: [`Delivery::argo_cd`], [`Delivery::flux`],
    /// [`Delivery::kratix`].
    ///
    /// A cluster that gets files rather than the Configuration package gets no dependencies with it. So providers and functions of
    /// foreign steps are then emitted as well, at the versions that are named here.
    pub fn deliver(mut self, delivery: impl Into<Delivery>) -> Self {
        self.deliveries.push(delivery.into());
        self
    }

    /// Delivers no providers and no foreign functions: somebody else installs them in the clusters.
    pub fn dependencies_are_installed(self) -> Self {
        Package { installs_dependencies: false, ..self }
    }

    /// An API that others rely on although its version, such as `v1alpha1`, promises nothing: it is delivered as
    /// [stable](super::Tier::Stable).
    pub fn stable<X: Composite>(mut self) -> Self {
        self.stable.insert((X::GROUP, X::PLURAL));
        self
    }

    /// A kind that compositions compose and no schema of the platform pins. Crossplane gets access to it.
    pub fn composes<K: Kind>(self) -> Self {
        self.composes_kind(PinnedKind::of::<K>())
    }

    /// As [`composes`](Package::composes), for a kind without a type, such as one composed as free JSON.
    pub fn composes_kind(mut self, kind: PinnedKind) -> Self {
        self.composes.insert(kind);
        self
    }

    /// As [`composes`](Package::composes), for a type of `k8s-openapi`.
    #[cfg(feature = "k8s")]
    pub fn composes_kubernetes<K>(self) -> Self
    where
        K: k8s_openapi::Resource,
        K::Scope: 'static,
    {
        self.composes_kind(kubernetes::<K>())
    }

    /// A kind that compositions [ask for](crate::compose::Cx::require) and do not compose. Crossplane gets access to read it, without which it would find none: what it
    /// may read by itself is what it and its packages brought.
    pub fn reads<K: Kind>(self) -> Self {
        self.reads_kind(PinnedKind::of::<K>())
    }

    /// As [`reads`](Package::reads), for a kind without a type.
    pub fn reads_kind(mut self, kind: PinnedKind) -> Self {
        self.reads.insert(kind);
        self
    }

    /// As [`reads`](Package::reads), for a type of `k8s-openapi`.
    #[cfg(feature = "k8s")]
    pub fn reads_kubernetes<K>(self) -> Self
    where
        K: k8s_openapi::Resource,
        K::Scope: 'static,
    {
        self.reads_kind(kubernetes::<K>())
    }

    /// Finds what is wrong with the description itself.
    pub(super) fn check(&self, platform: &Platform<'_>, faults: &mut Faults) {
        let place = "package";
        if !is_constraint(&self.crossplane) {
            faults.add(
                place,
                format!("{:?} is no constraint of versions of Crossplane", self.crossplane),
                "write it as `>=v2.0.0`, or `>=v2.0.0, <v3.0.0`",
            );
        }
        let mut seen = BTreeSet::new();
        for (repository, version) in &self.providers {
            dependency(place, "provider", repository, version, faults);
            if !seen.insert(repository) {
                faults.add(place, format!("the provider {repository} is named twice"), "name it once");
            }
        }
        for key in self.annotations.keys().filter(|key| !is_label_key(key)) {
            faults.add(place, format!("{key:?} cannot be the key of an annotation"), "write it as PREFIX/NAME");
        }
        for (name, pipeline) in &self.pipelines {
            if !platform.compositions.iter().any(|composition| composition.name() == name) {
                let names: Vec<&str> = platform.compositions.iter().map(|composition| composition.name()).collect();
                faults.add(
                    format!("pipeline {name:?}"),
                    "there is no composition of this name",
                    format!("name one of those that `planewright::main!` lists: {}", names.join(", ")),
                );
            }
            pipeline.check(name, platform.version, faults);
        }
        self.runtime.check(faults);
        Images::check(&self.images, faults);
        ProviderConfig::check(&self.provider_configs, faults);
        ProviderRole::check(&self.provider_roles, faults);
        for (group, plural) in &self.stable {
            let kinds = platform.compositions.iter().map(|composition| composition.kind());
            if !kinds.into_iter().any(|kind| (kind.group, kind.plural) == (*group, *plural)) {
                let reason = format!("nothing composes {plural}.{group}, which is to be stable");
                faults.add(place, reason, "name the type of a composite resource that the platform composes");
            }
        }
        self.deliveries.iter().for_each(|delivery| delivery.check(faults));
    }
}

/// What a type of `k8s-openapi` is of.
#[cfg(feature = "k8s")]
fn kubernetes<K>() -> PinnedKind
where
    K: k8s_openapi::Resource,
    K::Scope: 'static,
{
    use crate::resource::Scope;
    let scope = std::any::TypeId::of::<K::Scope>();
    let scope = match scope == std::any::TypeId::of::<k8s_openapi::ClusterResourceScope>() {
        true => Scope::Cluster,
        false => Scope::Namespaced,
    };
    PinnedKind::new(K::GROUP, K::VERSION, K::KIND, K::URL_PATH_SEGMENT, scope)
}

/// Finds what is wrong with a package that is depended on.
pub(super) fn dependency(place: &str, what: &str, repository: &str, version: &str, faults: &mut Faults) {
    if let Err(reason) = Repository::parse(repository) {
        let remedy = "name its package as REGISTRY/ORGANISATION/NAME, without a tag";
        faults.add(place, format!("the {what} {repository:?} is no repository: {reason}"), remedy);
    }
    if names::version(version).is_none() {
        let reason = format!("{version:?} is no version of the {what} {repository}");
        faults.add(place, reason, "give the oldest version that will do, such as v1.2.3");
    }
}
