//! What can be composed: generated types, Kubernetes types, anything that serialises and says which kind it is.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::View;
use crate::codec::json::JsonWriter;
use crate::codec::json::{encode, read_value, write_value};
use crate::codec::{CodecError, Slot, WirePath};
use crate::resource::{Kind, Resource, Scope};
use crate::shapes::AnyResource;

/// A composed resource on its way into the desired state.
pub struct Body {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    /// Where objects of the kind live, if that is known.
    pub(crate) scope: Option<Scope>,
    /// The object without apiVersion and kind.
    pub(crate) fields: Map<String, Value>,
    /// A value of the type it was encoded from, which knows the keys of lists.
    pub(crate) layout: Option<fn() -> Box<dyn Slot>>,
}

/// Something that [`Cx::resource`](super::Cx::resource) takes. `M` only tells the ways apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be composed",
    label = "neither a generated type, nor a Kubernetes type, nor a value that says which kind it is",
    note = "generated types implement `Resource`; other types implement `Kind`, `Serialize` and `Deserialize`; `AnyResource` and `serde_json::Value` carry apiVersion and kind in them; Kubernetes types need the feature `k8s`"
)]
pub trait IntoBody<M> {
    /// The kind that the handle reads.
    type Kind: 'static;
    /// The object.
    ///
    /// # Errors
    /// When it cannot be encoded; see [`Slot::write`].
    fn into_body(self) -> Result<Body, CodecError>;
    /// How it is read back.
    fn view() -> View<Self::Kind>;
}

/// Marks generated types.
#[derive(Clone, Copy, Debug)]
pub enum Typed {}

/// Marks types of `k8s-openapi`.
#[cfg(feature = "k8s")]
#[derive(Clone, Copy, Debug)]
pub enum Kubernetes {}

/// Marks other types that serialise and implement [`Kind`]. A field that serialises to null counts as unset.
#[derive(Clone, Copy, Debug)]
pub enum Serialized {}

/// Marks free JSON that carries apiVersion and kind. A field that is null counts as unset.
#[derive(Clone, Copy, Debug)]
pub enum Raw {}

impl<K: Resource + Slot + 'static> IntoBody<Typed> for K {
    type Kind = K;

    fn into_body(self) -> Result<Body, CodecError> {
        Body::typed(&self, K::API_VERSION, K::KIND, K::SCOPE, || Box::new(K::default()))
    }

    fn view() -> View<K> {
        View::masked()
    }
}

#[cfg(feature = "k8s")]
impl<K> IntoBody<Kubernetes> for K
where
    K: k8s_openapi::Resource + Serialize + DeserializeOwned + 'static,
    K::Scope: 'static,
{
    type Kind = K;

    fn into_body(self) -> Result<Body, CodecError> {
        let cluster = std::any::TypeId::of::<K::Scope>() == std::any::TypeId::of::<k8s_openapi::ClusterResourceScope>();
        let scope = if cluster { Scope::Cluster } else { Scope::Namespaced };
        Ok(Body {
            api_version: K::API_VERSION.to_owned(),
            kind: K::KIND.to_owned(),
            scope: Some(scope),
            ..Body::from_value(to_value(&self)?)?
        })
    }

    fn view() -> View<K> {
        View::serde()
    }
}

impl<K: Kind + Serialize + DeserializeOwned + 'static> IntoBody<Serialized> for K {
    type Kind = K;

    fn into_body(self) -> Result<Body, CodecError> {
        Ok(Body {
            api_version: K::API_VERSION.to_owned(),
            kind: K::KIND.to_owned(),
            scope: Some(K::SCOPE),
            ..Body::from_value(to_value(&self)?)?
        })
    }

    fn view() -> View<K> {
        View::serde()
    }
}

impl IntoBody<Raw> for AnyResource {
    type Kind = AnyResource;

    fn into_body(self) -> Result<Body, CodecError> {
        Body::from_value(Value::Object(self.0))
    }

    fn view() -> View<AnyResource> {
        View::masked()
    }
}

impl IntoBody<Raw> for Value {
    type Kind = AnyResource;

    fn into_body(self) -> Result<Body, CodecError> {
        Body::from_value(self)
    }

    fn view() -> View<AnyResource> {
        View::masked()
    }
}

impl Body {
    pub(crate) fn typed(
        value: &dyn Slot,
        api_version: &str,
        kind: &str,
        scope: Scope,
        layout: fn() -> Box<dyn Slot>,
    ) -> Result<Self, CodecError> {
        let Value::Object(fields) = encode(value)? else { return Err(CodecError::new("a resource is an object")) };
        let (api_version, kind) = (api_version.to_owned(), kind.to_owned());
        Ok(Body { api_version, kind, scope: Some(scope), fields, layout: Some(layout) })
    }

    fn from_value(mut value: Value) -> Result<Self, CodecError> {
        prune_nulls(&mut value);
        // The codec knows what the function protocol cannot carry, integers beyond 2^53 above all.
        write_value(&value, &mut JsonWriter::default())?;
        let Value::Object(mut fields) = value else { return Err(CodecError::new("a resource is an object")) };
        let mut text = |name: &str| match fields.shift_remove(name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        Ok(Body { api_version, kind, scope: None, fields, layout: None })
    }

    /// The object, apiVersion and kind first.
    pub(crate) fn into_object(self) -> Value {
        let mut object = Map::with_capacity(self.fields.len() + 2);
        object.insert("apiVersion".to_owned(), Value::String(self.api_version));
        object.insert("kind".to_owned(), Value::String(self.kind));
        object.extend(self.fields);
        Value::Object(object)
    }
}

impl<K: DeserializeOwned> View<K> {
    /// Reads a type that only serde knows: always whole.
    pub(crate) fn serde() -> Self {
        View {
            decode: |reader, _| {
                // serde's message may quote the value, which may be a secret's.
                let value = read_value(reader)?;
                let name = std::any::type_name::<K>();
                let name = name.rsplit("::").next().unwrap_or(name);
                K::deserialize(value).map_err(|_| CodecError::new(format!("it is not a {name}")))
            },
            wire: WirePath::guess,
        }
    }
}

fn to_value(value: &impl Serialize) -> Result<Value, CodecError> {
    serde_json::to_value(value).map_err(|error| CodecError::new(error.to_string()))
}

/// Removes entries that are null: for serde, null is how an unset option looks.
fn prune_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(prune_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(prune_nulls),
        _ => {}
    }
}
