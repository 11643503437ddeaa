//! What Crossplane itself puts into the schema of every XR and claim: the fields that its core reads and writes.

use indexmap::IndexMap;
use serde_json::json;

use crate::schema::{Schema, SchemaOrBool};
use crate::xrd::{CompositeDeletePolicy, CompositionUpdatePolicy, XrScope};

type Properties = IndexMap<Box<str>, Schema>;

/// The properties that Crossplane sets in `spec` of an XR.
pub(super) fn composite_spec(scope: XrScope, update_policy: CompositionUpdatePolicy) -> Properties {
    let mut fields = selection();
    let mut policy = update_policy_field();
    policy.default = Some(json!(update_policy));
    fields.insert("compositionUpdatePolicy".into(), policy);
    fields.insert("resourceRefs".into(), resource_refs(scope));
    match scope {
        XrScope::LegacyCluster => {
            fields.insert("claimRef".into(), texts(&["apiVersion", "kind", "namespace", "name"]));
            fields.insert("writeConnectionSecretToRef".into(), texts(&["name", "namespace"]));
            fields
        }
        XrScope::Namespaced | XrScope::Cluster => {
            let machinery = Schema {
                description: Some("Configures how Crossplane will reconcile this composite resource".into()),
                ..object(&[], fields)
            };
            Properties::from([("crossplane".into(), machinery)])
        }
    }
}

/// The properties that Crossplane sets in `spec` of a claim.
pub(super) fn claim_spec(delete_policy: CompositeDeletePolicy) -> Properties {
    let mut fields = selection();
    fields.insert("compositionUpdatePolicy".into(), update_policy_field());
    fields.insert(
        "compositeDeletePolicy".into(),
        Schema {
            default: Some(json!(delete_policy)),
            enum_: vec![json!("Background"), json!("Foreground")],
            ..typed("string")
        },
    );
    fields.insert("resourceRef".into(), texts(&["apiVersion", "kind", "name"]));
    fields.insert("writeConnectionSecretToRef".into(), texts(&["name"]));
    fields
}

/// The properties that Crossplane sets in `status` of an XR. Claims have those of a legacy XR.
pub(super) fn status(scope: XrScope) -> Properties {
    let mut fields = Properties::from([("conditions".into(), conditions())]);
    if scope == XrScope::LegacyCluster {
        let published = Schema { format: Some("date-time".into()), ..typed("string") };
        fields.insert(
            "connectionDetails".into(),
            object(&[], Properties::from([("lastPublishedTime".into(), published)])),
        );
        fields.insert("claimConditionTypes".into(), list("set", typed("string")));
    }
    fields
}

/// How an XR or a claim selects a Composition and its revision.
fn selection() -> Properties {
    let selector = || {
        let labels = Schema {
            additional_properties: Some(Box::new(SchemaOrBool::Schema(Box::new(typed("string"))))),
            ..typed("object")
        };
        object(&["matchLabels"], Properties::from([("matchLabels".into(), labels)]))
    };
    Properties::from([
        ("compositionRef".into(), texts(&["name"])),
        ("compositionSelector".into(), selector()),
        ("compositionRevisionRef".into(), texts(&["name"])),
        ("compositionRevisionSelector".into(), selector()),
    ])
}

fn update_policy_field() -> Schema {
    Schema { enum_: vec![json!("Automatic"), json!("Manual")], ..typed("string") }
}

/// References to composed resources; a namespaced XR composes in its own namespace only.
fn resource_refs(scope: XrScope) -> Schema {
    let names: &[&str] = match scope {
        XrScope::Namespaced => &["apiVersion", "name", "kind"],
        XrScope::Cluster | XrScope::LegacyCluster => &["apiVersion", "name", "namespace", "kind"],
    };
    let fields = names.iter().map(|name| ((*name).into(), typed("string"))).collect();
    list("atomic", object(&["apiVersion", "kind"], fields))
}

fn conditions() -> Schema {
    let mut fields: Properties =
        ["message", "reason", "status", "type"].iter().map(|name| ((*name).into(), typed("string"))).collect();
    fields.insert("lastTransitionTime".into(), Schema { format: Some("date-time".into()), ..typed("string") });
    fields.insert("observedGeneration".into(), Schema { format: Some("int64".into()), ..typed("integer") });
    Schema {
        description: Some("Conditions of the resource.".into()),
        list_map_keys: vec!["type".into()],
        ..list("map", object(&["lastTransitionTime", "reason", "status", "type"], fields))
    }
}

/// A schema of type `name` and nothing else.
pub(super) fn typed(name: &str) -> Schema {
    Schema { type_: Some(name.into()), ..Schema::default() }
}

/// An object with `properties`, of which some are required.
pub(super) fn object(required: &[&str], properties: Properties) -> Schema {
    Schema { required: required.iter().map(|name| (*name).into()).collect(), properties, ..typed("object") }
}

/// An object of strings, all required.
fn texts(names: &[&str]) -> Schema {
    object(names, names.iter().map(|name| ((*name).into(), typed("string"))).collect())
}

fn list(kind: &str, items: Schema) -> Schema {
    Schema { items: Some(Box::new(items)), list_type: Some(kind.into()), ..typed("array") }
}
