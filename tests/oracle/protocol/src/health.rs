//! Observed objects, healthy and otherwise, of the kinds that function-auto-ready knows and of others; and what may be altered in
//! them.

use serde_json::{Value, json};

/// The objects.
pub fn objects() -> Vec<Value> {
    let mut objects = vec![
        object("v1", "ConfigMap", json!({"data": {"a": "b"}})),
        object("v1", "Namespace", json!({"status": {"phase": "Terminating"}})),
        object("v1", "Secret", json!({"data": {}})),
        object("v1", "ServiceAccount", json!({})),
    ];
    objects.extend(networking());
    objects.extend(storage_and_pods());
    objects.extend(workloads());
    objects.extend(jobs());
    objects.extend(autoscalers());
    objects.extend(others());
    objects
}

fn networking() -> Vec<Value> {
    let balanced = |count: usize| json!({"loadBalancer": {"ingress": vec![json!({"ip": "192.0.2.1"}); count]}});
    vec![
        object("v1", "Service", json!({"spec": {"type": "ClusterIP"}, "status": {"loadBalancer": {}}})),
        object("v1", "Service", json!({"spec": {"type": "LoadBalancer"}, "status": balanced(1)})),
        object("v1", "Service", json!({"spec": {"type": "LoadBalancer"}, "status": balanced(0)})),
        object("networking.k8s.io/v1", "Ingress", json!({"spec": {}, "status": balanced(2)})),
        object("networking.k8s.io/v1", "Ingress", json!({"status": balanced(0)})),
    ]
}

fn storage_and_pods() -> Vec<Value> {
    let claim = |phase: &str| json!({"spec": {"storageClassName": "fast"}, "status": {"phase": phase}});
    let pod = |phase: &str, restart: &str, ready: &str| {
        json!({
            "spec": {"restartPolicy": restart, "containers": [{"name": "main"}]},
            "status": {"phase": phase, "conditions": [condition("PodScheduled", "True"), condition("Ready", ready)]},
        })
    };
    let waiting = json!({
        "spec": {"restartPolicy": "Always"},
        "status": {
            "phase": "Running",
            "conditions": [condition("Ready", "False")],
            "containerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff"}}}],
        },
    });
    let mut terminated = waiting.clone();
    terminated["status"]["containerStatuses"] = json!([{"state": {"terminated": {"exitCode": 1}}}]);
    // The check takes any condition `Ready`, and the rule for all kinds the first.
    let twice = json!([condition("Ready", "False"), condition("Ready", "True")]);
    let twice = json!({"spec": {"restartPolicy": "Always"}, "status": {"phase": "Running", "conditions": twice}});
    vec![
        object("v1", "PersistentVolumeClaim", claim("Bound")),
        object("v1", "PersistentVolumeClaim", claim("Pending")),
        object("v1", "Pod", pod("Running", "Always", "True")),
        object("v1", "Pod", pod("Running", "Always", "False")),
        object("v1", "Pod", pod("Running", "Never", "False")),
        object("v1", "Pod", pod("Succeeded", "OnFailure", "False")),
        object("v1", "Pod", pod("Pending", "Always", "False")),
        object("v1", "Pod", waiting),
        object("v1", "Pod", terminated),
        object("v1", "Pod", twice),
    ]
}

fn workloads() -> Vec<Value> {
    let deployment = |replicas: i64, status: &str| {
        json!({"spec": {"replicas": replicas}, "status": {
            "observedGeneration": 1, "updatedReplicas": replicas, "availableReplicas": replicas,
            "conditions": [condition("Progressing", "True"), condition("Available", status)],
        }})
    };
    let mut paused = deployment(1, "True");
    paused["spec"]["paused"] = true.into();
    let stateful_set = |replicas: i64, revision: &str| {
        json!({"spec": {"replicas": replicas}, "status": {
            "readyReplicas": replicas, "currentReplicas": replicas, "currentRevision": revision, "updateRevision": "b",
        }})
    };
    let mut without_revisions = stateful_set(1, "b");
    without_revisions["status"] = json!({"readyReplicas": 1, "currentReplicas": 1});
    let daemon_set = |count: i64| {
        json!({"status": {
            "desiredNumberScheduled": count, "numberReady": count, "updatedNumberScheduled": count, "numberAvailable": count,
        }})
    };
    let replica_set = |generation: i64, failure: &str| {
        json!({
            "metadata": {"name": "a", "generation": generation},
            "spec": {"replicas": 2},
            "status": {
                "observedGeneration": 2, "replicas": 2, "availableReplicas": 2,
                "conditions": [condition("ReplicaFailure", failure)],
            },
        })
    };
    vec![
        object("apps/v1", "Deployment", deployment(2, "True")),
        object("apps/v1", "Deployment", deployment(0, "True")),
        object("apps/v1", "Deployment", deployment(2, "False")),
        object("apps/v1", "Deployment", paused),
        object("apps/v1", "StatefulSet", stateful_set(1, "b")),
        object("apps/v1", "StatefulSet", stateful_set(0, "b")),
        object("apps/v1", "StatefulSet", stateful_set(2, "a")),
        object("apps/v1", "StatefulSet", without_revisions),
        object("apps/v1", "DaemonSet", daemon_set(3)),
        object("apps/v1", "DaemonSet", daemon_set(0)),
        object("apps/v1", "ReplicaSet", replica_set(2, "False")),
        object("apps/v1", "ReplicaSet", replica_set(3, "False")),
        object("apps/v1", "ReplicaSet", replica_set(1, "True")),
    ]
}

fn jobs() -> Vec<Value> {
    let job = |first: Value, second: Value| json!({"spec": {"parallelism": 1, "suspend": false}, "status": {"conditions": [first, second]}});
    let cron_job = |suspend: bool, active: Value, succeeded: &str| {
        json!({"spec": {"schedule": "@daily", "suspend": suspend}, "status": {
            "active": active, "lastScheduleTime": "2024-01-02T00:00:00Z", "lastSuccessfulTime": succeeded,
        }})
    };
    vec![
        object("batch/v1", "Job", job(condition("FailureTarget", "False"), condition("Complete", "True"))),
        object("batch/v1", "Job", job(condition("Failed", "True"), condition("Complete", "True"))),
        object("batch/v1", "Job", job(condition("Complete", "True"), condition("Failed", "True"))),
        object("batch/v1", "Job", job(condition("Suspended", "True"), condition("Complete", "False"))),
        object("batch/v1", "CronJob", cron_job(false, json!([]), "2024-01-02T00:00:00Z")),
        object("batch/v1", "CronJob", cron_job(false, json!([]), "2024-01-01T23:59:59Z")),
        object("batch/v1", "CronJob", cron_job(false, json!([{"name": "now"}]), "2024-01-01T00:00:00Z")),
        object("batch/v1", "CronJob", cron_job(true, json!([]), "2024-01-01T00:00:00Z")),
        object("batch/v1", "CronJob", json!({"spec": {"suspend": true}})),
    ]
}

fn autoscalers() -> Vec<Value> {
    let autoscaler = |conditions: Value| json!({"spec": {"maxReplicas": 3}, "status": {"conditions": conditions}});
    let degraded = ["FailedGetScale", "FailedUpdateScale", "FailedGetResourceMetric", "InvalidSelector"];
    let mut objects = vec![
        autoscaler(json!([condition("AbleToScale", "True"), condition("ScalingActive", "True")])),
        autoscaler(json!([condition("ScalingActive", "False"), condition("ScalingLimited", "True")])),
        autoscaler(json!([])),
    ];
    objects.extend(
        degraded.map(|type_| autoscaler(json!([condition(type_, "True"), condition("ScalingActive", "True")]))),
    );
    objects.push(autoscaler(json!([condition("ScalingActive", "True"), condition("InvalidSelector", "True")])));
    objects.into_iter().map(|rest| object("autoscaling/v2", "HorizontalPodAutoscaler", rest)).collect()
}

/// Kinds without a check of their own, and kinds that have only the name of one that has one.
fn others() -> Vec<Value> {
    let with = |conditions: Value| json!({"status": {"conditions": conditions}});
    let deleted = json!({
        "metadata": {"name": "a", "generation": 4, "deletionTimestamp": "2024-01-02T00:00:00Z", "annotations": {"crossplane.io/paused": "true"}},
        "status": {"observedGeneration": 3, "conditions": [condition("Ready", "True")]},
    });
    let mut bound = condition("Ready", "True");
    bound["observedGeneration"] = 1.into();
    bound["message"] = "all is well".into();
    vec![
        object(
            "storage.example.org/v1",
            "Bucket",
            with(json!([condition("Synced", "False"), condition("Ready", "True")])),
        ),
        object(
            "storage.example.org/v1",
            "Bucket",
            with(json!([condition("Ready", "False"), condition("Ready", "True")])),
        ),
        object(
            "storage.example.org/v1",
            "Bucket",
            with(json!([condition("Ready", "True"), condition("Ready", "False")])),
        ),
        object("storage.example.org/v1", "Bucket", with(json!([bound, condition("Other", "Unknown")]))),
        object("storage.example.org/v1", "Bucket", with(json!([{"type": "Ready", "status": "True"}, null]))),
        object("storage.example.org/v1", "Bucket", deleted),
        object("storage.example.org/v1", "Bucket", json!({"spec": {}})),
        object("example.org/v1", "Secret", json!({"data": {}})),
        object("example.org/v1", "Pod", json!({"status": {"phase": "Succeeded"}})),
        object("v1", "PersistentVolume", json!({"status": {"phase": "Bound"}})),
    ]
}

/// Fields that objects of a kind do not have here, and what they may be set to all the same.
pub fn besides(object: &Value) -> Vec<(&'static str, Value)> {
    let ready = |status: &str| json!({"conditions": [condition("Ready", status)]});
    let mut besides = vec![("/status", ready("True")), ("/status", ready("False")), ("/status", ready("Unknown"))];
    besides.push(("/metadata/deletionTimestamp", "2024-01-02T00:00:00Z".into()));
    if object["metadata"].get("generation").is_none() {
        besides.push(("/metadata/generation", 7.into()));
    }
    besides
}

/// What a field may be altered to, by what stands there.
pub fn alternatives(object: &Value, at: &str) -> Vec<Value> {
    let mut values = vec![Value::Null, true.into(), "other".into(), 0.into(), json!(2.5), json!([]), json!({})];
    match (at, object.pointer(at)) {
        ("/apiVersion", _) => values.extend(API_VERSIONS.map(Value::from)),
        ("/kind", _) => values.extend(KINDS.map(Value::from)),
        (_, Some(Value::Bool(value))) => values.push((!value).into()),
        (_, Some(Value::Number(number))) => {
            let number = number.as_i64().unwrap_or_default();
            values.extend([
                (number - 1).into(),
                (number + 1).into(),
                json!(number as f64 + 0.5),
                number.to_string().into(),
            ]);
        }
        (_, Some(Value::Array(_))) => values.extend([json!([null]), json!(["other"]), json!([{}]), json!([[]])]),
        (_, Some(Value::String(text))) => {
            let words = WORDS.iter().find(|words| words.contains(&&**text)).copied().unwrap_or_default();
            values.push("".into());
            values.extend(words.iter().map(|word| Value::from(*word)));
        }
        _ => {}
    }
    values.dedup();
    values.retain(|value| Some(value) != object.pointer(at));
    values
}

/// The places of an object that are altered.
pub fn places(object: &Value) -> Vec<String> {
    let mut places = Vec::new();
    let mut open = vec![(String::new(), object)];
    while let Some((at, value)) = open.pop() {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
            _ => continue,
        };
        for (key, value) in children {
            // Nobody looks at names, data and annotations.
            if !["metadata", "name", "data", "annotations", "deletionTimestamp"].contains(&&*key) {
                places.push(format!("{at}/{key}"));
                open.push((format!("{at}/{key}"), value));
            } else if let Some(true) = value.get("generation").map(Value::is_number) {
                places.push("/metadata/generation".to_owned());
            }
        }
    }
    places.sort();
    places
}

/// Words that stand in the same places.
const WORDS: [&[&str]; 7] = [
    &["True", "False", "Unknown", "true"],
    &["Pending", "Running", "Succeeded", "Failed", "Bound", "Lost", "Terminating"],
    &["Always", "OnFailure", "Never"],
    &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
    &["a", "b"],
    &["2024-01-01T23:59:59Z", "2024-01-02T00:00:00Z", "2024-01-02T00:00:01Z"],
    &[
        "Ready",
        "ready",
        "Synced",
        "Available",
        "Complete",
        "Suspended",
        "FailureTarget",
        "ReplicaFailure",
        "ScalingActive",
        "ScalingLimited",
        "FailedGetScale",
        "FailedUpdateScale",
        "FailedGetResourceMetric",
        "InvalidSelector",
        "AbleToScale",
    ],
];

const API_VERSIONS: [&str; 14] = [
    "v1",
    "/v1",
    "v1beta1",
    "v2",
    "apps/v1",
    "apps/v1beta2",
    "extensions/v1beta1",
    "batch/v1",
    "batch/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta2",
    "networking.k8s.io/v1",
    "example.org/v1",
];

const KINDS: [&str; 16] = [
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
    "Bucket",
];

fn object(api_version: &str, kind: &str, rest: Value) -> Value {
    let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}});
    for (key, value) in rest.as_object().into_iter().flatten() {
        object[key] = value.clone();
    }
    object
}

fn condition(type_: &str, status: &str) -> Value {
    json!({"type": type_, "status": status, "reason": "Because", "lastTransitionTime": "2024-01-02T00:00:00Z"})
}
