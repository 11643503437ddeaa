//! temporary
use crate::{
    config::{Config, Error},
    emit::Docs,
    generate::Warning,
};
use planewright_definitions::{
    crd::Crd,
    model::{self, Kind},
    reference::KnownKinds,
    schema::Schema,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

pub(crate) struct Prepared {
    pub digest: String,
    pub inputs: Vec<PathBuf>,
}
pub(crate) struct Input {
    pub kinds: Vec<Kind>,
    pub known: KnownKinds,
    pub composites: Vec<(Kind, bool, Schema)>,
    pub warnings: Vec<Warning>,
}
fn files(schemas: &[PathBuf]) -> Vec<PathBuf> {
    let mut v: Vec<PathBuf> = schemas
        .iter()
        .flat_map(|s| {
            if s.is_dir() {
                std::fs::read_dir(s)
                    .unwrap()
                    .map(|e| e.unwrap().path())
                    .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
                    .collect()
            } else {
                vec![s.clone()]
            }
        })
        .collect();
    v.sort();
    v
}
pub(crate) fn prepare(config: &Config, schemas: &[PathBuf], _apis: &[PathBuf]) -> Result<Prepared, Error> {
    let inputs = files(schemas);
    let d: Vec<String> = inputs.par_iter().map(|f| crate::output::digest(&std::fs::read(f).unwrap())).collect();
    let mut h = Sha256::new();
    for (i, d) in inputs.iter().zip(d) {
        h.update(i.to_string_lossy().as_bytes());
        h.update(d.as_bytes());
    }
    h.update(format!("{:?}{:?}{}", config.select, config.docs, config.pretty).as_bytes());
    Ok(Prepared { digest: h.finalize().iter().map(|b| format!("{b:02x}")).collect(), inputs })
}
pub(crate) fn load(config: &Config, schemas: &[PathBuf], _apis: &[PathBuf]) -> Result<Input, Error> {
    let docs = config.docs != Docs::None;
    let per: Vec<(Vec<Kind>, (String, String), Vec<Warning>)> = files(schemas)
        .par_iter()
        .map(|f| {
            let t = std::fs::read_to_string(f).unwrap();
            let mut o = serde_saphyr::Options::default();
            o.with_snippet = false;
            o.strict_booleans = true;
            if let Some(b) = o.budget.as_mut() {
                b.max_nodes = 10_000_000;
                b.max_events = 30_000_000;
            }
            let c: Crd = serde_saphyr::from_str_with_options(&t, o).unwrap_or_else(|e| panic!("{f:?} {e}"));
            let mut warnings = vec![];
            let kinds = c
                .spec
                .versions
                .iter()
                .filter(|v| v.storage)
                .map(|v| {
                    let (k, w) = model::read(&c, v, docs);
                    warnings.extend(w.into_iter().map(|w| Warning {
                        file: f.clone(),
                        path: format!("{} {}", k.kind, w.path),
                        reason: w.reason,
                    }));
                    k
                })
                .filter(|k| config.select.is_empty() || config.select.iter().any(|s| s.matches(k)))
                .collect();
            (kinds, (c.spec.group.clone(), c.spec.names.kind.clone()), warnings)
        })
        .collect();
    let mut i = Input { kinds: vec![], known: KnownKinds::default(), composites: vec![], warnings: vec![] };
    for (k, (g, n), w) in per {
        i.kinds.extend(k);
        i.known.insert(&g, &n);
        i.warnings.extend(w);
    }
    Ok(i)
}
