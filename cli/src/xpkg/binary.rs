//! The programs of function images.

use std::path::PathBuf;
use std::str::FromStr;

use fs_err as fs;
use planewright_definitions::emission::PROMISE_INPUT;

use super::image::Platform;
use crate::exit::Refused;

/// The program for one platform, as the command line names it: `linux/amd64=PATH`.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    pub(crate) platform: Platform,
    path: PathBuf,
}

impl FromStr for Binary {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "expected PLATFORM=PATH, such as linux/amd64=target/release/my-platform";
        let (platform, path) = text.split_once('=').ok_or(form)?;
        let (os, architecture) = platform.split_once('/').ok_or(form)?;
        if os != "linux" || machine(architecture).is_none() {
            let known: Vec<String> = MACHINES.iter().map(|(name, ..)| format!("linux/{name}")).collect();
            return Err(format!("{platform:?} is no platform that functions run on: {}", known.join(", ")));
        }
        let platform = Platform { os: os.to_owned(), architecture: architecture.to_owned() };
        Ok(Binary { platform, path: PathBuf::from(path) })
    }
}

/// Architectures as Go calls them, the number that ELF has for each, and Rust's target.
const MACHINES: &[(&str, u16, &str)] = &[
    ("amd64", 62, "x86_64-unknown-linux-musl"),
    ("arm64", 183, "aarch64-unknown-linux-musl"),
    ("ppc64le", 21, "powerpc64le-unknown-linux-musl"),
    ("s390x", 22, "s390x-unknown-linux-musl"),
];

fn machine(architecture: &str) -> Option<(u16, &'static str)> {
    MACHINES.iter().find(|(name, ..)| *name == architecture).map(|(_, number, target)| (*number, *target))
}

impl Binary {
    /// A program for Linux on an architecture, by Go's name for it.
    pub(crate) fn linux(architecture: &str, path: PathBuf) -> Binary {
        Binary { platform: Platform { os: "linux".to_owned(), architecture: architecture.to_owned() }, path }
    }

    /// The program, which must run where there is nothing else: for this platform, and linked statically.
    pub(crate) fn read(&self) -> anyhow::Result<Vec<u8>> {
        let Binary { platform, path } = self;
        let (number, target) = machine(&platform.architecture).unwrap_or_default();
        let build = match platform.architecture.as_str() {
            "amd64" => format!(
                "build it with `RUSTFLAGS='-C target-feature=+crt-static' cargo build --release --target \
                 x86_64-unknown-linux-gnu`, or for {target}"
            ),
            _ => format!("build it with `cargo build --release --target {target}`"),
        };
        let refuse = |reason: String| Refused::new(format!("{}: {reason}", path.display()), build.clone());
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                return Err(refuse(format!("the program for {platform} cannot be read ({})", error.kind())).into());
            }
        };
        let Some(elf) = Elf::read(&bytes) else {
            return Err(refuse("it is not a 64-bit program for Linux".to_owned()).into());
        };
        if elf.machine != number {
            return Err(refuse(format!("it is a program for another architecture than {platform}")).into());
        }
        if elf.interpreted {
            let reason = "it is linked dynamically, and the image has no libraries".to_owned();
            return Err(refuse(reason).into());
        }
        Ok(bytes)
    }
}

impl Binary {
    /// Refuses a program that cannot turn the requests of Promises into what they ask for, as the pipelines of Promises have it do. It may be for another machine, so
    /// it is not asked but looked into.
    pub(crate) fn fulfils(&self, program: &[u8]) -> Result<(), Refused> {
        if memchr::memmem::find(program, PROMISE_INPUT.as_bytes()).is_some() {
            return Ok(());
        }
        let reason = format!(
            "{}: it only serves, and the platform has Promises of Kratix, whose pipelines run its command `promise`",
            self.path.display()
        );
        Err(Refused::new(
            reason,
            "build it with the feature `commands` (without --no-default-features), or deliver without Kratix",
        ))
    }
}

/// What the header of a program says.
struct Elf {
    machine: u16,
    /// Whether the system must load libraries before it can start.
    interpreted: bool,
}

impl Elf {
    /// Reads the header of a 64-bit ELF program; `None` for anything else.
    fn read(bytes: &[u8]) -> Option<Self> {
        const INTERPRETER: u64 = 3;
        if !bytes.starts_with(&[0x7f, b'E', b'L', b'F', 2]) {
            return None;
        }
        let little = *bytes.get(5)? == 1;
        let number = |at: usize, length: usize| -> Option<u64> {
            let bytes = bytes.get(at..at.checked_add(length)?)?;
            let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
            Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
        };
        let machine = u16::try_from(number(18, 2)?).ok()?;
        let (table, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
        let mut interpreted = false;
        for entry in 0..count {
            let at = usize::try_from(table.checked_add(entry.checked_mul(size)?)?).ok()?;
            interpreted |= number(at, 4)? == INTERPRETER;
        }
        Some(Elf { machine, interpreted })
    }
}
