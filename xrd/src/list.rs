//! Lists whose items Kubernetes tells apart.

use schemars::Schema;
use schemars::transform::Transform;
use serde_json::Value;

/// A list of objects that are told apart by some of their fields; see [`list_map`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListMap {
    keys: Vec<String>,
}

/// Makes a list of objects one in which no two have the same values in the fields `keys`: `x-kubernetes-list-type: map`.
///
/// Server-side apply then merges items one by one, and rules about changes can follow an item. The keys are required in the items, or have
/// defaults.
///
/// ```
/// use planewright_xrd::list_map;
/// use planewright_xrd::schemars::{self, JsonSchema};
///
/// #[derive(JsonSchema)]
/// struct Team {
///     name: String,
/// }
///
/// #[derive(JsonSchema)]
/// struct Spec {
///     #[schemars(transform = list_map(["name"]))]
///     teams: Vec<Team>,
/// }
///
/// let schema = schemars::schema_for!(Spec).to_value();
/// assert_eq!(schema["properties"]["teams"]["x-kubernetes-list-map-keys"][0], "name");
/// ```
pub fn list_map<'a>(keys: impl IntoIterator<Item = &'a str>) -> ListMap {
    ListMap { keys: keys.into_iter().map(str::to_owned).collect() }
}

impl Transform for ListMap {
    fn transform(&mut self, schema: &mut Schema) {
        let map = schema.ensure_object();
        map.insert("x-kubernetes-list-type".to_owned(), "map".into());
        let keys = self.keys.iter().map(|key| Value::String(key.clone())).collect();
        map.insert("x-kubernetes-list-map-keys".to_owned(), Value::Array(keys));
    }
}
