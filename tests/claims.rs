//! Claims from the claim-builder crate: deterministic, valid, read back whole, and accepted by the platform.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use planewright::platform::Composition;
use planewright::testing::{Scenario, insta};
use reference_claims::network::{ManagementPolicies, Parameters, Spec, Subnets, Type};
use reference_claims::{ClaimError, Network};
use reference_platform::network::network;
use serde_json::Value;

fn orders() -> Network {
    let subnets = [("eu-west-1a", Type::Public, "10.0.0.0/24"), ("eu-west-1b", Type::Private, "10.0.1.0/24")];
    let subnets = subnets.map(|(zone, side, block)| Subnets::new(zone, side, block));
    let parameters = Parameters::new("orders", "eu-west-1")
        .vpc_cidr_block("10.0.0.0/16")
        .management_policies([ManagementPolicies::Observe, ManagementPolicies::Create])
        .subnets(subnets);
    Network::new("orders", Spec::new(parameters))
        .namespace("orders-team")
        .label("team", "orders")
        .annotation("why", "no")
}

#[test]
fn a_claim_says_what_was_set_and_nothing_else() {
    insta::assert_snapshot!(orders().to_yaml().unwrap(), @r#"
    apiVersion: aws.platform.upbound.io/v1alpha1
    kind: Network
    metadata:
      name: orders
      namespace: orders-team
      labels:
        team: orders
      annotations:
        why: "no"
    spec:
      parameters:
        id: orders
        region: eu-west-1
        managementPolicies:
        - Observe
        - Create
        vpcCidrBlock: 10.0.0.0/16
        subnets:
        - availabilityZone: eu-west-1a
          type: public
          cidrBlock: 10.0.0.0/24
        - availabilityZone: eu-west-1b
          type: private
          cidrBlock: 10.0.1.0/24
    "#);
    let least = Network::new("least", Spec::new(Parameters::new("least", "eu-west-1")));
    insta::assert_snapshot!(least.to_yaml().unwrap(), @r#"
    apiVersion: aws.platform.upbound.io/v1alpha1
    kind: Network
    metadata:
      name: least
    spec:
      parameters:
        id: least
        region: eu-west-1
    "#);
}

#[test]
fn the_same_claim_is_the_same_bytes_and_is_read_back_whole() {
    let yaml = orders().to_yaml().unwrap();
    assert_eq!(orders().to_yaml().unwrap(), yaml);
    let read = Network::from_yaml(&yaml).unwrap();
    assert_eq!(read, orders());
    assert_eq!(read.to_yaml().unwrap(), yaml);
}

/// Whoever wrote it before, and in whatever order: the fields come in the order of the definition, maps by their keys.
#[test]
fn a_claim_is_written_in_the_order_of_its_schema() {
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(map) => map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
            Value::Array(items) => items.iter().map(reversed).collect(),
            other => other.clone(),
        }
    }
    let claim = orders().label("app", "orders").annotation("a", "b");
    let yaml = claim.to_yaml().unwrap();
    let value: Value = planewright_definitions::yaml::from_str(&yaml, "").unwrap();
    let other_way_round = planewright_definitions::yaml::to_string(&reversed(&value)).unwrap();
    assert!(other_way_round.starts_with("spec:\n  parameters:\n    subnets:\n    - cidrBlock:"), "{other_way_round}");
    assert_eq!(Network::from_yaml(&other_way_round).unwrap().to_yaml().unwrap(), yaml);
    assert!(
        yaml.contains("  labels:\n    app: orders\n    team: orders\n  annotations:\n    a: b\n    why:"),
        "{yaml}"
    );
}

#[test]
fn what_the_schema_refuses_is_not_written() {
    let mut claim = orders();
    claim.spec.parameters.management_policies = Some(Vec::new());
    assert!(claim.to_yaml().is_ok(), "an empty list is a list");
    claim.metadata.other.insert("nonsense".to_owned(), true.into());
    let ClaimError::Refused(reasons) = claim.to_yaml().unwrap_err() else { panic!("it was not judged") };
    insta::assert_snapshot!(reasons.join("\n"), @"  metadata.nonsense: unknown field `nonsense`; remove it; the fields here are `annotations`, `creationTimestamp`, `deletionGracePeriodSeconds`, `deletionTimestamp`, `finalizers`, `generateName`, `generation`, `labels`, `managedFields`, `name`, `namespace`, `ownerReferences` and 3 more");
}

#[test]
fn another_kind_or_an_unknown_field_is_not_read() {
    let yaml = orders().to_yaml().unwrap();
    insta::assert_snapshot!(Network::from_yaml(&yaml.replace("kind: Network", "kind: Net")).unwrap_err(), @r#"
    error: unknown variant `Net`, expected one of Network
     --> claim:2:7
      |
    1 | apiVersion: aws.platform.upbound.io/v1alpha1
    2 | kind: Net
      |       ^^^
      |
      = help: write here what the definition of this kind asks for
    "#);
    insta::assert_snapshot!(Network::from_yaml(&yaml.replace("region:", "regoin:")).unwrap_err(), @r#"
    error: unknown field `regoin`, expected one of id, region, managementPolicies, providerConfigName, vpcCidrBlock, subnets
      --> claim:13:5
       |
    11 |   parameters:
    12 |     id: orders
    13 |     regoin: eu-west-1
       |     ^^^^^^
       |
       = help: write here what the definition of this kind asks for
    "#);
}

#[test]
fn the_platform_renders_what_a_service_writes() {
    let rendered = Scenario::new(&orders().to_yaml().unwrap()).render(&Composition::new("network", network));
    assert_eq!(rendered.fatal, None);
    assert_eq!(rendered.resources.len(), 12);
    let vpc = &rendered.resources["vpc"].resource;
    assert_eq!(vpc.pointer("/spec/managementPolicies").unwrap(), &serde_json::json!(["Observe", "Create"]));
}
