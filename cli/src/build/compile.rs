//! The program for the image of the function, as cargo compiles it: linked statically, and the same wherever it is compiled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;

use super::metadata::Metadata;
use super::program::{Built, Cargo, no_cargo};
use crate::exit::Refused;

/// What separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: char = '\x1f';

/// A platform that glibc can be linked statically for. Programs for others come from somebody's own build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Machine {
    /// 64-bit x86
    #[value(name = "linux/amd64")]
    Amd64,
    /// 64-bit ARM
    #[value(name = "linux/arm64")]
    Arm64,
}

impl Machine {
    /// What Go calls its architecture.
    pub(crate) fn architecture(self) -> &'static str {
        match self {
            Machine::Amd64 => "amd64",
            Machine::Arm64 => "arm64",
        }
    }

    /// What Rust calls it.
    fn target(self) -> &'static str {
        match self {
            Machine::Amd64 => "x86_64-unknown-linux-gnu",
            Machine::Arm64 => "aarch64-unknown-linux-gnu",
        }
    }

    /// Whether programs for it run here.
    pub(crate) fn is_here(self) -> bool {
        let architecture = match self {
            Machine::Amd64 => "x86_64",
            Machine::Arm64 => "aarch64",
        };
        cfg!(target_os = "linux") && std::env::consts::ARCH == architecture
    }
}

/// Lets cargo compile the program for a machine, and tells where it is.
pub(crate) fn compile(cargo: &Cargo, machine: Machine) -> anyhow::Result<PathBuf> {
    let target = machine.target();
    let mut command = cargo.released().command(false);
    command.args(["--target", target]);
    let flags = flags(&Folders::find()?);
    match given(|name| std::env::var(name).ok()) {
        // Variables replace what stands in cargo's configuration, also where they are empty.
        Some(given) => {
            let all: Vec<String> = given.into_iter().chain(flags).collect();
            command.env("CARGO_ENCODED_RUSTFLAGS", all.join(&SEPARATOR.to_string()));
        }
        // These stand beside what its configuration has for the target.
        None => {
            let flags: toml_edit::Array = flags.into_iter().collect();
            command.args(["--config", &format!("target.{target}.rustflags={flags}")]);
        }
    }
    let output = command.output().with_context(no_cargo)?;
    if !output.status.success() {
        let remedy = format!("correct what it says above; if the target is missing, `rustup target add {target}`");
        let reason = format!("cargo could not build the program for linux/{}", machine.architecture());
        return Err(Refused::new(reason, remedy).into());
    }
    Ok(Built::only(&output.stdout)?.program)
}

/// The flags for the compiler that somebody has given by a variable, as cargo reads them: a variable that is empty gives none, and
/// nothing else is looked at.
fn given(variable: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    if let Some(encoded) = variable("CARGO_ENCODED_RUSTFLAGS") {
        let flags = if encoded.is_empty() { Vec::new() } else { encoded.split(SEPARATOR).map(str::to_owned).collect() };
        return Some(flags);
    }
    let flags = variable("RUSTFLAGS")?;
    Some(flags.split(' ').map(str::trim).filter(|flag| !flag.is_empty()).map(str::to_owned).collect())
}

/// What a program is made of that is the same on every machine, for the image has nothing else in it: no libraries, and no names of
/// folders, which messages of panics have and code that build scripts generate.
fn flags(folders: &Folders) -> Vec<String> {
    let mut flags = vec!["-Ctarget-feature=+crt-static".to_owned()];
    flags.extend(folders.0.iter().map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display())));
    flags
}

/// Folders that are elsewhere on every machine, and what they are called in programs. A folder comes before those in it: the compiler
/// goes by the last that fits. Those of crates by path outside of the workspace are not among them: cargo counts such a folder into what it
/// calls the crate, so that another name for it would make no programs the same.
#[derive(Debug)]
struct Folders(BTreeMap<PathBuf, &'static str>);

impl Folders {
    /// Those of the project in the current folder.
    fn find() -> anyhow::Result<Folders> {
        let output = Metadata::command().output().with_context(no_cargo)?;
        let project = Metadata::of(&output)?;
        Ok(Folders::of(&project.workspace_root, &project.target_directory, cargo_home().as_deref()))
    }

    fn of(workspace: &Path, target: &Path, home: Option<&Path>) -> Folders {
        let home = home.map(|home| (home.to_owned(), "/cargo"));
        let project = [(workspace.to_owned(), "/platform"), (target.to_owned(), "/target")];
        Folders(project.into_iter().chain(home).collect())
    }
}

/// The folder in which cargo keeps the sources of crates.
fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    std::path::absolute(folder).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_those_that_cargo_would_take() {
        let given = |encoded: Option<&str>, flags: Option<&str>| {
            given(|name| match name {
                "CARGO_ENCODED_RUSTFLAGS" => encoded.map(str::to_owned),
                "RUSTFLAGS" => flags.map(str::to_owned),
                _ => None,
            })
        };
        assert_eq!(given(None, None), None);
        assert_eq!(given(None, Some("")).unwrap(), [""; 0]);
        assert_eq!(given(None, Some(" ")).unwrap(), [""; 0]);
        assert_eq!(given(Some(""), Some("-g")).unwrap(), [""; 0]);
        assert_eq!(given(None, Some("-C  opt-level=s")).unwrap(), ["-C", "opt-level=s"]);
        assert_eq!(given(Some("--cfg\x1fa=\"b c\""), Some("-g")).unwrap(), ["--cfg", "a=\"b c\""]);
    }

    #[test]
    fn a_folder_inside_another_keeps_its_own_name() {
        let folders = Folders::of(Path::new("/b/demo"), Path::new("/b/demo/target"), Some(Path::new("/b")));
        assert_eq!(
            flags(&folders),
            [
                "-Ctarget-feature=+crt-static",
                "--remap-path-prefix=/b=/cargo",
                "--remap-path-prefix=/b/demo=/platform",
                "--remap-path-prefix=/b/demo/target=/target",
            ]
        );
    }
}
