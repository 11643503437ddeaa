//! Names that two kinds of one group want: the second one is never established.

use crate::crd::{Crd, Names};
use crate::refusal::{Path, Refusals, Stage};

/// The conflicts of each CRD's names with those of the ones before it, in the order in which a cluster would meet them.
pub fn conflicts(crds: &[Crd]) -> Refusals {
    let mut refusals = Refusals::default();
    let names = Path::new("spec").child("names");
    for (i, later) in crds.iter().enumerate() {
        for earlier in &crds[..i] {
            refusals.extend(between(later, &names, earlier, &earlier.metadata.name));
        }
    }
    refusals
}

/// The names of `crd`, which stand at `path`, that `other` has taken.
pub(super) fn between(crd: &Crd, path: &Path, other: &Crd, whose: &str) -> Refusals {
    let mut refusals = Refusals::default();
    // One name twice is one object.
    if crd.spec.group != other.spec.group || crd.metadata.name == other.metadata.name {
        return refusals;
    }
    let (ours, theirs) = (&crd.spec.names, &other.spec.names);
    let mut refuse = |path: Path, name: &str| {
        let reason = format!("{name:?} is already in use by {whose}: not all names are accepted");
        refusals.add(Stage::NeverEstablished, &path, reason, "choose a name that no other kind of the group has");
    };
    let resources = resources(theirs);
    for (field, name) in [("plural", &ours.plural), ("singular", &singular(ours))] {
        if resources.contains(name) {
            refuse(path.child(field), name);
        }
    }
    for (i, name) in ours.short_names.iter().enumerate() {
        if resources.contains(name) {
            refuse(path.child("shortNames").index(i), name);
        }
    }
    let kinds = [theirs.kind.clone(), list_kind(theirs)];
    for (field, name) in [("kind", &ours.kind), ("listKind", &list_kind(ours))] {
        if kinds.contains(name) {
            refuse(path.child(field), name);
        }
    }
    refusals
}

fn resources(names: &Names) -> Vec<String> {
    let mut all = vec![names.plural.clone(), singular(names)];
    all.extend(names.short_names.iter().cloned());
    all
}

fn singular(names: &Names) -> String {
    names.singular.clone().unwrap_or_else(|| names.kind.to_lowercase())
}

fn list_kind(names: &Names) -> String {
    names.list_kind.clone().unwrap_or_else(|| format!("{}List", names.kind))
}
