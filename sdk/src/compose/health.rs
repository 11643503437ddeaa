//! Health checks of Kubernetes' own kinds, as function-auto-ready has them.
//!
//! The real function looks into some kinds as they come, and converts objects of others to Kubernetes' own types first. What does
//! not fit those is not healthy, whatever else it says; here that goes for what a check looks at. Kubernetes itself serves nothing
//! that does not fit.

use serde_json::Value;

use super::readiness::first_condition;
use crate::codec::json::JsonReader;

/// The kinds that have a health check, in one version of one group each.
pub(super) const KINDS: [&str; 15] = [
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

/// Whether an observed object has a health check, and passes it.
pub(super) fn is_healthy(object: &Value) -> bool {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    let typed = |check: fn(&Value) -> Option<bool>| fits(object) && check(object).unwrap_or(false);
    match (text("apiVersion"), text("kind")) {
        ("v1", "ConfigMap" | "Secret" | "ServiceAccount" | "Namespace") => true,
        ("v1", "Service") => string(object, "/spec/type") != Some("LoadBalancer") || has_ingress_point(object),
        ("networking.k8s.io/v1", "Ingress") => has_ingress_point(object),
        ("apps/v1", "Deployment") => deployment(object),
        ("apps/v1", "StatefulSet") => stateful_set(object),
        ("apps/v1", "DaemonSet") => daemon_set(object),
        ("v1", "PersistentVolumeClaim") => typed(|object| Some(typed_text(object, "status", "phase")? == "Bound")),
        ("v1", "Pod") => typed(pod),
        ("apps/v1", "ReplicaSet") => typed(replica_set),
        ("batch/v1", "Job") => typed(job),
        ("batch/v1", "CronJob") => typed(cron_job),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => typed(autoscaler),
        _ => false,
    }
}

fn has_ingress_point(object: &Value) -> bool {
    object.pointer("/status/loadBalancer/ingress").and_then(Value::as_array).is_some_and(|points| !points.is_empty())
}

fn deployment(object: &Value) -> bool {
    let replicas = integer(object, "/spec/replicas").unwrap_or(1);
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    integer(object, "/status/updatedReplicas") == Some(replicas)
        && integer(object, "/status/availableReplicas") == Some(replicas)
        && conditions.into_iter().flatten().any(|condition| {
            string(condition, "/type") == Some("Available") && string(condition, "/status") == Some("True")
        })
}

fn stateful_set(object: &Value) -> bool {
    let replicas = integer(object, "/spec/replicas").unwrap_or(1);
    let revision = string(object, "/status/currentRevision");
    integer(object, "/status/readyReplicas") == Some(replicas)
        && integer(object, "/status/currentReplicas") == Some(replicas)
        && revision.is_some()
        && revision == string(object, "/status/updateRevision")
}

fn daemon_set(object: &Value) -> bool {
    let scheduled = integer(object, "/status/desiredNumberScheduled");
    scheduled.is_some()
        && ["/status/numberReady", "/status/updatedNumberScheduled", "/status/numberAvailable"]
            .iter()
            .all(|path| integer(object, path) == scheduled)
}

fn string<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer).and_then(Value::as_str)
}

/// A number without its fraction.
fn integer(object: &Value, pointer: &str) -> Option<i64> {
    let value = object.pointer(pointer)?;
    value.as_i64().or_else(|| value.as_f64().map(|float| float as i64))
}

fn pod(object: &Value) -> Option<bool> {
    let always = typed_text(object, "spec", "restartPolicy")? == "Always";
    let is_ready = decide(object, |type_, holds| (type_ == "Ready" && holds).then_some(true))?;
    Some(match typed_text(object, "status", "phase")? {
        "Succeeded" => true,
        "Running" => always && is_ready == Some(true),
        _ => false,
    })
}

fn replica_set(object: &Value) -> Option<bool> {
    let has_failed = decide(object, |type_, holds| (type_ == "ReplicaFailure" && holds).then_some(true))?;
    let observed = typed_integer(object, "status", "observedGeneration")?.unwrap_or(0);
    let generation = typed_integer(object, "metadata", "generation")?.unwrap_or(0);
    let available = typed_integer(object, "status", "availableReplicas")?.unwrap_or(0);
    let replicas = typed_integer(object, "spec", "replicas")?.unwrap_or(1);
    Some(observed >= generation && has_failed.is_none() && available >= replicas)
}

/// The first of its conditions that says something decides.
fn job(object: &Value) -> Option<bool> {
    decide(object, |type_, holds| match (type_, holds) {
        ("Complete", true) => Some(true),
        ("Failed" | "Suspended", true) => Some(false),
        _ => None,
    })?
}

fn cron_job(object: &Value) -> Option<bool> {
    let is_suspended = match typed_field(object, "spec", "suspend") {
        None | Some(Value::Null) => false,
        Some(value) => value.as_bool()?,
    };
    let is_running = match typed_field(object, "status", "active") {
        None | Some(Value::Null) => false,
        Some(Value::Array(active)) if active.iter().all(|job| job.is_object() || job.is_null()) => !active.is_empty(),
        Some(_) => return None,
    };
    let scheduled = typed_text(object, "status", "lastScheduleTime")?;
    let succeeded = typed_text(object, "status", "lastSuccessfulTime")?;
    // Kubernetes writes these times as RFC 3339 in UTC to the second: they compare as text.
    Some(is_suspended || !scheduled.is_empty() && (is_running || succeeded >= scheduled))
}

/// The first of its conditions that says something decides.
fn autoscaler(object: &Value) -> Option<bool> {
    decide(object, |type_, holds| match (type_, holds) {
        ("ScalingActive" | "ScalingLimited", true) => Some(true),
        ("FailedGetScale" | "FailedUpdateScale" | "FailedGetResourceMetric" | "InvalidSelector", true) => Some(false),
        _ => None,
    })?
}

/// What the first condition says that says something; `None` where the conditions are none.
fn decide(object: &Value, judge: fn(&str, bool) -> Option<bool>) -> Option<Option<bool>> {
    first_condition(&mut JsonReader(object), judge).ok()
}

/// Whether the parts that every typed object has are objects, where it has them.
fn fits(object: &Value) -> bool {
    let fits = |part: &Value| part.is_object() || part.is_null();
    ["metadata", "spec", "status"].iter().all(|part| object.get(part).is_none_or(fits))
}

fn typed_field<'a>(object: &'a Value, part: &str, field: &str) -> Option<&'a Value> {
    object.get(part)?.get(field)
}

/// A string field, empty where there is none; `None` if something else stands there.
fn typed_text<'a>(object: &'a Value, part: &str, field: &str) -> Option<&'a str> {
    match typed_field(object, part, field) {
        None | Some(Value::Null) => Some(""),
        Some(value) => value.as_str(),
    }
}

/// An integer field, if there is one; `None` if something else stands there.
fn typed_integer(object: &Value, part: &str, field: &str) -> Option<Option<i64>> {
    match typed_field(object, part, field) {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.as_i64().map(Some),
    }
}
