//! What a run reads: provider CRDs and XRDs, as models.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fs_err as fs;
use planewright_definitions::admission::{self, Admitted};
use planewright_definitions::crd::Crd;
use planewright_definitions::load::{Definition, Loaded, Loader, Paths, Source as _};
use planewright_definitions::model::{self, Kind, Type};
use planewright_definitions::reference::KnownKinds;
use planewright_definitions::schema::Schema;
use planewright_definitions::xcrd::reserved;
use planewright_definitions::xrd::{XrScope, Xrd, XrdSpec};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::config::{Config, Error};
use crate::emit::Docs;
use crate::generate::Warning;
use crate::lock::{LockError, NAMES_LOCK, SchemasLock};
use crate::output;
use crate::refused::RefusedXrd;

/// Changes whenever the same input would give other output, so that what an older generator wrote is written anew.
const GENERATOR: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("PLANEWRIGHT_GENERATOR"));

/// A composite resource, or a claim: the model, and what it was read from.
#[derive(Clone, Debug)]
pub(crate) struct CompositeKind {
    pub(crate) kind: Kind,
    /// Whether Crossplane keeps its machinery directly in `spec`.
    pub(crate) legacy: bool,
    pub(crate) schema: Schema,
    /// The XRD as JSON, with its scope said.
    pub(crate) definition: String,
}

/// Everything that a run reads.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The provider kinds that were selected.
    pub(crate) kinds: Vec<Kind>,
    /// All provider kinds, selected or not.
    pub(crate) known: KnownKinds,
    pub(crate) composites: Vec<CompositeKind>,
    /// Group and kind of those of `kinds` that are managed resources.
    pub(crate) managed: BTreeSet<(String, String)>,
    pub(crate) warnings: Vec<Warning>,
}

/// The files of a run, and the digest of all that its output depends on.
pub(crate) struct Fingerprint {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) digest: String,
}

/// Checks pinned folders against their locks, and digests what a run would read.
pub(crate) fn fingerprint(config: &Config, schemas: &[PathBuf], apis: &[PathBuf]) -> Result<Fingerprint, Error> {
    let mut problems = Vec::new();
    for folder in schemas.iter().filter(|path| path.is_dir()) {
        match SchemasLock::read(folder) {
            Ok(Some(lock)) => problems.extend(lock.verify(folder)),
            // A folder that was never pinned is the author's affair; one that has lost its lock is not.
            Ok(None) if folder.join(NAMES_LOCK).exists() => problems.push(LockError::lost(folder)),
            Ok(None) => {}
            Err(error) => problems.push(error),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Pinned(problems));
    }
    // What is not there is reported by the loader, with a remedy.
    let streams = Paths::new(schemas.iter().chain(apis)).streams().unwrap_or_default();
    let files: Vec<PathBuf> = streams.iter().map(|stream| PathBuf::from(stream.name())).collect();
    let digests: Vec<String> =
        files.par_iter().map(|file| fs::read(file).map(|bytes| output::digest(&bytes)).unwrap_or_default()).collect();
    let mut hash = Sha256::new();
    for part in [GENERATOR, &config.fingerprint()] {
        hash.update(part);
        hash.update([0]);
    }
    for (file, digest) in files.iter().zip(digests) {
        // The name of a file matters only in warnings, its folder not at all: same output in any place.
        hash.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        hash.update([0]);
        hash.update(digest);
    }
    let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Fingerprint { files, digest })
}

/// Loads everything.
pub(crate) fn load(config: &Config, schemas: &[PathBuf], apis: &[PathBuf]) -> Result<Input, Error> {
    let mut input = Input { composites: composites(config, apis)?, ..Input::default() };
    if schemas.is_empty() {
        return Ok(input);
    }
    let loader = Loader::new().limits(config.limits).paths(schemas);
    for read in loader.load(|loaded| provider(config, loaded))?.results.into_iter().flatten() {
        input.known.insert(&read.group, &read.kind);
        if read.managed {
            input.managed.insert((read.group, read.kind));
        }
        input.kinds.extend(read.kinds);
        input.warnings.extend(read.warnings);
    }
    Ok(input)
}

/// What was read of one provider CRD.
struct Provider {
    group: String,
    kind: String,
    managed: bool,
    kinds: Vec<Kind>,
    warnings: Vec<Warning>,
}

fn provider(config: &Config, loaded: Loaded) -> Option<Provider> {
    let (crd, managed) = match loaded.definition {
        Definition::Crd(crd) => {
            // Every provider puts its managed resources into this category.
            let managed = crd.spec.names.categories.iter().any(|category| category == "managed");
            (*crd, managed)
        }
        Definition::Mrd(mrd) => (mrd.into_crd(), true),
        // An XRD among provider schemas is nothing that a composition composes by accident.
        Definition::Xrd(_) => return None,
    };
    let file = PathBuf::from(&loaded.origin.file);
    let mut warnings: Vec<Warning> = loaded
        .warnings
        .iter()
        .map(|odd| Warning { file: file.clone(), path: odd.path().to_owned(), reason: odd.reason().to_owned() })
        .collect();
    let (kinds, more) = read_versions(&crd, config, &file);
    warnings.extend(more);
    Some(Provider { group: crd.spec.group, kind: crd.spec.names.kind, managed, kinds, warnings })
}

/// The versions of a CRD that are selected: without a selection, the one at which objects are stored.
fn read_versions(crd: &Crd, config: &Config, file: &Path) -> (Vec<Kind>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let wanted = crd.spec.versions.iter().filter(|version| config.wants(crd, version));
    let kinds = wanted.map(|version| {
        let (kind, odd) = model::read(crd, version, config.docs != Docs::None);
        warnings.extend(odd.into_iter().map(|odd| Warning {
            file: file.to_owned(),
            path: format!("{} {}", kind.kind, odd.path),
            reason: odd.reason,
        }));
        kind
    });
    (kinds.collect(), warnings)
}

/// The composite resources of the XRDs, at the version that compositions refer to.
fn composites(config: &Config, apis: &[PathBuf]) -> Result<Vec<CompositeKind>, Error> {
    let composite = |(written, admitted): (Xrd, Admitted)| {
        let mut composite = at_referenceable(&written, &admitted.xrd, &admitted.composite)?;
        without_machinery(&mut composite);
        Some(composite)
    };
    Ok(xrds(config, apis)?.into_iter().filter_map(composite).collect())
}

/// Takes away the fields that belong to Crossplane, which a composition neither reads as parameters nor may set.
fn without_machinery(composite: &mut CompositeKind) {
    let (spec, status) = match composite.legacy {
        true => (reserved::LEGACY_SPEC, reserved::LEGACY_STATUS),
        false => (reserved::SPEC, reserved::STATUS),
    };
    for field in &mut composite.kind.root.fields {
        let machinery = if &*field.name == "spec" { spec } else { status };
        if let Type::Object(object) = &mut field.ty {
            object.fields.retain(|field| !machinery.contains(&&*field.name));
        }
    }
}

/// What services write: the claims of the XRDs that offer one, the composite resources of the others.
pub(crate) fn claims(config: &Config, apis: &[PathBuf]) -> Result<Vec<CompositeKind>, Error> {
    let offered = |(written, admitted): (Xrd, Admitted)| {
        let crd = admitted.claim.as_ref().unwrap_or(&admitted.composite);
        at_referenceable(&written, &admitted.xrd, crd)
    };
    Ok(xrds(config, apis)?.into_iter().filter_map(offered).collect())
}

/// The XRDs as they are written, and as a control plane would store them, with the CRDs that it would derive.
fn xrds(config: &Config, apis: &[PathBuf]) -> Result<Vec<(Xrd, Admitted)>, Error> {
    if apis.is_empty() {
        return Ok(Vec::new());
    }
    let judge = |loaded: Loaded| {
        let Definition::Xrd(xrd) = loaded.definition else { return Ok(None) };
        let document = serde_json::to_value(&*xrd).unwrap_or_default();
        match admission::admit(&document) {
            Ok(admitted) => Ok(Some((*xrd, admitted))),
            Err(refusals) => {
                let place = format!("{}:{}", loaded.origin.file, loaded.origin.line);
                Err(RefusedXrd { place, name: xrd.metadata.name.clone(), refusals })
            }
        }
    };
    let (mut admitted, mut refused) = (Vec::new(), Vec::new());
    for judged in Loader::new().limits(config.limits).paths(apis).load(judge)?.results {
        match judged {
            Ok(xrd) => admitted.extend(xrd),
            Err(xrd) => refused.push(xrd),
        }
    }
    if refused.is_empty() { Ok(admitted) } else { Err(Error::Refused(refused)) }
}

/// The kind at the version that compositions refer to. An XRD that was admitted has one, and a schema for it. `written` is the
/// XRD as it stands in its file.
fn at_referenceable(written: &Xrd, xrd: &Xrd, crd: &Crd) -> Option<CompositeKind> {
    let name = &xrd.referenceable_version()?.name;
    let version = crd.spec.versions.iter().find(|version| version.name == *name)?;
    let (kind, _) = model::read(crd, version, true);
    // What the API server would fill in says nothing, but for the scope, whose default official programs get wrong.
    let definition = serde_json::to_string(&Xrd {
        spec: XrdSpec { scope: Some(xrd.scope()), ..written.spec.clone() },
        ..written.clone()
    });
    Some(CompositeKind {
        legacy: xrd.scope() == XrScope::LegacyCluster,
        kind,
        schema: version.schema()?.clone(),
        definition: definition.unwrap_or_default(),
    })
}
