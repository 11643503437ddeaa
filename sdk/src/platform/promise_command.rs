//! `promise`: what Kratix runs for a request.

use std::path::PathBuf;

use clap::Args;
use planewright_definitions::emission::PROMISE_INPUT;
use planewright_definitions::yaml;

use super::Platform;
use super::commands::{Exit, Output};
use super::files::{self, FileError};

/// Turn the request of a Kratix Promise into the composite resource or claim that it asks for.
///
/// The Promises that `emit` makes run this in their pipeline, in the function's own image. The request is judged as the API server
/// would judge it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  promise
  promise --input request.yaml --output out

Exit codes: 0 written; 1 a file could not be read or written; 2 the request is not YAML, of an unknown kind, or against its
schema.")]
pub(crate) struct PromiseArgs {
    /// File with the request.
    #[arg(long, value_name = "FILE", default_value = PROMISE_INPUT)]
    input: PathBuf,
    /// Folder to write to; it must exist.
    #[arg(long, value_name = "DIR", default_value = "/kratix/output")]
    output: PathBuf,
}

/// Reads the request and writes what it asks for.
pub(crate) fn run(args: &PromiseArgs, platform: &Platform) -> Output {
    let ended = |exit, notes| Output { exit, data: String::new(), notes };
    let request = match files::object(&args.input) {
        Ok(request) => request,
        Err(error @ FileError::Io(_)) => return ended(Exit::Error, format!("{error}\n")),
        Err(error) => return ended(Exit::BadInput, format!("{error}\n")),
    };
    let object = match platform.fulfil(&request) {
        Ok(object) => object,
        Err(reason) => return ended(Exit::BadInput, format!("error: {}: {reason}\n", args.input.display())),
    };
    let path = args.output.join("composite-resource.yaml");
    let text = match yaml::to_string(&object) {
        Ok(text) => text,
        Err(error) => return ended(Exit::Error, format!("error: {}: {error}\n", path.display())),
    };
    match fs_err::write(&path, text) {
        Ok(()) => {
            ended(Exit::Done, format!("{}: {} written\n", path.display(), object["kind"].as_str().unwrap_or_default()))
        }
        Err(error) => {
            ended(Exit::Error, format!("error: {error}; check that the folder is there and can be written to\n"))
        }
    }
}
