//! The engine, and the platforms that it calls.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::answer::{Answer, reason};
use crate::platforms::Platform;
use crate::scenario::{Scenario, World, key_of};

#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "made for tests, which use all of it and fail by panicking"
)]
#[path = "../../../../sdk/tests/support/protocol.rs"]
mod protocol;

use protocol::{bytes, field, object, read_struct};

/// The engine's exit code after a fatal result of a step.
const FATAL: i32 = 3;
/// What the Secret of a step's credentials is called.
const CREDENTIALS: &str = "credentials-";

/// A platform that serves, until it is dropped.
#[derive(Debug)]
struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(program: &Path) -> Result<Self, Failure> {
        let mut process = Command::new(program)
            .args(["serve", "--insecure", "--address", "127.0.0.1:0", "--metrics-address", ""])
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}; build the platforms first", program.display()))?;
        let log = process.stderr.take().ok_or("the platform has no log")?;
        let mut lines = BufReader::new(log).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        // Somebody has to read the log: a full pipe would hold it up.
        thread::spawn(move || lines.for_each(drop));
        let entry: Value = serde_json::from_str(&first).unwrap_or_default();
        match entry["address"].as_str() {
            Some(address) => Ok(Served { address: address.to_owned(), process }),
            None => Err(format!("{} does not serve: {first}", program.display()).into()),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The engine and the served platforms.
#[derive(Debug)]
pub struct Engine {
    program: PathBuf,
    platforms: BTreeMap<Platform, Served>,
}

impl Engine {
    /// The engine, a program of Crossplane, with the platforms whose programs are in a folder.
    ///
    /// # Errors
    /// When a platform does not serve.
    pub fn start(program: &Path, platforms: &Path) -> Result<Self, Failure> {
        let serve = |platform: Platform| {
            let name = format!("{}{}", platform.program(), std::env::consts::EXE_SUFFIX);
            Ok((platform, Served::start(&platforms.join(name))?))
        };
        Ok(Engine {
            program: program.to_owned(),
            platforms: Platform::ALL.into_iter().map(serve).collect::<Result<_, Failure>>()?,
        })
    }

    /// What the engine makes of a scenario.
    ///
    /// # Errors
    /// When it cannot be asked, or answers nothing that can be understood.
    pub fn render(&self, scenario: &Scenario, world: &World) -> Result<Answer, Failure> {
        let served = self.platforms.get(&scenario.platform).ok_or("the platform is not served")?;
        let request = bytes(2, input(scenario, world, &served.address)?);
        let mut process = Command::new(&self.program)
            .args(["internal", "render", "--timeout=60s"].map(OsStr::new))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        process.stdin.take().ok_or("the engine has no input")?.write_all(&request)?;
        let output = process.wait_with_output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => Ok(Answer::of_engine(answer(&output.stdout)?)),
            Some(FATAL) => {
                let mut parts = answer(&output.stdout)?;
                parts.insert("fatal".to_owned(), reason(&errors).into());
                Ok(Answer::of_engine(parts))
            }
            _ if errors.contains("cannot compose resources: ") => Ok(Answer::of_error(&errors)),
            code => Err(format!("the engine ended with {code:?}: {errors}").into()),
        }
    }
}

/// A `CompositeInput`.
fn input(scenario: &Scenario, world: &World, address: &str) -> Result<Vec<u8>, Failure> {
    let composite = scenario.admitted(world)?;
    let mut secrets = connection_secrets(scenario, world)?;
    let credentials: Vec<Value> = scenario.credentials.keys().map(|name| {
        json!({"name": name, "source": "Secret", "secretRef": {"namespace": "crossplane-system", "name": format!("{CREDENTIALS}{name}")}})
    }).collect();
    for (name, values) in &scenario.credentials {
        secrets.push(secret("crossplane-system", &format!("{CREDENTIALS}{name}"), values));
    }
    let steps = scenario.steps().into_iter().map(|(step, input)| {
        let mut step = json!({"step": step, "functionRef": {"name": "function"}, "credentials": credentials});
        if let Some(input) = input {
            step["input"] = input;
        }
        step
    });
    let composition = json!({
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "Composition",
        "metadata": {"name": "composition"},
        "spec": {
            "compositeTypeRef": {"apiVersion": composite["apiVersion"], "kind": composite["kind"]},
            "mode": "Pipeline",
            "pipeline": steps.collect::<Vec<_>>(),
        },
    });
    let definition = scenario.platform.definition(&composite)?;
    let documents: Vec<Value> = scenario.schemas.iter().map(|known| {
        json!({"openapi": "3.0.0", "info": {"title": "cluster", "version": "1"}, "paths": {}, "components": {"schemas": {"kind": known.schema}}})
    }).collect();
    let function = [bytes(1, "function"), bytes(2, address)].concat();
    let mut out = [bytes(1, object(&composite)), bytes(2, object(&composition)), bytes(3, function)].concat();
    let lists = [(4, &world.observed), (5, &scenario.required), (6, &secrets), (7, &documents)];
    for (number, objects) in lists {
        out.extend(objects.iter().flat_map(|one| bytes(number, object(one))));
    }
    out.extend(bytes(8, object(&definition)));
    Ok(out)
}

/// The Secrets that hold the connection details of the composed resources that exist.
fn connection_secrets(scenario: &Scenario, world: &World) -> Result<Vec<Value>, Failure> {
    let mut secrets = Vec::new();
    for (key, values) in &scenario.connection {
        let Some(owner) = world.observed.iter().find(|object| key_of(object) == key) else { continue };
        let reference = &owner["spec"]["writeConnectionSecretToRef"];
        let namespace = owner["metadata"]["namespace"].as_str().or(reference["namespace"].as_str());
        let (Some(namespace), Some(name)) = (namespace, reference["name"].as_str()) else {
            return Err(format!("{}: {key} names no Secret for its connection details", scenario.name).into());
        };
        secrets.push(secret(namespace, name, values));
    }
    Ok(secrets)
}

fn secret(namespace: &str, name: &str, values: &BTreeMap<String, String>) -> Value {
    let data: Map<String, Value> =
        values.iter().map(|(name, value)| (name.clone(), Value::String(STANDARD.encode(value)))).collect();
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": namespace, "name": name}, "data": data})
}

/// The parts of a `RenderResponse` with a `CompositeOutput`.
fn answer(response: &[u8]) -> Result<Map<String, Value>, Failure> {
    let output = field(response, 2).pop().ok_or("the engine answered no composite resource")?;
    let output = output.bytes();
    let objects = |number| -> Vec<Value> {
        field(output, number).iter().map(|part| Value::Object(read_struct(part.bytes()))).collect()
    };
    let events = field(output, 4).into_iter().map(|event| {
        let text = |number| field(event.bytes(), number).pop().map(|text| text.text()).unwrap_or_default();
        json!({"type": text(1), "reason": text(2), "message": text(3)})
    });
    let deleted = objects(3).into_iter().map(|gone| {
        json!({"key": key_of(&gone), "apiVersion": gone["apiVersion"], "kind": gone["kind"], "name": gone["metadata"]["name"]})
    });
    Ok(Map::from_iter([
        ("composite".to_owned(), objects(1).pop().unwrap_or_default()),
        ("composed".to_owned(), objects(2).into()),
        ("deleted".to_owned(), deleted.collect()),
        ("events".to_owned(), events.collect()),
        ("requiredResources".to_owned(), objects(5).into()),
        ("requiredSchemas".to_owned(), objects(6).into()),
    ]))
}
