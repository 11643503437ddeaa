//! What the platform emits is what it composes: no more and no less.

#![allow(clippy::unwrap_used, reason = "what a test cannot prepare fails it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use planewright::emit::{Emission, Package, PackageKind, ProviderConfig};
use planewright::platform::{Composition, Platform};
use planewright_definitions::yaml;
use reference_platform::helm::provider_config::{Credentials, SecretRef, Source, Spec};
use reference_platform::{aws, helm, network};
use serde_json::{Value, json};

fn program(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_reference-platform")).args(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn emission() -> Emission {
    serde_json::from_value(program(&["emit", "-o", "json"])).unwrap()
}

/// Inputs of which nothing is odd: each with what is observed of it.
fn inputs() -> Vec<(PathBuf, Option<PathBuf>)> {
    let yaml = |folder: &str| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = yaml("examples/xr").chain(yaml("tests/render/cases"));
    let inputs = paths.filter(|path| !path.to_string_lossy().ends_with(".observed.yaml"));
    inputs.map(|path| (path.clone(), Some(path.with_extension("observed.yaml")).filter(|path| path.exists()))).collect()
}

#[test]
fn exactly_what_is_composed_is_activated() {
    let mut composed = BTreeSet::new();
    for (input, observed) in inputs() {
        let mut arguments = vec!["render", input.to_str().unwrap(), "-o", "json"];
        if let Some(observed) = &observed {
            arguments.extend(["--observed", observed.to_str().unwrap()]);
        }
        let rendered = program(&arguments);
        for resource in rendered["resources"].as_object().unwrap().values() {
            let resource = &resource["resource"];
            let text = |name: &str| resource[name].as_str().unwrap().to_owned();
            if resource["spec"].get("forProvider").is_some() {
                composed
                    .insert((text("apiVersion").split('/').next().unwrap().to_owned(), text("kind").to_lowercase()));
            }
        }
    }
    assert!(!composed.is_empty());
    let emission = emission();
    let policy = emission.object("cluster/bootstrap/activation-policy.yaml").unwrap();
    let activated: BTreeSet<(String, String)> = policy["spec"]["activate"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| {
            let (plural, group) = name.as_str().unwrap().split_once('.').unwrap();
            let singular = match plural.strip_suffix("ies") {
                Some(stem) => format!("{stem}y"),
                None => plural.trim_end_matches('s').to_owned(),
            };
            (group.to_owned(), singular)
        })
        .collect();
    assert_eq!(activated, composed);
}

#[test]
fn definitions_say_what_their_files_say() {
    let emission = emission();
    for plural in ["networks", "sqlinstances", "eks"] {
        let file = format!("apis/{plural}/definition.yaml");
        let mut written: Value = yaml::from_str(&fs::read_to_string(&file).unwrap(), &file).unwrap();
        // As it is delivered through Argo CD, it says so.
        written["metadata"]["annotations"] = json!({ "argocd.argoproj.io/sync-options": "Prune=false,Delete=confirm" });
        assert_eq!(emission.object(&file), Some(&written), "{file}");
    }
}

#[test]
fn the_committed_compositions_are_those_that_are_emitted() {
    let emission = emission();
    for plural in ["networks", "sqlinstances", "eks"] {
        let file = format!("apis/{plural}/composition.yaml");
        let committed: Value = yaml::from_str(&fs::read_to_string(&file).unwrap(), &file).unwrap();
        assert_eq!(
            emission.object(&file),
            Some(&committed),
            "{file}: write it with `planewright build --only apis --out .`"
        );
    }
}

#[test]
fn the_configuration_holds_every_api_and_the_function_only_schemas() {
    let emission = emission();
    for package in &emission.packages {
        let kinds: Vec<&str> =
            package.contents.iter().map(|path| emission.object(path).unwrap()["kind"].as_str().unwrap()).collect();
        match package.kind {
            PackageKind::Function => assert_eq!(kinds, ["Function", "CustomResourceDefinition"]),
            PackageKind::Configuration => {
                let count = |kind: &str| kinds.iter().filter(|found| **found == kind).count();
                assert_eq!(kinds[0], "Configuration");
                assert_eq!((count("CompositeResourceDefinition"), count("Composition")), (3, 3));
                assert_eq!((count("ManagedResourceActivationPolicy"), kinds.len()), (1, 8));
            }
        }
    }
}

#[test]
fn what_is_printed_for_people_is_the_same_objects() {
    let output = Command::new(env!("CARGO_BIN_EXE_reference-platform")).arg("emit").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let printed: Vec<Value> = yaml::documents(&text).map(|document| yaml::read(&document, "emit").unwrap()).collect();
    let emitted: Vec<Value> = emission().files.into_iter().map(|file| file.object).collect();
    assert_eq!(printed, emitted);
}

/// What Kratix runs for a request, with the request of a network.
fn promised(request: &str, folder: &str) -> (Option<i32>, String) {
    let place = tempfile::tempdir().unwrap();
    let input = place.path().join("request.yaml");
    fs::write(&input, request).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_reference-platform"));
    let output =
        command.arg("promise").arg("--input").arg(&input).arg("--output").arg(place.path().join(folder)).output();
    let output = output.unwrap();
    let written = fs::read_to_string(place.path().join("composite-resource.yaml")).unwrap_or_default();
    let said = String::from_utf8(output.stderr).unwrap().replace(&place.path().display().to_string(), ".");
    (output.status.code(), if written.is_empty() { said } else { written })
}

#[test]
fn a_request_of_a_promise_becomes_the_composite_resource_that_a_user_would_write() {
    let file = "examples/xr/network.yaml";
    let composite: Value = yaml::from_str(&fs::read_to_string(file).unwrap(), file).unwrap();
    let mut request = composite.clone();
    request["apiVersion"] = "promise.aws.platform.upbound.io/v1alpha1".into();
    request["metadata"]["labels"] = serde_json::json!({ "kratix.io/work": "1" });
    let (code, written) = promised(&yaml::to_string(&request).unwrap(), "");
    assert_eq!((code, yaml::from_str::<Value>(&written, "written").unwrap()), (Some(0), composite));

    let (code, said) = promised(&yaml::to_string(&request).unwrap(), "missing");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("check that the folder is there"), "{said}");
    request["spec"]["parameters"]["regoin"] = "eu".into();
    let (code, said) = promised(&yaml::to_string(&request).unwrap(), "");
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.starts_with("error: ./request.yaml: Network \"shop\": spec.parameters.regoin: unknown field"),
        "{said}"
    );
    assert_eq!(promised("[", "").0, Some(2));
}

#[test]
fn a_configuration_of_a_pinned_kind_is_written_as_its_type() {
    let secret = |name: Option<&str>| SecretRef {
        namespace: Some("shops".to_owned()),
        name: name.map(str::to_owned),
        key: Some("kubeconfig".to_owned()),
    };
    let config = |secret: SecretRef| {
        let credentials =
            Credentials { source: Some(Source::Secret), secret_ref: Some(secret), ..Credentials::default() };
        let spec = Spec { credentials: Some(credentials), ..Spec::default() };
        ProviderConfig::of("cluster", &helm::ProviderConfig { spec: Some(spec), ..helm::ProviderConfig::default() })
    };
    let emit = |config: ProviderConfig| {
        let package = Package::new("registry.example.org/acme/networks").provider_config(config);
        let platform = Platform::new("networks", "1.2.3").package(package);
        platform.composition(Composition::new("network", network::network)).emit()
    };
    let emission = emit(config(secret(Some("login"))).in_namespace("shops")).unwrap();
    let written = emission.object("cluster/core/provider-config-helm-m-crossplane-io-shops-cluster.yaml").unwrap();
    assert_eq!((&written["kind"], &written["metadata"]["namespace"]), (&"ProviderConfig".into(), &"shops".into()));
    assert_eq!(
        written["spec"]["credentials"],
        serde_json::json!({
            "source": "Secret", "secretRef": { "key": "kubeconfig", "name": "login", "namespace": "shops" },
        })
    );
    let refused = |config: ProviderConfig| emit(config).unwrap_err().to_string();
    assert!(refused(config(secret(None)).in_namespace("shops")).contains("it lacks spec.credentials.secretRef.name"));
    assert!(refused(config(secret(Some("login")))).contains(r#""" is no namespace"#), "it lives in one");
    let vpc = ProviderConfig::of("x", &aws::ec2::VPC::default()).in_namespace("shops");
    assert!(refused(vpc).contains("a VPC is no configuration of a provider"));
}
