//! Delivery through Git: the objects by which Argo CD, Flux or Kratix brings clusters what `planewright build` wrote.
//!
//! What is delivered has [tiers](Tier), one after the other. How each is synchronised follows from what it holds, and what would lose
//! data cannot be said: definitions are never deleted because a file is gone, for with a definition go all of its composite
//! resources, and with those what they stand for; and nothing is ever replaced or forced, for of a definition that would delete and
//! create it. What an engine would ignore or refuse, its type has no word for.

mod application_set;
mod argo_cd;
mod common;
mod flux;
mod health;
mod kratix;
mod project;
mod source;
mod sync_options;
mod tier;

use std::collections::BTreeSet;

use planewright_definitions::xrd::{self, Xrd};

pub use argo_cd::ArgoCd;
pub use flux::Flux;
pub use kratix::Kratix;
pub use source::Source;
pub use tier::Tier;

use super::error::Faults;
use super::names::Names;
use super::{EmittedFile, Files, Platform};
use crate::resource::Scope;

/// What delivers the platform, and from where: [`ArgoCd`], [`Flux`] or [`Kratix`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Delivery(Engine);

/// The program that delivers.
#[derive(Clone, Debug)]
enum Engine {
    ArgoCd(ArgoCd),
    Flux(Flux),
    Kratix(Kratix),
}

/// What becomes of a composite resource or claim that leaves the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// It stays until somebody deletes it: right for what holds data.
    Never,
    /// It is deleted, and with it what it stands for.
    Always,
}

impl Delivery {
    /// Through Argo CD.
    pub fn argo_cd(source: Source) -> ArgoCd {
        ArgoCd::new(source)
    }

    /// Through Flux.
    pub fn flux(source: Source) -> Flux {
        Flux::new(source)
    }

    /// Through Kratix, to the Destinations with this label: clusters in which Crossplane runs.
    pub fn kratix(label: impl Into<String>, value: impl Into<String>) -> Kratix {
        Kratix::new(label.into(), value.into())
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, faults: &mut Faults) {
        match &self.0 {
            Engine::ArgoCd(argo_cd) => argo_cd.check(faults),
            Engine::Flux(flux) => flux.check(faults),
            Engine::Kratix(kratix) => kratix.check(faults),
        }
    }

    /// Marks what is emitted and holds data, for versions of the engine that look at nothing else.
    ///
    /// Flux needs no mark: its Kustomizations give one to whatever they keep.
    pub(super) fn mark(&self, files: &mut Files, faults: &mut Faults) {
        if let Engine::ArgoCd(_) = &self.0 {
            let definitions = files.0.iter_mut().filter(|file| file.object["kind"] == xrd::KIND);
            definitions.for_each(|file| sync_options::keep(&mut file.object, faults));
        }
    }

    /// Adds the objects that deliver what was emitted so far.
    pub(super) fn add(&self, platform: &Platform<'_>, names: &Names, files: &mut Files, faults: &mut Faults) {
        let offered = offered(platform);
        let (folder, objects) = match &self.0 {
            Engine::ArgoCd(argo_cd) => ("argo-cd", argo_cd.objects(platform, names, &offered, &files.0)),
            Engine::Flux(flux) => ("flux", flux.objects(platform, names, &offered)),
            Engine::Kratix(kratix) => ("kratix", kratix.objects(platform, names, &files.0, faults)),
        };
        for (name, object) in objects {
            files.0.push(EmittedFile { path: format!("delivery/{folder}/{name}.yaml"), object });
        }
    }
}

impl From<ArgoCd> for Delivery {
    fn from(argo_cd: ArgoCd) -> Self {
        Delivery(Engine::ArgoCd(argo_cd))
    }
}

impl From<Kratix> for Delivery {
    fn from(kratix: Kratix) -> Self {
        Delivery(Engine::Kratix(kratix))
    }
}

impl From<Flux> for Delivery {
    fn from(flux: Flux) -> Self {
        Delivery(Engine::Flux(flux))
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
