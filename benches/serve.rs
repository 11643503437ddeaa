//! The served platform under load: how soon it answers, what it costs, and whether it keeps what it should give back.
//!
//! `cargo bench --bench serve` starts the program, sends it 10,000 requests (`PLANEWRIGHT_REQUESTS` for another number, at
//! least 2,000) over eight callers, and prints what it saw: once without TLS, and once as Crossplane calls, with certificates on both
//! sides and a connection for each caller. It fails if memory after the last tenth of the requests is more than a tenth above what
//! it was after the first.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement prints, and ends where it cannot go on"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use certificates::Authority;
use planewright::resource::Composite;
use planewright::state;
use planewright_definitions::defaulting::fill;
use planewright_definitions::schema::Schema;
use reference_platform::platform::Network;
use serde_json::{Value, json};
use tokio_rustls::rustls::ClientConfig;
use tonic::transport::{Channel, Endpoint};

#[path = "../sdk/tests/serve/certificates.rs"]
mod certificates;
#[path = "../sdk/tests/serve/connector.rs"]
mod connector;
#[allow(dead_code, reason = "the tests of the sdk use all of it")]
#[path = "../sdk/tests/support/protocol.rs"]
mod protocol;
#[allow(dead_code, reason = "the tests of the sdk use all of it")]
#[path = "../sdk/tests/serve/raw.rs"]
mod raw;

const CALLERS: usize = 8;

fn main() {
    let requests = std::env::var("PLANEWRIGHT_REQUESTS").map_or(10_000, |number| number.parse().unwrap());
    assert!(requests >= 2_000, "fewer requests tell nothing of memory");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!("without TLS");
    runtime.block_on(measure(requests, None));
    println!("with TLS on both sides");
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    authority.sign(2100).mount(folder.path(), &authority);
    let config = certificates::client(&authority, Some(&authority.sign(2100)));
    runtime.block_on(measure(requests, Some(Secured { folder: folder.path(), config })));
}

/// The program, ended with the measurement.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What calls with certificates need.
struct Secured<'a> {
    /// Where the program finds its own.
    folder: &'a Path,
    /// What its callers go by.
    config: Arc<ClientConfig>,
}

async fn connect(address: &str, secured: Option<&Secured<'_>>) -> Channel {
    match secured {
        None => Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await,
        Some(secured) => connector::channel(address.to_owned(), secured.config.clone()).await,
    }
    .unwrap()
}

async fn measure(requests: usize, secured: Option<Secured<'_>>) {
    let begun = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_reference-platform"));
    match &secured {
        None => command.arg("--insecure"),
        Some(secured) => command.arg("--tls-certs-dir").arg(secured.folder),
    };
    let mut process = command
        .args(["--address", "127.0.0.1:0", "--metrics-address", ""])
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap());
    let program = Program(process);
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    // A full pipe would hold the program up.
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    let entry: Value = serde_json::from_str(&line).unwrap();
    let address = entry["address"].as_str().unwrap().to_owned();
    let pid = program.0.id();
    let idle = resident(pid);
    let mut channels = Vec::new();
    // Without certificates all callers share a connection, as those of one Crossplane do.
    for _ in 0..secured.as_ref().map_or(1, |_| CALLERS) {
        channels.push(connect(&address, secured.as_ref()).await);
    }
    let client = raw::Client::new(channels[0].clone());
    let fresh = composite();
    let first = client.call(protocol::request(&fresh)).await.unwrap();
    let answered = begun.elapsed();
    let request = protocol::request(&observed(fresh, &first));
    let answer = client.call(request.clone()).await.unwrap();
    let (size, resources) = (request.len(), protocol::entries(protocol::field(&answer, 2)[0].bytes(), 2).len());
    println!("request             {size} bytes, answered with {resources} resources");
    println!("start to answer     {:.1} ms", answered.as_secs_f64() * 1e3);
    println!("memory idle         {:.1} MiB", mebibytes(idle));

    let tenth = requests / 10;
    load(&channels, &request, tenth).await;
    let early = resident(pid);
    let (cpu, begun) = (cpu(pid), Instant::now());
    load(&channels, &request, requests - 2 * tenth).await;
    let (spent, took) = (self::cpu(pid) - cpu, begun.elapsed());
    load(&channels, &request, tenth).await;
    let late = resident(pid);
    let counted = f64::from(u32::try_from(requests - 2 * tenth).unwrap());
    println!("CPU per request     {:.3} ms", spent / counted);
    println!("requests per second {:.0}, {CALLERS} callers", counted / took.as_secs_f64());
    println!("memory after {tenth:>6} {:.1} MiB", mebibytes(early));
    println!("memory after {requests:>6} {:.1} MiB", mebibytes(late));
    assert!(late * 10 <= early * 11, "memory grows: {early} to {late} KiB");
}

/// Sends a number of requests, from all callers together.
async fn load(channels: &[Channel], request: &[u8], requests: usize) {
    let request = bytes::Bytes::copy_from_slice(request);
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (client, request) = (raw::Client::new(channels[caller % channels.len()].clone()), request.clone());
            tokio::spawn(async move {
                for _ in 0..requests / CALLERS {
                    client.call(request.clone()).await.unwrap();
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
}

/// The network of the examples, as the API server would admit it.
fn composite() -> state::Request {
    let text = std::fs::read_to_string("examples/xr/network.yaml").unwrap();
    let mut xr: Value = planewright_definitions::yaml::from_str(&text, "network.yaml").unwrap();
    let schema: Schema = serde_json::from_str(<Network as Composite>::SCHEMA).unwrap();
    fill(&mut xr, &schema);
    state::Request::new(xr)
}

/// The same once all that an answer desires exists and is ready.
fn observed(mut request: state::Request, answer: &[u8]) -> state::Request {
    for (key, resource) in protocol::entries(protocol::field(answer, 2)[0].bytes(), 2) {
        let mut object = Value::Object(protocol::read_struct(protocol::field(&resource, 1)[0].bytes()));
        object["metadata"]["name"] = json!(key);
        object["status"] = json!({
            "atProvider": {"id": format!("id-{key}"), "arn": format!("arn:aws:ec2:eu-west-1:123456789012:{key}")},
            "conditions": [{"type": "Synced", "status": "True"}, {"type": "Ready", "status": "True"}],
        });
        request.observed.insert(key, object.into());
    }
    request
}

/// The resident memory of a process, in KiB.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn mebibytes(kibibytes: u64) -> f64 {
    f64::from(u32::try_from(kibibytes).unwrap()) / 1024.0
}

/// The processor time that the threads of a process have taken, in milliseconds.
fn cpu(pid: u32) -> f64 {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let nanoseconds = |thread: std::io::Result<std::fs::DirEntry>| -> Option<f64> {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    };
    threads.filter_map(nanoseconds).sum::<f64>() / 1e6
}
