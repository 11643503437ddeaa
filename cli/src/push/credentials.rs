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

/// What a registry may be called in Docker's configuration: its own name, and the address of its index, under which `docker login` keeps
/// the credentials for a registry that it knows by such an address.
fn names(registry: &str) -> [String; 2] {
    [registry.to_owned(), format!("https://index.{registry}/v1/")]
}

impl DockerConfig {
    /// The helper that has the credentials for a registry, and the names that it may know it by.
    fn helper(&self, registry: &str) -> Option<(&str, Vec<String>)> {
        let names = names(registry);
        match names.iter().find_map(|name| Some((self.cred_helpers.get(name)?, name))) {
            Some((helper, name)) => Some((helper, vec![name.clone()])),
            None => Some((self.creds_store.as_deref()?, names.to_vec())),
        }
    }

    /// What the file itself has for a registry: under one of its names, or else under an address at its host.
    fn entry(&self, registry: &str) -> Option<&Entry> {
        let at = |address: &str| {
            let address = address.trim_start_matches("https://").trim_start_matches("http://");
            address.split('/').next() == Some(registry)
        };
        let named = names(registry).iter().find_map(|name| self.auths.get(name));
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
    if let Some((helper, names)) = config.helper(registry) {
        for name in names {
            match helped(helper, registry, &name)? {
                RegistryAuth::Anonymous => {}
                found => return Ok(found),
            }
        }
        return Ok(RegistryAuth::Anonymous);
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
    fn a_registry_is_found_under_its_name_and_under_the_address_of_its_index() {
        let auths = |name: &str| serde_json::json!({ "auths": { name: { "username": "me", "password": "p" } } });
        for name in ["example.org", "https://example.org/v2/", "https://index.example.org/v1/"] {
            assert_eq!(user(&auths(name), "example.org").as_deref(), Some("me"), "{name}");
        }
        for name in ["other.example.org", "https://index.example.org/v1/access-token", "index.example.org.example.com"]
        {
            assert_eq!(user(&auths(name), "example.org"), None, "{name}");
        }
    }

    #[test]
    fn helpers_are_asked_for_what_they_are_listed_under() {
        let asked = |config: serde_json::Value| {
            let config: DockerConfig = serde_json::from_value(config).unwrap();
            config.helper("example.org").map(|(helper, names)| format!("{helper} {}", names.join(" ")))
        };
        let index = "https://index.example.org/v1/";
        assert_eq!(asked(serde_json::json!({ "credHelpers": { index: "own" } })).unwrap(), format!("own {index}"));
        assert_eq!(
            asked(serde_json::json!({ "credHelpers": { "other.example.org": "own" }, "credsStore": "store" })).unwrap(),
            format!("store example.org {index}")
        );
        assert_eq!(asked(serde_json::json!({ "credHelpers": { "other.example.org": "own" } })), None);
    }
}
