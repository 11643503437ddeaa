//! What a control plane refuses: where, why, and what to do about it.

use std::fmt;

/// One reason for which an XRD does not become a working API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where it is, in the notation of Kubernetes: `spec.versions[0].schema.openAPIV3Schema.properties[spec]…`; empty
    /// for the document as a whole.
    pub path: String,
    /// What the API server or Crossplane says, in their words, so that it can be searched for.
    pub reason: String,
    /// What to change.
    pub remedy: String,
    /// When the control plane would find it.
    pub stage: Stage,
}

/// When a control plane finds a fault in an XRD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The API server refuses the definition itself: `kubectl apply` fails.
    Apply,
    /// The XRD is stored, and Crossplane's core fails to create the CRD that it derives. Nothing but an event on the
    /// XRD tells of it.
    Core,
    /// The CRDs are created, but the API is never established: nobody can use it.
    NeverEstablished,
}

/// Every refusal of one XRD, in the order in which a control plane would find them; never empty as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals(pub Vec<Refusal>);

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Apply => "the API server refuses it",
            Stage::Core => "Crossplane cannot create the CRD",
            Stage::NeverEstablished => "the API is never established",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{} ({})\n  remedy: {}", self.reason, self.stage, self.remedy)
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, refusal) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            refusal.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}

impl Refusals {
    /// `Ok(value)` if there is nothing to refuse.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Refusals> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    pub(crate) fn add(&mut self, stage: Stage, path: &Path, reason: impl Into<String>, remedy: impl Into<String>) {
        let refusal = Refusal { path: path.to_string(), reason: reason.into(), remedy: remedy.into(), stage };
        if !self.0.contains(&refusal) {
            self.0.push(refusal);
        }
    }

    pub(crate) fn extend(&mut self, other: Refusals) {
        for refusal in other.0 {
            if !self.0.contains(&refusal) {
                self.0.push(refusal);
            }
        }
    }
}

/// A place in an object, written as Kubernetes writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path(String);

impl Path {
    /// The root's child `name`.
    pub(crate) fn new(name: &str) -> Path {
        Path(name.to_owned())
    }

    /// A field: `.name`.
    pub(crate) fn child(&self, name: &str) -> Path {
        if self.0.is_empty() { Path(name.to_owned()) } else { Path(format!("{}.{name}", self.0)) }
    }

    /// An item of a list: `[3]`.
    pub(crate) fn index(&self, index: usize) -> Path {
        Path(format!("{}[{index}]", self.0))
    }

    /// An entry of a map: `[key]`.
    pub(crate) fn key(&self, key: &str) -> Path {
        Path(format!("{}[{key}]", self.0))
    }

    /// A property of a schema: `.properties[name]`.
    pub(crate) fn property(&self, name: &str) -> Path {
        self.child("properties").key(name)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
