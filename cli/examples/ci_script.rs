//! Prints what a job of continuous integration runs, as one script of the shell: `ci_script FILE JOB`, where FILE is a
//! workflow of GitHub Actions or a pipeline of GitLab. `.ci/run` runs the jobs of a new platform by it.

#![allow(clippy::print_stdout, reason = "a program")]

use std::error::Error;

use planewright_definitions::yaml;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let [_, file, job] = std::env::args().collect::<Vec<_>>().try_into().map_err(|_| "usage: ci_script FILE JOB")?;
    let ci: Value = yaml::from_str(&std::fs::read_to_string(&file)?, &file)?;
    let steps = ci["jobs"][&job]["steps"].as_array().into_iter().flatten().filter_map(|step| step["run"].as_str());
    let lines = ci[&job]["script"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let scripts: Vec<&str> = steps.chain(lines).collect();
    if scripts.is_empty() {
        return Err(format!("{file}: the job `{job}` runs nothing").into());
    }
    for script in scripts {
        println!("{}", script.trim_end());
    }
    Ok(())
}
