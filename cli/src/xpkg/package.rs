//! The packages of a platform as images.

use std::path::Path;

use fs_err as fs;
use planewright_definitions::emission::{Emission, EmittedPackage, PackageKind};
use planewright_definitions::load::{Paths, Source as _};
use planewright_definitions::yaml;
use serde_json::Value;

use super::binary::Binary;
use super::image::{Image, PROGRAM, Platform};
use super::kept::Kept;
use super::layer::{BASE, EXAMPLES, Layer};
use crate::exit::Refused;

/// A package as images.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) kind: PackageKind,
    /// Where it is pushed: `REGISTRY/PATH`.
    pub(crate) repository: String,
    /// Its tag.
    pub(crate) version: String,
    /// The images: one, or one for each platform that a function runs on.
    pub(crate) images: Vec<Image>,
}

impl Package {
    /// The last part of its repository.
    pub(crate) fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }
}

/// Every package that can be made: that of the function where there are programs for it. What is in them already is not compressed again.
pub(crate) fn packages(
    emission: &Emission,
    binaries: &[Binary],
    examples: Option<&Path>,
    kept: &Kept,
) -> anyhow::Result<Vec<Package>> {
    let promises = emission.files.iter().any(|file| file.object["kind"] == "Promise");
    let mut packages = Vec::new();
    for package in &emission.packages {
        let mut layers =
            vec![Layer::new("package.yaml", 0o644, contents(emission, package)?.as_bytes(), Some(BASE), kept)?];
        if let Some(folder) = examples.filter(|_| package.kind == PackageKind::Configuration) {
            layers.push(Layer::new(
                ".up/examples.yaml",
                0o644,
                read_examples(folder)?.as_bytes(),
                Some(EXAMPLES),
                kept,
            )?);
        }
        let images = match package.kind {
            PackageKind::Configuration => {
                // It runs nowhere, and package managers take the image for this platform.
                let platform = Platform { os: "linux".to_owned(), architecture: "amd64".to_owned() };
                vec![Image::new(platform, layers, None)]
            }
            PackageKind::Function => functions(binaries, &layers, promises, kept)?,
        };
        if !images.is_empty() {
            let (repository, version) = (package.repository.clone(), package.version.clone());
            packages.push(Package { kind: package.kind, repository, version, images });
        }
    }
    Ok(packages)
}

/// An image for each program, in the order of their platforms.
fn functions(binaries: &[Binary], layers: &[Layer], promises: bool, kept: &Kept) -> anyhow::Result<Vec<Image>> {
    let mut binaries: Vec<&Binary> = binaries.iter().collect();
    binaries.sort_by(|one, other| one.platform.cmp(&other.platform));
    if let Some(twice) = binaries.windows(2).find(|two| two[0].platform == two[1].platform) {
        let reason = format!("there are two programs for {}", twice[0].platform);
        return Err(Refused::new(reason, "give --binary once for each platform").into());
    }
    let images = binaries.into_iter().map(|binary| {
        let program = binary.read()?;
        if promises {
            binary.fulfils(&program)?;
        }
        let program = Layer::new(PROGRAM, 0o755, &program, None, kept)?;
        let layers = std::iter::once(program).chain(layers.iter().cloned()).collect();
        Ok(Image::new(binary.platform.clone(), layers, Some(PROGRAM)))
    });
    images.collect()
}

/// `package.yaml`: the metadata, then the objects.
fn contents(emission: &Emission, package: &EmittedPackage) -> anyhow::Result<String> {
    let mut objects = Vec::new();
    for path in &package.contents {
        let Some(object) = emission.object(path) else {
            let reason =
                format!("the {} package holds {path}, which the platform does not emit", package.kind.as_str());
            return Err(
                Refused::new(reason, "build the program with the version of planewright that this one is of").into()
            );
        };
        objects.push(object);
    }
    Ok(yaml::stream(objects)?)
}

/// The objects of a folder's YAML files, as one stream.
fn read_examples(folder: &Path) -> anyhow::Result<String> {
    let streams = match Paths::new([folder]).streams() {
        Ok(streams) => streams,
        Err(problems) => {
            let reasons: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return Err(anyhow::Error::msg(reasons.join("\n")));
        }
    };
    let mut objects: Vec<Value> = Vec::new();
    for stream in streams {
        let text = fs::read_to_string(stream.name())?;
        for document in yaml::documents(&text) {
            objects.push(yaml::read(&document, stream.name())?);
        }
    }
    Ok(yaml::stream(&objects)?)
}
