//! A session with rust-analyzer: the Language Server Protocol over its standard input and output.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long the slowest machine may take to load the platform, or to answer. Only a server that hangs takes longer.
const HANGS: Duration = Duration::from_secs(900);

/// The program, or what is missing: the program is what the environment names, or what is on the path. rustup puts a
/// program of that name on the path that only works once the component is installed.
///
/// The sources of the standard library must be there too. Without them the server would install them into the toolchain,
/// and what the compiler prints of errors within the library would change for everybody who uses that.
pub fn program(package: &Path) -> Result<PathBuf, &'static str> {
    let named = std::env::var_os("PLANEWRIGHT_RUST_ANALYZER").filter(|name| !name.is_empty());
    let program = PathBuf::from(named.unwrap_or_else(|| "rust-analyzer".into()));
    let says = |program: &Path, argument: &[&str]| {
        let output = Command::new(program).args(argument).current_dir(package).stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if !says(&program, &["--version"]).is_some_and(|version| version.starts_with("rust-analyzer")) {
        return Err(
            "rust-analyzer is not installed; `rustup component add rust-analyzer` does that, or name the program in \
             PLANEWRIGHT_RUST_ANALYZER",
        );
    }
    let of_the_toolchain = says(Path::new("rustc"), &["--print", "sysroot"])
        .map(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library"));
    let named = std::env::var_os("RUST_SRC_PATH").map(PathBuf::from);
    if ![named, of_the_toolchain].into_iter().flatten().any(|library| library.join("core").is_dir()) {
        return Err(
            "the sources of the standard library are not installed; `rustup component add rust-src` does that, or name \
             their folder `library` in RUST_SRC_PATH",
        );
    }
    Ok(program)
}

/// A running server with one open file.
pub struct Session {
    server: Child,
    to_server: ChildStdin,
    from_server: Receiver<Value>,
    requests: u64,
    file: PathBuf,
    version: u64,
}

impl Session {
    /// Starts the server on a package and opens a file of it, and waits until the package is understood.
    pub fn open(program: &Path, package: &Path, file: PathBuf) -> Session {
        let mut server = Command::new(program)
            .current_dir(package)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("rust-analyzer starts");
        let to_server = server.stdin.take().expect("its standard input is ours");
        let output = server.stdout.take().expect("its standard output is ours");
        let (sender, from_server) = channel();
        std::thread::spawn(move || read(BufReader::new(output), &sender));
        let text = std::fs::read_to_string(&file).expect("the file is there");
        let mut session = Session { server, to_server, from_server, requests: 0, file, version: 1 };
        session.initialize(package);
        let document = json!({ "uri": session.uri(), "languageId": "rust", "version": 1, "text": text });
        session.notify("textDocument/didOpen", json!({ "textDocument": document }));
        session.wait_until_quiet();
        session
    }

    fn initialize(&mut self, package: &Path) {
        let capabilities = json!({
            "textDocument": {
                "completion": { "completionItem": { "snippetSupport": false } },
                "hover": { "contentFormat": ["plaintext"] },
                "definition": { "linkSupport": true },
            },
            "experimental": { "serverStatusNotification": true },
            "workspace": { "configuration": true },
        });
        self.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": uri(package),
                "capabilities": capabilities,
                "initializationOptions": configuration(),
            }),
        );
        self.notify("initialized", json!({}));
    }

    /// Answers what the server asks until it says that it has nothing to do.
    fn wait_until_quiet(&mut self) {
        let end = Instant::now() + HANGS;
        loop {
            let message = self.receive(end);
            if message["method"] == "experimental/serverStatus" && message["params"]["quiescent"] == true {
                let status = &message["params"];
                assert_ne!(status["health"], "error", "rust-analyzer cannot load the platform: {status}");
                return;
            }
        }
    }

    /// Replaces the text of the file, as typing does.
    pub fn change(&mut self, text: &str) {
        self.version += 1;
        let document = json!({ "uri": self.uri(), "version": self.version });
        let change = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.notify("textDocument/didChange", change);
    }

    /// Asks something about a place in the file: `completion`, `hover` or `definition`.
    pub fn ask(&mut self, what: &str, line: usize, column: usize) -> Value {
        let place = json!({
            "textDocument": { "uri": self.uri() },
            "position": { "line": line, "character": column },
        });
        self.request(&format!("textDocument/{what}"), place)
    }

    fn uri(&self) -> String {
        uri(&self.file)
    }

    /// The result of a request. The server may say that the text changed while it was at it; then it is asked again.
    fn request(&mut self, method: &str, params: Value) -> Value {
        let end = Instant::now() + HANGS;
        loop {
            self.requests += 1;
            let id = self.requests;
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
            let mut answer = loop {
                let message = self.receive(end);
                if message["id"] == id && message["method"].is_null() {
                    break message;
                }
            };
            if answer["error"].is_null() {
                return answer["result"].take();
            }
            const CONTENT_MODIFIED: i64 = -32801;
            assert_eq!(answer["error"]["code"], CONTENT_MODIFIED, "{method}: {}", answer["error"]);
        }
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.to_server, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("rust-analyzer listens");
        self.to_server.flush().expect("rust-analyzer listens");
    }

    /// The next message; what the server asks for is answered.
    fn receive(&mut self, end: Instant) -> Value {
        let message = match self.from_server.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("rust-analyzer says nothing for {HANGS:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("rust-analyzer has ended"),
        };
        if !message["method"].is_null() && !message["id"].is_null() {
            let items = message["params"]["items"].as_array().map_or(0, Vec::len);
            let result = match message["method"].as_str() {
                Some("workspace/configuration") => vec![configuration(); items].into(),
                _ => Value::Null,
            };
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }));
        }
        message
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Only what this package needs is built, the macros and the build script, and nothing is fetched.
fn configuration() -> Value {
    let build = ["cargo", "check", "--quiet", "--locked", "--package", "ide-tests", "--lib", "--message-format=json"];
    json!({
        "cargo": {
            "buildScripts": { "enable": true, "overrideCommand": build },
            "extraEnv": { "CARGO_NET_OFFLINE": "true" },
        },
        "procMacro": { "enable": true, "attributes": { "enable": true } },
        "checkOnSave": false,
        "cachePriming": { "enable": true },
    })
}

fn uri(path: &Path) -> String {
    let path = path.to_str().expect("the checkout is in a folder with a name in UTF-8");
    let separators = path.replace('\\', "/").replace(' ', "%20");
    format!("file://{}{separators}", if separators.starts_with('/') { "" } else { "/" })
}

/// Passes on what the server says until it ends.
fn read(mut output: impl BufRead, messages: &Sender<Value>) {
    loop {
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            if output.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap_or(0),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        if output.read_exact(&mut body).is_err() {
            return;
        }
        let Ok(message) = serde_json::from_slice(&body) else { return };
        if messages.send(message).is_err() {
            return;
        }
    }
}
