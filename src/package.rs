//! What the platform is shipped as.

use planewright::emit::{
    ClusterCredentials, Delivery, FunctionStep, Identity, Images, Package, Pipeline, ProviderConfig, Prune, Runtime,
    Signer, Source,
};

use crate::platform::Network;

/// Its packages, the providers that it composes with, and how its function runs.
pub fn package() -> Package {
    Package::new("registry.example.org/planewright/reference-platform")
        .crossplane(">=v2.0.0")
        .provider("xpkg.upbound.io/upbound/provider-aws-ec2", "v2.3.0")
        .provider("xpkg.upbound.io/upbound/provider-aws-eks", "v2.3.0")
        .provider("xpkg.upbound.io/upbound/provider-aws-iam", "v2.3.0")
        .provider("xpkg.upbound.io/upbound/provider-aws-rds", "v2.3.0")
        .provider("xpkg.crossplane.io/crossplane-contrib/provider-helm", "v1.0.0")
        .provider("xpkg.crossplane.io/crossplane-contrib/provider-kubernetes", "v1.0.0")
        .annotation("meta.crossplane.io/description", "Networks, databases and Kubernetes clusters on AWS")
        .annotation("meta.crossplane.io/license", "Apache-2.0")
        // Whoever brings a composition of their own for the same kind tells theirs apart by this label.
        .pipeline("network", aws())
        .pipeline("sql_instance", aws())
        .pipeline("eks", aws())
        .runtime(Runtime::new().replicas(2))
        .provider_role("xpkg.upbound.io/upbound/provider-aws-ec2", "arn:aws:iam::123456789012:role/networks")
        .provider_config(ProviderConfig::kubernetes("here", ClusterCredentials::InjectedIdentity))
        .provider_config(ProviderConfig::helm("here", ClusterCredentials::InjectedIdentity))
        .images(Images::below("registry.example.org/planewright").pull_secret("registry").signed(Signer::keyless(
            "releases",
            [Identity::new(
                "https://token.actions.example.org",
                "https://git.example.org/planewright/planewright/.github/workflows/release.yaml@refs/heads/main",
            )],
        )))
        // The others build on it.
        .stable::<Network>()
        // What users write holds networks and databases: only they delete it.
        .deliver(
            Delivery::argo_cd(source())
                .workloads("claims", Prune::Never)
                .clusters("platform.example.org/reference", "true"),
        )
        .deliver(Delivery::flux(source()).workloads("claims", Prune::Never))
        .deliver(Delivery::kratix("platform.example.org/crossplane", "true"))
}

/// The pipeline of every composition. The compositions say themselves which resources are ready where that takes more than
/// a look; auto-ready looks at the others.
fn aws() -> Pipeline {
    Pipeline::new().label("provider", "aws").after(FunctionStep::auto_ready("v0.6.0"))
}

/// Where the output of `planewright build` is kept for clusters.
fn source() -> Source {
    Source::git("https://git.example.org/planewright/deploy.git", "main").path("platform")
}
