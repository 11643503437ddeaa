//! Who may push, as Docker's configuration says it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fs_err as fs;
use oci_client::secrets::RegistryAuth;
use serde::Deserialize;

use crate::exit::Refused;

/// The part of Docker's `config.json` that is about credentials.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DockerConfig {
    auths: BTreeMap<String, Entry>,
    creds_store: Option<String>,
    cred_helpers: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
    registrytoken: String,
}

/// What a credential helper answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// The credentials for a registry; anonymous where nothing is said of it.
pub(super) fn of(registry: &str) -> anyhow::Result<RegistryAuth> {
    match file() {
        Some(file) if file.is_file() => read(&file, registry),
        _ => Ok(RegistryAuth::Anonymous),
    }
}

/// Docker's configuration.
fn file() -> Option<PathBuf> {
    let folder = match std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => std::env::home_dir()?.join(".docker"),
    };
    Some(folder.join("config.json"))
}

/// The names of Docker's own registry, by which programs that read Docker's configuration know it. The first is that of `docker login`,
/// and what it asks helpers for.
const HUB: [&str; 4] = ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"];

/// What a registry may be called in Docker's configuration, the usual name first.
fn names(registry: &str) -> Vec<&str> {
    if HUB.contains(&registry) { HUB.to_vec() } else { vec![registry] }
}

impl DockerConfig {
    /// The helper that has the credentials for a registry, and what it knows the registry as.
    fn helper<'a>(&'a self, registry: &'a str) -> Option<(&'a str, &'a str)> {
        let names = names(registry);
        let own = names.iter().find_map(|name| Some((self.cred_helpers.get(*name)?.as_str(), *name)));
        own.or_else(|| Some((self.creds_store.as_deref()?, names.first()?)))
    }

    /// What the file itself has for a registry: under one of its names, or else under an address at its host.
    fn entry(&self, registry: &str) -> Option<&Entry> {
        let names = names(registry);
        let at = |address: &str| {
            let address = address.trim_start_matches("https://").trim_start_matches("http://");
            address.split('/').next().is_some_and(|host| names.contains(&host))
        };
        let named = names.iter().find_map(|name| self.auths.get(*name));
        named.or_else(|| self.auths.iter().find(|(address, _)| at(address)).map(|(_, entry)| entry))
    }
}

fn read(file: &Path, registry: &str) -> anyhow::Result<RegistryAuth> {
    let text = fs::read_to_string(file)?;
    let shown = file.display();
    // The error may quote what it did not expect, which may be a secret.
    let config: DockerConfig = serde_json::from_str(&text).map_err(|error| {
        let reason = format!("{shown}: line {}: it is not what Docker writes", error.line());
        Refused::new(reason, format!("log in anew with `docker login {registry}`"))
    })?;
    if let Some((helper, name)) = config.helper(registry) {
        return helped(helper, registry, name);
    }
    let Some(entry) = config.entry(registry) else {
        return Ok(RegistryAuth::Anonymous);
    };
    if !entry.registrytoken.is_empty() {
        return Ok(RegistryAuth::Bearer(entry.registrytoken.clone()));
    }
    if !entry.identitytoken.is_empty() {
        let reason = format!("{shown} has an identity token for {registry}, which cannot be used to push from here");
        return Err(Refused::new(reason, "log in with a user name and a password or access token").into());
    }
    if !entry.username.is_empty() {
        return Ok(RegistryAuth::Basic(entry.username.clone(), entry.password.clone()));
    }
    let decoded = STANDARD.decode(entry.auth.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match decoded.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((user, password)) => Ok(RegistryAuth::Basic(user.to_owned(), password.trim_end_matches('\0').to_owned())),
        None if entry.auth.is_empty() => Ok(RegistryAuth::Anonymous),
        None => {
            let reason = format!("{shown}: what it has for {registry} is not USER:PASSWORD in base64");
            Err(Refused::new(reason, format!("log in anew with `docker login {registry}`")).into())
        }
    }
}

/// Asks a credential helper for a registry by the name that it knows it as.
fn helped(helper: &str, registry: &str, name: &str) -> anyhow::Result<RegistryAuth> {
    let program = format!("docker-credential-{helper}");
    let refuse = |reason: String| {
        Refused::new(reason, format!("log in anew with `docker login {registry}`, or correct Docker's config.json"))
    };
    let mut process = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| refuse(format!("the credential helper {program} cannot be run: {error}")))?;
    if let Some(mut stdin) = process.stdin.take() {
        // A helper that does not read has decided already.
        let _ = writeln!(stdin, "{name}");
    }
    let output = process.wait_with_output()?;
    if !output.status.success() {
        // Helpers say on standard output that they know nothing of a registry.
        let said = String::from_utf8_lossy(&output.stdout);
        return match said.contains("credentials not found") {
            true => Ok(RegistryAuth::Anonymous),
            false => Err(refuse(format!("the credential helper {program} failed ({})", output.status)).into()),
        };
    }
    let answer: Answer = serde_json::from_slice(&output.stdout)
        .map_err(|_| refuse(format!("the credential helper {program} did not answer with credentials")))?;
    match answer.username.as_str() {
        "<token>" => {
            Err(refuse(format!("{program} has an identity token for {registry}, which cannot be used here")).into())
        }
        _ => Ok(RegistryAuth::Basic(answer.username, answer.secret)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(config: &serde_json::Value, registry: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        fs::write(&file, config.to_string()).unwrap();
        match read(&file, registry).unwrap() {
            RegistryAuth::Basic(user, _) => Some(user),
            _ => None,
        }
    }

    #[test]
    fn docker_hub_is_found_under_the_name_that_docker_login_writes() {
        let login = |name: &str, user: &str| (name.to_owned(), serde_json::json!({"username": user, "password": "p"}));
        let auths = |entries: &[(String, serde_json::Value)]| serde_json::json!({"auths": entries.iter().cloned().collect::<serde_json::Map<_, _>>()});
        let config = auths(&[
            login("docker.io", "other"),
            login("https://index.docker.io/v1/", "me"),
            login("https://index.docker.io/v1/access-token", "token"),
            login("registry.example.org", "them"),
        ]);
        for registry in ["docker.io", "index.docker.io", "registry-1.docker.io"] {
            assert_eq!(user(&config, registry).as_deref(), Some("me"), "{registry}");
            // Other programs, and logins in which the registry was named.
            for name in ["docker.io", "https://index.docker.io", "registry-1.docker.io", "https://docker.io/v2/"] {
                let config = auths(&[login(name, "me")]);
                assert_eq!(user(&config, registry).as_deref(), Some("me"), "{name} for {registry}");
            }
        }
        assert_eq!(user(&config, "registry.example.org").as_deref(), Some("them"));
        for registry in ["example.org", "hub.docker.io", "docker.io.example.org"] {
            assert_eq!(user(&config, registry), None, "{registry}");
        }
    }

    #[test]
    fn helpers_are_asked_for_docker_hub_as_they_know_it() {
        let helper = |config: serde_json::Value, registry: &str| {
            let config: DockerConfig = serde_json::from_value(config).unwrap();
            config.helper(registry).map(|(helper, name)| format!("{helper} {name}"))
        };
        let store = serde_json::json!({"credsStore": "store", "credHelpers": {"registry.example.org": "own"}});
        let docker_io = serde_json::json!({"credsStore": "store", "credHelpers": {"docker.io": "own"}});
        let login = serde_json::json!({"credHelpers": {"docker.io": "other", "https://index.docker.io/v1/": "own"}});
        for registry in ["docker.io", "index.docker.io", "registry-1.docker.io"] {
            assert_eq!(helper(store.clone(), registry).unwrap(), "store https://index.docker.io/v1/");
            assert_eq!(helper(docker_io.clone(), registry).unwrap(), "own docker.io");
            assert_eq!(helper(login.clone(), registry).unwrap(), "own https://index.docker.io/v1/");
        }
        assert_eq!(helper(store.clone(), "registry.example.org").unwrap(), "own registry.example.org");
        assert_eq!(helper(store, "localhost:5000").unwrap(), "store localhost:5000");
        assert_eq!(helper(login, "registry.example.org"), None);
    }
}
