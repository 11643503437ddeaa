//! `text!`: building text from values of which some are known later.

use std::fmt::Display;

use crate::compose::{Lazy, Pending, Reads};

/// What `text!` can show: whatever [`Display`] can, and a [`Lazy`] of it.
#[diagnostic::on_unimplemented(
    message = "`text!` cannot show `{Self}`",
    label = "neither `Display` nor a `Lazy` of something that is",
    note = "an `Option` becomes a `Lazy` with `Lazy::from(option)`: the text is then unset where the option is; other values need a `map` to what is shown"
)]
pub trait IntoText {
    /// What is shown.
    type Shown: Display;
    /// The value, once it is known.
    fn into_text(self) -> Lazy<Self::Shown>;
}

#[diagnostic::do_not_recommend]
impl<T: Display> IntoText for T {
    type Shown = T;

    fn into_text(self) -> Lazy<T> {
        Lazy::Known(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> IntoText for Lazy<T> {
    type Shown = T;

    fn into_text(self) -> Lazy<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T: Display> IntoText for &'a Lazy<T> {
    type Shown = &'a T;

    fn into_text(self) -> Lazy<&'a T> {
        self.as_ref()
    }
}

/// A text that is being put together.
#[derive(Debug, Default)]
pub struct Text {
    pending: Option<Pending>,
    reads: Reads,
}

impl Text {
    /// The argument's value; what it waits for is noted.
    pub fn known<V: IntoText>(&mut self, value: V) -> Option<V::Shown> {
        match value.into_text() {
            Lazy::Known(value) => Some(value),
            Lazy::Read(value, reads) => {
                self.reads = std::mem::take(&mut self.reads).and(reads);
                Some(value)
            }
            Lazy::Pending(pending) => {
                self.pending = Some(match self.pending.take() {
                    Some(other) => other.and(pending),
                    None => pending,
                });
                None
            }
        }
    }

    /// The text, or all that its arguments wait for.
    pub fn finish(self, text: Option<String>) -> Lazy<String> {
        match (text, self.pending) {
            (_, Some(pending)) => Lazy::Pending(pending.having_read(self.reads)),
            (Some(text), None) if self.reads.is_empty() => Lazy::Known(text),
            (Some(text), None) => Lazy::Read(text, self.reads),
            (None, None) => Lazy::unset(),
        }
    }
}
