//! What the engine answered, as it is kept in `recorded/`.

use std::path::PathBuf;

use planewright_definitions::yaml;

use crate::Failure;
use crate::answer::Answer;
use crate::platforms::{files, root};
use crate::scenario::Scenario;

fn folder() -> PathBuf {
    root().join("tests/oracle/engine/recorded")
}

fn file(scenario: &Scenario) -> PathBuf {
    folder().join(format!("{}.yaml", scenario.name))
}

/// The recorded answers of a scenario, reconcile by reconcile.
///
/// # Errors
/// When there is no recording, or it cannot be read.
pub fn read(scenario: &Scenario) -> Result<Vec<Answer>, Failure> {
    let file = file(scenario);
    let text = fs_err::read_to_string(&file).map_err(|error| format!("{error}; record it: see CONTRIBUTING.md"))?;
    let name = file.display().to_string();
    let answers = yaml::documents(&text).map(|document| yaml::read(&document, &name).map(Answer::recorded));
    Ok(answers.collect::<Result<_, _>>()?)
}

/// Records the answers of a scenario.
///
/// # Errors
/// When they cannot be written.
pub fn write(scenario: &Scenario, answers: &[Answer]) -> Result<(), Failure> {
    let documents = yaml::stream(answers.iter().map(Answer::document))?;
    fs_err::create_dir_all(folder())?;
    Ok(fs_err::write(file(scenario), documents)?)
}

/// Removes the recordings of scenarios that are no more.
///
/// # Errors
/// When they cannot be removed.
pub fn forget_others(scenarios: &[Scenario]) -> Result<(), Failure> {
    for other in others(scenarios)? {
        fs_err::remove_file(other)?;
    }
    Ok(())
}

/// The recordings of none of these scenarios.
///
/// # Errors
/// When the folder cannot be read.
pub fn others(scenarios: &[Scenario]) -> Result<Vec<PathBuf>, Failure> {
    let known: Vec<PathBuf> = scenarios.iter().map(file).collect();
    Ok(files(&folder())?.into_iter().filter(|found| !known.contains(found)).collect())
}

/// What `render` answers, reconcile after reconcile.
///
/// # Errors
/// When the scenario cannot be rendered at all.
pub fn render(scenario: &Scenario) -> Result<Vec<Answer>, Failure> {
    scenario.run(|world| Ok(Answer::of_render(&scenario.render(world)?)))
}
