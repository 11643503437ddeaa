//! The objects of Kratix.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::emit::error::Faults;
use crate::emit::names::{Names, is_label_key, is_label_value, label};
use crate::emit::promise::Promised;
use crate::emit::{EmittedFile, Platform};

/// Delivery through Kratix: a Promise for each API, whose requests become composite resources or claims in the clusters that Kratix
/// delivers to.
///
/// `delivery/kratix` has a Promise for what the platform needs as a whole, and one for each API that requires it. Its API
/// is that of the definition, under a group of its own, `promise.GROUP`. The image that turns a request into a composite resource is the
/// function's, run with the command `promise`: so what is requested is judged before it reaches a cluster, and nothing else is to be
/// built. `kubectl apply --server-side -f delivery/kratix` in the cluster of Kratix begins it.
///
/// Kratix delivers what a Promise depends on to every cluster that is selected, and deletes it there when the Promise is deleted; with a
/// definition go its composite resources. So delete a Promise only when nothing it made is needed. No setting of Kratix would prevent that.
#[derive(Clone, Debug)]
#[must_use]
pub struct Kratix {
    destinations: BTreeMap<String, String>,
}

impl Kratix {
    pub(super) fn new(label: String, value: String) -> Self {
        Kratix { destinations: BTreeMap::from([(label, value)]) }
    }

    /// Another label that Destinations must have.
    pub fn destination(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.destinations.insert(label.into(), value.into());
        self
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, faults: &mut Faults) {
        for (key, value) in &self.destinations {
            if !is_label_key(key) || !is_label_value(value) {
                let remedy = "keys are PREFIX/NAME; values have 63 letters, digits, - _ . at most";
                let reason = format!("{key:?}: {value:?} cannot be the label of a Destination");
                faults.add("delivery through Kratix", reason, remedy);
            }
        }
    }

    /// The Promise of the platform, and one for each API.
    pub(super) fn objects(
        &self,
        platform: &Platform<'_>,
        names: &Names,
        files: &[EmittedFile],
        faults: &mut Faults,
    ) -> Vec<(String, Value)> {
        let in_folder = |folder: &str| -> Vec<&Value> {
            files.iter().filter(|file| file.path.starts_with(folder)).map(|file| &file.object).collect()
        };
        let mut objects =
            vec![("promise-platform".to_owned(), self.promise(&names.platform, names, in_folder("cluster/")))];
        let mut apis = BTreeMap::new();
        for composition in platform.compositions {
            apis.insert(composition.kind().plural, composition.kind());
        }
        for (plural, kind) in apis {
            // What has no definition is a fault already.
            let Some(offered) = Promised::of(kind) else { continue };
            let name = format!("{}-{}", names.platform, label(plural));
            let mut promise = self.promise(&name, names, in_folder(&format!("apis/{plural}/")));
            match offered.crd(kind).and_then(serde_json::to_value) {
                Ok(crd) => promise["spec"]["api"] = crd,
                Err(error) => faults.add(format!("Promise {name}"), error.to_string(), "correct the XRD in `apis/`"),
            }
            promise["spec"]["requiredPromises"] = json!([{ "name": names.platform, "version": names.version }]);
            promise["spec"]["workflows"] = json!({ "resource": { "configure": [{
                "apiVersion": "platform.kratix.io/v1alpha1",
                "kind": "Pipeline",
                "metadata": { "name": "composite-resource" },
                "spec": { "containers": [{
                    "name": "promise",
                    "image": format!("{}:{}", names.function_repository, names.version),
                    "args": ["promise"],
                }] },
            }] } });
            objects.push((format!("promise-{plural}"), promise));
        }
        objects
    }

    fn promise(&self, name: &str, names: &Names, dependencies: Vec<&Value>) -> Value {
        json!({
            "apiVersion": "platform.kratix.io/v1alpha1",
            "kind": "Promise",
            "metadata": { "name": name, "labels": { "kratix.io/promise-version": names.version } },
            "spec": {
                "destinationSelectors": [{ "matchLabels": self.destinations }],
                "dependencies": dependencies,
            },
        })
    }
}
