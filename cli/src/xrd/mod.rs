//! `planewright xrd`: XRDs from Rust types, and what a control plane makes of an XRD.

mod convert;
mod emit;

use clap::Subcommand;

use crate::exit::Outcome;
use crate::terminal::Terminal;

/// Write XRDs from Rust types, and look into XRDs
#[derive(Subcommand)]
pub(crate) enum Xrd {
    Emit(emit::Emit),
    Convert(convert::Convert),
}

pub(crate) fn run(command: &Xrd, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    match command {
        Xrd::Emit(command) => emit::run(command, terminal),
        Xrd::Convert(command) => convert::run(command, terminal),
    }
}
