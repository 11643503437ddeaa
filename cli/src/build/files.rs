//! The files of a build.

use std::path::Path;

use fs_err as fs;
use planewright_codegen::{Drift, File};
use planewright_definitions::emission::PackageKind;
use planewright_definitions::yaml;
use serde_json::Value;

use super::immutable;
use crate::exit::Outcome;
use crate::folder::{self, MARK, Reach, Stage};
use crate::terminal::{Terminal, counted};
use crate::xpkg::{Package, archive};

/// An object as a file: the mark of what is generated, and YAML.
pub(super) fn text(object: &Value) -> anyhow::Result<String> {
    Ok(format!("# {MARK} build. Changes here are lost.\n{}", yaml::to_string(object)?))
}

/// Makes the folders of a build hold `files` and nothing else that was generated, or tells how they differ.
pub(super) fn write(
    out: &Path,
    files: &[File],
    archives: &[Archive],
    folders: &[&str],
    check: bool,
    terminal: &mut Terminal,
) -> anyhow::Result<Outcome> {
    let files = made(out, files)?;
    let drift = folder::drift(out, &files, Reach { folders, extension: "yaml" })?;
    let mut archived = Vec::new();
    for archive in archives {
        archived.extend(archive.drift(out)?);
    }
    if check {
        folder::list(&drift, terminal)?;
        folder::list(&archived, terminal)?;
        let same = drift.is_empty() && archived.is_empty();
        return Ok(if same { Outcome::Done } else { Outcome::Differences });
    }
    immutable::check(out, &files)?;
    // Packages first, so that a file that cannot be written leaves no description of a package that is not there.
    if !archived.is_empty() {
        let stage = Stage::new(out)?;
        let changed = archives.iter().filter(|archive| archived.iter().any(|drift| archive.is(out, drift)));
        let staged =
            changed.map(|archive| stage.file(&archive.path, &archive.bytes)).collect::<anyhow::Result<Vec<_>>>()?;
        stage.publish(&staged)?;
    }
    if !drift.is_empty() {
        folder::replace(out, &files, &drift)?;
    }
    let changed = drift.iter().filter(|drift| !matches!(drift, Drift::Stale(_))).count();
    terminal.note(format_args!(
        "{}: {} written or removed, {} as before",
        out.display(),
        counted(drift.len() + archived.len(), "file", "files"),
        files.len() - changed + archives.len() - archived.len()
    ));
    Ok(Outcome::Done)
}

/// A package as a file.
pub(super) struct Archive {
    path: String,
    bytes: Vec<u8>,
}

/// The files of a package: one for each image.
pub(super) fn archives(package: &Package) -> anyhow::Result<Vec<Archive>> {
    let tag = format!("{}:{}", package.repository, package.version);
    let files = package.images.iter().map(|image| {
        let suffix = match package.kind {
            PackageKind::Function => format!("-{}", image.platform.to_string().replace('/', "-")),
            PackageKind::Configuration => String::new(),
        };
        Ok(Archive { path: format!("packages/{}{suffix}.xpkg", package.name()), bytes: archive(image, &tag)? })
    });
    files.collect()
}

/// The images of a function without its package, one for each architecture, named as `crossplane project` looks for them.
pub(super) fn runtimes(package: &Package) -> anyhow::Result<Vec<Archive>> {
    let tag = format!("{}:{}", package.repository, package.version);
    let functions = package.images.iter().filter(|_| package.kind == PackageKind::Function);
    let files = functions.map(|image| {
        let path = format!("packages/{}-runtime-{}.tar", package.name(), image.platform.architecture);
        Ok(Archive { path, bytes: archive(&image.runtime(), &tag)? })
    });
    files.collect()
}

impl Archive {
    /// How the file differs from what it should be.
    fn drift(&self, out: &Path) -> std::io::Result<Option<Drift>> {
        let path = out.join(&self.path);
        match fs::read(&path) {
            Ok(bytes) if bytes == self.bytes => Ok(None),
            Ok(_) => Ok(Some(Drift::Changed(path))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Some(Drift::Missing(path))),
            Err(error) => Err(error),
        }
    }

    fn is(&self, out: &Path, drift: &Drift) -> bool {
        match drift {
            Drift::Missing(path) | Drift::Changed(path) | Drift::Stale(path) => *path == out.join(&self.path),
        }
    }
}

/// The files that are ours to write: all but those that somebody wrote by hand and that say the same, such as the XRD which a type was
/// generated from.
fn made(out: &Path, files: &[File]) -> anyhow::Result<Vec<File>> {
    let mut made = Vec::with_capacity(files.len());
    for file in files {
        let path = out.join(&file.path);
        let by_hand = match path.is_file() && !folder::is_generated(&path)? {
            true => says_the_same(&fs::read_to_string(&path)?, &file.contents),
            false => false,
        };
        if !by_hand {
            made.push(file.clone());
        }
    }
    Ok(made)
}

/// Whether two documents hold the same object, whatever their layout. The scope of a definition counts as said where it is left to its default.
fn says_the_same(one: &str, other: &str) -> bool {
    let read = |text: &str| yaml::from_str::<Value>(text, "").ok();
    let (Some(mut one), Some(other)) = (read(one), read(other)) else { return false };
    if let (Some(spec), Some(scope)) =
        (one.get_mut("spec").and_then(Value::as_object_mut), other.pointer("/spec/scope"))
        && other["kind"] == "CompositeResourceDefinition"
    {
        spec.entry("scope").or_insert_with(|| scope.clone());
    }
    one == other
}
