//! The platform's program as Crossplane starts it: what it says, what it answers, and how it ends.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test cannot prepare fails it")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use planewright::state;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tonic::Code;
use tonic::transport::{Channel, Endpoint};

#[allow(dead_code, reason = "the tests of the sdk use all of it")]
#[path = "../sdk/tests/support/protocol.rs"]
mod protocol;
#[allow(dead_code, reason = "the tests of the sdk use all of it")]
#[path = "../sdk/tests/serve/raw.rs"]
mod raw;

/// The program, serving.
struct Program {
    process: Child,
    log: BufReader<ChildStderr>,
    address: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reference-platform"));
    command.args(arguments).env_remove("TLS_SERVER_CERTS_DIR").env_remove("METRICS_ADDRESS").env_remove("RUST_LOG");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut process = command(arguments).spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let entry = next(&mut log);
        assert_eq!(entry["message"], "serving", "{entry}");
        let address = entry["address"].as_str().unwrap().to_owned();
        Program { process, log, address }
    }

    async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// Waits for its end.
    fn end(mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        (self.process.wait().unwrap(), rest)
    }
}

/// The next entry of the log.
fn next(log: &mut BufReader<ChildStderr>) -> Value {
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

const INSECURE: [&str; 5] = ["--insecure", "--address", "127.0.0.1:0", "--metrics-address", ""];

/// A request about the network of the examples.
fn request() -> Vec<u8> {
    let text = std::fs::read_to_string("examples/xr/network.yaml").unwrap();
    let xr: Value = planewright_definitions::yaml::from_str(&text, "network.yaml").unwrap();
    protocol::request(&state::Request::new(xr))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn it_serves_without_a_command_and_ends_when_asked() {
    for (arguments, signal) in [(INSECURE.to_vec(), Signal::TERM), ([&["serve"], &INSECURE[..]].concat(), Signal::INT)]
    {
        let mut program = Program::start(&arguments);
        runtime().block_on(async {
            let client = raw::Client::new(program.channel().await);
            let answer = client.call(request()).await.unwrap();
            let resources = protocol::entries(protocol::field(&answer, 2)[0].bytes(), 2);
            assert!(resources.contains_key("vpc"), "{:?}", resources.keys());
        });
        let entry = next(&mut program.log);
        assert_eq!([&entry["message"], &entry["span"]["tag"]], ["answered", "the-tag"], "{entry}");
        program.signal(signal);
        let (status, log) = program.end();
        assert!(status.success(), "{status}\n{log}");
        assert!(log.lines().last().unwrap().contains("\"ended\""), "{log}");
    }
}

#[test]
fn sigterm_under_load_answers_what_is_under_way() {
    let program = Program::start(&INSECURE);
    let outcomes = runtime().block_on(async {
        let (answered, mut answers) = tokio::sync::mpsc::unbounded_channel();
        let mut callers = Vec::new();
        for _ in 0..4 {
            let channel = program.channel().await;
            for _ in 0..8 {
                let (client, answered) = (raw::Client::new(channel.clone()), answered.clone());
                callers.push(tokio::spawn(async move {
                    let request = request();
                    loop {
                        match client.call(request.clone()).await {
                            Ok(_) => answered.send(()).unwrap(),
                            Err(status) => return status,
                        }
                    }
                }));
            }
        }
        for _ in 0..200 {
            answers.recv().await.unwrap();
        }
        program.signal(Signal::TERM);
        let mut outcomes = Vec::new();
        for caller in callers {
            outcomes.push(caller.await.unwrap());
        }
        outcomes
    });
    let (status, log) = program.end();
    assert!(status.success(), "{status}\n{log}");
    assert!(!log.contains("\"ERROR\""), "{log}");
    // Who calls after the signal is told so before anything is done for them: no call is cut off.
    for status in outcomes {
        assert!(matches!(status.code(), Code::Unavailable), "{status:?}");
    }
}

#[test]
fn it_says_its_version_and_the_schemas_it_was_built_from() {
    let output = command(&["--version"]).output().unwrap();
    assert!(output.status.success());
    let digest = planewright_codegen::lock::SchemasLock::digest(std::path::Path::new("schemas")).unwrap();
    let expected = format!("reference-platform {} (schemas {digest})\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn without_certificates_it_says_what_to_do() {
    let output = command(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("TLS_SERVER_CERTS_DIR") && log.contains("--insecure"), "{log}");
    // The certificates' folder comes from the environment, too.
    let output = command(&[]).env("TLS_SERVER_CERTS_DIR", "missing").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("missing/ca.crt: cannot be read"), "{log}");
}

#[test]
fn help_names_every_flag() {
    let output = command(&["serve", "--help"]).output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @"");
    let output = command(&["--help"]).output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @"");
}
