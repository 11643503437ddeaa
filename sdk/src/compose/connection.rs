//! Connection details the way of Crossplane v2: a composed Secret.

use std::fmt;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::body::{Encoding, IntoBody as _, Raw};
use super::edge::Use;
use super::ledger::Ledger;
use super::literal::Spot;
use super::{Cx, FieldValue, Handle, IntoField, Pending, Reads};
use crate::codec::WirePath;
use crate::resource::{Composite, Scope};
use crate::shapes::{AnyResource, ObjectMeta};
use crate::state::{Place, Waiting};

/// # Connection details
impl<X: Composite> Cx<X> {
    /// Begins a composed `v1/Secret` with connection details, which is how a composite resource of Crossplane v2 hands
    /// them on. (Of scope `LegacyCluster`, [`connection_detail`](Cx::connection_detail) publishes them too.)
    ///
    /// A detail whose value is not known keeps the value that the Secret has, and is left out until then. The Secret is
    /// composed as soon as any detail is known, stays from then on, and is ready when all of them are.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Result};
    /// # use planewright::resource::Composite;
    /// fn compose<X: Composite>(cx: &mut Cx<X>) -> Result<()> {
    ///     let database = cx.resource("database", serde_json::json!({"apiVersion": "example.org/v1", "kind": "Database"}));
    ///     cx.connection_secret("connection")
    ///         .name(format!("{}-connection", cx.name()))
    ///         .detail("username", "admin")
    ///         .detail("password", database.connection_detail("password"))
    ///         .compose();
    ///     Ok(())
    /// }
    /// ```
    pub fn connection_secret(&self, key: impl AsRef<str>) -> ConnectionSecret {
        let key: Rc<str> = key.as_ref().into();
        self.ledger.begin(key.clone());
        ConnectionSecret {
            key,
            ledger: self.ledger.clone(),
            metadata: ObjectMeta::default(),
            data: Map::new(),
            pending: Vec::new(),
            uses: Vec::new(),
        }
    }
}

/// A Secret with connection details that is being built: see [`Cx::connection_secret`]. It counts once it is
/// [composed](ConnectionSecret::compose).
#[must_use = "it counts once it is composed: end with `.compose()`"]
pub struct ConnectionSecret {
    key: Rc<str>,
    ledger: Rc<Ledger>,
    metadata: ObjectMeta,
    data: Map<String, Value>,
    pending: Vec<(String, Pending)>,
    uses: Vec<Use>,
}

impl fmt::Debug for ConnectionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionSecret({:?})", self.key)
    }
}

impl ConnectionSecret {
    /// Its name; left unset, Crossplane gives it one that stays the same.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.metadata.name = Some(name.into());
        self
    }

    /// Its namespace, which a cluster-scoped composite resource must say; others compose in their own.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.metadata.namespace = Some(namespace.into());
        self
    }

    /// Adds a label.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata = self.metadata.with_label(key, value);
        self
    }

    /// Sets a detail: bytes or text, an `Option` of it (unset leaves it out) or a [`Lazy`](super::Lazy).
    pub fn detail(mut self, name: impl Into<String>, value: impl IntoField<Option<Vec<u8>>>) -> Self {
        let name = name.into();
        match value.into_field() {
            FieldValue::Set(Some(value)) => {
                self.data.insert(name, STANDARD.encode(value).into());
            }
            FieldValue::Read(Some(value), reads) => {
                self.uses.push(used(&name, reads));
                self.data.insert(name, STANDARD.encode(value).into());
            }
            FieldValue::Set(None) | FieldValue::Read(None, _) | FieldValue::Unset => {}
            FieldValue::Pending(pending) => {
                self.uses.push(used(&name, pending.reads()));
                self.pending.push((name, pending));
            }
        }
        self
    }

    /// Declares the Secret.
    pub fn compose(mut self) -> Handle<AnyResource> {
        let handle = Handle::new(self.key.clone(), self.ledger.clone(), <AnyResource as super::IntoBody<Raw>>::view());
        self.ledger.uses(&self.key, std::mem::take(&mut self.uses));
        let exists = self.ledger.source.observed(Place::Composed(&self.key)).is_some();
        let complete = self.pending.is_empty();
        for (name, _) in &self.pending {
            let kept = self.ledger.observed_at(&self.key, &WirePath::from_names(&["data", name]));
            if let Some(kept) = kept.filter(Value::is_string) {
                self.data.insert(name.clone(), kept);
            }
        }
        let composed = exists || complete || !self.data.is_empty();
        for (name, pending) in &self.pending {
            self.ledger.waiting(Waiting {
                key: self.key.to_string(),
                field: WirePath::from_names(&["data", name]).to_string(),
                on: pending.waits().cloned().collect(),
                kept: composed,
            });
        }
        let (kind, scope) = self.ledger.composite;
        if scope != Scope::Namespaced && self.metadata.namespace.is_none() && !exists {
            self.ledger.fault(format!(
                "composed resource {:?}: a Secret lives in a namespace, and {kind} does not; say which with .namespace(..)",
                self.key
            ));
        }
        if !composed {
            self.ledger.hold_back(&self.key, json!({"apiVersion": "v1", "kind": "Secret"}));
            return handle;
        }
        self.data.sort_keys();
        let mut object = json!({"apiVersion": "v1", "kind": "Secret", "data": self.data});
        if self.metadata != ObjectMeta::default()
            && let (Ok(metadata), Value::Object(object)) = (serde_json::to_value(&self.metadata), &mut object)
        {
            object.insert("metadata".to_owned(), metadata);
        }
        match object.into_body(Encoding(None)) {
            Ok(mut body) => {
                body.scope = Some(Scope::Namespaced);
                self.ledger.declare(&self.key, body, Vec::new());
            }
            Err(error) => self.ledger.undeclarable(&self.key, &error),
        }
        self.ledger.set_ready(&self.key, (exists && complete).into());
        handle
    }
}

fn used(detail: &str, reads: Reads) -> Use {
    Use { spot: Spot::Wire(WirePath::from_names(&["data", detail])), reads }
}
