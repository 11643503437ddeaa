//! `planewright dev`: build and render after every change, and show what is different.

mod difference;
mod inputs;
mod project;
mod render;
mod watch;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::build::program::Cargo;
use crate::exit::{Outcome, Refused};
use crate::terminal::{Terminal, counted};
use inputs::{Input, Inputs};
use project::{Project, Work};
use render::{Answer, Part};
use watch::{Happened, Watch};

/// Build and render after every change, and show what is different
///
/// Builds the platform of this folder, renders composite resources with it, and shows what it composes. Then waits:
/// when a file of the project changes, it builds again, renders again, and shows how the renders differ from the last
/// good ones. What the compiler says stands as cargo prints it, and the last good renders stay until there are better
/// ones. Ctrl-C ends it.
///
/// A composite resource is rendered as one of which nothing exists yet, and again with what is observed of it, where
/// the folder of observed resources has a file of its name, or a folder.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
Data goes to standard output, what cargo and the compositions have to say to standard error. Nothing is ever cleared
from a terminal, so that it can be piped.

Watched are the workspace, and the crates outside of it that it names by path; not what cargo builds, nor hidden files.

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
    let inputs = Inputs::below(&std::env::current_dir()?, &command.composites, &command.observed);
    let mut session = Session { command, inputs: &inputs, program: None, good: BTreeMap::new() };
    if command.once {
        session.round(Work::Build, terminal)?.into_result()?;
        return Ok(Outcome::Done);
    }
    let project = Project::find()?;
    let (to, from) = mpsc::channel::<Happened>();
    watch::signals(to.clone())?;
    // Before the first build, so that no change is missed.
    let mut watch = Watch::begin(&project, &inputs, to.clone())?;
    let mut work = Work::Build;
    loop {
        let ended = session.round(work, terminal);
        // Ctrl-C ends cargo too, which is no failure then.
        if watch::is_over(&from, &to) {
            return Ok(Outcome::Done);
        }
        if let Err(error) = ended?.into_result() {
            terminal.error(&error.into());
            if !session.good.is_empty() {
                terminal.note("the last good renders stay");
            }
        }
        terminal.finish()?;
        match watch.next(&project, &inputs, &from)? {
            Some(next) => work = next,
            None => return Ok(Outcome::Done),
        }
    }
}

/// How a round went.
#[derive(Debug, PartialEq, Eq)]
enum Round {
    /// Everything was rendered.
    Good,
    /// Cargo could not build.
    NotBuilt,
    /// There is nothing to render.
    NoInput(String),
    /// Some of the renders failed.
    Failed { failed: usize, of: usize },
}

impl Round {
    fn into_result(self) -> Result<(), Refused> {
        match self {
            Round::Good => Ok(()),
            Round::NotBuilt => Err(Refused::new("cargo could not build the platform", "correct what it says above")),
            Round::NoInput(named) => Err(Refused::new(
                format!("no composite resource is in {named}"),
                "write one as a user would, or name files: `planewright dev FILE`",
            )),
            Round::Failed { failed, of } => Err(Refused::new(
                format!("{failed} of {} failed", counted(of, "render", "renders")),
                "correct what is said above",
            )),
        }
    }
}

/// What is known from one round to the next.
struct Session<'a> {
    command: &'a Dev,
    inputs: &'a Inputs,
    /// The program of the last build that succeeded.
    program: Option<PathBuf>,
    /// The last good render of each input.
    good: BTreeMap<Input, Vec<Part>>,
}

impl Session<'_> {
    /// Builds if there is need to, renders everything, and shows what is different.
    fn round(&mut self, work: Work, terminal: &mut Terminal) -> anyhow::Result<Round> {
        let begun = Instant::now();
        let first = self.program.is_none();
        let mut built = None;
        let program = match &self.program {
            Some(program) if work == Work::Render => program.clone(),
            _ => match self.command.cargo.build(!first)? {
                None => return Ok(Round::NotBuilt),
                Some(new) => {
                    built = (!new.fresh).then(|| begun.elapsed());
                    self.program = Some(new.program.clone());
                    new.program
                }
            },
        };
        let begun = Instant::now();
        let inputs = self.inputs.find()?;
        if inputs.is_empty() {
            return Ok(Round::NoInput(self.inputs.named()));
        }
        let (mut failed, mut different) = (0, 0);
        for input in &inputs {
            match self.render(&program, input, terminal)? {
                Rendered::Same => {}
                Rendered::Different => different += 1,
                Rendered::Failed => failed += 1,
            }
        }
        for gone in self.leave(&inputs) {
            writeln!(terminal.out(), "{} is gone", gone.name())?;
            different += 1;
        }
        terminal.finish()?;
        let took = told(inputs.len(), built, begun.elapsed());
        match (first, self.command.once) {
            (true, true) => terminal.note(took),
            (true, false) => terminal.note(format_args!("{took}; waiting for changes, Ctrl-C ends")),
            (false, _) if built.is_none() && different == 0 => {}
            (false, _) if different == 0 => terminal.note(format_args!("{took}: none is different")),
            (false, _) => terminal.note(format_args!("{took}: {different} different")),
        }
        Ok(if failed == 0 { Round::Good } else { Round::Failed { failed, of: inputs.len() } })
    }

    /// Renders one input, and shows what is different.
    fn render(&mut self, program: &Path, input: &Input, terminal: &mut Terminal) -> anyhow::Result<Rendered> {
        let (data, notes) = match render::ask(program, input, "json")? {
            Answer::Rendered { data, notes } => (data, notes),
            Answer::Failed { notes } => {
                terminal.note(format_args!("{}\n{}", input.name(), notes.trim_end()));
                return Ok(Rendered::Failed);
            }
        };
        let parts = render::parts(&data, &notes)?;
        let old = self.good.get(input);
        if old == Some(&parts) {
            return Ok(Rendered::Same);
        }
        let shown = match (self.command.output, old) {
            (Form::Diff, Some(old)) => {
                let diff = difference::difference(old, &parts);
                if terminal.data_in_colours() { difference::coloured(&diff) } else { diff }
            }
            (Form::Diff | Form::Summary, _) => rendered(program, input, "summary")? + &notes,
            (Form::Yaml, _) => rendered(program, input, "yaml")?,
        };
        // A stream of YAML stays one.
        let (name, shown) = (input.name(), shown.trim_end());
        if self.command.output == Form::Yaml {
            writeln!(terminal.out(), "---\n# {name}\n{shown}")?;
            if !notes.is_empty() {
                terminal.note(notes.trim_end());
            }
        } else {
            writeln!(terminal.out(), "{name}\n{shown}\n")?;
        }
        self.good.insert(input.clone(), parts);
        Ok(Rendered::Different)
    }

    /// Forgets the inputs that are there no more.
    fn leave(&mut self, inputs: &[Input]) -> Vec<Input> {
        let gone: Vec<Input> = self.good.keys().filter(|input| !inputs.contains(input)).cloned().collect();
        gone.iter().for_each(|input| drop(self.good.remove(input)));
        gone
    }
}

/// How one render went.
enum Rendered {
    /// It is as it was.
    Same,
    /// It is different, and was shown.
    Different,
    /// There is none, and it was said why.
    Failed,
}

/// A render that has succeeded in another form, in this one.
fn rendered(program: &Path, input: &Input, form: &str) -> anyhow::Result<String> {
    match render::ask(program, input, form)? {
        Answer::Rendered { data, .. } => Ok(data),
        // The file may have changed in between: the next round will tell.
        Answer::Failed { notes } => Ok(notes),
    }
}

/// What a round did, in one line.
fn told(renders: usize, built: Option<Duration>, rendered: Duration) -> String {
    let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let built = built.map(|time| format!("built in {}, ", seconds(time))).unwrap_or_default();
    format!("{built}{} in {}", counted(renders, "render", "renders"), seconds(rendered))
}
