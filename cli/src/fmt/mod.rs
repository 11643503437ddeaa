//! `planewright fmt`: the layout of `resource!`, `status!` and `text!`, which rustfmt leaves alone.
//!
//! `source` reads a file as tokens with their places, `find` finds the macros among them, `literal` takes them apart,
//! `layout` writes them anew, and `same` proves that nothing but whitespace has changed. `files` knows which files there
//! are, `style` how wide their lines may be.

mod files;
mod find;
mod layout;
mod literal;
mod same;
mod source;
mod style;
#[cfg(test)]
mod tests;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use fs_err as fs;
use similar::TextDiff;

use crate::exit::{Outcome, Refused};
use crate::terminal::Terminal;
use source::Source;
use style::Style;

/// Format the literals of compositions: the bodies of `resource!`, `status!` and `text!`
///
/// rustfmt leaves these macros alone. This command gives each entry a line of its own, four spaces to the right for each
/// block, counted from the line on which the macro begins. What was on one line stays on one if it fits. Nothing but
/// whitespace changes: no name, no comma, no string, no comment.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
From
  let vpc = resource!(cx, vpc: VPC { spec.for_provider: {region: xr.spec.region,   // the parent's
     tags: { \"app\":\"x\" } }});
it makes
  let vpc = resource!(cx, vpc: VPC {
      spec.for_provider: {
          region: xr.spec.region, // the parent's
          tags: { \"app\": \"x\" }
      }
  });

Values that are no blocks keep their text; their lines move along. Bodies of `macro_rules!` and what stands under
#[rustfmt::skip] are left alone, and so is, with a warning, a macro that cannot be understood. The width of lines is the
`max_width` of the nearest rustfmt.toml, or 100; `tab_spaces` and `hard_tabs` are obeyed too.

Without paths, all Rust files of the package in this folder are formatted: src, tests, examples, benches and build.rs.

Editors: run it after rustfmt, on the text as it is in the editor. In all that use rust-analyzer, set
  rust-analyzer.rustfmt.overrideCommand
to
  [\"bash\", \"-o\", \"pipefail\", \"-c\", \"rustfmt --edition 2024 | planewright fmt -\"]

rustfmt moves the lines of a string inside a literal when it moves the literal. Keep texts of several lines in a constant.

Examples:
  planewright fmt
  planewright fmt --check src
  planewright fmt - < src/network.rs")]
pub(crate) struct Fmt {
    /// Files and folders; folders without `target` and hidden ones. `-` formats standard input to standard output
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; print what would change, with exit code 3 if anything would
    #[arg(long)]
    check: bool,
    /// Format standard input to standard output, as `-` does
    #[arg(long, conflicts_with = "paths")]
    stdin: bool,
    /// The file that standard input is the text of: its folder says the width, its name is in messages
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
}

pub(crate) fn run(command: &Fmt, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let Fmt { paths, check, stdin, stdin_filename } = command;
    if *stdin || paths.iter().any(|path| path.as_os_str() == "-") {
        if paths.len() > 1 {
            return Err(Refused::new("`-` stands beside other paths", "name `-` alone, or files and folders").into());
        }
        return standard_input(stdin_filename.as_deref(), *check, terminal);
    }
    if stdin_filename.is_some() {
        return Err(Refused::new("--stdin-filename stands without `-`", "write `planewright fmt -`").into());
    }
    let mut outcome = Outcome::Done;
    let mut refused = Vec::new();
    for path in files::find(paths)? {
        let style = Style::of(Some(&path))?;
        let name = path.display().to_string();
        let old = match fs::read(&path).map(String::from_utf8)? {
            Ok(old) => old,
            Err(_) => {
                refused.push(format!("error: {name}: the file is not UTF-8\n = help: save it as UTF-8"));
                continue;
            }
        };
        let new = match format(&old, &style) {
            Ok(formatted) => told(formatted, &name, terminal),
            Err(reason) => {
                refused.push(reason.of(&name));
                continue;
            }
        };
        if new == old {
            continue;
        }
        if *check {
            outcome = Outcome::Differences;
            print_difference(&name, &old, &new, terminal)?;
        } else {
            fs::write(&path, new)?;
        }
    }
    if refused.is_empty() {
        return Ok(outcome);
    }
    Err(refusal(&refused))
}

fn standard_input(file: Option<&Path>, check: bool, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let name = file.map_or("<standard input>".to_owned(), |file| file.display().to_string());
    let style = Style::of(file)?;
    let mut old = Vec::new();
    std::io::stdin().read_to_end(&mut old)?;
    let old = String::from_utf8(old)
        .map_err(|_| Refused::new(format!("{name}: the text is not UTF-8"), "send it as UTF-8"))?;
    let formatted = format(&old, &style).map_err(|reason| refusal(&[reason.of(&name)]))?;
    let new = told(formatted, &name, terminal);
    if !check {
        terminal.out().write_all(new.as_bytes())?;
        return Ok(Outcome::Done);
    }
    if new == old {
        return Ok(Outcome::Done);
    }
    print_difference(&name, &old, &new, terminal)?;
    Ok(Outcome::Differences)
}

/// Tells what was left alone, and gives the text.
fn told(formatted: Formatted, file: &str, terminal: &Terminal) -> String {
    for LeftAlone { line, name, reason } in formatted.left_alone {
        terminal.note(format_args!(
            "warning: {file}:{line}: `{name}!` is left as it is: {reason}\n = help: mend it and format again; if it is no \
             macro of planewright, there is nothing to do"
        ));
    }
    formatted.text
}

fn print_difference(file: &str, old: &str, new: &str, terminal: &mut Terminal) -> std::io::Result<()> {
    let difference = TextDiff::from_lines(old, new);
    write!(terminal.out(), "{}", difference.unified_diff().header(file, &format!("{file} (formatted)")))
}

fn refusal(reasons: &[String]) -> anyhow::Error {
    let text = reasons.join("\n\n");
    Refused::new(text.strip_prefix("error: ").unwrap_or(&text), "").into()
}

/// A text with its literals laid out.
#[derive(Debug)]
struct Formatted {
    text: String,
    left_alone: Vec<LeftAlone>,
}

/// An invocation that stays as it is.
#[derive(Debug)]
struct LeftAlone {
    /// The line of what is odd about it, counted from 1.
    line: usize,
    /// The name of the macro.
    name: String,
    reason: String,
}

/// Why a text as a whole stays as it is.
#[derive(Debug)]
enum Refusal {
    /// Its brackets, strings or comments do not end, or it has characters that Rust does not know.
    NotRust(source::NotRust),
    /// The layout would have changed more than whitespace.
    Changed,
}

impl Refusal {
    fn of(&self, file: &str) -> String {
        match self {
            Refusal::NotRust(source::NotRust { line, column }) => format!(
                "error: {file}:{line}:{column}: this is not Rust, so the file is left as it is\n = help: close the bracket, \
                 string or comment that is open here; `cargo check` says more"
            ),
            Refusal::Changed => format!(
                "error: {file}: formatting would change the code, so the file is left as it is\n = help: this is a mistake \
                 of planewright: report it with the file, and put #[rustfmt::skip] before the function until it is mended"
            ),
        }
    }
}

/// Lays out the literals of a text.
fn format(text: &str, style: &Style) -> Result<Formatted, Refusal> {
    let source = Source::read(text).map_err(Refusal::NotRust)?;
    let mut parser = literal::Parser::new(&source);
    let invocations = find::invocations(&mut parser, 0..source.tokens.len());
    let left_alone = parser.unknown.iter().map(|unknown| LeftAlone {
        line: source.line(unknown.token),
        name: source.token(unknown.name).to_owned(),
        reason: unknown.reason.clone(),
    });
    let left_alone = left_alone.collect();
    let text = layout::lay_out(&source, &invocations, style);
    if text != source.text && !Source::read(&text).is_ok_and(|after| same::is_same(&source, &after)) {
        return Err(Refusal::Changed);
    }
    Ok(Formatted { text, left_alone })
}
