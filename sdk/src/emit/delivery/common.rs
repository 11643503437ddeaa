//! What the engines have in common.

use super::source::{Source, check_folder};
use super::tier::Pruning;
use crate::emit::error::Faults;
use crate::emit::names::{is_namespace, label};

/// What is said of a delivery, whichever engine it is for.
#[derive(Clone, Debug)]
pub(super) struct Common {
    pub(super) source: Source,
    pub(super) namespace: String,
    /// Folders with composite resources and claims, in the order in which they are delivered.
    pub(super) workloads: Vec<(String, Pruning)>,
    pub(super) prunes_core: bool,
}

impl Common {
    pub(super) fn new(source: Source, namespace: &str) -> Self {
        Common { source, namespace: namespace.to_owned(), workloads: Vec::new(), prunes_core: false }
    }

    /// Finds what is wrong with it.
    pub(super) fn check(&self, place: &str, faults: &mut Faults) {
        self.source.check(place, faults);
        for (index, (folder, _)) in self.workloads.iter().enumerate() {
            check_folder(place, folder, faults);
            if folder.trim_matches(['/', '.']).is_empty() {
                let reason = format!("the workloads would be all of the source ({folder:?})");
                faults.add(place, reason, "name the folder with composite resources and claims alone");
            }
            let inside = |inner: &str, outer: &str| {
                let (inner, outer) = (inner.trim_matches('/'), outer.trim_matches('/'));
                inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
            };
            for built in ["apis", "cluster", "delivery"].map(|folder| self.source.folder(folder)) {
                if inside(folder, &built) || inside(&built, folder) {
                    let reason =
                        format!("the workloads in {folder:?} would be what `planewright build` writes into {built:?}");
                    faults.add(
                        place,
                        reason,
                        "name a folder with composite resources and claims alone, beside those of the build",
                    );
                }
            }
            for (other, _) in self.workloads.iter().take(index) {
                if inside(folder, other) || inside(other, folder) {
                    let reason = format!("what is in {folder:?} and {other:?} would be delivered twice");
                    faults.add(place, reason, "name folders of workloads beside each other");
                } else if label(folder) == label(other) {
                    let reason = format!("the folders {folder:?} and {other:?} would have the same name");
                    faults.add(place, reason, "call one of them otherwise");
                }
            }
        }
        if !is_namespace(&self.namespace) {
            let reason = format!("{:?} is no namespace", self.namespace);
            faults.add(place, reason, "name the one that the engine runs in");
        }
    }
}
