//! The lines of the log, which wait for nobody.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

/// How long a line waits for a reader that is behind, but still reads.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long no line waits once one was left out: requests must not go at the pace of whoever reads the log.
const IMPATIENCE: Duration = Duration::from_secs(10);

/// Where lines go.
pub(super) trait Sink: Write {
    /// Whether it will take a piece ([`PIECE`]) without making its writer wait, once `patience` is over at the latest.
    fn has_room(&self, patience: Duration) -> bool;
}

/// As much as a pipe takes at once if it takes anything (POSIX: `PIPE_BUF`).
#[cfg(unix)]
const PIECE: usize = rustix::pipe::PIPE_BUF;
#[cfg(not(unix))]
const PIECE: usize = 512;

#[cfg(unix)]
impl<T: Write + std::os::fd::AsFd> Sink for T {
    fn has_room(&self, patience: Duration) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};

        let timeout = Timespec { tv_sec: 0, tv_nsec: patience.subsec_nanos().into() };
        let mut files = [PollFd::new(self, PollFlags::OUT)];
        // Interrupted by a signal, it has no room; that is one line.
        poll(&mut files, Some(&timeout)).is_ok_and(|ready| ready > 0)
    }
}

#[cfg(not(unix))]
impl<T: Write> Sink for T {
    fn has_room(&self, _: Duration) -> bool {
        true
    }
}

/// Writes lines to where somebody should read them, and leaves out those that nobody reads in time: a log that is stuck, as
/// with a container runtime that hangs, holds up no request. The first line afterwards says how many are missing.
pub(super) struct Lines<S> {
    sink: S,
    /// Lines left out since the last that was written.
    dropped: u64,
    /// When the last was left out.
    last: Option<Instant>,
    /// Whether the last was written in part.
    torn: bool,
}

impl<S: Sink> Lines<S> {
    pub(super) fn new(sink: S) -> Self {
        Lines { sink, dropped: 0, last: None, torn: false }
    }

    /// Writes as much as can be without waiting, and says whether that is all.
    fn put(&mut self, mut text: &[u8]) -> bool {
        while !text.is_empty() {
            let patient = self.last.is_none_or(|last| last.elapsed() > IMPATIENCE);
            if !self.sink.has_room(if patient { PATIENCE } else { Duration::ZERO }) {
                return false;
            }
            let piece = text.get(..PIECE).unwrap_or(text);
            match self.sink.write(piece) {
                Ok(length) if length > 0 => {
                    self.torn = true;
                    text = text.get(length..).unwrap_or_default();
                }
                _ => return false,
            }
        }
        self.torn = false;
        true
    }

    /// What is missing, as a line of its own, after the end of one that was written in part.
    fn apology(&self) -> String {
        let mut text = String::new();
        if self.torn {
            text.push('\n');
        }
        if self.dropped > 0 {
            let mut time = String::new();
            // Nothing that is written into a text fails.
            let _ = SystemTime.format_time(&mut Writer::new(&mut time));
            let _ = writeln!(
                text,
                r#"{{"timestamp":"{time}","level":"WARN","message":"lines of the log are missing: standard error was not read in time","dropped":{},"target":"{}"}}"#,
                self.dropped,
                module_path!(),
            );
        }
        text
    }
}

/// Takes whole lines, each in one call, and always takes them.
impl<S: Sink> Write for Lines<S> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let apology = self.apology();
        let apologised = self.put(apology.as_bytes());
        if apologised {
            self.dropped = 0;
        }
        if !apologised || !self.put(line) {
            self.dropped += 1;
            self.last = Some(Instant::now());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read as _;

    use super::*;

    /// Nobody reads a pipe: its writer goes on, and says later what is missing.
    #[test]
    fn a_full_pipe_holds_nobody_up() {
        let (mut reader, writer) = io::pipe().unwrap();
        let mut lines = Lines::new(writer);
        // Longer than what is written at once, so that the last is written in part.
        let line = format!("{{\"message\":\"{}\"}}\n", "x".repeat(3 * PIECE));
        let written = 1_000;
        for _ in 0..written {
            lines.write_all(line.as_bytes()).unwrap();
        }
        let mut read = vec![0; 1 << 16];
        let length = reader.read(&mut read).unwrap();
        read.truncate(length);
        lines.write_all(b"{\"message\":\"the last\"}\n").unwrap();
        drop(lines);
        reader.read_to_end(&mut read).unwrap();

        let text = String::from_utf8(read).unwrap();
        assert!(text.ends_with("\n{\"message\":\"the last\"}\n"), "{}", &text[text.len() - 400..]);
        let entries = || text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let whole =
            entries().filter(|entry| entry["message"].as_str().is_some_and(|text| text.starts_with('x'))).count();
        let missing: Vec<u64> = entries().filter_map(|entry| entry["dropped"].as_u64()).collect();
        assert!(whole > 0, "{missing:?}");
        assert_eq!(missing, [written - u64::try_from(whole).unwrap()]);
        // At most one was written in part.
        assert!(text.lines().count() - entries().count() <= 1);
    }

    #[test]
    fn a_reader_who_is_there_misses_nothing() {
        let (reader, writer) = io::pipe().unwrap();
        let read = std::thread::spawn(move || io::read_to_string(reader).unwrap());
        let mut lines = Lines::new(writer);
        let line = format!("{}\n", "x".repeat(500));
        for _ in 0..2_000 {
            lines.write_all(line.as_bytes()).unwrap();
        }
        drop(lines);
        assert!(read.join().unwrap() == line.repeat(2_000));
    }
}
