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

    /// For each kind of the table: what is ready, and what is not.
    #[test]
    fn the_table_judges_each_kind_by_its_state() {
        let condition = |type_: &str| json!([{"type": type_, "status": "True"}]);
        let balanced = json!({"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}});
        let cases = [
            ("v1", "Secret", json!({}), None),
            ("v1", "ConfigMap", json!({}), None),
            ("v1", "Service", json!({"spec": {"type": "ClusterIP"}}), Some(json!({"spec": {"type": "LoadBalancer"}}))),
            ("v1", "Service", json!({"spec": {"type": "LoadBalancer"}, "status": balanced}), None),
            ("networking.k8s.io/v1", "Ingress", json!({"status": balanced}), Some(json!({}))),
            (
                "v1",
                "PersistentVolumeClaim",
                json!({"status": {"phase": "Bound"}}),
                Some(json!({"status": {"phase": "Pending"}})),
            ),
            ("v1", "Pod", json!({"status": {"phase": "Succeeded"}}), Some(json!({"status": {"phase": "Running"}}))),
            (
                "apps/v1",
                "Deployment",
                json!({"spec": {"replicas": 2}, "status": {
                    "updatedReplicas": 2, "availableReplicas": 2, "conditions": condition("Available"),
                }}),
                Some(json!({"spec": {"replicas": 2}, "status": {
                    "updatedReplicas": 2, "availableReplicas": 1, "conditions": condition("Available"),
                }})),
            ),
            (
                "apps/v1",
                "StatefulSet",
                json!({"status": {
                    "readyReplicas": 1, "currentReplicas": 1, "currentRevision": "a", "updateRevision": "a",
                }}),
                Some(json!({"status": {
                    "readyReplicas": 1, "currentReplicas": 1, "currentRevision": "a", "updateRevision": "b",
                }})),
            ),
            (
                "apps/v1",
                "DaemonSet",
                json!({"status": {
                    "desiredNumberScheduled": 3, "numberReady": 3, "updatedNumberScheduled": 3, "numberAvailable": 3,
                }}),
                Some(json!({"status": {"desiredNumberScheduled": 3, "numberReady": 3, "updatedNumberScheduled": 3}})),
            ),
            (
                "apps/v1",
                "ReplicaSet",
                json!({"metadata": {"generation": 2}, "status": {"observedGeneration": 2, "availableReplicas": 1}}),
                Some(
                    json!({"metadata": {"generation": 3}, "status": {"observedGeneration": 2, "availableReplicas": 1}}),
                ),
            ),
            (
                "batch/v1",
                "Job",
                json!({"status": {"conditions": condition("Complete")}}),
                Some(json!({"status": {"conditions": condition("Failed")}})),
            ),
            (
                "batch/v1",
                "CronJob",
                json!({"status": {
                    "lastScheduleTime": "2024-01-01T00:00:00Z", "lastSuccessfulTime": "2024-01-01T00:00:00Z",
                }}),
                Some(json!({"status": {
                    "lastScheduleTime": "2024-01-01T00:00:00Z", "lastSuccessfulTime": "2023-12-31T23:59:59Z",
                }})),
            ),
            (
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                json!({"status": {"conditions": condition("ScalingActive")}}),
                Some(json!({"status": {"conditions": condition("FailedGetScale")}})),
            ),
            (
                "storage.example.org/v1",
                "Bucket",
                json!({"status": {"conditions": condition("Ready")}}),
                Some(json!({"status": {"conditions": condition("Synced")}})),
            ),
        ];
        for (api_version, kind, ready, unready) in cases {
            assert!(is_ready(&object(api_version, kind, ready.clone())), "{kind} {ready}");
            if let Some(unready) = unready {
                assert!(!is_ready(&object(api_version, kind, unready.clone())), "{kind} {unready}");
            }
            if api_version != "storage.example.org/v1" {
                assert!(KINDS.contains(&kind), "{kind} is judged by its state, so all of it must be read");
            }
        }
    }
}
