//! Reading what the command line names.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use planewright_definitions::yaml::{self, Limits, YamlError};
use serde_json::Value;

use crate::state::ConnectionDetails;

/// Why an input could not be read.
#[derive(Debug)]
pub(crate) enum FileError {
    /// The file itself.
    Io(std::io::Error),
    /// Its YAML.
    Yaml(YamlError),
    /// What stands in it.
    Content {
        /// The file.
        file: String,
        /// What is wrong, and what to do.
        message: String,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileError::Io(error) => error.fmt(f),
            FileError::Yaml(error) => error.fmt(f),
            FileError::Content { file, message } => write!(f, "{file}: {message}"),
        }
    }
}

/// The objects of files, and of the YAML and JSON files in folders (sorted by name, folders in them too), each with its
/// file.
pub(crate) fn objects(paths: &[PathBuf]) -> Result<Vec<(String, Value)>, FileError> {
    let mut objects = Vec::new();
    for path in paths {
        for file in files(path)? {
            let (name, text) = read(&file)?;
            for document in yaml::documents(&text) {
                let object: Value = yaml::read(&document, &name).map_err(FileError::Yaml)?;
                if object.get("kind").and_then(Value::as_str).is_none() {
                    let message = format!(
                        "line {}: document {} is not a Kubernetes object: it has no kind; remove it, or give it apiVersion \
                         and kind",
                        document.line, document.number
                    );
                    return Err(FileError::Content { file: name, message });
                }
                objects.push((name.clone(), object));
            }
        }
    }
    Ok(objects)
}

/// The one object of a file.
pub(crate) fn object(path: &Path) -> Result<Value, FileError> {
    let (name, text) = read(path)?;
    yaml::from_str(&text, &name).map_err(FileError::Yaml)
}

/// Connection details by key, values in base64 as in a Secret.
pub(crate) fn connection(path: &Path) -> Result<BTreeMap<String, ConnectionDetails>, FileError> {
    let (file, text) = read(path)?;
    let details: BTreeMap<String, BTreeMap<String, String>> = yaml::from_str(&text, &file).map_err(FileError::Yaml)?;
    let mut connection = BTreeMap::new();
    for (key, values) in details {
        let mut details = ConnectionDetails::new();
        for (name, value) in values {
            // The value is a secret: the error names it and does not quote it.
            let Ok(bytes) = STANDARD.decode(value.trim()) else {
                let message = format!("{key}.{name}: the value is not base64; encode it, as in a Secret's data");
                return Err(FileError::Content { file, message });
            };
            details.insert(name, bytes);
        }
        connection.insert(key, details);
    }
    Ok(connection)
}

fn read(path: &Path) -> Result<(String, String), FileError> {
    let file = path.display().to_string();
    let length = fs_err::metadata(path).map_err(FileError::Io)?.len();
    let limit = Limits::default().stream_bytes;
    if usize::try_from(length).unwrap_or(usize::MAX) > limit {
        let message = format!("it has {length} bytes, and at most {limit} are read; split it");
        return Err(FileError::Content { file, message });
    }
    let bytes = fs_err::read(path).map_err(FileError::Io)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((file, text)),
        Err(_) => {
            let message = "it is not UTF-8 text; save it as UTF-8 YAML or JSON".to_owned();
            Err(FileError::Content { file, message })
        }
    }
}

fn files(path: &Path) -> Result<Vec<PathBuf>, FileError> {
    if !fs_err::metadata(path).map_err(FileError::Io)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = Vec::new();
    for entry in fs_err::read_dir(path).map_err(FileError::Io)? {
        entries.push(entry.map_err(FileError::Io)?.path());
    }
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        let known = entry.extension().is_some_and(|ext| ["yaml", "yml", "json"].iter().any(|known| ext == *known));
        if known || entry.is_dir() {
            found.extend(files(&entry)?);
        }
    }
    Ok(found)
}
