//! What a platform emits from its description.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test cannot prepare fails it")]

mod delivery;
mod faults;
mod health;
mod kratix;
mod platform;
mod tiers;
mod trust;
mod variants;

use std::collections::BTreeSet;

use planewright::emit::{Autoscaling, FunctionStep, PackageKind, Pipeline, Runtime};
use planewright::platform::{Operation, Platform};
use planewright::resource::{PinnedKind, Scope};
use planewright::state::{ResourceSelector, SchemaSelector};
use planewright_definitions::yaml;
use serde_json::{Value, json};

use platform::{Layout, SHOPS, Shop, package, paths, platform, shown};

#[test]
fn a_description_of_one_line_is_enough() {
    let emission = platform(&["shop"], package()).emit().unwrap();
    assert_eq!(
        paths(&emission),
        [
            "apis/shops/composition.yaml",
            "apis/shops/definition.yaml",
            "cluster/bootstrap/activation-policy.yaml",
            "cluster/bootstrap/function.yaml",
            "cluster/bootstrap/runtime.yaml",
            "cluster/core/access-compose.yaml",
            "cluster/core/access-edit.yaml",
            "cluster/core/access-view.yaml",
            "cluster/core/disruption-budget.yaml",
            "packages/configuration/crossplane.yaml",
            "packages/function/crossplane.yaml",
            "packages/function/inputs/compositioninputs.fn.example.org.yaml",
        ]
    );
    let packages: Vec<_> = emission.packages.iter().map(|package| (package.kind, &*package.repository)).collect();
    assert_eq!(
        packages,
        [
            (PackageKind::Function, "registry.example.org/acme/function-shops"),
            (PackageKind::Configuration, "registry.example.org/acme/shops"),
        ]
    );
    assert!(emission.packages.iter().all(|package| package.version == "v1.2.3"));
    assert_eq!(
        emission.packages[0].contents,
        ["packages/function/crossplane.yaml", "packages/function/inputs/compositioninputs.fn.example.org.yaml"]
    );
    assert_eq!(
        emission.packages[1].contents,
        [
            "packages/configuration/crossplane.yaml",
            "apis/shops/definition.yaml",
            "apis/shops/composition.yaml",
            "cluster/bootstrap/activation-policy.yaml",
        ]
    );
    assert_eq!(emission.object("apis/shops/definition.yaml"), Some(&serde_json::from_str(SHOPS).unwrap()));
    assert_eq!(emission, platform(&["shop"], package()).emit().unwrap(), "the same on every run");
}

#[test]
fn a_composition_has_all_that_its_pipeline_says() {
    let pipeline = Pipeline::new()
        .name("shops.by-acme")
        .label("example.org/tier", "gold")
        .before(
            FunctionStep::environment_configs(
                "v0.4.0",
                json!({"apiVersion": "environmentconfigs.fn.crossplane.io/v1beta1", "kind": "Input"}),
            )
            .credentials("registry", "crossplane-system", "registry"),
        )
        .after(FunctionStep::auto_ready("v0.6.0"))
        .input(&Layout { floors: 2 })
        .credentials("bank", "shops", "bank-login")
        .require("account", ResourceSelector::named::<Shop>("main"))
        .require("gold", ResourceSelector::labelled::<Shop>([("tier", "gold")]).in_namespace("shops"))
        .require("all", ResourceSelector::all::<Shop>())
        .require_schema("shop", SchemaSelector::of::<Shop>());
    let emission = platform(&["shop"], package().pipeline("shop", pipeline)).emit().unwrap();
    insta::assert_snapshot!(shown(&emission, "apis/shops/composition.yaml"), @"
    apiVersion: apiextensions.crossplane.io/v1
    kind: Composition
    metadata:
      name: shops.by-acme
      labels:
        example.org/tier: gold
    spec:
      compositeTypeRef:
        apiVersion: example.org/v1
        kind: Shop
      mode: Pipeline
      pipeline:
      - step: environment
        functionRef:
          name: crossplane-contrib-function-environment-configs
        input:
          apiVersion: environmentconfigs.fn.crossplane.io/v1beta1
          kind: Input
        credentials:
        - name: registry
          source: Secret
          secretRef:
            namespace: crossplane-system
            name: registry
      - step: shop
        functionRef:
          name: acme-function-shops
        input:
          apiVersion: shops.fn.example.org/v1beta1
          kind: Layout
          floors: 2
          compositionVersion: v1.2.3
        credentials:
        - name: bank
          source: Secret
          secretRef:
            namespace: shops
            name: bank-login
        requirements:
          requiredResources:
          - requirementName: account
            apiVersion: example.org/v1
            kind: Shop
            name: main
          - requirementName: gold
            apiVersion: example.org/v1
            kind: Shop
            namespace: shops
            matchLabels:
              tier: gold
          - requirementName: all
            apiVersion: example.org/v1
            kind: Shop
          requiredSchemas:
          - requirementName: shop
            apiVersion: example.org/v1
            kind: Shop
      - step: auto-ready
        functionRef:
          name: crossplane-contrib-function-auto-ready
    ");
}

#[test]
fn exactly_the_pinned_managed_resources_are_activated_and_all_that_is_composed_is_allowed() {
    let config_map = PinnedKind::new("", "v1", "ConfigMap", "configmaps", Scope::Namespaced);
    let emission = platform(
        &["shop"],
        package()
            .composes_kind(config_map)
            .composes_kubernetes::<k8s_openapi::api::core::v1::Namespace>()
            .reads_kubernetes::<k8s_openapi::api::core::v1::Node>()
            .reads_kind(PinnedKind::new("storage.example.org", "v1", "Quota", "quotas", Scope::Cluster)),
    )
    .emit()
    .unwrap();
    insta::assert_snapshot!(shown(&emission, "cluster/bootstrap/activation-policy.yaml"), @"
    apiVersion: apiextensions.crossplane.io/v1alpha1
    kind: ManagedResourceActivationPolicy
    metadata:
      name: shops
    spec:
      activate:
      - bucketpolicies.storage.example.org
      - buckets.storage.example.org
    ");
    insta::assert_snapshot!(shown(&emission, "cluster/core/access-compose.yaml"), @r#"
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: shops:compose
      labels:
        rbac.crossplane.io/aggregate-to-crossplane: "true"
    rules:
    - apiGroups:
      - example.org
      resources:
      - shopclaims
      - shopclaims/status
      - shops
      - shops/status
      verbs:
      - create
      - delete
      - get
      - list
      - patch
      - update
      - watch
    - apiGroups:
      - example.org
      resources:
      - shopclaims/finalizers
      - shops/finalizers
      verbs:
      - update
    - apiGroups:
      - ""
      resources:
      - configmaps
      - namespaces
      verbs:
      - create
      - delete
      - get
      - list
      - patch
      - update
      - watch
    - apiGroups:
      - storage.example.org
      resources:
      - bucketpolicies
      - buckets
      - providerconfigs
      verbs:
      - create
      - delete
      - get
      - list
      - patch
      - update
      - watch
    - apiGroups:
      - ""
      resources:
      - nodes
      verbs:
      - get
      - list
      - watch
    - apiGroups:
      - storage.example.org
      resources:
      - quotas
      verbs:
      - get
      - list
      - watch
    "#);
    insta::assert_snapshot!(shown(&emission, "cluster/core/access-view.yaml"), @r#"
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: shops:view
      labels:
        rbac.authorization.k8s.io/aggregate-to-view: "true"
    rules:
    - apiGroups:
      - example.org
      resources:
      - shopclaims
      - shopclaims/status
      - shops
      - shops/status
      verbs:
      - get
      - list
      - watch
    "#);
}

#[test]
fn compositions_of_one_kind_are_told_apart_by_name_file_and_input() {
    let typed = Pipeline::new().input(&Layout { floors: 2 }).version("1.1.0");
    let emission = platform(&["shop", "v2::shop_v2"], package().pipeline("shop_v2", typed)).emit().unwrap();
    let composition = |file: &str| {
        let object = emission.object(file).unwrap();
        (object["metadata"]["name"].clone(), object["spec"]["pipeline"][0]["input"].clone())
    };
    assert_eq!(
        composition("apis/shops/composition-shop.yaml"),
        (
            json!("shop.example.org"),
            json!({"apiVersion": "fn.example.org/v1", "kind": "CompositionInput", "composition": "shop", "compositionVersion": "v1.2.3"})
        )
    );
    assert_eq!(
        composition("apis/shops/composition-shop-v2.yaml"),
        (
            json!("shop-v2.example.org"),
            json!({
                "apiVersion": "shops.fn.example.org/v1beta1", "kind": "Layout", "floors": 2,
                "composition": "shop_v2", "compositionVersion": "v1.1.0",
            })
        )
    );
    let properties = |name: &str, field: &str| {
        let crd = emission.object(&format!("packages/function/inputs/{name}.yaml")).unwrap();
        crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"][field].clone()
    };
    assert_eq!(properties("compositioninputs.fn.example.org", "composition")["enum"], json!(["shop"]));
    assert_eq!(properties("layouts.shops.fn.example.org", "composition")["type"], "string");
    for name in ["compositioninputs.fn.example.org", "layouts.shops.fn.example.org"] {
        assert_eq!(properties(name, "compositionVersion")["type"], "string", "{name}");
    }
}

#[test]
fn a_configuration_depends_on_all_that_its_pipelines_and_resources_need() {
    let step = |version| Pipeline::new().name(version).after(FunctionStep::auto_ready(version));
    // In the order of versions, a release candidate comes before its release, and the tenth after the ninth.
    let package = package()
        .provider("xpkg.example.org/providers/storage", "v2.0.0")
        .pipeline("a", step("v0.10.0-rc.10"))
        .pipeline("b", step("v0.10.0-rc.9"))
        .pipeline("c", step("v0.9.1"));
    let emission = platform(&["a", "b", "c"], package).emit().unwrap();
    insta::assert_snapshot!(shown(&emission, "packages/configuration/crossplane.yaml"), @r#"
    apiVersion: meta.pkg.crossplane.io/v1
    kind: Configuration
    metadata:
      name: shops
    spec:
      crossplane:
        version: ">=v2.0.0"
      dependsOn:
      - apiVersion: pkg.crossplane.io/v1
        kind: Provider
        package: xpkg.example.org/providers/storage
        version: ">=v2.0.0"
      - apiVersion: pkg.crossplane.io/v1
        kind: Function
        package: xpkg.crossplane.io/crossplane-contrib/function-auto-ready
        version: ">=v0.10.0-rc.10"
      - apiVersion: pkg.crossplane.io/v1
        kind: Function
        package: registry.example.org/acme/function-shops
        version: v1.2.3
    "#);
}

#[test]
fn the_function_says_what_it_can_do() {
    let capabilities = |platform: Platform| {
        let emission = platform.emit().unwrap();
        emission.object("packages/function/crossplane.yaml").unwrap()["spec"]["capabilities"].clone()
    };
    let operation = || Operation::new("rotate", |_| Ok(()));
    assert_eq!(capabilities(platform(&["shop"], package())), json!(["composition"]));
    assert_eq!(
        capabilities(platform(&["shop"], package()).operation(operation())),
        json!(["composition", "operation"])
    );
    assert_eq!(capabilities(platform(&[], package()).operation(operation())), json!(["operation"]));
}

#[test]
fn the_runtime_is_that_of_many_pods_that_need_little() {
    let emission = platform(&["shop"], package().runtime(Runtime::new().replicas(3))).emit().unwrap();
    insta::assert_snapshot!(shown(&emission, "cluster/bootstrap/runtime.yaml"), @"
    apiVersion: pkg.crossplane.io/v1beta1
    kind: DeploymentRuntimeConfig
    metadata:
      name: acme-function-shops
    spec:
      deploymentTemplate:
        spec:
          replicas: 3
          selector: {}
          template:
            spec:
              containers:
              - name: package-runtime
                resources:
                  requests:
                    cpu: 100m
                    memory: 32Mi
                  limits:
                    memory: 256Mi
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                    - ALL
                  privileged: false
                  readOnlyRootFilesystem: true
                  runAsGroup: 2000
                  runAsNonRoot: true
                  runAsUser: 2000
                  seccompProfile:
                    type: RuntimeDefault
              topologySpreadConstraints:
              - maxSkew: 1
                topologyKey: topology.kubernetes.io/zone
                whenUnsatisfiable: ScheduleAnyway
                labelSelector:
                  matchLabels:
                    pkg.crossplane.io/function: acme-function-shops
                matchLabelKeys:
                - pod-template-hash
              - maxSkew: 1
                topologyKey: kubernetes.io/hostname
                whenUnsatisfiable: ScheduleAnyway
                labelSelector:
                  matchLabels:
                    pkg.crossplane.io/function: acme-function-shops
                matchLabelKeys:
                - pod-template-hash
    ");
    insta::assert_snapshot!(shown(&emission, "cluster/core/disruption-budget.yaml"), @"
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: acme-function-shops
      namespace: crossplane-system
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          pkg.crossplane.io/function: acme-function-shops
    ");
    assert!(emission.object("cluster/core/autoscaler.yaml").is_none());

    let alone = platform(&["shop"], package().runtime(Runtime::new().replicas(1))).emit().unwrap();
    assert!(alone.object("cluster/core/disruption-budget.yaml").is_none(), "it would keep the node from being drained");
}

#[test]
fn an_autoscaler_finds_the_deployment_by_its_name() {
    let runtime = Runtime::new().autoscale(Autoscaling { least: 2, most: 9, cpu_percent: 70 }).namespace("platforms");
    let emission = platform(&["shop"], package().runtime(runtime)).emit().unwrap();
    let scaler = emission.object("cluster/core/autoscaler.yaml").unwrap();
    let template = &emission.object("cluster/bootstrap/runtime.yaml").unwrap()["spec"]["deploymentTemplate"];
    assert_eq!(scaler["spec"]["scaleTargetRef"]["name"], template["metadata"]["name"]);
    assert_eq!(scaler["metadata"]["namespace"], "platforms");
    assert_eq!((&scaler["spec"]["minReplicas"], &scaler["spec"]["maxReplicas"]), (&json!(2), &json!(9)));
    assert_eq!(template["spec"]["replicas"], 2);
}

#[test]
fn no_value_of_a_description_escapes_its_place() {
    let odd = "a: b\n- c # d";
    let emission = platform(&["shop"], package().annotation("example.org/note", odd)).emit().unwrap();
    let text = shown(&emission, "packages/configuration/crossplane.yaml");
    let read: Value = yaml::from_str(&text, "written").unwrap();
    assert_eq!(read["metadata"]["annotations"]["example.org/note"], odd);
}

/// Everything that can be emitted is, by one of these, and is the same on every run.
#[test]
fn every_variant_is_emitted_without_a_fault() {
    let mut kinds = BTreeSet::new();
    for ((name, platform), (_, again)) in variants::all().into_iter().zip(variants::all()) {
        let emission = platform.emit().unwrap_or_else(|faults| panic!("{name}: {faults}"));
        assert_eq!(
            serde_json::to_string(&emission).unwrap(),
            serde_json::to_string(&again.emit().unwrap()).unwrap(),
            "{name}: the same to the byte"
        );
        kinds.extend(emission.files.iter().map(|file| file.object["kind"].as_str().unwrap().to_owned()));
    }
    insta::assert_debug_snapshot!(kinds, @r#"
    {
        "AppProject",
        "Application",
        "ApplicationSet",
        "ClusterProviderConfig",
        "ClusterRole",
        "CompositeResourceDefinition",
        "Composition",
        "ConfigMap",
        "Configuration",
        "CustomResourceDefinition",
        "DeploymentRuntimeConfig",
        "Function",
        "GitRepository",
        "HorizontalPodAutoscaler",
        "ImageConfig",
        "Kustomization",
        "ManagedResourceActivationPolicy",
        "OCIRepository",
        "PodDisruptionBudget",
        "Promise",
        "Provider",
        "ProviderConfig",
    }
    "#);
}
