//! Writes what the platforms of the tests emit into a folder, one below it for each platform: `emission_variants DIR`. `.ci/run` has others judge it.

#![allow(clippy::unwrap_used, reason = "shared with the tests")]

use std::error::Error;
use std::path::PathBuf;

use planewright_definitions::yaml;

#[allow(dead_code, reason = "the tests use all of it")]
#[path = "../tests/emit/platform.rs"]
mod platform;
#[path = "../tests/emit/variants.rs"]
mod variants;

fn main() -> Result<(), Box<dyn Error>> {
    let [_, folder] = std::env::args().collect::<Vec<_>>().try_into().map_err(|_| "usage: emission_variants DIR")?;
    for (name, platform) in variants::all() {
        for file in platform.emit()?.files {
            let path = PathBuf::from(&folder).join(name).join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            std::fs::write(&path, yaml::to_string(&file.object)?)?;
        }
    }
    Ok(())
}
