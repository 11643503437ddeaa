//! `planewright schemas verify`.

use clap::Args;

use super::Folder;
use crate::exit::Outcome;
use crate::terminal::Terminal;

/// Compare the pinned files with planewright.lock
///
/// Exit code 3, and a line for each file that is missing, changed or not pinned, with the digests. Builds do the same.
#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    folder: Folder,
}

pub(crate) fn run(command: &Verify, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let folder = &command.folder.path;
    let lock = super::lock(folder)?;
    let problems = lock.verify(folder);
    let files: usize = lock.sources.iter().map(|source| source.files.len()).sum();
    if problems.is_empty() {
        terminal.note(format_args!("{}: {files} files are as they were pinned", folder.display()));
        return Ok(Outcome::Done);
    }
    for problem in &problems {
        terminal.note(format_args!("error: {problem}"));
    }
    terminal.note(format_args!(
        "{}: {} of {files} pinned files differ or are too many",
        folder.display(),
        problems.len()
    ));
    Ok(Outcome::Differences)
}
