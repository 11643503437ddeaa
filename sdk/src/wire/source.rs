//! A request's bytes as what a function sees.

use super::Encoded;
use super::index::{Index, Object};
use super::value::{ObjectReader, ValueReader, find};
use crate::codec::{CodecError, OnEntry, OnItem, Reader, Slot, Token};
use crate::state::{self, ConnectionDetails, Place, Ready, Source};

impl Index {
    fn observed_object(&self, place: Place<'_>) -> Option<&Object> {
        match place {
            Place::Composite => self.observed.composite.as_ref(),
            Place::Composed(key) => self.observed.resources.get(key),
        }
    }

    pub(super) fn desired_object(&self, place: Place<'_>) -> Option<&Object> {
        match place {
            Place::Composite => self.desired.composite.as_ref(),
            Place::Composed(key) => self.desired.resources.get(key),
        }
    }

    fn reader<'a>(&'a self, object: &'a Object) -> Box<dyn Reader + 'a> {
        Box::new(ObjectReader::new(self.buffer.get(object.resource), &object.roots))
    }
}

impl Source for Index {
    fn observed(&self, place: Place<'_>) -> Option<Box<dyn Reader + '_>> {
        self.observed_object(place).map(|object| self.reader(object))
    }

    fn read_observed(&self, place: Place<'_>, read: &mut dyn FnMut(&mut dyn Reader)) -> bool {
        let Some(object) = self.observed_object(place) else { return false };
        read(&mut ObjectReader::new(self.buffer.get(object.resource), &object.roots));
        true
    }

    fn observed_keys(&self) -> Vec<&str> {
        self.observed.resources.iter().map(|(key, _)| key).collect()
    }

    fn connection(&self, place: Place<'_>) -> Option<&ConnectionDetails> {
        self.observed_object(place).map(|object| &object.connection).filter(|connection| !connection.is_empty())
    }

    fn desired(&self, place: Place<'_>) -> Option<Box<dyn Reader + '_>> {
        let object = self.desired_object(place)?;
        match place {
            Place::Composed(_) => Some(self.reader(object)),
            Place::Composite => match find(self.buffer.get(object.resource), "status") {
                Ok(None) => None,
                Ok(Some(status)) => Some(Box::new(StatusReader(ValueReader::of_value(status)))),
                // Whoever reads the object itself is told what is wrong with it.
                Err(_) => Some(self.reader(object)),
            },
        }
    }

    fn desired_keys(&self) -> Vec<&str> {
        self.desired.resources.iter().map(|(key, _)| key).collect()
    }

    fn desired_ready(&self, place: Place<'_>) -> Ready {
        self.desired_object(place).map(|object| object.ready).unwrap_or_default()
    }

    fn input(&self) -> Option<Box<dyn Reader + '_>> {
        let input = self.input?;
        Some(Box::new(ValueReader::of_struct(self.buffer.get(input))))
    }

    fn context(&self, key: &str) -> Option<Box<dyn Reader + '_>> {
        match find(self.buffer.get(self.context?), key) {
            Ok(value) => Some(Box::new(ValueReader::of_value(value?))),
            Err(_) => Some(Box::new(ValueReader::of_struct(self.buffer.get(self.context?)))),
        }
    }

    fn required(&self, name: &str) -> Option<Vec<Box<dyn Reader + '_>>> {
        let found = self.required.iter().find_map(|map| map.get(name))?;
        let reader = |object| Box::new(ValueReader::of_struct(self.buffer.get(object))) as Box<dyn Reader + '_>;
        Some(found.iter().copied().map(reader).collect())
    }

    fn schema(&self, name: &str) -> Option<Box<dyn Reader + '_>> {
        Some(match self.schemas.get(name)? {
            Some(schema) => Box::new(ValueReader::of_struct(self.buffer.get(*schema))),
            // A value that holds nothing is null.
            None => Box::new(ValueReader::of_value(&[][..])),
        })
    }

    fn credentials(&self, name: &str) -> Option<&ConnectionDetails> {
        self.credentials.get(name)
    }

    fn has_capability(&self, name: &str) -> bool {
        let number = match name {
            "CAPABILITIES" => 1,
            "REQUIRED_RESOURCES" => 2,
            "CREDENTIALS" => 3,
            "CONDITIONS" => 4,
            "REQUIRED_SCHEMAS" => 5,
            _ => return false,
        };
        self.capabilities.contains(&number)
    }

    fn encode(&self, api_version: &str, kind: &str, fields: &dyn Slot) -> Option<Result<state::Object, CodecError>> {
        Some(Encoded::new(api_version, kind, fields).map(state::Object::from))
    }
}

/// The desired composite resource: an object whose only entry is `status`.
struct StatusReader<'a>(ValueReader<'a>);

impl Reader for StatusReader<'_> {
    fn token(&mut self) -> Result<Token<'_>, CodecError> {
        Ok(Token::Object)
    }

    fn items(&mut self, _: OnItem<'_>) -> Result<(), CodecError> {
        Ok(())
    }

    fn entries(&mut self, each: OnEntry<'_>) -> Result<(), CodecError> {
        each("status", &mut self.0)
    }
}
