//! The tiers of a delivery, and what is synchronised as one.

use std::collections::BTreeMap;

use super::common::Common;
use crate::emit::Platform;
use crate::emit::names::label;

/// A part of what a platform delivers, by what needs it and what it holds.
///
/// | tier | what is in it | folder | wave | deleted when it leaves the source |
/// |---|---|---|---|---|
/// | bootstrap | packages (providers, functions), how they run and where their images come from, the activation policy | `cluster/bootstrap` | −40 | never |
/// | core | access rights, the function's budget and autoscaler; configurations of providers, which are never deleted | `cluster/core` | −30 | where the delivery says so |
/// | stable | definitions and Compositions of APIs whose version is a `v1`, `v2`, …, or that [`Package::stable`](crate::emit::Package::stable) names | `apis` | −20 | never |
/// | beta | those of every other API | `apis` | 0 | never |
/// | workloads | composite resources and claims | as named | 0, 10, 20, … | as said where they are named |
///
/// Each tier begins when the one before is healthy. Nothing waits for beta: what is tried out there cannot hold up what others
/// rely on; so workloads that use such an API are tried again until it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// What Crossplane must install before anything else can work.
    Bootstrap,
    /// What belongs to the platform as a whole and holds nothing.
    Core,
    /// APIs that others rely on.
    Stable,
    /// APIs that may still change.
    Beta,
    /// What users write.
    Workloads,
}

impl Tier {
    fn name(self) -> &'static str {
        match self {
            Tier::Bootstrap => "bootstrap",
            Tier::Core => "core",
            Tier::Stable => "stable",
            Tier::Beta => "beta",
            Tier::Workloads => "workloads",
        }
    }

    fn wave(self) -> usize {
        match self {
            Tier::Bootstrap => 0,
            Tier::Core => 10,
            Tier::Stable => 20,
            Tier::Beta | Tier::Workloads => 40,
        }
    }
}

/// What becomes of an object that leaves the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pruning {
    Never,
    /// Somebody is asked.
    Confirmed,
    Always,
}

/// What is synchronised as one: a tier, or one of several folders of workloads.
pub(super) struct Part {
    pub(super) tier: Tier,
    /// What tells it apart from the platform's other parts.
    pub(super) name: String,
    /// When it begins, beside the others.
    pub(super) wave: i64,
    pub(super) pruning: Pruning,
    /// Its folder in the source.
    pub(super) folder: String,
    /// The folders in that, one for each API, where only they belong to it.
    pub(super) apis: Vec<String>,
}

/// The parts of a delivery in their order. A tier with nothing in it is none.
pub(super) fn parts(common: &Common, platform: &Platform<'_>) -> Vec<Part> {
    let mut apis: BTreeMap<&str, bool> = BTreeMap::new();
    for composition in platform.compositions {
        let kind = composition.kind();
        let promised = platform.package.stable.contains(&(kind.group, kind.plural));
        apis.insert(kind.plural, promised || is_stable(kind.version));
    }
    let of = |stable: bool| -> Vec<String> {
        apis.iter().filter(|(_, is)| **is == stable).map(|(plural, _)| (*plural).to_owned()).collect()
    };
    let part = |tier: Tier, folder: String, pruning, apis| Part {
        tier,
        name: tier.name().to_owned(),
        wave: wave(tier, 0),
        pruning,
        folder,
        apis,
    };
    let core = if common.prunes_core { Pruning::Always } else { Pruning::Never };
    let mut parts = vec![
        part(Tier::Bootstrap, common.source.folder("cluster/bootstrap"), Pruning::Never, Vec::new()),
        part(Tier::Core, common.source.folder("cluster/core"), core, Vec::new()),
    ];
    for (tier, apis) in [(Tier::Stable, of(true)), (Tier::Beta, of(false))] {
        if !apis.is_empty() {
            parts.push(part(tier, common.source.folder("apis"), Pruning::Never, apis));
        }
    }
    parts.extend(common.workloads.iter().enumerate().map(|(index, (folder, pruning))| Part {
        tier: Tier::Workloads,
        name: format!("{}-{}", Tier::Workloads.name(), label(folder)),
        wave: wave(Tier::Workloads, index),
        pruning: *pruning,
        folder: folder.trim_matches('/').to_owned(),
        apis: Vec::new(),
    }));
    parts
}

/// Waves have room between them for what else somebody delivers, and the workloads are at 0, where Argo CD puts what names none.
fn wave(tier: Tier, index: usize) -> i64 {
    i64::try_from(tier.wave() + 10 * index).unwrap_or(i64::MAX) - 40
}

/// Whether a version promises to stay, as Kubernetes has it: `v1`, and neither `v1beta1` nor `v1alpha1`.
fn is_stable(version: &str) -> bool {
    version.strip_prefix('v').is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}
