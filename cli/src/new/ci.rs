//! What can be said of continuous integration without running it: the shape of its files, and that every command line
//! of this program in them is one that it understands. The stage `new` of `.ci/run` runs the jobs.

use std::collections::BTreeSet;

use clap::Parser as _;
use planewright_definitions::yaml;
use serde_json::Value;

use super::template::{GITHUB, GITLAB};
use crate::Cli;

fn read((path, text): (&str, &str)) -> Value {
    yaml::from_str(text, path).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        value => value.as_str().into_iter().collect(),
    }
}

/// What each job runs, as scripts of the shell.
fn scripts(ci: &Value) -> Vec<&str> {
    let steps =
        ci["jobs"].as_object().into_iter().flatten().flat_map(|(_, job)| job["steps"].as_array().into_iter().flatten());
    let github = steps.filter_map(|step| step["run"].as_str());
    let gitlab = ci.as_object().into_iter().flatten().flat_map(|(_, job)| texts(&job["script"]));
    github.chain(gitlab).collect()
}

#[test]
fn every_command_line_of_ours_is_understood() {
    for file in [GITHUB, GITLAB] {
        let ci = read(file);
        let mut commands = BTreeSet::new();
        for script in scripts(&ci) {
            for line in script.replace("\\\n", " ").lines() {
                let Some((_, arguments)) = line.split_once("target/tools/bin/planewright") else { continue };
                let arguments = std::iter::once("planewright").chain(arguments.split_whitespace());
                let parsed = Cli::try_parse_from(arguments);
                assert!(parsed.is_ok(), "{}: {line}\n{}", file.0, parsed.err().unwrap());
                commands.insert(line.split_whitespace().nth(1).unwrap().to_owned());
            }
        }
        let expected = ["build", "claims", "fmt", "push", "schemas"];
        assert!(commands.iter().eq(expected), "{}: {commands:?}", file.0);
        let install = format!(
            "cargo install --locked --root target/tools --version {} planewright-cli",
            env!("CARGO_PKG_VERSION")
        );
        assert!(file.1.contains(&install), "{} installs another version", file.0);
    }
}

#[test]
fn the_workflow_has_the_shape_of_one() {
    let workflow = read(GITHUB);
    let known = ["name", "on", "permissions", "env", "jobs"];
    assert!(workflow.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())));
    assert_eq!(workflow["permissions"]["contents"], "read");
    let jobs = workflow["jobs"].as_object().unwrap();
    for (name, job) in jobs {
        let known = ["needs", "strategy", "runs-on", "env", "steps"];
        assert!(job.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{name}");
        assert!(job["runs-on"].is_string(), "{name}");
        for needed in texts(&job["needs"]) {
            assert!(jobs.contains_key(needed), "{name} needs {needed}");
        }
        for step in job["steps"].as_array().unwrap() {
            let known = ["name", "if", "env", "uses", "with", "run"];
            assert!(step.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{step}");
            match (step["uses"].as_str(), step["run"].as_str()) {
                (Some(action), None) => assert!(action.starts_with("actions/") && action.contains("@v"), "{action}"),
                // An expression in a script is code that whoever names a branch may write.
                (None, Some(script)) => assert!(!script.contains("${{"), "{script}"),
                _ => panic!("{name}: a step either uses an action or runs a script: {step}"),
            }
        }
    }
    for used in GITHUB.1.split("${{ matrix.").skip(1).filter_map(|rest| rest.split(" }}").next()) {
        let rows = jobs["program"]["strategy"]["matrix"]["include"].as_array().unwrap();
        assert!(rows.iter().all(|row| row[used].is_string()), "matrix.{used}");
    }
}

#[test]
fn the_pipeline_has_the_shape_of_one() {
    let pipeline = read(GITLAB);
    let stages = texts(&pipeline["stages"]);
    let mut used = BTreeSet::new();
    for (name, job) in pipeline.as_object().unwrap() {
        if ["stages", "workflow", "variables", "default"].contains(&name.as_str()) {
            continue;
        }
        let known = ["stage", "parallel", "tags", "variables", "rules", "script", "artifacts"];
        assert!(job.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{name}");
        let stage = job["stage"].as_str().unwrap();
        assert!(stages.contains(&stage), "{name} is in the stage {stage}");
        used.insert(stage);
        let script = job["script"].as_array().unwrap();
        // GitLab refuses whatever YAML takes for something else, such as a mapping where a command has `: ` in it.
        assert!(!script.is_empty() && script.iter().all(Value::is_string), "{name}");
    }
    assert!(stages.iter().all(|stage| used.contains(stage)));
}

/// How lines begin that are the same in both.
const COMMANDS: &[&str] = &[
    "cargo ",
    "target/",
    "git ",
    "rustup ",
    "paths=",
    "export ",
    "registry=",
    "DOCKER_CONFIG=",
    "printf ",
    "before=",
    "if ",
];

#[test]
fn both_do_the_same() {
    // Cargo and planewright, whatever else is around them: how a program gets from one job to the next differs.
    let commands = |ci: &Value| -> BTreeSet<String> {
        let lines = scripts(ci).into_iter().flat_map(|script| {
            let joined = script.replace("\\\n", " ");
            joined.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
        });
        lines.filter(|line| COMMANDS.iter().any(|start| line.starts_with(start))).collect()
    };
    let (github, gitlab) = (commands(&read(GITHUB)), commands(&read(GITLAB)));
    assert!(github.len() > 10);
    assert_eq!(github, gitlab);
}
