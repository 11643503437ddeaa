//! What a Promise of Kratix offers, and what becomes of a request for it.

use planewright_definitions::crd::{self, Crd, CrdSpec, CrdVersion, Metadata, Names, VersionSchema};
use planewright_definitions::schema::Schema;
use planewright_definitions::xrd::Xrd;
use serde_json::{Map, Value, json};

use crate::platform::{CompositeKind, Composition};
use crate::render::{RenderError, admit};
use crate::resource::Scope;

/// The API of a Promise around that of a composite resource: its own kind, or that of its claims, in a group of the Promise's. The two
/// can be served by one cluster, which may be where Kratix runs and what it delivers to.
pub(super) struct Promised {
    pub(super) group: String,
    pub(super) names: Names,
    /// Where what is requested lives.
    scope: Scope,
    definition: Xrd,
}

/// A group for the requests of what a platform offers in `group`.
fn group(group: &str) -> String {
    format!("promise.{group}")
}

impl Promised {
    /// What a Promise offers of a kind, where there is a definition.
    pub(super) fn of(kind: &CompositeKind) -> Option<Self> {
        let definition: Xrd = serde_json::from_str(kind.definition?).ok()?;
        let (names, scope) = match &definition.spec.claim_names {
            Some(names) => (names, Scope::Namespaced),
            None => (&definition.spec.names, kind.scope),
        };
        // Words that find several kinds would find requests as well as what they are for.
        let names = Names {
            singular: names.singular.clone().or_else(|| Some(names.kind.to_lowercase())),
            list_kind: names.list_kind.clone().or_else(|| Some(format!("{}List", names.kind))),
            short_names: Vec::new(),
            categories: Vec::new(),
            ..names.clone()
        };
        Some(Promised { group: group(kind.group), names, scope, definition })
    }

    /// The CRD of requests: what a user writes in `spec`, as the definition has it. Kratix adds a status of its own.
    pub(super) fn crd(&self, kind: &CompositeKind) -> Result<Crd, serde_json::Error> {
        let version = self.definition.spec.versions.iter().find(|version| version.name == kind.version);
        let written = version.and_then(|version| version.schema.as_ref()?.open_api_v3_schema.as_ref());
        let spec = written.and_then(|schema| schema.pointer("/properties/spec")).cloned();
        let required = written
            .and_then(|schema| schema["required"].as_array())
            .is_some_and(|all| all.iter().any(|name| name == "spec"));
        let mut schema = json!({
            "type": "object",
            "properties": { "spec": spec.unwrap_or_else(|| json!({ "type": "object" })) },
        });
        if let Some(description) = written.and_then(|schema| schema.get("description")) {
            schema["description"] = description.clone();
        }
        if required {
            schema["required"] = json!(["spec"]);
        }
        let schema: Schema = serde_json::from_value(schema)?;
        Ok(Crd {
            api_version: crd::API_VERSION.to_owned(),
            kind: crd::KIND.to_owned(),
            metadata: Metadata { name: format!("{}.{}", self.names.plural, self.group), ..Metadata::default() },
            spec: CrdSpec {
                group: self.group.clone(),
                names: self.names.clone(),
                scope: crd::Scope::Namespaced,
                versions: vec![CrdVersion {
                    name: kind.version.to_owned(),
                    served: true,
                    storage: true,
                    schema: Some(VersionSchema { open_api_v3_schema: Some(schema) }),
                    ..CrdVersion::default()
                }],
                conversion: None,
            },
        })
    }
}

/// The composite resource or claim that a request asks for.
///
/// # Errors
/// When no composition here offers what is requested, and when the API server would refuse it.
pub(crate) fn fulfil(compositions: &[Composition], request: &Value) -> Result<Value, String> {
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (api_version, wanted) = (text("/apiVersion"), text("/kind"));
    let offers = compositions.iter().map(Composition::kind).find_map(|kind| {
        let offered = Promised::of(kind)?;
        let same = format!("{}/{}", offered.group, kind.version) == api_version && offered.names.kind == wanted;
        same.then_some((kind, offered))
    });
    let Some((kind, promised)) = offers else {
        return Err(format!(
            "nothing here offers {wanted:?} ({api_version:?}); install the Promises that this version of the platform emits"
        ));
    };
    let (name, namespace) = (text("/metadata/name"), text("/metadata/namespace"));
    let metadata = match promised.scope {
        Scope::Namespaced => json!({ "name": name, "namespace": namespace }),
        // Requests of the same name in two namespaces are two.
        Scope::Cluster => json!({ "name": format!("{namespace}.{name}") }),
    };
    let mut object = Map::new();
    object.insert("apiVersion".to_owned(), kind.api_version.into());
    object.insert("kind".to_owned(), wanted.into());
    object.insert("metadata".to_owned(), metadata);
    if let Some(spec) = request.get("spec") {
        object.insert("spec".to_owned(), spec.clone());
    }
    let object = Value::Object(object);
    // A claim is judged as what it stands for.
    let mut composite = object.clone();
    composite["kind"] = kind.kind.into();
    match admit(kind, composite) {
        Ok(_) => Ok(object),
        Err(RenderError::Input(faults)) => {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Err(faults.join("\n"))
        }
        Err(RenderError::Pipeline(message)) => Err(message),
    }
}
