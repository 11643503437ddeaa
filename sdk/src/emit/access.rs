//! Who may do what: ClusterRoles that aggregate into those that a cluster has.

use std::collections::{BTreeMap, BTreeSet};

use planewright_definitions::xrd::Xrd;
use serde_json::{Value, json};

use super::Platform;
use super::activation;
use super::names::Names;

/// The roles, each with the word that tells it apart:
///
/// * `compose` lets Crossplane compose what the platform composes, read what its compositions ask for, and write status and finalizers of its composite resources. Crossplane's RBAC
///   manager grants as much for providers and definitions; for Kubernetes' own kinds, and where it does not run, nobody does.
/// * `edit` and `view` let those who have Kubernetes' own roles `admin`, `edit` and `view` in a namespace use the platform's
///   composite resources and claims there.
pub(super) fn roles(platform: &Platform<'_>, names: &Names) -> Vec<(&'static str, Value)> {
    let (mut offered, mut finalizers) = (Rules::default(), Rules::default());
    for composition in platform.compositions {
        let kind = composition.kind();
        let definition = kind.definition.and_then(|definition| serde_json::from_str::<Xrd>(definition).ok());
        let claims = definition.and_then(|definition| definition.spec.claim_names).map(|names| names.plural);
        for plural in claims.as_deref().into_iter().chain([kind.plural]) {
            offered.add(kind.group, plural);
            offered.add(kind.group, &format!("{plural}/status"));
            finalizers.add(kind.group, &format!("{plural}/finalizers"));
        }
    }
    let mut composed = Rules::default();
    for kind in activation::kinds(platform) {
        composed.add(kind.group, kind.plural);
    }
    let mut read = Rules::default();
    for kind in &platform.package.reads {
        read.add(kind.group, kind.plural);
    }
    let role = |word: &str, labels: &[&str], rules: Vec<Value>| {
        let labels: BTreeMap<&str, &str> = labels.iter().map(|label| (*label, "true")).collect();
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": { "name": format!("{}:{word}", names.platform), "labels": labels },
            "rules": rules,
        })
    };
    let mut compose = offered.rules(WRITE);
    compose.extend(finalizers.rules(&["update"]));
    compose.extend(composed.rules(WRITE));
    compose.extend(read.rules(READ));
    vec![
        ("compose", role("compose", &["rbac.crossplane.io/aggregate-to-crossplane"], compose)),
        (
            "edit",
            role(
                "edit",
                &["rbac.authorization.k8s.io/aggregate-to-admin", "rbac.authorization.k8s.io/aggregate-to-edit"],
                offered.rules(WRITE),
            ),
        ),
        ("view", role("view", &["rbac.authorization.k8s.io/aggregate-to-view"], offered.rules(READ))),
    ]
}

const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "delete", "get", "list", "patch", "update", "watch"];

/// Resources by their group, sorted.
#[derive(Default)]
struct Rules(BTreeMap<String, BTreeSet<String>>);

impl Rules {
    fn add(&mut self, group: &str, resource: &str) {
        self.0.entry(group.to_owned()).or_default().insert(resource.to_owned());
    }

    /// A rule a group.
    fn rules(&self, verbs: &[&str]) -> Vec<Value> {
        let rules = self
            .0
            .iter()
            .map(|(group, resources)| json!({ "apiGroups": [group], "resources": resources, "verbs": verbs }));
        rules.collect()
    }
}
