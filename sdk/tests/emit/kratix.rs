//! Promises of Kratix, and what becomes of requests.

use planewright::emit::{Delivery, Package};
use planewright::platform::{Composition, Platform};
use serde_json::{Value, json};

use crate::platform::{Shop, Stall, nothing, package, shown, told};

fn platform(package: Package) -> Platform {
    Platform::new("shops", "1.2.3")
        .package(package)
        .composition(Composition::new("shop", nothing::<Shop>))
        .composition(Composition::new("stall", nothing::<Stall>))
}

fn promised() -> Platform {
    platform(package().deliver(Delivery::kratix("crossplane", "true").destination("stage", "test")))
}

#[test]
fn a_promise_offers_each_api_and_requires_the_platform() {
    let emission = promised().emit().unwrap();
    let path = "delivery/kratix/promise-stalls.yaml";
    insta::assert_snapshot!(shown(&emission, path), @r#"
    apiVersion: platform.kratix.io/v1alpha1
    kind: Promise
    metadata:
      name: shops-stalls
      labels:
        kratix.io/promise-version: v1.2.3
    spec:
      destinationSelectors:
      - matchLabels:
          crossplane: "true"
          stage: test
      dependencies:
      - apiVersion: apiextensions.crossplane.io/v2
        kind: CompositeResourceDefinition
        metadata:
          name: stalls.example.org
        spec:
          group: example.org
          scope: Cluster
          names:
            kind: Stall
            plural: stalls
          versions:
          - name: v1beta1
            served: true
            referenceable: true
            schema:
              openAPIV3Schema:
                type: object
                description: A stall of a market.
                required:
                - spec
                properties:
                  spec:
                    type: object
                    properties:
                      metres:
                        type: integer
                        minimum: 1
      - apiVersion: apiextensions.crossplane.io/v1
        kind: Composition
        metadata:
          name: stall.example.org
        spec:
          compositeTypeRef:
            apiVersion: example.org/v1beta1
            kind: Stall
          mode: Pipeline
          pipeline:
          - step: stall
            functionRef:
              name: acme-function-shops
            input:
              apiVersion: fn.example.org/v1
              kind: CompositionInput
              composition: stall
              compositionVersion: v1.2.3
      api:
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: stalls.promise.example.org
        spec:
          group: promise.example.org
          names:
            plural: stalls
            singular: stall
            kind: Stall
            listKind: StallList
          scope: Namespaced
          versions:
          - name: v1beta1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                description: A stall of a market.
                type: object
                required:
                - spec
                properties:
                  spec:
                    type: object
                    properties:
                      metres:
                        type: integer
                        minimum: 1
      requiredPromises:
      - name: shops
        version: v1.2.3
      workflows:
        resource:
          configure:
          - apiVersion: platform.kratix.io/v1alpha1
            kind: Pipeline
            metadata:
              name: composite-resource
            spec:
              containers:
              - name: promise
                image: registry.example.org/acme/function-shops:v1.2.3
                args:
                - promise
    "#);
    let platform = emission.object("delivery/kratix/promise-platform.yaml").unwrap();
    assert_eq!(platform["spec"].get("api"), None);
    let kinds: Vec<&Value> =
        platform["spec"]["dependencies"].as_array().unwrap().iter().map(|object| &object["kind"]).collect();
    assert!(kinds.contains(&&json!("Function")) && kinds.contains(&&json!("ClusterRole")), "{kinds:?}");
    // Claims are what users write.
    let shops = &emission.object("delivery/kratix/promise-shops.yaml").unwrap()["spec"]["api"];
    assert_eq!(shops["metadata"]["name"], "shopclaims.promise.example.org");
    assert_eq!(shops["spec"]["names"]["kind"], "ShopClaim");
}

#[test]
fn a_request_becomes_what_it_asks_for() {
    let request = |kind: &str, version: &str| {
        json!({
            "apiVersion": format!("promise.example.org/{version}"), "kind": kind,
            "metadata": {
                "name": "corner", "namespace": "north", "uid": "1", "labels": { "kratix.io/x": "y" }, "finalizers": ["kratix.io/z"],
            },
            "status": { "message": "Pending" },
        })
    };
    let claim = promised().fulfil(&request("ShopClaim", "v1"));
    let expected = json!({
        "apiVersion": "example.org/v1", "kind": "ShopClaim", "metadata": { "name": "corner", "namespace": "north" },
    });
    assert_eq!(claim, Ok(expected));
    let mut asked = request("Stall", "v1beta1");
    asked["spec"] = json!({ "metres": 3 });
    let composite = promised().fulfil(&asked);
    let expected = json!({
        "apiVersion": "example.org/v1beta1", "kind": "Stall", "metadata": { "name": "north.corner" }, "spec": { "metres": 3 },
    });
    assert_eq!(composite, Ok(expected), "it has no namespace, and its name tells those of all namespaces apart");

    asked["spec"] = json!({ "metres": 3, "awning": true });
    insta::assert_snapshot!(promised().fulfil(&asked).unwrap_err(), @r#"Stall "north.corner": spec.awning: unknown field `awning`; remove it; the fields here are `metres`"#);
    insta::assert_snapshot!(promised().fulfil(&request("Stall", "v1")).unwrap_err(), @r#"nothing here offers "Stall" ("promise.example.org/v1"); install the Promises that this version of the platform emits"#);
    assert!(promised().fulfil(&json!([])).is_err());
}

#[test]
fn what_is_wrong_with_a_promise_is_told() {
    let package = package().deliver(Delivery::kratix("a b", "c"));
    insta::assert_snapshot!(told(platform(package)), @r#"
    error: delivery through Kratix: "a b": "c" cannot be the label of a Destination
     = help: keys are PREFIX/NAME; values have 63 letters, digits, - _ . at most
    "#);
}
