//! Readiness by observation, as function-auto-ready has it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::health::{KINDS, is_healthy};
use super::readiness::first_condition;
use crate::codec::json::{JsonReader, read_value};
use crate::codec::{Reader, WirePath};
use crate::state::{Function, Place, Ready, Response, Source};

/// A pipeline step that says which resources are ready where no earlier step did: the built-in form of
/// function-auto-ready 0.7.
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
/// | ReplicaSet | current generation observed, all replicas available, none failed |
/// | Job | of the conditions `Complete`, `Failed` and `Suspended` the first that holds is `Complete` |
/// | CronJob | suspended, or scheduled once, and running or its last run succeeded |
/// | HorizontalPodAutoscaler | of its conditions the first that holds is `ScalingActive` or `ScalingLimited`, not one of failure |
///
/// That goes for the version of each kind that Kubernetes serves today, `v1`, and `v2` of the HorizontalPodAutoscaler. A resource of
/// such a kind that is not ready by the table is ready by the condition `Ready`, if it has that. A deletion that has begun
/// changes nothing, nor does it that a condition is of an older generation.
///
/// Compared with function-auto-ready v0.7.0 on some nine thousand objects, and in all else that an answer says. On purpose it has no
/// input, so neither customisations in CEL (which the function has behind a feature gate) nor a `ttl` of its own; and on objects that
/// Kubernetes does not serve it may say something else: no time is parsed, and no field decoded that no rule looks at.
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
            let kind = kind.read(&mut *observed).ok().flatten();
            // Only what is asked for is read: most objects are large, and their conditions are not.
            let is_ready = match kind.as_ref().and_then(Value::as_str).is_some_and(|kind| KINDS.contains(&kind)) {
                true => read_value(&mut *observed).is_ok_and(|object| is_ready(&object)),
                false => says_ready(&mut *observed),
            };
            if is_ready {
                ready.insert(key.to_owned(), Ready::True);
            }
        }
        Response { ready, ..Response::default() }
    }
}

/// Whether an object of a kind of the table is ready.
fn is_ready(object: &Value) -> bool {
    is_healthy(object) || says_ready(&mut JsonReader(object))
}

/// Whether the condition `Ready` is `True`. Where it comes twice, the first one counts.
fn says_ready(object: &mut dyn Reader) -> bool {
    let ready = first_condition(object, |type_, holds| (type_ == "Ready").then_some(holds));
    ready.is_ok_and(|ready| ready == Some(true))
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
