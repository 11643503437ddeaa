//! The XRDs of a platform.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fs_err as fs;
use planewright_definitions::admission;
use planewright_definitions::load::{Definition, Loaded, Loader, Paths, Source};
use planewright_definitions::refusal::{Refusals, Stage};

use crate::exit::Refused;

/// Where XRDs are looked for if nobody says otherwise.
pub(crate) const DEFAULT: &str = "apis";

/// The folder of XRDs: the one that was named, or else `apis` if there is one.
pub(crate) fn folder(named: Option<&Path>) -> Vec<PathBuf> {
    match named {
        Some(path) => vec![path.to_owned()],
        None => Some(PathBuf::from(DEFAULT)).filter(|path| path.is_dir()).into_iter().collect(),
    }
}

/// Refuses XRDs that a control plane would refuse, with every reason of every one.
pub(crate) fn admit(paths: &[PathBuf]) -> anyhow::Result<()> {
    if paths.is_empty() {
        return Ok(());
    }
    let judge = |loaded: Loaded| -> serde_json::Result<Option<String>> {
        let Definition::Xrd(xrd) = loaded.definition else { return Ok(None) };
        let place = format!("{}:{}", loaded.origin.file, loaded.origin.line);
        let refused = admission::admit(&serde_json::to_value(&*xrd)?).err();
        Ok(refused.map(|refusals| report(&place, &xrd.metadata.name, &refusals)))
    };
    let judged = Loader::new().paths(paths).load(judge)?.results;
    let refused = judged.into_iter().filter_map(Result::transpose).collect::<serde_json::Result<Vec<_>>>()?;
    if refused.is_empty() { Ok(()) } else { Err(Refused::new(refused.join("\n\n"), "").into()) }
}

/// What speaks against one XRD, in the form of other errors but without the word in front.
pub(crate) fn report(place: &str, name: &str, refusals: &Refusals) -> String {
    let count = match refusals.0.len() {
        1 => "for one reason".to_owned(),
        many => format!("for {many} reasons"),
    };
    let mut text = format!("the XRD {name} would be refused, {count}\n--> {place}");
    for refusal in &refusals.0 {
        let when = match refusal.stage {
            Stage::Apply => "when it is applied",
            Stage::Core => "when Crossplane creates the CRD",
            Stage::NeverEstablished => "never established",
        };
        text.push_str(&format!("\n = at {} ({when}): {}\n   help: {}", refusal.path, refusal.reason, refusal.remedy));
    }
    text
}

/// Those of `paths` that hold an XRD. All files are looked through, none is parsed.
///
/// What cannot be listed or read is left to the loader, which reports it with a remedy.
pub(crate) fn with_xrds(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut with = Vec::new();
    for path in paths {
        let Ok(streams) = Paths::new([path]).streams() else { continue };
        for stream in streams {
            match fs::read(stream.name()) {
                Ok(bytes) if mentions_xrd(&bytes) => {
                    with.push(path.clone());
                    break;
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(with)
}

fn mentions_xrd(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.contains("CompositeResourceDefinition"))
}
