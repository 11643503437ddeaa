//! What is known from one build and render to the next, and what people are told of each.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::complaints::Complaints;
use super::inputs::{Found, Input, Inputs};
use super::project::Work;
use super::render::{self, Answer, Part};
use super::{Dev, Form, difference, process};
use crate::build::program::{Built, no_cargo};
use crate::exit::Refused;
use crate::terminal::{self, Terminal, counted, is_broken_pipe};

/// How a round went.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Round {
    /// Everything was rendered.
    Good,
    /// Cargo could not build.
    NotBuilt,
    /// What was named has nothing to render in it.
    Missing(Vec<PathBuf>),
    /// Some of the renders failed.
    Failed { failed: usize, of: usize },
}

impl Round {
    pub(super) fn into_result(self) -> Result<(), Refused> {
        match self {
            Round::Good => Ok(()),
            Round::NotBuilt => Err(Refused::new("cargo could not build the platform", "correct what it says above")),
            Round::Missing(named) => {
                let named: Vec<String> = named.iter().map(|path| path.display().to_string()).collect();
                let remedy = "write one as a user would, or name files: `planewright dev FILE`";
                Err(Refused::new(format!("no composite resource is in {}", named.join(", ")), remedy))
            }
            Round::Failed { failed, of } => Err(Refused::new(
                format!("{failed} of {} failed", counted(of, "render", "renders")),
                "correct what is said above",
            )),
        }
    }
}

/// What is known from one round to the next.
pub(super) struct Session<'a> {
    command: &'a Dev,
    inputs: &'a Inputs,
    /// The program of the last build that succeeded.
    pub(super) program: Option<PathBuf>,
    /// Whether a build was begun since and has not succeeded, so that the program is of other sources than those that are there.
    stale: bool,
    /// The last good render of each input.
    good: BTreeMap<Input, Vec<Part>>,
    /// What is wrong.
    complaints: Complaints,
    /// Whether the last round failed.
    failing: bool,
    /// Whether people know that changes are waited for.
    told: bool,
}

impl<'a> Session<'a> {
    /// `on_terminal` says whether people read on a terminal what is wrong, or only once.
    pub(super) fn new(command: &'a Dev, inputs: &'a Inputs, on_terminal: bool) -> Session<'a> {
        Session {
            command,
            inputs,
            program: None,
            stale: false,
            good: BTreeMap::new(),
            complaints: Complaints::new(on_terminal),
            failing: false,
            told: false,
        }
    }

    /// Builds if there is need to, renders everything, and shows what is different. May be given up at any time. While the sources do
    /// not compile every round builds: a render by the program from before would look as if they did.
    pub(super) async fn round(&mut self, work: Work, terminal: &mut Terminal) -> anyhow::Result<Round> {
        self.complaints.begin();
        let begun = Instant::now();
        let mut built = None;
        let program = match &self.program {
            Some(program) if work == Work::Render && !self.stale => program.clone(),
            known => {
                // Only people who have seen nothing yet want to know how far it is.
                let collected = self.told && !self.complaints.are_said_at_once();
                let mut command = self.command.cargo.command(known.is_some() || collected);
                if collected {
                    command.stderr(Stdio::piped());
                }
                self.stale = true;
                let output = process::output(command).await.with_context(no_cargo)?;
                self.complaints.add(&String::from_utf8_lossy(&output.stderr), terminal);
                if !output.status.success() {
                    return Ok(Round::NotBuilt);
                }
                let new = Built::only(&output.stdout)?;
                built = (!new.fresh).then(|| begun.elapsed());
                self.program = Some(new.program.clone());
                self.stale = false;
                new.program
            }
        };
        let begun = Instant::now();
        let Found { inputs, missing } = self.inputs.find()?;
        let (mut failed, mut different) = (0, 0);
        for input in &inputs {
            match self.render(&program, input, terminal).await? {
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
        if !inputs.is_empty() {
            self.sum_up(inputs.len(), different, built, begun.elapsed(), terminal);
        }
        let missing = if missing.is_empty() { Round::Good } else { Round::Missing(missing) };
        if failed == 0 {
            return Ok(missing);
        }
        if let Err(refused) = missing.into_result() {
            self.complaints.add(&refused.to_string(), terminal);
        }
        Ok(Round::Failed { failed, of: inputs.len() })
    }

    /// Tells what a round did, where it did anything.
    fn sum_up(
        &mut self,
        renders: usize,
        different: usize,
        built: Option<Duration>,
        rendered: Duration,
        terminal: &Terminal,
    ) {
        let took = told(renders, built, rendered);
        match (self.told || self.command.once, different) {
            (false, _) => {
                self.told = true;
                terminal.note(format_args!("{took}; waiting for changes, Ctrl-C ends"));
            }
            (true, _) if self.command.once => terminal.note(took),
            (true, 0) if built.is_none() && !self.failing => {}
            (true, 0) => terminal.note(format_args!("{took}: none is different")),
            (true, _) => terminal.note(format_args!("{took}: {different} different")),
        }
    }

    /// Tells people how a round ended. An error only where nobody is there to be told.
    pub(super) fn tell(&mut self, ended: anyhow::Result<Round>, terminal: &mut Terminal) -> anyhow::Result<()> {
        let error = match ended {
            Ok(round) => round.into_result().err().map(anyhow::Error::from),
            Err(error) if is_broken_pipe(&error) => return Err(error),
            // Whatever is wrong with the program, the next round begins with a build.
            Err(error) => {
                self.program = None;
                Some(error)
            }
        };
        self.failing = error.is_some();
        if let Some(error) = error {
            self.complaints.add(&terminal::told(&error), terminal);
            if !self.good.is_empty() {
                self.complaints.add("the last good renders stay", terminal);
            } else if !self.told {
                self.told = true;
                self.complaints.add("waiting for changes, Ctrl-C ends", terminal);
            }
        }
        self.complaints.end(terminal);
        Ok(terminal.finish()?)
    }

    /// Renders one input, and shows what is different.
    async fn render(&mut self, program: &Path, input: &Input, terminal: &mut Terminal) -> anyhow::Result<Rendered> {
        let (data, notes) = match render::ask(program, input, "json").await? {
            Answer::Rendered { data, notes } => (data, notes),
            Answer::Failed { notes } => {
                self.complaints.add(&format!("{}\n{notes}", input.name()), terminal);
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
            (Form::Diff | Form::Summary, _) => rendered(program, input, "summary").await? + &notes,
            (Form::Yaml, _) => rendered(program, input, "yaml").await?,
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
async fn rendered(program: &Path, input: &Input, form: &str) -> anyhow::Result<String> {
    match render::ask(program, input, form).await? {
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
