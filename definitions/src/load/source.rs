//! Where definitions come from.

use std::borrow::Cow;
use std::path::PathBuf;

use super::Problem;
use crate::yaml::{self, Limits};

/// A place that holds definitions: paths here ([`super::Paths`]); clusters and registries are sources of the command
/// line.
pub trait Source {
    /// The streams of the place, in an order that is the same on every run.
    ///
    /// # Errors
    /// What cannot be listed, all of it.
    fn streams(&self) -> Result<Vec<Stream>, Vec<Problem>>;
}

/// A stream of YAML documents, read when it is needed.
#[derive(Clone, Debug)]
pub struct Stream {
    name: String,
    given: String,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    File(PathBuf),
    Text(String),
}

impl Stream {
    /// A file. Errors call it by its path; `given` is the path by which the user named it or a folder or glob of it.
    pub fn file(path: PathBuf, given: impl Into<String>) -> Stream {
        Stream { name: path.display().to_string(), given: given.into(), content: Content::File(path) }
    }

    /// A text that is at hand. Errors call it by the name.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Stream {
        let name = name.into();
        Stream { given: name.clone(), name, content: Content::Text(text.into()) }
    }

    /// What errors call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the user named.
    pub(crate) fn given(&self) -> &str {
        &self.given
    }

    /// The whole text, checked against the limit of bytes before it is in memory.
    pub(crate) fn read(&self, limits: &Limits) -> Result<Cow<'_, str>, Problem> {
        let too_large = |bytes| Problem::from(yaml::too_large(&self.name, bytes, limits));
        match &self.content {
            Content::Text(text) if text.len() > limits.stream_bytes => Err(too_large(text.len())),
            Content::Text(text) => match yaml::documents(text).next() {
                Some(_) => Ok(Cow::Borrowed(text)),
                None => Err(Problem::from(yaml::no_document(&self.name))),
            },
            Content::File(path) => {
                let unreadable = |error: std::io::Error| {
                    let reason = format!("cannot be read: {}", error.kind());
                    Problem::of_file(&self.name, reason, "check that it is a file and that you may read it")
                };
                let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
                if usize::try_from(bytes).is_ok_and(|bytes| bytes > limits.stream_bytes) {
                    return Err(too_large(usize::try_from(bytes).unwrap_or(usize::MAX)));
                }
                let bytes = std::fs::read(path).map_err(unreadable)?;
                Ok(Cow::Owned(yaml::decode(bytes, &self.name, limits)?))
            }
        }
    }
}
