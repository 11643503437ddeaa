//! Objects that a composition needs besides those it composes.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use serde_json::Value;

use super::ledger::Ledger;
use super::{Cx, Lazy, Path, Pending};
use crate::codec::json::read_value;
use crate::codec::{CodecError, Mask, Reader, Slot, WirePath};
use crate::resource::{Composite, Kind};
use crate::state::{ResourceMatch, ResourceSelector, SchemaSelector, Wait};

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

/// Which objects of a kind are wanted: see [`Cx::require`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it counts once it is given to `cx.require(..)`"]
pub struct Wanted {
    matching: ResourceMatch,
    namespace: Option<String>,
}

impl Wanted {
    /// The one with this name. Of a kind that lives in namespaces, say which with [`in_namespace`](Wanted::in_namespace).
    pub fn named(name: impl Into<String>) -> Self {
        Wanted { matching: ResourceMatch::Name(name.into()), namespace: None }
    }

    /// Those with all these labels.
    pub fn labelled<A: Into<String>, B: Into<String>>(labels: impl IntoIterator<Item = (A, B)>) -> Self {
        let labels = labels.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Wanted { matching: ResourceMatch::Labels(labels), namespace: None }
    }

    /// All of them (Crossplane v2.3 and later).
    pub fn all() -> Self {
        Wanted { matching: ResourceMatch::All, namespace: None }
    }

    /// The same, in one namespace alone.
    pub fn in_namespace(self, namespace: impl Into<String>) -> Self {
        Wanted { namespace: Some(namespace.into()), ..self }
    }
}

/// # Objects that are not composed
impl<X: Composite> Cx<X> {
    /// Asks for objects of kind `K` besides those that are composed: `cx.require::<VPC>("vpc", Wanted::named("main"))`.
    ///
    /// Crossplane looks for them between two calls, so in the first call nothing is known: what is read from them waits,
    /// like everything that is read from composed resources. It calls again until a run asks for nothing new, five times
    /// at most; so **ask for the same in every run**, whatever was found. As the answer of a run that still waits for
    /// Crossplane to look is not used, nothing in it counts as deleted, and no value in it must be known.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result, Wanted};
    /// # use planewright::resource::Composite;
    /// # use planewright::shapes::EnvironmentConfig;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     let config = cx.require::<EnvironmentConfig>("account", Wanted::named("account"));
    ///     if let Some(config) = config.found().known() {
    ///         let data = config.data;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn require<K: Kind>(&self, name: &str, wanted: Wanted) -> Required<K> {
        let Wanted { matching, namespace } = wanted;
        self.ledger.require(name, ResourceSelector { namespace, ..ResourceSelector::of::<K>(matching) });
        Required { found: RequiredAny::new(name, self.ledger.clone()), kind: PhantomData }
    }
}

/// What a requirement for objects of kind `K` found: see [`Cx::require`].
///
/// The objects are sorted by namespace and name, so that the same objects make the same desired state.
pub struct Required<K> {
    found: RequiredAny,
    kind: PhantomData<fn() -> K>,
}

impl<K> fmt::Debug for Required<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.found.fmt(f)
    }
}

impl<K: Slot + Default> Required<K> {
    /// Whether Crossplane has looked.
    pub fn is_known(&self) -> bool {
        self.found.is_known()
    }

    /// All objects found, perhaps none; waits until Crossplane has looked. One that does not decode ends the step with a
    /// fatal result.
    pub fn all(&self) -> Lazy<Vec<K>> {
        self.found.all().map_or_else(|| self.pending("the objects".to_owned()), Lazy::Known)
    }

    /// The first object found, if there is one; waits until Crossplane has looked.
    pub fn first(&self) -> Lazy<Option<K>> {
        self.all().map(|all| all.into_iter().next())
    }

    /// The first object found; waits until Crossplane has looked, and on while there is none.
    pub fn found(&self) -> Lazy<K> {
        self.found.first().map_or_else(|| self.pending("an object".to_owned()), Lazy::Known)
    }

    /// A field of the first object found: only what lies on the path is decoded. Waits until Crossplane has looked, and on
    /// while there is no object, or nothing at the path.
    pub fn read<T: Clone>(&self, path: Path<K, T>) -> Lazy<T> {
        let first = self.found.decode(Some(1), |reader| {
            let mut value = K::default();
            value.read(reader, Mask::path(path.steps))?;
            Ok((path.get)(&value).cloned())
        });
        let value = first.and_then(|first| first.into_iter().next()).flatten();
        value.map_or_else(|| self.pending(WirePath::of(&K::default(), path.steps).to_string()), Lazy::Known)
    }

    fn pending<T>(&self, path: String) -> Lazy<T> {
        Lazy::Pending(Pending::on(Wait { key: requirement(&self.found.name), path }))
    }
}

/// What stands for a requirement where the keys of composed resources are told.
pub(super) fn requirement(name: &str) -> String {
    format!("required resource {name:?}")
}

impl SchemaSelector {
    /// The schema of kind `K`.
    pub fn of<K: Kind>() -> Self {
        SchemaSelector { api_version: K::API_VERSION.to_owned(), kind: K::KIND.to_owned() }
    }
}

/// What a requirement of any kind found. On the first call of a run Crossplane may not have looked yet: it then calls again.
pub struct RequiredAny {
    name: String,
    ledger: Rc<Ledger>,
}

impl fmt::Debug for RequiredAny {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Required({:?})", self.name)
    }
}

impl RequiredAny {
    pub(crate) fn new(name: &str, ledger: Rc<Ledger>) -> Self {
        RequiredAny { name: name.to_owned(), ledger }
    }

    /// Whether Crossplane has looked.
    pub fn is_known(&self) -> bool {
        self.ledger.source.required(&self.name).is_some()
    }

    /// The objects found, sorted by namespace and name, decoded; `None` while Crossplane has not looked. One that does not decode ends the step with a
    /// fatal result.
    pub fn all<K: Slot + Default>(&self) -> Option<Vec<K>> {
        self.decode(None, decoded)
    }

    /// The first object found, decoded; `None` if there is none, or Crossplane has not looked.
    pub fn first<K: Slot + Default>(&self) -> Option<K> {
        self.decode(Some(1), decoded)?.into_iter().next()
    }

    /// The objects found, in the same order, as JSON; `None` while Crossplane has not looked.
    pub fn values(&self) -> Option<Vec<Value>> {
        self.decode(None, read_value)
    }

    /// The objects found, sorted by namespace and name; the first `most` of them alone.
    fn decode<T>(
        &self,
        most: Option<usize>,
        decode: impl Fn(&mut dyn Reader) -> Result<T, CodecError>,
    ) -> Option<Vec<T>> {
        let found = self.ledger.source.required(&self.name)?;
        let named = found.into_iter().map(|mut reader| Ok((identity(&mut *reader)?, reader)));
        let decoded = named.collect::<Result<Vec<_>, CodecError>>().and_then(|mut named| {
            named.sort_by(|(one, _), (other, _)| one.cmp(other));
            named.truncate(most.unwrap_or(usize::MAX));
            named.into_iter().map(|(_, mut reader)| decode(&mut *reader)).collect()
        });
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

fn decoded<K: Slot + Default>(reader: &mut dyn Reader) -> Result<K, CodecError> {
    let mut value = K::default();
    value.read(reader, Mask::ALL)?;
    Ok(value)
}

/// Namespace and name of the object at a reader.
fn identity(reader: &mut dyn Reader) -> Result<(String, String), CodecError> {
    let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    let namespace = WirePath::names(["metadata", "namespace"]).read(reader)?;
    Ok((text(namespace), text(WirePath::names(["metadata", "name"]).read(reader)?)))
}
