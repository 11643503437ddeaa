//! Holds the derivation and the refusals against recordings of a real control plane.
//!
//! `cargo run -p planewright-definitions --example oracle_xcrd -- ORACLE`, where ORACLE has a folder `xcrd` of XRDs
//! with the CRDs that were made of them (`xrd.yaml`, `crd-xr.yaml`, `crd-claim.yaml`), and `xcrd-rejected` of XRDs
//! that were refused (`xrd.yaml`, `error.txt`). Without an argument the folder `oracle` of `PLANEWRIGHT_SHARED` or of
//! `../shared` is taken; where that is missing, the stage says that it was skipped.
#![allow(clippy::print_stdout, reason = "a command line")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use planewright_definitions::admission::{self, admit};
use planewright_definitions::crd::Crd;
use planewright_definitions::refusal::Stage;
use serde_json::Value;

use common::{differ, read};

/// Cases that only a CEL engine can refuse: they are admitted until there is one.
const NEEDS_CEL: [(&str, &str); 7] = [
    ("cel-cost", "the estimated cost of a rule"),
    ("cel-message-expression-cost", "the estimated cost of a messageExpression"),
    ("cel-not-bool", "the type of an expression"),
    ("cel-root-spec-unbounded", "the estimated cost of a rule"),
    ("cel-syntax", "the syntax of an expression"),
    ("cel-type-mismatch", "the types within an expression"),
    ("default-violates-cel", "a default that a rule refuses"),
];

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
    let mut established = Vec::new();
    for folder in folders(&oracle.join("xcrd")) {
        tally.note(&folder, derived(&folder, &mut established));
    }
    for folder in folders(&oracle.join("xcrd-rejected")) {
        tally.note(&folder, rejected(&folder, &established));
    }
    for (name, what) in NEEDS_CEL {
        println!("not judged without a CEL engine: {name} ({what})");
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

/// An XRD that core establishes: it is admitted, and its CRDs are the recorded ones.
fn derived(folder: &Path, established: &mut Vec<Crd>) -> Result<(), String> {
    let admitted = admit(&read(&folder.join("xrd.yaml"))?).map_err(|refusals| refusals.to_string())?;
    established.push(admitted.composite.clone());
    established.extend(admitted.claim.clone());
    let mut differences = Vec::new();
    for (file, ours) in [("crd-xr.yaml", Some(admitted.composite)), ("crd-claim.yaml", admitted.claim)] {
        let path = folder.join(file);
        let theirs = if path.exists() { read(&path)? } else { Value::Null };
        let ours = serde_json::to_value(ours).map_err(|e| e.to_string())?;
        differ(file, &theirs, &ours, &mut differences);
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

/// An XRD that is refused: at the recorded stage, and with every recorded cause at its place.
fn rejected(folder: &Path, established: &[Crd]) -> Result<(), String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let error = std::fs::read_to_string(folder.join("error.txt")).map_err(|e| e.to_string())?;
    let raw = read(&folder.join("xrd.yaml"))?;
    let needs_cel = NEEDS_CEL.iter().any(|(case, _)| *case == name);
    let found = match admit(&raw) {
        Err(refusals) => refusals,
        // Beside what is in the cluster already.
        Ok(admitted) => admission::conflicts(&[established, &[admitted.composite]].concat()),
    };
    match (needs_cel, found.0.is_empty()) {
        (true, true) => return Ok(()),
        (true, false) => return Err(format!("  is refused without CEL; take it off the list:\n{found}")),
        (false, true) => return Err(format!("  is not refused:\n{error}")),
        (false, false) => {}
    }
    let stage = match error.lines().next() {
        Some("stage: apply") => Stage::Apply,
        Some("stage: core") => Stage::Core,
        _ => Stage::NeverEstablished,
    };
    let mut wrong = Vec::new();
    if found.0.iter().map(|refusal| refusal.stage).min() != Some(stage) {
        wrong.push(format!("  the control plane refuses it at another stage, {stage:?}"));
    }
    for line in error.lines() {
        if let Some((path, reason)) = cause(line)
            && !found.0.iter().any(|refusal| refusal.path == path && same(&refusal.reason, reason))
        {
            wrong.push(format!("  the control plane says {path}: {reason}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n  refused here: {found}", wrong.join("\n"))) }
}

/// The path, in terms of the XRD, and the message of a recorded cause.
fn cause(line: &str) -> Option<(String, &str)> {
    let line = match line.strip_prefix("cause: ") {
        Some(line) => line,
        None => line.strip_prefix("cause ")?.split_once(": ")?.1,
    };
    let (path, rest) = line.split_once(" | ")?;
    let (_, reason) = rest.split_once(" | ")?;
    // Said of the object as a whole, or once more of what the API server keeps twice.
    if matches!(path, "<nil>" | "spec.version" | "status.storedVersions") {
        return None;
    }
    // The API server keeps what all versions share in one place, and core copies metadata from the XRD's spec.
    let mut path = path
        .replace("spec.validation.", "spec.versions[0].schema.")
        .replace("spec.additionalPrinterColumns", "spec.versions[0].additionalPrinterColumns")
        .replace(".JSONPath", ".jsonPath");
    if path.starts_with("metadata.labels") || path.starts_with("metadata.annotations") {
        path = format!("spec.{path}");
    }
    Some((path, reason))
}

/// Equal reasons; where the API server prints a whole list of versions, what it says of it.
fn same(ours: &str, theirs: &str) -> bool {
    ours == theirs || (theirs.contains(": [{") || theirs.contains(": []")) && tail(ours) == tail(theirs)
}

fn tail(reason: &str) -> &str {
    reason.rsplit(": ").next().unwrap_or(reason)
}
