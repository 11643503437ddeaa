//! Credentials of a step of a pipeline: Secrets, by reference.

use serde_json::{Map, Value, json};

use super::error::Faults;
use super::names::{is_namespace, is_subdomain};

/// The Secrets that Crossplane hands to a step, each under a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Credentials(Vec<Credential>);

#[derive(Clone, Debug)]
struct Credential {
    name: String,
    namespace: String,
    secret: String,
}

impl Credentials {
    pub(super) fn add(&mut self, name: String, namespace: String, secret: String) {
        self.0.push(Credential { name, namespace, secret });
    }

    /// Finds what is wrong with those of a step.
    pub(super) fn check(&self, place: &str, step: &str, faults: &mut Faults) {
        super::pipeline::unique(place, step, "credentials", self.0.iter().map(|credential| &credential.name), faults);
        for Credential { name, namespace, secret } in &self.0 {
            // Crossplane takes any names, and would not find the Secret, in every request.
            if !is_namespace(namespace) || !is_subdomain(secret) {
                let reason = format!(
                    "the step {step:?} takes the credentials {name:?} from {secret:?} in {namespace:?}, which cannot be a Secret"
                );
                faults.add(
                    place,
                    reason,
                    "name the namespace of the Secret, and then the Secret, in lower case letters, digits and -",
                );
            }
        }
    }

    /// Writes them into a step.
    pub(super) fn write(&self, step: &mut Map<String, Value>) {
        if self.0.is_empty() {
            return;
        }
        let written = self.0.iter().map(|Credential { name, namespace, secret }| {
            json!({ "name": name, "source": "Secret", "secretRef": { "namespace": namespace, "name": secret } })
        });
        step.insert("credentials".to_owned(), written.collect());
    }
}
