//! The log: JSON lines on standard error.

use std::io::stderr;
use std::str::FromStr as _;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::entries::{Entries, Fields};
use super::lines::Lines;

/// What lies under the server. At debug level each of them writes about every frame.
const TRANSPORT: [&str; 5] = ["h2", "hyper", "hyper_util", "rustls", "tonic"];

/// Makes `tracing` write JSON lines to standard error: from level info, or from level debug (then without what the
/// transport says of every frame). A `RUST_LOG` such as `info,h2=debug` takes the place of both.
///
/// A log that nobody reads holds up no request: after a short while lines are left out, and the first that is read again
/// says how many.
///
/// What a program has set up before is left as it is.
pub fn log(debug: bool) {
    let chosen = std::env::var("RUST_LOG").ok().filter(|chosen| !chosen.trim().is_empty());
    let (filter, refused) = match chosen.as_deref().map(Targets::from_str) {
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (levels(debug), Some(error)),
        None => (levels(debug), None),
    };
    let lines = tracing_subscriber::fmt::layer()
        .event_format(Entries)
        .fmt_fields(Fields)
        .with_writer(Mutex::new(Lines::new(stderr())));
    // A platform that has its own subscriber keeps it.
    let set = tracing_subscriber::registry().with(filter).with(lines).try_init();
    if let (Ok(()), Some(error)) = (set, refused) {
        tracing::warn!(%error, "RUST_LOG is ignored: it takes TARGET=LEVEL and LEVEL, separated by commas");
    }
}

fn levels(debug: bool) -> Targets {
    if debug {
        let quiet = TRANSPORT.map(|target| (target, LevelFilter::INFO));
        Targets::new().with_default(LevelFilter::DEBUG).with_targets(quiet)
    } else {
        Targets::new().with_default(LevelFilter::INFO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn the_transport_is_quiet() {
        assert!(levels(true).would_enable("network", &Level::DEBUG));
        assert!(!levels(true).would_enable("h2::codec::framed_read", &Level::DEBUG));
        assert!(levels(true).would_enable("h2::codec::framed_read", &Level::INFO));
        assert!(!levels(false).would_enable("network", &Level::DEBUG));
        assert!(levels(false).would_enable("network", &Level::INFO));
    }
}
