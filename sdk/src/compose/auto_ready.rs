//! Readiness by observation, as function-auto-ready has it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::readiness::has_condition;
use crate::codec::WirePath;
use crate::codec::json::read_value;
use crate::state::{Function, Place, Ready, Response, Source};

/// A pipeline step that says which resources are ready where no earlier step did: the built-in form of
/// function-auto-ready 0.7 (without its CEL customisations).
///
/// Only resources that are observed can be ready. Of the kinds in this table the state itself is judged, of every
/// other kind the condition `Ready`:
///
/// | kinds | ready when |
/// |---|---|
/// | ConfigMap, Secret, ServiceAccount, Namespace | observed |
/// | Service | not a LoadBalancer, or it has an ingress point |
/// | Ingress | it has an ingress point |
/// | PersistentVolumeClaim | phase `Bound` |
/// | Pod | phase `Succeeded`, or `Running` with restart policy `Always` and condition `Ready` |
/// | Deployment | all replicas updated and available, condition `Available` |
/// | StatefulSet | all replicas ready and at the current revision |
/// | DaemonSet | all scheduled pods updated, ready and available |
/// | ReplicaSet | current generation observed, all replicas available |
/// | Job | condition `Complete`, not failed or suspended |
/// | CronJob | suspended, or running, or its last run succeeded |
/// | HorizontalPodAutoscaler | condition `ScalingActive` or `ScalingLimited`, and none of failure |
///
/// A resource of such a kind that is not ready by the table is ready by the condition `Ready`, if it has that.
#[derive(Clone, Copy, Debug, Default)]
pub struct AutoReady;

impl Function for AutoReady {
    fn run(&self, source: Rc<dyn Source>) -> Response {
        let kind = WirePath::names(["kind"]);
        let mut ready = BTreeMap::new();
        for key in source.desired_keys() {
            if source.desired_ready(Place::Composed(key)) != Ready::Unspecified {
                continue;
            }
            let Some(mut observed) = source.observed(Place::Composed(key)) else { continue };
            let Ok(Some(kind)) = kind.read(&mut *observed) else { continue };
            // Only what is asked for is read: most objects are large, and their conditions are not.
            let is_ready = match kind.as_str().is_some_and(|kind| KINDS.contains(&kind)) {
                true => read_value(&mut *observed).is_ok_and(|object| is_ready(&object)),
                false => has_condition(&mut *observed, "Ready").unwrap_or(false),
            };
            if is_ready {
                ready.insert(key.to_owned(), Ready::True);
            }
        }
        Response { ready, ..Response::default() }
    }
}

/// The kinds of the table.
const KINDS: [&str; 15] = [
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Job",
    "Namespace",
    "PersistentVolumeClaim",
    "Pod",
    "ReplicaSet",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
];

/// Whether an observed object is ready.
fn is_ready(object: &Value) -> bool {
    by_kind(object).unwrap_or(false) || condition(object, "Ready")
}

/// What the table says of an object; `None` if it does not know the kind.
fn by_kind(object: &Value) -> Option<bool> {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    Some(match (text("apiVersion"), text("kind")) {
        ("v1", "ConfigMap" | "Secret" | "ServiceAccount" | "Namespace") => true,
        ("v1", "Service") => string(object, "/spec/type") != Some("LoadBalancer") || has_ingress_point(object),
        ("networking.k8s.io/v1", "Ingress") => has_ingress_point(object),
        ("v1", "PersistentVolumeClaim") => string(object, "/status/phase") == Some("Bound"),
        ("v1", "Pod") => pod(object),
        ("apps/v1", "Deployment") => {
            let replicas = integer(object, "/spec/replicas").unwrap_or(1);
            integer(object, "/status/updatedReplicas") == Some(replicas)
                && integer(object, "/status/availableReplicas") == Some(replicas)
                && condition(object, "Available")
        }
        ("apps/v1", "StatefulSet") => {
            let replicas = integer(object, "/spec/replicas").unwrap_or(1);
            let revision = string(object, "/status/currentRevision");
            integer(object, "/status/readyReplicas") == Some(replicas)
                && integer(object, "/status/currentReplicas") == Some(replicas)
                && revision.is_some()
                && revision == string(object, "/status/updateRevision")
        }
        ("apps/v1", "DaemonSet") => {
            let scheduled = integer(object, "/status/desiredNumberScheduled");
            scheduled.is_some()
                && ["/status/numberReady", "/status/updatedNumberScheduled", "/status/numberAvailable"]
                    .iter()
                    .all(|path| integer(object, path) == scheduled)
        }
        ("apps/v1", "ReplicaSet") => {
            let count = |path: &str| integer(object, path).unwrap_or(0);
            count("/status/observedGeneration") >= count("/metadata/generation")
                && !condition(object, "ReplicaFailure")
                && count("/status/availableReplicas") >= integer(object, "/spec/replicas").unwrap_or(1)
        }
        ("batch/v1", "Job") => job(object),
        ("batch/v1", "CronJob") => cron_job(object),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => autoscaler(object),
        _ => return None,
    })
}

fn pod(object: &Value) -> bool {
    match string(object, "/status/phase") {
        Some("Succeeded") => true,
        Some("Running") => string(object, "/spec/restartPolicy") == Some("Always") && condition(object, "Ready"),
        _ => false,
    }
}

/// The first of its conditions that says something decides.
fn job(object: &Value) -> bool {
    conditions(object)
        .find_map(|(type_, holds)| match (type_, holds) {
            ("Complete", true) => Some(true),
            ("Failed" | "Suspended", true) => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}

fn cron_job(object: &Value) -> bool {
    if object.pointer("/spec/suspend").and_then(Value::as_bool) == Some(true) {
        return true;
    }
    let Some(scheduled) = string(object, "/status/lastScheduleTime") else { return false };
    let running = object.pointer("/status/active").and_then(Value::as_array).is_some_and(|active| !active.is_empty());
    // Kubernetes writes these times as RFC 3339 in UTC to the second: they compare as text.
    running || string(object, "/status/lastSuccessfulTime").is_some_and(|succeeded| succeeded >= scheduled)
}

fn autoscaler(object: &Value) -> bool {
    conditions(object)
        .find_map(|(type_, holds)| match (type_, holds) {
            ("ScalingActive" | "ScalingLimited", true) => Some(true),
            ("FailedGetScale" | "FailedUpdateScale" | "FailedGetResourceMetric" | "InvalidSelector", true) => {
                Some(false)
            }
            _ => None,
        })
        .unwrap_or(false)
}

fn has_ingress_point(object: &Value) -> bool {
    object.pointer("/status/loadBalancer/ingress").and_then(Value::as_array).is_some_and(|points| !points.is_empty())
}

fn condition(object: &Value, wanted: &str) -> bool {
    conditions(object).any(|(type_, holds)| type_ == wanted && holds)
}

/// The object's conditions: type, and whether the status is `True`.
fn conditions(object: &Value) -> impl Iterator<Item = (&str, bool)> {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten();
    conditions.map(|condition| {
        let text = |name: &str| condition.get(name).and_then(Value::as_str).unwrap_or_default();
        (text("type"), text("status") == "True")
    })
}

fn string<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer).and_then(Value::as_str)
}

fn integer(object: &Value, pointer: &str) -> Option<i64> {
    let value = object.pointer(pointer)?;
    value.as_i64().or_else(|| value.as_f64().map(|float| float as i64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(api_version: &str, kind: &str, rest: Value) -> Value {
        let mut object = json!({"apiVersion": api_version, "kind": kind});
        for (key, value) in rest.as_object().into_iter().flatten() {
            object[key] = value.clone();
        }
        object
    }

    /// A row of the table: the kind, what makes an object of it ready, and what does not.
    type Row = (&'static str, &'static str, Vec<Value>, Vec<Value>);

    /// `status` and `spec` of an object.
    fn part(part: &str, value: Value) -> Value {
        json!({ part: value })
    }

    fn conditions(conditions: &[(&str, &str)]) -> Value {
        conditions.iter().map(|(type_, status)| json!({"type": type_, "status": status})).collect()
    }

    fn rows() -> Vec<Row> {
        let status = |value| part("status", value);
        let on = |type_| status(json!({"conditions": conditions(&[(type_, "True")])}));
        let off = |type_| status(json!({"conditions": conditions(&[(type_, "False")])}));
        let balanced = json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}});
        let unbalanced = json!({"loadBalancer": {"ingress": []}});
        let service = |type_: &str, status: &Value| json!({"spec": {"type": type_}, "status": status});
        let pod = |phase: &str, restart: &str, ready: &str| {
            json!({
                "spec": {"restartPolicy": restart},
                "status": {"phase": phase, "conditions": conditions(&[("Ready", ready)])},
            })
        };
        let deployment = |replicas: u32, updated: u32, available: u32, holds: &str| {
            json!({"spec": {"replicas": replicas}, "status": {
                "updatedReplicas": updated, "availableReplicas": available, "conditions": conditions(&[("Available", holds)]),
            }})
        };
        let stateful = |replicas: u32, ready: u32, current: u32, revision: &str| {
            json!({"spec": {"replicas": replicas}, "status": {
                "readyReplicas": ready, "currentReplicas": current, "currentRevision": revision, "updateRevision": "b",
            }})
        };
        let daemon = |ready: u32, updated: u32, available: u32| {
            status(json!({
                "desiredNumberScheduled": 3, "numberReady": ready, "updatedNumberScheduled": updated,
                "numberAvailable": available,
            }))
        };
        let replica = |generation: u32, available: u32, failure: &str| {
            json!({"metadata": {"generation": generation}, "spec": {"replicas": 2}, "status": {
                "observedGeneration": 2, "availableReplicas": available,
                "conditions": conditions(&[("ReplicaFailure", failure)]),
            }})
        };
        let job = |entries: &[(&str, &str)]| status(json!({"conditions": conditions(entries)}));
        let cron = |active: Value, succeeded: &str| {
            status(json!({
                "active": active, "lastScheduleTime": "2024-01-02T00:00:00Z", "lastSuccessfulTime": succeeded,
            }))
        };
        let bare = || json!({});
        vec![
            ("v1", "ConfigMap", vec![bare()], vec![]),
            ("v1", "Secret", vec![bare()], vec![]),
            ("v1", "ServiceAccount", vec![bare()], vec![]),
            ("v1", "Namespace", vec![bare(), status(json!({"phase": "Terminating"}))], vec![]),
            (
                "v1",
                "Service",
                vec![bare(), service("ClusterIP", &unbalanced), service("LoadBalancer", &balanced)],
                vec![service("LoadBalancer", &unbalanced), service("LoadBalancer", &bare())],
            ),
            ("networking.k8s.io/v1", "Ingress", vec![status(balanced)], vec![status(unbalanced), bare()]),
            (
                "v1",
                "PersistentVolumeClaim",
                vec![status(json!({"phase": "Bound"}))],
                vec![status(json!({"phase": "Pending"})), status(json!({"phase": "Lost"})), bare()],
            ),
            (
                "v1",
                "Pod",
                vec![pod("Succeeded", "Never", "False"), pod("Running", "Always", "True")],
                vec![
                    pod("Running", "Always", "False"),
                    pod("Running", "Never", "False"),
                    pod("Pending", "Always", "False"),
                    pod("Failed", "Always", "False"),
                ],
            ),
            (
                "apps/v1",
                "Deployment",
                vec![deployment(2, 2, 2, "True"), {
                    let mut one = deployment(1, 1, 1, "True");
                    one["spec"] = json!({});
                    one
                }],
                vec![deployment(2, 1, 2, "True"), deployment(2, 2, 1, "True"), deployment(2, 2, 2, "False"), bare()],
            ),
            (
                "apps/v1",
                "StatefulSet",
                vec![stateful(2, 2, 2, "b")],
                vec![stateful(2, 1, 2, "b"), stateful(2, 2, 1, "b"), stateful(2, 2, 2, "a"), bare()],
            ),
            (
                "apps/v1",
                "DaemonSet",
                vec![daemon(3, 3, 3)],
                vec![daemon(2, 3, 3), daemon(3, 2, 3), daemon(3, 3, 2), bare()],
            ),
            (
                "apps/v1",
                "ReplicaSet",
                vec![replica(2, 2, "False"), replica(1, 3, "False")],
                vec![replica(3, 2, "False"), replica(2, 1, "False"), replica(2, 2, "True"), bare()],
            ),
            (
                "batch/v1",
                "Job",
                vec![on("Complete"), job(&[("Failed", "False"), ("Complete", "True")])],
                vec![
                    on("Failed"),
                    on("Suspended"),
                    off("Complete"),
                    job(&[("Failed", "True"), ("Complete", "True")]),
                    bare(),
                ],
            ),
            (
                "batch/v1",
                "CronJob",
                vec![
                    part("spec", json!({"suspend": true})),
                    cron(json!([{"name": "now"}]), ""),
                    cron(json!([]), "2024-01-02T00:00:00Z"),
                ],
                vec![
                    cron(json!([]), "2024-01-01T00:00:00Z"),
                    status(json!({"active": [{"name": "never scheduled"}]})),
                    part("spec", json!({"suspend": false})),
                ],
            ),
            (
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                vec![on("ScalingActive"), on("ScalingLimited")],
                vec![
                    on("FailedGetScale"),
                    on("FailedUpdateScale"),
                    on("FailedGetResourceMetric"),
                    on("InvalidSelector"),
                    off("ScalingActive"),
                    job(&[("InvalidSelector", "True"), ("ScalingActive", "True")]),
                    bare(),
                ],
            ),
        ]
    }

    #[test]
    fn the_table_judges_each_kind_by_its_state() {
        let rows = rows();
        let kinds: Vec<&str> = rows.iter().map(|(_, kind, ..)| *kind).collect();
        for kind in KINDS {
            assert!(kinds.contains(&kind), "{kind} is in the table and has no row here");
        }
        for (api_version, kind, ready, unready) in rows {
            assert!(KINDS.contains(&kind), "{kind} is judged by its state, so all of it must be read");
            for rest in ready {
                assert!(is_ready(&object(api_version, kind, rest.clone())), "{kind} is ready: {rest}");
            }
            for rest in unready {
                assert!(!is_ready(&object(api_version, kind, rest.clone())), "{kind} is not ready: {rest}");
                // A condition `Ready` says so all the same.
                let mut said = rest;
                said["status"]["conditions"] = conditions(&[("Ready", "True")]);
                assert!(is_ready(&object(api_version, kind, said.clone())), "{kind} says that it is ready: {said}");
            }
        }
    }

    #[test]
    fn every_other_kind_is_judged_by_its_condition() {
        let with = |entries: &[(&str, &str)]| part("status", json!({"conditions": conditions(entries)}));
        // A kind of the table in another group is another kind.
        for (api_version, kind) in [("storage.example.org/v1", "Bucket"), ("example.org/v1", "Secret")] {
            assert!(is_ready(&object(api_version, kind, with(&[("Synced", "False"), ("Ready", "True")]))), "{kind}");
            for rest in [with(&[("Ready", "False")]), with(&[("Synced", "True")]), json!({})] {
                assert!(!is_ready(&object(api_version, kind, rest.clone())), "{kind} {rest}");
            }
        }
    }

    #[test]
    fn what_is_said_stays_and_what_is_not_observed_is_not_ready() {
        let mut request = crate::state::Request::new(json!({}));
        let secret = json!({"apiVersion": "v1", "kind": "Secret"});
        for (key, ready) in [("said", Ready::False), ("silent", Ready::Unspecified), ("new", Ready::Unspecified)] {
            let composed = crate::state::Composed { resource: secret.clone().into(), ready };
            request.desired.composed.insert(key.to_owned(), composed);
        }
        for key in ["said", "silent"] {
            request.observed.insert(key.to_owned(), secret.clone().into());
        }
        let response = AutoReady.run(Rc::new(request));
        assert_eq!(response.ready, BTreeMap::from([("silent".to_owned(), Ready::True)]));
    }
}
