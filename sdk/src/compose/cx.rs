//! The context of one run of a composition.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::body::IntoBody;
use super::error::without_value;
use super::ledger::Ledger;
use super::{Defaults, Draft, Error, Field, FieldValue, Handle, IntoField, Result, View};
use crate::codec::json::read_value;
use crate::codec::{CodecError, Mask, Reader, Slot, Token};
use crate::resource::{Composes, Composite, Resource};
use crate::shapes::ObjectMeta;
use crate::state::{
    ConditionStatus, ConnectionDetails, Function, FunctionResult, Place, Ready, Response, Severity, Source, Target,
    TargetedCondition,
};

/// What a composition sees and says in one run, for the composite resource (XR) `X`.
///
/// Every method takes `&self`, so what was read from it stays borrowed while more is declared.
pub struct Cx<X> {
    xr: X,
    metadata: ObjectMeta,
    pub(super) ledger: Rc<Ledger>,
}

impl<X: Composite> fmt::Debug for Cx<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cx({} {})", X::KIND, self.name())
    }
}

/// # The composite resource
impl<X: Composite> Cx<X> {
    /// The composite resource as the API server admitted it: defaulted and validated.
    pub fn xr(&self) -> &X {
        &self.xr
    }

    pub(super) fn ledger(&self) -> &Rc<Ledger> {
        &self.ledger
    }

    /// Its metadata.
    pub fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.metadata.name.as_deref().unwrap_or_default()
    }

    /// Its namespace, if it lives in one.
    pub fn namespace(&self) -> Option<&str> {
        self.metadata.namespace.as_deref()
    }

    /// Its connection details as they were observed (scope `LegacyCluster`).
    pub fn connection(&self) -> Option<&ConnectionDetails> {
        self.ledger.source.connection(Place::Composite)
    }

    /// Sets its status: merged, object by object, into what this and earlier steps set. What is unset stays as it is; so a
    /// value that is not known yet is given with [`Lazy::known`](super::Lazy::known).
    pub fn status(&self, status: X::Status) -> &Self {
        self.ledger.status(&status);
        self
    }

    /// Sets one field of its status. A value that is not known is left out.
    pub fn set_status<F, V: IntoField<F>>(&self, field: Field<X::Status, F>, value: V) -> &Self {
        if let FieldValue::Set(value) | FieldValue::Read(value, _) = value.into_field() {
            let mut status = X::Status::default();
            *(field.slot)(&mut status) = value;
            self.status(status);
        }
        self
    }

    /// Says whether it is ready, in place of what follows from its composed resources.
    pub fn composite_ready(&self, ready: impl Into<Ready>) -> &Self {
        self.ledger.respond(|response| response.composite_ready = Some(ready.into()));
        self
    }

    /// Sets a connection detail (scope `LegacyCluster`; in other scopes Crossplane ignores it: compose a Secret). While
    /// the value is not known, the detail keeps what it was published with.
    pub fn connection_detail(&self, name: &str, value: impl IntoField<Option<Vec<u8>>>) -> &Self {
        let value = match value.into_field() {
            FieldValue::Set(value) | FieldValue::Read(value, _) => value,
            FieldValue::Unset => None,
            FieldValue::Pending(_) => self.connection().and_then(|details| details.get(name)).map(<[u8]>::to_vec),
        };
        if let Some(value) = value {
            self.ledger.respond(|response| response.connection.insert(name, value));
        }
        self
    }
}

/// # Composed resources
impl<X: Composite> Cx<X> {
    /// Declares a composed resource under a key that is the same in every run.
    ///
    /// `value` is a generated type, a type of `k8s-openapi` (feature `k8s`), a type that implements
    /// [`Kind`](crate::resource::Kind) and serialises, or an [`AnyResource`](crate::shapes::AnyResource) or JSON value that
    /// carries apiVersion and kind. Using a key twice, setting a status, and composing a cluster-scoped kind from a
    /// namespaced composite resource end the step with a fatal result.
    pub fn resource<M, V: IntoBody<M>>(&self, key: impl AsRef<str>, value: V) -> Handle<V::Kind> {
        let key = key.as_ref();
        match value.into_body(self.ledger.encoding(key)) {
            Ok(body) => self.ledger.declare(key, body, Vec::new()),
            Err(error) => self.ledger.undeclarable(key, &error),
        }
        Handle::new(key, self.ledger.clone(), V::view())
    }

    /// Says what every composed resource that is declared **from here on** gets, where it does not say otherwise itself:
    /// labels, annotations, tags, the provider config, management policies, the region. [`Defaults`] says which kinds get
    /// which. Said again, it adds to what was said; the later word wins.
    ///
    /// ```
    /// # use planewright::compose::{Cx, Defaults, Result};
    /// # use planewright::resource::Composite;
    /// # struct Parameters { region: String, provider_config_name: String, management_policies: Vec<String> }
    /// fn compose<X: Composite>(cx: &mut Cx<X>, parameters: &Parameters) -> Result<()> {
    ///     cx.defaults(
    ///         Defaults::new()
    ///             .label("example.org/team", "red")
    ///             .tag("team", "red")
    ///             .region(&parameters.region)
    ///             .provider_config(&parameters.provider_config_name)
    ///             .management_policies(parameters.management_policies.iter().map(String::as_str)),
    ///     );
    ///     Ok(())
    /// }
    /// ```
    pub fn defaults(&self, defaults: Defaults) -> &Self {
        self.ledger.add_defaults(defaults);
        self
    }

    /// Begins a composed resource whose fields are set one by one, some of them perhaps from values not known yet.
    pub fn draft<K: Resource>(&self, key: impl AsRef<str>) -> Draft<K>
    where
        X::Place: Composes<K::Place>,
    {
        Draft::new(key.as_ref(), self.ledger.clone())
    }

    /// A composed resource that is declared elsewhere: in another function, or by an earlier step. A key that
    /// nobody declares ends the step with a fatal result.
    pub fn handle<K: Slot + Default>(&self, key: impl AsRef<str>) -> Handle<K> {
        self.ledger.look_up(key.as_ref());
        Handle::new(key.as_ref(), self.ledger.clone(), View::masked())
    }

    /// The keys of all observed composed resources, sorted.
    pub fn observed_keys(&self) -> Vec<String> {
        self.ledger.source.observed_keys().into_iter().map(str::to_owned).collect()
    }

    /// Says whether a composed resource is ready.
    pub fn ready(&self, key: impl AsRef<str>, ready: impl Into<Ready>) -> &Self {
        self.ledger.set_ready(key.as_ref(), ready.into());
        self
    }

    /// Takes a composed resource out of the desired state: **Crossplane deletes it**, and with it what it stands for
    /// unless its policies say otherwise. It may, but need not, exist; it must not be declared.
    pub fn drop_resource(&self, key: impl AsRef<str>) -> &Self {
        self.ledger.drop_key(key.as_ref());
        self
    }

    /// Lets **Crossplane delete** every observed composed resource whose key matches and that this run does not declare:
    /// for resources made one for each item of the spec, when an item goes away. Be as narrow as the keys allow.
    pub fn drop_matching(&self, matches: impl Fn(&str) -> bool) -> &Self {
        self.ledger.drop_matching(matches);
        self
    }

    /// Says that a later step of the pipeline composes an observed resource. If none does, Crossplane deletes it.
    pub fn leave_resource(&self, key: impl AsRef<str>) -> &Self {
        self.leave_matching(|observed| observed == key.as_ref())
    }

    /// Says that later steps of the pipeline compose every observed resource whose key matches. Crossplane deletes those
    /// that none does.
    pub fn leave_matching(&self, matches: impl Fn(&str) -> bool) -> &Self {
        self.ledger.leave_matching(matches);
        self
    }
}

/// # Events and conditions
impl<X: Composite> Cx<X> {
    /// Says something that becomes a normal event. Crossplane asks functions not to do so in every run.
    pub fn normal(&self, message: impl Into<String>) -> &Self {
        self.result(Severity::Normal, message.into(), None, Target::Composite)
    }

    /// Says something that becomes a warning event. Crossplane asks functions not to do so in every run.
    pub fn warning(&self, message: impl Into<String>) -> &Self {
        self.result(Severity::Warning, message.into(), None, Target::Composite)
    }

    /// Ends the pipeline: nothing is applied and nothing is deleted. The composition runs on, so that more can be said.
    pub fn fatal(&self, message: impl Into<String>) -> &Self {
        self.result(Severity::Fatal, message.into(), None, Target::Composite)
    }

    /// Says something with a reason, one CamelCase word, and a target.
    pub fn result(&self, severity: Severity, message: String, reason: Option<String>, target: Target) -> &Self {
        self.ledger.respond(|response| response.results.push(FunctionResult { severity, message, reason, target }));
        self
    }

    /// Sets a condition of the composite resource.
    pub fn condition(
        &self,
        type_: impl Into<String>,
        status: ConditionStatus,
        reason: impl Into<String>,
        message: impl Into<Option<String>>,
    ) -> &Self {
        self.targeted_condition(TargetedCondition {
            r#type: type_.into(),
            status,
            reason: reason.into(),
            message: message.into(),
            target: Target::Composite,
        })
    }

    /// Sets a condition of the composite resource, and perhaps of its claim. Crossplane's own types are refused, because
    /// Crossplane would silently ignore them.
    pub fn targeted_condition(&self, condition: TargetedCondition) -> &Self {
        if matches!(condition.r#type.as_str(), "Ready" | "Synced" | "Healthy" | "UpToDate" | "Responsive") {
            self.ledger.fault(format!(
                "condition {:?} belongs to Crossplane, which ignores what functions say of it; use a type of your own, and \
                 composite_ready to say whether the composite resource is ready",
                condition.r#type
            ));
        }
        self.ledger.respond(|response| response.conditions.push(condition));
        self
    }
}

/// A composition function as a step of a pipeline.
pub struct Composer<X, F> {
    compose: F,
    composite: PhantomData<fn() -> X>,
}

impl<X, F> Composer<X, F>
where
    X: Composite,
    F: Fn(&mut Cx<X>) -> Result<()>,
{
    /// The step that runs `compose`.
    pub fn new(compose: F) -> Self {
        Composer { compose, composite: PhantomData }
    }
}

impl<X, F> Function for Composer<X, F>
where
    X: Composite,
    F: Fn(&mut Cx<X>) -> Result<()>,
{
    fn run(&self, source: Rc<dyn Source>) -> Response {
        let ledger = Rc::new(Ledger::new(source, X::KIND, X::SCOPE));
        let outcome = admitted::<X>(&ledger).and_then(|(xr, metadata)| {
            let mut cx = Cx { xr, metadata, ledger: ledger.clone() };
            (self.compose)(&mut cx)
        });
        ledger.finish(outcome)
    }
}

/// The text at a reader, if one stands there.
fn text(value: &mut dyn Reader) -> std::result::Result<String, CodecError> {
    Ok(match value.token()? {
        Token::String(text) => text.to_owned(),
        _ => String::new(),
    })
}

/// An object without one of its fields.
fn read_without(object: &mut dyn Reader, field: &str) -> std::result::Result<Value, CodecError> {
    if object.token()? != Token::Object {
        return read_value(object);
    }
    let mut fields = Map::new();
    object.entries(&mut |name, value| {
        if name != field {
            fields.insert(name.to_owned(), read_value(value).map_err(|error| error.at(name))?);
        }
        Ok(())
    })?;
    Ok(Value::Object(fields))
}

/// The composite resource and its metadata.
fn admitted<X: Composite>(ledger: &Ledger) -> Result<(X, ObjectMeta)> {
    let Some(mut reader) = ledger.source.observed(Place::Composite) else {
        return Err(Error::new(
            "the request names no composite resource; call the function from a composition pipeline",
        ));
    };
    let (mut api_version, mut kind, mut metadata) = (String::new(), String::new(), ObjectMeta::default());
    let mut fields = Map::new();
    reader.entries(&mut |name, value| {
        match name {
            "apiVersion" => api_version = text(value)?,
            "kind" => kind = text(value)?,
            // It is read as a composition sees it, without what the API server notes in it, which takes more room than what users say.
            "metadata" => {
                metadata = ObjectMeta::default();
                metadata.read(value, Mask::ALL).map_err(|error| error.at(name))?;
                fields.insert(name.to_owned(), Value::Object(Map::new()));
            }
            "spec" => {
                // What lies directly in the spec of a legacy one is left out by its type, which may have a field of this name.
                let machinery = if X::LEGACY { "" } else { "crossplane" };
                let spec = read_without(value, machinery).map_err(|error| error.at(name))?;
                fields.insert(name.to_owned(), spec);
            }
            // Crossplane's part of it, and its status, are none of the type's.
            _ => {}
        }
        Ok(())
    })?;
    if (api_version.as_str(), kind.as_str()) != (X::API_VERSION, X::KIND) {
        return Err(Error::new(format!(
            "this step composes {} ({}) and was called for {kind} ({api_version}); correct compositeTypeRef or the step's \
             function in the Composition",
            X::KIND,
            X::API_VERSION
        )));
    }
    let mut xr = X::deserialize(Value::Object(fields)).map_err(|error| {
        Error::new(format!(
            "{kind} {:?} is not what this platform was built for: {}; install the definition that this platform was built from",
            metadata.name.as_deref().unwrap_or_default(),
            without_value(&error)
        ))
    })?;
    xr.set_metadata(metadata.clone());
    Ok((xr, metadata))
}
