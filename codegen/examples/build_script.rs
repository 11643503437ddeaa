//! Does what a build script does, outside cargo: `build_script OUT PATH…` generates provider types into OUT, without
//! documentation and not laid out for people, and says how much that was. `benches/run.sh` measures it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use planewright_codegen::{Docs, configure};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let Some(out) = arguments.next() else {
        eprintln!("usage: build_script OUT PATH…");
        return ExitCode::FAILURE;
    };
    let schemas: Vec<PathBuf> = arguments.collect();
    let start = Instant::now();
    match configure().docs(Docs::None).out_dir(out).generate(&schemas, &[] as &[PathBuf]) {
        Ok(report) => {
            for warning in &report.warnings {
                eprintln!("{warning}");
            }
            let seconds = start.elapsed().as_secs_f64();
            println!(
                "{} kinds, {} files changed, {} warnings, {seconds:.2} s",
                report.kinds,
                report.changed,
                report.warnings.len()
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
