//! Paths through generated types: one path gives the decode mask, the accessor and the name that people read.

use std::fmt;

use crate::codec::Step;

/// A field to read. Made by [`path!`](crate::path).
pub struct Path<K, T> {
    #[doc(hidden)]
    pub steps: &'static [Step],
    #[doc(hidden)]
    pub get: fn(&K) -> Option<&T>,
}

/// A field to set. Made by [`field!`](crate::field).
pub struct Field<K, F> {
    #[doc(hidden)]
    pub steps: &'static [Step],
    #[doc(hidden)]
    pub slot: fn(&mut K) -> &mut F,
}

impl<K, T> Path<K, T> {
    /// The steps, in Rust names.
    pub fn steps(&self) -> &'static [Step] {
        self.steps
    }
}

impl<K, F> Field<K, F> {
    /// The steps, in Rust names.
    pub fn steps(&self) -> &'static [Step] {
        self.steps
    }
}

impl<K, T> Clone for Path<K, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, T> Copy for Path<K, T> {}

impl<K, F> Clone for Field<K, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, F> Copy for Field<K, F> {}

impl<K, T> fmt::Debug for Path<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps).finish()
    }
}

impl<K, F> fmt::Debug for Field<K, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps).finish()
    }
}

/// A field to read: `path!(status.at_provider.arn)`, `path!(status.at_provider.rule[0].id)`,
/// `path!(metadata.annotations["crossplane.io/external-name"])`.
///
/// The names are those of Rust, and the compiler checks them. Every step through an `Option`, a list or a map may find
/// nothing; then the value is not known. The type is that of the handle it is given to; where nothing tells it,
/// write it first: `path!(Bucket: status.at_provider.arn)`.
#[macro_export]
macro_rules! path {
    ($kind:ty : $first:ident $($rest:tt)*) => {{
        let path: $crate::compose::Path<$kind, _> = $crate::path!($first $($rest)*);
        path
    }};
    ($first:ident $($rest:tt)*) => {
        $crate::compose::Path {
            steps: $crate::__steps!([] .$first $($rest)*),
            get: |root| {
                #[allow(unused_imports)]
                use $crate::compose::support::{AnyHop as _, Hop};
                $crate::__get!(root .$first $($rest)*)
            },
        }
    };
}

/// A field to set: `field!(spec.for_provider.bucket)`, `field!(spec.for_provider.rule[0].status)`.
///
/// The names are those of Rust, and the compiler checks them. Objects along the path are made when a value is set,
/// and list items up to the index. The type is that of the draft it is given to; where nothing tells it, write it first:
/// `field!(Bucket: spec.for_provider.region)`.
#[macro_export]
macro_rules! field {
    ($kind:ty : $first:ident $($rest:tt)*) => {{
        let field: $crate::compose::Field<$kind, _> = $crate::field!($first $($rest)*);
        field
    }};
    ($first:ident $($rest:tt)*) => {
        $crate::compose::Field {
            steps: $crate::__steps!([] .$first $($rest)*),
            slot: |root| {
                #[allow(unused_imports)]
                use $crate::compose::support::{Enter as _, EnterEntry as _, EnterItem as _};
                $crate::__slot!(root .$first $($rest)*)
            },
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __steps {
    ([$($done:expr,)*] .$field:ident $($rest:tt)*) => {
        $crate::__steps!([$($done,)* $crate::compose::support::field(stringify!($field)),] $($rest)*)
    };
    ([$($done:expr,)*] [$index:literal] $($rest:tt)*) => {
        $crate::__steps!([$($done,)* $crate::compose::support::literal(stringify!($index)),] $($rest)*)
    };
    ([$($done:expr,)*]) => { const { &[$($done),*] } };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __get {
    ($at:ident) => { Some($at) };
    ($at:ident .$field:ident $($rest:tt)*) => {{
        let at = Hop(&$at.$field).hop()?;
        $crate::__get!(at $($rest)*)
    }};
    ($at:ident [$index:literal] $($rest:tt)*) => {{
        let at = $at.get($index)?;
        $crate::__get!(at $($rest)*)
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __slot {
    ($at:ident .$field:ident) => { &mut $at.$field };
    ($at:ident .$field:ident [$index:literal] $($rest:tt)*) => {{
        let at = $at.$field.enter().enter_at($index);
        $crate::__slot!(at $($rest)*)
    }};
    ($at:ident .$field:ident $($rest:tt)*) => {{
        let at = $at.$field.enter();
        $crate::__slot!(at $($rest)*)
    }};
}

/// What the path macros expand to. Not for use by hand.
#[doc(hidden)]
pub mod support {
    use std::collections::BTreeMap;

    use crate::codec::{Step, plain};

    /// The step of a field.
    pub const fn field(ident: &'static str) -> Step {
        Step::Field(plain(ident))
    }

    /// The step of a literal in brackets: an index, or the key of a map.
    pub const fn literal(text: &'static str) -> Step {
        let bytes = text.as_bytes();
        if bytes.len() >= 2 && bytes[0] == b'"' {
            return Step::Key(text.split_at(bytes.len() - 1).0.split_at(1).1);
        }
        let (mut at, mut index) = (0, 0);
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            index = index * 10 + (bytes[at] - b'0') as usize;
            at += 1;
        }
        Step::Index(index)
    }

    /// A reference about to be followed: an `Option` is looked into, and everything else ([`AnyHop`]) is followed as it
    /// is. A type's own methods come before those of traits, which is how the two are told apart.
    pub struct Hop<'a, T>(pub &'a T);

    impl<'a, T> Hop<'a, Option<T>> {
        /// What is in the `Option`.
        #[inline]
        pub fn hop(self) -> Option<&'a T> {
            self.0.as_ref()
        }
    }

    /// Following what is no `Option`.
    pub trait AnyHop<'a, T> {
        fn hop(self) -> Option<&'a T>;
    }

    impl<'a, T> AnyHop<'a, T> for Hop<'a, T> {
        #[inline]
        fn hop(self) -> Option<&'a T> {
            Some(self.0)
        }
    }

    /// Goes into an optional object, list or map, making it.
    pub trait Enter {
        type Inner;
        fn enter(&mut self) -> &mut Self::Inner;
    }

    impl<T: Default> Enter for Option<T> {
        type Inner = T;

        #[inline]
        fn enter(&mut self) -> &mut T {
            self.get_or_insert_default()
        }
    }

    /// Goes into a list item, making those before it.
    pub trait EnterItem {
        type Item;
        fn enter_at(&mut self, index: usize) -> &mut Self::Item;
    }

    impl<T: Default> EnterItem for Vec<T> {
        type Item = T;

        fn enter_at(&mut self, index: usize) -> &mut T {
            if self.len() <= index {
                self.resize_with(index + 1, T::default);
            }
            &mut self[index]
        }
    }

    /// Goes into a map entry, making it.
    pub trait EnterEntry {
        type Entry;
        fn enter_at(&mut self, key: &str) -> &mut Self::Entry;
    }

    impl<T: Default> EnterEntry for BTreeMap<String, T> {
        type Entry = T;

        fn enter_at(&mut self, key: &str) -> &mut T {
            self.entry(key.to_owned()).or_default()
        }
    }
}
