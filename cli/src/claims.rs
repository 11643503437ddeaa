//! `planewright claims`: the crate with which services write claims.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use planewright_codegen::File;

use crate::docs::Docs;
use crate::exit::Outcome;
use crate::generate::write;
use crate::schemas::locked_names;
use crate::terminal::Terminal;
use crate::{apis, exit};

/// The claim-builder crate that downstream services depend on
#[derive(Subcommand)]
pub(crate) enum Claims {
    Generate(Generate),
}

/// Generate typed claims: constructors that take what is required, setters for the rest, YAML out
///
/// An XRD that offers a claim gives the type of the claim, any other one the type of the composite resource.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
Examples:
  planewright claims generate
  planewright claims generate --apis apis --out generated/src --check")]
pub(crate) struct Generate {
    /// The XRDs: a file, folder or glob
    #[arg(long, value_name = "PATH", default_value = apis::DEFAULT)]
    apis: PathBuf,
    /// The folder of pinned schemas, whose names.lock is obeyed if there is one
    #[arg(long, value_name = "DIR", default_value = "schemas")]
    schemas: PathBuf,
    /// The folder to write to: the `src` of the crate
    #[arg(long, value_name = "DIR", default_value = "generated/src")]
    out: PathBuf,
    /// How much of the descriptions becomes documentation
    #[arg(long, value_enum, default_value_t = Docs::Full)]
    docs: Docs,
    /// Write nothing; list what differs, with exit code 3 if anything does
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(command: &Claims, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let Claims::Generate(Generate { apis, schemas, out, docs, check }) = command;
    let files = files(apis, schemas, *docs)?;
    if files.len() == 1 {
        let remedy = "name the folder that holds the CompositeResourceDefinitions with --apis";
        return Err(exit::Refused::new(format!("no XRD is in {}", apis.display()), remedy).into());
    }
    write(out, &files, *check, terminal)
}

/// The sources of the crate.
pub(crate) fn files(apis: &Path, schemas: &Path, docs: Docs) -> anyhow::Result<Vec<File>> {
    let names = locked_names(schemas)?;
    Ok(planewright_codegen::configure().docs(docs.into()).pretty(true).names(names).claims(&[apis])?)
}
