//! Rust types for JSON Schema files (feature `typify`): the values of Helm charts, the inputs of other functions.
//!
//! JSON Schema is not what CRDs are written in: it has unions, references and conditions, which the generator of structural
//! schemas refuses, and typify reads.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;
use typify::{TypeSpace, TypeSpaceSettings};

use crate::cargo;
use crate::emit::BANNER;
use crate::ident;

/// Why a JSON Schema has no Rust types.
#[derive(Debug)]
pub struct JsonSchemaError {
    /// The file, if it was read from one.
    file: Option<PathBuf>,
    reason: String,
}

impl fmt::Display for JsonSchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        write!(f, "{}", self.reason)
    }
}

impl std::error::Error for JsonSchemaError {}

/// In a build script: writes Rust types for a JSON Schema file into `OUT_DIR`, and tells cargo to watch it. The file of
/// types is named after `name`, the type of the whole, in snake case.
///
/// ```no_run
/// // build.rs
/// fn main() -> std::process::ExitCode {
///     planewright_codegen::json_schema("charts/redis/values.schema.json", "RedisValues")
/// }
/// ```
///
/// The crate then includes them, and depends on `serde` and `serde_json`:
///
/// ```ignore
/// pub mod redis {
///     include!(concat!(env!("OUT_DIR"), "/redis_values.rs"));
/// }
/// ```
///
/// See [`json_schema_source`] for what the types are like.
pub fn json_schema(file: impl AsRef<Path>, name: &str) -> ExitCode {
    let file = file.as_ref();
    cargo::watch(file);
    match write(file, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cargo::fail(&error);
            ExitCode::FAILURE
        }
    }
}

fn write(file: &Path, name: &str) -> Result<(), JsonSchemaError> {
    let at = |reason: String| JsonSchemaError { file: Some(file.to_owned()), reason };
    // The errors of fs-err name the file themselves.
    let unreadable = |error: std::io::Error| JsonSchemaError { file: None, reason: error.to_string() };
    let text = fs_err::read_to_string(file).map_err(unreadable)?;
    let source = json_schema_source(&text, name).map_err(|error| at(error.reason))?;
    let out =
        std::env::var_os("OUT_DIR").ok_or_else(|| at("OUT_DIR is not set; call this from build.rs".to_owned()))?;
    let path = Path::new(&out).join(format!("{}.rs", ident::snake(name)));
    if fs_err::read_to_string(&path).is_ok_and(|before| before == source) {
        return Ok(());
    }
    fs_err::write(&path, source).map_err(unreadable)
}

/// The source of Rust types for a JSON Schema; `name` is the type of the whole. The same schema gives the same text.
///
/// Fields that the schema requires are plain. All others are `Option`s that are written only if they are set, or lists and
/// maps that are written only if something is in them. Defaults are for whoever reads the values (a chart fills them in
/// itself), so none is written that nobody set. Patterns are checked by whoever reads the values, too.
///
/// # Errors
/// When the text is not a JSON Schema, or one that has no types, such as a `not` beside nothing else.
pub fn json_schema_source(schema: &str, name: &str) -> Result<String, JsonSchemaError> {
    let refuse = |reason: String| JsonSchemaError { file: None, reason };
    let mut schema: Value = serde_json::from_str(schema)
        .map_err(|error| refuse(format!("it is not JSON: {error}; correct it, or save it as JSON")))?;
    let Value::Object(root) = &mut schema else {
        return Err(refuse("a JSON Schema of values is an object; correct it".to_owned()));
    };
    root.insert("title".to_owned(), name.into());
    leave_to_the_reader(&mut schema);
    let root = serde_json::from_value(schema)
        .map_err(|error| refuse(format!("it is not a JSON Schema of draft 7: {error}; correct it")))?;
    // Values are written out: in one order, every time.
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::std::collections::BTreeMap");
    let no_types =
        |why: &str| refuse(format!("it has no Rust types: {why}; take the values as free JSON, or correct the schema"));
    // typify panics at schemas that it does not know what to make of.
    let types = catch_unwind(AssertUnwindSafe(|| {
        let mut types = TypeSpace::new(&settings);
        types.add_root_schema(root).map(|_| types.to_stream())
    }));
    let types = match types {
        Ok(Ok(types)) => types,
        Ok(Err(error)) => return Err(no_types(&error.to_string())),
        Err(_) => return Err(no_types("typify cannot read it")),
    };
    let source = syn::parse2(types)
        .map_err(|error| refuse(format!("its types are not Rust: {error}; report this with the schema")))?;
    Ok(format!("{BANNER}{}", prettyplease::unparse(&source)))
}

/// Takes out what is for whoever reads the values: defaults and patterns. A property may be called like either.
fn leave_to_the_reader(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.shift_remove("default");
            if map.get("pattern").is_some_and(Value::is_string) {
                map.shift_remove("pattern");
            }
            for (word, value) in map {
                match (word.as_str(), value) {
                    (
                        "properties" | "patternProperties" | "definitions" | "$defs" | "dependencies",
                        Value::Object(named),
                    ) => {
                        named.values_mut().for_each(leave_to_the_reader);
                    }
                    ("enum" | "const" | "examples", _) => {}
                    (_, value) => leave_to_the_reader(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(leave_to_the_reader),
        _ => {}
    }
}
