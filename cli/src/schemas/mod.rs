//! `planewright schemas`: the pinned schemas of a platform.

mod add;
mod list;
mod names;
mod verify;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use fs_err as fs;
use planewright_codegen::lock::{NAMES_LOCK, NamesLock, SCHEMAS_LOCK, SchemasLock};
use planewright_definitions::load::Problem;

use crate::docs::Docs;
use crate::exit::{Outcome, Refused};
use crate::terminal::Terminal;

/// The schemas that a platform pins: the CRDs of its providers, one file a kind, each with its digest
#[derive(Subcommand)]
#[command(after_long_help = "\
The folder of schemas is committed, with two locks that only these commands write:
  planewright.lock  every source with its version, and every file with its digest; a file that differs fails the build
  names.lock        the names of generated types, so that a new version of a provider renames none

Examples:
  planewright schemas add provider-aws/package/crds --name provider-aws --version v2.3.0 \\
      --select 'ec2.aws.m.upbound.io/*' --docs none
  planewright schemas verify
  planewright schemas list -o json
  planewright schemas names")]
pub(crate) enum Schemas {
    Add(add::Add),
    Verify(verify::Verify),
    List(list::List),
    Names(names::Names),
}

/// Where the schemas are.
#[derive(Args)]
struct Folder {
    /// The folder of pinned schemas
    #[arg(long = "dir", value_name = "DIR", default_value = "schemas")]
    path: PathBuf,
}

pub(crate) fn run(command: &Schemas, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    match command {
        Schemas::Add(command) => add::run(command, terminal),
        Schemas::Verify(command) => verify::run(command, terminal),
        Schemas::List(command) => list::run(command, terminal),
        Schemas::Names(command) => names::run(command, terminal),
    }
}

/// Where schemas come from.
pub(crate) struct Source<'a> {
    /// What it is called.
    pub(crate) name: &'a str,
    /// Its version.
    pub(crate) version: &'a str,
    /// How much of the descriptions is kept.
    pub(crate) docs: Docs,
}

/// Pins all kinds of the folder `from` in the folder `to`, and names their types and those of the XRDs in `apis`.
pub(crate) fn pin(from: &Path, source: &Source<'_>, to: &Path, apis: &Path, terminal: &Terminal) -> anyhow::Result<()> {
    add::pin(&add::Add::all(from, source, to, apis), terminal).map(drop)
}

/// The lock of a folder that must have one.
fn lock(folder: &Path) -> anyhow::Result<SchemasLock> {
    let Some(lock) = SchemasLock::read(folder)? else {
        let reason = format!("there is no {SCHEMAS_LOCK} in {}", folder.display());
        return Err(Refused::new(
            reason,
            "pin schemas with `planewright schemas add`, or name their folder with --dir",
        )
        .into());
    };
    Ok(lock)
}

/// The names that the types of a folder's kinds have so far.
pub(crate) fn locked_names(folder: &Path) -> anyhow::Result<NamesLock> {
    let path = folder.join(NAMES_LOCK);
    if !path.exists() {
        return Ok(NamesLock::default());
    }
    NamesLock::parse(&fs::read_to_string(&path)?).map_err(|bad| {
        let file = path.display().to_string();
        let reason = format!("line {} is not `GROUP/VERSION/KIND PATH NAME`", bad.line);
        Problem::of_file(&file, reason, "restore the file from version control, or remove it to name all types anew")
            .into()
    })
}
