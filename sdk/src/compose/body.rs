//! What can be composed: generated types, Kubernetes types, anything that serialises and says which kind it is.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::View;
use super::ledger::Ledger;
use crate::codec::json::JsonWriter;
use crate::codec::json::{encode, read_value, write_value};
use crate::codec::{CodecError, Slot, Token, WirePath};
use crate::resource::{Kind, Resource, Scope};
use crate::shapes::AnyResource;
use crate::state::Object;

/// A composed resource on its way into the desired state.
pub struct Body {
    pub(crate) api_version: Cow<'static, str>,
    pub(crate) kind: Cow<'static, str>,
    /// Where objects of the kind live, if that is known.
    pub(crate) scope: Option<Scope>,
    /// The object, apiVersion and kind first.
    pub(crate) object: Object,
    /// A value of the type it was encoded from, which knows the keys of lists.
    pub(crate) layout: Option<fn() -> Box<dyn Slot>>,
}

/// How an object is encoded: as the answer wants it if nothing more is done to it, else as JSON.
pub struct Encoding<'a>(pub(crate) Option<&'a Ledger>);

impl fmt::Debug for Encoding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Encoding(of the answer)" } else { "Encoding(JSON)" })
    }
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
    fn into_body(self, encoding: Encoding<'_>) -> Result<Body, CodecError>;
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

    fn into_body(self, encoding: Encoding<'_>) -> Result<Body, CodecError> {
        Body::typed(&self, (K::API_VERSION, K::KIND), K::SCOPE, || Box::new(K::default()), encoding)
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

    fn into_body(self, _: Encoding<'_>) -> Result<Body, CodecError> {
        let cluster = std::any::TypeId::of::<K::Scope>() == std::any::TypeId::of::<k8s_openapi::ClusterResourceScope>();
        let scope = if cluster { Scope::Cluster } else { Scope::Namespaced };
        Body::serialized(to_value(&self)?, (K::API_VERSION, K::KIND), scope)
    }

    fn view() -> View<K> {
        View::serde()
    }
}

impl<K: Kind + Serialize + DeserializeOwned + 'static> IntoBody<Serialized> for K {
    type Kind = K;

    fn into_body(self, _: Encoding<'_>) -> Result<Body, CodecError> {
        Body::serialized(to_value(&self)?, (K::API_VERSION, K::KIND), K::SCOPE)
    }

    fn view() -> View<K> {
        View::serde()
    }
}

impl IntoBody<Raw> for AnyResource {
    type Kind = AnyResource;

    fn into_body(self, _: Encoding<'_>) -> Result<Body, CodecError> {
        Body::from_value(Value::Object(self.0))
    }

    fn view() -> View<AnyResource> {
        View::masked()
    }
}

impl IntoBody<Raw> for Value {
    type Kind = AnyResource;

    fn into_body(self, _: Encoding<'_>) -> Result<Body, CodecError> {
        Body::from_value(self)
    }

    fn view() -> View<AnyResource> {
        View::masked()
    }
}

impl Body {
    pub(crate) fn typed(
        value: &dyn Slot,
        (api_version, kind): (&'static str, &'static str),
        scope: Scope,
        layout: fn() -> Box<dyn Slot>,
        encoding: Encoding<'_>,
    ) -> Result<Self, CodecError> {
        let object = match encoding.0.and_then(|ledger| ledger.encode(api_version, kind, value)) {
            Some(object) => object?,
            None => match encode(value)? {
                Value::Object(fields) => named(api_version.to_owned(), kind.to_owned(), fields),
                _ => return Err(CodecError::new("a resource is an object")),
            },
        };
        Ok(Body {
            api_version: api_version.into(),
            kind: kind.into(),
            scope: Some(scope),
            object,
            layout: Some(layout),
        })
    }

    /// An object of a kind, which may say apiVersion and kind itself.
    fn serialized(
        value: Value,
        (api_version, kind): (&'static str, &'static str),
        scope: Scope,
    ) -> Result<Self, CodecError> {
        let (_, _, fields) = parts(value)?;
        let object = named(api_version.to_owned(), kind.to_owned(), fields);
        Ok(Body { api_version: api_version.into(), kind: kind.into(), scope: Some(scope), object, layout: None })
    }

    fn from_value(value: Value) -> Result<Self, CodecError> {
        let (api_version, kind, fields) = parts(value)?;
        let object = named(api_version.clone(), kind.clone(), fields);
        Ok(Body { api_version: api_version.into(), kind: kind.into(), scope: None, object, layout: None })
    }

    /// The name that the object says, and whether it says a status.
    ///
    /// # Errors
    /// When it is no object.
    pub(crate) fn name_and_status(&self) -> Result<(Option<String>, bool), CodecError> {
        let (mut name, mut has_status) = (None, false);
        self.object.read(|object| {
            object.entry("metadata", &mut |metadata| {
                metadata.entry("name", &mut |value| {
                    if let Token::String(text) = value.token()? {
                        name = Some(text.to_owned());
                    }
                    Ok(())
                })
            })?;
            object.entry("status", &mut |_| {
                has_status = true;
                Ok(())
            })
        })?;
        Ok((name, has_status))
    }
}

/// The apiVersion, the kind and the other fields of free JSON, without its nulls.
fn parts(mut value: Value) -> Result<(String, String, Map<String, Value>), CodecError> {
    prune_nulls(&mut value);
    // The codec knows what the function protocol cannot carry, integers beyond 2^53 above all.
    write_value(&value, &mut JsonWriter::default())?;
    let Value::Object(mut fields) = value else { return Err(CodecError::new("a resource is an object")) };
    let mut text = |name: &str| match fields.shift_remove(name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    Ok((text("apiVersion"), text("kind"), fields))
}

/// The object, apiVersion and kind first.
fn named(api_version: String, kind: String, fields: Map<String, Value>) -> Object {
    let mut object = Map::with_capacity(fields.len() + 2);
    object.insert("apiVersion".to_owned(), Value::String(api_version));
    object.insert("kind".to_owned(), Value::String(kind));
    object.extend(fields);
    Value::Object(object).into()
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
