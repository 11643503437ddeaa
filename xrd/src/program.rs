//! The program of a package of definitions.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use planewright_definitions::yaml;

use crate::Definitions;

/// The API of a Crossplane platform, as Rust types
#[derive(Debug, Parser)]
#[command(
    name = "xrds",
    after_help = "Exit codes: 0 printed; 1 standard output cannot be written; 2 the command line or a definition has faults."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Emit(Emit),
}

/// Print the XRDs. `planewright xrd emit` writes them into files.
#[derive(Debug, Args)]
struct Emit {
    /// How to print them.
    #[arg(short, long, value_enum, default_value_t = Form::Yaml)]
    output: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A stream of objects.
    Yaml,
    /// One document, with the path of every object.
    Json,
}

/// The `main` function of a package that declares definitions: prints them.
pub fn program(definitions: Definitions) -> ExitCode {
    const REFUSED: u8 = 2;
    let Emit { output } = match Cli::try_parse() {
        Ok(Cli { command: Command::Emit(emit) }) => emit,
        Err(usage) => {
            // That nobody reads on is no reason to fail.
            let _ = usage.print();
            return if usage.use_stderr() { REFUSED.into() } else { ExitCode::SUCCESS };
        }
    };
    let text = definitions.emit().map_err(|error| error.to_string()).and_then(|emission| match output {
        Form::Yaml => yaml::stream(emission.files.iter().map(|file| &file.object)).map_err(|error| error.to_string()),
        Form::Json => {
            serde_json::to_string_pretty(&emission).map(|text| text + "\n").map_err(|error| error.to_string())
        }
    });
    match text {
        Ok(text) => match io::stdout().lock().write_all(text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let _ = writeln!(io::stderr(), "error: standard output: {error}");
                ExitCode::FAILURE
            }
            _ => ExitCode::SUCCESS,
        },
        Err(faults) => {
            let _ = writeln!(io::stderr(), "{faults}");
            REFUSED.into()
        }
    }
}
