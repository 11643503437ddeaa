//! Values that may only be known once another resource has been observed.

use std::collections::BTreeSet;
use std::fmt;

use super::Reads;
use crate::state::Wait;

/// A value read from the observed state of a composed resource: known, or waiting for it.
///
/// What a literal reads of the composite resource is one too, though it never waits: where an optional field is not there,
/// the value is *unset*, and what it is assigned to is left alone.
///
/// It cannot be mistaken for a plain value: it does not print, compare or convert. Assign it to a field of a
/// [`Draft`](super::Draft), map it, or ask for it with [`Lazy::known`].
#[must_use]
#[derive(Clone)]
pub enum Lazy<T> {
    /// The value.
    Known(T),
    /// The value, and what it was read from.
    Read(T, Reads),
    /// What must be observed first; nothing at all where the value is unset.
    Pending(Pending),
}

/// Why a value is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pending {
    on: BTreeSet<Wait>,
    hold: Hold,
    /// What is known of the value's sources already.
    reads: Reads,
}

/// What becomes of a field whose value is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// The field is left out, of a new and of an existing resource.
    Omit,
    /// A new resource is held back; in an existing one the field keeps its observed value, or the step ends.
    #[default]
    Keep,
    /// A new resource is held back; with an existing one the step ends.
    Fatal,
}

impl Pending {
    pub(crate) fn on(wait: Wait) -> Self {
        Pending { on: BTreeSet::from([wait]), hold: Hold::Keep, reads: Reads::default() }
    }

    pub(crate) fn and(mut self, other: Pending) -> Self {
        self.on.extend(other.on);
        self.hold = self.hold.max(other.hold);
        self.having_read(other.reads)
    }

    /// The same, of a value that was read from these besides.
    pub(crate) fn having_read(mut self, reads: Reads) -> Self {
        self.reads = self.reads.and(reads);
        self
    }

    /// All that the value is read from: what is known, and what is waited for.
    pub(crate) fn reads(&self) -> Reads {
        self.on.iter().fold(self.reads.clone(), |reads, wait| reads.and(Reads::text(&wait.key, &wait.path)))
    }

    /// What is waited for, sorted.
    pub fn waits(&self) -> impl Iterator<Item = &Wait> {
        self.on.iter()
    }

    /// Whether nothing is waited for: the value is unset.
    pub fn is_empty(&self) -> bool {
        self.on.is_empty()
    }

    /// What becomes of the field meanwhile.
    pub fn hold(&self) -> Hold {
        self.hold
    }
}

impl<T> Lazy<T> {
    /// A value that is not set, and waits for nothing: a field that it is assigned to is left alone.
    pub fn unset() -> Self {
        Lazy::Pending(Pending { hold: Hold::Omit, ..Pending::default() })
    }

    /// Whether the value is unset.
    pub fn is_unset(&self) -> bool {
        matches!(self, Lazy::Pending(pending) if pending.is_empty())
    }

    /// The value, if it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Lazy::Known(value) | Lazy::Read(value, _) => Some(value),
            Lazy::Pending(_) => None,
        }
    }

    /// Whether the value is known.
    pub fn is_known(&self) -> bool {
        matches!(self, Lazy::Known(_) | Lazy::Read(..))
    }

    /// The same value by reference.
    pub fn as_ref(&self) -> Lazy<&T> {
        match self {
            Lazy::Known(value) => Lazy::Known(value),
            Lazy::Read(value, reads) => Lazy::Read(value, reads.clone()),
            Lazy::Pending(pending) => Lazy::Pending(pending.clone()),
        }
    }

    /// What `change` makes of the value, once it is known.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Lazy<U> {
        match self {
            Lazy::Known(value) => Lazy::Known(change(value)),
            Lazy::Read(value, reads) => Lazy::Read(change(value), reads),
            Lazy::Pending(pending) => Lazy::Pending(pending),
        }
    }

    /// What `next` makes of the value, which may itself not be known yet.
    pub fn and_then<U>(self, next: impl FnOnce(T) -> Lazy<U>) -> Lazy<U> {
        match self {
            Lazy::Known(value) => next(value),
            Lazy::Read(value, reads) => next(value).having_read(reads),
            Lazy::Pending(pending) => Lazy::Pending(pending),
        }
    }

    /// Both values. While either is not known, the pair waits for all that both wait for.
    pub fn zip<U>(self, other: Lazy<U>) -> Lazy<(T, U)> {
        match (self.apart(), other.apart()) {
            (Ok((left, reads)), Ok((right, more))) => Lazy::Known((left, right)).having_read(reads.and(more)),
            (Err(left), Err(right)) => Lazy::Pending(left.and(right)),
            (Err(pending), Ok((_, reads))) | (Ok((_, reads)), Err(pending)) => {
                Lazy::Pending(pending.having_read(reads))
            }
        }
    }

    /// This value, or the other one while this is not known.
    pub fn or(self, other: Lazy<T>) -> Lazy<T> {
        match (self.apart(), other.apart()) {
            (Ok((value, reads)), _) => Lazy::Known(value).having_read(reads),
            (Err(pending), Ok((value, reads))) => Lazy::Known(value).having_read(pending.reads().and(reads)),
            (Err(left), Err(right)) => Lazy::Pending(left.and(right)),
        }
    }

    /// The value and what it was read from, or what it waits for.
    fn apart(self) -> Result<(T, Reads), Pending> {
        match self {
            Lazy::Known(value) => Ok((value, Reads::default())),
            Lazy::Read(value, reads) => Ok((value, reads)),
            Lazy::Pending(pending) => Err(pending),
        }
    }

    /// The same value, read from these besides.
    pub(crate) fn having_read(self, more: Reads) -> Self {
        match self {
            known if more.is_empty() => known,
            Lazy::Known(value) => Lazy::Read(value, more),
            Lazy::Read(value, reads) => Lazy::Read(value, reads.and(more)),
            Lazy::Pending(pending) => Lazy::Pending(pending.having_read(more)),
        }
    }

    /// While the value is not known, the field it is assigned to is left out: nothing is held back for it, and an
    /// existing resource loses the field. For fields that it does no harm to be without.
    pub fn or_omit(self) -> Self {
        self.hold(Hold::Omit)
    }

    /// While the value is not known, a step that declares an existing resource with it ends with a fatal result, even
    /// if the field has an observed value. For fields that must never be stale.
    pub fn or_fatal(self) -> Self {
        self.hold(Hold::Fatal)
    }

    fn hold(self, hold: Hold) -> Self {
        match self {
            Lazy::Pending(pending) => Lazy::Pending(Pending { hold, ..pending }),
            known => known,
        }
    }
}

/// The value, or unset.
impl<T> From<Option<T>> for Lazy<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Lazy::unset, Lazy::Known)
    }
}

/// All values, or everything that any of them waits for.
impl<T> FromIterator<Lazy<T>> for Lazy<Vec<T>> {
    fn from_iter<I: IntoIterator<Item = Lazy<T>>>(values: I) -> Self {
        let mut known = Vec::new();
        let mut pending: Option<Pending> = None;
        let mut reads = Reads::default();
        for value in values {
            match value.apart() {
                Ok((value, more)) => {
                    known.push(value);
                    reads = reads.and(more);
                }
                Err(other) => {
                    pending = Some(match pending {
                        Some(pending) => pending.and(other),
                        None => other,
                    });
                }
            }
        }
        pending.map_or(Lazy::Known(known), Lazy::Pending).having_read(reads)
    }
}

/// Shows what is waited for, never the value, which may be a secret.
impl<T> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lazy::Known(_) | Lazy::Read(..) => f.write_str("Known(_)"),
            Lazy::Pending(pending) if pending.is_empty() => f.write_str("Unset"),
            Lazy::Pending(pending) => {
                f.write_str("Pending(")?;
                for (index, wait) in pending.on.iter().enumerate() {
                    write!(f, "{}{wait}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}
