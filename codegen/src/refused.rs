//! XRDs that a control plane would refuse.

use std::fmt;

use planewright_definitions::refusal::{Refusals, Stage};

/// An XRD that a control plane would refuse, with every reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedXrd {
    /// The file and the line on which its document begins, such as `apis/networks/definition.yaml:1`.
    pub place: String,
    /// Its `metadata.name`.
    pub name: String,
    /// The reasons.
    pub refusals: Refusals,
}

impl fmt::Display for RefusedXrd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match self.refusals.0.len() {
            1 => "for one reason".to_owned(),
            many => format!("for {many} reasons"),
        };
        write!(f, "error: the XRD {} would be refused, {count}\n--> {}", self.name, self.place)?;
        for refusal in &self.refusals.0 {
            let when = match refusal.stage {
                Stage::Apply => "when it is applied",
                Stage::Core => "when Crossplane creates the CRD",
                Stage::NeverEstablished => "never established",
            };
            let (path, reason, remedy) = (&refusal.path, &refusal.reason, &refusal.remedy);
            write!(f, "\n = at {path} ({when}): {reason}\n   help: {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RefusedXrd {}
