//! The objects of Flux.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::common::Common;
use super::tier::{Part, Pruning, parts};
use super::{Offered, Prune, Source, Tier, health};
use crate::emit::Platform;
use crate::emit::error::Faults;
use crate::emit::names::{Names, label};

/// Delivery through Flux, 2.5 and later, which evaluates health checks.
///
/// `delivery/flux` has a GitRepository or OCIRepository, and a Kustomization for each part of each [tier](Tier) and each API, which waits for
/// those before. Deleting a Kustomization deletes nothing else (`deletionPolicy: Orphan`), and what a Kustomization keeps when it leaves the
/// source bears the annotation by which Flux keeps it whatever else is said.
///
/// Flux always changes back what somebody changes in the cluster, and nobody is asked before it deletes, so there are no words for
/// either here.
#[derive(Clone, Debug)]
#[must_use]
pub struct Flux {
    common: Common,
}

impl Flux {
    pub(super) fn new(source: Source) -> Self {
        Flux { common: Common::new(source, "flux-system") }
    }

    /// The namespace of Flux. Default: `flux-system`.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.common.namespace = namespace.into();
        self
    }

    /// A folder of the source with composite resources and claims, and what becomes of one that leaves it. Unlike the other
    /// tiers' folders it is not below [`Source::path`]: no build writes it.
    ///
    /// There can be several, each of which begins when the one before is healthy.
    pub fn workloads(mut self, folder: impl Into<String>, prune: Prune) -> Self {
        let pruning = match prune {
            Prune::Never => Pruning::Never,
            Prune::Always => Pruning::Always,
        };
        self.common.workloads.push((folder.into(), pruning));
        self
    }

    /// Deletes access rights, budgets and autoscalers that are no longer emitted. Default: they stay.
    pub fn prune_core(mut self) -> Self {
        self.common.prunes_core = true;
        self
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, faults: &mut Faults) {
        self.common.check("delivery through Flux", faults);
    }

    /// The source, and the Kustomizations.
    pub(super) fn objects(
        &self,
        platform: &Platform<'_>,
        names: &Names,
        offered: &BTreeSet<Offered>,
    ) -> Vec<(String, Value)> {
        let mut objects = vec![("source".to_owned(), self.repository(names))];
        // What the next tier waits for. Nothing waits for beta.
        let mut before: Vec<String> = Vec::new();
        for part in parts(&self.common, platform) {
            let kustomizations = match part.apis.as_slice() {
                [] => vec![(part.name.clone(), part.folder.clone())],
                // A Kustomization has all of its folder.
                apis => {
                    apis.iter().map(|api| (format!("api-{}", label(api)), format!("{}/{api}", part.folder))).collect()
                }
            };
            let made: Vec<String> = kustomizations.iter().map(|(name, _)| name.clone()).collect();
            for (name, path) in kustomizations {
                let object = self.kustomization(&part, names, &name, &path, &before, offered);
                objects.push((format!("kustomization-{name}"), object));
            }
            if part.tier != Tier::Beta {
                before = made;
            }
        }
        objects
    }

    fn repository(&self, names: &Names) -> Value {
        let source = &self.common.source;
        let revision = if source.oci { "tag" } else { "branch" };
        json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": self.repository_kind(),
            "metadata": { "name": names.platform, "namespace": self.common.namespace },
            "spec": { "interval": "5m", "url": source.url, "ref": { revision: source.revision } },
        })
    }

    fn repository_kind(&self) -> &'static str {
        if self.common.source.oci { "OCIRepository" } else { "GitRepository" }
    }

    fn kustomization(
        &self,
        part: &Part,
        names: &Names,
        name: &str,
        path: &str,
        before: &[String],
        offered: &BTreeSet<Offered>,
    ) -> Value {
        let mut spec = json!({
            "interval": "10m",
            "retryInterval": "1m",
            "sourceRef": { "kind": self.repository_kind(), "name": names.platform },
            "path": format!("./{path}"),
            "prune": part.pruning == Pruning::Always,
            "deletionPolicy": "Orphan",
            // Whoever depends on this tier waits for its health.
            "wait": true,
            "timeout": "10m",
        });
        if !before.is_empty() {
            let before = before.iter().map(|name| json!({ "name": format!("{}-{name}", names.platform) }));
            spec["dependsOn"] = before.collect();
        }
        if part.pruning == Pruning::Never {
            spec["commonMetadata"] = json!({ "annotations": { "kustomize.toolkit.fluxcd.io/prune": "disabled" } });
        }
        let checks = checks(part.tier, offered);
        if !checks.is_empty() {
            spec["healthCheckExprs"] = checks.into();
        }
        json!({
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": { "name": format!("{}-{name}", names.platform), "namespace": self.common.namespace },
            "spec": spec,
        })
    }
}

/// How Flux knows the health of what is in a tier. Of kinds without the condition `Ready` it would know nothing, and take them for healthy.
fn checks(tier: Tier, offered: &BTreeSet<Offered>) -> Vec<Value> {
    let check = |api_version: &str, kind: &str, current: &str| json!({ "apiVersion": api_version, "kind": kind, "current": current });
    match tier {
        Tier::Bootstrap => {
            ["Provider", "Function"].map(|kind| check("pkg.crossplane.io/v1", kind, health::HEALTHY)).to_vec()
        }
        Tier::Core => Vec::new(),
        Tier::Stable | Tier::Beta => {
            vec![check("apiextensions.crossplane.io/v2", "CompositeResourceDefinition", health::ESTABLISHED)]
        }
        Tier::Workloads => offered
            .iter()
            .map(|kind| {
                json!({
                    "apiVersion": kind.api_version,
                    "kind": kind.kind,
                    "inProgress": health::IN_PROGRESS,
                    "failed": health::FAILED,
                    "current": health::CURRENT,
                })
            })
            .collect(),
    }
}
