//! What an editor knows within compositions, asked of the real rust-analyzer.
//!
//! Prints how long each answer took, from the change of the text on. `cargo test -p ide-tests` runs it alone.

#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used, reason = "a test that shows what it measured")]

mod scenarios;
mod session;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use scenarios::{AFTER, BEFORE, Expected, SCENARIOS, Scenario};
use serde_json::Value;
use session::Session;

fn main() -> ExitCode {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = match session::program(package) {
        Ok(program) => program,
        Err(missing) => {
            println!("skipped: ide: nobody has looked at what editors complete: {missing}");
            return ExitCode::SUCCESS;
        }
    };
    let start = Instant::now();
    let mut session = Session::open(&program, package, package.join("src/host.rs"));
    println!("ide: loaded in {:.1} s", start.elapsed().as_secs_f64());
    // The first answers read what all later ones know.
    for scenario in SCENARIOS {
        let _ = play(&mut session, scenario);
    }
    let mut times = Vec::new();
    let mut failed = 0;
    for scenario in SCENARIOS {
        let (took, result) = play(&mut session, scenario);
        times.push(took);
        let milliseconds = took.as_secs_f64() * 1000.0;
        match result {
            Ok(()) => println!("ok     {milliseconds:7.1} ms  {}", scenario.name),
            Err(reason) => {
                failed += 1;
                println!("FAILED {milliseconds:7.1} ms  {}\n       {}\n       {reason}", scenario.name, scenario.body);
            }
        }
    }
    times.sort();
    let milliseconds = |time: &Duration| time.as_secs_f64() * 1000.0;
    println!(
        "ide: {} of {} scenarios; median {:.1} ms, slowest {:.1} ms",
        SCENARIOS.len() - failed,
        SCENARIOS.len(),
        milliseconds(&times[times.len() / 2]),
        milliseconds(&times[times.len() - 1]),
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Types a scenario and asks about the cursor: how long the answer took, and whether it is as expected.
fn play(session: &mut Session, scenario: &Scenario) -> (Duration, Result<(), String>) {
    let text = format!("{BEFORE}    {}{AFTER}", scenario.body);
    let cursor = text.find('‸').unwrap();
    let line = text[..cursor].matches('\n').count();
    let column = cursor - text[..cursor].rfind('\n').map_or(0, |before| before + 1);
    let start = Instant::now();
    session.change(&text.replace('‸', ""));
    let request = match scenario.expected {
        Expected::Offers(_) => "completion",
        Expected::Says(_) => "hover",
        Expected::LeadsTo(..) => "definition",
    };
    let answer = session.ask(request, line, column);
    let took = start.elapsed();
    let result = match scenario.expected {
        Expected::Offers(expected) => offers(&answer, expected),
        Expected::Says(expected) => says(&answer, expected),
        Expected::LeadsTo(file, line) => leads_to(&answer, file, line),
    };
    (took, result)
}

fn offers(answer: &Value, expected: &[&str]) -> Result<(), String> {
    let items = answer["items"].as_array().or(answer.as_array()).map(Vec::as_slice).unwrap_or_default();
    // A label is a name, and perhaps more: `map(…)`.
    let name = |item: &Value| {
        let label = item["label"].as_str().unwrap_or_default();
        label.split(['(', ' ', '…']).next().unwrap_or_default().to_owned()
    };
    let offered: Vec<String> = items.iter().map(name).collect();
    let missing: Vec<_> = expected.iter().filter(|name| !offered.iter().any(|offered| offered == *name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("does not offer {missing:?}, but {} others: {:?}", offered.len(), &offered[..offered.len().min(12)]))
}

fn says(answer: &Value, expected: &[&str]) -> Result<(), String> {
    let text = answer["contents"]["value"].as_str().unwrap_or_default();
    match expected.iter().find(|expected| !text.contains(**expected)) {
        Some(missing) => Err(format!("does not say {missing:?}, but: {text}")),
        None => Ok(()),
    }
}

/// There is one place to go to, and it is that of the name.
fn leads_to(answer: &Value, file: &str, name: &str) -> Result<(), String> {
    let places = answer.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(|target| {
        let path = target["targetUri"].as_str().unwrap_or_default().trim_start_matches("file://").replace("%20", " ");
        let number = |end: &str, unit: &str| target["targetSelectionRange"][end][unit].as_u64().unwrap_or_default();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let line = text.lines().nth(number("start", "line") as usize).unwrap_or_default();
        let columns = number("start", "character") as usize..number("end", "character") as usize;
        (path, line.get(columns).unwrap_or_default().to_owned())
    });
    match &places.collect::<Vec<_>>()[..] {
        [(path, found)] if path.ends_with(file) && found == name => Ok(()),
        others => Err(format!("leads to {others:?}")),
    }
}
