//! The platform's program as Crossplane starts it: what it says, what it answers, and how it ends.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test cannot prepare fails it")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};

use planewright::resource::Composite;
use planewright::state;
use planewright_definitions::schema::Schema;
use reference_platform::platform::Network;
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

/// The program, serving. What it logs is read all the time, so that no line is left out. It ends with its test at the latest.
struct Program {
    process: Child,
    log: Receiver<String>,
    address: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that went well has waited for its end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
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
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (sender, log) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let entry = next(&log);
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
        let rest: Vec<String> = self.log.iter().collect();
        (self.process.wait().unwrap(), rest.join("\n"))
    }
}

/// The next entry of the log.
fn next(log: &Receiver<String>) -> Value {
    let line = log.recv().unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

const INSECURE: [&str; 5] = ["--insecure", "--address", "127.0.0.1:0", "--metrics-address", ""];

/// A request about the network of the examples.
fn request() -> Vec<u8> {
    let text = std::fs::read_to_string("examples/xr/network.yaml").unwrap();
    let mut xr: Value = planewright_definitions::yaml::from_str(&text, "network.yaml").unwrap();
    // What the API server does before Crossplane sees it.
    let schema: Schema = serde_json::from_str(<Network as Composite>::SCHEMA).unwrap();
    planewright_definitions::defaulting::fill(&mut xr, &schema);
    protocol::request(&state::Request::new(xr))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn it_serves_without_a_command_and_ends_when_asked() {
    for (arguments, signal) in [(INSECURE.to_vec(), Signal::TERM), ([&["serve"], &INSECURE[..]].concat(), Signal::INT)]
    {
        let program = Program::start(&arguments);
        runtime().block_on(async {
            let client = raw::Client::new(program.channel().await);
            let answer = client.call(request()).await.unwrap();
            let resources = protocol::entries(protocol::field(&answer, 2)[0].bytes(), 2);
            assert!(resources.contains_key("vpc"), "{:?}", resources.keys());
        });
        let entry = next(&program.log);
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
    let (outcomes, arrived) = runtime().block_on(async {
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
        drop(answered);
        let mut arrived = 200;
        while answers.recv().await.is_some() {
            arrived += 1;
        }
        (outcomes, arrived)
    });
    let (status, log) = program.end();
    assert!(status.success(), "{status}\n{log}");
    assert!(!log.contains("\"ERROR\""), "{log}");
    // Whatever the program answered has arrived: nobody was cut off. Who called later was told so, or never got through.
    assert_eq!(log.matches("\"answered\"").count(), arrived, "{outcomes:?}");
    for status in outcomes {
        // A connection that ends while a call begins is an internal error to its client, with HTTP/2's word for a good end.
        let ended_well = matches!(status.code(), Code::Internal) && format!("{status:?}").contains("NO_ERROR");
        assert!(ended_well || matches!(status.code(), Code::Unavailable | Code::Cancelled), "{status:?}");
    }
}

/// A container runtime that reads no more holds up no request.
#[test]
fn a_log_that_nobody_reads_holds_up_no_request() {
    let mut process = command(&INSECURE).spawn().unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap());
    let mut first = String::new();
    log.read_line(&mut first).unwrap();
    let entry: Value = serde_json::from_str(&first).unwrap();
    let (_, nothing) = channel();
    let program = Program { process, log: nothing, address: entry["address"].as_str().unwrap().to_owned() };
    // Each is a line of some hundred bytes, and a pipe holds 64 KiB.
    let requests = 500;
    runtime().block_on(async {
        let client = raw::Client::new(program.channel().await);
        for _ in 0..requests {
            // The limit ends a test that has failed.
            let answer = tokio::time::timeout(std::time::Duration::from_secs(60), client.call(Vec::new())).await;
            answer.expect("the log holds requests up").unwrap();
        }
    });
    let reader = std::thread::spawn(move || log.lines().map_while(Result::ok).collect::<Vec<String>>());
    program.signal(Signal::TERM);
    let (status, _) = program.end();
    assert!(status.success(), "{status}");
    let entries: Vec<Value> =
        reader.join().unwrap().iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let answered = entries.iter().filter(|entry| entry["level"] == "WARN" && entry["fatal"].is_string()).count();
    assert!((1..requests).contains(&answered), "{answered} of {requests} answers are in the log: was the pipe full?");
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
    let output = command(&["serve", "-h"]).output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @"
    Serve the platform's compositions to Crossplane: gRPC with mutual TLS. This runs when no command is named

    Usage: reference-platform serve [OPTIONS]

    Options:
      -d, --debug                        Log more: from level debug on
          --network <NETWORK>            The kind of network to listen on [default: tcp] [possible values: tcp, tcp4, tcp6, unix]
          --address <ADDRESS>            Address to listen at for gRPC: HOST:PORT, or :PORT for every interface; with --network unix a path [default: 0.0.0.0:9443]
          --tls-certs-dir <DIR>          Folder with the certificates: ca.crt, tls.crt and tls.key. Renewed files are served without a restart [env: TLS_SERVER_CERTS_DIR=]
          --insecure                     Serve without TLS: whoever can connect can call. --tls-certs-dir is then ignored
          --max-recv-message-size <MB>   The largest request, in MB [default: 64]
          --max-concurrent-requests <N>  How many requests one connection may have under way; its client holds further ones back [default: 256]
          --request-timeout <SECONDS>    How long a request may take to arrive, in seconds [default: 60]
          --shutdown-timeout <SECONDS>   How long requests that are being answered may take once the process is asked to end, in seconds [default: 25]
          --metrics-address <ADDRESS>    Address to serve metrics at, over HTTP at /metrics; empty for none [env: METRICS_ADDRESS=] [default: :8080]
      -h, --help                         Print help (see more with '--help')

    Examples:
      In a cluster, Crossplane starts the program without a command and sets TLS_SERVER_CERTS_DIR.
      On a laptop, for Crossplane's own `composition render` with the Development runtime:
          serve --insecure --address 127.0.0.1:9443

    SIGTERM and SIGINT end it: no connection is accepted any more, and requests under way are answered. A second signal ends it
    at once.

    Exit codes: 0 ended by a signal; 1 it cannot listen, or requests were cut off; 2 wrong command line or certificates.
    ");
    let output = command(&["-h"]).output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @"
    Compositions:
      network                  Network (aws.platform.upbound.io/v1alpha1)
      sql_instance             SQLInstance (aws.platform.upbound.io/v1alpha1)
      eks                      EKS (aws.platform.upbound.io/v1alpha1)

    A Crossplane platform: its compositions as one program

    Usage: reference-platform [OPTIONS]
           reference-platform <COMMAND>

    Commands:
      render    Show what Crossplane would make of a composite resource, without a cluster
      graph     Show which composed resources of a composite resource need which others
      serve     Serve the platform's compositions to Crossplane: gRPC with mutual TLS. This runs when no command is named
      emit      Print everything that a cluster needs of this platform: definitions, Compositions, packages, runtime, access
      promise   Turn the request of a Kratix Promise into the composite resource or claim that it asks for
      explain   Later: show the fields of a kind
      validate  Later: give the API server's verdict on files
      help      Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Options of serve, which runs when no command is named:
      -d, --debug                        Log more: from level debug on
          --network <NETWORK>            The kind of network to listen on [default: tcp] [possible values: tcp, tcp4, tcp6, unix]
          --address <ADDRESS>            Address to listen at for gRPC: HOST:PORT, or :PORT for every interface; with --network unix a path [default: 0.0.0.0:9443]
          --tls-certs-dir <DIR>          Folder with the certificates: ca.crt, tls.crt and tls.key. Renewed files are served without a restart [env: TLS_SERVER_CERTS_DIR=]
          --insecure                     Serve without TLS: whoever can connect can call. --tls-certs-dir is then ignored
          --max-recv-message-size <MB>   The largest request, in MB [default: 64]
          --max-concurrent-requests <N>  How many requests one connection may have under way; its client holds further ones back [default: 256]
          --request-timeout <SECONDS>    How long a request may take to arrive, in seconds [default: 60]
          --shutdown-timeout <SECONDS>   How long requests that are being answered may take once the process is asked to end, in seconds [default: 25]
          --metrics-address <ADDRESS>    Address to serve metrics at, over HTTP at /metrics; empty for none [env: METRICS_ADDRESS=] [default: :8080]

    Exit codes: 0 done; 1 a file could not be read, the pipeline never settled, or the server could not run; 2 wrong command line or input (not YAML, unknown kind, against its schema); 3 the composition ended with a fatal result.
    ");
}
