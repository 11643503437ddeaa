//! What the official types see in a request, in the form in which it is compared.

use std::collections::{BTreeMap, HashMap};

use function_sdk_rust::proto::v1::credentials::Source;
use function_sdk_rust::proto::v1::{Credentials, Ready, Resource, Resources, RunFunctionRequest, Schema};
use pbjson_types::value::Kind;
use pbjson_types::{Struct, Value};
use serde_json::{Value as Json, json};

use crate::seen::{CAPABILITIES, UNREADABLE};

/// What a request says. An object that holds a number which JSON cannot carry is not readable.
pub fn seen(request: &RunFunctionRequest) -> Json {
    let meta = request.meta.clone().unwrap_or_default();
    let observed = request.observed.clone().unwrap_or_default();
    let desired = request.desired.clone().unwrap_or_default();
    let mut required = sorted(&request.extra_resources, resources);
    required.extend(sorted(&request.required_resources, resources));
    let status = desired.composite.as_ref().and_then(|composite| composite.resource.as_ref()?.fields.get("status"));
    let status =
        status.map(|status| object(&Struct { fields: HashMap::from([("status".to_owned(), status.clone())]) }));
    let capable = |(number, name): (usize, &&'static str)| {
        (number > 0 && meta.capabilities.contains(&(number as i32))).then_some(*name)
    };
    json!({
        "tag": meta.tag,
        "capabilities": CAPABILITIES.iter().enumerate().filter_map(capable).collect::<Vec<_>>(),
        "observed": sorted(&observed.resources, |one| observed_object(Some(one))),
        "composite": observed_object(observed.composite.as_ref()),
        "desired": sorted(&desired.resources, |one| {
            json!({"resource": whole(one), "ready": ready(one)})
        }),
        "status": {"resource": status, "ready": desired.composite.as_ref().map_or("Unspecified", ready)},
        "input": request.input.as_ref().map(object),
        "context": request.context.as_ref().map(|context| sorted(&context.fields, readable)).unwrap_or_default(),
        "required": required,
        "schemas": sorted(&request.required_schemas, schema),
        "credentials": sorted(&request.credentials, credentials),
    })
}

fn sorted<T>(map: &HashMap<String, T>, show: impl Fn(&T) -> Json) -> BTreeMap<String, Json> {
    map.iter().map(|(key, value)| (key.clone(), show(value))).collect()
}

fn observed_object(resource: Option<&Resource>) -> Json {
    let connection: BTreeMap<&String, Vec<u8>> = resource
        .into_iter()
        .flat_map(|resource| &resource.connection_details)
        .map(|(name, value)| (name, value.to_vec()))
        .collect();
    json!({"resource": resource.map(whole), "connection": connection})
}

fn whole(resource: &Resource) -> Json {
    resource.resource.as_ref().map_or_else(|| json!({}), object)
}

fn ready(resource: &Resource) -> &'static str {
    match resource.ready() {
        Ready::Unspecified => "Unspecified",
        Ready::True => "True",
        Ready::False => "False",
    }
}

fn resources(resources: &Resources) -> Json {
    resources.items.iter().map(whole).collect()
}

/// An empty document says that nothing was found.
fn schema(schema: &Schema) -> Json {
    schema.openapi_v3.as_ref().filter(|document| !document.fields.is_empty()).map_or(Json::Null, object)
}

fn credentials(credentials: &Credentials) -> Json {
    let data = credentials.source.iter().flat_map(|Source::CredentialData(data)| &data.data);
    json!(data.map(|(name, value)| (name, value.to_vec())).collect::<BTreeMap<_, _>>())
}

fn object(object: &Struct) -> Json {
    let fields: Option<serde_json::Map<_, _>> =
        object.fields.iter().map(|(key, value)| Some((key.clone(), json_value(value)?))).collect();
    fields.map_or_else(|| UNREADABLE.into(), Json::Object)
}

fn readable(value: &Value) -> Json {
    json_value(value).unwrap_or_else(|| UNREADABLE.into())
}

fn json_value(value: &Value) -> Option<Json> {
    const SAFE: f64 = (1_i64 << 53) as f64;
    Some(match &value.kind {
        None | Some(Kind::NullValue(_)) => Json::Null,
        Some(Kind::BoolValue(value)) => json!(value),
        Some(Kind::NumberValue(number)) if !number.is_finite() => return None,
        Some(Kind::NumberValue(number)) if number.fract() == 0.0 && number.abs() <= SAFE => json!(*number as i64),
        Some(Kind::NumberValue(number)) => json!(number),
        Some(Kind::StringValue(text)) => json!(text),
        Some(Kind::StructValue(fields)) => {
            let fields: Option<serde_json::Map<_, _>> =
                fields.fields.iter().map(|(key, value)| Some((key.clone(), json_value(value)?))).collect();
            Json::Object(fields?)
        }
        Some(Kind::ListValue(list)) => Json::Array(list.values.iter().map(json_value).collect::<Option<_>>()?),
    })
}
