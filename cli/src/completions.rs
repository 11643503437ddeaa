//! `planewright completions`: what a shell needs to complete command lines.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Cli;
use crate::exit::Outcome;
use crate::terminal::Terminal;

/// Print a completion script for a shell
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  planewright completions bash > ~/.local/share/bash-completion/completions/planewright
  planewright completions zsh > ~/.zfunc/_planewright
  planewright completions fish > ~/.config/fish/completions/planewright.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(command: &Completions, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), "planewright", &mut script);
    terminal.out().write_all(&script)?;
    Ok(Outcome::Done)
}
