//! Delivery through Git: the objects by which Argo CD or Flux brings a cluster what `planewright build` wrote.
//!
//! There are three tiers, in this order: `cluster/` (the function, its runtime, access), `apis/` (definitions and Compositions)
//! and, if one is named, a folder of workloads: the composite resources and claims. How each is synchronised follows from what it holds and cannot be chosen:
//!
//! | | deleted when it leaves the source | what waits for it |
//! |---|---|---|
//! | `cluster/`, `apis/` | never: with a definition go all of its composite resources, and with those what they stand for | the next tier |
//! | workloads | as [`Delivery::workloads`] says | |
//!
//! Nothing is ever replaced or forced: of a definition that would delete and create it.

mod argo_cd;
mod flux;
mod health;

use std::collections::BTreeSet;

use planewright_definitions::xrd::Xrd;

use super::error::Faults;
use super::names::{Names, is_subdomain};
use super::{EmittedFile, Files, Platform};
use crate::resource::Scope;

/// What delivers the platform, and from where.
#[derive(Clone, Debug)]
#[must_use]
pub struct Delivery {
    engine: Engine,
    source: Source,
    namespace: Option<String>,
    workloads: Option<(String, Prune)>,
}

/// The program that delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    ArgoCd,
    Flux,
}

/// What becomes of a composite resource or claim that leaves the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// It stays until somebody deletes it: right for what holds data.
    Never,
    /// It is deleted, and with it what it stands for.
    Always,
}

/// Where the files are.
#[derive(Clone, Debug)]
#[must_use]
pub struct Source {
    url: String,
    revision: String,
    oci: bool,
    path: String,
}

impl Source {
    /// A branch of a Git repository, by its URL: `https://…` or `ssh://…`.
    pub fn git(url: impl Into<String>, branch: impl Into<String>) -> Self {
        Source { url: url.into(), revision: branch.into(), oci: false, path: String::new() }
    }

    /// An OCI artifact with the files, by its URL, `oci://REGISTRY/PATH`, and a tag. (It is not one of the packages.)
    pub fn oci(url: impl Into<String>, tag: impl Into<String>) -> Self {
        Source { url: url.into(), revision: tag.into(), oci: true, path: String::new() }
    }

    /// The folder in it that `planewright build --out` writes to. Default: the outermost.
    pub fn path(self, path: impl Into<String>) -> Self {
        Source { path: path.into(), ..self }
    }

    /// A folder of the build's output.
    fn folder(&self, folder: &str) -> String {
        match self.path.trim_matches('/') {
            "" => folder.to_owned(),
            path => format!("{path}/{folder}"),
        }
    }
}

impl Delivery {
    /// Through Argo CD (3.1 and later, which knows the health of Crossplane's own kinds): an AppProject that allows exactly what is
    /// emitted, an Application a tier, and the health of the platform's composite resources, which Argo CD otherwise takes for
    /// healthy at once. `kubectl apply --server-side -f delivery/argo-cd` begins it.
    pub fn argo_cd(source: Source) -> Self {
        Delivery { engine: Engine::ArgoCd, source, namespace: None, workloads: None }
    }

    /// Through Flux (2.5 and later, which evaluates health checks): a GitRepository or OCIRepository, and a Kustomization a tier, each of which waits for the
    /// one before.
    pub fn flux(source: Source) -> Self {
        Delivery { engine: Engine::Flux, source, namespace: None, workloads: None }
    }

    /// The namespace of the engine. Default: `argocd`, or `flux-system`.
    pub fn namespace(self, namespace: impl Into<String>) -> Self {
        Delivery { namespace: Some(namespace.into()), ..self }
    }

    /// A folder of the source with composite resources and claims, and what becomes of one that leaves it. Unlike the other
    /// tiers' folders it is not below [`Source::path`]: no build writes it.
    pub fn workloads(self, folder: impl Into<String>, prune: Prune) -> Self {
        Delivery { workloads: Some((folder.into(), prune)), ..self }
    }

    fn namespaced(&self) -> &str {
        self.namespace.as_deref().unwrap_or(match self.engine {
            Engine::ArgoCd => "argocd",
            Engine::Flux => "flux-system",
        })
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, faults: &mut Faults) {
        let place = "delivery";
        let Source { url, revision, oci, path } = &self.source;
        let begins = if *oci { &["oci://"][..] } else { &["https://", "ssh://", "http://"] };
        if !begins.iter().any(|begin| url.strip_prefix(begin).is_some_and(|rest| rest.contains('/'))) {
            let remedy = format!("write it as {}HOST/PATH", begins.first().copied().unwrap_or_default());
            faults.add(place, format!("{url:?} is no URL of a source"), remedy);
        }
        if revision.is_empty() {
            faults.add(place, "the source has no branch or tag", "name one");
        }
        let folders = self.workloads.iter().map(|(folder, _)| folder);
        for folder in
            folders.chain([path]).filter(|folder| folder.split('/').any(|part| part == "..") || folder.starts_with('/'))
        {
            faults.add(place, format!("{folder:?} is no folder of the source"), "name it from the outermost folder");
        }
        if let Some((folder, _)) =
            self.workloads.as_ref().filter(|(folder, _)| folder.trim_matches(['/', '.']).is_empty())
        {
            let reason = format!("the workloads would be all of the source ({folder:?})");
            faults.add(place, reason, "name the folder with composite resources and claims alone");
        }
        if !is_subdomain(self.namespaced()) || self.namespaced().contains('.') {
            faults.add(
                place,
                format!("{:?} is no namespace", self.namespaced()),
                "name the one that the engine runs in",
            );
        }
    }

    /// Adds the objects that deliver what was emitted so far.
    pub(super) fn add(&self, platform: &Platform<'_>, names: &Names, files: &mut Files) {
        let offered = offered(platform);
        let objects = match self.engine {
            Engine::ArgoCd => argo_cd::objects(self, names, &offered, &files.0),
            Engine::Flux => flux::objects(self, names, &offered),
        };
        let folder = match self.engine {
            Engine::ArgoCd => "argo-cd",
            Engine::Flux => "flux",
        };
        for (name, object) in objects {
            files.0.push(EmittedFile { path: format!("delivery/{folder}/{name}.yaml"), object });
        }
    }
}

/// A kind of composite resources or claims.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Offered {
    group: String,
    kind: String,
    api_version: String,
    namespaced: bool,
    legacy: bool,
}

/// The kinds that users write.
fn offered(platform: &Platform<'_>) -> BTreeSet<Offered> {
    let mut offered = BTreeSet::new();
    for composition in platform.compositions {
        let kind = composition.kind();
        let one = |name: &str, namespaced: bool| Offered {
            group: kind.group.to_owned(),
            kind: name.to_owned(),
            api_version: kind.api_version.to_owned(),
            namespaced,
            legacy: kind.legacy,
        };
        offered.insert(one(kind.kind, kind.scope == Scope::Namespaced));
        let definition = kind.definition.and_then(|definition| serde_json::from_str::<Xrd>(definition).ok());
        if let Some(claim) = definition.and_then(|definition| definition.spec.claim_names) {
            offered.insert(one(&claim.kind, true));
        }
    }
    offered
}
