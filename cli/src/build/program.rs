//! The platform's program: building it, and asking it what it emits.

use std::io::{BufRead as _, BufReader};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use clap::Args;
use planewright_definitions::emission::Emission;
use serde::Deserialize;

use crate::exit::Refused;

/// Which program is asked.
#[derive(Args)]
pub(crate) struct Platform {
    /// The platform's program; without it, cargo builds the one of this folder
    #[arg(long = "platform", value_name = "PATH")]
    program: Option<PathBuf>,
    /// The package that cargo builds
    #[arg(short, long, value_name = "NAME", conflicts_with = "program")]
    package: Option<String>,
    /// The program that cargo builds, where the package has several
    #[arg(long, value_name = "NAME", conflicts_with = "program")]
    bin: Option<String>,
    /// Build with optimisation
    #[arg(long, conflicts_with = "program")]
    release: bool,
}

impl Platform {
    /// What the platform emits.
    pub(crate) fn emission(&self) -> anyhow::Result<Emission> {
        let Platform { program, package, bin, release } = self;
        let program = Program { path: program.clone(), package: package.clone(), bin: bin.clone(), release: *release };
        program.emission("correct the platform's description, its `Package`")
    }
}

/// A program that emits: one that is there, or one that cargo builds.
pub(crate) struct Program {
    /// Where it is, if it is built already.
    pub(crate) path: Option<PathBuf>,
    /// The package that cargo builds.
    pub(crate) package: Option<String>,
    /// The program that cargo builds, where the package has several.
    pub(crate) bin: Option<String>,
    /// Whether it is built with optimisation.
    pub(crate) release: bool,
}

impl Program {
    /// What the program emits; `remedy` says what to do where it finds faults.
    pub(crate) fn emission(&self, remedy: &str) -> anyhow::Result<Emission> {
        let program = match &self.path {
            Some(program) => program.clone(),
            None => self.built()?,
        };
        ask(&program, remedy)
    }

    /// Lets cargo build the program, and says where it is. What cargo has to say goes to people at once.
    fn built(&self) -> anyhow::Result<PathBuf> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(&cargo);
        command.args(["build", "--message-format=json-render-diagnostics"]);
        for (flag, value) in [("--package", &self.package), ("--bin", &self.bin)] {
            if let Some(value) = value {
                command.args([flag, value]);
            }
        }
        if self.release {
            command.arg("--release");
        }
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| {
            format!("cannot run {}; install Rust, or name a program with --platform", cargo.display())
        })?;
        let mut programs = Vec::new();
        if let Some(stdout) = process.stdout.take() {
            for line in BufReader::new(stdout).lines() {
                programs.extend(Artifact::program(&line?));
            }
        }
        if !process.wait()?.success() {
            return Err(Refused::new("cargo could not build the program", "correct what it says above").into());
        }
        match programs.as_slice() {
            [program] => Ok(program.clone()),
            [] => Err(Refused::new(
                "cargo built no program here",
                "run this in the folder of a platform, name its package with --package, or name a program with --platform",
            )
            .into()),
            several => {
                let names: Vec<String> =
                    several.iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
                let reason = format!("cargo built several programs: {}", names.join(", "));
                Err(Refused::new(reason, "name the platform's with --bin").into())
            }
        }
    }
}

/// What cargo says of something that it built.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
    target: Target,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

impl Artifact {
    /// The program that a message of cargo is about.
    fn program(message: &str) -> Option<PathBuf> {
        let artifact: Artifact = serde_json::from_str(message).ok()?;
        artifact.executable.filter(|_| artifact.target.kind.iter().any(|kind| kind == "bin"))
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
