//! Platforms that together emit everything that can be emitted: each kind of object in each of its forms. Continuous integration has the schemas of those who made
//! the kinds judge them.

use planewright::emit::{
    Autoscaling, AwsCredentials, ClusterCredentials, Delivery, FunctionStep, Identity, Images, Package, Pipeline,
    ProviderConfig, Prune, Runtime, SecretKey, Signer, Source, Tier,
};
use planewright::platform::{Composition, Operation, Platform};
use planewright::state::{ResourceSelector, SchemaSelector};

use crate::platform::{Layout, Shop, Stall, nothing, package};

/// The platforms, each with the name of its folder.
pub fn all() -> Vec<(&'static str, Platform)> {
    let git = || Source::git("https://git.example.org/acme/deploy.git", "main").path("shops");
    let oci = || Source::oci("oci://registry.example.org/acme/deploy", "v1");
    let argo_cd = |source| {
        Delivery::argo_cd(source).workloads("claims/data", Prune::Never).workloads("claims/apps", Prune::Always)
    };
    let flux =
        |source| Delivery::flux(source).workloads("claims/data", Prune::Never).workloads("claims/apps", Prune::Always);
    vec![
        ("alone", platform(package().runtime(Runtime::new().replicas(1)))),
        ("full", platform(full())),
        ("argo-cd", platform(full().deliver(argo_cd(git()).workloads_confirmed("claims/more").prune_core()))),
        (
            "argo-cd-drifting",
            platform(package().deliver(argo_cd(git()).without_self_heal(Tier::Core).namespace("gitops"))),
        ),
        ("argo-cd-oci", platform(package().deliver(argo_cd(oci())))),
        ("argo-cd-clusters", platform(full().deliver(argo_cd(git()).clusters("example.org/shops", "true")))),
        ("flux", platform(full().deliver(flux(git()).prune_core()))),
        ("flux-oci", platform(package().deliver(flux(oci()).namespace("gitops")))),
        ("kratix", platform(full().deliver(Delivery::kratix("crossplane", "true").destination("stage", "test")))),
    ]
}

fn platform(package: Package) -> Platform {
    Platform::new("shops", "1.2.3")
        .package(package)
        .composition(Composition::new("shop", nothing::<Shop>))
        .composition(Composition::new("shop_v2", nothing::<Shop>))
        .composition(Composition::new("stall", nothing::<Stall>))
        .operation(Operation::new("rotate", |_| Ok(())))
}

/// A package that says everything but how it is delivered.
fn full() -> Package {
    let secret = || SecretKey::new("crossplane-system", "login", "credentials");
    let pipeline = Pipeline::new()
        .name("shops.by-acme")
        .version("1.2.0")
        .label("example.org/tier", "gold")
        .before(FunctionStep::new("audit", "xpkg.example.org/acme/function-audit", "v0.4.0").credentials(
            "registry",
            "crossplane-system",
            "registry",
        ))
        .after(FunctionStep::auto_ready("v0.6.0"))
        .input(&Layout { floors: 2 })
        .credentials("bank", "shops", "bank-login")
        .require("account", ResourceSelector::named::<Shop>("main"))
        .require("gold", ResourceSelector::labelled::<Shop>([("tier", "gold")]).in_namespace("shops"))
        .require("all", ResourceSelector::all::<Shop>())
        .require_schema("shop", SchemaSelector::of::<Shop>());
    let images = Images::below("registry.example.org/acme")
        .pull_secret("registry")
        .mirrored_below("mirror.example.org/acme")
        .signed(Signer::key("release", "cosign", "cosign.pub"))
        .signed(
            Signer::keyless("ci", [Identity::new("https://token.example.org", "https://git.example.org/acme/shops")])
                .attesting("https://slsa.dev/provenance/v1"),
        )
        .signed(Signer::keyless(
            "others",
            [Identity::matching("^https://token[.]example[.]org$", "^.+@example[.]org$")],
        ));
    package()
        .crossplane(">=v2.0.0, <v3.0.0")
        .provider("xpkg.example.org/providers/storage", "v2.0.0")
        .provider_role("xpkg.example.org/providers/storage", "arn:aws:iam::1:role/shops")
        .annotation("meta.crossplane.io/maintainer", "Acme")
        .pipeline("shop", pipeline)
        .runtime(
            Runtime::new()
                .autoscale(Autoscaling { least: 2, most: 9, cpu_percent: 70 })
                .requests(200, 64)
                .memory_limit(512),
        )
        .images(images)
        .provider_config(ProviderConfig::helm("default", ClusterCredentials::Secret(secret())))
        .provider_config(ProviderConfig::kubernetes("default", ClusterCredentials::InjectedIdentity))
        .provider_config(ProviderConfig::aws("default", AwsCredentials::Irsa))
        .provider_config(ProviderConfig::aws("pods", AwsCredentials::PodIdentity))
        .provider_config(ProviderConfig::aws(
            "web",
            AwsCredentials::WebIdentity { role_arn: "arn:aws:iam::1:role/x".into() },
        ))
        .provider_config(ProviderConfig::aws("keys", AwsCredentials::Secret(secret())).in_namespace("shops"))
        .reads::<Shop>()
        .stable::<Stall>()
}
