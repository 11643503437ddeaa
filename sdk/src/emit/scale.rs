//! Many Pods: none of them may be missing without need.

use serde_json::{Value, json};

use super::Runtime;
use super::names::Names;
use super::runtime::{Autoscaling, LABEL};

/// The PodDisruptionBudget, where there is more than one Pod: of one alone, it would keep nodes from being drained, or mean
/// nothing.
pub(super) fn disruption_budget(runtime: &Runtime, names: &Names) -> Option<Value> {
    (runtime.replicas > 1).then(|| {
        json!({
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": { "name": names.function, "namespace": runtime.namespace },
            "spec": { "maxUnavailable": 1, "selector": { "matchLabels": { LABEL: names.function } } },
        })
    })
}

/// The HorizontalPodAutoscaler, where one is wanted.
pub(super) fn autoscaler(runtime: &Runtime, names: &Names) -> Option<Value> {
    let Autoscaling { least, most, cpu_percent } = runtime.autoscaling?;
    Some(json!({
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": { "name": names.function, "namespace": runtime.namespace },
        "spec": {
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": names.function },
            "minReplicas": least,
            "maxReplicas": most,
            "metrics": [{
                "type": "Resource",
                "resource": { "name": "cpu", "target": { "type": "Utilization", "averageUtilization": cpu_percent } },
            }],
        },
    }))
}
