//! The command line.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

#[cfg(feature = "commands")]
use super::emit_command::{self, EmitArgs};
#[cfg(feature = "commands")]
use super::graph::{self, GraphArgs};
#[cfg(feature = "commands")]
use super::render::{self, RenderArgs};
#[cfg(feature = "serve")]
use super::serve;
use super::{Composition, Platform};
#[cfg(feature = "serve")]
use crate::serve::ServeArgs;

/// How a platform's program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done = 0,
    /// 1: a file could not be read or written, the pipeline could not be brought to an end, or the server could not run.
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
    after_help = "Exit codes: 0 done; 1 a file could not be read, the pipeline never settled, or the server could not run; \
                  2 wrong command line or input (not YAML, unknown kind, against its schema); 3 the composition ended with a \
                  fatal result.",
    args_conflicts_with_subcommands = true
)]
#[cfg_attr(not(feature = "serve"), command(arg_required_else_help = true))]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Without a command, the program serves: that is how Crossplane starts it.
    #[cfg(feature = "serve")]
    #[command(flatten, next_help_heading = "Options of serve, which runs when no command is named")]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "commands")]
    Render(RenderArgs),
    #[cfg(feature = "commands")]
    Graph(GraphArgs),
    /// Serve the platform's compositions to Crossplane: gRPC with mutual TLS. This runs when no command is named.
    #[cfg(feature = "serve")]
    #[command(after_help = SERVE_HELP)]
    Serve(ServeArgs),
    #[cfg(feature = "commands")]
    Emit(EmitArgs),
    /// Later: show the fields of a kind.
    #[cfg(feature = "commands")]
    Explain,
    /// Later: give the API server's verdict on files.
    #[cfg(feature = "commands")]
    Validate,
}

/// What to do until a command is there.
#[cfg(feature = "commands")]
const EXPLAIN_LATER: &str = "explain is not built yet here; until then, use `planewright explain KIND`";
#[cfg(feature = "commands")]
const VALIDATE_LATER: &str =
    "validate is not built yet; until then, use render, which refuses a composite resource that is against its schema";

#[cfg(feature = "serve")]
const SERVE_HELP: &str = "\
Examples:
  In a cluster, Crossplane starts the program without a command and sets TLS_SERVER_CERTS_DIR.
  On a laptop, for Crossplane's own `composition render` with the Development runtime:
      serve --insecure --address 127.0.0.1:9443

SIGTERM and SIGINT end it: no connection is accepted any more, and requests under way are answered. A second signal ends it
at once.

Exit codes: 0 ended by a signal; 1 it cannot listen, or requests were cut off; 2 wrong command line or certificates.";

/// Runs the command line of a platform and ends with its exit code. [`planewright::main!`](crate::main) calls it.
pub fn main(platform: Platform) -> ExitCode {
    let output = match parse(&platform.about(), std::env::args_os()) {
        #[cfg(feature = "serve")]
        Ok(Cli { command: Some(Command::Serve(args)), .. } | Cli { command: None, serve: args }) => {
            return serve::run(&args, platform);
        }
        #[cfg(feature = "commands")]
        Ok(cli) => execute(cli, &platform.compositions, Some(&platform)),
        #[cfg(not(any(feature = "serve", feature = "commands")))]
        Ok(_) => ended(Exit::BadInput, UNSERVED),
        Err(output) => output,
    };
    let _ = io::stderr().lock().write_all(output.notes.as_bytes());
    let mut out = io::stdout().lock();
    match out.write_all(output.data.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads may have closed the pipe, as `head` does: they have seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "error: standard output: {error}");
            Exit::Error.into()
        }
        _ => output.exit.into(),
    }
}

/// Runs a command of a platform with the arguments given (the first is the program's name), and answers what it would
/// write. It reads the files that the arguments name and touches nothing else; so it does not serve.
#[cfg(feature = "commands")]
pub fn run(
    name: &'static str,
    version: &'static str,
    compositions: &[Composition],
    arguments: impl IntoIterator<Item = OsString>,
) -> Output {
    let about = About { name, version, schemas: None, kinds: kinds(compositions) };
    parse(&about, arguments).map_or_else(|output| output, |cli| execute(cli, compositions, None))
}

/// What the command line says of the platform.
pub(super) struct About {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) schemas: Option<&'static str>,
    pub(super) kinds: String,
}

/// The compositions with their kinds, a line each.
pub(super) fn kinds(compositions: &[Composition]) -> String {
    let lines = compositions.iter().map(|composition| {
        let kind = composition.kind();
        format!("  {:<24} {} ({})", composition.name(), kind.kind, kind.api_version)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Understands a command line, or answers what there is to say about it.
fn parse(about: &About, arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, Output> {
    let command = Cli::command()
        .name(about.name)
        .bin_name(about.name)
        .version(about.version)
        .before_help(format!("Compositions:\n{}", about.kinds));
    command.try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        let text = error.render().to_string();
        match error.kind() {
            ErrorKind::DisplayVersion => {
                let schemas = about.schemas.map(|digest| format!(" (schemas {digest})")).unwrap_or_default();
                Output { exit: Exit::Done, data: format!("{}{schemas}\n", text.trim_end()), notes: String::new() }
            }
            // Help is what was asked for.
            _ if !error.use_stderr() => Output { exit: Exit::Done, data: text, notes: String::new() },
            _ => Output { exit: Exit::BadInput, data: String::new(), notes: text },
        }
    })
}

/// Runs everything but the server.
#[cfg(feature = "commands")]
fn execute(cli: Cli, compositions: &[Composition], platform: Option<&Platform>) -> Output {
    match cli.command {
        Some(Command::Render(args)) => render::run(&args, compositions),
        Some(Command::Graph(args)) => graph::run(&args, compositions),
        Some(Command::Emit(args)) => match platform {
            Some(platform) => emit_command::run(&args, platform),
            None => ended(Exit::BadInput, UNPACKAGED),
        },
        Some(Command::Explain) => ended(Exit::Error, EXPLAIN_LATER),
        Some(Command::Validate) => ended(Exit::Error, VALIDATE_LATER),
        #[cfg(feature = "serve")]
        Some(Command::Serve(_)) => ended(Exit::BadInput, UNSERVED),
        None => ended(Exit::BadInput, UNSERVED),
    }
}

/// What there is to say where nothing can be served.
#[cfg(any(feature = "commands", not(feature = "serve")))]
const UNSERVED: &str = "this program does not serve here; name one of its commands (see --help)";

/// What there is to say where compositions are run without a platform around them.
#[cfg(feature = "commands")]
const UNPACKAGED: &str = "these compositions have no package to emit; run the platform's own program";

#[cfg(any(feature = "commands", not(feature = "serve")))]
fn ended(exit: Exit, message: &str) -> Output {
    Output { exit, data: String::new(), notes: format!("error: {message}\n") }
}
