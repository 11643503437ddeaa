//! The command line.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use super::Composition;
use super::render::{RenderArgs, run};

/// How a platform's program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done = 0,
    /// 1: a file could not be read or written, or the pipeline could not be brought to an end.
    Error = 1,
    /// 2: the command line or an input is wrong: not YAML, of an unknown kind, or against its schema.
    BadInput = 2,
    /// 3: the composition ended with a fatal result: nothing would be applied and nothing deleted.
    Fatal = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// What the program writes where: data to standard output, everything else to standard error.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) data: String,
    pub(crate) notes: String,
}

#[derive(Debug, Parser)]
#[command(
    about = "A Crossplane platform: its compositions as one program",
    after_help = "Exit codes: 0 done; 1 a file could not be read, or the pipeline never settled; 2 wrong command line or \
                  input (not YAML, unknown kind, against its schema); 3 the composition ended with a fatal result."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Render(RenderArgs),
}

/// Runs the command line of a platform. [`planewright::main!`](crate::main) calls it.
pub fn main(name: &'static str, version: &'static str, compositions: Vec<Composition>) -> ExitCode {
    let kinds: Vec<String> = compositions
        .iter()
        .map(|composition| {
            let kind = composition.kind();
            format!("  {:<24} {} ({})", composition.name(), kind.kind, kind.api_version)
        })
        .collect();
    let command = Cli::command()
        .name(name)
        .bin_name(name)
        .version(version)
        .before_help(format!("Compositions:\n{}", kinds.join("\n")));
    let parsed = command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        // It knows itself whether it is help, for standard output, or an error.
        Err(error) => {
            let exit = if error.use_stderr() { Exit::BadInput } else { Exit::Done };
            let _ = error.print();
            return exit.into();
        }
    };
    let mut output = Output::default();
    let exit = match cli.command {
        Command::Render(args) => run(&args, &compositions, &mut output),
    };
    // Whoever reads may have closed the pipe, as `head` does: then there is nobody left to tell.
    let _ = std::io::stderr().lock().write_all(output.notes.as_bytes());
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(output.data.as_bytes()).and_then(|()| out.flush());
    exit.into()
}
