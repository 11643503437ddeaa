//! What answering a request costs without a transport: `wire REQUEST.pb …` prints CPU time a request, its size and its answer's.

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bench_peers::network::network;
use planewright::compose::Composer;
use planewright::wire;

/// How long answering a request is repeated for.
const LONG_ENOUGH: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    match std::env::args_os().skip(1).try_for_each(|path| measure(path.as_ref())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(path: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let request = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let request: &'static [u8] = request.leak();
    let function = Composer::new(network);
    let answer = wire::Request::parse(request)?.respond(&function);
    std::fs::write(path.with_extension("answer"), &answer)?;
    let (parse, _) = repeat(LONG_ENOUGH / 10, || wire::Request::parse(request).map(|_| 0))?;
    let (whole, rounds) =
        repeat(LONG_ENOUGH, || wire::Request::parse(request).map(|request| request.respond(&function).len()))?;
    println!(
        "{}: {} bytes in, {} out; best {:.1} µs in {rounds} rounds, of which parsing {:.1} µs",
        path.display(),
        request.len(),
        answer.len(),
        whole.as_secs_f64() * 1e6,
        parse.as_secs_f64() * 1e6,
    );
    Ok(())
}

/// The shortest time that something took: what others do on the machine only ever adds.
fn repeat(
    long: Duration,
    mut work: impl FnMut() -> Result<usize, wire::Malformed>,
) -> Result<(Duration, u32), Box<dyn Error>> {
    let (begin, mut best, mut rounds) = (Instant::now(), Duration::MAX, 0);
    while begin.elapsed() < long {
        let start = Instant::now();
        std::hint::black_box(work()?);
        best = best.min(start.elapsed());
        rounds += 1;
    }
    Ok((best, rounds))
}
