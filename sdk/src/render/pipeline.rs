//! The pipeline: steps in order, requirements to a fixpoint, and what follows from the last desired state.

use std::collections::BTreeMap;
use std::rc::Rc;

use planewright_definitions::yaml::order_keys;
use serde_json::{Map, Value};

use super::composed::{COMPOSITE_LABEL, KEY_ANNOTATION, Owner};
use super::conditions::{Conditions, claim_types};
use super::halt::Halt;
use super::names::made_up_uid;
use super::references;
use super::{Deleted, Event, Fault, Input, Inputs, RenderError, Rendered, RenderedResource, StepResult, admit};
use crate::platform::CompositeKind;
use crate::state::{
    Function, Observed, Ready, Request, Requirements, Response, Severity, Source, Target, TargetedCondition,
};

/// How often a step is called again because it asked for something new.
const MAX_REQUIREMENT_ROUNDS: usize = 5;
/// What Crossplane puts before the reason why composing failed.
const CANNOT_COMPOSE: &str = "cannot compose resources";
/// Why most events are there.
const COMPOSE: &str = "ComposeResources";

/// One step of a pipeline.
pub struct Step<'a> {
    /// Its name.
    pub name: String,
    /// The function that it runs.
    pub function: &'a dyn Function,
    /// Its input.
    pub input: Option<Value>,
}

impl<'a> Step<'a> {
    /// A step without input.
    pub fn new(name: impl Into<String>, function: &'a dyn Function) -> Self {
        Step { name: name.into(), function, input: None }
    }
}

/// Renders a composite resource: runs the steps over it and answers what Crossplane would do.
///
/// A fatal result is an answer too: [`Rendered::fatal`] then says why nothing would be applied. A composite resource that is paused
/// (annotation `crossplane.io/paused: "true"`) or being deleted runs no function: only its conditions and events say so.
///
/// # Errors
/// When the composite resource would not be admitted, when an observed resource could not have been observed, and when a
/// step never stops asking for something new.
pub fn render(
    kind: &CompositeKind,
    steps: &[Step<'_>],
    composite: Value,
    inputs: Inputs,
) -> Result<Rendered, RenderError> {
    let mut composite = identified(kind, admit(kind, composite)?)?;
    let owner = Owner::of(&composite);
    let mut inputs = inputs;
    let conditions = Conditions::of(&composite);
    if let Some(halt) = Halt::of(&composite) {
        return Ok(halted(kind, &owner, composite, conditions, halt));
    }
    referring(kind, &owner, &mut composite, &inputs.observed, &conditions);
    let existing = std::iter::once(&composite).chain(&inputs.observed).cloned().collect();
    let observed = observe(&owner, &mut inputs)?;
    let request = Request {
        composite: composite.into(),
        observed,
        wants_edges: true,
        context: std::mem::take(&mut inputs.context),
        credentials: std::mem::take(&mut inputs.credentials),
        capabilities: ["CAPABILITIES", "REQUIRED_RESOURCES", "CREDENTIALS", "CONDITIONS", "REQUIRED_SCHEMAS"]
            .map(str::to_owned)
            .into(),
        ..Request::default()
    };
    let mut run = Run { inputs, existing, rendered: Rendered::default(), seen: Vec::new(), request };
    for step in steps {
        run.step(step)?;
        if run.rendered.fatal.is_some() {
            break;
        }
    }
    let mut rendered = run.finish(kind, &owner, conditions);
    // References have joined its spec after its status.
    order_keys(&mut rendered.composite);
    Ok(rendered)
}

/// A pipeline under way.
struct Run {
    inputs: Inputs,
    /// The composite resource and what is observed of it.
    existing: Vec<Value>,
    request: Request,
    rendered: Rendered,
    /// The conditions that steps set so far.
    seen: Vec<TargetedCondition>,
}

impl Run {
    /// Runs one step and takes over what it says.
    fn step(&mut self, step: &Step<'_>) -> Result<(), RenderError> {
        self.request.input = step.input.clone();
        self.request.required.clear();
        self.request.schemas.clear();
        let mut response = self.settle(step)?;
        self.request.desired.apply(&mut response);
        self.request.context.append(&mut response.context);
        let rendered = &mut self.rendered;
        rendered.waiting.append(&mut response.waiting);
        rendered.edges.append(&mut response.edges);
        rendered.held_back.append(&mut response.held_back);
        if !response.requirements.is_empty() {
            rendered.requirements.insert(step.name.clone(), response.requirements);
        }
        rendered.ttl = match (rendered.ttl, response.ttl.filter(|ttl| !ttl.is_zero())) {
            (Some(old), Some(new)) => Some(old.min(new)),
            (old, new) => old.or(new),
        };
        self.seen.append(&mut response.conditions);
        for result in response.results {
            let reason = result.reason.clone().unwrap_or_else(|| COMPOSE.to_owned());
            if result.severity == Severity::Fatal {
                if rendered.fatal.is_none() {
                    let message = format!("pipeline step {:?} returned a fatal result: {}", step.name, result.message);
                    rendered.fatal = Some(message);
                }
            } else if rendered.fatal.is_none() {
                let warning = result.severity == Severity::Warning;
                let message = format!("Pipeline step {:?}: {}", step.name, result.message);
                rendered.events.push(Event { warning, reason, message });
            }
            rendered.results.push(StepResult { step: step.name.clone(), result });
        }
        Ok(())
    }

    /// Calls a step until it asks for nothing new.
    fn settle(&mut self, step: &Step<'_>) -> Result<Response, RenderError> {
        let mut asked = Requirements::default();
        for _ in 0..=MAX_REQUIREMENT_ROUNDS {
            let mut response = self.call(step.function);
            if response.fatal().is_some() || response.requirements == asked {
                return Ok(response);
            }
            for (name, selector) in &response.requirements.resources {
                self.request.required.insert(name.clone(), self.inputs.find(selector, &self.existing));
            }
            self.request.required.retain(|name, _| response.requirements.resources.contains_key(name));
            for (name, selector) in &response.requirements.schemas {
                let kind = (selector.api_version.clone(), selector.kind.clone());
                let schema = self.inputs.schemas.get(&kind).cloned().unwrap_or_default();
                self.request.schemas.insert(name.clone(), schema);
            }
            self.request.schemas.retain(|name, _| response.requirements.schemas.contains_key(name));
            self.request.context.append(&mut response.context);
            asked = response.requirements;
        }
        Err(RenderError::Pipeline(format!(
            "cannot run Composition pipeline step {:?}: requirements didn't stabilize after the maximum number of iterations \
             ({MAX_REQUIREMENT_ROUNDS}); ask for the same in every run, whatever was found",
            step.name
        )))
    }

    /// Calls a function. It shares the request while it runs, so that nothing of it is copied.
    fn call(&mut self, function: &dyn Function) -> Response {
        let request = Rc::new(std::mem::take(&mut self.request));
        let response = function.run(request.clone() as Rc<dyn Source>);
        // A composition that keeps a handle beyond its run keeps its request too.
        self.request = Rc::try_unwrap(request).unwrap_or_else(|shared| (*shared).clone());
        response
    }

    /// What Crossplane does with the last desired state.
    fn finish(self, kind: &CompositeKind, owner: &Owner, conditions: Conditions) -> Rendered {
        let Run { request, mut rendered, seen, .. } = self;
        let Request { desired, observed, context, composite, .. } = request;
        rendered.context = context;
        if let Some(reason) = rendered.fatal.clone() {
            return failed(kind, owner, composite.resource, conditions, &seen, rendered, &reason);
        }
        if let Err(reason) = apply(owner, desired.composed, &observed, &mut rendered) {
            // What the steps said is lost with it.
            rendered.events.clear();
            rendered.resources.clear();
            return failed(kind, owner, composite.resource, conditions, &[], rendered, &reason);
        }
        rendered.deleted = deleted(owner, &observed, &rendered);
        let unready =
            |(key, resource): (&String, &RenderedResource)| (resource.ready != Ready::True).then(|| key.clone());
        let unready: Vec<String> = rendered.resources.iter().filter_map(unready).collect();
        rendered.events.extend(unready.iter().map(|key| Event {
            warning: false,
            reason: COMPOSE.to_owned(),
            message: format!("Composed resource {key:?} is not yet ready"),
        }));
        let overridden = match desired.ready {
            Ready::Unspecified => None,
            ready => Some(ready == Ready::True),
        };
        let mut conditions = conditions;
        conditions.composed(&seen, &unready, overridden);
        rendered.conditions = conditions.into_values();
        rendered.connection = desired.connection;
        // What is applied replaces the status.
        let claim = if kind.legacy { claim_types(None, &seen) } else { Vec::new() };
        let composed = rendered.resources.values().map(|composed| &composed.resource);
        let references = references::persisted(composed, owner.namespace.is_some());
        rendered.composite = shown(owner, desired.status, &rendered.conditions, claim);
        if let Value::Object(composite) = &mut rendered.composite {
            references::set(composite, references, kind.legacy);
        }
        rendered
    }
}

/// What Crossplane says of a composite resource that it does not compose.
fn halted(kind: &CompositeKind, owner: &Owner, composite: Value, mut conditions: Conditions, halt: Halt) -> Rendered {
    let mut rendered = Rendered::default();
    match halt {
        Halt::Paused => {
            conditions.paused();
            rendered.events.push(Event {
                warning: false,
                reason: "ReconciliationPaused".to_owned(),
                message: "Reconciliation is paused via the pause annotation".to_owned(),
            });
        }
        Halt::Deleting => conditions.deleting(),
    }
    rendered.conditions = conditions.into_values();
    rendered.composite = unchanged(kind, owner, composite, &[], &rendered.conditions);
    rendered
}

/// What Crossplane does when composing failed, for a reason: nothing is applied, and the status stays. `seen` are the
/// conditions of which it heard.
fn failed(
    kind: &CompositeKind,
    owner: &Owner,
    composite: Value,
    mut conditions: Conditions,
    seen: &[TargetedCondition],
    mut rendered: Rendered,
    reason: &str,
) -> Rendered {
    let message = format!("{CANNOT_COMPOSE}: {reason}");
    conditions.failed(&message, seen);
    rendered.conditions = conditions.into_values();
    rendered.events.insert(0, Event { warning: true, reason: COMPOSE.to_owned(), message: message.clone() });
    rendered.composite = unchanged(kind, owner, composite, seen, &rendered.conditions);
    rendered.fatal.get_or_insert(message);
    rendered
}

/// The composite resource with the status that it had, and new conditions.
fn unchanged(
    kind: &CompositeKind,
    owner: &Owner,
    mut composite: Value,
    seen: &[TargetedCondition],
    conditions: &[Value],
) -> Value {
    let status = match composite.get_mut("status").map(Value::take) {
        Some(Value::Object(status)) => status,
        _ => Map::new(),
    };
    let claim = if kind.legacy { claim_types(status.get("claimConditionTypes"), seen) } else { Vec::new() };
    shown(owner, status, conditions, claim)
}

/// The composite resource as it is while functions run: it refers to what is observed of it, and has the conditions that
/// Crossplane sets first.
fn referring(kind: &CompositeKind, owner: &Owner, composite: &mut Value, observed: &[Value], conditions: &Conditions) {
    let Value::Object(composite) = composite else { return };
    if !observed.is_empty() {
        let references = references::to(observed.iter(), owner.namespace.is_some());
        references::set(composite, references, kind.legacy);
    }
    let status = composite.entry("status").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(status) = status {
        status.insert("conditions".to_owned(), Value::Array(conditions.values().to_vec()));
    }
}

/// Gives every desired resource what Crossplane adds, or says which cannot be applied.
fn apply(
    owner: &Owner,
    desired: BTreeMap<String, crate::state::Composed>,
    observed: &BTreeMap<String, Observed>,
    rendered: &mut Rendered,
) -> Result<(), String> {
    for (key, mut composed) in desired {
        let exists = observed.get(&key).map(|observed| &observed.resource);
        if let Some(message) = owner.adopt(&key, &mut composed.resource, exists)? {
            rendered.events.push(Event { warning: true, reason: "NamespaceOverridden".to_owned(), message });
        }
        rendered
            .resources
            .insert(key, RenderedResource { resource: composed.resource.into_json(), ready: composed.ready });
    }
    Ok(())
}

/// The observed resources that are not desired and that the composite resource controls: nothing else is ever deleted.
fn deleted(owner: &Owner, observed: &BTreeMap<String, Observed>, rendered: &Rendered) -> Vec<Deleted> {
    let gone = observed
        .iter()
        .filter(|(key, observed)| !rendered.resources.contains_key(*key) && owner.controls(&observed.resource));
    gone.map(|(key, observed)| {
        let text = |pointer| observed.resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        Deleted {
            key: key.clone(),
            api_version: text("/apiVersion"),
            kind: text("/kind"),
            name: text("/metadata/name"),
        }
    })
    .collect()
}

/// The composite resource as it is shown: what it is, and its status.
fn shown(owner: &Owner, mut status: Map<String, Value>, conditions: &[Value], claim: Vec<Value>) -> Value {
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), owner.name.as_str().into());
    if let Some(namespace) = &owner.namespace {
        metadata.insert("namespace".to_owned(), namespace.as_str().into());
    }
    status.insert("conditions".to_owned(), Value::Array(conditions.to_vec()));
    if !claim.is_empty() {
        status.insert("claimConditionTypes".to_owned(), Value::Array(claim));
    }
    let mut composite = Map::new();
    composite.insert("apiVersion".to_owned(), owner.api_version.as_str().into());
    composite.insert("kind".to_owned(), owner.kind.as_str().into());
    composite.insert("metadata".to_owned(), Value::Object(metadata));
    composite.insert("status".to_owned(), Value::Object(status));
    Value::Object(composite)
}

/// The composite resource with what the API server and Crossplane give it before a function sees it.
fn identified(kind: &CompositeKind, mut composite: Value) -> Result<Value, RenderError> {
    let name = composite.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let namespace = composite.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err(Fault::only(Input::Composite, kind.kind, "metadata.name", "it has no name", "give it one"));
    }
    let namespaced = kind.scope == crate::resource::Scope::Namespaced;
    let object = format!("{} {name:?}", kind.kind);
    match (namespaced, namespace.is_empty()) {
        (true, true) => {
            let (reason, remedy) = ("the kind lives in namespaces, and none is set", "set metadata.namespace");
            return Err(Fault::only(Input::Composite, object, "metadata.namespace", reason, remedy));
        }
        (false, false) => {
            let (reason, remedy) = ("the kind is cluster-scoped, and a namespace is set", "remove metadata.namespace");
            return Err(Fault::only(Input::Composite, object, "metadata.namespace", reason, remedy));
        }
        _ => {}
    }
    let Some(Value::Object(metadata)) = composite.get_mut("metadata") else { return Ok(composite) };
    let uid = || made_up_uid(kind.group, kind.version, kind.kind, &namespace, &name);
    if metadata.get("uid").and_then(Value::as_str).is_none_or(str::is_empty) {
        metadata.insert("uid".to_owned(), uid().into());
    }
    let labels = metadata.entry("labels").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(labels) = labels {
        labels.entry(COMPOSITE_LABEL).or_insert_with(|| name.into());
    }
    Ok(composite)
}

/// Observed resources by key, as the reconciler would find them through the composite resource's references.
fn observe(owner: &Owner, inputs: &mut Inputs) -> Result<BTreeMap<String, Observed>, RenderError> {
    let mut observed = BTreeMap::new();
    for (position, resource) in std::mem::take(&mut inputs.observed).into_iter().enumerate() {
        let input = Input::Observed(position);
        let text = |pointer| resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let object = format!("observed {} {:?}", text("/kind"), text("/metadata/name"));
        let annotations = resource.pointer("/metadata/annotations");
        let key = annotations.and_then(|annotations| annotations.get(KEY_ANNOTATION)).and_then(Value::as_str);
        let Some(key) = key.filter(|key| !key.is_empty()).map(str::to_owned) else {
            let reason = format!("it does not say which composed resource it is (annotation {KEY_ANNOTATION})");
            let remedy = "give it that annotation, with the key as its value";
            return Err(Fault::only(input, object, "metadata.annotations", reason, remedy));
        };
        if Owner::controller(&resource).is_some() && !owner.controls(&resource) {
            let reason = format!("another object controls it than {} {:?} (uid {})", owner.kind, owner.name, owner.uid);
            let remedy = "give the composite resource the uid that the ownerReferences of its resources name";
            return Err(Fault::only(input, object, "metadata.ownerReferences", reason, remedy));
        }
        if let Some(namespace) =
            owner.namespace.as_deref().filter(|namespace| *namespace != text("/metadata/namespace"))
        {
            let reason = format!("it is not in the namespace of the composite resource, {namespace:?}");
            let remedy = "a namespaced composite resource observes its own namespace only";
            return Err(Fault::only(input, object, "metadata.namespace", reason, remedy));
        }
        let connection = inputs.connection.remove(&key).unwrap_or_default();
        if observed.insert(key.clone(), Observed { resource, connection }).is_some() {
            let reason = format!("two observed resources have the key {key:?}");
            return Err(Fault::only(input, object, "metadata.annotations", reason, "leave one of them out"));
        }
    }
    if let Some(key) = std::mem::take(&mut inputs.connection).into_keys().next() {
        let object = format!("connection details of {key:?}");
        let remedy = "observe it too, or remove its details";
        return Err(Fault::only(Input::Connection, object, "", "the resource is not observed", remedy));
    }
    Ok(observed)
}

impl StepResult {
    /// Whether it concerns the claim too.
    pub fn reaches_claim(&self) -> bool {
        self.result.target == Target::CompositeAndClaim
    }
}
