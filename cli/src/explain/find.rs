//! The kind and the field that are meant.

use std::path::PathBuf;

use fs_err as fs;
use indicatif::ProgressBar;
use planewright_codegen::lock::{NAMES_LOCK, NamesLock};
use planewright_definitions::crd::Crd;
use planewright_definitions::load::{Definition, Loaded, Loader};
use planewright_definitions::model::{self, Field, Kind, Object};
use planewright_definitions::reference::KnownKinds;
use planewright_definitions::xcrd;

use crate::exit::Refused;

/// `[GROUP/]KIND[/VERSION][.PATH]`, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Subject {
    group: Option<String>,
    kind: String,
    version: Option<String>,
    /// The names of the fields on the way.
    pub(super) path: Vec<String>,
}

impl Subject {
    pub(super) fn parse(text: &str) -> anyhow::Result<Subject> {
        let bad = || {
            let remedy = "write [GROUP/]KIND[/VERSION][.PATH], such as `VPC.spec.forProvider.cidrBlock` or \
                          `ec2.aws.m.upbound.io/VPC`";
            Refused::new(format!("`{text}` is no kind"), remedy)
        };
        // A group has dots, a kind has none: the path begins at the first dot after the last slash.
        let (front, last) = text.rsplit_once('/').map_or(("", text), |(front, last)| (front, last));
        let (last, path) = last.split_once('.').unwrap_or((last, ""));
        let mut words: Vec<&str> = front.split('/').filter(|word| !word.is_empty()).collect();
        words.push(last);
        let is_group = |word: &str| word.contains('.');
        let (group, kind, version) = match words.as_slice() {
            [kind] => (None, *kind, None),
            [group, kind] if is_group(group) || !is_version(kind) => (Some(*group), *kind, None),
            [kind, version] => (None, *kind, Some(*version)),
            [group, kind, version] => (Some(*group), *kind, Some(*version)),
            _ => return Err(bad().into()),
        };
        if kind.is_empty() || kind.contains('.') {
            return Err(bad().into());
        }
        let names = path.split('.').map(|name| name.trim_end_matches("[]"));
        Ok(Subject {
            group: group.map(str::to_owned),
            kind: kind.to_owned(),
            version: version.map(str::to_owned),
            path: names.filter(|name| !name.is_empty() && *name != "*").map(str::to_owned).collect(),
        })
    }

    fn fits(&self, kind: &Kind) -> bool {
        kind.kind == self.kind
            && self.group.as_ref().is_none_or(|group| *group == kind.group)
            && self.version.as_ref().map_or(kind.storage, |version| *version == kind.version)
    }
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The kind that is meant, and what is needed to explain it.
pub(super) struct Found {
    pub(super) kind: Kind,
    /// Whether it is a composite resource or a claim.
    pub(super) composite: bool,
    /// Its versions, in the order of the definition, and which of them are served.
    pub(super) versions: Vec<String>,
    pub(super) known: KnownKinds,
    pub(super) names: NamesLock,
}

/// What is kept of a definition: the name of its kind, and the kind itself if it may be meant.
struct Candidate {
    group: String,
    kind: String,
    composite: bool,
    versions: Vec<String>,
    fitting: Vec<Kind>,
}

pub(super) fn find(
    subject: &Subject,
    schemas: &[PathBuf],
    apis: &[PathBuf],
    progress: &ProgressBar,
) -> anyhow::Result<Found> {
    let mut candidates = Vec::new();
    for paths in [schemas, apis].into_iter().filter(|paths| !paths.is_empty()) {
        let each = |loaded: Loaded| {
            progress.inc(1);
            candidates_of(loaded, subject)
        };
        candidates.extend(Loader::new().paths(paths).load(each)?.results.into_iter().flatten());
    }
    let known = candidates.iter().map(|one| (one.group.as_str(), one.kind.as_str())).collect();
    let (mut fitting, others): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|candidate| !candidate.fitting.is_empty());
    let Some(found) = fitting.pop() else { return Err(unknown(subject, &others).into()) };
    if !fitting.is_empty() {
        fitting.push(found);
        return Err(ambiguous(subject, &fitting).into());
    }
    let Candidate { composite, versions, mut fitting, .. } = found;
    let Some(kind) = fitting.pop() else { return Err(unknown(subject, &others).into()) };
    Ok(Found { kind, composite, versions, known, names: names(schemas)? })
}

fn names(schemas: &[PathBuf]) -> anyhow::Result<NamesLock> {
    let lock = schemas.iter().map(|folder| folder.join(NAMES_LOCK)).find(|path| path.is_file());
    let Some(lock) = lock else { return Ok(NamesLock::default()) };
    // A broken lock is for the build to report; here it only means that types are named by rule.
    Ok(NamesLock::parse(&fs::read_to_string(lock)?).unwrap_or_default())
}

fn candidates_of(loaded: Loaded, subject: &Subject) -> Vec<Candidate> {
    let (crds, composite) = match loaded.definition {
        Definition::Crd(crd) => (vec![*crd], false),
        Definition::Mrd(mrd) => (vec![mrd.into_crd()], false),
        // What cannot be derived is for `xrd convert` to explain; it is no candidate.
        Definition::Xrd(xrd) => {
            (xcrd::composite(&xrd).into_iter().chain(xcrd::claim(&xrd).ok().flatten()).collect(), true)
        }
    };
    crds.into_iter().map(|crd| candidate(&crd, composite, subject)).collect()
}

fn candidate(crd: &Crd, composite: bool, subject: &Subject) -> Candidate {
    let (group, kind) = (crd.spec.group.clone(), crd.spec.names.kind.clone());
    let mut fitting = Vec::new();
    if kind == subject.kind {
        let kinds = crd.spec.versions.iter().map(|version| model::read(crd, version, true).0);
        fitting = kinds.filter(|kind| subject.fits(kind)).collect();
    }
    Candidate {
        group,
        kind,
        composite,
        versions: crd.spec.versions.iter().map(|version| version.name.clone()).collect(),
        fitting,
    }
}

fn unknown(subject: &Subject, others: &[Candidate]) -> Refused {
    let wanted = match (&subject.group, &subject.version) {
        (Some(group), Some(version)) => format!("{group}/{}/{version}", subject.kind),
        (Some(group), None) => format!("{group}/{}", subject.kind),
        (None, Some(version)) => format!("{}/{version}", subject.kind),
        (None, None) => subject.kind.clone(),
    };
    let full = |one: &Candidate| format!("{}/{} ({})", one.group, one.kind, one.versions.join(", "));
    let same: Vec<String> = others.iter().filter(|one| one.kind == subject.kind).map(full).collect();
    let remedy = if same.is_empty() {
        let kinds = others.iter().map(|one| one.kind.as_str());
        match nearest(&subject.kind, kinds) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name other schemas with --schemas; `planewright census` counts what is in them".to_owned(),
        }
    } else {
        format!("there is\n{}", same.join("\n"))
    };
    Refused::new(format!("no kind {wanted} is among the {} kinds here", others.len()), remedy)
}

fn ambiguous(subject: &Subject, fitting: &[Candidate]) -> Refused {
    let lines: Vec<String> = fitting.iter().map(|one| format!("{}/{}", one.group, one.kind)).collect();
    Refused::new(
        format!("{} kinds are called {}", fitting.len(), subject.kind),
        format!("say which one is meant:\n{}", lines.join("\n")),
    )
}

/// The fields on the way to the one that is meant, which is the last; none for whole objects.
pub(super) fn way<'a>(kind: &'a Kind, path: &[String]) -> Result<Vec<&'a Field>, Refused> {
    let mut way: Vec<&Field> = Vec::new();
    let mut object = Some(&kind.root);
    for (depth, name) in path.iter().enumerate() {
        let at = if depth == 0 { kind.kind.clone() } else { format!("{}.{}", kind.kind, path[..depth].join(".")) };
        let Some(inside) = object else {
            let remedy = format!("`planewright explain {at}` tells what it is");
            return Err(Refused::new(format!("{at} has no fields of its own, so there is no `{name}` in it"), remedy));
        };
        let Some(field) = inside.field(name) else { return Err(no_field(&at, name, inside)) };
        way.push(field);
        object = field.ty.object();
    }
    Ok(way)
}

fn no_field(at: &str, name: &str, object: &Object) -> Refused {
    let names = object.fields.iter().map(|field| &*field.name);
    let remedy = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean `{at}.{near}`?"),
        None => format!("it has: {}", names.collect::<Vec<_>>().join(", ")),
    };
    Refused::new(format!("{at} has no field `{name}`"), remedy)
}

/// The name that is most like another, if any is like it at all.
fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let alike = |other: &str| strsim::jaro_winkler(&lower, &other.to_lowercase());
    let best = among.map(|other| (other, alike(other))).max_by(|(a, x), (b, y)| x.total_cmp(y).then(b.cmp(a)));
    best.filter(|(_, likeness)| *likeness >= 0.8).map(|(other, _)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_taken_apart_at_its_slashes_and_dots() {
        let of = |text: &str| {
            let Subject { group, kind, version, path } = Subject::parse(text).unwrap();
            format!("{} {kind} {} {}", group.unwrap_or_default(), version.unwrap_or_default(), path.join("."))
        };
        assert_eq!(of("VPC"), " VPC  ");
        assert_eq!(of("VPC.spec.forProvider"), " VPC  spec.forProvider");
        assert_eq!(of("ec2.aws.m.upbound.io/VPC.spec"), "ec2.aws.m.upbound.io VPC  spec");
        assert_eq!(of("ec2.aws.m.upbound.io/VPC/v1beta1.spec"), "ec2.aws.m.upbound.io VPC v1beta1 spec");
        assert_eq!(of("VPC/v1beta1"), " VPC v1beta1 ");
        assert_eq!(of("VPC.spec.ingress[].fromPort"), " VPC  spec.ingress.fromPort");
        assert!(Subject::parse("a/b/c/d").is_err());
        assert!(Subject::parse("a.b/").is_err());
    }
}
