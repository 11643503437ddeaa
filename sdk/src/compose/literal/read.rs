//! Dotted paths in literals: reads of handles, and of plain values such as the composite resource.

use crate::compose::{Handle, Lazy, Path};

/// A step of a read.
pub use crate::codec::Step;

impl<K> Handle<K> {
    /// What a dotted path in a literal reads: [`Handle::read`].
    #[doc(hidden)]
    pub fn __read<T: Clone>(&self, get: fn(&K) -> Option<&T>, steps: &'static [Step]) -> Lazy<T> {
        self.read(Path { steps, get })
    }
}

/// What a dotted path in a literal reads of any other value: the field, unset where an `Option` on the way is `None`.
pub trait PlainRead {
    /// The field that `get` finds.
    #[doc(hidden)]
    fn __read<T: Clone>(&self, get: fn(&Self) -> Option<&T>, _: &'static [Step]) -> Lazy<T> {
        get(self).cloned().into()
    }
}

impl<V> PlainRead for V {}
