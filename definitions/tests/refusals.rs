//! What is refused, and in which words. Each XRD here is a sound one with one thing wrong.

use planewright_definitions::admission::{admit, conflicts, refusals};
use planewright_definitions::refusal::Stage;
use serde_json::{Value, json};

/// A sound v2 XRD with `change` applied to it.
fn xrd(change: impl FnOnce(&mut Value)) -> Value {
    let mut xrd = json!({
        "apiVersion": "apiextensions.crossplane.io/v2",
        "kind": "CompositeResourceDefinition",
        "metadata": {"name": "loaves.bakery.example.com"},
        "spec": {
            "group": "bakery.example.com",
            "names": {"kind": "Loaf", "plural": "loaves"},
            "versions": [{
                "name": "v1",
                "served": true,
                "referenceable": true,
                "schema": {"openAPIV3Schema": {
                    "type": "object",
                    "properties": {"spec": {"type": "object", "properties": {}}},
                }},
            }],
        },
    });
    change(&mut xrd);
    xrd
}

/// The same with a property `spec.a` of a schema.
fn with_property(schema: Value) -> Value {
    xrd(|xrd| {
        xrd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["a"] = schema;
    })
}

/// A v1 XRD that offers a claim.
fn legacy(change: impl FnOnce(&mut Value)) -> Value {
    xrd(|xrd| {
        xrd["apiVersion"] = json!("apiextensions.crossplane.io/v1");
        xrd["spec"]["claimNames"] = json!({"kind": "LoafClaim", "plural": "loafclaims"});
        change(xrd);
    })
}

fn refused(xrd: &Value) -> String {
    match admit(xrd) {
        Ok(_) => "admitted".to_owned(),
        Err(refusals) => refusals.to_string().replace("spec.versions[0].schema.openAPIV3Schema.properties[spec]", "…"),
    }
}

#[test]
fn sound_definitions_are_admitted() {
    assert_eq!(refused(&xrd(|_| {})), "admitted");
    assert_eq!(refused(&legacy(|_| {})), "admitted");
}

#[test]
fn what_is_no_xrd() {
    insta::assert_snapshot!(refused(&json!("loaf")), @r"
    Invalid value: an object is required (the API server refuses it)
      remedy: start with apiVersion and kind
    ");
    insta::assert_snapshot!(refused(&json!({})), @r#"
    apiVersion: Invalid value: "": no version of the XRD API (the API server refuses it)
      remedy: set apiextensions.crossplane.io/v2 or apiextensions.crossplane.io/v1
    kind: Invalid value: "": must be CompositeResourceDefinition (the API server refuses it)
      remedy: set kind: CompositeResourceDefinition
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["apiVersion"] = json!("apiextensions.crossplane.io/v3"))), @r#"
    apiVersion: Invalid value: "apiextensions.crossplane.io/v3": no version of the XRD API (the API server refuses it)
      remedy: set apiextensions.crossplane.io/v2 or apiextensions.crossplane.io/v1
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["kind"] = json!("Composition"))), @r#"
    kind: Invalid value: "Composition": must be CompositeResourceDefinition (the API server refuses it)
      remedy: set kind: CompositeResourceDefinition
    "#);
}

#[test]
fn metadata() {
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["metadata"]["name"] = json!("loaf.bakery.example.com"))), @r#"
    metadata.name: Invalid value: "loaf.bakery.example.com": must be spec.names.plural+"."+spec.group (Crossplane cannot create the CRD)
      remedy: set metadata.name to loaves.bakery.example.com
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["metadata"] = json!({"name": "Loaves", "lables": {}}))), @r#"
    metadata.lables: strict decoding error: unknown field "metadata.lables" (the API server refuses it)
      remedy: remove it, or correct its name
    metadata.name: Invalid value: "Loaves": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*') (the API server refuses it)
      remedy: name it <plural>.<group>, all in lower case
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["metadata"]["labels"] = json!({"a b": "c d", "n": 1}))), @r#"
    metadata.labels[n]: Invalid value: 1: must be a string (the API server refuses it)
      remedy: quote it
    metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') (the API server refuses it)
      remedy: correct the key of the label
    metadata.labels: Invalid value: "c d": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?') (the API server refuses it)
      remedy: correct the value of the label "a b"
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["metadata"] = json!({"labels": {"/x": "-"}}))), @r#"
    spec.metadata.labels: Invalid value: "/x": prefix part must be non-empty (Crossplane cannot create the CRD)
      remedy: correct the key of the label
    spec.metadata.labels: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?') (Crossplane cannot create the CRD)
      remedy: correct the value of the label "/x"
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| { xrd.as_object_mut().unwrap().remove("metadata"); })), @r"
    metadata.name: Required value: name or generateName is required (the API server refuses it)
      remedy: name it <plural>.<group>
    ");
}

#[test]
fn fields_of_the_xrd() {
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["defaultComposition"] = json!({"name": "x"}))), @r#"
    spec.defaultComposition: strict decoding error: unknown field "spec.defaultComposition" (the API server refuses it)
      remedy: remove it, or correct its name: names are case sensitive
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["scope"] = json!("LegacyCluster"))), @r#"
    spec.scope: Unsupported value: "LegacyCluster": supported values: "Namespaced", "Cluster" (the API server refuses it)
      remedy: choose one of the supported values
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"][0]["served"] = json!("yes"))), @r#"
    spec.versions[0].served: Invalid value: "string": spec.versions[0].served in body must be of type boolean: "string" (the API server refuses it)
      remedy: correct the value
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["names"] = json!({"plural": "loaves"}))), @r"
    spec.names.kind: Required value (the API server refuses it)
      remedy: add the field
    ");
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"] = json!({"v1": {}}))), @r#"
    spec.versions.v1: strict decoding error: unknown field "spec.versions.v1" (the API server refuses it)
      remedy: remove it, or correct its name: names are case sensitive
    spec.versions: Invalid value: "object": spec.versions in body must be of type array: "object" (the API server refuses it)
      remedy: correct the value
    "#);
}

#[test]
fn claims() {
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["claimNames"] = json!({"kind": "C", "plural": "cs"}))), @r"
    spec: Invalid value: Claims aren't supported in apiextensions.crossplane.io/v2 (the API server refuses it)
      remedy: remove claimNames, or define the XR with apiextensions.crossplane.io/v1 and scope: LegacyCluster
    ");
    insta::assert_snapshot!(refused(&legacy(|xrd| xrd["spec"]["scope"] = json!("Cluster"))), @r"
    spec: Invalid value: Only LegacyCluster composite resources can offer claims (the API server refuses it)
      remedy: remove claimNames, or define the XR with apiextensions.crossplane.io/v1 and scope: LegacyCluster
    ");
    insta::assert_snapshot!(refused(&legacy(|xrd| xrd["spec"]["claimNames"]["kind"] = json!("Loaf"))), @r#"
    spec.claimNames.kind: invalid resource claim names: "Loaf" conflicts with composite resource name (Crossplane cannot create the CRD)
      remedy: name the claim differently from the XR, for example XLoaf for the XR
    "#);
    insta::assert_snapshot!(refused(&legacy(|xrd| xrd["spec"]["claimNames"]["shortNames"] = json!(["loaf"]))), @r#"
    spec.names.singular: "loaf" is already in use by the claim: not all names are accepted (the API is never established)
      remedy: choose a name that no other kind of the group has
    "#);
}

#[test]
fn names_and_groups() {
    insta::assert_snapshot!(
        refused(&xrd(|xrd| {
            xrd["metadata"]["name"] = json!("Loaves.bakery.example.com");
            xrd["spec"]["names"]["plural"] = json!("Loaves");
        })),
        @r#"
    metadata.name: Invalid value: "Loaves.bakery.example.com": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*') (the API server refuses it)
      remedy: name it <plural>.<group>, all in lower case
    spec.names: Invalid value: Plural name must be lowercase (the API server refuses it)
      remedy: write loaves
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["names"]["listKind"] = json!("Loaf"))), @r#"
    spec.names.listKind: Invalid value: "Loaf": kind and listKind may not be the same (Crossplane cannot create the CRD)
      remedy: remove it: it is LoafList by default
    "#);
    insta::assert_snapshot!(
        refused(&xrd(|xrd| {
            xrd["metadata"]["name"] = json!("loaves.k8s.io");
            xrd["spec"]["group"] = json!("k8s.io");
        })),
        @r#"
    spec.metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111 (Crossplane cannot create the CRD)
      remedy: use a group of a domain of your own
    "#);
}

#[test]
fn versions() {
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"] = json!([]))), @r"
    spec.versions: Invalid value: []: must have exactly one version marked as storage version (Crossplane cannot create the CRD)
      remedy: mark exactly one version with referenceable: true: XRs are stored at that one
    ");
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"][0]["served"] = json!(false))), @r#"
    spec.versions[0].served: the referenceable version "v1" is not served, so the XRD is never established (the API is never established)
      remedy: set served: true
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"][0]["name"] = json!("1"))), @r#"
    spec.versions[0].name: Invalid value: "1": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?') (Crossplane cannot create the CRD)
      remedy: name it like v1, v1beta2 or v2alpha1
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"][0]["schema"] = json!(null))), @r"
    spec.versions[0].schema: custom resource validation cannot be nil (Crossplane cannot create the CRD)
      remedy: give the version a schema: schema.openAPIV3Schema with type: object
    ");
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"][0]["schema"] = json!({}))), @r"
    spec.versions[0].schema.openAPIV3Schema: cannot parse validation schema: it is missing (Crossplane cannot create the CRD)
      remedy: give the version a schema: schema.openAPIV3Schema with type: object
    ");
    insta::assert_snapshot!(
        refused(&xrd(|xrd| {
            let first = xrd["spec"]["versions"][0].clone();
            xrd["spec"]["versions"].as_array_mut().unwrap().push(first);
        })),
        @r#"
    spec.versions: Invalid value: "v1": must contain unique version names (Crossplane cannot create the CRD)
      remedy: rename or remove the second v1
    spec.versions: Invalid value: ["v1","v1"]: must have exactly one version marked as storage version (Crossplane cannot create the CRD)
      remedy: mark exactly one version with referenceable: true: XRs are stored at that one
    "#);
    insta::assert_snapshot!(refused(&xrd(|xrd| xrd["spec"]["versions"][0]["deprecationWarning"] = json!("x"))), @r#"
    spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions (Crossplane cannot create the CRD)
      remedy: set deprecated: true, or remove the warning
    "#);
    insta::assert_snapshot!(
        refused(&xrd(|xrd| {
            xrd["spec"]["versions"][0]["additionalPrinterColumns"] =
                json!([{"name": "A", "type": "text", "jsonPath": "spec.a", "format": "roman"}]);
            xrd["spec"]["versions"][0]["subresources"] =
                json!({"scale": {"specReplicasPath": ".spec.n", "statusReplicasPath": ".spec.n"}});
        })),
        @r#"
    spec.versions[0].additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string (Crossplane cannot create the CRD)
      remedy: set one of these types
    spec.versions[0].additionalPrinterColumns[0].format: Invalid value: "roman": must be one of byte,date,date-time,double,float,int32,int64,password (Crossplane cannot create the CRD)
      remedy: set one of these formats, or remove it
    spec.versions[0].additionalPrinterColumns[0].jsonPath: Invalid value: "spec.a": must be a simple json path starting with . (Crossplane cannot create the CRD)
      remedy: write .spec.a
    spec.versions[0].subresources.scale.statusReplicasPath: Invalid value: ".spec.n": should be a json path under .status (Crossplane cannot create the CRD)
      remedy: set a path such as .status.replicas
    "#);
}

#[test]
fn schemas_that_go_cannot_read() {
    insta::assert_snapshot!(refused(&with_property(json!("string"))), @r"
    ….properties[a]: cannot parse validation schema: must be a schema (an object), not a string (Crossplane cannot create the CRD)
      remedy: write the keyword as OpenAPI v3 has it, or remove it
    ");
    insta::assert_snapshot!(refused(&with_property(json!({"type": ["string", "null"], "maxLength": 1.5}))), @r"
    ….properties[a].type: cannot parse validation schema: must be a string, not a list (Crossplane cannot create the CRD)
      remedy: write the keyword as OpenAPI v3 has it, or remove it
    ….properties[a].maxLength: cannot parse validation schema: must be a whole number, not the number 1.5 (Crossplane cannot create the CRD)
      remedy: write the keyword as OpenAPI v3 has it, or remove it
    ");
    insta::assert_snapshot!(refused(&with_property(json!({"type": "array", "items": [{"type": "string"}]}))), @r"
    ….properties[a].items: Forbidden: items must be a schema object and not an array (Crossplane cannot create the CRD)
      remedy: give one schema for all items
    ");
    insta::assert_snapshot!(refused(&with_property(json!({"$ref": "#/definitions/a"}))), @r"
    ….properties[a].$ref: Forbidden: $ref is not supported (Crossplane cannot create the CRD)
      remedy: write the referenced schema out where it is used
    ");
}

#[test]
fn structure() {
    insta::assert_snapshot!(refused(&with_property(json!({}))), @r"
    ….properties[a].type: Required value: must not be empty for specified object fields (Crossplane cannot create the CRD)
      remedy: set the type; for any value, x-kubernetes-preserve-unknown-fields: true without one
    ");
    insta::assert_snapshot!(refused(&with_property(json!({"type": "array"}))), @r"
    ….properties[a].items: Required value: must be specified (Crossplane cannot create the CRD)
      remedy: say of what the list is: items: {type: …}
    ");
    insta::assert_snapshot!(refused(&with_property(json!({"type": "string", "pattern": "(?=a)"}))), @r#"
    ….properties[a].pattern: Invalid value: "(?=a)": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: `(?=` (Crossplane cannot create the CRD)
      remedy: write the pattern in RE2 syntax: no look-around, no back references
    "#);
    insta::assert_snapshot!(
        refused(&with_property(json!({"type": "object", "oneOf": [{"type": "object", "description": "d"}]}))),
        @r"
    ….properties[a].oneOf[0].type: Forbidden: must be empty to be structural (Crossplane cannot create the CRD)
      remedy: declare it outside of anyOf, oneOf, allOf and not, where only constraints of values may stand
    ….properties[a].oneOf[0].description: Forbidden: must be empty to be structural (Crossplane cannot create the CRD)
      remedy: declare it outside of anyOf, oneOf, allOf and not, where only constraints of values may stand
    ");
    insta::assert_snapshot!(
        refused(&with_property(json!({"type": "object", "x-kubernetes-embedded-resource": true}))),
        @r"
    ….properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields (Crossplane cannot create the CRD)
      remedy: add x-kubernetes-preserve-unknown-fields: true, or the properties of the resource
    ");
}

#[test]
fn keywords() {
    insta::assert_snapshot!(refused(&with_property(json!({"type": "any"}))), @r#"
    ….properties[a].type: Unsupported value: "any": supported values: "array", "boolean", "integer", "number", "object", "string" (Crossplane cannot create the CRD)
      remedy: set one of these types
    "#);
    insta::assert_snapshot!(
        refused(&with_property(json!({
            "type": "object", "properties": {"x": {"type": "string"}}, "additionalProperties": {"type": "string"},
        }))),
        @r"
    ….properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive (Crossplane cannot create the CRD)
      remedy: an object has either known fields (properties) or any keys (additionalProperties)
    ");
    insta::assert_snapshot!(
        refused(&with_property(json!({
            "type": "array", "items": {"type": "object", "properties": {"k": {"type": "string"}}},
            "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k", "z"],
        }))),
        @r#"
    ….properties[a].x-kubernetes-list-map-keys: Invalid value: ["k","z"]: entries must all be names of item properties (Crossplane cannot create the CRD)
      remedy: declare the property "z" of the items, or remove the key
    ….properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property (Crossplane cannot create the CRD)
      remedy: add "k" to required of the items
    "#);
    insta::assert_snapshot!(
        refused(&with_property(json!({"type": "string", "x-kubernetes-validations": [
            {"rule": " ", "reason": "Because"},
            {"rule": "self != ''", "message": "a\nb", "fieldPath": ".x", "optionalOldSelf": true},
        ]}))),
        @r#"
    ….properties[a].x-kubernetes-validations[0].rule: Required value: rule is not specified (Crossplane cannot create the CRD)
      remedy: write the CEL expression
    ….properties[a].x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired" (Crossplane cannot create the CRD)
      remedy: choose one of these, or remove it
    ….properties[a].x-kubernetes-validations[1].message: Invalid value: "a\nb": must not contain line breaks (Crossplane cannot create the CRD)
      remedy: write the message on one line
    ….properties[a].x-kubernetes-validations[1].fieldPath: Invalid value: ".x": must be a valid path (Crossplane cannot create the CRD)
      remedy: name a field below the rule's own place, such as .spec.size or .labels['a.b']
    ….properties[a].x-kubernetes-validations[1].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule (Crossplane cannot create the CRD)
      remedy: use oldSelf in the rule, or remove optionalOldSelf
    "#);
}

#[test]
fn defaults() {
    insta::assert_snapshot!(refused(&with_property(json!({"type": "integer", "default": "1"}))), @r#"
    ….properties[a].default: Invalid value: "string":  in body must be of type integer: "string" (Crossplane cannot create the CRD)
      remedy: make the default a value that the schema allows
    "#);
    insta::assert_snapshot!(refused(&with_property(json!({"type": "string", "enum": ["a"], "default": "b"}))), @r#"
    ….properties[a].default: Unsupported value: "b": supported values: "a" (Crossplane cannot create the CRD)
      remedy: make the default a value that the schema allows
    "#);
    insta::assert_snapshot!(
        refused(&with_property(json!({
            "type": "object", "required": ["x"], "default": {"y": 1}, "properties": {"x": {"type": "string"}},
        }))),
        @r#"
    ….properties[a].default: Invalid value: {"y":1}: must not have unknown fields (Crossplane cannot create the CRD)
      remedy: declare the fields, or remove them from the default: they would be dropped
    ….properties[a].default.x: Required value (Crossplane cannot create the CRD)
      remedy: make the default a value that the schema allows
    "#);
}

#[test]
fn names_that_are_taken() {
    let one = admit(&xrd(|_| {})).unwrap().composite;
    let other = admit(&xrd(|xrd| {
        xrd["metadata"]["name"] = json!("breads.bakery.example.com");
        xrd["spec"]["names"] = json!({"kind": "Loaf", "plural": "breads"});
    }));
    let found = conflicts(&[one.clone(), other.unwrap().composite]);
    insta::assert_snapshot!(found, @r#"
    spec.names.singular: "loaf" is already in use by loaves.bakery.example.com: not all names are accepted (the API is never established)
      remedy: choose a name that no other kind of the group has
    spec.names.kind: "Loaf" is already in use by loaves.bakery.example.com: not all names are accepted (the API is never established)
      remedy: choose a name that no other kind of the group has
    spec.names.listKind: "LoafList" is already in use by loaves.bakery.example.com: not all names are accepted (the API is never established)
      remedy: choose a name that no other kind of the group has
    "#);
    assert!(conflicts(&[one.clone(), one]).0.is_empty(), "one definition twice is no conflict");
}

#[test]
fn a_crd_on_its_own() {
    let mut crd = admit(&xrd(|_| {})).unwrap().composite;
    assert!(refusals(&crd).0.is_empty());
    crd.spec.group = "nodots".into();
    insta::assert_snapshot!(refusals(&crd), @r#"
    metadata.name: Invalid value: "loaves.bakery.example.com": must be spec.names.plural+"."+spec.group (the API server refuses it)
      remedy: set metadata.name to loaves.nodots
    spec.group: Invalid value: "nodots": should be a domain with at least one dot (the API server refuses it)
      remedy: use a domain that you own, such as platform.example.org
    "#);
    assert!(refusals(&crd).0.iter().all(|refusal| refusal.stage == Stage::Apply));
}
