//! Files, folders and globs.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Problem, Source, Stream};

/// Paths as users give them, each one of
/// - a file, whatever its name;
/// - a folder: every `.yaml`, `.yml` and `.json` in it and its folders, sorted by path; names that begin with a dot
///   are passed over, and links to folders are not followed;
/// - a glob (`*`, `?`, `[…]`, `**`) of files and folders.
#[derive(Clone, Debug)]
pub struct Paths(Vec<PathBuf>);

impl Paths {
    /// These paths, in this order.
    pub fn new<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>) -> Paths {
        Paths(paths.into_iter().map(Into::into).collect())
    }
}

impl Source for Paths {
    fn streams(&self) -> Result<Vec<Stream>, Vec<Problem>> {
        let mut streams = Vec::new();
        let mut problems = Vec::new();
        for path in &self.0 {
            match files(path) {
                Ok(files) => {
                    let given = path.display().to_string();
                    streams.extend(files.into_iter().map(|file| Stream::file(file, given.clone())));
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(streams) } else { Err(problems) }
    }
}

/// The files that a path names; never none.
fn files(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    let given = path.display().to_string();
    let mut found = Vec::new();
    if path.exists() {
        add(path, &mut found)?;
    } else if given.contains(['*', '?', '[']) {
        // As in a folder, names that begin with a dot are not meant unless they are spelled out.
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let matches = glob::glob_with(&given, options).map_err(|error| {
            let reason = format!("not a glob: {} (at character {})", error.msg, error.pos + 1);
            Problem::of_file(&given, reason, "correct the pattern; `[*]` stands for a `*` in a name")
        })?;
        let mut any = false;
        for path in matches {
            any = true;
            match path {
                Ok(path) => add(&path, &mut found)?,
                Err(error) => return Err(unreadable(error.path(), error.error())),
            }
        }
        if !any {
            return Err(Problem::of_file(
                &given,
                "the glob matches nothing",
                "check the pattern and the folder you are in",
            ));
        }
    } else {
        return Err(Problem::of_file(
            &given,
            "there is no such file or folder",
            "check the path and the folder you are in",
        ));
    }
    if found.is_empty() {
        let reason = "no .yaml, .yml or .json file is in the folder";
        return Err(Problem::of_file(&given, reason, "name a folder with definitions"));
    }
    Ok(found)
}

/// Adds a file, or the files of a folder.
fn add(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| unreadable(path, &error))? {
        entries.push(entry.map_err(|error| unreadable(path, &error))?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
        if kind.is_dir() {
            add(&path, found)?;
        } else if is_definition_file(&path) && !path.is_dir() {
            found.push(path);
        }
    }
    Ok(())
}

fn is_definition_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|known| extension == *known))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let reason = format!("cannot be read: {}", error.kind());
    Problem::of_file(&path.display().to_string(), reason, "check that you may read it")
}
