//! Loads definitions and says how many, how long it took and how much memory: `load PATH…`.
//!
//! A CI stage runs it over a whole provider, as files and as one stream.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

use std::process::ExitCode;
use std::time::Instant;

use planewright_definitions::load::{Definition, Loader};

fn main() -> ExitCode {
    let start = Instant::now();
    let loaded = Loader::new().paths(std::env::args_os().skip(1)).load(|loaded| {
        for warning in &loaded.warnings {
            eprintln!("{warning}");
        }
        match &loaded.definition {
            Definition::Crd(crd) => (crd.spec.versions.len(), loaded.warnings.len()),
            Definition::Xrd(_) | Definition::Mrd(_) => (0, loaded.warnings.len()),
        }
    });
    let outcome = match loaded {
        Ok(outcome) => outcome,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let (versions, warnings) = outcome.results.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!(
        "{} definitions ({versions} versions of CRDs, {warnings} warnings), {} other documents, {:.2} s{}",
        outcome.results.len(),
        outcome.foreign,
        start.elapsed().as_secs_f64(),
        peak_memory().map(|mib| format!(", {mib} MiB at most")).unwrap_or_default(),
    );
    ExitCode::SUCCESS
}

/// The most memory that this process ever had resident, in MiB, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}
