//! `emit`: everything that a cluster needs of the platform.

use clap::{Args, ValueEnum};
use planewright_definitions::yaml;

use super::Platform;
use super::commands::{Exit, Output};

/// Print everything that a cluster needs of this platform: definitions, Compositions, packages, runtime, access.
///
/// Nothing is read and nothing is written: the program has it all in it. `planewright build` writes it into files and packages.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  emit
  emit -o json

Exit codes: 0 printed; 2 the platform's description has faults, which standard error lists.")]
pub(crate) struct EmitArgs {
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Form::Yaml)]
    output: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A stream of objects.
    Yaml,
    /// One document, with the path of every object and the contents of the packages.
    Json,
}

/// Emits.
pub(crate) fn run(args: &EmitArgs, platform: &Platform) -> Output {
    let ended = |exit, data, notes| Output { exit, data, notes };
    let emission = match platform.emit() {
        Ok(emission) => emission,
        Err(error) => return ended(Exit::BadInput, String::new(), format!("{error}\n")),
    };
    let written = match args.output {
        Form::Yaml => yaml::stream(emission.files.iter().map(|file| &file.object)).map_err(|error| error.to_string()),
        Form::Json => {
            serde_json::to_string_pretty(&emission).map(|text| text + "\n").map_err(|error| error.to_string())
        }
    };
    match written {
        Ok(data) => ended(Exit::Done, data, String::new()),
        Err(error) => ended(Exit::Error, String::new(), format!("error: {error}\n")),
    }
}
