//! Records requests and what the official types see in them: `record FOLDER` writes NAME.bin and NAME.json.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use function_sdk_rust::proto::v1::RunFunctionRequest;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use prost::Message;
use protocol_oracle::{damage, official, requests};

/// How many requests there are of each sort.
const COUNT: usize = 12;
/// Larger ones say nothing more.
const LARGEST: usize = 1500;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: record FOLDER");
        return ExitCode::FAILURE;
    };
    match record(folder.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn record(folder: &Path) -> Result<(), Box<dyn Error>> {
    // The same requests in every run, but for the order of map entries, which the official encoder draws by lot.
    let mut runner = TestRunner::deterministic();
    let request = requests::request();
    let damages = vec(damage::damage(), 3..12);
    let mut next = |sort: &str| -> Result<Vec<u8>, Box<dyn Error>> {
        let mut bytes = tree(&request, &mut runner)?.encode_to_vec();
        match sort {
            "merged" => bytes.extend(tree(&request, &mut runner)?.encode_to_vec()),
            "damaged" => {
                for (way, damage) in tree(&damages, &mut runner)? {
                    bytes = damage::apply(&bytes, &way, &damage);
                }
            }
            _ => {}
        }
        Ok(bytes)
    };
    std::fs::create_dir_all(folder)?;
    for sort in ["whole", "merged", "damaged"] {
        let mut written = 0;
        while written < COUNT {
            let bytes = next(sort)?;
            let Ok(request) = RunFunctionRequest::decode(&*bytes) else { continue };
            if !(200..LARGEST).contains(&bytes.len()) {
                continue;
            }
            let path = folder.join(format!("{sort}-{written}"));
            std::fs::write(path.with_extension("bin"), &bytes)?;
            std::fs::write(
                path.with_extension("json"),
                serde_json::to_string_pretty(&official::seen(&request))? + "\n",
            )?;
            written += 1;
        }
    }
    Ok(())
}

fn tree<T: Strategy>(strategy: &T, runner: &mut TestRunner) -> Result<T::Value, String> {
    strategy.new_tree(runner).map(|tree| tree.current()).map_err(|reason| reason.to_string())
}
