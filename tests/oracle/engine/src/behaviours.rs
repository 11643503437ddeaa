//! Compositions that do, one by one, what Crossplane has a rule for and the other platforms have no need to.

use planewright::compose::{Cx, Error, Result};
use planewright::shapes::AnyResource;
use planewright::state::{
    ConditionStatus, Ready, ResourceMatch, ResourceSelector, SchemaSelector, Severity, Target, TargetedCondition,
};
use planewright::{composition, resource, text};
use serde_json::{Value, json};

use crate::api::{Global, Local, XLegacy, global, local, x_legacy};
use crate::kubernetes::Object;

/// A ConfigMap that says something.
fn note(text: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"text": text}})
}

/// What a step's input says.
fn input<T: serde::de::DeserializeOwned + Default>(cx: &Cx<Local>, field: &str) -> Result<T> {
    let input: Option<Value> = cx.input()?;
    let value = input.and_then(|input| input.get(field).cloned());
    Ok(value.map(serde_json::from_value).transpose()?.unwrap_or_default())
}

fn selector(api_version: &str, kind: &str, matching: ResourceMatch) -> ResourceSelector {
    ResourceSelector { api_version: api_version.to_owned(), kind: kind.to_owned(), matching, namespace: None }
}

/// A ConfigMap for each note, ready once it is observed. Those whose note is gone are dropped.
#[composition(xr = Local)]
pub fn notes(cx: &mut Cx<Local>) -> Result<()> {
    let spec = &cx.xr().spec;
    let observed = cx.observed_keys();
    for name in &spec.notes {
        let key = format!("note-{name}");
        let ready = observed.contains(&key);
        cx.resource(key, note(name)).ready(ready);
    }
    cx.drop_matching(|key| key.starts_with("note-"));
    cx.status(local::Status { count: i64::try_from(spec.notes.len()).ok(), ..Default::default() });
    Ok(())
}

/// Names, namespaces, labels and annotations of every kind that a composition may give.
#[composition(xr = Local)]
pub fn names(cx: &mut Cx<Local>) -> Result<()> {
    let with = |metadata: Value| {
        let mut note = note("named");
        note["metadata"] = metadata;
        note
    };
    cx.resource("plain", note("named"));
    cx.resource("given", with(json!({"name": "given"})));
    cx.resource("generated", with(json!({"generateName": "generated-"})));
    cx.resource("both", with(json!({"name": "both", "generateName": "generated-"})));
    cx.resource("elsewhere", with(json!({"namespace": "elsewhere"})));
    cx.resource(
        "labelled",
        with(json!({
            "labels": {"example.org/team": "red", "crossplane.io/composite": "another"},
            "annotations": {"example.org/by": "hand", "crossplane.io/composition-resource-name": "another"},
        })),
    );
    cx.resource(
        "owned",
        with(json!({"ownerReferences": [{"apiVersion": "v1", "kind": "Secret", "name": "first", "uid": "1"}]})),
    );
    let long = "a-key-that-is-longer-than-any-name-of-kubernetes-may-be-and-then-a-little-longer";
    cx.resource(long, with(json!({"generateName": format!("{long}-")})));
    cx.resource(
        "role",
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
            "metadata": {"name": "team:reader"}, "rules": [],
        }),
    );
    // What is set explicitly is emitted, however empty; numbers stay what they are.
    cx.resource(
        "values",
        json!({
            "apiVersion": "example.org/v1", "kind": "Values",
            "spec": {"none": [], "nothing": {}, "zero": 0, "no": false, "text": "", "large": 9_007_199_254_740_991_i64, "half": 0.5},
        }),
    );
    Ok(())
}

/// Composes something whose name Kubernetes would refuse, and says much that is lost thereby.
#[composition(xr = Local)]
pub fn misnamed(cx: &mut Cx<Local>) -> Result<()> {
    cx.resource("good", note("good"));
    cx.resource("bad", json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "Not_A_Name"}}));
    cx.normal("this is never heard");
    cx.condition("Heard", ConditionStatus::True, "Said", None);
    Ok(())
}

/// Results of every severity with and without reasons, and conditions of every status.
#[composition(xr = Local)]
pub fn says(cx: &mut Cx<Local>) -> Result<()> {
    cx.normal("all is well");
    cx.warning("mind the gap");
    cx.result(Severity::Normal, "with a reason".to_owned(), Some("Reason".to_owned()), Target::Composite);
    cx.result(Severity::Warning, "to the claim".to_owned(), None, Target::CompositeAndClaim);
    cx.condition("Fed", ConditionStatus::True, "Ate", "bread".to_owned());
    cx.condition("Watered", ConditionStatus::False, "Dry", None);
    cx.condition("Rested", ConditionStatus::Unknown, "Asleep", None);
    cx.condition("Fed", ConditionStatus::False, "Hungry", None);
    cx.resource("silent", note("nobody says whether it is ready"));
    Ok(())
}

/// Ends fatally, in the midst of what it says.
#[composition(xr = Local)]
pub fn fails(cx: &mut Cx<Local>) -> Result<()> {
    cx.resource("never-applied", note("never"));
    cx.status(local::Status { said: Some("never".to_owned()), ..Default::default() });
    cx.condition("Fed", ConditionStatus::True, "Ate", None);
    cx.normal("before the end");
    cx.fatal("this is the end");
    cx.warning("after the end");
    Err(Error::new("this is after the end, too"))
}

/// Says itself whether the composite resource is ready, as the input tells it.
#[composition(xr = Local)]
pub fn decides(cx: &mut Cx<Local>) -> Result<()> {
    cx.resource("ready", note("ready")).ready(true);
    cx.resource("unready", note("unready")).ready(false);
    cx.composite_ready(match input::<String>(cx, "ready")?.as_str() {
        "yes" => Ready::True,
        "no" => Ready::False,
        _ => Ready::Unspecified,
    });
    Ok(())
}

/// The first of two steps: desires, says and hands on.
#[composition(xr = Local)]
pub fn first(cx: &mut Cx<Local>) -> Result<()> {
    cx.resource("mine", note("the first alone"));
    cx.resource("ours", json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"first": "1", "both": "first"}}));
    cx.status(local::Status { steps: Some([("first".to_owned(), "done".to_owned())].into()), ..Default::default() });
    cx.set_context("example.org/word", input::<String>(cx, "word")?)?;
    cx.condition("First", ConditionStatus::True, "Ran", None);
    Ok(())
}

/// The second of two steps: adds to what the first desired, and says what it was handed.
#[composition(xr = Local)]
pub fn second(cx: &mut Cx<Local>) -> Result<()> {
    cx.resource("ours", json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"second": "2", "both": "second"}}));
    cx.ready("mine", true);
    let word: String = cx.context("example.org/word")?.unwrap_or_default();
    cx.status(local::Status { steps: Some([("second".to_owned(), word)].into()), ..Default::default() });
    cx.condition("Second", ConditionStatus::True, "Ran", None);
    Ok(())
}

/// Requires objects by name and by label, all of a kind, one that is nowhere, and then what the first names.
#[composition(xr = Local)]
pub fn requires(cx: &mut Cx<Local>) -> Result<()> {
    let mut by_name = selector("v1", "ConfigMap", ResourceMatch::Name("main".to_owned()));
    by_name.namespace = Some("shop".to_owned());
    let labels = [("team".to_owned(), "red".to_owned())].into();
    let mut found = Vec::new();
    let all = [
        ("by-name", by_name),
        ("by-label", selector("v1", "ConfigMap", ResourceMatch::Labels(labels))),
        ("all", selector("example.org/v1", "Account", ResourceMatch::All)),
        ("nowhere", selector("example.org/v1", "Account", ResourceMatch::Name("nowhere".to_owned()))),
    ];
    for (name, selector) in all {
        let objects = cx.require_any(name, selector).values();
        let names = objects.iter().flatten().map(|object| object["metadata"]["name"].as_str().unwrap_or_default());
        found.push(format!("{name}: {}", names.collect::<Vec<_>>().join(" ")));
    }
    // Known only once the first was found.
    let named = cx.require_any("all", selector("example.org/v1", "Account", ResourceMatch::All)).values();
    let owner = named.iter().flatten().find_map(|account| account["spec"]["owner"].as_str().map(str::to_owned));
    if let Some(owner) = owner {
        let owner = cx.require_any("owner", selector("example.org/v1", "Owner", ResourceMatch::Name(owner))).values();
        let names = owner.iter().flatten().map(|owner| owner["metadata"]["name"].to_string());
        found.push(format!("owner: {}", names.collect::<String>()));
    }
    // It has no owner: not even that deletes it.
    cx.leave_resource("left-alone");
    let schema = SchemaSelector { api_version: "example.org/v1".to_owned(), kind: "Account".to_owned() };
    let schema = cx.require_schema("account", schema).unwrap_or_default();
    let description = schema["description"].as_str().unwrap_or("unknown").to_owned();
    cx.status(local::Status { found: Some(found), said: Some(description), ..Default::default() });
    Ok(())
}

/// Requires something else in every call.
#[composition(xr = Local)]
pub fn never_settles(cx: &mut Cx<Local>) -> Result<()> {
    let call: u64 = cx.context("example.org/call")?.unwrap_or_default();
    cx.set_context("example.org/call", call + 1)?;
    cx.require_any("more", selector("v1", "ConfigMap", ResourceMatch::Name(format!("more-{call}"))));
    Ok(())
}

/// Says which credentials it was given, and how long they are.
#[composition(xr = Local)]
pub fn trusted(cx: &mut Cx<Local>) -> Result<()> {
    let token = cx.credentials("cloud").and_then(|credentials| credentials.get("token"));
    let said = token.map_or_else(|| "none".to_owned(), |token| format!("a token of {} bytes", token.len()));
    cx.status(local::Status { said: Some(said), ..Default::default() });
    Ok(())
}

/// A resource of a generated type that waits for another, and stays as it is when that one's status is lost.
#[composition(xr = Local)]
pub fn waits(cx: &mut Cx<Local>) -> Result<()> {
    let manifest = |text: &str| AnyResource::new("v1", "ConfigMap").with("data", json!({"text": text}));
    let source = resource!(cx, source: Object {
        spec.for_provider.manifest: (manifest("source")?),
    });
    source.ready(source.has_condition("Ready"));
    resource!(cx, copy: Object {
        metadata.annotations: {
            "example.org/of": text!("a copy of {}", source.status.at_provider.manifest.map(|manifest| name(&manifest))),
        },
        spec.for_provider.manifest: (manifest("copy")?),
    });
    Ok(())
}

/// The name of an object.
fn name(object: &AnyResource) -> String {
    let name = object.0.get("metadata").and_then(|metadata| metadata["name"].as_str());
    name.unwrap_or_default().to_owned()
}

/// Composes in no namespace and in several.
#[composition(xr = Global)]
pub fn everywhere(cx: &mut Cx<Global>) -> Result<()> {
    let namespaces = &cx.xr().spec.namespaces;
    for namespace in namespaces {
        let key = format!("namespace-{namespace}");
        cx.resource(key, json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace.as_str()}}))
            .ready(true);
        let mut note = note("here");
        note["metadata"] = json!({"namespace": namespace.as_str(), "name": "here"});
        let key = format!("note-{namespace}");
        cx.resource(key, note).ready(true);
    }
    cx.drop_matching(|key| key.starts_with("note-") || key.starts_with("namespace-"));
    cx.status(global::Status { count: i64::try_from(namespaces.len()).ok() });
    Ok(())
}

/// Publishes a connection detail that it reads from a composed resource, and speaks to the claim.
#[composition(xr = XLegacy)]
pub fn user(cx: &mut Cx<XLegacy>) -> Result<()> {
    let name = cx.xr().spec.user.clone();
    if name == "nobody" {
        cx.fatal("nobody is no user");
    }
    let user = cx.resource(
        "user",
        json!({
            "apiVersion": "example.org/v1", "kind": "User", "spec": {
                "name": name,
                "writeConnectionSecretToRef": {"namespace": "secrets", "name": format!("{}-user", cx.name())},
            },
        }),
    );
    user.ready(user.has_condition("Ready"));
    cx.connection_detail("password", user.connection_detail("password"));
    for (type_, target) in [("Told", Target::CompositeAndClaim), ("Kept", Target::Composite)] {
        cx.targeted_condition(TargetedCondition {
            r#type: type_.to_owned(),
            status: ConditionStatus::True,
            reason: "Said".to_owned(),
            message: None,
            target,
        });
    }
    cx.status(x_legacy::Status { user: Some(name) });
    Ok(())
}
