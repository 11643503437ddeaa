//! The objects of Argo CD.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Delivery, Offered, Prune, health};
use crate::emit::EmittedFile;
use crate::emit::names::Names;

/// The cluster in which Argo CD itself runs.
const HERE: &str = "https://kubernetes.default.svc";

/// The AppProject, an Application a tier, and the health of what users write.
pub(super) fn objects(
    delivery: &Delivery,
    names: &Names,
    offered: &BTreeSet<Offered>,
    files: &[EmittedFile],
) -> Vec<(&'static str, Value)> {
    let mut objects = vec![
        ("project", project(delivery, names, offered, files)),
        ("application-cluster", application(delivery, names, "cluster", "-30", &delivery.source.folder("cluster"))),
        ("application-apis", application(delivery, names, "apis", "-20", &delivery.source.folder("apis"))),
    ];
    if let Some((folder, prune)) = &delivery.workloads {
        let mut workloads = application(delivery, names, "workloads", "0", folder.trim_matches('/'));
        let policy = &mut workloads["spec"]["syncPolicy"];
        // A folder that is empty by mistake deletes nothing: `allowEmpty` stays off.
        policy["automated"]["prune"] = (*prune == Prune::Always).into();
        let prune = match prune {
            Prune::Never => "Prune=false",
            Prune::Always => "PruneLast=true",
        };
        // Their CRDs come from definitions, of which the tier before this one has only the beginning.
        policy["syncOptions"] =
            json!(["ServerSideApply=true", "SkipDryRunOnMissingResource=true", "RespectIgnoreDifferences=true", prune]);
        workloads["spec"]["ignoreDifferences"] = offered.iter().map(written_back).collect();
        objects.push(("application-workloads", workloads));
        objects.push(("health", healths(delivery, offered)));
    }
    objects
}

fn application(delivery: &Delivery, names: &Names, tier: &str, wave: &str, path: &str) -> Value {
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": format!("{}-{tier}", names.platform),
            "namespace": delivery.namespaced(),
            "annotations": { "argocd.argoproj.io/sync-wave": wave },
        },
        "spec": {
            "project": names.platform,
            "source": {
                "repoURL": delivery.source.url,
                "targetRevision": delivery.source.revision,
                "path": path,
                "directory": { "recurse": true },
            },
            "destination": { "server": HERE },
            "syncPolicy": {
                "automated": { "prune": false, "selfHeal": true },
                "syncOptions": ["ServerSideApply=true", "Prune=false"],
            },
        },
    })
}

/// The project allows the source, this cluster, and the kinds that are emitted and offered: nothing else.
fn project(delivery: &Delivery, names: &Names, offered: &BTreeSet<Offered>, files: &[EmittedFile]) -> Value {
    let (mut clusters, mut namespaces) = (BTreeSet::new(), BTreeSet::new());
    for file in files.iter().filter(|file| file.path.starts_with("cluster/") || file.path.starts_with("apis/")) {
        let text = |pointer: &str| file.object.pointer(pointer).and_then(Value::as_str);
        let group = text("/apiVersion").and_then(|version| version.split_once('/')).map_or("", |(group, _)| group);
        let kind = (group.to_owned(), text("/kind").unwrap_or_default().to_owned());
        if text("/metadata/namespace").is_some() {
            namespaces.insert(kind)
        } else {
            clusters.insert(kind)
        };
    }
    if delivery.workloads.is_some() {
        for kind in offered {
            let into = if kind.namespaced { &mut namespaces } else { &mut clusters };
            into.insert((kind.group.clone(), kind.kind.clone()));
        }
    }
    let list = |kinds: BTreeSet<(String, String)>| -> Value {
        kinds.into_iter().map(|(group, kind)| json!({ "group": group, "kind": kind })).collect()
    };
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": { "name": names.platform, "namespace": delivery.namespaced() },
        "spec": {
            "sourceRepos": [delivery.source.url],
            "destinations": [{ "server": HERE, "namespace": "*" }],
            "clusterResourceWhitelist": list(clusters),
            "namespaceResourceWhitelist": list(namespaces),
        },
    })
}

/// The fields that Crossplane writes into what users wrote.
fn written_back(kind: &Offered) -> Value {
    let pointers: &[&str] = match kind.legacy {
        true => &[
            "/spec/compositionRef",
            "/spec/compositionRevisionRef",
            "/spec/compositionRevisionSelector",
            "/spec/compositionUpdatePolicy",
            "/spec/compositeDeletePolicy",
            "/spec/resourceRef",
            "/spec/resourceRefs",
            "/metadata/annotations/crossplane.io~1external-name",
        ],
        false => &["/spec/crossplane"],
    };
    json!({ "group": kind.group, "kind": kind.kind, "jsonPointers": pointers })
}

/// The part of Argo CD's own configuration that knows the health of these kinds. It is applied on the server's side, where it
/// joins what else stands there.
fn healths(delivery: &Delivery, offered: &BTreeSet<Offered>) -> Value {
    let checks = offered
        .iter()
        .map(|kind| (format!("resource.customizations.health.{}_{}", kind.group, kind.kind), health::LUA));
    let checks: BTreeMap<String, &str> = checks.collect();
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "argocd-cm", "namespace": delivery.namespaced() },
        "data": checks,
    })
}
