//! Delivery through Argo CD and Flux.

use std::collections::BTreeSet;

use planewright::emit::{Delivery, Emission, Package, Prune, Source};
use serde_json::{Value, json};

use crate::platform::{package, paths, platform, shown, told};

pub const GIT: &str = "https://git.example.org/acme/deploy.git";

pub fn delivered(delivery: impl Into<Delivery>) -> Emission {
    platform(&["shop"], package().deliver(delivery)).emit().unwrap()
}

pub fn all(emission: &Emission) -> Vec<(&str, &Value)> {
    let delivered = emission.files.iter().filter(|file| file.path.starts_with("delivery/"));
    delivered.map(|file| (&*file.path, &file.object)).collect()
}

/// The fields of an object that another one has not, or has otherwise, one a line.
fn differences(from: &Value, to: &Value) -> String {
    fn walk(from: &Value, to: &Value, path: &str, lines: &mut Vec<String>) {
        match (from, to) {
            (Value::Object(one), Value::Object(other)) => {
                let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
                for name in names {
                    walk(&from[name], &to[name], &format!("{path}.{name}"), lines);
                }
            }
            _ if from == to => {}
            (_, Value::Array(items)) => lines.extend(items.iter().map(|item| format!("{path}: {item}"))),
            _ => lines.push(format!("{path}: {to}")),
        }
    }
    let mut lines = Vec::new();
    walk(from, to, "", &mut lines);
    lines.join("\n")
}

#[test]
fn argo_cd_delivers_tier_by_tier_and_allows_nothing_else() {
    let source = Source::git(GIT, "main").path("shops/");
    let emission = delivered(Delivery::argo_cd(source).workloads("claims", Prune::Never));
    assert_eq!(
        all(&emission).iter().map(|(path, _)| path.trim_start_matches("delivery/argo-cd/")).collect::<Vec<_>>(),
        [
            "application-bootstrap.yaml",
            "application-core.yaml",
            "application-stable.yaml",
            "application-workloads-claims.yaml",
            "health.yaml",
            "project-delivery.yaml",
            "project.yaml",
            "root.yaml",
        ]
    );
    insta::assert_snapshot!(shown(&emission, "delivery/argo-cd/application-bootstrap.yaml"), @r#"
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: shops-bootstrap
      namespace: argocd
      annotations:
        argocd.argoproj.io/sync-wave: "-40"
    spec:
      project: shops
      source:
        repoURL: https://git.example.org/acme/deploy.git
        targetRevision: main
        path: shops/cluster/bootstrap
        directory:
          recurse: true
      destination:
        server: https://kubernetes.default.svc
      syncPolicy:
        automated:
          prune: false
          selfHeal: true
        syncOptions:
        - ServerSideApply=true
        - Prune=false
        - Delete=confirm
        retry:
          limit: -1
          backoff:
            duration: 10s
            factor: 2
            maxDuration: 5m
    "#);
    // Workloads differ in where they are, in when they begin, in what need not be there yet, and in what Crossplane writes into them.
    let bootstrap = emission.object("delivery/argo-cd/application-bootstrap.yaml").unwrap();
    let workloads = emission.object("delivery/argo-cd/application-workloads-claims.yaml").unwrap();
    insta::assert_snapshot!(differences(bootstrap, workloads), @r#"
    .metadata.annotations.argocd.argoproj.io/sync-wave: "0"
    .metadata.name: "shops-workloads-claims"
    .spec.ignoreDifferences: {"group":"example.org","kind":"Shop","jsonPointers":["/spec/compositionRef","/spec/compositionRevisionRef","/spec/compositionRevisionSelector","/spec/compositionUpdatePolicy","/spec/compositeDeletePolicy","/spec/resourceRef","/spec/resourceRefs","/metadata/annotations/crossplane.io~1external-name"]}
    .spec.ignoreDifferences: {"group":"example.org","kind":"ShopClaim","jsonPointers":["/spec/compositionRef","/spec/compositionRevisionRef","/spec/compositionRevisionSelector","/spec/compositionUpdatePolicy","/spec/compositeDeletePolicy","/spec/resourceRef","/spec/resourceRefs","/metadata/annotations/crossplane.io~1external-name"]}
    .spec.source.path: "claims"
    .spec.syncPolicy.syncOptions: "ServerSideApply=true"
    .spec.syncPolicy.syncOptions: "SkipDryRunOnMissingResource=true"
    .spec.syncPolicy.syncOptions: "RespectIgnoreDifferences=true"
    .spec.syncPolicy.syncOptions: "Prune=false"
    .spec.syncPolicy.syncOptions: "Delete=confirm"
    "#);
    insta::assert_snapshot!(shown(&emission, "delivery/argo-cd/project.yaml"), @r#"
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shops
      namespace: argocd
    spec:
      sourceRepos:
      - https://git.example.org/acme/deploy.git
      destinations:
      - server: https://kubernetes.default.svc
        namespace: "*"
      clusterResourceWhitelist:
      - group: apiextensions.crossplane.io
        kind: CompositeResourceDefinition
      - group: apiextensions.crossplane.io
        kind: Composition
      - group: apiextensions.crossplane.io
        kind: ManagedResourceActivationPolicy
      - group: example.org
        kind: Shop
      - group: pkg.crossplane.io
        kind: DeploymentRuntimeConfig
      - group: pkg.crossplane.io
        kind: Function
      - group: rbac.authorization.k8s.io
        kind: ClusterRole
      namespaceResourceWhitelist:
      - group: example.org
        kind: ShopClaim
      - group: policy
        kind: PodDisruptionBudget
    "#);
    let stable = emission.object("delivery/argo-cd/application-stable.yaml").unwrap();
    assert_eq!(stable["spec"]["source"]["path"], "shops/apis");
    assert_eq!(stable["spec"]["source"]["directory"], json!({ "recurse": true, "include": "shops/*" }));
    let health = emission.object("delivery/argo-cd/health.yaml").unwrap();
    let kinds: Vec<&str> =
        health["data"].as_object().unwrap().keys().map(|key| key.rsplit('.').next().unwrap()).collect();
    assert_eq!(kinds, ["io_Application", "org_Shop", "org_ShopClaim"]);
}

#[test]
fn the_root_delivers_the_applications_so_that_their_waves_count() {
    let emission =
        delivered(Delivery::argo_cd(Source::git(GIT, "main").path("shops")).workloads("claims", Prune::Always));
    let bootstrap = emission.object("delivery/argo-cd/application-bootstrap.yaml").unwrap();
    insta::assert_snapshot!(differences(bootstrap, emission.object("delivery/argo-cd/root.yaml").unwrap()), @r#"
    .metadata.annotations: null
    .metadata.name: "shops"
    .spec.destination.namespace: "argocd"
    .spec.project: "shops-delivery"
    .spec.source.directory.exclude: "{health,parameters}.yaml"
    .spec.source.directory.recurse: null
    .spec.source.path: "shops/delivery/argo-cd"
    "#);
    insta::assert_snapshot!(shown(&emission, "delivery/argo-cd/project-delivery.yaml"), @"
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shops-delivery
      namespace: argocd
    spec:
      sourceRepos:
      - https://git.example.org/acme/deploy.git
      destinations:
      - server: https://kubernetes.default.svc
        namespace: argocd
      clusterResourceWhitelist: []
      namespaceResourceWhitelist:
      - group: argoproj.io
        kind: AppProject
      - group: argoproj.io
        kind: Application
    ");
}

#[test]
fn flux_delivers_tier_by_tier_and_knows_the_health_of_what_users_write() {
    let emission = delivered(Delivery::flux(Source::git(GIT, "main")).workloads("claims", Prune::Always));
    insta::assert_snapshot!(shown(&emission, "delivery/flux/source.yaml"), @"
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: shops
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.org/acme/deploy.git
      ref:
        branch: main
    ");
    insta::assert_snapshot!(shown(&emission, "delivery/flux/kustomization-api-shops.yaml"), @"
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: shops-api-shops
      namespace: flux-system
    spec:
      interval: 10m
      retryInterval: 1m
      sourceRef:
        kind: GitRepository
        name: shops
      path: ./apis/shops
      prune: false
      deletionPolicy: Orphan
      wait: true
      timeout: 10m
      dependsOn:
      - name: shops-core
      commonMetadata:
        annotations:
          kustomize.toolkit.fluxcd.io/prune: disabled
      healthCheckExprs:
      - apiVersion: apiextensions.crossplane.io/v2
        kind: CompositeResourceDefinition
        current: status.?conditions.orValue([]).exists(c, c.type == 'Established' && c.status == 'True')
    ");
    let workloads = emission.object("delivery/flux/kustomization-workloads-claims.yaml").unwrap();
    assert_eq!((&workloads["spec"]["prune"], &workloads["spec"]["path"]), (&json!(true), &json!("./claims")));
    assert_eq!(workloads["spec"]["dependsOn"], json!([{"name": "shops-api-shops"}]));
    let checked: Vec<&Value> =
        workloads["spec"]["healthCheckExprs"].as_array().unwrap().iter().map(|check| &check["kind"]).collect();
    assert_eq!(checked, ["Shop", "ShopClaim"]);

    let emission =
        delivered(Delivery::flux(Source::oci("oci://registry.example.org/acme/deploy", "v1")).namespace("gitops"));
    let source = emission.object("delivery/flux/source.yaml").unwrap();
    assert_eq!((&source["kind"], &source["spec"]["ref"]), (&json!("OCIRepository"), &json!({"tag": "v1"})));
    assert!(all(&emission).iter().all(|(_, object)| object["metadata"]["namespace"] == "gitops"));
    assert!(!paths(&emission).iter().any(|path| path.contains("workloads")));
}

#[test]
fn faults_of_a_delivery_are_told() {
    let package = package()
        .deliver(
            Delivery::argo_cd(Source::git("git.example.org/deploy", ""))
                .namespace("Argo")
                .workloads("./", Prune::Never),
        )
        .deliver(
            Delivery::flux(Source::oci("https://registry.example.org/x", "v1").path("../x"))
                .workloads("claims/{{.name}}", Prune::Never)
                .workloads("claims", Prune::Never)
                .workloads("claims/data", Prune::Never)
                .workloads("more/claims", Prune::Never)
                .workloads("more-claims", Prune::Never),
        )
        .deliver(
            Delivery::argo_cd(Source::oci("oci://registry.example.org/x", "v1"))
                .workloads("claims", Prune::Never)
                .clusters("a b", "c"),
        );
    insta::assert_snapshot!(told(platform(&["shop"], package)), @r#"
    error: delivery through Argo CD: "git.example.org/deploy" is no URL of a source
     = help: write it as https://HOST/PATH
    error: delivery through Argo CD: the source has no branch or tag
     = help: name one
    error: delivery through Argo CD: the workloads would be all of the source ("./")
     = help: name the folder with composite resources and claims alone
    error: delivery through Argo CD: "Argo" is no namespace
     = help: name the one that the engine runs in
    error: delivery through Flux: "https://registry.example.org/x" is no URL of a source
     = help: write it as oci://HOST/PATH
    error: delivery through Flux: "../x" is no folder of the source
     = help: name it from the outermost folder
    error: delivery through Flux: "claims/{{.name}}" would be read as a pattern
     = help: name one folder, without the characters * ? [ ] { } , ! and \
    error: delivery through Flux: what is in "claims" and "claims/{{.name}}" would be delivered twice
     = help: name folders of workloads beside each other
    error: delivery through Flux: what is in "claims/data" and "claims" would be delivered twice
     = help: name folders of workloads beside each other
    error: delivery through Flux: the folders "more-claims" and "more/claims" would have the same name
     = help: call one of them otherwise
    error: delivery through Argo CD: "a b": "c" cannot be the label of a cluster
     = help: keys are PREFIX/NAME; values have 63 letters, digits, - _ . at most
    error: delivery through Argo CD: ApplicationSets find the folders of clusters in Git, and the source is none
     = help: take a Git repository, or deliver to one cluster
    "#);
    let twice = package_twice();
    let told = told(platform(&["shop"], twice));
    assert!(told.contains("error: delivery/flux/source.yaml: there are two GitRepositorys called shops"), "{told}");
}

fn package_twice() -> Package {
    package().deliver(Delivery::flux(Source::git(GIT, "main"))).deliver(Delivery::flux(Source::git(GIT, "next")))
}

/// What the build writes is never also a folder of workloads, which may be deleted from.
#[test]
fn workloads_are_beside_what_the_build_writes() {
    for folder in ["deploy/apis", "deploy/cluster/core", "deploy", "deploy/delivery/"] {
        let source = Source::git("https://git.example.org/deploy.git", "main").path("deploy");
        let package = package().deliver(Delivery::flux(source).workloads(folder, Prune::Always));
        let said = told(platform(&["shop"], package));
        assert!(said.contains("would be what `planewright build` writes"), "{folder}: {said}");
    }
}
