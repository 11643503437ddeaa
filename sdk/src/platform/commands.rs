//! The command line.

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use super::Composition;
use super::graph::{self, GraphArgs};
use super::render::{self, RenderArgs};

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

/// What a run of the program writes, and how it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How it ends.
    pub exit: Exit,
    /// Data, for standard output.
    pub data: String,
    /// Everything else, for standard error.
    pub notes: String,
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
    Graph(GraphArgs),
}

/// Runs the command line of a platform and ends with its exit code. [`planewright::main!`](crate::main) calls it.
pub fn main(name: &'static str, version: &'static str, compositions: &[Composition]) -> ExitCode {
    let output = run(name, version, compositions, std::env::args_os());
    let _ = std::io::stderr().lock().write_all(output.notes.as_bytes());
    let mut out = std::io::stdout().lock();
    match out.write_all(output.data.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads may have closed the pipe, as `head` does: they have seen enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "error: standard output: {error}");
            Exit::Error.into()
        }
        _ => output.exit.into(),
    }
}

/// Runs the command line of a platform with the arguments given (the first is the program's name), and answers what it
/// would write. It reads the files that the arguments name and touches nothing else.
pub fn run(
    name: &'static str,
    version: &'static str,
    compositions: &[Composition],
    arguments: impl IntoIterator<Item = OsString>,
) -> Output {
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
    match command.try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(Cli { command: Command::Render(args) }) => render::run(&args, compositions),
        Ok(Cli { command: Command::Graph(args) }) => graph::run(&args, compositions),
        Err(error) if error.use_stderr() => {
            Output { exit: Exit::BadInput, data: String::new(), notes: error.render().to_string() }
        }
        // Help and the version are what was asked for.
        Err(help) => Output { exit: Exit::Done, data: help.render().to_string(), notes: String::new() },
    }
}
