//! What providers run as: the roles of AWS that their ServiceAccounts stand for.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::error::Faults;
use super::repository::Repository;

/// A role of AWS for a provider, by the repository of its package.
#[derive(Clone, Debug)]
pub(super) struct ProviderRole {
    pub(super) repository: String,
    pub(super) role_arn: String,
}

impl ProviderRole {
    /// Finds what is wrong with those of a package.
    pub(super) fn check(all: &[Self], faults: &mut Faults) {
        let mut repositories = BTreeSet::new();
        for ProviderRole { repository, role_arn } in all {
            let place = format!("role of the provider {repository:?}");
            if let Err(reason) = Repository::parse(repository) {
                let remedy = "name its package as REGISTRY/ORGANISATION/NAME, without a tag";
                faults.add(&place, format!("it is no repository: {reason}"), remedy);
            }
            if !role_arn.starts_with("arn:") {
                faults.add(
                    &place,
                    format!("{role_arn:?} is no ARN of a role"),
                    "write it as arn:aws:iam::ACCOUNT:role/NAME",
                );
            }
            if !repositories.insert(repository) {
                faults.add(&place, "it is given two", "name one");
            }
        }
    }

    /// The runtime of the provider, and what tells Crossplane to take it, each with what tells its file apart. The prefixes end where the name of the
    /// package does, so that no other begins with them.
    pub(super) fn objects(&self) -> Vec<(String, Value)> {
        // What is no repository has been said.
        let Ok(repository) = Repository::parse(&self.repository) else { return Vec::new() };
        let name = repository.object_name();
        let runtime = json!({
            "apiVersion": "pkg.crossplane.io/v1beta1",
            "kind": "DeploymentRuntimeConfig",
            "metadata": { "name": name },
            "spec": { "serviceAccountTemplate": {
                "metadata": { "annotations": { "eks.amazonaws.com/role-arn": self.role_arn } },
            } },
        });
        let prefixes = [':', '@'].map(|end| json!({ "type": "Prefix", "prefix": format!("{repository}{end}") }));
        let chosen = json!({
            "apiVersion": "pkg.crossplane.io/v1beta1",
            "kind": "ImageConfig",
            "metadata": { "name": format!("runtime-{name}") },
            "spec": { "matchImages": prefixes, "runtime": { "configRef": { "name": name } } },
        });
        vec![(format!("runtime-{name}"), runtime), (format!("images-runtime-{name}"), chosen)]
    }
}
