//! The end of a run: what it amounts to, or why it cannot stand.

use std::collections::BTreeSet;

use super::Error;
use super::ledger::{Entries, Ledger};
use crate::state::{Composed, FunctionResult, Response, Severity, Source, Target};

impl Ledger {
    /// Ends the run: what it amounts to, or why it cannot stand.
    pub(crate) fn finish(&self, outcome: Result<(), Error>) -> Response {
        let failed = outcome.is_err();
        if let Err(error) = outcome {
            self.fault(error.to_string());
        }
        if !failed {
            self.settle_usages();
        }
        self.entries.borrow_mut().declared.settle();
        self.tell_edges();
        let preliminary = self.is_preliminary();
        let mut entries = self.entries.take();
        let twice = std::mem::take(&mut entries.declared.twice);
        entries.faults.extend(twice.iter().map(|key| {
            format!(
                "composed resource {key:?}: it is declared twice; every composed resource needs a key of its own, made of what tells \
                 it apart from the others, and the same in every run"
            )
        }));
        // A run that broke off, or that lacks what it asked for, has declared only part of its resources: what is missing
        // then says nothing.
        if !failed && !preliminary {
            let complaints = entries.complaints(&*self.source);
            entries.faults.extend(complaints);
        }
        let Entries { mut response, faults, mut ready, declared, dropped, .. } = entries;
        for message in faults {
            response.results.push(FunctionResult {
                severity: Severity::Fatal,
                message,
                reason: None,
                target: Target::Composite,
            });
        }
        let declared = declared.into_sorted();
        // Made into a map at once, as a map of many grows more slowly one by one.
        let mut composed = Vec::with_capacity(declared.len());
        for (key, declared) in declared {
            let before = if ready.is_empty() { None } else { ready.remove(&key) };
            let said = declared.ready.or(before);
            match declared.composed {
                Some(resource) => {
                    let ready = said.unwrap_or(resource.ready);
                    composed.push((key, Composed { ready, ..resource }));
                }
                None => ready.extend(said.map(|said| (key, said))),
            }
        }
        response.composed = composed.into_iter().collect();
        response.ready = ready;
        response.dropped = dropped;
        if response.fatal().is_some() {
            // What a step that failed would have desired must not be mistaken for an intent.
            let Response { results, conditions, requirements, waiting, edges, held_back, .. } = response;
            response = Response { results, conditions, requirements, waiting, edges, held_back, ..Response::default() };
        }
        response
    }

    /// Whether Crossplane calls again before it uses the answer: it does as long as something new is asked for.
    fn is_preliminary(&self) -> bool {
        let entries = self.entries.borrow();
        entries.response.requirements.resources.keys().any(|name| self.source.required(name).is_none())
    }
}

impl Entries {
    /// What is wrong with the record as a whole.
    fn complaints(&self, source: &dyn Source) -> Vec<String> {
        let desired: BTreeSet<&str> = source.desired_keys().into_iter().collect();
        let known = |key: &str| self.declared.contains(key) || desired.contains(key);
        let mut complaints = Vec::new();
        let begun: BTreeSet<&str> = self.begun.iter().map(|key| &**key).collect();
        for key in begun.into_iter().filter(|key| !self.declared.contains(key)) {
            complaints.push(format!(
                "composed resource {key:?}: its draft was begun and never composed; end it with .compose()"
            ));
        }
        for key in self.looked_up.iter().filter(|key| !known(key)) {
            complaints.push(format!(
                "composed resource {key:?} is read but never declared, so it would never be known; declare it, or correct \
                 the key"
            ));
        }
        for key in self.ready.keys().filter(|key| !known(key)) {
            complaints.push(format!(
                "composed resource {key:?}: its readiness is set but it is never declared; declare it, or correct the key"
            ));
        }
        for key in self.dropped.iter().filter(|key| self.declared.contains(key)) {
            complaints.push(format!("composed resource {key:?} is both declared and dropped; do one of the two"));
        }
        let accounted = |key: &str| {
            known(key) || [&self.dropped, &self.droppable, &self.left].iter().any(|keys| keys.contains(key))
        };
        // Both are sorted, so most of what is declared is met on the way.
        let mut declared = self.declared.iter().map(|(key, _)| key).peekable();
        for key in source.observed_keys() {
            while declared.next_if(|declared| *declared < key).is_some() {}
            if declared.peek() == Some(&key) || accounted(key) {
                continue;
            }
            complaints.push(format!(
                "composed resource {key:?} exists, and this run does not declare it: Crossplane would delete it. If it is \
                 to be deleted, say so with cx.drop_resource({key:?}) or cx.drop_matching(..); if a later step composes \
                 it, with cx.leave_resource({key:?}); otherwise declare it in every run, whatever is known so far"
            ));
        }
        complaints
    }
}
