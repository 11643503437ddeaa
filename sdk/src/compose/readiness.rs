//! Status conditions of observed resources, asked for one by one.

use super::Handle;
use crate::codec::{CodecError, Reader, Token};
use crate::state::Place;

impl<K> Handle<K> {
    /// Whether the resource was observed with the condition `type_`, and that condition is `True`: `Ready`, for most
    /// managed resources. Nothing else of the resource is decoded, whatever its kind.
    pub fn has_condition(&self, type_: &str) -> bool {
        let mut found = Ok(false);
        self.ledger
            .source
            .read_observed(Place::Composed(&self.key), &mut |observed| found = has_condition(observed, type_));
        match found {
            Ok(holds) => holds,
            Err(error) => {
                self.ledger.fault(format!(
                    "observed composed resource {:?}: {error}; compose a kind whose status has conditions, or do not ask \
                     for them",
                    self.key
                ));
                false
            }
        }
    }
}

/// Whether an object has a condition of a type, and it is `True`.
///
/// # Errors
/// When the backing is broken.
fn has_condition(object: &mut dyn Reader, type_: &str) -> Result<bool, CodecError> {
    let mut holds = false;
    let in_status = |error: CodecError| error.at("conditions").at("status");
    object
        .entry("status", &mut |status| {
            status.entry("conditions", &mut |conditions| {
                conditions.items(&mut |condition| {
                    holds = holds || (condition.has_text("type", type_)? && condition.has_text("status", "True")?);
                    Ok(())
                })
            })
        })
        .map_err(in_status)?;
    Ok(holds)
}

/// What the first condition in an object's status says that says something: `judge` is given the type, and whether the status is
/// `True`. None of them counts if there is one among them that Kubernetes' own type of conditions has no room for.
///
/// # Errors
/// When the conditions are no list of conditions, or the backing is broken.
pub(super) fn first_condition(
    object: &mut dyn Reader,
    judge: fn(&str, bool) -> Option<bool>,
) -> Result<Option<bool>, CodecError> {
    let mut said = None;
    object.entry("status", &mut |status| {
        status.entry("conditions", &mut |conditions| {
            is(conditions, "a list", Token::List)?;
            conditions.items(&mut |condition| {
                let (mut type_, mut holds) = (String::new(), false);
                is(condition, "an object", Token::Object)?;
                condition.entries(&mut |field, value| match (field, value.token()?) {
                    (_, Token::Null) => Ok(()),
                    ("type", Token::String(text)) => {
                        text.clone_into(&mut type_);
                        Ok(())
                    }
                    ("status", Token::String(text)) => {
                        holds = text == "True";
                        Ok(())
                    }
                    ("reason" | "message" | "lastTransitionTime", Token::String(_)) => Ok(()),
                    ("observedGeneration", Token::Integer(_)) => Ok(()),
                    ("type" | "status" | "reason" | "message" | "lastTransitionTime", other) => {
                        Err(CodecError::unexpected("a string", &other))
                    }
                    ("observedGeneration", other) => Err(CodecError::unexpected("an integer", &other)),
                    _ => Ok(()),
                })?;
                said = said.or_else(|| judge(&type_, holds));
                Ok(())
            })
        })
    })?;
    Ok(said)
}

/// Refuses what is neither of that sort nor null.
fn is(value: &mut dyn Reader, name: &str, expected: Token<'static>) -> Result<(), CodecError> {
    match value.token()? {
        Token::Null => Ok(()),
        found if found == expected => Ok(()),
        other => Err(CodecError::unexpected(name, &other)),
    }
}
