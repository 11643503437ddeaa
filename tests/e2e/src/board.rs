//! `Board`: a ConfigMap for each notice, and one that lists them.

use planewright::compose::{Cx, Lazy, Result};
use planewright::shapes::AnyResource;
use planewright::{composition, path, resource, status};
use serde_json::{Map, Value, json};

use crate::api::Board;
use crate::kubernetes::Object;

/// What every ConfigMap says of the release that wrote it.
pub const EDITION: &str = if cfg!(feature = "second-edition") { "second" } else { "first" };

/// The version of that release.
pub const VERSION: &str = if cfg!(feature = "second-edition") { "0.2.0" } else { "0.1.0" };

/// Composes a ConfigMap for each notice, and one that lists them once all exist.
#[composition(xr = Board)]
pub fn board(cx: &mut Cx<Board>) -> Result<()> {
    let mut uids = Vec::new();
    for notice in &cx.xr().spec.notices {
        let name = &notice.name;
        let map = config_map(cx, name, [("edition", EDITION.into()), ("text", notice.text.as_str().into())]);
        let object = resource!(cx, "notice-{name}": Object { spec.for_provider.manifest: (map) });
        object.ready(object.has_condition("Ready"));
        // provider-kubernetes reports the ConfigMap as it is in the cluster.
        let uid = object.read(path!(status.at_provider.manifest)).and_then(|map| Lazy::from(uid(&map)));
        status!(cx, { notices: { (name): (uid.clone()) } });
        uids.push(uid.map(|uid| (name.as_str(), Value::from(uid))));
    }
    // What the spec no longer names goes. Nothing else ever does.
    cx.drop_matching(|key| key.starts_with("notice-"));

    let uids: Lazy<Vec<_>> = uids.into_iter().collect();
    let list = resource!(cx, list: Object {
        spec.for_provider.manifest: uids.map(|uids| config_map(cx, "list", uids)),
    });
    list.ready(list.has_condition("Ready"));
    Ok(())
}

/// A ConfigMap of the board.
fn config_map<'a>(cx: &Cx<Board>, name: &str, data: impl IntoIterator<Item = (&'a str, Value)>) -> AnyResource {
    let data: Map<String, Value> = data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let metadata = json!({ "name": format!("{}-{name}", cx.name()), "namespace": cx.namespace() });
    let mut map = AnyResource::new("v1", "ConfigMap");
    map.0.insert("metadata".to_owned(), metadata);
    map.0.insert("data".to_owned(), data.into());
    map
}

/// The uid of an object.
fn uid(object: &AnyResource) -> Option<String> {
    object.0.get("metadata")?.get("uid")?.as_str().map(str::to_owned)
}
