//! Holds the derivation and the refusals against recordings of a real control plane.
//!
//! `cargo run -p planewright-definitions --example oracle_xcrd -- ORACLE`, where ORACLE has a folder `xcrd` of XRDs
//! with the CRDs that were made of them (`xrd.yaml`, `crd-xr.yaml`, `crd-claim.yaml`), and `xcrd-rejected` of XRDs
//! that were refused (`xrd.yaml`, `error.txt`). Without an argument the folder `oracle` of `PLANEWRIGHT_SHARED` or of
//! `../shared` is taken; where that is missing, the stage says that it was skipped.
#![allow(clippy::print_stdout, reason = "a command line")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use planewright_definitions::xcrd;
use planewright_definitions::xrd::Xrd;
use serde_json::Value;

fn main() -> ExitCode {
    let oracle = std::env::args_os().nth(1).map_or_else(
        || PathBuf::from(std::env::var_os("PLANEWRIGHT_SHARED").unwrap_or_else(|| "../shared".into())).join("oracle"),
        PathBuf::from,
    );
    if !oracle.is_dir() {
        println!("skipped: no recordings at {}", oracle.display());
        return ExitCode::SUCCESS;
    }
    let mut tally = Tally::default();
    for folder in folders(&oracle.join("xcrd")) {
        tally.note(&folder, derived(&folder));
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    fn note(&mut self, folder: &Path, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(why) => {
                self.failed += 1;
                println!("FAILED {}\n{why}", folder.display());
            }
        }
    }
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(parent).into_iter().flatten().flatten().map(|e| e.path()).collect();
    found.sort();
    found
}

fn derived(folder: &Path) -> Result<(), String> {
    let raw = read(&folder.join("xrd.yaml"))?;
    let xrd: Xrd = serde_json::from_value(raw).map_err(|e| e.to_string())?;
    let composite = xcrd::composite(&xrd).map_err(|e| e.to_string())?;
    let claim = xcrd::claim(&xrd).map_err(|e| e.to_string())?;
    let mut differences = Vec::new();
    for (file, ours) in [("crd-xr.yaml", Some(composite)), ("crd-claim.yaml", claim)] {
        let path = folder.join(file);
        let theirs = if path.exists() { read(&path)? } else { Value::Null };
        let ours = serde_json::to_value(ours.map(xcrd::stored)).map_err(|e| e.to_string())?;
        differ(file, &theirs, &ours, &mut differences);
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

fn read(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&text, options).map_err(|e| format!("{}: {e}", path.display()))
}

/// Notes every difference of two documents as objects: order of keys does not matter, and 1.0 is 1.
fn differ(at: &str, theirs: &Value, ours: &Value, differences: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                differ(&format!("{at}.{key}"), value, b.get(key).unwrap_or(&Value::Null), differences);
            }
            for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                differ(&format!("{at}.{key}"), &Value::Null, value, differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                differ(&format!("{at}[{i}]"), a, b, differences);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        (a, b) => differences.push(format!("  {at}: the control plane has {a}, derived was {b}")),
    }
}
