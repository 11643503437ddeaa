//! ApplicationSets: the same for many clusters.

use serde_json::{Value, json};

use super::Tier;
use super::source::Source;
use super::tier::Part;
use crate::emit::error::Faults;
use crate::emit::names::{is_label_key, is_label_value};

/// Clusters that Argo CD knows.
#[derive(Clone, Debug)]
pub(super) struct Clusters {
    label: String,
    value: String,
}

impl Clusters {
    pub(super) fn labelled(label: String, value: String) -> Self {
        Clusters { label, value }
    }

    /// Finds what is wrong with the label.
    pub(super) fn check(&self, place: &str, faults: &mut Faults) {
        let Clusters { label, value } = self;
        if !is_label_key(label) || !is_label_value(value) {
            let remedy = "keys are PREFIX/NAME; values have 63 letters, digits, - _ . at most";
            faults.add(place, format!("{label:?}: {value:?} cannot be the label of a cluster"), remedy);
        }
    }
}

/// The ApplicationSet of a part: `application` for every cluster. Values of a cluster are filled in by Go's templates, where one that is not
/// there is an error and not the words `<no value>`.
pub(super) fn object(
    clusters: &Clusters,
    source: &Source,
    part: &Part,
    metadata: Value,
    mut application: Value,
) -> Value {
    let selected = json!({ "clusters": { "selector": { "matchLabels": { &clusters.label: clusters.value } } } });
    let mut name = format!("{}-{{{{.nameNormalized}}}}", metadata["name"].as_str().unwrap_or_default());
    let mut generator = selected.clone();
    if part.tier == Tier::Workloads {
        let folders = json!({ "git": {
            "repoURL": source.url,
            "revision": source.revision,
            "directories": [{ "path": format!("{}/{{{{.name}}}}/*", part.folder) }],
        } });
        generator = json!({ "matrix": { "generators": [selected, folders] } });
        name.push_str("-{{.path.basenameNormalized}}");
        application["source"]["path"] = "{{.path.path}}".into();
    }
    application["destination"] = json!({ "server": "{{.server}}" });
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": metadata,
        "spec": {
            "goTemplate": true,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [generator],
            "syncPolicy": { "applicationsSync": "create-update", "preserveResourcesOnDeletion": true },
            "template": { "metadata": { "name": name }, "spec": application },
        },
    })
}

/// The part of Argo CD's own configuration without which its controller may not heed what ApplicationSets say of deletion.
pub(super) fn parameters(namespace: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "argocd-cmd-params-cm", "namespace": namespace },
        "data": { "applicationsetcontroller.enable.policy.override": "true" },
    })
}
