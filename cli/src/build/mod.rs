//! `planewright build`: everything that a cluster needs, written from the platform's program.

mod compile;
mod expressions;
mod files;
pub(crate) mod immutable;
pub(crate) mod metadata;
pub(crate) mod previous;
pub(crate) mod program;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use planewright_codegen::File;
use planewright_definitions::emission::Emission;

use crate::exit::{Outcome, Refused};
use crate::terminal::Terminal;
use crate::xpkg::{Binary, Kept, Package, packages};

/// Write everything that a cluster needs of a platform: definitions, Compositions, packages, runtime, access
///
/// Runs `cargo build`, asks the program what it emits, and writes it into a folder:
///   apis/      the definitions (XRDs) and Compositions, a folder an API
///   cluster/   the Function and its runtime, the activation policy, access rights
///   delivery/  what delivers those two, where the platform says how: objects of Argo CD, Flux or Kratix
///   packages/  what goes into the Function and the Configuration package, and the packages themselves (.xpkg): that of the
///              function where --compile or --binary gives a program for it (--runtime-tarballs: also its image without the package)
///
/// Files that are right already are not touched, and what an earlier build made and this one would not is removed: objects, and
/// packages for platforms that --compile or --binary no longer name. Without either the function's packages stay as they are. An
/// XRD that was written by hand and says the same stays as it is. What a cluster would let nobody change, such as the scope of a
/// definition, is not changed: neither from what the folder has nor
/// from what --against names.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
Examples:
  planewright build --out deploy
  planewright build --out deploy --compile linux/amd64
  planewright build --platform target/release/my-platform --out deploy \\
      --binary linux/amd64=target/x86_64-unknown-linux-gnu/release/my-platform
  planewright build --only apis --out . --check
  planewright build --out deploy --against ../deployed/apis

For --compile, flags for the compiler are taken from $RUSTFLAGS, or else from cargo's configuration of the target; those under `build`
in the configuration are not.")]
pub(crate) struct Build {
    #[command(flatten)]
    platform: program::Platform,
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = "target/planewright")]
    out: PathBuf,
    /// Write only a part
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
    #[command(flatten)]
    images: Images,
    /// Also write the image of the function alone, packages/NAME-runtime-ARCHITECTURE.tar: what Crossplane's own command line takes for a function
    /// of a project with `source: Tarball` and `pathPrefix: DIR/packages/NAME-runtime`
    #[arg(long)]
    runtime_tarballs: bool,
    #[command(flatten)]
    against: previous::Against,
    /// Write nothing; list what differs, with exit code 3 if anything does
    #[arg(long)]
    check: bool,
}

/// What goes into packages besides what the platform emits.
#[derive(Args)]
pub(crate) struct Images {
    /// A statically linked program for the image of the function, once for each platform: linux/amd64=PATH
    #[arg(long = "binary", value_name = "PLATFORM=PATH")]
    binaries: Vec<Binary>,
    /// Let cargo compile that program, once for each platform: released, linked statically, and the same in whatever folder
    #[arg(long, value_enum, value_name = "PLATFORM")]
    compile: Vec<compile::Machine>,
    /// A folder with examples of composite resources, for the Configuration package
    #[arg(long, value_name = "DIR")]
    examples: Option<PathBuf>,
}

impl Images {
    /// Lets cargo build what is to be built, and asks the platform what it emits: the program for an image, where that runs here.
    pub(crate) fn ready(&self, platform: &program::Platform) -> anyhow::Result<Ready<'_>> {
        let (mut binaries, mut here) = (self.binaries.clone(), None);
        for machine in &self.compile {
            let program = compile::compile(platform.cargo(), *machine)?;
            here = here.or_else(|| machine.is_here().then(|| program.clone()));
            binaries.push(Binary::linux(machine.architecture(), program));
        }
        Ok(Ready { emission: platform.emission(here)?, binaries, examples: self.examples.as_deref() })
    }
}

/// All that packages are made of.
pub(crate) struct Ready<'a> {
    /// What the platform emits.
    pub(crate) emission: Emission,
    /// The programs for the image of the function.
    binaries: Vec<Binary>,
    examples: Option<&'a Path>,
}

impl Ready<'_> {
    /// The packages: that of the function only where there are programs for it.
    pub(crate) fn packages(&self, kept: &Kept) -> anyhow::Result<Vec<Package>> {
        packages(&self.emission, &self.binaries, self.examples, kept)
    }
}

/// A part of the output: a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Definitions and Compositions
    Apis,
    /// What runs the function, and access rights
    Cluster,
    /// What delivers the platform through Git
    Delivery,
    /// What goes into the packages
    Packages,
}

impl Part {
    const ALL: [Part; 4] = [Part::Apis, Part::Cluster, Part::Delivery, Part::Packages];

    fn folder(self) -> &'static str {
        match self {
            Part::Apis => "apis",
            Part::Cluster => "cluster",
            Part::Delivery => "delivery",
            Part::Packages => "packages",
        }
    }
}

pub(crate) fn run(command: &Build, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let Build { platform, out, only, images, runtime_tarballs, against, check } = command;
    let ready = images.ready(platform)?;
    let emission = &ready.emission;
    let parts: Vec<&str> =
        Part::ALL.into_iter().filter(|part| only.is_empty() || only.contains(part)).map(Part::folder).collect();
    // Packages hold objects of other parts, so all are looked at, whichever parts are written.
    let mut texts = texts(emission)?;
    let mut known = against.objects()?;
    if !check {
        known.extend(previous::of_files(out, &texts)?);
    }
    immutable::check(&known, &texts)?;
    texts.retain(|file| parts.contains(&file.path.split('/').next().unwrap_or_default()));
    let mut archives = Vec::new();
    if parts.contains(&Part::Packages.folder()) {
        for package in ready.packages(&Kept::in_folder(&out.join(Part::Packages.folder())))? {
            archives.extend(files::archives(&package)?);
            if *runtime_tarballs {
                archives.extend(files::runtimes(&package)?);
            }
        }
        if *runtime_tarballs && ready.binaries.is_empty() {
            let remedy =
                "give --compile linux/amd64, or --binary linux/amd64=PATH, for each platform that it is to run on";
            return Err(Refused::new("there is no program for the image of the function", remedy).into());
        }
    }
    files::write(out, &texts, &archives, &parts, *check, terminal)
}

/// The files that a platform emits.
pub(crate) fn texts(emission: &Emission) -> anyhow::Result<Vec<File>> {
    let file = |path: &str, object| Ok(File { path: path.to_owned(), contents: files::text(object)? });
    emission.files.iter().map(|emitted| file(&emitted.path, &emitted.object)).collect()
}
