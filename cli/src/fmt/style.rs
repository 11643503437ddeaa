//! The part of rustfmt's configuration that literals follow.

use std::io;
use std::path::Path;

use fs_err as fs;
use planewright_definitions::load::Problem;
use serde::Deserialize;

/// How wide lines may be, and what a step to the right is. Defaults are rustfmt's.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub(super) struct Style {
    /// The width of a line, in characters.
    pub(super) max_width: usize,
    /// The width of a step, in characters.
    pub(super) tab_spaces: usize,
    /// Whether lines begin with tabs.
    pub(super) hard_tabs: bool,
}

impl Default for Style {
    fn default() -> Style {
        Style { max_width: 100, tab_spaces: 4, hard_tabs: false }
    }
}

impl Style {
    /// The style for a file, or for what is in the current folder where there is none: that of the nearest `rustfmt.toml` or `.rustfmt.toml`, in the folder of the file or in
    /// one around it, as rustfmt looks for it.
    pub(super) fn of(file: Option<&Path>) -> anyhow::Result<Style> {
        let file = std::path::absolute(file.unwrap_or(Path::new("text.rs")))?;
        for folder in file.ancestors().skip(1) {
            for name in ["rustfmt.toml", ".rustfmt.toml"] {
                let path = folder.join(name);
                match fs::read_to_string(&path) {
                    Ok(text) => return Style::read(&text, &path),
                    Err(error) if is_absent(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(Style::default())
    }

    fn read(text: &str, path: &Path) -> anyhow::Result<Style> {
        toml::from_str(text).map_err(|error| {
            let reason = format!("not a configuration of rustfmt: {}", error.message());
            let remedy = "mend the file: max_width and tab_spaces are numbers, hard_tabs is true or false";
            Problem::of_file(&path.display().to_string(), reason, remedy).into()
        })
    }

    /// How far to the right the text after some whitespace begins.
    pub(super) fn columns(&self, whitespace: &str) -> usize {
        let width = |character| if character == '\t' { self.tab_spaces } else { 1 };
        whitespace.chars().map(width).sum()
    }

    /// The whitespace for so many columns.
    pub(super) fn margin(&self, columns: usize) -> String {
        if self.hard_tabs && self.tab_spaces > 0 {
            "\t".repeat(columns / self.tab_spaces) + &" ".repeat(columns % self.tab_spaces)
        } else {
            " ".repeat(columns)
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_configuration_counts_and_what_it_does_not_say_is_as_in_rustfmt() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(folder.path().join("rustfmt.toml"), "max_width = 120\nuse_small_heuristics = \"Max\"\n").unwrap();
        assert_eq!(Style::of(Some(&inner.join("lib.rs"))).unwrap(), Style { max_width: 120, ..Style::default() });
        fs::write(folder.path().join("a/.rustfmt.toml"), "hard_tabs = true # ours\n").unwrap();
        assert_eq!(Style::of(Some(&inner.join("lib.rs"))).unwrap(), Style { hard_tabs: true, ..Style::default() });
    }

    #[test]
    fn a_broken_configuration_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rustfmt.toml"), "max_width = \"wide\"").unwrap();
        let error = Style::of(Some(&folder.path().join("lib.rs"))).unwrap_err().to_string();
        insta::assert_snapshot!(error.replace(&folder.path().display().to_string(), "PLATFORM"), @r#"
        error: not a configuration of rustfmt: invalid type: string "wide", expected usize
        --> PLATFORM/rustfmt.toml
         = help: mend the file: max_width and tab_spaces are numbers, hard_tabs is true or false
        "#);
    }

    #[test]
    fn tabs_and_spaces_reach_the_same_column() {
        let tabs = Style { hard_tabs: true, ..Style::default() };
        assert_eq!(tabs.margin(10), "\t\t  ");
        assert_eq!(tabs.columns("\t\t  "), 10);
        assert_eq!(Style::default().margin(3), "   ");
    }
}
