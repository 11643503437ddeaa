//! Everything that a cluster needs of a platform, from one description in code.
//!
//! A platform says what it is shipped as, and `emit` makes the objects: the definitions (XRDs) that its types came from, a
//! Composition for every composition function, the Function and Configuration packages, the runtime of the function, the policy
//! that activates exactly the pinned managed resources, and access rights.
//!
//! ```
//! use planewright::emit::{FunctionStep, Package, Pipeline, Runtime};
//!
//! pub fn package() -> Package {
//!     Package::new("registry.example.org/acme/networks")
//!         .crossplane(">=v2.0.0")
//!         .provider("xpkg.upbound.io/upbound/provider-aws-ec2", "v2.3.0")
//!         .pipeline("network", Pipeline::new().after(FunctionStep::auto_ready("v0.6.0")))
//!         .runtime(Runtime::new().replicas(3))
//! }
//! ```
//!
//! The platform's `main.rs` names it: `planewright::main!(network::network; package: networks::package())`.
//!
//! # Which kinds a platform composes
//!
//! Those that its schemas pin. The build script knows them, generated composite resources carry the list
//! ([`Composite::PINNED`](crate::resource::Composite::PINNED)), and a composition cannot compose a generated type
//! that is not among them, in its own body or in a function that it calls. So pin what is composed, and no more. Kinds that come from elsewhere, Kubernetes' own or
//! free JSON, are [named](Package::composes), for Crossplane needs access to them.

mod access;
mod activation;
mod check;
mod composition;
mod configuration;
mod credentials;
mod definition;
mod delivery;
mod dependency;
mod error;
mod function;
mod images;
mod input;
mod names;
mod package;
mod pipeline;
mod promise;
mod provider_config;
mod provider_role;
mod repository;
mod runtime;
mod scale;

pub use delivery::{ArgoCd, Delivery, Flux, Kratix, Prune, Source, Tier};
pub use error::{EmitError, Fault};
pub use images::{Identity, Images, Signer};
pub use package::Package;
pub use pipeline::{FunctionStep, Pipeline};
pub use planewright_definitions::emission::{Emission, EmittedFile, EmittedPackage, PackageKind};
pub(crate) use promise::fulfil;
pub use provider_config::{AwsCredentials, ClusterCredentials, ProviderConfig, SecretKey};
pub use runtime::{Autoscaling, Runtime};

use planewright_definitions::yaml::order_keys;
use serde_json::Value;

use crate::platform::Composition;
use error::Faults;

/// A platform as emission sees it.
pub(crate) struct Platform<'a> {
    /// The version of the program, such as `0.1.0`.
    pub(crate) version: &'a str,
    pub(crate) package: &'a Package,
    pub(crate) compositions: &'a [Composition],
    /// Whether it has operations.
    pub(crate) operates: bool,
}

/// Emits everything.
///
/// # Errors
/// Every fault of the description and of what would be emitted; nothing is emitted then.
pub(crate) fn emit(platform: &Platform<'_>) -> Result<Emission, EmitError> {
    let mut faults = Faults::default();
    let package = platform.package;
    package.check(platform, &mut faults);
    let names = names::Names::of(platform, &mut faults);
    let mut files = Files::default();
    let activation = files.add("cluster/bootstrap/activation-policy.yaml", activation::policy(platform, &names));
    let definitions = definition::all(platform, &mut files, &mut faults);
    let compositions = composition::all(platform, &names, &mut files, &mut faults);
    let inputs = input::crds(platform, &mut files, &mut faults);
    files.add("cluster/bootstrap/function.yaml", Some(function::installed(package, &names)));
    files.add("cluster/bootstrap/runtime.yaml", Some(package.runtime.config(&names)));
    files.add("cluster/core/disruption-budget.yaml", scale::disruption_budget(&package.runtime, &names));
    files.add("cluster/core/autoscaler.yaml", scale::autoscaler(&package.runtime, &names));
    for (name, role) in access::roles(platform, &names) {
        files.add(&format!("cluster/core/access-{name}.yaml"), Some(role));
    }
    for (name, config) in package.images.iter().map(Images::config) {
        files.add(&format!("cluster/bootstrap/images-{name}.yaml"), Some(config));
    }
    for (name, object) in package.provider_roles.iter().flat_map(provider_role::ProviderRole::objects) {
        files.add(&format!("cluster/bootstrap/{name}.yaml"), Some(object));
    }
    for config in &package.provider_configs {
        files.add(&format!("cluster/core/provider-config-{}.yaml", config.file()), config.object());
    }
    if package.installs_dependencies && !package.deliveries.is_empty() {
        for (name, object) in dependency::installed(package) {
            files.add(&format!("cluster/bootstrap/package-{name}.yaml"), Some(object));
        }
    }
    package.deliveries.iter().for_each(|delivery| delivery.mark(&mut files, &mut faults));
    for delivery in &package.deliveries {
        delivery.add(platform, &names, &mut files, &mut faults);
    }
    let function = files.add("packages/function/crossplane.yaml", Some(function::metadata(platform, &names)));
    let configuration =
        files.add("packages/configuration/crossplane.yaml", Some(configuration::metadata(platform, &names)));
    let packages = vec![
        EmittedPackage {
            kind: PackageKind::Function,
            repository: names.function_repository.to_string(),
            version: names.version.clone(),
            contents: function.into_iter().chain(inputs).collect(),
        },
        EmittedPackage {
            kind: PackageKind::Configuration,
            repository: package.repository.clone(),
            version: names.version.clone(),
            contents: configuration.into_iter().chain(definitions).chain(compositions).chain(activation).collect(),
        },
    ];
    let mut emission = Emission { files: files.0, packages };
    // What follows from a fault says nothing new.
    if faults.is_empty() {
        check::all(&emission, &mut faults);
    }
    for file in &mut emission.files {
        order_keys(&mut file.object);
    }
    emission.files.sort_by(|one, other| one.path.cmp(&other.path));
    faults.or(emission)
}

/// The files so far.
#[derive(Default)]
pub(crate) struct Files(Vec<EmittedFile>);

impl Files {
    /// Adds an object, if there is one, and gives back its path.
    fn add(&mut self, path: &str, object: Option<Value>) -> Option<String> {
        self.0.push(EmittedFile { path: path.to_owned(), object: object? });
        Some(path.to_owned())
    }
}
