//! Writes the schema of each CRD's storage version as JSON Schema, for generators that read nothing else:
//! `json_schemas OUT PATH…`. `benches/run.sh` hands the files to such a peer.

#![allow(clippy::print_stderr, reason = "a command line")]

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use planewright_definitions::load::{Definition, Loader};
use serde_json::Value;

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("usage: json_schemas OUT PATH…")?;
    let loaded = Loader::new().paths(arguments).load(|loaded| {
        let Definition::Crd(crd) = loaded.definition else { return None };
        let mut schema = serde_json::to_value(crd.storage_version()?.schema()?).ok()?;
        schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
        schema["title"] = Value::from(crd.spec.names.kind.as_str());
        Some((format!("{}_{}.json", crd.spec.group, crd.spec.names.plural), schema))
    })?;
    fs::create_dir_all(&out)?;
    for (name, schema) in loaded.results.into_iter().flatten() {
        fs::write(out.join(name), schema.to_string())?;
    }
    Ok(())
}
