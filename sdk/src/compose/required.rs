//! Objects that a composition needs besides those it composes.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use super::ledger::Ledger;
use crate::codec::json::read_value;
use crate::codec::{CodecError, Mask, Reader, Slot};
use crate::resource::Kind;
use crate::state::{ResourceMatch, ResourceSelector, SchemaSelector};

impl ResourceSelector {
    /// The object of kind `K` with a name.
    pub fn named<K: Kind>(name: impl Into<String>) -> Self {
        Self::of::<K>(ResourceMatch::Name(name.into()))
    }

    /// The objects of kind `K` with all these labels.
    pub fn labelled<K: Kind>(labels: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let labels: BTreeMap<_, _> = labels.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Self::of::<K>(ResourceMatch::Labels(labels))
    }

    /// All objects of kind `K` (Crossplane v2.3 and later).
    pub fn all<K: Kind>() -> Self {
        Self::of::<K>(ResourceMatch::All)
    }

    /// The same selector in one namespace.
    #[must_use]
    pub fn in_namespace(self, namespace: impl Into<String>) -> Self {
        ResourceSelector { namespace: Some(namespace.into()), ..self }
    }

    fn of<K: Kind>(matching: ResourceMatch) -> Self {
        ResourceSelector { api_version: K::API_VERSION.to_owned(), kind: K::KIND.to_owned(), matching, namespace: None }
    }
}

impl SchemaSelector {
    /// The schema of kind `K`.
    pub fn of<K: Kind>() -> Self {
        SchemaSelector { api_version: K::API_VERSION.to_owned(), kind: K::KIND.to_owned() }
    }
}

/// What a requirement found. On the first call of a run Crossplane may not have looked yet: it then calls again.
pub struct Required {
    name: String,
    ledger: Rc<Ledger>,
}

impl fmt::Debug for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Required({:?})", self.name)
    }
}

impl Required {
    pub(crate) fn new(name: &str, ledger: Rc<Ledger>) -> Self {
        Required { name: name.to_owned(), ledger }
    }

    /// Whether Crossplane has looked.
    pub fn is_known(&self) -> bool {
        self.ledger.source.required(&self.name).is_some()
    }

    /// The objects found, decoded; `None` while Crossplane has not looked. One that does not decode ends the step with a
    /// fatal result.
    pub fn all<K: Slot + Default>(&self) -> Option<Vec<K>> {
        self.decode(|reader| {
            let mut value = K::default();
            value.read(reader, Mask::ALL)?;
            Ok(value)
        })
    }

    /// The first object found, decoded; `None` if there is none, or Crossplane has not looked.
    pub fn first<K: Slot + Default>(&self) -> Option<K> {
        self.all()?.into_iter().next()
    }

    /// The objects found, as JSON; `None` while Crossplane has not looked.
    pub fn values(&self) -> Option<Vec<Value>> {
        self.decode(read_value)
    }

    fn decode<T>(&self, decode: impl Fn(&mut dyn Reader) -> Result<T, CodecError>) -> Option<Vec<T>> {
        let found = self.ledger.source.required(&self.name)?;
        let decoded: Result<Vec<T>, CodecError> = found.into_iter().map(|mut reader| decode(&mut *reader)).collect();
        match decoded {
            Ok(values) => Some(values),
            Err(error) => {
                self.ledger.fault(format!(
                    "required resource {:?}: {error}; ask for the version of the kind that this platform was built from",
                    self.name
                ));
                None
            }
        }
    }
}
