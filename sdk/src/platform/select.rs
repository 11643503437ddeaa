//! Which composition or operation of a platform is meant.

use super::Composition;
#[cfg(any(feature = "serve", test))]
use super::Operation;

/// The composition for a composite resource of this apiVersion and kind. Where several compose it, `named` says which: in a
/// pipeline, the field `composition` of the step's input.
///
/// # Errors
/// When none composes it, when several do and none is named, and when the named one does not: says which there are.
pub(super) fn composition<'a>(
    compositions: &'a [Composition],
    api_version: &str,
    kind: &str,
    named: Option<&str>,
) -> Result<&'a Composition, String> {
    let composes =
        |composition: &&Composition| (composition.kind().api_version, composition.kind().kind) == (api_version, kind);
    let found: Vec<&Composition> = compositions.iter().filter(composes).collect();
    let names = || list(found.iter().map(|composition| composition.name().to_owned()));
    match (found.as_slice(), named) {
        ([], _) => {
            Err(format!("nothing here composes {kind} ({api_version}); this platform composes {}", kinds(compositions)))
        }
        (found, Some(name)) => found.iter().find(|composition| composition.name() == name).copied().ok_or_else(|| {
            format!("no composition {name:?} here composes {kind} ({api_version}); those that do are {}", names())
        }),
        ([only], None) => Ok(only),
        (_, None) => Err(format!(
            "several compositions here compose {kind} ({api_version}): {}; name one of them, in a pipeline as `composition` \
             in the step's input",
            names()
        )),
    }
}

/// The kinds that compositions compose, for messages.
pub(super) fn kinds(compositions: &[Composition]) -> String {
    match list(compositions.iter().map(|known| format!("{} ({})", known.kind().kind, known.kind().api_version))) {
        none if none.is_empty() => "nothing".to_owned(),
        kinds => kinds,
    }
}

/// The operation to run; where there are several, `named` says which: the field `operation` of the step's input.
///
/// # Errors
/// When there is none, when there are several and none is named, and when there is none of that name: says which there are.
#[cfg(any(feature = "serve", test))]
pub(super) fn operation<'a>(operations: &'a [Operation], named: Option<&str>) -> Result<&'a Operation, String> {
    let names = || list(operations.iter().map(|operation| operation.name().to_owned()));
    match (operations, named) {
        ([], _) => Err(
            "the request names no composite resource with apiVersion and kind, and this platform has no operations; call it \
             from a composition pipeline"
                .to_owned(),
        ),
        (_, Some(name)) => operations
            .iter()
            .find(|operation| operation.name() == name)
            .ok_or_else(|| format!("there is no operation {name:?} here; there are {}", names())),
        ([only], None) => Ok(only),
        (_, None) => Err(format!(
            "this platform has several operations: {}; name one of them as `operation` in the step's input",
            names()
        )),
    }
}

fn list(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    // Two compositions of one kind name it once.
    names.dedup();
    names.join(", ")
}
