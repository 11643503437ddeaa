//! What Crossplane adds to a composed resource.

use planewright_definitions::yaml::order_keys;
use serde_json::{Map, Value, json};

use super::names::{child_name, is_valid};

pub(crate) const KEY_ANNOTATION: &str = "crossplane.io/composition-resource-name";
pub(crate) const COMPOSITE_LABEL: &str = "crossplane.io/composite";
const CLAIM_LABELS: [&str; 2] = ["crossplane.io/claim-name", "crossplane.io/claim-namespace"];

/// The composite resource as its composed resources refer to it.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) uid: String,
    /// The label `crossplane.io/composite`: the prefix of names.
    pub(crate) prefix: String,
    /// The claim's labels, if there is a claim.
    claim: Vec<(&'static str, String)>,
}

impl Owner {
    pub(crate) fn of(composite: &Value) -> Self {
        let text = |pointer: &str| composite.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let labels = composite.pointer("/metadata/labels");
        let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str).unwrap_or_default();
        let claim: Vec<(&str, String)> = CLAIM_LABELS.iter().map(|key| (*key, label(key).to_owned())).collect();
        let claimed = claim.iter().all(|(_, value)| !value.is_empty());
        Owner {
            api_version: text("/apiVersion"),
            kind: text("/kind"),
            name: text("/metadata/name"),
            namespace: Some(text("/metadata/namespace")).filter(|namespace| !namespace.is_empty()),
            uid: text("/metadata/uid"),
            prefix: label(COMPOSITE_LABEL).to_owned(),
            claim: if claimed { claim } else { Vec::new() },
        }
    }

    /// The uid of the controlling owner of an object, if one controls it.
    pub(crate) fn controller(object: &Value) -> Option<&Value> {
        let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array)?;
        owners.iter().find(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true))
    }

    /// Whether the composite resource controls an object.
    pub(crate) fn controls(&self, object: &Value) -> bool {
        Self::controller(object).is_some_and(|owner| owner.get("uid").and_then(Value::as_str) == Some(&self.uid))
    }

    /// Gives a desired resource its name, namespace, labels, annotation and owner. `observed` is the same resource as it
    /// exists. Answers a warning if the composition asked for a namespace that it does not get.
    pub(crate) fn adopt(
        &self,
        key: &str,
        resource: &mut Value,
        observed: Option<&Value>,
    ) -> Result<Option<String>, String> {
        let Value::Object(object) = resource else {
            return Err(format!("cannot apply composed resource {key:?}: it is not an object"));
        };
        let mut metadata = match object.shift_remove("metadata") {
            Some(Value::Object(metadata)) => metadata,
            _ => Map::new(),
        };
        if let Some(observed) = observed {
            for field in ["name", "namespace", "generateName"] {
                match observed.pointer("/metadata").and_then(|metadata| metadata.get(field)) {
                    Some(value) => metadata.insert(field.to_owned(), value.clone()),
                    None => metadata.shift_remove(field),
                };
            }
        }
        let mut warning = None;
        if let Some(namespace) = &self.namespace {
            let wanted = metadata.get("namespace").and_then(Value::as_str).unwrap_or_default();
            if !wanted.is_empty() && wanted != namespace {
                warning = Some(format!(
                    "cannot create composed resource {key:?} in namespace {wanted:?}, using XR namespace {namespace:?} \
                     instead"
                ));
            }
            metadata.insert("namespace".to_owned(), namespace.as_str().into());
        }
        self.name(key, &mut metadata);
        let text = |object: &Map<String, Value>, field: &str| {
            object.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let (name, api_version, kind) = (text(&metadata, "name"), text(object, "apiVersion"), text(object, "kind"));
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        if !is_valid(&name, group, &kind) {
            return Err(format!(
                "cannot apply composed resource {key:?} because it has an invalid name {name:?}. Must be a valid RFC 1123 \
                 subdomain name."
            ));
        }
        self.own(&mut metadata)?;
        object.insert("metadata".to_owned(), Value::Object(metadata));
        order_keys(resource);
        Ok(warning)
    }

    fn name(&self, key: &str, metadata: &mut Map<String, Value>) {
        let given = |metadata: &Map<String, Value>, field: &str| {
            metadata.get(field).and_then(Value::as_str).is_some_and(|value| !value.is_empty())
        };
        if !given(metadata, "name") && !given(metadata, "generateName") {
            metadata.insert("generateName".to_owned(), format!("{}-", self.prefix).into());
        }
        if !given(metadata, "name") {
            let prefix = metadata.get("generateName").and_then(Value::as_str).unwrap_or_default();
            metadata.insert("name".to_owned(), child_name(prefix, &self.uid, key).into());
        }
        add(metadata, "annotations", [(KEY_ANNOTATION, key.to_owned())]);
        let claim = self.claim.iter().cloned();
        add(metadata, "labels", [(COMPOSITE_LABEL, self.prefix.clone())].into_iter().chain(claim));
    }

    fn own(&self, metadata: &mut Map<String, Value>) -> Result<(), String> {
        let owner = json!({
            "apiVersion": self.api_version, "blockOwnerDeletion": true, "controller": true, "kind": self.kind,
            "name": self.name, "uid": self.uid,
        });
        let owners = metadata.entry("ownerReferences").or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(owners) = owners else { return Err("metadata.ownerReferences is not a list".to_owned()) };
        let uid = |owner: &Value| owner.get("uid").and_then(Value::as_str).map(str::to_owned);
        let other = owners
            .iter()
            .find(|other| other.get("controller").and_then(Value::as_bool) == Some(true) && uid(other) != uid(&owner));
        if let Some(other) = other {
            let text = |field: &str| other.get(field).and_then(Value::as_str).unwrap_or_default();
            return Err(format!(
                "cannot set controller reference: it is already controlled by {} {}",
                text("kind"),
                text("name")
            ));
        }
        match owners.iter_mut().find(|other| uid(other) == uid(&owner)) {
            Some(same) => *same = owner,
            None => owners.push(owner),
        }
        Ok(())
    }
}

/// Adds entries to a map in the metadata.
fn add(metadata: &mut Map<String, Value>, field: &str, entries: impl IntoIterator<Item = (&'static str, String)>) {
    let mut map = match metadata.shift_remove(field) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    };
    map.extend(entries.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value))));
    metadata.insert(field.to_owned(), Value::Object(map));
}
