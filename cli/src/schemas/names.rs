//! `planewright schemas names`.

use std::path::{Path, PathBuf};

use clap::Args;
use planewright_codegen::lock::{NAMES_LOCK, NamesLock};

use super::Folder;
use crate::apis;
use crate::exit::Outcome;
use crate::stage::Stage;
use crate::terminal::{Terminal, counted};

/// Write names.lock anew, after XRDs were edited
///
/// Types that have a name keep it, new ones are named by rule, and names that no type has any more go. `schemas add` does
/// the same. A build does not need this: what is not in the lock it names by the same rule.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Names {
    #[command(flatten)]
    folder: Folder,
    /// The XRDs: a file, folder or glob [default: apis, if there is such a folder]
    #[arg(long, value_name = "PATH")]
    apis: Option<PathBuf>,
}

pub(crate) fn run(command: &Names, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let folder = &command.folder.path;
    let lock = super::lock(folder)?;
    let files = lock.sources.iter().flat_map(|source| &source.files).map(|file| folder.join(&file.path)).collect();
    let text = names(files, command.apis.as_deref(), super::locked_names(folder)?)?.to_string();
    let stage = Stage::new(folder)?;
    let staged = stage.file(NAMES_LOCK, &text)?;
    stage.publish(&[staged], &[])?;
    let lines = text.lines().filter(|line| !line.starts_with('#')).count();
    terminal.note(format_args!("{}: {}", folder.join(NAMES_LOCK).display(), counted(lines, "name", "names")));
    Ok(Outcome::Done)
}

/// The names of all types of the kinds in `files` and in the XRDs. Where a type has a name in `names`, it keeps it.
pub(super) fn names(files: Vec<PathBuf>, apis: Option<&Path>, mut names: NamesLock) -> anyhow::Result<NamesLock> {
    let apis = apis::folder(apis);
    planewright_codegen::configure().record_names(&files, &apis, &mut names)?;
    Ok(names)
}
