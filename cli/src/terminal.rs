//! The two streams of a command: data on standard output, everything for people on standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stderr, Stdout, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The streams of the process.
pub(crate) struct Terminal {
    out: BufWriter<Stdout>,
    err: Stderr,
    /// Whether standard error is a terminal on which colours are wanted.
    colours: bool,
}

impl Default for Terminal {
    fn default() -> Self {
        let err = io::stderr();
        let colours = wants_colours(&err);
        Terminal { out: BufWriter::new(io::stdout()), err, colours }
    }
}

/// Whether a stream is a terminal on which colours are wanted.
fn wants_colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

impl Terminal {
    /// Where data goes.
    pub(crate) fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Whether data is seen by somebody who wants colours.
    pub(crate) fn data_in_colours(&self) -> bool {
        wants_colours(&io::stdout())
    }

    /// Writes what there is of the data so far.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Tells people something. Whether they can be reached does not change what is done.
    pub(crate) fn note(&self, text: impl Display) {
        let _ = writeln!(&self.err, "{}", self.coloured(&text.to_string()));
    }

    /// Tells people what went wrong.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.note(told(error));
    }

    /// Whether what is told to people goes to a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.err.is_terminal()
    }

    /// Shows that long work goes on, with a count of what is done; on a terminal only.
    pub(crate) fn progress(&self, what: &'static str) -> ProgressBar {
        if !self.err.is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    fn coloured(&self, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let line = |line: &str| {
            for (word, colour) in [("error", 31), ("warning", 33), (" = help", 36), (" = note", 32)] {
                if let Some(rest) = line.strip_prefix(word)
                    && rest.starts_with(':')
                {
                    return format!("\x1b[1;{colour}m{word}\x1b[0m{rest}");
                }
            }
            line.to_owned()
        };
        text.split('\n').map(line).collect::<Vec<_>>().join("\n")
    }
}

/// What people are told of an error: what went wrong, and why.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let text = error.to_string();
    let prefix = if text.starts_with("error") { "" } else { "error: " };
    let causes: String = error.chain().skip(1).map(|cause| format!("\n = because: {cause}")).collect();
    format!("{prefix}{text}{causes}")
}

/// A number with its noun: `1 kind`, `2 kinds`.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Whether an error is that nobody reads standard output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
