//! Delivery through Argo CD and Flux.

use planewright::emit::{Delivery, Emission, Prune, Runtime, Source};
use serde_json::{Value, json};

use crate::platform::{package, platform, shown, told};

const GIT: &str = "https://git.example.org/acme/deploy.git";

fn delivered(delivery: Delivery) -> Emission {
    platform(&["shop"], package().deliver(delivery)).emit().unwrap()
}

fn all(emission: &Emission) -> Vec<(&str, &Value)> {
    let delivered = emission.files.iter().filter(|file| file.path.starts_with("delivery/"));
    delivered.map(|file| (&*file.path, &file.object)).collect()
}

#[test]
fn argo_cd_delivers_tier_by_tier_and_allows_nothing_else() {
    let source = Source::git(GIT, "main").path("shops/");
    let emission = delivered(Delivery::argo_cd(source).workloads("claims", Prune::Never));
    insta::assert_snapshot!(shown(&emission, "delivery/argo-cd/application-cluster.yaml"), @r#"
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: shops-cluster
      namespace: argocd
      annotations:
        argocd.argoproj.io/sync-wave: "-30"
    spec:
      project: shops
      source:
        repoURL: https://git.example.org/acme/deploy.git
        targetRevision: main
        path: shops/cluster
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
    "#);
    insta::assert_snapshot!(shown(&emission, "delivery/argo-cd/application-workloads.yaml"), @r#"
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: shops-workloads
      namespace: argocd
      annotations:
        argocd.argoproj.io/sync-wave: "0"
    spec:
      project: shops
      source:
        repoURL: https://git.example.org/acme/deploy.git
        targetRevision: main
        path: claims
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
        - SkipDryRunOnMissingResource=true
        - RespectIgnoreDifferences=true
        - Prune=false
      ignoreDifferences:
      - group: example.org
        kind: Shop
        jsonPointers:
        - /spec/compositionRef
        - /spec/compositionRevisionRef
        - /spec/compositionRevisionSelector
        - /spec/compositionUpdatePolicy
        - /spec/compositeDeletePolicy
        - /spec/resourceRef
        - /spec/resourceRefs
        - /metadata/annotations/crossplane.io~1external-name
      - group: example.org
        kind: ShopClaim
        jsonPointers:
        - /spec/compositionRef
        - /spec/compositionRevisionRef
        - /spec/compositionRevisionSelector
        - /spec/compositionUpdatePolicy
        - /spec/compositeDeletePolicy
        - /spec/resourceRef
        - /spec/resourceRefs
        - /metadata/annotations/crossplane.io~1external-name
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
    assert_eq!(
        emission.object("delivery/argo-cd/application-apis.yaml").unwrap()["spec"]["source"]["path"],
        "shops/apis"
    );
    let health = emission.object("delivery/argo-cd/health.yaml").unwrap();
    let kinds: Vec<&String> = health["data"].as_object().unwrap().keys().collect();
    assert_eq!(
        kinds,
        ["resource.customizations.health.example.org_Shop", "resource.customizations.health.example.org_ShopClaim"]
    );
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
    insta::assert_snapshot!(shown(&emission, "delivery/flux/kustomization-apis.yaml"), @"
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: shops-apis
      namespace: flux-system
    spec:
      interval: 10m
      sourceRef:
        kind: GitRepository
        name: shops
      path: ./apis
      prune: false
      wait: true
      timeout: 10m
      dependsOn:
      - name: shops-cluster
    ");
    let workloads = emission.object("delivery/flux/kustomization-workloads.yaml").unwrap();
    assert_eq!((&workloads["spec"]["prune"], &workloads["spec"]["path"]), (&json!(true), &json!("./claims")));
    assert_eq!(workloads["spec"]["dependsOn"], json!([{"name": "shops-apis"}]));
    let checked: Vec<&Value> =
        workloads["spec"]["healthCheckExprs"].as_array().unwrap().iter().map(|check| &check["kind"]).collect();
    assert_eq!(checked, ["Shop", "ShopClaim"]);

    let emission =
        delivered(Delivery::flux(Source::oci("oci://registry.example.org/acme/deploy", "v1")).namespace("gitops"));
    let source = emission.object("delivery/flux/source.yaml").unwrap();
    assert_eq!((&source["kind"], &source["spec"]["ref"]), (&json!("OCIRepository"), &json!({"tag": "v1"})));
    assert!(all(&emission).iter().all(|(_, object)| object["metadata"]["namespace"] == "gitops"));
    assert!(emission.object("delivery/flux/kustomization-workloads.yaml").is_none());
}

#[test]
fn nothing_that_holds_composite_resources_is_ever_deleted_replaced_or_forced() {
    let source = || Source::git(GIT, "main");
    for delivery in [
        Delivery::argo_cd(source()).workloads("claims", Prune::Always),
        Delivery::flux(source()).workloads("claims", Prune::Always),
    ] {
        let emission = delivered(delivery);
        for (path, object) in all(&emission) {
            let text = object.to_string();
            assert!(
                !["Replace", "Force", "force", "allowEmpty", "finalizers"].iter().any(|word| text.contains(word)),
                "{path}"
            );
            let prunes = [&object["spec"]["prune"], &object["spec"]["syncPolicy"]["automated"]["prune"]];
            assert_eq!(prunes.contains(&&json!(true)), path.ends_with("-workloads.yaml"), "{path}");
        }
    }
}

#[test]
fn faults_of_a_delivery_are_told() {
    let package = package()
        .runtime(Runtime::new())
        .deliver(
            Delivery::argo_cd(Source::git("git.example.org/deploy", ""))
                .namespace("Argo")
                .workloads("./", Prune::Never),
        )
        .deliver(Delivery::flux(Source::oci("https://registry.example.org/x", "v1").path("../x")));
    insta::assert_snapshot!(told(platform(&["shop"], package)), @r#"
    error: delivery: "git.example.org/deploy" is no URL of a source
     = help: write it as https://HOST/PATH
    error: delivery: the source has no branch or tag
     = help: name one
    error: delivery: the workloads would be all of the source ("./")
     = help: name the folder with composite resources and claims alone
    error: delivery: "Argo" is no namespace
     = help: name the one that the engine runs in
    error: delivery: "https://registry.example.org/x" is no URL of a source
     = help: write it as oci://HOST/PATH
    error: delivery: "../x" is no folder of the source
     = help: name it from the outermost folder
    "#);
    let twice = package_twice();
    insta::assert_snapshot!(told(platform(&["shop"], twice)), @"
    error: delivery/flux/source.yaml: there are two GitRepositorys called shops
     = help: give one of them another name
    error: delivery/flux/source.yaml: two objects would be written to this file
     = help: give one of them another name
    error: delivery/flux/kustomization-cluster.yaml: there are two Kustomizations called shops-cluster
     = help: give one of them another name
    error: delivery/flux/kustomization-cluster.yaml: two objects would be written to this file
     = help: give one of them another name
    error: delivery/flux/kustomization-apis.yaml: there are two Kustomizations called shops-apis
     = help: give one of them another name
    error: delivery/flux/kustomization-apis.yaml: two objects would be written to this file
     = help: give one of them another name
    ");
}

fn package_twice() -> planewright::emit::Package {
    package().deliver(Delivery::flux(Source::git(GIT, "main"))).deliver(Delivery::flux(Source::git(GIT, "next")))
}
