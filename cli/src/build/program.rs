//! The platform's program: building it, and asking it what it emits.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use clap::Args;
use planewright_definitions::emission::Emission;
use serde::Deserialize;

use super::expressions;
use crate::exit::Refused;

/// Which program is asked.
#[derive(Args)]
pub(crate) struct Platform {
    /// The platform's program; without it, cargo builds the one of this folder
    #[arg(long = "platform", value_name = "PATH", conflicts_with_all = ["package", "bin", "release"])]
    program: Option<PathBuf>,
    #[command(flatten)]
    cargo: Cargo,
}

impl Platform {
    /// What the platform emits. A program of it that was built already, `built`, is asked unless another is named.
    pub(crate) fn emission(&self, built: Option<PathBuf>) -> anyhow::Result<Emission> {
        let program = Program { path: self.program.clone().or(built), cargo: self.cargo.clone() };
        program.emission("correct the platform's description, its `Package`")
    }

    /// What cargo builds.
    pub(crate) fn cargo(&self) -> &Cargo {
        &self.cargo
    }
}

/// A program that emits: one that is there, or one that cargo builds.
pub(crate) struct Program {
    /// Where it is, if it is built already.
    pub(crate) path: Option<PathBuf>,
    /// What cargo builds if it is not.
    pub(crate) cargo: Cargo,
}

impl Program {
    /// What the program emits; `remedy` says what to do where it finds faults.
    pub(crate) fn emission(&self, remedy: &str) -> anyhow::Result<Emission> {
        let program = match &self.path {
            Some(program) => program.clone(),
            None => match self.cargo.build()? {
                Some(built) => built.program,
                None => {
                    return Err(Refused::new("cargo could not build the program", "correct what it says above").into());
                }
            },
        };
        let emission = ask(&program, remedy)?;
        expressions::check(&emission.files)?;
        Ok(emission)
    }
}

/// What cargo builds.
#[derive(Args, Clone, Debug)]
pub(crate) struct Cargo {
    /// The package that cargo builds
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
    /// The program that cargo builds, where the package has several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    /// Build with optimisation
    #[arg(long)]
    release: bool,
}

/// A program that cargo built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Built {
    /// Where it is.
    pub(crate) program: PathBuf,
    /// Whether it was there already, as nothing in it had changed.
    pub(crate) fresh: bool,
}

/// The cargo that runs this program, or else the one on the path.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

impl Cargo {
    /// The only program of a package, or of the current one.
    pub(crate) fn of(package: Option<String>) -> Cargo {
        Cargo { package, bin: None, release: false }
    }

    /// The same, with optimisation.
    pub(crate) fn released(&self) -> Cargo {
        Cargo { release: true, ..self.clone() }
    }

    /// Lets cargo build the program; nothing where it could not. What cargo has to say goes to people at once.
    pub(crate) fn build(&self) -> anyhow::Result<Option<Built>> {
        let output = self.command(false).output().with_context(no_cargo)?;
        Ok(if output.status.success() { Some(Built::only(&output.stdout)?) } else { None })
    }

    /// The command that builds the program. To people it says everything, or if it is `quiet`, what is wrong with the code alone;
    /// its standard output is for [`Built::only`].
    pub(crate) fn command(&self, quiet: bool) -> Command {
        let mut command = Command::new(cargo());
        command.args(["build", "--message-format=json-render-diagnostics"]);
        for (flag, value) in [("--package", &self.package), ("--bin", &self.bin)] {
            if let Some(value) = value {
                command.args([flag, value]);
            }
        }
        for (flag, wanted) in [("--release", self.release), ("--quiet", quiet)] {
            if wanted {
                command.arg(flag);
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }
}

/// What people are told where cargo cannot be run.
pub(crate) fn no_cargo() -> String {
    format!("cannot run {}; install Rust, or name a program with --platform", cargo().display())
}

impl Built {
    /// The only program among all that cargo says it built.
    pub(crate) fn only(messages: &[u8]) -> Result<Built, Refused> {
        let messages = String::from_utf8_lossy(messages);
        let programs: Vec<Built> = messages.lines().filter_map(Artifact::program).collect();
        match programs.as_slice() {
            [built] => Ok(built.clone()),
            [] => Err(Refused::new(
                "cargo built no program here",
                "run this in the folder of a platform, name its package with --package, or name a program with --platform",
            )),
            several => {
                let names =
                    several.iter().filter_map(|built| Some(built.program.file_stem()?.to_string_lossy().into_owned()));
                let reason = format!("cargo built several programs: {}", names.collect::<Vec<_>>().join(", "));
                Err(Refused::new(reason, "name the platform's with --bin"))
            }
        }
    }
}

/// What cargo says of something that it built.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
    target: Target,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

impl Artifact {
    /// The program that a message of cargo is about.
    fn program(message: &str) -> Option<Built> {
        let Artifact { executable, fresh, target } = serde_json::from_str(message).ok()?;
        let program = executable.filter(|_| target.kind.iter().any(|kind| kind == "bin"))?;
        Some(Built { program, fresh })
    }
}

/// Asks a program what it emits.
fn ask(program: &Path, remedy: &str) -> anyhow::Result<Emission> {
    let shown = program.display();
    // A name without a folder would be looked for elsewhere.
    let path = if program.components().count() == 1 { Path::new(".").join(program) } else { program.to_owned() };
    let output = match Command::new(path).args(["emit", "-o", "json"]).stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => {
            let remedy = "name the program of a platform with --platform, built for this machine";
            return Err(Refused::new(format!("cannot run {shown}: {error}"), remedy).into());
        }
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = format!("{shown} emits nothing ({})\n{}", output.status, said.trim_end());
        return Err(Refused::new(reason, remedy).into());
    }
    let emission: Emission = serde_json::from_slice(&output.stdout).map_err(|error| {
        let reason = format!("what {shown} emits is not understood: {error}");
        Refused::new(reason, "build it with the version of planewright that this program is of")
    })?;
    let outside = |path: &str| !Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if let Some(file) = emission.files.iter().find(|file| outside(&file.path)) {
        let reason = format!("{shown} would write to {:?}, which is outside the folder of output", file.path);
        return Err(Refused::new(reason, "name a program that planewright's `main!` made").into());
    }
    Ok(emission)
}
