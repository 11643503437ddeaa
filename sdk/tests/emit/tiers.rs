//! How each tier of a delivery is synchronised, and where to.

use planewright::emit::{Delivery, FunctionStep, Package, Pipeline, Prune, Source, Tier};
use planewright::platform::{Composition, Platform};
use planewright_definitions::yaml;
use serde_json::json;

use crate::delivery::{GIT, all, delivered};
use crate::platform::{Booth, Kiosk, Shop, Stall, nothing, package, paths, platform, shown, told};

#[test]
fn argo_cd_delivers_to_many_clusters_with_application_sets() {
    let delivery = Delivery::argo_cd(Source::git(GIT, "main")).workloads("claims", Prune::Never);
    let emission = delivered(delivery.clusters("example.org/platform", "shops"));
    insta::assert_snapshot!(shown(&emission, "delivery/argo-cd/application-set-core.yaml"), @r#"
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: shops-core
      namespace: argocd
      annotations:
        argocd.argoproj.io/sync-wave: "-30"
    spec:
      goTemplate: true
      goTemplateOptions:
      - missingkey=error
      generators:
      - clusters:
          selector:
            matchLabels:
              example.org/platform: shops
      syncPolicy:
        applicationsSync: create-update
        preserveResourcesOnDeletion: true
      template:
        metadata:
          name: shops-core-{{.nameNormalized}}
        spec:
          project: shops
          source:
            repoURL: https://git.example.org/acme/deploy.git
            targetRevision: main
            path: cluster/core
            directory:
              recurse: true
          destination:
            server: "{{.server}}"
          syncPolicy:
            automated:
              prune: false
              selfHeal: true
            syncOptions:
            - ServerSideApply=true
            - FailOnSharedResource=true
            - Prune=false
            - SkipDryRunOnMissingResource=true
            retry:
              limit: -1
              backoff:
                duration: 10s
                factor: 2
                maxDuration: 5m
    "#);
    let workloads = emission.object("delivery/argo-cd/application-set-workloads-claims.yaml").unwrap();
    insta::assert_snapshot!(yaml::to_string(&workloads["spec"]["generators"]).unwrap(), @"
    - matrix:
        generators:
        - clusters:
            selector:
              matchLabels:
                example.org/platform: shops
        - git:
            repoURL: https://git.example.org/acme/deploy.git
            revision: main
            directories:
            - path: claims/{{.name}}/*
    ");
    let template = &workloads["spec"]["template"];
    assert_eq!(template["metadata"]["name"], "shops-workloads-claims-{{.nameNormalized}}-{{.path.basenameNormalized}}");
    assert_eq!(template["spec"]["source"]["path"], "{{.path.path}}");
    assert_eq!(
        emission.object("delivery/argo-cd/project.yaml").unwrap()["spec"]["destinations"],
        json!([{ "server": "*", "namespace": "*" }])
    );
    insta::assert_snapshot!(shown(&emission, "delivery/argo-cd/parameters.yaml"), @r#"
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cmd-params-cm
      namespace: argocd
    data:
      applicationsetcontroller.enable.policy.override: "true"
    "#);
    for (path, object) in all(&emission).into_iter().filter(|(path, _)| path.contains("/application")) {
        assert_eq!(object["kind"], "ApplicationSet", "{path}");
        assert_eq!(object["spec"]["syncPolicy"]["preserveResourcesOnDeletion"], true, "{path}");
        assert_eq!(object["spec"]["syncPolicy"]["applicationsSync"], "create-update", "{path}");
    }
}

#[test]
fn each_tier_is_synchronised_as_what_it_holds_allows() {
    let package = || package().pipeline("shop", Pipeline::new().after(FunctionStep::auto_ready("v0.6.0")));
    let argo_cd = Delivery::argo_cd(Source::git(GIT, "main"))
        .workloads("claims/data", Prune::Never)
        .workloads_confirmed("claims/apps")
        .workloads("claims/tests", Prune::Always)
        .prune_core()
        .without_self_heal(Tier::Beta)
        .without_self_heal(Tier::Workloads);
    let beta = |package: Package| {
        Platform::new("shops", "1.2.3")
            .package(package)
            .composition(Composition::new("shop", nothing::<Shop>))
            .composition(Composition::new("stall", nothing::<Stall>))
    };
    let emission = beta(package().deliver(argo_cd)).emit().unwrap();
    let settings: Vec<String> = all(&emission)
        .iter()
        .filter(|(path, _)| path.contains("/application"))
        .map(|(path, object)| {
            let policy = &object["spec"]["syncPolicy"];
            let options: Vec<&str> =
                policy["syncOptions"].as_array().unwrap().iter().map(|option| option.as_str().unwrap()).collect();
            format!(
                "{} wave {}, prune {}, self-heal {}, {}",
                path.trim_start_matches("delivery/argo-cd/application-").trim_end_matches(".yaml"),
                object["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"].as_str().unwrap(),
                policy["automated"]["prune"],
                policy["automated"]["selfHeal"],
                options.join(" "),
            )
        })
        .collect();
    insta::assert_snapshot!(settings.join("\n"), @"
    beta wave 0, prune false, self-heal false, ServerSideApply=true Prune=false Delete=confirm
    bootstrap wave -40, prune false, self-heal true, ServerSideApply=true Prune=false Delete=confirm
    core wave -30, prune true, self-heal true, ServerSideApply=true FailOnSharedResource=true PruneLast=true
    stable wave -20, prune false, self-heal true, ServerSideApply=true Prune=false Delete=confirm
    workloads-claims-apps wave 10, prune false, self-heal false, ServerSideApply=true SkipDryRunOnMissingResource=true RespectIgnoreDifferences=true Prune=confirm Delete=confirm
    workloads-claims-data wave 0, prune false, self-heal false, ServerSideApply=true SkipDryRunOnMissingResource=true RespectIgnoreDifferences=true Prune=false Delete=confirm
    workloads-claims-tests wave 20, prune true, self-heal false, ServerSideApply=true SkipDryRunOnMissingResource=true RespectIgnoreDifferences=true PruneLast=true
    ");
    let include = |tier: &str| {
        let application = emission.object(&format!("delivery/argo-cd/application-{tier}.yaml")).unwrap();
        application["spec"]["source"]["directory"]["include"].as_str().unwrap().to_owned()
    };
    assert_eq!((include("stable"), include("beta")), ("shops/*".to_owned(), "stalls/*".to_owned()));

    let flux = Delivery::flux(Source::git(GIT, "main"))
        .workloads("claims/data", Prune::Never)
        .workloads("claims/apps", Prune::Always)
        .prune_core();
    let emission = beta(package().deliver(flux)).emit().unwrap();
    let settings: Vec<String> = all(&emission)
        .iter()
        .filter(|(path, _)| path.contains("/kustomization"))
        .map(|(path, object)| {
            let spec = &object["spec"];
            let after: Vec<&str> = spec["dependsOn"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|other| other["name"].as_str().unwrap().trim_start_matches("shops-"))
                .collect();
            format!(
                "{} after {after:?}, prune {}, kept {}, {} when deleted",
                path.trim_start_matches("delivery/flux/kustomization-").trim_end_matches(".yaml"),
                spec["prune"],
                spec["commonMetadata"]["annotations"]["kustomize.toolkit.fluxcd.io/prune"] == "disabled",
                spec["deletionPolicy"].as_str().unwrap(),
            )
        })
        .collect();
    insta::assert_snapshot!(settings.join("\n"), @r#"
    api-shops after ["core"], prune false, kept true, Orphan when deleted
    api-stalls after ["api-shops"], prune false, kept true, Orphan when deleted
    bootstrap after [], prune false, kept true, Orphan when deleted
    core after ["bootstrap"], prune true, kept false, Orphan when deleted
    workloads-claims-apps after ["workloads-claims-data"], prune true, kept false, Orphan when deleted
    workloads-claims-data after ["api-shops"], prune false, kept true, Orphan when deleted
    "#);
    let promised =
        beta(package().stable::<Stall>().deliver(Delivery::argo_cd(Source::git(GIT, "main")))).emit().unwrap();
    let stable = promised.object("delivery/argo-cd/application-stable.yaml").unwrap();
    assert_eq!(stable["spec"]["source"]["directory"]["include"], "{shops,stalls}/*");
    assert!(promised.object("delivery/argo-cd/application-beta.yaml").is_none());
}

#[test]
fn a_cluster_that_gets_files_gets_the_dependencies_with_them() {
    let package = || {
        package()
            .provider("xpkg.example.org/providers/storage", "v2.0.0")
            .pipeline("shop", Pipeline::new().after(FunctionStep::auto_ready("v0.6.0")))
    };
    let flux = || Delivery::flux(Source::git(GIT, "main"));
    let emission = platform(&["shop"], package().deliver(flux())).emit().unwrap();
    insta::assert_snapshot!(shown(&emission, "cluster/bootstrap/package-providers-storage.yaml"), @"
    apiVersion: pkg.crossplane.io/v1
    kind: Provider
    metadata:
      name: providers-storage
    spec:
      package: xpkg.example.org/providers/storage:v2.0.0
    ");
    let function = emission.object("cluster/bootstrap/package-crossplane-contrib-function-auto-ready.yaml").unwrap();
    assert_eq!(function["kind"], "Function");
    let installed = |package: Package| {
        let emission = platform(&["shop"], package).emit().unwrap();
        paths(&emission).iter().any(|path| path.contains("/package-"))
    };
    assert!(!installed(package()), "the package manager installs what the Configuration depends on");
    assert!(!installed(package().deliver(flux()).dependencies_are_installed()));
}

#[test]
fn nothing_that_holds_composite_resources_is_ever_deleted_replaced_or_forced() {
    let source = || Source::git(GIT, "main");
    for delivery in [
        Delivery::from(Delivery::argo_cd(source()).workloads("claims", Prune::Always)),
        Delivery::argo_cd(source()).workloads("claims", Prune::Always).clusters("a", "b").into(),
        Delivery::flux(source()).workloads("claims", Prune::Always).into(),
    ] {
        let emission = delivered(delivery);
        for (path, object) in all(&emission) {
            let text = object.to_string();
            assert!(
                !["Replace", "Force", "force", "allowEmpty", "finalizers"].iter().any(|word| text.contains(word)),
                "{path}"
            );
            let application = object.pointer("/spec/template").unwrap_or(object);
            let prunes = [&object["spec"]["prune"], &application["spec"]["syncPolicy"]["automated"]["prune"]];
            assert_eq!(prunes.contains(&&json!(true)), path.ends_with("-workloads-claims.yaml"), "{path}");
        }
    }
}

/// No definition can say of itself what would delete it, or what Argo CD passes over.
#[test]
fn options_that_do_not_keep_a_definition_are_refused() {
    let platform = |delivery: Delivery| {
        Platform::new("shops", "1.2.3")
            .package(package().deliver(delivery))
            .composition(Composition::new("booth", nothing::<Booth>))
    };
    insta::assert_snapshot!(told(platform(Delivery::argo_cd(Source::git(GIT, "main")).into())), @r#"
    error: definition of Booth: argocd.argoproj.io/sync-options: with "Replace=true" Argo CD may delete the definition and create it anew, and with it go all of its composite resources
     = help: take it away; what may not change in a definition needs a new API
    error: definition of Booth: argocd.argoproj.io/sync-options: with "Force=true" Argo CD may delete the definition and create it anew, and with it go all of its composite resources
     = help: take it away; what may not change in a definition needs a new API
    error: definition of Booth: argocd.argoproj.io/sync-options: "Prune=ture" is no option that keeps a definition, or that Argo CD heeds on one
     = help: take it away, or write one of Prune=false, Delete=confirm, Prune=confirm, Delete=false, PruneLast=true, Replace=false, ServerSideApply=true, ServerSideApply=false, ClientSideApplyMigration=true, ClientSideApplyMigration=false, SkipDryRunOnMissingResource=true, Validate=false
    error: definition of Booth: argocd.argoproj.io/sync-options: "Delete=true" is no option that keeps a definition, or that Argo CD heeds on one
     = help: take it away, or write one of Prune=false, Delete=confirm, Prune=confirm, Delete=false, PruneLast=true, Replace=false, ServerSideApply=true, ServerSideApply=false, ClientSideApplyMigration=true, ClientSideApplyMigration=false, SkipDryRunOnMissingResource=true, Validate=false
    "#);
    // Nobody else reads them.
    assert!(platform(Delivery::flux(Source::git(GIT, "main")).into()).emit().is_ok());
}

/// Versions of Argo CD that know nothing of the options of a whole Application ask the objects.
#[test]
fn a_definition_says_itself_that_argo_cd_leaves_it() {
    let options = |package: Package| {
        let emission = platform(&["shop"], package).emit().unwrap();
        emission.object("apis/shops/definition.yaml").unwrap()["metadata"]["annotations"].clone()
    };
    let source = || Source::git(GIT, "main");
    let kept = json!({ "argocd.argoproj.io/sync-options": "Prune=false,Delete=confirm" });
    assert_eq!(options(package().deliver(Delivery::argo_cd(source()))), kept);
    // Flux is told by its Kustomizations, and nobody else needs it.
    assert_eq!(options(package().deliver(Delivery::flux(source()))), json!(null));
    assert_eq!(options(package().deliver(Delivery::kratix("a", "b"))), json!(null));
    // What the author of a definition says of it stands.
    let said = Platform::new("shops", "1.2.3")
        .package(package().deliver(Delivery::argo_cd(source())))
        .composition(Composition::new("kiosk", nothing::<Kiosk>));
    let emission = said.emit().unwrap();
    assert_eq!(
        emission.object("apis/kiosks/definition.yaml").unwrap()["metadata"]["annotations"],
        json!({ "a": "b", "argocd.argoproj.io/sync-options": "Delete=false,ServerSideApply=true,Prune=false" })
    );
}
