//! Room for recursion: a document is parsed with one call a level, and a derived `Deserialize` of a schema takes up
//! to 100 KB of stack a level in an unoptimised build (as build scripts are). A default thread has 2 MB.

use std::cell::Cell;
use std::io;

use super::Limits;

thread_local! {
    /// How many bytes of stack this thread was given by us.
    static ROOM: Cell<usize> = const { Cell::new(0) };
}

/// Bytes of stack that a document of the allowed depth may take. Only what is touched costs memory.
pub(crate) fn size(limits: &Limits) -> usize {
    const LEVEL: usize = 256 << 10;
    const BASE: usize = 4 << 20;
    limits.depth.saturating_mul(LEVEL).saturating_add(BASE)
}

/// Says that this thread was started with that much stack.
pub(crate) fn announce(bytes: usize) {
    ROOM.set(bytes);
}

/// Calls the closure with enough stack for the limits: here where this thread has it, else on a thread of its own.
///
/// # Errors
/// The system gives no thread.
pub(crate) fn with_room<T: Send>(limits: &Limits, work: impl FnOnce() -> T + Send) -> io::Result<T> {
    let bytes = size(limits);
    if ROOM.get() >= bytes {
        return Ok(work());
    }
    std::thread::scope(|scope| {
        let run = || {
            announce(bytes);
            work()
        };
        let thread = std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, run)?;
        match thread.join() {
            Ok(result) => Ok(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
