//! A composed resource that was declared, as far as others may read it.

use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use super::ledger::Ledger;
use super::{Lazy, Path, Pending, Reads};
use crate::codec::{CodecError, Mask, Reader, Slot, Step, WirePath};
use crate::shapes::AnyResource;
use crate::state::{Place, Ready, Wait};

/// How a kind is read: a generated type under a mask, any other whole.
pub struct View<K> {
    pub(crate) decode: fn(&mut dyn Reader, Mask<'_>) -> Result<K, CodecError>,
    pub(crate) wire: fn(&[Step]) -> WirePath,
}

impl<K> Clone for View<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for View<K> {}

impl<K: Slot + Default> View<K> {
    /// Reads a generated type.
    pub(crate) fn masked() -> Self {
        View {
            decode: |reader, mask| {
                let mut value = K::default();
                value.read(reader, mask)?;
                Ok(value)
            },
            wire: |steps| WirePath::of(&K::default(), steps),
        }
    }
}

/// A composed resource by its key: what was observed of it, read as the kind `K`.
pub struct Handle<K> {
    pub(super) key: Rc<str>,
    pub(super) ledger: Rc<Ledger>,
    pub(super) view: View<K>,
}

impl<K> Clone for Handle<K> {
    fn clone(&self) -> Self {
        Handle { key: self.key.clone(), ledger: self.ledger.clone(), view: self.view }
    }
}

impl<K> fmt::Debug for Handle<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({:?})", self.key)
    }
}

impl<K> Handle<K> {
    pub(crate) fn new(key: impl Into<Rc<str>>, ledger: Rc<Ledger>, view: View<K>) -> Self {
        Handle { key: key.into(), ledger, view }
    }

    /// The key of the composed resource (its composition resource name).
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether the resource has been observed, that is, whether it exists.
    pub fn is_observed(&self) -> bool {
        self.ledger.source.observed(Place::Composed(&self.key)).is_some()
    }

    /// A field as it was observed: `bucket.read(path!(status.at_provider.arn))`. Only what lies on the path is decoded.
    ///
    /// The value waits while the resource, or the field in it, has not been observed. A field of another type than the
    /// schema says ends the step with a fatal result.
    pub fn read<T: Clone>(&self, path: Path<K, T>) -> Lazy<T> {
        let found = self.decode(path.steps).and_then(|observed| (path.get)(&observed).cloned());
        match found {
            Some(value) => Lazy::Read(value, Reads::field(&self.key, path.steps, self.view.wire)),
            None => self.pending((self.view.wire)(path.steps).to_string()),
        }
    }

    /// The whole resource as it was observed.
    pub fn observed(&self) -> Lazy<K> {
        self.lazy(self.decode(&[]), "the resource itself")
    }

    /// Its name: the observed one, or one that the composition gave it.
    pub fn name(&self) -> Lazy<String> {
        let path = WirePath::names(["metadata", "name"]);
        let observed = self.ledger.observed_at(&self.key, &path).and_then(|name| name.as_str().map(str::to_owned));
        self.lazy(observed.or_else(|| self.ledger.declared_name(&self.key)), "metadata.name")
    }

    /// A connection detail as it was observed.
    pub fn connection_detail(&self, name: &str) -> Lazy<Vec<u8>> {
        let connection = self.ledger.source.connection(Place::Composed(&self.key));
        let value = connection.and_then(|connection| connection.get(name)).map(<[u8]>::to_vec);
        self.lazy(value, &format!("connection detail {name}"))
    }

    /// Says when the resource is ready: `is_ready` is asked about the resource as it was observed, and a resource that
    /// was not observed is not ready. Without this, whoever comes later in the pipeline decides (function-auto-ready, or
    /// [`AutoReady`](super::AutoReady): the condition `Ready`).
    pub fn ready_when(&self, is_ready: impl FnOnce(&K) -> bool) -> &Self {
        let ready = self.decode(&[]).is_some_and(|observed| is_ready(&observed));
        self.ledger.set_ready(&self.key, ready.into());
        self
    }

    /// Says whether the resource is ready.
    pub fn ready(&self, ready: impl Into<Ready>) -> &Self {
        self.ledger.set_ready(&self.key, ready.into());
        self
    }

    fn decode(&self, steps: &[Step]) -> Option<K> {
        let mut found = None;
        self.ledger.source.read_observed(Place::Composed(&self.key), &mut |observed| {
            found = Some((self.view.decode)(observed, Mask::path(steps)));
        });
        match found? {
            Ok(observed) => Some(observed),
            Err(error) => {
                self.ledger.fault(format!(
                    "observed composed resource {:?}: {error}; the installed kind differs from the schema this platform \
                     was built from: build it from the schema of the installed provider",
                    self.key
                ));
                None
            }
        }
    }

    /// A value that was read from this resource, or waits for it.
    pub(super) fn lazy<T>(&self, value: Option<T>, path: &str) -> Lazy<T> {
        match value {
            Some(value) => Lazy::Read(value, Reads::text(&self.key, path)),
            None => self.pending(path.to_owned()),
        }
    }

    pub(super) fn pending<T>(&self, path: String) -> Lazy<T> {
        Lazy::Pending(Pending::on(Wait { key: self.key.as_ref().to_owned(), path }))
    }
}

impl Handle<AnyResource> {
    /// A field of an object without a type, as it was observed, by JSON pointer (RFC 6901), such as `/status/host`.
    pub fn pointer(&self, pointer: &str) -> Lazy<Value> {
        let object = self.decode(&[]).map(|AnyResource(object)| Value::Object(object));
        let value = object.and_then(|object| object.pointer(pointer).filter(|value| !value.is_null()).cloned());
        self.lazy(value, pointer)
    }
}
