//! `engine-oracle ENGINE [--record] [SCENARIO…]`: runs Crossplane's render engine against the platforms as served, whose
//! programs are beside this one, and compares what it answers with what `render` makes of the same in process, and with
//! what was recorded. `--record` records it anew.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use engine_oracle::Failure;
use engine_oracle::answer::Answer;
use engine_oracle::difference::{MEANT, compare};
use engine_oracle::engine::Engine;
use engine_oracle::recording;
use engine_oracle::scenario::Scenario;

fn main() -> ExitCode {
    match run() {
        Ok(said) => {
            let _ = writeln!(std::io::stdout(), "{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Failure> {
    let (flags, mut arguments): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    if arguments.is_empty() || flags.iter().any(|flag| flag != "--record") {
        return Err("usage: engine-oracle ENGINE [--record] [SCENARIO…]".into());
    }
    let program = PathBuf::from(arguments.remove(0));
    let (record, names) = (!flags.is_empty(), arguments);
    let here = std::env::current_exe()?;
    let engine = Engine::start(&program, here.parent().ok_or("this program is nowhere")?)?;
    let mut scenarios = Scenario::all()?;
    scenarios.retain(|scenario| names.is_empty() || names.contains(&scenario.name));
    let (mut reconciles, mut wrong, mut used) = (0, Vec::new(), BTreeSet::new());
    for scenario in &scenarios {
        let live = live(&engine, scenario).map_err(|error| format!("{}: {error}", scenario.name))?;
        reconciles += live.len();
        if record {
            recording::write(scenario, &live)?;
        } else if recording::read(scenario)? != live {
            wrong.push(format!("{}: the engine answers something else than was recorded", scenario.name));
        }
        for (number, (live, rendered)) in live.iter().zip(recording::render(scenario)?).enumerate() {
            match compare(live, &rendered) {
                Ok(differences) => used.extend(differences),
                Err(difference) => wrong.push(format!("{}, reconcile {}:\n{difference}", scenario.name, number + 1)),
            }
        }
    }
    if names.is_empty() {
        if record {
            recording::forget_others(&scenarios)?;
        }
        let unused = MEANT.iter().filter(|meant| !used.contains(meant.what));
        wrong.extend(unused.map(|meant| format!("nothing differs any more in this: {}", meant.what)));
    }
    if wrong.is_empty() {
        let (count, done) = (scenarios.len(), if record { "recorded, and equal" } else { "equal" });
        return Ok(format!("{count} scenarios, {reconciles} reconciles: {done}"));
    }
    Err(wrong.join("\n").into())
}

/// What the engine answers, reconcile after reconcile.
fn live(engine: &Engine, scenario: &Scenario) -> Result<Vec<Answer>, Failure> {
    scenario.run(|world| engine.render(scenario, world))
}
