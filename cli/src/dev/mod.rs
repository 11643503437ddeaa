//! `planewright dev`: build and render after every change, and show what is different.

mod batch;
mod complaints;
mod difference;
mod inputs;
mod known;
mod process;
mod project;
mod render;
mod session;
mod signals;
mod watch;

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args, ValueEnum};

use crate::build::program::Cargo;
use crate::exit::Outcome;
use crate::folder::real;
use crate::terminal::Terminal;
use inputs::Inputs;
use project::{Project, Work};
use session::Session;
use signals::Signals;
use watch::{Next, Watch};

/// Build and render after every change, and show what is different
///
/// Builds the platform of this folder, renders composite resources with it, and shows what it composes. Then waits:
/// when a file of the project changes, it builds again, renders again, and shows how the renders differ from the last
/// good ones. What the compiler says stands as cargo prints it, and the last good renders stay until there are better
/// ones. A change while it builds or renders ends that, and begins it anew. Ctrl-C ends everything.
///
/// A composite resource is rendered as one of which nothing exists yet, and again with what is observed of it, where
/// the folder of observed resources has a file of its name, or a folder.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
Data goes to standard output, what cargo and the compositions have to say to standard error. Nothing is ever cleared
from a terminal, so that it can be piped; where standard error is no terminal, what is wrong is said once, and not again after every
change.

Watched are the workspace, and the crates outside of it that it names by path; not what cargo builds, nor hidden files, nor the
files to which standard output and standard error go.

Examples:
  planewright dev
  planewright dev examples/xr/archive.yaml --output summary
  planewright dev --once --output yaml > rendered.yaml")]
pub(crate) struct Dev {
    /// Files with a composite resource each, or folders of them [default: examples/xr]
    #[arg(value_name = "XR")]
    composites: Vec<PathBuf>,
    /// The folder with what is observed of them, in files or folders of the same names
    #[arg(long, value_name = "DIR", default_value = "examples/observed")]
    observed: PathBuf,
    /// What to show of renders that are different
    #[arg(short, long, value_enum, default_value_t = Form::Diff)]
    output: Form,
    /// Build and render once, and end: with exit code 2 if anything could not be built or rendered
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    cargo: Cargo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table at first, and then what is different, as a unified diff
    Diff,
    /// The table of what is composed
    Summary,
    /// The whole render
    Yaml,
}

pub(crate) fn run(command: &Dev, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let here = std::env::current_dir()?;
        let inputs = Inputs::below(&here, &command.composites, &command.observed);
        if command.once {
            return tokio::select! {
                biased;
                () = signals.end() => Err(anyhow!("a signal ended it before everything was rendered")),
                done = once(command, &inputs, terminal) => done,
            };
        }
        tokio::select! {
            biased;
            () = signals.end() => Ok(Outcome::Done),
            done = watched(command, &here, &inputs, terminal) => done,
        }
    })
}

/// One round, and no more.
async fn once(command: &Dev, inputs: &Inputs, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    Session::new(command, inputs, true).round(Work::Build, terminal).await?.into_result()?;
    Ok(Outcome::Done)
}

/// A round after every change. What goes wrong in one is said, and ends nothing: somebody is about to mend it.
async fn watched(command: &Dev, here: &Path, inputs: &Inputs, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let mut session = Session::new(command, inputs, terminal.is_terminal());
    // Before the first build, so that no change is missed.
    let mut watch = Watch::begin(Project::find(here).await?, inputs)?;
    let mut work = Work::Build;
    loop {
        // Where it cannot be found, building it says why.
        if work == Work::Find
            && let Ok(project) = Project::find(here).await
        {
            watch.project(project)?;
        }
        let ended = tokio::select! {
            biased;
            // Whoever works is given up, with all that it has started.
            next = watch.during_work() => Err(next?),
            ended = session.round(work, terminal) => Ok(ended),
        };
        match ended {
            Err(next) => {
                terminal.note(format_args!("{}: beginning anew", changed(&next, here)));
                work = work.max(next.work);
                continue;
            }
            Ok(ended) => {
                watch.program = session.program.clone();
                session.tell(ended, terminal)?;
            }
        }
        work = watch.after_work().await?.work;
    }
}

/// What has changed, as people say it.
fn changed(next: &Next, here: &Path) -> String {
    match &next.because {
        None => "many files changed".to_owned(),
        Some(path) => format!("{} changed", path.strip_prefix(real(here)).unwrap_or(path).display()),
    }
}
