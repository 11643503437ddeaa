//! `planewright schemas verify`.

use clap::Args;

use super::Folder;
use crate::exit::Outcome;
use crate::terminal::{Terminal, counted};

/// Compare the pinned files with planewright.lock
///
/// Exit code 3, and a line for each file that is missing, changed or not pinned, with the digests. Builds do the same.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Verify {
    #[command(flatten)]
    folder: Folder,
}

pub(crate) fn run(command: &Verify, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let folder = &command.folder.path;
    let lock = super::lock(folder)?;
    let problems = lock.verify(folder);
    let files: usize = lock.sources.iter().map(|source| source.files.len()).sum();
    let pinned = counted(files, "file is pinned", "files are pinned");
    if problems.is_empty() {
        terminal.note(format_args!("{}: {pinned}, and none was changed", folder.display()));
        return Ok(Outcome::Done);
    }
    for problem in &problems {
        terminal.note(format_args!("{problem}\n"));
    }
    let differences = counted(problems.len(), "difference", "differences");
    terminal.note(format_args!("{}: {pinned}, {differences} found", folder.display()));
    Ok(Outcome::Differences)
}
