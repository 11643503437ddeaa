//! Other programs, which end when nobody waits for them any more.

use std::io;
use std::process::{Command, Output};

use tokio::io::AsyncReadExt as _;
use tokio::process::Child;

/// Runs a program to its end. Where whoever waits for it gives up, it is killed with all that it has started: cargo with its
/// compilers. For that it is in a process group of its own, which Ctrl-C in a terminal does not reach.
pub(super) async fn output(command: Command) -> io::Result<Output> {
    let mut command = tokio::process::Command::from(command);
    command.kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let mut running = Running::new(command.spawn()?);
    let (stdout, stderr) = (running.child.stdout.take(), running.child.stderr.take());
    let (stdout, stderr, status) = tokio::try_join!(all(stdout), all(stderr), running.child.wait())?;
    running.is_over();
    Ok(Output { status, stdout, stderr })
}

/// All that a stream has; nothing of one that goes elsewhere.
async fn all(stream: Option<impl tokio::io::AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// A program at work. The group comes first: it is killed before the system may give its number to another.
struct Running {
    #[cfg(unix)]
    group: Group,
    child: Child,
}

impl Running {
    fn new(child: Child) -> Running {
        Running {
            #[cfg(unix)]
            group: Group(child.id().and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?))),
            child,
        }
    }

    /// What the program has started and left to itself, such as a compiler's server, may stay.
    fn is_over(&mut self) {
        #[cfg(unix)]
        self.group.0.take();
    }
}

/// A process group, which is killed when it is dropped.
#[cfg(unix)]
struct Group(Option<rustix::process::Pid>);

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // Where it is gone already there is nothing to do.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}
