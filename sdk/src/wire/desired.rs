//! The desired state of an answer: that of earlier steps as it came, with what this step changes.

use std::borrow::Cow;

use super::buffer::Placed;
use super::index::{Index, Object};
use super::protobuf::{Broken, field_len, put_bytes, put_head, put_number};
use super::value::{copy_without, find};
use super::writer::{encode_entry, encode_struct};
use crate::state::{ConnectionDetails, Place, Ready, Response};

/// A `State`, ready to be written.
pub(super) struct Desired<'a> {
    composite: Option<Cow<'a, [u8]>>,
    resources: Vec<(&'a str, Resource<'a>)>,
    unknown: Vec<&'a [u8]>,
    length: usize,
}

/// A `Resource`.
enum Resource<'a> {
    /// As an earlier step left it.
    Unchanged(&'a [u8]),
    /// As this step declares it.
    Declared {
        /// Its `Struct`.
        object: Cow<'a, [u8]>,
        ready: Ready,
        /// What else an earlier step said of it.
        kept: Vec<u8>,
    },
    /// As an earlier step left it, but for its readiness.
    Judged { ready: Ready, kept: Vec<u8> },
}

impl Resource<'_> {
    fn len(&self) -> usize {
        match self {
            Resource::Unchanged(message) => message.len(),
            Resource::Declared { object, ready, kept } => field_len(object.len()) + kept.len() + ready_len(*ready),
            Resource::Judged { ready, kept } => kept.len() + ready_len(*ready),
        }
    }
}

fn ready_number(ready: Ready) -> u64 {
    match ready {
        Ready::Unspecified => 0,
        Ready::True => 1,
        Ready::False => 2,
    }
}

fn ready_len(ready: Ready) -> usize {
    if ready == Ready::Unspecified { 0 } else { 2 }
}

fn put_ready(out: &mut Vec<u8>, ready: Ready) {
    if ready != Ready::Unspecified {
        put_number(out, 3, ready_number(ready));
    }
}

impl<'a> Desired<'a> {
    /// What earlier steps desire.
    pub(super) fn unchanged(index: &'a Index) -> Self {
        let buffer = &index.buffer;
        let composite = index.desired.composite.as_ref().map(|object| Cow::Borrowed(buffer.get(object.message)));
        let resources = index.desired.resources.iter();
        let resources = resources.map(|(key, object)| (key, Resource::Unchanged(buffer.get(object.message)))).collect();
        Desired::new(index, composite, resources)
    }

    fn new(index: &'a Index, composite: Option<Cow<'a, [u8]>>, resources: Vec<(&'a str, Resource<'a>)>) -> Self {
        let unknown: Vec<&[u8]> = index.desired.unknown.iter().map(|span| index.buffer.get(*span)).collect();
        let length = composite.as_ref().map_or(0, |message| field_len(message.len()))
            + resources.iter().map(|(key, resource)| field_len(entry_len(key, resource))).sum::<usize>()
            + unknown.iter().map(|field| field.len()).sum::<usize>();
        Desired { composite, resources, unknown, length }
    }

    /// How many bytes it takes.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        if let Some(message) = &self.composite {
            put_bytes(out, 1, message);
        }
        for (key, resource) in &self.resources {
            put_head(out, 2, entry_len(key, resource));
            put_bytes(out, 1, key.as_bytes());
            put_head(out, 2, resource.len());
            match resource {
                Resource::Unchanged(message) => out.extend_from_slice(message),
                Resource::Declared { object, ready, kept } => {
                    put_bytes(out, 1, object);
                    out.extend_from_slice(kept);
                    put_ready(out, *ready);
                }
                Resource::Judged { ready, kept } => {
                    out.extend_from_slice(kept);
                    put_ready(out, *ready);
                }
            }
        }
        for field in &self.unknown {
            out.extend_from_slice(field);
        }
    }
}

fn entry_len(key: &str, resource: &Resource<'_>) -> usize {
    field_len(key.len()) + field_len(resource.len())
}

/// What earlier steps desire, with what `response` changes: the same as [`state::Desired::apply`](crate::state::Desired::apply).
///
/// # Errors
/// When something cannot be carried, or what has to be changed is malformed: what it is, and why.
pub(super) fn change<'a>(index: &'a Index, response: &'a Response) -> Result<Desired<'a>, String> {
    let mut resources = Vec::with_capacity(response.composed.len() + index.desired.resources.iter().len());
    let mut earlier = index.desired.resources.iter().peekable();
    let unchanged = |(key, object): (&'a str, &'a Object)| -> Result<Option<(&'a str, Resource<'a>)>, String> {
        if response.dropped.contains(key) {
            return Ok(None);
        }
        Ok(Some(match response.ready.get(key) {
            None => (key, Resource::Unchanged(index.buffer.get(object.message))),
            Some(&ready) => {
                let kept = kept(index, object, &[3]).map_err(|broken| malformed(key, broken))?;
                (key, Resource::Judged { ready, kept })
            }
        }))
    };
    for (key, composed) in &response.composed {
        let key = key.as_str();
        while let Some(other) = earlier.next_if(|(earlier, _)| *earlier < key) {
            resources.extend(unchanged(other)?);
        }
        let kept = match earlier.next_if(|(earlier, _)| *earlier == key) {
            Some((_, object)) => kept(index, object, &[1, 3]).map_err(|broken| malformed(key, broken))?,
            None => Vec::new(),
        };
        let object = match composed.resource.encoded() {
            Some(encoded) => Cow::Borrowed(encoded.as_bytes()),
            None => {
                let mut object = Vec::new();
                encode_struct(&*composed.resource, &mut object)
                    .map_err(|error| format!("composed resource {key:?}: {error}"))?;
                Cow::Owned(object)
            }
        };
        let ready = response.ready.get(key).copied().unwrap_or(composed.ready);
        resources.push((key, Resource::Declared { object, ready, kept }));
    }
    for other in earlier {
        resources.extend(unchanged(other)?);
    }
    Ok(Desired::new(index, composite(index, response)?, resources))
}

fn malformed(key: &str, broken: Broken) -> String {
    format!("what earlier steps desire of composed resource {key:?} is malformed: {broken}")
}

/// The fields of a `Resource` but those with the numbers given.
fn kept(index: &Index, object: &Object, without: &[u32]) -> Result<Vec<u8>, Broken> {
    let mut out = Vec::new();
    let mut fields = Placed::new(&index.buffer, object.message);
    while let Some(found) = fields.next()? {
        if !without.contains(&found.field.number) {
            out.extend_from_slice(index.buffer.get(found.whole));
        }
    }
    Ok(out)
}

/// The composite resource's `Resource`.
fn composite<'a>(index: &'a Index, response: &'a Response) -> Result<Option<Cow<'a, [u8]>>, String> {
    let earlier = index.desired_object(Place::Composite);
    let unchanged = response.status.is_none() && response.composite_ready.is_none() && response.connection.is_empty();
    if unchanged {
        return Ok(earlier.map(|object| Cow::Borrowed(index.buffer.get(object.message))));
    }
    let in_earlier = |broken| format!("what earlier steps desire of the composite resource is malformed: {broken}");
    let mut out = Vec::new();
    let object = composite_struct(index, response)?;
    if !object.is_empty() {
        put_bytes(&mut out, 1, &object);
    }
    let mut connection = earlier.map(|object| object.connection.clone()).unwrap_or_default();
    connection.extend(response.connection.clone());
    put_connection(&mut out, &connection);
    put_ready(&mut out, response.composite_ready.or(earlier.map(|object| object.ready)).unwrap_or_default());
    if let Some(object) = earlier {
        out.extend(kept(index, object, &[1, 2, 3]).map_err(in_earlier)?);
    }
    Ok(Some(Cow::Owned(out)))
}

/// The composite resource's `Struct`: what it is, what earlier steps said besides its status, and the status.
fn composite_struct(index: &Index, response: &Response) -> Result<Vec<u8>, String> {
    let in_composite = |broken: Broken| format!("the composite resource is malformed: {broken}");
    let object = |object: Option<&Object>| object.map(|object| object.resource).unwrap_or_default();
    let earlier = index.buffer.get(object(index.desired_object(Place::Composite)));
    let observed = index.buffer.get(object(index.observed.composite.as_ref()));
    let Some(status) = &response.status else { return Ok(earlier.to_vec()) };
    let mut out = Vec::new();
    for name in ["apiVersion", "kind"] {
        if let (None, Some(value)) =
            (find(earlier, name).map_err(in_composite)?, find(observed, name).map_err(in_composite)?)
        {
            put_head(&mut out, 1, field_len(name.len()) + field_len(value.len()));
            put_bytes(&mut out, 1, name.as_bytes());
            put_bytes(&mut out, 2, &value);
        }
    }
    copy_without(earlier, |key| key == "status", &mut out).map_err(in_composite)?;
    encode_entry("status", status, &mut out).map_err(|error| format!("the composite resource's status: {error}"))?;
    Ok(out)
}

fn put_connection(out: &mut Vec<u8>, connection: &ConnectionDetails) {
    for (name, value) in connection.iter() {
        put_head(out, 2, field_len(name.len()) + field_len(value.len()));
        put_bytes(out, 1, name.as_bytes());
        put_bytes(out, 2, value);
    }
}
