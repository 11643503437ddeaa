//! What function-auto-ready was asked, and what it answered: recorded as lines of JSON, of three sorts.
//!
//! * `{"object", "ready"}`: an object that is observed of a desired resource of which no step has said whether it is ready.
//! * `{"at", "values", "without"}`: the object before it with one field altered. `values` are those with which it is ready and
//!   those with which it is not; `without`, of a field that it has, is whether it is ready without it.
//! * `{"desired", "observed", "answer"}`: what an earlier step said of a resource (null: nobody desires it), the object that is
//!   observed of it (null: none), and what the function said.
//!
//! A line `{"function"}` before them says which function was asked.

use planewright::state::{Composed, Ready, Request};
use serde_json::{Value, json};

/// One resource of a request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What earlier steps say of its readiness, in the protocol's words; `None` if they do not desire it.
    pub desired: Option<String>,
    /// What is observed of it.
    pub observed: Option<Value>,
    /// The field that was altered and its new value, if one was altered: `None` stands for a field that was taken out.
    pub altered: Option<(String, Option<Value>)>,
}

impl Asked {
    /// A desired resource of which nobody has said anything.
    pub fn of(observed: Value) -> Self {
        Asked { desired: Some("Unspecified".to_owned()), observed: Some(observed), altered: None }
    }

    /// An object with one field altered.
    pub fn altered(object: &Value, at: &str, to: Option<Value>) -> Self {
        let mut object = object.clone();
        alter(&mut object, at, to.clone());
        Asked { altered: Some((at.to_owned(), to)), ..Asked::of(object) }
    }

    /// Whether it is a case of a difference.
    pub fn is_case_of(&self, difference: &Difference) -> bool {
        let Some((at, Some(to))) = &self.altered else { return false };
        let text = |name: &str| self.observed.as_ref().and_then(|object| object[name].as_str()).unwrap_or_default();
        (difference.covers)((text("apiVersion"), text("kind")), at, to)
    }
}

/// A request about those resources, by their numbers. It has something in every other place where earlier steps may have said
/// something.
pub fn request<'a>(asked: impl IntoIterator<Item = &'a Asked>) -> Request {
    let mut request =
        Request::new(json!({"apiVersion": "example.org/v1", "kind": "Platform", "metadata": {"name": "p"}}));
    request.context.insert("earlier".to_owned(), json!({"step": ["said", 1, null]}));
    request.desired.status.insert("note".to_owned(), "kept".into());
    request.desired.connection.insert("user".to_owned(), b"me".to_vec());
    for (number, asked) in asked.into_iter().enumerate() {
        if let Some(observed) = &asked.observed {
            request.observed.insert(number.to_string(), observed.clone().into());
        }
        if let Some(desired) = &asked.desired {
            let said =
                [Ready::Unspecified, Ready::True, Ready::False].into_iter().find(|ready| ready.as_str() == desired);
            // What is desired and what is observed are of one kind.
            let mut resource =
                json!({"apiVersion": "v1", "kind": "Secret", "spec": {"replicas": 1, "none": null, "half": 0.5}});
            for field in ["apiVersion", "kind"] {
                if let Some(name @ Value::String(_)) = asked.observed.as_ref().and_then(|object| object.get(field)) {
                    resource[field] = name.clone();
                }
            }
            let composed = Composed { resource: resource.into(), ready: said.unwrap() };
            request.desired.composed.insert(number.to_string(), composed);
        }
    }
    request
}

/// Sets a field of an object, or takes it out. What is not there stays so.
pub fn alter(object: &mut Value, at: &str, to: Option<Value>) {
    let (parent, last) = at.rsplit_once('/').unwrap_or_default();
    match (object.pointer_mut(parent), to) {
        (Some(Value::Object(fields)), Some(to)) => drop(fields.insert(last.to_owned(), to)),
        (Some(Value::Object(fields)), None) => drop(fields.shift_remove(last)),
        (Some(Value::Array(items)), to) => {
            let Some(index) = last.parse().ok().filter(|index| *index < items.len()) else { return };
            match to {
                Some(to) => items[index] = to,
                None => drop(items.remove(index)),
            }
        }
        _ => {}
    }
}

/// What was recorded: each resource, and what the function said of it; `None` if it is not in the answer.
pub fn read(recorded: &str) -> Vec<(Asked, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let said = |is_ready: bool| Some(if is_ready { "True" } else { "Unspecified" }.to_owned());
    let (mut object, mut out) = (Value::Null, Vec::new());
    for line in recorded.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if let Some(at) = line["at"].as_str() {
            if let Some(is_ready) = line["without"].as_bool() {
                out.push((Asked::altered(&object, at, None), said(is_ready)));
            }
            for (values, is_ready) in [("ready", true), ("not", false)] {
                for value in line["values"][values].as_array().unwrap() {
                    out.push((Asked::altered(&object, at, Some(value.clone())), said(is_ready)));
                }
            }
        } else if line.get("desired").is_some() {
            let observed = Some(line["observed"].clone()).filter(Value::is_object);
            out.push((Asked { desired: text(&line["desired"]), observed, altered: None }, text(&line["answer"])));
        } else if line.get("object").is_some() {
            object = line["object"].clone();
            out.push((Asked::of(object.clone()), said(line["ready"].as_bool().unwrap())));
        }
    }
    out
}

/// Writes what [`read`] reads: the alterations of an object follow it, those of one field together.
pub fn write(function: &str, verdicts: &[(Asked, Option<String>)]) -> String {
    let mut lines = vec![json!({"function": function})];
    for (asked, answer) in verdicts {
        let is_ready = answer.as_deref() == Some("True");
        match &asked.altered {
            None if answer.is_some() && asked.desired.as_deref() == Some("Unspecified") && asked.observed.is_some() => {
                lines.push(json!({"object": asked.observed, "ready": is_ready}));
            }
            None => {
                lines.push(json!({"desired": asked.desired, "observed": asked.observed, "answer": answer}));
            }
            Some((at, to)) => {
                if lines.last().is_none_or(|line| line["at"] != **at) {
                    lines.push(json!({"at": at, "values": {"ready": [], "not": []}}));
                }
                let Some(line) = lines.last_mut() else { continue };
                match to {
                    None => line["without"] = is_ready.into(),
                    Some(to) => {
                        let values = &mut line["values"][if is_ready { "ready" } else { "not" }];
                        values.as_array_mut().unwrap().push(to.clone());
                    }
                }
            }
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Where `AutoReady` says something else than function-auto-ready, on purpose.
pub struct Difference {
    /// What it is.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Whether an object of that apiVersion and kind, with that field set to that value, is a case of it.
    pub covers: fn(kind: (&str, &str), at: &str, to: &Value) -> bool,
}

/// All of them.
pub const MEANT: [Difference; 3] = [
    Difference {
        what: "versions of the core group that are written with a slash, /v1",
        why: "Kubernetes writes v1",
        covers: |_, at, to| at == "/apiVersion" && to == "/v1",
    },
    Difference {
        what: "times that are none",
        why: "no time is read, and Kubernetes serves none that is malformed where its schema says that it is one",
        covers: |_, at, to| at.ends_with("Time") && to.as_str().is_some_and(|time| !time.starts_with("2024-01-0")),
    },
    Difference {
        what: "fields that no check looks at, and that are not what Kubernetes' own type says",
        why: "Kubernetes serves no such object, and whether one is ready does not hang on them",
        covers: |kind, at, _| {
            let unread = at == "/metadata/generation" && kind != ("apps/v1", "ReplicaSet");
            unread || UNREAD.iter().any(|(unread, field)| *unread == kind && at.starts_with(field))
        },
    },
];

/// Fields that the function decodes and does not look at, of the kinds that it decodes.
const UNREAD: [((&str, &str), &str); 8] = [
    (("v1", "PersistentVolumeClaim"), "/spec/storageClassName"),
    (("v1", "Pod"), "/spec/containers"),
    (("v1", "Pod"), "/status/containerStatuses"),
    (("apps/v1", "ReplicaSet"), "/status/replicas"),
    (("batch/v1", "CronJob"), "/spec/schedule"),
    (("batch/v1", "Job"), "/spec/parallelism"),
    (("batch/v1", "Job"), "/spec/suspend"),
    (("autoscaling/v2", "HorizontalPodAutoscaler"), "/spec/maxReplicas"),
];
