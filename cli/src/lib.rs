//! The planewright command line.
//!
//! One module a command. A command takes its arguments and a `Terminal`, and answers with an `Outcome` or an error;
//! nothing else in this crate knows exit codes or streams.

mod apis;
mod build;
mod census;
mod claims;
mod completions;
mod dev;
mod docs;
mod exit;
mod explain;
mod fmt;
mod folder;
mod generate;
mod new;
mod push;
mod schemas;
mod stage;
mod terminal;
mod xpkg;
mod xrd;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

use exit::Outcome;
use terminal::Terminal;

/// Typed Rust for Crossplane platforms: pin schemas, generate types, look into definitions, format literals
///
/// A platform pins the CRDs of its providers in `schemas/` and keeps its XRDs in `apis/`. Its build script generates
/// Rust types from both; this program does everything around that, up to what a cluster needs of the platform.
#[derive(Parser)]
#[command(verbatim_doc_comment)]
#[command(name = "planewright", version, styles = STYLES, after_long_help = AFTER)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const AFTER: &str = "\
Getting started:
  planewright new my-platform && cd my-platform && cargo test
  planewright schemas add provider-aws/package/crds --name provider-aws --version v2.3.0 \\
      --select 'ec2.aws.m.upbound.io/*'
  planewright explain VPC.spec.forProvider

Exit codes:
  0  done
  1  something went wrong that is not in the input, such as a folder that cannot be written
  2  the command line, an input file or a schema was refused; standard error says where and what to do
  3  differences were found by `--check` or `verify`

Data goes to standard output and can be piped; everything else goes to standard error.
NO_COLOR switches colours off; they are only used on a terminal.";

#[derive(Subcommand)]
enum Command {
    New(new::New),
    Dev(dev::Dev),
    #[command(subcommand)]
    Schemas(schemas::Schemas),
    Generate(generate::Generate),
    Build(build::Build),
    Push(push::Push),
    Census(census::Census),
    #[command(subcommand)]
    Xrd(xrd::Xrd),
    Explain(explain::Explain),
    #[command(subcommand)]
    Claims(claims::Claims),
    Fmt(fmt::Fmt),
    Completions(completions::Completions),
}

/// Runs one command line, of which the first argument is the name of the program.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => {
            // Prints help and version to standard output, everything else to standard error. That nobody reads on is
            // no reason to fail.
            let _ = usage.print();
            return if usage.use_stderr() { exit::REFUSED.into() } else { ExitCode::SUCCESS };
        }
    };
    let mut terminal = Terminal::default();
    let result = run(cli.command, &mut terminal).and_then(|outcome| {
        terminal.finish()?;
        Ok(outcome)
    });
    exit::code(result, &terminal)
}

fn run(command: Command, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    match command {
        Command::New(command) => new::run(&command, terminal),
        Command::Dev(command) => dev::run(&command, terminal),
        Command::Schemas(command) => schemas::run(&command, terminal),
        Command::Generate(command) => generate::run(&command, terminal),
        Command::Build(command) => build::run(&command, terminal),
        Command::Push(command) => push::run(&command, terminal),
        Command::Census(command) => census::run(&command, terminal),
        Command::Xrd(command) => xrd::run(&command, terminal),
        Command::Explain(command) => explain::run(&command, terminal),
        Command::Claims(command) => claims::run(&command, terminal),
        Command::Fmt(command) => fmt::run(&command, terminal),
        Command::Completions(command) => completions::run(&command, terminal),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
