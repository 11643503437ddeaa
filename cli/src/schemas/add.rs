//! `planewright schemas add`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use planewright_codegen::lock::{LockedFile, LockedSource, NAMES_LOCK, SCHEMAS_LOCK, SchemasLock};
use planewright_codegen::{Selector, digest, pin};
use planewright_definitions::crd::Crd;
use planewright_definitions::load::{Definition, Loaded, Loader};
use planewright_definitions::yaml;

use super::names::names;
use super::{Folder, Source};
use crate::docs::Docs;
use crate::exit::{Outcome, Refused};
use crate::stage::Stage;
use crate::terminal::{Terminal, counted};

/// Pin CRDs: copy them, one file a kind, and lock their digests and the names of their types
///
/// A source that is pinned already is replaced as a whole, so that a provider is updated by adding its new version.
/// All or nothing: on an error the folder stays as it was.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
--docs none keeps facts and no prose. What generated code needs of the descriptions, the targets of references, is kept
as `x-planewright-reference`.

Examples:
  planewright schemas add provider-aws/package/crds --name provider-aws --version v2.3.0
  planewright schemas add package.yaml --name provider-helm --version v1.0.2 --select 'helm.m.crossplane.io/*'
  kubectl get crd -o yaml > crds.yaml && planewright schemas add crds.yaml --name cluster --docs none")]
pub(crate) struct Add {
    /// Files, folders or globs with CRDs or ManagedResourceDefinitions
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to call the source, such as provider-aws-ec2
    #[arg(long, value_parser = word)]
    name: String,
    /// The version of the source, such as v2.3.0; it is written down, nothing is looked up
    #[arg(long, value_parser = word, default_value = "unversioned")]
    version: String,
    /// How much of the descriptions to keep
    #[arg(long, value_enum, default_value_t = Docs::Full)]
    docs: Docs,
    /// Only kinds that fit GROUP/KIND, where `*` stands for any text; may be repeated [default: all]
    #[arg(long, value_name = "GROUP/KIND")]
    select: Vec<String>,
    #[command(flatten)]
    folder: Folder,
    /// The XRDs, whose types are named too: a file, folder or glob [default: apis, if there is such a folder]
    #[arg(long, value_name = "PATH")]
    apis: Option<PathBuf>,
}

impl Add {
    /// All kinds of a folder, for schemas in `to` beside the XRDs in `apis`.
    pub(super) fn all(from: &Path, source: &Source<'_>, to: &Path, apis: &Path) -> Add {
        Add {
            paths: vec![from.to_owned()],
            name: source.name.to_owned(),
            version: source.version.to_owned(),
            docs: source.docs,
            select: Vec::new(),
            folder: Folder { path: to.to_owned() },
            apis: Some(apis.to_owned()),
        }
    }
}

pub(crate) fn run(command: &Add, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let done = pin(command, terminal)?;
    terminal.note(done);
    Ok(Outcome::Done)
}

/// Pins, and answers what there is to say about it.
pub(super) fn pin(command: &Add, terminal: &Terminal) -> anyhow::Result<String> {
    let folder = &command.folder.path;
    let selectors = command.select.iter().map(|text| selector(text)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut lock = SchemasLock::read(folder)?.unwrap_or_default();
    let before = super::locked_names(folder)?;
    let pinned = load(command, &selectors, terminal)?;

    let new: BTreeSet<&str> = pinned.iter().map(|file| file.path.as_str()).collect();
    for other in lock.sources.iter().filter(|source| source.name != command.name) {
        let taken = other.files.iter().filter(|file| new.contains(file.path.as_str())).count();
        if taken > 0 {
            let kinds = counted(taken, "kind goes", "kinds go");
            terminal.note(format_args!("note: {kinds} over from source {} to {}", other.name, command.name));
        }
    }
    let old = lock.sources.iter().filter(|source| source.name == command.name).flat_map(|source| &source.files);
    let gone: Vec<PathBuf> =
        old.filter(|file| !new.contains(file.path.as_str())).map(|file| folder.join(&file.path)).collect();

    let stage = Stage::new(folder)?;
    let mut staged =
        pinned.iter().map(|file| stage.file(&file.path, &file.text)).collect::<anyhow::Result<Vec<_>>>()?;
    let locked = |file: &Pinned| LockedFile { path: file.path.clone(), digest: digest(file.text.as_bytes()) };
    lock.insert(LockedSource {
        name: command.name.clone(),
        version: command.version.clone(),
        docs: command.docs.into(),
        files: pinned.iter().map(locked).collect(),
    });
    // The names are those of the folder as it will be.
    let place = |path: &String| if new.contains(path.as_str()) { stage.path().join(path) } else { folder.join(path) };
    let files = lock.sources.iter().flat_map(|source| &source.files).map(|file| place(&file.path)).collect();
    let names = names(files, command.apis.as_deref(), before)?;
    staged.push(stage.file(NAMES_LOCK, names.to_string())?);
    staged.push(stage.file(SCHEMAS_LOCK, &lock.to_yaml()?)?);

    stage.publish(&staged, &gone)?;
    Ok(format!(
        "{}: pinned {} of {} {}{}",
        folder.display(),
        counted(pinned.len(), "kind", "kinds"),
        command.name,
        command.version,
        if gone.is_empty() { String::new() } else { format!(", removed {}", gone.len()) }
    ))
}

/// A kind, as it will be pinned.
struct Pinned {
    path: String,
    text: String,
}

/// What was found in one definition.
enum Found {
    Kind(anyhow::Result<Pinned>),
    NotSelected,
    Xrd,
}

fn load(command: &Add, selectors: &[Selector], terminal: &Terminal) -> anyhow::Result<Vec<Pinned>> {
    let progress = terminal.progress("reading definitions");
    let docs = command.docs.into();
    let each = |loaded: Loaded| {
        progress.inc(1);
        for warning in &loaded.warnings {
            progress.suspend(|| terminal.note(warning));
        }
        let crd = match loaded.definition {
            Definition::Crd(crd) => *crd,
            Definition::Mrd(mrd) => mrd.into_crd(),
            Definition::Xrd(_) => return Found::Xrd,
        };
        if selects(selectors, &crd) { Found::Kind(pinned(crd, docs)) } else { Found::NotSelected }
    };
    let found = Loader::new().paths(&command.paths).load(each)?.results;
    progress.finish_and_clear();

    let (mut pinned, mut passed, mut xrds) = (Vec::new(), 0, 0);
    for found in found {
        match found {
            Found::Kind(file) => pinned.push(file?),
            Found::NotSelected => passed += 1,
            Found::Xrd => xrds += 1,
        }
    }
    if pinned.is_empty() {
        return Err(match passed {
            0 => Refused::new("there are only XRDs here", "XRDs are not pinned: put them into apis/"),
            _ => {
                let all = counted(passed, "other is", "others are");
                Refused::new(format!("no kind fits {}; {all} in the input", command.select.join(", ")), SELECT_HELP)
            }
        }
        .into());
    }
    if xrds > 0 {
        let xrds = counted(xrds, "XRD was", "XRDs were");
        terminal.note(format_args!("note: {xrds} passed over; XRDs are not pinned: put them into apis/"));
    }
    pinned.sort_by(|a, b| a.path.cmp(&b.path));
    if let Some(twice) = pinned.windows(2).find(|two| two[0].path == two[1].path) {
        let reason = format!("two definitions are of the kind in {}", twice[0].path);
        return Err(Refused::new(reason, "keep one of them: a CRD is named `<plural>.<group>`").into());
    }
    Ok(pinned)
}

const SELECT_HELP: &str = "write GROUP/KIND, where `*` stands for any text, such as `ec2.aws.m.upbound.io/*`; \
                           `planewright census PATH` counts what is there";

fn pinned(crd: Crd, docs: planewright_codegen::Docs) -> anyhow::Result<Pinned> {
    let path = pin::file_name(&crd);
    if !path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        let remedy =
            "correct spec.group and spec.names.plural: they are names of the DNS, and the file is named after them";
        return Err(Refused::new(format!("{} is of a kind that no API server takes", crd.metadata.name), remedy).into());
    }
    let text = yaml::to_string(&pin::pinned(crd, docs))?;
    Ok(Pinned { path, text })
}

fn selects(selectors: &[Selector], crd: &Crd) -> bool {
    selectors.is_empty()
        || selectors.iter().any(|selector| selector.matches(&crd.spec.group, &crd.spec.names.kind, "", true))
}

/// A pattern over whole kinds: all versions of a kind are pinned.
fn selector(text: &str) -> anyhow::Result<Selector> {
    let selector = Selector::parse(text).map_err(|_| Refused::new(format!("`{text}` selects no kind"), SELECT_HELP))?;
    if text.split('/').count() > 2 {
        let remedy = "leave the version out: kinds are pinned with all their versions, and a build script selects one";
        return Err(Refused::new(format!("`{text}` names a version"), remedy).into());
    }
    Ok(selector)
}

/// A name or version: one word, and no path.
fn word(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    if text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("use letters, digits, `-`, `_`, `.` and `+`, beginning with a letter or digit".to_owned())
}
