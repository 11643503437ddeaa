//! AppProjects: what an Application of Argo CD may deliver, and where to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Offered;
use super::argo_cd::HERE;
use super::common::Common;
use crate::emit::EmittedFile;
use crate::emit::names::Names;

/// The project of the platform: the source, its clusters, and the kinds that are emitted and offered, and nothing else.
pub(super) fn platform(
    common: &Common,
    names: &Names,
    offered: &BTreeSet<Offered>,
    files: &[EmittedFile],
    everywhere: bool,
) -> Value {
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
    if !common.workloads.is_empty() {
        for kind in offered {
            let into = if kind.namespaced { &mut namespaces } else { &mut clusters };
            into.insert((kind.group.clone(), kind.kind.clone()));
        }
    }
    let server = if everywhere { "*" } else { HERE };
    project(common, &names.platform, json!({ "server": server, "namespace": "*" }), clusters, namespaces)
}

/// The project of the root: Applications beside Argo CD itself, and nothing else.
pub(super) fn delivery(common: &Common, names: &Names, everywhere: bool) -> Value {
    let application = if everywhere { "ApplicationSet" } else { "Application" };
    // The root is in the folder that it delivers.
    let kinds = ["AppProject", "Application", application].map(|kind| ("argoproj.io".to_owned(), kind.to_owned()));
    let destination = json!({ "server": HERE, "namespace": common.namespace });
    project(common, &delivery_name(names), destination, BTreeSet::new(), BTreeSet::from(kinds))
}

/// The name of the root's project.
pub(super) fn delivery_name(names: &Names) -> String {
    format!("{}-delivery", names.platform)
}

/// A project that allows objects of these kinds, without a namespace and with one.
fn project(
    common: &Common,
    name: &str,
    destination: Value,
    clusters: BTreeSet<(String, String)>,
    namespaces: BTreeSet<(String, String)>,
) -> Value {
    let list = |kinds: BTreeSet<(String, String)>| -> Value {
        kinds.into_iter().map(|(group, kind)| json!({ "group": group, "kind": kind })).collect()
    };
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": { "name": name, "namespace": common.namespace },
        "spec": {
            "sourceRepos": [common.source.url],
            "destinations": [destination],
            "clusterResourceWhitelist": list(clusters),
            "namespaceResourceWhitelist": list(namespaces),
        },
    })
}
