//! Objects that are encoded for an answer before it is written.

use std::cell::{OnceCell, RefCell};

use serde_json::Value;

use super::protobuf::{field_len, put_bytes, put_head};
use super::value::ObjectReader;
use super::writer::encode_struct;
use crate::codec::json::read_value;
use crate::codec::{CodecError, Reader, Slot};

/// How many bytes to begin with: what a managed resource with a handful of parameters takes.
const USUAL: usize = 1024;

/// How many buffers a thread keeps from one request to the next, and how large each may be: there are as many at once as an answer
/// has resources, more than an allocator has at hand.
const KEPT: usize = 256;
const LARGEST_KEPT: usize = 4 * USUAL;

thread_local! {
    /// Buffers of objects that are gone.
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An object, encoded as the content of a `google.protobuf.Struct`.
#[derive(Clone)]
pub struct Encoded(Vec<u8>);

impl Encoded {
    /// Encodes an object: its apiVersion and kind, and the fields of `fields`.
    pub(super) fn new(api_version: &str, kind: &str, fields: &dyn Slot) -> Result<Self, CodecError> {
        let spare = SPARE.with_borrow_mut(Vec::pop);
        let mut out = spare.unwrap_or_else(|| Vec::with_capacity(USUAL));
        for (name, text) in [("apiVersion", api_version), ("kind", kind)] {
            let value = field_len(text.len());
            put_head(&mut out, 1, field_len(name.len()) + field_len(value));
            put_bytes(&mut out, 1, name.as_bytes());
            put_head(&mut out, 2, value);
            put_bytes(&mut out, 3, text.as_bytes());
        }
        encode_struct(fields, &mut out)?;
        Ok(Encoded(out))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads it.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut dyn Reader) -> Result<T, CodecError>) -> Result<T, CodecError> {
        read(&mut ObjectReader::new(&self.0, &OnceCell::new()))
    }

    /// The object as JSON.
    pub(crate) fn decode(&self) -> Value {
        // What was encoded here can be decoded here.
        self.read(read_value).unwrap_or_default()
    }
}

impl Drop for Encoded {
    fn drop(&mut self) {
        if self.0.capacity() > LARGEST_KEPT {
            return;
        }
        let mut out = std::mem::take(&mut self.0);
        out.clear();
        // A thread that ends keeps nothing.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < KEPT {
                spare.push(out);
            }
        });
    }
}
