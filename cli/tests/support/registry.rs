//! A registry in memory on this machine, which is as strict as the best: a manifest is only taken when all that it names is there.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What a registry holds, and how it behaves.
#[derive(Default)]
pub struct Held {
    pub blobs: BTreeMap<String, Vec<u8>>,
    /// By `REPOSITORY:TAG` and by digest: the media type and the bytes.
    pub manifests: BTreeMap<String, (String, Vec<u8>)>,
    /// `METHOD PATH` of every request that was answered with success, in their order.
    pub done: Vec<String>,
    /// The value of the header `Authorization` that is asked for.
    pub secret: Option<String>,
    /// What is answered to the next requests of this method whose path has this text: a status, and how often.
    pub fault: Option<(&'static str, &'static str, u16, usize)>,
}

/// A registry that runs until the test ends.
pub struct Registry {
    pub host: String,
    held: Arc<Mutex<Held>>,
}

pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

impl Registry {
    pub fn start() -> Registry {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let held = Arc::new(Mutex::new(Held::default()));
        let shared = held.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // A client that goes away in the middle is its own affair.
                let _ = answer(stream, &mut shared.lock().unwrap());
            }
        });
        Registry { host, held }
    }

    pub fn held<T>(&self, look: impl FnOnce(&mut Held) -> T) -> T {
        look(&mut self.held.lock().unwrap())
    }
}

fn answer(stream: TcpStream, held: &mut Held) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (status, headers, answer) = respond(held, &method, &path, &headers, body);
    if status < 400 {
        held.done.push(format!("{method} {path}"));
    }
    let mut stream = reader.into_inner();
    write!(stream, "HTTP/1.1 {status} Status\r\nConnection: close\r\nContent-Length: {}\r\n", answer.len())?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    if method != "HEAD" {
        stream.write_all(&answer)?;
    }
    Ok(())
}

type Answer = (u16, Vec<(&'static str, String)>, Vec<u8>);

fn refusal(status: u16, code: &str) -> Answer {
    (
        status,
        Vec::new(),
        format!(r#"{{"errors": [{{"code": "{code}", "message": "no", "detail": null}}]}}"#).into_bytes(),
    )
}

fn respond(held: &mut Held, method: &str, path: &str, headers: &BTreeMap<String, String>, body: Vec<u8>) -> Answer {
    if held.secret.is_some() && headers.get("authorization") != held.secret.as_ref() {
        let (status, mut headers, body) = refusal(401, "UNAUTHORIZED");
        headers.push(("WWW-Authenticate", "Basic realm=\"test\"".to_owned()));
        return (status, headers, body);
    }
    if let Some((on, within, status, times)) = &mut held.fault
        && *times > 0
        && *on == method
        && path.contains(*within)
    {
        *times -= 1;
        return refusal(*status, if *status == 403 { "DENIED" } else { "UNKNOWN" });
    }
    let Some(path) = path.strip_prefix("/v2/") else { return refusal(404, "NOT_FOUND") };
    if path.is_empty() {
        return (200, Vec::new(), Vec::new());
    }
    if let Some((repository, reference)) = path.split_once("/manifests/") {
        let name =
            if reference.starts_with("sha256:") { reference.to_owned() } else { format!("{repository}:{reference}") };
        return match method {
            "PUT" => {
                if !is_complete(held, &body) {
                    return refusal(400, "MANIFEST_BLOB_UNKNOWN");
                }
                let digest = digest(&body);
                let manifest = (headers["content-type"].clone(), body);
                held.manifests.insert(name, manifest.clone());
                held.manifests.insert(digest, manifest);
                (201, vec![("Location", format!("/v2/{path}"))], Vec::new())
            }
            _ => match held.manifests.get(&name) {
                Some((media_type, bytes)) => {
                    let headers = vec![("Docker-Content-Digest", digest(bytes)), ("Content-Type", media_type.clone())];
                    (200, headers, bytes.clone())
                }
                None => refusal(404, "MANIFEST_UNKNOWN"),
            },
        };
    }
    if let Some((_, rest)) = path.split_once("/blobs/uploads/") {
        if method == "POST" {
            return (202, vec![("Location", format!("/v2/{path}session"))], Vec::new());
        }
        let wanted = rest.split_once("digest=").map(|(_, digest)| digest.replace("%3A", ":")).unwrap_or_default();
        if digest(&body) != wanted {
            return refusal(400, "DIGEST_INVALID");
        }
        held.blobs.insert(wanted, body);
        // As Go's registry does, without saying where the blob is now.
        return (201, Vec::new(), Vec::new());
    }
    match path.split_once("/blobs/").and_then(|(_, digest)| held.blobs.get(digest)) {
        Some(bytes) => (200, Vec::new(), bytes.clone()),
        None => refusal(404, "BLOB_UNKNOWN"),
    }
}

/// Whether everything that a manifest or index names is there.
fn is_complete(held: &Held, manifest: &[u8]) -> bool {
    let manifest: Value = serde_json::from_slice(manifest).unwrap();
    let list = |name: &str| manifest[name].as_array().cloned().unwrap_or_default();
    let there = |descriptor: &Value, size: Option<usize>| size == descriptor["size"].as_u64().map(|size| size as usize);
    let blobs = list("layers").into_iter().chain(manifest.get("config").cloned());
    let digest = |descriptor: &Value| descriptor["digest"].as_str().unwrap().to_owned();
    let blobs = blobs.into_iter().all(|blob| there(&blob, held.blobs.get(&digest(&blob)).map(Vec::len)));
    let images =
        list("manifests").iter().all(|image| there(image, held.manifests.get(&digest(image)).map(|(_, it)| it.len())));
    blobs && images
}
