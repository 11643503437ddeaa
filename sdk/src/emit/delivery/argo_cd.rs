//! The objects of Argo CD.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::application_set::Clusters;
use super::common::Common;
use super::tier::{Part, Pruning, parts};
use super::{Offered, Prune, Source, Tier, application_set, health, project};
use crate::emit::error::Faults;
use crate::emit::names::Names;
use crate::emit::{EmittedFile, Platform};

/// The cluster in which Argo CD itself runs.
pub(super) const HERE: &str = "https://kubernetes.default.svc";

/// Files that are Argo CD's own configuration, which is not the platform's to keep in sync.
const CONFIGURATION: &str = "{health,parameters}.yaml";

/// Delivery through Argo CD, 3.1 and later, which knows the health of Crossplane's own kinds.
///
/// `delivery/argo-cd` has an Application for each part of each [tier](Tier), AppProjects that allow exactly what is emitted, the health of
/// the platform's composite resources, which Argo CD otherwise takes for healthy at once, and a root: the Application that
/// delivers the others, for Argo CD heeds waves only among what one Application delivers.
/// `kubectl apply --server-side -f delivery/argo-cd` begins it.
///
/// Argo CD must track what it delivers by annotation, as it does by default since 3.0: labels of a claim are handed on to what Crossplane makes of it, and Argo CD would
/// take that for its own, and delete it. Where there are many providers, let it pass over ProviderConfigUsages (`resource.exclusions` in `argocd-cm`).
///
/// Deleting an Application, also through the root, deletes nothing else: none has the finalizer that would. Where somebody deletes one together
/// with its resources on purpose, Argo CD asks first, of tiers that hold data (`Delete=confirm`; versions that do not know it
/// for whole Applications keep to the first rule).
#[derive(Clone, Debug)]
#[must_use]
pub struct ArgoCd {
    common: Common,
    drifting: BTreeSet<Tier>,
    clusters: Option<Clusters>,
}

impl ArgoCd {
    pub(super) fn new(source: Source) -> Self {
        ArgoCd { common: Common::new(source, "argocd"), drifting: BTreeSet::new(), clusters: None }
    }

    /// The namespace of Argo CD. Default: `argocd`.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.common.namespace = namespace.into();
        self
    }

    /// A folder of the source with composite resources and claims, and what becomes of one that leaves it. Unlike the other
    /// tiers' folders it is not below [`Source::path`]: no build writes it.
    ///
    /// There can be several, each of which begins when the one before is healthy: what holds data in the first, with [`Prune::Never`], and
    /// what uses it in the second.
    pub fn workloads(self, folder: impl Into<String>, prune: Prune) -> Self {
        let pruning = match prune {
            Prune::Never => Pruning::Never,
            Prune::Always => Pruning::Always,
        };
        self.folder(folder, pruning)
    }

    /// As [`workloads`](ArgoCd::workloads): what leaves the folder stays until somebody synchronises with pruning, and then confirms it. Argo CD never
    /// begins that itself, for a version that does not know `Prune=confirm` for whole Applications, but only for objects that bear it, would
    /// delete without asking.
    pub fn workloads_confirmed(self, folder: impl Into<String>) -> Self {
        self.folder(folder, Pruning::Confirmed)
    }

    fn folder(mut self, folder: impl Into<String>, pruning: Pruning) -> Self {
        self.common.workloads.push((folder.into(), pruning));
        self
    }

    /// Deletes access rights, budgets and autoscalers that are no longer emitted. Default: they stay.
    pub fn prune_core(mut self) -> Self {
        self.common.prunes_core = true;
        self
    }

    /// Leaves what somebody changes in the cluster as it is until the source changes. Default: Argo CD changes it back.
    pub fn without_self_heal(mut self, tier: Tier) -> Self {
        self.drifting.insert(tier);
        self
    }

    /// Delivers to every cluster that Argo CD knows under this label, rather than to the one that it runs in: ApplicationSets,
    /// each of which makes an Application for every cluster.
    ///
    /// Of workloads each cluster gets the folder of its own name, `FOLDER/CLUSTER/`, with an Application for every folder in it, such as
    /// one for each namespace. Waves order the ApplicationSets and not what they make; each Application is tried again until
    /// what it needs is there. An ApplicationSet never deletes an Application or what that delivered; for this to hold, its controller must heed the
    /// policies that ApplicationSets name, which `parameters.yaml` tells it (it takes effect when the controller restarts).
    pub fn clusters(self, label: impl Into<String>, value: impl Into<String>) -> Self {
        ArgoCd { clusters: Some(Clusters::labelled(label.into(), value.into())), ..self }
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, faults: &mut Faults) {
        let place = "delivery through Argo CD";
        self.common.check(place, faults);
        if let Some(clusters) = &self.clusters {
            clusters.check(place, faults);
            if self.common.source.oci && !self.common.workloads.is_empty() {
                let reason = "ApplicationSets find the folders of clusters in Git, and the source is none";
                faults.add(place, reason, "take a Git repository, or deliver to one cluster");
            }
        }
    }

    /// The AppProjects, an Application or ApplicationSet a part, the root, and what Argo CD must be told.
    pub(super) fn objects(
        &self,
        platform: &Platform<'_>,
        names: &Names,
        offered: &BTreeSet<Offered>,
        files: &[EmittedFile],
    ) -> Vec<(String, Value)> {
        let everywhere = self.clusters.is_some();
        let mut objects = vec![
            ("project".to_owned(), project::platform(&self.common, names, offered, files, everywhere)),
            ("project-delivery".to_owned(), project::delivery(&self.common, names, everywhere)),
            ("root".to_owned(), self.root(names)),
            ("health".to_owned(), self.healths(offered)),
        ];
        for part in parts(&self.common, platform) {
            let spec = self.spec(&part, names, offered);
            let name = format!("{}-{}", names.platform, part.name);
            let metadata = json!({
                "name": name,
                "namespace": self.common.namespace,
                "annotations": { "argocd.argoproj.io/sync-wave": part.wave.to_string() },
            });
            objects.push(match &self.clusters {
                None => (
                    format!("application-{}", part.name),
                    json!({
                        "apiVersion": "argoproj.io/v1alpha1",
                        "kind": "Application",
                        "metadata": metadata,
                        "spec": spec,
                    }),
                ),
                Some(clusters) => (
                    format!("application-set-{}", part.name),
                    application_set::object(clusters, &self.common.source, &part, metadata, spec),
                ),
            });
        }
        if everywhere {
            objects.push(("parameters".to_owned(), application_set::parameters(&self.common.namespace)));
        }
        objects
    }

    /// What an Application does.
    fn spec(&self, part: &Part, names: &Names, offered: &BTreeSet<Offered>) -> Value {
        let mut directory = json!({ "recurse": true });
        match part.apis.as_slice() {
            [] => {}
            [one] => directory["include"] = format!("{one}/*").into(),
            several => directory["include"] = format!("{{{}}}/*", several.join(",")).into(),
        }
        let mut spec = json!({
            "project": names.platform,
            "source": self.source(&part.folder, directory),
            "destination": { "server": HERE },
            "syncPolicy": self.policy(part.tier, part.pruning),
        });
        if part.tier == Tier::Core && self.clusters.is_some() {
            // Waves order ApplicationSets alone, so the providers whose configurations these are may not be there yet. What needs none of them is applied
            // all the same.
            if let Some(options) = spec["syncPolicy"]["syncOptions"].as_array_mut() {
                options.push("SkipDryRunOnMissingResource=true".into());
            }
        }
        if part.tier == Tier::Workloads {
            spec["ignoreDifferences"] = offered.iter().map(written_back).collect();
        }
        spec
    }

    fn source(&self, path: &str, directory: Value) -> Value {
        json!({
            "repoURL": self.common.source.url,
            "targetRevision": self.common.source.revision,
            "path": path,
            "directory": directory,
        })
    }

    /// How a part is synchronised. A folder that is empty by mistake deletes nothing: `allowEmpty` stays off.
    fn policy(&self, tier: Tier, pruning: Pruning) -> Value {
        let mut options = vec!["ServerSideApply=true"];
        if tier == Tier::Workloads {
            // Their CRDs come from definitions, of which the tier before this one has only the beginning.
            options.extend(["SkipDryRunOnMissingResource=true", "RespectIgnoreDifferences=true"]);
        }
        // Several platforms can need the same provider. APIs and workloads move from one part to another, as when an API becomes
        // stable, and nothing here deletes them on the way: the part that they come to takes them over.
        if tier == Tier::Core {
            options.push("FailOnSharedResource=true");
        }
        options.extend(match pruning {
            Pruning::Never => &["Prune=false"][..],
            Pruning::Confirmed => &["Prune=confirm"],
            Pruning::Always => &["PruneLast=true"],
        });
        if pruning != Pruning::Always && tier != Tier::Core {
            options.push("Delete=confirm");
        }
        json!({
            "automated": { "prune": pruning == Pruning::Always, "selfHeal": !self.drifting.contains(&tier) },
            "syncOptions": options,
            // Without end: what failed for want of something else is right as soon as that is there.
            "retry": { "limit": -1, "backoff": { "duration": "10s", "factor": 2, "maxDuration": "5m" } },
        })
    }

    /// The Application that delivers the others.
    fn root(&self, names: &Names) -> Value {
        let folder = self.common.source.folder("delivery/argo-cd");
        let mut policy = self.policy(Tier::Bootstrap, Pruning::Never);
        policy["automated"]["selfHeal"] = true.into();
        json!({
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": { "name": names.platform, "namespace": self.common.namespace },
            "spec": {
                "project": project::delivery_name(names),
                "source": self.source(&folder, json!({ "exclude": CONFIGURATION })),
                "destination": { "server": HERE, "namespace": self.common.namespace },
                "syncPolicy": policy,
            },
        })
    }

    /// The part of Argo CD's own configuration that knows the health of these kinds, and of Applications, without which the root's waves
    /// would not wait. It is applied on the server's side, where it joins what else stands there.
    fn healths(&self, offered: &BTreeSet<Offered>) -> Value {
        let checks = offered.iter().map(|kind| (format!("{}_{}", kind.group, kind.kind), health::LUA));
        let checks = checks.chain([("argoproj.io_Application".to_owned(), health::APPLICATION)]);
        let checks: BTreeMap<String, &str> =
            checks.map(|(kind, lua)| (format!("resource.customizations.health.{kind}"), lua)).collect();
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": "argocd-cm", "namespace": self.common.namespace },
            "data": checks,
        })
    }
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
