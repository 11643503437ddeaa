//! What `SQLInstance` promises.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use planewright::platform::Composition;
use planewright::render::Rendered;
use planewright::state::Ready;
use planewright::testing::Scenario;
use reference_platform::sql_instance::sql_instance;
use serde_json::{Value, json};

const INSTANCE: &str = "RDSInstanceSmall";
const SUBNETS: &str = "compositeSQLInstanceDbSubnetGroup";

/// A database with further parameters, in flow style.
fn scenario(parameters: &str) -> Scenario {
    Scenario::new(&format!(
        "apiVersion: aws.platform.upbound.io/v1alpha1\nkind: SQLInstance\n\
         metadata: {{name: ledger, namespace: accounts}}\n\
         spec: {{parameters: {{region: eu-north-1, engine: mariadb, engineVersion: '11.8', storageGB: 25, \
         networkRef: {{id: quay}}, passwordSecretRef: {{name: ledger-master, key: pass}}{parameters}}}}}\n"
    ))
}

fn composition() -> Composition {
    Composition::new("sql_instance", sql_instance)
}

#[track_caller]
fn render(scenario: &Scenario) -> Rendered {
    let rendered = scenario.render(&composition());
    assert_eq!(rendered.fatal, None);
    assert_eq!(rendered.resources.keys().collect::<Vec<_>>(), [INSTANCE, SUBNETS]);
    rendered
}

fn at<'a>(rendered: &'a Rendered, key: &str, pointer: &str) -> Option<&'a Value> {
    rendered.resources[key].resource.pointer(pointer)
}

/// The database as it was created, once the provider has reported `status`.
fn created(status: &str) -> Scenario {
    let scenario = scenario("");
    let first = render(&scenario);
    scenario.observe_rendered(&first).observe_fields(INSTANCE, &format!("status: {status}"))
}

#[test]
fn the_server_is_what_the_parameters_say() {
    let rendered = render(&scenario(""));
    let parameters = at(&rendered, INSTANCE, "/spec/forProvider").unwrap();
    let expected = [
        ("region", json!("eu-north-1")),
        ("engine", json!("mariadb")),
        ("engineVersion", json!("11.8")),
        ("allocatedStorage", json!(25)),
        ("passwordSecretRef", json!({"name": "ledger-master", "key": "pass"})),
        ("publiclyAccessible", json!(false)),
    ];
    for (field, value) in expected {
        assert_eq!(parameters[field], value, "{field}");
    }
    assert_eq!(at(&rendered, INSTANCE, "/spec/writeConnectionSecretToRef"), Some(&json!({"name": "ledger-sql"})));
    assert_eq!(at(&rendered, SUBNETS, "/spec/forProvider/region"), Some(&json!("eu-north-1")));
}

#[test]
fn whether_the_password_is_made_up_is_passed_on_as_it_was_said() {
    let said = |parameters: &str| {
        let rendered = render(&scenario(parameters));
        at(&rendered, INSTANCE, "/spec/forProvider/autoGeneratePassword").cloned()
    };
    assert_eq!(said(""), None);
    assert_eq!(said(", autoGeneratePassword: false"), Some(json!(false)));
    assert_eq!(said(", autoGeneratePassword: true"), Some(json!(true)));
}

#[test]
fn policies_and_provider_config_are_those_of_the_database() {
    let of_both = |parameters: &str, pointer: &str| {
        let rendered = render(&scenario(parameters));
        let instance = at(&rendered, INSTANCE, pointer).cloned();
        assert_eq!(at(&rendered, SUBNETS, pointer), instance.as_ref(), "{parameters}");
        instance
    };
    let policies = "/spec/managementPolicies";
    assert_eq!(of_both(", managementPolicies: [Observe]", policies), Some(json!(["Observe"])));
    assert_eq!(of_both(", managementPolicies: []", policies), Some(json!(["*"])));
    assert_eq!(of_both("", policies), Some(json!(["*"])));
    let config = "/spec/providerConfigRef";
    assert_eq!(of_both("", config), Some(json!({"kind": "ProviderConfig", "name": "default"})));
    assert_eq!(of_both(", providerConfigName: ''", config), None);
}

#[test]
fn the_network_is_found_by_its_id_and_may_be_missing() {
    let network = json!({"matchLabels": {"networks.aws.platform.upbound.io/network-id": "quay"}});
    // The provider cannot resolve its selectors, and says so.
    let missing = created("{conditions: [{type: Synced, status: 'False', reason: ReconcileError}]}");
    for rendered in [render(&scenario("")), render(&missing)] {
        assert_eq!(at(&rendered, SUBNETS, "/spec/forProvider/subnetIdSelector"), Some(&network));
        assert_eq!(at(&rendered, INSTANCE, "/spec/forProvider/vpcSecurityGroupIdSelector"), Some(&network));
        // The subnet group is the database's own, not the network's.
        let controlled = json!({"matchControllerRef": true});
        assert_eq!(at(&rendered, INSTANCE, "/spec/forProvider/dbSubnetGroupNameSelector"), Some(&controlled));
        assert!(rendered.connection.is_empty());
    }
}

#[test]
fn the_connection_details_are_published_together_and_whole() {
    let reported = "{atProvider: {endpoint: 'ledger.rds.example:3306', address: ledger.rds.example}}";
    let rendered = render(&created(reported).connection_detail(INSTANCE, "password", "s3cret/="));
    let details: Vec<_> = rendered.connection.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let expected: [(&str, &[u8]); 4] = [
        ("endpoint", b"ledger.rds.example:3306"),
        ("host", b"ledger.rds.example"),
        ("password", b"s3cret/="),
        ("username", b"masteruser"),
    ];
    assert_eq!(details, expected);
    // Any of them may be late.
    assert!(render(&created(reported)).connection.is_empty());
    let without_address = created("{atProvider: {endpoint: 'ledger.rds.example:3306'}}");
    assert!(render(&without_address.connection_detail(INSTANCE, "password", "x")).connection.is_empty());
    assert!(render(&created("{}").connection_detail(INSTANCE, "password", "x")).connection.is_empty());
}

#[test]
fn readiness_is_left_to_what_comes_later_in_the_pipeline() {
    let ready = "{conditions: [{type: Ready, status: 'True'}], atProvider: {id: db-1}}";
    for one in render(&created(ready)).resources.values() {
        assert_eq!(one.ready, Ready::Unspecified);
    }
    let judged = created(ready).render(&composition().auto_ready());
    assert_eq!(judged.resources[INSTANCE].ready, Ready::True);
    assert_ne!(judged.resources[SUBNETS].ready, Ready::True);
}
