//! What a request says, as JSON: the form in which two ways to read it are compared.

use std::collections::BTreeMap;

use planewright::codec::Reader;
use planewright::codec::json::read_value;
use planewright::state::{ConnectionDetails, Place};
use planewright::wire;
use serde_json::{Value, json};

/// The capabilities of the protocol, by number.
pub const CAPABILITIES: [&str; 6] =
    ["UNSPECIFIED", "CAPABILITIES", "REQUIRED_RESOURCES", "CREDENTIALS", "CONDITIONS", "REQUIRED_SCHEMAS"];

/// What stands in place of an object that cannot be read.
pub const UNREADABLE: &str = "unreadable";

/// What a request in bytes says; a source is asked by name for what it does not list, so for the names in `wanted`.
pub fn seen(request: &wire::Request, wanted: &Value) -> Value {
    let source = &*request.source();
    let names =
        |part: &str| wanted[part].as_object().into_iter().flat_map(|part| part.keys().cloned()).collect::<Vec<_>>();
    let by_name = |part: &str, show: &dyn Fn(&str) -> Value| -> BTreeMap<String, Value> {
        names(part).into_iter().map(|name| (name.clone(), show(&name))).collect()
    };
    let observed = |place: Place<'_>| json!({"resource": read(source.observed(place)), "connection": details(source.connection(place))});
    let desired = |place: Place<'_>| json!({"resource": read(source.desired(place)), "ready": source.desired_ready(place).as_str()});
    let all = |keys: Vec<&str>, show: &dyn Fn(Place<'_>) -> Value| -> BTreeMap<String, Value> {
        keys.into_iter().map(|key| (key.to_owned(), show(Place::Composed(key)))).collect()
    };
    json!({
        "tag": request.tag(),
        "capabilities": CAPABILITIES.iter().filter(|name| source.has_capability(name)).collect::<Vec<_>>(),
        "observed": all(source.observed_keys(), &observed),
        "composite": observed(Place::Composite),
        "desired": all(source.desired_keys(), &desired),
        "status": desired(Place::Composite),
        "input": read(source.input()),
        "context": by_name("context", &|name| read(source.context(name))),
        "required": by_name("required", &|name| {
            json!(source.required(name).map(|found| found.into_iter().map(|one| read(Some(one))).collect::<Vec<_>>()))
        }),
        "schemas": by_name("schemas", &|name| read(source.schema(name))),
        "credentials": by_name("credentials", &|name| details(source.credentials(name))),
    })
}

/// An object; null where there is none.
fn read(reader: Option<Box<dyn Reader + '_>>) -> Value {
    reader.map_or(Value::Null, |mut reader| read_value(&mut *reader).unwrap_or_else(|_| UNREADABLE.into()))
}

fn details(details: Option<&ConnectionDetails>) -> Value {
    let details = details.into_iter().flat_map(ConnectionDetails::iter);
    json!(details.map(|(name, value)| (name.clone(), value.clone())).collect::<BTreeMap<_, _>>())
}
