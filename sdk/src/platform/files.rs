//! Reading what the command line names.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;
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
            FileError::Io(error) => write!(f, "error: {error}; check the path and who may read it"),
            // It says itself that it is an error, and shows the place.
            FileError::Yaml(error) => error.fmt(f),
            FileError::Content { file, message } => write!(f, "error: {file}: {message}"),
        }
    }
}

/// The objects of files, and of the YAML and JSON files in folders (sorted by name, folders in them too), each with its
/// file.
pub(crate) fn objects(paths: &[PathBuf]) -> Result<Vec<(String, Value)>, FileError> {
    let mut objects = Vec::new();
    for path in paths {
        let files = files(path)?;
        if files.is_empty() {
            let message = "there is no YAML or JSON file in this folder; check the path".to_owned();
            return Err(FileError::Content { file: path.display().to_string(), message });
        }
        for file in files {
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
                // `kubectl get -o yaml` prints many objects as one list.
                match items(object) {
                    Ok(items) => objects.extend(items.into_iter().map(|item| (name.clone(), item))),
                    Err(object) => objects.push((name.clone(), object)),
                }
            }
        }
    }
    Ok(objects)
}

/// The items of a `kind: List`, or the object as it is.
fn items(mut object: Value) -> Result<Vec<Value>, Value> {
    let is_list = object.get("kind").and_then(Value::as_str) == Some("List");
    match object.get_mut("items").filter(|_| is_list).map(Value::take) {
        Some(Value::Array(items)) => Ok(items),
        _ => Err(object),
    }
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
    let limit = Limits::default().stream_bytes;
    let mut bytes = Vec::new();
    // One byte more than the limit tells that there is more, whatever the file system says of its length.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let opened = fs_err::File::open(path).map_err(FileError::Io)?;
    opened.take(most).read_to_end(&mut bytes).map_err(FileError::Io)?;
    if bytes.len() > limit {
        let message = format!("it has more than {limit} bytes, which is all that is read; split it");
        return Err(FileError::Content { file, message });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((file, text)),
        Err(_) => {
            let message = "it is not UTF-8 text; save it as UTF-8 YAML or JSON".to_owned();
            Err(FileError::Content { file, message })
        }
    }
}

fn files(path: &Path) -> Result<Vec<PathBuf>, FileError> {
    if !path.is_dir() {
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
