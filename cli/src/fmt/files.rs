//! Which files are formatted.

use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;
use planewright_definitions::load::Problem;

use crate::exit::Refused;

/// Where cargo looks for the sources of a package.
const OF_A_PACKAGE: [&str; 5] = ["src", "tests", "examples", "benches", "build.rs"];

/// The files that are named, the Rust files of the folders that are named, or those of the package in the current folder.
/// Sorted within each folder; a file that is named is taken whatever it is called.
pub(super) fn find(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if paths.is_empty() {
        if !Path::new("Cargo.toml").is_file() {
            let remedy = "go to the folder of a package, or name files and folders";
            return Err(Refused::new("no package is in this folder: it has no Cargo.toml", remedy).into());
        }
        for path in OF_A_PACKAGE.map(Path::new).into_iter().filter(|path| path.exists()) {
            add(path, &mut files)?;
        }
    }
    for path in paths {
        if !path.exists() {
            let remedy = "check the path and the folder you are in";
            return Err(Problem::of_file(&path.display().to_string(), "there is no such file or folder", remedy).into());
        }
        add(path, &mut files)?;
    }
    Ok(files)
}

fn add(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        return below(path, files);
    }
    files.push(path.to_owned());
    Ok(())
}

/// The Rust files of a folder, without hidden ones, without what cargo built, and without following links to folders.
fn below(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if name != "target" {
                below(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
