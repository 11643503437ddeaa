//! The schema of XRDs themselves: what `kubectl apply` holds them against.

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::schema::{Schema, SchemaOrBool};

/// Which of the two versions of the XRD API an object is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    V1,
    V2,
}

/// The schema of an XRD without its metadata and status, which have rules of their own.
pub(super) fn schema(api: Api) -> Schema {
    let (scopes, default_scope) = match api {
        Api::V1 => (vec![json!("LegacyCluster"), json!("Namespaced"), json!("Cluster")], "LegacyCluster"),
        Api::V2 => (vec![json!("Namespaced"), json!("Cluster")], "Namespaced"),
    };
    let mut delete_policy = choice(vec![json!("Background"), json!("Foreground")]);
    // v2 has no claims, and thus no default here; it applies once core reads the XRD as v1.
    if api == Api::V1 {
        delete_policy.default = Some(json!("Background"));
    }
    let spec = object(
        &["group", "names", "versions"],
        [
            ("claimNames", names()),
            ("connectionSecretKeys", list(text())),
            ("conversion", conversion()),
            ("defaultCompositeDeletePolicy", delete_policy),
            ("defaultCompositionRef", object(&["name"], [("name", text())])),
            ("defaultCompositionRevisionSelector", label_selector()),
            (
                "defaultCompositionUpdatePolicy",
                Schema { default: Some(json!("Automatic")), ..choice(vec![json!("Automatic"), json!("Manual")]) },
            ),
            ("enforcedCompositionRef", object(&["name"], [("name", text())])),
            ("group", text()),
            ("metadata", object(&[], [("annotations", texts()), ("labels", texts())])),
            ("names", names()),
            ("scope", Schema { default: Some(json!(default_scope)), ..choice(scopes) }),
            ("versions", list(version())),
        ],
    );
    let known = Schema { preserve_unknown_fields: Some(true), ..typed("object") };
    object(
        &[],
        [("apiVersion", text()), ("kind", text()), ("metadata", known.clone()), ("spec", spec), ("status", known)],
    )
}

fn version() -> Schema {
    let schema = Schema { preserve_unknown_fields: Some(true), ..typed("object") };
    let scale = object(
        &["specReplicasPath", "statusReplicasPath"],
        [("labelSelectorPath", text()), ("specReplicasPath", text()), ("statusReplicasPath", text())],
    );
    let column = object(
        &["jsonPath", "name", "type"],
        [
            ("description", text()),
            ("format", text()),
            ("jsonPath", text()),
            ("name", text()),
            ("priority", typed("integer")),
            ("type", text()),
        ],
    );
    object(
        &["name", "referenceable", "served"],
        [
            ("additionalPrinterColumns", list(column)),
            ("deprecated", typed("boolean")),
            ("deprecationWarning", Schema { max_length: Some(256), ..text() }),
            ("name", text()),
            ("referenceable", typed("boolean")),
            ("schema", object(&[], [("openAPIV3Schema", schema)])),
            ("served", typed("boolean")),
            ("subresources", object(&[], [("scale", scale)])),
        ],
    )
}

fn names() -> Schema {
    object(
        &["kind", "plural"],
        [
            ("categories", list(text())),
            ("kind", text()),
            ("listKind", text()),
            ("plural", text()),
            ("shortNames", list(text())),
            ("singular", text()),
        ],
    )
}

fn conversion() -> Schema {
    let service = object(
        &["name", "namespace"],
        [("name", text()), ("namespace", text()), ("path", text()), ("port", typed("integer"))],
    );
    let client = object(&[], [("caBundle", text()), ("service", service), ("url", text())]);
    let webhook =
        object(&["conversionReviewVersions"], [("clientConfig", client), ("conversionReviewVersions", list(text()))]);
    object(&["strategy"], [("strategy", text()), ("webhook", webhook)])
}

fn label_selector() -> Schema {
    let expression = object(&["key", "operator"], [("key", text()), ("operator", text()), ("values", list(text()))]);
    object(&[], [("matchExpressions", list(expression)), ("matchLabels", texts())])
}

fn typed(name: &str) -> Schema {
    Schema { type_: Some(name.into()), ..Schema::default() }
}

fn text() -> Schema {
    typed("string")
}

fn texts() -> Schema {
    Schema { additional_properties: Some(Box::new(SchemaOrBool::Schema(Box::new(text())))), ..typed("object") }
}

fn choice(values: Vec<Value>) -> Schema {
    Schema { enum_: values, ..text() }
}

fn list(items: Schema) -> Schema {
    Schema { items: Some(Box::new(items)), ..typed("array") }
}

fn object<const N: usize>(required: &[&str], properties: [(&str, Schema); N]) -> Schema {
    let properties: IndexMap<_, _> = properties.into_iter().map(|(name, schema)| (name.into(), schema)).collect();
    Schema { required: required.iter().map(|name| (*name).into()).collect(), properties, ..typed("object") }
}
