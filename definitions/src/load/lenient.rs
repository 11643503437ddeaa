//! A CRD read node by node, so that an odd schema node costs itself and nothing else.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::crd::{Crd, CrdSpec, CrdVersion, VersionSchema};
use crate::schema::{Schema, SchemaOrBool};

/// A schema node that the API server would refuse, with its path and what is odd about it.
pub(crate) struct Odd {
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// What is wrong with a definition outside its schemas.
pub(crate) struct Fault {
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// Reads a CRD. As for the API server, a key with null is an absent key, in schemas and outside.
pub(crate) fn crd(value: Value, path: &str, odd: &mut Vec<Odd>) -> Result<Crd, Fault> {
    let mut root = object(value, path)?;
    let mut spec = object(root.remove("spec").unwrap_or_default(), &join(path, "spec"))?;
    let spec_path = join(path, "spec");
    let mut versions = Vec::new();
    if let Some(list) = spec.remove("versions") {
        let versions_path = join(&spec_path, "versions");
        for (index, version) in array(list, &versions_path)?.into_iter().enumerate() {
            versions.push(self::version(version, &format!("{versions_path}[{index}]"), odd)?);
        }
    }
    Ok(Crd {
        api_version: field(&mut root, path, "apiVersion")?,
        kind: field(&mut root, path, "kind")?,
        metadata: field(&mut root, path, "metadata")?,
        spec: CrdSpec {
            group: field(&mut spec, &spec_path, "group")?,
            names: field(&mut spec, &spec_path, "names")?,
            scope: field(&mut spec, &spec_path, "scope")?,
            versions,
            conversion: spec.remove("conversion").filter(|value| !value.is_null()),
        },
    })
}

fn version(value: Value, path: &str, odd: &mut Vec<Odd>) -> Result<CrdVersion, Fault> {
    let mut map = object(value, path)?;
    let schema_path = join(path, "schema");
    let schema = match map.remove("schema") {
        None | Some(Value::Null) => None,
        Some(wrapper) => object(wrapper, &schema_path)?
            .remove("openAPIV3Schema")
            .filter(|value| !value.is_null())
            .map(|value| schema(value, &join(&schema_path, "openAPIV3Schema"), odd)),
    };
    let version: CrdVersion = typed(Value::Object(map), path)?;
    Ok(CrdVersion { schema: Some(VersionSchema { open_api_v3_schema: schema }), ..version })
}

/// Reads a schema. A node that is odd becomes one that allows anything, and is told in `odd`.
fn schema(value: Value, path: &str, odd: &mut Vec<Odd>) -> Schema {
    let told = odd.len();
    match node(value, path, odd) {
        Ok(schema) => schema,
        Err(reason) => {
            // What is odd below a node that is given up is of no interest.
            odd.truncate(told);
            odd.push(Odd { path: path.to_owned(), reason });
            Schema { preserve_unknown_fields: Some(true), ..Schema::default() }
        }
    }
}

fn node(value: Value, path: &str, odd: &mut Vec<Odd>) -> Result<Schema, String> {
    let mut map = match value {
        Value::Object(map) => map,
        Value::Null => return Ok(Schema::default()),
        other => return Err(format!("expected a schema, found {}", kind_of(&other))),
    };
    map.retain(|_, value| !value.is_null());
    let mut take = |key: &str| map.shift_remove(key);
    let (properties, items) = (take("properties"), take("items"));
    let (additional, not) = (take("additionalProperties"), take("not"));
    let (all_of, any_of, one_of) = (take("allOf"), take("anyOf"), take("oneOf"));

    let mut schema: Schema = keywords(map)?;
    if let Some(value) = properties {
        let Value::Object(map) = value else {
            return Err(format!("properties: expected a mapping, found {}", kind_of(&value)));
        };
        let path = join(path, "properties");
        schema.properties = map
            .into_iter()
            .map(|(name, value)| {
                let at = join(&path, &name);
                (name.into(), self::schema(value, &at, odd))
            })
            .collect();
    }
    if let Some(value) = items {
        // The API server takes one schema here; a list of schemas is JSON Schema of another dialect.
        if !value.is_object() {
            return Err(format!("items: expected a schema, found {}", kind_of(&value)));
        }
        schema.items = Some(Box::new(self::schema(value, &join(path, "items"), odd)));
    }
    schema.additional_properties = match additional {
        None => None,
        Some(Value::Bool(any)) => Some(Box::new(SchemaOrBool::Bool(any))),
        Some(value @ Value::Object(_)) => {
            let value = self::schema(value, &join(path, "additionalProperties"), odd);
            Some(Box::new(SchemaOrBool::Schema(Box::new(value))))
        }
        Some(value) => {
            return Err(format!("additionalProperties: expected a schema or a boolean, found {}", kind_of(&value)));
        }
    };
    if let Some(value) = not {
        schema.not = Some(Box::new(self::schema(value, &join(path, "not"), odd)));
    }
    for (key, value, branches) in [
        ("allOf", all_of, &mut schema.all_of),
        ("anyOf", any_of, &mut schema.any_of),
        ("oneOf", one_of, &mut schema.one_of),
    ] {
        match value {
            None => {}
            Some(Value::Array(list)) => {
                let branch = |(index, value)| self::schema(value, &format!("{}[{index}]", join(path, key)), odd);
                *branches = list.into_iter().enumerate().map(branch).collect();
            }
            Some(other) => return Err(format!("{key}: expected a list of schemas, found {}", kind_of(&other))),
        }
    }
    Ok(schema)
}

/// The keywords of a node that hold no schemas; the error names the keyword.
fn keywords(map: Map<String, Value>) -> Result<Schema, String> {
    match serde_json::from_value(Value::Object(map.clone())) {
        Ok(schema) => Ok(schema),
        Err(whole) => {
            for (key, value) in map {
                let one = Map::from_iter([(key.clone(), value)]);
                if let Err(error) = serde_json::from_value::<Schema>(Value::Object(one)) {
                    return Err(format!("{key}: {error}"));
                }
            }
            Err(whole.to_string())
        }
    }
}

fn object(value: Value, path: &str) -> Result<Map<String, Value>, Fault> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(Fault { path: path.to_owned(), reason: format!("expected a mapping, found {}", kind_of(&other)) }),
    }
}

fn array(value: Value, path: &str) -> Result<Vec<Value>, Fault> {
    match value {
        Value::Array(list) => Ok(list),
        Value::Null => Ok(Vec::new()),
        other => Err(Fault { path: path.to_owned(), reason: format!("expected a list, found {}", kind_of(&other)) }),
    }
}

/// A field of a mapping. An absent one reads as null, so that an error names it.
fn field<T: DeserializeOwned + Default>(map: &mut Map<String, Value>, path: &str, key: &str) -> Result<T, Fault> {
    match map.remove(key) {
        None | Some(Value::Null) => Ok(T::default()),
        Some(value) => typed(value, &join(path, key)),
    }
}

fn typed<T: DeserializeOwned>(mut value: Value, path: &str) -> Result<T, Fault> {
    drop_nulls(&mut value);
    serde_json::from_value(value).map_err(|error| Fault { path: path.to_owned(), reason: error.to_string() })
}

/// Drops the keys that hold null.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
