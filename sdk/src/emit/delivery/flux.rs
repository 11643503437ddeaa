//! The objects of Flux.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Delivery, Offered, Prune, health};
use crate::emit::names::Names;

/// The source, and a Kustomization a tier.
pub(super) fn objects(delivery: &Delivery, names: &Names, offered: &BTreeSet<Offered>) -> Vec<(&'static str, Value)> {
    let apis = &delivery.source.folder("apis");
    let mut objects = vec![
        ("source", source(delivery, names)),
        ("kustomization-cluster", kustomization(delivery, names, "cluster", &delivery.source.folder("cluster"), None)),
        ("kustomization-apis", kustomization(delivery, names, "apis", apis, Some("cluster"))),
    ];
    if let Some((folder, prune)) = &delivery.workloads {
        let mut workloads = kustomization(delivery, names, "workloads", folder.trim_matches('/'), Some("apis"));
        workloads["spec"]["prune"] = (*prune == Prune::Always).into();
        let checks = offered.iter().map(|kind| {
            json!({
                "apiVersion": kind.api_version,
                "kind": kind.kind,
                "current": health::CURRENT,
                "failed": health::FAILED,
            })
        });
        workloads["spec"]["healthCheckExprs"] = checks.collect();
        objects.push(("kustomization-workloads", workloads));
    }
    objects
}

fn source(delivery: &Delivery, names: &Names) -> Value {
    let kind = kind(delivery);
    let revision = if delivery.source.oci { "tag" } else { "branch" };
    json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": kind,
        "metadata": { "name": names.platform, "namespace": delivery.namespaced() },
        "spec": {
            "interval": "5m",
            "url": delivery.source.url,
            "ref": { revision: delivery.source.revision },
        },
    })
}

fn kind(delivery: &Delivery) -> &'static str {
    if delivery.source.oci { "OCIRepository" } else { "GitRepository" }
}

fn kustomization(delivery: &Delivery, names: &Names, tier: &str, path: &str, after: Option<&str>) -> Value {
    let mut kustomization = json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": { "name": format!("{}-{tier}", names.platform), "namespace": delivery.namespaced() },
        "spec": {
            "interval": "10m",
            "sourceRef": { "kind": kind(delivery), "name": names.platform },
            "path": format!("./{path}"),
            "prune": false,
            // Whoever depends on this tier waits for its health.
            "wait": true,
            "timeout": "10m",
        },
    });
    if let Some(after) = after {
        kustomization["spec"]["dependsOn"] = json!([{ "name": format!("{}-{after}", names.platform) }]);
    }
    kustomization
}
