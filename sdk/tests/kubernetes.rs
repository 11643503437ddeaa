//! Kubernetes types as composed resources.

mod support;

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{Namespace, Secret, Service};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use planewright::path;
use serde_json::json;
use support::world::*;

#[test]
fn they_are_composed_as_they_are() {
    let response = run(with(&[]), |cx| {
        let secret = Secret {
            metadata: ObjectMeta { name: Some("s".to_owned()), ..Default::default() },
            data: Some(BTreeMap::from([("password".to_owned(), ByteString(b"s3cret".to_vec()))])),
            ..Default::default()
        };
        cx.resource("secret", secret);
        let spec = DeploymentSpec { replicas: Some(2), ..Default::default() };
        cx.resource("deployment", Deployment { spec: Some(spec), ..Default::default() });
        Ok(())
    });
    assert_eq!(said(&response), "");
    let resources: Vec<_> = response.composed.values().map(|composed| composed.resource.to_string()).collect();
    insta::assert_snapshot!(resources.join("\n"), @r#"
    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{},"spec":{"replicas":2,"selector":{},"template":{}}}
    {"apiVersion":"v1","kind":"Secret","data":{"password":"czNjcmV0"},"metadata":{"name":"s"}}
    "#);
    assert!(!format!("{response:?}").contains("s3cret"));
}

#[test]
fn their_fields_are_read_by_path() {
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
        "status": {"loadBalancer": {"ingress": [{"hostname": "web.example.org"}]}},
    });
    run(with(&[("service", service)]), |cx| {
        let service = cx.resource("service", Service::default());
        let hostname = service.read(path!(status.load_balancer.ingress[0].hostname));
        assert_eq!(hostname.known().as_deref(), Some("web.example.org"));
        assert_eq!(service.read(path!(metadata.name)).known().as_deref(), Some("web"));
        assert_eq!(
            format!("{:?}", service.read(path!(spec.external_name))),
            "Pending(service: spec.externalName)",
            "a name that nobody generated is in camel case, as Kubernetes writes it"
        );
        service.ready_when(|service| service.status.is_some());
        Ok(())
    });
}

#[test]
fn a_cluster_scoped_one_is_refused_and_a_broken_one_is_not_quoted() {
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "data": {"password": 5, "other": "!!"}});
    let response = run(with(&[("secret", secret)]), |cx| {
        cx.resource("namespace", Namespace::default());
        cx.resource("secret", Secret::default()).ready_when(|_| true);
        Ok(())
    });
    insta::assert_snapshot!(said(&response), @r#"
    Fatal: composed resource "namespace": Namespace is cluster-scoped, and Store, which lives in a namespace, cannot compose it: Crossplane refuses to apply it; compose a namespaced kind, or make Store cluster-scoped in its definition
    Fatal: observed composed resource "secret": it is not a Secret; the installed kind differs from the schema this platform was built from: build it from the schema of the installed provider
    "#);
}
